//! The connector: settings in, readers and writers out.

use std::rc::Rc;

use serde::Deserialize;
use serde_json::json;
use weighbridge_sdk::catalog::{Catalog, Mode, Stream as Listed};
use weighbridge_sdk::destination::{WriteMode, WriteRequest, Writer};
use weighbridge_sdk::source::{ReadRequest, Reader};
use weighbridge_sdk::{Answer, Connector, Failure, Hook, Lifecycle, config};

use crate::graphql::Shop;
use crate::inventory::{self, Stock};
use crate::products::{self, Products};
use crate::read::Walk;
use crate::stream;
use crate::webhook;

/// The settings of a connection, as `connector.toml` describes them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The name before `.myshopify.com`.
    pub shop: String,
    /// The scheme of the manifest to sign in by.
    #[serde(default = "auth")]
    pub auth: String,
    /// The version of the Admin API.
    #[serde(default = "api_version")]
    pub api_version: String,
    /// The streams that Shopify tells by itself.
    #[serde(default)]
    pub webhooks: Vec<String>,
    /// Where it tells them; the host says.
    #[serde(default)]
    pub webhook_address: Option<String>,
    /// How far before the last walk's beginning the next one begins.
    #[serde(default = "overlap_s")]
    pub overlap_s: u32,
    /// The most records that one request reads.
    #[serde(default)]
    pub page_records: Option<u32>,
}

/// A shop.
pub struct Shopify {
    settings: Settings,
    shop: Rc<Shop>,
}

impl Settings {
    pub(crate) fn domain(&self) -> String {
        format!("{}.myshopify.com", self.shop)
    }

    pub(crate) fn is_told(&self, stream: &str) -> bool {
        self.webhooks.iter().any(|told| told == stream)
    }
}

impl Connector for Shopify {
    type Config = Settings;

    fn new(settings: Settings) -> Result<Self, Failure> {
        if config::partition()?.is_some() {
            let message = "a shop has no partitions; make a connection for each customer's own shop";
            return Err(Failure::config("shopify.partition_unsupported", message));
        }
        let shop = Rc::new(Shop::new(&settings.shop, &settings.api_version, settings.auth.clone()));
        Ok(Self { settings, shop })
    }

    fn check(&self) -> Result<(), Failure> {
        self.shop.ask("query { shop { id } }", json!({})).map(|_| ())
    }

    fn discover(&self) -> Result<Catalog, Failure> {
        let sources = stream::ALL.iter().map(|stream| {
            let modes = [Mode::FullRefresh, Mode::Incremental];
            let mut source = Listed::source(stream.name, &modes).keyed_by(stream.primary_key);
            source.schema = Some(stream.schema());
            source
        });
        let mut products = Listed::destination("products", &[Mode::Upsert]).keyed_by(&["handle"]);
        products.schema = Some(products::schema());
        let mut stock =
            Listed::destination("inventory_levels", &[Mode::Upsert]).keyed_by(&["inventory_item_id", "location_id"]);
        stock.schema = Some(inventory::schema());
        Ok(Catalog { streams: sources.chain([products, stock]).collect() })
    }

    fn read(&self, request: ReadRequest) -> Result<Box<dyn Reader>, Failure> {
        let Settings { overlap_s, page_records, .. } = self.settings;
        Ok(Box::new(Walk::open(Rc::clone(&self.shop), request, overlap_s, page_records)?))
    }

    fn write(&self, request: WriteRequest) -> Result<Box<dyn Writer>, Failure> {
        let shop = Rc::clone(&self.shop);
        match (request.stream.as_str(), request.mode) {
            ("products", WriteMode::Upsert) => Ok(Box::new(Products::new(shop))),
            ("inventory_levels", WriteMode::Upsert) => Ok(Box::new(Stock::new(shop))),
            (stream, _) => Err(Failure::unsupported(&format!("write `{stream}` in this mode"))),
        }
    }

    fn receive(&self, hook: Hook) -> Result<Answer, Failure> {
        webhook::receive(&self.settings, &hook)
    }

    fn on(&self, event: Lifecycle) -> Result<(), Failure> {
        webhook::on(&self.settings, &self.shop, event)
    }
}

fn auth() -> String {
    "oauth2".to_owned()
}

fn api_version() -> String {
    "2026-07".to_owned()
}

const fn overlap_s() -> u32 {
    300
}
