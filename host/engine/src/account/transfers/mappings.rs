//! Mappings: every set of rules is a version, and can be tried on samples before any record moves by it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::id::MappingId;
use weighbridge_model::mapping::Rules;
use weighbridge_model::problem::{Problem, ProblemCode};
use weighbridge_store::CustomerScope;
use weighbridge_store::tables::{Kind, MappingRow, Mappings, Transfers};

use crate::account::{At, Page, inputs};
use crate::apply::{Plan, mapping as plan};
use crate::document::MappingDocument;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::preview::{PreviewError, Previewed};
use crate::texts::{Texts, customer_owner};

/// Rules of a mapping; other rules than its last ones make a new version.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMapping {
    /// Its name, unique in the customer.
    pub name: String,
    /// `keep`, `filter` and `rules`, as in a document.
    pub rules: Map<String, Value>,
    /// Let the transfers that use it go on with the new version; their cursors stay.
    #[serde(default)]
    pub apply: bool,
}

/// Rules to be tried.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TryMapping {
    /// `keep`, `filter` and `rules`, as in a document.
    pub rules: Map<String, Value>,
    /// Records, JSON texts each, so that no number loses a digit.
    pub samples: Vec<String>,
}

/// A mapping, as people see it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MappingView {
    /// Its id.
    pub id: MappingId,
    /// Its name.
    pub name: String,
    /// The version: the newest one, where no other was asked for.
    pub version: u32,
    /// Its rules.
    pub rules: Value,
    /// When that was written.
    pub created_at: At,
    /// All versions, the newest first.
    pub versions: Vec<MappingVersionView>,
    /// The transfers that use it, with the version that each uses.
    pub used_by: Vec<String>,
}

/// A version of a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MappingVersionView {
    /// Its number.
    pub version: u32,
    /// When it was written.
    pub created_at: At,
}

/// What becomes of one sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PreviewedView {
    /// The record as it was given: JSON.
    pub before: String,
    /// `written`, `filtered` or `rejected`.
    pub outcome: String,
    /// The record that would be written: JSON.
    pub record: Option<String>,
    /// Why it would be rejected: the stable code.
    pub code: Option<String>,
    /// The rule or the filter that it is, as a JSON Pointer into the mapping: `/rules/2`, `/filter/0`.
    pub at: Option<String>,
    /// The number of that rule among the rules, counted from 0; of a rule inside of `each`, the number of the outer one.
    pub rule: Option<u32>,
    /// The number of the filter that leaves the record out, counted from 0.
    pub filter: Option<u32>,
    /// The field that the rule would write, or that the filter looks at, as a JSON Pointer.
    pub field: Option<String>,
    /// Why, in words.
    pub message: Option<String>,
}

const ROWS_MAX: usize = 10_000;
const SAMPLES_MAX: usize = 100;

