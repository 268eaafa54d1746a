//! `RELIABILITY.md`: what the last full run of each campaign came to.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::pace::{Pace, Reached};

const HEAD: &str = "# What was tried, and how often\n
Each part is written by `weighbridge-campaign --record` at the end of a run, and says how far that run came. `.ci/run` goes through the same
campaigns for some seconds each, from other seeds every time, and fails under a floor. Whether they find faults is tried by a command of its own,
`python3 tests/campaign/calibrate.py`: it builds the engine once more, with faults in it, which takes longer than all campaigns of `.ci/run`.\n";

const PROFILE: &str = if cfg!(debug_assertions) { "dev" } else { "release" };

/// Puts a campaign's part in the place of the one before.
pub fn write(name: &str, reached: &Reached, pace: &Pace) -> io::Result<()> {
    let path = path();
    let before = fs::read_to_string(&path).unwrap_or_else(|_| HEAD.to_owned());
    fs::write(path, with_part(&before, name, &part(name, reached, pace)))
}

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../RELIABILITY.md")
}

/// Parts begin at their headings.
fn with_part(text: &str, name: &str, part: &str) -> String {
    let heading = format!("\n## {name}\n");
    let Some(begin) = text.find(&heading) else { return format!("{text}{part}") };
    let rest = &text[begin + heading.len()..];
    let end = rest.find("\n## ").map_or("", |end| &rest[end..]);
    format!("{}{part}{end}", &text[..begin])
}

fn part(name: &str, reached: &Reached, pace: &Pace) -> String {
    let counts: String = reached.lines.iter().map(|(count, words)| format!("| {words} | {count} |\n")).collect();
    let with: String = reached.with.iter().map(|line| format!("- {line}\n")).collect();
    let untested: String = reached.untested.iter().map(|line| format!("- {line}\n")).collect();
    format!(
        "\n## {name}\n\n| what | how many |\n|---|---|\n{counts}\nSeeds from {} on, in {} seconds, version {}; {PROFILE} build; nothing failed.\n\n{with}\nNot tried:\n\n{untested}",
        pace.first,
        pace.passed_s(),
        env!("CARGO_PKG_VERSION"),
    )
}

#[cfg(test)]
mod tests {
    use super::with_part;

    #[test]
    fn a_part_is_added_when_it_is_not_there() {
        assert_eq!(with_part("# Head\n", "one", "\n## one\n1\n"), "# Head\n\n## one\n1\n");
    }

    #[test]
    fn a_part_takes_the_place_of_the_one_before_and_leaves_the_others() {
        let text = "# Head\n\n## one\n1\n\n## two\n2\n";
        assert_eq!(with_part(text, "one", "\n## one\nfirst\n"), "# Head\n\n## one\nfirst\n\n## two\n2\n");
        assert_eq!(with_part(text, "two", "\n## two\nsecond\n"), "# Head\n\n## one\n1\n\n## two\nsecond\n");
    }
}
