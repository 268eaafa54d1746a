//! Rejected records, the newest first, and one of them.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Actor, Permission, kinds};
use weighbridge_model::id::{DeadLetterId, RunId, TransferId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::run::RejectedBy;
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{DeadLetters, Transfers};

use super::filter::RejectedFilter;
use super::walk::{Letter, Walk};
use crate::account::{At, Page, is_of_customer};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, customer_owner};

/// Which rejected records, page by page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RejectedList {
    /// Which.
    #[serde(flatten)]
    pub filter: RejectedFilter,
    /// How many on a page, at most 1,000; 50 where it is left out.
    pub limit: Option<u32>,
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
}

/// A record that was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RejectedView {
    /// Its id.
    pub id: DeadLetterId,
    /// When.
    pub at: At,
    /// The transfer that was to move it.
    pub transfer: TransferId,
    /// The transfer's name.
    pub transfer_name: String,
    /// The run in which it was rejected.
    pub run: Option<RunId>,
    /// Who would not have it.
    pub by: RejectedBy,
    /// The stable code.
    pub code: String,
    /// Why, in words; what was said over a connection of the tenant's own is not shown to a customer's people.
    pub message: String,
    /// The record: JSON.
    pub record: String,
    /// Whether it is kept as it was sent, since it was no longer at hand as it was read.
    pub as_sent: bool,
    /// Whether it is the key of a record that was to be removed.
    pub removal: bool,
}

/// Records looked at for one page; one that found few says where to go on.
const LOOKED_AT_MAX: usize = 20_000;
/// What stands in place of words that are not for whoever asks.
const UNTOLD: &str = "The destination rejected it; your partner can see what was said.";

impl Engine {
    /// A customer's rejected records.
    pub fn rejected_list(
        &self,
        may: &Permission<kinds::RecordsRead>,
        list: &RejectedList,
    ) -> Result<Page<RejectedView>, Problem> {
        let scope = CustomerScope::of(may);
        let (_, zone) = self.customer_and_zone(scope)?;
        let wanted = list.filter.read(&zone)?;
        let limit = list.limit.unwrap_or(50).clamp(1, 1_000) as usize;
        let mut last = list.cursor.as_deref().map(cursor).transpose()?;
        let mut walk = Walk::begin(self, scope, list.filter.transfer, last)?;
        let (mut views, mut items) = (Views::new(self, scope, may.actor()), Vec::new());
        for looked_at in 0.. {
            let Some(letter) = walk.next()? else { break };
            if items.len() == limit || looked_at == LOOKED_AT_MAX {
                return Ok(Page { items, next: last.map(|id| id.to_string()) });
            }
            last = Some(letter.1);
            if wanted.fits(&letter.2) {
                items.extend(Some(views.view(letter)?).filter(|one| wanted.fits_record(&one.record)));
            }
        }
        Ok(Page { items, next: None })
    }

    /// One rejected record.
    pub fn rejected_shown(
        &self,
        may: &Permission<kinds::RecordsRead>,
        id: DeadLetterId,
    ) -> Result<RejectedView, Problem> {
        let scope = CustomerScope::of(may);
        let letter = self.rejected_one(scope, id)?.ok_or(ProblemCode::NotThere)?;
        Ok(Views::new(self, scope, may.actor()).view(letter)?)
    }

    /// The row of one, whatever transfer it is of.
    pub(super) fn rejected_one(&self, scope: CustomerScope, id: DeadLetterId) -> Result<Option<Letter>, EngineError> {
        let found = self.host.store.read(|tx| {
            for transfer in tx.scan::<Transfers>(&scope, None, usize::MAX)?.into_iter().map(|(id, _)| id) {
                if let Some(row) = tx.get::<DeadLetters>(&scope, &(transfer, id))? {
                    return Ok(Some((transfer, id, row)));
                }
            }
            Ok(None)
        })?;
        Ok(found)
    }

    /// The record of a row.
    pub(super) fn rejected_text(&self, scope: CustomerScope, letter: &Letter) -> Result<String, EngineError> {
        let texts = Texts::new(&self.host.ring, customer_owner(scope), letter.1.as_bytes());
        texts.open_text("record", &letter.2.record)
    }
}

/// Opens rows for one reader.
struct Views<'a> {
    engine: &'a Engine,
    scope: CustomerScope,
    is_of_customer: bool,
    /// The name of each transfer, and whether its destination's words are told.
    transfers: HashMap<TransferId, (String, bool)>,
}

impl<'a> Views<'a> {
    fn new(engine: &'a Engine, scope: CustomerScope, actor: &Actor) -> Self {
        Self { engine, scope, is_of_customer: is_of_customer(actor.role), transfers: HashMap::new() }
    }

    fn view(&mut self, letter: Letter) -> Result<RejectedView, EngineError> {
        let record = self.engine.rejected_text(self.scope, &letter)?;
        let (transfer, id, row) = letter;
        let (transfer_name, tells) = self.transfer(transfer)?;
        let message = match row.by {
            RejectedBy::Destination if !tells => UNTOLD.to_owned(),
            _ => {
                let texts = Texts::new(&self.engine.host.ring, customer_owner(self.scope), id.as_bytes());
                texts.open_text("message", &row.message)?
            }
        };
        Ok(RejectedView {
            id,
            at: At(row.at),
            transfer,
            transfer_name,
            run: row.run,
            by: row.by,
            code: row.code.to_string(),
            message,
            record,
            as_sent: row.as_sent,
            removal: row.removal,
        })
    }

    fn transfer(&mut self, id: TransferId) -> Result<(String, bool), EngineError> {
        if let Some(known) = self.transfers.get(&id) {
            return Ok(known.clone());
        }
        let row = self.engine.host.store.read(|tx| tx.get::<Transfers>(&self.scope, &id))?;
        let found = match row {
            Some(row) => {
                let tells =
                    !self.is_of_customer || !self.engine.are_over_tenants_own(self.scope, &[row.destination])?;
                (self.engine.host.name_in(self.scope, id.as_bytes(), &row.name)?, tells)
            }
            None => (String::new(), !self.is_of_customer),
        };
        self.transfers.insert(id, found.clone());
        Ok(found)
    }
}

fn cursor(text: &str) -> Result<DeadLetterId, Problem> {
    text.parse().map_err(|_| Problem::invalid("cursor", "this is no cursor of this list; begin without one"))
}
