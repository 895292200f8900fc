//! The SQL of a repricing: it joins the lines of the affected contracts with their cells, rounds each figure once, and adds up.
//!
//! There is one text; [`Dialect`] has the differences between Spark and `DuckDB`. All arithmetic uses whole numbers within the engines' limits,
//! so that neither engine rounds, overflows or uses binary fractions.

use jiff::civil::Date;

use crate::scale_out::engine::limbs::{DIGITS, LOW_END};

/// A dialect of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Apache Spark from 3.5 on, which has the place of a row in its file; tested with 4.3.
    Spark,
    /// `DuckDB`; tested with 1.5.
    DuckDb,
}

/// The engine's names of its input and output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The folder of the book's files.
    pub data: String,
    /// The names of the files of lines in it.
    pub lines: Vec<String>,
    /// The working folder: the table of cells, and the output.
    pub work: String,
}

/// The file of the table of cells, in the working folder.
pub const CUBE: &str = "cube.parquet";
/// The folder of the sums by contract and part, in the working folder.
pub const SUMS: &str = "sums";
/// The folder of the repriced lines, in the working folder.
pub const LINES: &str = "lines";
/// The output file of an engine without partitions.
const SINGLE_FILE: &str = "part-00000.parquet";

impl Dialect {
    /// The word on the command line and in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spark => "spark",
            Self::DuckDb => "duckdb",
        }
    }

    /// Settings that make overflow a fault, not NULL.
    const fn settings(self) -> &'static str {
        match self {
            Self::Spark => {
                "SET spark.sql.ansi.enabled = true;\nSET spark.sql.ansi.doubleQuotedIdentifiers = true;\n\
                 SET spark.sql.session.timeZone = UTC;\n\n"
            }
            Self::DuckDb => "",
        }
    }

    /// Parquet files of a folder as a table.
    fn table(self, folder: &str, names: &[String]) -> String {
        match self {
            Self::Spark => match names {
                [name] => format!("parquet.`{folder}/{name}`"),
                names => format!("parquet.`{folder}/{{{}}}`", names.join(",")),
            },
            Self::DuckDb => {
                let paths: Vec<String> = names.iter().map(|name| format!("'{folder}/{name}'")).collect();
                format!("read_parquet([{}], filename = true, file_row_number = true)", paths.join(", "))
            }
        }
    }

    /// The name of a row's file, and the row's place in it from 0.
    const fn place(self) -> [&'static str; 2] {
        match self {
            Self::Spark => ["_metadata.file_name", "_metadata.row_index"],
            Self::DuckDb => ["parse_filename(filename)", "file_row_number"],
        }
    }

    /// The largest type of whole numbers.
    fn whole(self) -> String {
        match self {
            Self::Spark => decimal(DIGITS),
            Self::DuckDb => "HUGEINT".to_owned(),
        }
    }

    /// The operator of division rounded down.
    const fn divide(self) -> &'static str {
        match self {
            Self::Spark => "div",
            Self::DuckDb => "//",
        }
    }

    /// The number of days from one day to another.
    fn days(self, first: &str, last: &str) -> String {
        match self {
            Self::Spark => format!("datediff({last}, {first})"),
            Self::DuckDb => format!("datediff('day', {first}, {last})"),
        }
    }

    /// The statement that writes the rows of a query to a folder, in their order.
    fn write(self, folder: &str, query: &str) -> String {
        match self {
            Self::Spark => format!("INSERT OVERWRITE DIRECTORY '{folder}' USING parquet\n{query};\n"),
            Self::DuckDb => format!("COPY (\n{query}\n) TO '{folder}/{SINGLE_FILE}' (FORMAT parquet);\n"),
        }
    }

    /// The premium in kopecks for a doubled product of kopecks and days, at the rate of three columns.
    fn premium(self, doubled: &str, rate: &str) -> String {
        let divide = self.divide();
        format!(
            "CAST(({doubled} * {rate}_high + {rate}_unit + ({doubled} * {rate}_low) {divide} {LOW_END}) \
             {divide} (2 * {rate}_unit) AS BIGINT)"
        )
    }
}

/// The type of decimals without fractional digits.
fn decimal(digits: u8) -> String {
    format!("DECIMAL({digits},0)")
}

