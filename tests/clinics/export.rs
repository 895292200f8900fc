//! The export of the claims: each row of a register in effect once, with sums that are those of the registers.

use std::fs::{self, File};

use polars::prelude::{DataFrame, DataType, ParquetReader, PlSmallStr, SerReader};

use super::ledger::register;
use super::sample::{SampleBook, sample};
use crate::program::{complete_manifest, json, names, run};

/// The sum of a column of amounts, in kopecks.
fn sum(table: &DataFrame, column: &str) -> i128 {
    table.column(column).unwrap().decimal().unwrap().physical().iter().flatten().sum()
}

#[test]
fn the_claims_of_the_registers_in_effect_are_exported_once() {
    let book = SampleBook::new();
    book.letters();
    book.clinics("settle", Some(&sample("register.csv")), "settled", &["--clinic", "dent-01"]).exits_with(0);
    let rows = [["15.01.2027", "Т-04", "3500"], ["31.02.2027", "Т-04", "100"]];
    let first = register(&book, "r1.csv", "Реестр № 7 за январь 2027", &rows);
    book.clinics("settle", Some(&first), "s1", &["--clinic", "dent-01"]).exits_with(0);
    let corrected = register(&book, "r2.csv", "Реестр № 7 за январь 2027", &rows[..1]);
    book.clinics("settle", Some(&corrected), "s2", &["--clinic", "dent-01"]).exits_with(0);
    let (portfolio, out) = (book.book(), book.out("claims"));
    let export = ["clinics", "export", "--lang", "en", "--portfolio"].map(std::ffi::OsStr::new);
    let exported = run(export.into_iter().chain([portfolio.as_os_str(), "--to".as_ref(), out.as_os_str()]));
    assert!(
        exported.exits_with(0).out.contains("Registers: 2, claims: 24, ₽153,352.50"),
        "the replaced one is left out"
    );
    let table = ParquetReader::new(File::open(out.join("claims.parquet")).unwrap()).finish().unwrap();
    // 149 852.50 of the sample and 3 500.00
    assert_eq!((table.height(), sum(&table, "amount")), (24, 15_335_250));
    let parts = ["advance", "insurer", "patient", "discount", "disputed", "uncleared"];
    assert_eq!(parts.iter().map(|part| sum(&table, part)).sum::<i128>(), sum(&table, "amount"));
    // 3 × 4 200.00 and 2 × 7 850.50, as in the sample's result
    assert_eq!(sum(&table, "insurer"), 2_830_100);
    assert_eq!(table.column("register").unwrap().null_count(), 23, "the sample has no number");
    let schema = json(&out.join("schema.json"));
    let columns = schema["tables"][0]["columns"].as_array().unwrap().iter();
    let documented: Vec<&str> = columns.map(|column| column["name"].as_str().unwrap()).collect();
    let written: Vec<&str> = table.get_column_names().into_iter().map(PlSmallStr::as_str).collect();
    assert_eq!(documented, written);
    for name in ["Аверин", "0912-001"] {
        let bytes = fs::read(out.join("claims.parquet")).unwrap();
        assert!(!bytes.windows(name.len()).any(|part| part == name.as_bytes()), "no personal data");
    }
    assert_eq!(names(&out), ["claims.parquet", "claims.xlsx", "manifest.json", "schema.json"]);
    complete_manifest(&out);
    // the export of the portfolio has the same table: as known, and until the day
    let tables = book.out("tables");
    let [folder, out] = [&portfolio, &tables].map(|path| path.to_str().unwrap());
    let export = |options: &[&str]| {
        let fixed = ["portfolio", "export", "--json", "--quiet", "--portfolio", folder, "--to", out, "--as-of"];
        let answer = run(fixed.iter().chain(options)).exits_with(0).out;
        let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
        let table = ParquetReader::new(File::open(tables.join("claims.parquet")).unwrap()).finish().unwrap();
        assert_eq!(answer["claims"], table.height());
        table
    };
    assert!(export(&["2027-12-31"]).equals_missing(&table));
    // before the correction the register had two rows, one of them without a readable day
    assert_eq!(export(&["2027-12-31", "--known-at", "5"]).height(), 25);
    let early = export(&["2027-01-15"]);
    let days: Vec<i32> =
        early.column("day").unwrap().cast(&DataType::Int32).unwrap().i32().unwrap().iter().flatten().collect();
    let last = jiff::civil::date(1970, 1, 1).until(jiff::civil::date(2027, 1, 15)).unwrap().get_days();
    assert!(!days.is_empty() && days.iter().all(|day| *day <= last), "{days:?}");
    assert_eq!(json(&tables.join("schema.json"))["tables"].as_array().unwrap().len(), 6);
}
