//! Every way in which keys and sign-ins are refused, with words in capitals for what the sentence names.

use weighbridge::{EngineError, ExportError, MasterError, RingError, SignInError};

use super::refusals::{Row, sentence};

fn rings() -> Vec<RingError> {
    let path = || "PATH".into();
    let masters = [
        MasterError::VersionAbsent { path: path(), version: 2 },
        MasterError::NeedsPassphrase,
        MasterError::NeedsFile,
        MasterError::Cost,
        MasterError::Place,
        MasterError::Present(path()),
        MasterError::Wrong,
    ];
    let exports = [ExportError::Key, ExportError::Malformed, ExportError::DoesNotOpen];
    let masters = masters.into_iter().map(RingError::Master);
    masters.chain(exports.into_iter().map(RingError::Export)).chain([RingError::HostKey]).collect()
}

fn sign_ins() -> Vec<SignInError> {
    vec![
        SignInError::Unknown,
        SignInError::Over,
        SignInError::Used,
        SignInError::CodeWrong { left: 4 },
        SignInError::IssuerWrong,
        SignInError::Refused("the platform answered `REASON`".into()),
    ]
}

fn engines() -> Vec<EngineError> {
    vec![EngineError::NoOAuth, EngineError::NoOAuthClient, EngineError::OAuthClientElsewhere]
}

/// A code and a sentence, and after the semicolon what to do.
fn row(text: &str) -> Row {
    let (code, text) = text.split_once(": ").unwrap();
    let (what, next) = text.rsplit_once("; ").unwrap_or((text, ""));
    vec![format!("`{code}`"), sentence(what), sentence(next)]
}

pub fn rows() -> Vec<Row> {
    rings().into_iter().map(|error| row(&EngineError::from(error).to_string())).collect()
}

pub fn sign_in_rows() -> Vec<Row> {
    let sign_ins = sign_ins().into_iter().map(|error| error.to_string());
    sign_ins.chain(engines().iter().map(ToString::to_string)).map(|text| row(&text)).collect()
}

#[test]
fn every_error_says_its_own_code() {
    for error in sign_ins() {
        assert!(error.to_string().starts_with(error.code()), "{error}");
    }
    for error in rings() {
        let code = error.code();
        assert!(EngineError::from(error).to_string().starts_with(code));
    }
}
