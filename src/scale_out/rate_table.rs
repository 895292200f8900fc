//! The command `cube`: the exact rate of every cell of contracts as a table, for programs that price lines themselves.
//!
//! `cube.parquet` has one row for each cell, `factors.parquet` one row for each factor of a cell, with its range, its clause and who chose it;
//! the factors of a cell multiply exactly to its rate. Rates are decimals of one scale, the smallest that loses no digit: the contracts are read
//! twice, to find the scale and to write. `docs/engine.md` describes the columns.

pub mod booked;
mod cells;
mod parquet;
pub mod quoted;

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::json;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Rate;
use crate::output::folder::Folder;
pub use cells::{Cell, CellSource, ContractCells, Counts, Factor};
use parquet::{CELLS, FACTORS, RateTableWriter, Scale};

/// Writes the cells of contracts and their factors to a folder.
///
/// # Errors
///
/// [`Error::Unlawful`] where a rate has more digits than a decimal of the format; [`Error::Io`], [`Error::Parquet`] where a file cannot be
/// written; those of the source.
pub fn write(source: &dyn CellSource, out: &Path) -> Result<Counts, Error> {
    let (mut rates, mut coefficients) = (Scale::default(), Scale::default());
    source.visit_contracts(&mut |contract| {
        for cell in &contract.cells {
            let too_long = |rate: &Rate| too_long(&contract.number, cell, rate);
            cell.rates.iter().try_for_each(|rate| rates.include(rate).map_err(|()| too_long(rate)))?;
            for factor in &cell.factors {
                let ends = factor.range.iter().flatten();
                let mut values = ends.chain([&factor.coefficient]);
                values.try_for_each(|value| coefficients.include(value).map_err(|()| too_long(value)))?;
            }
        }
        Ok(())
    })?;
    let folder = Folder::stage(out)?;
    let mut table = RateTableWriter::create(&folder, rates, coefficients)?;
    let mut tariffs = BTreeSet::new();
    source.visit_contracts(&mut |contract| {
        tariffs.insert(contract.tariff.clone());
        table.add(contract)
    })?;
    let counts = table.finish()?;
    [CELLS, FACTORS].into_iter().try_for_each(|name| folder.add(name))?;
    folder.seal(&json!({ "tariffs": tariffs, "counts": counts }))?;
    folder.publish()?;
    Ok(counts)
}

/// The error for a rate with too many digits.
fn too_long(number: &str, cell: &Cell, rate: &Rate) -> Error {
    let ages = format!("{}–{}", cell.age_from, cell.age_to);
    let message = Message::new("cube-too-long")
        .with("number", number)
        .with("plan", cell.plan.as_str())
        .with("programme", cell.programme.as_str())
        .with("ages", ages)
        .with("group", cell.risk_group.to_string())
        .with("rate", rate.to_string())
        .with("limit", u64::from(parquet::DIGITS));
    Error::Unlawful { reason: message }
}
