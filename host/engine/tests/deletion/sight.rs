//! Eyes that try every key of a ring on everything that is sealed in a store.

use std::path::Path;

use serde_json::Value;
use weighbridge::model::id::CustomerId;
use weighbridge::model::sealed::Sealed;
use weighbridge_store::CustomerScope;
use weighbridge_store::engine::{Engine as _, FileEngine, FileSettings};
use weighbridge_vault::{Field, KeyRing, Owner};

/// Every name that a sealed field has.
const FIELDS: [&str; 38] = [
    "delivery",
    "hook address",
    "hook secret",
    "event networks",
    "said",
    "secret",
    "url",
    "log 1",
    "acknowledged",
    "checkpoint",
    "configuration",
    "contact",
    "cursor",
    "description",
    "detail",
    "email",
    "external_id",
    "failure",
    "grant",
    "id",
    "label",
    "labels",
    "link",
    "message",
    "name",
    "notice",
    "oauth_client",
    "partition",
    "password",
    "price",
    "reason",
    "receipt",
    "record",
    "rules",
    "schema",
    "secrets",
    "start",
    "tokens",
];

/// Every text that the ring opens, under any owner, of any record that the row names.
pub fn readable(store: &Path, ring: &KeyRing, customers: &[CustomerScope]) -> String {
    let rows = FileEngine::open_reading(store, FileSettings::default()).unwrap();
    let mut owners = vec![Owner::Host];
    for scope in customers {
        owners.extend([Owner::Tenant(scope.tenant_id()), Owner::Customer(scope.tenant_id(), scope.id())]);
    }
    let mut texts = String::new();
    for (key, row) in rows.snapshot().unwrap().scan(&[], None, usize::MAX).unwrap() {
        let row: Value = serde_json::from_slice(&row).unwrap();
        let (mut sealed, mut records) = (Vec::new(), vec![[0; 16]]);
        records.extend(key[1..].chunks_exact(16).map(|id| <[u8; 16]>::try_from(id).unwrap()));
        look(&row, &mut sealed, &mut records);
        for one in &sealed {
            for owner in &owners {
                for record in &records {
                    for name in FIELDS {
                        if let Ok(text) = ring.unseal(Field { owner: *owner, record, name }, one) {
                            texts.push_str(&String::from_utf8_lossy(&text));
                            texts.push('\n');
                        }
                    }
                }
            }
        }
    }
    texts
}

fn look(value: &Value, sealed: &mut Vec<Sealed>, records: &mut Vec<[u8; 16]>) {
    match value {
        Value::String(text) => {
            if let Ok(id) = text.parse::<CustomerId>() {
                records.push(*id.as_bytes());
            } else if text.len() > 60 {
                sealed.extend(serde_json::from_value::<Sealed>(value.clone()).ok());
            }
        }
        Value::Array(values) => values.iter().for_each(|one| look(one, sealed, records)),
        Value::Object(fields) => fields.values().for_each(|one| look(one, sealed, records)),
        _ => {}
    }
}
