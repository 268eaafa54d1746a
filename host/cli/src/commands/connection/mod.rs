//! `weighbridge connection …`

mod authorise;
mod revoke;
mod status;

use clap::Subcommand;

use crate::args::Args;
use crate::exit::Exit;

#[derive(Debug, Subcommand)]
pub(crate) enum ConnectionCommand {
    /// Print the address where a person signs in at the platform, and the one-time code for when they come back.
    /// `--config` names the configuration of the host that they come back to.
    Authorise {
        /// `CONNECTION` of the tenant itself, `CUSTOMER/CONNECTION`, or `TENANT/CUSTOMER/CONNECTION` (`-` for no customer).
        connection: String,
        /// Do not wait until they are back; a host that serves answers them.
        #[arg(long)]
        no_wait: bool,
    },
    /// Show how the grant of a connection stands.
    Status {
        /// As above.
        connection: String,
    },
    /// Forget the tokens of a connection, and take the grant back at the platform.
    Revoke {
        /// As above.
        connection: String,
    },
}

pub(crate) async fn run(args: &Args, command: &ConnectionCommand) -> anyhow::Result<Exit> {
    match command {
        ConnectionCommand::Authorise { connection, no_wait } => authorise::run(args, connection, *no_wait).await,
        ConnectionCommand::Status { connection } => status::run(args, connection),
        ConnectionCommand::Revoke { connection } => revoke::run(args, connection).await,
    }
}
