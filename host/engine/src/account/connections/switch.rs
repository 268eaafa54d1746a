//! Switch a connected system or one function of it. Off asks to be confirmed, and says what stops; on does not.

use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::connection::{CapabilityKey, Connection};
use weighbridge_model::endpoint::Direction;
use weighbridge_model::id::ConnectionId;
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
        self.own_connection(whose, id)?;
        let function = switch.function.as_deref().map(function).transpose()?;
        if switch.switch == Switch::Off && !switch.confirm {
            let stops = self.running_over(whose, id)?;
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
        self.view_by(&asks, id).await
    }
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
    Ok(CapabilityKey { stream: stream.parse().map_err(|_| wrong())?, direction })
}
