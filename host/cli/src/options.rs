//! How a data folder is opened, and above all where its master key comes from.

use std::io::{IsTerminal as _, stdin};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::{Context as _, bail};
use weighbridge::{
    Compile, CompileChild, CompileLimits, Conduct, ExpressionChild, ExpressionLimits, Expressions, MasterFile,
    MasterSource, Options, Passphrase,
};
use zeroize::Zeroizing;

use crate::args::Args;
use crate::config::{Config, Layers};
use crate::file;

/// `file:PATH`, `credential:NAME` or `passphrase`.
#[derive(Clone, Debug)]
pub(crate) enum MasterKeyArg {
    File(PathBuf),
    Credential(String),
    Passphrase,
}

impl FromStr for MasterKeyArg {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(path.into())),
            Some(("credential", name)) if !name.is_empty() && !name.contains('/') => Ok(Self::Credential(name.into())),
            None if text == "passphrase" => Ok(Self::Passphrase),
            _ => Err("write file:PATH, credential:NAME or passphrase".into()),
        }
    }
}

/// Which data folder is opened, under which configuration, by which master key.
pub(crate) struct Opening<'a> {
    pub(crate) data: &'a Path,
    pub(crate) config: Option<&'a Path>,
    pub(crate) master_key: Option<&'a MasterKeyArg>,
}

impl Args {
    /// How the data folder is opened.
    pub(crate) fn options(&self) -> anyhow::Result<Options> {
        self.opening().options_with(|| ask("Passphrase of the master key: "))
    }

    /// The same under default settings: for commands whose `--config` is a connection's.
    pub(crate) fn plain_options(&self) -> anyhow::Result<Options> {
        let opening = Opening { config: None, ..self.opening() };
        opening.options_with(|| ask("Passphrase of the master key: "))
    }

    /// How a data folder is made.
    pub(crate) fn new_options(&self) -> anyhow::Result<Options> {
        self.opening().new_options()
    }

    fn opening(&self) -> Opening<'_> {
        Opening { data: &self.data, config: self.config.as_deref(), master_key: self.master_key.as_ref() }
    }
}

impl Opening<'_> {
    /// How a data folder is made: a new passphrase is asked for twice.
    pub(crate) fn new_options(&self) -> anyhow::Result<Options> {
        self.options_with(new_passphrase)
    }

    fn options_with(&self, ask: impl Fn() -> anyhow::Result<Passphrase>) -> anyhow::Result<Options> {
        let options = Options { conduct: conduct(&Config::layers(self.config)?)?, ..at(self.data)? };
        let master = match self.master_key {
            None => return Ok(options),
            Some(MasterKeyArg::File(path)) => match file::read_before(path) {
                Some(text) => MasterSource::Read(MasterFile::new(path.clone(), Zeroizing::new(text?))),
                None => MasterSource::File(path.clone()),
            },
            Some(MasterKeyArg::Credential(name)) => {
                let folder = std::env::var_os("CREDENTIALS_DIRECTORY").context(
                    "keys.master_absent: no credentials were handed to this process; start it by the service manager, with LoadCredential",
                )?;
                MasterSource::Credential(PathBuf::from(folder).join(name))
            }
            Some(MasterKeyArg::Passphrase) => MasterSource::Passphrase(ask()?),
        };
        Ok(Options { master, ..options })
    }
}

/// How an engine conducts itself under a configuration.
pub(crate) fn conduct(layers: &Layers) -> anyhow::Result<Conduct> {
    let config = &layers.config;
    Ok(Conduct {
        outward: config.outward()?,
        mail: config.mail()?,
        rejected_days: config.rejected_days,
        retention: config.retention(),
        inbox_days: config.inbox_days,
        run_limits: config.run_limits(),
        space_min: config.space_min(),
        backups: config.backups()?,
        traces: config.traces()?,
        shown_certificate: config.shown_certificate(),
        settings: layers.shown()?,
    })
}

/// The defaults, with packages compiled, and expressions run, in processes of their own.
pub(crate) fn at(folder: &Path) -> anyhow::Result<Options> {
    let program = std::env::current_exe().context("system.program_unknown: where this program stands is not known")?;
    let (arguments, limits) = (vec!["evaluate-expressions".into()], ExpressionLimits::default());
    let expressions = Expressions::Child(ExpressionChild { program: program.clone(), arguments, limits });
    let (arguments, limits) = (vec!["compile-artefact".into()], CompileLimits::default());
    let compile = Compile::Child(CompileChild { program, arguments, limits });
    Ok(Options { compile, expressions, ..Options::at(folder) })
}

/// A passphrase that is to be remembered: asked for twice where a person types it.
pub(crate) fn new_passphrase() -> anyhow::Result<Passphrase> {
    let first = text("New passphrase of the master key: ")?;
    if first.len() < 12 {
        bail!(
            "keys.passphrase_short: a master key's passphrase has at least 12 characters; four or five random words are good"
        );
    }
    if stdin().is_terminal() && text("Once more: ")? != first {
        bail!("keys.passphrase_differs: the two passphrases are not the same; nothing was changed");
    }
    Ok(Passphrase::new(first))
}

fn ask(prompt: &str) -> anyhow::Result<Passphrase> {
    text(prompt).map(Passphrase::new)
}

/// From the terminal without an echo, or one line of what is piped in.
fn text(prompt: &str) -> anyhow::Result<Zeroizing<String>> {
    let unreadable = "keys.passphrase_unreadable: the passphrase cannot be read; type it, or pipe it in as one line";
    if stdin().is_terminal() {
        return rpassword::prompt_password(prompt).map(Zeroizing::new).context(unreadable);
    }
    let mut line = Zeroizing::new(String::new());
    stdin().read_line(&mut line).context(unreadable)?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
