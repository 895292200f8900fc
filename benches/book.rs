//! The speed of binding, repricing and verifying a book: `cargo bench --bench book`, or `cargo bench --bench book -- reprice`.
//!
//! Books of 100 to 10 000 contracts with 100 insured each, or 2.3·10⁴ to 2.3·10⁶ lines. A repricing is a dry run: it does everything
//! except the commit, so that it can be repeated. Every result is checked before it is timed.

#[path = "support/book.rs"]
mod book;
#[path = "support/collective.rs"]
mod collective;

use std::cell::LazyCell;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use kollektiv::base::messages::Language;
use kollektiv::base::source_file::SourceFile;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::bind::{BindOutcome, Binding, bind};
use kollektiv::portfolio::change::PriceChange;
use kollektiv::portfolio::reprice::{Options, reprice};
use kollektiv::portfolio::verify::verify;
use kollektiv::tariff::{Catalogue, Tariff};
use tempfile::TempDir;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The contracts of the books.
const SIZES: [usize; 3] = [100, 1_000, 10_000];
/// The insured of each contract.
const INSURED: usize = 100;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let tariff = Tariff::base();
    let mut group = criterion.benchmark_group("book");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(10));
    for contracts in SIZES {
        group.throughput(Throughput::Elements(contracts as u64 * INSURED as u64));
        let sources = LazyCell::new(|| Sources::new(contracts));
        let bound = LazyCell::new(|| sources.bound());
        group.bench_function(BenchmarkId::new("bind", contracts), |bencher| {
            bencher.iter_batched(|| (), |()| sources.bound(), BatchSize::PerIteration);
        });
        for (name, programme, touched) in
            [("reprice all", "*", contracts), ("reprice 1 %", book::RARE, contracts / 100)]
        {
            group.bench_function(BenchmarkId::new(name, contracts), |bencher| {
                let change = change(programme, &tariff);
                let out = tempfile::tempdir().expect("a folder for the result");
                bencher.iter(|| assert_eq!(repriced(bound.path(), &change, &tariff, out.path()), touched));
            });
        }
        group.bench_function(BenchmarkId::new("verify", contracts), |bencher| {
            bencher.iter(|| {
                let book = Portfolio::open(bound.path()).expect("a book");
                let verified = verify(&book, &()).expect("a register");
                assert!(verified.findings.is_empty() && verified.contracts == contracts);
            });
        });
    }
    group.finish();
    criterion.final_summary();
}

/// The contract files of a book.
struct Sources {
    _folder: TempDir,
    paths: Vec<PathBuf>,
}

impl Sources {
    fn new(contracts: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the contracts");
        let paths = book::write(folder.path(), contracts, INSURED).expect("the contracts can be written");
        Self { _folder: folder, paths }
    }

    /// Binds them in a new book.
    fn bound(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder for the book");
        let mut book = Portfolio::create(folder.path(), "bench").expect("a new book");
        let mut report =
            |binding: Binding| assert!(matches!(binding.outcome, BindOutcome::Bound { .. }), "every contract is bound");
        bind(&mut book, &self.paths, &Catalogue::built_in(), &mut report, &()).expect("a book that can be written");
        folder
    }
}

fn change(programme: &str, tariff: &Tariff) -> PriceChange {
    let mut text = String::from("id = \"bench\"\nnotified = 2026-11-01\neffective = 2027-03-01\n");
    let _ = writeln!(text, "[[change]]\nprogrammes = [\"{programme}\"]\ncoefficient = \"1.12\"");
    PriceChange::read(&SourceFile { path: "change.toml".into(), text }, tariff).expect("a lawful change")
}

/// How many contracts a change reprices.
fn repriced(book: &Path, change: &PriceChange, tariff: &Tariff, out: &Path) -> usize {
    let options = Options { dry_run: true, notices: false, language: Language::En, engine: None, workers: None };
    let mut book = Portfolio::open(book).expect("a book");
    let repricing = reprice(&mut book, change, tariff, &out.join("result"), &options, &()).expect("a result");
    repricing.impact.contracts.repriced
}
