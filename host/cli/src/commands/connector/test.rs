//! `weighbridge connector test`

use std::path::Path;

use serde_json::json;
use weighbridge::{Tried, try_package};
use weighbridge_forge::{BuildArgs, KeygenArgs, TestArgs, Tested, build, keygen, test};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;
use crate::watch::Watch;

pub(super) async fn run(args: &Args, folder: &Path) -> anyhow::Result<Exit> {
    let watch = Watch::spinner("running the author's cases".into(), args.json);
    let tested = test(&TestArgs { folder: folder.to_owned() }, &mut |step| watch.say(step.to_string()))?;
    watch.say("trying the package in the sandbox".into());
    let tried = conform(folder, &watch).await?;
    drop(watch);
    let done = tested.failed.is_empty() && tried.iter().all(|one| one.fault.is_none());
    show(args, &tested, &tried);
    Ok(if done { Exit::Done } else { Exit::Failed })
}

/// Builds the package, signs it with a key of the moment, and tries it where no request leaves.
async fn conform(folder: &Path, watch: &Watch) -> anyhow::Result<Vec<Tried>> {
    let scratch = tempfile::tempdir()?;
    let keys = keygen(&KeygenArgs { path: scratch.path().join("key") })?;
    let (folder, out) = (folder.to_owned(), scratch.path().to_owned());
    let asked = BuildArgs { folder, out, key: Some(keys.secret_path), target: None };
    let built = build(&asked, &mut |step| watch.say(step.to_string()))?;
    let package = std::fs::read(built.package)?;
    Ok(try_package(package, keys.public, &scratch.path().join("artefacts")).await?)
}

fn show(args: &Args, tested: &Tested, tried: &[Tried]) {
    if args.json {
        let tried = tried.iter().map(|one| json!({ "rule": one.rule, "fault": one.fault }));
        output::json(&json!({
            "passed": tested.passed,
            "failed": tested.failed,
            "conformance": tried.collect::<Vec<_>>(),
        }));
        return;
    }
    if !tested.failed.is_empty() {
        output::line(&tested.output);
    }
    output::line(format_args!("the author's cases: {} passed, {} failed", tested.passed, tested.failed.len()));
    for one in tried {
        match &one.fault {
            None => output::line(format_args!("ok      {}", one.rule)),
            Some(fault) => output::line(format_args!("FAILED  {}: {fault}", one.rule)),
        }
    }
}
