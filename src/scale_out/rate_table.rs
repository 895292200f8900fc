//! The cube: the exact rate of every cell of contracts as a table, for whoever prices lines with an engine of their own.
//!
//! `cube.parquet` has a row a cell, `factors.parquet` a row a factor of a cell, with its range, its clause and who chose; the
//! factors of a cell multiply to its rate exactly. Rates are decimals of one scale, the smallest that loses no digit: the
//! contracts are gone through twice, once to measure and once to write. The columns are described in `docs/engine.md`.

pub mod booked;
pub(crate) mod columns;
pub mod quoted;

use std::path::Path;

use jiff::civil::Date;
use serde::Serialize;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, Rate};
use crate::output::folder::Folder;
use crate::quote::Status;
use crate::quote::files::manifest;
use columns::{Scale, Tables};

/// The cells.
pub const CELLS: &str = "cube.parquet";
/// Their factors.
pub const FACTORS: &str = "factors.parquet";

/// The cells of a contract.
#[derive(Debug)]
pub struct ContractCells {
    /// The number of the contract.
    pub number: String,
    /// Whether its quote is preliminary; what a book has is issued.
    pub status: Status,
    /// Its first day.
    pub first_day: Date,
    /// Its last.
    pub last_day: Date,
    /// The days of its contract year.
    pub year_days: u32,
    /// The cells, in the order plan, cover, ages, risk group; those that an endorsement has brought stand last.
    pub cells: Vec<Cell>,
}

/// A cell: what its rate is told apart by, and the rate.
#[derive(Debug)]
pub struct Cell {
    /// Its place in the contract, which the lines of a book name.
    pub cell: u32,
    /// The plan.
    pub plan: String,
    /// The programme.
    pub programme: String,
    /// The first age that has this rate, in completed years.
    pub age_from: u32,
    /// The last.
    pub age_to: u32,
    /// The risk group.
    pub risk_group: u32,
    /// The cover's sum insured, where an insured has none of their own.
    pub sum_insured: Kopecks,
    /// The rate where every range is at its low end, where the contract stands, where every range is at its high end.
    pub rates: [Rate; 3],
    /// The factors, in the order of the formula.
    pub factors: Vec<Factor>,
}

/// A factor of a rate.
#[derive(Debug)]
pub struct Factor {
    /// What it stands for: the words of `kollektiv explain --json`, or `book_change`.
    pub factor: &'static str,
    /// The codes of the services that it excludes or includes.
    pub services: String,
    /// Its value.
    pub coefficient: Rate,
    /// The ends of the range that it was taken from, where the tariff gives one.
    pub range: Option<[Rate; 2]>,
    /// Who chose.
    pub chosen_by: &'static str,
    /// The clause of the tariff.
    pub clause: String,
    /// The rule by which the tariff was read, where one was needed.
    pub rule: Option<&'static str>,
    /// The first day on which it multiplies, where that is not the contract's first.
    pub effective: Option<Date>,
}

/// Contracts whose cells are asked for, as often as they are wanted.
pub trait Source {
    /// Shows the cells of every contract, always in the same order.
    ///
    /// # Errors
    ///
    /// What `take` says, and whatever keeps a contract from being read.
    fn each(&self, take: &mut dyn FnMut(ContractCells) -> Result<(), Error>) -> Result<(), Error>;
}

/// How much was written.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Contracts.
    pub contracts: usize,
    /// Those of them whose quotes are preliminary.
    pub preliminary: usize,
    /// Cells.
    pub cells: usize,
    /// Factors.
    pub factors: usize,
    /// The decimals of the rates.
    pub rate_scale: u32,
}

#[derive(Serialize)]
struct About {
    counts: Counts,
}

/// Writes the cells of the contracts and their factors to a folder.
///
/// # Errors
///
/// [`Error::Unlawful`] where a rate has more digits than a decimal of the format, which is named; what the source says;
/// [`Error::Io`], [`Error::Parquet`] where something cannot be written.
pub fn write(source: &dyn Source, out: &Path) -> Result<Counts, Error> {
    let (mut rates, mut coefficients) = (Scale::default(), Scale::default());
    source.each(&mut |contract| {
        for cell in &contract.cells {
            let said = |rate: &Rate| too_long(&contract.number, cell, rate);
            cell.rates.iter().try_for_each(|rate| rates.take(rate).map_err(|()| said(rate)))?;
            for factor in &cell.factors {
                let ends = factor.range.iter().flatten();
                let mut values = ends.chain([&factor.coefficient]);
                values.try_for_each(|value| coefficients.take(value).map_err(|()| said(value)))?;
            }
        }
        Ok(())
    })?;
    let folder = Folder::stage(out)?;
    let mut tables = Tables::begin(&folder, rates, coefficients)?;
    source.each(&mut |contract| tables.put(contract))?;
    let counts = tables.end()?;
    [CELLS, FACTORS].into_iter().try_for_each(|name| folder.take(name))?;
    manifest::seal(&folder, &About { counts })?;
    folder.publish()?;
    Ok(counts)
}

/// What to say of a rate that no decimal of the format holds together with those before it.
fn too_long(number: &str, cell: &Cell, rate: &Rate) -> Error {
    let ages = format!("{}–{}", cell.age_from, cell.age_to);
    let message = Message::new("cube-too-long")
        .with("number", number)
        .with("plan", cell.plan.as_str())
        .with("programme", cell.programme.as_str())
        .with("ages", ages)
        .with("group", cell.risk_group.to_string())
        .with("rate", rate.to_string())
        .with("limit", u64::from(columns::DIGITS));
    Error::Unlawful { reason: message }
}
