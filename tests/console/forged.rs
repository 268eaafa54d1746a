//! What other people's pages, links and cookies must not do to whoever is signed in: every form is asked the same questions.
//!
//! Plain HTTP, since no browser sends what an attacker can.

use serde_json::Value;
use url::form_urlencoded;

use super::seeded::customers::{LONG, MARKUP};
use super::seeded::people::ADMIN;
use super::seeded::{Seeded, TENANT, seeded};
use crate::town::{Answered, PASSWORD, ask};

const COOKIE: &str = "weighbridge-session";
const EVIL: &str = "https://evil.example";

/// A browser's cookie, of whoever is signed in or is not yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Jar(Option<String>);

/// A form: the page that it stands on, where it goes, and what somebody enters.
pub(super) struct Form<'a> {
    pub(super) page: &'a str,
    pub(super) action: &'a str,
    pub(super) fields: &'a [(&'a str, &'a str)],
}

impl Jar {
    fn line(&self) -> Option<String> {
        self.0.as_ref().map(|value| format!("cookie: {COOKIE}={value}"))
    }

    /// Keeps what an answer sets.
    fn keep(&mut self, answered: &Answered) {
        let set = answered.head.lines().filter_map(|line| line.split_once(": "));
        let set = set.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
        let mut values =
            set.filter_map(|(_, cookie)| cookie.split(';').next()?.strip_prefix(COOKIE)?.strip_prefix('='));
        if let Some(value) = values.next_back() {
            self.0 = Some(value.to_owned());
        }
    }

    pub(super) fn get(&mut self, seeded: &Seeded, path: &str) -> Answered {
        self.get_with(seeded, path, &[])
    }

    /// The same, with more lines in its head.
    pub(super) fn get_with(&mut self, seeded: &Seeded, path: &str, lines: &[&str]) -> Answered {
        let cookie = self.line();
        let lines: Vec<&str> = lines.iter().copied().chain(cookie.as_deref()).collect();
        let answered = ask(&seeded.host.address, "GET", path, &lines, "");
        self.keep(&answered);
        answered
    }

    fn post(&mut self, seeded: &Seeded, path: &str, lines: &[&str], fields: &[(&str, &str)]) -> Answered {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let cookie = self.line();
        let own = ["content-type: application/x-www-form-urlencoded"].into_iter().chain(cookie.as_deref());
        let lines: Vec<&str> = own.chain(lines.iter().copied()).collect();
        let answered = ask(&seeded.host.address, "POST", path, &lines, &body);
        self.keep(&answered);
        answered
    }

    /// Sends a form as its own page does.
    pub(super) fn submit(&mut self, seeded: &Seeded, path: &str, fields: &[(&str, &str)]) -> Answered {
        self.post(seeded, path, &[&origin(seeded), "sec-fetch-site: same-origin"], fields)
    }

    /// The hidden field of the first form on a page.
    pub(super) fn token(&mut self, seeded: &Seeded, page: &str) -> String {
        let answered = self.get(seeded, page);
        token(&answered.text).unwrap_or_else(|| panic!("{page} has a form without a token: {}", answered.text))
    }
}

/// `<input type="hidden" name="token" value="…">`, with its attributes in any order.
fn token(page: &str) -> Option<String> {
    let mut fields = page.split("<input").skip(1).filter_map(|rest| rest.split('>').next());
    let field = fields.find(|field| field.contains("name=\"token\""))?;
    Some(field.split_once("value=\"")?.1.split('"').next()?.to_owned())
}

fn origin(seeded: &Seeded) -> String {
    format!("origin: http://{}", seeded.host.address)
}

/// Comes in by a page of sign-in; what comes back is the answer, and the cookie in the jar.
fn sign_in(seeded: &Seeded, jar: &mut Jar, path: &str, email: &str, more: &[(&str, &str)]) -> Answered {
    let page = jar.get(seeded, path);
    let token = token(&page.text).unwrap_or_default();
    let fields = [("email", email), ("password", PASSWORD), ("token", token.as_str())];
    let answered = jar.post(seeded, path, &[&origin(seeded)], &[&fields[..], more].concat());
    assert!((300..400).contains(&answered.status), "{path}: {} {}", answered.status, answered.text);
    answered
}

