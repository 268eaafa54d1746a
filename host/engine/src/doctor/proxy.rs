//! Whether the proxy is there, opens tunnels, and takes its credential.

use std::sync::Arc;

use weighbridge_egress::{Client, Parts, ProxyRefusal, Reach, Refusal, Trusted};

use super::Finding;
use crate::options::Options;

/// A name that never leads anywhere (RFC 6761): what the proxy answers is about the proxy alone.
const NOWHERE: &str = "https://weighbridge.invalid";

pub(super) async fn check(options: &Options) -> Option<Finding> {
    let proxy = options.conduct.outward.proxy.clone()?;
    let about = format!("proxy {}", proxy.address());
    let clock = Arc::clone(&options.clock);
    let (reach, trusted) = match (Reach::endpoint(NOWHERE, Vec::new()), Trusted::new(None)) {
        (Ok(reach), Ok(trusted)) => (reach, trusted),
        (reach, _) => {
            let why = reach.err().map_or_else(|| "there are no authorities".to_owned(), |denial| denial.to_string());
            return Some(Finding::failed("doctor.proxy", about, why));
        }
    };
    let parts = Parts { proxy: Some(proxy), ..Parts::new(reach, trusted, Arc::new(move || clock.now())) };
    Some(match Client::new(parts).probe(NOWHERE).await {
        Err(Refusal::Proxy(ProxyRefusal::Denied { status: status @ (400 | 404 | 405 | 501) })) => {
            let sentence = format!("it answers {status} to CONNECT, so it opens no tunnels");
            Finding::failed("egress.proxy_denied", about, sentence).next("ask whoever runs it to allow CONNECT")
        }
        Err(
            refusal @ (Refusal::TimedOut | Refusal::Proxy(ProxyRefusal::Unreachable { .. } | ProxyRefusal::SignIn)),
        ) => Finding::of_error(refusal.code(), about, &refusal.to_string()),
        _ => Finding::ok("doctor.proxy", about, "it answers CONNECT"),
    })
}
