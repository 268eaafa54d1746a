//! Change a connected system's label, settings and time, and replace the credential that oneself entered.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use weighbridge_model::access::{Permission, Role, kinds};
use weighbridge_model::connection::{Connection, Owner};
use weighbridge_model::id::ConnectionId;
use weighbridge_model::integration::Integration;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::tables::{Connections, Named};

use super::connect::texts_of;
use super::platforms::is_of_customer;
use super::view::ConnectionView;
use super::whose::{Asks, Whose};
use crate::account::edit::if_match;
use crate::account::{WindowView, inputs};
use crate::apply::{Plan, SecretFiles, connection as plan};
use crate::audit::{AuditDetail, FieldChange};
use crate::document::{ConnectionDocument, WindowDocument};
use crate::engine::Engine;
use crate::texts::{Texts, connection_owner};

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
        self.change_by(Asks::in_customer(may), id, change, seen).await
    }

    pub(super) async fn change_by(
        &self,
        asks: Asks,
        id: ConnectionId,
        change: &ChangeConnection,
        seen: Option<&str>,
    ) -> Result<ConnectionView, Problem> {
        let (row, offer) = self.own_connection(asks.whose, id)?;
        if_match(seen, &row)?;
        let settings = change.configuration.is_some() || change.window.is_some();
        if settings {
            self.refuse_unmanaged(&asks, &offer)?;
        }
        // Where the settings place the platform, a credential that somebody else entered must not follow them elsewhere.
        if change.configuration.is_some() && !plan::may_replace(&row, Some(asks.by.who)) {
            return Err(ProblemCode::NotOwnCredential.into());
        }
        if let Some(label) = &change.label {
            self.check_label(asks.whose, id, label)?;
        }
        if settings {
            let document = ConnectionDocument {
                configuration: change.configuration.clone(),
                window: change.window.clone(),
                ..self.document_of(&asks, id)?
            };
            let changes = self.connection_changes(&asks, &row, change)?;
            self.plan_connection(&asks, document, ("connection.changed", changes)).await?;
            // A setting may say that it takes webhooks from now on.
            if let Some(scope) = asks.whose.customer() {
                self.keep_hook_if_any(scope, id).await;
            }
        }
        // The label comes last: where the settings are wrong, nothing of what was typed is kept.
        if let Some(label) = &change.label {
            self.relabel(&asks, id, label).await?;
        }
        self.view_by(&asks, id).await
    }

    /// Replaces the credential of a connection; only who entered the present one may.
    pub async fn replace_credential(
        &self,
        may: &Permission<kinds::CredentialsEnter>,
        id: ConnectionId,
        new: &NewCredential,
    ) -> Result<ConnectionView, Problem> {
        self.replace_by(Asks::in_customer(may), id, new).await
    }

    pub(super) async fn replace_by(
        &self,
        asks: Asks,
        id: ConnectionId,
        new: &NewCredential,
    ) -> Result<ConnectionView, Problem> {
        let (row, offer) = self.own_connection(asks.whose, id)?;
        if !plan::may_replace(&row, Some(asks.by.who)) {
            return Err(ProblemCode::NotOwnCredential.into());
        }
        self.refuse_unmanaged(&asks, &offer)?;
        let document = ConnectionDocument {
            scheme: Some(new.scheme.clone()),
            secrets: Some(texts_of(&new.secrets)),
            ..self.document_of(&asks, id)?
        };
        self.plan_connection(&asks, document, ("connection.credential_replaced", Vec::new())).await?;
        self.view_by(&asks, id).await
    }

    /// A connection of theirs; a tenant's is not a customer's to change.
    pub(crate) fn own_connection(&self, whose: Whose, id: ConnectionId) -> Result<(Connection, Integration), Problem> {
        let (row, offer) = self.seen_connection(whose, id)?;
        let is_own = (row.owner == Owner::Tenant) == matches!(whose, Whose::Tenant(_));
        if is_own { Ok((row, offer)) } else { Err(ProblemCode::Role.into()) }
    }

    /// A customer's own people connect and change what is self-managed only.
    pub(super) fn refuse_unmanaged(&self, asks: &Asks, offer: &Integration) -> Result<(), Problem> {
        if self.is_managed_by(asks.whose, asks.role, offer)? {
            return Ok(());
        }
        Err(ProblemCode::SelfManagedDenied.into())
    }

    /// Whether whoever is in this role may connect by this offer: a tenant's people any, a customer's what is self-managed.
    pub(super) fn is_managed_by(&self, whose: Whose, role: Role, offer: &Integration) -> Result<bool, Problem> {
        match whose {
            Whose::Customer(scope) if is_of_customer(role) => Ok(self.may_connect_itself(scope, offer)?),
            _ => Ok(true),
        }
    }

    async fn plan_connection(
        &self,
        asks: &Asks,
        document: ConnectionDocument,
        (act, changes): (&'static str, Vec<FieldChange>),
    ) -> Result<(), Problem> {
        let (nowhere, parts) = (SecretFiles::none(), asks.whose.parts());
        let work = async |planned: &mut Plan<'_>| plan::plan(planned, parts, &document, &nowhere, "").await;
        let detail = AuditDetail { text: document.name.clone(), changes };
        self.apply_one(parts, asks.by, (act, detail), work).await
    }

    /// What is asked to be another of a connection's settings and time; a credential is none of them.
    fn connection_changes(
        &self,
        asks: &Asks,
        row: &Connection,
        change: &ChangeConnection,
    ) -> Result<Vec<FieldChange>, Problem> {
        let zone = self.zone_of(asks.whose.tenant())?;
        let texts = Texts::new(&self.host.ring, connection_owner(row), row.id.as_bytes());
        let seen: Value = serde_json::from_slice(&texts.open("configuration", &row.configuration)?).unwrap_or_default();
        let window = change.window.as_ref().map(|window| inputs::window(window, &zone)).transpose()?;
        let window = window.map(|window| WindowView::new(window, &zone).words);
        let changes = [
            FieldChange::asked("configuration", &seen, change.configuration.as_ref()),
            FieldChange::asked("window", &WindowView::new(row.window, &zone).words, window.as_ref()),
        ];
        Ok(changes.into_iter().flatten().collect())
    }

    /// A connection as a document that changes nothing of it.
    fn document_of(&self, asks: &Asks, id: ConnectionId) -> Result<ConnectionDocument, Problem> {
        let (row, offer) = self.own_connection(asks.whose, id)?;
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

    /// Whether a connection can be called so.
    fn check_label(&self, whose: Whose, id: ConnectionId, label: &str) -> Result<(), Problem> {
        inputs::label(label)?;
        match self.connection_named(whose, label)? {
            Some(other) if other.id != *id.as_bytes() => Err(label_taken(label)),
            _ => Ok(()),
        }
    }

    async fn relabel(&self, asks: &Asks, id: ConnectionId, label: &str) -> Result<(), Problem> {
        let (whose, tenant) = (asks.whose, asks.whose.tenant());
        self.edit(|edit| {
            let before = edit.need::<Connections>(tenant, id)?;
            let texts = Texts::new(&self.host.ring, connection_owner(&before), before.id.as_bytes());
            let old = texts.open_text("label", &before.label)?;
            if old == label {
                return Ok(());
            }
            if self.read_label(edit, whose, label)?.is_some() {
                return Err(label_taken(label));
            }
            self.put_label(edit, whose, (&old, None))?;
            self.put_label(edit, whose, (label, Some(Named { id: *id.as_bytes() })))?;
            let row = Connection { label: texts.seal("label", label)?, ..before };
            edit.put::<Connections>(tenant, id, row);
            let text = format!("{label}: was {old}");
            edit.audit(self.line_about(whose, asks.by, "connection.labelled", &text)?);
            Ok(())
        })
        .await
    }
}

pub(super) fn label_taken(label: &str) -> Problem {
    Problem::from(ProblemCode::NameTaken).at("label", format!("there is a connected system `{label}`"))
}
