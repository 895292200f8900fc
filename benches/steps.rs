//! Each step of the pipeline once, for programs that count or profile: `steps FOLDER INSURED STEP [TIMES]`.
//!
//! The steps are `make`, which puts the rosters into the folder and checks that each comes to the right price, and then
//! `walk` (the cells of the workbook with the reading library alone), `csv`, `xlsx` (reading), `rate` and `write` (which
//! begin by reading the CSV). Nothing is timed here.

#[path = "support/collective.rs"]
mod collective;
#[path = "support/plain.rs"]
mod plain;
#[path = "support/terms.rs"]
mod terms;

use std::path::PathBuf;

use terms::{BOTH, Terms, check_folder, walked, write};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    // `cargo bench` runs every bench with the words that are meant for the other
    let [folder, insured, step, times @ ..] = words.as_slice() else { return };
    let folder = PathBuf::from(folder);
    let insured = insured.parse().expect("how many insured");
    let times = times.first().map_or(1, |times| times.parse().expect("how many times"));
    let (csv, xlsx) = (folder.join(format!("{insured}.csv")), folder.join(format!("{insured}.xlsx")));
    let out = folder.join("out");
    let terms = Terms::new();
    for _ in 0..times {
        match step.as_str() {
            "make" => {
                for ending in ["csv", "xlsx"] {
                    let quote = terms.quote(terms.roster(&terms.written(&folder, ending, insured)));
                    terms.check_quote(&quote, insured);
                    write(&quote, &out, &BOTH);
                    check_folder(&out, &quote);
                }
            }
            "walk" => assert!(walked(&xlsx) > insured * 5),
            "csv" => assert_eq!(terms.roster(&csv).insured.len(), insured),
            "xlsx" => assert_eq!(terms.roster(&xlsx).insured.len(), insured),
            "rate" => assert_eq!(terms.quote(terms.roster(&csv)).rows.priced, insured),
            "write" => write(&terms.quote(terms.roster(&csv)), &out, &BOTH),
            step => panic!("no step is called {step}"),
        }
    }
}
