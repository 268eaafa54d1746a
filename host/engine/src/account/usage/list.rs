//! What all customers of a tenant used in a month, each by itself and all together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::customer::Customer;
use weighbridge_model::id::CustomerId;
use weighbridge_model::meter::{Amounts, Balance, Period, Quota};
use weighbridge_model::problem::Problem;
use weighbridge_model::tenant::Tenant;
use weighbridge_model::time::{Timestamp, Zone};
use weighbridge_store::tables::{Balances, Customers, Tenants};
use weighbridge_store::{TenantScope, TxError};

use super::{AllowanceView, LeftView};
use crate::engine::Engine;
use crate::error::EngineError;

/// Which month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UsageFilter {
    /// The month, `2026-11`; the present one in the organisation's zone where it is left out.
    pub month: Option<String>,
    /// How many customers on a page, at most 1,000; 50 where it is left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
}

/// A month of a tenant's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UsagePage {
    /// The month, `2026-11`.
    pub month: String,
    /// The zone in which its days begin.
    pub zone: String,
    /// What all customers together may use at present, and how much of it is gone.
    pub allowance: AllowanceView,
    /// What all of them together used, by month, the newest first; of a quota for all time there are no months here.
    pub months: Vec<MonthTotal>,
    /// Customers that used something in the month, or have something on hold.
    pub items: Vec<CustomerUsage>,
    /// The cursor of the next page; none on the last one.
    pub next: Option<String>,
}

/// What all customers together used in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MonthTotal {
    /// The month, `2026-11`.
    pub month: String,
    /// What was spent.
    pub spent: Amounts,
    /// What is on hold.
    pub held: Amounts,
}

/// What a customer used in the month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CustomerUsage {
    /// Whose it is.
    pub customer: CustomerId,
    /// What that is called.
    pub customer_name: String,
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
    /// What is on hold.
    pub held: Amounts,
    /// What is granted.
    pub quota: Quota,
    /// What is left at present of each meter that is limited.
    pub left: LeftView,
}

/// Under this id stands what a tenant's customers used together.
const ALL_CUSTOMERS: CustomerId = CustomerId::from_bytes([0; 16]);
/// Customers looked at in one view of the store, and at most for one page: a page that found few says where to go on.
const STEP: usize = 500;
const LOOKED_AT_MAX: usize = 20_000;
/// The most months that are shown.
const MONTHS_MAX: usize = 1_200;

/// A month, and when that is asked.
struct Asked<'a> {
    zone: &'a Zone,
    month: (Timestamp, Timestamp),
    now: Timestamp,
}

impl Engine {
    /// What a tenant's customers used in a month.
    pub fn usage_of_all(
        &self,
        may: &Permission<kinds::AllUsageRead>,
        filter: &UsageFilter,
    ) -> Result<UsagePage, Problem> {
        let (scope, now) = (TenantScope::of(may), self.host.now());
        let tenant = self.host.store.read(|tx| tx.need::<Tenants>(&scope, &())).map_err(EngineError::from)?;
        let zone = tenant.zone.clone();
        let month = match &filter.month {
            None => zone.month_of(now),
            Some(text) => zone
                .month(text)
                .ok_or_else(|| Problem::invalid("month", format!("`{text}` is no month; write one such as 2026-11")))?,
        };
        let asked = Asked { zone: &zone, month, now };
        let (items, next) = self.customers_used(scope, &asked, filter)?;
        Ok(UsagePage {
            month: zone.month_word(month.0),
            zone: zone.name().to_owned(),
            allowance: self.allowance(scope, ALL_CUSTOMERS, tenant.quota, &asked)?,
            months: self.months(scope, &tenant)?,
            items,
            next,
        })
    }