/// The statements that reprice lines from a day on.
#[must_use]
pub fn reprice(dialect: Dialect, places: &Places, effective: Date) -> String {
    let Places { data, lines, work } = places;
    let [file, place] = dialect.place();
    let of_lines = dialect.table(data, lines);
    let of_cube = dialect.table(work, &[CUBE.to_owned()]);
    let since = format!("greatest(line.\"start\", DATE '{effective}')");
    let days = dialect.days(&since, "line.\"end\"");
    let [unexpired, annual, after, step] =
        [("of_days", "before"), ("of_year", "before"), ("of_year", "after"), ("of_days", "step")]
            .map(|(doubled, rate)| dialect.premium(doubled, rate));
    let whole = |value: &str, name: &str| format!("CAST({value} AS {}) AS {name}", dialect.whole());
    let rates = ["before", "after", "step"].map(|rate| {
        let columns = ["high", "low", "unit"].map(|end| format!("{rate}_{end}"));
        format!("  {}", columns.map(|column| whole(&column, &column)).join(", "))
    });
    let [of_days, of_year] = [whole("2 * kopecks * days", "of_days"), whole("2 * kopecks * year_days", "of_year")];
    let rates = rates.join(",\n");
    let sums = sums();
    let repriced = "SELECT contract, place, insured, cell, kopecks, since, \"end\", days, amount\n\
                    FROM priced\nWHERE repriced\nORDER BY contract, place";
    let [sums, repriced] =
        [(SUMS, sums.as_str()), (LINES, repriced)].map(|(name, query)| dialect.write(&format!("{work}/{name}"), query));
    format!(
        "{settings}\
-- every line of the files with the cell that it names: those of other contracts have none
CREATE TEMPORARY VIEW line AS
SELECT {file} AS file, {place} AS place, number,
  CAST(cell AS BIGINT) AS cell, CAST(insured AS BIGINT) AS insured,
  CAST(sum_insured * 100 AS BIGINT) AS kopecks, CAST(premium * 100 AS BIGINT) AS premium, \"start\", \"end\"
FROM {of_lines};

-- a rate is (high × 10^18 + low) / 10^scale, and a premium ⌊(of_days × high + unit + ⌊of_days × low / 10^18⌋) / (2 × unit)⌋
-- with unit = 10^(scale − 18) × 100 × days of the contract year: whole numbers of at most 38 digits
CREATE TEMPORARY VIEW cube AS
SELECT file, number, cell, contract, part, year_days, changes, sign,
{rates}
FROM {of_cube};

-- the days from the change, or the line's first day where that is later, to its last
CREATE TEMPORARY VIEW dated AS
SELECT cube.*, line.place, line.insured, line.kopecks, line.premium, line.\"end\", {since} AS since,
  CAST(CASE WHEN line.\"end\" < {since} THEN 0
    ELSE {days} + 1 END AS BIGINT) AS days
FROM line JOIN cube ON line.file = cube.file AND line.number = cube.number AND line.cell = cube.cell;

CREATE TEMPORARY VIEW doubled AS
SELECT *, {of_days}, {of_year}
FROM dated;

-- in whole kopecks, each rounded once, half away from zero
CREATE TEMPORARY VIEW priced AS
SELECT contract, part, place, insured, cell, kopecks, since, \"end\", days, premium, changes AND days > 0 AS repriced,
  {unexpired} AS unexpired,
  CASE WHEN days = 0 THEN 0 ELSE {annual} END AS annual_before,
  CASE WHEN days = 0 THEN 0 ELSE {after} END AS annual_after,
  sign * {step} AS amount
FROM doubled;

{sums}
{repriced}",
        settings = dialect.settings(),
    )
}

/// The query of the sums of each contract and part.
fn sums() -> String {
    // Spark gives a sum ten digits more than its terms
    let [of_one, of_all] = [DIGITS - 10, DIGITS].map(decimal);
    let sum = |value: &str| format!("CAST(sum(CAST({value} AS {of_one})) AS {of_all})");
    let of_repriced = |value: &str| sum(&format!("CASE WHEN repriced THEN {value} ELSE 0 END"));
    let of_others = |value: &str| sum(&format!("CASE WHEN repriced THEN 0 ELSE {value} END"));
    let columns = [
        ("lines", "count(*)".to_owned()),
        ("repriced", "CAST(sum(CASE WHEN repriced THEN 1 ELSE 0 END) AS BIGINT)".to_owned()),
        ("annual_before", of_repriced("annual_before")),
        ("annual_after", of_repriced("annual_after")),
        ("additional", of_repriced("greatest(amount, 0)")),
        ("credit", of_repriced("greatest(-amount, 0)")),
        ("annual_of_others", of_others("annual_before")),
        ("unexpired", sum("unexpired")),
        ("premium", sum("premium")),
        ("premium_of_others", of_others("premium")),
    ];
    let columns = columns.map(|(name, value)| format!("  {value} AS {name}")).join(",\n");
    format!("SELECT contract, part,\n{columns}\nFROM priced\nGROUP BY contract, part\nORDER BY contract, part")
}
