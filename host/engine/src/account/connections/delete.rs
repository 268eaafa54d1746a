//! Take a connected system away: its tokens at the platform first, then all that is kept of it here.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::ConnectionId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Connections, CustomerIndex, Endpoints, Grants, Kind};

use crate::engine::Engine;
use crate::error::EngineError;
use crate::oauth::RevokedGrant;
use crate::texts::{Texts, connection_owner, customer_owner};

/// A connection that is gone, and what became of its grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Disconnected {
    /// What it was called.
    pub label: String,
    /// What became of its tokens at the platform: `at_the_platform`, `nothing`, `here_only`, or what the platform answered.
    pub grant: String,
}

const ROWS_MAX: usize = 10_000;

impl Engine {
    /// Deletes a connection that no endpoint uses.
    pub async fn disconnect(
        &self,
        may: &Permission<kinds::ConnectionsDelete>,
        id: ConnectionId,
    ) -> Result<Disconnected, Problem> {
        let scope = CustomerScope::of(may);
        let (row, _) = self.own_connection(scope, id)?;
        let uses = self.endpoints_at(scope, id)?;
        if !uses.is_empty() {
            return Err(Problem::from(ProblemCode::InUse).with("uses", uses));
        }
        let texts = Texts::new(&self.host.ring, connection_owner(&row), row.id.as_bytes());
        let label = texts.open_text("label", &row.label)?;
        let revoked = match self.revoke_grant_of(scope.tenant(), id, &label).await {
            Ok(revoked) => word(&revoked),
            // One that never signed in by OAuth 2 has nothing to take back.
            Err(EngineError::NoOAuth | EngineError::NoOAuthClient) => "nothing".to_owned(),
            Err(error) => error.to_string(),
        };
        self.edit(|edit| {
            edit.need::<Connections>(scope.tenant(), id)?;
            let hash = self.host.ring.name_hash(customer_owner(scope), Kind::Connection.word(), &label);
            let place = (Kind::Connection.number(), hash.map_err(EngineError::from)?);
            edit.remove::<CustomerIndex>(scope, place);
            edit.remove::<Grants>(scope.tenant(), id);
            edit.remove::<Connections>(scope.tenant(), id);
            let text = format!("{label}: tokens {revoked}");
            edit.audit(self.audit_customer(scope, may.by(), "connection.deleted", text.as_str().into())?);
            Ok(())
        })
        .await?;
        Ok(Disconnected { label, grant: revoked })
    }

    /// The names of the endpoints that stand for a stream of a connection.
    fn endpoints_at(&self, scope: CustomerScope, id: ConnectionId) -> Result<Vec<String>, EngineError> {
        let rows = self.host.store.read(|tx| tx.scan::<Endpoints>(&scope, None, ROWS_MAX))?;
        let using = rows.into_iter().filter(|(_, row)| row.place.as_ref().is_some_and(|place| place.connection == id));
        using
            .map(|(_, row)| {
                let texts = Texts::new(&self.host.ring, customer_owner(scope), row.id.as_bytes());
                Ok(format!("endpoint {}", texts.open_text("name", &row.name)?))
            })
            .collect()
    }
}

fn word(revoked: &RevokedGrant) -> String {
    match revoked {
        RevokedGrant::AtThePlatform => "at_the_platform".into(),
        RevokedGrant::Nothing => "nothing".into(),
        RevokedGrant::HereOnly => "here_only".into(),
        RevokedGrant::Unanswered(what) => format!("unanswered: {what}"),
    }
}
