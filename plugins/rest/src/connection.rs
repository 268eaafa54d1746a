//! The connector: settings in, readers and writers out.

use std::rc::Rc;

use weighbridge_sdk::catalog::Catalog;
use weighbridge_sdk::destination::{WriteMode, WriteRequest, Writer};
use weighbridge_sdk::http::{self, Request};
use weighbridge_sdk::source::{ReadRequest, Reader};
use weighbridge_sdk::{Answer, Hook};
use weighbridge_sdk::{Connector, Failure, config};

use crate::path::PARTITION;
use crate::read::Walk;
use crate::settings::{Settings, StreamSettings};
use crate::write::Sender;
use crate::{discover, status, webhook};

/// A platform that is described in the settings.
pub struct Rest {
    settings: Rc<Settings>,
}

impl Connector for Rest {
    type Config = Settings;

    fn new(mut settings: Settings) -> Result<Self, Failure> {
        let length = settings.base_url.trim_end_matches('/').len();
        settings.base_url.truncate(length);
        Ok(Self { settings: Rc::new(settings) })
    }

    /// Asks for the first page of the first stream that is read.
    fn check(&self) -> Result<(), Failure> {
        let Some((name, _)) = self.settings.streams.iter().find(|(_, stream)| stream.read.is_some()) else {
            return Ok(());
        };
        Walk::check(&self.settings, name)
    }

    fn discover(&self) -> Result<Catalog, Failure> {
        Ok(discover::catalog(&self.settings))
    }

    fn read(&self, request: ReadRequest) -> Result<Box<dyn Reader>, Failure> {
        Ok(Box::new(Walk::open(&self.settings, request)?))
    }

    fn receive(&self, hook: Hook) -> Result<Answer, Failure> {
        webhook::receive(&self.settings, &hook)
    }

    fn write(&self, request: WriteRequest) -> Result<Box<dyn Writer>, Failure> {
        let stream = stream(&self.settings, &request.stream)?;
        let write = match request.mode {
            WriteMode::Append => stream.create.as_ref(),
            WriteMode::Upsert => stream.upsert.as_ref(),
            WriteMode::Overwrite => None,
        };
        let unsupported = || Failure::unsupported(&format!("write `{}` in this mode", request.stream));
        let write = write.ok_or_else(unsupported)?;
        Ok(Box::new(Sender::new(&self.settings, write, stream.delete.as_ref())?))
    }
}

/// A stream of the settings.
pub(crate) fn stream<'a>(settings: &'a Settings, name: &str) -> Result<&'a StreamSettings, Failure> {
    let missing = || Failure::config("rest.stream_missing", format!("the settings describe no stream `{name}`"));
    settings.streams.get(name).ok_or_else(missing)
}

/// A request with what every one of this connection has.
pub(crate) fn request(settings: &Settings, method: &str, url: String) -> Request {
    let mut request = http::request(method, url);
    for (name, value) in &settings.headers {
        request = request.header(name, value);
    }
    match settings.auth.as_deref() {
        None | Some("none") => request,
        Some(scheme) => request.auth(scheme),
    }
}

/// Refuses settings that forget the partition: their requests would see every customer's records.
pub(crate) fn check_partition<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<(), Failure> {
    if config::partition()?.is_none() || texts.into_iter().any(|text| text.contains(PARTITION)) {
        return Ok(());
    }
    let message = "the endpoint has a partition, and the stream's settings do not use {partition}";
    Err(Failure::config("rest.partition_unused", message))
}

/// The body of an answer to a read, or the failure that its status means.
pub(crate) fn body_of(settings: &Settings, answer: http::Response) -> Result<Vec<u8>, Failure> {
    let (code, headers) = (answer.status(), answer.headers());
    let body = answer.bytes()?;
    if (200..300).contains(&code) {
        return Ok(body);
    }
    Err(status::failure(settings, code, &headers, &body))
}
