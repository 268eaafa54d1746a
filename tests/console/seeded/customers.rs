//! The twenty-four customers of Nordwind Commerce, and how each of them stands.

use serde_json::{Value, json};

/// Everything works there, and most of it is there.
pub(in crate::console) const BUSY: &str = "Kowalski i Synowie Sp. z o.o.";
/// Its runs leave rejected records behind.
pub(in crate::console) const SECOND: &str = "Bäckerei Lindström GmbH";
/// Its runs fail.
pub(in crate::console) const FAILING: &str = "Żółta Łódka S.A.";
/// Its quota is used up.
pub(in crate::console) const HELD: &str = "Meridian Outdoor Ltd";
/// Its endpoint's window is over.
pub(in crate::console) const OVER: &str = "Hurtownia Wisła";
/// It has a run that goes on.
pub(in crate::console) const RUNNING: &str = "Północ Logistyka";
/// It has nothing yet, and is being onboarded.
pub(in crate::console) const NEW: &str = "Fjord & Fjäll AB";
/// Ninety characters.
pub(in crate::console) const LONG: &str =
    "Przedsiębiorstwo Wielobranżowe Handlu Zagranicznego „Świętokrzyskie Ogrody” Spółka Jawna i";
/// What would be markup, were it not escaped.
pub(in crate::console) const MARKUP: &str = "Brown <b>&\"' Sons";

/// How a customer stands.
enum Stands {
    Active,
    Inactive,
    /// Its window begins later.
    Later,
    /// Its window is over.
    Ended,
}

/// Name, labels, external id, contact, how it stands.
type Row = (&'static str, &'static [&'static str], &'static str, &'static str, Stands);

const ROWS: [Row; 24] = [
    (BUSY, &["gold", "pl"], "NW-1001", "Maria Kowalska", Stands::Active),
    (SECOND, &["gold", "de"], "NW-1002", "Lina Lindström", Stands::Active),
    (FAILING, &["pl"], "NW-1003", "Zofia Łoś", Stands::Active),
    (HELD, &["uk", "trial"], "NW-1004", "Tom Reed", Stands::Active),
    (OVER, &["pl", "wholesale"], "NW-1005", "Adam Wiśniewski", Stands::Active),
    (RUNNING, &["pl", "logistics"], "NW-1006", "Kasia Dąbrowska", Stands::Active),
    (NEW, &["se"], "NW-1007", "Björn Åkesson", Stands::Inactive),
    (LONG, &["pl"], "NW-1008", "Stanisław Świerczewski", Stands::Active),
    (MARKUP, &["uk"], "NW-1009", "O'Brien & Co", Stands::Active),
    ("Atelier Dubois SARL", &["fr"], "NW-1010", "Claire Dubois", Stands::Active),
    ("Bergmann Werkzeuge KG", &["de", "wholesale"], "NW-1011", "Jonas Bergmann", Stands::Active),
    ("Cukiernia Pod Lipą", &["pl", "trial"], "NW-1012", "Halina Nowak", Stands::Inactive),
    ("Delta Print s.r.o.", &["cz"], "NW-1013", "Petr Novák", Stands::Active),
    ("Eko-Dom Gdańsk", &["pl"], "NW-1014", "Marek Gajewski", Stands::Inactive),
    ("Feltham Cycles", &["uk", "gold"], "NW-1015", "Grace Feltham", Stands::Active),
    ("Gospodarstwo Rybackie Śniardwy", &["pl"], "NW-1016", "Jacek Rybak", Stands::Later),
    ("Haller Optik AG", &["ch"], "NW-1017", "Ruth Haller", Stands::Later),
    ("Instytut Książki", &["pl", "public"], "NW-1018", "Dorota Król", Stands::Ended),
    ("Jansen Bloemen BV", &["nl"], "NW-1019", "Daan Jansen", Stands::Active),
    ("Księgarnia Między Wierszami", &["pl"], "NW-1020", "Ola Pióro", Stands::Active),
    ("Lumen Lighting Inc.", &["us"], "NW-1021", "Denise Park", Stands::Ended),
    ("Młyn Stary", &["pl"], "NW-1022", "Wojciech Młynarz", Stands::Active),
    ("Näsijärvi Sauna Oy", &["fi"], "NW-1023", "Aino Virtanen", Stands::Active),
    ("Øresund Seafood ApS", &["dk", "gold"], "NW-1024", "Søren Østergaard", Stands::Inactive),
];

/// All of them, as a document has them, without what they have.
pub(super) fn all() -> Vec<Value> {
    ROWS.iter().map(row).collect()
}

fn row((name, labels, external_id, person, stands): &Row) -> Value {
    let status = if matches!(stands, Stands::Inactive) { "inactive" } else { "active" };
    let window = match stands {
        Stands::Later => json!({ "start": "2031-04-01" }),
        Stands::Ended => json!({ "start": "2024-01-01", "end": "2026-03-31" }),
        _ => json!({}),
    };
    let mailbox = external_id.to_lowercase();
    json!({
        "name": name, "labels": labels, "external_id": external_id, "status": status, "window": window,
        "contact": { "name": person, "email": format!("{mailbox}@customer.example"), "phone": "+48 22 555 01 23" },
    })
}
