//! `weighbridge trust rotate`

use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::clock::{Clock as _, SystemClock};
use weighbridge::model::package::{KeyId, Rotation};

use super::{key_file, read_key, window};
use crate::args::Args;
use crate::commands::writing;
use crate::exit::Exit;
use crate::file;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct RotateArgs {
    /// The publisher's statement, as `weighbridge connector rotate` wrote it.
    #[arg(required_unless_present = "publisher", conflicts_with_all = ["publisher", "from", "to", "start", "until"])]
    statement: Option<PathBuf>,
    /// Without a statement: whose key is followed. You answer for the new one.
    #[arg(long, value_name = "NAME", requires = "from", requires = "to")]
    publisher: Option<String>,
    /// The id of the key that is followed.
    #[arg(long, value_name = "KEY", requires = "publisher")]
    from: Option<KeyId>,
    /// The file with the new public key, or the key itself.
    #[arg(long, value_name = "KEY", requires = "publisher")]
    to: Option<String>,
    /// The first instant at which packages under the new key may be installed.
    #[arg(long, value_name = "TIME", requires = "publisher")]
    start: Option<String>,
    /// The first instant at which they may no longer be.
    #[arg(long, value_name = "TIME", requires = "publisher")]
    until: Option<String>,
}

impl RotateArgs {
    pub(super) fn files(&self) -> Vec<PathBuf> {
        self.statement.iter().cloned().chain(self.to.as_deref().and_then(key_file)).collect()
    }
}

pub(super) async fn run(args: &Args, rotate: &RotateArgs) -> anyhow::Result<Exit> {
    let rotation = match (&rotate.statement, &rotate.publisher, rotate.from, &rotate.to) {
        (None, Some(publisher), Some(from), Some(to)) => {
            let window = window(rotate.start.as_deref(), rotate.until.as_deref())?;
            let issued_at = SystemClock.now();
            let rotation = Rotation { publisher: publisher.clone(), from, to: read_key(to)?, window, issued_at };
            let asked = rotation.clone();
            writing(args, async |engine| Ok(engine.rotate_by_operator(asked).await?)).await?;
            rotation
        }
        (statement, ..) => {
            let bytes = file::bytes("rotation.unreadable", statement.as_deref().unwrap_or(Path::new("")))?;
            writing(args, async |engine| Ok(engine.rotate(bytes).await?)).await?
        }
    };
    let (publisher, from, to) = (&rotation.publisher, rotation.from, rotation.to.id());
    if args.json {
        output::json(&json!({ "publisher": publisher, "from": from, "to": to }));
    } else {
        output::line(format_args!("connectors of {publisher} may be signed with the key {to}"));
        output::line(format_args!("packages under {from} are installed no more; those that are go on running"));
    }
    Ok(Exit::Done)
}
