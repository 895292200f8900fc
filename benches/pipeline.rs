//! How fast rosters of 10³ to 10⁶ insured are read, priced and written: `cargo bench`, or `cargo bench -- rating/1000000`.
//!
//! Times are of the library as the program runs it, with all threads of the machine and the same allocator. Every result
//! is checked before it is timed; what a bench that is filtered out would need is never made.

#[path = "support/collective.rs"]
mod collective;
#[path = "support/plain.rs"]
mod plain;
#[path = "support/terms.rs"]
mod terms;

use std::cell::LazyCell;
use std::path::Path;
use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, Throughput};

use kollektiv::roster::insured::Insured;
use terms::{BOTH, Terms, check_folder, walked, write};

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The headcounts.
const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// The headcounts of workbooks: they are slower to make than to read, and no employer sends a larger one.
const WORKBOOKS: [usize; 2] = [4_200, 100_000];

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

/// A roster that is read already → the quote with all its totals; beside it a plain copy of what pricing looks at in each insured
/// and of what comes out for each line, which no pricing can do without.
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
        let premiums = LazyCell::new(|| {
            let quote = terms.quote(roster.clone());
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

/// Few samples where one takes long; the throughput is in insured.
fn sized(group: &mut BenchmarkGroup<'_, WallTime>, insured: usize) {
    let (samples, seconds) = if insured < 100_000 { (30, 3) } else { (10, 5) };
    group
        .sample_size(samples)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(seconds))
        .throughput(Throughput::Elements(insured as u64));
}
