//! The speed of reading, pricing and writing rosters of 10³ to 10⁶ insured: `cargo bench`, or `cargo bench -- rating/1000000`.
//!
//! The library runs as in the program, with all threads of the machine and the same allocator. Every result is checked
//! before it is timed; inputs of filtered benches are not made.

#[path = "support/bench_contract.rs"]
mod bench_contract;
#[path = "support/collective.rs"]
mod collective;
#[path = "support/reference_premium.rs"]
mod reference_premium;

use std::cell::LazyCell;
use std::path::Path;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput};

use bench_contract::{BOTH, BenchContract, check_folder, count_cells, write};
use kollektiv::roster::insured::Insured;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The headcounts.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// The headcounts of workbooks: larger ones take too long to make, and employers do not send them.
const WORKBOOKS: [usize; 2] = [4_200, 100_000];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let contract = BenchContract::new();
    reading(&mut criterion, &contract);
    rating(&mut criterion, &contract);
    writing(&mut criterion, &contract);
    whole(&mut criterion, &contract);
    criterion.final_summary();
}

/// A file → the roster.
fn reading(criterion: &mut Criterion, contract: &BenchContract) {
    let folder = tempfile::tempdir().expect("a folder for the rosters");
    let mut group = criterion.benchmark_group("reading");
    for insured in SIZES {
        sized(&mut group, insured);
        let file = LazyCell::new(|| contract.write_roster(folder.path(), "csv", insured));
        group.bench_function(BenchmarkId::new("csv", insured), |bencher| bencher.iter(|| contract.roster(&file)));
    }
    for insured in WORKBOOKS {
        sized(&mut group, insured);
        let file = LazyCell::new(|| {
            let file = contract.write_roster(folder.path(), "xlsx", insured);
            assert!(count_cells(&file) > insured * 5, "cells of {}", file.display());
            file
        });
        group.bench_function(BenchmarkId::new("bare calamine", insured), |bencher| bencher.iter(|| count_cells(&file)));
        group.bench_function(BenchmarkId::new("kollektiv", insured), |bencher| bencher.iter(|| contract.roster(&file)));
    }
    group.finish();
}

/// A roster in memory → the quote with all its totals; and for comparison a copy of the inputs and outputs of pricing, the
/// lower bound of its time.
fn rating(criterion: &mut Criterion, contract: &BenchContract) {
    let folder = tempfile::tempdir().expect("a folder for the rosters");
    let mut group = criterion.benchmark_group("rating");
    for insured in SIZES {
        sized(&mut group, insured);
        let roster = LazyCell::new(|| {
            let roster = contract.roster(&contract.write_roster(folder.path(), "csv", insured));
            contract.check_quote(&contract.quote(roster.clone()), insured);
            roster
        });
        group.bench_function(BenchmarkId::from_parameter(insured), |bencher| {
            bencher.iter_batched(|| roster.clone(), |roster| contract.quote(roster), BatchSize::PerIteration);
        });
        let premiums = LazyCell::new(|| {
            let quote = contract.quote(roster.clone());
            vec![1_i64; quote.price.expect("a clean roster has a price").lines.count]
        });
        group.bench_function(BenchmarkId::new("copy", insured), |bencher| {
            bencher.iter_with_large_drop(|| {
                let Insured { birth_date, risk_group, plan, cover, .. } = &roster.insured;
                (birth_date.clone(), risk_group.clone(), plan.clone(), cover.clone(), premiums.clone())
            });
        });
    }
    group.finish();
}

/// A quote → a complete folder, with each format of lines and with both.
fn writing(criterion: &mut Criterion, contract: &BenchContract) {
    let folder = tempfile::tempdir().expect("a folder for the rosters");
    let out = folder.path().join("out");
    let mut group = criterion.benchmark_group("writing");
    for insured in SIZES {
        sized(&mut group, insured);
        let quote = LazyCell::new(|| {
            let quote = contract.quote(contract.roster(&contract.write_roster(folder.path(), "csv", insured)));
            contract.check_quote(&quote, insured);
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

/// Contract and roster on the disk → a complete folder.
fn whole(criterion: &mut Criterion, contract: &BenchContract) {
    let folder = tempfile::tempdir().expect("a folder for the rosters");
    let out = folder.path().join("out");
    let mut group = criterion.benchmark_group("quote");
    for (ending, insured) in SIZES.map(|size| ("csv", size)).into_iter().chain(WORKBOOKS.map(|size| ("xlsx", size))) {
        sized(&mut group, insured);
        let run = |file: &Path| {
            let quote = contract.quote(contract.roster(file));
            write(&quote, &out, &BOTH);
            quote
        };
        let file = LazyCell::new(|| {
            let file = contract.write_roster(folder.path(), ending, insured);
            let quote = run(&file);
            contract.check_quote(&quote, insured);
            check_folder(&out, &quote);
            file
        });
        group.bench_function(BenchmarkId::new(ending, insured), |bencher| bencher.iter(|| run(&file)));
    }
    group.finish();
}

/// Sets the number of samples, fewer for large rosters, and the throughput in insured.
fn sized(group: &mut BenchmarkGroup<'_, WallTime>, insured: usize) {
    let (samples, seconds) = if insured < 100_000 { (30, 3) } else { (10, 5) };
    group
        .sample_size(samples)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(seconds))
        .throughput(Throughput::Elements(insured as u64));
}
