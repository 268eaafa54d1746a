//! A tool of a language: what it is started with, and what it says where it fails.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::language::LanguageError;
use crate::vendored;

/// How many of its lines are kept: the first say what it is about, and help follows.
const KEPT_LINES: usize = 60;

/// Runs a tool to its end; `Err` is what it said.
pub(crate) fn run(program: &'static str, command: &mut Command) -> Result<Result<Output, String>, LanguageError> {
    let output = command.stdin(Stdio::null()).output().map_err(|source| LanguageError::Absent { program, source })?;
    if output.status.success() {
        return Ok(Ok(output));
    }
    let said = [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat();
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    Ok(Err(lines[..lines.len().min(KEPT_LINES)].join("\n")))
}

/// What a program says of its own version.
pub(crate) fn version(program: &'static str) -> Result<String, LanguageError> {
    let said = run(program, Command::new(program).arg("--version"))?;
    let said = said.map_err(|said| LanguageError::Project { file: program.into(), reason: said })?;
    Ok(String::from_utf8_lossy(&said.stdout).trim().to_owned())
}

/// A folder beside the sources for what is made on the way, with the contract and the entry in it.
pub(crate) fn workplace(folder: &Path, entry: (&str, &str)) -> Result<PathBuf, LanguageError> {
    let place = folder.join("dist");
    let write = |name: &Path, text: &str| {
        let at = |source: std::io::Error| LanguageError::Project { file: name.to_owned(), reason: source.to_string() };
        name.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(at)?;
        std::fs::write(name, text).map_err(at)
    };
    for (name, text) in vendored::contract("wit") {
        write(&place.join(name), &text)?;
    }
    write(&place.join(entry.0), entry.1)?;
    Ok(place)
}

/// A file's bytes.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>, LanguageError> {
    std::fs::read(file).map_err(|source| LanguageError::Project { file: file.to_owned(), reason: source.to_string() })
}
