//! What a rate table holds: the cells of contracts, each with its rates and the factors that multiply to them.

use jiff::civil::Date;
use serde::Serialize;

use crate::base::error::Error;
use crate::base::money::{Kopecks, Rate};
use crate::quote::Status;
use crate::tariff::EditionId;

/// The cells of a contract.
#[derive(Debug)]
pub struct ContractCells {
    /// The number of the contract.
    pub number: String,
    /// The edition of the tariff that priced it.
    pub tariff: EditionId,
    /// The status of its quote; the contracts of a book are issued.
    pub status: Status,
    /// Its first day.
    pub first_day: Date,
    /// Its last day.
    pub last_day: Date,
    /// The number of days of its contract year.
    pub year_days: u32,
    /// The cells, in the order plan, cover, ages, risk group; cells from endorsements are last.
    pub cells: Vec<Cell>,
}

/// A cell: its coordinates, its rates, and their factors.
#[derive(Debug)]
pub struct Cell {
    /// Its number in the contract, by which the lines of a book refer to it.
    pub cell: u32,
    /// The plan.
    pub plan: String,
    /// The programme.
    pub programme: String,
    /// The first age that has this rate, in completed years.
    pub age_from: u32,
    /// The last age that has this rate.
    pub age_to: u32,
    /// The risk group.
    pub risk_group: u32,
    /// The cover's sum insured, for insured without one of their own.
    pub sum_insured: Kopecks,
    /// The rate with every range at its low end, with the contract's choices, and with every range at its high end.
    pub rates: [Rate; 3],
    /// The factors, in the order of the formula.
    pub factors: Vec<Factor>,
}

/// A factor of a rate.
#[derive(Debug)]
pub struct Factor {
    /// Its kind: the words of `kollektiv explain --json`, or `book_change`.
    pub factor: &'static str,
    /// The codes of the services that it excludes or includes.
    pub services: String,
    /// Its value.
    pub coefficient: Rate,
    /// The ends of its range, where the tariff gives one.
    pub range: Option<[Rate; 2]>,
    /// Who chose the value.
    pub chosen_by: &'static str,
    /// The clause of the tariff.
    pub clause: String,
    /// The rule of interpretation, where the tariff needs one.
    pub rule: Option<&'static str>,
    /// The first day on which it applies, where that is not the contract's first.
    pub effective: Option<Date>,
}

/// Contracts whose cells can be read repeatedly.
pub trait CellSource {
    /// Passes the cells of every contract to `visit`, always in the same order.
    ///
    /// # Errors
    ///
    /// Those of `visit`, and every error that keeps a contract from being read.
    fn visit_contracts(&self, visit: &mut dyn FnMut(ContractCells) -> Result<(), Error>) -> Result<(), Error>;
}

/// How much a rate table holds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Contracts.
    pub contracts: usize,
    /// Contracts with preliminary quotes.
    pub preliminary: usize,
    /// Cells.
    pub cells: usize,
    /// Factors.
    pub factors: usize,
    /// The number of decimals of the rates.
    pub rate_scale: u32,
}
