//! `schemas/findings.md`: every code that the doctor's findings have, and no other.

use std::collections::BTreeSet;

use weighbridge::doctor::{CODES, Health};

use super::{check, file};

const HEAD: &str = "# Findings

What `weighbridge doctor` and `weighbridge host findings` say has a stable code, how it is (`ok`, `warning` or `failed`), a sentence and, where
anything is to be done, a next step. `doctor` exits with 0 where nothing failed, and with 1 where something did; with `--json` it answers
`{ \"findings\": [{ \"code\", \"status\", \"about\", \"sentence\", \"next_step\" }], \"warnings\", \"failed\" }`. A way out that fails has the code of its request,
which `refusals.md` lists. This page is made of the code by a test, and never edited by hand:

    WEIGHBRIDGE_BLESS=1 cargo test -p weighbridge-cli --test tests contracts

| Code | How it may be | What it means |
|---|---|---|
";

#[test]
fn the_page_of_findings_is_what_the_code_says() {
    let words = |how: &[Health]| how.iter().map(|one| one.word()).collect::<Vec<_>>().join(", ");
    let rows: String =
        CODES.iter().map(|(code, how, about)| format!("| `{code}` | {} | {about} |\n", words(how))).collect();
    check("schemas/findings.md", &format!("{HEAD}{rows}"));
}

#[test]
fn every_code_that_a_check_has_is_on_the_page_and_no_other_is() {
    let (listed, mut used) = (CODES.iter().map(|(code, ..)| (*code).to_owned()), BTreeSet::new());
    for entry in std::fs::read_dir(file("host/engine/src/doctor")).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("codes.rs") {
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let quoted = text.split('"').filter(|part| part.starts_with("doctor.") && !part.contains([' ', '/', '{']));
        used.extend(quoted.map(str::to_owned));
    }
    assert_eq!(listed.collect::<BTreeSet<_>>(), used);
}
