//! The connector: settings in, readers and writers out.

use std::rc::Rc;

use serde::Deserialize;
use serde_json::json;
use weighbridge_sdk::catalog::{Catalog, Mode, Stream};
use weighbridge_sdk::destination::{WriteMode, WriteRequest, Writer};
use weighbridge_sdk::source::{ReadRequest, Reader};
use weighbridge_sdk::{Connector, Failure, config};

use crate::read::Walk;
use crate::rpc::Server;
use crate::stream;
use crate::write::Parties;

/// The settings of a connection, as `connector.toml` describes them.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Where the server answers.
    pub base_url: String,
    /// The database's name.
    pub database: String,
    /// How far before the last mark an incremental walk begins, so that a long transaction of the ERP is not missed.
    #[serde(default = "overlap_s")]
    pub overlap_s: u32,
    /// The most records one request reads.
    #[serde(default = "page_records")]
    pub page_records: u32,
}

/// A database of a Tryton server.
pub struct Tryton {
    settings: Settings,
    server: Rc<Server>,
}

impl Connector for Tryton {
    type Config = Settings;

    fn new(settings: Settings) -> Result<Self, Failure> {
        if config::partition()?.is_some() {
            let message = "a Tryton database has no partitions; make a connection for each customer's own database";
            return Err(Failure::config("tryton.partition_unsupported", message));
        }
        let server = Rc::new(Server::new(&settings.base_url, &settings.database));
        Ok(Self { settings, server })
    }

    fn check(&self) -> Result<(), Failure> {
        self.server.call::<serde_json::Value>("model.res.user.get_preferences", json!([true, {}])).map(|_| ())
    }

    fn discover(&self) -> Result<Catalog, Failure> {
        let sources = stream::ALL.iter().map(|stream| {
            let mut source = Stream::source(stream.name, &[Mode::FullRefresh, Mode::Incremental]).keyed_by(&["id"]);
            source.schema = Some(stream.schema());
            source
        });
        let mut parties = Stream::destination("parties", &[Mode::Upsert]).keyed_by(&["code"]);
        parties.schema = Some(stream::written_party_schema());
        Ok(Catalog { streams: sources.chain([parties]).collect() })
    }

    fn read(&self, request: ReadRequest) -> Result<Box<dyn Reader>, Failure> {
        let overlap_us = i64::from(self.settings.overlap_s) * 1_000_000;
        let page_records = self.settings.page_records.clamp(1, 1000);
        Ok(Box::new(Walk::open(Rc::clone(&self.server), request, overlap_us, page_records)?))
    }

    fn write(&self, request: WriteRequest) -> Result<Box<dyn Writer>, Failure> {
        if request.stream != "parties" || !matches!(request.mode, WriteMode::Upsert) {
            return Err(Failure::unsupported(&format!("write `{}` in this mode", request.stream)));
        }
        Ok(Box::new(Parties::new(Rc::clone(&self.server))))
    }
}

const fn overlap_s() -> u32 {
    300
}

const fn page_records() -> u32 {
    500
}
