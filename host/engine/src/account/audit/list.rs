//! Read the audit log: the newest line first, and pages both ways.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::audit::AuditRow;
use weighbridge_model::id::CustomerId;
use weighbridge_model::problem::Problem;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{Audit, AuditHeads};
use weighbridge_store::{CustomerScope, TenantScope};
use weighbridge_vault::Owner;

use super::told::{Teller, ToldLine};
use crate::account::inputs;
use crate::audit::{host_chain, names};
use crate::engine::Engine;
use crate::error::EngineError;

/// Which lines. All that is given must be so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AuditFilter {
    /// Of this act, such as `customer.changed`; `customer.*` for all that begin so.
    pub act: Option<String>,
    /// By this actor: an id, an e-mail address that is still known, `operator` or `host`.
    pub actor: Option<String>,
    /// About this customer.
    pub customer: Option<CustomerId>,
    /// About what has this name.
    pub subject: Option<String>,
    /// On this day or at this instant, or later.
    pub from: Option<String>,
    /// Before this day or instant.
    pub to: Option<String>,
    /// Only what was denied.
    pub denied: Option<bool>,
    /// How many on a page, at most 1,000; 50 where it is left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next` or the `previous` of another page.
    pub cursor: Option<String>,
}

/// Some lines, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditPage {
    /// The lines.
    pub items: Vec<ToldLine>,
    /// The cursor of older lines; none where there are none.
    pub next: Option<String>,
    /// The cursor of newer lines; none where there are none.
    pub previous: Option<String>,
}

const LIMIT: u32 = 50;
const LIMIT_MAX: u32 = 1_000;
/// Lines read in one view of the store, and at most for one page: a page that found few of them says where to go on.
const STEP: u64 = 1_000;
const LOOKED_AT_MAX: u64 = 50_000;

/// Which way a page goes, and from where.
#[derive(Clone, Copy)]
enum Way {
    /// Lines older than this one.
    Before(u64),
    /// Lines newer than this one.
    After(u64),
}

struct Wanted<'a> {
    filter: &'a AuditFilter,
    customer: Option<CustomerId>,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Engine {
    /// What was done in a tenant, and what was denied.
    pub fn audit_lines(&self, may: &Permission<kinds::AuditRead>, filter: &AuditFilter) -> Result<AuditPage, Problem> {
        let scope = TenantScope::of(may);
        self.audit_page(scope, Owner::Tenant(scope.id()), filter, filter.customer)
    }

    /// What was done in a customer, and who of the partner's opened its account, and why.
    pub fn audit_of_customer(
        &self,
        may: &Permission<kinds::CustomerAuditRead>,
        filter: &AuditFilter,
    ) -> Result<AuditPage, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        self.audit_page(scope.tenant(), Owner::Tenant(scope.tenant_id()), filter, Some(scope.id()))
    }

    /// What was done on the host.
    pub fn audit_of_host(
        &self,
        _may: &Permission<kinds::HostAuditRead>,
        filter: &AuditFilter,
    ) -> Result<AuditPage, Problem> {
        self.audit_page(host_chain(), Owner::Host, filter, filter.customer)
    }

    fn audit_page(
        &self,
        scope: TenantScope,
        owner: Owner,
        filter: &AuditFilter,
        customer: Option<CustomerId>,
    ) -> Result<AuditPage, Problem> {
        let zone = self.zone_of(scope)?;
        let instant =
            |text: &Option<String>, at: &str| text.as_deref().map(|text| inputs::instant(&zone, text, at)).transpose();
        let (from, to) = (instant(&filter.from, "from")?, instant(&filter.to, "to")?);
        let wanted = Wanted { filter, customer, from, to };
        let head = self.host.store.read(|tx| tx.get::<AuditHeads>(&scope, &())).map_err(EngineError::from)?;
        let count = head.unwrap_or_default().count;
        let way = filter.cursor.as_deref().map_or(Ok(Way::Before(count + 1)), way)?;
        let limit = filter.limit.unwrap_or(LIMIT).clamp(1, LIMIT_MAX) as usize;
        let mut teller = Teller::new(self, scope, owner);
        let (mut items, edge) = self.walk(scope, &wanted, way, (limit, count), &mut teller)?;
        let numbers = |items: &[ToldLine]| Some((items.first()?.line.number, items.last()?.line.number));
        let (older, newer) = match way {
            Way::Before(from) => {
                let ends = numbers(&items);
                (edge, ends.map(|(first, _)| first).or(from.checked_sub(1)).filter(|first| *first < count))
            }
            Way::After(from) => {
                items.reverse();
                (Some(numbers(&items).map_or(from.saturating_add(1), |(_, last)| last)), edge)
            }
        };
        let next = older.filter(|number| *number > 1).map(|number| format!("before-{number}"));
        Ok(AuditPage { items, next, previous: newer.map(|number| format!("after-{number}")) })
    }

    /// Lines in the order of the way, at most so many, and where to go on; nothing where there are no more.
    fn walk(
        &self,
        scope: TenantScope,
        wanted: &Wanted<'_>,
        way: Way,
        (limit, count): (usize, u64),
        teller: &mut Teller<'_>,
    ) -> Result<(Vec<ToldLine>, Option<u64>), EngineError> {
        let (mut found, mut looked_at, mut place) = (Vec::<ToldLine>::new(), 0, way);
        while let Some((low, high)) = stretch(place, count) {
            if looked_at >= LOOKED_AT_MAX {
                let edge = if let Way::Before(_) = way { high + 1 } else { low - 1 };
                return Ok((found, Some(edge)));
            }
            let after = low.checked_sub(1);
            let rows =
                self.host.store.read(|tx| tx.scan::<Audit>(&scope, after.as_ref(), (high - low + 1) as usize))?;
            let inside = rows.into_iter().filter(|(number, _)| *number <= high);
            let ordered: Vec<_> = if let Way::Before(_) = way { inside.rev().collect() } else { inside.collect() };
            for (number, row) in ordered {
                let Some(line) = wanted.line(number, row, teller)? else { continue };
                if found.len() == limit {
                    let edge = found.last().map(|last| last.line.number);
                    return Ok((found, edge));
                }
                found.push(line);
            }
            looked_at += STEP;
            place = if let Way::Before(_) = way { Way::Before(low) } else { Way::After(high) };
        }
        Ok((found, None))
    }
}

