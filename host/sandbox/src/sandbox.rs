//! The sandbox: one engine, its pool of guests, and the door to both.

use std::sync::Arc;

use tokio::sync::Semaphore;
use wasmtime::component::{HasSelf, Linker};
use wasmtime::{Engine, Store};
use weighbridge_model::package::VerifiedPackage;

use crate::answers::Answers;
use crate::artefact::ArtefactStore;
use crate::bindings;
use crate::compile::{Compile, CompileError};
use crate::connector::{Connector, LoadError, Workshop};
use crate::cpu;
use crate::engine;
use crate::guest::Guest;
use crate::limits::Limits;
use crate::outcome::{self, Stopped};
use crate::state::State;
use crate::ticker;

/// How large a sandbox is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Guests that may live at once; one more is refused.
    pub guests_max: u32,
    /// The most memory that any one guest's limits can give it.
    pub memory_bytes_max: usize,
    /// The largest component that is compiled.
    pub component_bytes_max: usize,
    /// Whether to keep memory ready for guests, where the kernel can.
    pub pooling: bool,
    /// Where components are compiled.
    pub compile: Compile,
    /// Instructions that one call may take, counted as the engine counts them: the same in every run. It costs half as much
    /// again, so it is for authors alone; they compile in their own process, since a child's code counts nothing.
    pub call_fuel: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            guests_max: 256,
            memory_bytes_max: 256 * 1024 * 1024,
            component_bytes_max: 64 * 1024 * 1024,
            pooling: true,
            compile: Compile::default(),
            call_fuel: None,
        }
    }
}

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
#[error("the WebAssembly engine does not start on this machine: {reason}")]
pub struct SandboxError {
    reason: String,
}

impl SandboxError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        "sandbox.engine"
    }
}

/// Why a guest did not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// As many guests live as may; ask again when one has ended.
    #[error("all {guests_max} places for running connectors are taken; try again later, or raise `guests_max`")]
    Full {
        /// How many there are.
        guests_max: u32,
    },
    /// Its own start-up code broke a rule.
    #[error(transparent)]
    Stopped(#[from] Stopped),
}

impl StartError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Full { .. } => "sandbox.full",
            Self::Stopped(stopped) => stopped.stop.code(),
        }
    }
}

/// The only place where foreign code runs. Several may live in one process and share nothing.
#[derive(Clone)]
pub struct Sandbox {
    workshop: Workshop,
    /// One compilation at a time: it is the one thing here that takes whole cores.
    compiling: Arc<Semaphore>,
    places: Arc<Semaphore>,
    guests_max: u32,
    call_fuel: Option<u64>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("guests_max", &self.guests_max).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Makes the engine and starts its ticker.
    pub fn new(settings: &Settings) -> Result<Self, SandboxError> {
        let broken = |error: wasmtime::Error| SandboxError { reason: format!("{error:#}") };
        let engine = engine::make(settings).map_err(broken)?;
        ticker::start(&engine).map_err(|error| SandboxError { reason: error.to_string() })?;
        let workshop = Workshop {
            linker: Arc::new(link(&engine).map_err(broken)?),
            fingerprint: engine::fingerprint(&engine),
            bytes_max: settings.component_bytes_max,
            compile: settings.compile.clone(),
            engine,
        };
        Ok(Self {
            workshop,
            compiling: Arc::new(Semaphore::new(1)),
            places: Arc::new(Semaphore::new(settings.guests_max as usize)),
            guests_max: settings.guests_max,
            call_fuel: settings.call_fuel,
        })
    }

    /// Compiles a package, or takes the artefact of an earlier time, on a thread that may block.
    pub async fn load(&self, package: &VerifiedPackage, artefacts: &ArtefactStore) -> Result<Connector, LoadError> {
        let (workshop, artefacts, package) = (self.workshop.clone(), artefacts.clone(), package.clone());
        let gone = |reason: String| LoadError::from(CompileError::crashed(reason));
        let permit = Arc::clone(&self.compiling).acquire_owned().await.map_err(|error| gone(error.to_string()))?;
        let compile = move || {
            let _one_at_a_time = permit;
            workshop.make(&package, &artefacts)
        };
        tokio::task::spawn_blocking(compile).await.map_err(|error| gone(error.to_string()))?
    }

    /// Starts one guest for one attempt and one side.
    pub async fn start(
        &self,
        connector: &Connector,
        limits: Limits,
        answers: Box<dyn Answers>,
    ) -> Result<Guest, StartError> {
        let full = StartError::Full { guests_max: self.guests_max };
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| full.clone())?;
        let wall = limits.call_wall;
        let mut store = self.store(limits, answers);
        if let Some(fuel) = self.call_fuel {
            store.set_fuel(fuel).map_err(|error| outcome::classify(&error))?;
        }
        match tokio::time::timeout(wall, connector.pre.instantiate_async(&mut store)).await {
            Ok(Ok(bindings)) => Ok(Guest::new(store, bindings, place, self.call_fuel)),
            Ok(Err(error)) if error.downcast_ref::<wasmtime::PoolConcurrencyLimitError>().is_some() => Err(full),
            Ok(Err(error)) => Err(outcome::classify(&error).into()),
            Err(_) => Err(Stopped::plain(outcome::Stop::DeadlinePassed).into()),
        }
    }

    /// What a trial needs.
    pub(crate) fn parts(&self) -> (Engine, Compile) {
        (self.workshop.engine.clone(), self.workshop.compile.clone())
    }

    fn store(&self, limits: Limits, answers: Box<dyn Answers>) -> Store<State> {
        let handles = limits.handles;
        let mut store = Store::new(&self.workshop.engine, State::new(answers, limits));
        store.limiter(|state| &mut state.ceiling);
        store.set_hostcall_fuel(engine::HOSTCALL_BYTES);
        store.set_max_component_handles(handles);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|context| cpu::tick(context.data()));
        store.call_hook(|context, hook| {
            context.data().cpu.turn(hook);
            Ok(())
        });
        store
    }
}

fn link(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    bindings::Connector::add_to_linker::<_, HasSelf<_>>(&mut linker, |state| state)?;
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    Ok(linker)
}
