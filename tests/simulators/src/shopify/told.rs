//! Webhooks: bodies in the shape of the REST resources, signed with the app's secret.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Shop;

/// A webhook that is to be sent.
#[derive(Clone, Debug)]
pub struct Told {
    /// Where to.
    pub address: String,
    /// Its headers.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Shop {
    /// What is sent to whoever subscribed to a topic, such as `orders/updated`, of a node.
    pub fn tell(&mut self, topic: &str, node: &Value) -> Vec<Told> {
        let subscribed = topic.replace('/', "_").to_uppercase();
        let body = resource(topic, node).to_string().into_bytes();
        let mut mac = Hmac::<Sha256>::new_from_slice(self.tokens.app.secret.as_bytes()).unwrap();
        mac.update(&body);
        let signature = BASE64.encode(&mac.finalize().into_bytes());
        let wanted: Vec<Value> =
            self.nodes["webhookSubscriptions"].iter().filter(|one| one["topic"] == subscribed).cloned().collect();
        let told = wanted.into_iter().map(|subscription| {
            self.told += 1;
            let headers = [
                ("X-Shopify-Topic", topic.to_owned()),
                ("X-Shopify-Hmac-SHA256", signature.clone()),
                ("X-Shopify-Shop-Domain", format!("{}.myshopify.com", self.name)),
                ("X-Shopify-Webhook-Id", format!("b54557e4-bdd9-4b37-8a5f-{:012}", self.told)),
                ("Content-Type", "application/json".to_owned()),
            ];
            let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            Told { address: subscription["uri"].as_str().unwrap().to_owned(), headers, body: body.clone() }
        });
        told.collect()
    }
}

/// The REST resource of a node.
fn resource(topic: &str, node: &Value) -> Value {
    match topic.split('/').next() {
        Some("orders") => order(node),
        Some("products") => product(node),
        _ => json!({ "admin_graphql_api_id": node["id"] }),
    }
}

fn order(node: &Value) -> Value {
    let money = |bag: &str| node[bag]["shopMoney"]["amount"].clone();
    let lower = |field: &str| node[field].as_str().map(str::to_lowercase);
    let lines = node["lineItems"].as_array().into_iter().flatten().map(|line| {
        json!({ "id": number(&line["id"]), "admin_graphql_api_id": line["id"], "sku": line["sku"], "title": line["title"],
            "quantity": line["quantity"], "price": line["originalUnitPriceSet"]["shopMoney"]["amount"],
            "variant_id": line["variant"]["id"].is_string().then(|| number(&line["variant"]["id"])) })
    });
    json!({
        "id": number(&node["id"]), "admin_graphql_api_id": node["id"], "name": node["name"], "email": node["email"],
        "customer": node["customer"]["id"].is_string().then(|| json!({ "admin_graphql_api_id": node["customer"]["id"] })),
        "currency": node["currencyCode"], "total_price": money("totalPriceSet"), "subtotal_price": money("subtotalPriceSet"),
        "total_tax": money("totalTaxSet"), "financial_status": lower("displayFinancialStatus"),
        "fulfillment_status": lower("displayFulfillmentStatus").filter(|status| status != "unfulfilled"),
        "created_at": node["createdAt"], "updated_at": node["updatedAt"], "cancelled_at": node["cancelledAt"],
        "line_items": lines.collect::<Vec<_>>(),
    })
}

fn product(node: &Value) -> Value {
    let tags: Vec<&str> = node["tags"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    json!({
        "id": number(&node["id"]), "admin_graphql_api_id": node["id"], "handle": node["handle"], "title": node["title"],
        "vendor": node["vendor"], "product_type": node["productType"], "tags": tags.join(", "),
        "status": node["status"].as_str().map(str::to_lowercase), "created_at": node["createdAt"], "updated_at": node["updatedAt"],
    })
}

fn number(id: &Value) -> u64 {
    super::query::number(id.as_str().unwrap())
}
