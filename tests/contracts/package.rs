//! Every way in which a package is refused, with words in capitals for what the sentence names.

use weighbridge_model::digest::Digest;
use weighbridge_model::package::{KeyId, Malformation, PackageRefusal};

use super::refusals::{Row, sentence};

fn refusals() -> Vec<PackageRefusal> {
    let key = KeyId::from_bytes([0; 16]);
    let (connector, publisher) = ("CONNECTOR".to_owned(), "PUBLISHER".to_owned());
    let rollback = PackageRefusal::VersionRollback {
        connector: connector.clone(),
        offered: "1.0.0".parse().unwrap(),
        installed: "1.0.1".parse().unwrap(),
    };
    vec![
        PackageRefusal::Unsigned,
        PackageRefusal::UnknownPublisher(key),
        PackageRefusal::WrongPublisher { connector, claimed: publisher.clone(), owner: "OWNER".into() },
        PackageRefusal::BadSignature,
        PackageRefusal::KeyExpired { key, publisher },
        PackageRefusal::KeyRevoked(key),
        PackageRefusal::DigestRevoked(Digest::from_bytes([0; 32])),
        rollback,
        PackageRefusal::ApprovalNeeded { connector: "CONNECTOR".into(), version: "1.0.0".parse().unwrap() },
        PackageRefusal::Malformed(Malformation::TooLarge(67_108_865)),
    ]
}

/// Breaks when a case is added, so that it gets its row above.
const fn has_a_row(refusal: &PackageRefusal) {
    match refusal {
        PackageRefusal::Unsigned
        | PackageRefusal::UnknownPublisher(_)
        | PackageRefusal::WrongPublisher { .. }
        | PackageRefusal::BadSignature
        | PackageRefusal::KeyExpired { .. }
        | PackageRefusal::KeyRevoked(_)
        | PackageRefusal::DigestRevoked(_)
        | PackageRefusal::VersionRollback { .. }
        | PackageRefusal::ApprovalNeeded { .. }
        | PackageRefusal::Malformed(_) => {}
    }
}

pub fn rows() -> Vec<Row> {
    let row = |refusal: &PackageRefusal| {
        has_a_row(refusal);
        let text = refusal.to_string().replace(&"0".repeat(64), "DIGEST").replace(&"0".repeat(32), "KEY");
        vec![format!("`{}`", refusal.code()), sentence(&text), refusal.next_step().into()]
    };
    refusals().iter().map(row).collect()
}
