//! A quote: one contract's roster priced, person by person, and added up for every reader.
//!
//! The whole contract has one headcount coefficient (§2.1, `I1`); each line is a look-up in the cube of cells, one integer
//! multiplication and the one rounding. All totals are sums of rounded lines, so that neither the order of rows nor the
//! number of threads can matter.

pub(crate) mod admission;
pub mod contract;
pub mod documents;
pub mod files;
pub(crate) mod lines;
pub(crate) mod pattern;
pub mod rosters;
pub mod saved_quote;
pub(crate) mod totals;

pub use admission::{Admitted, RowCounts};
pub use lines::{Line, Lines};
pub use totals::{Group, PlanTotal, ProgrammeTotal, Totals};

use crate::base::error::Error;
use crate::pricing::cube::Axes;
use crate::pricing::rating::Rating;
use crate::roster::Roster;
use crate::tariff::Tariff;
use contract::Contract;

/// What became of a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Every row is priced.
    Issued,
    /// The clean rows alone are priced, because that was asked for; or a census, which is no roster yet.
    Preliminary,
    /// Some row has an error or goes to an underwriter: there is no price.
    Refused,
}

impl Status {
    /// The word in the files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Preliminary => "preliminary",
            Self::Refused => "refused",
        }
    }
}

/// A contract with its roster, judged row by row and priced where that is lawful.
#[derive(Debug)]
pub struct Quote<'c> {
    /// The terms.
    pub contract: &'c Contract,
    /// The tariff.
    pub tariff: &'c Tariff,
    /// The roster with everything that is wrong with it, in the order of its rows.
    pub roster: Roster,
    /// What became of it.
    pub status: Status,
    /// What became of its rows; they add up.
    pub rows: RowCounts,
    /// The price; none where the contract is refused.
    pub price: Option<Price<'c>>,
}

/// The price of a contract.
#[derive(Debug)]
pub struct Price<'c> {
    /// The number of insured priced on the whole contract (`I1`).
    pub headcount: u32,
    /// The coefficients, and the derivation of every rate.
    pub rating: Rating<'c>,
    /// The axes of the cube.
    pub axes: Axes,
    /// The priced lines.
    pub lines: Lines,
    /// Everything that is added up.
    pub totals: Totals,
}

impl<'c> Quote<'c> {
    /// Judges the rows of a roster and prices them.
    ///
    /// With `preliminary` the clean rows alone are priced and counted; without it one row that is rejected or referred
    /// leaves the whole contract without a price.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] where the headcount makes a choice of the contract unlawful.
    pub fn new(
        contract: &'c Contract,
        tariff: &'c Tariff,
        mut roster: Roster,
        preliminary: bool,
    ) -> Result<Self, Error> {
        let axes = Axes::new(tariff, contract);
        let (admitted, rows) = admission::admit(&mut roster, contract, tariff, &axes);
        let clean = rows.rejected == 0 && rows.referred == 0;
        let status = match (roster.incomplete || admitted.is_empty(), clean, preliminary) {
            (true, ..) | (false, false, false) => Status::Refused,
            (false, _, true) => Status::Preliminary,
            // nobody knows yet whom a census counts
            (false, true, false) if roster.census => Status::Preliminary,
            (false, true, false) => Status::Issued,
        };
        let price = match status {
            Status::Refused => None,
            Status::Issued | Status::Preliminary => Some(Price::new(contract, tariff, &roster, axes, admitted)?),
        };
        Ok(Self { contract, tariff, roster, status, rows, price })
    }
}

impl<'c> Price<'c> {
    fn new(
        contract: &'c Contract,
        tariff: &'c Tariff,
        roster: &Roster,
        axes: Axes,
        admitted: Vec<Admitted>,
    ) -> Result<Self, Error> {
        let headcount = u32::try_from(admitted.len()).unwrap_or(u32::MAX);
        let rating = Rating::new(tariff, contract, headcount)?;
        let lines = Lines::new(contract, &rating, &axes, admitted);
        let totals = Totals::new(contract, &roster.insured, &axes, &lines);
        Ok(Self { headcount, rating, axes, lines, totals })
    }
}
