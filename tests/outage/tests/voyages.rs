//! A log that keeps its word comes through every loss, and one that does not is found.
#![expect(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

use weighbridge_outage::{Blobs, Chance, Changes, Commit, Disk, IMAGES, Log, OPENED, Rows, Sailor, Tally, voyage};

/// A file of lines `key=row#sum`, each a commit; what is not whole at its end is cut off.
#[derive(Clone, Copy)]
struct Lines {
    /// Whether a commit is synced before it is acknowledged.
    syncs: bool,
    /// Whether a line that is not whole is told from one that is.
    sums: bool,
}

fn sum(text: &str) -> u64 {
    text.bytes().fold(7, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()))
}

impl Lines {
    fn rows(self, text: &str) -> (Rows, usize) {
        let (mut rows, mut end) = (Rows::new(), 0);
        for line in text.split_inclusive('\n') {
            let Some((pair, of)) = line.strip_suffix('\n').and_then(|line| line.split_once('#')) else { break };
            let Some((key, row)) = pair.split_once('=') else { break };
            if self.sums && of != sum(pair).to_string() {
                break;
            }
            rows.insert(key.into(), row.into());
            end += line.len();
        }
        (rows, end)
    }
}

impl Sailor for Lines {
    fn sail(&self, disk: &Disk, _: &Blobs, commits: usize, chance: &mut Chance) -> Result<Log, String> {
        let mut bytes = vec![0; usize::try_from(disk.length()).unwrap()];
        disk.read(0, &mut bytes).unwrap();
        let (found, mut end) = self.rows(&String::from_utf8_lossy(&bytes));
        disk.set_len(end as u64).unwrap();
        disk.sync();
        disk.mark(OPENED);
        let mut log = Log { found, commits: Vec::new() };
        for number in 0..commits {
            let (key, row) = (format!("k{}", chance.below(9)), "r".repeat(600 + chance.index(900)));
            let pair = format!("{key}={row}");
            let line = format!("{pair}#{}\n", sum(&pair));
            let changes = Changes::from([(key.into_bytes(), Some(row.into_bytes()))]);
            log.commits.push(Commit { changes, blobs: Blobs::default() });
            disk.mark(OPENED + 2 * number + 1);
            disk.set_len((end + line.len()) as u64).unwrap();
            disk.write(end as u64, line.as_bytes()).unwrap();
            end += line.len();
            if self.syncs {
                disk.sync();
            }
            disk.mark(OPENED + 2 * number + 2);
        }
        Ok(log)
    }
}

/// How many of so many voyages ended in an error.
fn lost(lines: Lines, voyages: u64) -> usize {
    (1..=voyages).filter(|seed| voyage(&lines, *seed, IMAGES, &mut Tally::default()).is_err()).count()
}

#[test]
fn comes_through_when_each_commit_is_synced_and_summed() {
    for seed in 1..=50 {
        voyage(&Lines { syncs: true, sums: true }, seed, IMAGES, &mut Tally::default()).unwrap();
    }
}

#[test]
fn is_found_when_a_commit_is_acknowledged_before_it_is_synced() {
    assert!(lost(Lines { syncs: false, sums: true }, 50) > 40);
}

#[test]
fn is_found_when_a_torn_commit_passes_for_a_whole_one() {
    assert!(lost(Lines { syncs: true, sums: false }, 500) > 0);
}

#[test]
fn tries_the_same_again_when_the_seed_is_the_same() {
    let tally = |seed| {
        let mut tally = Tally::default();
        voyage(&Lines { syncs: true, sums: true }, seed, IMAGES, &mut tally).unwrap();
        (tally.images, tally.in_recovery, tally.commits, tally.landed)
    };
    assert_eq!(tally(3), tally(3));
    assert_ne!(tally(3), tally(4));
}
