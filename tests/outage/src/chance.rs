//! Numbers from a seed: the same seed tries the same things again.

/// A linear congruential generator, by Knuth's constants.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The same seed gives the same numbers.
    pub const fn seeded(seed: u64) -> Self {
        let mut chance = Self(seed.wrapping_mul(2).wrapping_add(1));
        // The first numbers of neighbouring seeds are alike.
        let mut step = 0;
        while step < 8 {
            chance.below(2);
            step += 1;
        }
        chance
    }

    /// A number below `end`.
    pub const fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// An index below `end`.
    pub fn index(&mut self, end: usize) -> usize {
        usize::try_from(self.below(u64::try_from(end).unwrap_or(u64::MAX))).unwrap_or(0)
    }

    /// Yes in so many of a hundred cases.
    pub const fn percent(&mut self, yes: u64) -> bool {
        self.below(100) < yes
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.index(all.len())]
    }
}
