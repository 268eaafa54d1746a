//! The report as JUnit's XML.

use std::fmt::Write as _;

use super::{Report, Verdict};

pub(super) fn written(connector: &str, report: &Report) -> String {
    let count = |word: &str| report.findings.iter().filter(|finding| finding.verdict.words().0 == word).count();
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n",
        escaped(connector),
        report.findings.len(),
        count("failed"),
        count("not_tried") + count("moot"),
    );
    for finding in &report.findings {
        let case = escaped(finding.case.as_deref().unwrap_or("package"));
        let name = escaped(finding.code);
        let inside = match &finding.verdict {
            Verdict::Passed => String::new(),
            Verdict::Failed(what) => {
                format!(
                    "<failure type=\"{name}\" message=\"{}\">{}</failure>",
                    escaped(what),
                    escaped(finding.next_step)
                )
            }
            Verdict::NotTried(why) | Verdict::Moot(why) => format!("<skipped message=\"{}\"/>", escaped(why)),
        };
        // Writing to a text cannot fail.
        let _ = writeln!(xml, "  <testcase classname=\"{case}\" name=\"{name}\">{inside}</testcase>");
    }
    xml + "</testsuite>\n"
}

/// Without what means something in XML, and without the letters that it does not have.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, letter| {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\t' | '\n' | '\r' => escaped.push(' '),
            letter if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            letter => escaped.push(letter),
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_a_platform_said_does_not_break_the_report() {
        assert_eq!(escaped("<a href=\"x\">&\u{1}\n</a>"), "&lt;a href=&quot;x&quot;&gt;&amp;\u{fffd} &lt;/a&gt;");
    }
}