/// Somebody's cookie, from the page by which they come in.
pub(super) fn signed_in(seeded: &Seeded, path: &str, email: &str) -> Jar {
    let mut jar = Jar::default();
    sign_in(seeded, &mut jar, path, email, &[]);
    jar
}

/// A form is refused with 403 from elsewhere and without its own token, and changes nothing; else it is not.
#[track_caller]
pub(super) fn refuses_forgeries(seeded: &Seeded, jar: &Jar, other: &Jar, form: &Form<'_>, look: impl Fn() -> Value) {
    let (mut jar, mut other) = (jar.clone(), other.clone());
    let (own, foreign) = (jar.token(seeded, form.page), other.token(seeded, form.page));
    assert_ne!(own, foreign, "two sessions have one token");
    let (here, elsewhere) = (origin(seeded), format!("origin: {EVIL}"));
    let before = look();
    for (why, token, lines) in [
        ("no token", None, vec![here.as_str()]),
        ("an empty token", Some(""), vec![here.as_str()]),
        ("another session's token", Some(foreign.as_str()), vec![here.as_str()]),
        ("a foreign page", Some(own.as_str()), vec![elsewhere.as_str()]),
        ("a page without an origin", Some(own.as_str()), vec!["origin: null"]),
        ("another site", Some(own.as_str()), vec![here.as_str(), "sec-fetch-site: cross-site"]),
    ] {
        let token = token.map(|token| ("token", token));
        let fields: Vec<_> = form.fields.iter().copied().chain(token).collect();
        let answered = jar.clone().post(seeded, form.action, &lines, &fields);
        assert_eq!(answered.status, 403, "{}: {why}: {}", form.action, answered.text);
        assert_eq!(look(), before, "{}: {why} changed something", form.action);
    }
    let fields = [form.fields, &[("token", own.as_str())]].concat();
    let answered = jar.post(seeded, form.action, &[&here, "sec-fetch-site: same-origin"], &fields);
    assert!(answered.status < 400 && look() != before, "{}: {} {}", form.action, answered.status, answered.text);
}

