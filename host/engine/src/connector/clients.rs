//! One HTTP client per connection: its open connections, its session and its credentials are nobody else's.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weighbridge_egress::{
    Budget, Client, ClientCertificate, Credential, Departures, Folders, IpNet, Now, Parts, Reach, Secret, Secrets,
    Trusted,
};
use weighbridge_model::connection::Connection;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::ConnectionId;
use weighbridge_model::integration::{EgressGrant, Integration, ProxyUse};
use weighbridge_model::package::{
    AuthMethod, AuthScheme, HmacAlgorithm, HookSecret, HostPattern, HostRule, KeyEncoding, Manifest,
};
use weighbridge_model::time::Timestamp;
use weighbridge_vault::{KeyRing, Owner};
use zeroize::Zeroizing;

use super::folders;
use crate::clock::Clock;
use crate::conduct::{Held, InForce};
use crate::engine::Host;
use crate::error::EngineError;
use crate::oauth::{Leaves, WayOut};
use crate::outward::unusable;
use crate::texts::{Texts, connection_owner};

/// The clients that were made so far.
pub(crate) struct Clients {
    /// What every integration begins with.
    in_force: InForce,
    departures: Arc<Departures>,
    now: Now,
    /// Grants are kept in its store.
    host: Weak<Host>,
    opened_at: Timestamp,
    made: Mutex<BTreeMap<ConnectionId, Made>>,
}

/// A client, and what it was made of.
struct Made {
    of: Digest,
    client: Client,
    integration: Integration,
    /// How its tokens are renewed.
    leaves: Arc<RwLock<Leaves>>,
}

/// What a client is made of.
pub(crate) struct Ground<'a> {
    pub(crate) ring: &'a KeyRing,
    pub(crate) manifest: &'a Manifest,
    pub(crate) connection: &'a Connection,
    pub(crate) integration: &'a Integration,
    pub(crate) configuration: &'a Map<String, Value>,
}

/// By this name a connector checks the signatures of webhooks.
const HOOK_SCHEME: &str = "webhook";

impl Clients {
    /// None yet.
    pub(crate) fn new(in_force: InForce, departures: Arc<Departures>, clock: Arc<dyn Clock>, host: Weak<Host>) -> Self {
        let opened_at = clock.now();
        Self { in_force, departures, now: Arc::new(move || clock.now()), host, opened_at, made: Mutex::default() }
    }

    /// The host that grants are kept in.
    pub(crate) fn host(&self) -> Weak<Host> {
        Weak::clone(&self.host)
    }

    /// Since when this process alone writes the store.
    pub(crate) const fn opened_at(&self) -> Timestamp {
        self.opened_at
    }

    /// How the host gets out to where a tenant is told of events: as it does by itself, whatever any integration says.
    pub(crate) fn way_to_events(&self) -> WayOut {
        let Held { conduct, trusted } = self.in_force.now();
        self.out(Vec::new(), Leaves { trusted, proxy: conduct.outward.proxy.clone() })
    }

    /// How the host itself gets out for a connection.
    pub(crate) fn way_out(&self, ground: &Ground<'_>) -> Result<WayOut, EngineError> {
        Ok(self.out(ground.networks()?, leaves(&self.in_force.now(), ground.ring, ground.integration)?))
    }

    fn out(&self, networks: Vec<IpNet>, leaves: Leaves) -> WayOut {
        let (now, departures) = (Arc::clone(&self.now), Arc::clone(&self.departures));
        WayOut { networks, leaves: Arc::new(RwLock::new(leaves)), now, departures }
    }

    /// From now on requests of all clients leave as it is configured at this moment.
    pub(crate) fn leave_as_configured(&self, ring: &KeyRing) {
        let held = self.in_force.now();
        self.made.lock().unwrap_or_else(PoisonError::into_inner).retain(|_, made| {
            let Ok(leaves) = leaves(&held, ring, &made.integration) else {
                // The next attempt makes another, and says what is wrong.
                return false;
            };
            made.client.leave_by(leaves.trusted.clone(), leaves.proxy.clone());
            *made.leaves.write().unwrap_or_else(PoisonError::into_inner) = leaves;
            true
        });
    }

    /// The connection's client; a new one where anything it is made of has changed.
    pub(crate) fn of(&self, ground: &Ground<'_>) -> Result<Client, EngineError> {
        let hook = self.hook_credential(ground)?;
        let fingerprint = ground.fingerprint(hook.as_ref().map(|(digest, _)| digest));
        let mut clients = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let before = clients.get(&ground.connection.id);
        if let Some(made) = before.filter(|made| made.of == fingerprint) {
            return Ok(made.client.clone());
        }
        let budget = self.budget(before.map(|made| &made.client), ground.manifest);
        let way_out = self.way_out(ground)?;
        let client = ground.client(self, &way_out, budget, hook.map(|(_, credential)| credential))?;
        let (integration, leaves) = (ground.integration.clone(), way_out.leaves);
        clients.insert(ground.connection.id, Made { of: fingerprint, client: client.clone(), integration, leaves });
        Ok(client)
    }

