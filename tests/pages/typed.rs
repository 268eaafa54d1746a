//! What no session types is read by the real command line: a command that is gone, or a flag, is said by its page and line.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::markdown::Page;
use super::words::{commands, ours, whole_lines};
use super::{BOOK, FOLDER, check, page, written};
use crate::stories::installed::Stranger;
use crate::town::BINARY;

/// What a page says to our program, and where.
struct Said {
    line: usize,
    words: Vec<String>,
}

/// Whole commands, which nobody types here: what root does, and what stands in a page of the repository.
fn whole(page: &Page) -> Vec<Said> {
    let is_typed = |info: &str| {
        [FOLDER, BOOK].iter().any(|folder| page.path.starts_with(folder)) && matches!(info, "sh" | "sh stays")
    };
    let shells = page.blocks.iter().filter(|block| block.info.starts_with("sh") && !is_typed(&block.info));
    let lines = shells.flat_map(|block| whole_lines(&block.lines, block.line + 1));
    let shown = page.blocks.iter().filter(|block| block.info == "text").flat_map(|block| {
        let typed = |(at, line): (usize, &String)| Some((block.line + 1 + at, line.strip_prefix("$ ")?.to_owned()));
        block.lines.iter().enumerate().filter_map(typed)
    });
    lines.chain(shown).flat_map(|(line, text)| said(line, &text)).collect()
}

/// What is named in backticks, as a whole or in part.
fn named(page: &Page) -> Vec<Said> {
    page.spans.iter().flat_map(|span| said(span.line, &span.text)).collect()
}

fn said(line: usize, text: &str) -> Vec<Said> {
    let commands = commands(text);
    let ours = commands.iter().filter_map(|words| ours(words));
    // What is left out is left out here, too.
    let kept = |words: &[String]| words.iter().filter(|word| !word.contains('…')).cloned().collect();
    ours.map(|words| Said { line, words: kept(words) }).collect()
}

/// Who reads commands: somebody who may do nothing, in an empty folder, with a copy of the program.
struct Reader {
    folder: TempDir,
}

impl Reader {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(folder.path().join("empty")).unwrap();
        fs::copy(BINARY, folder.path().join("weighbridge")).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Why the command line does not take these words. It answers before anything is done: either it is asked for its help, behind the
    /// words, or it stands under a setting that every command must refuse.
    fn refused(&self, words: &[String], is_whole: bool) -> Option<String> {
        let mut command = Command::new("timeout");
        command.arg("20").arg(self.path("weighbridge"));
        if !words.iter().any(|word| word == "--json") {
            command.arg("--json");
        }
        command.args(words).env_clear().env("WEIGHBRIDGE_SETTING_OF_NOBODY", "1").current_dir(self.path("empty"));
        if !is_whole {
            command.arg("--help");
        }
        Stranger::becomes(&mut command);
        let answer = command.stdin(Stdio::null()).output().unwrap();
        let errors = String::from_utf8_lossy(&answer.stderr).into_owned();
        assert!(!is_whole || !answer.status.success(), "{words:?} did something: {answer:?}");
        let said: Value = serde_json::from_str(errors.lines().last().unwrap_or_default()).unwrap_or_default();
        (said["code"] == "command.malformed").then(|| said["message"].as_str().unwrap_or_default().replace('\n', " "))
    }

    fn faults(&self, page: &Page) -> Vec<String> {
        let mut answers = BTreeMap::new();
        let whole = whole(page).into_iter().map(|said| (said, true));
        let mut faults = Vec::new();
        for (said, is_whole) in whole.chain(named(page).into_iter().map(|said| (said, false))) {
            let answer = answers.entry((said.words.clone(), is_whole));
            if let Some(why) = answer.or_insert_with(|| self.refused(&said.words, is_whole)) {
                faults.push(page.fault(said.line, format_args!("weighbridge {}: {why}", said.words.join(" "))));
            }
        }
        faults
    }
}

#[test]
fn every_command_that_is_named_is_one_of_this_version() {
    let pages = written();
    assert!(pages.iter().map(|page| whole(page).len() + named(page).len()).sum::<usize>() > 60, "hardly any was found");
    let reader = Reader::new();
    check(&pages.iter().flat_map(|page| reader.faults(page)).collect::<Vec<_>>());
}

#[test]
fn a_command_a_flag_and_an_argument_that_are_gone_are_said_by_page_and_line() {
    let text = "`weighbridge keys status`\n`weighbridge keys polish`, `weighbridge run X --slowly`\n\n```sh root\nweighbridge \\\n  backup check\nls | weighbridge keys status\n```\n";
    let reader = Reader::new();
    let found = reader.faults(&Page::of("a.md", text));
    assert_eq!(found.len(), 3, "{found:?}");
    for (fault, (line, word)) in found.iter().zip([(5, "FOLDER"), (2, "polish"), (2, "--slowly")]) {
        assert!(fault.starts_with(&format!("a.md:{line}: ")) && fault.contains(word), "{fault}");
    }
    assert!(reader.faults(&page("host/pages/index.md")).is_empty());
}
