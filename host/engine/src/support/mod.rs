//! What a host tells whoever helps its operator, as files of plain text and JSON that can be looked at before they are sent.
//!
//! No name of anybody is in it, no record, no credential and no key: of tenants and customers it has ids and counts, of what was
//! found at their systems the codes. Each part is one file here and one line in `PARTS`.

mod configuration;
mod findings;
mod log;
mod recent;
mod runs;
mod tables;
mod versions;

use std::future::Future;
use std::pin::Pin;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge_model::access::{Permission, kinds};
use weighbridge_model::problem::Problem;

use crate::engine::Engine;
use crate::error::EngineError;

pub use configuration::ShownSetting;
pub use recent::RecentLog;

/// One file of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SupportFile {
    /// What it is called.
    pub name: String,
    /// What it has in it, in a sentence.
    pub about: String,
    /// All of it.
    pub text: String,
}

type Written<'a> = Pin<Box<dyn Future<Output = Result<String, EngineError>> + Send + 'a>>;

/// How a file is made.
struct Part {
    name: &'static str,
    about: &'static str,
    write: for<'a> fn(&'a Engine) -> Written<'a>,
}

const PARTS: &[Part] = &[
    Part {
        name: "versions.json",
        about: "Which versions of what are at work.",
        write: |_| Box::pin(async { Ok(versions::text()) }),
    },
    Part {
        name: "configuration.json",
        about: "The settings of this host, without addresses, names and what stands in files.",
        write: |engine| Box::pin(async { configuration::text(&engine.host.conduct().settings) }),
    },
    Part {
        name: "findings.json",
        about: "What the doctor found; of what organisations set up, the codes alone.",
        write: |engine| Box::pin(findings::text(engine)),
    },
    Part {
        name: "tables.json",
        about: "How many rows each table of the store has.",
        write: |engine| Box::pin(async { tables::text(&engine.host) }),
    },
    Part {
        name: "runs.jsonl",
        about: "The last runs by their ids: how they ended, their codes and counts.",
        write: |engine| Box::pin(async { runs::text(&engine.host) }),
    },
    Part {
        name: "log.txt",
        about: "The last lines of the log, where the host that serves made this.",
        write: |engine| Box::pin(async { Ok(log::text(&engine.host)) }),
    },
];

/// The files that there are, with what is in each.
pub fn support_contents() -> impl Iterator<Item = (&'static str, &'static str)> {
    PARTS.iter().map(|part| (part.name, part.about))
}

impl Engine {
    /// Every file but the figures, which whoever writes them down adds. What cannot be made says why.
    pub async fn support_files(&self, _may: &Permission<kinds::HostRead>) -> Result<Vec<SupportFile>, Problem> {
        let mut files = Vec::with_capacity(PARTS.len());
        for Part { name, about, write } in PARTS {
            let text = write(self).await.unwrap_or_else(|error| format!("this could not be made: {error}\n"));
            files.push(SupportFile { name: (*name).to_owned(), about: (*about).to_owned(), text });
        }
        Ok(files)
    }
}

/// JSON that a person can read.
fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).map_or_else(|error| error.to_string(), |text| text + "\n")
}
