//! Parameters: their kinds by the operation's schema, from text to JSON, and from JSON to the operation's type.

use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use weighbridge::model::problem::{Problem, ProblemCode};

use super::operation::Operation;

/// One parameter of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// What its text becomes.
    pub kind: ParameterKind,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it stands in the path.
    pub in_path: bool,
}

/// What a parameter's text becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// A text.
    Text,
    /// The id of something of this kind: `CustomerId`.
    Id(String),
    /// One of these words.
    Word(Vec<String>),
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// Several of a kind.
    Several(Box<Self>),
    /// JSON of its own.
    Json,
}

impl Operation {
    pub(super) fn read_parameters(&self) -> Vec<Parameter> {
        let mut generator = SchemaSettings::draft2020_12().into_generator();
        let schema = self.takes(&mut generator).to_value();
        let definitions = Value::Object(generator.take_definitions(false));
        let schema = resolved(&schema, &definitions);
        let required: Vec<_> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let in_path: Vec<_> = self.path_parameters().collect();
        let mut found: Vec<Parameter> = in_path
            .iter()
            .map(|name| Parameter {
                name: (*name).to_owned(),
                about: match *name {
                    "user" => "Their id, or their address.".to_owned(),
                    name => format!("The {}'s id, or its name.", name.replace('_', " ")),
                },
                kind: ParameterKind::Id(id_name(name)),
                required: true,
                in_path: true,
            })
            .collect();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if in_path.contains(&name.as_str()) {
                continue;
            }
            let about = property["description"].as_str().unwrap_or_default().replace('\n', " ");
            let kind = kind(property, &definitions);
            let about = if kind == ParameterKind::Json { about + &fields_of(property, &definitions) } else { about };
            found.push(Parameter {
                name: name.clone(),
                about,
                kind,
                required: required.contains(&name.as_str()),
                in_path: false,
            });
        }
        found
    }
}

/// `customer` stands for a `CustomerId`.
fn id_name(parameter: &str) -> String {
    let words = parameter.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    });
    words.collect::<String>() + "Id"
}

fn resolved<'a>(schema: &'a Value, definitions: &'a Value) -> &'a Value {
    match schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        Some(name) => &definitions[name],
        None => schema,
    }
}

/// An `Option` is its kind or null.
fn without_null(schema: &Value) -> &Value {
    let choices = schema["anyOf"].as_array();
    choices.and_then(|choices| choices.iter().find(|one| one["type"] != "null")).unwrap_or(schema)
}

fn kind(schema: &Value, definitions: &Value) -> ParameterKind {
    let schema = without_null(schema);
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next())
        && name.ends_with("Id")
    {
        return ParameterKind::Id(name.to_owned());
    }
    let schema = resolved(schema, definitions);
    if let Some(words) = words(schema) {
        return ParameterKind::Word(words);
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    match kinds.as_slice() {
        ["string"] => ParameterKind::Text,
        ["integer" | "number"] => ParameterKind::Number,
        ["boolean"] => ParameterKind::Flag,
        ["array"] => ParameterKind::Several(Box::new(self::kind(&schema["items"], definitions))),
        _ => ParameterKind::Json,
    }
}

/// What a JSON of its own is made of, for whoever has to write one.
fn fields_of(schema: &Value, definitions: &Value) -> String {
    let fields = resolved(without_null(schema), definitions)["properties"].as_object();
    let names: Vec<_> = fields.into_iter().flatten().map(|(name, _)| format!("`{name}`")).collect();
    if names.is_empty() { " As JSON.".to_owned() } else { format!(" As JSON, with {}.", names.join(", ")) }
}

/// The words of an enum, with a sentence each or without.
fn words(schema: &Value) -> Option<Vec<String>> {
    let listed = |words: &Value| -> Option<Vec<String>> {
        words.as_array()?.iter().filter(|one| !one.is_null()).map(|one| one.as_str().map(str::to_owned)).collect()
    };
    listed(&schema["enum"]).or_else(|| {
        let choices = schema["oneOf"].as_array()?;
        let each = choices
            .iter()
            .map(|one| one["const"].as_str().map(|word| vec![word.to_owned()]).or_else(|| listed(&one["enum"])));
        each.collect::<Option<Vec<_>>>().map(|words| words.concat())
    })
}

/// A parameter's texts as JSON of its kind.
pub fn typed(parameter: &Parameter, texts: &[String]) -> Result<Value, Problem> {
    match &parameter.kind {
        ParameterKind::Several(kind) => texts.iter().map(|text| one(parameter, kind, text)).collect(),
        kind => match texts {
            [text] => one(parameter, kind, text),
            _ => Err(Problem::invalid(&parameter.name, "this is given once only")),
        },
    }
}

fn one(parameter: &Parameter, kind: &ParameterKind, text: &str) -> Result<Value, Problem> {
    let wrong = |what: String| Problem::invalid(&parameter.name, what);
    match kind {
        ParameterKind::Text | ParameterKind::Id(_) => Ok(text.into()),
        ParameterKind::Word(words) if words.iter().any(|word| word == text) => Ok(text.into()),
        ParameterKind::Word(words) => Err(wrong(format!("`{text}` is none of: {}", words.join(", ")))),
        ParameterKind::Number => {
            text.parse::<i64>().map(Value::from).map_err(|_| wrong(format!("`{text}` is not a whole number")))
        }
        ParameterKind::Flag => match text {
            "true" | "1" | "" => Ok(true.into()),
            "false" | "0" => Ok(false.into()),
            _ => Err(wrong(format!("`{text}` is neither true nor false"))),
        },
        ParameterKind::Several(_) | ParameterKind::Json => {
            serde_json::from_str(text).map_err(|error| wrong(format!("this is no JSON: {error}")))
        }
    }
}

/// An operation's own type, from all parameters.
pub(crate) fn read<I: DeserializeOwned>(input: Map<String, Value>) -> Result<I, Problem> {
    serde_path_to_error::deserialize(Value::Object(input)).map_err(|error| {
        let at = match error.path().to_string() {
            path if path == "." => String::new(),
            path => path,
        };
        // The name of a type of ours says nothing to whoever sent something else.
        let said = error.inner().to_string();
        let what = match said.split_once(", expected struct ") {
            Some((was, _)) => format!("{was}, expected an object"),
            None => said,
        };
        Problem::new(ProblemCode::Invalid).at(at, what)
    })
}
