//! The accountant's report: every table is a sum over the export of the same day (`I54`).

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use calamine::{Data, Range, Reader, Xlsx};
use num_rational::BigRational;
use polars::prelude::{AnyValue, DataFrame, ParquetReader, SerReader};
use serde_json::Value;

use super::book::Book;
use crate::program::{complete_manifest, json, project, run};
use crate::support::{contract_over, roster};

/// A table as rows of texts: days as days since 1970, amounts in kopecks, nulls as `-`.
struct Rows {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    fn open(folder: &Path, name: &str) -> Self {
        let file = File::open(folder.join(format!("{name}.parquet"))).unwrap();
        let frame: DataFrame = ParquetReader::new(file).finish().unwrap();
        let names = frame.get_column_names().iter().map(ToString::to_string).collect();
        let value = |value: AnyValue<'_>| match value {
            AnyValue::String(text) => text.to_owned(),
            AnyValue::StringOwned(text) => text.to_string(),
            AnyValue::UInt32(number) => number.to_string(),
            AnyValue::Date(days) => days.to_string(),
            AnyValue::Decimal(kopecks, ..) => kopecks.to_string(),
            AnyValue::Null => "-".to_owned(),
            other => panic!("{other:?}"),
        };
        let row = |at: usize| frame.columns().iter().map(|column| value(column.get(at).unwrap())).collect();
        Self { names, rows: (0..frame.height()).map(row).collect() }
    }

    fn at(&self, column: &str) -> usize {
        self.names.iter().position(|name| name == column).unwrap_or_else(|| panic!("no {column}"))
    }

    fn texts(&self, column: &str) -> Vec<&str> {
        let at = self.at(column);
        self.rows.iter().map(|row| row[at].as_str()).collect()
    }

    fn numbers(&self, column: &str) -> Vec<i128> {
        self.texts(column).into_iter().map(|text| text.parse().unwrap()).collect()
    }

    fn sum(&self, column: &str) -> i128 {
        self.numbers(column).into_iter().sum()
    }

    /// The sums of a column by others; zeros are left out.
    fn sums<const N: usize>(&self, by: [&str; N], column: &str) -> BTreeMap<[String; N], i128> {
        let mut sums = BTreeMap::new();
        let keys = by.map(|key| self.at(key));
        for (row, amount) in self.rows.iter().zip(self.numbers(column)) {
            *sums.entry(keys.map(|at| row[at].clone())).or_insert(0) += amount;
        }
        sums.retain(|_, amount| *amount != 0);
        sums
    }
}

/// Premium × days gone / days of each line by contract and programme, rounded once.
fn earned(lines: &Rows, day: i128) -> BTreeMap<[String; 2], i128> {
    let mut exact: BTreeMap<[String; 2], BigRational> = BTreeMap::new();
    let [starts, ends, premiums] = ["start", "end", "premium"].map(|column| lines.numbers(column));
    for (at, row) in lines.rows.iter().enumerate() {
        let (start, end) = (starts[at], ends[at]);
        let days = end - start + 1;
        let gone = (day - start + 1).clamp(0, days);
        let key = ["number", "programme"].map(|key| row[lines.at(key)].clone());
        let part = BigRational::new((premiums[at] * gone).into(), days.into());
        *exact.entry(key).or_insert_with(|| BigRational::from_integer(0.into())) += part;
    }
    let half = BigRational::new(1.into(), 2.into());
    let rounded = |exact: BigRational| -> i128 { (exact + &half).floor().to_integer().try_into().unwrap() };
    let mut earned: BTreeMap<[String; 2], i128> = exact.into_iter().map(|(key, exact)| (key, rounded(exact))).collect();
    earned.retain(|_, amount| *amount != 0);
    earned
}

fn days(day: &str) -> i128 {
    let day: jiff::civil::Date = day.parse().unwrap();
    kollektiv::base::calendar::days_since_1970(day).into()
}

