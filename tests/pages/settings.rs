//! Blocks of configuration are ones that a host can serve with, and those for others are read by whom they are for.

use std::fs;
use std::path::Path;
use std::process::Command;

use rcgen::generate_simple_self_signed;
use weighbridge::document::Document;

use super::markdown::{Block, Page};
use super::{check, read_by_operators, root};
use crate::platforms;
use crate::town::BINARY;

/// Blocks of a kind, with their pages.
fn blocks<'a>(pages: &'a [Page], info: &str) -> Vec<(&'a Page, &'a Block)> {
    let of = |page: &'a Page| page.blocks.iter().map(move |block| (page, block));
    pages.iter().flat_map(of).filter(|(_, block)| block.info == info).collect()
}

/// A document names what there is to be; all else is a configuration.
fn is_document(text: &str) -> bool {
    text.lines().any(|line| line == "[tenant]" || line == "[[customer]]")
}

/// A part of a document, under the tenant that the whole one has.
fn fault_of_document(text: &str) -> Option<String> {
    let whole =
        if text.contains("[tenant]") { text.to_owned() } else { format!("[tenant]\nname = \"partner\"\n{text}") };
    Document::parse(&whole).err().map(|error| error.to_string())
}

/// Lets `config check` look at it, with every file beside it that it names.
fn fault_of_configuration(text: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    text.split('"').skip(1).step_by(2).for_each(|named| lay(folder.path(), named));
    let file = folder.path().join("weighbridge.toml");
    fs::write(&file, text).unwrap();
    let checked = Command::new(BINARY).arg("--config").arg(&file).args(["config", "check"]).output().unwrap();
    let said = [checked.stdout, checked.stderr].concat();
    (!checked.status.success()).then(|| String::from_utf8_lossy(&said).trim().to_owned())
}

/// A file of the kind that its name says. The certificate and the key of a host belong together.
fn lay(folder: &Path, name: &str) {
    let path = folder.join(name);
    let certified = || generate_simple_self_signed(["weighbridge.example.com".to_owned()]).unwrap();
    if !path.starts_with(folder) || path.exists() {
        return;
    }
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("pem") => {
            let made = certified();
            fs::write(&path, made.cert.pem()).unwrap();
            fs::write(path.with_extension("key"), made.signing_key.serialize_pem()).unwrap();
        }
        Some("key" | "secret" | "credential" | "password") => fs::write(&path, "post:0123456789abcdef\n").unwrap(),
        _ => {}
    }
}

#[test]
fn every_configuration_of_the_pages_is_one_that_a_host_can_serve_with() {
    let pages = read_by_operators();
    let found = blocks(&pages, "toml");
    assert!(found.len() > 3, "hardly any was found");
    let fault = |(page, block): &(&Page, &Block)| {
        let text = block.text();
        let fault = if is_document(&text) { fault_of_document(&text) } else { fault_of_configuration(&text) };
        fault.map(|fault| page.fault(block.line, fault))
    };
    check(&found.iter().filter_map(fault).collect::<Vec<_>>());
}

#[test]
fn a_setting_that_is_gone_and_a_document_that_is_none_are_said() {
    assert!(fault_of_configuration("[backup]\nfolder = \"a\"\nsometimes = true\n").unwrap().contains("sometimes"));
    assert!(fault_of_configuration("[backup]\nfolder = \"a\"\n").is_none());
    assert!(fault_of_document("[[customer]]\nnames = \"acme\"\n").unwrap().contains("names"));
    assert!(fault_of_document("[[customer]]\nname = \"acme\"\n").is_none());
}

#[test]
fn what_is_written_for_prometheus_is_read_by_it() {
    if !platforms::wanted("Prometheus") {
        return;
    }
    let pages = read_by_operators();
    let found = blocks(&pages, "yaml");
    assert!(!found.is_empty());
    for (page, block) in found {
        let folder = tempfile::tempdir().unwrap();
        fs::copy(root().join("host/deploy/prometheus/alerts.yml"), folder.path().join("alerts.yml")).unwrap();
        let file = folder.path().join("prometheus.yml");
        fs::write(&file, block.text()).unwrap();
        let checked = platforms::prometheus::promtool(&["check", "config", file.to_str().unwrap()], "");
        assert!(checked.status.success(), "{}", page.fault(block.line, format!("{checked:?}")));
    }
}
