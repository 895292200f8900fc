//! Makes the rosters of the samples again, byte for byte: `cargo run --release --example samples`.
//!
//! `zavod/roster.xlsx` is the clean list of a large employer, `mistakes/roster.csv` a short one with the mistakes that
//! people make. The contracts beside them are written by hand. All employers and people are invented.

#[path = "make/mistakes.rs"]
mod mistakes;
#[path = "../benches/support/people.rs"]
mod people;
#[path = "make/sheet.rs"]
mod sheet;
#[path = "make/zavod.rs"]
mod zavod;

use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::path::Path;

fn main() -> Result<(), Box<dyn Error>> {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let rosters =
        [("zavod/roster.xlsx", sheet::workbook(&zavod::departments())?), ("mistakes/roster.csv", mistakes::roster()?)];
    for (name, bytes) in rosters {
        fs::write(samples.join(name), &bytes)?;
        writeln!(stdout(), "samples/{name}: {} bytes", bytes.len())?;
    }
    Ok(())
}
