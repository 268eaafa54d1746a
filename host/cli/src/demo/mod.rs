//! The main job, end to end, on this machine: every step is a verb that a person has.

mod document;
mod steps;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args as ClapArgs;

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct DemoArgs {
    /// Where the demo keeps its data; what an earlier demo left there is replaced.
    #[arg(long, value_name = "FOLDER", default_value = "weighbridge-demo")]
    folder: PathBuf,
    /// The folder of the connector's sources.
    #[arg(long, value_name = "FOLDER", default_value_os_t = sources())]
    connector: PathBuf,
}

/// Where this binary was built from: a demo is run from the sources.
fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../plugins/rest")
}

pub(crate) async fn run(_args: &Args, demo: &DemoArgs) -> anyhow::Result<Exit> {
    let connector = demo.connector.canonicalize().with_context(|| {
        format!(
            "demo.no_sources: {} is not there; name the connector's sources with --connector",
            demo.connector.display()
        )
    })?;
    let folder = fresh_folder(&demo.folder)?;
    steps::walk(&folder, &connector).await
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
