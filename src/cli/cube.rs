//! `kollektiv cube`: the exact rates of contracts as a table for other engines.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::screen::Screen;
use crate::cli::{Common, Outcome};
use crate::portfolio::Portfolio;
use crate::quote::rosters;
use crate::scale_out::rate_table::booked::Booked;
use crate::scale_out::rate_table::quoted::Quoted;
use crate::scale_out::rate_table::write;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Contract files or patterns
    #[arg(value_name = "CONTRACT.toml", required_unless_present = "portfolio")]
    contracts: Vec<String>,
    /// Instead of contract files: the contracts of this book, at the rates in force
    #[arg(long, value_name = "DIR", conflicts_with = "contracts")]
    portfolio: Option<PathBuf>,
    /// The folder of the result
    #[arg(long, value_name = "DIR", default_value = "output/cube")]
    out: PathBuf,
}

/// Writes the cube.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let out = &arguments.out;
    let counts = if let Some(folder) = &arguments.portfolio {
        write(&Booked::new(&Portfolio::open(folder)?), out)?
    } else {
        let found = arguments.contracts.iter().map(|name| rosters::found(Path::new(""), name));
        let mut contracts = found.collect::<Result<Vec<_>, _>>()?.concat();
        // whatever the order in which they are named, and however often, the cube is the same
        contracts.sort_unstable();
        contracts.dedup();
        write(&Quoted { contracts, tariff: &common.tariff()? }, out)?
    };
    screen.total("contracts", counts.contracts);
    screen.total("cells", counts.cells);
    let message = Message::new("cube-done")
        .with("contracts", screen.language.count(counts.contracts))
        .with("cells", screen.language.count(counts.cells))
        .with("factors", screen.language.count(counts.factors))
        .with("scale", u64::from(counts.rate_scale));
    screen.table(&screen.paragraph(&message))?;
    if counts.preliminary > 0 {
        let preliminary = Message::new("cube-preliminary").with("count", counts.preliminary);
        screen.table(&screen.paragraph(&preliminary))?;
    }
    screen.note(&screen.say(&Message::new("written-to").with("path", out.display().to_string())));
    Ok(Outcome::Done)
}
