//! `weighbridge connection status`

use serde_json::json;
use weighbridge::GrantStatus;

use crate::args::Args;
use crate::commands::reading;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &Args, connection: &str) -> anyhow::Result<Exit> {
    let status = reading(args)?.grant_status(connection)?;
    if args.json {
        let status = status.map(|grant| {
            let (expires_at, refused) = (grant.expires_at.map(|at| at.to_string()), grant.refused);
            json!({ "version": grant.version, "since": grant.since.to_string(), "expires_at": expires_at, "refused": refused })
        });
        output::json(&json!({ "connection": connection, "grant": status }));
        return Ok(Exit::Done);
    }
    match status {
        None => output::line(format_args!(
            "nobody has authorised {connection}; run: weighbridge connection authorise {connection}"
        )),
        Some(GrantStatus { refused: Some(code), .. }) => {
            output::line(format_args!(
                "the grant cannot be used ({code}); run: weighbridge connection authorise {connection}"
            ));
        }
        Some(GrantStatus { version, since, expires_at, .. }) => {
            output::line(format_args!("authorised; tokens number {version}, since {since}"));
            if let Some(end) = expires_at {
                output::line(format_args!("they are renewed before {end}"));
            }
        }
    }
    Ok(Exit::Done)
}