/// What every page says to browsers.
#[track_caller]
pub(super) fn is_guarded(path: &str, page: &Answered) {
    let header = |name: &str| page.header(name).unwrap_or_default();
    assert!(header("content-type").starts_with("text/html"), "{path}: {}", page.head);
    let policy = header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'none'"), "{path}: {policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{path}: {policy}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{path}");
    assert!(header("cache-control").contains("no-store"), "{path}: {}", page.head);
    // With `no-referrer`, a browser sends `Origin: null` with our own forms.
    assert_eq!(header("referrer-policy"), "same-origin", "{path}");
}

#[test]
fn pages_of_links_are_in_nobodys_frame_and_cache_and_run_no_script_of_others() {
    let seeded = seeded();
    for path in [
        seeded.invitation("framed@nordwind.example"),
        seeded.reset_link("victor.viewer@nordwind.example"),
        seeded.connect_link(MARKUP, "Courier mail"),
        "/connect/wb_nothing".to_owned(),
        "/oauth/callback?state=%3Cscript%3E&code=%3Cscript%3E".to_owned(),
    ] {
        let page = Jar::default().get(seeded, &path);
        is_guarded(&path, &page);
        // The only script is ours, from an address of ours.
        let scripts: Vec<_> = page.text.split("<script").skip(1).collect();
        assert!(scripts.len() == 1 && scripts[0].starts_with(" src=\"/assets/"), "{path}: {}", page.text);
    }
}

#[test]
fn a_foreign_page_takes_no_invitation_and_the_link_stays_good() {
    let seeded = seeded();
    let path = seeded.invitation("lured@nordwind.example");
    let fields = [("password", PASSWORD)];
    for lines in [format!("origin: {EVIL}"), "origin: null".to_owned()] {
        let refused = Jar::default().post(seeded, &path, &[&lines], &fields);
        assert!(refused.status >= 400, "{lines}: {}", refused.text);
    }
    let taken = Jar::default().post(seeded, &path, &[&origin(seeded)], &fields);
    assert!(taken.status == 200 && taken.text.contains("You are in"), "{}", taken.text);
}

#[test]
fn what_a_connect_link_shows_of_others_words_is_text_and_no_markup() {
    let seeded = seeded();
    let path = seeded.connect_link(MARKUP, "Courier mail");
    let typed = [("label", "\"><script>alert(1)</script>"), ("setting.mailbox", "'><img src=x onerror=alert(1)>")];
    let page = Jar::default().post(seeded, &path, &[&origin(seeded)], &typed);
    assert_eq!(page.status, 422, "{}", page.text);
    assert!(page.text.contains("Brown &lt;b&gt;&amp;&quot;' Sons"), "{}", page.text);
    assert!(!page.text.contains("<script>") && !page.text.contains("<img"), "{}", page.text);
}

#[test]
fn pages_of_the_console_are_guarded_whoever_looks() {
    let seeded = seeded();
    let door = format!("/t/{TENANT}");
    for path in [door.as_str(), "/operator"] {
        is_guarded(path, &Jar::default().get(seeded, path));
    }
    let mut staff = signed_in(seeded, &door, ADMIN);
    for path in ["/console", "/console/customers", "/console/nothing"] {
        is_guarded(path, &staff.get(seeded, path));
    }
}

#[test]
fn a_forged_form_renames_no_customer() {
    let seeded = seeded();
    let door = format!("/t/{TENANT}");
    let (jar, other) = (signed_in(seeded, &door, ADMIN), signed_in(seeded, &door, ADMIN));
    let page = format!("/console/customers/{}/edit", seeded.id(LONG));
    let fields = [("do", "customer change"), ("name", LONG), ("external_id", "NW-forged")];
    let form = Form { page: &page, action: &page, fields: &fields };
    let look = || seeded.client(ADMIN).get(&format!("/customers/{}", seeded.id(LONG))).worked()["external_id"].clone();
    refuses_forgeries(seeded, &jar, &other, &form, look);
}

#[test]
fn a_sign_in_goes_nowhere_else() {
    let (seeded, door) = (seeded(), format!("/t/{TENANT}"));
    for next in [
        EVIL,
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/%0d%0alocation:%20https://evil.example",
    ] {
        let query: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let path = format!("{door}?next={query}");
        let answered = sign_in(seeded, &mut Jar::default(), &path, ADMIN, &[("next", next)]);
        let there = answered.header("location").unwrap_or_default();
        let base = url::Url::parse(&format!("http://{}", seeded.host.address)).unwrap();
        let url = base.join(there).unwrap();
        assert_eq!(url.origin(), base.origin(), "{next} leads to {there}");
    }
}

#[test]
fn a_cookie_from_before_is_not_the_one_after_and_opens_nothing() {
    let (seeded, door) = (seeded(), format!("/t/{TENANT}"));
    let planted = Jar(Some("planted-by-somebody-else".to_owned()));
    let mut jar = planted.clone();
    jar.get(seeded, &door);
    let before = jar.clone();
    let answered = sign_in(seeded, &mut jar, &door, ADMIN, &[]);
    assert!(jar != planted && jar != before && jar.0.is_some(), "{}", answered.head);
    let cookie = answered.header("set-cookie").unwrap_or_default();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=") && cookie.contains("Path=/"), "{cookie}");
    for mut old in [planted, before] {
        let page = old.get(seeded, "/console");
        assert_ne!(page.status, 200, "a cookie from before the sign-in opens the console");
    }
    assert!(jar.get(seeded, "/console").status < 400);
}

#[test]
fn the_token_of_a_form_is_found_whatever_stands_before_it() {
    let page = "<form><input name=\"a\" value=\"b\"><input type=\"hidden\" value=\"it\" name=\"token\"></form>";
    assert_eq!(token(page).as_deref(), Some("it"));
    assert_eq!(token("<input name=\"a\" value=\"token\">"), None);
}
