//! Reproducible folders with any number of contracts, for benchmarks, tests and trials.
//!
//! Every contract has the terms of [`contract_toml`](super::collective::contract_toml). Every hundredth has programme 20
//! instead of programme 15, so that a change of its price affects one contract in a hundred.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::collective::{contract_toml, csv};

/// The programme of one contract in a hundred.
#[allow(dead_code, reason = "each program that includes this file uses a part of it")]
pub const RARE: &str = "20";

/// The number of the contract with an index.
pub fn number(place: usize) -> String {
    format!("BOOK-{place:06}")
}

/// Writes contracts with this number of insured each to separate folders; returns their files.
///
/// # Errors
///
/// If a file cannot be written.
pub fn write(folder: &Path, contracts: usize, insured: usize) -> io::Result<Vec<PathBuf>> {
    const EVERY: usize = 100;
    let contract = |place: usize| {
        let own = folder.join(number(place));
        fs::create_dir_all(&own)?;
        let terms = contract_toml("roster.csv").replace("\"BENCH\"", &format!("\"{}\"", number(place)));
        let terms = terms.replace("АО «Большой коллектив»", &format!("ООО «Коллектив {place}»"));
        let rare = format!("programme = \"{RARE}\"");
        let terms = if place.is_multiple_of(EVERY) { terms.replace("programme = \"15\"", &rare) } else { terms };
        fs::write(own.join("roster.csv"), csv(insured, place as u64))?;
        let path = own.join("contract.toml");
        fs::write(&path, format!("expense_load = \"0.20\"\n{terms}"))?;
        Ok(path)
    };
    (0..contracts).map(contract).collect()
}
