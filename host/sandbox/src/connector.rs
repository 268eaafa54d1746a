//! A connector, compiled once and ready to start guests.

use std::sync::Arc;

use wasmtime::Engine;
use wasmtime::component::{Component, Linker};
use weighbridge_model::package::{Digest, VerifiedPackage};

use crate::artefact::{self, ArtefactStore, Origin};
use crate::bindings::ConnectorPre;
use crate::compile::{Compile, CompileError};
use crate::interfaces;
use crate::state::State;

/// A loaded connector. Cloning it is cheap; its guests share code and nothing else.
#[derive(Clone)]
pub struct Connector {
    pub(crate) pre: Arc<ConnectorPre<State>>,
    digest: Digest,
}

impl Connector {
    /// The digest of the package it came from.
    pub const fn digest(&self) -> Digest {
        self.digest
    }
}

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connector").field("digest", &self.digest).finish_non_exhaustive()
    }
}

/// Why a package gives no connector.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// Larger than the operator allows.
    #[error("the package has {bytes} bytes and at most {bytes_max} are allowed; build it smaller, or raise the limit")]
    TooLarge {
        /// What it has.
        bytes: usize,
        /// What is allowed.
        bytes_max: usize,
    },
    /// Not a WebAssembly component.
    #[error("the package is not a WebAssembly component: {reason}; build it with `weighbridge connector build`")]
    Malformed {
        /// What the reader found.
        reason: String,
    },
    /// It asks for something this host does not have.
    #[error(
        "the connector needs `{interface}`, which Weighbridge {} does not have; install a newer Weighbridge, or an older \
         version of the connector",
        env!("CARGO_PKG_VERSION")
    )]
    InterfaceAbsent {
        /// The interface, with its version.
        interface: String,
    },
    /// It does not export what every connector must.
    #[error(
        "the component does not fit the connector contract: {reason}; build it against this version's `schemas/wit`"
    )]
    Unfit {
        /// Which part does not fit.
        reason: String,
    },
    /// It is not compiled.
    #[error(transparent)]
    Compile(#[from] CompileError),
}

impl LoadError {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "connector.too_large",
            Self::Malformed { .. } => "connector.malformed",
            Self::InterfaceAbsent { .. } => "connector.interface_absent",
            Self::Unfit { .. } => "connector.unfit",
            Self::Compile(error) => error.code(),
        }
    }
}

/// What loading needs of its sandbox.
#[derive(Clone)]
pub(crate) struct Workshop {
    pub(crate) engine: Engine,
    pub(crate) linker: Arc<Linker<State>>,
    pub(crate) fingerprint: [u8; 32],
    pub(crate) bytes_max: usize,
    pub(crate) compile: Compile,
}

impl Workshop {
    /// Blocks while it compiles.
    pub(crate) fn make(&self, package: &VerifiedPackage, artefacts: &ArtefactStore) -> Result<Connector, LoadError> {
        let bytes = package.bytes();
        if bytes.len() > self.bytes_max {
            return Err(LoadError::TooLarge { bytes: bytes.len(), bytes_max: self.bytes_max });
        }
        check_interfaces(bytes)?;
        let origin = Origin { package: package.digest(), fingerprint: self.fingerprint };
        if let Some(component) = artefacts.load(&self.engine, &origin) {
            return self.connector(package, &component);
        }
        let artefact = self.compile.artefact(&self.engine, bytes)?;
        let component = artefact::revive(&self.engine, &artefact);
        let component = component.ok_or_else(|| CompileError::crashed("its answer is no artefact of this engine"))?;
        let component = component.map_err(|error| CompileError::Refused { reason: format!("{error:#}") })?;
        let connector = self.connector(package, &component)?;
        if let Err(error) = artefacts.keep(&origin, &artefact) {
            // The connector runs all the same; the next start compiles it again.
            tracing::warn!(%error, "a compiled connector could not be kept");
        }
        Ok(connector)
    }

    fn connector(&self, package: &VerifiedPackage, component: &Component) -> Result<Connector, LoadError> {
        let unfit = |error: wasmtime::Error| LoadError::Unfit { reason: format!("{error:#}") };
        let pre = self.linker.instantiate_pre(component).map_err(unfit)?;
        Ok(Connector { pre: Arc::new(ConnectorPre::new(pre).map_err(unfit)?), digest: package.digest() })
    }
}

fn check_interfaces(bytes: &[u8]) -> Result<(), LoadError> {
    if !wasmparser::Parser::is_component(bytes) {
        return Err(LoadError::Malformed { reason: "it does not begin as one".into() });
    }
    match interfaces::absent(bytes) {
        Ok(None) => Ok(()),
        Ok(Some(interface)) => Err(LoadError::InterfaceAbsent { interface }),
        Err(error) => Err(LoadError::Malformed { reason: error.to_string() }),
    }
}
