//! Everybody follows every link that they see: no page is broken or forbidden, no form does what they may not, no internal word
//! shows, no page is heavy.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::forged::{Jar, is_guarded, signed_in};
use super::seeded::people::{At, PEOPLE, Person};
use super::seeded::{Seeded, TENANT, seeded};
use weighbridge_server::api::operations;

/// Pages of one kind that are looked at, such as those of customers.
const OF_A_KIND: usize = 2;
/// Bytes of a page as it is sent, without its style and script.
const BYTES_MAX: usize = 30_000;

/// What is said inside only, and stands on no page.
const INTERNAL: [&str; 8] =
    ["tenant", "capability", "capabilities", "dead letter", "egress", "reservation", "self_managed", "undefined"];

struct Crawl<'a> {
    seeded: &'a Seeded,
    jar: Jar,
    actions: BTreeSet<String>,
    /// Pages by their kind.
    seen: BTreeMap<String, usize>,
    waiting: VecDeque<String>,
    wrong: Vec<String>,
}

impl Crawl<'_> {
    fn go(&mut self) {
        while let Some(path) = self.waiting.pop_front() {
            let page = self.jar.get(self.seeded, &path);
            if page.status >= 400 {
                self.wrong.push(format!("{path} answers {}", page.status));
                continue;
            }
            if page.status >= 300 {
                self.wait(page.header("location").unwrap_or_default());
                continue;
            }
            if page.header("content-disposition").is_some() {
                assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
                continue;
            }
            is_guarded(&path, &page);
            self.look(&path, &page.text);
            for link in attributes(&page.text, "<a ", "href") {
                self.wait(&link);
            }
        }
    }

    /// A link is followed unless enough of its kind were.
    fn wait(&mut self, link: &str) {
        let link = link.split('#').next().unwrap_or_default().replace("&amp;", "&");
        let is_page = ["/console", "/my", "/operate"].iter().any(|beginning| link.starts_with(beginning));
        let count = self.seen.entry(kind(&link)).or_default();
        if is_page && *count < OF_A_KIND {
            *count += 1;
            self.waiting.push_back(link);
        }
    }

    fn look(&mut self, path: &str, page: &str) {
        let text = visible(page).to_lowercase();
        for word in INTERNAL.iter().filter(|word| text.contains(*word)) {
            let at = text.find(word).unwrap_or_default();
            let around: String = text.chars().skip(text[..at].chars().count().saturating_sub(30)).take(80).collect();
            self.wrong.push(format!("{path} shows `{word}`: {around}"));
        }
        for act in attributes(page, "name=\"do\"", "value") {
            let operation = operations().iter().find(|one| one.name == act);
            let action = operation.map(|one| one.action.code()).unwrap_or_default();
            if !self.actions.contains(action) {
                self.wrong.push(format!("{path} has a form for `{act}`, which is not permitted"));
            }
        }
        if page.contains("style=\"") || page.contains(" onclick") {
            self.wrong.push(format!("{path} has style or script in line"));
        }
    }
}

/// A page's kind: its path without ids and query.
pub(super) fn kind(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let is_id = |part: &str| part.len() == 26 && part.chars().all(|letter| letter.is_ascii_alphanumeric());
    let parts: Vec<_> = path.split('/').map(|part| if is_id(part) { "{}" } else { part }).collect();
    let names: Vec<_> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", parts.join("/"), names.join("&"))
}

/// The values of an attribute in elements that begin so.
pub(super) fn attributes(page: &str, begins: &str, name: &str) -> Vec<String> {
    let rests = page.split(begins).skip(1).filter_map(|rest| rest.split('>').next());
    let needle = format!("{name}=\"");
    rests.filter_map(|rest| Some(rest.split_once(&needle)?.1.split('"').next()?.to_owned())).collect()
}

/// What is read on a page: no code, no field, nothing that a person or a platform wrote at length.
fn visible(page: &str) -> String {
    let mut page = page.to_owned();
    for tag in ["head", "textarea", "pre", "code", "option"] {
        while let Some(begin) = page.find(&format!("<{tag}")) {
            let end = page[begin..].find(&format!("</{tag}>")).map_or(page.len(), |end| begin + end + tag.len() + 3);
            page.replace_range(begin..end, " ");
        }
    }
    let mut text = String::new();
    for part in page.split('<') {
        // A stable code is for whoever asks for help.
        let is_code = part.starts_with("p class=\"code\"");
        text.push_str(part.split_once('>').map_or("", |(_, text)| if is_code { "" } else { text }));
        text.push(' ');
    }
    text
}

fn goes_everywhere(one: &Person) {
    let seeded = seeded();
    let door = if matches!(one.at, At::Host) { "/operator".to_owned() } else { format!("/t/{TENANT}") };
    let me = seeded.client(one.email).get("/me").worked();
    let actions = me["actions"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect();
    let start = match one.at {
        At::Host => "/operate",
        At::Partner => "/console/customers",
        At::Customer(_) => "/my",
    };
    let jar = signed_in(seeded, &door, one.email);
    let mut crawl = Crawl {
        seeded,
        jar,
        actions,
        seen: BTreeMap::new(),
        waiting: VecDeque::from([start.to_owned()]),
        wrong: Vec::new(),
    };
    crawl.go();
    assert!(crawl.seen.len() >= 6, "{}: {:?}", one.email, crawl.seen);
    assert!(crawl.wrong.is_empty(), "{} ({}):\n{}", one.email, one.role, crawl.wrong.join("\n"));
}

#[test]
fn nobody_finds_a_page_or_a_form_that_is_not_for_them() {
    let mut roles = BTreeSet::new();
    for one in PEOPLE.iter().filter(|one| roles.insert(one.role)) {
        goes_everywhere(one);
    }
}

#[test]
fn pages_are_light() {
    let seeded = seeded();
    let mut jar = signed_in(seeded, &format!("/t/{TENANT}"), super::seeded::people::ADMIN);
    for path in ["/console/customers", "/console/systems", "/console/design"] {
        let page = jar.get_with(seeded, path, &["accept-encoding: gzip"]);
        let bytes: usize = page.header("content-length").unwrap().parse().unwrap();
        assert!(bytes < BYTES_MAX, "{path}: {bytes} bytes");
        assert_eq!(page.header("content-encoding"), Some("gzip"), "{path}");
    }
}

#[test]
fn what_is_read_on_a_page_has_no_code_in_it() {
    let page = "<html><head><title>tenant</title></head><p>a <b>word</b></p><textarea>egress</textarea><p class=\"code\">tenant.x</p>";
    assert_eq!(visible(page).split_whitespace().collect::<Vec<_>>(), ["a", "word"]);
    assert_eq!(
        kind("/console/customers/06h04bmvk18sk686mn3c34270s/runs?cursor=x"),
        "/console/customers/{}/runs?cursor"
    );
}
