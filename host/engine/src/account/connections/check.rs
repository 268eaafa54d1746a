//! Ask a platform whether a connection works: one cheap authenticated request.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::{ConnectionId, RunId};
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Switch;
use weighbridge_store::HostScope;
use weighbridge_store::tables::Packages;

use super::whose::Asks;
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::packages::Account;
use crate::pipeline::Halt;

/// What a platform said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Checked {
    /// Whether it works.
    pub works: bool,
    /// What the failure means for what is done next: `config`, `auth`, `rate_limited` and so on.
    pub class: Option<String>,
    /// Why not: the stable code.
    pub code: Option<String>,
    /// Why not, in words. Of a tenant's own connection it is not shown to a customer's people.
    pub message: Option<String>,
}

impl Engine {
    /// Asks the platform, and changes nothing. What is switched off is not asked.
    pub async fn check_connection(
        &self,
        may: &Permission<kinds::ConnectionsChange>,
        id: ConnectionId,
    ) -> Result<Checked, Problem> {
        self.check_by(&Asks::in_customer(may), id).await
    }

    pub(super) async fn check_by(&self, asks: &Asks, id: ConnectionId) -> Result<Checked, Problem> {
        let (row, offer) = self.own_connection(asks.whose, id)?;
        if row.switch == Switch::Off || offer.switch == Switch::Off {
            let code = if row.switch == Switch::Off { "connection.off" } else { "integration.off" };
            return Ok(Checked { works: false, class: None, code: Some(code.into()), message: None });
        }
        let package = self.host.store.read(|tx| tx.get::<Packages>(&HostScope::new(), &offer.connector));
        let package = package.map_err(EngineError::from)?;
        let release = package.and_then(|package| package.used).ok_or(ProblemCode::Unavailable)?;
        let run = RunId::new(self.host.now(), chance::bytes()?);
        let asked: Result<(), Halt> = async {
            let account = Account { connection: &row, integration: &offer, release: &release };
            let mut opened = self.host.side_of_account(&account, run).await?;
            Ok(opened.side.check().await?)
        }
        .await;
        let tells = !(asks.is_of_customer() && row.made_by.is_none());
        match asked {
            Ok(()) => Ok(Checked { works: true, class: None, code: None, message: None }),
            Err(Halt::Store(error)) => Err(error.into()),
            Err(Halt::Failed(trouble)) => Ok(Checked {
                works: false,
                class: Some(trouble.class.word().to_owned()),
                code: Some(trouble.code.to_string()),
                message: Some(trouble.message).filter(|_| tells),
            }),
            Err(_) => Err(ProblemCode::Unavailable.into()),
        }
    }
}
