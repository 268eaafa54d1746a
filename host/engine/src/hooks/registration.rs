//! Make the hook of a connection, and have its connector tell the platform: when it is on, when it is off, and where it is.

use data_encoding::{BASE32HEX_NOPAD, BASE64, HEXLOWER};
use weighbridge_model::access::ActorRef;
use weighbridge_model::connection::{Connection, Owner};
use weighbridge_model::digest::Digest;
use weighbridge_model::gate::{Level, Refusal};
use weighbridge_model::hook::{Hook, HookNews, HookOf, HookTold};
use weighbridge_model::id::ConnectionId;
use weighbridge_model::package::{HookSecret, Manifest, Webhooks};
use weighbridge_model::problem::Problem;
use weighbridge_sandbox::Lifecycle;
use weighbridge_store::tables::{Connections, HookHashes, Hooks, Marked, OpenHooks};
use weighbridge_store::verbs::{self, HookGate};
use weighbridge_store::{CustomerScope, HostScope, TxError};
use zeroize::Zeroizing;

use crate::chance;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::texts::{Texts, connection_owner};

/// What stands before a secret of the Standard Webhooks specification.
const PREFIX: &str = "whsec_";
/// Behind the public address, and before what nobody guesses.
pub(super) const PATH: &str = "/hooks/v1/";
/// The first wait after a connector could not be told; it doubles with each further one.
const PATIENCE_MS: i64 = 60_000;
/// It doubles so often at most, to about eight hours.
const DOUBLINGS_MAX: u32 = 9;

/// What is new in a hook's row when it gets an address.
pub(super) struct Keys {
    pub(super) address: Zeroizing<String>,
    pub(super) secret: Zeroizing<String>,
}

impl Keys {
    pub(super) fn new(form: HookSecret) -> Result<Self, EngineError> {
        let address = BASE32HEX_NOPAD.encode(&chance::bytes::<16>()?).to_ascii_lowercase();
        let key = Zeroizing::new(chance::bytes::<32>()?);
        let secret = match form {
            // A client's secret is the platform's to give; what is made here in its place signs nothing.
            HookSecret::Text | HookSecret::OauthClient => HEXLOWER.encode(&*key),
            HookSecret::Standard => format!("{PREFIX}{}", BASE64.encode(&*key)),
        };
        Ok(Self { address: Zeroizing::new(address), secret: Zeroizing::new(secret) })
    }

    /// The hash under which the address is found.
    pub(super) fn hash(&self) -> Digest {
        Digest::of(self.address.as_bytes())
    }

    /// A hook with these, or the same hook with them in the place of the ones before.
    pub(super) fn hook(&self, host: &Host, connection: &Connection, before: Option<Hook>) -> Result<Hook, EngineError> {
        let texts = host.hook_texts(connection);
        let (address, hash) = (texts.seal(ADDRESS, self.address.as_bytes())?, self.hash());
        let (secret, made_at) = (texts.seal(SECRET, self.secret.as_bytes())?, host.now());
        Ok(match before {
            Some(before) => Hook { address, hash, secret, made_at, told: HookTold::default(), ..before },
            None => Hook {
                address,
                hash,
                secret,
                made_at,
                told: HookTold::default(),
                next: 1,
                waiting: 0,
                waiting_bytes: 0,
                last_at: None,
                taken: 0,
                unverified: 0,
                unverified_at: None,
            },
        })
    }
}

/// Who signs in anew is told at once, however often that could not be done before.
pub(crate) fn tell_at_once(tx: &mut weighbridge_store::Tx<'_>, connection: &Connection) -> Result<(), TxError> {
    let Owner::Customer(customer) = connection.owner else { return Ok(()) };
    let scope = HostScope::new().tenant(connection.tenant).customer(customer);
    let Some(hook) = tx.get::<Hooks>(&scope, &connection.id)? else { return Ok(()) };
    let told = HookTold { of: hook.told.of, ..HookTold::default() };
    tx.put::<Hooks>(&scope, &connection.id, &Hook { told, ..hook })
}

const ADDRESS: &str = "hook address";
const SECRET: &str = "hook secret";

impl Host {
    fn hook_texts<'a>(&'a self, connection: &'a Connection) -> Texts<'a> {
        Texts::new(&self.ring, connection_owner(connection), connection.id.as_bytes())
    }

    /// How a connection takes webhooks, by its connector and its settings; none where it takes none.
    pub(super) fn webhooks_of(
        &self,
        connection: &Connection,
        manifest: &Manifest,
    ) -> Result<Option<Webhooks>, EngineError> {
        let configuration = self.hook_texts(connection).open("configuration", &connection.configuration)?;
        let configuration =
            serde_json::from_slice(&configuration).map_err(|error| EngineError::Egress(error.to_string()))?;
        Ok(manifest.webhooks_of(&configuration).cloned())
    }

