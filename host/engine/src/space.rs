//! A guard over the free space: with too little of it the gate says no to everything new, long before a commit could fail.

use std::path::Path;
use std::time::Duration;

use weighbridge_store::HostScope;
use weighbridge_store::tables::Hosts;

use crate::engine::Engine;
use crate::error::EngineError;

/// Nothing begins with less than this, in bytes, where nobody says otherwise.
pub const SPACE_MIN: u64 = 512 << 20;

/// What is looked at costs a system call.
const LOOK: Duration = Duration::from_secs(2);

/// Whether the guard says no: once it does, it goes on until a quarter more than the least is free, so that it does not
/// change its mind with every file.
pub(crate) const fn is_full(free: u64, space_min: u64, was_full: bool) -> bool {
    let enough = if was_full { space_min.saturating_add(space_min / 4) } else { space_min };
    free < enough
}

/// The bytes that may still be written to the disk of a folder.
pub(crate) fn free_bytes(folder: &Path) -> std::io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

impl Engine {
    /// Watches the free space until the engine drains.
    pub(crate) async fn guard_space(self) {
        while !self.is_draining() {
            if let Err(error) = self.look_at_space().await {
                tracing::error!(%error, "the free space could not be noted");
            }
            self.host.sleep(LOOK).await;
        }
    }

    /// Writes what is so where it changed; the gate hears it with the next decision.
    pub async fn look_at_space(&self) -> Result<(), EngineError> {
        let folder = self.host.store_path.parent().unwrap_or(Path::new("."));
        let Ok(free) = free_bytes(folder) else { return Ok(()) };
        let (host, space_min) = (HostScope::new(), self.host.conduct().space_min);
        let was_full = self.host.store.read(|tx| tx.get::<Hosts>(&host, &()))?.is_some_and(|row| row.full);
        let full = is_full(free, space_min, was_full);
        if full == was_full {
            return Ok(());
        }
        let set = move |tx: &mut weighbridge_store::Tx<'_>| match tx.get::<Hosts>(&host, &())? {
            Some(row) => tx.put::<Hosts>(&host, &(), &weighbridge_store::tables::HostRow { full, ..row }),
            None => Ok(()),
        };
        self.host.store.write(set).await?;
        if full {
            tracing::error!(free, space_min, "the disk is nearly full: nothing new begins until there is more space");
        } else {
            tracing::warn!(free, "there is space again: all goes on");
        }
        self.host.due.notify_one();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_no_below_the_least_and_yes_again_only_with_a_quarter_more() {
        for (free, was_full, full) in
            [(100, false, false), (99, false, true), (100, true, true), (124, true, true), (125, true, false)]
        {
            assert_eq!(is_full(free, 100, was_full), full, "{free} {was_full}");
        }
    }
}
