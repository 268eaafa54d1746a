//! How an integration leaves, as a document says it; and what the audit log says when that changes.

use weighbridge_egress::{CertificateFacts, Trusted, TrustedError};
use weighbridge_model::digest::Digest;
use weighbridge_model::integration::{EgressGrant, Integration};
use weighbridge_model::sealed::Sealed;
use weighbridge_vault::KeyRing;
use zeroize::Zeroizing;

use super::connection::read_secret;
use super::error::ApplyError;
use super::named::seal_changed;
use super::plan::Plan;
use super::secret_files::SecretFiles;
use crate::connector::{ShownCertificate, client_certificate, integration_texts};
use crate::document::{ClientCertificateDocument, SecretDocument};
use crate::error::EngineError;
use crate::texts::Texts;

/// The authorities that an integration believes; an empty text takes them away.
pub(super) fn authorities(
    plan: &Plan<'_>,
    texts: &Texts<'_>,
    before: Option<&Integration>,
    document: Option<&SecretDocument>,
    (files, at): (&SecretFiles, &str),
) -> Result<Option<Sealed>, ApplyError> {
    let before = before.and_then(|one| one.authorities.as_ref());
    let Some(document) = document else { return Ok(before.cloned()) };
    let pem = read_secret(plan, document, files, at)?;
    if pem.is_empty() {
        return Ok(None);
    }
    Trusted::new(Some(pem.as_bytes())).map_err(|error| wrong(at, &error))?;
    seal_changed(texts, "authorities", before, pem.as_bytes()).map(Some)
}

/// What an integration shows of itself; empty texts take it away.
pub(super) fn certificate(
    plan: &Plan<'_>,
    texts: &Texts<'_>,
    before: Option<&Integration>,
    document: Option<&ClientCertificateDocument>,
    (files, at): (&SecretFiles, &str),
) -> Result<Option<Sealed>, ApplyError> {
    let before = before.and_then(|one| one.client_certificate.as_ref());
    let Some(document) = document else { return Ok(before.cloned()) };
    let shown = ShownCertificate {
        certificate: read_secret(plan, &document.certificate, files, &format!("{at}.certificate"))?,
        key: Zeroizing::new(read_secret(plan, &document.key, files, &format!("{at}.key"))?),
    };
    if shown.certificate.is_empty() && shown.key.is_empty() {
        return Ok(None);
    }
    Trusted::with(&[], Some(shown.parts())).map_err(|error| wrong(at, &error))?;
    let json = serde_json::to_vec(&shown).map_err(|error| ApplyError::at(at, error.to_string()))?;
    seal_changed(texts, "client_certificate", before, &Zeroizing::new(json)).map(Some)
}

fn wrong(at: &str, error: &TrustedError) -> ApplyError {
    ApplyError::at(at, format!("{error} ({})", error.code()))
}

/// What an integration may reach and how, in words.
#[derive(PartialEq, Eq)]
struct Ways([(&'static str, String); 6]);

impl Ways {
    fn of(ring: &KeyRing, integration: Option<&Integration>) -> Result<Self, EngineError> {
        let Some(integration) = integration else {
            return Self::new(&EgressGrant::default(), None, None, "configured");
        };
        let texts = integration_texts(ring, integration);
        let grant = serde_json::from_slice(&texts.open("grant", &integration.grant)?).unwrap_or_default();
        let (authorities, shown) = named(ring, integration)?;
        Self::new(&grant, authorities, shown, integration.proxy.word())
    }

    fn new(
        grant: &EgressGrant,
        authorities: Option<String>,
        shown: Option<String>,
        proxy: &str,
    ) -> Result<Self, EngineError> {
        let listed = |list: &[String], none: &str| if list.is_empty() { none.to_owned() } else { list.join(", ") };
        let named = |subjects: Option<String>| subjects.unwrap_or_else(|| "none".to_owned());
        Ok(Self([
            ("hosts", listed(&grant.hosts, "all of the manifest")),
            ("networks", listed(&grant.networks, "none")),
            ("folders", listed(&grant.folders, "none")),
            ("ca", named(authorities)),
            ("client certificate", named(shown)),
            ("proxy", proxy.to_owned()),
        ]))
    }
}

/// Whom an integration's own authorities name, and whom what it shows of itself; no key is among it.
pub(crate) fn named(
    ring: &KeyRing,
    integration: &Integration,
) -> Result<(Option<String>, Option<String>), EngineError> {
    let texts = integration_texts(ring, integration);
    let own = integration.authorities.as_ref().map(|sealed| texts.open("authorities", sealed)).transpose()?;
    let shown = client_certificate(ring, integration)?;
    Ok((own.map(|pem| subjects(&pem)), shown.map(|shown| subjects(shown.certificate.as_bytes()))))
}

/// Whom the certificates of a file name, and the digest of the file, which tells two of one name apart.
fn subjects(pem: &[u8]) -> String {
    let facts = CertificateFacts::read(pem).unwrap_or_default();
    let subjects: Vec<&str> = facts.iter().map(|one| one.subject.as_str()).collect();
    let digest = Digest::of(pem).to_string();
    format!("{} (sha256 {})", subjects.join(" and "), &digest[..digest.len().min(16)])
}

/// The line of the audit log, where anything changed of what an integration may reach: what it was, and what it is.
pub(super) fn difference(
    ring: &KeyRing,
    name: &str,
    before: Option<&Integration>,
    after: &Integration,
) -> Result<Option<String>, EngineError> {
    let (before, after) = (Ways::of(ring, before)?, Ways::of(ring, Some(after))?);
    let pairs = before.0.iter().zip(&after.0).filter(|(before, after)| before != after);
    let changes: Vec<String> = pairs.map(|((what, was), (_, is))| format!("{what} {was} → {is}")).collect();
    Ok((!changes.is_empty()).then(|| format!("integration {name}: {}", changes.join("; "))))
}
