//! The operator's verbs on the key ring.

use weighbridge_model::package::PublicKey;
use weighbridge_model::package::signature::public_key;
use weighbridge_store::tables::Hosts;
use weighbridge_store::{HostScope, Tx, TxError};
use weighbridge_vault::{KeyRing, Owner, RecoveryPublic, RecoverySecret, RingStatus, RotateTo};
use zeroize::Zeroizing;

use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::options::Options;

impl Engine {
    /// The key ring, from outside.
    pub fn key_status(&self) -> RingStatus {
        self.host.ring.status()
    }

    /// The key that signs what this host says, of deletions and of the audit log.
    pub(crate) fn statement_key(&self) -> Result<Zeroizing<[u8; 32]>, EngineError> {
        Ok(self.host.ring.derive(Owner::Host, "weighbridge statements")?)
    }

    /// Its public half: whoever has it can tell what this host said.
    pub fn statement_public_key(&self) -> Result<PublicKey, EngineError> {
        Ok(public_key(&*self.statement_key()?))
    }

    /// Wraps every data key by a new master key, and answers with its version. It may be called beside a host that runs:
    /// that one writes it to the audit log when it starts next, since only one process writes the store.
    pub async fn rotate_keys(&self, to: RotateTo) -> Result<u32, EngineError> {
        let version = self.host.ring.rotate(to, &chance::bytes()?, self.host.now())?;
        if self.store_stopped().is_some() {
            self.note_master_key().await?;
        }
        Ok(version)
    }

    /// Every data key, sealed to a recovery key: the only copy of the ring that leaves.
    pub fn export_keys(&self, to: &RecoveryPublic) -> Result<Vec<u8>, EngineError> {
        Ok(self.host.ring.export(to, self.host.now())?)
    }

    /// Brings a key ring back from its export, under a new master key, where there is none.
    pub fn restore_keys(options: &Options, export: &[u8], secret: &RecoverySecret) -> Result<RingStatus, EngineError> {
        let seed = chance::bytes()?;
        let (path, master, now) = (options.folder.keys(), options.master.clone(), options.clock.now());
        Ok(KeyRing::restore(&path, master, export, secret, &seed, now)?.status())
    }

    /// Writes to the audit log that the master key is another one than when it was last written there.
    pub(crate) async fn note_master_key(&self) -> Result<(), EngineError> {
        let host = HostScope::new();
        let RingStatus { version, since, master, .. } = self.host.ring.status();
        let known = self.host.store.read(|tx| tx.get::<Hosts>(&host, &()))?.map_or(1, |row| row.master);
        if known == version {
            return Ok(());
        }
        let audit =
            self.audit_host("keys.rotated", &format!("master key version {version} from {master} at {since}"))?;
        let written = self.host.store.write(move |tx: &mut Tx<'_>| -> Result<(), TxError> {
            if let Some(mut row) = tx.get::<Hosts>(&host, &())? {
                row.master = version;
                tx.put::<Hosts>(&host, &(), &row)?;
            }
            audit.write(tx)
        });
        written.await?;
        Ok(())
    }
}
