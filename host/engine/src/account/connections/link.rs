//! Connect links: one customer, one offer, seven days, one use, and nobody has to sign in here.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weighbridge_model::access::{ActorRef, Permission, Role, Who, kinds};
use weighbridge_model::connection::ConnectionState;
use weighbridge_model::id::{ConnectLinkId, ConnectionId, IntegrationId};
use weighbridge_model::people::ConnectLink;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Status;
use weighbridge_store::tables::{ConnectLinkHashes, ConnectLinkOf, ConnectLinks, Connections, Customers, Tenants};
use weighbridge_store::{CustomerScope, HostScope};

use super::connect::NewConnection;
use super::platforms::PlatformView;
use super::sign_in::SentAway;
use super::view::ConnectionView;
use super::whose::Whose;
use crate::account::{At, Page};
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::mail::{self, Mailed, Words};
use crate::people::secret::{self, SecretKind};
use crate::people::{House, Naming, Reader, ShownOnce};

/// A link to be made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// The offer that is connected on it.
    pub integration: IntegrationId,
    /// The address to which it is mailed, where it is to be.
    #[serde(default)]
    pub email: Option<String>,
}

/// A link, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LinkView {
    /// Its id.
    pub id: ConnectLinkId,
    /// By which offer.
    pub integration: IntegrationId,
    /// What that is called.
    pub integration_name: String,
    /// How it stands: `open`, `used` or `ended`.
    pub status: String,
    /// When it was made.
    pub made_at: At,
    /// Who made it: an id, or `operator`.
    pub made_by: String,
    /// What they are called, as far as whoever asks may know it.
    pub made_by_name: Option<String>,
    /// Whether they are not here any more.
    pub made_by_removed: bool,
    /// When it ends.
    pub ends_at: At,
    /// What was connected on it.
    pub connection: Option<ConnectionId>,
}

/// A new link; its secret is shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LinkMade {
    /// The link.
    pub link: LinkView,
    /// Its secret.
    pub secret: ShownOnce,
    /// Its address, where a host serves one.
    pub address: Option<ShownOnce>,
    /// What became of the mail with the link, where an address was named.
    pub mail: Option<Mailed>,
}

/// What whoever holds a link sees.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct LinkPage {
    /// The organisation that sent it.
    pub tenant: String,
    /// The customer that it is for.
    pub customer: String,
    /// The platform.
    pub platform: PlatformView,
    /// When the link ends.
    pub ends_at: At,
}

/// What whoever holds a link enters.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UseLink {
    /// The secret of the link.
    pub link: String,
    /// The settings, as the platform's form asks for them.
    #[serde(default)]
    pub configuration: Map<String, Value>,
    /// How to sign in.
    #[serde(default)]
    pub scheme: Option<String>,
    /// The secrets that this way asks for, by name.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
    /// What it is called.
    #[serde(default)]
    pub label: Option<String>,
}

impl std::fmt::Debug for UseLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("UseLink(..)")
    }
}

/// What came of using a link.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct UsedLink {
    /// What was connected.
    pub connection: ConnectionView,
    /// Where the person goes on, where the platform has a sign-in of its own.
    pub sign_in: Option<SentAway>,
}

/// How long a link is good.
const LINK_MS: i64 = 7 * 24 * 3_600_000;
/// Links read in one view of the store.
const STEP: usize = 1_000;

