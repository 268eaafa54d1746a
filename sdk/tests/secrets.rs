//! Codes under a key that a connector does not hold.

use weighbridge_sdk::testing::ScriptedHost;
use weighbridge_sdk::{FailureClass, secrets};

#[test]
fn signs_and_verifies_as_the_script_says() {
    let host = ScriptedHost::install();
    host.signs("hook", "hmac-sha256", b"body", b"code");
    assert_eq!(secrets::sign("hook", "hmac-sha256", b"body").unwrap(), b"code");
    assert!(secrets::verify("hook", "hmac-sha256", b"body", b"code").unwrap());
    assert!(!secrets::verify("hook", "hmac-sha256", b"body", b"cod").unwrap());
    assert!(!secrets::verify("hook", "hmac-sha256", b"other", b"code").unwrap());
}

#[test]
fn a_key_that_is_not_there_is_a_failure_and_not_a_wrong_code() {
    let host = ScriptedHost::install();
    host.signs("hook", "hmac-sha256", b"body", b"code");
    for (scheme, algorithm) in [("other", "hmac-sha256"), ("hook", "hmac-sha1")] {
        let failure = secrets::verify(scheme, algorithm, b"body", b"code").unwrap_err();
        assert_eq!((failure.class, failure.code.as_str()), (FailureClass::Config, "secrets.refused"));
    }
}
