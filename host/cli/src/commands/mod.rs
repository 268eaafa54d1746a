//! One command a file; what it prints goes through `output`.

pub(crate) mod apply;
pub(crate) mod batch;
pub(crate) mod compile_artefact;
pub(crate) mod connector;
pub(crate) mod explain;
pub(crate) mod history;
pub(crate) mod init;
pub(crate) mod list;
pub(crate) mod run_transfer;
pub(crate) mod serve;
pub(crate) mod trust;
pub(crate) mod usage;

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use weighbridge::{Compile, CompileChild, CompileLimits, Engine, Options};

use crate::args::{Args, Command};
use crate::exit::Exit;

/// Carries a command out.
pub(crate) async fn run(args: &Args) -> anyhow::Result<Exit> {
    match &args.command {
        Command::Init(init) => init::run(args, init).await,
        Command::Apply(apply) => apply::run(args, apply).await,
        Command::Run(run) => run_transfer::run(args, run).await,
        Command::Explain(explain) => explain::run(args, explain),
        Command::List(list) => list::run(args, list),
        Command::History(history) => history::run(args, history),
        Command::Usage(usage) => usage::run(args, usage),
        Command::Batch(batch) => batch::run(args, batch).await,
        Command::Serve(serve) => serve::run(args, serve).await,
        Command::Connector(command) => connector::run(args, command).await,
        Command::Trust(command) => trust::run(args, command).await,
        Command::Demo(demo) => crate::demo::run(args, demo).await,
        Command::CompileArtefact(compile) => compile_artefact::run(compile),
        Command::Platforms(platforms) => crate::platforms::run(platforms).await,
    }
}

/// The data folder, where packages are compiled in a process of their own.
pub(crate) fn options(folder: &Path) -> anyhow::Result<Options> {
    let program = std::env::current_exe().context("system.program_unknown: where this program stands is not known")?;
    let (arguments, limits) = (vec!["compile-artefact".into()], CompileLimits::default());
    let compile = Compile::Child(CompileChild { program, arguments, limits });
    Ok(Options { compile, ..Options::at(folder) })
}

/// Opens the data folder for writing, does something, and closes it again.
pub(crate) async fn writing<T>(
    folder: &Path,
    work: impl AsyncFnOnce(&Engine) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let engine = Engine::open(options(folder)?).await?;
    let done = work(&engine).await;
    engine.close(Duration::from_secs(10)).await?;
    done
}

/// Opens the data folder for reading, beside a host that writes.
pub(crate) fn reading(folder: &Path) -> anyhow::Result<Engine> {
    Ok(Engine::open_reading(options(folder)?)?)
}
