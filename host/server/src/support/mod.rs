//! A support bundle: what a host tells whoever helps its operator. The engine's files, how the host stands in figures, and a page
//! that says what is inside.

mod archive;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use weighbridge::Engine;
use weighbridge::model::access::{Permission, kinds};
use weighbridge::model::problem::Problem;
use weighbridge::support::{SupportFile, support_contents};

use crate::metrics;

pub use archive::archive;

/// What a host tells whoever helps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SupportBundle {
    /// When it was made.
    pub made_at: String,
    /// Its files, the one first that says what is inside.
    pub files: Vec<SupportFile>,
}

const README: (&str, &str) = ("README.txt", "What is inside, and what is not.");
const FIGURES: (&str, &str) = ("metrics.txt", "How the host stands in figures, as Prometheus reads them.");

/// The files that a bundle has, with what is in each.
pub(crate) fn contents() -> Vec<(&'static str, &'static str)> {
    std::iter::once(README).chain(support_contents()).chain([FIGURES]).collect()
}

/// Makes one now.
pub(crate) async fn bundle(engine: &Engine, may: &Permission<kinds::HostRead>) -> Result<SupportBundle, Problem> {
    let made_at = engine.now().to_string();
    let mut files = engine.support_files(may).await?;
    files.push(file(FIGURES, metrics::page(&engine.figures().map_err(Problem::from)?)));
    files.insert(0, file(README, readme(&made_at)));
    Ok(SupportBundle { made_at, files })
}

fn file((name, about): (&str, &str), text: String) -> SupportFile {
    SupportFile { name: name.to_owned(), about: about.to_owned(), text }
}

fn readme(made_at: &str) -> String {
    let mut text = format!(
        "What this Weighbridge host tells whoever helps its operator, made at {made_at}.\n\n\
         Every file is plain text or JSON: look at them before you send them.\n\n"
    );
    for (name, about) in contents() {
        text.push_str(&format!("  {name:<20} {about}\n"));
    }
    text.push_str(
        "\nIt has no records, no credentials and no keys, and no names of people, organisations and customers, but their ids. The\n\
         log may name addresses that this host could not reach.\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_page_names_every_file_and_says_when() {
        let text = readme("2026-11-23T00:00:00Z");
        for (name, about) in contents() {
            assert!(text.contains(name) && text.contains(about), "{name}");
        }
        assert!(text.contains("2026-11-23T00:00:00Z") && contents().len() > 6);
    }
}
