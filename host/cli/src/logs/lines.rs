//! One line for each event, whatever stands in it: a text of a platform cannot look like a line of ours.

use std::io::{self, Write};

use tracing_subscriber::fmt::MakeWriter;
use weighbridge::support::RecentLog;

/// Writes lines to standard error, and keeps the last of them.
pub(super) struct Lines(RecentLog);

impl Lines {
    pub(super) const fn new(recent: RecentLog) -> Self {
        Self(recent)
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line { recent: &self.0, bytes: Vec::new() }
    }
}

/// One event, which is written when it is whole.
pub(super) struct Line<'a> {
    recent: &'a RecentLog,
    bytes: Vec<u8>,
}

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line<'_> {
    fn drop(&mut self) {
        let line = one_line(&String::from_utf8_lossy(&self.bytes));
        self.recent.keep(&line);
        // Nobody is left to be told of a log that cannot be written.
        let _ = io::stderr().lock().write_all(format!("{line}\n").as_bytes());
    }
}

/// Without its end, and with what a terminal or a reader of lines obeys as it is written in programs.
fn one_line(event: &str) -> String {
    let event = event.strip_suffix('\n').unwrap_or(event);
    event.chars().fold(String::with_capacity(event.len()), |mut line, letter| {
        match letter {
            letter if letter.is_control() => line.extend(letter.escape_default()),
            letter => line.push(letter),
        }
        line
    })
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::fmt;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    /// What is kept of what is said, as text and as JSON.
    fn said(say: impl Fn()) -> [Vec<String>; 2] {
        [false, true].map(|as_json| {
            let recent = RecentLog::default();
            let layer = fmt::layer().with_writer(Lines::new(recent.clone())).with_ansi(false);
            let registry = tracing_subscriber::registry();
            match as_json {
                true => {
                    let layer = layer.json().flatten_event(true).with_current_span(false);
                    tracing::subscriber::with_default(registry.with(layer), &say);
                }
                false => tracing::subscriber::with_default(registry.with(layer.with_target(false)), &say),
            }
            recent.lines()
        })
    }

    #[test]
    fn an_event_is_one_line_whatever_a_platform_wrote_into_it() {
        let forged = "not there\n2026-11-23T00:00:00Z  INFO ready\u{1b}[2K\r";
        for lines in said(|| tracing::warn!(error = %forged, "a request failed\nand more")) {
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(!lines[0].contains(|letter: char| letter.is_control()), "{lines:?}");
        }
    }

    #[test]
    fn the_fields_of_a_json_line_stand_under_stable_names() {
        let [_, json] = said(|| {
            let run = tracing::info_span!(target: "weighbridge::trace", "run", run = "abc");
            run.in_scope(|| tracing::info!(batches = 3, "settled"));
        });
        let line: serde_json::Value = serde_json::from_str(&json[0]).unwrap();
        let names: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(names, ["batches", "level", "message", "spans", "target", "timestamp"]);
        assert_eq!(
            (&line["level"], &line["message"], &line["batches"]),
            (&"INFO".into(), &"settled".into(), &3.into())
        );
        assert_eq!((&line["spans"][0]["name"], &line["spans"][0]["run"]), (&"run".into(), &"abc".into()));
    }
}