    /// What a connector that takes webhooks checks their signatures with, and what it is known by.
    fn hook_credential(&self, ground: &Ground<'_>) -> Result<Option<(Digest, Credential)>, EngineError> {
        let (Some(webhooks), Some(host)) = (&ground.manifest.webhooks, self.host.upgrade()) else { return Ok(None) };
        let signed = match webhooks.secret {
            HookSecret::OauthClient => ground.client_secret()?,
            form => host.hook_key(ground.connection, form)?,
        };
        let Some((digest, key)) = signed else { return Ok(None) };
        let key_encoding = match webhooks.secret {
            HookSecret::Text | HookSecret::OauthClient => KeyEncoding::Text,
            HookSecret::Standard => KeyEncoding::Base64,
        };
        let apply = AuthMethod::Hmac { algorithm: HmacAlgorithm::Sha256, key_encoding, send: None };
        let (name, title) = (HOOK_SCHEME.to_owned(), String::new());
        let scheme = AuthScheme { name, title, secrets: Vec::new(), hosts: Vec::new(), apply };
        let secrets: Secrets = std::iter::once(("key".to_owned(), Secret::new(key))).collect();
        Ok(Some((digest, Credential::new(scheme, secrets, ground.configuration.clone()))))
    }

    /// What was sent under the settings of before counts on.
    fn budget(&self, before: Option<&Client>, manifest: &Manifest) -> Budget {
        let Some(before) = before else { return Budget::new(&manifest.rate_limits, Arc::clone(&self.departures)) };
        before.budget().limit(&manifest.rate_limits);
        before.budget().clone()
    }

    /// Forgets a connection that is deleted, and with its client the secrets in it.
    pub(crate) fn forget(&self, connection: ConnectionId) {
        self.made.lock().unwrap_or_else(PoisonError::into_inner).remove(&connection);
    }

    /// Why the platform refused the connection's sign-in, if it did.
    pub(crate) fn sign_in_refused(&self, connection: ConnectionId) -> Option<String> {
        let clients = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        clients.get(&connection)?.client.sign_in_refused()
    }
}

impl Ground<'_> {
    fn fingerprint(&self, hook: Option<&Digest>) -> Digest {
        let secrets = self.connection.secrets.as_ref().map(|sealed| *sealed.digest().as_bytes());
        let scheme = self.connection.scheme.as_ref().map(|scheme| scheme.as_str()).unwrap_or_default();
        let (configuration, grant) = (self.connection.configuration.digest(), self.integration.grant.digest());
        let client = self.integration.oauth_client.as_ref().map(|sealed| *sealed.digest().as_bytes());
        let sealed = [&self.integration.authorities, &self.integration.client_certificate];
        let sealed = sealed.map(|sealed| sealed.as_ref().map(|sealed| *sealed.digest().as_bytes()));
        let [authorities, certificate] = &sealed;
        let parts: [&[u8]; 10] = [
            hook.map_or(&[], |digest| digest.as_bytes().as_slice()),
            client.as_ref().map_or(&[], |digest| digest.as_slice()),
            &self.manifest.to_canonical_json(),
            configuration.as_bytes(),
            grant.as_bytes(),
            secrets.as_ref().map_or(&[], |digest| digest.as_slice()),
            scheme.as_bytes(),
            authorities.as_ref().map_or(&[], |digest| digest.as_slice()),
            certificate.as_ref().map_or(&[], |digest| digest.as_slice()),
            self.integration.proxy.word().as_bytes(),
        ];
        Digest::of_parts("weighbridge client", &parts)
    }

    fn client(
        &self,
        clients: &Clients,
        way_out: &WayOut,
        budget: Budget,
        hook: Option<Credential>,
    ) -> Result<Client, EngineError> {
        let mut parts = Parts { budget, ..way_out.parts(self.reach()?) };
        let credential = self.credential()?.map(|credential| self.with_grant(clients, way_out, credential));
        parts.credentials = credential.transpose()?.into_iter().chain(hook).collect();
        Ok(Client::new(parts))
    }

    /// A client that can be told to connect and has no credential.
    pub(crate) fn bare_client(&self, clients: &Clients) -> Result<Client, EngineError> {
        Ok(Client::new(clients.way_out(self)?.parts(self.reach()?)))
    }

    /// What the manifest asks for, as far as the integration grants it. A pattern that names a setting which is not
    /// configured admits nothing.
    pub(crate) fn reach(&self) -> Result<Reach, EngineError> {
        let grant = self.grant()?;
        let expand = |pattern: &HostPattern| pattern.expand(self.configuration).ok();
        let manifest: Vec<HostRule> = self.manifest.hosts.iter().filter_map(expand).collect();
        let granted = grant.hosts.iter().filter_map(|text| expand(&HostPattern::parse(text).ok()?)).collect();
        let networks = networks(&grant)?;
        Ok(Reach { manifest, granted: (!grant.hosts.is_empty()).then_some(granted), networks })
    }

    /// The folders of this host that a guest is given; none of them is the host's `own`.
    pub(crate) fn folders(&self, own: Option<&Path>) -> Result<Folders, EngineError> {
        folders::granted(self.manifest, &self.grant()?, own)
    }

    fn networks(&self) -> Result<Vec<IpNet>, EngineError> {
        networks(&self.grant()?)
    }

    fn grant(&self) -> Result<EgressGrant, EngineError> {
        let texts = integration_texts(self.ring, self.integration);
        serde_json::from_slice(&texts.open("grant", &self.integration.grant)?)
            .map_err(|error| EngineError::Egress(error.to_string()))
    }

    fn credential(&self) -> Result<Option<Credential>, EngineError> {
        let Some(name) = &self.connection.scheme else { return Ok(None) };
        let Some(scheme) = self.manifest.scheme(name.as_str()) else { return Ok(None) };
        let mut secrets: BTreeMap<String, String> = BTreeMap::new();
        if let Some(sealed) = &self.connection.secrets {
            let texts = Texts::new(self.ring, connection_owner(self.connection), self.connection.id.as_bytes());
            secrets = serde_json::from_slice(&texts.open("secrets", sealed)?)
                .map_err(|error| EngineError::Egress(error.to_string()))?;
        }
        let secrets: Secrets = secrets.into_iter().map(|(name, text)| (name, Secret::new(text))).collect();
        Ok(Some(Credential::new(scheme.clone(), secrets, self.configuration.clone())))
    }
}

