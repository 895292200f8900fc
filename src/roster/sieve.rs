//! Which fingerprints come twice, found without sorting all of them.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

/// Which prints have passed, and which twice: never a print too few, now and then one too many.
pub struct Sieve {
    once: Vec<AtomicU64>,
    twice: Vec<AtomicU64>,
}

impl Sieve {
    /// A sieve for so many prints.
    pub fn new(prints: usize) -> Self {
        // sixteen bits a print
        let blocks = (prints / 4).next_power_of_two().max(64);
        let empty = || (0..blocks).map(|_| AtomicU64::new(0)).collect();
        Self { once: empty(), twice: empty() }
    }

    fn place(&self, print: u64) -> (usize, u64) {
        let mixed = (print ^ (print >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let block = usize::try_from(mixed >> 16).unwrap_or(0) & (self.once.len() - 1);
        (block, 1 << (mixed % 64))
    }

    /// Takes note of a print.
    pub fn pass(&self, print: u64) {
        let (block, bit) = self.place(print);
        if self.once[block].fetch_or(bit, Ordering::Relaxed) & bit != 0 {
            self.twice[block].fetch_or(bit, Ordering::Relaxed);
        }
    }

    /// Whether the print may have passed twice.
    pub fn passed_twice(&self, print: u64) -> bool {
        let (block, bit) = self.place(print);
        self.twice[block].load(Ordering::Relaxed) & bit != 0
    }
}

/// Of so many rows those whose print comes more than once, and a few others: each with its print, those of equal print
/// together and in order. A row whose print is 0 has none.
pub fn repeated(rows: usize, print: impl Fn(usize) -> u64 + Sync) -> Vec<(u64, usize)> {
    let sieve = Sieve::new(rows);
    let printed = || (0..rows).into_par_iter().map(|at| (print(at), at)).filter(|(print, _)| *print != 0);
    printed().for_each(|(print, _)| sieve.pass(print));
    let mut repeated: Vec<(u64, usize)> = printed().filter(|(print, _)| sieve.passed_twice(*print)).collect();
    repeated.par_sort_unstable();
    repeated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sieve_keeps_what_passed_twice_and_little_else() {
        const PRINTS: u64 = 1000;
        let sieve = Sieve::new(1000);
        (0..PRINTS).for_each(|print| sieve.pass(print));
        let kept = (0..PRINTS).filter(|print| sieve.passed_twice(*print)).count();
        assert!(kept < 100, "{kept}");
        (0..PRINTS).for_each(|print| sieve.pass(print));
        assert!((0..PRINTS).all(|print| sieve.passed_twice(print)));
    }

    #[test]
    fn rows_of_one_print_stand_together_and_in_order() {
        let prints = [7, 0, 9, 7, 0, 8, 9, 7];
        let found = repeated(prints.len(), |at| prints[at]);
        let twice: Vec<_> = found.into_iter().filter(|(print, _)| *print != 8).collect();
        assert_eq!(twice, [(7, 0), (7, 3), (7, 7), (9, 2), (9, 6)]);
    }
}
