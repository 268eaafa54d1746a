//! `weighbridge keys rotate`

use anyhow::bail;
use serde_json::json;
use weighbridge::{Engine, EngineError, OpenError, RotateTo};

use crate::args::Args;
use crate::exit::Exit;
use crate::options::{MasterKeyArg, new_passphrase};
use crate::output;

pub(crate) async fn run(args: &Args, to: Option<&MasterKeyArg>) -> anyhow::Result<Exit> {
    let options = args.options()?;
    let target = match to {
        None => RotateTo::SamePlace,
        Some(MasterKeyArg::File(path)) => RotateTo::File(path.clone()),
        Some(MasterKeyArg::Passphrase) => RotateTo::Passphrase(new_passphrase()?),
        Some(MasterKeyArg::Credential(_)) => {
            bail!(
                "keys.place: a credential cannot be written from here; rotate to a new file, then make it the credential"
            )
        }
    };
    let version = match Engine::open(options.clone()).await {
        Ok(engine) => {
            let rotated = engine.rotate_keys(target).await;
            engine.close(std::time::Duration::from_secs(10)).await?;
            rotated?
        }
        // The store has its one writer; the ring has a lock of its own.
        Err(EngineError::Open(OpenError::InUse { .. })) => Engine::open_reading(options)?.rotate_keys(target).await?,
        Err(error) => return Err(error.into()),
    };
    if args.json {
        output::json(&json!({ "version": version }));
        return Ok(Exit::Done);
    }
    output::line(format_args!("all data keys are wrapped by version {version} of the master key"));
    match to {
        None => {
            output::line("copy the new master key to the safe; the old one opens older copies of the key ring only")
        }
        Some(MasterKeyArg::File(path)) => started_with(&format!("file:{}", path.display())),
        Some(_) => started_with("passphrase"),
    }
    Ok(Exit::Done)
}

fn started_with(source: &str) {
    output::line(format_args!("from now on start with: --master-key {source}"));
    output::line("a host that is running goes on until it has to add a key: restart it soon");
}
