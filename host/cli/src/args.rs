//! What may be written on the command line. The text here is the help.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::commands;
use crate::operations::{self, Called};
use crate::options::MasterKeyArg;

/// A self-hosted integration engine: nothing moves until it is allowed, inside its window, and weighed.
#[derive(Debug, Parser)]
#[command(name = "weighbridge", version, about, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// The data folder.
    #[arg(long, global = true, value_name = "FOLDER", default_value = "weighbridge-data")]
    pub(crate) data: PathBuf,
    /// Where the master key is: `file:PATH`, `credential:NAME` of the service manager, or `passphrase`, which is asked for.
    /// `master.key` in the data folder where it is left out.
    #[arg(long, global = true, value_name = "SOURCE")]
    pub(crate) master_key: Option<MasterKeyArg>,
    /// The configuration file (TOML); defaults where it is left out, and the environment's `WEIGHBRIDGE_SETTING_…` above both
    /// (`config example` shows all settings). What it says of `[egress]` and `[mail]` holds for every command.
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Answer in JSON, for scripts.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Args {
    /// All commands, the verbs of operations among them.
    pub(crate) fn tree() -> clap::Command {
        operations::extend(Self::command())
    }

    /// Reads the words of a command line.
    pub(crate) fn read<I, T>(words: I) -> Result<Self, clap::Error>
    where
        I: IntoIterator<Item = T>,
        T: Into<OsString> + Clone,
    {
        let matches = Self::tree().try_get_matches_from(words)?;
        let Some(called) = operations::called(&matches) else { return Self::from_arg_matches(&matches) };
        Ok(Self {
            data: matches.get_one::<PathBuf>("data").cloned().unwrap_or_default(),
            master_key: matches.get_one::<MasterKeyArg>("master_key").cloned(),
            config: matches.get_one::<PathBuf>("config").cloned(),
            json: matches.get_flag("json"),
            command: Command::Operation(Box::new(called)),
        })
    }
}

impl Command {
    /// Whether a host that serves carries it out where it is asked to.
    pub(crate) fn is_a_hosts(&self) -> bool {
        matches!(self, Self::Support(_)) || self.changes_the_store()
    }

    /// Whether it needs the store for writing, and is over when it has answered: a host that serves can carry it out.
    pub(crate) fn changes_the_store(&self) -> bool {
        use commands::{connection::ConnectionCommand, connector::ConnectorCommand, trust::TrustCommand};
        match self {
            Self::Apply(apply) => !apply.plan,
            Self::Run(_) => true,
            Self::Operation(called) => called.changes(),
            Self::Connection(command) => matches!(command, ConnectionCommand::Revoke { .. }),
            Self::Connector(command) => matches!(
                command,
                ConnectorCommand::Install { .. }
                    | ConnectorCommand::Upgrade { .. }
                    | ConnectorCommand::Approve(_)
                    | ConnectorCommand::Rollback { .. }
                    | ConnectorCommand::Pin { .. }
            ),
            Self::Trust(command) => !matches!(command, TrustCommand::List),
            _ => false,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Begin a host: its data folder, keys, configuration, first operator and first tenant. At a terminal it asks for them.
    Init(commands::init::InitArgs),
    /// Make things as a document says: tenants, integrations, customers, connections, endpoints, mappings, transfers.
    Apply(commands::apply::ApplyArgs),
    /// Run a transfer now, and wait for it.
    Run(commands::run_transfer::RunArgs),
    /// Say why a transfer is (not) running, and when that changes.
    Explain(commands::explain::ExplainArgs),
    /// Show what there is: connectors, integrations, customers, endpoints and transfers, by name.
    List(commands::list::ListArgs),
    /// Show the last runs.
    History(commands::history::HistoryArgs),
    /// Try a mapping on sample records: nothing is written, and no transfer is needed.
    #[command(subcommand)]
    Mapping(commands::mapping::MappingCommand),
    /// Show what was used, beside what was granted.
    Usage(commands::usage::UsageArgs),
    /// Look at batches whose outcome is in doubt, or give one up.
    #[command(subcommand)]
    Batch(commands::batch::BatchCommand),
    /// Run schedules, and answer: the console, the API, pulls, connect links, health; and figures where the configuration says.
    Serve(commands::serve::ServeArgs),
    /// The audit log: read, verify and sign it. With a name: what was done to that integration, or whatever else has it.
    Audit(commands::audit::AuditArgs),
    /// Look whether all is as it should be: versions, keys, clock, disk, sandbox, certificates, proxy, mail, every platform's address, and
    /// what stands still. Nothing is changed; the exit code is 1 where something does not work.
    Doctor,
    /// What this host tells whoever helps its operator: look at it, and pack it.
    #[command(subcommand)]
    Support(commands::support::SupportCommand),
    /// The configuration: check it, show it, begin with an example.
    #[command(subcommand)]
    Config(commands::config::ConfigCommand),
    /// Connected systems: connect, label, switch, check, and let a person authorise one at its platform.
    #[command(subcommand)]
    Connection(commands::connection::ConnectionCommand),
    /// Make, build, sign, inspect and install connectors.
    #[command(subcommand)]
    Connector(commands::connector::ConnectorCommand),
    /// Say whose connectors may be installed.
    #[command(subcommand)]
    Trust(commands::trust::TrustCommand),
    /// Look after the keys: rotate the master key, export the ring for the safe, bring it back.
    #[command(subcommand)]
    Keys(commands::keys::KeysCommand),
    /// Backups: take one and list them, check one, restore one into an empty data folder.
    #[command(subcommand)]
    Backup(commands::backup::BackupCommand),
    /// Bring the store to the format of this version, as the first host that opens it would; or try that on a copy.
    Upgrade(commands::upgrade::UpgradeArgs),
    /// See the whole of it work on two small platforms on this machine.
    Demo(crate::demo::DemoArgs),
    /// Print what makes a shell complete these commands.
    Completions(commands::completions::CompletionsArgs),
    /// Compile a connector from standard input, for this program itself.
    #[command(hide = true)]
    CompileArtefact(commands::compile_artefact::CompileArgs),
    /// An operation of the API.
    #[command(skip)]
    Operation(Box<Called>),
    /// Run jq expressions on records from standard input, for this program itself.
    #[command(hide = true)]
    EvaluateExpressions(commands::evaluate_expressions::EvaluateArgs),
    /// Serve the demo's two small platforms on loopback, to try things with.
    Platforms(crate::platforms::PlatformsArgs),
}