/// A book with an endorsed, a repriced, a terminated and a late contract.
fn eventful() -> Book {
    let book = Book::new();
    let terms = || {
        let quarters = "instalments = [2026-01-01, 2026-04-01, 2026-07-01, 2026-10-01]";
        contract_over("2026-01-01", "2026-12-31")
            .with("roster = 'roster.csv'")
            .with("expense_load = '0.20'")
            .with(quarters)
    };
    book.bound("T-1", &terms().cover("16", ""), &roster().crowd(3).aged(25, 2).aged(61, 1).until("2026-09-15"));
    book.bound("T-2", &terms().cover("16", "").cover("8", ""), &roster().crowd(2));
    let short = contract_over("2026-03-01", "2026-08-31").with("roster = 'roster.csv'").cover("7", "");
    book.bound("T-3", &short, &roster().crowd(4));
    let later = contract_over("2026-12-01", "2027-11-30").with("roster = 'roster.csv'").cover("7", "");
    book.bound("T-4", &later, &roster().crowd(1));
    book.paid("T-2", "2026-01-10", "20000.00");
    book.paid("T-3", "2026-03-05", "1000.00");
    book.endorse_reprice_and_terminate();
    book
}

fn answer(book: &Book, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json", "--quiet"]].concat();
    serde_json::from_str(&book.run(&arguments).exits_with(0).out).unwrap()
}

#[test]
fn i54_every_table_of_a_report_is_a_sum_over_the_export() {
    let book = eventful();
    for day in ["2026-02-14", "2026-06-30", "2026-08-20", "2026-12-31"] {
        let (tables, out) = (book.beside(&format!("tables-{day}")), book.beside(&format!("report-{day}")));
        let [to, into] = [&tables, &out].map(|path| path.to_str().unwrap());
        answer(&book, &["portfolio", "export", "--as-of", day, "--to", to]);
        let reported = answer(&book, &["portfolio", "report", "--as-of", day, "--out", into, "--ending-within", "30"]);
        complete_manifest(&out);
        let export = |name| Rows::open(&tables, name);
        let report = |name| Rows::open(&out, name);
        let (lines, payments) = (export("lines"), export("payments"));

        let contracts = report("contracts");
        assert_eq!(contracts.sums(["number"], "written"), lines.sums(["number"], "premium"));
        assert_eq!(contracts.sums(["number"], "paid"), payments.sums(["number"], "amount"));
        let earned = earned(&lines, days(day));
        let by_programme = report("contract-programmes");
        assert_eq!(by_programme.sums(["number", "programme"], "earned"), earned);
        assert_eq!(
            by_programme.sums(["number", "programme"], "written"),
            lines.sums(["number", "programme"], "premium")
        );
        for table in [&contracts, &by_programme, &report("programmes"), &report("groups")] {
            let [written, earned, unearned] = ["written", "earned", "unearned"].map(|column| table.numbers(column));
            for at in 0..written.len() {
                assert_eq!(written[at], earned[at] + unearned[at]);
                assert!((0..=written[at]).contains(&earned[at]));
            }
            assert_eq!(table.sum("written"), lines.sum("premium"));
            assert_eq!(table.sum("earned"), contracts.sum("earned"));
        }
        let programmes = report("programmes");
        assert_eq!(programmes.sums(["programme"], "written"), lines.sums(["programme"], "premium"));
        assert_eq!(programmes.sums(["programme"], "earned"), by_programme.sums(["programme"], "earned"));
        // all months are in the period, so that what they earn is what is earned
        assert_eq!(programmes.sums(["programme"], "earned_in_period"), programmes.sums(["programme"], "earned"));
        let groups = report("groups").sums(["risk_group"], "written");
        assert_eq!(groups, lines.sums(["risk_group"], "premium"));
        let months = report("months");
        assert_eq!(months.sum("written"), lines.sum("premium"));
        assert_eq!(months.sum("paid"), payments.sum("amount"));
        assert_eq!(months.sum("earned"), contracts.sum("earned"));
        assert_eq!(report("programme-months").sums(["programme"], "earned"), programmes.sums(["programme"], "earned"));

        let debts = answer(&book, &["portfolio", "debts", "--as-of", day]);
        let overdue = ["overdue_1_30", "overdue_31_60", "overdue_61_90", "overdue_over_90"];
        assert_eq!(months.numbers("overdue").last(), Some(&overdue.map(|age| contracts.sum(age)).iter().sum()));
        for age in overdue {
            assert_eq!(contracts.sum(age), kopecks(&debts[age]), "{age} on {day}");
        }
        for (key, column) in [("written", "written"), ("earned", "earned"), ("unearned", "unearned"), ("paid", "paid")]
        {
            assert_eq!(kopecks(&reported[key]), contracts.sum(column), "{key}");
        }
        let schema = json(&out.join("schema.json"));
        for of in schema["tables"].as_array().unwrap() {
            let documented: Vec<&str> =
                of["columns"].as_array().unwrap().iter().map(|column| column["name"].as_str().unwrap()).collect();
            assert_eq!(report(of["table"].as_str().unwrap()).names, documented);
        }
        assert!(out.join("report.xlsx").exists());
        let ending = report("ending");
        let expected: &[&str] = match day {
            "2026-08-20" => &["T-3"],
            "2026-06-30" => &["T-2"],
            "2026-12-31" => &["T-1"],
            _ => &[],
        };
        let soon: Vec<&str> = ending.texts("number");
        assert!(day == "2026-06-30" || soon == expected, "{day}: {soon:?}");
    }
}

