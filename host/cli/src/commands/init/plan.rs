//! What is to be made, before any of it is.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Value, json};
use weighbridge::mail;
use weighbridge::model::time::Zone;

use super::{InitArgs, InitError};
use crate::args::Args;
use crate::options::MasterKeyArg;

/// The whole of it.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) data: PathBuf,
    pub(super) config: Option<PathBuf>,
    pub(super) master_key: Option<MasterKeyArg>,
    pub(super) listen: Option<SocketAddr>,
    pub(super) public_url: Option<String>,
    pub(super) certificate: Certificate,
    pub(super) behind_proxy: Vec<String>,
    pub(super) tenant: Option<String>,
    pub(super) zone: Option<String>,
    pub(super) operator: Option<String>,
    pub(super) owner: Option<String>,
}

/// What the host shows to browsers.
#[derive(Debug)]
pub(super) enum Certificate {
    /// None: it is reached on this machine only, or by a proxy.
    Nothing,
    Files {
        certificate: PathBuf,
        key: PathBuf,
    },
    /// One for this name that nobody vouches for.
    SelfMade(String),
}

impl Plan {
    /// As the flags say it.
    pub(super) fn of(args: &Args, init: &InitArgs) -> anyhow::Result<Self> {
        let certificate = match (&init.tls_certificate, &init.tls_key, &init.self_made_certificate) {
            (Some(certificate), Some(key), _) => {
                Certificate::Files { certificate: certificate.clone(), key: key.clone() }
            }
            (_, _, Some(name)) => Certificate::SelfMade(name.clone()),
            _ => Certificate::Nothing,
        };
        let plan = Self {
            data: args.data.clone(),
            config: args.config.clone(),
            master_key: args.master_key.clone(),
            listen: init.listen,
            public_url: init.public_url.clone(),
            certificate,
            behind_proxy: init.behind_proxy.clone(),
            tenant: init.tenant.clone(),
            zone: init.zone.clone(),
            operator: init.operator.clone(),
            owner: init.owner.clone(),
        };
        plan.check()?;
        Ok(plan)
    }

    /// What would be refused only after the data folder is made.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if let Some(operator) = &self.operator {
            mail::address(operator)?;
        }
        if let Some(zone) = &self.zone {
            Zone::named(zone).map_err(InitError::from)?;
        }
        if self.config.is_none() && !self.settings()?.is_empty() {
            return Err(InitError::NoConfiguration.into());
        }
        Ok(())
    }

    /// What the configuration is to say.
    pub(super) fn settings(&self) -> anyhow::Result<Vec<(&'static str, Value)>> {
        let mut settings = Vec::new();
        settings.extend(self.listen.map(|listen| ("listen", json!(listen))));
        settings.extend(self.public_url.as_ref().map(|url| ("public_url", json!(url))));
        if !self.behind_proxy.is_empty() {
            settings.push(("behind_proxy", json!(self.behind_proxy)));
        }
        let files = match &self.certificate {
            Certificate::Nothing => return Ok(settings),
            Certificate::Files { certificate, key } => [certificate.clone(), key.clone()],
            Certificate::SelfMade(_) => super::certificate::files(&self.data),
        };
        // The configuration's paths begin at the configuration, and these at the folder in which the command was typed.
        for (name, file) in ["tls_certificate", "tls_key"].into_iter().zip(&files) {
            settings.push((name, json!(whole(file)?)));
        }
        Ok(settings)
    }
}

fn whole(path: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("init.path: {} is no path; write another one", path.display()))
}
