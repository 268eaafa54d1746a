//! A connection that signs in by OAuth 2, at a real provider whose refresh tokens are good for one use.

pub(super) mod browser;
pub(crate) mod server;
mod storm;

use std::time::{Duration, Instant};

use browser::Browser;
use server::Provider;
use url::Url;

use crate::platforms::wanted;
use crate::town::{Host, Town};

pub(crate) const SECRET: &str = "canary-client-secret-0123456789";
const SCHEDULE: &str = "schedule = { every = \"1s\" }";

/// A town whose shop is behind a provider, and the address that people come back to.
struct Scene {
    town: Town,
    provider: Provider,
    listen: String,
}

impl Scene {
    fn set(scheme: &str, life_s: u32, schedule: &str) -> Self {
        Self::set_with(scheme, life_s, schedule, 0)
    }

    /// The same with more transfers: `more-0`, `more-1`…
    fn set_with(scheme: &str, life_s: u32, schedule: &str, more: u32) -> Self {
        let listen = format!("127.0.0.1:{}", Host::free_port());
        let (town, provider) = (Town::bare(1), Provider::start(&format!("http://{listen}/oauth/callback"), life_s));
        town.works(&["init"]);
        town.works(&["trust", "add", "weighbridge", town.public_key().to_str().unwrap()]);
        town.install("rest");
        let (client, scopes) = if scheme == "oauth2" { ("weighbridge", "openid orders") } else { ("robot", "orders") };
        let filled = [
            ("@SCHEME@", scheme),
            ("@CLIENT@", client),
            ("@SECRET@", SECRET),
            ("@SCOPES@", scopes),
            ("@PROVIDER@", &provider.address),
            ("@WAREHOUSE@", &town.platforms.warehouse),
            ("@SCHEDULE@", schedule),
        ];
        let transfer = |number| {
            format!(
                "\n[[customer.transfer]]\nname = \"more-{number}\"\nsource = \"orders\"\ndestination = \"lines\"\n\
                 sync = \"full_refresh\"\n"
            )
        };
        let text = include_str!("document.toml").to_owned() + &(0..more).map(transfer).collect::<String>();
        town.apply(&filled.iter().fold(text, |text, (place, value)| text.replace(place, value)));
        std::fs::write(town.path("host.toml"), format!("listen = \"{listen}\"\n")).unwrap();
        Self { town, provider, listen }
    }

    fn config(&self) -> String {
        self.town.path("host.toml").display().to_string()
    }

    fn host(&self) -> Host {
        Host::start_at(&self.town, &self.listen)
    }

    /// Begins a sign-in, and goes through the platform: the address of return, and the one-time code.
    fn come_back(&self) -> (Url, String) {
        let begun = self.town.works(&["connection", "authorise", "acme/shop", "--config", &self.config(), "--no-wait"]);
        let leave_at = format!("http://{}/", self.listen);
        let url = Browser::default().agree(begun["address"].as_str().unwrap(), &leave_at);
        (url, begun["code"].as_str().unwrap().to_owned())
    }

    fn authorise(&self) {
        let (url, code) = self.come_back();
        let done = submit(&url, &code);
        assert_eq!(done.status, 200, "{}", done.body);
        assert!(done.body.contains("is connected"), "{}", done.body);
    }

    fn version(&self) -> u64 {
        self.town.works(&["connection", "status", "acme/shop"])["grant"]["version"].as_u64().unwrap()
    }

    fn wait(&self, what: &str, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < Duration::from_secs(60), "waited in vain until {what}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn state(&self) -> String {
        let listed = self.town.works(&["list"]);
        let rows = listed["things"].as_array().or(listed.as_array()).unwrap();
        let shop = rows.iter().find(|row| row["what"] == "connection" && row["name"] == "shop").unwrap();
        shop["state"].as_str().unwrap().to_owned()
    }
}

/// What the page of return sends.
pub(super) fn submit(url: &Url, code: &str) -> browser::Answer {
    let mut fields: Vec<(String, String)> =
        url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
    fields.push(("one_time_code".into(), code.into()));
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    Browser::default().post(url, &fields)
}

#[test]
fn a_person_authorises_and_the_tokens_are_renewed_under_two_transfers_at_once() {
    if !wanted("oidc-provider") {
        return;
    }
    let scene = Scene::set("oauth2", 4, SCHEDULE);
    assert_eq!(scene.state(), "needs sign-in");
    let host = scene.host();
    let (url, code) = scene.come_back();
    let page = Browser::default().get(&url);
    assert!(page.body.contains("One-time code") && page.body.contains("REST API"), "{}", page.body);
    assert!(page.headers.contains("referrer-policy: same-origin") && page.headers.contains("no-store"));
    let wrong = submit(&url, "AAAA-AAAA");
    assert!(wrong.body.contains("tries left: 4"), "{}", wrong.body);
    let done = submit(&url, &code.to_lowercase());
    assert!(done.body.contains("shop is connected"), "{}", done.body);
    assert!(submit(&url, &code).body.contains("sign_in.used"), "a state is good for one use");
    scene.wait("both transfers ran", || scene.provider.seen("answered") >= 4);
    scene.wait("tokens were renewed three times", || scene.provider.seen("refreshed") >= 3);
    // A refresh token that is used twice is refused, and takes the whole grant with it.
    assert_eq!((scene.provider.seen("refused"), scene.provider.seen("unauthorised")), (0, 0));
    assert_eq!(host.terminate(), 0);
    let runs = scene.town.works(&["history"]);
    let runs = runs["runs"].as_array().unwrap();
    assert!(runs.iter().filter(|run| run["state"] == "succeeded").count() >= 4, "{runs:?}");
    assert!(!runs.iter().any(|run| run["state"] == "failed"), "{runs:?}");
}

