//! What a person is told: what was made, what goes to the safe, and what comes next.

use serde_json::{Value, json};
use weighbridge::Folder;

use super::Made;
use super::configuration::Configured;
use super::plan::Plan;
use crate::args::Args;
use crate::options::MasterKeyArg;
use crate::output::{self, line};

pub(super) fn say(args: &Args, plan: &Plan, folder: &Folder, made: &Made, invitation: &Option<Value>) {
    if args.json {
        return output::json(&json!({
            "data": plan.data,
            "keys": folder.keys(),
            "master_key": master_key(plan, folder),
            "config": plan.config,
            "config_written": made.configured == Configured::Written,
            "certificate": made.certificate.as_ref().map(|one| json!({ "file": one.certificate, "sha256": one.fingerprint })),
            "tenant": plan.tenant,
            "operator": invitation,
        }));
    }
    line(format_args!("made {}", plan.data.display()));
    beside(plan, made);
    if let Some(invitation) = invitation {
        let link = invitation["address"].as_str().or(invitation["link"].as_str()).unwrap_or_default();
        line(format_args!(
            "The operator {} opens this once, until {}, while the host serves:",
            invitation["user"]["email"].as_str().unwrap_or_default(),
            invitation["ends_at"].as_str().unwrap_or_default()
        ));
        line(format_args!("  {link}"));
    }
    for_the_safe(plan, folder);
    line("Next:");
    match plan.owner {
        Some(_) => line("  start the service that runs as this user, such as: systemctl enable --now weighbridge"),
        None => line(format_args!("  weighbridge {}serve", global(plan))),
    }
}

fn beside(plan: &Plan, made: &Made) {
    if let (Some(config), Configured::Written) = (&plan.config, made.configured) {
        line(format_args!("made {}: the configuration, with every setting in it", config.display()));
    }
    if let (Some(config), Configured::AsItWas) = (&plan.config, made.configured) {
        line(format_args!("{} was there, and is as it was", config.display()));
    }
    if let Some(certificate) = &made.certificate {
        line(format_args!(
            "made {}: nobody vouches for it, so browsers warn; good until {}",
            certificate.certificate.display(),
            certificate.until
        ));
        line(format_args!("  SHA-256 {}", certificate.fingerprint));
    }
    if let Some(tenant) = &plan.tenant {
        line(format_args!("added the tenant {tenant}"));
    }
}

fn for_the_safe(plan: &Plan, folder: &Folder) {
    let (keys, master, global) = (folder.keys(), master_key(plan, folder), global(plan));
    line(format_args!("For the safe: without {} and {master} nothing opens again. Make a copy:", keys.display()));
    line(format_args!("  weighbridge {global}keys recovery-key --out FILE     (the secret half: off this machine)"));
    line(format_args!("  weighbridge {global}keys export --to KEY --out FILE  (with every backup)"));
}

fn master_key(plan: &Plan, folder: &Folder) -> String {
    match &plan.master_key {
        None => folder.master_key().display().to_string(),
        Some(MasterKeyArg::File(path)) => path.display().to_string(),
        Some(MasterKeyArg::Credential(name)) => format!("the credential {name}"),
        Some(MasterKeyArg::Passphrase) => "your passphrase".into(),
    }
}

/// What stands before every verb for this host.
fn global(plan: &Plan) -> String {
    let mut words = format!("--data {} ", quoted(&plan.data.display().to_string()));
    if let Some(config) = &plan.config {
        words += &format!("--config {} ", quoted(&config.display().to_string()));
    }
    match &plan.master_key {
        None => {}
        Some(MasterKeyArg::File(path)) => {
            words += &format!("--master-key {} ", quoted(&format!("file:{}", path.display())))
        }
        Some(MasterKeyArg::Credential(name)) => words += &format!("--master-key credential:{name} "),
        Some(MasterKeyArg::Passphrase) => words += "--master-key passphrase ",
    }
    words
}

/// As a shell takes it for one word.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "/._-:".contains(letter);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}
