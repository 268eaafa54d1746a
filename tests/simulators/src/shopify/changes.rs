//! Mutations: what they change, what they refuse, and what they know again by its key.

use graphql_parser::query::Field;
use serde_json::{Map, Value, json};

use super::Shop;
use super::goods::product;
use super::query::{filled, number, refused};

impl Shop {
    /// Carries a mutation out, or answers as before where its key was there before.
    pub(super) fn change(
        &mut self,
        field: &Field<'_, String>,
        given: &Map<String, Value>,
        variables: &Map<String, Value>,
    ) -> Result<Value, Value> {
        match field.name.as_str() {
            "productSet" => Ok(self.set_product(given)),
            "productDelete" => Ok(self.delete_product(&given["input"]["id"])),
            "webhookSubscriptionCreate" => Ok(self.subscribe(given)),
            "webhookSubscriptionDelete" => Ok(self.unsubscribe(&given["id"])),
            "inventorySetQuantities" => {
                let directive = field.directives.iter().find(|directive| directive.name == "idempotent");
                let key = directive.and_then(|one| one.arguments.first()).map(|(_, value)| filled(value, variables));
                let Some(key) = key.as_ref().and_then(Value::as_str) else {
                    return Err(refused("The @idempotent directive is required for this mutation.", "BAD_REQUEST"));
                };
                Ok(self.once(key, given))
            }
            other => Err(refused(&format!("Field '{other}' doesn't exist on type 'Mutation'"), "undefinedField")),
        }
    }

    fn once(&mut self, key: &str, given: &Map<String, Value>) -> Value {
        let input = Value::Object(given.clone());
        if let Some((before, answer)) = self.carried_out.get(key) {
            self.repeated += 1;
            let other = "IDEMPOTENCY_KEY_PARAMETER_MISMATCH";
            return if *before == input {
                answer.clone()
            } else {
                payload("inventoryAdjustmentGroup", &Value::Null, other, &[])
            };
        }
        let answer = self.set_quantities(&given["input"]["quantities"]);
        self.carried_out.insert(key.to_owned(), (input, answer.clone()));
        answer
    }

    /// All of them, or none.
    fn set_quantities(&mut self, quantities: &Value) -> Value {
        let now = self.instant();
        let all = quantities.as_array().unwrap();
        assert!(all.len() <= 250, "a request has at most 250 quantities");
        let locations = self.nodes.get_mut("locations").unwrap();
        let mut changed = locations.clone();
        for (index, quantity) in all.iter().enumerate() {
            assert!(quantity.get("changeFromQuantity").is_some(), "it has to be said, if only as null");
            let location = changed.iter_mut().find(|location| location["id"] == quantity["locationId"]);
            let levels = location.and_then(|location| location["inventoryLevels"].as_array_mut());
            let level = levels
                .and_then(|levels| levels.iter_mut().find(|level| level["item"]["id"] == quantity["inventoryItemId"]));
            let Some(level) = level else {
                let place = ["input", "quantities", &index.to_string(), "inventoryItemId"];
                return payload("inventoryAdjustmentGroup", &Value::Null, "INVALID_INVENTORY_ITEM", &place);
            };
            level["quantities"][0]["quantity"] = quantity["quantity"].clone();
            level["updatedAt"] = json!(now);
        }
        *locations = changed;
        json!({ "inventoryAdjustmentGroup": { "id": "gid://shopify/InventoryAdjustmentGroup/1" }, "userErrors": [] })
    }

    /// What the input does not name stays as it is.
    fn set_product(&mut self, given: &Map<String, Value>) -> Value {
        let (handle, input, now) = (&given["identifier"]["handle"], &given["input"], self.instant());
        if input["title"].as_str().is_some_and(|title| title.len() > 255) {
            return payload("product", &Value::Null, "INVALID_INPUT", &["input", "title"]);
        }
        let products = self.nodes.get_mut("products").unwrap();
        let place = products.iter().position(|product| product["handle"] == *handle).unwrap_or_else(|| {
            let next = products.iter().map(|product| number(product["id"].as_str().unwrap())).max().unwrap_or(0) + 1;
            products.push(product(next, &now));
            products.len() - 1
        });
        for (name, value) in input.as_object().unwrap() {
            assert!(products[place].get(name).is_some(), "an input that nobody knows: {name}");
            products[place][name] = value.clone();
        }
        products[place]["updatedAt"] = json!(now);
        json!({ "product": products[place], "userErrors": [] })
    }

    fn delete_product(&mut self, id: &Value) -> Value {
        self.nodes.get_mut("products").unwrap().retain(|product| product["id"] != *id);
        json!({ "deletedProductId": id, "userErrors": [] })
    }

    fn subscribe(&mut self, given: &Map<String, Value>) -> Value {
        let subscriptions = self.nodes.get_mut("webhookSubscriptions").unwrap();
        let (topic, uri) = (&given["topic"], &given["webhookSubscription"]["uri"]);
        if subscriptions.iter().any(|one| one["topic"] == *topic && one["uri"] == *uri) {
            let taken = "Address for this topic has already been taken";
            return json!({ "webhookSubscription": null, "userErrors": [{ "field": ["webhookSubscription", "callbackUrl"], "message": taken }] });
        }
        let next = subscriptions.iter().map(|one| number(one["id"].as_str().unwrap())).max().unwrap_or(0) + 1;
        let made = json!({ "id": format!("gid://shopify/WebhookSubscription/{next}"), "topic": topic, "uri": uri });
        subscriptions.push(made.clone());
        json!({ "webhookSubscription": made, "userErrors": [] })
    }

    fn unsubscribe(&mut self, id: &Value) -> Value {
        self.nodes.get_mut("webhookSubscriptions").unwrap().retain(|one| one["id"] != *id);
        json!({ "deletedWebhookSubscriptionId": id, "userErrors": [] })
    }
}

fn payload(of: &str, value: &Value, code: &str, field: &[&str]) -> Value {
    let message = format!("{} is not accepted", field.last().unwrap_or(&"The key"));
    json!({ of: value, "userErrors": [{ "code": code, "field": field, "message": message }] })
}
