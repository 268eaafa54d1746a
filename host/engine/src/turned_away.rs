//! People and programs that were turned away: counted in memory, and kept in the audit log as one line per span.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use weighbridge_model::access::{Action, Actor, ActorRef, Who};
use weighbridge_model::id::{CustomerId, TenantId};
use weighbridge_model::problem::ProblemCode;
use weighbridge_model::time::Timestamp;

use crate::audit::AuditLine;
use crate::engine::Engine;
use crate::error::EngineError;

/// A line is written at the beginning of a span, when its reason changes, and then every so often.
const SPAN_MS: i64 = 15 * 60_000;
const MINUTE_MS: i64 = 60_000;
/// So many addresses are told apart in a minute; the rest are one.
const ADDRESSES_MAX: usize = 200;

/// Something that somebody was not let do.
#[derive(Clone, Debug)]
pub struct TurnedAway<'a> {
    /// Who asked, where that is known.
    pub actor: Option<&'a Actor>,
    /// Where from.
    pub address: Option<IpAddr>,
    /// What it was.
    pub action: Action,
    /// The customer that was named, whether there is one or not.
    pub customer: Option<CustomerId>,
    /// Why not.
    pub code: ProblemCode,
}

/// Whom it happens to, and over what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Subject {
    who: Who,
    acting_in: Option<CustomerId>,
    tenant: Option<TenantId>,
    customer: Option<CustomerId>,
    action: Action,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    by: ActorRef,
    code: ProblemCode,
    first: Timestamp,
    last: Timestamp,
    /// How often, as far as no line tells of it yet.
    count: u64,
}

/// A minute, where from, and why not.
type Place = (i64, Option<IpAddr>, ProblemCode);

/// What is over: of those who are known, and of those who are not.
type Over = (Vec<(Subject, Span)>, Vec<(Option<IpAddr>, Span)>);

/// The spans that are open.
#[derive(Debug, Default)]
pub(crate) struct Turnings {
    known: Mutex<BTreeMap<Subject, Span>>,
    /// By minute, address and reason; no address stands for all that were too many.
    unknown: Mutex<BTreeMap<Place, Span>>,
}

impl Turnings {
    /// Counts one; what it answers is to be written now.
    fn note(&self, subject: Subject, by: ActorRef, code: ProblemCode, now: Timestamp) -> Vec<Span> {
        let mut spans = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Span { by, code, first: now, last: now, count: 1 };
        let Some(span) = spans.get_mut(&subject) else {
            spans.insert(subject, Span { count: 0, ..fresh });
            return vec![fresh];
        };
        if span.code == code && now < span.first.plus_millis(SPAN_MS) {
            (span.last, span.count) = (now, span.count + 1);
            return Vec::new();
        }
        let before = std::mem::replace(span, Span { count: 0, ..fresh });
        if before.code == code {
            // The same span goes on: one line tells of all since the last one.
            return vec![Span { last: now, count: before.count + 1, ..before }];
        }
        [before].into_iter().filter(|span| span.count > 0).chain([fresh]).collect()
    }

    fn note_unknown(&self, address: Option<IpAddr>, code: ProblemCode, now: Timestamp) {
        let minute = now.as_millis().div_euclid(MINUTE_MS);
        let mut counts = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (minute, address.map(network), code);
        let key = if counts.len() >= ADDRESSES_MAX && !counts.contains_key(&key) { (minute, None, code) } else { key };
        let fresh = Span { by: ActorRef::UNKNOWN, code, first: now, last: now, count: 0 };
        let span = counts.entry(key).or_insert(fresh);
        (span.last, span.count) = (now, span.count + 1);
    }

