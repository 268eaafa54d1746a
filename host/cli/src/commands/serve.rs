//! `weighbridge serve`

use std::time::Duration;

use clap::Args as ClapArgs;
use tokio::signal::unix::{SignalKind, signal};
use weighbridge::{Engine, Folder};
use weighbridge_server::Server;

use crate::args::Args;
use crate::beside;
use crate::config::Config;
use crate::exit::Exit;
use crate::logs;

#[derive(Debug, ClapArgs)]
pub(crate) struct ServeArgs {}

pub(crate) async fn run(args: &Args, _serve: &ServeArgs) -> anyhow::Result<Exit> {
    let config = Config::read(args.config.as_deref())?;
    logs::begin(&config.log, config.log_json || args.json)?;
    let engine = Engine::open(args.options()?).await?;
    let server = Server::bind(config.listen).await?;
    tracing::info!(address = %server.address()?, data = %args.data.display(), "ready");
    let callback = config.callback(server.address()?)?;
    let serving = tokio::spawn(server.serve(engine.clone(), callback));
    let commanded = tokio::spawn(commands(Folder::at(&args.data), engine.clone()));
    let scheduling = tokio::spawn(engine.clone().keep_schedules(config.transfers_max));
    let exit = stopped(&engine).await?;
    tracing::info!("stopping: running batches settle first");
    engine.drain();
    let drained = engine.close(Duration::from_secs(config.drain_s)).await;
    scheduling.abort();
    serving.abort();
    commanded.abort();
    if exit == Exit::Done {
        drained?;
    }
    Ok(exit)
}

/// Carries the operator's commands out. A host without a socket does its work all the same.
async fn commands(folder: Folder, engine: Engine) {
    match beside::Listener::bind(&folder) {
        Ok(listener) => listener.serve(engine).await,
        Err(error) => tracing::warn!(%error, "commands beside this host will not be carried out"),
    }
}

/// Waits for a signal, or for a commit of which nobody knows.
async fn stopped(engine: &Engine) -> anyhow::Result<Exit> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let unknown = async {
        match engine.store_stopped() {
            Some(mut stopped) => stopped.wait_for(|stopped| *stopped).await.map(|_| ()).unwrap_or(()),
            None => std::future::pending().await,
        }
    };
    Ok(tokio::select! {
        _ = terminate.recv() => Exit::Done,
        _ = interrupt.recv() => Exit::Done,
        () = unknown => Exit::Unknown,
    })
}
