//! How fast rosters of 10³ to 10⁶ insured are read, priced and written: `cargo bench`, or `cargo bench -- rating/1000000`.
//!
//! Times are of the library as the program runs it, with all threads of the machine and the same allocator. Every result
//! is checked before it is timed; what a bench that is filtered out would need is never made.

#[path = "support/collective.rs"]
mod collective;
#[path = "support/plain.rs"]
mod plain;

use std::cell::LazyCell;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::time::Duration;

use calamine::{Reader, Xlsx};
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use kollektiv::contract::Contract;
use kollektiv::document::Document;
use kollektiv::money::Kopecks;
use kollektiv::quote::{Quote, Status};
use kollektiv::report::offer::Template;
use kollektiv::report::{self, LineFormat, Options};
use kollektiv::roster::Roster;
use kollektiv::tariff::Tariff;
use kollektiv::words::Language;

use collective::{Collective, contract_toml};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The headcounts.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// The headcounts of workbooks: they are slower to make than to read, and no employer sends a larger one.
const WORKBOOKS: [usize; 2] = [4_200, 100_000];
/// The price in fractions is compared up to here.
const LARGEST_PLAIN: usize = 1_000;
const SEED: u64 = 2026;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let terms = Terms::new();
    reading(&mut criterion, &terms);
    rating(&mut criterion, &terms);
    writing(&mut criterion, &terms);
    whole(&mut criterion, &terms);
    criterion.final_summary();
}

/// A file → the roster.
fn reading(criterion: &mut Criterion, terms: &Terms) {
    let folder = tempfile::tempdir().expect("a folder for the rosters");
    let mut group = criterion.benchmark_group("reading");
    for insured in SIZES {
        sized(&mut group, insured);
        let file = LazyCell::new(|| terms.written(folder.path(), "csv", insured));
        group.bench_function(BenchmarkId::new("csv", insured), |bencher| bencher.iter(|| terms.roster(&file)));
    }
    for insured in WORKBOOKS {
        sized(&mut group, insured);
        let file = LazyCell::new(|| {
            let file = terms.written(folder.path(), "xlsx", insured);
            assert!(walked(&file) > insured * 5, "cells of {}", file.display());
            file
        });
        group.bench_function(BenchmarkId::new("bare calamine", insured), |bencher| bencher.iter(|| walked(&file)));
        group.bench_function(BenchmarkId::new("kollektiv", insured), |bencher| bencher.iter(|| terms.roster(&file)));
    }
    group.finish();
}

/// Opens a workbook and walks through the cells of its sheet with the reading library alone: how many there are.
fn walked(file: &Path) -> usize {
    let bytes = std::fs::read(file).expect("the roster can be read");
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("the roster is a workbook");
    let mut cells = book.worksheet_cells_reader("Sheet1").expect("the roster's sheet");
    let mut count = 0;
    while let Some(cell) = cells.next_cell().expect("a sound sheet") {
        std::hint::black_box(cell.get_value());
        count += 1;
    }
    count
}

/// A roster that is read already → the quote with all its totals.
fn rating(criterion: &mut Criterion, terms: &Terms) {
    let folder = tempfile::tempdir().expect("a folder for the rosters");
    let mut group = criterion.benchmark_group("rating");
    for insured in SIZES {
        sized(&mut group, insured);
        let roster = LazyCell::new(|| {
            let roster = terms.roster(&terms.written(folder.path(), "csv", insured));
            terms.check_quote(&terms.quote(roster.clone()), insured);
            roster
        });
        group.bench_function(BenchmarkId::from_parameter(insured), |bencher| {
            bencher.iter_batched(|| roster.clone(), |roster| terms.quote(roster), BatchSize::PerIteration);
        });
    }
    group.finish();
}

/// A quote → each kind of file of lines, and everything, in a complete folder.
fn writing(criterion: &mut Criterion, terms: &Terms) {
    let folder = tempfile::tempdir().expect("a folder for the rosters");
    let out = folder.path().join("out");
    let mut group = criterion.benchmark_group("writing");
    for insured in SIZES {
        sized(&mut group, insured);
        let quote = LazyCell::new(|| {
            let quote = terms.quote(terms.roster(&terms.written(folder.path(), "csv", insured)));
            terms.check_quote(&quote, insured);
            write(&quote, &out, &BOTH);
            check_folder(&out, &quote);
            quote
        });
        for (name, formats) in [("csv", &BOTH[..1]), ("parquet", &BOTH[1..]), ("all", &BOTH[..])] {
            group.bench_function(BenchmarkId::new(name, insured), |bencher| {
                bencher.iter(|| write(&quote, &out, formats));
            });
        }
    }
    group.finish();
}

