//! The verbs of a third party's access, at the command line.

use super::desk::Desk;

#[test]
fn the_message_has_everything_and_without_the_key_again() {
    let desk = Desk::new(1, &["--window", r#"{"end": "2090-03-31"}"#]);
    let address = format!("http://{}/pull/v1/", desk.host.address);
    let curl = format!("curl --user {} '{address}orders/records?limit=100'", desk.id);
    for wanted in [&address, &desk.id, &desk.key, &format!("{address}docs"), &curl] {
        assert!(desk.message.contains(wanted.as_str()), "{wanted} is not in {}", desk.message);
    }
    assert!(desk.message.contains("last access 2090-03-30 23:59, ends 2090-03-31 00:00 Europe/Warsaw"));
    let again = desk.service(&["message"])["text"].as_str().unwrap().to_owned();
    assert!(again.contains(&desk.id) && !again.contains(&desk.key), "{again}");
}

#[test]
fn a_rotated_key_works_beside_the_old_one_or_alone() {
    let mut desk = Desk::new(1, &[]);
    let old = desk.key.clone();
    desk.key = desk.service(&["rotate"])["key"].as_str().unwrap().to_owned();
    assert_eq!(desk.get("ping").status, 200);
    let new = std::mem::replace(&mut desk.key, old);
    assert_eq!(desk.get("ping").status, 200, "the old key works on for a day");
    desk.key = desk.service(&["rotate", "--overlap-hours", "0"])["key"].as_str().unwrap().to_owned();
    assert_eq!(desk.get("ping").status, 200);
    desk.key = new;
    assert_eq!(desk.get("ping").problem(), (401, "external_service.unknown".into()));
}

#[test]
fn an_access_goes_when_its_name_is_typed() {
    let desk = Desk::new(1, &[]);
    let remove = ["service", "remove", "acme", &desk.id];
    assert!(desk.town.fails(&remove, 2).errors.contains("confirmation.needed"));
    let wrong = [&remove[..], &["--confirm", "Another"]].concat();
    assert!(desk.town.fails(&wrong, 2).errors.contains("confirmation.wrong"));
    desk.town.works(&[&remove[..], &["--confirm", "Outsourced CRM"]].concat());
    assert_eq!(desk.get("ping").problem(), (401, "external_service.unknown".into()));
    assert_eq!(desk.town.works(&["service", "list", "acme"])["items"].as_array().map(Vec::len), Some(0));
}

#[test]
fn it_is_explained_why_there_are_no_records() {
    let desk = Desk::new(1, &[]);
    assert_eq!(desk.service(&["explain", "--endpoint", "orders"])["allowed"], true);
    desk.service(&["switch", "--switch", "off"]);
    let why = desk.service(&["explain", "--endpoint", "orders"]);
    assert_eq!(
        (why["refusal"].as_str(), why["levels"][0]["allowed"].as_bool()),
        (Some("external_service.off"), Some(false))
    );
    assert_eq!(desk.service(&["show"])["refused"], "external_service.off");
}
