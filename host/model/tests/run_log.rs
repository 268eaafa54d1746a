//! What is kept of what connectors say.

use weighbridge_model::run_log::{BYTES_MAX, LINES_MAX, LogLevel, LogLine, RunLog};
use weighbridge_model::time::Timestamp;

fn line(level: LogLevel, text: &str) -> LogLine {
    LogLine { at: Timestamp::from_millis(1), level, connector: "shop".into(), text: text.into() }
}

fn texts(log: &RunLog) -> Vec<&str> {
    log.lines().map(|line| line.text.as_str()).collect()
}

#[test]
fn keeps_what_was_said_in_its_order() {
    let mut log = RunLog::default();
    assert!(log.is_empty());
    log.keep(line(LogLevel::Info, "one"));
    log.keep(line(LogLevel::Error, "two"));
    assert_eq!((texts(&log), log.dropped()), (vec!["one", "two"], 0));
}

#[test]
fn keeps_nothing_that_is_for_the_author_only() {
    let mut log = RunLog::default();
    log.keep(line(LogLevel::Debug, "one"));
    assert!(log.is_empty());
}

#[test]
fn drops_the_oldest_lines_and_counts_them() {
    let mut log = RunLog::default();
    for number in 0..LINES_MAX + 3 {
        log.keep(line(LogLevel::Info, &number.to_string()));
    }
    assert_eq!((log.lines().count(), log.dropped(), texts(&log)[0]), (LINES_MAX, 3, "3"));
}

#[test]
fn drops_the_oldest_lines_where_they_are_long_but_never_the_last() {
    let mut log = RunLog::default();
    log.keep(line(LogLevel::Info, "short"));
    log.keep(line(LogLevel::Info, &"x".repeat(BYTES_MAX + 1)));
    assert_eq!((log.lines().count(), log.dropped()), (1, 1));
}
