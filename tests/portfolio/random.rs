//! Random books under random price changes: every figure equals the reference book's, and earlier files never
//! change.

mod reference_book;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::Date;
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::bind::{BindOutcome, bind};
use kollektiv::portfolio::change::PriceChange;
use kollektiv::portfolio::pay::pay;
use kollektiv::portfolio::payments::{Payment, Payments};
use kollektiv::portfolio::reprice::{Request, reprice};
use kollektiv::portfolio::verify::verify;
use kollektiv::tariff::{Catalogue, Tariff};
use polars::prelude::{DataFrame, ParquetReader, SerReader};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::faults::Book;
use crate::program::{Table, complete_manifest, files, json, write_contract};
use crate::properties::generators::{Scenario, scenario};
use crate::properties::reference_pricer::written;
use reference_book::{Deal, Priced, ReferenceBook, Terms};

static BASE: LazyLock<Tariff> = LazyLock::new(Tariff::base);

/// A price change with the payments before it.
#[derive(Debug, Clone)]
struct Step {
    payments: Vec<(Index, u8, u64)>,
    /// The contract and the day of its term from which the change is effective.
    effective: (Index, Index),
    /// Programmes by their index in the tariff, with ten-thousandths; an empty list stands for every programme.
    coefficients: Vec<(Index, u64)>,
}

fn terms() -> impl Strategy<Value = Terms> {
    let load = prop::sample::select(vec![None, Some("0"), Some("0.2"), Some("0.2375"), Some("1")]);
    let basis = prop::sample::select(vec!["paid", "unexpired", "written"]);
    (any::<bool>(), load, basis).prop_map(|(credits, load, basis)| Terms { credits, load, basis })
}

fn step() -> impl Strategy<Value = Step> {
    let coefficient = prop_oneof![
        3 => prop::sample::select(vec![10_000, 10_500, 11_200, 12_345, 20_000, 50_000, 9_000, 8_765, 5_000, 1_000]),
        1 => 10_000..=50_000_u64,
        1 => 1_000..=9_000_u64,
    ];
    let payments = vec((any::<Index>(), any::<u8>(), prop_oneof![1..100_u64, 1..100_000_000_000_u64]), 0..4);
    let coefficients = vec((any::<Index>(), coefficient), 1..6);
    (payments, any::<(Index, Index)>(), coefficients).prop_map(|(payments, effective, coefficients)| Step {
        payments,
        effective,
        coefficients,
    })
}

/// A price change with its values.
pub struct Change {
    id: String,
    notified: Date,
    effective: Date,
    /// Coefficients by programme code; `*` stands for every programme.
    coefficients: BTreeMap<String, String>,
}

impl Change {
    fn new(id: String, step: &Step, deals: &[Deal]) -> Self {
        let scenario = &deals[step.effective.0.index(deals.len())].scenario;
        let days = usize::try_from(scenario.start.until(scenario.end).unwrap().get_days()).unwrap() + 20;
        let after = i32::try_from(step.effective.1.index(days)).unwrap() - 10;
        let effective = scenario.start.saturating_add(after.days());
        let mut covered: Vec<&str> = deals.iter().flat_map(Deal::programmes).collect();
        covered.sort_unstable();
        covered.dedup();
        let is_every = step.coefficients.len() == 1;
        let coefficients = step.coefficients.iter().map(|(place, units)| {
            let code = if is_every { "*" } else { covered[place.index(covered.len())] };
            (code.to_owned(), format!("{}.{:04}", units / 10_000, units % 10_000))
        });
        let coefficients = coefficients.collect();
        Self { id, notified: effective.saturating_sub(2.months()), effective, coefficients }
    }

    fn file(&self) -> String {
        let Self { id, notified, effective, .. } = self;
        let mut text = format!("id = '{id}'\nnotified = {notified}\neffective = {effective}\n");
        for (code, coefficient) in &self.coefficients {
            let _ = writeln!(text, "[[change]]\nprogrammes = ['{code}']\ncoefficient = '{coefficient}'");
        }
        text
    }
}

/// A book in a folder with the results of its changes.
struct Shelf {
    folder: PathBuf,
    threads: usize,
}

impl Shelf {
    fn book(&self) -> PathBuf {
        self.folder.join("book")
    }

    fn within<T: Send>(&self, act: impl FnOnce() -> T + Send) -> T {
        rayon::ThreadPoolBuilder::new().num_threads(self.threads).build().unwrap().install(act)
    }