impl Engine {
    /// Makes a link on which somebody connects a system for a customer.
    pub async fn create_connect_link(
        &self,
        may: &Permission<kinds::ConnectLinksChange>,
        new: &NewLink,
    ) -> Result<LinkMade, Problem> {
        let scope = CustomerScope::of(may);
        self.offer(Whose::Customer(scope), new.integration)?;
        let email = new.email.as_deref().map(mail::address).transpose()?;
        let (secret, now) = (secret::new(SecretKind::Connect)?, self.host.now());
        let hash = secret::hash(SecretKind::Connect, &secret).ok_or(ProblemCode::Fault)?;
        let row = ConnectLink {
            id: ConnectLinkId::new(now, chance::bytes()?),
            customer: scope.id(),
            integration: new.integration,
            made_by: may.by(),
            made_at: now,
            ends_at: now.plus_millis(LINK_MS),
            hash,
            connection: None,
            used_at: None,
        };
        let view = self.link_view(scope, &row, Reader::of(may.actor()))?;
        self.edit(|edit| {
            let of = ConnectLinkOf { tenant: scope.tenant_id(), link: row.id };
            edit.put::<ConnectLinkHashes>(HostScope::new(), hash, of);
            edit.put::<ConnectLinks>(scope.tenant(), row.id, row.clone());
            let text = format!("{}: link {}", view.integration_name, row.id);
            edit.audit(self.audit_customer(scope, may.by(), "connect_link.created", text.as_str().into())?);
            Ok(())
        })
        .await?;
        let page = |host: &str| format!("{host}/connect/{}", *secret);
        let (tenant, customer) = (self.tenant_name(scope.tenant())?, self.house_name(House::Customer(scope))?);
        let words = |host: &str| Words::connect(&tenant, &customer, &view.integration_name, &page(host));
        let mail = email.map(|email| self.mail(email, words));
        let address = self.public_address().map(page).map(ShownOnce::from);
        Ok(LinkMade { link: view, secret: secret.into(), address, mail })
    }

