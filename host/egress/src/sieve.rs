//! Finds any of a few long texts in many bytes, most of which it never looks at.
//!
//! An automaton looks at every byte, and records are made of the same letters as secrets. A text of twelve bytes that is in
//! there covers one of every nine places with four bytes of its beginning: only these are looked up, and the automaton
//! judges where they are known.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};

const GRAM_BYTES: usize = 4;
const GRAM_BITS: u32 = 16;

/// A few texts, each of several bytes.
pub(crate) struct Sieve {
    texts: AhoCorasick,
    /// One bit for each hash of four bytes with which a text goes on near its beginning.
    grams: Vec<u64>,
    /// Every occurrence of a text has known bytes at a multiple of this.
    step: usize,
    longest: usize,
}

impl Sieve {
    /// For texts of at least four bytes.
    pub(crate) fn new(texts: &BTreeSet<&[u8]>) -> Self {
        let lengths = || texts.iter().map(|text| text.len());
        let (shortest, longest) = (lengths().min().unwrap_or(GRAM_BYTES), lengths().max().unwrap_or_default());
        let step = (shortest + 1).saturating_sub(GRAM_BYTES).max(1);
        let mut grams = vec![0; 1 << (GRAM_BITS - u64::BITS.ilog2())];
        for gram in texts.iter().flat_map(|text| text.windows(GRAM_BYTES).take(step)) {
            let (word, bit) = place(gram);
            grams[word] |= bit;
        }
        // Which of several is found does not matter, and with this kind the search may use vector instructions.
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(texts);
        let texts = built.expect("a few texts are not so many that states run out");
        Self { texts, grams, step, longest }
    }

    /// Whether one of the texts is in here.
    pub(crate) fn finds(&self, bytes: &[u8]) -> bool {
        let starts = (0..bytes.len().saturating_sub(GRAM_BYTES - 1)).step_by(self.step);
        starts.filter(|at| self.knows(&bytes[*at..*at + GRAM_BYTES])).any(|at| {
            let (start, end) = (at.saturating_sub(self.step - 1), bytes.len().min(at + self.longest));
            self.texts.is_match(&bytes[start..end])
        })
    }

    fn knows(&self, gram: &[u8]) -> bool {
        let (word, bit) = place(gram);
        self.grams[word] & bit != 0
    }
}

/// The word and the bit of four bytes, by Knuth's multiplicative hash.
fn place(gram: &[u8]) -> (usize, u64) {
    let number = u32::from_le_bytes([gram[0], gram[1], gram[2], gram[3]]);
    let hash = number.wrapping_mul(2_654_435_769) >> (u32::BITS - GRAM_BITS);
    ((hash >> u64::BITS.ilog2()) as usize, 1 << (hash % u64::BITS))
}
