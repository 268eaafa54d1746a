//! Every page of the console, looked at: pictures in both themes and two sizes, and what each of them weighs.

use std::fs;
use std::path::PathBuf;

use serde_json::json;

use super::browser::{Browser, Findings, Measured, NARROW, USUAL, WIDE};
use super::seeded::customers::{BUSY, FAILING, HELD, LONG, MARKUP, OVER, RUNNING, SECOND};
use super::seeded::people::{ADMIN, At, CUSTOMER_ADMIN, OPERATOR, PEOPLE};
use super::seeded::{Seeded, TENANT};
use crate::town::Client;

/// A page: what it is called, who looks at it, and its path.
type Page = (&'static str, Option<&'static str>, fn(&Seeded) -> String);

/// One line for every page; paths with ids in them are worked out at the seeded host.
const PAGES: &[Page] = &[
    ("join", None, |seeded| seeded.invitation("looks@nordwind.example")),
    ("reset", None, |seeded| seeded.reset_link("victor.viewer@nordwind.example")),
    ("connect-mailbox", None, |seeded| seeded.connect_link(LONG, "Courier mail")),
    ("connect-shop", None, |seeded| seeded.connect_link(MARKUP, "Online shop")),
    ("connect-at-the-platform", None, |seeded| seeded.connect_link(MARKUP, "Postbox")),
    ("link-over", None, |_| "/connect/wb_nothing".to_owned()),
    ("services", Some(ADMIN), |seeded| format!("{}/services", customer(seeded, BUSY))),
    ("service-new", Some(ADMIN), |seeded| format!("{}/services/new", customer(seeded, BUSY))),
    ("service", Some(ADMIN), |seeded| {
        format!("{}/services/{}", customer(seeded, BUSY), service(seeded, "Auditor 2025"))
    }),
    ("service-mine", Some(CUSTOMER_ADMIN), |seeded| format!("/my/services/{}", service(seeded, "Auditor 2025"))),
    ("services-mine", Some(CUSTOMER_ADMIN), |_| "/my/services".to_owned()),
    ("service-remove", Some(ADMIN), |seeded| {
        format!("{}/services/{}/remove", customer(seeded, BUSY), service(seeded, "Tax adviser"))
    }),
    ("people", Some(ADMIN), |_| "/console/people".to_owned()),
    ("people-new", Some(ADMIN), |_| "/console/people/new".to_owned()),
    ("people-of-customer", Some(ADMIN), |seeded| format!("{}/people", customer(seeded, BUSY))),
    ("people-mine", Some(CUSTOMER_ADMIN), |_| "/my/people".to_owned()),
    ("operators", Some(OPERATOR), |_| "/operate/people".to_owned()),
    ("audit", Some(ADMIN), |_| "/console/audit".to_owned()),
    ("audit-of-customer", Some(ADMIN), |seeded| format!("{}/audit", customer(seeded, BUSY))),
    ("audit-mine", Some(CUSTOMER_ADMIN), |_| "/my/audit".to_owned()),
    ("audit-of-host", Some(OPERATOR), |_| "/operate/audit".to_owned()),
    ("service-explained", Some(ADMIN), |seeded| {
        let endpoint = seeded.found(&format!("/customers/{}/endpoints", seeded.id(BUSY)), "name", "orders");
        let service = service(seeded, "Auditor 2025");
        format!("{}/services/{service}/explain?endpoint={}", customer(seeded, BUSY), endpoint.as_str().unwrap())
    }),
    ("me", Some(ADMIN), |_| "/console/me".to_owned()),
    ("me-token", Some(ADMIN), |_| "/console/me/token".to_owned()),
    ("settings", Some(ADMIN), |_| "/console/settings".to_owned()),
    ("events", Some(ADMIN), |_| "/console/events".to_owned()),
    ("event", Some(ADMIN), |seeded| {
        let id = seeded.client(ADMIN).get("/events").worked()["items"][0]["id"].clone();
        format!("/console/events/{}", id.as_str().unwrap())
    }),
    ("event-address-new", Some(ADMIN), |_| "/console/events/addresses/new".to_owned()),
    ("event-address", Some(ADMIN), |seeded| {
        let id = seeded.client(ADMIN).get("/event-addresses").worked()["items"][0]["id"].clone();
        format!("/console/events/addresses/{}", id.as_str().unwrap())
    }),
    ("host", Some(OPERATOR), |_| "/operate".to_owned()),
    ("tenants", Some(OPERATOR), |_| "/operate/tenants".to_owned()),
    ("tenant", Some(OPERATOR), |seeded| format!("/operate/tenants/{}", operators(seeded, "/tenants", "nordwind"))),
    ("connectors", Some(OPERATOR), |_| "/operate/connectors".to_owned()),
    ("connector", Some(OPERATOR), |_| "/operate/connectors/weighbridge.rest".to_owned()),
    ("trust", Some(OPERATOR), |_| "/operate/trust".to_owned()),
    ("addresses", Some(OPERATOR), |_| "/operate/addresses".to_owned()),
    ("address", Some(OPERATOR), |seeded| {
        let listed = seeded.client(OPERATOR).get("/addresses").worked();
        let one = &listed["items"][0];
        format!("/operate/addresses/{}/{}", one["tenant"].as_str().unwrap(), one["integration"].as_str().unwrap())
    }),
    ("support", Some(OPERATOR), |_| "/operate/support".to_owned()),
    ("keys", Some(OPERATOR), |_| "/operate/keys".to_owned()),
    ("explain", Some(OPERATOR), |seeded| format!("/operate/explain?of={}", service(seeded, "Auditor 2025"))),
    ("return-without-sign-in", None, |_| "/oauth/callback?state=nothing&code=nothing".to_owned()),
    ("transfers", Some(ADMIN), |seeded| seeded.page(BUSY, "/transfers")),
    ("transfer", Some(ADMIN), |seeded| seeded.page_of_transfer(BUSY, "")),
    ("transfer-edit", Some(ADMIN), |seeded| seeded.page_of_transfer(BUSY, "/edit")),
    ("transfer-explain", Some(ADMIN), |seeded| seeded.page_of_transfer(OVER, "/explain")),
    ("transfer-try", Some(ADMIN), |seeded| seeded.page_of_transfer(SECOND, "/try")),
    ("transfer-again", Some(ADMIN), |seeded| seeded.page_of_transfer(BUSY, "/again")),
    ("transfer-new", Some(ADMIN), |seeded| seeded.page(BUSY, "/transfers/new")),
    ("my-transfers", Some(CUSTOMER_ADMIN), |_| "/my/transfers".to_owned()),
    ("my-runs", Some(CUSTOMER_ADMIN), |_| "/my/runs".to_owned()),
    ("runs", Some(ADMIN), |seeded| seeded.page(SECOND, "/runs")),
    ("runs-all", Some(ADMIN), |_| "/console/runs".to_owned()),
    ("in-doubt-all", Some(ADMIN), |_| "/console/in-doubt".to_owned()),
    ("in-doubt", Some(ADMIN), |seeded| seeded.page(BUSY, "/in-doubt")),
    ("in-doubt-of-host", Some(OPERATOR), |_| "/operate/in-doubt".to_owned()),
    ("run-with-rejected", Some(ADMIN), |seeded| seeded.page_of_run(SECOND)),
    ("run-failed", Some(ADMIN), |seeded| seeded.page_of_run(FAILING)),
    ("run-going-on", Some(ADMIN), |seeded| seeded.page_of_run(RUNNING)),
    ("endpoints", Some(ADMIN), |seeded| seeded.page(BUSY, "/endpoints")),
    ("endpoint-new", Some(ADMIN), |seeded| seeded.page(BUSY, "/endpoints/new")),
    ("endpoint", Some(ADMIN), |seeded| seeded.page_of(BUSY, "endpoints", "stock", "")),
    ("endpoint-fields", Some(ADMIN), |seeded| seeded.page_of(BUSY, "endpoints", "orders", "")),
    ("endpoint-fields-edit", Some(ADMIN), |seeded| seeded.page_of(BUSY, "endpoints", "orders", "/edit")),
    ("endpoint-edit", Some(ADMIN), |seeded| seeded.page_of(BUSY, "endpoints", "stock", "/edit")),
    ("endpoint-delete", Some(ADMIN), |seeded| seeded.page_of(BUSY, "endpoints", "stock", "/delete")),
    ("mappings", Some(ADMIN), |seeded| seeded.page(SECOND, "/mappings")),
    ("mapping-editor", Some(ADMIN), |seeded| seeded.page_of(SECOND, "mappings", "order to line", "")),
    ("mapping-new", Some(ADMIN), |seeded| seeded.page(BUSY, "/mappings/new")),
    ("usage-all", Some(ADMIN), |_| "/console/usage".to_owned()),
    ("usage-of", Some(ADMIN), |seeded| seeded.page(BUSY, "/usage")),
    ("my-usage", Some(CUSTOMER_ADMIN), |_| "/my/usage".to_owned()),
    ("sign-in", None, |_| format!("/t/{TENANT}")),
    ("forgotten-password", None, |_| format!("/t/{TENANT}/forgot")),
    ("which-organisation", None, |_| "/?tenant=".to_owned()),
    ("design", Some(ADMIN), |_| "/console/design".to_owned()),
    ("customers", Some(ADMIN), |_| "/console/customers".to_owned()),
    ("customer", Some(ADMIN), |seeded| customer(seeded, BUSY)),
    ("customer-new", Some(ADMIN), |_| "/console/customers/new".to_owned()),
    ("customer-import", Some(ADMIN), |_| "/console/customers/import".to_owned()),
    ("customer-edit", Some(ADMIN), |seeded| format!("{}/edit", customer(seeded, MARKUP))),
    ("customer-deactivate", Some(ADMIN), |seeded| format!("{}/deactivate", customer(seeded, MARKUP))),
    ("customer-open", Some(ADMIN), |seeded| format!("{}/open", customer(seeded, MARKUP))),
    ("customer-delete", Some(ADMIN), |seeded| format!("{}/delete", customer(seeded, LONG))),
    ("customer-workflow", Some(ADMIN), |seeded| format!("{}/workflow", customer(seeded, BUSY))),
    ("customer-self-managed", Some(ADMIN), |seeded| format!("{}/self-managed", customer(seeded, BUSY))),
    ("customer-links", Some(ADMIN), |seeded| format!("{}/links", customer(seeded, BUSY))),
    ("systems-of-customer", Some(ADMIN), |seeded| format!("{}/systems", customer(seeded, BUSY))),
    ("systems-mine", Some(CUSTOMER_ADMIN), |_| "/my".to_owned()),
    ("platforms-mine", Some(CUSTOMER_ADMIN), |_| "/my/connect".to_owned()),
    ("all-integrations", Some(ADMIN), |_| "/console/systems".to_owned()),
    ("offers", Some(ADMIN), |_| "/console/integrations".to_owned()),
    ("offer-new", Some(ADMIN), |_| "/console/integrations/new/weighbridge.courier".to_owned()),
    ("own-systems", Some(ADMIN), |_| "/console/own".to_owned()),
    ("self-managed", Some(ADMIN), |_| "/console/self-managed".to_owned()),
    ("workflows", Some(ADMIN), |_| "/console/workflows".to_owned()),
    ("workflow-new", Some(ADMIN), |_| "/console/workflows/new".to_owned()),
    ("services", Some(ADMIN), |seeded| format!("{}/services", customer(seeded, BUSY))),
    ("service-new", Some(ADMIN), |seeded| format!("{}/services/new", customer(seeded, BUSY))),
    ("service", Some(ADMIN), |seeded| {
        format!("{}/services/{}", customer(seeded, BUSY), service(seeded, "Auditor 2025"))
    }),
    ("service-mine", Some(CUSTOMER_ADMIN), |seeded| format!("/my/services/{}", service(seeded, "Auditor 2025"))),
    ("services-mine", Some(CUSTOMER_ADMIN), |_| "/my/services".to_owned()),
    ("service-remove", Some(ADMIN), |seeded| {
        format!("{}/services/{}/remove", customer(seeded, BUSY), service(seeded, "Tax adviser"))
    }),
    ("people", Some(ADMIN), |_| "/console/people".to_owned()),
    ("people-new", Some(ADMIN), |_| "/console/people/new".to_owned()),
    ("people-of-customer", Some(ADMIN), |seeded| format!("{}/people", customer(seeded, BUSY))),
    ("people-mine", Some(CUSTOMER_ADMIN), |_| "/my/people".to_owned()),
    ("operators", Some(OPERATOR), |_| "/operate/people".to_owned()),
    ("audit", Some(ADMIN), |_| "/console/audit".to_owned()),
    ("audit-of-customer", Some(ADMIN), |seeded| format!("{}/audit", customer(seeded, BUSY))),
    ("audit-mine", Some(CUSTOMER_ADMIN), |_| "/my/audit".to_owned()),
    ("audit-of-host", Some(OPERATOR), |_| "/operate/audit".to_owned()),
    ("run-stopped", Some(ADMIN), |seeded| seeded.page_of_run(HELD)),
];

