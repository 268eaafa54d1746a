//! Bring customers in from a table: all of its lines are looked at before one of them is made.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::customer::Contact;
use weighbridge_model::id::CustomerId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::time::Zone;
use weighbridge_store::TenantScope;
use weighbridge_store::tables::{Kind, TenantIndex};
use weighbridge_vault::Owner;

use super::create::{NewCustomer, check, plan_customer};
use crate::chance;
use crate::document::WindowDocument;
use crate::engine::Engine;
use crate::error::EngineError;

/// The most lines of one table.
const LINES_MAX: usize = 50_000;

/// Data keys made in one writing of the key ring.
const KEYS: usize = 10_000;

/// Customers made in one transaction, so that its closure stays under a thousand rows.
const GROUP: usize = 200;

/// What came of a table of customers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImportReport {
    /// Customers made, or that would be.
    pub created: usize,
    /// Lines whose customer is there already.
    pub present: usize,
    /// Lines that are wrong, of a dry run; while there is one, nothing is made.
    pub wrong: Vec<ImportLine>,
    /// Whether anything was made.
    pub done: bool,
}

/// A line that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImportLine {
    /// Its number in the table, from 1 for the headings.
    pub line: u64,
    /// What is wrong with it, and what to write instead.
    pub what: String,
}

/// One line; headings that are not among these are refused.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Line {
    name: String,
    external_id: Option<String>,
    /// Separated by `;`.
    labels: Option<String>,
    contact_name: Option<String>,
    contact_email: Option<String>,
    contact_phone: Option<String>,
    start: Option<String>,
    end: Option<String>,
}

impl Line {
    fn into_customer(self) -> NewCustomer {
        let labels = self.labels.unwrap_or_default();
        let labels = labels.split(';').map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned);
        NewCustomer {
            name: self.name.trim().to_owned(),
            external_id: self.external_id,
            labels: labels.collect(),
            contact: Contact { name: self.contact_name, email: self.contact_email, phone: self.contact_phone },
            window: WindowDocument { start: self.start, end: self.end },
            ..NewCustomer::default()
        }
    }
}

impl Engine {
    /// Makes the customers of a CSV table with the headings `name, external_id, labels, contact_name, contact_email,
    /// contact_phone, start, end`, of which only `name` is needed. Those whose names are there already are left as they are, so a
    /// table may be brought in again. A dry run makes nothing, and says what is wrong; without it a table with a mistake is
    /// refused.
    pub async fn import_customers(
        &self,
        may: &Permission<kinds::CustomersCreate>,
        table: &str,
        dry_run: bool,
    ) -> Result<ImportReport, Problem> {
        let scope = TenantScope::of(may);
        let zone = self.zone_of(scope)?;
        let (new, mut report) = self.look_at(scope, &zone, table)?;
        report.created = new.len();
        if dry_run {
            return Ok(report);
        }
        refuse_wrong(&report.wrong)?;
        for many in new.chunks(KEYS) {
            self.make_many(scope, &zone, may, many).await?;
        }
        report.done = true;
        Ok(report)
    }

