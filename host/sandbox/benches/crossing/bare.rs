//! The engine alone, with the sandbox's settings: no deadline, no hooks, no limits, no judgement of what comes back.

use wasmtime::component::{Component, Linker, ResourceAny};
use wasmtime::{Engine, Store};

use exports::weighbridge::connector::source::ReadRequest;
use weighbridge::connector::types::SyncMode;

use crate::engine;
use crate::sandbox::Settings;

wasmtime::component::bindgen!({
    path: "../../schemas/wit",
    world: "connector",
    exports: { default: async },
});

pub struct Bare {
    engine: Engine,
    pre: ConnectorPre<()>,
}

pub struct BareGuest {
    store: Store<()>,
    exports: Connector,
    reader: ResourceAny,
}

impl Bare {
    pub fn new(component: &[u8]) -> Self {
        let engine = engine::make(&Settings::default()).unwrap();
        let component = Component::from_binary(&engine, component).unwrap();
        let mut linker = Linker::new(&engine);
        linker.define_unknown_imports_as_traps(&component).unwrap();
        let pre = ConnectorPre::new(linker.instantiate_pre(&component).unwrap()).unwrap();
        Self { engine, pre }
    }

    pub async fn open(&self) -> BareGuest {
        let mut store = Store::new(&self.engine, ());
        store.set_epoch_deadline(1);
        let exports = self.pre.instantiate_async(&mut store).await.unwrap();
        let request =
            ReadRequest { stream: "orders".into(), mode: SyncMode::Incremental, start: None, since: None, until: None };
        let source = exports.weighbridge_connector_source();
        let reader = source.call_open(&mut store, &request).await.unwrap().unwrap();
        BareGuest { store, exports, reader }
    }
}

impl BareGuest {
    pub async fn check(&mut self) {
        self.exports.weighbridge_connector_platform().call_check(&mut self.store).await.unwrap().unwrap();
    }

    /// How many bytes the page has.
    pub async fn next(&mut self, records_max: u32, bytes_max: u32) -> usize {
        let reader = self.exports.weighbridge_connector_source().reader();
        let page = reader.call_next(&mut self.store, self.reader, records_max, bytes_max).await;
        page.unwrap().unwrap().records.len()
    }
}
