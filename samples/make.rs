//! Makes the rosters of the samples, byte for byte: `cargo run --release --example samples`. Or makes a folder of contracts for
//! a book of any size: `cargo run --release --example samples -- book FOLDER CONTRACTS INSURED`.
//!
//! `zavod/roster.xlsx` is the clean roster of a large employer, `mistakes/roster.csv` a short one with common mistakes. The
//! contracts beside them are written by hand. All employers and persons are invented.

#[path = "../benches/support/book.rs"]
mod book;
#[path = "../benches/support/collective.rs"]
mod collective;
#[path = "make/mistakes.rs"]
mod mistakes;
#[path = "make/sheet.rs"]
mod sheet;
#[path = "make/zavod.rs"]
mod zavod;

use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::path::Path;

use collective::people;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [what, folder, contracts, insured] = arguments.as_slice()
        && what == "book"
    {
        let written = book::write(Path::new(folder), contracts.parse()?, insured.parse()?)?;
        writeln!(stdout(), "{folder}: {} contracts of {insured} insured", written.len())?;
        return Ok(());
    }
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let rosters =
        [("zavod/roster.xlsx", sheet::workbook(&zavod::departments())?), ("mistakes/roster.csv", mistakes::roster()?)];
    for (name, bytes) in rosters {
        fs::write(samples.join(name), &bytes)?;
        writeln!(stdout(), "samples/{name}: {} bytes", bytes.len())?;
    }
    Ok(())
}
