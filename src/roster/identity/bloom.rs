//! Repeated hashes among those of a roster's rows, found without sorting all of them.

use std::ops::Range;

use rayon::prelude::*;

/// The rows of one task.
const ROWS_AT_ONCE: usize = 16 * 1024;
/// The number of buckets, a power of two: those of a large roster fit a processor's cache.
const BUCKETS: usize = 64;
const _: () = assert!(BUCKETS.is_power_of_two());

/// A hash with the row that has it; keys of one hash are adjacent in their order.
pub(super) trait Key: Copy + Ord + Send + Sync {
    /// The hash.
    fn hash(&self) -> u64;

    /// The row.
    fn row(&self) -> usize;
}

impl Key for (u64, usize) {
    fn hash(&self) -> u64 {
        self.0
    }

    fn row(&self) -> usize {
        self.1
    }
}

/// The keys of some rows, distributed by their hashes.
pub(super) struct Buckets<K>(Vec<Vec<K>>);

impl<K: Key> Buckets<K> {
    /// Buckets with capacity for `keys` keys in all.
    fn new(keys: usize) -> Self {
        // buckets are never of quite one size
        let capacity = keys / BUCKETS * 9 / 8;
        Self((0..BUCKETS).map(|_| Vec::with_capacity(capacity)).collect())
    }

    /// Adds a key.
    pub fn push(&mut self, key: K) {
        let bucket = mixed(key.hash()) >> (u64::BITS - BUCKETS.ilog2());
        self.0[usize::try_from(bucket).unwrap_or(0)].push(key);
    }
}

/// The keys whose hash occurs more than once, and a few others; keys of one hash are adjacent and in order.
///
/// `fill` adds the keys of a range of `rows`; a row has about `keys_of_a_row` of them.
pub(super) fn repeated_keys<K: Key>(
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
    let in_bucket = |bucket: usize| repeated_in_bucket(filled.iter().map(|buckets| buckets.0[bucket].as_slice()));
    (0..BUCKETS).into_par_iter().flat_map_iter(in_bucket).collect()
}

/// The runs of several keys of one hash.
pub(super) fn runs<K: Key>(repeated: &[K]) -> impl Iterator<Item = &[K]> {
    repeated.chunk_by(|left, right| left.hash() == right.hash()).filter(|run| run.len() > 1)
}

/// The keys of a bucket whose hash may occur more than once, in order.
fn repeated_in_bucket<'k, K: Key + 'k>(parts: impl Iterator<Item = &'k [K]> + Clone) -> Vec<K> {
    let mut filter = SeenTwiceFilter::new(parts.clone().map(<[K]>::len).sum());
    for key in parts.clone().flatten() {
        filter.insert(key.hash());
    }
    let mut kept: Vec<K> = parts.flatten().filter(|key| filter.seen_twice(key.hash())).copied().collect();
    kept.sort_unstable();
    kept
}

const fn mixed(hash: u64) -> u64 {
    (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A Bloom filter of hashes seen once and seen twice: it may report a hash too many, never one too few.
struct SeenTwiceFilter {
    once: Vec<u64>,
    twice: Vec<u64>,
}

impl SeenTwiceFilter {
    /// A filter for `hashes` hashes.
    fn new(hashes: usize) -> Self {
        // sixteen bits for each hash
        let blocks = (hashes / 4).next_power_of_two().max(64);
        Self { once: vec![0; blocks], twice: vec![0; blocks] }
    }

    fn place(&self, hash: u64) -> (usize, u64) {
        let mixed = mixed(hash);
        let block = usize::try_from(mixed >> 16).unwrap_or(0) & (self.once.len() - 1);
        (block, 1 << (mixed % 64))
    }

    fn insert(&mut self, hash: u64) {
        let (block, bit) = self.place(hash);
        self.twice[block] |= self.once[block] & bit;
        self.once[block] |= bit;
    }

    /// Whether the hash may have been inserted twice.
    fn seen_twice(&self, hash: u64) -> bool {
        let (block, bit) = self.place(hash);
        self.twice[block] & bit != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_keeps_what_was_seen_twice_and_little_else() {
        const HASHES: u64 = 1000;
        let mut filter = SeenTwiceFilter::new(1000);
        (0..HASHES).for_each(|hash| filter.insert(hash));
        let kept = (0..HASHES).filter(|hash| filter.seen_twice(*hash)).count();
        assert!(kept < 100, "{kept}");
        (0..HASHES).for_each(|hash| filter.insert(hash));
        assert!((0..HASHES).all(|hash| filter.seen_twice(hash)));
    }

    #[test]
    fn rows_of_one_hash_are_adjacent_and_in_order() {
        let hashes = [7, 0, 9, 7, 0, 8, 9, 7];
        let found = repeated_keys(hashes.len(), 1, |rows, keys| {
            for at in rows.filter(|at| hashes[*at] != 0) {
                keys.push((hashes[at], at));
            }
        });
        let runs: Vec<&[(u64, usize)]> = runs(&found).collect();
        assert_eq!(runs.len(), 2);
        assert!(runs.contains(&&[(7, 0), (7, 3), (7, 7)][..]) && runs.contains(&&[(9, 2), (9, 6)][..]));
    }

    #[test]
    fn of_many_rows_every_repetition_is_found() {
        const ROWS: usize = 3 * ROWS_AT_ONCE;
        let hash = |at: usize| (at % (ROWS - 100)) as u64 * 0x1234_5678_9abc;
        let found = repeated_keys(ROWS, 1, |rows, keys| rows.for_each(|at| keys.push((hash(at), at))));
        let again: Vec<usize> = runs(&found).map(|run| run[1].1 - run[0].1).collect();
        assert_eq!(again, [ROWS - 100; 100]);
        assert!(found.len() < ROWS / 8, "{} of {ROWS}", found.len());
    }
}
