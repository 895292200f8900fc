//! `kollektiv cube`: the rate table of contracts for other engines.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::portfolio::Portfolio;
use crate::quote::rosters;
use crate::scale_out::rate_table::booked::Booked;
use crate::scale_out::rate_table::quoted::Quoted;
use crate::scale_out::rate_table::write;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Contract files, or patterns such as 'contracts/**/*.toml'
    #[arg(value_name = "CONTRACT.toml", required_unless_present = "portfolio")]
    contracts: Vec<String>,
    /// Folder of a portfolio, whose contracts are written at the rates in force, instead of contract files
    #[arg(long, value_name = "DIR", conflicts_with = "contracts")]
    portfolio: Option<PathBuf>,
    /// Folder of the result
    #[arg(long, value_name = "DIR", default_value = "output/cube")]
    out: PathBuf,
}

answer! {
    /// The answer of `kollektiv cube`.
    pub struct Answer {
        /// Contracts.
        contracts: usize,
        /// Cells, each with a rate.
        cells: usize,
        /// Factors of all cells.
        factors: usize,
        /// Decimals of the rates.
        rate_scale: u64,
        /// Contracts that are priced as preliminary.
        preliminary: usize,
        /// Folder of the result.
        out: String,
    }
}

/// Writes the rate table.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let out = &arguments.out;
    let counts = if let Some(folder) = &arguments.portfolio {
        write(&Booked::new(&Portfolio::open(folder)?), out)?
    } else {
        let found = arguments.contracts.iter().map(|name| rosters::expand(Path::new(""), name));
        let mut contracts = found.collect::<Result<Vec<_>, _>>()?.concat();
        // the result does not depend on the order and repetition of the names
        contracts.sort_unstable();
        contracts.dedup();
        write(&Quoted { contracts, editions: &common.editions()? }, out)?
    };
    screen.record_total("contracts", counts.contracts);
    screen.record_total("cells", counts.cells);
    let message = Message::new("cube-done")
        .with("contracts", screen.count(counts.contracts))
        .with("cells", screen.count(counts.cells))
        .with("factors", screen.count(counts.factors))
        .with("scale", u64::from(counts.rate_scale));
    screen.print(&screen.paragraph(&message))?;
    screen.answer(&Answer {
        contracts: counts.contracts,
        cells: counts.cells,
        factors: counts.factors,
        rate_scale: counts.rate_scale.into(),
        preliminary: counts.preliminary,
        out: out.display().to_string(),
    })?;
    if counts.preliminary > 0 {
        let preliminary = Message::new("cube-preliminary").with("count", counts.preliminary);
        screen.print(&screen.paragraph(&preliminary))?;
    }
    screen.note_written(out);
    screen.suggest(Message::new("next-cube").with("out", out.display().to_string()));
    Ok(Outcome::Done)
}
