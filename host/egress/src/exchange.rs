//! One request on one connection, and the head of its answer.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, header};
use http_body_util::Full;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout, timeout_at};
use tracing::field::Empty;
use tracing::{Instrument as _, Span};
use weighbridge_model::trace::TARGET;

use crate::budget::Budget;
use crate::client::{Now, Tally};
use crate::dial::Dialer;
use crate::framing;
use crate::pool::{Lease, Place, Pool, Sender};
use crate::refusal::{Denial, Refusal};
use crate::target::Target;

/// How long a kept connection may take to be ready for its next request.
const SETTLING: Duration = Duration::from_millis(100);

/// A request that passed every check.
#[derive(Clone)]
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) target: Target,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) deadline: Instant,
    /// Until when it may wait for its connection's budget.
    pub(crate) delay_until: Instant,
}

/// An answer whose body is still to come.
pub(crate) struct Answered {
    pub(crate) head: http::response::Parts,
    pub(crate) incoming: Incoming,
    pub(crate) lease: Lease,
}

/// Everything that carries requests.
pub(crate) struct Exchange {
    /// Exchanged whole; each request takes it once, and ends as it began.
    route: RwLock<Arc<Route>>,
    pub(crate) tally: Tally,
    pub(crate) budget: Budget,
    pub(crate) now: Now,
}

/// How connections are opened, and those that are open.
pub(crate) struct Route {
    pub(crate) dialer: Dialer,
    pool: Arc<Pool>,
}

/// How a try on a kept connection went wrong.
enum Lost {
    /// The other side had closed it, and has done nothing with the request.
    Unsent,
    For(Refusal),
}

impl Exchange {
    pub(crate) fn new(dialer: Dialer, tally: Tally, budget: Budget, now: Now) -> Self {
        let route = RwLock::new(Arc::new(Route { dialer, pool: Arc::default() }));
        Self { route, tally, budget, now }
    }

    /// How the next request leaves.
    pub(crate) fn route(&self) -> Arc<Route> {
        Arc::clone(&self.route.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on requests leave otherwise, on connections of their own.
    pub(crate) fn leave_by(&self, change: impl FnOnce(&Dialer) -> Dialer) {
        let mut route = self.route.write().unwrap_or_else(PoisonError::into_inner);
        *route = Arc::new(Route { dialer: change(&route.dialer), pool: Arc::default() });
    }

    /// Sends as soon as the budget allows it. Nobody outside is told that a trace goes on there.
    pub(crate) async fn send(&self, outgoing: &Outgoing) -> Result<Answered, Refusal> {
        let method = outgoing.method.as_str();
        let within = tracing::debug_span!(target: TARGET, "request", method, status = Empty, code = Empty);
        let told = async {
            let answered = self.send_in_turn(outgoing).await;
            match &answered {
                Ok(answered) => Span::current().record("status", answered.head.status.as_u16()),
                Err(refusal) => Span::current().record("code", refusal.code()),
            };
            answered
        };
        told.instrument(within).await
    }

    async fn send_in_turn(&self, outgoing: &Outgoing) -> Result<Answered, Refusal> {
        self.budget.admit(outgoing.delay_until).await?;
        let begun = Instant::now();
        let answered = self.send_now(outgoing).await;
        let ended = answered.as_ref().map(|answered| answered.head.status);
        self.budget.departures().left(begun.elapsed(), ended);
        let answered = answered?;
        self.budget.heed(answered.head.status, &answered.head.headers, (self.now)());
        Ok(answered)
    }

    /// Sends on a kept connection where there is one. If that one turns out to be dead, sends once more on a new one.
    async fn send_now(&self, outgoing: &Outgoing) -> Result<Answered, Refusal> {
        let (place, route) = (Place::of(&outgoing.target), self.route());
        self.tally.sent(outgoing.body.len());
        if let Some(kept) = route.pool.take(&place, &route.dialer.limits) {
            match route.attempt(kept, place.clone(), outgoing, true).await {
                Err(Lost::Unsent) => {}
                Err(Lost::For(refusal)) => return Err(refusal),
                Ok(answered) => return Ok(answered),
            }
        }
        let fresh = route.dialer.dial(&outgoing.target, outgoing.deadline).await?;
        match route.attempt(fresh, place, outgoing, false).await {
            Ok(answered) => Ok(answered),
            Err(Lost::For(refusal)) => Err(refusal),
            Err(Lost::Unsent) => Err(Refusal::Unreachable("the connection was closed at once".into())),
        }
    }
}

impl Route {
    async fn attempt(
        &self,
        mut sender: Sender,
        place: Place,
        outgoing: &Outgoing,
        kept: bool,
    ) -> Result<Answered, Lost> {
        if kept && !is_ready(&mut sender).await {
            return Err(Lost::Unsent);
        }
        let request = outgoing.request().map_err(|denial| Lost::For(denial.into()))?;
        let sent = timeout_at(outgoing.deadline, sender.try_send_request(request)).await;
        let answer = match sent {
            Err(_) => return Err(Lost::For(Refusal::TimedOut)),
            Ok(Err(mut error)) => {
                let unsent = error.take_message().is_some();
                let repeatable = kept && outgoing.method.is_safe() && error.error().is_incomplete_message();
                return Err(if unsent || repeatable { Lost::Unsent } else { Lost::For(broken(error.error())) });
            }
            Ok(Ok(answer)) => answer,
        };
        let (head, incoming) = answer.into_parts();
        let framing = framing::judge(&outgoing.method, &head);
        let framing = framing.map_err(|why| Lost::For(Refusal::Malformed(format!("the answer is not read: {why}"))))?;
        let limits = Arc::clone(&self.dialer.limits);
        Ok(Answered { head, incoming, lease: Lease { pool: Arc::clone(&self.pool), place, sender, limits, framing } })
    }
}

impl Outgoing {
    fn request(&self) -> Result<http::Request<Full<Bytes>>, Denial> {
        let refuse = |_| Denial::Url { reason: "its path or query is malformed" };
        let host = http::HeaderValue::from_str(self.target.host_header());
        let mut request = http::Request::new(Full::new(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.target.path_and_query().parse().map_err(refuse)?;
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(header::ACCEPT_ENCODING, http::HeaderValue::from_static("identity"));
        request.headers_mut().insert(header::HOST, host.map_err(|_| Denial::Url { reason: "its host is malformed" })?);
        Ok(request)
    }
}

fn broken(error: &hyper::Error) -> Refusal {
    if error.is_parse() {
        return Refusal::Malformed(format!("the answer is no HTTP that is read here: {error}"));
    }
    if let Some(why) = tls_fault(error) {
        return Refusal::Tls(format!("the platform ended the encrypted connection: {why}"));
    }
    Refusal::Unreachable(format!("there was no answer: {error}"))
}

/// A platform that wants a client certificate says so only after the handshake.
fn tls_fault(error: &hyper::Error) -> Option<&rustls::Error> {
    let broken = std::error::Error::source(error)?.downcast_ref::<std::io::Error>()?;
    broken.get_ref()?.downcast_ref()
}

/// Whether a kept connection can take a request. It becomes ready a moment after the last byte of the answer before.
async fn is_ready(sender: &mut Sender) -> bool {
    sender.is_ready() || matches!(timeout(SETTLING, sender.ready()).await, Ok(Ok(())))
}
