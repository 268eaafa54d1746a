//! What is read, from which of Tryton's models and fields.

use serde_json::{Map, Value, json};

use crate::instant::Instant;

/// A stream and the model behind it.
#[derive(Debug)]
pub(crate) struct Stream {
    pub(crate) name: &'static str,
    pub(crate) model: &'static str,
    fields: &'static [Field],
}

/// A field of a record and Tryton's path to it.
#[derive(Debug)]
struct Field {
    name: &'static str,
    path: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    /// The id of another record.
    Id,
    Truth,
}

const fn field(name: &'static str, path: &'static str, kind: Kind) -> Field {
    Field { name, path, kind }
}

/// All streams.
pub(crate) const ALL: [Stream; 3] = [
    Stream {
        name: "parties",
        model: "party.party",
        fields: &[
            field("code", "code", Kind::Text),
            field("name", "name", Kind::Text),
            field("language", "lang.code", Kind::Text),
            field("active", "active", Kind::Truth),
        ],
    },
    Stream {
        name: "countries",
        model: "country.country",
        fields: &[
            field("code", "code", Kind::Text),
            field("code3", "code3", Kind::Text),
            field("code_numeric", "code_numeric", Kind::Text),
            field("name", "name", Kind::Text),
            field("active", "active", Kind::Truth),
        ],
    },
    Stream {
        name: "subdivisions",
        model: "country.subdivision",
        fields: &[
            field("code", "code", Kind::Text),
            field("name", "name", Kind::Text),
            field("type", "type", Kind::Text),
            field("country", "country.code", Kind::Text),
            field("parent_id", "parent", Kind::Id),
            field("active", "active", Kind::Truth),
        ],
    },
];

/// The stream of this name.
pub(crate) fn named(name: &str) -> Option<&'static Stream> {
    const STREAMS: &[Stream; 3] = &ALL;
    STREAMS.iter().find(|stream| stream.name == name)
}

impl Stream {
    /// What Tryton is asked for.
    pub(crate) fn wanted(&self) -> Vec<&'static str> {
        self.fields.iter().map(|field| field.path).chain(["create_date", "write_date"]).collect()
    }

    /// The record made of a row, and when the row changed last.
    pub(crate) fn record(&self, id: i64, row: &Map<String, Value>) -> (Value, Instant) {
        let changed =
            ["write_date", "create_date"].iter().find_map(|field| row.get(*field).and_then(Instant::from_wire));
        // A row without either was made by the database's own set-up.
        let changed = changed.unwrap_or(Instant(0));
        let mut record = Map::new();
        record.insert("id".to_owned(), json!(id));
        for field in self.fields {
            record.insert(field.name.to_owned(), field.of(row));
        }
        record.insert("changed_at".to_owned(), json!(changed.to_iso()));
        (Value::Object(record), changed)
    }

    /// JSON Schema of a record.
    pub(crate) fn schema(&self) -> Value {
        let mut properties = Map::new();
        properties.insert("id".to_owned(), json!({"type": "integer"}));
        for field in self.fields {
            properties.insert(field.name.to_owned(), field.kind.schema());
        }
        properties.insert("changed_at".to_owned(), json!({"type": "string", "format": "date-time"}));
        json!({"type": "object", "required": ["id", "changed_at"], "properties": properties})
    }
}

/// JSON Schema of what the destination takes.
pub(crate) fn written_party_schema() -> Value {
    json!({
        "type": "object", "required": ["code"], "additionalProperties": false,
        "properties": {
            "code": {"type": "string", "minLength": 1},
            "name": {"type": ["string", "null"]},
            "active": {"type": "boolean"},
        },
    })
}

impl Field {
    fn of(&self, row: &Map<String, Value>) -> Value {
        // Tryton answers `country.code` as `{"country.": {"code": …}}`.
        let value = match self.path.split_once('.') {
            Some((relation, name)) => row.get(&format!("{relation}.")).and_then(|related| related.get(name)),
            None => row.get(self.path),
        };
        match (self.kind, value) {
            // Over SQLite a truth value comes as a number.
            (Kind::Truth, Some(Value::Number(number))) => json!(number.as_i64() != Some(0)),
            (_, value) => value.cloned().unwrap_or_default(),
        }
    }
}

impl Kind {
    fn schema(self) -> Value {
        match self {
            Self::Text => json!({"type": ["string", "null"]}),
            Self::Id => json!({"type": ["integer", "null"]}),
            Self::Truth => json!({"type": "boolean"}),
        }
    }
}
