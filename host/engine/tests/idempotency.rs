//! A key under which something was begun and not ended says that nobody knows, and never does it again.

use serde_json::json;
use weighbridge::model::access::Actor;
use weighbridge::model::problem::ProblemCode;
use weighbridge::{Engine, Once, Options};

async fn begin(engine: &Engine, key: &str) -> Result<Once, ProblemCode> {
    engine
        .begin_once(&Actor::owner(), "tenant add", key, &json!({ "name": "Partner" }))
        .await
        .map_err(|found| found.code)
}

#[tokio::test]
async fn says_that_the_outcome_is_unknown_after_a_request_was_cut_off() {
    let folder = tempfile::tempdir().unwrap();
    Engine::init(&Options::at(folder.path())).await.unwrap();
    let engine = Engine::open(Options::at(folder.path())).await.unwrap();
    let promised = begin(&engine, "a").await.unwrap();
    assert_eq!(begin(&engine, "a").await.err(), Some(ProblemCode::IdempotencyBusy), "it is still under way");
    drop(promised);
    assert_eq!(begin(&engine, "a").await.err(), Some(ProblemCode::IdempotencyUnknown));
    assert!(matches!(begin(&engine, "b").await, Ok(Once::New(_))), "another key is another request");
}

#[tokio::test]
async fn does_it_under_the_same_key_once_the_first_one_was_refused() {
    let folder = tempfile::tempdir().unwrap();
    Engine::init(&Options::at(folder.path())).await.unwrap();
    let engine = Engine::open(Options::at(folder.path())).await.unwrap();
    let Ok(Once::New(promised)) = begin(&engine, "a").await else { panic!("the key is new") };
    engine.break_promise(promised).await.unwrap();
    assert!(matches!(begin(&engine, "a").await, Ok(Once::New(_))));
}
