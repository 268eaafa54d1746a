//! Markup in every text field of every form: whatever comes back, now or later, is text.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::crawl::{attributes, kind};
use super::forged::{Jar, signed_in};
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN, OPERATOR};
use super::seeded::{Seeded, TENANT};

/// It is allowed in a name, and breaks out of an attribute of either quotes.
const MARKUP: &str = "x'\"><img src=x onerror=alert(1)>";
/// How it would stand on a page that takes it for markup.
const TAKEN: &str = "<img src=x";

/// What would end what is tried, or whose field is no text that is kept.
const LEFT_ALONE: [&str; 9] =
    ["remove", "delete", "sign-out", "password", "freeze", "deactivate", "switch", "revoke", "withdraw"];

struct Form {
    act: String,
    fields: Vec<(String, String)>,
}

/// The forms of a page, with markup in all of their text fields.
fn forms(page: &str) -> Vec<Form> {
    let forms = page.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
    let forms = forms.filter(|form| form.contains("name=\"do\""));
    forms
        .map(|form| {
            let mut fields: Vec<(String, String)> = form.split("<input").skip(1).filter_map(input).collect();
            for area in form.split("<textarea").skip(1).filter_map(|rest| attribute(rest, "name")) {
                fields.push((area, MARKUP.to_owned()));
            }
            for select in form.split("<select").skip(1) {
                let chosen = select.split("<option").skip(1).filter_map(|option| attribute(option, "value"));
                fields.extend(attribute(select, "name").zip(chosen.last()));
            }
            let act = fields.iter().find(|(name, _)| name == "do").map(|(_, act)| act.clone()).unwrap_or_default();
            Form { act, fields }
        })
        .collect()
}

fn input(rest: &str) -> Option<(String, String)> {
    let name = attribute(rest, "name")?;
    let value = attribute(rest, "value").unwrap_or_default();
    let value = match attribute(rest, "type").as_deref().unwrap_or("text") {
        "hidden" | "radio" => value,
        "checkbox" => return None,
        "date" => String::new(),
        "email" => format!("{MARKUP}@example.com"),
        _ if name.ends_with(":number") => "7".to_owned(),
        _ => MARKUP.to_owned(),
    };
    Some((name, value))
}

fn attribute(rest: &str, name: &str) -> Option<String> {
    let element = rest.split('>').next()?;
    let value = element.split_once(&format!(" {name}=\""))?.1.split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">"))
}

/// Everybody's pages are gone through twice: once typing, once looking at what came of it.
fn types_everywhere(seeded: &Seeded, jar: &mut Jar, start: &str, tried: &mut BTreeSet<String>) {
    for is_typing in [true, false] {
        let (mut seen, mut waiting) = (BTreeMap::<String, usize>::new(), VecDeque::from([start.to_owned()]));
        while let Some(path) = waiting.pop_front() {
            let page = jar.get(seeded, &path);
            // A table to take home is no page, and is never shown as one.
            let is_table = page.header("content-type").is_some_and(|kind| kind.starts_with("text/csv"));
            assert!(is_table || !page.text.contains(TAKEN), "{path} takes a text for markup:\n{}", page.text);
            let typed = forms(&page.text).into_iter().filter(|_| is_typing);
            for form in typed.filter(|form| !LEFT_ALONE.iter().any(|word| form.act.contains(word))) {
                let fields: Vec<_> = form.fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
                let answered = jar.submit(seeded, &path, &fields);
                assert!(
                    !answered.text.contains(TAKEN),
                    "{path}: {} takes a text for markup:\n{}",
                    form.act,
                    answered.text
                );
                assert_ne!(answered.status, 403, "{path}: {}", form.act);
                assert!(answered.status < 500, "{path}: {}: {}", form.act, answered.text);
                tried.insert(form.act);
            }
            let location = page.header("location").map(str::to_owned);
            for link in attributes(&page.text, "<a ", "href").into_iter().chain(location) {
                let link = link.split('#').next().unwrap_or_default().replace("&amp;", "&");
                let is_ours = ["/console", "/my", "/operate"].iter().any(|beginning| link.starts_with(beginning));
                let count = seen.entry(kind(&link)).or_default();
                if is_ours && *count < 2 {
                    *count += 1;
                    waiting.push_back(link);
                }
            }
        }
    }
}

#[test]
fn markup_that_is_typed_anywhere_stays_text_everywhere() {
    let seeded = Seeded::apart();
    let mut tried = BTreeSet::new();
    let door = format!("/t/{TENANT}");
    for (door, email, start) in [
        (door.as_str(), CUSTOMER_ADMIN, "/my"),
        (door.as_str(), ADMIN, "/console/customers"),
        ("/operator", OPERATOR, "/operate"),
    ] {
        let mut jar = signed_in(&seeded, door, email);
        types_everywhere(&seeded, &mut jar, start, &mut tried);
    }
    assert!(tried.len() > 25, "{tried:?}");
}

#[test]
fn the_fields_of_a_form_are_found() {
    let page = "<form method=\"post\"><input type=\"hidden\" name=\"do\" value=\"customer add\"><input name=\"name\" type=\"text\" value=\"\">\
        <input type=\"checkbox\" name=\"c\" value=\"true\"><select name=\"s\"><option value=\"a\">A</option></select>\
        <textarea name=\"t\">y</textarea></form><form><input name=\"q\"></form>";
    let found = forms(page);
    assert_eq!(found.len(), 1);
    let names: Vec<_> = found[0].fields.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!((found[0].act.as_str(), names), ("customer add", vec!["do", "name", "t", "s"]));
}
