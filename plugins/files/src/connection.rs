//! The connector: settings in, readers and writers out.

use std::collections::BTreeSet;

use weighbridge_sdk::catalog::Catalog;
use weighbridge_sdk::destination::{WriteMode, WriteRequest, Writer};
use weighbridge_sdk::source::{ReadRequest, Reader};
use weighbridge_sdk::{Connector, Failure, files};

use crate::discover;
use crate::read::Walk;
use crate::settings::Settings;
use crate::write::Sender;

/// The folders of the settings.
pub struct Folders {
    settings: Settings,
}

impl Connector for Folders {
    type Config = Settings;

    fn new(settings: Settings) -> Result<Self, Failure> {
        Ok(Self { settings })
    }

    /// Looks into every folder that the settings name.
    fn check(&self) -> Result<(), Failure> {
        let mut folders = BTreeSet::new();
        for stream in self.settings.streams.values() {
            let read = stream.read.iter().flat_map(|read| [Some(&read.folder), read.file_away.as_ref()]);
            folders.extend(read.flatten());
            folders.extend(stream.write.iter().map(|write| &write.folder));
        }
        folders.into_iter().try_for_each(|folder| files::look(folder))
    }

    fn discover(&self) -> Result<Catalog, Failure> {
        Ok(discover::catalog(&self.settings))
    }

    fn read(&self, request: ReadRequest) -> Result<Box<dyn Reader>, Failure> {
        let unsupported = || Failure::unsupported(&format!("read the stream `{}`", request.stream));
        let settings = self.settings.stream(&request.stream)?.read.as_ref().ok_or_else(unsupported)?;
        Ok(Box::new(Walk::open(settings, request.start.as_deref())?))
    }

    fn write(&self, request: WriteRequest) -> Result<Box<dyn Writer>, Failure> {
        let unsupported = || Failure::unsupported(&format!("write the stream `{}` in this mode", request.stream));
        let settings = self.settings.stream(&request.stream)?.write.as_ref().ok_or_else(unsupported)?;
        if request.mode != WriteMode::Append {
            return Err(unsupported());
        }
        Ok(Box::new(Sender::new(&request.stream, settings)?))
    }
}
