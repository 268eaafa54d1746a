//! The deletion of a customer: where it stands, what platforms did not take back, and what it left.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::access::ActorRef;
use crate::digest::Digest;
use crate::id::{ConnectionId, CustomerId, IntegrationId, TenantId};
use crate::name::Code;
use crate::sealed::Sealed;
use crate::time::Timestamp;

/// Where a deletion stands. Each step may be cut off, and is then done again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeletionStage {
    /// Everything is refused; what still runs comes to its end, and batches in doubt are written off.
    Stopping,
    /// Platforms are told, and grants are taken back there.
    Leaving,
    /// The name goes, and the data key is destroyed: nothing that it sealed opens again.
    Destroying,
    /// Rows and blobs are swept, in steps.
    Sweeping,
    /// It is over, and its receipt is signed.
    Done,
}

/// One attempt to leave a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Parting {
    /// It was not tried yet.
    Waiting,
    /// There was nothing to do.
    Nothing,
    /// The platform did it.
    Done,
    /// The platform has no address for it: a person has to do it there.
    ByHand,
    /// It did not work, for this reason; it is tried again, or no more once the deletion has gone on.
    Failed(Code),
}

impl Parting {
    /// Whether it has to be tried.
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Waiting | Self::Failed(_))
    }
}

/// How a connected system was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Farewell {
    /// The system.
    pub connection: ConnectionId,
    /// The offer that it was made from, by which people find the platform.
    pub integration: IntegrationId,
    /// What the connector keeps at the platform: hooks and subscriptions.
    pub notice: Parting,
    /// The grant.
    pub grant: Parting,
}

/// A copy of the key ring that left before the key was destroyed, and so still has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportedRing {
    /// When it left.
    pub at: Timestamp,
    /// The recovery key that opens it.
    pub recovery: Digest,
}

/// The deletion of a customer. Nothing in it says who the customer was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// Which customer.
    pub customer: CustomerId,
    /// Who wanted it.
    pub by: ActorRef,
    /// When.
    pub asked_at: Timestamp,
    /// Where it stands.
    pub stage: DeletionStage,
    /// How its connected systems were left.
    #[serde(default)]
    pub farewells: Option<Vec<Farewell>>,
    /// How often they were tried.
    #[serde(default)]
    pub tries: u32,
    /// When they are tried again.
    #[serde(default)]
    pub again_at: Option<Timestamp>,
    /// The generation of the key ring from which on the key is gone.
    #[serde(default)]
    pub generation: Option<u64>,
    /// Copies of the ring that still have it.
    #[serde(default)]
    pub exports: Vec<ExportedRing>,
    /// Rows that were removed, or emptied of all but their plain fields, by the table's number.
    #[serde(default)]
    pub rows: BTreeMap<u8, u64>,
    /// Blobs that were removed.
    #[serde(default)]
    pub blobs: u64,
    /// When it was over.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// The signed receipt, as JSON under the tenant's key.
    #[serde(default)]
    pub receipt: Option<Sealed>,
}

impl Deletion {
    /// One that begins.
    pub const fn new(customer: CustomerId, by: ActorRef, now: Timestamp) -> Self {
        Self {
            customer,
            by,
            asked_at: now,
            stage: DeletionStage::Stopping,
            farewells: None,
            tries: 0,
            again_at: None,
            generation: None,
            exports: Vec::new(),
            rows: BTreeMap::new(),
            blobs: 0,
            ended_at: None,
            receipt: None,
        }
    }

    /// Counts rows of a table.
    pub fn count(&mut self, table: u8, rows: u64) {
        if rows > 0 {
            *self.rows.entry(table).or_default() += rows;
        }
    }

    /// What is left to be tried at platforms.
    pub fn is_open_at_platforms(&self) -> bool {
        let open = |one: &Farewell| one.notice.is_open() || one.grant.is_open();
        self.farewells.as_ref().is_none_or(|all| all.iter().any(open))
    }

    /// After this try: whether to try again, and when. Each wait is longer, and the last one is followed by none.
    pub fn try_again(&mut self, now: Timestamp) -> bool {
        const WAITS_MS: [i64; 5] = [60_000, 300_000, 1_800_000, 7_200_000, 21_600_000];
        let wait = WAITS_MS.get(self.tries as usize);
        self.tries = self.tries.saturating_add(1);
        self.again_at = wait.map(|wait| now.plus_millis(*wait)).filter(|_| self.is_open_at_platforms());
        self.again_at.is_some()
    }
}

/// What a host says of a deletion that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Whose customer it was.
    pub tenant: TenantId,
    /// Which.
    pub customer: CustomerId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When its deletion was asked for.
    pub asked_at: Timestamp,
    /// When that was over.
    pub ended_at: Timestamp,
    /// No key ring of this generation or a later one has its key.
    pub key_ring_generation: u64,
    /// Copies of the key ring that left before, and are to be destroyed.
    pub exports_to_destroy: Vec<ExportedRing>,
    /// Rows removed, or emptied of all but their plain fields, by table.
    pub rows: BTreeMap<String, u64>,
    /// Blobs removed.
    pub blobs: u64,
    /// What platforms did not take back: a connection, and the code of why not.
    pub left_at_platforms: Vec<(ConnectionId, Code)>,
}

impl Receipt {
    /// The kind of statement that it is.
    pub const KIND: &'static str = "customer deleted";
}
