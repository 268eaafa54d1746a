//! Events out: what an organisation is told of, and at which addresses.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::events::{AllowEventNetworks, ChangeEventAddress, EventFilter, NewEventAddress, ReplayEvents};
use weighbridge::model::access::kinds::{EventsChange, EventsRead, EventsReplay, TenantsChange, TenantsRead};
use weighbridge::model::event::EventKind;
use weighbridge::model::id::{EventAddressId, EventId, TenantId};
use weighbridge::model::tenant::Switch;

use super::{Done, Nothing};
use crate::api::asked::Context;
use crate::api::operation::Operation;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// The address.
    address: EventAddressId,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneEvent {
    /// The event.
    event: EventId,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneTenant {
    tenant: TenantId,
}

/// What is to be changed; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    /// The address.
    address: EventAddressId,
    /// The URL.
    #[serde(default)]
    url: Option<String>,
    /// What it is for.
    #[serde(default)]
    description: Option<String>,
    /// Of what it is told: all of it; everything where it is empty.
    #[serde(default)]
    kinds: Option<Vec<EventKind>>,
    /// Whether it is told; switching on begins again with one that the host had suspended.
    #[serde(default)]
    switch: Option<Switch>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Remove {
    /// The address.
    address: EventAddressId,
    /// That whoever asks knows that it is told of nothing any more.
    #[serde(default)]
    confirm: bool,
}

/// All networks beyond the open internet that a tenant's events may be sent to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Allow {
    tenant: TenantId,
    /// Networks such as `10.1.0.0/16`; none is the open internet alone.
    #[serde(default)]
    networks: Vec<String>,
}

pub(super) fn all() -> Vec<Operation> {
    [addresses(), changing(), events(), networks()].into_iter().flatten().collect()
}

fn addresses() -> Vec<Operation> {
    vec![
        Operation::new(
            ("event-address list", Method::GET, "/event-addresses"),
            "Show the addresses at which the organisation is told of events.",
            async |it: Context<EventsRead>, _: Nothing| it.engine.event_addresses(&it.may),
        )
        .columns(&["url", "description", "status", "taken_at", "failing_since", "id"])
        .followed(),
        Operation::new(
            ("event-address show", Method::GET, "/event-addresses/{address}"),
            "Show one address for events.",
            async |it: Context<EventsRead>, which: Which| it.engine.event_address(&it.may, which.address),
        ),
        Operation::new(
            ("event-address add", Method::POST, "/event-addresses"),
            "Add an address for events; its signing secret is shown this once.",
            async |it: Context<EventsChange>, new: NewEventAddress| it.engine.add_event_address(&it.may, &new).await,
        )
        .creates()
        .audits("event_address.added"),
    ]
}

fn changing() -> Vec<Operation> {
    vec![
        Operation::new(
            ("event-address change", Method::PATCH, "/event-addresses/{address}"),
            "Change an address for events, or switch it off or on.",
            async |it: Context<EventsChange>, asked: Change| {
                let Change { address, url, description, kinds, switch } = asked;
                let change = ChangeEventAddress { url, description, kinds, switch };
                it.engine.change_event_address(&it.may, address, &change, it.seen()).await
            },
        )
        .audits("event_address.changed"),
        Operation::new(
            ("event-address rotate", Method::POST, "/event-addresses/{address}/rotate"),
            "Make a new signing secret, which is shown this once; the one before signs too for 24 hours.",
            async |it: Context<EventsChange>, which: Which| {
                it.engine.rotate_event_address(&it.may, which.address).await
            },
        )
        .audits("event_address.rotated"),
        Operation::new(
            ("event-address test", Method::POST, "/event-addresses/{address}/test"),
            "Send one event to an address now, and say what it answers.",
            async |it: Context<EventsChange>, which: Which| it.engine.test_event_address(&it.may, which.address).await,
        )
        .audits("event_address.tested"),
        Operation::new(
            ("event-address delete", Method::DELETE, "/event-addresses/{address}"),
            "Take an address for events away; it is confirmed.",
            async |it: Context<EventsChange>, Remove { address, confirm }: Remove| {
                it.engine.delete_event_address(&it.may, address, confirm, it.seen()).await.map(Done::from)
            },
        )
        .audits("event_address.deleted"),
    ]
}

fn events() -> Vec<Operation> {
    vec![
        Operation::new(
            ("event list", Method::GET, "/events"),
            "Show what the organisation was told of in the last 30 days, the newest first.",
            async |it: Context<EventsRead>, filter: EventFilter| it.engine.events(&it.may, &filter),
        )
        .columns(&["at", "kind", "state", "id"])
        .followed(),
        Operation::new(
            ("event show", Method::GET, "/events/{event}"),
            "Show one event, what it says, and every try to send it.",
            async |it: Context<EventsRead>, one: OneEvent| it.engine.event(&it.may, one.event),
        )
        .followed(),
        Operation::new(
            ("event replay", Method::POST, "/events/replay"),
            "Send the events of a time again, under the same ids.",
            async |it: Context<EventsReplay>, replay: ReplayEvents| it.engine.replay_events(&it.may, &replay).await,
        )
        .audits("events.replayed"),
    ]
}

fn networks() -> Vec<Operation> {
    vec![
        Operation::new(
            ("tenant event-networks", Method::GET, "/tenants/{tenant}/event-networks"),
            "Show to which networks beyond the open internet a tenant's events may be sent.",
            async |it: Context<TenantsRead>, one: OneTenant| it.engine.event_networks(&it.may, one.tenant),
        ),
        Operation::new(
            ("tenant allow-events", Method::PUT, "/tenants/{tenant}/event-networks"),
            "Say to which networks beyond the open internet a tenant's events may be sent: all of them.",
            async |it: Context<TenantsChange>, Allow { tenant, networks }: Allow| {
                it.engine.allow_event_networks(&it.may, tenant, &AllowEventNetworks { networks }).await
            },
        )
        .audits("tenant.event_networks_changed"),
    ]
}
