//! Between the generated exports and the traits that authors write.

use std::cell::RefCell;
use std::marker::PhantomData;

use crate::bindings::exports::weighbridge::connector::{destination, platform, source};
use crate::connector::{Connector, connect};
use crate::destination::{Batch, Writer};
use crate::source::{Limit, Reader};
use crate::{Failure, log};

/// What `export_connector!` exports.
pub struct Exported<C>(PhantomData<C>);

/// A reader the host holds.
pub struct HeldReader(RefCell<Box<dyn Reader>>);

/// A writer the host holds.
pub struct HeldWriter(RefCell<Box<dyn Writer>>);

impl<C: Connector> platform::Guest for Exported<C> {
    fn check() -> Result<(), Failure> {
        log::panics();
        connect::<C>()?.check()
    }

    fn discover() -> Result<String, Failure> {
        log::panics();
        Ok(serde_json::to_string(&connect::<C>()?.discover()?)?)
    }

    fn receive(request: platform::Hook) -> Result<platform::Answer, Failure> {
        log::panics();
        connect::<C>()?.receive(request)
    }

    fn on(event: platform::Lifecycle) -> Result<(), Failure> {
        log::panics();
        connect::<C>()?.on(event)
    }
}

impl<C: Connector> source::Guest for Exported<C> {
    type Reader = HeldReader;

    fn open(request: source::ReadRequest) -> Result<source::Reader, Failure> {
        log::panics();
        let reader = connect::<C>()?.read(request)?;
        Ok(source::Reader::new(HeldReader(RefCell::new(reader))))
    }
}

impl source::GuestReader for HeldReader {
    fn next(&self, limit_records: u32, limit_bytes: u32) -> Result<source::Page, Failure> {
        let page = self.0.borrow_mut().next(Limit { records: limit_records, bytes: limit_bytes })?;
        Ok(source::Page {
            records: page.records.into_bytes(),
            removed: page.removed.into_bytes(),
            checkpoint: page.checkpoint,
            more: page.more,
            remaining: page.remaining,
            wait_ms: page.wait_ms,
        })
    }

    fn acknowledge(&self, checkpoint: source::Cursor) -> Result<(), Failure> {
        self.0.borrow_mut().acknowledge(&checkpoint)
    }
}

impl<C: Connector> destination::Guest for Exported<C> {
    type Writer = HeldWriter;

    fn open(request: destination::WriteRequest) -> Result<destination::Writer, Failure> {
        log::panics();
        let writer = connect::<C>()?.write(request)?;
        Ok(destination::Writer::new(HeldWriter(RefCell::new(writer))))
    }

    fn abandon(stream: String, generation: String) -> Result<(), Failure> {
        log::panics();
        connect::<C>()?.abandon(&stream, &generation)
    }
}

impl destination::GuestWriter for HeldWriter {
    fn write(&self, key: String, first: u32, records: Vec<u8>) -> Result<destination::Receipt, Failure> {
        self.0.borrow_mut().write(Batch { key: &key, first, lines: &records })
    }

    fn remove(&self, key: String, first: u32, keys: Vec<u8>) -> Result<destination::Receipt, Failure> {
        self.0.borrow_mut().remove(Batch { key: &key, first, lines: &keys })
    }

    fn finish(&self) -> Result<(), Failure> {
        self.0.borrow_mut().finish()
    }
}

/// Makes a type that implements [`Connector`](crate::Connector) the connector of this crate's package.
///
/// It does something in a WebAssembly build only, so that a native build, and with it the unit tests, links.
#[macro_export]
macro_rules! export_connector {
    ($connector:ty) => {
        #[cfg(target_family = "wasm")]
        const _: () = {
            type Exported = $crate::guest::Exported<$connector>;
    $crate::bindings::export_bindings!(Exported with_types_in $crate::bindings);
        };
    };
}
