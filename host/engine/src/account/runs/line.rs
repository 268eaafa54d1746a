//! A run with the names of what it is of, for whoever reads it.

use std::collections::HashMap;

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::Actor;
use weighbridge_model::id::{CustomerId, EndpointId, ExternalServiceId, TransferId};
use weighbridge_model::run::{Run, Wish};
use weighbridge_store::tables::{Customers, Errands, Pulls, Services, Transfers, Wishes};
use weighbridge_store::{CustomerScope, TenantScope};

use crate::account::is_of_customer;
use crate::account::transfers::{RunRow, RunStanding, run_row};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::people::{Naming, Reader};

/// A run, with what it is of and who wanted it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RunLine {
    /// The run.
    #[serde(flatten)]
    pub run: RunRow,
    /// Whose it is.
    pub customer: CustomerId,
    /// What that is called, while it is still here.
    pub customer_name: Option<String>,
    /// The transfer that it executes; none where a third party pulled.
    pub transfer: Option<TransferId>,
    /// What that is called.
    pub transfer_name: Option<String>,
    /// The third party's access that it was read for.
    pub service: Option<ExternalServiceId>,
    /// What that is called, while it is still here.
    pub service_name: Option<String>,
    /// The person who wanted it: an id or `operator`; none where nobody asked.
    pub wanted_by: Option<String>,
    /// What they are called, as far as whoever reads may know it.
    pub wanted_by_name: Option<String>,
    /// Whether they are not here any more.
    pub wanted_by_removed: bool,
    /// What a person wants of it while it goes on.
    pub wish: Option<Wish>,
    /// The person who ended it: an id or `operator`; none where nobody did.
    pub cancelled_by: Option<String>,
    /// What they are called, as far as whoever reads may know it.
    pub cancelled_by_name: Option<String>,
}

/// What a run executes: a transfer, or the reading of an endpoint by a third party.
#[derive(Clone, Debug, Default)]
pub(in crate::account) struct Moved {
    pub(in crate::account) transfer: Option<TransferId>,
    pub(in crate::account) transfer_name: Option<String>,
    pub(in crate::account) service: Option<ExternalServiceId>,
    pub(in crate::account) service_name: Option<String>,
    endpoints: Vec<EndpointId>,
}

/// Makes lines for one reader; names are looked up once.
pub(super) struct Lines<'a> {
    engine: &'a Engine,
    is_of_customer: bool,
    naming: Naming<'a>,
    moved: HashMap<(CustomerId, TransferId), (Moved, bool)>,
    customers: HashMap<CustomerId, Option<String>>,
}

impl<'a> Lines<'a> {
    pub(super) fn new(engine: &'a Engine, scope: TenantScope, actor: &Actor) -> Self {
        let naming = Naming::new(engine, scope, Reader::of(actor));
        let is_of_customer = is_of_customer(actor.role);
        Self { engine, is_of_customer, naming, moved: HashMap::new(), customers: HashMap::new() }
    }

    pub(super) fn line(&mut self, scope: CustomerScope, run: Run) -> Result<RunLine, EngineError> {
        let (customer, by) = (scope.id(), run.by);
        let (moved, tells) = self.moved(scope, run.transfer)?;
        let (wish, ended) = (self.wish_of(scope, &run)?, run.cancelled_by);
        let ended = ended.map(|by| self.naming.call(by, Some(customer))).transpose()?;
        let is_paused = wish == Some(Wish::Pause) && is_at_rest(&run);
        let called = by.map(|by| self.naming.call(by, Some(customer))).transpose()?;
        // A customer whose key is being destroyed has no words any more, and its runs are told all the same.
        let message = self.engine.failure_of(scope, &run).ok().flatten().filter(|_| tells);
        let Moved { transfer, transfer_name, service, service_name, .. } = moved;
        let mut row = run_row((run, message));
        if is_paused {
            row.state = RunStanding::Paused.word().to_owned();
        }
        Ok(RunLine {
            run: row,
            wish,
            cancelled_by_name: ended.as_ref().and_then(|called| called.name.clone()),
            cancelled_by: ended.map(|called| called.word),
            customer,
            customer_name: self.customer(scope)?,
            transfer,
            transfer_name,
            service,
            service_name,
            wanted_by_removed: called.as_ref().is_some_and(|called| called.removed),
            wanted_by_name: called.as_ref().and_then(|called| called.name.clone()),
            wanted_by: called.map(|called| called.word),
        })
    }