    /// The key ring is written whole, so the keys of many customers are made at once, before any of them.
    async fn make_many(
        &self,
        scope: TenantScope,
        zone: &Zone,
        may: &Permission<kinds::CustomersCreate>,
        new: &[NewCustomer],
    ) -> Result<(), Problem> {
        let ids = new.iter().map(|_| Ok(CustomerId::new(self.host.now(), chance::bytes()?)));
        let ids = ids.collect::<Result<Vec<_>, EngineError>>()?;
        self.keep_keys(|| ids.iter().try_for_each(|id| self.draft_key(scope, *id))).await?;
        let made: Vec<_> = ids.into_iter().zip(new).collect();
        for group in made.chunks(GROUP) {
            self.edit(|edit| {
                for one in group {
                    plan_customer(edit, scope, zone, *one)?;
                }
                // No name: the line is under the tenant's key, and outlives those whom it brought.
                let text = format!("import: {} customers", group.len());
                edit.audit(self.audit_in_tenant(scope, may.by(), "customers.imported", text.as_str().into())?);
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    fn look_at(
        &self,
        scope: TenantScope,
        zone: &Zone,
        table: &str,
    ) -> Result<(Vec<NewCustomer>, ImportReport), Problem> {
        let (mut new, mut report, mut names) = (Vec::new(), ImportReport::default(), BTreeSet::new());
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(table.as_bytes());
        let headings = reader.headers().map_err(|error| Problem::invalid("table", said(&error)))?.clone();
        refuse_headings(&headings)?;
        let mut lines = Lines { table: table.as_bytes(), counted: 0, line: 1 };
        for (index, record) in reader.records().enumerate() {
            if index == LINES_MAX {
                return Err(Problem::from(ProblemCode::TooLarge)
                    .at("table", format!("a table has at most {LINES_MAX} lines; bring it in as several")));
            }
            let position = record.as_ref().map_or_else(csv::Error::position, csv::StringRecord::position);
            let line = position.map_or(index as u64 + 2, |position| lines.at(position.byte()));
            let mut wrong = |what: String| report.wrong.push(ImportLine { line, what });
            let customer = match record.and_then(|record| record.deserialize::<Line>(Some(&headings))) {
                Ok(line) => line.into_customer(),
                Err(error) => {
                    wrong(said(&error));
                    continue;
                }
            };
            if let Err(problem) = check(&customer, zone) {
                let said: Vec<_> = problem.errors.iter().map(|one| format!("{}: {}", one.at, one.what)).collect();
                wrong(said.join("; "));
            } else if !names.insert(customer.name.clone()) {
                wrong(format!("name: `{}` stands in an earlier line", customer.name));
            } else if self.is_customer(scope, &customer.name)? {
                report.present += 1;
            } else {
                new.push(customer);
            }
        }
        Ok((new, report))
    }

    fn is_customer(&self, scope: TenantScope, name: &str) -> Result<bool, EngineError> {
        let hash = self.host.ring.name_hash(Owner::Tenant(scope.id()), Kind::Customer.word(), name)?;
        let place = (Kind::Customer.number(), hash);
        Ok(self.host.store.read(|tx| tx.get::<TenantIndex>(&scope, &place))?.is_some())
    }
}

/// Numbers lines as an editor does: the reader takes a record to begin before the end of the line that `\r\n` ends.
struct Lines<'a> {
    table: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that begins at a byte or after it; records come in their order.
    fn at(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(letter) = self.table.get(self.counted) {
            if self.counted >= byte && !matches!(letter, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(*letter == b'\n');
            self.counted += 1;
        }
        self.line
    }
}

/// The headings of a table, of which only the first is needed.
const HEADINGS: [&str; 8] =
    ["name", "external_id", "labels", "contact_name", "contact_email", "contact_phone", "start", "end"];

/// A heading that nobody knows is wrong once, and not in every line.
fn refuse_headings(headings: &csv::StringRecord) -> Result<(), Problem> {
    let there = HEADINGS.join(", ");
    if let Some(stranger) = headings.iter().find(|one| !HEADINGS.contains(one)) {
        let stranger: String = stranger.chars().take(100).collect();
        let what = format!("`{stranger}` is no heading; there is, with commas between: {there}");
        return Err(Problem::invalid("table", what));
    }
    if headings.iter().any(|one| one == HEADINGS[0]) {
        return Ok(());
    }
    Err(Problem::invalid("table", format!("the first line has no heading `name`; there is: {there}")))
}

/// The most lines that a refusal names; a dry run names all.
const WRONG_MAX: usize = 20;

fn refuse_wrong(wrong: &[ImportLine]) -> Result<(), Problem> {
    if wrong.is_empty() {
        return Ok(());
    }
    let named = wrong.iter().take(WRONG_MAX);
    let problem = named.fold(Problem::from(ProblemCode::Invalid), |problem, one| {
        problem.at(format!("table line {}", one.line), one.what.clone())
    });
    match wrong.len().saturating_sub(WRONG_MAX) {
        0 => Err(problem),
        more => Err(problem.at("table", format!("{more} more lines are wrong; a dry run names all"))),
    }
}

/// What is wrong with a line, without the words of the library that reads it.
fn said(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("it has {len} fields, and there are {expected_len} headings")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8; save the table as CSV UTF-8".to_owned(),
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        _ => "it cannot be read as CSV".to_owned(),
    }
}
