//! One HTTP client per connection: its open connections, its session and its credentials are nobody else's.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use serde_json::{Map, Value};
use weighbridge_egress::{Client, Credential, IpNet, Now, Parts, Reach, Secret, Secrets, Trusted};
use weighbridge_model::connection::Connection;
use weighbridge_model::digest::Digest;
use weighbridge_model::id::ConnectionId;
use weighbridge_model::integration::{EgressGrant, Integration};
use weighbridge_model::package::{HostPattern, HostRule, Manifest};
use weighbridge_model::time::Timestamp;
use weighbridge_vault::{KeyRing, Owner};

use crate::clock::Clock;
use crate::engine::Host;
use crate::error::EngineError;
use crate::oauth::WayOut;
use crate::texts::{Texts, connection_owner};

/// The clients that were made so far.
pub(crate) struct Clients {
    trusted: Trusted,
    now: Now,
    /// Grants are kept in its store.
    host: Weak<Host>,
    opened_at: Timestamp,
    /// Each with what it was made of.
    made: Mutex<BTreeMap<ConnectionId, (Digest, Client)>>,
}

/// What a client is made of.
pub(crate) struct Ground<'a> {
    pub(crate) ring: &'a KeyRing,
    pub(crate) manifest: &'a Manifest,
    pub(crate) connection: &'a Connection,
    pub(crate) integration: &'a Integration,
    pub(crate) configuration: &'a Map<String, Value>,
}

impl Clients {
    /// None yet.
    pub(crate) fn new(trusted: Trusted, clock: Arc<dyn Clock>, host: Weak<Host>) -> Self {
        let opened_at = clock.now();
        Self { trusted, now: Arc::new(move || clock.now()), host, opened_at, made: Mutex::default() }
    }

    /// The host that grants are kept in.
    pub(crate) fn host(&self) -> Weak<Host> {
        Weak::clone(&self.host)
    }

    /// Since when this process alone writes the store.
    pub(crate) const fn opened_at(&self) -> Timestamp {
        self.opened_at
    }

    /// How the host itself gets out for a connection.
    pub(crate) fn way_out(&self, ground: &Ground<'_>) -> Result<WayOut, EngineError> {
        Ok(WayOut { networks: ground.networks()?, trusted: self.trusted.clone(), now: Arc::clone(&self.now) })
    }

    /// The connection's client; a new one where anything it is made of has changed.
    pub(crate) fn of(&self, ground: &Ground<'_>) -> Result<Client, EngineError> {
        let fingerprint = ground.fingerprint();
        let mut clients = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, client)) = clients.get(&ground.connection.id)
            && *known == fingerprint
        {
            return Ok(client.clone());
        }
        let client = ground.client(self)?;
        clients.insert(ground.connection.id, (fingerprint, client.clone()));
        Ok(client)
    }

    /// Why the platform refused the connection's sign-in, if it did.
    pub(crate) fn sign_in_refused(&self, connection: ConnectionId) -> Option<String> {
        let clients = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        clients.get(&connection)?.1.sign_in_refused()
    }
}

impl Ground<'_> {
    fn fingerprint(&self) -> Digest {
        let secrets = self.connection.secrets.as_ref().map(|sealed| *sealed.digest().as_bytes());
        let scheme = self.connection.scheme.as_ref().map(|scheme| scheme.as_str()).unwrap_or_default();
        let (configuration, grant) = (self.connection.configuration.digest(), self.integration.grant.digest());
        let client = self.integration.oauth_client.as_ref().map(|sealed| *sealed.digest().as_bytes());
        let parts: [&[u8]; 6] = [
            client.as_ref().map_or(&[], |digest| digest.as_slice()),
            &self.manifest.to_canonical_json(),
            configuration.as_bytes(),
            grant.as_bytes(),
            secrets.as_ref().map_or(&[], |digest| digest.as_slice()),
            scheme.as_bytes(),
        ];
        Digest::of_parts("weighbridge client", &parts)
    }

    fn client(&self, clients: &Clients) -> Result<Client, EngineError> {
        let mut parts = Parts::new(self.reach()?, clients.trusted.clone(), Arc::clone(&clients.now));
        let credential = self.credential()?.map(|credential| self.with_grant(clients, credential));
        parts.credentials = credential.transpose()?.into_iter().collect();
        Ok(Client::new(parts))
    }

    /// What the manifest asks for, as far as the integration grants it. A pattern that names a setting which is not
    /// configured admits nothing.
    fn reach(&self) -> Result<Reach, EngineError> {
        let grant = self.grant()?;
        let expand = |pattern: &HostPattern| pattern.expand(self.configuration).ok();
        let manifest: Vec<HostRule> = self.manifest.hosts.iter().filter_map(expand).collect();
        let granted = grant.hosts.iter().filter_map(|text| expand(&HostPattern::parse(text).ok()?)).collect();
        let networks = networks(&grant)?;
        Ok(Reach { manifest, granted: (!grant.hosts.is_empty()).then_some(granted), networks })
    }

    fn networks(&self) -> Result<Vec<IpNet>, EngineError> {
        networks(&self.grant()?)
    }

    fn grant(&self) -> Result<EgressGrant, EngineError> {
        let texts = Texts::new(self.ring, Owner::Tenant(self.integration.tenant), self.integration.id.as_bytes());
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

fn networks(grant: &EgressGrant) -> Result<Vec<IpNet>, EngineError> {
    grant.networks.iter().map(|text| network(text).map_err(EngineError::Egress)).collect()
}

/// A network such as `10.1.0.0/16`.
pub(crate) fn network(text: &str) -> Result<IpNet, String> {
    text.parse().map_err(|_| format!("`{text}` is no network; write one such as 10.1.0.0/16 or 127.0.0.1/32"))
}
