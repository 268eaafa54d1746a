//! `weighbridge init`: from nothing to a host that may be started.

mod certificate;
mod configuration;
mod error;
mod owner;
mod people;
mod plan;
mod questions;
mod told;
mod traces;

use std::io::{IsTerminal as _, stderr, stdin};
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args as ClapArgs;
use weighbridge::{Engine, Folder};

use self::certificate::SelfMade;
use self::configuration::Configured;
pub(crate) use self::error::InitError;
use self::plan::{Certificate, Plan};
use self::traces::Traces;
use super::with;
use crate::args::Args;
use crate::config::Config;
use crate::exit::Exit;
use crate::options::Opening;

#[derive(Clone, Debug, Default, PartialEq, Eq, ClapArgs)]
pub(crate) struct InitArgs {
    /// The mail address of the first operator, who gets a link that opens once.
    #[arg(long, value_name = "ADDRESS")]
    operator: Option<String>,
    /// The first tenant's name.
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
    /// The first tenant's IANA time zone.
    #[arg(long, value_name = "ZONE", requires = "tenant")]
    zone: Option<String>,
    /// Where the host answers, such as `0.0.0.0:8686`. This and what follows is written to the file that `--config` names.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The address at which browsers reach it, such as `https://weighbridge.example.com`.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// A file with the certificate chain that it shows, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_certificate: Option<PathBuf>,
    /// A file with the certificate's key, PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    tls_key: Option<PathBuf>,
    /// Make a certificate for this name that nobody vouches for, to begin with: browsers warn of it.
    #[arg(long, value_name = "NAME", conflicts_with = "tls_certificate")]
    self_made_certificate: Option<String>,
    /// A network of the proxy in front that does TLS for this host; several where it is repeated.
    #[arg(long, value_name = "NETWORK")]
    behind_proxy: Vec<String>,
    /// The user of this machine that the host runs as: what is made here is given to that user.
    #[arg(long, value_name = "USER")]
    owner: Option<String>,
    /// Ask nothing: what no flag names is left out. Without a terminal, or with any of the flags above, nothing is asked either.
    #[arg(long)]
    no_questions: bool,
}

pub(crate) async fn run(args: &Args, init: &InitArgs) -> anyhow::Result<Exit> {
    if !Folder::at(&args.data).store().exists() && asks(args, init) {
        let plan = questions::ask(Plan::of(args, init)?, stdin().lock(), stderr())?;
        return match plan {
            Some(plan) => carry_out(args, &plan).await,
            None => Ok(Exit::Failed),
        };
    }
    carry_out(args, &Plan::of(args, init)?).await
}

/// Somebody sits there, and has said nothing of what they want.
fn asks(args: &Args, init: &InitArgs) -> bool {
    *init == InitArgs::default() && !args.json && stdin().is_terminal() && stderr().is_terminal()
}

async fn carry_out(args: &Args, plan: &Plan) -> anyhow::Result<Exit> {
    let owner = plan.owner.as_deref().map(owner::find).transpose()?;
    let opening = Opening { data: &plan.data, config: plan.config.as_deref(), master_key: plan.master_key.as_ref() };
    let mut traces = Traces::default();
    // Until the data folder is whole, nothing that was made for it stays where something is wrong.
    let (made, options) = match begin(plan, &opening, &mut traces).await {
        Ok(begun) => begun,
        Err(error) => {
            traces.take_back();
            return Err(error);
        }
    };
    let folder = options.folder.clone();
    let origin = Config::read(opening.config)?.origin()?;
    let peopled = with(options, async |engine| {
        engine.reached_at(&origin);
        people::let_in(engine, plan).await
    });
    let peopled = peopled.await.with_context(|| {
        format!(
            "init.half_done: {} is made and can be served; add what is missing by `tenant add` and `operator invite`",
            plan.data.display()
        )
    });
    if let Some(owner) = owner {
        owner.gets(&plan.data)?;
    }
    told::say(args, plan, &folder, &made, &peopled?);
    Ok(Exit::Done)
}

/// What stands beside the data folder.
struct Made {
    configured: Configured,
    certificate: Option<SelfMade>,
}

/// The files, and then the data folder itself: the configuration is one that a host can serve with.
async fn begin(
    plan: &Plan,
    opening: &Opening<'_>,
    traces: &mut Traces,
) -> anyhow::Result<(Made, weighbridge::Options)> {
    let folder = Folder::at(&plan.data);
    if folder.store().exists() || folder.keys().exists() {
        return Err(weighbridge::EngineError::Present(plan.data.clone()).into());
    }
    if !plan.data.exists() {
        let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&plan.data);
        made.map_err(|source| InitError::Folder { path: plan.data.clone(), source })?;
        traces.folder(&plan.data);
    }
    let certificate = match &plan.certificate {
        Certificate::SelfMade(name) => Some(certificate::make(name, &plan.data, traces)?),
        _ => None,
    };
    let configured = configuration::write(plan, traces)?;
    let options = opening.new_options()?;
    Engine::init(&options).await?;
    traces.stay();
    Ok((Made { configured, certificate }, options))
}
