//! The closure that gathers, decides and reserves, with 10 and with 10,000 customers in the store.

use std::time::{Duration, Instant};

use weighbridge_model::connection::{Connection, ConnectionState, Owner};
use weighbridge_model::customer::{Customer, CustomerStatus};
use weighbridge_model::digest::Digest;
use weighbridge_model::endpoint::{Direction, Endpoint, Place};
use weighbridge_model::id::{ConnectionId, CustomerId, EndpointId, IntegrationId, KeyId, RunId, TenantId, TransferId};
use weighbridge_model::integration::Integration;
use weighbridge_model::meter::Quota;
use weighbridge_model::package::{Origin, PackageRow, Release};
use weighbridge_model::run::Cause;
use weighbridge_model::sealed::Sealed;
use weighbridge_model::tenant::{Status, Switch, Tenant};
use weighbridge_model::time::{Timestamp, Window, Zone};
use weighbridge_model::transfer::{BatchLimit, Rejections, SyncMode, Transfer, WriteMode};
use weighbridge_store::tables::{Connections, Customers, Endpoints, Integrations, Packages, Tenants, Transfers};
use weighbridge_store::verbs::{Intent, reserve_first};
use weighbridge_store::{Access, CustomerScope, HostScope, Store, Tx, TxError};

const NOW: Timestamp = Timestamp::from_millis(1_790_000_000_000);
const TENANT: TenantId = TenantId::from_bytes([1; 16]);
const RESERVATIONS: u32 = 500;

fn text() -> Sealed {
    Sealed::new(KeyId::from_bytes([9; 16]), vec![7; 60])
}

fn id(number: u32) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&number.wrapping_mul(2_654_435_761).to_be_bytes());
    bytes[12..].copy_from_slice(&number.to_be_bytes());
    bytes
}

fn scope(number: u32) -> CustomerScope {
    HostScope::new().tenant(TENANT).customer(CustomerId::from_bytes(id(number)))
}

fn customer(scope: CustomerScope) -> Customer {
    Customer {
        self_managed: Default::default(),
        workflow_version: 0,
        id: scope.id(),
        tenant: TENANT,
        status: CustomerStatus::Active,
        window: Window::ALWAYS,
        name: text(),
        external_id: None,
        labels: None,
        contact: None,
        workflow: None,
        inactivity: None,
        quota: Quota { records: Some(1 << 40), ..Quota::default() },
        created_at: NOW,
        deleted_at: None,
    }
}

/// One customer with two connections, two endpoints and a transfer.
fn put_customer(tx: &mut Tx<'_>, number: u32) -> Result<(), TxError> {
    let (tenant, scope) = (HostScope::new().tenant(TENANT), scope(number));
    let customer = customer(scope);
    tx.put::<Customers>(&tenant, &scope.id(), &customer)?;
    let ends = [Direction::Source, Direction::Destination];
    for (direction, offset) in ends.into_iter().zip([1_000_000, 2_000_000]) {
        let connection = Connection {
            made_by: None,
            made_at: None,
            entered_by: None,
            id: ConnectionId::from_bytes(id(number + offset)),
            tenant: TENANT,
            owner: Owner::Customer(scope.id()),
            integration: IntegrationId::from_bytes([3; 16]),
            switch: Switch::On,
            state: ConnectionState::Ready,
            window: Window::ALWAYS,
            label: text(),
            configuration: text(),
            scheme: None,
            secrets: None,
            capabilities_off: Default::default(),
        };
        let place = Place { connection: connection.id, stream: "orders".parse().unwrap(), partition: None };
        let endpoint = Endpoint {
            id: EndpointId::from_bytes(id(number + offset)),
            customer: scope.id(),
            name: text(),
            description: text(),
            direction,
            place: Some(place),
            switch: Switch::On,
            window: Window::ALWAYS,
            drift: Default::default(),
        };
        tx.put::<Connections>(&tenant, &connection.id, &connection)?;
        tx.put::<Endpoints>(&scope, &endpoint.id, &endpoint)?;
    }
    let transfer = transfer(number);
    tx.put::<Transfers>(&scope, &transfer.id, &transfer)
}