impl Engine {
    /// A customer's mappings, each in its newest version.
    pub fn mappings(&self, may: &Permission<kinds::TransfersRead>) -> Result<Page<MappingView>, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        let rows = self.host.store.read(|tx| tx.scan::<Mappings>(&scope, None, ROWS_MAX));
        let mut newest = std::collections::BTreeMap::new();
        for ((id, version), row) in rows.map_err(EngineError::from)? {
            newest.insert(id, (version, row));
        }
        let views = newest.into_iter().map(|(id, (version, row))| self.mapping_view(scope, id, version, &row));
        Ok(Page { items: views.collect::<Result<_, EngineError>>()?, next: None })
    }

    /// One mapping, in its newest version or another one.
    pub fn mapping(
        &self,
        may: &Permission<kinds::TransfersRead>,
        id: MappingId,
        version: Option<u32>,
    ) -> Result<MappingView, Problem> {
        let scope = CustomerScope::of(may);
        let mut versions = self.versions(scope, id)?.into_iter().rev();
        let found = versions.find(|(number, _)| version.is_none_or(|version| version == *number));
        let (version, row) = found.ok_or(ProblemCode::NotThere)?;
        Ok(self.mapping_view(scope, id, version, &row)?)
    }

    /// Makes a mapping, or a new version of one.
    pub async fn set_mapping(
        &self,
        may: &Permission<kinds::TransfersChange>,
        set: &SetMapping,
    ) -> Result<MappingView, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        inputs::name(&set.name)?;
        let Rules { keep, filter, rules } = parse(&set.rules)?;
        let document = MappingDocument { name: set.name.clone(), keep, filter, rules };
        let work = async |planned: &mut Plan<'_>| plan::plan(planned, scope, &document, "");
        let told = ("mapping.changed", document.name.as_str().into());
        self.apply_one((scope.tenant(), Some(scope)), may.by(), told, work).await?;
        let id = self.thing_named(scope, Kind::Mapping, &set.name)?.ok_or(ProblemCode::NotThere)?;
        let id = MappingId::from_bytes(id);
        let (version, row) = self.newest_mapping(scope, id)?.ok_or(ProblemCode::NotThere)?;
        if set.apply {
            self.use_version(scope, (id, version), may).await?;
        }
        Ok(self.mapping_view(scope, id, version, &row)?)
    }

    /// Tries rules on samples; nothing is written.
    pub async fn try_mapping(
        &self,
        may: &Permission<kinds::RecordsRead>,
        asked: &TryMapping,
    ) -> Result<Page<PreviewedView>, Problem> {
        let scope = CustomerScope::of(may);
        self.customer_and_zone(scope)?;
        if asked.samples.len() > SAMPLES_MAX {
            return Err(Problem::invalid("samples", format!("at most {SAMPLES_MAX} are tried at once")));
        }
        let rules = parse(&asked.rules)?;
        let tried = self.preview_mapping(scope, &rules, &asked.samples).await.map_err(|error| match error {
            PreviewError::Mapping(error) => Problem::invalid(format!("rules{}", error.at), error.what),
            other => Problem::invalid("rules", other.to_string()),
        })?;
        let tried = tried.into_iter().zip(&asked.samples);
        Ok(Page { items: tried.map(|(one, before)| previewed(one, before, &rules)).collect(), next: None })
    }

    /// Lets transfers go on with a newer version from their next batch; what they have read is not read again.
    async fn use_version(
        &self,
        scope: CustomerScope,
        (id, version): (MappingId, u32),
        may: &Permission<kinds::TransfersChange>,
    ) -> Result<(), Problem> {
        let rows =
            self.host.store.read(|tx| tx.scan::<Transfers>(&scope, None, ROWS_MAX)).map_err(EngineError::from)?;
        for (transfer, row) in rows {
            if row.mapping.is_none_or(|used| used.id != id || used.version == version) {
                continue;
            }
            self.edit(|edit| {
                let mut row = edit.need::<Transfers>(scope, transfer)?;
                row.mapping = Some(weighbridge_model::transfer::MappingVersion { id, version });
                let text =
                    format!("{}: mapping version {version}", self.host.name_in(scope, transfer.as_bytes(), &row.name)?);
                edit.put::<Transfers>(scope, transfer, row);
                edit.audit(self.audit_customer(scope, may.by(), "transfer.changed", text.as_str().into())?);
                Ok(())
            })
            .await?;
        }
        Ok(())
    }

    fn newest_mapping(&self, scope: CustomerScope, id: MappingId) -> Result<Option<(u32, MappingRow)>, EngineError> {
        Ok(self.versions(scope, id)?.pop())
    }

    /// All versions of a mapping, the newest last.
    fn versions(&self, scope: CustomerScope, id: MappingId) -> Result<Vec<(u32, MappingRow)>, EngineError> {
        let rows = self.host.store.read(|tx| tx.scan::<Mappings>(&scope, Some(&(id, 0)), ROWS_MAX))?;
        let own = rows.into_iter().take_while(|((of, _), _)| *of == id);
        Ok(own.map(|((_, version), row)| (version, row)).collect())
    }

    fn mapping_view(
        &self,
        scope: CustomerScope,
        id: MappingId,
        version: u32,
        row: &MappingRow,
    ) -> Result<MappingView, EngineError> {
        let texts = Texts::new(&self.host.ring, customer_owner(scope), id.as_bytes());
        let rows = self.host.store.read(|tx| tx.scan::<Transfers>(&scope, None, ROWS_MAX))?;
        let using = rows.into_iter().filter_map(|(_, row)| Some((row.mapping.filter(|used| used.id == id)?, row)));
        let used_by = using.filter(|(_, row)| row.removed_at.is_none()).map(|(used, row)| {
            Ok(format!(
                "transfer {} (version {})",
                self.host.name_in(scope, row.id.as_bytes(), &row.name)?,
                used.version
            ))
        });
        Ok(MappingView {
            id,
            name: texts.open_text("name", &row.name)?,
            version,
            rules: serde_json::from_slice(&texts.open("rules", &row.rules)?).unwrap_or_default(),
            created_at: At(row.created_at),
            versions: self.versions(scope, id)?.iter().rev().map(MappingVersionView::from).collect(),
            used_by: used_by.collect::<Result<_, EngineError>>()?,
        })
    }
}

