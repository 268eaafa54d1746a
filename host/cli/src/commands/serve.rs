//! `weighbridge serve`

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args as ClapArgs;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::JoinHandle;
use weighbridge::model::access::ActorRef;
use weighbridge::support::RecentLog;
use weighbridge::{Engine, Folder, Options, SettingsSource, Traces};
use weighbridge_server::{Rules, Server};

use crate::args::Args;
use crate::beside;
use crate::config::Config;
use crate::exit::Exit;
use crate::logs;
use crate::reload::Reload;
use crate::supervisor;

#[derive(Debug, ClapArgs)]
pub(crate) struct ServeArgs {}

pub(crate) async fn run(args: &Args, _serve: &ServeArgs) -> anyhow::Result<Exit> {
    let config = Config::read(args.config.as_deref())?;
    let (recent_log, traces) = (RecentLog::default(), Traces::default());
    let logs = logs::begin(&config, args.json, &recent_log, traces.clone())?;
    let engine = Engine::open(Options { recent_log, ..args.options()? }).await?;
    let told = tokio::spawn(engine.clone().send_traces(traces.clone()));
    let mut signals = Signals::take()?;
    let settings = config.settings()?;
    settings.protects(config.listen)?;
    // First, so that they are there when the host is ready.
    let socket = commands_socket(args);
    let figures = Figures::begin(&config, &engine).await?;
    let server = Server::bind(config.listen).await?.with(settings)?;
    let stopper = server.stopper();
    let address = server.address()?;
    let reload = Reload::new(config.clone(), logs, server.rules(), figures.rules.clone());
    let source: Arc<dyn SettingsSource> = Arc::new(reload.clone());
    engine.settings_come_from(&source);
    tracing::info!(%address, data = %args.data.display(), "ready");
    let callback = config.callback(address)?;
    let mut serving = tokio::spawn(server.serve(engine.clone(), callback));
    let commanded = socket.map(|socket| tokio::spawn(socket.serve(engine.clone())));
    let scheduling = tokio::spawn(engine.clone().keep_schedules());
    let reloading = tokio::spawn(reload_at_hangup(signals.hangup, engine.clone(), address));
    let watched = tokio::spawn(supervisor::keep_watched());
    supervisor::ready(address);
    let exit = stopped(&mut signals.ends, &engine).await;
    supervisor::stopping();
    tracing::info!("stopping: running batches settle first");
    engine.drain();
    stopper.stop();
    let patience = Duration::from_secs(reload.config().drain_s);
    let _ = tokio::time::timeout(patience.min(ANSWERS_END), &mut serving).await;
    let drained = engine.close(patience).await;
    traces.close();
    let _ = tokio::time::timeout(TRACES_END, told).await;
    for task in [reloading, scheduling, serving, watched].iter().chain(&figures.task).chain(&commanded) {
        task.abort();
    }
    if exit == Exit::Done {
        drained?;
    }
    Ok(exit)
}

/// Who shows figures, where the configuration says so. What is asked for is answered in a moment or not at all.
#[derive(Default)]
struct Figures {
    task: Option<JoinHandle<()>>,
    rules: Option<Rules>,
}

impl Figures {
    async fn begin(config: &Config, engine: &Engine) -> anyhow::Result<Self> {
        let Some(metrics) = config.metrics()? else { return Ok(Self::default()) };
        let server = Server::bind(metrics.address).await?.with(metrics.settings)?;
        tracing::info!(address = %server.address()?, "figures are shown");
        let rules = Some(server.rules());
        Ok(Self { task: Some(tokio::spawn(server.serve_metrics(engine.clone()))), rules })
    }
}

/// So long a collector has to take the last spans when the host stops.
const TRACES_END: Duration = Duration::from_secs(3);

/// So long answers that are under way may take when the host stops.
const ANSWERS_END: Duration = Duration::from_secs(10);

/// The signals that mean something here. They are taken before the host is ready: one that comes earlier ends the process.
struct Signals {
    hangup: Signal,
    ends: [Signal; 2],
}

impl Signals {
    fn take() -> io::Result<Self> {
        let ends = [signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?];
        Ok(Self { hangup: signal(SignalKind::hangup())?, ends })
    }
}

/// Reads the configuration again at every SIGHUP, which ends nothing here. What came of it stands in the log.
async fn reload_at_hangup(mut hangup: Signal, engine: Engine, address: SocketAddr) {
    while hangup.recv().await.is_some() {
        supervisor::reloading();
        let _ = engine.reload(ActorRef::HOST).await;
        supervisor::ready(address);
    }
}

/// Where the operator's commands come in. A host without a socket does its work all the same.
fn commands_socket(args: &Args) -> Option<beside::Listener> {
    let bound = beside::Listener::bind(&Folder::at(&args.data));
    bound.inspect_err(|error| tracing::warn!(%error, "commands beside this host will not be carried out")).ok()
}

/// Waits for a signal, or for a commit of which nobody knows.
async fn stopped([terminate, interrupt]: &mut [Signal; 2], engine: &Engine) -> Exit {
    let unknown = async {
        match engine.store_stopped() {
            Some(mut stopped) => stopped.wait_for(|stopped| *stopped).await.map(|_| ()).unwrap_or(()),
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = terminate.recv() => Exit::Done,
        _ = interrupt.recv() => Exit::Done,
        () = unknown => Exit::Unknown,
    }
}
