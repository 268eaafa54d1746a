//! What one customer used, by day or month and by transfer.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::{CustomerId, ExternalServiceId, TransferId};
use weighbridge_model::meter::{Amounts, Entry};
use weighbridge_model::problem::Problem;
use weighbridge_model::time::{Timestamp, Zone};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::Entries;

use super::AllowanceView;
use crate::account::inputs;
use crate::engine::Engine;
use crate::error::EngineError;

/// What a row of usage stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UsageBy {
    /// A day in the organisation's zone.
    #[default]
    Day,
    /// A month there.
    Month,
}

/// From when to when, and by what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UsageOfFilter {
    /// By day, or by month; by day where it is left out.
    pub by: Option<UsageBy>,
    /// From this day on; the first of the present month where it is left out.
    pub from: Option<String>,
    /// Before this day; without an end where it is left out.
    pub to: Option<String>,
    /// Only of this transfer.
    pub transfer: Option<TransferId>,
    /// How many rows on a page, at most 1,000; 100 where it is left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
}

/// What a customer used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UsageOf {
    /// Whose it is.
    pub customer: CustomerId,
    /// The zone in which its days begin.
    pub zone: String,
    /// What it may use at present, and how much of it is gone.
    pub allowance: AllowanceView,
    /// All rows together, those of other pages too.
    pub total: Amounts,
    /// The newest days first, and in a day by transfer.
    pub items: Vec<UsageRow>,
    /// The cursor of the next page; none on the last one.
    pub next: Option<String>,
}

/// What one transfer, or one third party, used on a day or in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UsageRow {
    /// The day, `2026-11-22`, or the month, `2026-11`.
    pub on: String,
    /// The transfer; none where a third party pulled.
    pub transfer: Option<TransferId>,
    /// What that is called, while it is still here.
    pub transfer_name: Option<String>,
    /// The third party's access.
    pub service: Option<ExternalServiceId>,
    /// What that is called, while it is still here.
    pub service_name: Option<String>,
    /// Records delivered.
    pub records: u64,
    /// Bytes delivered.
    pub bytes: u64,
    /// Requests made at platforms.
    pub requests: u64,
    /// Runs that began.
    pub runs: u64,
    /// Pages that third parties pulled.
    pub pulls: u64,
}

/// The newest day first, and in a day by what moved.
type Rows = BTreeMap<(Reverse<String>, TransferId), Amounts>;

/// Entries read in one view of the store.
const STEP: usize = 10_000;

impl Engine {
    /// What a customer used; its own people may see it too.
    pub fn usage_of_customer(
        &self,
        may: &Permission<kinds::UsageRead>,
        filter: &UsageOfFilter,
    ) -> Result<UsageOf, Problem> {
        let (scope, now) = (CustomerScope::of(may), self.host.now());
        let (customer, zone) = self.customer_and_zone(scope)?;
        let instant =
            |text: &Option<String>, at: &str| text.as_deref().map(|text| inputs::instant(&zone, text, at)).transpose();
        let from = instant(&filter.from, "from")?.unwrap_or_else(|| zone.month_start(now));
        let to = instant(&filter.to, "to")?;
        let rows = self.rows_of(scope, &zone, (from, to), filter)?;
        let total = rows.values().fold(Amounts::ZERO, |sum, one| sum.plus(one));
        let (items, next) = self.rows_page(scope, rows, filter)?;
        let period = customer.quota.period_start(&zone, now);
        let balance = self.balance(scope.tenant(), scope.id(), period)?;
        Ok(UsageOf {
            customer: scope.id(),
            zone: zone.name().to_owned(),
            allowance: AllowanceView::new(customer.quota, balance, &zone, now),
            total,
            items,
            next,
        })
    }

    fn rows_of(
        &self,
        scope: CustomerScope,
        zone: &Zone,
        (from, to): (Timestamp, Option<Timestamp>),
        filter: &UsageOfFilter,
    ) -> Result<Rows, EngineError> {
        let by = filter.by.unwrap_or_default();
        let mut rows = Rows::new();
        self.each_entry(scope, |entry| {
            let counted = counted_at(zone, entry);
            let is_wanted = counted >= from
                && to.is_none_or(|to| counted < to)
                && filter.transfer.is_none_or(|transfer| transfer == entry.transfer);
            if is_wanted {
                let on = match by {
                    UsageBy::Day => zone.day_word(counted),
                    UsageBy::Month => zone.month_word(counted),
                };
                let sum = rows.entry((Reverse(on), entry.transfer)).or_default();
                *sum = sum.plus(&entry.amounts);
            }
        })?;
        Ok(rows)
    }

    fn rows_page(
        &self,
        scope: CustomerScope,
        rows: Rows,
        filter: &UsageOfFilter,
    ) -> Result<(Vec<UsageRow>, Option<String>), Problem> {
        let limit = filter.limit.unwrap_or(100).clamp(1, 1_000) as usize;
        let after = filter.cursor.as_deref().map(cursor).transpose()?;
        let mut rest = rows.into_iter().filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)).peekable();
        let (mut items, mut last) = (Vec::new(), None);
        while items.len() < limit
            && let Some((key, amounts)) = rest.next()
        {
            let (Reverse(on), id) = &key;
            items.push(self.usage_row(scope, on, *id, amounts)?);
            last = Some(format!("{on}/{id}"));
        }
        Ok((items, last.filter(|_| rest.peek().is_some())))
    }

    fn usage_row(
        &self,
        scope: CustomerScope,
        on: &str,
        id: TransferId,
        amounts: Amounts,
    ) -> Result<UsageRow, EngineError> {
        let moved = self.what_moved(scope, id)?;
        let Amounts { records, bytes, requests, runs, pulls } = amounts;
        Ok(UsageRow {
            on: on.to_owned(),
            transfer: moved.transfer,
            transfer_name: moved.transfer_name,
            service: moved.service,
            service_name: moved.service_name,
            records,
            bytes,
            requests,
            runs,
            pulls,
        })
    }

    /// What a customer spent from the one instant to the other.
    pub(super) fn spent_between(
        &self,
        scope: CustomerScope,
        zone: &Zone,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Amounts, EngineError> {
        let mut spent = Amounts::ZERO;
        self.each_entry(scope, |entry| {
            let counted = counted_at(zone, entry);
            if from <= counted && counted < to {
                spent = spent.plus(&entry.amounts);
            }
        })?;
        Ok(spent)
    }

    fn each_entry(&self, scope: CustomerScope, mut see: impl FnMut(&Entry)) -> Result<(), EngineError> {
        let mut after = None;
        loop {
            let step = self.host.store.read(|tx| tx.scan::<Entries>(&scope, after.as_ref(), STEP))?;
            step.iter().for_each(|(_, entry)| see(entry));
            after = step.last().map(|(id, _)| *id);
            if step.len() < STEP {
                return Ok(());
            }
        }
    }
}

/// The instant by which an entry counts: its own, or the last one of its period, where that was over before it was written.
fn counted_at(zone: &Zone, entry: &Entry) -> Timestamp {
    let [_, period] = entry.periods;
    if period.as_millis() == 0 {
        return entry.at;
    }
    let (_, end) = zone.month_of(period);
    if entry.at < end { entry.at } else { end.plus_millis(-1) }
}

fn cursor(text: &str) -> Result<(Reverse<String>, TransferId), Problem> {
    let parts = text.split_once('/').and_then(|(on, id)| Some((Reverse(on.to_owned()), id.parse().ok()?)));
    parts.ok_or_else(|| Problem::invalid("cursor", "this is no cursor of this list; begin without one"))
}