impl From<&(u32, MappingRow)> for MappingVersionView {
    fn from((version, row): &(u32, MappingRow)) -> Self {
        Self { version: *version, created_at: At(row.created_at) }
    }
}

/// What does not parse is named by a JSON Pointer into the mapping, as everything else that is wrong with it.
fn parse(rules: &Map<String, Value>) -> Result<Rules, Problem> {
    serde_path_to_error::deserialize(Value::Object(rules.clone())).map_err(|error| {
        let at = error.path().iter().map(|segment| format!("/{segment}").replace(['[', ']'], "")).collect::<String>();
        Problem::invalid(format!("rules{at}"), error.inner().to_string())
    })
}

fn previewed(one: Previewed, before: &str, rules: &Rules) -> PreviewedView {
    let view = PreviewedView {
        before: before.to_owned(),
        outcome: "written".to_owned(),
        record: None,
        code: None,
        at: None,
        rule: None,
        filter: None,
        field: None,
        message: None,
    };
    match one {
        Previewed::Written(record) => PreviewedView { record: Some(record), ..view },
        Previewed::Filtered(number) => PreviewedView {
            outcome: "filtered".to_owned(),
            at: Some(format!("/filter/{number}")),
            filter: u32::try_from(number).ok(),
            field: rules.filter.get(number).map(|filter| filter.field.clone()),
            ..view
        },
        Previewed::Rejected { code, at, message } => PreviewedView {
            outcome: "rejected".to_owned(),
            code: Some(code.to_owned()),
            rule: at.as_deref().and_then(|at| numbers(at).next()),
            field: at.as_deref().and_then(|at| written(rules, at)),
            at,
            message: Some(message),
            ..view
        },
    }
}

/// The numbers of the rules in `/rules/2/rules/0`, the outer ones first.
fn numbers(at: &str) -> impl Iterator<Item = u32> {
    at.split('/').filter_map(|part| part.parse().ok())
}

/// The field that a rule writes, from the outside in.
fn written(rules: &Rules, at: &str) -> Option<String> {
    let (mut inside, mut field) = (rules.rules.as_slice(), String::new());
    for number in numbers(at) {
        let rule = inside.get(number as usize)?;
        field.push_str(rule.to.as_ref().or(rule.copy.as_ref()).or(rule.each.as_ref())?);
        if !rule.rules.is_empty() {
            field.push_str("/*");
        }
        inside = &rule.rules;
    }
    Some(field.strip_suffix("/*").map(str::to_owned).unwrap_or(field))
}
