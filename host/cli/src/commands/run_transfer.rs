//! `weighbridge run TRANSFER`

use clap::Args as ClapArgs;
use serde_json::{Value, json};
use weighbridge::model::run::{Run, RunState};
use weighbridge::{Engine, RunOutcome};

use super::writing;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;
use crate::watch::Watch;

/// A path alone stands beside the verbs, and always has a `/`.
#[derive(Debug, ClapArgs)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct RunArgs {
    /// CUSTOMER/TRANSFER, or TENANT/CUSTOMER/TRANSFER.
    transfer: String,
}

pub(crate) async fn run(args: &Args, run: &RunArgs) -> anyhow::Result<Exit> {
    let outcome = writing(args, async |engine| watched(engine, &run.transfer, args.json).await).await?;
    show(&outcome, args.json);
    let exits = outcome.along.iter().map(|one| exit(&one.run)).filter(|exit| *exit != Exit::Done);
    Ok(exits.fold(exit(&outcome.run), |first, other| if first == Exit::Done { other } else { first }))
}

/// Runs it; an interrupt drains the host, and the run goes on another time.
async fn watched(engine: &Engine, transfer: &str, as_json: bool) -> anyhow::Result<RunOutcome> {
    let watch = Watch::spinner(format!("running {transfer}"), as_json);
    let run = engine.run(transfer);
    tokio::pin!(run);
    let mut interrupted = false;
    loop {
        tokio::select! {
            outcome = &mut run => return Ok(outcome?),
            _ = tokio::signal::ctrl_c(), if !interrupted => {
                interrupted = true;
                engine.drain();
                watch.say("stopping after this batch".into());
            }
            () = tokio::time::sleep(std::time::Duration::from_millis(200)) => {
                let tally = engine.counters().tally();
                watch.say(format!("running {transfer}: {} records in {} batches", tally.moved.delivered, tally.batches));
            }
        }
    }
}

pub(crate) const fn exit(run: &Run) -> Exit {
    match run.state {
        // A few rejected records are what the transfer allows; with too many the run has failed, whatever else it moved.
        RunState::PartiallySucceeded if run.failure.is_none() => Exit::Done,
        RunState::Succeeded => Exit::Done,
        RunState::Refused | RunState::Stopped | RunState::Cancelled => Exit::Refused,
        RunState::Failed | RunState::PartiallySucceeded | RunState::Running => Exit::Failed,
    }
}

/// The words that people read.
pub(crate) const fn state(run: &Run) -> &'static str {
    match run.state {
        RunState::Running => "interrupted",
        RunState::Succeeded => "succeeded",
        RunState::PartiallySucceeded => "partially succeeded",
        RunState::Refused => "not started",
        RunState::Stopped => "stopped",
        RunState::Failed => "failed",
        RunState::Cancelled => "cancelled",
    }
}

pub(crate) fn show(outcome: &RunOutcome, as_json: bool) {
    let run = &outcome.run;
    if as_json {
        let mut value = as_value(run, outcome.message.as_deref());
        if !outcome.along.is_empty() {
            value["along"] = outcome.along.iter().map(|one| as_value(&one.run, one.message.as_deref())).collect();
        }
        output::json(&value);
        return;
    }
    say(outcome);
    for one in &outcome.along {
        output::line(format_args!("along with it, run {}:", one.run.id));
        say(one);
    }
}

fn say(outcome: &RunOutcome) {
    let run = &outcome.run;
    let counts = run.counts;
    output::line(format_args!(
        "{}: read {}, delivered {}, filtered {}, {} bytes in {} batches and {} attempts",
        state(run),
        counts.read,
        counts.delivered,
        counts.filtered,
        counts.bytes,
        run.batches,
        run.attempts
    ));
    if counts.dead_lettered > 0 {
        let (rejected, run) = (counts.dead_lettered, run.id);
        output::line(format_args!("  rejected {rejected}: weighbridge rejected list CUSTOMER --run {run}"));
    }
    if let Some(refusal) = &run.refusal {
        output::line(format_args!("  {} ({}: {})", refusal.code.sentence(), refusal.place, refusal.code.as_str()));
        output::line(format_args!("  next: {}", refusal.code.next_step()));
    }
    if let Some(failure) = &run.failure {
        output::line(format_args!("  {}: {}", failure.code, outcome.message.as_deref().unwrap_or_default()));
    }
}

pub(crate) fn as_value(run: &Run, message: Option<&str>) -> Value {
    json!({
        "run": run.id,
        "state": run.state,
        "cause": run.cause,
        "started_at": run.started_at.to_string(),
        "ended_at": run.ended_at.map(|at| at.to_string()),
        "attempts": run.attempts,
        "batches": run.batches,
        "counts": run.counts,
        "refusal": run.refusal.as_ref().map(|refusal| json!({
            "code": refusal.code.as_str(),
            "level": refusal.place.to_string(),
            "sentence": refusal.code.sentence(),
            "next_step": refusal.code.next_step(),
        })),
        "failure": run.failure.as_ref().map(|failure| json!({
            "code": failure.code,
            "class": failure.class,
            "message": message,
        })),
    })
}