    /// The links that were made for a customer.
    pub fn connect_links(&self, may: &Permission<kinds::ConnectLinksRead>) -> Result<Page<LinkView>, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        let rows = self.links_of(scope)?;
        let items = rows
            .iter()
            .map(|row| self.link_view(scope, row, Reader::of(may.actor())))
            .collect::<Result<_, EngineError>>()?;
        Ok(Page { items, next: None })
    }

    /// All links that were made for a customer: they stand among those of the whole tenant.
    pub(crate) fn links_of(&self, scope: CustomerScope) -> Result<Vec<ConnectLink>, EngineError> {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let rows = self.host.store.read(|tx| tx.scan::<ConnectLinks>(&scope.tenant(), after.as_ref(), STEP))?;
            let Some((last, _)) = rows.last() else { return Ok(found) };
            after = Some(*last);
            found.extend(rows.into_iter().map(|(_, row)| row).filter(|row| row.customer == scope.id()));
        }
    }

    /// Takes a link back that was not used.
    pub async fn withdraw_connect_link(
        &self,
        may: &Permission<kinds::ConnectLinksChange>,
        id: ConnectLinkId,
    ) -> Result<LinkView, Problem> {
        let scope = CustomerScope::of(may);
        let row = self
            .edit(|edit| {
                let mut row = edit.need::<ConnectLinks>(scope.tenant(), id)?;
                if row.customer != scope.id() {
                    return Err(ProblemCode::NotThere.into());
                }
                row.ends_at = row.ends_at.min(self.host.now());
                edit.put::<ConnectLinks>(scope.tenant(), id, row.clone());
                let text = format!("link {id}");
                edit.audit(self.audit_customer(scope, may.by(), "connect_link.withdrawn", text.as_str().into())?);
                Ok(row)
            })
            .await?;
        Ok(self.link_view(scope, &row, Reader::of(may.actor()))?)
    }

    /// What whoever holds a link sees before they connect anything.
    pub async fn connect_page(&self, link: &str) -> Result<LinkPage, Problem> {
        let (scope, row) = self.open_link(link)?;
        let offer = self.offer(Whose::Customer(scope), row.integration)?;
        let manifest = self.manifest_of(&offer).await?;
        let (customer, zone) = self.customer_and_zone(scope)?;
        Ok(LinkPage {
            tenant: self.tenant_name(scope.tenant())?,
            customer: self.customer_view(scope, &customer, &zone)?.name,
            platform: self.platform_view(&offer, &manifest, true, false)?,
            ends_at: At(row.ends_at),
        })
    }

    /// Connects a system by a link. A link whose person has to sign in at the platform may be used until they did.
    pub async fn use_connect_link(&self, used: &UseLink) -> Result<UsedLink, Problem> {
        // One at a time, so that a link which is used twice at once connects one system.
        let _one_at_a_time = self.host.linking.lock().await;
        let (scope, row) = self.open_link(&used.link)?;
        let by = ActorRef { who: Who::Link(row.id), role: Some(Role::CustomerAdmin), acting_in: None };
        let offer = self.offer(Whose::Customer(scope), row.integration)?;
        let id = match row.connection {
            Some(id) => id,
            None => {
                let new = NewConnection {
                    integration: row.integration,
                    label: used.label.clone(),
                    configuration: used.configuration.clone(),
                    scheme: used.scheme.clone(),
                    secrets: used.secrets.clone(),
                    switch: None,
                    window: None,
                };
                let id = self.connect_as(Whose::Customer(scope), by, &offer, &new).await?;
                self.note_link(scope, row.id, |row| row.connection = Some(id)).await?;
                id
            }
        };
        let connection = self.host.store.read(|tx| tx.need::<Connections>(&scope.tenant(), &id));
        let waits = connection.map_err(EngineError::from)?.state == ConnectionState::NeedsSignIn;
        let sign_in = if waits { Some(self.send_away(scope.tenant(), id, by).await?) } else { None };
        if sign_in.is_none() {
            let now = self.host.now();
            self.note_link(scope, row.id, move |row| row.used_at = Some(now)).await?;
        }
        let connection = self.connection_view(scope, id, Role::CustomerAdmin).await?;
        Ok(UsedLink { connection, sign_in })
    }

    async fn note_link(
        &self,
        scope: CustomerScope,
        id: ConnectLinkId,
        note: impl Fn(&mut ConnectLink),
    ) -> Result<(), Problem> {
        self.edit(|edit| {
            let mut row = edit.need::<ConnectLinks>(scope.tenant(), id)?;
            note(&mut row);
            edit.put::<ConnectLinks>(scope.tenant(), id, row);
            Ok(())
        })
        .await
    }

    /// A link that can be used. What was connected on it and is in order by now has used it up.
    fn open_link(&self, link: &str) -> Result<(CustomerScope, ConnectLink), Problem> {
        let hash = secret::hash(SecretKind::Connect, link).ok_or(ProblemCode::LinkOver)?;
        let (host, now) = (HostScope::new(), self.host.now());
        let found = self.host.store.read(|tx| {
            let Some(of) = tx.get::<ConnectLinkHashes>(&host, &hash)? else { return Ok(None) };
            let tenant = host.tenant(of.tenant);
            let Some(row) = tx.get::<ConnectLinks>(&tenant, &of.link)? else { return Ok(None) };
            let connection = match &row.connection {
                Some(id) => tx.get::<Connections>(&tenant, id)?,
                None => None,
            };
            let is_in_business = tx.need::<Tenants>(&tenant, &())?.status == Status::Active;
            let is_leaving = tx.need::<Customers>(&tenant, &row.customer)?.status.is_leaving();
            Ok((is_in_business && !is_leaving).then(|| (tenant.customer(row.customer), row, connection)))
        });
        let (scope, row, connection) = found.map_err(EngineError::from)?.ok_or(ProblemCode::LinkOver)?;
        let is_done = match (&row.connection, connection) {
            (None, _) => false,
            (Some(_), Some(connection)) => connection.state != ConnectionState::NeedsSignIn,
            (Some(_), None) => true,
        };
        if row.used_at.is_some() || row.ends_at <= now || is_done {
            return Err(ProblemCode::LinkOver.into());
        }
        Ok((scope, row))
    }

    fn link_view(&self, scope: CustomerScope, row: &ConnectLink, reader: Reader) -> Result<LinkView, EngineError> {
        let made = Naming::new(self, scope.tenant(), reader).call(row.made_by, Some(scope.id()))?;
        let offer = self
            .host
            .store
            .read(|tx| tx.need::<weighbridge_store::tables::Integrations>(&scope.tenant(), &row.integration))?;
        let texts = crate::connector::integration_texts(&self.host.ring, &offer);
        let status = match (row.used_at, row.ends_at <= self.host.now()) {
            (Some(_), _) => "used",
            (None, true) => "ended",
            (None, false) => "open",
        };
        Ok(LinkView {
            id: row.id,
            integration: row.integration,
            integration_name: texts.open_text("name", &offer.name)?,
            status: status.to_owned(),
            made_at: At(row.made_at),
            made_by: made.word,
            made_by_name: made.name,
            made_by_removed: made.removed,
            ends_at: At(row.ends_at),
            connection: row.connection,
        })
    }
}
