//! The speed of binding, repricing and verifying a book: `cargo bench --bench book`, or `cargo bench --bench book -- reprice`.
//!
//! Books of 100 to 10 000 contracts with 100 insured each, or 2.3·10⁴ to 2.3·10⁶ lines. A repricing is a dry run: it does everything
//! except the commit, so that it can be repeated. Every result is checked before it is timed.

#[path = "support/bench_book.rs"]
mod bench_book;
#[path = "support/book.rs"]
mod book;
#[path = "support/collective.rs"]
mod collective;

use std::cell::LazyCell;
use std::time::Duration;

use bench_book::{INSURED, Sources, change, repriced};
use criterion::{BatchSize, BenchmarkId, Criterion, Throughput};
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::verify::verify;
use kollektiv::tariff::Tariff;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The contracts of the books.
const SIZES: [usize; 3] = [100, 1_000, 10_000];

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
                bencher.iter(|| assert_eq!(repriced(bound.path(), &change, &tariff, out.path(), false), touched));
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
