//! Take a connected system away: its tokens at the platform first, then all that is kept of it here.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::ConnectionId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::tables::{Connections, Grants};
use weighbridge_store::verbs;

use super::whose::{Asks, Whose};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::oauth::RevokedGrant;
use crate::texts::{Texts, connection_owner};

/// A connection that is gone, and what became of its grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Disconnected {
    /// What it was called.
    pub label: String,
    /// What became of its tokens at the platform: `at_the_platform`, `nothing`, `here_only`, or what the platform answered.
    pub grant: String,
}

impl Engine {
    /// Deletes a connection that no endpoint uses.
    pub async fn disconnect(
        &self,
        may: &Permission<kinds::ConnectionsDelete>,
        id: ConnectionId,
    ) -> Result<Disconnected, Problem> {
        self.disconnect_by(&Asks::in_customer(may), id).await
    }

    pub(super) async fn disconnect_by(&self, asks: &Asks, id: ConnectionId) -> Result<Disconnected, Problem> {
        let (whose, tenant) = (asks.whose, asks.whose.tenant());
        let (row, _) = self.own_connection(whose, id)?;
        self.refuse_used(whose, id)?;
        let texts = Texts::new(&self.host.ring, connection_owner(&row), row.id.as_bytes());
        let label = texts.open_text("label", &row.label)?;
        let hook = match whose.customer() {
            Some(scope) => self.leave_hook(scope, id).await?.map(|text| (scope, text)),
            None => None,
        };
        let revoked = match self.revoke_grant_of(tenant, id, &label).await {
            Ok(revoked) => word(&revoked),
            // One that never signed in by OAuth 2 has nothing to take back.
            Err(EngineError::NoOAuth | EngineError::NoOAuthClient) => "nothing".to_owned(),
            Err(error) => error.to_string(),
        };
        // Endpoints are made under this lock, so that none comes to stand at what is about to go.
        let _one_at_a_time = self.host.applying.lock().await;
        self.refuse_used(whose, id)?;
        self.edit(|edit| {
            edit.need::<Connections>(tenant, id)?;
            self.put_label(edit, whose, (&label, None))?;
            edit.remove::<Grants>(tenant, id);
            edit.remove::<Connections>(tenant, id);
            let webhooks = hook.as_ref().map(|(_, text)| format!(", {text}")).unwrap_or_default();
            let text = format!("{label}: tokens {revoked}{webhooks}");
            edit.audit(self.line_about(whose, asks.by, "connection.deleted", &text)?);
            Ok(())
        })
        .await?;
        if let Some((scope, _)) = hook {
            verbs::forget_hook(&self.host.store, scope, id).await.map_err(EngineError::from)?;
        }
        Ok(Disconnected { label, grant: revoked })
    }

    fn refuse_used(&self, whose: Whose, id: ConnectionId) -> Result<(), Problem> {
        let uses = self.endpoints_at(whose, id)?;
        if uses.is_empty() { Ok(()) } else { Err(Problem::from(ProblemCode::InUse).with("uses", uses)) }
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
