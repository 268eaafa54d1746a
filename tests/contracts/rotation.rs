//! Every way in which a rotation statement is refused, with words in capitals for what the sentence names.

use weighbridge_model::package::{KeyId, RotationRefusal, TrustError};
use weighbridge_model::time::Timestamp;

use super::refusals::{Row, sentence};
use super::{file, texts_in};

fn refusals() -> Vec<RotationRefusal> {
    let key = KeyId::from_bytes([0; 16]);
    vec![
        RotationRefusal::Malformed("REASON".into()),
        RotationRefusal::Foreign { publisher: "PUBLISHER".into(), from: key },
        RotationRefusal::BadSignature,
        RotationRefusal::KeyRevoked(key),
        RotationRefusal::KeyExpired(key),
        RotationRefusal::Replayed("PUBLISHER".into()),
        RotationRefusal::Early(Timestamp::from_millis(0)),
        RotationRefusal::NewKey(TrustError::KeyRevoked),
    ]
}

pub fn rows() -> Vec<Row> {
    let row = |refusal: &RotationRefusal| {
        let text = refusal.to_string().replace(&"0".repeat(32), "KEY");
        vec![format!("`{}`", refusal.code()), sentence(&text), refusal.next_step().into()]
    };
    refusals().iter().map(row).collect()
}

#[test]
fn every_code_of_rotation_is_on_the_page() {
    let source = std::fs::read_to_string(file("host/model/src/package/rotation.rs")).unwrap();
    let listed: Vec<&str> = refusals().iter().map(RotationRefusal::code).collect();
    assert_eq!(texts_in(&source, "rotation."), listed);
}
