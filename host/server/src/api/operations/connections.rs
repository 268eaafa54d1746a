//! Connections: what can be connected, connecting it, and switching it.

use std::collections::BTreeMap;

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value};
use weighbridge::Engine;
use weighbridge::account::{
    ChangeConnection, ChooseSelfManaged, NewConnection, NewCredential, NewLink, PlatformFilter, SetSelfManaged,
    SwitchConnection, UseLink,
};
use weighbridge::document::WindowDocument;
use weighbridge::model::access::kinds::{
    ConnectLinksChange, ConnectLinksRead, ConnectionsChange, ConnectionsDelete, ConnectionsRead, CredentialsEnter,
    IntegrationsRead, SelfManagedChange, SelfManagedRead, TenantChange, TransfersRead, TransfersRun,
};
use weighbridge::model::id::{ConnectLinkId, ConnectionId};
use weighbridge::model::tenant::Switch;

use super::Nothing;
use crate::api::asked::Context;
use crate::api::operation::Operation;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    pub(super) connection: ConnectionId,
}

/// What is to be changed; what is left out stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub(super) connection: ConnectionId,
    /// What it is called.
    #[serde(default)]
    pub(super) label: Option<String>,
    /// Its settings: all of them.
    #[serde(default)]
    pub(super) configuration: Option<Map<String, Value>>,
    /// From when to when.
    #[serde(default)]
    pub(super) window: Option<WindowDocument>,
}

/// What is switched.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Turn {
    pub(super) connection: ConnectionId,
    /// Which way.
    pub(super) switch: Switch,
    /// The function, as `source:STREAM` or `destination:STREAM`; all of the system where it is left out.
    #[serde(default)]
    pub(super) function: Option<String>,
    /// That what stops was read.
    #[serde(default)]
    pub(super) confirm: bool,
}

/// Another credential.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Replace {
    pub(super) connection: ConnectionId,
    /// How to sign in: one of the platform's ways.
    pub(super) scheme: String,
    /// The secrets that this way asks for, by name.
    #[serde(default)]
    pub(super) secrets: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichLink {
    link: ConnectLinkId,
}

pub(super) fn all() -> Vec<Operation> {
    [connecting(), systems(), links(), self_managed()].into_iter().flatten().collect()
}

fn connecting() -> Vec<Operation> {
    vec![
        Operation::new(
            ("platform list", Method::GET, "/customers/{customer}/platforms"),
            "Show what can be connected for a customer, and what each asks for.",
            async |it: Context<ConnectionsRead>, filter: PlatformFilter| it.engine.platforms(&it.may, &filter).await,
        )
        .columns(&["name", "title", "categories", "self_managed", "notice", "integration"]),
        Operation::new(
            ("connection list", Method::GET, "/customers/{customer}/connections"),
            "Show what a customer has connected, how it stands, and why it stands still.",
            async |it: Context<ConnectionsRead>, _: Nothing| it.engine.connections(&it.may).await,
        )
        .columns(&["label", "platform", "status", "last_run", "next_run", "id"])
        .followed(),
        Operation::new(
            ("connection add", Method::POST, "/customers/{customer}/connections"),
            "Connect a system for a customer.",
            async |it: Context<CredentialsEnter>, new: NewConnection| it.engine.connect(&it.may, &new).await,
        )
        .creates()
        .audits("connection.created"),
        Operation::new(
            ("connection show", Method::GET, "/customers/{customer}/connections/{connection}"),
            "Show one connected system; no secret of it is ever shown.",
            async |it: Context<ConnectionsRead>, which: Which| it.engine.connection(&it.may, which.connection).await,
        )
        .followed(),
    ]
}