#[test]
fn a_period_has_its_own_months() {
    let book = eventful();
    let (whole, part) = (book.beside("whole"), book.beside("part"));
    for (out, since) in [(&whole, "2026-01-01"), (&part, "2026-04-10")] {
        let out = out.to_str().unwrap();
        answer(&book, &["portfolio", "report", "--as-of", "2026-06-20", "--since", since, "--out", out]);
    }
    let [whole, part] = [&whole, &part].map(|folder| Rows::open(folder, "months").sums(["month"], "earned"));
    let month = |day: &str| [days(day).to_string()];
    assert_eq!((whole.len(), part.len()), (6, 3));
    assert_eq!(whole[&month("2026-05-01")], part[&month("2026-05-01")]);
    assert!(whole[&month("2026-04-01")] > part[&month("2026-04-01")], "from 10 April");
    let late = ["portfolio", "report", "--as-of", "2026-06-20", "--since", "2026-07-01", "--out", "x"];
    let run = book.run(&late).exits_with(3);
    assert!(run.err.contains("after the day of the report"), "{}", run.err);
}

#[test]
fn claims_stand_beside_the_premium_and_propose_coefficients() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("book");
    let sample = |name: &str| project().join("samples/clinics").join(name).to_str().unwrap().to_owned();
    let portfolio = ["--portfolio", book.to_str().unwrap(), "--lang", "en", "--quiet", "--json"].map(str::to_owned);
    let go = |arguments: &[String]| run(arguments.iter().chain(&portfolio)).exits_with(0).out;
    let words = |words: &str| words.split(' ').map(str::to_owned).collect::<Vec<_>>();
    go(&["bind".to_owned(), sample("contract.toml")]);
    let settled = folder.path().join("settled").to_str().unwrap().to_owned();
    let clinic = words("--clinic dent-01 --clinics");
    let settle = [vec!["clinics".to_owned(), "settle".to_owned(), sample("register.csv")], clinic].concat();
    let settled: Value =
        serde_json::from_str(&go(&[settle, vec![sample("clinics.toml"), "--out".to_owned(), settled]].concat()))
            .unwrap();
    let out = folder.path().join("report");
    let report = words("portfolio report --as-of 2027-02-28 --propose 0.70 --out");
    let reported: Value =
        serde_json::from_str(&go(&[report, vec![out.to_str().unwrap().to_owned()]].concat())).unwrap();
    let claims = kopecks(&reported["claims"]);
    assert!(claims > 0, "{settled}");
    let programmes = Rows::open(&out, "programmes");
    assert_eq!((programmes.sum("claims"), Rows::open(&out, "months").sum("claims")), (claims, claims));
    let proposals = reported["proposals"].as_array().unwrap();
    assert!(!proposals.is_empty());
    for proposal in proposals {
        let [earned, claims] = ["earned", "claims"].map(|key| kopecks(&proposal[key]));
        // the needed coefficient is rounded up to 0.0001: claims ≤ earned × 0.70 × needed
        let needed = kopecks_of(proposal["needed"].as_str().unwrap());
        assert!(claims * 10 * 10_000 <= earned * 7 * needed, "{proposal}");
        assert!(claims == 0 || claims * 10 * 10_000 > earned * 7 * (needed - 1), "{proposal}");
        assert!(proposal["arithmetic"].as_str().unwrap().contains("× 0.70"), "{proposal}");
    }
    assert_eq!(Rows::open(&out, "proposals").rows.len(), proposals.len());
}