    /// Binds the contracts, and returns the premium and the lines of each.
    fn bind(&self, paths: &[PathBuf]) -> BTreeMap<PathBuf, (Kopecks, u64)> {
        let mut bound = Vec::new();
        let mut book = Portfolio::create(&self.book(), "bind").unwrap();
        self.within(|| {
            bind(&mut book, paths, &Catalogue::built_in(), false, &mut |binding| bound.push(binding), &()).unwrap();
        });
        let premium = |outcome| match outcome {
            BindOutcome::Bound { premium, lines, .. } => (premium, lines),
            other => panic!("{other:?}"),
        };
        bound.into_iter().map(|binding| (binding.path, premium(binding.outcome))).collect()
    }

    fn pay(&self, payments: &[(String, Date, u64)]) {
        let payments: Vec<Payment> = (1..)
            .zip(payments)
            .map(|(row, (number, date, kopecks))| Payment {
                purpose: String::new(),
                number: number.clone(),
                date: *date,
                amount: Kopecks::new((*kopecks).into()),
                document: String::new(),
                row,
            })
            .collect();
        let payments = Payments { payments, ..Payments::default() };
        assert!(
            pay(&mut Portfolio::change(&self.book(), "pay").unwrap(), &payments, false).unwrap().problems.is_empty()
        );
    }