/// What was seen of a page.
struct Look {
    name: &'static str,
    status: u64,
    measured: Measured,
    light: Findings,
    dark: Findings,
    sticks_out_px: i64,
}

impl Seeded {
    /// The path of a new invitation to the organisation.
    pub(super) fn invitation(&self, email: &str) -> String {
        let new = json!({ "email": email, "role": "tenant_viewer" });
        path(&self.client(ADMIN).post("/staff", &new).worked()["address"])
    }

    /// The path of a new link to another password, for somebody of the organisation.
    pub(super) fn reset_link(&self, email: &str) -> String {
        path(&self.town.works(&["session", "reset-link", "--email", email, "--tenant", TENANT])["address"])
    }

    /// A customer's page, as the partner's staff open it.
    pub(super) fn page(&self, customer: &str, end: &str) -> String {
        format!("/console/customers/{}{end}", self.id(customer))
    }

    /// The page of a customer's transfer.
    pub(super) fn page_of_transfer(&self, customer: &str, end: &str) -> String {
        self.page(customer, &format!("/transfers/{}{end}", self.transfer(customer)))
    }

    /// The page of a customer's thing of this name.
    pub(super) fn page_of(&self, customer: &str, things: &str, name: &str, end: &str) -> String {
        let id = self.found(&format!("/customers/{}/{things}", self.id(customer)), "name", name);
        self.page(customer, &format!("/{things}/{}{end}", id.as_str().unwrap()))
    }