fn systems() -> Vec<Operation> {
    vec![
        Operation::new(
            ("connection change", Method::PATCH, "/customers/{customer}/connections/{connection}"),
            "Change a connected system's label, settings and time.",
            async |it: Context<ConnectionsChange>, Change { connection, label, configuration, window }: Change| {
                let change = ChangeConnection { label, configuration, window };
                it.engine.change_connection(&it.may, connection, &change, it.seen()).await
            },
        )
        .audits("connection.*"),
        Operation::new(
            ("connection switch", Method::POST, "/customers/{customer}/connections/{connection}/switch"),
            "Switch a connected system, or one function of it; off is confirmed, and says what stops.",
            async |it: Context<ConnectionsChange>, Turn { connection, switch, function, confirm }: Turn| {
                let switch = SwitchConnection { switch, function, confirm };
                it.engine.switch_connection(&it.may, connection, &switch, it.seen()).await
            },
        )
        .audits("connection.*"),
        Operation::new(
            ("connection credential", Method::POST, "/customers/{customer}/connections/{connection}/credential"),
            "Replace the credential that oneself entered.",
            async |it: Context<CredentialsEnter>, Replace { connection, scheme, secrets }: Replace| {
                it.engine.replace_credential(&it.may, connection, &NewCredential { scheme, secrets }).await
            },
        )
        .audits("connection.credential_replaced"),
        Operation::new(
            ("connection check", Method::POST, "/customers/{customer}/connections/{connection}/check"),
            "Ask the platform whether a connected system works; nothing is changed.",
            async |it: Context<ConnectionsChange>, which: Which| {
                it.engine.check_connection(&it.may, which.connection).await
            },
        )
        .unaudited("it changes nothing here or at the platform"),
        Operation::new(
            ("connection transfers", Method::GET, "/customers/{customer}/connections/{connection}/transfers"),
            "Show the transfers that move over a connected system, and whether each may run now.",
            async |it: Context<TransfersRead>, which: Which| it.engine.transfers_over(&it.may, which.connection),
        )
        .columns(&["name", "running", "allowed", "code", "transfer"]),
        Operation::new(
            ("connection sync", Method::POST, "/customers/{customer}/connections/{connection}/sync"),
            "Begin a run of every transfer over a connected system that may run now, and do not wait for it.",
            async |it: Context<TransfersRun>, which: Which| it.engine.sync_connection(&it.may, which.connection).await,
        )
        .unaudited("the runs themselves are kept, with who wanted them"),
        Operation::new(
            ("connection sign-in", Method::POST, "/customers/{customer}/connections/{connection}/sign-in"),
            "Send a person to the platform's own sign-in; the answer says where, and what the page of return asks for.",
            async |it: Context<CredentialsEnter>, which: Which| {
                it.engine.sign_in_at_platform(&it.may, which.connection).await
            },
        )
        .audits("connection.authorised"),
        Operation::new(
            ("connection remove", Method::DELETE, "/customers/{customer}/connections/{connection}"),
            "Take a connected system away, and its tokens back at the platform.",
            async |it: Context<ConnectionsDelete>, which: Which| it.engine.disconnect(&it.may, which.connection).await,
        )
        .audits("connection.deleted"),
    ]
}

fn links() -> Vec<Operation> {
    vec![
        Operation::new(
            ("connect-link list", Method::GET, "/customers/{customer}/connect-links"),
            "Show the links on which somebody connects a system for a customer.",
            async |it: Context<ConnectLinksRead>, _: Nothing| it.engine.connect_links(&it.may),
        )
        .columns(&["integration_name", "status", "made_at", "ends_at", "id"]),
        Operation::new(
            ("connect-link add", Method::POST, "/customers/{customer}/connect-links"),
            "Make a link on which somebody connects one system, once, within seven days, without signing in here.",
            async |it: Context<ConnectLinksChange>, new: NewLink| it.engine.create_connect_link(&it.may, &new).await,
        )
        .creates()
        .audits("connect_link.created"),
        Operation::new(
            ("connect-link withdraw", Method::DELETE, "/customers/{customer}/connect-links/{link}"),
            "Take a link back.",
            async |it: Context<ConnectLinksChange>, which: WhichLink| {
                it.engine.withdraw_connect_link(&it.may, which.link).await
            },
        )
        .audits("connect_link.withdrawn"),
        Operation::open(
            ("connect-link use", Method::POST, "/connect-links/use"),
            "Connect a system by a link; where the platform has a sign-in of its own, the answer says where to go on.",
            async |engine: Engine, used: UseLink| engine.use_connect_link(&used).await,
        )
        .audits("connection.created"),
    ]
}

fn self_managed() -> Vec<Operation> {
    vec![
        Operation::new(
            ("self-managed show", Method::GET, "/self-managed"),
            "Show whether customers connect systems by themselves, and what that costs.",
            async |it: Context<IntegrationsRead>, _: Nothing| it.engine.self_managed(&it.may),
        ),
        Operation::new(
            ("self-managed set", Method::PATCH, "/self-managed"),
            "Let customers connect systems by themselves, or not; turning it on is confirmed, and says what it costs.",
            async |it: Context<TenantChange>, set: SetSelfManaged| it.engine.set_self_managed(&it.may, &set).await,
        )
        .audits("self_managed.changed"),
        Operation::new(
            ("self-managed of", Method::GET, "/customers/{customer}/self-managed"),
            "Show a customer's setting beside the organisation's, and what comes of both.",
            async |it: Context<SelfManagedRead>, _: Nothing| it.engine.customer_self_managed(&it.may),
        ),
        Operation::new(
            ("self-managed choose", Method::PUT, "/customers/{customer}/self-managed"),
            "Give a customer a setting of its own; withdrawing it names what keeps running and costing.",
            async |it: Context<SelfManagedChange>, choose: ChooseSelfManaged| {
                it.engine.choose_self_managed(&it.may, &choose).await
            },
        )
        .audits("self_managed.changed"),
    ]
}
