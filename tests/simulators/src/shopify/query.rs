//! Queries: what is asked is parsed, priced, and projected out of the nodes; a field that is not there is refused.

use std::collections::BTreeSet;

use data_encoding::BASE64;
use graphql_parser::query::{Definition, Field, OperationDefinition, Selection, SelectionSet, Value as Written};
use serde_json::{Map, Value, json};

use super::Shop;

/// Arguments, with the variables filled in.
type Arguments = Map<String, Value>;

/// The scope that a field of the root wants.
const SCOPES: [(&str, &str); 8] = [
    ("orders", "read_orders"),
    ("order", "read_orders"),
    ("products", "read_products"),
    ("productVariants", "read_products"),
    ("customers", "read_customers"),
    ("locations", "read_locations"),
    ("productSet", "write_products"),
    ("inventorySetQuantities", "write_inventory"),
];

impl Shop {
    /// Answers a body of `query` and `variables`.
    pub(super) fn execute(&mut self, body: &Value, scopes: &BTreeSet<String>) -> Value {
        let variables = body["variables"].as_object().cloned().unwrap_or_default();
        let document = match graphql_parser::parse_query::<String>(body["query"].as_str().unwrap_or_default()) {
            Ok(document) => document,
            Err(error) => return refused(&error.to_string(), "GRAPHQL_PARSE_FAILED"),
        };
        let Some(Definition::Operation(operation)) = document.definitions.first() else {
            return refused("No operation was given", "GRAPHQL_PARSE_FAILED");
        };
        let (is_mutation, set) = match operation {
            OperationDefinition::Mutation(mutation) => (true, &mutation.selection_set),
            OperationDefinition::Query(query) => (false, &query.selection_set),
            _ => return refused("Only queries and mutations are known", "GRAPHQL_PARSE_FAILED"),
        };
        let cost = if is_mutation { 10.0 } else { cost(set, &variables) };
        let extensions = match self.points.spend(cost, self.now()) {
            Ok(extensions) => extensions,
            Err(refusal) => return refusal,
        };
        let mut data = Map::new();
        for field in fields(set) {
            *self.asked.entry(field.name.clone()).or_default() += 1;
            let wanted = SCOPES.iter().find(|(name, _)| *name == field.name).map(|(_, scope)| *scope);
            if let Some(scope) = wanted.filter(|scope| !scopes.contains(*scope)) {
                let message =
                    format!("Access denied for {} field. Required access: `{scope}` access scope.", field.name);
                return refused(&message, "ACCESS_DENIED");
            }
            let given = arguments(field, &variables);
            let resolved = match is_mutation {
                true => self.change(field, &given, &variables),
                false => self.root(&field.name, &given).ok_or_else(|| undefined(&field.name, "QueryRoot")),
            };
            match resolved.and_then(|value| project(&value, field, &variables)) {
                Ok(value) => _ = data.insert(field.name.clone(), value),
                Err(refusal) => return refusal,
            }
        }
        json!({ "data": data, "extensions": extensions })
    }

    /// What a field of the root stands for; a list where it is a connection.
    fn root(&self, field: &str, given: &Arguments) -> Option<Value> {
        let found = |list: &str, name: &str, wanted: &Value| {
            self.nodes[list].iter().find(|node| node[name] == *wanted).cloned().unwrap_or_default()
        };
        match field {
            "shop" => Some(json!({ "id": "gid://shopify/Shop/1", "name": self.name })),
            "order" => Some(found("orders", "id", &given["id"])),
            "productByIdentifier" => Some(found("products", "handle", &given["identifier"]["handle"])),
            list => self.nodes.get(list).map(|nodes| json!(nodes)),
        }
    }
}

pub(super) fn refused(message: &str, code: &str) -> Value {
    json!({ "errors": [{ "message": message, "extensions": { "code": code } }] })
}

fn undefined(field: &str, of: &str) -> Value {
    let message = format!("Field '{field}' doesn't exist on type '{of}'");
    json!({ "errors": [{ "message": message, "extensions": { "code": "undefinedField", "typeName": of, "fieldName": field } }] })
}

fn fields<'a, 'q>(set: &'a SelectionSet<'q, String>) -> impl Iterator<Item = &'a Field<'q, String>> + use<'a, 'q> {
    set.items.iter().filter_map(|item| if let Selection::Field(field) = item { Some(field) } else { None })
}

pub(super) fn arguments(field: &Field<'_, String>, variables: &Map<String, Value>) -> Arguments {
    field.arguments.iter().map(|(name, value)| (name.clone(), filled(value, variables))).collect()
}

