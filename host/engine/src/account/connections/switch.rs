//! Switch a connected system or one function of it. Off asks to be confirmed, and says what stops; on does not.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::connection::{CapabilityKey, Connection};
use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::ConnectionId;
use weighbridge_model::integration::Integration;
use weighbridge_model::package::Capability;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_model::tenant::Switch;
use weighbridge_store::tables::Connections;

use super::view::ConnectionView;
use super::whose::Asks;
use crate::account::edit::if_match;
use crate::engine::Engine;
use crate::texts::{Texts, connection_owner};

/// What is switched.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SwitchConnection {
    /// Which way.
    pub switch: Switch,
    /// The function, as `source:STREAM` or `destination:STREAM`; all of the system where it is left out.
    #[serde(default)]
    pub function: Option<String>,
    /// That what stops was read.
    #[serde(default)]
    pub confirm: bool,
}

impl Engine {
    /// Switches a connection, or one function of it.
    pub async fn switch_connection(
        &self,
        may: &Permission<kinds::ConnectionsChange>,
        id: ConnectionId,
        switch: &SwitchConnection,
        seen: Option<&str>,
    ) -> Result<ConnectionView, Problem> {
        self.switch_by(Asks::in_customer(may), id, switch, seen).await
    }

    /// A tenant's own serves other customers too, so none of them switches it.
    pub(super) async fn switch_by(
        &self,
        asks: Asks,
        id: ConnectionId,
        switch: &SwitchConnection,
        seen: Option<&str>,
    ) -> Result<ConnectionView, Problem> {
        let (whose, tenant) = (asks.whose, asks.whose.tenant());
        let (_, offer) = self.own_connection(whose, id)?;
        let function = switch.function.as_deref().map(function).transpose()?;
        if let Some(function) = &function {
            self.refuse_unknown_function(&offer, function).await?;
        }
        if switch.switch == Switch::Off && !switch.confirm {
            let mut stops = self.stops_with(whose, id, function.as_ref())?;
            if stops.is_empty() {
                stops.push("nothing that is on uses it".to_owned());
            }
            return Err(Problem::from(ProblemCode::ConfirmationNeeded).with("consequences", stops));
        }
        self.edit(|edit| {
            let before = edit.need::<Connections>(tenant, id)?;
            if_match(seen, &before)?;
            let mut row = before.clone();
            turn(&mut row, function.as_ref(), switch.switch);
            if row == before {
                return Ok(());
            }
            let texts = Texts::new(&self.host.ring, connection_owner(&row), row.id.as_bytes());
            let what = switch.function.as_ref().map(|function| format!(": {function}")).unwrap_or_default();
            let text = format!("{}{what}", texts.open_text("label", &row.label)?);
            let act = if switch.switch == Switch::On { "connection.on" } else { "connection.off" };
            edit.put::<Connections>(tenant, id, row);
            edit.audit(self.line_about(whose, asks.by, act, &text)?);
            Ok(())
        })
        .await?;
        if let Some(scope) = whose.customer() {
            self.keep_hook_if_any(scope, id).await;
        }
        self.view_by(&asks, id).await
    }

    /// A function that the connector has not would be switched off, and everything would go on.
    async fn refuse_unknown_function(&self, offer: &Integration, function: &CapabilityKey) -> Result<(), Problem> {
        // Where the package is not there at the moment, nothing is known, and nothing moves.
        let Ok(manifest) = self.manifest_of(offer).await else { return Ok(()) };
        let is_one = |one: &Capability| {
            let is_stream = one.stream == ANY_STREAM || one.stream == function.stream.as_str();
            is_stream && one.direction == function.direction
        };
        if manifest.capabilities.iter().any(is_one) {
            return Ok(());
        }
        let there: Vec<_> = manifest.capabilities.iter().map(named).collect();
        Err(Problem::invalid("function", format!("the platform has no such function; there is: {}", there.join(", "))))
    }
}

/// In a manifest, whatever stream the settings describe.
const ANY_STREAM: &str = "*";

fn named(one: &Capability) -> String {
    let direction = if one.direction == Direction::Source { "source" } else { "destination" };
    format!("{direction}:{}", one.stream)
}

fn turn(row: &mut Connection, function: Option<&CapabilityKey>, switch: Switch) {
    match (function, switch) {
        (None, switch) => row.switch = switch,
        (Some(function), Switch::On) => {
            row.capabilities_off.remove(function);
        }
        (Some(function), Switch::Off) => {
            row.capabilities_off.insert(function.clone());
        }
    }
}

fn function(text: &str) -> Result<CapabilityKey, Problem> {
    let wrong = || Problem::invalid("function", format!("`{text}`: write source:STREAM or destination:STREAM"));
    let (direction, stream) = text.split_once(':').ok_or_else(wrong)?;
    let direction = match direction {
        "source" => Direction::Source,
        "destination" => Direction::Destination,
        _ => return Err(wrong()),
    };
    if stream == ANY_STREAM {
        return Err(Problem::invalid("function", "`*` stands for any stream; name the one, as its endpoint does"));
    }
    Ok(CapabilityKey { stream: stream.parse().map_err(|_| wrong())?, direction })
}
