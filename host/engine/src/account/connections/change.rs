//! Change a connected system's label, settings and time, and replace the credential that oneself entered.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use weighbridge_model::access::{ActorRef, Permission, kinds};
use weighbridge_model::connection::{Connection, Owner};
use weighbridge_model::id::ConnectionId;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Connections, CustomerIndex, Kind, Named};

use super::connect::texts_of;
use super::platforms::is_of_customer;
use super::view::ConnectionView;
use crate::account::edit::{Edit, if_match};
use crate::account::inputs;
use crate::apply::connection as plan;
use crate::document::{ConnectionDocument, WindowDocument};
use crate::engine::Engine;
use crate::error::EngineError;
use crate::texts::{Texts, connection_owner, customer_owner};

/// What is to be changed; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ChangeConnection {
    /// What it is called.
    pub label: Option<String>,
    /// Its settings: all of them.
    pub configuration: Option<Map<String, Value>>,
    /// From when to when.
    pub window: Option<WindowDocument>,
}

/// Another credential.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCredential {
    /// How to sign in: one of the platform's ways.
    pub scheme: String,
    /// The secrets that this way asks for, by name.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
}

impl std::fmt::Debug for NewCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewCredential({})", self.scheme)
    }
}

impl Engine {
    /// Changes a connection. Where systems are no longer self-managed, a customer's own people change no settings.
    pub async fn change_connection(
        &self,
        may: &Permission<kinds::ConnectionsChange>,
        id: ConnectionId,
        change: &ChangeConnection,
        seen: Option<&str>,
    ) -> Result<ConnectionView, Problem> {
        let scope = CustomerScope::of(may);
        let (row, offer) = self.own_connection(scope, id)?;
        if_match(seen, &row)?;
        let settings = change.configuration.is_some() || change.window.is_some();
        if settings && is_of_customer(may.actor().role) && !self.may_connect_itself(scope, &offer)? {
            return Err(ProblemCode::SelfManagedDenied.into());
        }
        if let Some(label) = &change.label {
            self.relabel(scope, id, may.by(), label).await?;
        }
        if settings {
            // Where the settings place the platform, a credential that somebody else entered must not follow them elsewhere.
            if change.configuration.is_some() && !plan::may_replace(&row, Some(may.by())) {
                return Err(ProblemCode::NotOwnCredential.into());
            }
            let document = ConnectionDocument {
                configuration: change.configuration.clone(),
                window: change.window.clone(),
                ..self.document_of(scope, id)?
            };
            self.plan_connection(scope, may.by(), document, "connection.changed").await?;
        }
        self.connection_view(scope, id, may.actor().role).await
    }

    /// Replaces the credential of a connection; only who entered the present one may.
    pub async fn replace_credential(
        &self,
        may: &Permission<kinds::CredentialsEnter>,
        id: ConnectionId,
        new: &NewCredential,
    ) -> Result<ConnectionView, Problem> {
        let scope = CustomerScope::of(may);
        let (row, offer) = self.own_connection(scope, id)?;
        if !plan::may_replace(&row, Some(may.by())) {
            return Err(ProblemCode::NotOwnCredential.into());
        }
        if is_of_customer(may.actor().role) && !self.may_connect_itself(scope, &offer)? {
            return Err(ProblemCode::SelfManagedDenied.into());
        }
        let document = ConnectionDocument {
            scheme: Some(new.scheme.clone()),
            secrets: Some(texts_of(&new.secrets)),
            ..self.document_of(scope, id)?
        };
        self.plan_connection(scope, may.by(), document, "connection.credential_replaced").await?;
        self.connection_view(scope, id, may.actor().role).await
    }

    /// A customer's own connection; its tenant's is not the customer's to change.
    pub(crate) fn own_connection(
        &self,
        scope: CustomerScope,
        id: ConnectionId,
    ) -> Result<(Connection, weighbridge_model::integration::Integration), Problem> {
        let (row, offer) = self.seen_connection(scope, id)?;
        if row.owner == Owner::Tenant { Err(ProblemCode::Role.into()) } else { Ok((row, offer)) }
    }

    async fn plan_connection(
        &self,
        scope: CustomerScope,
        by: ActorRef,
        document: ConnectionDocument,
        act: &'static str,
    ) -> Result<(), Problem> {
        let nowhere = std::path::Path::new("");
        self.apply_one((scope.tenant(), Some(scope)), by, async |planned| {
            plan::plan(planned, (scope.tenant(), Some(scope)), &document, nowhere, "").await?;
            Ok(((), act, document.name.clone()))
        })
        .await
    }

    /// A connection as a document that changes nothing of it.
    fn document_of(&self, scope: CustomerScope, id: ConnectionId) -> Result<ConnectionDocument, Problem> {
        let (row, offer) = self.own_connection(scope, id)?;
        let texts = Texts::new(&self.host.ring, connection_owner(&row), row.id.as_bytes());
        let offered = crate::connector::integration_texts(&self.host.ring, &offer).open_text("name", &offer.name)?;
        Ok(ConnectionDocument {
            name: texts.open_text("label", &row.label)?,
            integration: offered,
            switch: None,
            window: None,
            configuration: None,
            scheme: None,
            secrets: None,
            off: None,
        })
    }

    async fn relabel(&self, scope: CustomerScope, id: ConnectionId, by: ActorRef, label: &str) -> Result<(), Problem> {
        inputs::name(label)?;
        self.edit(|edit| {
            let before = edit.need::<Connections>(scope.tenant(), id)?;
            let texts = Texts::new(&self.host.ring, connection_owner(&before), before.id.as_bytes());
            let old = texts.open_text("label", &before.label)?;
            if old == label {
                return Ok(());
            }
            move_name(edit, scope, id, (&old, label))?;
            let row = Connection { label: texts.seal("label", label)?, ..before };
            edit.put::<Connections>(scope.tenant(), id, row);
            let text = format!("{label}: was {old}");
            edit.audit(self.audit_customer(scope, by, "connection.labelled", text.as_str().into())?);
            Ok(())
        })
        .await
    }
}

fn move_name(
    edit: &mut Edit<'_>,
    scope: CustomerScope,
    id: ConnectionId,
    (old, new): (&str, &str),
) -> Result<(), Problem> {
    let ring = &edit.engine.host.ring;
    let place = |name: &str| {
        let hash = ring.name_hash(customer_owner(scope), Kind::Connection.word(), name);
        hash.map(|hash| (Kind::Connection.number(), hash)).map_err(EngineError::from)
    };
    let (from, to) = (place(old)?, place(new)?);
    if edit.read::<CustomerIndex>(scope, to)?.is_some() {
        return Err(Problem::from(ProblemCode::NameTaken).at("label", format!("there is a connected system `{new}`")));
    }
    edit.remove::<CustomerIndex>(scope, from);
    edit.put::<CustomerIndex>(scope, to, Named { id: *id.as_bytes() });
    Ok(())
}
