//! Secrets of the host and of its people, beside those of connected systems: each is made as somebody makes it.

use std::fs;

use serde_json::json;

use crate::town::{Client, PASSWORD, Town};

/// The password of the mail server's account, which a file has.
const MAIL: &str = "canary/7+k=y&z~Q9-of-the-mail-server";
/// What an order has in it: the platform's own words.
const RECORD: &str = "canary-of-a-record-N1";

/// Lines of a configuration with a mail server that is not there.
pub(super) fn mail(town: &Town) -> String {
    fs::write(town.path("mail.password"), MAIL).unwrap();
    "[mail]\nserver = \"127.0.0.1:1\"\ntls = \"none\"\nfrom = \"Partner <post@example.com>\"\nuser = \"post\"\n\
     password_file = \"mail.password\"\n"
        .to_owned()
}

/// Everything that was made.
pub(super) struct Planted(Vec<String>);

impl Planted {
    /// At a host that serves at this address.
    pub(super) fn plant(town: &Town, address: &str) -> Self {
        let invited = town.works(&["staff", "invite", "--email", "ada@example.com", "--role", "tenant_admin"]);
        let join = json!({ "link": invited["link"], "password": PASSWORD });
        let joined = Client::stranger(address).post("/sessions/join", &join).worked();
        let session = joined["session"].as_str().unwrap().to_owned();
        let ada = Client::with(address, &session);
        let token = ada.post("/me/tokens", &json!({ "name": "a program" })).worked();
        let event = ada.post("/event-addresses", &json!({ "url": "https://events.example.com/told" })).worked();
        let service =
            town.works(&["service", "add", super::CUSTOMER, "--name", "Outside", "--endpoints", "bearer-calm"]);
        let made = [(&invited, "link"), (&token, "secret"), (&event, "secret"), (&service, "key")];
        let mut all = vec![MAIL.to_owned(), RECORD.to_owned(), PASSWORD.to_owned(), session];
        all.extend(
            made.map(|(made, name)| made[name].as_str().unwrap_or_else(|| panic!("no {name}: {made}")).to_owned()),
        );
        let file = fs::read_to_string(town.path("data").join("master.key")).unwrap();
        let words =
            file.split(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '+' | '/' | '-' | '_'));
        all.push(words.max_by_key(|word| word.len()).unwrap().to_owned());
        Self(all)
    }

    pub(super) fn all(self) -> Vec<String> {
        self.0
    }
}
