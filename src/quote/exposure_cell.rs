//! Lines that cost the same, counted together.

use std::collections::BTreeMap;

use crate::base::money::Kopecks;

/// Lines with one rate, one sum insured and the same days of cover.
///
/// They have the same premium under any choices of the contract in the tariff's ranges, so that thousands of insured are repriced by pricing
/// some hundreds of cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExposureCell {
    /// The rate: the index of a cell of the cube, or of a row of the price list.
    pub rate: usize,
    /// The sum insured.
    pub sum_insured: Kopecks,
    /// The days of cover.
    pub days: u32,
    /// The number of lines.
    pub lines: u64,
}

/// Counts lines, each given as rate, sum insured and days of cover; in the order of these three.
#[must_use]
pub fn count_lines(lines: impl IntoIterator<Item = (usize, Kopecks, u32)>) -> Vec<ExposureCell> {
    let mut counts: BTreeMap<(usize, Kopecks, u32), u64> = BTreeMap::new();
    for line in lines {
        *counts.entry(line).or_default() += 1;
    }
    let cell = |((rate, sum_insured, days), lines)| ExposureCell { rate, sum_insured, days, lines };
    counts.into_iter().map(cell).collect()
}

/// The cells of each rate.
pub fn by_rate(cells: &[ExposureCell]) -> impl Iterator<Item = &[ExposureCell]> {
    cells.chunk_by(|one, next| one.rate == next.rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_agree_in_rate_sum_and_days_are_one_cell() {
        let line = |rate, sum, days| (rate, Kopecks::new(sum), days);
        let cells = count_lines([line(1, 5, 365), line(0, 7, 30), line(1, 5, 365), line(1, 5, 364)]);
        let counted: Vec<_> =
            cells.iter().map(|cell| (cell.rate, cell.sum_insured.get(), cell.days, cell.lines)).collect();
        assert_eq!(counted, [(0, 7, 30, 1), (1, 5, 364, 1), (1, 5, 365, 2)]);
        assert_eq!(by_rate(&cells).map(<[_]>::len).collect::<Vec<_>>(), [1, 2]);
    }
}
