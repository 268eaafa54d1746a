//! One jq expression, by `jaq`.
//!
//! The interpreter cannot be interrupted, and neither its memory nor its stack can be bounded from here: an expression that a
//! person wrote is *checked* anywhere and *run* only where it can be ended from outside. What is cut off already: the clock, the
//! environment, files, other modules, and ending the process are none of its functions, so that the same record always becomes
//! the same value.

use std::fmt::Write as _;
use std::rc::Rc;

use jaq_core::data::JustLut;
use jaq_core::load::{Arena, File, Loader, parse};
use jaq_core::{Compiler, Ctx, Filter, Vars, unwrap_valr};
use jaq_json::Val;

use super::known::Evaluated;

/// The longest expression, in bytes: what needs more is a connector's work. It also bounds how deep the parser goes.
pub const EXPRESSION_BYTES_MAX: usize = 1_000;

/// The most bytes of what an expression makes of one record.
pub const OUTPUT_BYTES_MAX: usize = 1 << 20;

/// An expression, ready to be run on one thread.
#[derive(Clone)]
pub struct Expression(Rc<Filter<JustLut<Val>>>);

/// The text is no expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ExpressionError(String);

/// The stack on which an expression is read: the parser goes as deep as the text does.
const STACK_BYTES: usize = 64 << 20;

impl Expression {
    /// Checks an expression, on a stack that no text can use up. Runs nothing of it.
    pub fn check(text: &str) -> Result<(), ExpressionError> {
        let text = text.to_owned();
        let reader = std::thread::Builder::new().stack_size(STACK_BYTES).spawn(move || Self::compile(&text).map(drop));
        let read = reader.map_err(|error| ExpressionError(format!("there is no thread to read it on: {error}")))?;
        read.join().unwrap_or_else(|_| Err(ExpressionError("the expression cannot be read".to_owned())))
    }

    /// Makes an expression ready that was checked. Runs nothing of it.
    pub fn compile(text: &str) -> Result<Self, ExpressionError> {
        if text.len() > EXPRESSION_BYTES_MAX {
            let what = format!("the expression has {} bytes; {EXPRESSION_BYTES_MAX} are allowed", text.len());
            return Err(ExpressionError(what));
        }
        let arena = Arena::default();
        let loader = Loader::new(definitions());
        let modules = loader.load(&arena, File { path: (), code: text }).map_err(|errors| {
            let said = errors.into_iter().next().map(|(_, error)| unreadable(text, &error));
            ExpressionError(said.unwrap_or_else(|| "the expression cannot be read".to_owned()))
        })?;
        let functions =
            jaq_core::funs().chain(jaq_std::base_funs().filter(|(name, ..)| *name != "halt")).chain(jaq_json::funs());
        let compiled = Compiler::default().with_funs(functions).compile(modules);
        let filter = compiled.map_err(|errors| {
            let undefined = errors.into_iter().flat_map(|(_, undefined)| undefined).next();
            ExpressionError(undefined.map_or_else(
                || "the expression cannot be compiled".to_owned(),
                |(name, what)| format!("`{name}` is no {} that expressions have here", what.as_str()),
            ))
        })?;
        Ok(Self(Rc::new(filter)))
    }

    /// What it makes of a record. May run for ever, and take all the memory there is.
    pub fn run(&self, record: &str) -> Evaluated {
        self.run_inner(record).unwrap_or_else(Evaluated::Failed)
    }

    fn run_inner(&self, record: &str) -> Result<Evaluated, String> {
        let record = jaq_json::read::parse_single(record.as_bytes()).map_err(|error| error.to_string())?;
        let context = Ctx::<JustLut<Val>>::new(&self.0.lut, Vars::new([]));
        let mut values = self.0.id.run((context, record)).map(unwrap_valr);
        let Some(first) = values.next() else { return Ok(Evaluated::Nothing) };
        let first = first.map_err(|error| shortened(&error))?;
        match values.next() {
            None => json_of(&first).map(Evaluated::Value),
            Some(_) => Err("it gives more than one value; put them into a list: `[…]`".to_owned()),
        }
    }
}

impl std::fmt::Debug for Expression {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Expression(..)")
    }
}

/// The functions that are defined in jq itself, without those whose native part is not here.
fn definitions() -> impl Iterator<Item = parse::Def<&'static str>> {
    let is_here =
        |one: &parse::Def<&'static str>| !(ABSENT.contains(&one.name) || one.name == "split" && one.args.len() == 2);
    jaq_core::defs().chain(jaq_std::defs().filter(is_here)).chain(jaq_json::defs())
}

/// What speaks to a terminal, ends the process or tells the time, and what needs regular expressions, more mathematics or other
/// encodings, which are further libraries.
#[rustfmt::skip]
const ABSENT: &[&str] = &[
    "stderr", "debug", "halt", "halt_error", "todate", "fromdate",
    "test", "scan_", "scan", "match", "capture", "capture_of_match", "splits", "sub", "gsub",
    "logb", "significand", "pow10", "drem", "nexttoward", "scalb", "gamma",
    "@html", "@htmld", "@uri", "@urid", "@base64", "@base64d",
];

fn unreadable(text: &str, error: &jaq_core::load::Error<&str>) -> String {
    use jaq_core::load::Error;
    let (wanted, found) = match error {
        Error::Lex(errors) => match errors.first() {
            Some((wanted, found)) => (wanted.as_str(), *found),
            None => ("an expression", ""),
        },
        Error::Parse(errors) => match errors.first() {
            Some((wanted, found)) => (wanted.as_str(), *found),
            None => ("an expression", ""),
        },
        Error::Io(_) => return "an expression cannot include other files".to_owned(),
    };
    let at = text.len().saturating_sub(found.len());
    format!("{wanted} is expected at byte {at}")
}

/// What an expression says of its failure may have the whole record in it.
fn shortened(error: &impl std::fmt::Display) -> String {
    let mut limited = Limited { text: String::new(), left: 200 };
    // What does not fit is left out.
    let _ = write!(limited, "{error}");
    limited.text
}

/// JSON, and nothing that jaq has beyond it.
fn json_of(value: &Val) -> Result<String, String> {
    let mut limited = Limited { text: String::new(), left: OUTPUT_BYTES_MAX };
    write!(limited, "{value}").map_err(|_| format!("it gives more than {OUTPUT_BYTES_MAX} bytes"))?;
    let is_json = serde_json::from_str::<&serde_json::value::RawValue>(&limited.text).is_ok();
    is_json
        .then_some(limited.text)
        .ok_or_else(|| "it gives what is no JSON, such as bytes or a number that is none".into())
}

/// A text that takes so many bytes and no more.
struct Limited {
    text: String,
    left: usize,
}

impl std::fmt::Write for Limited {
    fn write_str(&mut self, part: &str) -> std::fmt::Result {
        let fits = (0..=part.len().min(self.left)).rev().find(|end| part.is_char_boundary(*end)).unwrap_or(0);
        self.text.push_str(&part[..fits]);
        self.left -= fits;
        if fits == part.len() { Ok(()) } else { Err(std::fmt::Error) }
    }
}
