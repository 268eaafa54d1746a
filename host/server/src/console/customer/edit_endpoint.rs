//! An endpoint, new or known: what it is for, and the function of a connected system that it stands for.

use maud::{Markup, html};
use serde_json::{Value, json};
use weighbridge::account::{ConnectionView, EndpointStatus, EndpointView, FunctionView};
use weighbridge::model::access::kinds;
use weighbridge::model::endpoint::Direction;
use weighbridge::model::problem::Problem;

use super::endpoints::{above, directions, found, path};
use super::system::direction_key;
use super::{Part, schema};
use crate::console::parts::{self, Ask, Tone, window_fields};
use crate::console::screen::{Drawn, Screen};
use crate::console::visit::Visit;

/// The function of a system whose settings say which streams there are.
const ANY_STREAM: &str = "*";

pub(super) fn screens() -> Vec<Screen> {
    let at = |end: &str| format!("/console/customers/{{customer}}/endpoints/{end}");
    let to = |v: &Visit, given: &Value| format!("{}/endpoints/{}", v.home(), given["id"].as_str().unwrap_or_default());
    vec![
        Screen::new(at("new"), new).leads("endpoint add", to, "endpoint-added"),
        Screen::new(at("{endpoint}/edit"), edit).leads("endpoint change", to, "saved"),
    ]
}

async fn new(v: Visit) -> Drawn {
    v.may::<kinds::TransfersChange>()?;
    let above = above(&v, None);
    let part = Part {
        above: &above,
        about: Some(v.t("endpoints-new-about")),
        ..Part::new("endpoints", "", v.t("endpoints-new"))
    };
    let ask = Ask::new(&v, "endpoint add");
    let body = ask.form(&html! {
        (ask.field("name", "customers-name").hint("endpoint-name-hint").required().text())
        (ask.field("description", "endpoint-description").hint("endpoint-description-hint").required().text())
        (ask.field("direction", "endpoint-direction").hint("endpoint-direction-hint").value("source").required().radios(&directions(&v)))
        (place(&v, &ask, None).await?)
        (window_fields(&ask, None))
        (ask.send_or_back("endpoints-make", &format!("{}/endpoints", v.home())))
    });
    part.sheet(&v, &parts::card("", &body))
}

async fn edit(v: Visit) -> Drawn {
    v.may::<kinds::TransfersChange>()?;
    let one = found(&v)?;
    let above = above(&v, Some(&one));
    let title = v.say("edit-title", &[("name", one.name.as_str().into())]);
    let part = Part { above: &above, ..Part::new("endpoints", "", title) };
    let ask = Ask::new(&v, "endpoint change").seen(&one.etag);
    let direction = v.word("side", &parts::worded(&one.direction));
    let fixed = [("name", one.name.as_str().into()), ("direction", direction.as_str().into())];
    let switch = if one.status == EndpointStatus::Off { "off" } else { "on" };
    let switches = ["on", "off"].map(|word| (word.to_owned(), v.word("system", word)));
    let body = ask.form(&html! {
        (parts::notice(Tone::Mute, &html! { p { (v.say("endpoint-fixed", &fixed)) } }))
        (ask.field("description", "endpoint-description").value(&one.description).required().text())
        (place(&v, &ask, Some(&one)).await?)
        (ask.field("switch", "endpoint-switch").hint("endpoint-switch-hint").value(switch).choice(&switches))
        (window_fields(&ask, Some(&one.window)))
        @if let Some(drift) = one.drift { (schema::choice(&v, &ask, drift)) }
        (ask.send_or_back("save", &path(&v, &one)))
    });
    part.sheet(&v, &parts::card("", &body))
}

/// The function that it stands for, chosen together with its system; and the customer's number in a system of the organisation's own.
async fn place(v: &Visit, ask: &Ask<'_>, one: Option<&EndpointView>) -> Result<Markup, Problem> {
    let systems = systems(v).await?;
    let mut choices = vec![(String::new(), v.t("endpoint-no-place"))];
    choices.extend(systems.iter().flat_map(|system| of_system(v, system, one.map(|one| one.direction))));
    let now = one.and_then(|one| Some(sent(&one.connection?.to_string(), one.stream.as_deref()))).unwrap_or_default();
    if !choices.iter().any(|(value, _)| *value == now) {
        let label = one.and_then(|one| one.connection_label.clone()).unwrap_or_default();
        let stream = one.and_then(|one| one.stream.clone()).unwrap_or_default();
        choices.push((now.clone(), format!("{label} · {stream}")));
    }
    if one.is_some_and(|one| one.connection.is_some()) {
        // What an endpoint stands for is changed, and not taken away.
        choices.remove(0);
    }
    Ok(html! {
        (ask.field("place:parts", "endpoint-place").hint("endpoint-place-hint").value(now).choice(&choices))
        (ask.field("stream:some", "endpoint-stream").hint("endpoint-stream-hint").text())
        (ask.field("partition", "endpoint-partition").hint("endpoint-partition-hint")
            .value_of(one.and_then(|one| one.partition.as_ref())).text())
    })
}

/// The systems that an endpoint may stand for: the customer's, and the organisation's own.
async fn systems(v: &Visit) -> Result<Vec<ConnectionView>, Problem> {
    let mut all = v.engine.connections(&v.may::<kinds::ConnectionsRead>()?).await?.items;
    if v.can::<kinds::OwnConnectionsRead>() {
        let own = v.engine.own_connections(&v.may::<kinds::OwnConnectionsRead>()?).await?.items;
        let known: Vec<_> = all.iter().map(|one| one.id).collect();
        all.extend(own.into_iter().filter(|one| !known.contains(&one.id)));
    }
    Ok(all)
}

/// The functions of a system, as they are sent and as they are called.
fn of_system(v: &Visit, system: &ConnectionView, direction: Option<Direction>) -> Vec<(String, String)> {
    let fits = |one: &&FunctionView| direction.is_none_or(|direction| direction == one.direction);
    let choices = |one: &FunctionView| -> Vec<(String, String)> {
        let named = |stream: Option<String>, what: &str| {
            let value = sent(&system.id.to_string(), stream.as_deref());
            (value, format!("{} · {what} ({})", system.label, v.t(direction_key(one.direction))))
        };
        match (one.stream == ANY_STREAM, described(system)) {
            (false, _) => {
                vec![named(Some(one.stream.clone()), if one.purpose.is_empty() { &one.stream } else { &one.purpose })]
            }
            (true, streams) if streams.is_empty() => vec![named(None, &one.purpose)],
            (true, streams) => streams.into_iter().map(|stream| named(Some(stream.clone()), &stream)).collect(),
        }
    };
    system.functions.iter().filter(fits).flat_map(choices).collect()
}

/// The streams that a system's own settings describe.
fn described(system: &ConnectionView) -> Vec<String> {
    let streams = system.configuration.as_ref().and_then(|all| all.get("streams")).and_then(Value::as_object);
    streams.into_iter().flat_map(|streams| streams.keys().cloned()).collect()
}

fn sent(connection: &str, stream: Option<&str>) -> String {
    match stream {
        Some(stream) => json!({ "connection": connection, "stream": stream }).to_string(),
        None => json!({ "connection": connection }).to_string(),
    }
}
