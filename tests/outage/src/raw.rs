//! Plain rows in one table, for every version of the engine that is to be tried: the newest must pass, a known bad one must not.

use crate::chance::Chance;
use crate::voyage::Changes;

/// A module with a [`Sailor`](crate::Sailor) named `Raw` over one version of redb.
#[macro_export]
macro_rules! raw {
    ($(#[$doc:meta])* $name:ident, $redb:ident) => {
        $(#[$doc])*
        pub mod $name {
            use std::io;

            use $redb::{Builder, Database, ReadableDatabase as _, ReadableTable as _, StorageBackend, TableDefinition};
            use $crate::{Blobs, Chance, Changes, Commit, Disk, Log, OPENED, Rows, Sailor};

            const ROWS: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("rows");

            /// A disk as this version asks for it.
            #[derive(Debug)]
            pub struct Backend(pub Disk);

            impl StorageBackend for Backend {
                fn len(&self) -> io::Result<u64> {
                    Ok(self.0.length())
                }

                fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
                    self.0.read(offset, out)
                }

                fn set_len(&self, len: u64) -> io::Result<()> {
                    self.0.set_len(len)
                }

                fn sync_data(&self) -> io::Result<()> {
                    self.0.sync();
                    Ok(())
                }

                fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
                    self.0.write(offset, data)
                }
            }

            /// Whoever writes plain rows.
            #[derive(Clone, Copy, Debug)]
            pub struct Raw;

            impl Sailor for Raw {
                fn sail(&self, disk: &Disk, _: &Blobs, commits: usize, chance: &mut Chance) -> Result<Log, String> {
                    sail(disk, commits, chance).map_err(|error| error.to_string())
                }
            }

            fn sail(disk: &Disk, commits: usize, chance: &mut Chance) -> Result<Log, $redb::Error> {
                let mut builder = Builder::new();
                let database = builder.set_cache_size(4 << 20).create_with_backend(Backend(disk.clone()))?;
                // As the store does: what was found when it was opened is durable before anything is built on it.
                commit(&database, &Changes::new())?;
                let found = rows(&database)?;
                let mut log = Log { found, commits: Vec::new() };
                disk.mark(OPENED);
                for number in 0..commits {
                    let changes = $crate::changes(chance);
                    log.commits.push(Commit { changes: changes.clone(), blobs: Blobs::default() });
                    disk.mark(OPENED + 2 * number + 1);
                    commit(&database, &changes)?;
                    disk.mark(OPENED + 2 * number + 2);
                }
                Ok(log)
            }

            fn commit(database: &Database, changes: &Changes) -> Result<(), $redb::Error> {
                let mut transaction = database.begin_write()?;
                transaction.set_quick_repair(true);
                {
                    let mut rows = transaction.open_table(ROWS)?;
                    for (key, row) in changes {
                        match row {
                            Some(row) => rows.insert(key.as_slice(), row.as_slice())?,
                            None => rows.remove(key.as_slice())?,
                        };
                    }
                }
                Ok(transaction.commit()?)
            }

            fn rows(database: &Database) -> Result<Rows, $redb::Error> {
                let rows = database.begin_read()?.open_table(ROWS)?;
                let mut found = Rows::new();
                for row in rows.iter()? {
                    let (key, value) = row?;
                    found.insert(key.value().to_vec(), value.value().to_vec());
                }
                Ok(found)
            }
        }
    };
}

/// A few rows among so many keys, some of them large, so that the file grows within a commit.
pub fn changes(chance: &mut Chance) -> Changes {
    let rows = 1 + chance.below(4);
    (0..rows).map(|_| (key(chance), row(chance))).collect()
}

fn key(chance: &mut Chance) -> Vec<u8> {
    format!("row {:02}", chance.below(40)).into_bytes()
}

fn row(chance: &mut Chance) -> Option<Vec<u8>> {
    if chance.percent(15) {
        return None;
    }
    let len = if chance.percent(30) { chance.index(400_000) } else { chance.index(500) };
    let first = chance.index(251);
    Some((0..len).map(|at| ((first + at) % 251) as u8).collect())
}
