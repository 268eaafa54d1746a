//! Orders of a shop.

use serde::Deserialize;
use serde_json::value::RawValue;
use weighbridge_sdk::catalog::{Catalog, Mode, Stream};
use weighbridge_sdk::source::{Limit, Page, ReadRequest, Reader, record_too_large};
use weighbridge_sdk::{Connector, Failure, http};

/// The settings of a connection, as `connector.toml` describes them.
#[derive(Deserialize)]
pub struct Settings {
    base_url: String,
}

/// A connection to the platform.
pub struct Shop {
    base_url: String,
}

impl Connector for Shop {
    type Config = Settings;

    fn new(settings: Settings) -> Result<Self, Failure> {
        Ok(Self { base_url: settings.base_url.trim_end_matches('/').to_owned() })
    }

    fn check(&self) -> Result<(), Failure> {
        http::get(format!("{}/orders", self.base_url)).query("limit", 1).auth("token").send()?.ok()?;
        Ok(())
    }

    fn discover(&self) -> Result<Catalog, Failure> {
        let modes = [Mode::FullRefresh, Mode::Incremental];
        Ok(Catalog { streams: vec![Stream::source("orders", &modes).keyed_by(&["id"])] })
    }

    fn read(&self, request: ReadRequest) -> Result<Box<dyn Reader>, Failure> {
        // A checkpoint comes back byte for byte: here, the id after which to go on.
        let after = request.start.map_or(Ok(0), |start| serde_json::from_slice(&start))?;
        Ok(Box::new(Orders { base_url: self.base_url.clone(), after }))
    }
}

struct Orders {
    base_url: String,
    after: u64,
}

#[derive(Deserialize)]
struct Keyed {
    id: u64,
}

impl Reader for Orders {
    fn next(&mut self, limit: Limit) -> Result<Page, Failure> {
        let asked = limit.records.min(500);
        let answer = http::get(format!("{}/orders", self.base_url))
            .query("after", self.after)
            .query("limit", asked)
            .auth("token")
            .send()?
            .ok()?;
        let orders: Vec<Box<RawValue>> = answer.json()?;
        let mut page = Page { more: orders.len() >= asked as usize, ..Page::default() };
        for order in &orders {
            let bytes = order.get().len();
            if !limit.admits(&page.records, bytes) {
                if page.records.is_empty() {
                    return Err(record_too_large(bytes, limit));
                }
                page.more = true;
                break;
            }
            page.records.push_raw(order);
            self.after = serde_json::from_str::<Keyed>(order.get())?.id;
        }
        page.checkpoint = Some(serde_json::to_vec(&self.after)?);
        Ok(page)
    }
}

weighbridge_sdk::export_connector!(Shop);