/// Contract and roster on the disk → the complete folder.
fn whole(criterion: &mut Criterion, terms: &Terms) {
    let folder = tempfile::tempdir().expect("a folder for the rosters");
    let out = folder.path().join("out");
    let mut group = criterion.benchmark_group("quote");
    for (ending, insured) in SIZES.map(|size| ("csv", size)).into_iter().chain(WORKBOOKS.map(|size| ("xlsx", size))) {
        sized(&mut group, insured);
        let run = |file: &Path| {
            let quote = terms.quote(terms.roster(file));
            write(&quote, &out, &BOTH);
            quote
        };
        let file = LazyCell::new(|| {
            let file = terms.written(folder.path(), ending, insured);
            let quote = run(&file);
            terms.check_quote(&quote, insured);
            check_folder(&out, &quote);
            file
        });
        group.bench_function(BenchmarkId::new(ending, insured), |bencher| bencher.iter(|| run(&file)));
    }
    group.finish();
}

const BOTH: [LineFormat; 2] = [LineFormat::Csv, LineFormat::Parquet];

fn write(quote: &Quote<'_>, out: &Path, formats: &[LineFormat]) {
    let options = Options {
        language: Language::Ru,
        formats: formats.to_vec(),
        preliminary: false,
        documents: Vec::new(),
        template: Template::built_in(),
        with_names: false,
    };
    report::write_quote(quote, out, &options, &()).expect("the folder can be written");
}

/// The lines on the disk add up to the quote, and none is missing.
fn check_folder(out: &Path, quote: &Quote<'_>) {
    let price = quote.price.as_ref().expect("an issued quote has a price");
    let mut lines = csv::Reader::from_path(out.join("premiums.csv")).expect("the lines are there");
    let premium = lines.headers().expect("a header").iter().position(|name| name == "premium").expect("the column");
    let (mut count, mut kopecks) = (0, 0);
    for line in lines.records() {
        let amount = line.expect("a line")[premium].replace('.', "");
        kopecks += amount.parse::<i128>().expect("an amount with two decimals");
        count += 1;
    }
    assert_eq!(count, price.lines.count);
    assert_eq!(Kopecks::new(kopecks), price.totals.premium.chosen);
}

/// Few samples where one takes long; the throughput is in insured.
fn sized(group: &mut BenchmarkGroup<'_, WallTime>, insured: usize) {
    let (samples, seconds) = if insured < 100_000 { (30, 3) } else { (10, 5) };
    group
        .sample_size(samples)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(seconds))
        .throughput(Throughput::Elements(insured as u64));
}

/// The terms on which every collective is read and priced.
struct Terms {
    tariff: Tariff,
    contract: Contract,
}

impl Terms {
    fn new() -> Self {
        let tariff = Tariff::base();
        let source = Document { path: "contract.toml".into(), text: contract_toml("roster.csv") };
        let contract = Contract::read(&source, &tariff).expect("the contract of the benches is lawful");
        Self { tariff, contract }
    }

    /// A roster's file, of which it is known that it is read whole and without a word.
    fn written(&self, folder: &Path, ending: &str, insured: usize) -> PathBuf {
        let bytes = match ending {
            "csv" => collective::csv(insured, SEED),
            _ => collective::xlsx(insured, SEED),
        };
        let file = folder.join(format!("{insured}.{ending}"));
        std::fs::write(&file, bytes).expect("the roster can be written");
        let roster = self.roster(&file);
        assert_eq!(roster.insured.len(), insured, "rows read of {}", file.display());
        assert_eq!(roster.diagnostics, [], "in {}", file.display());
        assert!(!roster.incomplete);
        file
    }

    fn roster(&self, file: &Path) -> Roster {
        Roster::read(&[file.to_owned()], &self.contract.wanted(&self.tariff), &())
    }

    fn quote(&self, roster: Roster) -> Quote<'_> {
        Quote::new(&self.contract, &self.tariff, roster, false).expect("the choices are lawful at every headcount")
    }

    /// Everybody is priced, the total is the sum of the lines, and to the kopeck what comes out by hand.
    fn check_quote(&self, quote: &Quote<'_>, insured: usize) {
        assert_eq!(quote.status, Status::Issued);
        assert_eq!(quote.rows.priced, insured);
        let price = quote.price.as_ref().expect("an issued quote has a price");
        assert_eq!(price.headcount as usize, insured);
        let columns = &quote.roster.insured;
        let lines = price.lines.admitted.iter();
        let lines = lines.flat_map(|insured| price.lines.of(insured, &self.contract, &price.axes, columns));
        let (count, sum) = lines.fold((0, Kopecks::ZERO), |(count, sum), line| (count + 1, sum + line.premium.chosen));
        assert_eq!(price.lines.count, count);
        assert!((22..=24).contains(&(count * 10 / insured)), "{count} lines of {insured} insured");
        assert_eq!(price.totals.premium.chosen, sum);
        assert_eq!(price.totals.instalments.iter().copied().sum::<Kopecks>(), sum);
        if insured <= LARGEST_PLAIN {
            let by_hand = plain::premium(&self.contract, &self.tariff, Collective::new(insured, SEED));
            assert_eq!(sum.to_string(), by_hand, "of {insured} insured");
        }
    }
}
