//! The lines: one insured × one cover, each a look-up in the cube.

use rayon::prelude::*;

use crate::base::calendar::Period;
use crate::base::money::Kopecks;
use crate::pricing::cube::Axes;
use crate::pricing::premium::{Cell, PriceCorridor};
use crate::pricing::rating::Rating;
use crate::quote::admission::Admitted;
use crate::quote::contract::Contract;
use crate::roster::insured::Insured;

/// The insured of one task.
const INSURED_PER_TASK: usize = 16 * 1024;

/// Every priced line, in roster order and then in the plan's order of covers.
///
/// The lines are not stored: each is derived from its insured and its cell on every iteration, which costs less than the
/// memory would.
#[derive(Debug)]
pub struct Lines {
    /// The priced insured, in roster order.
    pub admitted: Vec<Admitted>,
    /// The number of lines.
    pub count: usize,
    /// The rated cells, by their place in the cube; `None` where no line needs the cell.
    cells: Vec<Option<Cell>>,
}

/// The unit that is priced: one insured × one cover.
#[derive(Debug, Clone, Copy)]
pub struct Line<'l> {
    /// The cover, by its place in the plan.
    pub cover: usize,
    /// The place of the cell in the cube.
    pub cell_at: usize,
    /// The cell.
    pub cell: &'l Cell,
    /// The insured's own sum insured, or the cover's.
    pub sum_insured: Kopecks,
    /// The days of cover.
    pub period: Period,
    /// Their number.
    pub days: u32,
}

impl Line<'_> {
    /// The premium, rounded to kopecks.
    #[must_use]
    pub fn premium(&self) -> Kopecks {
        self.cell.premium(self.sum_insured, self.days)
    }

    /// The premium in the three prices, each rounded to kopecks.
    #[must_use]
    pub fn corridor(&self) -> PriceCorridor {
        self.cell.corridor(self.sum_insured, self.days)
    }

    /// Whether the line has the cover's sum insured and the contract's whole term, as most have.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.cell.is_whole(self.sum_insured, self.days)
    }
}

impl Lines {
    /// Rates every cell that one of the insured needs.
    ///
    /// # Panics
    ///
    /// If an insured is on a plan without a rate at their age: those are not admitted.
    #[must_use]
    pub fn new(contract: &Contract, rating: &Rating<'_>, axes: &Axes, admitted: Vec<Admitted>) -> Self {
        let (needed, count) = needed(contract, axes, &admitted);
        let rate = |(cell, needed): (usize, bool)| {
            needed.then(|| {
                let at = axes.coordinates(cell);
                let cover = &contract.terms.plans[at.plan].covers[at.cover];
                Cell::new(rating, &contract.terms, cover, &axes.ages[at.age_class], at.risk)
                    .expect("an insured whose plan has no rate at their age is not admitted")
            })
        };
        let cells = needed.into_par_iter().enumerate().map(rate).collect();
        Self { admitted, count, cells }
    }

    /// The lines of one of the priced insured, in the plan's order of covers.
    ///
    /// # Panics
    ///
    /// If the insured is not one of [`Lines::admitted`].
    pub fn of_insured<'l>(
        &'l self,
        insured: &'l Admitted,
        contract: &'l Contract,
        axes: &'l Axes,
        columns: &Insured,
    ) -> impl Iterator<Item = Line<'l>> + use<'l> {
        let at = insured.at as usize;
        let period = columns.cover[at].unwrap_or_else(|| contract.term().period());
        let days = period.days();
        let own_sum = columns.sum_insured(at);
        let covers = &contract.terms.plans[usize::from(insured.plan)].covers;
        cells_of(axes, insured, covers.len()).zip(covers).enumerate().map(move |(place, (cell_at, cover))| {
            let cell = self.cells[cell_at].as_ref().expect("every cell of an insured is rated");
            let sum_insured = own_sum.unwrap_or(cover.sum_insured);
            Line { cover: place, cell_at, cell, sum_insured, period, days }
        })
    }

    /// A line of a cell with the cover's sum insured and the contract's whole term; `None` where no line needs the cell.
    #[must_use]
    pub fn whole_line(&self, cell_at: usize, contract: &Contract, axes: &Axes) -> Option<Line<'_>> {
        let cell = self.cell(cell_at)?;
        let at = axes.coordinates(cell_at);
        let (period, sum_insured) =
            (contract.term().period(), contract.terms.plans[at.plan].covers[at.cover].sum_insured);
        Some(Line { cover: at.cover, cell_at, cell, sum_insured, period, days: period.days() })
    }

    /// The cell at a place of the cube, if a line needs it.
    #[must_use]
    pub fn cell(&self, at: usize) -> Option<&Cell> {
        self.cells[at].as_ref()
    }
}

/// For each cell of the cube whether an insured needs it; and the number of lines.
fn needed(contract: &Contract, axes: &Axes, admitted: &[Admitted]) -> (Vec<bool>, usize) {
    let none = || (vec![false; axes.cells()], 0);
    let some = |(mut needed, mut count): (Vec<bool>, usize), insured: &[Admitted]| {
        for insured in insured {
            let covers = contract.terms.plans[usize::from(insured.plan)].covers.len();
            cells_of(axes, insured, covers).for_each(|cell| needed[cell] = true);
            count += covers;
        }
        (needed, count)
    };
    let both = |(mut needed, count): (Vec<bool>, usize), (others, more): (Vec<bool>, usize)| {
        needed.iter_mut().zip(others).for_each(|(needed, other)| *needed |= other);
        (needed, count + more)
    };
    admitted.par_chunks(INSURED_PER_TASK).fold(none, some).reduce(none, both)
}

/// The places of an insured's cells, one for each cover of the plan.
fn cells_of(axes: &Axes, insured: &Admitted, covers: usize) -> impl Iterator<Item = usize> + use<> {
    let first = axes.first_cell(usize::from(insured.plan), insured.age_class, insured.risk);
    let stride = axes.stride();
    (0..covers).map(move |cover| first + cover * stride)
}
