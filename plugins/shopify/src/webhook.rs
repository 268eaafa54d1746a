//! What Shopify tells by itself (<https://shopify.dev/docs/apps/build/webhooks>): subscribed to for each connection, and
//! signed with the secret of the app.

use serde_json::{Value, json};
use weighbridge_sdk::{Answer, Delivery, Failure, Hook, Lifecycle, log, secrets, serde_json};

use crate::connection::Settings;
use crate::graphql::{Shop, plain};
use crate::nodes;
use crate::told;

/// By this name the host knows what the signatures are checked with.
const SCHEME: &str = "webhook";

/// Something that Shopify tells.
struct Topic {
    /// What the header calls it.
    name: &'static str,
    /// What it is called where one subscribes.
    subscribed: &'static str,
    stream: &'static str,
    /// How the body becomes a record.
    record: fn(&Value) -> Value,
}

const fn topic(
    name: &'static str,
    subscribed: &'static str,
    stream: &'static str,
    record: fn(&Value) -> Value,
) -> Topic {
    Topic { name, subscribed, stream, record }
}

const TOPICS: [Topic; 6] = [
    topic("orders/create", "ORDERS_CREATE", "orders", told::order),
    topic("orders/updated", "ORDERS_UPDATED", "orders", told::order),
    topic("products/create", "PRODUCTS_CREATE", "products", told::product),
    topic("products/update", "PRODUCTS_UPDATE", "products", told::product),
    topic("customers/create", "CUSTOMERS_CREATE", "customers", told::customer),
    topic("customers/update", "CUSTOMERS_UPDATE", "customers", told::customer),
];

const LIST: &str = "query($after: String) { webhookSubscriptions(first: 100, after: $after) { \
    edges { node { id topic uri } } pageInfo { hasNextPage endCursor } } }";
const CREATE: &str = "mutation($topic: WebhookSubscriptionTopic!, $uri: String!) { \
    webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri, format: JSON }) { \
    webhookSubscription { id } userErrors { field message } } }";
const DELETE: &str = "mutation($id: ID!) { webhookSubscriptionDelete(id: $id) { \
    deletedWebhookSubscriptionId userErrors { field message } } }";

/// Checks the signature, and only then looks at the body.
pub(crate) fn receive(settings: &Settings, hook: &Hook) -> Result<Answer, Failure> {
    let signature = header(hook, "x-shopify-hmac-sha256");
    let signature = signature.and_then(|text| data_encoding::BASE64.decode(text.as_bytes()).ok());
    let signature = signature.ok_or_else(|| unproven("the signature is missing, or no Base64"))?;
    if !secrets::verify(SCHEME, "hmac-sha256", &hook.body, &signature)? {
        return Err(unproven("the signature is not the one of this body"));
    }
    // One app has one secret for all its shops, and the header is not signed: it can only tell of a mistake.
    if header(hook, "x-shopify-shop-domain").is_some_and(|domain| domain != settings.domain()) {
        return Err(unproven("it is another shop's"));
    }
    let name = header(hook, "x-shopify-topic").unwrap_or_default();
    let known = TOPICS.iter().find(|topic| topic.name == name && settings.is_told(topic.stream));
    let Some(Topic { stream, record, .. }) = known else {
        log::info(format_args!("`{}` is not one of the streams that are told", plain(name)));
        return Ok(Answer { status: 200, body: Vec::new(), deliveries: Vec::new() });
    };
    let told: Value = serde_json::from_slice(&hook.body)
        .map_err(|error| Failure::config("shopify.webhook_malformed", error.to_string()))?;
    let mut records = serde_json::to_vec(&record(&told))?;
    records.push(b'\n');
    let id = header(hook, "x-shopify-webhook-id").unwrap_or_default().to_owned();
    let deliveries = vec![Delivery { stream: (*stream).to_owned(), id, records }];
    Ok(Answer { status: 200, body: Vec::new(), deliveries })
}

/// Subscribes to what is not subscribed to yet, or unsubscribes; what is at another address is somebody else's.
pub(crate) fn on(settings: &Settings, shop: &Shop, event: Lifecycle) -> Result<(), Failure> {
    let Some(address) = &settings.webhook_address else { return Ok(()) };
    let there = subscriptions(shop, address)?;
    let wanted = |stream: &str| matches!(event, Lifecycle::Enabled) && settings.is_told(stream);
    for Topic { subscribed, stream, .. } in &TOPICS {
        if wanted(stream) && !there.iter().any(|(_, own)| own == subscribed) {
            let answer = shop.ask(CREATE, json!({ "topic": subscribed, "uri": address }))?.data;
            done(&answer["webhookSubscriptionCreate"])?;
        }
    }
    for (id, topic) in &there {
        if !TOPICS.iter().any(|one| one.subscribed == topic && wanted(one.stream)) {
            let answer = shop.ask(DELETE, json!({ "id": id }))?.data;
            done(&answer["webhookSubscriptionDelete"])?;
        }
    }
    Ok(())
}

/// Ids and topics of what is sent to an address.
fn subscriptions(shop: &Shop, address: &str) -> Result<Vec<(String, String)>, Failure> {
    let (mut found, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer = shop.ask(LIST, json!({ "after": after }))?.data;
        let page = &answer["webhookSubscriptions"];
        let own = nodes::nodes(page).filter(|node| node["uri"] == address);
        found
            .extend(own.filter_map(|node| Some((node["id"].as_str()?.to_owned(), node["topic"].as_str()?.to_owned()))));
        if page["pageInfo"]["hasNextPage"] != true {
            return Ok(found);
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

fn done(payload: &Value) -> Result<(), Failure> {
    match payload["userErrors"][0]["message"].as_str() {
        None => Ok(()),
        Some(said) => Err(Failure::config("shopify.subscription_refused", format!("Shopify: {}", plain(said)))),
    }
}

fn unproven(message: &str) -> Failure {
    Failure::auth("shopify.signature_wrong", message)
}

fn header<'a>(hook: &'a Hook, name: &str) -> Option<&'a str> {
    let found = hook.headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}
