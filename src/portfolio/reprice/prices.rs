//! What a price change does to lines: exact, and rounded line by line (`I20`, `I21`).

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::money::{Kopecks, PreparedRate, Rate};
use crate::portfolio::rows::{CellRows, LineRows};
use crate::portfolio::standing::Standing;

/// The rates of a cell before and after a change.
#[derive(Debug)]
pub struct CellPrices {
    /// The plan.
    pub plan: String,
    /// The programme, by its place in [`Prices::programmes`].
    pub programme: usize,
    /// The risk group.
    pub risk_group: u32,
    /// The rate in force before the change, every digit.
    pub rate_before: String,
    /// The rate after it; none where the change leaves it.
    pub rate_after: Option<String>,
    before: PreparedRate,
    change: Option<Change>,
}

/// What changes in a cell.
#[derive(Debug)]
struct Change {
    after: PreparedRate,
    /// The rate before × the distance of the coefficient from 1.
    step: PreparedRate,
    rises: bool,
}

/// The cells of a contract, priced before and after a change.
#[derive(Debug)]
pub struct Prices {
    /// The cells, by their places in the contract.
    pub cells: Vec<CellPrices>,
    /// The programmes of the contract.
    pub programmes: Vec<String>,
    year_days: u32,
    effective: i32,
}

/// A line before and after.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct LinePrices {
    /// The days from the change, or the line's first day where that is later, to its last (`I20`).
    pub unexpired_days: u32,
    /// The premium of those days at the rate before.
    pub unexpired: i64,
    /// The premium of a full contract year at the rate before.
    pub annual_before: i64,
    /// And at the rate after.
    pub annual_after: i64,
    /// What is charged more; negative where it is less (`I21`).
    pub amount: i64,
}

impl Prices {
    /// The cells of a contract, changed by these coefficients from a day on, in days since 1970.
    ///
    /// `None` where a rate cannot be read, which no book of this program holds.
    #[must_use]
    pub fn new(
        standing: &Standing,
        cells: CellRows,
        coefficients: &BTreeMap<String, Decimal>,
        effective: i32,
    ) -> Option<Self> {
        let year_days = standing.year_days();
        let mut programmes: Vec<String> = Vec::new();
        let mut growths: Vec<Option<Rate>> = Vec::new();
        let mut priced = Vec::with_capacity(cells.cell.len());
        let rows = cells.plan.into_iter().zip(cells.programme).zip(cells.rate).zip(cells.risk_group);
        for (((plan, programme), written), risk_group) in rows {
            let at = programmes.iter().position(|known| *known == programme).unwrap_or_else(|| {
                // the rate in force is the one after every change so far: none is effective later than this one
                growths.push(standing.has_grown(&programme).then(|| standing.growth(&programme)));
                programmes.push(programme.clone());
                programmes.len() - 1
            });
            let first = Rate::as_written(&written)?;
            let (before, rate_before) = match &growths[at] {
                None => (first, written),
                Some(growth) => {
                    let rate = first * growth.clone();
                    let written = rate.to_string();
                    (rate, written)
                }
            };
            let coefficient = coefficients.get(&programme);
            let after = coefficient.map(|coefficient| before.clone() * Rate::from(*coefficient));
            let change = coefficient.zip(after.as_ref()).map(|(coefficient, after)| Change {
                after: after.prepare(year_days),
                step: (before.clone() * Rate::from((*coefficient - Decimal::ONE).abs())).prepare(year_days),
                rises: *coefficient >= Decimal::ONE,
            });
            priced.push(CellPrices {
                plan,
                programme: at,
                risk_group,
                rate_before,
                rate_after: after.map(|rate| rate.to_string()),
                before: before.prepare(year_days),
                change,
            });
        }
        Some(Self { cells: priced, programmes, year_days, effective })
    }

    /// A line before and after; nothing of it changes where it has ended.
    #[must_use]
    pub fn line(&self, lines: &LineRows, at: usize) -> LinePrices {
        let (start, end) = (lines.start[at], lines.end[at]);
        let Ok(unexpired_days) = u32::try_from(end - start.max(self.effective) + 1) else {
            return LinePrices::default();
        };
        if unexpired_days == 0 {
            return LinePrices::default();
        }
        let cell = &self.cells[lines.cell[at] as usize];
        let sum = Kopecks::new(lines.sum_insured[at].into());
        let unexpired = short(cell.before.premium(sum, unexpired_days));
        let annual_before = short(cell.before.premium(sum, self.year_days));
        let (annual_after, amount) = cell.change.as_ref().map_or((annual_before, 0), |change| {
            let step = short(change.step.premium(sum, unexpired_days));
            (short(change.after.premium(sum, self.year_days)), if change.rises { step } else { -step })
        });
        LinePrices { unexpired_days, unexpired, annual_before, annual_after, amount }
    }

    /// Whether the change touches a line: its programme's price changes, and it has not ended.
    #[must_use]
    pub fn touches(&self, lines: &LineRows, at: usize) -> bool {
        self.cells[lines.cell[at] as usize].change.is_some() && lines.end[at] >= self.effective.max(lines.start[at])
    }

    /// The first day of a line's new price, in days since 1970.
    #[must_use]
    pub fn from(&self, lines: &LineRows, at: usize) -> i32 {
        lines.start[at].max(self.effective)
    }
}

/// An amount of a line, which a book keeps in 64 bits: `i64::MAX` where it would not fit, and then the contract is over the
/// book's limit too.
fn short(amount: Kopecks) -> i64 {
    i64::try_from(amount.get()).unwrap_or(i64::MAX)
}