    /// Reprices the book; returns whether the change was known.
    fn reprice(&self, change: &Path, out: &Path, dry_run: bool) -> bool {
        let change = PriceChange::open(change, &BASE).unwrap();
        let mut book =
            if dry_run { Portfolio::open(&self.book()) } else { Portfolio::change(&self.book(), "x") }.unwrap();
        let repricing = self.within(|| {
            let request = Request { dry_run, language: Language::En, ..Request::new(&change, &BASE, out) };
            reprice(&mut book, &request, &()).unwrap()
        });
        complete_manifest(out);
        repricing.known
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_figure_of_a_repricing_equals_the_reference(
        deals in vec((scenario(&BASE, 1..9_usize), terms()), 1..6),
        steps in vec(step(), 1..4),
    ) {
        check(deals, &steps);
    }
}

fn check(deals: Vec<(Scenario, Terms)>, steps: &[Step]) {
    let folder = tempfile::tempdir().unwrap();
    let numbered = (1..).zip(deals).map(|(at, (scenario, terms))| Deal { number: format!("R-{at}"), scenario, terms });
    let deals: Vec<Deal> = numbered.collect();
    let mut paths = Vec::new();
    for deal in &deals {
        let terms = deal.scenario.contract(&BASE).with("roster = 'roster.csv'").with(&deal.terms.lines());
        let path = write_contract(&folder.path().join(&deal.number), &terms, &deal.scenario.roster(&BASE));
        let text = fs::read_to_string(&path).unwrap().replace("T-1", &deal.number);
        fs::write(&path, text).unwrap();
        paths.push(path);
    }
    let shelf = |name: &str, threads| Shelf { folder: folder.path().join(name), threads };
    let (one, other) = (shelf("one", 3), shelf("other", 1));
    for shelf in [&one, &other] {
        fs::create_dir(&shelf.folder).unwrap();
    }
    let bound = one.bind(&paths);
    paths.reverse();
    assert_eq!(other.bind(&paths), bound);
    let mut reference = ReferenceBook::new(&BASE, deals);
    for (deal, (premium, lines)) in reference.deals.iter().zip(bound.values()) {
        let sum: i128 = deal.1.iter().map(|line| line.premium).sum();
        assert_eq!((sum, deal.1.len() as u64), (premium.get(), *lines), "{}", deal.0.number);
    }

    let mut changes: Vec<(&Step, Change)> = Vec::new();
    for (at, step) in steps.iter().enumerate() {
        let deals: Vec<Deal> = reference.deals.iter().map(|(deal, _)| deal.clone()).collect();
        changes.push((step, Change::new(format!("change-{at}"), step, &deals)));
    }
    changes.sort_by_key(|(_, change)| change.effective);
    for (at, (step, change)) in changes.iter().enumerate() {
        let payments: Vec<(String, Date, u64)> = step
            .payments
            .iter()
            .map(|(place, days, kopecks)| {
                let deal = &reference.deals[place.index(reference.deals.len())].0;
                (deal.number.clone(), deal.scenario.start.saturating_add(i32::from(*days).days()), *kopecks)
            })
            .collect();
        let file = folder.path().join("change.toml");
        fs::write(&file, change.file()).unwrap();
        let before = Book::read(&one.book()).data;
        for shelf in [&one, &other] {
            shelf.pay(&payments);
        }
        reference.pay(&payments);
        let out = |shelf: &Shelf, name: &str| shelf.folder.join(format!("{name}-{at}"));

        let untouched = Book::read(&one.book());
        assert!(!one.reprice(&file, &out(&one, "dry"), true));
        Book::read(&one.book()).assert_same(&untouched, "a dry run");
        assert!(!one.reprice(&file, &out(&one, "out"), false));
        let result = files(&out(&one, "out"));
        let book = Book::read(&one.book());
        for (name, bytes) in &before {
            assert!(book.data[name] == *bytes, "{name} has changed");
        }
        assert!(files(&out(&one, "dry")) == result, "a dry run writes the same");
        compare(&reference.apply(change), change, &out(&one, "out"));
        assert_eq!(verify(&Portfolio::open(&one.book()).unwrap(), &()).unwrap().findings, []);

        // a change without affected contracts is not in the book
        let touches = String::from_utf8_lossy(&result["contracts.csv"]).lines().count() > 1;
        assert_eq!(one.reprice(&file, &out(&one, "again"), false), touches, "the same again");
        assert!(files(&out(&one, "again")) == result, "the same again");
        Book::read(&one.book()).assert_same(&book, "the same again");
        other.reprice(&file, &out(&other, "out"), false);
        Book::read(&other.book()).assert_same(&book, "another order of the contracts, one thread");
        assert!(files(&out(&other, "out")) == result, "one thread");
    }
}

/// Compares the files of a repricing with the reference.
fn compare(expected: &Priced, change: &Change, out: &Path) {
    let table = Table::open(&out.join("contracts.csv"));
    let (status, reason) = (table.at("status"), table.at("reason"));
    let mut rows = table.rows.clone();
    for row in &mut rows {
        // the edition of the tariff stands at the end
        row.truncate(16);
        // a contract that keeps its price states why
        if row[status] != "unchanged" {
            assert_eq!(row[status] == "set-aside", !row[reason].is_empty(), "{row:?}");
        }
        row[reason].clear();
    }
    assert_eq!(rows, expected.contracts);

    let mut lines = read_lines(&ParquetReader::new(File::open(out.join("lines.parquet")).unwrap()).finish().unwrap());
    lines.sort();
    let mut expected_lines = expected.lines.clone();
    expected_lines.sort();
    assert_eq!(lines, expected_lines);

    let mut impact = json(&out.join("impact.json"));
    let coefficients_of_impact = impact["change"]["coefficients"].take();
    let coefficients_of_impact = coefficients_of_impact.as_object().unwrap().iter();
    let coefficients_of_impact: BTreeMap<_, _> =
        coefficients_of_impact.map(|(code, text)| (code.clone(), written(text.as_str().unwrap()))).collect();
    let coefficients = change.coefficients.iter().map(|(code, text)| (code.clone(), written(text)));
    assert_eq!(coefficients_of_impact, coefficients.collect());
    let tariff = Tariff::base();
    for programme in impact["programmes"].as_array_mut().unwrap() {
        let programme = programme.as_object_mut().unwrap();
        let known = &tariff.programmes[tariff.programme(programme["code"].as_str().unwrap()).unwrap()];
        for (key, name) in [("name", &known.name), ("name_en", &known.name_en)] {
            assert_eq!(programme.shift_remove(key).unwrap(), name.as_str());
        }
    }
    assert_eq!(impact, expected.impact);
}

/// The rows of `lines.parquet` as texts; rates as fractions, so that trailing zeros do not matter.
fn read_lines(frame: &DataFrame) -> Vec<Vec<String>> {
    let mut rows = vec![Vec::new(); frame.height()];
    for column in frame.columns() {
        let series = column.as_materialized_series();
        let texts: Vec<String> = match column.name().as_str() {
            "rate_before" | "rate_after" => {
                series.str().unwrap().iter().map(|text| written(text.unwrap()).to_string()).collect()
            }
            "from" | "end" => {
                let days = series.date().unwrap().physical();
                let day = |days: Option<i32>| Date::constant(1970, 1, 1).saturating_add(days.unwrap().days());
                days.iter().map(|days| day(days).to_string()).collect()
            }
            "sum_insured" | "additional" | "credit" => {
                series.decimal().unwrap().physical().iter().map(|kopecks| kopecks.unwrap().to_string()).collect()
            }
            "insured" | "risk_group" | "unexpired_days" => {
                series.u32().unwrap().iter().map(|count| count.unwrap().to_string()).collect()
            }
            _ => series.str().unwrap().iter().map(|text| text.unwrap().to_owned()).collect(),
        };
        rows.iter_mut().zip(texts).for_each(|(row, text)| row.push(text));
    }
    rows
}
