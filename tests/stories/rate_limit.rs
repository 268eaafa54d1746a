//! A platform that says how many requests are left is left alone when none is.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::town::{Setting, Town};

/// A shop that has another page always.
const PAGE: &str = r#"{"data":[{"id":1,"number":"A","total":1,"status":"paid","customer":{"id":7}}],"next":"1"}"#;

/// A platform that answers this, and allows one request an hour.
fn platform(body: &'static str, asked: Arc<AtomicU64>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            asked.fetch_add(1, Ordering::Relaxed);
            let _ = stream.read(&mut [0; 4096]).unwrap();
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\nratelimit: \"hour\";r=0;t=3600\r\n";
            write!(stream, "{head}content-length: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    address
}

/// Runs, and says how often the platform was asked that stands in another one's place.
fn check(orders: u64, body: &'static str, change: impl Fn(&Town, String, &str) -> String) -> u64 {
    let (town, asked) = (Town::settled(orders, &Setting::default()), Arc::new(AtomicU64::new(0)));
    let address = platform(body, Arc::clone(&asked));
    town.apply(&change(&town, Setting::default().document(&town.platforms), &address));
    let failed = town.fails(&["run", "acme/orders"], 1).json;
    assert_eq!(failed["failure"]["class"], "rate_limited", "{failed}");
    assert_eq!(failed["failure"]["code"], "egress.rate_limited", "{failed}");
    asked.load(Ordering::Relaxed)
}

#[test]
fn ends_a_run_as_rate_limited_where_the_source_wants_an_hour() {
    let asked = check(0, PAGE, |town, document, address| document.replace(&town.platforms.shop, address));
    assert_eq!(asked, 1, "it is asked once and then left alone");
}

#[test]
fn ends_a_run_as_rate_limited_in_the_middle_of_a_call_whatever_the_connector_makes_of_it() {
    let asked = check(10, "{}", |town, document, address| {
        let each_alone = document.replace("body = \"lines\", records = 100", "body = \"lines\", records = 1");
        each_alone.replace(&town.platforms.warehouse, address)
    });
    assert_eq!(asked, 1, "it is asked once and then left alone");
}
