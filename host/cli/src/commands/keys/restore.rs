//! `weighbridge keys restore`

use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use anyhow::Context as _;
use serde_json::json;
use weighbridge::{Engine, RecoverySecret};
use zeroize::Zeroizing;

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &Args, file: &Path, recovery_key: &Path) -> anyhow::Result<Exit> {
    let unreadable = |path: &Path| format!("keys.file_unreadable: {}", path.display());
    let export = std::fs::read(file).with_context(|| unreadable(file))?;
    let text = Zeroizing::new(std::fs::read_to_string(recovery_key).with_context(|| unreadable(recovery_key))?);
    let secret =
        RecoverySecret::parse(&text).map_err(|error| anyhow::anyhow!("keys.recovery_key_malformed: {error}"))?;
    let options = args.new_options()?;
    let mut folder = std::fs::DirBuilder::new();
    folder.recursive(true).mode(0o700);
    folder.create(options.folder.path()).with_context(|| unreadable(options.folder.path()))?;
    let status = Engine::restore_keys(&options, &export, &secret)?;
    if args.json {
        output::json(&json!({ "ring": status.path, "tenants": status.tenants, "customers": status.customers }));
    } else {
        let (tenants, customers) = (status.tenants, status.customers);
        output::line(format_args!(
            "made {} with the keys of {tenants} tenants and {customers} customers",
            status.path.display()
        ));
    }
    Ok(Exit::Done)
}
