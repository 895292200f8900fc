//! Who may be in a roster twice: keys of birth date and name, of which nearly all come once.

use crate::base::calendar::days_since_1970;
use crate::roster::bloom;
use crate::roster::bloom::Buckets;
use crate::roster::fingerprint::NameHasher;
use crate::roster::insured::Insured;

/// Nobody's name has more words: those of longer ones are not looked at one by one, since each is a [`Key`].
pub const MOST_WORDS: usize = 12;

/// As a rule: the whole name, and three words.
const KEYS_OF_A_NAME: usize = 4;

/// A birth date with a whole name, or with all words of it but one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// A fingerprint, equal for all who have the same.
    print: u64,
    /// The row.
    at: u32,
    /// Which letters the word has that is left out; 0 where none is.
    pub letters: u32,
}

impl bloom::Key for Key {
    fn print(&self) -> u64 {
        self.print
    }

    fn at(&self) -> usize {
        self.at as usize
    }
}

/// The keys that come more than once, and a few others, in the order of their fingerprints.
#[derive(Debug)]
pub struct DuplicateKeys {
    /// Of whole names.
    pub same: Vec<Key>,
    /// Of all words of a name but one.
    pub almost: Vec<Key>,
}

impl DuplicateKeys {
    /// Those among the insured who have a name and a birth date.
    pub fn find(insured: &Insured) -> Self {
        let keys = bloom::repeated(insured.len(), KEYS_OF_A_NAME, |rows, keys| {
            let mut printer = NameHasher::default();
            rows.for_each(|at| put_keys(insured, at, &mut printer, keys));
        });
        let (same, almost) = keys.into_iter().partition(|key| key.letters == 0);
        Self { same, almost }
    }
}

/// The keys of a row.
fn put_keys(insured: &Insured, at: usize, printer: &mut NameHasher, keys: &mut Buckets<Key>) {
    let (Some(born), Ok(row)) = (insured.birth_date[at], u32::try_from(at)) else { return };
    printer.fold(insured.name.get(at));
    let Some(name) = printer.text() else { return };
    // namesakes are many, and born on one day they are few
    let day = u64::from(days_since_1970(born).cast_unsigned()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    keys.put(Key { print: name ^ day, at: row, letters: 0 });
    if (2..=MOST_WORDS).contains(&printer.count()) {
        // in whatever order they stand
        let words = printer.words();
        let all = words.iter().fold(day, |all, word| all.wrapping_add(word.print));
        for word in words {
            keys.put(Key { print: all.wrapping_sub(word.print), at: row, letters: word.letters });
        }
    }
}
