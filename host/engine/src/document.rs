//! What there is to be, in one document: TOML or JSON, all of it or a part.
//!
//! Things are found by name. What a document does not say stays as it is, or begins with its default; nothing is removed.

mod forms;

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};
use weighbridge_model::customer::{Contact, CustomerStatus};
use weighbridge_model::digest::Digest;
use weighbridge_model::drift::DriftPolicy;
use weighbridge_model::endpoint::Direction;
use weighbridge_model::integration::ProxyUse;
use weighbridge_model::mapping::{Filter, Keep, Rule, Rules};
use weighbridge_model::meter::Quota;
use weighbridge_model::schedule::{CatchUp, Overlap};
use weighbridge_model::self_managed::Policy;
use weighbridge_model::tenant::{Status, Switch};
use weighbridge_model::transfer::{BatchLimit, Rejections, Removals, SyncMode, WriteMode};

/// What there is to be: one `[tenant]` with its lists beside it, or several `[[tenant]]`, each with its lists under it.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) tenants: Vec<TenantDocument>,
    /// Whether the tenants stand in a list, since what is wrong is told by its path.
    pub(crate) is_list: bool,
    /// Of the text.
    pub(crate) digest: Digest,
}

/// A tenant, and what it has.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantDocument {
    /// What it is called.
    pub name: String,
    /// Whether it is in business; `active` at first.
    pub status: Option<Status>,
    /// An IANA zone; `UTC` at first.
    pub zone: Option<String>,
    /// An ISO 4217 code such as `PLN`; none at first.
    pub currency: Option<String>,
    /// Whether its customers give third parties access by themselves; `deny` at first.
    pub own_services: Option<Policy>,
    /// What all of its customers together may use; not limited at first.
    pub quota: Option<Quota>,
    /// Whether customers connect systems by themselves; they may not at first.
    pub self_managed: Option<SelfManagedDocument>,
    /// Its offers.
    #[serde(default, rename = "integration")]
    pub integrations: Vec<IntegrationDocument>,
    /// Its own connections.
    #[serde(default, rename = "connection")]
    pub connections: Vec<ConnectionDocument>,
    /// Its customers.
    #[serde(default, rename = "customer")]
    pub customers: Vec<CustomerDocument>,
}

/// Whether a tenant's customers connect systems by themselves.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfManagedDocument {
    /// The setting of customers that have none of their own.
    pub policy: Option<Policy>,
    /// What customers read before they connect something; an empty text brings the usual sentence back.
    pub text: Option<String>,
    /// That what it costs was read; wanted where it is turned on, and kept under whoever owns the data folder.
    #[serde(default)]
    pub acknowledged: bool,
}

/// An offer of a connector.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntegrationDocument {
    /// What it is called.
    pub name: String,
    /// The connector's name.
    pub connector: String,
    /// Whether it may be used; `on` at first.
    pub switch: Option<Switch>,
    /// Hosts it may reach, as patterns of the manifest; all of them where none is given.
    pub hosts: Option<Vec<String>>,
    /// Private networks it may reach; none at first.
    pub networks: Option<Vec<String>>,
    /// Folders of this host that it may read or write, such as `inbox:read=/srv/drop/in`; none at first.
    pub folders: Option<Vec<String>>,
    /// Certificate authorities, PEM, that it believes beside the public ones and the host's; an empty text takes them away.
    pub ca: Option<SecretDocument>,
    /// What it shows to platforms that ask who is there.
    pub client_certificate: Option<ClientCertificateDocument>,
    /// Whether it leaves by the host's proxy; `configured` at first.
    pub proxy: Option<ProxyUse>,
    /// The OAuth 2 client that the tenant registered at the platform.
    pub oauth_client: Option<OAuthClientDocument>,
    /// Whether customers may connect by it themselves, where tenant and customer allow that; `false` at first.
    pub self_managed: Option<bool>,
    /// What it costs, as people read it; an empty text takes it away.
    pub price: Option<String>,
    /// What a connection's settings begin with.
    pub defaults: Option<Map<String, Value>>,
}

