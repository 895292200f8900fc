//! A quote: the roster of one contract priced line by line, added up, written to files, read back, and set as documents.
//!
//! The whole contract has one headcount coefficient (§2.1, `I1`). A line is a look-up in the cube of cells, one integer
//! multiplication and one rounding. Totals are sums of rounded lines, so that neither the order of rows nor the number of
//! threads matters. Documents are made from the files alone. The room knows nothing of the portfolio or the clinics.

pub mod accepted;
pub mod accepted_insured;
pub(crate) mod admission;
pub mod batch;
pub mod contract;
pub mod contract_effect;
pub mod diagnostic_text;
pub mod documents;
pub mod exact;
pub mod exposure_cell;
pub mod files;
pub mod insurer;
pub(crate) mod line_columns;
pub(crate) mod lines;
pub mod manifest;
mod pattern;
pub mod proposal;
pub mod quote_json;
pub mod remarks;
pub mod rosters;
pub mod saved_quote;
mod status;
pub(crate) mod totals;

pub use admission::{Admitted, RowCounts};
pub use lines::{Line, Lines};
pub use status::Status;
pub use totals::{Group, PlanTotal, ProgrammeTotal, Totals};

use accepted::{AcceptedRows, find_accepted};

use crate::base::error::Error;
use crate::pricing::cube::Axes;
use crate::pricing::rating::Rating;
use crate::roster::Roster;
use crate::tariff::Tariff;
use contract::Contract;

/// A contract with its roster, admitted row by row, and its price if there is one.
#[derive(Debug)]
pub struct Quote<'c> {
    /// The contract.
    pub contract: &'c Contract,
    /// The tariff.
    pub tariff: &'c Tariff,
    /// The roster with its diagnostics, in the order of its rows.
    pub roster: Roster,
    /// The outcome.
    pub status: Status,
    /// The outcome of its rows; they add up.
    pub rows: RowCounts,
    /// The rows that are priced because the contract accepts their insured (`I73`), with the entry of each.
    pub accepted: AcceptedRows,
    /// The price; `None` where the contract is refused.
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
    /// The sums of the lines.
    pub totals: Totals,
}

impl<'c> Quote<'c> {
    /// Admits the rows of a roster and prices them.
    ///
    /// With `preliminary` only the clean rows are priced and counted; without it one rejected or referred row leaves the
    /// whole contract without a price.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] where the headcount makes a choice of the contract unlawful, and as [`find_accepted`].
    pub fn new(
        contract: &'c Contract,
        tariff: &'c Tariff,
        mut roster: Roster,
        preliminary: bool,
    ) -> Result<Self, Error> {
        let axes = Axes::new(tariff, &contract.terms);
        let accepted = find_accepted(&roster, contract, tariff)?;
        let (admitted, rows) =
            admission::admit(&mut roster, contract, tariff, &axes, &contract.accepted_ages(&accepted));
        let clean = rows.rejected == 0 && rows.referred == 0;
        let status = match (roster.tables.incomplete || admitted.is_empty(), clean, preliminary) {
            (true, ..) | (false, false, false) => Status::Refused,
            (false, _, true) => Status::Preliminary,
            // a census names no insured yet
            (false, true, false) if roster.census => Status::Preliminary,
            (false, true, false) => Status::Issued,
        };
        let price = match status {
            Status::Refused => None,
            Status::Issued | Status::Preliminary => Some(Price::new(contract, tariff, &roster, axes, admitted)?),
        };
        Ok(Self { contract, tariff, roster, status, rows, accepted, price })
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
        let rating = contract.rating(tariff, headcount)?;
        let lines = Lines::new(contract, &rating, &axes, admitted);
        let totals = Totals::new(contract, &roster.insured, &axes, &lines);
        Ok(Self { headcount, rating, axes, lines, totals })
    }
}