    /// Minutes that are over, and spans that nothing was added to for as long as one lasts; all of them at the end.
    fn over(&self, now: Timestamp, all: bool) -> Over {
        let minute = now.as_millis().div_euclid(MINUTE_MS);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = |span: &Span| all || span.first.plus_millis(SPAN_MS) <= now;
        let over: Vec<_> = known.extract_if(.., |_, span| is_over(span)).filter(|(_, span)| span.count > 0).collect();
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        let counts = unknown.extract_if(.., |(of, ..), _| all || *of < minute);
        (over, counts.map(|((_, address, _), span)| (address, span)).collect())
    }
}

/// One household has many addresses of the newer kind, so these are told apart by their networks.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            address.to_ipv4_mapped().map_or(IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0)), IpAddr::V4)
        }
    }
}

impl Engine {
    /// Notes that somebody was turned away. What repeats is counted, and told of from time to time.
    pub async fn note_turned_away(&self, turned: TurnedAway<'_>) {
        let now = self.host.now();
        let known = turned.actor.filter(|actor| actor.who != Who::Unknown);
        let noted = match known {
            Some(actor) => {
                let (subject, by) = (self.subject(actor, &turned), actor.reference());
                let spans = self.host.turned_away.note(subject, by, turned.code, now);
                self.tell_turned_away(spans.into_iter().map(|span| (subject, span)).collect(), Vec::new()).await
            }
            None => {
                self.host.turned_away.note_unknown(turned.address, turned.code, now);
                Ok(())
            }
        };
        if let Err(error) = noted {
            tracing::warn!(%error, "somebody was turned away, and that could not be noted");
        }
    }

    /// Writes what is counted and over: once a minute, and all of it at the end.
    pub async fn tell_of_turned_away(&self, all: bool) -> Result<(), EngineError> {
        let (known, unknown) = self.host.turned_away.over(self.host.now(), all);
        self.tell_turned_away(known, unknown).await
    }

    /// Of somebody else's customer nothing is said: whether there is one is theirs to know.
    fn subject(&self, actor: &Actor, turned: &TurnedAway<'_>) -> Subject {
        let named = actor.customer.or(turned.customer);
        let is_known = |tenant: TenantId, customer: CustomerId| {
            self.host.ring.has(weighbridge_vault::Owner::Customer(tenant, customer))
        };
        let customer = actor.tenant.zip(named).filter(|(tenant, id)| is_known(*tenant, *id)).map(|(_, id)| id);
        let acting_in = actor.reference().acting_in;
        Subject { who: actor.who, acting_in, tenant: actor.tenant, customer, action: turned.action }
    }

    async fn tell_turned_away(
        &self,
        known: Vec<(Subject, Span)>,
        unknown: Vec<(Option<IpAddr>, Span)>,
    ) -> Result<(), EngineError> {
        let mut lines = Vec::with_capacity(known.len() + unknown.len());
        for (subject, span) in known {
            lines.push(self.line_of(&subject, &span)?);
        }
        for (address, span) in unknown {
            let text = address.map_or_else(|| "other addresses".to_owned(), |address| address.to_string());
            lines.push(span.line(self.audit_on_host(span.by, "access.denied", text.as_str().into())?));
        }
        for group in lines.chunks(200) {
            let group = group.to_vec();
            self.host.store.write(move |tx| group.iter().try_for_each(|line| line.write(tx))).await?;
        }
        Ok(())
    }

    fn line_of(&self, subject: &Subject, span: &Span) -> Result<AuditLine, EngineError> {
        let text = subject.action.code().into();
        let line = match (subject.tenant, subject.customer) {
            (Some(tenant), Some(customer)) => {
                self.audit_customer(crate::audit::chain(tenant).customer(customer), span.by, "access.denied", text)?
            }
            (Some(tenant), None) => {
                self.audit_in_tenant(crate::audit::chain(tenant), span.by, "access.denied", text)?
            }
            (None, _) => self.audit_on_host(span.by, "access.denied", text)?,
        };
        Ok(span.line(line))
    }
}

impl Span {
    fn line(&self, line: AuditLine) -> AuditLine {
        line.denied(self.code).over(self.first, self.last, self.count)
    }
}
