//! Every way in which a request is refused, with words in capitals for what the sentence names.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use weighbridge_egress::{Denial, ProxyRefusal, Refusal};

use super::refusals::{Row, sentence};
use super::{file, texts_in};

fn denials() -> Vec<Denial> {
    let (scheme, place, name) = ("SCHEME".to_owned(), "https://HOST:443".to_owned(), "NAME".to_owned());
    let reason = "REASON".to_owned();
    vec![
        Denial::Url { reason: "REASON" },
        Denial::NotInManifest { place: place.clone() },
        Denial::NotGranted { place: place.clone() },
        Denial::Address { host: "HOST".into(), address: IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1)) },
        Denial::InsideName { host: "HOST".into() },
        Denial::Method { method: "METHOD".into() },
        Denial::Header { name: name.clone() },
        Denial::HeaderMalformed { name },
        Denial::HeadersTooMany { headers_max: 100, bytes_max: 65_536 },
        Denial::RequestTooLarge { bytes: 67_108_865, bytes_max: 67_108_864 },
        Denial::SchemeUnknown { scheme: scheme.clone() },
        Denial::SchemeUnsupported { scheme: scheme.clone() },
        Denial::SchemeSignsNothing { scheme: scheme.clone() },
        Denial::AlgorithmUnknown { algorithm: "ALGORITHM".into() },
        Denial::PayloadTooLarge { bytes: 67_108_865, bytes_max: 67_108_864 },
        Denial::CredentialPlace { scheme: scheme.clone(), place },
        Denial::Credential { scheme, reason: reason.clone() },
        Denial::SignIn { reason },
    ]
}

fn refusals() -> Vec<Refusal> {
    let others = [
        Refusal::Unreachable("nobody answers at HOST".into()),
        Refusal::Malformed("the answer of HOST is no HTTP that is read here".into()),
        Refusal::Encoded,
        Refusal::Tls("there is no trusted encrypted connection to HOST".into()),
        ProxyRefusal::Unreachable { why: "REASON".into() }.into(),
        ProxyRefusal::SignIn.into(),
        ProxyRefusal::Denied { status: 403 }.into(),
        ProxyRefusal::Gateway { status: 502 }.into(),
        Refusal::TimedOut,
        Refusal::TooLarge(67_108_864),
        Refusal::Budget,
        Refusal::RateLimited { retry_after: Duration::from_secs(60) },
        Refusal::Cancelled,
        Refusal::SecretEchoed,
    ];
    denials().into_iter().map(Refusal::Denied).chain(others).collect()
}

/// A sentence says what happened, and after the semicolon what to do.
pub fn rows() -> Vec<Row> {
    let row = |refusal: &Refusal| {
        let text = refusal.to_string();
        let (what, next) = text.rsplit_once("; ").unwrap_or((&text, "nothing; it was wanted"));
        vec![format!("`{}`", refusal.code()), sentence(what), sentence(next)]
    };
    refusals().iter().map(row).collect()
}

#[test]
fn every_code_of_egress_is_on_the_page() {
    let source = std::fs::read_to_string(file("host/egress/src/refusal.rs")).unwrap();
    let listed: Vec<&str> = refusals().iter().map(Refusal::code).collect();
    let written = texts_in(&source, "egress.");
    assert_eq!(written.len(), listed.len());
    for code in written {
        assert!(listed.contains(&code), "{code} has no row");
    }
}
