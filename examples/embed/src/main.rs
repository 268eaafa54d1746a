//! Embeds the engine in another program: two connectors of its own, one document, one run.
#![expect(clippy::print_stdout, reason = "this program shows what happened")]

mod notes;

use std::path::Path;
use std::time::Duration;

use weighbridge::document::Document;
use weighbridge::{Engine, Options};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    Engine::init(&Options::at(folder.path())).await?;
    let (inbox, archive) = (notes::Inbox::with(["buy milk", "call home", "water plants"]), notes::Archive::default());
    let connectors: Vec<_> = vec![inbox.connector(), archive.connector()];
    let engine = Engine::open(Options { connectors, ..Options::at(folder.path()) }).await?;
    engine.apply(&Document::parse(include_str!("../partner.toml"))?, Path::new(".")).await?;
    let run = engine.run("acme/notes").await?.run;
    println!("{:?}: {} of {} notes archived: {:?}", run.state, run.counts.delivered, run.counts.read, archive.texts());
    for line in engine.usage(None)?.iter().filter(|line| line.customer.is_some()) {
        println!("billed to acme: {:?}", line.balance.spent);
    }
    engine.close(Duration::from_secs(1)).await?;
    Ok(())
}