/// What it moves.
fn transfer(number: u32) -> Transfer {
    Transfer {
        removed_at: None,
        id: TransferId::from_bytes(id(number)),
        customer: scope(number).id(),
        name: text(),
        source: EndpointId::from_bytes(id(number + 1_000_000)),
        destination: EndpointId::from_bytes(id(number + 2_000_000)),
        mapping: None,
        sync: SyncMode::FullRefresh,
        write: WriteMode::Upsert,
        limit: BatchLimit::default(),
        rejections: Rejections::default(),
        removals: weighbridge_model::transfer::Removals::default(),
        along: Vec::new(),
        failures_max: weighbridge_model::failing::FAILURES_MAX,
        switch: Switch::On,
        suspended: false,
    }
}

fn put_tenant(tx: &mut Tx<'_>) -> Result<(), TxError> {
    let (host, tenant) = (HostScope::new(), HostScope::new().tenant(TENANT));
    let zone = Zone::named("Europe/Warsaw").unwrap();
    let quota = Quota::default();
    let row = Tenant {
        id: TENANT,
        status: Status::Active,
        zone,
        currency: None,
        name: text(),
        quota,
        self_managed: Default::default(),
        own_services: Default::default(),
        created_at: NOW,
    };
    tx.put::<Tenants>(&tenant, &(), &row)?;
    let integration = Integration {
        self_managed: false,
        price: None,
        defaults: None,
        id: IntegrationId::from_bytes([3; 16]),
        tenant: TENANT,
        connector: "test.shop".parse().unwrap(),
        switch: Switch::On,
        name: text(),
        grant: text(),
        oauth_client: None,
        authorities: None,
        client_certificate: None,
        proxy: Default::default(),
    };
    tx.put::<Integrations>(&tenant, &integration.id, &integration)?;
    let version = "1.0.0".parse().unwrap();
    let (origin, digest) = (Origin::Native, Digest::of(b"shop"));
    let package = PackageRow::using(Release { origin, version, digest, content: None, installed_at: NOW });
    tx.put::<Packages>(&host, &"test.shop".parse().unwrap(), &package)
}

/// A store in a folder with so many customers.
pub async fn filled(path: &std::path::Path, customers: u32) -> Store {
    let store = Store::open(path, Access::Write).unwrap();
    store.write(put_tenant).await.unwrap();
    for first in (0..customers).step_by(100) {
        let step = move |tx: &mut Tx<'_>| (first..customers.min(first + 100)).try_for_each(|one| put_customer(tx, one));
        store.write(step).await.unwrap();
    }
    store
}

pub async fn measure() {
    let mut medians = Vec::new();
    for customers in [10_u32, 10_000] {
        let folder = tempfile::tempdir().unwrap();
        let store = filled(&folder.path().join("store.redb"), customers).await;
        let mut times = Vec::new();
        for number in 0..RESERVATIONS {
            times.push(reserve(&store, number.wrapping_mul(7_919) % customers, number).await);
        }
        times.sort_unstable();
        let median = times[times.len() / 2].as_nanos() as f64 / 1_000.0;
        println!("gather, decide and reserve, {customers} customers: {median:.1} µs (median of {RESERVATIONS})");
        medians.push(median);
        store.close().await.unwrap();
    }
    println!("gather, decide and reserve, 10,000 beside 10 customers: ×{:.2}", medians[1] / medians[0]);
}

/// The closure's own time, the wait for its commit apart. The batch is taken back, so that every one is the first.
async fn reserve(store: &Store, customer: u32, number: u32) -> Duration {
    let intent = Intent {
        transfer: TransferId::from_bytes(id(customer)),
        cause: Cause::Manual,
        occurrence: None,
        run: RunId::from_bytes(id(number + 3_000_000)),
        by: None,
    };
    let times = store.write(move |tx| {
        let begun = Instant::now();
        let held = reserve_first(tx, scope(customer), intent, NOW)?;
        let time = begun.elapsed();
        assert!(held, "the gate said no");
        // An error drops the overlay; the time is kept in it.
        Err::<Duration, _>(TxError::Invariant(time.as_nanos().to_string()))
    });
    let error = times.await.unwrap_err().to_string();
    Duration::from_nanos(error.rsplit(' ').next().unwrap().parse().unwrap())
}
