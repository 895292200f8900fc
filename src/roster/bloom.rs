//! What comes twice among the fingerprints of a roster's rows, found without sorting all of them.

use std::ops::Range;

use rayon::prelude::*;

/// So many rows are looked at in one go.
const ROWS_AT_ONCE: usize = 16 * 1024;
/// The keys of a large roster are spread over so many buckets that one of them stays in a processor's cache: a power of two.
const BUCKETS: usize = 64;
const _: () = assert!(BUCKETS.is_power_of_two());

/// What a row has a fingerprint of: those of one fingerprint are beside each other where they are in order.
pub trait Key: Copy + Ord + Send + Sync {
    /// The fingerprint.
    fn print(&self) -> u64;

    /// The row.
    fn at(&self) -> usize;
}

/// A fingerprint, and the row that has it.
impl Key for (u64, usize) {
    fn print(&self) -> u64 {
        self.0
    }

    fn at(&self) -> usize {
        self.1
    }
}

/// The keys of some rows, spread by their fingerprints.
pub struct Buckets<K>(Vec<Vec<K>>);

impl<K: Key> Buckets<K> {
    /// Buckets with room for so many keys in all.
    fn new(keys: usize) -> Self {
        // they are never filled quite alike
        let room = keys / BUCKETS * 9 / 8;
        Self((0..BUCKETS).map(|_| Vec::with_capacity(room)).collect())
    }

    /// Adds a key of a row.
    pub fn put(&mut self, key: K) {
        let bucket = mixed(key.print()) >> (u64::BITS - BUCKETS.ilog2());
        self.0[usize::try_from(bucket).unwrap_or(0)].push(key);
    }
}

/// Of the keys that `fill` finds in so many rows, of which each has about so many, those whose fingerprint comes more than once, and a
/// few others; keys of equal fingerprint are together and in order.
pub fn repeated<K: Key>(
    rows: usize,
    keys_of_a_row: usize,
    fill: impl Fn(Range<usize>, &mut Buckets<K>) + Sync,
) -> Vec<K> {
    let starts: Vec<usize> = (0..rows).step_by(ROWS_AT_ONCE).collect();
    let filled: Vec<Buckets<K>> = starts
        .into_par_iter()
        .map(|start| {
            let rows = start..rows.min(start + ROWS_AT_ONCE);
            let mut buckets = Buckets::new(keys_of_a_row * rows.len());
            fill(rows, &mut buckets);
            buckets
        })
        .collect();
    let of_bucket = |bucket: usize| twice(filled.iter().map(|buckets| buckets.0[bucket].as_slice()));
    (0..BUCKETS).into_par_iter().flat_map_iter(of_bucket).collect()
}

/// The keys of one fingerprint, where there are several.
pub fn runs<K: Key>(repeated: &[K]) -> impl Iterator<Item = &[K]> {
    repeated.chunk_by(|left, right| left.print() == right.print()).filter(|run| run.len() > 1)
}

/// Those of a bucket's keys that may come twice, in order.
fn twice<'k, K: Key + 'k>(parts: impl Iterator<Item = &'k [K]> + Clone) -> Vec<K> {
    let mut sieve = SeenTwiceFilter::new(parts.clone().map(<[K]>::len).sum());
    for key in parts.clone().flatten() {
        sieve.pass(key.print());
    }
    let mut kept: Vec<K> = parts.flatten().filter(|key| sieve.passed_twice(key.print())).copied().collect();
    kept.sort_unstable();
    kept
}

const fn mixed(print: u64) -> u64 {
    (print ^ (print >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Which prints have passed, and which twice: never a print too few, now and then one too many.
struct SeenTwiceFilter {
    once: Vec<u64>,
    twice: Vec<u64>,
}

impl SeenTwiceFilter {
    /// A sieve for so many prints.
    fn new(prints: usize) -> Self {
        // sixteen bits a print
        let blocks = (prints / 4).next_power_of_two().max(64);
        Self { once: vec![0; blocks], twice: vec![0; blocks] }
    }

    fn place(&self, print: u64) -> (usize, u64) {
        let mixed = mixed(print);
        let block = usize::try_from(mixed >> 16).unwrap_or(0) & (self.once.len() - 1);
        (block, 1 << (mixed % 64))
    }

    /// Takes note of a print.
    fn pass(&mut self, print: u64) {
        let (block, bit) = self.place(print);
        self.twice[block] |= self.once[block] & bit;
        self.once[block] |= bit;
    }

    /// Whether the print may have passed twice.
    fn passed_twice(&self, print: u64) -> bool {
        let (block, bit) = self.place(print);
        self.twice[block] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sieve_keeps_what_passed_twice_and_little_else() {
        const PRINTS: u64 = 1000;
        let mut sieve = SeenTwiceFilter::new(1000);
        (0..PRINTS).for_each(|print| sieve.pass(print));
        let kept = (0..PRINTS).filter(|print| sieve.passed_twice(*print)).count();
        assert!(kept < 100, "{kept}");
        (0..PRINTS).for_each(|print| sieve.pass(print));
        assert!((0..PRINTS).all(|print| sieve.passed_twice(print)));
    }

    #[test]
    fn rows_of_one_print_stand_together_and_in_order() {
        let prints = [7, 0, 9, 7, 0, 8, 9, 7];
        let found = repeated(prints.len(), 1, |rows, keys| {
            for at in rows.filter(|at| prints[*at] != 0) {
                keys.put((prints[at], at));
            }
        });
        let runs: Vec<&[(u64, usize)]> = runs(&found).collect();
        assert_eq!(runs.len(), 2);
        assert!(runs.contains(&&[(7, 0), (7, 3), (7, 7)][..]) && runs.contains(&&[(9, 2), (9, 6)][..]));
    }

    #[test]
    fn of_many_rows_every_repetition_is_found() {
        const ROWS: usize = 3 * ROWS_AT_ONCE;
        let print = |at: usize| (at % (ROWS - 100)) as u64 * 0x1234_5678_9abc;
        let found = repeated(ROWS, 1, |rows, keys| rows.for_each(|at| keys.put((print(at), at))));
        let again: Vec<usize> = runs(&found).map(|run| run[1].1 - run[0].1).collect();
        assert_eq!(again, [ROWS - 100; 100]);
        assert!(found.len() < ROWS / 8, "{} of {ROWS}", found.len());
    }
}