/// A certificate of the tenant's own, and its key; two empty texts take it away.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientCertificateDocument {
    /// PEM: the certificate first, and then those that signed it.
    pub certificate: SecretDocument,
    /// PEM.
    pub key: SecretDocument,
}

/// A client registered at a platform.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuthClientDocument {
    /// `client_id`.
    pub id: SecretDocument,
    /// `client_secret`; a public client has none.
    pub secret: Option<SecretDocument>,
}

/// An account at a platform.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConnectionDocument {
    /// Its label.
    pub name: String,
    /// The integration's name.
    pub integration: String,
    /// Whether it may be used; `on` at first.
    pub switch: Option<Switch>,
    /// From when to when; always at first.
    pub window: Option<WindowDocument>,
    /// By the manifest's schema.
    pub configuration: Option<Map<String, Value>>,
    /// The manifest's auth scheme.
    pub scheme: Option<String>,
    /// The scheme's secrets, by name.
    pub secrets: Option<BTreeMap<String, SecretDocument>>,
    /// Capabilities that are switched off, as `source:STREAM` or `destination:STREAM`.
    pub off: Option<Vec<String>>,
}

/// A secret, or the file that has it.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum SecretDocument {
    /// The secret itself.
    Text(String),
    /// A file with the secret in it, without a line break after it; its path is relative to the document.
    File {
        /// The path.
        file: String,
    },
}

impl std::fmt::Debug for SecretDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretDocument(..)")
    }
}

/// Dates (midnight in the tenant's zone) or instants.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowDocument {
    /// The first day or instant inside.
    pub start: Option<String>,
    /// The first day or instant after it.
    pub end: Option<String>,
}

/// A customer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomerDocument {
    /// What it is called.
    pub name: String,
    /// Whether it is in business; `inactive` at first.
    pub status: Option<CustomerStatus>,
    /// From when to when; always at first.
    pub window: Option<WindowDocument>,
    /// What it may use; not limited at first.
    pub quota: Option<Quota>,
    /// Its number in the partner's own system; an empty text takes it away.
    pub external_id: Option<String>,
    /// Words to find it by: all of them.
    pub labels: Option<Vec<String>>,
    /// Whom to ask.
    pub contact: Option<Contact>,
    /// The tenant's workflow that the customer begins with; of a customer that is there already nothing comes of it.
    pub workflow: Option<String>,
    /// Its connections.
    #[serde(default, rename = "connection")]
    pub connections: Vec<ConnectionDocument>,
    /// Its endpoints.
    #[serde(default, rename = "endpoint")]
    pub endpoints: Vec<EndpointDocument>,
    /// Its mappings.
    #[serde(default, rename = "mapping")]
    pub mappings: Vec<MappingDocument>,
    /// Its transfers.
    #[serde(default, rename = "transfer")]
    pub transfers: Vec<TransferDocument>,
}

/// A named place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndpointDocument {
    /// Its name, which never changes.
    pub name: String,
    /// What it is for; wanted when the endpoint is new.
    pub description: Option<String>,
    /// Whether data comes from there or goes there; wanted when the endpoint is new.
    pub direction: Option<Direction>,
    /// The connection's name, the customer's own or the tenant's.
    pub connection: Option<String>,
    /// The stream there.
    pub stream: Option<String>,
    /// The customer's number inside a tenant's own connection.
    pub partition: Option<String>,
    /// Whether it may be used; `on` at first.
    pub switch: Option<Switch>,
    /// From when to when; always at first.
    pub window: Option<WindowDocument>,
    /// Of a source: what happens when records do not fit what was accepted of the stream; `evolve` at first.
    pub drift: Option<DriftPolicy>,
}

/// A tenant's template of what a customer has: applied to it, and again when the template or the customer's systems change.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowDocument {
    /// Its endpoints.
    #[serde(default, rename = "endpoint")]
    pub endpoints: Vec<WorkflowEndpoint>,
    /// Its mappings.
    #[serde(default, rename = "mapping")]
    pub mappings: Vec<MappingDocument>,
    /// Its transfers.
    #[serde(default, rename = "transfer")]
    pub transfers: Vec<TransferDocument>,
}

