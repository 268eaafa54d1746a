//! From when to when certificates are good.

use weighbridge_egress::CertificateFacts;
use weighbridge_model::time::Timestamp;

use super::Finding;

/// So long before its end a certificate is worth a warning.
const NOTICE_MS: i64 = 30 * 24 * 60 * 60 * 1_000;

/// One finding for each certificate of a PEM file.
pub(super) fn check(about: &str, pem: &[u8], now: Timestamp) -> Vec<Finding> {
    match CertificateFacts::read(pem) {
        Ok(facts) => facts.iter().map(|one| judge(about, one, now)).collect(),
        Err(error) => vec![Finding::of_error("doctor.certificate", about, &error.to_string())],
    }
}

fn judge(about: &str, facts: &CertificateFacts, now: Timestamp) -> Finding {
    let CertificateFacts { subject, not_before, not_after } = facts;
    let renew = "get a new one, and apply it or put it into the configuration";
    if *not_after < now {
        return Finding::failed("doctor.certificate_over", about, format!("`{subject}` ended on {not_after}"))
            .next(renew);
    }
    if *not_before > now {
        let sentence = format!("`{subject}` begins only on {not_before}");
        return Finding::failed("doctor.certificate_early", about, sentence).next("look at the clock of this machine");
    }
    if *not_after < now.plus_millis(NOTICE_MS) {
        return Finding::warning("doctor.certificate_ends", about, format!("`{subject}` ends on {not_after}"))
            .next(renew);
    }
    Finding::ok("doctor.certificate", about, format!("`{subject}` is good until {not_after}"))
}
