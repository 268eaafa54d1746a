//! `schemas/refusals.md`: every stable code of a no, what it means, and what to do.

use std::collections::BTreeSet;

use weighbridge_model::gate::{Place, RefusalCode};
use weighbridge_sandbox::Stop;

use super::{check, compile, egress, folders, keys, package, pull, rotation};

const HEAD: &str = "# Refusals

Every *no* has a stable code, a sentence for the person who sees it, and a next step. Programs may rely on the codes; the
sentences may become better. This page is made of the code by a test, and never edited by hand:

    WEIGHBRIDGE_BLESS=1 cargo test -p weighbridge-cli --test tests contracts
";

/// A code, the columns between, and what to do.
pub type Row = Vec<String>;

fn table(title: &str, about: &str, columns: &[&str], rows: &[Row]) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let head: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
    let rule: Vec<String> = columns.iter().map(|_| "---".to_owned()).collect();
    let rows: String = rows.iter().map(|row| line(row)).collect();
    format!("\n## {title}\n\n{about}\n\n{}{}{rows}", line(&head), line(&rule))
}

/// A sentence as it stands on a page: an error of ours begins small and has no full stop.
pub fn sentence(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    let stop = if text.ends_with('.') { "" } else { "." };
    format!("{}{rest}{stop}", first.to_uppercase())
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn gate() -> Vec<Row> {
    let level = |code: &RefusalCode| Place { level: code.level(), side: None }.to_string();
    let row = |one: &RefusalCode| vec![code(one.as_str()), level(one), one.sentence().into(), one.next_step().into()];
    RefusalCode::ALL.iter().map(row).collect()
}

fn stops() -> Vec<Row> {
    Stop::ALL.iter().map(|stop| vec![code(stop.code()), stop.sentence().into(), stop.next_step().into()]).collect()
}

fn all() -> Vec<Row> {
    let packages = [package::rows(), compile::rows(), rotation::rows()].concat();
    [gate(), stops(), egress::rows(), folders::rows(), packages, keys::rows(), keys::sign_in_rows(), pull::rows()]
        .concat()
}

fn page() -> String {
    const SHORT: [&str; 3] = ["Code", "What it means", "Next step"];
    let gate_columns = ["Code", "Level", "What it means", "Next step"];
    let about_gate = "In the order in which they are asked, from the outside in: the first no is the answer.";
    let about_stops = "A connector that breaks a rule is stopped; its batch stays as it was.";
    let about_egress = "A request that a connector asked for and that was not made, or whose answer is not handed on. \
                        Words in capitals stand for what the sentence names.";
    let about_folders = "A file that a connector asked for, in a folder of this host, and that nothing was done with.";
    let about_package = "A package that is not installed, or not loaded.";
    let about_compile = "A package whose code is not made into machine code. Nothing is installed.";
    let about_rotation = "A publisher's statement that another key follows one of its own, and that does not count.";
    let about_keys = "A key ring that is not opened, changed or brought back. Nothing is touched.";
    let about_sign_in = "A person's sign-in at a platform that gives no grant.";
    let about_pulls = "A third party that gets no page, and is billed for none. The gate's own codes come first.";
    [
        HEAD.to_owned(),
        table("The gate", about_gate, &gate_columns, &gate()),
        table("Connectors", about_stops, &SHORT, &stops()),
        table("Requests", about_egress, &SHORT, &egress::rows()),
        table("Folders", about_folders, &SHORT, &folders::rows()),
        table("Packages", about_package, &SHORT, &package::rows()),
        table("Compilation", about_compile, &SHORT, &compile::rows()),
        table("Rotation", about_rotation, &SHORT, &rotation::rows()),
        table("Keys", about_keys, &SHORT, &keys::rows()),
        table("Sign-in", about_sign_in, &SHORT, &keys::sign_in_rows()),
        table("Pulls", about_pulls, &SHORT, &pull::rows()),
    ]
    .concat()
}

#[test]
fn the_page_of_refusals_is_what_the_code_says() {
    check("schemas/refusals.md", &page());
}

#[test]
fn no_two_refusals_share_a_code() {
    let rows = all();
    let codes: BTreeSet<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(codes.len(), rows.len());
}

#[test]
fn every_refusal_says_what_to_do() {
    for row in all() {
        assert!(row.iter().all(|cell| !cell.is_empty() && !cell.contains('|')), "{row:?}");
    }
}
