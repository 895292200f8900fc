//! Single steps of the pipeline for profilers: `steps FOLDER INSURED STEP [TIMES]`.
//!
//! `make` writes the rosters to the folder and checks their prices. Then `walk` reads the cells of the workbook with the library
//! alone, `csv`, `1251` and `xlsx` read the roster, `rate` and `write` price and write it, after reading the CSV. `warn` does the
//! same as `write` with a roster that has a warning, `workbook` writes a workbook of the quote too. `bind` binds the insured in contracts
//! of 100, `reprice` reprices that book, and `letters` does so with letters. Nothing is timed.

#[path = "support/bench_book.rs"]
mod bench_book;
#[path = "support/bench_contract.rs"]
mod bench_contract;
#[path = "support/book.rs"]
mod book;
#[path = "support/collective.rs"]
mod collective;
#[path = "support/reference_premium.rs"]
mod reference_premium;

use std::path::{Path, PathBuf};

use bench_book::{INSURED, Sources, change, repriced};
use bench_contract::{BOTH, BenchContract, check_folder, count_cells, write, write_with};
use kollektiv::quote::documents::DocumentKind;
use kollektiv::tariff::Tariff;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    // `cargo bench` passes the arguments of other benches too
    let [folder, insured, step, times @ ..] = words.as_slice() else { return };
    let folder = PathBuf::from(folder);
    let insured = insured.parse().expect("a number of insured");
    let times = times.first().map_or(1, |times| times.parse().expect("a number of repetitions"));
    let (csv, xlsx) = (folder.join(format!("{insured}.csv")), folder.join(format!("{insured}.xlsx")));
    let [warned, in_1251] = ["warned", "1251"].map(|name| folder.join(format!("{insured}-{name}.csv")));
    let out = folder.join("out");
    let contract = BenchContract::new();
    for _ in 0..times {
        match step.as_str() {
            "make" => {
                contract.write_variants(&folder, insured);
                for ending in ["csv", "xlsx"] {
                    let quote = contract.quote(contract.roster(&contract.write_roster(&folder, ending, insured)));
                    contract.check_quote(&quote, insured);
                    write(&quote, &out, &BOTH);
                    check_folder(&out, &quote);
                }
            }
            "walk" => assert!(count_cells(&xlsx) > insured * 5),
            "csv" => assert_eq!(contract.roster(&csv).insured.len(), insured),
            "1251" => assert_eq!(contract.roster(&in_1251).insured.len(), insured),
            "xlsx" => assert_eq!(contract.roster(&xlsx).insured.len(), insured),
            "rate" => assert_eq!(contract.quote(contract.roster(&csv)).rows.priced, insured),
            "write" => write(&contract.quote(contract.roster(&csv)), &out, &BOTH),
            "warn" => write(&contract.quote(contract.roster(&warned)), &out, &BOTH),
            "bind" => drop(Sources::new(insured / INSURED).bound()),
            "reprice" => reprice_book(insured / INSURED, &out, false),
            "letters" => reprice_book(insured / INSURED, &out, true),
            "workbook" => write_with(&contract.quote(contract.roster(&csv)), &out, &BOTH, &[DocumentKind::Workbook]),
            step => panic!("no step is called {step}"),
        }
    }
}

/// Binds a book and reprices it, with or without letters.
fn reprice_book(contracts: usize, out: &Path, notices: bool) {
    let tariff = Tariff::base();
    let book = Sources::new(contracts).bound();
    let change = change("*", &tariff);
    assert_eq!(repriced(book.path(), &change, &tariff, out, notices), contracts);
}
