//! What somebody may change of a connected system is all that its page asks for: nothing that is shown there is denied.
//!
//! Plain HTTP: each form is sent as it stands.

use super::crawl::attributes;
use super::forged::{Jar, signed_in};
use super::seeded::customers::BUSY;
use super::seeded::people::{ADMIN, CUSTOMER_ADMIN};
use super::seeded::{Seeded, TENANT};

/// The fields of the form that carries out an operation, as they stand on a page.
fn form(page: &str, act: &str) -> Option<Vec<(String, String)>> {
    let forms = page.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next());
    let form = forms.into_iter().find(|form| form.contains(&format!("value=\"{act}\"")))?;
    let inputs = form.split("<input").skip(1).filter_map(|rest| rest.split('>').next()).filter_map(|input| {
        let element = format!("<input{input}>");
        let one = |name: &str| attributes(&element, "<input", name).pop();
        Some((one("name")?, one("value").unwrap_or_default().replace("&quot;", "\"")))
    });
    let areas = attributes(form, "<textarea", "name").into_iter().map(|name| (name, String::new()));
    Some(inputs.chain(areas).collect())
}

/// Sends the page's form with another label; what comes back is the status.
fn renames(seeded: &Seeded, jar: &mut Jar, path: &str, label: &str) -> u16 {
    let page = jar.get(seeded, path);
    assert_eq!(page.status, 200, "{path}: {}", page.text);
    let mut fields = form(&page.text, "connection change").unwrap();
    for (name, text) in &mut fields {
        if name == "label" {
            label.clone_into(text);
        }
    }
    let fields: Vec<_> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    jar.submit(seeded, path, &fields).status
}

fn systems(jar: &mut Jar, seeded: &Seeded, list: &str) -> Vec<String> {
    let page = jar.get(seeded, list).text;
    let mut found: Vec<_> =
        attributes(&page, "<a ", "href").into_iter().filter(|path| path.contains("/systems/")).collect();
    found.sort();
    found.dedup();
    assert!(found.len() > 4, "{found:?}");
    found
}

#[test]
fn whoever_may_edit_a_system_renames_it_whoever_connected_it() {
    let seeded = Seeded::apart();
    let door = format!("/t/{TENANT}");
    let staffs = format!("/console/customers/{}/systems", seeded.id(BUSY));
    for (email, list) in [(CUSTOMER_ADMIN, "/my"), (ADMIN, staffs.as_str())] {
        let mut jar = signed_in(&seeded, &door, email);
        let (mut renamed, mut closed) = (0, 0);
        for (at, path) in systems(&mut jar, &seeded, list).iter().enumerate() {
            let edit = format!("{path}/edit");
            let is_linked = jar.get(&seeded, path).text.contains(&format!("href=\"{edit}\""));
            if !is_linked {
                // Of the partner's own nothing is changed here, also where its address is typed.
                assert_eq!(jar.get(&seeded, &edit).status, 403, "{edit}");
                closed += 1;
                continue;
            }
            assert_eq!(renames(&seeded, &mut jar, &edit, &format!("Renamed {at} by {email}")), 303, "{edit}");
            renamed += 1;
        }
        assert!(renamed > 2 && closed > 0, "{email}: {renamed} renamed, {closed} closed");
    }
}

#[test]
fn settings_that_are_wrong_leave_the_label_as_it_was() {
    let seeded = Seeded::apart();
    let client = seeded.client(CUSTOMER_ADMIN);
    let list = format!("/customers/{}/connections", seeded.id(BUSY));
    let all = client.get(&list).worked();
    let one = all["items"].as_array().unwrap().iter().find(|one| one["changeable"] == true).unwrap().clone();
    let path = format!("{list}/{}", one["id"].as_str().unwrap());
    let change = serde_json::json!({ "label": "Half of it", "window": { "start": "no day" } });
    let refused = client.ask("PATCH", &path, Some(&change));
    assert_eq!(refused.status, 422, "{}", refused.text);
    let after = client.get(&path).worked();
    assert_eq!((&after["label"], &after["etag"]), (&one["label"], &one["etag"]));
}
