//! A platform that refuses a sign-in is asked once, and again only after a person has acted.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::town::{Setting, Town};

/// An ERP that takes no password; it counts how often it was asked.
struct Closed {
    address: String,
    asked: Arc<AtomicU64>,
}

impl Closed {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let closed = Self { address: format!("http://{}", listener.local_addr().unwrap()), asked: Arc::default() };
        let asked = Arc::clone(&closed.asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                asked.fetch_add(1, Ordering::Relaxed);
                let _ = stream.read(&mut [0; 4096]).unwrap();
                stream
                    .write_all(b"HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
                    .unwrap();
            }
        });
        closed
    }

    fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Beside the town's own: parties of the ERP, to the warehouse.
fn document(town: &Town, erp: &Closed, password: &str) -> String {
    let whole = Setting::default().document(&town.platforms);
    let integration =
        "\n[[integration]]\nname = \"erp\"\nconnector = \"weighbridge.tryton\"\nnetworks = [\"127.0.0.1/32\"]\n";
    let whole = whole.replacen("\n[[customer]]", &format!("{integration}\n[[customer]]"), 1);
    format!(
        r#"{whole}
[[customer.connection]]
name = "erp"
integration = "erp"
scheme = "session"
secrets = {{ username = "admin", password = "{password}" }}
configuration = {{ base_url = "{}", database = "erp" }}

[[customer.endpoint]]
name = "parties"
description = "Parties of the ERP."
direction = "source"
connection = "erp"
stream = "parties"

[[customer.transfer]]
name = "parties"
source = "parties"
destination = "lines"
"#,
        erp.address
    )
}

#[test]
fn closes_the_gate_after_one_refused_sign_in_until_the_secrets_are_applied_again() {
    let (town, erp) = (Town::settled(0, &Setting::default()), Closed::start());
    town.install("tryton");
    let refused = |times: u64| {
        let failed = town.fails(&["run", "acme/parties"], 1).json;
        assert_eq!((&failed["failure"]["class"], erp.asked()), (&"auth".into(), times), "{failed}");
        assert_eq!(failed["failure"]["code"], "connection.sign_in_refused");
        let stopped = town.fails(&["run", "acme/parties"], 3).json;
        assert_eq!((&stopped["refusal"]["code"], erp.asked()), (&"connection.sign_in_needed".into(), times));
    };
    town.apply(&document(&town, &erp, "wrong"));
    refused(1);
    town.apply(&document(&town, &erp, "wrong too"));
    refused(2);
    town.apply(&document(&town, &erp, "wrong too"));
    refused(3);
    // The doctor connects to the platform too, so that it is asked once nobody counts any more.
    let wants_sign_in = || town.run(&["doctor"]).json.to_string().contains("doctor.sign_ins_needed");
    assert!(wants_sign_in());
    town.apply(&document(&town, &erp, "another"));
    assert!(!wants_sign_in());
}
