//! `weighbridge connection authorise`

use std::time::Duration;

use serde_json::json;
use weighbridge::model::time::Timestamp;
use weighbridge::{Authorisation, Engine, EngineError, OpenError};
use weighbridge_server::Server;

use crate::args::Args;
use crate::config::Config;
use crate::exit::Exit;
use crate::output;

/// How often it is looked whether they are back.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

pub(crate) async fn run(args: &Args, connection: &str, no_wait: bool) -> anyhow::Result<Exit> {
    let config = Config::read(args.config.as_deref())?;
    match Engine::open(args.options()?).await {
        Ok(engine) => {
            let done = beside_nobody(args, &config, connection, &engine).await;
            engine.close(Duration::from_secs(10)).await?;
            done
        }
        Err(EngineError::Open(OpenError::InUse { .. })) => beside_a_host(args, &config, connection, no_wait).await,
        Err(error) => Err(error.into()),
    }
}

/// No host serves this data folder: this command answers the person itself, and stops.
async fn beside_nobody(args: &Args, config: &Config, connection: &str, engine: &Engine) -> anyhow::Result<Exit> {
    let server = Server::bind(config.listen).await?.with(config.settings()?)?;
    let callback = config.callback(server.address()?)?;
    let before = version(engine, connection)?;
    let authorisation = engine.authorise(connection, callback.redirect()).await?;
    show(args, connection, &authorisation);
    let serving = tokio::spawn(server.serve(engine.clone(), callback));
    let exit = wait(args, connection, &authorisation, || Ok(version(engine, connection)? > before)).await;
    // The person's browser gets its answer before the address goes away.
    tokio::time::sleep(LOOK_AGAIN).await;
    serving.abort();
    exit
}

/// The host that serves answers the person; what it keeps is read from its store.
async fn beside_a_host(args: &Args, config: &Config, connection: &str, no_wait: bool) -> anyhow::Result<Exit> {
    let engine = Engine::open_reading(args.options()?)?;
    let before = version(&engine, connection)?;
    let callback = config.callback(config.listen)?;
    let authorisation = engine.authorise(connection, callback.redirect()).await?;
    show(args, connection, &authorisation);
    if no_wait {
        return Ok(Exit::Done);
    }
    wait(args, connection, &authorisation, || Ok(version(&engine, connection)? > before)).await
}

fn version(engine: &Engine, connection: &str) -> anyhow::Result<u64> {
    Ok(engine.grant_status(connection)?.map_or(0, |grant| grant.version))
}

fn show(args: &Args, connection: &str, authorisation: &Authorisation) {
    let Authorisation { address, code, ends_at } = authorisation;
    if args.json {
        output::json(&json!({ "address": address, "code": code, "ends_at": ends_at.to_string() }));
        return;
    }
    output::line(format_args!("open this address and sign in for {connection}:\n\n  {address}\n"));
    output::line(format_args!("when you come back, type this one-time code:  {code}"));
    output::line(format_args!("it can be used once, until {ends_at}"));
}

async fn wait(
    args: &Args,
    connection: &str,
    authorisation: &Authorisation,
    is_given: impl Fn() -> anyhow::Result<bool>,
) -> anyhow::Result<Exit> {
    loop {
        if is_given()? {
            if !args.json {
                output::line(format_args!("{connection} is authorised"));
            }
            return Ok(Exit::Done);
        }
        if now() > authorisation.ends_at {
            anyhow::bail!("sign_in.over: nobody came back in time; begin it again");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            interrupted = tokio::signal::ctrl_c() => {
                interrupted?;
                anyhow::bail!("sign_in.interrupted: stopped before anybody came back; begin it again");
            }
        }
    }
}

fn now() -> Timestamp {
    use weighbridge::clock::{Clock as _, SystemClock};
    SystemClock.now()
}
