//! What a destination did with the lines it was given.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::bindings::exports::weighbridge::connector::destination;
use crate::clip::clip;
use crate::limits::WAIT_MS_MAX;
use crate::outcome::{Stop, Stopped};

const CODE_BYTES: usize = 128;
const MESSAGE_BYTES: usize = 4 * 1024;

/// An answer to lines, checked by the host.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// How many of the lines, from the first on, are dealt with.
    pub taken: u32,
    /// Lines among those that the platform refused.
    pub rejected: Vec<Rejection>,
    /// Ids that the platform gave to lines among those.
    pub assigned: Vec<Assigned>,
    /// Ask again with the rest after so long, ten minutes at most.
    pub wait_ms: Option<u32>,
}

/// A record that the platform refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Its place in the whole batch.
    pub index: u32,
    /// The connector's own code.
    pub code: String,
    /// For a person.
    pub message: String,
    /// Whether the same record may be taken another time.
    pub retryable: bool,
}

/// The id that a record got at the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Its place in the whole batch.
    pub index: u32,
    /// The platform's id.
    pub id: String,
}

/// Takes a receipt for `given` lines, the first of which has the index `first`, over the boundary.
pub(crate) fn accept(receipt: destination::Receipt, first: u32, given: u32) -> Result<Receipt, Stopped> {
    if receipt.taken > given {
        let message = format!("A receipt takes {} lines; {given} were given.", receipt.taken);
        return Err(Stopped::new(Stop::ReceiptTooLarge, message));
    }
    if receipt.taken == 0 && given > 0 && receipt.wait_ms.is_none() {
        return Err(Stopped::plain(Stop::ReceiptStuck));
    }
    let taken = first..first.saturating_add(receipt.taken);
    let rejected = receipt.rejected.iter().map(|rejection| rejection.index).collect();
    accept_indices(rejected, &taken, Stop::RejectionOutside, Stop::RejectionRepeated)?;
    let assigned = receipt.assigned.iter().map(|(index, _)| *index).collect();
    accept_indices(assigned, &taken, Stop::AssignedOutside, Stop::AssignedRepeated)?;
    Ok(Receipt {
        taken: receipt.taken,
        rejected: receipt.rejected.into_iter().map(Rejection::from).collect(),
        assigned: receipt.assigned.into_iter().map(|(index, id)| Assigned { index, id }).collect(),
        wait_ms: receipt.wait_ms.map(|ms| ms.min(WAIT_MS_MAX)),
    })
}

/// Each names a line that was taken, and no two the same.
fn accept_indices(mut indices: Vec<u32>, taken: &Range<u32>, beyond: Stop, repeated: Stop) -> Result<(), Stopped> {
    if let Some(index) = indices.iter().find(|index| !taken.contains(index)) {
        return Err(outside(beyond, *index, taken));
    }
    indices.sort_unstable();
    if indices.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Stopped::plain(repeated));
    }
    Ok(())
}

fn outside(stop: Stop, index: u32, taken: &Range<u32>) -> Stopped {
    let Range { start, end } = taken;
    Stopped::new(stop, format!("{} It names {index}; it took {start} up to, without, {end}.", stop.sentence()))
}

impl From<destination::Rejection> for Rejection {
    fn from(rejection: destination::Rejection) -> Self {
        Self {
            index: rejection.index,
            code: clip(rejection.code, CODE_BYTES),
            message: clip(rejection.message, MESSAGE_BYTES),
            retryable: rejection.retryable,
        }
    }
}
