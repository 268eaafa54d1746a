//! Every way in which a package is not compiled, with words in capitals for what the sentence names.

use weighbridge_sandbox::CompileError;

use super::refusals::{Row, sentence};
use super::{file, texts_in};

fn errors() -> Vec<CompileError> {
    let reason = "REASON".to_owned();
    vec![
        CompileError::TimedOut { wall_s: 120 },
        CompileError::OutOfMemory { memory_mib: 2048 },
        CompileError::Crashed { reason: reason.clone() },
        CompileError::Refused { reason },
    ]
}

/// A sentence says what happened, and after the semicolon what to do.
pub fn rows() -> Vec<Row> {
    let row = |error: &CompileError| {
        let text = error.to_string();
        let (what, next) = text.rsplit_once("; ").unwrap_or((&text, ""));
        vec![format!("`{}`", error.code()), sentence(what), sentence(next)]
    };
    errors().iter().map(row).collect()
}

#[test]
fn every_code_of_compilation_is_on_the_page() {
    let source = std::fs::read_to_string(file("host/sandbox/src/compile/mod.rs")).unwrap();
    let listed: Vec<&str> = errors().iter().map(CompileError::code).collect();
    assert_eq!(texts_in(&source, "compile."), listed);
}