    /// The page of a customer's newest run.
    pub(super) fn page_of_run(&self, customer: &str) -> String {
        let runs = self.client(ADMIN).get(&format!("/customers/{}/runs", self.id(customer))).worked();
        self.page(customer, &format!("/runs/{}", runs["items"][0]["id"].as_str().unwrap()))
    }

    pub(super) fn stranger(&self) -> Client<'_> {
        Client::stranger(&self.host.address)
    }
}

/// Where a customer's pages stand for staff.
fn customer(seeded: &Seeded, name: &str) -> String {
    format!("/console/customers/{}", seeded.id(name))
}

/// The id of something that operators see.
fn operators(seeded: &Seeded, list: &str, name: &str) -> String {
    let listed = seeded.client(OPERATOR).get(list).worked();
    let found = listed["items"].as_array().unwrap().iter().find(|one| one["name"] == name);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

/// The id of one of the third parties that pull.
fn service(seeded: &Seeded, name: &str) -> String {
    let found = seeded.found(&format!("/customers/{}/services", seeded.id(BUSY)), "name", name);
    found.as_str().unwrap().to_owned()
}

/// The path of an address that would be mailed.
fn path(address: &serde_json::Value) -> String {
    url::Url::parse(address.as_str().unwrap()).unwrap().path().to_owned()
}

impl Look {
    /// Takes four pictures of a page, and its numbers.
    fn take(browser: &Browser, (name, _, path): &Page, folder: &std::path::Path) -> Self {
        let path = path(browser.seeded);
        let see = |theme: &str, size: (u32, u32)| {
            browser.resize(size);
            browser.prefer_dark(theme == "dark");
            browser.open(&path);
            let measured = browser.measure();
            fs::write(folder.join(format!("{name}.{theme}.{}.png", size.0)), browser.picture()).unwrap();
            (measured, browser.axe())
        };
        let (measured, light) = see("light", WIDE);
        let (_, dark) = see("dark", WIDE);
        let narrow = see("light", NARROW).0.sticks_out_px.max(see("dark", NARROW).0.sticks_out_px);
        let sticks_out_px = narrow.max(measured.sticks_out_px);
        Self { name, status: browser.status(), measured, light, dark, sticks_out_px }
    }

    fn row(&self) -> String {
        let Measured { bytes, first_paint_ms, layout_shift, .. } = self.measured;
        let paint = first_paint_ms.map_or_else(|| "none".into(), |paint| format!("{paint:.0}"));
        format!(
            "| {} | {} | {:.1} | {paint} | {layout_shift:.3} | {} | {} | {} |",
            self.name,
            self.status,
            bytes as f64 / 1000.0,
            self.light,
            self.dark,
            if self.sticks_out_px > 0 { format!("by {} px", self.sticks_out_px) } else { "no".into() },
        )
    }
}

const HEAD: &str = "\
| page | status | kB over the wire | first paint, ms | layout shift | axe, light | axe, dark | scrolls sideways |
|---|---|---|---|---|---|---|---|";

/// The page by which somebody comes in.
fn door(email: &str) -> String {
    let is_operator = PEOPLE.iter().any(|one| one.email == email && matches!(one.at, At::Host));
    if is_operator { "/operator".to_owned() } else { format!("/t/{TENANT}") }
}

/// `WEIGHBRIDGE_PLATFORMS=1 WEIGHBRIDGE_LOOKS=folder cargo test -p weighbridge-cli --test tests -- --ignored screenshots --nocapture`;
/// with `WEIGHBRIDGE_LOOKS_ONLY=connect`, only pages with that in their names.
#[test]
#[ignore = "it takes pictures for people to look at"]
fn screenshots() {
    let folder = std::env::var_os("WEIGHBRIDGE_LOOKS").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("looks"));
    fs::create_dir_all(&folder).unwrap();
    let only = std::env::var_os("WEIGHBRIDGE_LOOKS_ONLY").unwrap_or_default();
    let wanted = PAGES.iter().filter(|(name, ..)| name.contains(only.to_str().unwrap_or_default()));
    let (mut rows, mut serious) = (vec![HEAD.to_owned()], Vec::new());
    for page in wanted {
        let Some(browser) = Browser::start(USUAL) else { return };
        browser.forget_pages();
        if let Some(email) = page.1 {
            browser.sign_in_at(&door(email), email);
            // What is opened before the sign-in has answered is left again for the page that it leads to.
            browser.sees("Sign out");
        }
        let look = Look::take(&browser, page, &folder);
        rows.push(look.row());
        let found = look.light.serious.iter().chain(&look.dark.serious);
        serious.extend(found.map(|found| format!("- {}: {found}", look.name)));
    }
    let table = format!("{}\n\n{}\n", rows.join("\n"), serious.join("\n"));
    fs::write(folder.join("looks.md"), &table).unwrap();
    println!("{table}\npictures: {}", folder.display());
}
