//! Why is this (not) running? For an operator who has nothing but an id.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::gate::{self, Explanation};
use weighbridge_model::id::{EndpointId, ExternalServiceId, TenantId, TransferId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::service::{AccessId, ExternalService, Pull};
use weighbridge_model::time::{Timestamp, Zone};
use weighbridge_store::tables::{AccessIds, Endpoints, Services, Transfers};
use weighbridge_store::verbs::gather_pull;
use weighbridge_store::{CustomerScope, HostScope, Table};

use crate::account::transfers::level_view;
use crate::account::{At, LevelView, inputs};
use crate::engine::Engine;
use crate::error::EngineError;

/// Of what, and for when.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainAny {
    /// The id of a transfer or of an external service, or a Connection ID.
    pub of: String,
    /// For an external service: the endpoint that it would read; the first one that it may where it is left out.
    #[serde(default)]
    pub endpoint: Option<EndpointId>,
    /// As of another date or instant.
    #[serde(default)]
    pub at: Option<String>,
}

/// What all levels say. No name of a customer is in it, and no record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainedAny {
    /// `transfer` or `external_service`.
    pub kind: String,
    /// The tenant that it is of.
    pub tenant: TenantId,
    /// What that is called.
    pub tenant_name: String,
    /// For when.
    pub at: At,
    /// Whether it may move.
    pub allowed: bool,
    /// The first no: its stable code.
    pub code: Option<String>,
    /// The same in a sentence.
    pub sentence: Option<String>,
    /// What can be done.
    pub next_step: Option<String>,
    /// When the answer changes by itself.
    pub changes_at: Option<At>,
    /// Every level, from the outside in.
    pub levels: Vec<LevelView>,
}

/// Keys looked at in one view of the store.
const STEP: usize = 5_000;

impl Engine {
    /// Asks every level about a transfer or an external service of whichever tenant.
    pub fn explain_any(&self, _may: &Permission<kinds::HostRead>, asked: &ExplainAny) -> Result<ExplainedAny, Problem> {
        let (scope, at, kind, explanation) = match asked.of.parse::<AccessId>() {
            Ok(id) => self.explain_access(id, asked)?,
            Err(_) => self.explain_id(asked)?,
        };
        let code = explanation.refusal.as_ref().map(|refusal| refusal.code);
        Ok(ExplainedAny {
            kind: kind.to_owned(),
            tenant: scope.tenant_id(),
            tenant_name: self.tenant_name(scope.tenant())?,
            at: At(at),
            allowed: code.is_none(),
            code: code.map(|code| code.as_str().to_owned()),
            sentence: code.map(|code| code.sentence().to_owned()),
            next_step: code.map(|code| code.next_step().to_owned()),
            changes_at: explanation.changes_at.map(At),
            levels: explanation.levels.iter().map(level_view).collect(),
        })
    }

    fn explain_access(&self, id: AccessId, asked: &ExplainAny) -> Result<Said, Problem> {
        let found =
            self.host.store.read(|tx| tx.get::<AccessIds>(&HostScope::new(), &id)).map_err(EngineError::from)?;
        let found = found.ok_or(ProblemCode::NotThere)?;
        self.explain_service_of(HostScope::new().tenant(found.tenant).customer(found.customer), found.service, asked)
    }

    fn explain_id(&self, asked: &ExplainAny) -> Result<Said, Problem> {
        let nothing = || Problem::from(ProblemCode::NotThere);
        if let Some(scope) =
            asked.of.parse::<TransferId>().ok().map(|id| self.whose::<Transfers>(id)).transpose()?.flatten()
        {
            let id = asked.of.parse().map_err(|_| nothing())?;
            let explained = self.explain_of(scope, id, asked.at.as_deref())?;
            return Ok((scope, explained.at, "transfer", explained.explanation));
        }
        let id = asked.of.parse::<ExternalServiceId>().map_err(|_| {
            Problem::invalid("of", "this is no id of a transfer or of an external service, and no Connection ID")
        })?;
        let scope = self.whose::<Services>(id)?.ok_or_else(nothing)?;
        self.explain_service_of(scope, id, asked)
    }

    fn explain_service_of(
        &self,
        scope: CustomerScope,
        id: ExternalServiceId,
        asked: &ExplainAny,
    ) -> Result<Said, Problem> {
        let zone: Zone = self.zone_of(scope.tenant())?;
        let now = self.host.now();
        let at = asked.at.as_deref().map_or(Ok(now), |text| inputs::instant(&zone, text, "at"))?;
        let row = self.host.store.read(|tx| tx.get::<Services>(&scope, &id)).map_err(EngineError::from)?;
        let row: ExternalService = row.ok_or(ProblemCode::NotThere)?;
        let endpoint = asked.endpoint.or(row.scopes.iter().next().copied());
        let endpoint =
            endpoint.ok_or_else(|| Problem::invalid("endpoint", "it may read no endpoint; name one to ask about"))?;
        let route = self.host.store.read(|tx| match tx.get::<Endpoints>(&scope, &endpoint)? {
            Some(_) => gather_pull(tx, scope, Pull::new(id, endpoint), now).map(Some),
            None => Ok(None),
        });
        let route = route.map_err(EngineError::from)?.ok_or(ProblemCode::NotThere)?;
        Ok((scope, at, "external_service", gate::explain(&route.facts(true, None), at)))
    }

    /// Whose row it is that has this id, among those of everyone.
    fn whose<T>(&self, id: T::Key) -> Result<Option<CustomerScope>, EngineError>
    where
        T: Table<Scope = CustomerScope>,
        T::Key: PartialEq + Copy,
    {
        let mut after = None;
        loop {
            let step = self.host.store.read(|tx| tx.keys::<T>(HostScope::new(), after.as_ref(), STEP))?;
            if let Some((scope, _)) = step.iter().find(|(_, key)| *key == id) {
                return Ok(Some(*scope));
            }
            after = step.last().copied();
            if step.len() < STEP {
                return Ok(None);
            }
        }
    }
}

/// Whose it is, for when, of what kind, and what all levels say.
type Said = (CustomerScope, Timestamp, &'static str, Explanation);