/// A decimal without its point.
fn kopecks_of(text: &str) -> i128 {
    text.replace('.', "").parse().unwrap()
}

fn kopecks(amount: &Value) -> i128 {
    kopecks_of(amount.as_str().unwrap())
}

/// The rows of a block of the pivot sheet: from the row under its headings to its total, in kopecks.
fn block(sheet: &Range<Data>, heading: &str) -> (Vec<(String, Vec<i128>)>, Vec<i128>) {
    let kopecks = |cell: &Data| match cell {
        Data::Float(amount) => kopecks_of(&format!("{amount:.2}")),
        other => panic!("{other:?} is no amount"),
    };
    let mut rows = sheet.rows().skip_while(|row| row[0] != *heading).skip(2);
    let mut programmes = Vec::new();
    loop {
        let row = rows.next().unwrap();
        let amounts = row[1..].iter().map(kopecks).collect();
        if row[0] == *"Total" {
            return (programmes, amounts);
        }
        programmes.push((row[0].to_string(), amounts));
    }
}

#[test]
fn programmes_by_month_add_up_in_both_directions() {
    let book = eventful();
    let out = book.beside("report");
    let day = ["portfolio", "report", "--as-of", "2026-08-20", "--out", out.to_str().unwrap()];
    answer(&book, &day);
    let report = |name| Rows::open(&out, name);
    let mut workbook: Xlsx<_> = calamine::open_workbook(out.join("report.xlsx")).unwrap();
    let sheet = workbook.worksheet_range("Summary by month").unwrap();
    for (heading, measure) in [("Earned, ₽", "earned"), ("Claims of the period, ₽", "claims")] {
        let (programmes, totals) = block(&sheet, heading);
        let (mut months, all) = (report("months").numbers(measure), report("months").sum(measure));
        // a month in which no programme earns or claims has no column
        months.retain(|amount| *amount != 0 || measure == "claims");
        assert_eq!(totals, [months, vec![all]].concat(), "{heading}");
        let by_programme =
            report("programmes").sums(["programme"], if measure == "earned" { "earned_in_period" } else { measure });
        for (programme, amounts) in &programmes {
            let (total, amounts) = amounts.split_last().unwrap();
            assert_eq!(amounts.iter().sum::<i128>(), *total, "{heading} of {programme}");
            assert_eq!(by_programme.get(std::slice::from_ref(programme)).copied().unwrap_or(0), *total);
        }
        for column in 0..totals.len() {
            assert_eq!(programmes.iter().map(|(_, amounts)| amounts[column]).sum::<i128>(), totals[column]);
        }
    }
    assert!(sheet.rows().any(|row| row[0] == *"Loss ratio"));
}
