//! Filing away what was read, delivered and settled.

use weighbridge_sdk::files::{self, Entry, Moved};
use weighbridge_sdk::{Failure, log};

use crate::place::{Place, since};

/// Files that are done go elsewhere.
pub(crate) struct Filing {
    pub(crate) folder: String,
    pub(crate) into: String,
}

impl Filing {
    /// Moves all files that lie before a place which is settled. It may be asked again: what is left of one time goes the next, and a
    /// file that was put there in the meantime came after that place, whatever it is called.
    pub(crate) fn file_away<'a>(
        &self,
        entries: impl IntoIterator<Item = &'a Entry>,
        settled: &Place,
    ) -> Result<(), Failure> {
        for entry in entries.into_iter().filter(|entry| settled.is_past(entry)) {
            match self.move_away(entry) {
                Err(failure) if failure.is_budget() => return Ok(()),
                done => done?,
            }
        }
        Ok(())
    }

    fn move_away(&self, entry: &Entry) -> Result<(), Failure> {
        let from = (self.folder.as_str(), entry.name.as_str());
        if files::rename(from, (&self.into, &entry.name))? != Moved::Exists {
            return Ok(());
        }
        // A file of this name came before; both are kept.
        let dated = format!("{}.{}", since(entry), entry.name);
        if files::rename(from, (&self.into, &dated))? == Moved::Exists {
            log::warn(format_args!("{} stays: two files of its name were filed away before", entry.name));
        }
        Ok(())
    }
}
