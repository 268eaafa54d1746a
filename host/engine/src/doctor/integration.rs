//! Whether the authorities and the client certificate of an integration can be used.

use weighbridge_egress::Trusted;

use super::{Examined, Finding, unusable, validity};
use crate::connector::{client_certificate, integration_texts};
use crate::engine::Host;
use crate::error::EngineError;

pub(super) fn check(host: &Host, examined: &Examined) -> Vec<Finding> {
    let found = authorities(host, examined).and_then(|mut found| {
        found.extend(certificate(host, examined)?);
        Ok(found)
    });
    found.unwrap_or_else(|error| vec![unusable(format!("integration {}", examined.name), &error)])
}

fn authorities(host: &Host, examined: &Examined) -> Result<Vec<Finding>, EngineError> {
    let Some(sealed) = &examined.integration.authorities else { return Ok(Vec::new()) };
    let about = format!("authorities of integration {}", examined.name);
    let pem = integration_texts(&host.ring, &examined.integration).open("authorities", sealed)?;
    Ok(match Trusted::new(Some(&pem)) {
        Ok(_) => validity::check(&about, &pem, host.now()),
        Err(error) => vec![Finding::of_error(error.code(), about, &error.to_string())],
    })
}

fn certificate(host: &Host, examined: &Examined) -> Result<Vec<Finding>, EngineError> {
    let Some(shown) = client_certificate(&host.ring, &examined.integration)? else { return Ok(Vec::new()) };
    let about = format!("client certificate of integration {}", examined.name);
    let key = match Trusted::with(&[], Some(shown.parts())) {
        Ok(_) => Finding::ok("doctor.client_certificate", &*about, "its key belongs to it"),
        Err(error) => Finding::of_error(error.code(), &*about, &error.to_string()),
    };
    let mut found = vec![key];
    found.extend(validity::check(&about, shown.certificate.as_bytes(), host.now()));
    Ok(found)
}
