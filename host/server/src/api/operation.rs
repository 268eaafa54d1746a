//! One operation: its name, its route, the action it is, what it takes and gives, and what of it is audited.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};

use http::{Method, StatusCode};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use weighbridge::Engine;
use weighbridge::model::access::{Action, ActionKind, LevelOf};
use weighbridge::model::problem::Problem;

use super::asked::{Asked, Context, Placed, permit};
use super::input::{Parameter, read};

/// What of an operation stands in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audits {
    /// A line with this act; an `x.*` stands for several.
    Act(&'static str),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

type Answer = Pin<Box<dyn Future<Output = Result<Value, Problem>> + Send>>;
type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// One operation of the host.
pub struct Operation {
    /// The words of the command line: `customer list`.
    pub name: &'static str,
    /// The method of its route.
    pub method: Method,
    /// The path of its route, under `/api/v1`.
    pub path: &'static str,
    /// What it does, in a sentence.
    pub about: &'static str,
    /// The action that it is.
    pub action: Action,
    /// What of it is audited.
    pub audits: Audits,
    /// What a person sees of a list, in a table.
    pub columns: &'static [&'static str],
    /// The status of its success.
    pub status: StatusCode,
    /// The most bytes of its body.
    pub body_max: usize,
    /// Whether nobody needs to be signed in: it brings its own secret.
    pub open: bool,
    /// Whether its answer can be followed: told again whenever it changes.
    pub followed: bool,
    takes: SchemaOf,
    parameters: Arc<OnceLock<Vec<Parameter>>>,
    gives: SchemaOf,
    run: Arc<dyn Fn(Engine, Asked) -> Answer + Send + Sync>,
}

/// Enough for what people write by hand.
const BODY_MAX: usize = 256 * 1024;

impl Operation {
    /// An operation on a route; it cannot be made without an action.
    pub(crate) fn new<A, I, O, F, Fut>(
        (name, method, path): (&'static str, Method, &'static str),
        about: &'static str,
        work: F,
    ) -> Self
    where
        A: ActionKind<Level: Placed> + 'static,
        I: DeserializeOwned + JsonSchema,
        O: Serialize + JsonSchema,
        F: Fn(Context<A>, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<O, Problem>> + Send,
        I: Send + 'static,
        <A::Level as weighbridge::model::access::LevelOf>::Place: Send,
    {
        let parameters = Arc::<OnceLock<Vec<Parameter>>>::default();
        let known = Arc::clone(&parameters);
        let run = move |engine: Engine, mut asked: Asked| -> Answer {
            let (work, known) = (work.clone(), Arc::clone(&known));
            Box::pin(async move {
                let may = permit::<A>(&engine, &mut asked)?;
                engine.admits(A::ACTION, A::Level::ids(may.place()))?;
                refuse_strangers(&known, &asked)?;
                let input = read::<I>(asked.input)?;
                let given = work(Context { engine, may, seen: asked.seen, secret: asked.secret }, input).await?;
                serde_json::to_value(given).map_err(Problem::fault)
            })
        };
        let audits = Audits::Nothing(if method == Method::GET { "it changes nothing" } else { "" });
        Self {
            name,
            status: StatusCode::OK,
            method,
            path,
            about,
            action: A::ACTION,
            audits,
            columns: &[],
            body_max: BODY_MAX,
            open: false,
            followed: false,
            parameters,
            takes: |generator| generator.subschema_for::<I>(),
            gives: |generator| generator.subschema_for::<O>(),
            run: Arc::new(run),
        }
    }

    /// An operation of somebody who is not signed in: it brings a secret of its own.
    pub(crate) fn open<I, O, F, Fut>(
        (name, method, path): (&'static str, Method, &'static str),
        about: &'static str,
        work: F,
    ) -> Self
    where
        I: DeserializeOwned + JsonSchema + Send + 'static,
        O: Serialize + JsonSchema,
        F: Fn(Engine, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<O, Problem>> + Send,
    {
        let parameters = Arc::<OnceLock<Vec<Parameter>>>::default();
        let known = Arc::clone(&parameters);
        let run = move |engine: Engine, asked: Asked| -> Answer {
            let (work, known) = (work.clone(), Arc::clone(&known));
            Box::pin(async move {
                refuse_strangers(&known, &asked)?;
                let given = work(engine, read::<I>(asked.input)?).await?;
                serde_json::to_value(given).map_err(Problem::fault)
            })
        };
        Self {
            name,
            status: StatusCode::OK,
            method,
            path,
            about,
            action: Action::SessionsBegin,
            audits: Audits::Nothing(""),
            columns: &[],
            body_max: BODY_MAX,
            open: true,
            followed: false,
            parameters,
            takes: |generator| generator.subschema_for::<I>(),
            gives: |generator| generator.subschema_for::<O>(),
            run: Arc::new(run),
        }
    }

    pub(crate) fn columns(self, columns: &'static [&'static str]) -> Self {
        Self { columns, ..self }
    }

    pub(crate) fn audits(self, act: &'static str) -> Self {
        Self { audits: Audits::Act(act), ..self }
    }

    pub(crate) fn unaudited(self, reason: &'static str) -> Self {
        Self { audits: Audits::Nothing(reason), ..self }
    }

    pub(crate) fn creates(self) -> Self {
        Self { status: StatusCode::CREATED, ..self }
    }

    pub(crate) fn followed(self) -> Self {
        Self { followed: true, ..self }
    }

    pub(crate) fn body_max(self, body_max: usize) -> Self {
        Self { body_max, ..self }
    }

    /// Its parameters: those of the path first, then as they stand in its type.
    pub fn parameters(&self) -> &[Parameter] {
        self.parameters.get_or_init(|| self.read_parameters())
    }

    /// Authorises and carries out.
    pub async fn run(&self, engine: &Engine, asked: Asked) -> Result<Value, Problem> {
        self.parameters();
        (self.run)(engine.clone(), asked).await
    }

    /// Whether it gives pages of a list.
    pub fn is_list(&self) -> bool {
        self.method == Method::GET && !self.columns.is_empty()
    }

    /// The schema of what it takes: all parameters, wherever they stand.
    pub fn takes(&self, generator: &mut SchemaGenerator) -> Schema {
        (self.takes)(generator)
    }

    /// The schema of what it gives.
    pub fn gives(&self, generator: &mut SchemaGenerator) -> Schema {
        (self.gives)(generator)
    }

    /// The names of the parameters in its path, in order.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// What the operation does not know is refused, but only to whoever may ask.
fn refuse_strangers(known: &OnceLock<Vec<Parameter>>, asked: &Asked) -> Result<(), Problem> {
    let is_known = |name: &String| known.get().is_none_or(|known| known.iter().any(|one| one.name == *name));
    match asked.input.keys().find(|name| !is_known(name)) {
        Some(stranger) => Err(Problem::invalid(stranger, "this operation has no such parameter")),
        None => Ok(()),
    }
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Operation({} {} {})", self.name, self.method, self.path)
    }
}