    fn hook_of(&self, connection: &Connection) -> Result<Option<Hook>, EngineError> {
        let Owner::Customer(customer) = connection.owner else { return Ok(None) };
        let scope = HostScope::new().tenant(connection.tenant).customer(customer);
        Ok(self.store.read(|tx| tx.get::<Hooks>(&scope, &connection.id))?)
    }

    /// Where a connection's platform reaches it; nothing before it has a hook, or this host an address.
    pub(crate) fn hook_address(&self, connection: &Connection) -> Result<Option<String>, EngineError> {
        match self.hook_of(connection)? {
            Some(hook) if self.public_address().is_some() => self.shown_address(connection, &hook).map(Some),
            _ => Ok(None),
        }
    }

    /// The same for people; without this host's own address where that is not known.
    pub(super) fn shown_address(&self, connection: &Connection, hook: &Hook) -> Result<String, EngineError> {
        let end = self.hook_texts(connection).open_text(ADDRESS, &hook.address)?;
        Ok(format!("{}{PATH}{end}", self.public_address().unwrap_or_default()))
    }

    /// What the signatures of a hook are checked with, as the connector's scheme reads it, and what that is known by.
    pub(crate) fn hook_key(
        &self,
        connection: &Connection,
        form: HookSecret,
    ) -> Result<Option<(Digest, String)>, EngineError> {
        let Some(hook) = self.hook_of(connection)? else { return Ok(None) };
        let secret = self.hook_texts(connection).open_text(SECRET, &hook.secret)?;
        let key = match form {
            HookSecret::Text | HookSecret::OauthClient => secret,
            HookSecret::Standard => secret.strip_prefix(PREFIX).unwrap_or(&secret).to_owned(),
        };
        Ok(Some((hook.secret.digest(), key)))
    }
}

