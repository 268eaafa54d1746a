//! Every operation is audited under an act that is really written, or says why not.

use std::path::Path;

use weighbridge_server::api::{Audits, operations};

use super::file;

/// Every text in the engine's sources that is an act.
fn written(folder: &Path, acts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            written(&path, acts);
        } else {
            let source = std::fs::read_to_string(&path).unwrap();
            let texts = source.lines().filter(|line| !line.trim_start().starts_with("//"));
            acts.extend(
                texts.flat_map(|line| line.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()),
            );
        }
    }
}

#[test]
fn every_operation_names_an_act_that_is_written_or_says_why_there_is_none() {
    let mut acts = Vec::new();
    written(&file("host/engine/src"), &mut acts);
    for operation in operations() {
        match operation.audits {
            Audits::Act(act) => {
                let fits = |one: &String| act.strip_suffix('*').map_or(one == act, |start| one.starts_with(start));
                assert!(acts.iter().any(fits), "`{}` says that it writes `{act}`, and nothing does", operation.name);
            }
            Audits::Nothing(reason) => {
                let words = reason.split_whitespace().count();
                assert!(words >= 3, "`{}` does not say why it is not audited: `{reason}`", operation.name);
            }
        }
    }
}

#[test]
fn an_act_that_nothing_writes_is_not_among_the_texts() {
    let mut acts = Vec::new();
    written(&file("host/engine/src"), &mut acts);
    assert!(acts.iter().any(|one| one == "customer.created") && !acts.iter().any(|one| one == "customer.never"));
}