#[test]
fn a_sign_in_is_refused_from_another_issuer_by_a_changed_state_and_after_five_wrong_codes() {
    if !wanted("oidc-provider") {
        return;
    }
    let scene = Scene::set("oauth2", 60, "");
    let host = scene.host();
    let (url, code) = scene.come_back();
    let changed = |name: &str, value: &str| {
        let pairs: Vec<(String, String)> = url
            .query_pairs()
            .map(|(key, old)| {
                let new = if key == name { value.to_owned() } else { old.into_owned() };
                (key.into_owned(), new)
            })
            .collect();
        let mut changed = url.clone();
        changed.query_pairs_mut().clear().extend_pairs(pairs);
        changed
    };
    assert!(submit(&changed("state", &"A".repeat(107)), &code).body.contains("sign_in.unknown"));
    assert!(submit(&changed("iss", "http://evil.test"), &code).body.contains("sign_in.issuer_wrong"));
    assert!(submit(&url, &code).body.contains("sign_in.used"), "a sign-in whose issuer was wrong is used up");
    let (url, code) = scene.come_back();
    for _ in 0..5 {
        submit(&url, "AAAA-AAAA");
    }
    assert!(submit(&url, &code).body.contains("sign_in.used"), "five guesses use a sign-in up");
    assert_eq!(scene.state(), "needs sign-in");
    drop(host);
}

#[test]
fn a_pair_that_was_lost_between_answer_and_commit_needs_a_sign_in_and_the_grant_stays() {
    if !wanted("oidc-provider") {
        return;
    }
    let scene = Scene::set("oauth2", 3, SCHEDULE);
    let mut host = scene.host();
    scene.authorise();
    scene.wait("a run came through", || scene.provider.seen("answered") >= 1);
    scene.provider.stall(true);
    scene.wait("the provider made a new pair", || scene.provider.seen("stalled") >= 1);
    host.child.kill().unwrap();
    host.child.wait().unwrap();
    scene.provider.stall(false);
    let host = scene.host();
    scene.wait("the used token was refused", || scene.state() == "needs sign-in");
    let status = scene.town.works(&["connection", "status", "acme/shop"]);
    assert_eq!(status["grant"]["refused"], "oauth.invalid_grant", "{status}");
    let refused = scene.provider.seen("refused");
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(scene.provider.seen("refused"), refused, "a refused grant is not asked with again");
    let (answered, version) = (scene.provider.seen("answered"), scene.version());
    scene.authorise();
    scene.wait("runs go on", || scene.provider.seen("answered") > answered);
    assert!(scene.version() > version);
    assert_eq!(host.terminate(), 0);
}

#[test]
fn a_client_with_an_account_of_its_own_needs_no_person() {
    if !wanted("oidc-provider") {
        return;
    }
    let scene = Scene::set("oauth2_client", 60, "");
    scene.town.works(&["run", "acme/first"]);
    scene.town.works(&["run", "acme/second"]);
    assert_eq!(
        (scene.provider.seen("issued"), scene.provider.seen("unauthorised")),
        (1, 0),
        "the second run has a token"
    );
}

#[test]
fn the_command_waits_for_the_person_itself_and_a_revoked_grant_is_taken_back_at_the_platform() {
    if !wanted("oidc-provider") {
        return;
    }
    let scene = Scene::set("oauth2", 60, "");
    let config = scene.config();
    let words = ["connection", "authorise", "acme/shop", "--config", &config];
    let mut waiting = scene.town.start_talking(&words);
    let begun = waiting.line();
    let url = Browser::default().agree(begun["address"].as_str().unwrap(), &format!("http://{}/", scene.listen));
    assert!(submit(&url, begun["code"].as_str().unwrap()).body.contains("is connected"));
    assert_eq!(waiting.end(), 0);
    scene.town.works(&["run", "acme/first"]);
    let revoked = scene.town.works(&["connection", "revoke", "acme/shop"]);
    assert_eq!(revoked["revoked"], "at_the_platform", "{revoked}");
    assert!(scene.provider.seen("revoked") >= 1);
    assert_eq!(scene.town.fails(&["run", "acme/first"], 3).json["refusal"]["code"], "connection.sign_in_needed");
    assert_eq!(scene.town.works(&["connection", "revoke", "acme/shop"])["revoked"], "nothing");
}
