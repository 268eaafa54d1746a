//! A host in a folder, that loses its store and keeps its keys.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use weighbridge::backup::{Backup, BackupError, BackupSettings, RestoreHow, RestoredHost, restore_backup};
use weighbridge::document::Document;
use weighbridge::model::access::ActorRef;
use weighbridge::model::run::RunState;
use weighbridge::{Conduct, Engine, Folder, Options, RunOutcome};
use weighbridge_native::{Shop, Warehouse};

const DOCUMENT: &str = r#"
[tenant]
name = "Partner"

[[integration]]
name = "shop"
connector = "test.shop"

[[integration]]
name = "warehouse"
connector = "test.warehouse"

[[customer]]
name = "acme"
status = "active"

[[customer.connection]]
name = "shop"
integration = "shop"

[[customer.connection]]
name = "warehouse"
integration = "warehouse"

[[customer.endpoint]]
name = "orders"
description = "Orders of the shop."
direction = "source"
connection = "shop"
stream = "orders"

[[customer.endpoint]]
name = "lines"
description = "Lines of the warehouse."
direction = "destination"
connection = "warehouse"
stream = "lines"

[[customer.transfer]]
name = "orders"
source = "orders"
destination = "lines"
write = "{write}"
limit = { records = 3, bytes = 4194304 }
"#;

/// A host, its two platforms, and a folder for backups.
pub struct Site {
    pub folder: TempDir,
    pub shop: Shop,
    pub warehouse: Warehouse,
    pub keep: usize,
    pub space_min: u64,
    pub engine: Option<Engine>,
}

impl Site {
    /// One whose transfer writes in this way.
    pub async fn new(orders: u64, write: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (shop, warehouse) = (Shop::with_orders(orders), Warehouse::empty());
        let mut site = Self { folder, shop, warehouse, keep: 7, space_min: 0, engine: None };
        Engine::init(&site.options()).await.unwrap();
        site.open().await;
        let document = Document::parse(&DOCUMENT.replace("{write}", write)).unwrap();
        site.engine().apply(&document, Path::new(".")).await.unwrap();
        site
    }

    pub fn engine(&self) -> &Engine {
        self.engine.as_ref().unwrap()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn backups(&self) -> PathBuf {
        self.folder.path().join("backups")
    }

    pub fn options(&self) -> Options {
        let connectors = vec![Arc::new(self.shop.clone()) as _, Arc::new(self.warehouse.clone()) as _];
        let backups = Some(BackupSettings { folder: self.backups(), schedule: None, keep: self.keep });
        let conduct = Conduct { backups, space_min: self.space_min, ..Conduct::default() };
        Options { connectors, conduct, ..Options::at(self.data()) }
    }

    pub async fn open(&mut self) {
        self.engine = Some(Engine::open(self.options()).await.unwrap());
    }

    pub async fn close(&mut self) {
        if let Some(engine) = self.engine.take() {
            engine.close(Duration::from_millis(50)).await.unwrap();
        }
    }

    pub async fn take(&self) -> Backup {
        self.engine().take_backup(ActorRef::OWNER, &self.backups()).await.unwrap()
    }

    /// The disk goes, and with it all but the keys, which were kept apart.
    pub async fn lose_store(&mut self) {
        self.close().await;
        let folder = Folder::at(self.data());
        std::fs::remove_file(folder.store()).unwrap();
        std::fs::remove_dir_all(folder.store().with_extension("blobs")).unwrap();
        let _ = std::fs::remove_dir_all(folder.packages());
    }

    pub async fn restore(&self, backup: &Path, thawed: bool) -> Result<RestoredHost, BackupError> {
        restore_backup(&self.options(), backup, RestoreHow { thawed }).await
    }

    pub async fn run(&self) -> RunOutcome {
        self.engine().run("acme/orders").await.unwrap()
    }

    pub async fn run_to_the_end(&self) {
        let outcome = self.run().await;
        assert_eq!(outcome.run.state, RunState::Succeeded, "{outcome:?}");
    }

    pub fn assert_balances(&self) {
        assert_eq!(self.engine().check_ledger(None).unwrap(), vec![], "the ledger does not balance");
        assert_eq!(self.engine().check_chain().unwrap(), None);
    }

    /// How many records were billed this month.
    pub fn billed(&self) -> u64 {
        let usage = self.engine().usage(None).unwrap();
        let line = usage.iter().find(|line| line.customer.as_deref() == Some("acme"));
        line.map_or(0, |line| line.balance.spent.records)
    }
}
