//! The steps of the demo, in order.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use weighbridge::Engine;
use weighbridge::document::Document;

use super::supply::{self, Supply};
use super::{document, say};
use crate::args::Args;
use crate::commands;
use crate::exit::Exit;
use crate::options;
use crate::output;
use crate::platforms::{Platform, Shop, Warehouse, serve};

pub(super) async fn walk(folder: &Path, supply: &Supply) -> anyhow::Result<Exit> {
    let (shop, warehouse) = (Arc::new(Shop::new(0, false)), Arc::new(Warehouse::default()));
    say("Two small platforms on this machine");
    let shop_at = at(8701, Arc::clone(&shop)).await?;
    let warehouse_at = at(8702, Arc::clone(&warehouse)).await?;
    output::line(format_args!(
        "a shop with {} diamonds at {shop_at}: it pages, rate-limits, and fails now and then",
        shop.diamonds()
    ));
    output::line(format_args!("a warehouse at {warehouse_at}: it honours idempotency keys"));
    let data = folder.join("data");
    install(folder, &data, supply).await?;
    onboard(folder, &data, (&shop_at, &warehouse_at)).await?;
    switch_off_in_mid_run(&data, &warehouse).await?;
    say("The customer is switched on again: the transfer goes on from its cursor");
    type_in(&data, &["run", "acme/diamonds"]).await?;
    bill(&data, &warehouse).await?;
    next_steps(folder, &data, supply);
    Ok(Exit::Done)
}

/// At its usual port, or at any other one where that is taken.
async fn at(port: u16, platform: Arc<impl Platform>) -> anyhow::Result<String> {
    let usual = SocketAddr::from(([127, 0, 0, 1], port));
    let address = match serve(usual, Arc::clone(&platform)).await {
        Ok(address) => address,
        Err(_) => serve(SocketAddr::from(([127, 0, 0, 1], 0)), platform).await?,
    };
    Ok(format!("http://{address}"))
}

/// Types a command as a person would, and shows it.
async fn type_in(data: &Path, words: &[&str]) -> anyhow::Result<Exit> {
    let quoted = words.iter().map(|word| if word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() });
    output::line(format_args!("$ weighbridge {}", quoted.collect::<Vec<_>>().join(" ")));
    let data = data.display().to_string();
    let global = ["weighbridge", "--data", &data];
    let args = Args::read(global.iter().chain(words))?;
    Box::pin(commands::carry_out(&args)).await
}

async fn install(folder: &Path, data: &Path, supply: &Supply) -> anyhow::Result<()> {
    let (package, key) = match supply {
        Supply::Sources(sources) => {
            say("A connector is built, signed, and trusted by its publisher's key");
            build(folder, data, sources).await?
        }
        Supply::Signed { package, key } => {
            say("A connector that is signed already, and trusted by its publisher's key");
            (package.display().to_string(), key.display().to_string())
        }
    };
    type_in(data, &["init", "--no-questions"]).await?;
    say("Without a trusted key it is not installed");
    if let Err(error) = type_in(data, &["connector", "install", &package]).await {
        output::line(format_args!("error: {}", output::whole(&error)));
    }
    type_in(data, &["trust", "add", "weighbridge", &key]).await?;
    type_in(data, &["connector", "install", &package]).await?;
    Ok(())
}

/// Gives the signed package, and the public key of whoever signed it.
async fn build(folder: &Path, data: &Path, sources: &Path) -> anyhow::Result<(String, String)> {
    let (key, out) = (folder.join("publisher.key").display().to_string(), folder.display().to_string());
    type_in(data, &["connector", "keygen", &key]).await?;
    let sources = sources.display().to_string();
    type_in(data, &["connector", "build", &sources, "--key", &key, "--out", &out]).await?;
    Ok((supply::package_in(folder)?.display().to_string(), format!("{key}.pub")))
}

async fn onboard(folder: &Path, data: &Path, (shop, warehouse): (&str, &str)) -> anyhow::Result<()> {
    say("A tenant and a customer are onboarded; the customer begins inactive");
    let (whole, active) = (folder.join("partner.toml"), folder.join("active.toml"));
    std::fs::write(&whole, document::whole(shop, warehouse))?;
    std::fs::write(&active, document::status("active"))?;
    type_in(data, &["apply", &whole.display().to_string()]).await?;
    say("Nothing moves until it is allowed");
    type_in(data, &["run", "acme/diamonds"]).await?;
    type_in(data, &["explain", "acme/diamonds"]).await?;
    say("The customer is activated");
    type_in(data, &["apply", &active.display().to_string()]).await?;
    Ok(())
}

/// Runs, and switches the customer off while it runs: before the next batch it stops.
async fn switch_off_in_mid_run(data: &Path, warehouse: &Warehouse) -> anyhow::Result<()> {
    say("It runs, and the customer is switched off in the middle");
    output::line("(run acme/diamonds, and at 1,500 lines: apply a document with status = \"inactive\")");
    let engine = Engine::open(options::at(data)?).await?;
    let off = Document::parse(&document::status("inactive"))?;
    let switch = async {
        while warehouse.lines() < 1_500 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        engine.apply(&off, Path::new(".")).await
    };
    let (outcome, changes) = tokio::join!(engine.run("acme/diamonds"), switch);
    commands::apply::show(false, &changes?);
    commands::run_transfer::show(&outcome?, false);
    output::line(format_args!("the warehouse has {} lines, all settled and billed", warehouse.lines()));
    let on = Document::parse(&document::status("active"))?;
    engine.apply(&on, Path::new(".")).await?;
    engine.close(Duration::from_secs(10)).await.map_err(Into::into)
}

async fn bill(data: &Path, warehouse: &Warehouse) -> anyhow::Result<()> {
    say("What was billed, to the record");
    type_in(data, &["usage"]).await?;
    let engine = Engine::open_reading(options::at(data)?)?;
    let lines = engine.usage(None)?;
    let billed = lines.iter().find(|line| line.customer.is_some()).map_or(0, |line| line.balance.spent.records);
    let balances = engine.check_ledger(None)?.is_empty();
    output::line(format_args!("records billed {billed}, lines in the warehouse {}", warehouse.lines()));
    anyhow::ensure!(
        balances && billed == warehouse.lines() as u64,
        "demo.unbalanced: the bill is not what was delivered"
    );
    if let Some(line) = warehouse.sample() {
        output::line(format_args!("one of them: {line}"));
    }
    output::line("The data: every ninth row of `diamonds` from the R package ggplot2, MIT licence.");
    Ok(())
}

fn next_steps(folder: &Path, data: &Path, supply: &Supply) {
    say("What to try next (the first command keeps the two platforms running)");
    let weighbridge = match supply {
        Supply::Sources(_) => "cargo run -q -p weighbridge-cli --".to_owned(),
        Supply::Signed { .. } => std::env::args().next().unwrap_or_else(|| "weighbridge".into()),
    };
    let (folder, data) = (folder.display(), data.display());
    output::line(format_args!("{weighbridge} platforms"));
    output::line(format_args!("{weighbridge} --data {data} run acme/diamonds"));
    output::line(format_args!("{weighbridge} --data {data} history"));
    output::line(format_args!("$EDITOR {folder}/partner.toml    # another mapping, a window, a quota, a schedule"));
    output::line(format_args!("{weighbridge} --data {data} apply {folder}/partner.toml"));
}
