//! Mail: what leaves, what is given up, and what is said of it to whom.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::town::{Client, Host, Mood, PASSWORD, PostOffice, Security, Town, ask};

fn town() -> Town {
    let town = Town::bare(1);
    town.works(&["init"]);
    town.works(&["tenant", "add", "--name", "partner"]);
    town
}

fn mailing(mood: Mood) -> (Town, PostOffice, Host) {
    let (town, office) = (town(), PostOffice::open(mood, Security::Plain));
    // At the most talkative: even then no link is logged.
    let host = Host::start_public(&town, &format!("log = \"trace\"\n{}", office.plainly()));
    (town, office, host)
}

fn invite(town: &Town, email: &str) -> Value {
    town.works(&["staff", "invite", "--email", email, "--role", "tenant_admin"])
}

/// The only address in a letter.
fn link_in(letter: &str) -> &str {
    letter.lines().find(|line| line.starts_with("http")).unwrap_or_else(|| panic!("no link: {letter}"))
}

/// Types a password on the page of a link.
fn enter(host: &Host, link: &str, password: &str) -> (u16, String) {
    let path = link.strip_prefix(&format!("http://{}", host.address)).unwrap();
    let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("password", password).finish();
    let kind = "content-type: application/x-www-form-urlencoded";
    let answered = ask(&host.address, "POST", path, &[kind], &form);
    (answered.status, answered.text)
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(20), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn sign_in(host: &Host, password: &str) -> String {
    let body = json!({ "tenant": "partner", "email": "ann@partner.example", "password": password });
    Client::stranger(&host.address).post("/sessions", &body).code()
}

fn forgot(host: &Host, tenant: &str, email: &str) -> crate::town::Answered {
    Client::stranger(&host.address).post("/sessions/forgot", &json!({ "tenant": tenant, "email": email }))
}

/// The letters that there are when nothing is under way any more. Errands are done in their order, and whoever asks for a
/// link is an errand whose letter is one more behind it: so two others are sent through, one after the other.
fn all_letters(town: &Town, office: &PostOffice) -> Vec<String> {
    for email in ["first@flush.example", "second@flush.example"] {
        invite(town, email);
        let to = format!("To: {email}");
        wait_until("it is through", || office.letters().iter().any(|letter| letter.contains(&to)));
    }
    office.letters().into_iter().filter(|letter| !letter.contains("@flush.example")).collect()
}

/// Somebody who came in by the link of an invitation.
fn joined(town: &Town, host: &Host) {
    host.joined(&invite(town, "ann@partner.example"));
}

#[test]
fn mails_an_invitation_where_mail_is_configured() {
    let (town, office, host) = mailing(Mood::Willing);
    let invited = invite(&town, "ann@partner.example");
    assert_eq!(invited["mail"], "queued");
    let letter = &office.wait_for(1)[0];
    assert_eq!(link_in(letter), invited["address"].as_str().unwrap(), "the mail has the link that can be copied");
    for line in
        ["From: Partner <post@partner.example>", "To: ann@partner.example", "Subject: You are invited to partner"]
    {
        assert!(letter.lines().any(|one| one == line), "{line}: {letter}");
    }
    let (status, page) = enter(&host, link_in(letter), "short");
    assert!(status == 422 && page.contains("fewer than 12 characters"), "{page}");
    assert_eq!(enter(&host, link_in(letter), PASSWORD).0, 200);
    assert_eq!(sign_in(&host, PASSWORD), "", "they are in");
    assert_eq!(enter(&host, link_in(letter), PASSWORD).0, 410, "a link is good for one use");
    let logged = town.logged();
    assert!(logged.contains("ready") && !logged.contains("wbl_"), "{logged}");
}

#[test]
fn gives_only_the_link_where_mail_is_not_configured() {
    let town = town();
    let host = Host::start(&town);
    let invited = invite(&town, "ann@partner.example");
    assert_eq!(invited["mail"], "not_configured");
    assert!(invited["link"].as_str().unwrap().starts_with("wbl_"));
    let asked = forgot(&host, "partner", "ann@partner.example");
    assert_eq!((asked.status, asked.code().as_str()), (409, "mail.not_configured"));
    assert!(asked.text.contains("Ask whoever runs this host"), "{}", asked.text);
}

#[test]
fn mails_a_connect_link_where_an_address_is_named_and_nothing_where_none_is() {
    let office = PostOffice::open(Mood::Willing, Security::Plain);
    let town = Town::settled(1, &crate::town::Setting::transfer(""));
    let host = Host::start_public(&town, &office.plainly());
    let offer = town.works(&["integration", "list"])["items"][0]["id"].as_str().unwrap().to_owned();
    let add = ["connect-link", "add", "acme", "--integration", &offer];
    let silent = town.works(&add);
    assert!(silent["mail"].is_null(), "{silent}");
    let made = town.works(&[&add[..], &["--email", "eve@customer.example"]].concat());
    assert_eq!(made["mail"], "queued");
    assert_eq!(link_in(&office.wait_for(1)[0]), made["address"].as_str().unwrap());
    let page = host.ask(made["address"].as_str().unwrap().strip_prefix(&format!("http://{}", host.address)).unwrap());
    assert!(page.contains("asks you to connect"), "{page}");
    let wrong = town.fails(&[&add[..], &["--email", "eve@customer.example\r\nBcc: eve@elsewhere.example"]].concat(), 2);
    assert!(wrong.errors.contains("is no e-mail address"), "{}", wrong.errors);
}

#[test]
fn a_command_without_a_host_mails_before_it_ends() {
    let (town, office) = (town(), PostOffice::open(Mood::Willing, Security::Plain));
    let file = town.path("mail.toml");
    std::fs::write(&file, format!("public_url = \"https://bridge.example\"\n{}", office.plainly())).unwrap();
    let words = ["staff", "invite", "--email", "ann@partner.example", "--role", "tenant_admin", "--config"];
    let invited = town.works(&[&words[..], &[file.to_str().unwrap()]].concat());
    assert_eq!(invited["mail"], "queued");
    let wanted = format!("https://bridge.example/join/{}", invited["link"].as_str().unwrap());
    assert_eq!(office.letters().iter().map(|letter| link_in(letter)).collect::<Vec<_>>(), [wanted]);
}

#[test]
fn tries_again_when_the_server_is_busy() {
    let (town, office, _host) = mailing(Mood::Busy(1));
    assert_eq!(invite(&town, "ann@partner.example")["mail"], "queued");
    assert_eq!(office.wait_for(1).len(), 1);
    assert!(!town.logged().contains("given up"), "{}", town.logged());
}

#[test]
fn gives_up_and_says_so_when_the_server_refuses() {
    let (town, office, _host) = mailing(Mood::Refusing);
    assert_eq!(invite(&town, "ann@partner.example")["mail"], "queued", "the link is there all the same");
    wait_until("it is given up", || town.logged().contains("given up"));
    let logged = town.logged();
    assert!(logged.contains("partner.example") && logged.contains("550"), "{logged}");
    assert_eq!(logged.matches("WARN").count(), 1, "{logged}");
    assert!(!logged.contains("ann@") && !logged.contains("wbl_"), "neither whom nor the link: {logged}");
    let tried = town.fails(&["mail", "test", "--to", "ann@partner.example"], 1);
    assert!(tried.errors.contains("mail.failed") && tried.errors.contains("nobody lives here"), "{}", tried.errors);
    assert_eq!(office.letters().len(), 0);
}

#[test]
fn tells_nobody_whether_an_address_is_known() {
    let (town, office, host) = mailing(Mood::Willing);
    joined(&town, &host);
    let known = forgot(&host, "partner", "ANN@partner.example");
    let told: Vec<_> = [("partner", "bob@partner.example"), ("nobody", "ann@partner.example")]
        .map(|(tenant, email)| forgot(&host, tenant, email))
        .into();
    let kept = |head: &str| {
        let changing = ["date:", "x-request-id:", "ratelimit"];
        head.lines().filter(|line| !changing.iter().any(|one| line.starts_with(one))).collect::<Vec<_>>().join("\n")
    };
    for other in &told {
        assert_eq!((other.status, &other.text), (200, &known.text));
        assert_eq!(kept(&other.head), kept(&known.head));
    }
    // The invitation, and one link.
    let letters = all_letters(&town, &office);
    assert_eq!(letters.len(), 2);
    assert!(letters[1].contains("To: ann@partner.example") && letters[1].contains("/reset/wbl_"), "{}", letters[1]);
    let audit = town.works(&["audit", "list"]).to_string();
    assert_eq!(audit.matches("user.password_asked").count(), 1, "{audit}");
}

#[test]
fn lets_in_with_the_newest_link_only_and_mails_three_in_an_hour() {
    let (town, office, host) = mailing(Mood::Willing);
    joined(&town, &host);
    for _ in 0..2 {
        forgot(&host, "partner", "ann@partner.example").worked();
    }
    let letters = office.wait_for(3);
    let (older, newest) = (link_in(&letters[1]), link_in(&letters[2]));
    let another = "another password altogether";
    assert_eq!(enter(&host, older, another).0, 410, "an older link works no more");
    assert_eq!(enter(&host, newest, another).0, 200);
    assert_eq!((sign_in(&host, another).as_str(), sign_in(&host, PASSWORD).as_str()), ("", "sign_in.wrong"));
    assert_eq!(enter(&host, newest, PASSWORD).0, 410, "and the newest once");
    for _ in 0..3 {
        forgot(&host, "partner", "ann@partner.example").worked();
    }
    assert_eq!(all_letters(&town, &office).len(), 4, "the invitation, and three links in all");
}

#[test]
fn whoever_has_no_password_yet_is_sent_no_link_for_another() {
    let (town, office, host) = mailing(Mood::Willing);
    invite(&town, "ann@partner.example");
    forgot(&host, "partner", "ann@partner.example").worked();
    let letters = all_letters(&town, &office);
    assert_eq!(letters.len(), 1, "only the invitation: {letters:?}");
}

#[test]
fn a_link_by_the_owner_of_the_data_folder_is_mailed_too() {
    let (town, office, host) = mailing(Mood::Willing);
    joined(&town, &host);
    let made = town.works(&["session", "reset-link", "--email", "ann@partner.example", "--tenant", "partner"]);
    assert_eq!(made["mail"], "queued");
    assert_eq!(link_in(&office.wait_for(2)[1]), made["address"].as_str().unwrap());
}

/// Configures TLS, and says how an attempt to mail ends.
fn secured(office: &PostOffice, more: &str) -> (Town, crate::town::Answer, crate::town::Answer) {
    let town = town();
    std::fs::write(town.path("ca.pem"), &office.certificate).unwrap();
    std::fs::write(town.path("password"), "post-password-of-partner\n").unwrap();
    let mail = format!("[mail]\nserver = \"{}\"\nfrom = \"post@partner.example\"\n{more}", office.address);
    let file = town.path("mail.toml");
    std::fs::write(&file, format!("public_url = \"https://bridge.example\"\n{mail}")).unwrap();
    let config = file.to_str().unwrap();
    let tested = town.run(&["mail", "test", "--to", "ann@partner.example", "--config", config]);
    let examined = town.run(&["doctor", "--config", config]);
    (town, tested, examined)
}

fn doctor_says(examined: &crate::town::Answer) -> Value {
    let findings = examined.json["findings"].as_array().unwrap();
    findings.iter().find(|one| one["code"] == "doctor.mail").unwrap().clone()
}

#[test]
fn encrypts_before_it_signs_in_where_the_certificate_is_believed() {
    let office = PostOffice::open(Mood::Willing, Security::StartTls);
    let more = "user = \"post\"\npassword_file = \"password\"\nca_file = \"ca.pem\"\n";
    let (_town, tested, examined) = secured(&office, more);
    assert_eq!(tested.code, 0, "{}", tested.errors);
    assert_eq!(office.letters().len(), 1);
    let commands = office.commands();
    let at = |start: &str| commands.iter().position(|line| line.starts_with(start)).unwrap();
    assert!(at("STARTTLS") < at("AUTH PLAIN"), "{commands:?}");
    assert_eq!(commands.iter().filter(|line| line.starts_with("AUTH")).count(), 1, "the doctor signs in nowhere");
    assert_eq!(doctor_says(&examined)["status"], "ok", "{}", examined.json);
}

#[test]
fn sends_nothing_to_a_server_that_it_does_not_believe_or_that_does_not_encrypt() {
    for (security, more) in [(Security::StartTls, ""), (Security::Plain, "ca_file = \"ca.pem\"\n")] {
        let office = PostOffice::open(Mood::Willing, security);
        let (_town, tested, examined) = secured(&office, more);
        assert_eq!((tested.code, tested.errors.contains("mail.failed")), (1, true), "{}", tested.errors);
        let commands = office.commands();
        assert!(!commands.iter().any(|line| line.starts_with("MAIL") || line.starts_with("AUTH")), "{commands:?}");
        assert_eq!(doctor_says(&examined)["status"], "failed", "{}", examined.json);
    }
}

#[test]
fn the_doctor_says_where_mail_is_not_configured() {
    let town = town();
    let said = doctor_says(&town.run(&["doctor"]));
    assert_eq!((said["status"].as_str(), said["about"].as_str()), (Some("ok"), Some("mail")));
    assert!(said["sentence"].as_str().unwrap().contains("not configured"), "{said}");
}

#[test]
fn refuses_settings_that_cannot_be_meant() {
    let town = town();
    let public = "public_url = \"https://bridge.example\"\n";
    let server = "[mail]\nserver = \"smtp.example.com:587\"\nfrom = \"post@partner.example\"\n";
    for (text, wanted) in [
        (server.to_owned(), "needs `public_url`"),
        (format!("{public}{server}tls = \"none\"\n"), "is another machine"),
        (format!("{public}{server}user = \"post\"\n"), "`mail.password_file` one is missing"),
        (format!("{public}{server}port = 25\n"), "unknown field `port`"),
        (format!("{public}{server}tls = \"ssl\"\n"), "expected one of `starttls`, `tls`, `none`"),
        (
            format!("{public}[mail]\nserver = \"smtp.example.com\"\nfrom = \"post@partner.example\"\n"),
            "write it as `host:port`",
        ),
        (format!("{public}[mail]\nserver = \"smtp.example.com:587\"\nfrom = \"post\"\n"), "write one address"),
        (
            format!(
                "{public}[mail]\nserver = \"127.0.0.1:25\"\ntls = \"none\"\nca_file = \"mail.toml\"\nfrom = \"post@partner.example\"\n"
            ),
            "leave one of them out",
        ),
    ] {
        let file = town.path("mail.toml");
        std::fs::write(&file, &text).unwrap();
        let said = town.run(&["doctor", "--config", file.to_str().unwrap()]);
        assert!(said.code != 0 && said.errors.contains(wanted), "{text}: {}", said.errors);
    }
}
