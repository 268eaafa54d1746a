//! Third parties' access: who pulls a customer's data, and with what.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::account::{AccessExplained, ChangeAccess, MessageLanguage, NewAccess, RotateKey};
use weighbridge::document::WindowDocument;
use weighbridge::model::access::kinds::{ServicesChange, ServicesRead, ServicesSwitch};
use weighbridge::model::id::{EndpointId, ExternalServiceId};
use weighbridge::model::meter::Quota;
use weighbridge::model::tenant::Switch;

use super::{Done, Nothing};
use crate::api::asked::Context;
use crate::api::operation::Operation;

const COLUMNS: &[&str] = &["name", "access_id", "switch", "refused", "endpoints", "last_used_at", "made_by", "id"];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    service: ExternalServiceId,
}

/// What is to be changed; what is left out stays, and what is empty is taken away.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    service: ExternalServiceId,
    /// What it is called.
    #[serde(default)]
    name: Option<String>,
    /// What it is for.
    #[serde(default)]
    description: Option<String>,
    /// From when to when.
    #[serde(default)]
    window: Option<WindowDocument>,
    /// The names of the endpoints that it may read: all of them.
    #[serde(default)]
    endpoints: Option<Vec<String>>,
    /// The most requests in a minute; zero is without a limit.
    #[serde(default)]
    rate_per_minute: Option<u32>,
    /// What it may use.
    #[serde(default)]
    quota: Option<Quota>,
}

/// How a key is exchanged.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Rotate {
    service: ExternalServiceId,
    /// For how many hours the old key works beside the new one: 24 where it is left out; with 0 it works no more.
    #[serde(default)]
    overlap_hours: Option<u32>,
    /// In which language the third party is told: English where it is left out.
    #[serde(default)]
    language: MessageLanguage,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Told {
    service: ExternalServiceId,
    /// In which language: English where it is left out.
    #[serde(default)]
    language: MessageLanguage,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Turn {
    service: ExternalServiceId,
    /// Which way.
    switch: Switch,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Remove {
    service: ExternalServiceId,
    /// Its name, so that the right one goes.
    #[serde(default)]
    confirm: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Explain {
    service: ExternalServiceId,
    /// The endpoint.
    endpoint: EndpointId,
}

pub(super) fn all() -> Vec<Operation> {
    [reading(), keys(), changing()].into_iter().flatten().collect()
}

fn reading() -> Vec<Operation> {
    vec![
        Operation::new(
            ("service list", Method::GET, "/customers/{customer}/services"),
            "Show who pulls a customer's data, and when they last did.",
            async |it: Context<ServicesRead>, _: Nothing| it.engine.services(&it.may),
        )
        .columns(COLUMNS),
        Operation::new(
            ("service show", Method::GET, "/customers/{customer}/services/{service}"),
            "Show one third party's access.",
            async |it: Context<ServicesRead>, which: Which| it.engine.service(&it.may, which.service),
        ),
        Operation::new(
            ("service message", Method::GET, "/customers/{customer}/services/{service}/message"),
            "Show again what the third party was told, without the key.",
            async |it: Context<ServicesRead>, told: Told| {
                it.engine.service_message(&it.may, told.service, told.language)
            },
        ),
        Operation::new(
            ("service explain", Method::GET, "/customers/{customer}/services/{service}/explain"),
            "Say why a third party gets records of an endpoint at the moment, or why not.",
            async |it: Context<ServicesRead>, asks: Explain| {
                it.engine.explain_service(&it.may, asks.service, asks.endpoint).map(AccessExplained::from)
            },
        ),
    ]
}

fn keys() -> Vec<Operation> {
    vec![
        Operation::new(
            ("service add", Method::POST, "/customers/{customer}/services"),
            "Give a third party access; the key is shown this once, with a message that is ready to be copied.",
            async |it: Context<ServicesChange>, new: NewAccess| it.engine.create_service(&it.may, &new).await,
        )
        .creates()
        .audits("service.created"),
        Operation::new(
            ("service rotate", Method::POST, "/customers/{customer}/services/{service}/rotate"),
            "Make a new key, which is shown this once; the one before works on for a while.",
            async |it: Context<ServicesChange>, Rotate { service, overlap_hours, language }: Rotate| {
                let overlap_hours = overlap_hours.unwrap_or(RotateKey::default().overlap_hours);
                let how = RotateKey { overlap_hours, language };
                it.engine.rotate_service_key(&it.may, service, how).await
            },
        )
        .audits("service.key_rotated"),
    ]
}

fn changing() -> Vec<Operation> {
    vec![
        Operation::new(
            ("service change", Method::PATCH, "/customers/{customer}/services/{service}"),
            "Change what a third party's access is called, and what it may.",
            async |it: Context<ServicesChange>, asked: Change| {
                let Change { service, name, description, window, endpoints, rate_per_minute, quota } = asked;
                let change = ChangeAccess { name, description, window, endpoints, rate_per_minute, quota };
                it.engine.change_service(&it.may, service, &change, it.seen()).await
            },
        )
        .audits("service.changed"),
        Operation::new(
            ("service switch", Method::POST, "/customers/{customer}/services/{service}/switch"),
            "Switch a third party's access off or on.",
            async |it: Context<ServicesSwitch>, turn: Turn| {
                it.engine.switch_service(&it.may, turn.service, turn.switch).await
            },
        )
        .audits("service.*"),
        Operation::new(
            ("service remove", Method::DELETE, "/customers/{customer}/services/{service}"),
            "Take a third party's access away for good; its name is asked for.",
            async |it: Context<ServicesChange>, Remove { service, confirm }: Remove| {
                let removed = it.engine.delete_service(&it.may, service, confirm.as_deref(), it.seen()).await;
                removed.map(Done::from)
            },
        )
        .audits("service.deleted"),
    ]
}
