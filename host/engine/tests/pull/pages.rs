//! All records once, page by page; then what changed, and what is gone.

use weighbridge::PulledLine;

use super::desk::{Desk, code, gone, ids};
use super::source::{Event, Register};

#[tokio::test]
async fn reads_every_record_once_and_tomorrow_only_what_changed() {
    let desk = Desk::new(Register::with_orders(2_500)).await;
    let (mut read, mut cursor, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = desk.page(cursor.as_deref(), 1_000).await.unwrap();
        read.extend(ids(&page));
        cursor = page.next.clone();
        pages += 1;
        if !page.has_more {
            break;
        }
    }
    assert_eq!((read, pages), ((1..=2_500).collect::<Vec<_>>(), 3));
    assert_eq!(desk.billed(), (2_500, 3));
    desk.pass(30 * super::desk::HOUR_MS);
    desk.register.happens(Event::Changed(7, "changed"));
    desk.register.happens(Event::Gone(8));
    desk.register.happens(Event::Changed(2_501, "new"));
    let page = desk.page(cursor.as_deref(), 1_000).await.unwrap();
    assert_eq!((ids(&page), gone(&page), page.has_more), (vec![7, 2_501], vec![8], false));
    assert_eq!(desk.billed(), (2_503, 4));
    let page = desk.page(page.next.as_deref(), 1_000).await.unwrap();
    assert_eq!((ids(&page), gone(&page)), (vec![], vec![]), "nothing has changed since");
}

#[tokio::test]
async fn marks_deletions_and_has_of_each_record_its_last_state_only() {
    let desk = Desk::new(Register::with_orders(3)).await;
    // Several pages of the source, and one checkpoint at their end.
    desk.register.book.lock().unwrap().checkpoint_every = 100;
    for event in [Event::Changed(1, "paid"), Event::Gone(2), Event::Gone(3), Event::Changed(3, "back")] {
        desk.register.happens(event);
    }
    let page = desk.page(None, 100).await.unwrap();
    let lines: Vec<_> = page.lines().collect();
    assert_eq!(lines[0], PulledLine::Deleted(r#"{"id":2}"#));
    assert_eq!(lines.len(), 3, "{lines:?}");
    let is_last = |line: &PulledLine<'_>| matches!(line, PulledLine::Record(text) if !text.contains("new"));
    assert!(lines[1..].iter().all(is_last), "{lines:?}");
    assert_eq!(desk.billed(), (3, 1));
}

#[tokio::test]
async fn goes_on_with_the_next_page_while_the_one_before_it_may_be_asked_for_again() {
    let desk = Desk::new(Register::with_orders(7)).await;
    let first = desk.page(None, 2).await.unwrap();
    let second = desk.page(first.next.as_deref(), 3).await.unwrap();
    assert_eq!((ids(&first), ids(&second)), (vec![1, 2], vec![3, 4, 5]));
    let again = desk.page(first.next.as_deref(), 100).await.unwrap();
    assert_eq!(ids(&again), [3, 4, 5], "the first limit fixes the page");
}

#[tokio::test]
async fn refuses_a_limit_that_no_page_has() {
    let desk = Desk::new(Register::with_orders(1)).await;
    assert_eq!(code(desk.page(None, 0).await), "pull.limit_out_of_range");
    assert_eq!(code(desk.page(None, 10_001).await), "pull.limit_out_of_range");
    assert!(desk.page(None, 10_000).await.is_ok());
}

#[tokio::test]
async fn says_that_the_limit_is_too_small_where_the_source_gives_more_between_two_checkpoints() {
    let desk = Desk::new(Register::with_orders(9)).await;
    desk.register.book.lock().unwrap().checkpoint_every = 6;
    assert_eq!(code(desk.page(None, 4).await), "pull.limit_too_small");
    assert_eq!(ids(&desk.page(None, 6).await.unwrap()), (1..=6).collect::<Vec<_>>());
    assert_eq!(desk.billed(), (6, 1));
}

#[tokio::test]
async fn gives_no_cursor_after_the_last_page_of_a_stream_that_cannot_tell_what_changed() {
    let capability = serde_json::json!({
        "stream": "orders", "direction": "source", "modes": ["full_refresh"], "primary_key": ["id"],
    });
    let desk = Desk::new(Register::of(capability, 3)).await;
    let first = desk.page(None, 2).await.unwrap();
    let last = desk.page(first.next.as_deref(), 2).await.unwrap();
    assert_eq!((ids(&last), last.has_more, last.next.as_deref()), (vec![3], false, None));
    assert_eq!(ids(&desk.page(None, 5).await.unwrap()), [1, 2, 3], "a new reading begins anew");
}

#[tokio::test]
async fn hides_what_the_platform_said_and_tells_when_to_ask_again() {
    let desk = Desk::new(Register::with_orders(3)).await;
    desk.register.book.lock().unwrap().busy = 1;
    let error = desk.page(None, 5).await.unwrap_err();
    assert!(!error.to_string().contains("secret"), "{error}");
    match error {
        weighbridge::PullError::Failed { code, retry_after, .. } => {
            assert_eq!((code.as_str(), retry_after.unwrap().as_secs()), ("register.busy", 7));
        }
        other => panic!("{other}"),
    }
    assert_eq!(desk.billed(), (0, 0));
    assert!(desk.page(None, 5).await.is_ok());
}

#[tokio::test]
async fn shows_in_no_list_of_transfers_and_in_none_of_their_runs() {
    let desk = Desk::new(Register::with_orders(3)).await;
    desk.page(None, 2).await.unwrap();
    assert!(desk.engine.list(None).unwrap().iter().all(|one| one.what != "transfer"));
    assert!(desk.engine.history("", 100).unwrap().is_empty());
    assert!(desk.engine.interrupted().unwrap().is_empty());
}
