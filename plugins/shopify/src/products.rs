//! Products, set by their handle: what a record does not name stays as it is.

use std::rc::Rc;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use weighbridge_sdk::destination::{Batch, Chunk, ChunkSize, Outcome, Receipt, Rejection, Writer};
use weighbridge_sdk::{Failure, serde_json};

use crate::graphql::{Shop, plain};

const SET: &str = "mutation($handle: String!, $input: ProductSetInput!) { \
    productSet(synchronous: true, identifier: { handle: $handle }, input: $input) { product { id } \
    userErrors { code field message } } }";
const FIND: &str = "query($handle: String!) { productByIdentifier(identifier: { handle: $handle }) { id } }";
const DELETE: &str =
    "mutation($id: ID!) { productDelete(input: { id: $id }) { deletedProductId userErrors { field message } } }";

/// What a record may say, and what Shopify calls it.
const FIELDS: [(&str, &str); 7] = [
    ("handle", "handle"),
    ("title", "title"),
    ("description_html", "descriptionHtml"),
    ("vendor", "vendor"),
    ("product_type", "productType"),
    ("status", "status"),
    ("tags", "tags"),
];

/// Writes products one by one: each is set as a whole, or not at all.
pub(crate) struct Products {
    shop: Rc<Shop>,
}

/// A refusal that is about the record.
#[derive(Deserialize)]
struct UserError {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    field: Option<Vec<String>>,
    message: String,
}

/// JSON Schema of a product that is written.
pub(crate) fn schema() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["handle", "title"],
        "additionalProperties": false,
        "properties": {
            "handle": { "type": "string", "pattern": "^[^A-Z\\s/]+$" }, "title": { "type": "string", "minLength": 1 },
            "description_html": text, "vendor": text, "product_type": text,
            "status": { "enum": ["active", "draft", "archived", "unlisted"] },
            "tags": { "type": "array", "items": text },
        },
    })
}

impl Products {
    pub(crate) const fn new(shop: Rc<Shop>) -> Self {
        Self { shop }
    }

    fn set(&self, chunk: &Chunk<'_>) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        for (index, line) in chunk.indexed() {
            let record: Map<String, Value> = serde_json::from_slice(line)?;
            let variables = json!({ "handle": record.get("handle"), "input": input(&record) });
            let data = self.shop.ask(SET, variables)?.data;
            match rejection(index, &data["productSet"]["userErrors"])? {
                Some(rejection) => outcome.rejected.push(rejection),
                None => outcome
                    .assigned
                    .extend(data["productSet"]["product"]["id"].as_str().map(|id| (index, id.to_owned()))),
            }
        }
        Ok(outcome)
    }

    /// A product that is gone already is gone.
    fn delete(&self, chunk: &Chunk<'_>) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        for (index, line) in chunk.indexed() {
            let key: Map<String, Value> = serde_json::from_slice(line)?;
            let found = self.shop.ask(FIND, json!({ "handle": key.get("handle") }))?.data;
            let id = &found["productByIdentifier"]["id"];
            if id.is_string() {
                let data = self.shop.ask(DELETE, json!({ "id": id }))?.data;
                outcome.rejected.extend(rejection(index, &data["productDelete"]["userErrors"])?);
            }
        }
        Ok(outcome)
    }
}

impl Writer for Products {
    fn write(&mut self, batch: Batch<'_>) -> Result<Receipt, Failure> {
        batch.send(ChunkSize::ONE, |chunk| self.set(chunk))
    }

    fn remove(&mut self, batch: Batch<'_>) -> Result<Receipt, Failure> {
        batch.send(ChunkSize::ONE, |chunk| self.delete(chunk))
    }
}

fn input(record: &Map<String, Value>) -> Value {
    let named = FIELDS.iter().filter_map(|(own, theirs)| Some(((*theirs).to_owned(), record.get(*own)?.clone())));
    let mut input: Map<String, Value> = named.collect();
    if let Some(Value::String(status)) = input.get_mut("status") {
        status.make_ascii_uppercase();
    }
    Value::Object(input)
}

/// The first refusal, with the field it is about.
pub(crate) fn rejection(index: u32, errors: &Value) -> Result<Option<Rejection>, Failure> {
    let errors: Vec<UserError> = serde_json::from_value(errors.clone())?;
    Ok(errors.into_iter().next().map(|error| {
        let place = error.field.map(|field| format!("{}: ", field.join("/"))).unwrap_or_default();
        let code = error.code.map_or_else(|| "refused".to_owned(), |code| code.to_lowercase());
        Rejection {
            index,
            code: format!("shopify.{code}"),
            message: plain(&format!("{place}{}", error.message)),
            retryable: false,
        }
    }))
}
