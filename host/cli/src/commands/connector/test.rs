//! `weighbridge connector test`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge_forge::{TestArgs as CaseArgs, Tested, test};
use weighbridge_workshop::conformance::{Report, Verdict, conform};

use super::package;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;
use crate::watch::Watch;

#[derive(Debug, ClapArgs)]
pub(crate) struct TestArgs {
    /// The connector's folder.
    folder: PathBuf,
    /// Write what came of the suite to a file too, for a build server: `junit=FILE`.
    #[arg(long, value_name = "KIND=FILE", value_parser = junit)]
    report: Option<PathBuf>,
    /// Fail where something could not be tried, for want of a recording.
    #[arg(long)]
    strict: bool,
}

fn junit(text: &str) -> Result<PathBuf, String> {
    let path = text.strip_prefix("junit=").filter(|path| !path.is_empty());
    path.map(PathBuf::from).ok_or_else(|| "`junit=FILE` is expected".into())
}

pub(super) async fn run(args: &Args, asked: &TestArgs) -> anyhow::Result<Exit> {
    let watch = Watch::spinner("running the author's cases".into(), args.json);
    let cases = CaseArgs { folder: asked.folder.clone() };
    let tested = test(&cases, &mut |step| watch.say(step.to_string()))?;
    let scratch = tempfile::tempdir()?;
    let bench = package::bench(&asked.folder, scratch.path(), &watch).await?;
    watch.say("holding it to the contract".into());
    let report = conform(&bench, &package::cassettes(&asked.folder, None)?).await?;
    drop(watch);
    if let Some(path) = &asked.report {
        write(path, &report.to_junit(&bench.manifest().name))?;
    }
    show(args, &tested, &report);
    let done = tested.failed.is_empty() && report.is_good(asked.strict);
    Ok(if done { Exit::Done } else { Exit::Failed })
}

fn write(path: &Path, xml: &str) -> anyhow::Result<()> {
    std::fs::write(path, xml)
        .with_context(|| format!("report.file: {} cannot be written; name a place that may be", path.display()))
}

fn show(args: &Args, tested: &Tested, report: &Report) {
    if args.json {
        output::json(&json!({ "passed": tested.passed, "failed": tested.failed, "conformance": report.to_json() }));
        return;
    }
    if !tested.failed.is_empty() {
        output::line(&tested.output);
    }
    output::line(format_args!("the author's cases: {} passed, {} failed", tested.passed, tested.failed.len()));
    for finding in &report.findings {
        let case = finding.case.as_deref().unwrap_or("package");
        match &finding.verdict {
            Verdict::Passed => output::line(format_args!("ok         {case}: {}", finding.rule)),
            Verdict::NotTried(_) | Verdict::Moot(_) => {}
            Verdict::Failed(what) => {
                output::line(format_args!("FAILED     {case}: {} ({}): {what}", finding.rule, finding.code));
                output::line(format_args!("           {}", finding.next_step));
            }
        }
    }
    for finding in report.not_tried() {
        let case = finding.case.as_deref().unwrap_or("package");
        let (_, why) = finding.verdict.words();
        output::line(format_args!("not tried  {case}: {}: {}", finding.rule, why.unwrap_or_default()));
    }
}
