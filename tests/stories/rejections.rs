//! A destination that rejects records: they are kept, and all others move, each once.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::town::{Setting, Town};

/// How often each record was taken.
type Taken = Arc<Mutex<BTreeMap<u64, u32>>>;

/// A warehouse that refuses a whole request where one of its records is of a kind that it does not want.
fn picky_warehouse() -> (String, Taken) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let taken = Taken::default();
    let kept = Arc::clone(&taken);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = Arc::clone(&kept);
            std::thread::spawn(move || while answer(&stream, &kept).is_some() {});
        }
    });
    (address, taken)
}

/// Answers one request; nothing where the connection ended.
fn answer(mut stream: &TcpStream, taken: &Taken) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some((_, value)) = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length")) {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let lines = serde_json::Deserializer::from_slice(&body).into_iter::<Value>().map(Result::unwrap);
    let ids: Vec<u64> = lines.map(|line| line["id"].as_u64().unwrap()).collect();
    let is_wanted = ids.iter().all(|id| id % 50 != 7);
    if is_wanted {
        let mut taken = taken.lock().unwrap();
        ids.iter().for_each(|id| *taken.entry(*id).or_default() += 1);
    }
    let (status, text) = if is_wanted { ("200 OK", "{}") } else { ("422 Unprocessable", r#"{"error":"not wanted"}"#) };
    write!(
        stream,
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{text}",
        text.len()
    )
    .ok()
}

fn town(transfer: &str) -> (Town, Taken) {
    let town = Town::settled(150, &Setting::transfer(transfer));
    let (address, taken) = picky_warehouse();
    let document = Setting::transfer(transfer).document(&town.platforms);
    town.apply(&document.replace(&town.platforms.warehouse, &address));
    (town, taken)
}

#[test]
fn a_record_that_the_destination_rejects_is_kept_as_it_was_read_and_all_others_move_once() {
    for write in ["upsert", "append"] {
        let (town, taken) = town(&format!("write = \"{write}\""));
        let ran = town.works(&["run", "acme/orders"]);
        let counts = &ran["counts"];
        assert_eq!((&ran["state"], &counts["read"]), (&json!("partially_succeeded"), &json!(150)), "{ran}");
        assert_eq!((&counts["delivered"], &counts["dead_lettered"]), (&json!(147), &json!(3)), "{ran}");
        let taken = taken.lock().unwrap();
        assert_eq!((taken.len(), taken.values().max()), (147, Some(&1)), "{write}");
        let kept = town.works(&["rejected", "list", "acme", "--by", "destination"]);
        let kept = kept["items"].as_array().unwrap();
        let id = |one: &Value| serde_json::from_str::<Value>(one["record"].as_str().unwrap()).unwrap()["id"].clone();
        assert_eq!(kept.iter().map(id).collect::<Vec<_>>(), [json!(107), json!(7), json!(57)], "{write}");
        assert!(kept.iter().all(|one| one["record"].as_str().unwrap().contains("status")), "as it was read: {kept:?}");
    }
}

#[test]
fn a_run_ends_where_more_are_rejected_than_its_transfer_allows_and_its_exit_says_so() {
    let (town, taken) = town("rejections = { count = 1 }");
    let failed = town.fails(&["run", "acme/orders"], 1);
    let told = failed.json.to_string();
    assert!(told.contains("transfer.too_many_rejected") && told.contains("partially_succeeded"), "{told}");
    assert_eq!(taken.lock().unwrap().len(), 98, "the first hundred but two, and nothing after them");
}