/// The next lines to look at: from the lowest to the highest.
fn stretch(place: Way, count: u64) -> Option<(u64, u64)> {
    match place {
        Way::Before(from) => {
            let high = from.checked_sub(1).filter(|high| *high > 0)?;
            Some((high.saturating_sub(STEP - 1).max(1), high))
        }
        Way::After(from) if from < count => Some((from + 1, (from + STEP).min(count))),
        Way::After(_) => None,
    }
}

fn way(cursor: &str) -> Result<Way, Problem> {
    let parsed = match cursor.split_once('-') {
        Some(("before", number)) => number.parse().ok().map(Way::Before),
        Some(("after", number)) => number.parse().ok().map(Way::After),
        _ => None,
    };
    parsed.ok_or_else(|| Problem::invalid("cursor", "this is no cursor of this list; begin without one"))
}

impl Wanted<'_> {
    /// The line, if it is wanted; plain fields are looked at before anything is opened.
    fn line(&self, number: u64, row: AuditRow, teller: &mut Teller<'_>) -> Result<Option<ToldLine>, EngineError> {
        let filter = self.filter;
        let last = row.last.unwrap_or(row.at);
        let is_plainly_wanted = self.customer.is_none_or(|customer| row.customer == Some(customer))
            && filter.act.as_ref().is_none_or(|act| is_act(row.act.as_str(), act))
            && filter.denied.is_none_or(|denied| row.denied.is_some() == denied)
            && self.from.is_none_or(|from| last >= from)
            && self.to.is_none_or(|to| row.at < to);
        if !is_plainly_wanted {
            return Ok(None);
        }
        let told = teller.tell(number, row)?;
        let is_by = |actor: &String| {
            told.line.actor == *actor
                || told.actor_email.as_ref().is_some_and(|email| email.eq_ignore_ascii_case(actor))
        };
        let is_about = |subject: &String| names(&told.line.detail, subject);
        let is_wanted = filter.actor.as_ref().is_none_or(is_by) && filter.subject.as_ref().is_none_or(is_about);
        Ok(is_wanted.then_some(told))
    }
}

fn is_act(act: &str, wanted: &str) -> bool {
    wanted.strip_suffix('*').map_or(act == wanted, |start| act.starts_with(start))
}
