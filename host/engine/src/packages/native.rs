//! Connectors of the embedding program's own stand among the installed ones.

use weighbridge_model::digest::Digest;
use weighbridge_model::name::ConnectorName;
use weighbridge_model::package::{Origin, PackageRow, Release};
use weighbridge_store::HostScope;
use weighbridge_store::tables::Packages;

use crate::engine::Host;
use crate::error::EngineError;

/// Remembers them, so that the gate finds them installed.
pub(crate) async fn register(host: &Host) -> Result<(), EngineError> {
    for connector in host.packages.natives() {
        let manifest = connector.manifest();
        let Ok(name) = manifest.name.parse::<ConnectorName>() else { continue };
        let row = PackageRow::using(Release {
            origin: Origin::Native,
            version: manifest.version.clone(),
            digest: Digest::of_parts("weighbridge native connector", &[manifest.name.as_bytes()]),
            content: None,
            installed_at: host.now(),
        });
        host.store.write(move |tx| tx.put::<Packages>(&HostScope::new(), &name, &row)).await?;
    }
    Ok(())
}
