//! Stock: how much is available at a location, set as an absolute number.
//!
//! Shopify knows a mutation again by its key (`@idempotent`), and carries one with several quantities out as a whole or not
//! at all: where it refuses one of them, each comes again alone, under the key of its record
//! (<https://shopify.dev/docs/api/usage/idempotent-requests>).

use std::rc::Rc;

use serde::Deserialize;
use serde_json::{Value, json};
use weighbridge_sdk::destination::{Batch, Chunk, ChunkSize, Outcome, Receipt, Rejection, Writer};
use weighbridge_sdk::{Failure, serde_json};

use crate::graphql::Shop;
use crate::products::rejection;

const SET: &str = "mutation($input: InventorySetQuantitiesInput!, $key: String!) { \
    inventorySetQuantities(input: $input) @idempotent(key: $key) { inventoryAdjustmentGroup { id } \
    userErrors { code field message } } }";

/// A request has at most 250 quantities.
const SIZE: ChunkSize = ChunkSize { records: 250, bytes: 256 << 10 };

/// Sets what is available.
pub(crate) struct Stock {
    shop: Rc<Shop>,
}

#[derive(Deserialize)]
struct Level {
    inventory_item_id: String,
    location_id: String,
    available: i64,
}

/// JSON Schema of a level that is written.
pub(crate) fn schema() -> Value {
    json!({
        "type": "object",
        "required": ["inventory_item_id", "location_id", "available"],
        "additionalProperties": false,
        "properties": {
            "inventory_item_id": { "type": "string", "pattern": "^gid://shopify/InventoryItem/" },
            "location_id": { "type": "string", "pattern": "^gid://shopify/Location/" },
            "available": { "type": "integer" },
        },
    })
}

impl Stock {
    pub(crate) const fn new(shop: Rc<Shop>) -> Self {
        Self { shop }
    }

    fn set(&self, chunk: &Chunk<'_>) -> Result<Outcome, Failure> {
        let levels = chunk.indexed().map(|(_, line)| quantity(line)).collect::<Result<Vec<Value>, Failure>>()?;
        let errors = self.send(&chunk.key, &levels)?;
        let rejected = (chunk.first..chunk.first + chunk.count).map(|index| rejection(index, &errors));
        let rejected = rejected.filter_map(Result::transpose).collect::<Result<Vec<Rejection>, Failure>>()?;
        let is_alone = chunk.count == 1;
        let rejected = rejected.into_iter().map(|one| Rejection { retryable: !is_alone, ..one }).collect();
        Ok(Outcome { rejected, assigned: Vec::new() })
    }

    /// What Shopify refuses of it.
    fn send(&self, key: &str, quantities: &[Value]) -> Result<Value, Failure> {
        let input = json!({ "name": "available", "reason": "correction", "quantities": quantities });
        let mut answer = self.shop.ask(SET, json!({ "input": input, "key": key }))?.data;
        Ok(answer["inventorySetQuantities"]["userErrors"].take())
    }
}

impl Writer for Stock {
    fn write(&mut self, batch: Batch<'_>) -> Result<Receipt, Failure> {
        batch.send(SIZE, |chunk| self.set(chunk))
    }
}

/// Whatever is there now is replaced: `changeFromQuantity` is null, and has to be said.
fn quantity(line: &[u8]) -> Result<Value, Failure> {
    let Level { inventory_item_id, location_id, available } = serde_json::from_slice(line)?;
    Ok(json!({
        "inventoryItemId": inventory_item_id, "locationId": location_id, "quantity": available, "changeFromQuantity": null,
    }))
}
