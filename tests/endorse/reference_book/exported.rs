//! The export of a book after each step: `sum(premium)` over its lines is the written premium, as Polars and `DuckDB` read the file.

use std::fs::File;
use std::path::Path;
use std::process::Command;

use kollektiv::base::money::Kopecks;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::export::{Request, export};
use polars::prelude::{DataFrame, ParquetReader, SerReader};

use super::{LAST, Pair};
use crate::portfolio::engine::tools;

/// The sum of a column of amounts.
fn sum(file: &Path, column: &str) -> Kopecks {
    let table: DataFrame = ParquetReader::new(File::open(file).unwrap()).finish().unwrap();
    Kopecks::new(table.column(column).unwrap().decimal().unwrap().physical().iter().flatten().sum())
}

impl Pair<'_> {
    /// The natural query over the exported lines, and over the charges, gives the written premium of the model.
    pub(super) fn compare_export(&self) {
        let book = Portfolio::open(&self.book.file("book")).unwrap();
        let out = self.book.file("tables");
        let mut no_more = |_: &_, _: &mut _, _| Ok(serde_json::Value::Null);
        let exported = export(&book, &Request { as_of: LAST, known_at: None, out: &out }, &mut no_more, &()).unwrap();
        let written = Kopecks::new(self.model.fold(i64::MAX).written());
        let lines = out.join("lines.parquet");
        assert_eq!(
            [exported.written, sum(&lines, "premium"), sum(&out.join("charges.parquet"), "amount")],
            [written; 3]
        );
        let paid = sum(&out.join("payments.parquet"), "amount");
        assert_eq!([exported.paid, paid], [Kopecks::new(self.model.paid(i64::MAX)); 2]);
        if let Some(duckdb) = &self.duckdb {
            let query = format!("SELECT coalesce(sum(premium), 0)::DECIMAL(38, 2) FROM '{}'", lines.display());
            let output = Command::new(duckdb).args(["-noheader", "-list", "-c", &query]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), written.to_string(), "{output:?}");
        }
    }
}

/// The command line of `DuckDB`, where it is installed.
pub(super) fn duckdb() -> Option<String> {
    tools::duckdb()
}