    fn customers_used(
        &self,
        scope: TenantScope,
        asked: &Asked<'_>,
        filter: &UsageFilter,
    ) -> Result<(Vec<CustomerUsage>, Option<String>), Problem> {
        let limit = filter.limit.unwrap_or(50).clamp(1, 1_000) as usize;
        let cursor = filter.cursor.as_deref().map(str::parse::<CustomerId>).transpose();
        let mut after =
            cursor.map_err(|_| Problem::invalid("cursor", "this is no cursor of this list; begin without one"))?;
        let (mut items, mut looked_at) = (Vec::new(), 0);
        loop {
            let rows = self.balances_of(scope, after.as_ref(), asked.month.0)?;
            let is_last = rows.len() < STEP;
            for (row, balance) in rows {
                if items.len() == limit || looked_at == LOOKED_AT_MAX {
                    return Ok((items, after.map(|id| id.to_string())));
                }
                (after, looked_at) = (Some(row.id), looked_at + 1);
                items.extend(self.customer_used(scope, &row, balance, asked)?);
            }
            if is_last {
                return Ok((items, None));
            }
        }
    }

    /// Customers with what they used in the month, or ever where they have one quota for all time: one view of the store.
    fn balances_of(
        &self,
        scope: TenantScope,
        after: Option<&CustomerId>,
        month: Timestamp,
    ) -> Result<Vec<(Customer, Balance)>, EngineError> {
        let rows = self.host.store.read(|tx| {
            let rows = tx.scan::<Customers>(&scope, after, STEP)?.into_iter().map(|(id, row)| {
                let period = if row.quota.period == Period::Month { month } else { Timestamp::from_millis(0) };
                Ok((row, tx.get::<Balances>(&scope, &(id, period))?.unwrap_or_default()))
            });
            rows.collect::<Result<Vec<_>, TxError>>()
        });
        Ok(rows?)
    }

    fn customer_used(
        &self,
        tenant: TenantScope,
        row: &Customer,
        balance: Balance,
        asked: &Asked<'_>,
    ) -> Result<Option<CustomerUsage>, EngineError> {
        let scope = tenant.customer(row.id);
        let used = match row.quota.period {
            Period::Month => balance,
            Period::Ever => Balance { spent: self.spent_between(scope, asked.zone, asked.month)?, ..balance },
        };
        if used == Balance::default() {
            return Ok(None);
        }
        let Amounts { records, bytes, requests, runs, pulls } = used.spent;
        Ok(Some(CustomerUsage {
            customer: row.id,
            customer_name: self.customer_name(scope, row).unwrap_or_else(|_| format!("deleted {}", row.id)),
            records,
            bytes,
            requests,
            runs,
            pulls,
            held: used.held,
            quota: row.quota,
            left: self.allowance(tenant, row.id, row.quota, asked)?.left,
        }))
    }

    fn allowance(
        &self,
        scope: TenantScope,
        owner: CustomerId,
        quota: Quota,
        asked: &Asked<'_>,
    ) -> Result<AllowanceView, EngineError> {
        let balance = self.balance(scope, owner, quota.period_start(asked.zone, asked.now))?;
        Ok(AllowanceView::new(quota, balance, asked.zone, asked.now))
    }

    pub(super) fn balance(
        &self,
        scope: TenantScope,
        owner: CustomerId,
        period: Timestamp,
    ) -> Result<Balance, EngineError> {
        Ok(self.host.store.read(|tx| tx.get::<Balances>(&scope, &(owner, period)))?.unwrap_or_default())
    }

    fn months(&self, scope: TenantScope, tenant: &Tenant) -> Result<Vec<MonthTotal>, EngineError> {
        let rows = self.host.store.read(|tx| tx.scan::<Balances>(&scope, None, MONTHS_MAX))?;
        let own = rows.into_iter().take_while(|((owner, _), _)| *owner == ALL_CUSTOMERS);
        let months = own.filter(|((_, period), _)| period.as_millis() != 0).map(|((_, period), balance)| MonthTotal {
            // Two days on it is the same month in every zone, also where the organisation took another one meanwhile.
            month: tenant.zone.month_word(period.plus_millis(2 * 86_400_000)),
            spent: balance.spent,
            held: balance.held,
        });
        let mut months: Vec<_> = months.collect();
        months.reverse();
        Ok(months)
    }
}
