//! Recordings: what is in them, what comes of them, and what is refused.

use weighbridge_workshop::{Cassette, CassetteError, Drill, RecordError, record, replay};

use crate::shop::{Shop, bench, header, reading, recorded};

#[tokio::test]
async fn replays_byte_for_byte_what_was_recorded() {
    let cassette = recorded("none", reading()).await;
    let written = cassette.to_text();
    let read = Cassette::parse(&written).unwrap();
    assert_eq!(read.to_text(), written);
    let (first, second) = (replay(bench().await, &read).await.unwrap(), replay(bench().await, &read).await.unwrap());
    assert_eq!((&first.difference, first.records), (&None, 7));
    // Not only what comes out is the same, but every instruction.
    assert!(first.fuel > 0 && first.memory_bytes > 0);
    assert_eq!((first.fuel, first.memory_bytes, first.requests), (second.fuel, second.memory_bytes, second.requests));
}

#[tokio::test]
async fn says_what_came_out_otherwise() {
    let mut cassette = recorded("none", reading()).await;
    cassette.header.configuration.insert("fault".into(), "lying_schema".into());
    let difference = replay(bench().await, &cassette).await.unwrap().difference.unwrap();
    assert_eq!(difference.place, 3);
    assert!(difference.came.unwrap().contains("\"total\":1}"));
    assert!(difference.recorded.unwrap().contains("\"total\":\"1.00\"}"));
}

#[tokio::test]
async fn says_which_request_nobody_recorded() {
    let mut cassette = recorded("none", reading()).await;
    cassette.exchanges.retain(|exchange| !exchange.request.url.contains("after=6"));
    let difference = replay(bench().await, &cassette).await.unwrap().difference.unwrap();
    assert!(difference.absent.unwrap().contains("after=6&limit=3"));
}

#[tokio::test]
async fn a_request_stands_in_it_as_the_connector_made_it() {
    let cassette = recorded("none", reading()).await;
    let first = &cassette.exchanges[0].request;
    assert_eq!((first.auth.as_deref(), first.headers.len()), (Some("token"), 0));
}

#[tokio::test]
async fn records_nothing_where_the_connector_has_no_such_stream() {
    let Drill::Read(mut drill) = reading() else { unreachable!() };
    drill.stream = "parties".into();
    let shop = Shop::default();
    let refused = record(bench().await, header("none", Drill::Read(drill)), &shop).await;
    assert!(matches!(refused, Err(RecordError::NoStream(stream)) if stream == "parties"));
    assert!(shop.0.lock().unwrap().is_empty());
}

#[test]
fn refuses_what_is_no_recording_and_says_where() {
    let malformed = |text: &str| match Cassette::parse(text) {
        Err(CassetteError::Malformed { line, .. }) => line,
        other => panic!("{other:?}"),
    };
    assert_eq!(malformed(""), 1);
    assert_eq!(malformed("{\"outcome\":{\"checked\":true}}\n"), 1);
    let cassette = Cassette { header: header("none", reading()), exchanges: Vec::new(), outcomes: Vec::new() };
    let text = cassette.to_text();
    assert_eq!(malformed(&format!("{text}{{\n")), 2);
    assert_eq!(malformed(&format!("{text}{text}")), 2);
    let newer = text.replace("\"version\":1", "\"version\":2");
    assert!(matches!(Cassette::parse(&newer), Err(CassetteError::Version { found: 2 })));
}
