//! Events out: a tenant is told at addresses of its own, as the Standard Webhooks specification says it.
//!
//! What happens is written down with the change itself (`store::verbs::raise`); the courier hands it to every address that
//! wants it. The promise: an event that stands in the store is sent until it is taken, given up after ten tries in three days,
//! or its address goes. It may come twice, always under the same id, and in any order. A receiver answers 2xx within 15 seconds,
//! drops ids that it knows, and looks at `timestamp` where the order matters. Events are kept for 30 days, and can be sent again
//! within them.

mod address;
mod courier;
mod list;
mod networks;
mod payload;
mod replay;
mod rotate;
mod secret;
mod send;
mod sweep;
mod trial;
mod view;

use weighbridge_model::id::EventAddressId;
use weighbridge_store::TenantScope;
use weighbridge_vault::Owner;

pub use address::{ChangeEventAddress, NewEventAddress};
pub(crate) use courier::Sending;
pub use list::EventFilter;
pub use networks::{AllowEventNetworks, EventNetworks};
pub use payload::{AllowancePassed, EventData, FailuresInARow, Thing};
pub use replay::{ReplayEvents, Replayed};
pub use trial::EventTested;
pub use view::{
    EventAddressStatus, EventAddressView, EventAttemptView, EventDeliveryView, EventState, EventView, HaltView,
    ShownSigningSecret,
};

use crate::engine::Host;
use crate::texts::Texts;

/// Events and what became of them are kept so long.
pub const EVENT_DAYS: u32 = 30;
/// The most addresses of one tenant.
pub const EVENT_ADDRESSES_MAX: usize = 10;

/// The texts of an address.
fn texts<'a>(host: &'a Host, scope: TenantScope, id: &'a EventAddressId) -> Texts<'a> {
    Texts::new(&host.ring, Owner::Tenant(scope.id()), id.as_bytes())
}
