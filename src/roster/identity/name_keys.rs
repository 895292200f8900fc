//! Keys of birth date and name, by which rows that may be one insured are found.

use rayon::prelude::*;

use crate::base::calendar::days_since_1970;
use crate::roster::identity::bloom::{Key, known_bits, repeated_hashes};
use crate::roster::identity::fingerprint::NameHasher;
use crate::roster::insured::Insured;

/// No name has more words; longer texts get no key for each word.
pub(super) const MOST_WORDS: usize = 12;

/// The usual number: one for the whole name, and one for each of three words.
const KEYS_OF_A_NAME: usize = 4;

/// The key of a birth date and a whole name, or of all words of the name but one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NameKey {
    /// The hash, equal for equal keys.
    hash: u64,
    /// The row.
    row: u32,
    /// The [letters](super::fingerprint::WordHash::letter_bits) of the word that is left out; 0 where none is left out.
    pub letter_bits: u32,
}

impl Key for NameKey {
    #[inline]
    fn hash(&self) -> u64 {
        self.hash
    }

    #[inline]
    fn row(&self) -> usize {
        self.row as usize
    }
}

/// The keys that occur more than once, and a few others, in the order of their hashes.
#[derive(Debug)]
pub(super) struct DuplicateKeys {
    /// Of whole names.
    pub exact: Vec<NameKey>,
    /// Of all words of a name but one.
    pub near: Vec<NameKey>,
}

impl DuplicateKeys {
    /// The keys of all insured with a name and a birth date.
    pub fn find(insured: &Insured) -> Self {
        let repeated = repeated_hashes(insured.len(), KEYS_OF_A_NAME, |rows, hashes| {
            let mut hasher = NameHasher::default();
            for at in rows {
                keys_of(insured, at, &mut hasher, |key| hashes.push(key.hash, at));
            }
        });
        // the names of the few that are left are folded again: all keys together would need twice the memory
        let of_row = |hasher: &mut NameHasher, (bits, at): (u64, usize)| {
            let mut keys = Vec::new();
            keys_of(insured, at, hasher, |key| keys.extend((known_bits(key.hash) == bits).then_some(key)));
            keys
        };
        let mut keys: Vec<NameKey> =
            repeated.into_par_iter().map_init(NameHasher::default, of_row).flatten_iter().collect();
        keys.par_sort_unstable();
        let (exact, near) = keys.into_iter().partition(|key| key.letter_bits == 0);
        Self { exact, near }
    }
}

/// Calls `add` with the keys of a row.
fn keys_of(insured: &Insured, at: usize, hasher: &mut NameHasher, mut add: impl FnMut(NameKey)) {
    let (Some(born), Ok(row)) = (insured.birth_date[at], u32::try_from(at)) else { return };
    hasher.fold(insured.name.get(at));
    let Some(name) = hasher.hash() else { return };
    // many insured share a name, and few of them a birth date
    let day = u64::from(days_since_1970(born).cast_unsigned()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    add(NameKey { hash: name ^ day, row, letter_bits: 0 });
    if (2..=MOST_WORDS).contains(&hasher.word_count()) {
        // a sum does not depend on the order of the words
        let words = hasher.word_hashes();
        let all = words.iter().fold(day, |all, word| all.wrapping_add(word.hash));
        for word in words {
            add(NameKey { hash: all.wrapping_sub(word.hash), row, letter_bits: word.letter_bits });
        }
    }
}