impl Engine {
    /// Makes the hook of a customer's own connection where its connector takes webhooks; has the connector told soon.
    pub(crate) async fn keep_hook(&self, scope: CustomerScope, id: ConnectionId) -> Result<(), EngineError> {
        let gate = self.host.store.read(|tx| verbs::hook_gate(tx, scope, id, self.host.now()))?;
        let Some(HookGate { connection, integration, .. }) = gate else { return Ok(()) };
        let Ok(manifest) = self.manifest_of(&integration).await else { return Ok(()) };
        let Some(webhooks) = self.host.webhooks_of(&connection, &manifest)? else { return Ok(()) };
        let keys = Keys::new(webhooks.secret)?;
        let (hook, hash) = (keys.hook(&self.host, &connection, None)?, keys.hash());
        let label = self.hook_label(&connection)?;
        let line = self.audit_customer(scope, ActorRef::HOST, "hook.made", label.as_str().into())?;
        let of = HookOf { tenant: scope.tenant_id(), customer: scope.id(), connection: id };
        let make = move |tx: &mut weighbridge_store::Tx<'_>| {
            if tx.get::<Connections>(&scope.tenant(), &id)?.is_none() {
                return Ok(());
            }
            tx.put::<OpenHooks>(&HostScope::new(), &(of.tenant, of.customer, id), &Marked {})?;
            if tx.get::<Hooks>(&scope, &id)?.is_some() {
                return Ok(());
            }
            tx.put::<HookHashes>(&HostScope::new(), &hash, &of)?;
            tx.put::<Hooks>(&scope, &id, &hook)?;
            line.write(tx)
        };
        self.host.store.write(make).await?;
        Ok(())
    }

    /// The same where it may fail without anybody's change being undone; it is made up for within the hour.
    pub(crate) async fn keep_hook_if_any(&self, scope: CustomerScope, id: ConnectionId) {
        if let Err(error) = self.keep_hook(scope, id).await {
            tracing::error!(%error, connection = %id, "a hook could not be made");
            return;
        }
        if self.public_address().is_some() {
            let engine = self.clone();
            tokio::spawn(async move {
                if let Err(error) = engine.tell_hook(scope, id).await {
                    tracing::error!(%error, connection = %id, "a connector could not be told of its hook");
                }
            });
        }
    }

    /// Makes the hooks that are missing, of connections that documents made and of versions that came to take webhooks.
    pub(crate) async fn make_hooks(&self) -> Result<(), EngineError> {
        const STEP: usize = 500;
        let mut after = None;
        loop {
            let keys = self.host.store.read(|tx| tx.keys::<Connections>(HostScope::new(), after.as_ref(), STEP))?;
            for (tenant, id) in &keys {
                let row = self.host.store.read(|tx| tx.get::<Connections>(tenant, id))?;
                if let Some(Owner::Customer(customer)) = row.map(|row| row.owner) {
                    self.keep_hook(tenant.customer(customer), *id).await?;
                }
            }
            after = keys.last().copied();
            if keys.len() < STEP {
                return Ok(());
            }
        }
    }

    /// Has the connector do at the platform what follows from the switch, once this host has an address; again until it is done.
    pub(super) async fn tell_hook(&self, scope: CustomerScope, id: ConnectionId) -> Result<(), EngineError> {
        let now = self.host.now();
        let found =
            self.host.store.read(|tx| Ok((tx.get::<Hooks>(&scope, &id)?, verbs::hook_gate(tx, scope, id, now)?)))?;
        let (Some(hook), Some(gate)) = found else { return Ok(()) };
        let news = hook.news(&gate.connection);
        let waits = hook.told.again_at.is_some_and(|at| now < at);
        if hook.told.of == Some(news)
            || waits
            || self.public_address().is_none()
            || !may_tell(news, gate.refusal.as_ref())
        {
            return Ok(());
        }
        // What was never told that it is on has nothing to take back.
        let told = if hook.told.of.is_none() && news == HookNews::Off {
            Ok(false)
        } else {
            let event = if news == HookNews::Off { Lifecycle::Disabled } else { Lifecycle::Enabled };
            self.host.tell_connector(scope, id, event).await
        };
        let told = match told {
            Ok(_) => HookTold { of: Some(news), ..HookTold::default() },
            Err(code) => {
                let again = now.plus_millis(PATIENCE_MS << hook.told.failures.min(DOUBLINGS_MAX));
                let failures = hook.told.failures.saturating_add(1);
                HookTold { of: hook.told.of, failures, code: Some(code), again_at: Some(again) }
            }
        };
        let seen = hook.hash;
        let write = move |tx: &mut weighbridge_store::Tx<'_>| match tx.get::<Hooks>(&scope, &id)? {
            Some(row) if row.hash == seen => tx.put::<Hooks>(&scope, &id, &Hook { told: told.clone(), ..row }),
            _ => Ok(()),
        };
        self.host.store.write(write).await?;
        Ok(())
    }

    /// Nothing needs to look at a hook at which nothing waits, and whose connector was told.
    pub(super) async fn close_hook(&self, scope: CustomerScope, id: ConnectionId) -> Result<(), EngineError> {
        let close = move |tx: &mut weighbridge_store::Tx<'_>| {
            let connection = tx.get::<Connections>(&scope.tenant(), &id)?;
            let hook = tx.get::<Hooks>(&scope, &id)?;
            let is_open = hook
                .zip(connection)
                .is_some_and(|(hook, connection)| hook.waiting > 0 || hook.told.of != Some(hook.news(&connection)));
            if is_open {
                return Ok(());
            }
            tx.remove::<OpenHooks>(&HostScope::new(), &(scope.tenant_id(), scope.id(), id))
        };
        self.host.store.write(close).await?;
        Ok(())
    }

    /// Writes down how many calls did not prove to be their platform's.
    pub(super) async fn note_unverified(&self) -> Result<(), EngineError> {
        let now = self.host.now();
        for ((scope, id), count) in self.host.unverified.take() {
            let note = move |tx: &mut weighbridge_store::Tx<'_>| match tx.get::<Hooks>(&scope, &id)? {
                Some(row) => {
                    let unverified = row.unverified + count;
                    tx.put::<Hooks>(&scope, &id, &Hook { unverified, unverified_at: Some(now), ..row })
                }
                None => Ok(()),
            };
            self.host.store.write(note).await?;
        }
        Ok(())
    }

    pub(super) fn hook_label(&self, connection: &Connection) -> Result<String, EngineError> {
        let texts = Texts::new(&self.host.ring, connection_owner(connection), connection.id.as_bytes());
        texts.open_text("label", &connection.label)
    }

    /// Tells the connector that a connection goes, once, and forgets the hook with all that waits there.
    pub(crate) async fn leave_hook(&self, scope: CustomerScope, id: ConnectionId) -> Result<Option<String>, Problem> {
        let found = self.host.store.read(|tx| tx.get::<Hooks>(&scope, &id)).map_err(EngineError::from)?;
        let Some(hook) = found else { return Ok(None) };
        let told = match self.host.tell_connector(scope, id, Lifecycle::Deleted).await {
            Ok(_) => "told".to_owned(),
            Err(code) => code.to_string(),
        };
        Ok(Some(format!("webhooks {told}, {} deliveries dropped", hook.waiting)))
    }
}

/// That it is on is told where it may be used, that it is off also where only the connection's own level says no.
fn may_tell(news: HookNews, refusal: Option<&Refusal>) -> bool {
    match (news, refusal) {
        (_, None) => true,
        (HookNews::Off, Some(refusal)) => refusal.place.level == Level::Connection,
        (HookNews::On(_), Some(_)) => false,
    }
}
