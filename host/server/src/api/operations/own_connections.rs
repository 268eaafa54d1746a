//! The organisation's own connections, which serve endpoints of many customers.

use http::Method;
use weighbridge::account::{ChangeConnection, NewConnection, NewCredential, PlatformFilter, SwitchConnection};
use weighbridge::model::access::kinds::{OwnConnectionsChange, OwnConnectionsRead};

use super::Nothing;
use super::connections::{Change, Replace, Turn, Which};
use crate::api::asked::Context;
use crate::api::operation::Operation;

pub(super) fn all() -> Vec<Operation> {
    [connecting(), changing(), asking()].into_iter().flatten().collect()
}

fn connecting() -> Vec<Operation> {
    vec![
        Operation::new(
            ("own-connection platforms", Method::GET, "/platforms"),
            "Show what can be connected for the organisation itself, and what each asks for.",
            async |it: Context<OwnConnectionsRead>, filter: PlatformFilter| {
                it.engine.own_platforms(&it.may, &filter).await
            },
        )
        .columns(&["name", "title", "categories", "price", "integration"]),
        Operation::new(
            ("own-connection list", Method::GET, "/connections"),
            "Show the organisation's own connections, how each stands, and why it stands still.",
            async |it: Context<OwnConnectionsRead>, _: Nothing| it.engine.own_connections(&it.may).await,
        )
        .columns(&["label", "platform", "status", "last_run", "next_run", "id"]),
        Operation::new(
            ("own-connection add", Method::POST, "/connections"),
            "Connect a system of the organisation's own; endpoints of its customers can stand there then.",
            async |it: Context<OwnConnectionsChange>, new: NewConnection| it.engine.connect_own(&it.may, &new).await,
        )
        .creates()
        .audits("connection.created"),
        Operation::new(
            ("own-connection show", Method::GET, "/connections/{connection}"),
            "Show one of the organisation's own connections; no secret of it is ever shown.",
            async |it: Context<OwnConnectionsRead>, which: Which| {
                it.engine.show_own_connection(&it.may, which.connection).await
            },
        ),
    ]
}

fn changing() -> Vec<Operation> {
    vec![
        Operation::new(
            ("own-connection change", Method::PATCH, "/connections/{connection}"),
            "Change the label, settings and time of one of the organisation's own connections.",
            async |it: Context<OwnConnectionsChange>, Change { connection, label, configuration, window }: Change| {
                let change = ChangeConnection { label, configuration, window };
                it.engine.change_own_connection(&it.may, connection, &change, it.seen()).await
            },
        )
        .audits("connection.*"),
        Operation::new(
            ("own-connection switch", Method::POST, "/connections/{connection}/switch"),
            "Switch it, or one function of it; off is confirmed, and names the transfers of all customers that stop.",
            async |it: Context<OwnConnectionsChange>, Turn { connection, switch, function, confirm }: Turn| {
                let switch = SwitchConnection { switch, function, confirm };
                it.engine.switch_own_connection(&it.may, connection, &switch, it.seen()).await
            },
        )
        .audits("connection.*"),
        Operation::new(
            ("own-connection credential", Method::POST, "/connections/{connection}/credential"),
            "Replace the credential of one of them that oneself entered.",
            async |it: Context<OwnConnectionsChange>, Replace { connection, scheme, secrets }: Replace| {
                it.engine.replace_own_credential(&it.may, connection, &NewCredential { scheme, secrets }).await
            },
        )
        .audits("connection.credential_replaced"),
        Operation::new(
            ("own-connection remove", Method::DELETE, "/connections/{connection}"),
            "Take one of them away that no endpoint of any customer uses, and its tokens back at the platform.",
            async |it: Context<OwnConnectionsChange>, which: Which| {
                it.engine.disconnect_own(&it.may, which.connection).await
            },
        )
        .audits("connection.deleted"),
    ]
}

fn asking() -> Vec<Operation> {
    vec![
        Operation::new(
            ("own-connection check", Method::POST, "/connections/{connection}/check"),
            "Ask the platform whether one of them works; nothing is changed.",
            async |it: Context<OwnConnectionsChange>, which: Which| {
                it.engine.check_own_connection(&it.may, which.connection).await
            },
        )
        .unaudited("it changes nothing here or at the platform"),
        Operation::new(
            ("own-connection sign-in", Method::POST, "/connections/{connection}/sign-in"),
            "Send a person to the platform's own sign-in; the answer says where, and what the page of return asks for.",
            async |it: Context<OwnConnectionsChange>, which: Which| {
                it.engine.sign_in_to_own(&it.may, which.connection).await
            },
        )
        .audits("connection.authorised"),
    ]
}
