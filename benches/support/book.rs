//! Folders of contracts of any number, always the same: for benchmarks, for tests, and for whoever wants to try a book.
//!
//! Every contract has the terms of [`contract_toml`](super::collective::contract_toml). In every hundredth, programme 20 stands in the
//! place of programme 15, so that a change of its price touches one contract of a hundred.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::collective::{contract_toml, csv};

/// The programme that one contract of a hundred has.
#[allow(dead_code, reason = "whoever includes this file takes only a part of it")]
pub const RARE: &str = "20";

/// The number of the contract at a place.
pub fn number(place: usize) -> String {
    format!("BOOK-{place:06}")
}

/// Writes so many contracts of so many insured each into folders of their own, and returns their files.
///
/// # Errors
///
/// Where the system refuses.
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
