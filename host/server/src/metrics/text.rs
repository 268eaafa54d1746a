//! The text that Prometheus reads: format 0.0.4, which its own tools check too.

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use weighbridge::model::histogram::Spread;

/// What kind of figure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows, until the host is started again.
    Counter,
    /// It goes up and down.
    Gauge,
    /// How often something took at most how long.
    Histogram,
}

impl Kind {
    /// The word of the format.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// The content type that says which format it is.
pub(super) const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// A page of figures.
#[derive(Debug, Default)]
pub(super) struct Text(String);

impl Text {
    /// Says what comes next.
    pub(super) fn begin(&mut self, name: &str, kind: Kind, help: &str) {
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        self.line(format_args!("# HELP {name} {help}\n# TYPE {name} {}", kind.word()));
    }

    /// Where its values go.
    pub(super) fn values(&mut self, name: &'static str) -> Values<'_> {
        Values { text: self, name }
    }

    fn value(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.line(format_args!("{name}{} {value}", braces(labels)));
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{line}");
    }
}

/// The values of one metric.
pub(super) struct Values<'a> {
    text: &'a mut Text,
    name: &'static str,
}

impl Values<'_> {
    /// The only one.
    pub(super) fn value(&mut self, value: impl Display) {
        self.under(&[], value);
    }

    /// The only one, where it is known.
    pub(super) fn known(&mut self, value: Option<u64>) {
        if let Some(value) = value {
            self.value(value);
        }
    }

    /// One under its labels.
    pub(super) fn under(&mut self, labels: &[(&str, &str)], value: impl Display) {
        self.text.value(self.name, labels, value);
    }

    /// One for each word of a label.
    pub(super) fn each(&mut self, label: &str, counts: &BTreeMap<&'static str, u64>) {
        counts.iter().for_each(|(word, count)| self.under(&[(label, word)], count));
    }

    /// All lines of a histogram, in seconds.
    pub(super) fn spread(&mut self, spread: &Spread) {
        self.spread_under(&[], spread);
    }

    /// The same under labels.
    pub(super) fn spread_under(&mut self, labels: &[(&str, &str)], spread: &Spread) {
        let (text, name) = (&mut *self.text, self.name);
        let bucket = format!("{name}_bucket");
        let with = |step: &str, text: &mut Text, count: u64| {
            text.value(&bucket, &[labels, &[("le", step)]].concat(), count);
        };
        spread.steps.iter().for_each(|(us, count)| with(&seconds(*us).to_string(), text, *count));
        with("+Inf", text, spread.count);
        text.value(&format!("{name}_sum"), labels, seconds(spread.sum_us));
        text.value(&format!("{name}_count"), labels, spread.count);
    }
}

/// Microseconds as seconds: prefixes are for people.
#[expect(clippy::cast_precision_loss, reason = "a sum of microseconds is exact for 285 years")]
fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}

fn braces(labels: &[(&str, &str)]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let escaped = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("{{{}}}", pairs.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stands_under_its_labels_and_after_what_it_is() {
        let mut text = Text::default();
        text.begin("runs_total", Kind::Counter, "Runs that ended.");
        text.values("runs_total").under(&[("state", "failed"), ("code", "x")], 3);
        text.values("runs_total").value(0.25);
        let wanted = "# HELP runs_total Runs that ended.\n# TYPE runs_total counter\n\
                      runs_total{state=\"failed\",code=\"x\"} 3\nruns_total 0.25\n";
        assert_eq!(text.into_string(), wanted);
    }

    #[test]
    fn what_would_end_a_label_or_a_line_is_escaped() {
        let mut text = Text::default();
        text.begin("a", Kind::Gauge, "one\\two\nthree");
        text.values("a").under(&[("b", "x\"} 9\n\\")], 1);
        assert_eq!(text.into_string(), "# HELP a one\\\\two\\nthree\n# TYPE a gauge\na{b=\"x\\\"} 9\\n\\\\\"} 1\n");
    }

    #[test]
    fn a_histogram_has_all_its_steps_in_seconds_and_one_for_all() {
        let mut text = Text::default();
        text.values("a_seconds").spread(&Spread { steps: vec![(250, 1), (2_500_000, 3)], count: 4, sum_us: 9_000_250 });
        let wanted = "a_seconds_bucket{le=\"0.00025\"} 1\na_seconds_bucket{le=\"2.5\"} 3\n\
                      a_seconds_bucket{le=\"+Inf\"} 4\na_seconds_sum 9.00025\na_seconds_count 4\n";
        assert_eq!(text.into_string(), wanted);
    }

    #[test]
    fn the_lines_of_a_histogram_under_a_label_all_have_it() {
        let mut text = Text::default();
        text.values("a_seconds")
            .spread_under(&[("door", "pull")], &Spread { steps: vec![(250, 1)], count: 1, sum_us: 9 });
        let wanted = "a_seconds_bucket{door=\"pull\",le=\"0.00025\"} 1\na_seconds_bucket{door=\"pull\",le=\"+Inf\"} 1\n\
                      a_seconds_sum{door=\"pull\"} 0.000009\na_seconds_count{door=\"pull\"} 1\n";
        assert_eq!(text.into_string(), wanted);
    }
}
