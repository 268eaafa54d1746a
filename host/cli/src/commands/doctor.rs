//! `weighbridge doctor`

use serde_json::json;
use weighbridge::doctor::{self, Finding, Health};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(crate) async fn run(args: &Args) -> anyhow::Result<Exit> {
    let findings = doctor::examine(args.options()?).await;
    let count = |health| findings.iter().filter(|finding| finding.health == health).count();
    let (warnings, failed) = (count(Health::Warning), count(Health::Failed));
    if args.json {
        let listed: Vec<_> = findings.iter().map(in_json).collect();
        output::json(&json!({ "findings": listed, "warnings": warnings, "failed": failed }));
    } else {
        findings.iter().for_each(show);
        output::line(format_args!("{} things looked at, {warnings} warnings, {failed} failed", findings.len()));
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::Failed })
}

fn in_json(finding: &Finding) -> serde_json::Value {
    json!({
        "code": finding.code,
        "status": finding.health.word(),
        "about": finding.about,
        "sentence": finding.sentence,
        "next_step": finding.next_step,
    })
}

fn show(finding: &Finding) {
    let Finding { code, health, about, sentence, next_step, .. } = finding;
    output::line(format_args!("{:<8} {about}: {sentence} ({code})", health.word()));
    if let Some(step) = next_step {
        output::line(format_args!("{:<8} next: {step}", ""));
    }
}
