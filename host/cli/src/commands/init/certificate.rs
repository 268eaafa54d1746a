//! A certificate that nobody vouches for: good enough to begin with, and only on request.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use jiff::{Span, Zoned};
use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use sha2::{Digest as _, Sha256};
use weighbridge::clock::{Clock as _, SystemClock};

use super::InitError;
use super::traces::Traces;

/// A certificate that was made.
pub(super) struct SelfMade {
    pub(super) certificate: PathBuf,
    /// The last day on which it is good.
    pub(super) until: String,
    /// What a browser shows of it, to be compared.
    pub(super) fingerprint: String,
}

/// For so many days it is good: browsers refuse what is good for longer.
const DAYS: i64 = 397;

/// Where it and its key stand.
pub(super) fn files(data: &Path) -> [PathBuf; 2] {
    [data.join("certificate.pem"), data.join("certificate.key")]
}

/// Makes one for a name or an address of this machine.
pub(super) fn make(name: &str, data: &Path, traces: &mut Traces) -> anyhow::Result<SelfMade> {
    let unmade = |error: rcgen::Error| InitError::Certificate { name: name.to_owned(), said: error.to_string() };
    let mut params = CertificateParams::new([name.to_owned()]).map_err(unmade)?;
    let today = jiff::Timestamp::from_millisecond(SystemClock.now().as_millis())?.to_zoned(TimeZone::UTC);
    let until = today.checked_add(Span::new().days(DAYS))?;
    let day = |at: &Zoned| date_time_ymd(at.year().into(), at.month().unsigned_abs(), at.day().unsigned_abs());
    (params.not_before, params.not_after) = (day(&today), day(&until));
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    let key = KeyPair::generate().map_err(unmade)?;
    let made = params.self_signed(&key).map_err(unmade)?;
    let [certificate, key_file] = files(data);
    traces.write_new(&certificate, &made.pem(), 0o644)?;
    traces.write_new(&key_file, &key.serialize_pem(), 0o600)?;
    let digest = Sha256::digest(made.der());
    let fingerprint = digest.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
    Ok(SelfMade { certificate, until: until.date().to_string(), fingerprint })
}
