//! Repeated hashes among those of a roster's rows, found without sorting all of them.

use std::ops::Range;

use rayon::prelude::*;

/// The rows of one task.
const ROWS_AT_ONCE: usize = 16 * 1024;
/// The number of buckets, a power of two: those of a large roster fit a processor's cache.
const BUCKETS: usize = 64;
const _: () = assert!(BUCKETS.is_power_of_two());

/// The bits of the number of a row in its task.
const ROW_BITS: u32 = ROWS_AT_ONCE.ilog2();
const _: () = assert!(ROWS_AT_ONCE.is_power_of_two());
/// The bits of a hash by which it is known; two hashes of a roster hardly ever have them in common.
const KNOWN_BITS: u32 = u64::BITS - ROW_BITS + BUCKETS.ilog2();

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

/// The bits by which a hash is known: [`repeated_hashes`] returns these alone.
#[inline]
pub(super) const fn known_bits(hash: u64) -> u64 {
    mixed(hash) >> (u64::BITS - KNOWN_BITS)
}

/// The hashes of some rows, distributed by their first bits: the others stand with the number of the row in eight bytes.
pub(super) struct Buckets {
    first_row: usize,
    buckets: Vec<Vec<u64>>,
}

impl Buckets {
    /// Buckets for the rows of one task from `first_row` on, with capacity for `hashes` hashes in all.
    fn new(first_row: usize, hashes: usize) -> Self {
        // buckets are never of quite one size
        let capacity = hashes / BUCKETS * 9 / 8;
        Self { first_row, buckets: (0..BUCKETS).map(|_| Vec::with_capacity(capacity)).collect() }
    }

    /// Adds the hash of a row of the task.
    #[inline]
    pub fn push(&mut self, hash: u64, row: usize) {
        let known = known_bits(hash);
        let bucket = known >> (KNOWN_BITS - BUCKETS.ilog2());
        self.buckets[usize::try_from(bucket).unwrap_or(0)].push(known << ROW_BITS | (row - self.first_row) as u64);
    }

    /// The hashes and the rows of a bucket.
    fn hashes(&self, bucket: usize) -> impl Iterator<Item = (u64, usize)> + Clone {
        let first_bits = (bucket as u64) << (KNOWN_BITS - BUCKETS.ilog2());
        let row = |entry: u64| usize::try_from(entry % (1 << ROW_BITS)).unwrap_or(0);
        self.buckets[bucket].iter().map(move |entry| (first_bits | entry >> ROW_BITS, self.first_row + row(*entry)))
    }
}

/// The [known bits](known_bits) of the hashes that several rows have, each with its rows, in order.
///
/// `fill` adds the hashes of a range of `rows`; a row has about `hashes_of_a_row` of them.
pub(super) fn repeated_hashes(
    rows: usize,
    hashes_of_a_row: usize,
    fill: impl Fn(Range<usize>, &mut Buckets) + Sync,
) -> Vec<(u64, usize)> {
    let starts: Vec<usize> = (0..rows).step_by(ROWS_AT_ONCE).collect();
    let filled: Vec<Buckets> = starts
        .into_par_iter()
        .map(|start| {
            let rows = start..rows.min(start + ROWS_AT_ONCE);
            let mut buckets = Buckets::new(start, hashes_of_a_row * rows.len());
            fill(rows, &mut buckets);
            buckets
        })
        .collect();
    let in_bucket = |bucket: usize| {
        let count = filled.iter().map(|buckets| buckets.buckets[bucket].len()).sum();
        repeated_in_bucket(count, filled.iter().flat_map(move |buckets| buckets.hashes(bucket)))
    };
    (0..BUCKETS).into_par_iter().flat_map_iter(in_bucket).collect()
}

/// The runs of several keys of one hash.
pub(super) fn runs<K: Key>(keys: &[K]) -> impl Iterator<Item = &[K]> {
    keys.chunk_by(|left, right| left.hash() == right.hash()).filter(|run| run.len() > 1)
}

/// The hashes of a bucket that several rows have, in order.
fn repeated_in_bucket(count: usize, hashes: impl Iterator<Item = (u64, usize)> + Clone) -> Vec<(u64, usize)> {
    let mut filter = SeenTwiceFilter::new(count);
    hashes.clone().for_each(|(hash, _)| filter.insert(hash));
    let mut kept = Vec::new();
    hashes.for_each(|found| {
        if filter.seen_twice(found.0) {
            kept.push(found);
        }
    });
    kept.sort_unstable();
    // a row may have a hash twice
    kept.dedup();
    runs(&kept).flatten().copied().collect()
}

#[inline]
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

    #[inline]
    fn place(&self, hash: u64) -> (usize, u64) {
        let mixed = mixed(hash);
        let block = usize::try_from(mixed >> 16).unwrap_or(0) & (self.once.len() - 1);
        (block, 1 << (mixed % 64))
    }

    #[inline]
    fn insert(&mut self, hash: u64) {
        let (block, bit) = self.place(hash);
        self.twice[block] |= self.once[block] & bit;
        self.once[block] |= bit;
    }

    /// Whether the hash may have been inserted twice.
    #[inline]
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
        let found = repeated_hashes(hashes.len(), 1, |rows, keys| {
            for at in rows.filter(|at| hashes[*at] != 0) {
                keys.push(hashes[at], at);
            }
        });
        let (seven, nine) = (known_bits(7), known_bits(9));
        let runs: Vec<&[(u64, usize)]> = runs(&found).collect();
        assert_eq!(runs.len(), 2);
        let expected = [&[(seven, 0), (seven, 3), (seven, 7)][..], &[(nine, 2), (nine, 6)]];
        assert!(expected.iter().all(|run| runs.contains(run)));
    }

    #[test]
    fn of_many_rows_every_repetition_is_found() {
        const ROWS: usize = 3 * ROWS_AT_ONCE;
        let hash = |at: usize| (at % (ROWS - 100)) as u64 * 0x1234_5678_9abc;
        let found = repeated_hashes(ROWS, 1, |rows, keys| rows.for_each(|at| keys.push(hash(at), at)));
        let again: Vec<usize> = runs(&found).map(|run| run[1].1 - run[0].1).collect();
        assert_eq!(again, [ROWS - 100; 100]);
        assert_eq!(found.len(), 200, "no hash that one row has");
    }

    #[test]
    fn a_hash_that_a_row_has_twice_is_not_repeated() {
        let found = repeated_hashes(3, 2, |rows, keys| {
            for at in rows {
                keys.push(u64::from(at == 2), at);
                keys.push(u64::from(at == 2), at);
            }
        });
        assert_eq!(found, [(known_bits(0), 0), (known_bits(0), 1)]);
    }
}
