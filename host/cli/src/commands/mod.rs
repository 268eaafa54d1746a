//! One command a file; what it prints goes through `output`.

pub(crate) mod apply;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod batch;
pub(crate) mod compile_artefact;
pub(crate) mod completions;
pub(crate) mod config;
pub(crate) mod connection;
pub(crate) mod connector;
pub(crate) mod doctor;
pub(crate) mod evaluate_expressions;
pub(crate) mod explain;
pub(crate) mod history;
pub(crate) mod init;
pub(crate) mod keys;
pub(crate) mod list;
pub(crate) mod mapping;
pub(crate) mod run_transfer;
pub(crate) mod serve;
pub(crate) mod support;
pub(crate) mod trust;
pub(crate) mod upgrade;
pub(crate) mod usage;

use std::process::ExitCode;
use std::time::Duration;

use weighbridge::{Engine, Options};

use crate::args::{Args, Command};
use crate::beside;
use crate::exit::Exit;
use crate::operations;

/// Carries a command out, here or by the host that has the store.
pub(crate) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    if args.command.changes_the_store()
        && let Some(exit) = beside::ask(args).await?
    {
        return Ok(exit);
    }
    Ok(carry_out(args).await?.into())
}

/// Carries a command out in this process.
pub(crate) async fn carry_out(args: &Args) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Init(init) => init::run(args, init).await,
        Command::Explain(explain) => explain::run(args, explain),
        Command::List(list) => list::run(args, list),
        Command::History(history) => history::run(args, history),
        Command::Usage(usage) => usage::run(args, usage),
        Command::Serve(serve) => serve::run(args, serve).await,
        Command::Upgrade(asked) => upgrade::run(args, asked).await,
        Command::Backup(command) => backup::run(args, command).await,
        Command::Keys(command) => keys::run(args, command).await,
        Command::Demo(demo) => crate::demo::run(args, demo).await,
        Command::Completions(completions) => Ok(completions::run(completions)),
        Command::Config(command) => config::run(args, command),
        Command::CompileArtefact(compile) => compile_artefact::run(compile),
        Command::EvaluateExpressions(evaluate) => evaluate_expressions::run(evaluate),
        Command::Mapping(command) => mapping::run(args, command).await,
        Command::Audit(audit) => audit::run(args, audit),
        Command::Operation(called) if !called.changes() => operations::run(args, called).await,
        Command::Doctor => doctor::run(args).await,
        Command::Support(command) => support::run(args, command).await,
        Command::Platforms(platforms) => crate::platforms::run(platforms).await,
        _ => change(args).await,
    }
}

/// Carries out a command of those that change the store: a host that serves does it for others too.
pub(crate) async fn change(args: &Args) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Apply(apply) => apply::run(args, apply).await,
        Command::Operation(called) => operations::run(args, called).await,
        Command::Run(run) => run_transfer::run(args, run).await,
        Command::Batch(batch) => batch::run(args, batch),
        Command::Connection(command) => connection::run(args, command).await,
        Command::Connector(command) => connector::run(args, command).await,
        Command::Trust(command) => trust::run(args, command).await,
        Command::Support(_) if let Some(engine) = beside::engine() => support::show(&engine).await,
        _ => anyhow::bail!("beside.not_here: a host that serves does not carry this command out"),
    }
}

/// Opens the data folder for writing, does something, and closes it again.
pub(crate) async fn writing<T>(args: &Args, work: impl AsyncFnOnce(&Engine) -> anyhow::Result<T>) -> anyhow::Result<T> {
    match beside::engine() {
        Some(engine) => work(&engine).await,
        None => with(args.options()?, work).await,
    }
}

/// The same, of options that are known already.
pub(crate) async fn with<T>(
    options: Options,
    work: impl AsyncFnOnce(&Engine) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let engine = Engine::open(options).await?;
    let done = work(&engine).await;
    engine.close(Duration::from_secs(10)).await?;
    done
}

/// Opens the data folder for reading, beside a host that writes.
pub(crate) fn reading(args: &Args) -> anyhow::Result<Engine> {
    Ok(Engine::open_reading(args.options()?)?)
}
