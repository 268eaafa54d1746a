//! What a tenant can offer: the connectors that are installed and may be used.

use schemars::JsonSchema;
use serde::Serialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::package::AuthMethod;
use weighbridge_model::problem::Problem;

use super::connections::PlatformFunction;
use super::view::Page;
use crate::engine::Engine;
use crate::error::EngineError;

/// A connector that can be offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfferableView {
    /// Its name.
    pub connector: String,
    /// The version in use.
    pub version: String,
    /// The platform's name.
    pub title: String,
    /// What it connects, in a sentence.
    pub summary: String,
    /// What a person picks it by.
    pub categories: Vec<String>,
    /// What it can do.
    pub functions: Vec<PlatformFunction>,
    /// The hosts that it asks for, as patterns.
    pub hosts: Vec<String>,
    /// Whether people can sign in at the platform itself, which needs a client that the tenant registers there.
    pub takes_oauth_client: bool,
}

impl Engine {
    /// The connectors that can be offered. One that may not be used at the moment is not among them.
    pub async fn offerable(&self, may: &Permission<kinds::IntegrationsRead>) -> Result<Page<OfferableView>, Problem> {
        let _ = may;
        let mut items = Vec::new();
        for (name, row) in self.package_rows()? {
            let trust = self.host.trust().map_err(EngineError::from)?;
            let Ok(manifest) = self.host.packages.manifest(name.as_str(), &row, &trust).await else { continue };
            let mut categories: Vec<_> = manifest.capabilities.iter().map(|one| one.category.clone()).collect();
            categories.retain(|one| !one.is_empty());
            categories.sort();
            categories.dedup();
            items.push(OfferableView {
                connector: name.to_string(),
                version: manifest.version.to_string(),
                title: manifest.title.clone(),
                summary: manifest.summary.clone(),
                categories,
                functions: manifest.capabilities.iter().map(PlatformFunction::from).collect(),
                hosts: manifest.hosts.iter().map(ToString::to_string).collect(),
                takes_oauth_client: manifest.auth.iter().any(|scheme| matches!(scheme.apply, AuthMethod::Oauth2(_))),
            });
        }
        items.sort_by(|one, other| one.title.cmp(&other.title));
        Ok(Page { items, next: None })
    }
}
