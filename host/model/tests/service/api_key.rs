//! Keys tell by themselves whether they were typed as they were shown.

use weighbridge_model::digest::Digest;
use weighbridge_model::service::{ApiKey, MalformedKey};

#[test]
fn comes_back_as_it_was_shown() {
    let key = ApiKey::new(&[7; 20]);
    let read = ApiKey::parse(key.reveal()).unwrap();
    assert_eq!((read.reveal(), read.digest()), (key.reveal(), Digest::of(key.reveal().as_bytes())));
    assert!(key.reveal().starts_with("wb_") && key.reveal().len() == 43);
    assert!(key.reveal()[3..].bytes().all(|one| one.is_ascii_lowercase() || (b'2'..=b'7').contains(&one)));
}

#[test]
fn tells_every_mistyped_character() {
    let text = ApiKey::new(&[9; 20]).reveal().to_owned();
    for index in 3..text.len() {
        let mut typed = text.clone().into_bytes();
        typed[index] = if typed[index] == b'x' { b'y' } else { b'x' };
        let typed = String::from_utf8(typed).unwrap();
        assert_eq!(ApiKey::parse(&typed).unwrap_err(), MalformedKey::Checksum, "{typed}");
    }
}

#[test]
fn refuses_what_has_not_the_form_of_a_key() {
    let whole = ApiKey::new(&[1; 20]);
    let cut = &whole.reveal()[..42];
    for text in
        ["", "wb_", "wbc_00000000000000000000000000", cut, "sk_abc", "wb_1111111111111111111111111111111111111111"]
    {
        assert_eq!(ApiKey::parse(text).unwrap_err(), MalformedKey::Form, "{text}");
    }
}

#[test]
fn shows_nothing_of_itself_in_a_log() {
    assert_eq!(format!("{:?}", ApiKey::new(&[1; 20])), "ApiKey(..)");
}
