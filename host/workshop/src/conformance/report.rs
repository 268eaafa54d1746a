//! What came of the suite, for people and for machines.

use serde_json::{Value, json};

use super::{Check, Verdict, junit};

/// One check of one case.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The stable code.
    pub code: &'static str,
    /// What every connector must do.
    pub rule: &'static str,
    /// The case; none for what is tried without a recording.
    pub case: Option<String>,
    /// What became of it.
    pub verdict: Verdict,
    /// What an author does who meets it.
    pub next_step: &'static str,
}

/// All that was tried.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In order.
    pub findings: Vec<Finding>,
}

impl Report {
    pub(super) fn add(&mut self, check: &Check, case: Option<&str>, verdict: Verdict) {
        let &Check { code, rule, next_step, .. } = check;
        self.findings.push(Finding { code, rule, case: case.map(str::to_owned), verdict, next_step });
    }

    /// The codes of what failed, each once, in order.
    pub fn failed(&self) -> Vec<&'static str> {
        let mut failed: Vec<&str> = Vec::new();
        for finding in self.findings.iter().filter(|finding| matches!(finding.verdict, Verdict::Failed(_))) {
            if !failed.contains(&finding.code) {
                failed.push(finding.code);
            }
        }
        failed
    }

    /// Whether nothing failed; where it is strict, whether everything was tried that a recording lets be tried.
    pub fn is_good(&self, strict: bool) -> bool {
        self.failed().is_empty() && !(strict && self.not_tried().next().is_some())
    }

    /// What another recording would let the suite try.
    pub fn not_tried(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| matches!(finding.verdict, Verdict::NotTried(_)))
    }

    /// As JSON.
    pub fn to_json(&self) -> Value {
        let findings = self.findings.iter().map(|finding| {
            let (word, what) = finding.verdict.words();
            json!({
                "code": finding.code,
                "rule": finding.rule,
                "case": finding.case,
                "verdict": word,
                "what": what,
                "next_step": matches!(finding.verdict, Verdict::Failed(_)).then_some(finding.next_step),
            })
        });
        Value::Array(findings.collect())
    }

    /// As JUnit's XML, which build servers read.
    pub fn to_junit(&self, connector: &str) -> String {
        junit::written(connector, self)
    }
}

impl Verdict {
    /// Its word, and what it has to say.
    pub fn words(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Passed => ("passed", None),
            Self::Failed(what) => ("failed", Some(what)),
            Self::NotTried(why) => ("not_tried", Some(why)),
            Self::Moot(why) => ("moot", Some(why)),
        }
    }
}
