//! The bill of materials: CycloneDX 1.5, of what is linked and nothing else. It says the same of the same release.

use serde_json::{Value, json};
use weighbridge_model::package::Digest;

use crate::connectors::Connector;
use crate::linked::{CrateId, Known, Linked};

/// What the bill is of.
pub(crate) struct Release<'a> {
    pub(crate) version: &'a str,
    pub(crate) target: &'a str,
    pub(crate) binary: Digest,
    /// The crate of the binary.
    pub(crate) root: CrateId,
    /// Each with the crate that was compiled for it, where it has one of its own.
    pub(crate) connectors: &'a [Connector],
    pub(crate) compiled: Vec<Option<CrateId>>,
    /// The version of the compiler, whose library is in everything.
    pub(crate) compiler: &'a str,
    /// RFC 3339.
    pub(crate) at: &'a str,
}

/// The whole bill.
pub(crate) fn bill(release: &Release<'_>, linked: &Linked) -> Value {
    let connectors = release.connectors.iter().map(connector);
    let crates = linked.needs.keys().map(|id| library(id, linked.known.get(id)));
    let components: Vec<Value> = connectors.chain(crates).chain([standard(release.compiler)]).collect();
    json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": serial(release.binary),
        "version": 1,
        "metadata": {
            "timestamp": release.at,
            "tools": { "components": [{ "type": "application", "name": "weighbridge-release", "version": release.version }] },
            "component": {
                "type": "application",
                "bom-ref": own(release),
                "name": "weighbridge",
                "version": release.version,
                "description": format!("The binary for {}, and the connectors beside it.", release.target),
                "hashes": [{ "alg": "SHA-256", "content": release.binary.to_string() }],
                "licenses": [{ "expression": "Apache-2.0" }],
            },
        },
        "components": components,
        "dependencies": dependencies(release, linked),
    })
}

fn own(release: &Release<'_>) -> String {
    format!("weighbridge@{}", release.version)
}

/// A UUID of our own making (version 8) out of the binary's digest, so that the same release has the same one.
fn serial(binary: Digest) -> String {
    let digits = binary.to_string();
    format!(
        "urn:uuid:{}-{}-8{}-8{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..15],
        &digits[15..18],
        &digits[18..30]
    )
}

fn connector(one: &Connector) -> Value {
    json!({
        "type": "application",
        "bom-ref": name(one),
        "name": one.name,
        "version": one.version,
        "hashes": [{ "alg": "SHA-256", "content": one.digest.to_string() }],
        "licenses": [{ "expression": "Apache-2.0" }],
    })
}

fn name(connector: &Connector) -> String {
    format!("{}@{}", connector.name, connector.version)
}

fn library(id: &CrateId, known: Option<&Known>) -> Value {
    let mut library = json!({
        "type": "library",
        "bom-ref": reference(id),
        "name": id.name,
        "version": id.version,
    });
    let Some(known) = known else { return library };
    if let Some(licence) = &known.licence {
        library["licenses"] = json!([{ "expression": licence }]);
    }
    if let Some(checksum) = &known.checksum {
        library["purl"] = reference(id).into();
        library["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
    }
    if let Some(url) = &known.repository {
        library["externalReferences"] = json!([{ "type": "vcs", "url": url }]);
    }
    library
}

fn reference(id: &CrateId) -> String {
    format!("pkg:cargo/{}@{}", id.name, id.version)
}

fn standard(compiler: &str) -> Value {
    json!({
        "type": "library",
        "bom-ref": format!("rust-std@{compiler}"),
        "name": "rust-std",
        "version": compiler,
        "licenses": [{ "expression": "MIT OR Apache-2.0" }],
    })
}

fn dependencies(release: &Release<'_>, linked: &Linked) -> Vec<Value> {
    let standard = format!("rust-std@{}", release.compiler);
    let mut first = vec![reference(&release.root), standard];
    first.extend(release.connectors.iter().map(name));
    let mut all = vec![json!({ "ref": own(release), "dependsOn": first })];
    all.extend(release.connectors.iter().zip(&release.compiled).map(|(connector, compiled)| {
        let used = release.connectors.iter().filter(|other| connector.component.as_ref() == Some(&other.name));
        let needs: Vec<_> = compiled.iter().map(reference).chain(used.map(name)).collect();
        json!({ "ref": name(connector), "dependsOn": needs })
    }));
    all.extend(linked.needs.iter().map(
        |(id, needs)| json!({ "ref": reference(id), "dependsOn": needs.iter().map(reference).collect::<Vec<_>>() }),
    ));
    all
}