/// An endpoint of a template: at whatever the customer connected by an offer, or at the tenant's own connection.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowEndpoint {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whether data comes from there or goes there.
    pub direction: Direction,
    /// The offer by which the customer connects it.
    pub integration: Option<String>,
    /// The tenant's own connection, by its name.
    pub connection: Option<String>,
    /// The stream there.
    pub stream: String,
    /// Whether it may be used; `on` at first.
    pub switch: Option<Switch>,
    /// Of a source: what happens when records do not fit what was accepted of the stream; `evolve` at first.
    pub drift: Option<DriftPolicy>,
}

/// A mapping. Rules other than those of its last version make a new one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingDocument {
    /// Its name.
    pub name: String,
    /// What happens to fields that no rule names.
    #[serde(default)]
    pub keep: Keep,
    /// Which records go on at all.
    #[serde(default)]
    pub filter: Vec<Filter>,
    /// What is written.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

impl MappingDocument {
    /// Its rules.
    pub fn rules(&self) -> Rules {
        Rules { keep: self.keep, filter: self.filter.clone(), rules: self.rules.clone() }
    }
}

/// A transfer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferDocument {
    /// Its name.
    pub name: String,
    /// The source endpoint's name; wanted when the transfer is new.
    pub source: Option<String>,
    /// The destination endpoint's name; wanted when the transfer is new.
    pub destination: Option<String>,
    /// The mapping's name; records are handed over as they are where there is none.
    pub mapping: Option<String>,
    /// How it reads; `incremental` at first.
    pub sync: Option<SyncMode>,
    /// How it writes; `upsert` at first.
    pub write: Option<WriteMode>,
    /// The most that one batch may hold.
    pub limit: Option<BatchLimit>,
    /// How many rejected records a run may have; 1,000 and half of those read at first.
    pub rejections: Option<Rejections>,
    /// What happens to records that are gone from the source: `apply` where it is left out, or `ignore`.
    pub removals: Option<Removals>,
    /// So many of its runs may fail one after the other, over a day at least, until it is suspended; 20 where it is left out.
    pub failures_max: Option<u32>,
    /// The names of transfers that begin whenever a run of this one does, which stand before it: further streams of the same data.
    pub along: Option<Vec<String>>,
    /// Whether it may run; `on` at first.
    pub switch: Option<Switch>,
    /// When it runs by itself; never at first.
    pub schedule: Option<ScheduleDocument>,
}

/// When a transfer runs by itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduleDocument {
    /// Five POSIX fields, or six with seconds before them. Either this or `every`.
    pub cron: Option<String>,
    /// An interval such as `15m` or `1h30m`.
    pub every: Option<String>,
    /// An IANA zone; the tenant's where it is left out.
    pub zone: Option<String>,
    /// The first day or instant at which it fires.
    pub not_before: Option<String>,
    /// The last instant at which it fires.
    pub not_after: Option<String>,
    /// Civil times in which the transfer may run: `08:00-18:00`.
    #[serde(default)]
    pub hours: Vec<String>,
    /// Days on which it does not run: `2026-12-24`, or `2026-12-24..2026-12-26`.
    #[serde(default)]
    pub blackout: Vec<String>,
    /// Occurrences are started up to so many milliseconds later.
    #[serde(default)]
    pub jitter_ms: u32,
    /// What happens to occurrences that nobody was there for.
    #[serde(default)]
    pub catch_up: CatchUp,
    /// What happens to an occurrence while the run before still goes on.
    #[serde(default)]
    pub overlap: Overlap,
    /// Whether it stands still.
    #[serde(default)]
    pub paused: bool,
    /// The day or instant until which it stands still.
    pub paused_until: Option<String>,
}

impl ScheduleDocument {
    /// Whether it names no time at all, only how times are read: a transfer with such a one runs only when somebody starts it.
    pub(crate) fn is_none(&self) -> bool {
        let texts = [&self.cron, &self.every, &self.not_before, &self.not_after];
        self.hours.is_empty() && self.blackout.is_empty() && texts.iter().all(|text| text.is_none())
    }
}

/// The text is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("document.malformed: {at}: {what}")]
pub struct DocumentError {
    /// Where, as a path into the document, or a line and column.
    pub at: String,
    /// What is wrong there.
    pub what: String,
}
