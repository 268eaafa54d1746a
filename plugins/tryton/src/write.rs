//! Writing parties: looked up by their code, then created or changed.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use weighbridge_sdk::Failure;
use weighbridge_sdk::destination::{Batch, Chunk, ChunkSize, Outcome, Receipt, Rejection, Writer};

use crate::rpc::{Server, is_about_records};

/// Parties looked up, created and changed with one request each.
const SIZE: ChunkSize = ChunkSize { records: 50, bytes: 1 << 20 };

/// The fields a record may have.
const FIELDS: [&str; 3] = ["code", "name", "active"];

/// The destination `parties`.
pub(crate) struct Parties {
    server: Rc<Server>,
}

#[derive(Deserialize)]
struct Known {
    id: i64,
    code: String,
}

/// A party to write: its place in the batch, its code and its values.
struct Party {
    index: u32,
    code: String,
    values: Map<String, Value>,
}

impl Parties {
    pub(crate) fn new(server: Rc<Server>) -> Self {
        Self { server }
    }

    fn send(&self, chunk: &Chunk<'_>) -> Result<Outcome, Failure> {
        let mut outcome = Outcome::default();
        let mut parties = Vec::new();
        for (index, line) in chunk.indexed() {
            match party(index, line) {
                Ok(party) => parties.push(party),
                Err(rejection) => outcome.rejected.push(rejection),
            }
        }
        let ids = self.known(&parties)?;
        let (known, fresh): (Vec<Party>, Vec<Party>) =
            parties.into_iter().partition(|party| ids.contains_key(&party.code));
        self.create(&fresh, &mut outcome)?;
        self.change(&known, &ids, &mut outcome)?;
        Ok(outcome)
    }

    fn known(&self, parties: &[Party]) -> Result<BTreeMap<String, i64>, Failure> {
        let codes: Vec<&str> = parties.iter().map(|party| party.code.as_str()).collect();
        if codes.is_empty() {
            return Ok(BTreeMap::new());
        }
        let params = json!([[["code", "in", codes]], 0, null, null, ["code"], {"active_test": false}]);
        let known: Vec<Known> = self.server.call("model.party.party.search_read", params)?;
        Ok(known.into_iter().map(|known| (known.code, known.id)).collect())
    }

    fn create(&self, parties: &[Party], outcome: &mut Outcome) -> Result<(), Failure> {
        if parties.is_empty() {
            return Ok(());
        }
        let values: Vec<&Map<String, Value>> = parties.iter().map(|party| &party.values).collect();
        match self.server.call::<Vec<i64>>("model.party.party.create", json!([values, {}])) {
            Ok(ids) => {
                outcome.assigned.extend(parties.iter().zip(ids).map(|(party, id)| (party.index, id.to_string())))
            }
            Err(failure) => reject(parties, failure, outcome)?,
        }
        Ok(())
    }

    fn change(&self, parties: &[Party], ids: &BTreeMap<String, i64>, outcome: &mut Outcome) -> Result<(), Failure> {
        if parties.is_empty() {
            return Ok(());
        }
        // Records and values by turns, then the context. Tryton lets nobody change a code, not even to what it is.
        let pairs = parties.iter().flat_map(|party| {
            let mut values = party.values.clone();
            values.remove("code");
            [json!([ids.get(&party.code)]), Value::Object(values)]
        });
        let params: Vec<Value> = pairs.chain([json!({})]).collect();
        match self.server.call::<Value>("model.party.party.write", Value::Array(params)) {
            Ok(_) => {
                let changed = parties.iter().filter_map(|party| Some((party.index, ids.get(&party.code)?.to_string())));
                outcome.assigned.extend(changed);
            }
            Err(failure) => reject(parties, failure, outcome)?,
        }
        Ok(())
    }
}

impl Writer for Parties {
    fn write(&mut self, batch: Batch<'_>) -> Result<Receipt, Failure> {
        batch.send(SIZE, |chunk| self.send(chunk))
    }
}

/// A request is one transaction of Tryton's: of several parties none was written, and each comes again alone.
fn reject(parties: &[Party], failure: Failure, outcome: &mut Outcome) -> Result<(), Failure> {
    if !is_about_records(&failure) {
        return Err(failure);
    }
    let retryable = parties.len() > 1;
    outcome.rejected.extend(parties.iter().map(|party| Rejection {
        index: party.index,
        code: failure.code.clone(),
        message: failure.message.clone(),
        retryable,
    }));
    Ok(())
}

fn party(index: u32, line: &[u8]) -> Result<Party, Rejection> {
    let rejection = |code: &str, message: String| Rejection { index, code: code.to_owned(), message, retryable: false };
    let values: Map<String, Value> =
        serde_json::from_slice(line).map_err(|error| rejection("tryton.record_malformed", error.to_string()))?;
    if let Some(stranger) = values.keys().find(|field| !FIELDS.contains(&field.as_str())) {
        let message = format!("a party has no field `{stranger}` here; it may have {}", FIELDS.join(", "));
        return Err(rejection("tryton.field_unknown", message));
    }
    let code = values.get("code").and_then(Value::as_str).filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| rejection("tryton.code_missing", "a party is found by its `code`".to_owned()))?;
    Ok(Party { index, code: code.to_owned(), values })
}
