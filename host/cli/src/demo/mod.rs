//! The main job, end to end, on this machine: every step is a verb that a person has.

mod document;
mod steps;
mod supply;

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;

use crate::args::Args;
use crate::exit::Exit;
use crate::output;
use supply::Supply;

#[derive(Debug, ClapArgs)]
pub(crate) struct DemoArgs {
    /// Where the demo keeps its data; what an earlier demo left there is replaced.
    #[arg(long, value_name = "FOLDER", default_value = "weighbridge-demo")]
    folder: PathBuf,
    /// The folder of the connector's sources, or one with signed connectors and their publisher's key. Where it is left out,
    /// the connectors that came with this program, or the sources that it is run from.
    #[arg(long, value_name = "FOLDER")]
    connector: Option<PathBuf>,
}

pub(crate) async fn run(_args: &Args, demo: &DemoArgs) -> anyhow::Result<Exit> {
    let supply = Supply::find(demo.connector.as_deref())?;
    let folder = fresh_folder(&demo.folder)?;
    steps::walk(&folder, &supply).await
}

/// The file by which a demo knows its own folder.
const MARK: &str = "made-by-weighbridge-demo";

fn fresh_folder(path: &Path) -> anyhow::Result<PathBuf> {
    if path.exists() {
        anyhow::ensure!(
            path.join(MARK).exists(),
            "demo.folder_taken: {} is there and no demo made it; name another folder with --folder",
            path.display()
        );
        std::fs::remove_dir_all(path)?;
    }
    std::fs::create_dir_all(path)?;
    std::fs::write(path.join(MARK), "")?;
    Ok(path.to_owned())
}

/// A step of the story.
pub(super) fn say(text: &str) {
    output::line(format_args!("\n── {text}"));
}
