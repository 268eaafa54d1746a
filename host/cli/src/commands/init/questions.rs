//! What a person is asked who said nothing: one question a line, with what is taken where they only press return.

use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use weighbridge::mail;
use weighbridge::model::time::Zone;

use super::InitError;
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
            if !self.reads.read_line(&mut line).is_ok_and(|bytes| bytes > 0) {
                return Err(InitError::CutOff.into());
            }
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

#[cfg(test)]
mod tests {
    use super::super::InitArgs;
    use super::*;
    use crate::args::Args;

    /// What becomes of these answers, and what was said meanwhile.
    fn answered(answers: &[&str]) -> (anyhow::Result<Option<Plan>>, String) {
        let args = Args::read(["weighbridge", "--config", "not-there.toml", "init"]).unwrap();
        let plan = Plan::of(&args, &InitArgs::default()).unwrap();
        let (lines, mut said) = (answers.iter().map(|line| format!("{line}\n")).collect::<String>(), Vec::new());
        let asked = ask(plan, lines.as_bytes(), &mut said);
        (asked, String::from_utf8(said).unwrap())
    }

    #[test]
    fn return_alone_makes_a_host_of_this_machine_for_nobody_yet() {
        let plan = answered(&[""; 8]).0.unwrap().unwrap();
        assert_eq!((plan.data.to_str(), plan.listen.unwrap().port()), (Some("weighbridge-data"), 8686));
        assert!(plan.master_key.is_none() && plan.operator.is_none() && plan.tenant.is_none());
    }

    #[test]
    fn what_others_reach_is_asked_for_a_certificate_and_its_address() {
        let reach = ["0.0.0.0:443", "self-made", "host.example.com", "https://host.example.com"];
        let people = ["ada@example.com", "Partner", "Europe/Warsaw", "yes"];
        let plan = answered(&[&["there", "passphrase", ""], &reach[..], &people].concat()).0.unwrap().unwrap();
        assert!(matches!(plan.certificate, Certificate::SelfMade(name) if name == "host.example.com"));
        assert!(matches!(plan.master_key, Some(MasterKeyArg::Passphrase)));
        assert_eq!((plan.tenant.as_deref(), plan.zone.as_deref()), (Some("Partner"), Some("Europe/Warsaw")));
    }

    #[test]
    fn what_is_not_understood_is_asked_again_with_the_reason() {
        let (plan, said) = answered(&["", "bottle", "file", "", "", "8686", "", "ada", "", "", ""]);
        assert!(plan.unwrap().is_some());
        for reason in ["write file or passphrase", "write an address and a port", "is no e-mail address"] {
            assert!(said.contains(reason), "{reason}: {said}");
        }
    }

    #[test]
    fn nothing_is_planned_where_it_is_not_wanted_in_the_end_or_the_answers_end() {
        let (plan, said) = answered(&["", "", "", "", "", "", "", "no"]);
        assert!(plan.unwrap().is_none() && said.contains("Nothing was made."), "{said}");
        assert!(answered(&["there"]).0.unwrap_err().to_string().contains("init.cut_off"));
    }
}