pub(super) fn filled(written: &Written<'_, String>, variables: &Map<String, Value>) -> Value {
    match written {
        Written::Variable(name) => variables.get(name).cloned().unwrap_or_default(),
        Written::Int(number) => json!(number.as_i64()),
        Written::Float(number) => json!(number),
        Written::String(text) | Written::Enum(text) => json!(text),
        Written::Boolean(truth) => json!(truth),
        Written::Null => Value::Null,
        Written::List(all) => all.iter().map(|one| filled(one, variables)).collect(),
        Written::Object(all) => {
            Value::Object(all.iter().map(|(name, one)| (name.clone(), filled(one, variables))).collect())
        }
    }
}

/// An object is one point, a connection two and its nodes, and a field of its own nothing.
fn cost(set: &SelectionSet<'_, String>, variables: &Map<String, Value>) -> f64 {
    let of = |field: &Field<'_, String>| match arguments(field, variables).get("first").and_then(Value::as_f64) {
        _ if field.selection_set.items.is_empty() => 0.0,
        Some(first) => 2.0 + first * cost(&field.selection_set, variables),
        None if ["edges", "pageInfo"].contains(&field.name.as_str()) => {
            if field.name == "edges" {
                cost(&field.selection_set, variables)
            } else {
                0.0
            }
        }
        None => 1.0 + cost(&field.selection_set, variables),
    };
    fields(set).map(of).sum()
}

/// What is asked of a value.
fn project(value: &Value, field: &Field<'_, String>, variables: &Map<String, Value>) -> Result<Value, Value> {
    let set = &field.selection_set;
    match value {
        _ if set.items.is_empty() => Ok(value.clone()),
        Value::Null => Ok(Value::Null),
        Value::Array(nodes) if fields(set).any(|field| field.name == "edges") => {
            project(&connection(nodes, &arguments(field, variables))?, field, variables)
        }
        Value::Array(all) => all.iter().map(|one| project(one, field, variables)).collect(),
        _ => {
            let mut out = Map::new();
            for field in fields(set) {
                let own = value.get(&field.name).ok_or_else(|| undefined(&field.name, type_of(value)))?;
                out.insert(field.name.clone(), project(own, field, variables)?);
            }
            Ok(Value::Object(out))
        }
    }
}

/// A page of nodes in the order of their ids.
fn connection(nodes: &[Value], given: &Arguments) -> Result<Value, Value> {
    let first = given.get("first").and_then(Value::as_u64).and_then(|first| usize::try_from(first).ok());
    let Some(first) = first.filter(|first| (1..=250).contains(first)) else {
        return Err(refused("you must provide one of first or last, from 1 to 250", "BAD_REQUEST"));
    };
    let filter = given.get("query").and_then(Value::as_str).unwrap_or_default();
    let mut listed: Vec<&Value> = nodes.iter().filter(|node| is_found(node, filter)).collect();
    listed.sort_by_key(|node| number(node["id"].as_str().unwrap()));
    let after = given.get("after").and_then(Value::as_str).map(|cursor| {
        let text = BASE64.decode(cursor.as_bytes()).unwrap_or_default();
        serde_json::from_slice::<Value>(&text).unwrap_or_default()["last_id"].as_u64()
    });
    match after {
        Some(None) => return Err(refused("Invalid cursor for current pagination sort.", "BAD_REQUEST")),
        Some(Some(after)) => listed.retain(|node| number(node["id"].as_str().unwrap()) > after),
        None => {}
    }
    let has_more = listed.len() > first;
    let edges = listed.iter().take(first).map(|node| json!({ "cursor": cursor(node), "node": node }));
    let edges: Vec<Value> = edges.collect();
    let end = edges.last().map(|edge| edge["cursor"].clone());
    Ok(json!({ "edges": edges, "pageInfo": { "hasNextPage": has_more, "endCursor": end } }))
}

fn cursor(node: &Value) -> String {
    BASE64.encode(json!({ "last_id": number(node["id"].as_str().unwrap()) }).to_string().as_bytes())
}

/// Terms such as `updated_at:>='2026-01-01T00:00:00Z'`, joined by `AND`.
fn is_found(node: &Value, filter: &str) -> bool {
    let updated = node["updatedAt"].as_str().unwrap_or_default();
    filter.split(" AND ").filter(|term| !term.is_empty()).all(|term| {
        let term = term.strip_prefix("updated_at:").unwrap_or_else(|| panic!("a term that nobody knows: {term}"));
        let bound = term.trim_start_matches(['<', '>', '=']).trim_matches('\'');
        match &term[..term.len() - term.trim_start_matches(['<', '>', '=']).len()] {
            ">=" => updated >= bound,
            "<" => updated < bound,
            operator => panic!("an operator that nobody knows: {operator}"),
        }
    })
}

/// What follows the last slash of an id; of a level of stock, the item's.
pub(super) fn number(id: &str) -> u64 {
    id.rsplit(['/', '=']).next().unwrap().parse().unwrap()
}

fn type_of(value: &Value) -> &str {
    value["id"].as_str().and_then(|id| id.split('/').nth(3)).unwrap_or("Object")
}
