//! Forms that no page of ours sends: too large, too many fields, too deep, too often; and what becomes of sessions at the door.
//!
//! Plain HTTP, since no browser sends what an attacker can.

use serde_json::json;

use super::crawl::attributes;
use super::forged::{Jar, signed_in};
use super::seeded::customers::{BUSY, LONG};
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN, OPERATOR};
use super::seeded::{Seeded, TENANT, seeded};
use crate::town::{Client, Host, PASSWORD, Town, ask};

fn door() -> String {
    format!("/t/{TENANT}")
}

/// The values of a session's two cookies, as an answer sets them.
fn cookie(answered: &crate::town::Answered, name: &str) -> Option<String> {
    let lines = answered.head.lines().filter_map(|line| line.split_once(": "));
    let mut set = lines.filter(|(header, _)| header.eq_ignore_ascii_case("set-cookie")).map(|(_, cookie)| cookie);
    set.find_map(|cookie| Some(cookie.split(';').next()?.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

fn still_answers(seeded: &Seeded) -> bool {
    ask(&seeded.host.address, "GET", "/healthz", &[], "").status == 200
}

#[test]
fn a_field_of_endless_parts_is_refused_and_the_host_goes_on() {
    let seeded = seeded();
    let mut jar = signed_in(seeded, &door(), CUSTOMER_ADMIN);
    let token = jar.token(seeded, "/my/me");
    let name = format!("password{}", ".a".repeat(100_000));
    let fields = [("token", token.as_str()), ("do", "me password"), (name.as_str(), "1")];
    let answered = jar.submit(seeded, "/my/me", &fields);
    assert!((400..500).contains(&answered.status), "{}", answered.head);
    assert!(still_answers(seeded));
}

#[test]
fn a_form_is_no_larger_than_what_its_operation_takes() {
    let seeded = seeded();
    let mut jar = signed_in(seeded, &door(), ADMIN);
    let page = "/console/customers/new";
    let token = jar.token(seeded, page);
    let text = "x".repeat(1 << 20);
    let fields = [("token", token.as_str()), ("do", "customer add"), ("name", text.as_str())];
    assert_eq!(jar.submit(seeded, page, &fields).status, 413);
    let many: Vec<_> = std::iter::repeat_n(("labels:list", ""), 5_000).chain(fields[..2].iter().copied()).collect();
    assert_eq!(jar.submit(seeded, page, &many).status, 413);
    // A table of customers is as large as that of the operation.
    let page = "/console/customers/import";
    let table = format!("name,external_id\n{}", "A customer of a table,\n".repeat(20_000));
    let fields = [("token", token.as_str()), ("do", "customer import"), ("table", table.as_str()), ("dry_run", "true")];
    let answered = jar.submit(seeded, page, &fields);
    assert!(answered.status != 413, "{}", answered.head);
}

#[test]
fn whoever_is_not_signed_in_sends_no_large_form() {
    let seeded = seeded();
    let text = "x".repeat(100_000);
    for path in
        [door(), format!("{}/forgot", door()), "/connect/wbcl_nothing".to_owned(), "/join/wbl_nothing".to_owned()]
    {
        let answered = Jar::default().submit(seeded, &path, &[("email", text.as_str()), ("password", "x")]);
        assert!((400..500).contains(&answered.status), "{path}: {}", answered.head);
        assert!(!answered.text.contains(&text), "{path} takes all of it");
    }
    let answered = Jar::default().submit(seeded, &door(), &[("email", text.as_str()), ("password", "x")]);
    assert_eq!(answered.status, 413);
}

#[test]
fn another_language_leads_back_to_a_page_of_ours_and_nowhere_else() {
    let seeded = seeded();
    let back = |back: &str| {
        let answered = Jar::default().submit(seeded, "/appearance", &[("back", back), ("language", "pl")]);
        answered.header("location").unwrap_or_default().to_owned()
    };
    assert_eq!(back("/console/customers"), "/console/customers");
    for elsewhere in
        ["/\t/evil.example", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)"]
    {
        assert_eq!(back(elsewhere), "/", "{elsewhere:?}");
    }
}

#[test]
fn whoever_signs_in_anew_leaves_no_opened_account_behind() {
    let seeded = seeded();
    let mut jar = signed_in(seeded, &door(), ADMIN);
    let page = format!("/console/customers/{}/open", seeded.id(LONG));
    let token = jar.token(seeded, &page);
    let fields = [("token", token.as_str()), ("do", "customer open"), ("reason", "To look")];
    let opened = cookie(&jar.submit(seeded, &page, &fields), "weighbridge-opened").unwrap();
    let line = format!("cookie: weighbridge-opened={opened}");
    let is_open = || ask(&seeded.host.address, "GET", "/my", &[&line], "").status == 200;
    assert!(is_open());
    let body = format!("email={ADMIN}&password={}", PASSWORD.replace(' ', "+"));
    let form = "content-type: application/x-www-form-urlencoded";
    let answered = ask(&seeded.host.address, "POST", &door(), &[form, &line], &body);
    assert_eq!(answered.status, 303, "{}", answered.text);
    assert!(!is_open(), "the account that was opened before stays open");
}

#[test]
fn whoever_comes_back_to_an_account_that_is_closed_is_not_asked_to_sign_in_again() {
    let seeded = seeded();
    let mut jar = signed_in(seeded, &door(), ADMIN);
    let page = format!("/console/customers/{}/open", seeded.id(LONG));
    let token = jar.token(seeded, &page);
    let fields = [("token", token.as_str()), ("do", "customer open"), ("reason", "To look")];
    let opened = cookie(&jar.submit(seeded, &page, &fields), "weighbridge-opened").unwrap();
    Client::with(&seeded.host.address, &opened).ask("DELETE", "/sessions/current", None).worked();
    let line = format!("cookie: weighbridge-opened={opened}");
    let at = |jar: &mut Jar, path: &str| {
        let answered = jar.get_with(seeded, path, &[&line]);
        answered.header("location").unwrap_or_default().to_owned()
    };
    let front = at(&mut jar, "/my");
    assert_eq!(front, "/?next=%2Fmy");
    assert_eq!(at(&mut jar, &front), "/console/customers");
    assert_eq!(jar.get(seeded, "/console/customers").status, 200, "one's own session is not touched");
}

#[test]
fn a_private_key_that_was_typed_is_not_shown_again() {
    let seeded = seeded();
    let mut jar = signed_in(seeded, "/operator", OPERATOR);
    let list = jar.get(seeded, "/operate/addresses").text;
    let mut links = attributes(&list, "<a ", "href").into_iter();
    let page = links.find(|path| path.starts_with("/operate/addresses/")).unwrap();
    let token = jar.token(seeded, &page);
    let fields = [
        ("token", token.as_str()),
        ("do", "integration allow"),
        ("part", "certificate"),
        ("certificate", "no certificate"),
        ("key", "very private"),
    ];
    let answered = jar.submit(seeded, &page, &fields);
    assert_eq!(answered.status, 422, "{}", answered.text);
    assert!(answered.text.contains("no certificate") && !answered.text.contains("very private"), "{}", answered.text);
}

#[test]
fn a_label_that_cannot_be_one_is_wrong_at_its_own_field() {
    let seeded = seeded();
    let client = seeded.client(ADMIN);
    let list = format!("/customers/{}/connections", seeded.id(BUSY));
    let one = client.get(&list).worked()["items"][0]["id"].as_str().unwrap().to_owned();
    for label in ["a/b", "turned \u{202e}around", ""] {
        let refused = client.ask("PATCH", &format!("{list}/{one}"), Some(&json!({ "label": label })));
        assert_eq!((refused.status, &refused.json()["errors"][0]["at"]), (422, &json!("label")), "{label:?}");
    }
}

#[test]
fn a_setting_that_cannot_be_one_is_wrong_at_its_own_field() {
    let seeded = seeded();
    let mut jar = signed_in(seeded, &door(), CUSTOMER_ADMIN);
    let list = jar.get(seeded, "/my/connect").text;
    let pages = attributes(&list, "<a ", "href").into_iter().filter(|path| path.starts_with("/my/connect/"));
    let mut pages = pages.map(|path| (jar.get(seeded, &path).text, path)).collect::<Vec<_>>().into_iter();
    let (page, path) = pages.find(|(page, _)| page.contains("name=\"configuration.server\"")).unwrap();
    let integration = path.rsplit('/').next().unwrap();
    let token = jar.token(seeded, &path);
    let scheme = attributes(&page, "name=\"scheme\"", "value").pop().unwrap_or_default();
    let fields = [
        ("token", token.as_str()),
        ("do", "connection add"),
        ("integration", integration),
        ("scheme", scheme.as_str()),
        ("configuration.server", "no address"),
        ("configuration.mailbox", "ada@example.com"),
        ("configuration:json", "{}"),
    ];
    let answered = jar.submit(seeded, &path, &fields);
    assert_eq!(answered.status, 422, "{}", answered.text);
    let field = answered.text.split("for=\"field-configuration-server\"").nth(1).unwrap();
    let field = field.split("<input").next().unwrap();
    assert!(field.contains("class=\"wrong\""), "{field}");
}

#[test]
fn a_session_guesses_no_faster_than_a_stranger() {
    let town = Town::bare(0);
    town.works(&["init"]);
    let host = Host::start_public(&town, "stranger_requests_per_minute = 4");
    let invited = town.works(&["operator", "invite", "--email", "olga@example.com", "--role", "operator"]);
    let secret = host.joined(&invited).secret.unwrap();
    let cookie = format!("cookie: weighbridge-session={secret}");
    let guess = |number: u8| {
        let body = format!("email=somebody{number}@example.com&password=a+guess+of+some+length");
        let form = "content-type: application/x-www-form-urlencoded";
        ask(&host.address, "POST", "/operator", &[form, &cookie], &body).status
    };
    let answers: Vec<u16> = (0..6).map(guess).collect();
    assert!(answers.starts_with(&[401]) && answers.ends_with(&[429]), "{answers:?}");
    assert_eq!(ask(&host.address, "GET", "/operate", &[&cookie], "").status, 200, "pages are of whoever is signed in");
}

#[test]
fn whoever_has_nothing_open_at_present_is_told_so_at_the_door() {
    let town = Town::bare(0);
    town.works(&["init"]);
    town.works(&["tenant", "add", "--name", "partner"]);
    town.works(&["customer", "add", "--name", "first"]);
    town.works(&["customer", "activate", "first"]);
    let host = Host::start_public(&town, "");
    host.joined(&town.works(&["user", "invite", "first", "--email", "eve@example.com", "--role", "customer_admin"]));
    let sign_in = || {
        let body = format!("email=eve@example.com&password={}", PASSWORD.replace(' ', "+"));
        ask(&host.address, "POST", "/t/partner", &["content-type: application/x-www-form-urlencoded"], &body)
    };
    assert_eq!(sign_in().header("location"), Some("/my"));
    town.works(&["customer", "deactivate", "first"]);
    let answered = sign_in();
    assert_eq!((answered.status, answered.header("set-cookie")), (403, None), "{}", answered.head);
    assert!(answered.text.contains("customer.inactive"), "{}", answered.text);
}