    fn wish_of(&self, scope: CustomerScope, run: &Run) -> Result<Option<Wish>, EngineError> {
        if run.ended_at.is_some() {
            return Ok(None);
        }
        let row = self.engine.host.store.read(|tx| tx.get::<Wishes>(&scope, &run.transfer))?;
        Ok(row.filter(|row| row.run == run.id).map(|row| row.wish))
    }

    /// Whether what was said in a run is for whoever reads.
    pub(super) fn tells(&mut self, scope: CustomerScope, run: &Run) -> Result<bool, EngineError> {
        Ok(self.moved(scope, run.transfer)?.1)
    }

    /// What moves, and whether what is said on the way is for whoever reads.
    fn moved(&mut self, scope: CustomerScope, id: TransferId) -> Result<(Moved, bool), EngineError> {
        let key = (scope.id(), id);
        if let Some(known) = self.moved.get(&key) {
            return Ok(known.clone());
        }
        let moved = self.engine.what_moved(scope, id)?;
        let tells = !self.is_of_customer || !self.engine.are_over_tenants_own(scope, &moved.endpoints)?;
        self.moved.insert(key, (moved.clone(), tells));
        Ok((moved, tells))
    }

    /// Whether a customer is called so, in lower case; everybody is where nothing is asked for.
    pub(super) fn is_named(&mut self, scope: CustomerScope, part: Option<&str>) -> Result<bool, EngineError> {
        let Some(part) = part else { return Ok(true) };
        Ok(self.customer(scope)?.is_some_and(|name| name.to_lowercase().contains(part)))
    }

    fn customer(&mut self, scope: CustomerScope) -> Result<Option<String>, EngineError> {
        if let Some(known) = self.customers.get(&scope.id()) {
            return Ok(known.clone());
        }
        let row = self.engine.host.store.read(|tx| tx.get::<Customers>(&scope.tenant(), &scope.id()))?;
        // A customer whose key is being destroyed has no name any more, and its runs are told all the same.
        let name = row.and_then(|row| self.engine.customer_name(scope, &row).ok());
        self.customers.insert(scope.id(), name.clone());
        Ok(name)
    }
}

/// Whether no attempt of a run goes on.
fn is_at_rest(run: &Run) -> bool {
    run.ended_attempts.last().map_or(0, |last| last.number) == run.attempts
}

impl Engine {
    /// What a transfer's id stands for; names are there as long as they can be opened.
    pub(in crate::account) fn what_moved(&self, scope: CustomerScope, id: TransferId) -> Result<Moved, EngineError> {
        let host = &self.host;
        if let Some(errand) = host.store.read(|tx| tx.get::<Errands>(&scope, &id))? {
            return self.what_moved(scope, errand.transfer);
        }
        let (transfer, pull) =
            host.store.read(|tx| Ok((tx.get::<Transfers>(&scope, &id)?, tx.get::<Pulls>(&scope, &id)?)))?;
        if let Some(row) = transfer {
            let transfer_name = host.name_in(scope, id.as_bytes(), &row.name).ok();
            let endpoints = vec![row.source, row.destination];
            return Ok(Moved { transfer: Some(id), transfer_name, endpoints, ..Moved::default() });
        }
        let Some(pull) = pull else { return Ok(Moved::default()) };
        let row = host.store.read(|tx| tx.get::<Services>(&scope, &pull.service))?;
        let service_name = row.and_then(|row| host.name_in(scope, row.id.as_bytes(), &row.name).ok());
        Ok(Moved { service: Some(pull.service), service_name, endpoints: vec![pull.endpoint], ..Moved::default() })
    }
}
