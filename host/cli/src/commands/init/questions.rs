//! What a person is asked who said nothing: one question a line, with what is taken where they only press return.

use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use weighbridge::mail;
use weighbridge::model::time::Zone;

use super::plan::{Certificate, Plan};
use crate::options::MasterKeyArg;

/// Asks for everything, and gives the plan unless it is not wanted in the end.
pub(super) fn ask(mut plan: Plan, reads: impl BufRead, says: impl Write) -> anyhow::Result<Option<Plan>> {
    let mut talk = Talk { reads, says };
    talk.say("A new host is made. Press return to take what is in brackets.")?;
    plan.data = talk.ask("Data folder", &plan.data.display().to_string(), |text| Ok(PathBuf::from(text)))?;
    let beside = plan.data.join("master.key");
    let master = talk.ask("Master key: in a file, or a passphrase that is typed at every start", "file", master_key)?;
    plan.master_key = plan.master_key.or(match master {
        Master::File => None,
        Master::Passphrase => Some(MasterKeyArg::Passphrase),
    });
    if plan.master_key.is_none() {
        let path = talk.ask("File of the master key", &beside.display().to_string(), |text| Ok(PathBuf::from(text)))?;
        plan.master_key = Some(path).filter(|path| *path != beside).map(MasterKeyArg::File);
    }
    let config = plan.config.take().unwrap_or_else(|| "weighbridge.toml".into());
    plan.config = Some(talk.ask("Configuration file", &config.display().to_string(), |text| Ok(PathBuf::from(text)))?);
    if !plan.config.as_ref().is_some_and(|path| path.exists()) {
        reach(&mut plan, &mut talk)?;
    }
    plan.operator = talk.ask("Mail address of the first operator, if any", "", |text| match text {
        "" => Ok(None),
        email => mail::address(email).map(|email| Some(email.to_owned())).map_err(|problem| problem.to_string()),
    })?;
    plan.tenant = talk.ask("Name of the first tenant, if any", "", |text| Ok(Some(text.to_owned())))?;
    plan.tenant = plan.tenant.filter(|name| !name.is_empty());
    if plan.tenant.is_some() {
        let zone = |text: &str| Zone::named(text).map(|_| text.to_owned()).map_err(|error| error.to_string());
        plan.zone = Some(talk.ask("Its time zone", "UTC", zone)?);
    }
    plan.check()?;
    let goes_on = talk.ask("Make all this?", "yes", |text| match text {
        "yes" | "y" => Ok(true),
        "no" | "n" => Ok(false),
        _ => Err("write yes or no".into()),
    })?;
    if !goes_on {
        talk.say("Nothing was made.")?;
    }
    Ok(goes_on.then_some(plan))
}

/// Where it answers, and what it shows there.
fn reach<R: BufRead, W: Write>(plan: &mut Plan, talk: &mut Talk<R, W>) -> anyhow::Result<()> {
    let address =
        |text: &str| text.parse::<SocketAddr>().map_err(|_| "write an address and a port: 0.0.0.0:8686".into());
    let listen = talk.ask("Where it answers; 0.0.0.0:8686 for others than this machine", "127.0.0.1:8686", address)?;
    plan.listen = Some(listen);
    if listen.ip().is_loopback() {
        return Ok(());
    }
    let file = |text: &str| match PathBuf::from(text) {
        path if path.is_file() => Ok(path),
        _ => Err("there is no such file".into()),
    };
    let shows =
        "Others reach it: a certificate from `files`, one that is `self-made`, or behind a `proxy` that does TLS";
    plan.certificate = match talk.ask(shows, "files", protection)? {
        Protection::Files => {
            let certificate = talk.ask("File of the certificate chain, PEM", "", file)?;
            Certificate::Files { certificate, key: talk.ask("File of its key, PEM", "", file)? }
        }
        Protection::SelfMade => Certificate::SelfMade(talk.ask("The name at which browsers reach it", "", filled)?),
        Protection::Proxy => {
            plan.behind_proxy = vec![talk.ask("The proxy's network, such as 10.0.0.0/8", "", filled)?];
            Certificate::Nothing
        }
    };
    let url =
        talk.ask("The address at which browsers reach it, such as https://weighbridge.example.com", "", filled)?;
    plan.public_url = Some(url);
    Ok(())
}

enum Master {
    File,
    Passphrase,
}

fn master_key(text: &str) -> Result<Master, String> {
    match text {
        "file" => Ok(Master::File),
        "passphrase" => Ok(Master::Passphrase),
        _ => Err("write file or passphrase".into()),
    }
}

enum Protection {
    Files,
    SelfMade,
    Proxy,
}

fn protection(text: &str) -> Result<Protection, String> {
    match text {
        "files" => Ok(Protection::Files),
        "self-made" => Ok(Protection::SelfMade),
        "proxy" => Ok(Protection::Proxy),
        _ => Err("write files, self-made or proxy".into()),
    }
}

fn filled(text: &str) -> Result<String, String> {
    if text.is_empty() { Err("this cannot be left out".into()) } else { Ok(text.to_owned()) }
}

/// Somebody who answers.
struct Talk<R, W> {
    reads: R,
    says: W,
}

impl<R: BufRead, W: Write> Talk<R, W> {
    fn say(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(writeln!(self.says, "{text}")?)
    }

    /// Asks until the answer is understood.
    fn ask<T>(&mut self, what: &str, usual: &str, understand: impl Fn(&str) -> Result<T, String>) -> anyhow::Result<T> {
        loop {
            let bracket = if usual.is_empty() { String::new() } else { format!(" [{usual}]") };
            write!(self.says, "{what}{bracket}: ")?;
            self.says.flush()?;
            let mut line = String::new();
            let read = self.reads.read_line(&mut line).context("init.cut_off: the answer cannot be read")?;
            anyhow::ensure!(read > 0, "init.cut_off: the answers ended; nothing was made");
            let text = match line.trim() {
                "" => usual,
                text => text,
            };
            match understand(text) {
                Ok(understood) => return Ok(understood),
                Err(why) => self.say(&format!("  {why}"))?,
            }
        }
    }
}
