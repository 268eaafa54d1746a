//! What tests of several crates set up: one customer with a transfer that nothing speaks against.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping, in what it sets up too")]

use weighbridge_model::connection::{Connection, ConnectionState, Owner};
use weighbridge_model::customer::{Customer, CustomerStatus};
use weighbridge_model::digest::Digest;
use weighbridge_model::endpoint::{Direction, Endpoint, Place};
use weighbridge_model::id::{ConnectionId, CustomerId, EndpointId, IntegrationId, KeyId, TenantId, TransferId};
use weighbridge_model::integration::Integration;
use weighbridge_model::meter::Quota;
use weighbridge_model::package::{Origin, PackageRow, Release};
use weighbridge_model::sealed::Sealed;
use weighbridge_model::tenant::{Status, Switch, Tenant};
use weighbridge_model::time::{Timestamp, Window, Zone};
use weighbridge_model::transfer::{BatchLimit, Rejections, SyncMode, Transfer, WriteMode};
use weighbridge_store::tables::{Connections, Customers, Endpoints, Integrations, Packages, Tenants, Transfers};
use weighbridge_store::{CustomerScope, HostScope, TenantScope, Tx, TxError};

/// When everything was made.
pub const NOW: Timestamp = Timestamp::from_millis(1_767_605_400_000);
/// The one customer.
pub const CUSTOMER: CustomerId = CustomerId::from_bytes([2; 16]);
/// Its first transfer.
pub const TRANSFER: TransferId = TransferId::from_bytes([3; 16]);
/// The offer of both sides.
pub const INTEGRATION: IntegrationId = IntegrationId::from_bytes([4; 16]);
/// The connection of both sides.
pub const CONNECTION: ConnectionId = ConnectionId::from_bytes([5; 16]);
/// The source and the destination.
pub const ENDPOINTS: [EndpointId; 2] = [EndpointId::from_bytes([6; 16]), EndpointId::from_bytes([7; 16])];

/// The one tenant.
pub fn tenant() -> TenantScope {
    HostScope::new().tenant(TenantId::from_bytes([1; 16]))
}

/// The one customer's rows.
pub fn scope() -> CustomerScope {
    tenant().customer(CUSTOMER)
}

/// Something sealed that nobody opens.
pub fn sealed() -> Sealed {
    Sealed::new(KeyId::from_bytes([0; 16]), b"nobody opens this".to_vec())
}

/// One transfer and everything that it hangs on; nothing speaks against it.
pub fn put_all(tx: &mut Tx<'_>, write: WriteMode) -> Result<(), TxError> {
    put_package(tx)?;
    put_owners(tx)?;
    put_connection(tx)?;
    for (id, direction) in ENDPOINTS.into_iter().zip([Direction::Source, Direction::Destination]) {
        tx.put::<Endpoints>(&scope(), &id, &endpoint(id, direction))?;
    }
    put_transfer(tx, TRANSFER, write)
}

/// Another transfer between the same endpoints.
pub fn put_transfer(tx: &mut Tx<'_>, id: TransferId, write: WriteMode) -> Result<(), TxError> {
    let transfer = Transfer {
        removed_at: None,
        id,
        customer: CUSTOMER,
        name: sealed(),
        source: ENDPOINTS[0],
        destination: ENDPOINTS[1],
        mapping: None,
        sync: SyncMode::Incremental,
        write,
        limit: BatchLimit { records: 10, bytes: 1_000 },
        rejections: Rejections::default(),
        removals: weighbridge_model::transfer::Removals::default(),
        along: Vec::new(),
        failures_max: weighbridge_model::failing::FAILURES_MAX,
        switch: Switch::On,
        suspended: false,
    };
    tx.put::<Transfers>(&scope(), &id, &transfer)
}

fn put_package(tx: &mut Tx<'_>) -> Result<(), TxError> {
    let package = PackageRow::using(Release {
        origin: Origin::Native,
        version: "1.0.0".parse().unwrap(),
        digest: Digest::of(b"package"),
        content: None,
        installed_at: NOW,
    });
    tx.put::<Packages>(&HostScope::new(), &"test.shop".parse().unwrap(), &package)
}

fn put_owners(tx: &mut Tx<'_>) -> Result<(), TxError> {
    let (id, quota) = (tenant().id(), Quota::default());
    let row = Tenant {
        id,
        status: Status::Active,
        zone: Zone::UTC,
        currency: None,
        name: sealed(),
        quota,
        self_managed: Default::default(),
        own_services: Default::default(),
        created_at: NOW,
    };
    tx.put::<Tenants>(&tenant(), &(), &row)?;
    let customer = Customer {
        workflow_version: 0,
        self_managed: Default::default(),
        id: CUSTOMER,
        tenant: id,
        status: CustomerStatus::Active,
        window: Window::ALWAYS,
        name: sealed(),
        external_id: None,
        labels: None,
        contact: None,
        workflow: None,
        inactivity: None,
        quota,
        created_at: NOW,
        deleted_at: None,
    };
    tx.put::<Customers>(&tenant(), &CUSTOMER, &customer)
}

fn put_connection(tx: &mut Tx<'_>) -> Result<(), TxError> {
    let integration = Integration {
        self_managed: false,
        price: None,
        defaults: None,
        id: INTEGRATION,
        tenant: tenant().id(),
        connector: "test.shop".parse().unwrap(),
        switch: Switch::On,
        name: sealed(),
        grant: sealed(),
        oauth_client: None,
        authorities: None,
        client_certificate: None,
        proxy: Default::default(),
    };
    tx.put::<Integrations>(&tenant(), &INTEGRATION, &integration)?;
    let connection = Connection {
        made_by: None,
        made_at: None,
        entered_by: None,
        id: CONNECTION,
        tenant: tenant().id(),
        owner: Owner::Tenant,
        integration: INTEGRATION,
        switch: Switch::On,
        state: ConnectionState::Ready,
        window: Window::ALWAYS,
        label: sealed(),
        configuration: sealed(),
        scheme: None,
        secrets: None,
        capabilities_off: Default::default(),
    };
    tx.put::<Connections>(&tenant(), &CONNECTION, &connection)
}

fn endpoint(id: EndpointId, direction: Direction) -> Endpoint {
    Endpoint {
        id,
        customer: CUSTOMER,
        name: sealed(),
        description: sealed(),
        direction,
        place: Some(Place { connection: CONNECTION, stream: "orders".parse().unwrap(), partition: None }),
        switch: Switch::On,
        drift: Default::default(),
        window: Window::ALWAYS,
    }
}
