//! Events out: where the organisation's systems are told of what happens, and whether they took it.

mod address;
mod list;
mod new_address;
mod one;

use maud::Markup;
use weighbridge::events::{EventAddressStatus, EventAddressView, EventState};
use weighbridge::model::event::{DeliveryState, EventKind};

use crate::console::parts::{self, Tone, badge};
use crate::console::screen::Screen;
use crate::console::visit::Visit;

pub(super) fn screens() -> Vec<Screen> {
    [list::screens(), new_address::screens(), address::screens(), one::screens()].into_iter().flatten().collect()
}

/// The list, as a way back to it.
fn above(v: &Visit) -> (String, String) {
    ("/console/events".to_owned(), v.t("nav-events"))
}

/// What an event is, in words.
fn kind(v: &Visit, kind: EventKind) -> String {
    v.word("event", kind.as_str())
}

fn state(v: &Visit, state: EventState) -> Markup {
    let tone = match state {
        EventState::Delivered => Tone::Good,
        EventState::Waiting => Tone::Busy,
        EventState::Failed => Tone::Bad,
        EventState::Unsent => Tone::Mute,
    };
    badge(tone, &v.word("event-state", &parts::worded(&state)))
}

fn delivery(v: &Visit, state: DeliveryState) -> Markup {
    let tone = match state {
        DeliveryState::Delivered => Tone::Good,
        DeliveryState::Waiting => Tone::Busy,
        DeliveryState::GivenUp => Tone::Bad,
        DeliveryState::Stopped => Tone::Mute,
    };
    badge(tone, &v.word("event-delivery", &parts::worded(&state)))
}

fn status(v: &Visit, one: &EventAddressView) -> Markup {
    let status = one.status;
    let tone = match status {
        EventAddressStatus::On if one.failing_since.is_some() => Tone::Warn,
        EventAddressStatus::On => Tone::Good,
        EventAddressStatus::Off => Tone::Mute,
        EventAddressStatus::Suspended => Tone::Bad,
    };
    badge(tone, &v.word("event-address", &parts::worded(&status)))
}
