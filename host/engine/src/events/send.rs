//! One try: the event leaves by the egress with its signature, and the answer is judged by its status alone.

use std::time::Duration;

use bytes::Bytes;
use weighbridge_egress::{Client, Limits, Parts, Reach, Refusal, Request, Response, retry_after};
use weighbridge_model::event::EventAddress;
use weighbridge_model::id::EventId;
use weighbridge_store::TenantScope;
use zeroize::Zeroizing;

use super::{secret, texts};
use crate::engine::{Engine, Host};
use crate::error::EngineError;

/// So long an address has to answer, as the specification suggests it.
const TOTAL: Duration = Duration::from_secs(15);
/// An event has far less; of the answer nothing but its head is read.
const BYTES_MAX: u64 = 64 * 1024;

/// What came of a try.
pub(super) struct Sent {
    /// What was answered; nothing where there was no answer.
    pub(super) status: Option<u16>,
    /// The same in words.
    pub(super) said: String,
    /// How many seconds the address wants to be left alone, where it says so.
    pub(super) asked_s: Option<u32>,
}

impl Sent {
    pub(super) fn is_taken(&self) -> bool {
        self.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// The address says that it will never take an event again.
    pub(super) fn is_gone(&self) -> bool {
        self.status == Some(410)
    }

    fn refused(refusal: &Refusal) -> Self {
        Self { status: None, said: refusal.to_string(), asked_s: None }
    }
}

impl Engine {
    /// Sends an event to an address once.
    pub(super) async fn send_event(
        &self,
        scope: TenantScope,
        address: &EventAddress,
        event: EventId,
        body: Vec<u8>,
    ) -> Result<Sent, EngineError> {
        let (host, now) = (&self.host, self.host.now());
        let url = texts(host, scope, &address.id).open_text("url", &address.url)?;
        let headers = secret::headers(&secrets(host, scope, address)?, event, now, &body);
        let reach = match Reach::endpoint(&url, self.event_networks_of(scope)?) {
            Ok(reach) => reach,
            Err(denial) => return Ok(Sent::refused(&denial.into())),
        };
        let request =
            Request { method: "POST".into(), url, headers, body: Some(Bytes::from(body)), ..Request::default() };
        Ok(match client(host, reach).send(request).await {
            Ok(response) => self.judge(&response),
            Err(refusal) => Sent::refused(&refusal),
        })
    }

    fn judge(&self, response: &Response) -> Sent {
        let said = match response.status {
            200..300 => format!("it answered {}", response.status),
            300..400 => {
                format!("it answered {}: redirects are not followed, so give the address itself", response.status)
            }
            410 => "it answered 410: it wants no events any more".to_owned(),
            status => format!("it answered {status}; it is to answer 2xx when it has kept the event"),
        };
        let asked = response.headers.iter().find(|(name, _)| name == "retry-after");
        let asked = asked.and_then(|(_, value)| retry_after(value, self.host.now()));
        let asked_s = asked.map(|asked| u32::try_from(asked.as_secs()).unwrap_or(u32::MAX));
        Sent { status: Some(response.status), said, asked_s }
    }
}

/// A client of its own for each try, so that no address shares anything with another one.
fn client(host: &Host, reach: Reach) -> Client {
    let way_out = host.clients.way_to_events();
    let limits = Limits { request_bytes: BYTES_MAX, response_bytes: BYTES_MAX, total: TOTAL, ..Limits::default() };
    Client::new(Parts { limits, ..way_out.parts(reach) })
}

/// The present secret, and the one before it for as long as both sign.
fn secrets(host: &Host, scope: TenantScope, address: &EventAddress) -> Result<Vec<Zeroizing<String>>, EngineError> {
    let texts = texts(host, scope, &address.id);
    let open = |sealed| texts.open_text("secret", sealed).map(Zeroizing::new);
    let mut secrets = vec![open(&address.secret)?];
    if let Some(retired) = address.retired.as_ref().filter(|retired| host.now() < retired.until) {
        secrets.push(open(&retired.secret)?);
    }
    Ok(secrets)
}