/// How requests of an integration's connections leave.
fn leaves(held: &Held, ring: &KeyRing, integration: &Integration) -> Result<Leaves, EngineError> {
    let proxy = match integration.proxy {
        ProxyUse::Configured => held.conduct.outward.proxy.clone(),
        ProxyUse::Direct => None,
    };
    Ok(Leaves { trusted: trusted(held, ring, integration)?, proxy })
}

/// What the host believes, and what the integration adds; and what it shows of itself.
fn trusted(held: &Held, ring: &KeyRing, integration: &Integration) -> Result<Trusted, EngineError> {
    if integration.authorities.is_none() && integration.client_certificate.is_none() {
        return Ok(held.trusted.clone());
    }
    let texts = integration_texts(ring, integration);
    let own = integration.authorities.as_ref().map(|sealed| texts.open("authorities", sealed)).transpose()?;
    let host = held.conduct.outward.authorities.as_deref();
    let bundles: Vec<&[u8]> = host.into_iter().chain(own.as_ref().map(|pem| pem.as_slice())).collect();
    let shown = client_certificate(ring, integration)?;
    let shown = shown.as_ref().map(ShownCertificate::parts);
    Trusted::with(&bundles, shown).map_err(unusable)
}

/// The texts of an integration.
pub(crate) fn integration_texts<'a>(ring: &'a KeyRing, integration: &'a Integration) -> Texts<'a> {
    Texts::new(ring, Owner::Tenant(integration.tenant), integration.id.as_bytes())
}

/// What an integration shows to platforms that ask who is there, in the clear for as long as it is used.
#[derive(Serialize, Deserialize)]
pub(crate) struct ShownCertificate {
    pub(crate) certificate: String,
    pub(crate) key: Zeroizing<String>,
}

impl ShownCertificate {
    pub(crate) fn parts(&self) -> ClientCertificate<'_> {
        ClientCertificate { certificate: self.certificate.as_bytes(), key: self.key.as_bytes() }
    }
}

/// The certificate of an integration, if it has one.
pub(crate) fn client_certificate(
    ring: &KeyRing,
    integration: &Integration,
) -> Result<Option<ShownCertificate>, EngineError> {
    let Some(sealed) = &integration.client_certificate else { return Ok(None) };
    let json = integration_texts(ring, integration).open("client_certificate", sealed)?;
    serde_json::from_slice(&json).map(Some).map_err(unusable)
}

fn networks(grant: &EgressGrant) -> Result<Vec<IpNet>, EngineError> {
    grant.networks.iter().map(|text| network(text).map_err(EngineError::Egress)).collect()
}

/// A network such as `10.1.0.0/16`.
pub(crate) fn network(text: &str) -> Result<IpNet, String> {
    text.parse().map_err(|_| format!("`{text}` is no network; write one such as 10.1.0.0/16 or 127.0.0.1/32"))
}
