//! `weighbridge connector …`

mod approve;
mod audit;
mod build;
mod dev;
mod diff;
mod inspect;
mod install;
mod keygen;
mod lint;
mod list;
mod new;
mod package;
mod pin;
mod record;
mod replay;
mod rollback;
mod rotate;
mod sign;
mod test;
mod verify;

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use weighbridge_forge::{Language, NewArgs, Pattern};

use crate::args::Args;
use crate::exit::Exit;

#[derive(Debug, Subcommand)]
pub(crate) enum ConnectorCommand {
    /// Write a connector that builds, to begin with.
    New {
        /// The folder to make.
        folder: PathBuf,
        /// The connector's name: `publisher.platform`.
        #[arg(long)]
        name: String,
        /// What the platform is like.
        #[arg(long, value_enum, default_value_t = Beginning::Rest)]
        from: Beginning,
        /// The language it is written in.
        #[arg(long, value_enum, default_value_t = Tongue::Rust)]
        lang: Tongue,
        /// The package whose component a declared connector uses: `weighbridge.rest` of a release, or of your own build.
        #[arg(long, value_name = "PACKAGE", required_if_eq("from", "declared"))]
        component: Option<PathBuf>,
        /// The folder of the language's SDK, instead of the copy that is written beside the sources.
        #[arg(long, value_name = "FOLDER")]
        sdk: Option<PathBuf>,
    },
    /// Compile a connector, make a package of it, and sign it where a key is given.
    Build {
        /// The connector's folder.
        folder: PathBuf,
        /// The file of the secret key to sign with.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// Where the package goes.
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        out: PathBuf,
        /// Build with the versions in the lock file or not at all: a crate gives the same bytes for the same sources.
        #[arg(long)]
        locked: bool,
    },
    /// Build at every save, run one page against a recording or the platform, and show what came of it.
    Dev(Box<dev::DevArgs>),
    /// Look through the manifest for what a reader would ask about.
    Lint {
        /// The connector's folder.
        folder: PathBuf,
        /// A package of the version before.
        #[arg(long, value_name = "PACKAGE")]
        against: Option<PathBuf>,
    },
    /// Show what one package promises and asks for that another does not.
    Diff {
        /// The package of before.
        old: PathBuf,
        /// The package of now.
        new: PathBuf,
    },
    /// Run the author's cases, then hold the package to the contract, with its recordings and without its platform.
    Test(test::TestArgs),
    /// Run a case against the real platform, and keep what it answered. No credential is kept.
    Record(record::RecordArgs),
    /// Run recorded cases again without the platform, and compare what comes out, byte for byte.
    Replay {
        /// The connector's folder.
        folder: PathBuf,
        /// One case instead of all.
        #[arg(long)]
        case: Option<String>,
    },
    /// Make a key pair to sign with.
    Keygen {
        /// The file of the secret key; the public one is written beside it.
        path: PathBuf,
    },
    /// Sign a package, or sign it anew.
    Sign {
        /// The package.
        package: PathBuf,
        /// The file of the secret key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
    /// Show what a package says of itself, without believing it.
    Inspect {
        /// The package.
        package: PathBuf,
    },
    /// Say whether a package would be installed here.
    Verify {
        /// The package.
        package: PathBuf,
    },
    /// Say that a new key of yours follows the old one: a statement for the operators who trust you.
    Rotate(rotate::RotateArgs),
    /// Install a signed package. One that asks for more than the version in use waits to be approved.
    Install {
        /// The package.
        package: PathBuf,
    },
    /// Install another version of a connector that is installed.
    Upgrade {
        /// The package.
        package: PathBuf,
    },
    /// Show the installed connectors, and which versions wait.
    List,
    /// Show what a version that waits asks for beyond the one in use, and take it.
    Approve(approve::ApproveArgs),
    /// Go back to a version that was used before.
    Rollback {
        /// The connector.
        name: String,
        /// The version.
        version: String,
    },
    /// Say which publisher alone may sign a connector of this name.
    Pin {
        /// The connector.
        name: String,
        /// The publisher.
        publisher: String,
    },
    /// Show everything that ever happened to a connector or a publisher, the newest last.
    Audit {
        /// The connector or the publisher.
        name: String,
    },
}

/// What a new connector begins from.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Beginning {
    /// A REST API with an access token.
    Rest,
    /// A REST API at which a person signs in by OAuth 2.
    Oauth,
    /// The same as the first, described in TOML and JSON and not programmed.
    Declared,
}

/// The language of a new connector.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Tongue {
    /// Rust.
    Rust,
    /// JavaScript or TypeScript.
    Javascript,
    /// Python.
    Python,
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Rust => Self::Rust,
            Tongue::Javascript => Self::JavaScript,
            Tongue::Python => Self::Python,
        }
    }
}

impl From<Beginning> for Pattern {
    fn from(from: Beginning) -> Self {
        match from {
            Beginning::Rest => Self::Rest,
            Beginning::Oauth => Self::OAuth,
            Beginning::Declared => Self::Declared,
        }
    }
}

pub(crate) async fn run(args: &Args, command: &ConnectorCommand) -> anyhow::Result<Exit> {
    match command {
        ConnectorCommand::New { folder, name, from, lang, component, sdk } => {
            let (folder, name, from) = (folder.clone(), name.clone(), (*from).into());
            let (component, sdk) = (component.clone(), sdk.clone());
            new::run(args, &NewArgs { folder, name, from, language: (*lang).into(), component, sdk })
        }
        ConnectorCommand::Build { folder, key, out, locked } => build::run(args, folder, key.as_deref(), out, *locked),
        ConnectorCommand::Dev(asked) => dev::run(args, asked).await,
        ConnectorCommand::Lint { folder, against } => lint::run(args, folder, against.as_deref()),
        ConnectorCommand::Diff { old, new } => diff::run(args, old, new),
        ConnectorCommand::Test(asked) => test::run(args, asked).await,
        ConnectorCommand::Record(asked) => record::run(args, asked).await,
        ConnectorCommand::Replay { folder, case } => replay::run(args, folder, case.as_deref()).await,
        ConnectorCommand::Keygen { path } => keygen::run(args, path),
        ConnectorCommand::Sign { package, key } => sign::run(args, package, key),
        ConnectorCommand::Inspect { package } => inspect::run(args, package),
        ConnectorCommand::Verify { package } => verify::run(args, package),
        ConnectorCommand::Rotate(asked) => rotate::run(args, asked),
        ConnectorCommand::Install { package } => install::run(args, package, false).await,
        ConnectorCommand::Upgrade { package } => install::run(args, package, true).await,
        ConnectorCommand::List => list::run(args),
        ConnectorCommand::Approve(asked) => approve::run(args, asked).await,
        ConnectorCommand::Rollback { name, version } => rollback::run(args, name, version).await,
        ConnectorCommand::Pin { name, publisher } => pin::run(args, name, publisher).await,
        ConnectorCommand::Audit { name } => audit::run(args, name),
    }
}
