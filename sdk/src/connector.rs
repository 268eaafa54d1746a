//! The one trait a connector implements.

use serde::de::DeserializeOwned;

use crate::catalog::Catalog;
use crate::destination::{WriteRequest, Writer};
use crate::source::{ReadRequest, Reader};
use crate::{Failure, config};

pub use crate::bindings::exports::weighbridge::connector::platform::{Answer, Delivery, Hook, Lifecycle};

/// A connector for one platform. A method per ability; what is left out answers `unsupported`, and the host calls only
/// what the manifest lists.
pub trait Connector: Sized + 'static {
    /// The settings of a connection, as `connector.toml` describes them.
    type Config: DeserializeOwned;

    /// A connector for one connection. Wrong settings are failures of the class `config`.
    fn new(config: Self::Config) -> Result<Self, Failure>;

    /// One cheap authenticated request that proves the settings.
    fn check(&self) -> Result<(), Failure> {
        Err(Failure::unsupported("check its settings"))
    }

    /// The streams this account offers.
    fn discover(&self) -> Result<Catalog, Failure> {
        Err(Failure::unsupported("list streams"))
    }

    /// Begins to read a stream, or goes on from `request.start`.
    fn read(&self, request: ReadRequest) -> Result<Box<dyn Reader>, Failure> {
        Err(Failure::unsupported(&format!("read the stream `{}`", request.stream)))
    }

    /// Begins to write a stream.
    fn write(&self, request: WriteRequest) -> Result<Box<dyn Writer>, Failure> {
        Err(Failure::unsupported(&format!("write the stream `{}`", request.stream)))
    }

    /// A generation of an `overwrite` that will never be finished.
    fn abandon(&self, stream: &str, generation: &str) -> Result<(), Failure> {
        let _ = (stream, generation);
        Ok(())
    }

    /// Verifies and parses a webhook. Its caller is authenticated by nobody yet; requests are refused here.
    fn receive(&self, hook: Hook) -> Result<Answer, Failure> {
        let _ = hook;
        Err(Failure::unsupported("receive webhooks"))
    }

    /// Makes or removes what is kept at the platform, such as webhooks. Repeatable.
    fn on(&self, event: Lifecycle) -> Result<(), Failure> {
        let _ = event;
        Ok(())
    }
}

/// The connector for the connection that the host is calling about.
pub(crate) fn connect<C: Connector>() -> Result<C, Failure> {
    C::new(config::get()?)
}
