//! The SQL of a repricing: it joins the lines of the affected contracts with their cells, rounds each figure once, writes the repriced lines,
//! and adds up the lines as they were read and as they were written.
//!
//! There is one text; [`Dialect`] has the differences between Spark and `DuckDB`. All arithmetic uses whole numbers within the engines' limits,
//! so that neither engine rounds, overflows or uses binary fractions.

use jiff::civil::Date;

use crate::scale_out::engine::dialect::{Dialect, decimal};
use crate::scale_out::engine::limbs::{LIMB, LOW_END, NARROW_END};

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
/// The folder of the sums of the lines as they were read, in the working folder.
pub const SUMS: &str = "sums";
/// The folder of the repriced lines, in the working folder.
pub const LINES: &str = "lines";
/// The folder of the sums of the lines as they were written, in the working folder.
pub const AUDIT: &str = "audit";

/// The prefixes of the columns of the rate before the change, the rate after it, and the absolute difference of the two.
pub const RATES: [&str; 3] = ["before", "after", "step"];

/// The prime of the fingerprint of a line.
const PRIME: u32 = (1 << 31) - 1;
/// What is added to each value of a line for its fingerprint: the sum insured, the insured, the kind, the days, the first and the last day.
const SHIFTS: [u32; 6] = [715_827_883, 536_870_909, 402_653_189, 805_306_457, 603_979_777, 939_524_129];

impl Dialect {
    /// The premium in kopecks for a doubled product of kopecks and days, at the rate of some columns: by limbs in 64 bits, or by 38 digits
    /// where those do not suffice.
    fn premium(self, doubled: &str, rate: &str) -> String {
        let (divide, whole) = (self.divide(), self.whole());
        let limb = |limb: u8, below: &str| format!("({doubled} * {rate}_{limb} + {below}) {divide} {LIMB}");
        let below = format!("({doubled} * {rate}_0) {divide} {LIMB}");
        let below = limb(2, &limb(1, &below));
        let large = format!("CAST({doubled} AS {whole})");
        format!(
            "CASE WHEN narrow AND {doubled} < {NARROW_END}\n    \
             THEN ({doubled} * {rate}_3 + {rate}_half + {below}) {divide} (2 * {rate}_half)\n    \
             ELSE CAST(({large} * {rate}_high + {rate}_unit + ({large} * {rate}_low) {divide} {LOW_END}) \
             {divide} (2 * {rate}_unit) AS BIGINT) END"
        )
    }

    /// The columns of a rate: as 38 digits, and as 64-bit limbs of the digits before the last eighteen and of three times six of these.
    fn rate(self, rate: &str) -> String {
        let (divide, whole) = (self.divide(), self.whole());
        format!(
            "  CAST({rate}_high AS {whole}) AS {rate}_high, CAST({rate}_unit AS {whole}) AS {rate}_unit,\n  \
             CAST({rate}_low AS {whole}) AS {rate}_low,\n  \
             CASE WHEN narrow THEN CAST({rate}_high AS BIGINT) END AS {rate}_3,\n  \
             CASE WHEN narrow THEN CAST({rate}_unit AS BIGINT) END AS {rate}_half,\n  \
             {rate}_low {divide} {LIMB} {divide} {LIMB} AS {rate}_2,\n  \
             {rate}_low {divide} {LIMB} % {LIMB} AS {rate}_1, {rate}_low % {LIMB} AS {rate}_0"
        )
    }

    /// The fingerprint of a line before it is squared: equal sums of the squares mean equal lines.
    fn fingerprint(self, first_day: &str) -> String {
        let since_1970 = |day: &str| self.days("DATE '1970-01-01'", day);
        let [kopecks, insured, kind, days, first, last] = SHIFTS;
        let mut print = format!("(kopecks + {kopecks}) % {PRIME} * ((insured + {insured}) % {PRIME})");
        for (value, shift) in [
            ("kind".to_owned(), kind),
            ("days".to_owned(), days),
            (since_1970(first_day), first),
            (since_1970("\"end\""), last),
        ] {
            print = format!("{print} % {PRIME} * ({value} + {shift})");
        }
        format!("{print} % {PRIME}")
    }
}

/// The statements that reprice lines from a day on.
#[must_use]
pub fn reprice(dialect: Dialect, places: &Places, effective: Date) -> String {
    let views = priced(dialect, places, effective);
    let folder = |name: &str| format!("{}/{name}", places.work);
    let lines = dialect.write_in_order(&folder(LINES), &repriced_lines());
    let sums = dialect.write(&folder(SUMS), &sums(dialect));
    let written = written(dialect, &folder(LINES));
    let audit = dialect.write(&folder(AUDIT), &audit(dialect));
    format!("{}{views}\n{lines}\n{sums}\n{written}\n{audit}", dialect.settings())
}

/// The views of the lines with their prices.
fn priced(dialect: Dialect, places: &Places, effective: Date) -> String {
    let Places { data, lines, work } = places;
    let [file, place] = dialect.place();
    let of_lines = dialect.table(data, lines);
    let of_cube = dialect.table(work, &[CUBE.to_owned()]);
    let since = format!("greatest(line.\"start\", DATE '{effective}')");
    let days = dialect.days(&since, "line.\"end\"");
    let [unexpired, annual, after, step] =
        [("of_days", "before"), ("of_year", "before"), ("of_year", "after"), ("of_days", "step")]
            .map(|(doubled, rate)| dialect.premium(doubled, rate));
    let rates = RATES.map(|rate| dialect.rate(rate)).join(",\n");
    let print = dialect.fingerprint("since");
    format!(
        "\
-- every line of the files with the cell that it names: those of other contracts have none
CREATE TEMPORARY VIEW line AS
SELECT {file} AS file, {place} AS place, number, CAST(cell AS BIGINT) AS cell, CAST(insured AS BIGINT) AS insured,
  sum_insured, CAST(sum_insured * 100 AS BIGINT) AS kopecks, CAST(premium * 100 AS BIGINT) AS premium, \"start\", \"end\"
FROM {of_lines};

-- a rate is (high × 10^18 + low) / 10^scale, and a premium ⌊(of_days × high + unit + ⌊of_days × low / 10^18⌋) / (2 × unit)⌋
-- with unit = 10^(scale − 18) × 100 × days of the contract year: whole numbers of at most 38 digits.
-- Where all products are below 2^63, the same is computed by limbs: high is _3, low is _2 × 10^12 + _1 × 10^6 + _0, unit is _half
CREATE TEMPORARY VIEW cube AS
SELECT file, number, cell, contract, kind, plan, programme, risk_group, rate_before, rate_after,
  year_days, changes, sign, narrow,
{rates}
FROM {of_cube};

-- the days from the change, or the line's first day where that is later, to its last
CREATE TEMPORARY VIEW dated AS
SELECT /*+ BROADCAST(cube) */ cube.*, line.insured, line.sum_insured, line.kopecks, line.premium, line.\"end\",
  {since} AS since,
  CAST(CASE WHEN line.\"end\" < {since} THEN 0
    ELSE {days} + 1 END AS BIGINT) AS days
FROM line JOIN cube ON line.file = cube.file AND line.number = cube.number AND line.cell = cube.cell;

CREATE TEMPORARY VIEW doubled AS
SELECT *, changes AND days > 0 AS repriced, 2 * kopecks * days AS of_days, 2 * kopecks * year_days AS of_year,
  {print} AS print
FROM dated;

-- in whole kopecks, each rounded once, half away from zero
CREATE TEMPORARY VIEW priced AS
SELECT contract, kind, number, plan, programme, risk_group, rate_before, rate_after, insured, sum_insured, since, \"end\",
  days, premium, repriced, print,
  {unexpired} AS unexpired,
  CASE WHEN days = 0 THEN 0 ELSE {annual} END AS annual_before,
  CASE WHEN days = 0 THEN 0 ELSE {after} END AS annual_after,
  sign * {step} AS amount
FROM doubled;
"
    )
}

/// The query of the repriced lines, with the columns of a result.
fn repriced_lines() -> String {
    let money = |value: &str, name: &str| {
        format!("  CAST(CAST({value} AS DECIMAL(18,0)) * CAST('0.01' AS DECIMAL(3,2)) AS DECIMAL(18,2)) AS {name}")
    };
    let [additional, credit] = [("greatest(amount, 0)", "additional"), ("greatest(-amount, 0)", "credit")]
        .map(|(value, name)| money(value, name));
    format!(
        "SELECT number, CAST(insured AS INT) AS insured, plan, programme, CAST(risk_group AS INT) AS risk_group, sum_insured,\n  \
         rate_before, rate_after, since AS \"from\", \"end\", CAST(days AS INT) AS unexpired_days,\n{additional},\n{credit}\n\
         FROM priced\nWHERE repriced"
    )
}

/// The query of the sums of the lines as they were read.
fn sums(dialect: Dialect) -> String {
    let of_repriced = |value: &str| dialect.sum(&format!("CASE WHEN repriced THEN {value} ELSE 0 END"));
    let of_others = |value: &str| dialect.sum(&format!("CASE WHEN repriced THEN 0 ELSE {value} END"));
    let columns = [
        ("lines", "count(*)".to_owned()),
        ("repriced", of_repriced("1")),
        ("annual_before", of_repriced("annual_before")),
        ("annual_after", of_repriced("annual_after")),
        ("annual_of_others", of_others("annual_before")),
        ("unexpired", dialect.sum("unexpired")),
        ("premium", dialect.sum("premium")),
        ("premium_of_others", of_others("premium")),
        ("print", of_repriced(&squared_print())),
    ];
    let columns = columns.map(|(name, value)| format!("  {value} AS {name}")).join(",\n");
    format!("SELECT contract, kind,\n{columns}\nFROM priced\nGROUP BY contract, kind\nORDER BY contract, kind")
}

fn squared_print() -> String {
    format!("print * print % {PRIME}")
}

/// The views of the lines as they were written, with the remainder of each rounding.
fn written(dialect: Dialect, folder: &str) -> String {
    let [file, place] = dialect.place();
    let (divide, whole) = (dialect.divide(), dialect.whole());
    let table = dialect.written(folder);
    let print = dialect.fingerprint("\"from\"");
    format!(
        "\
-- the lines as they stand in the files, with the first of the contract's cells that have their plan, programme, group and rates
CREATE TEMPORARY VIEW written AS
SELECT {file} AS file, {place} AS place, number, plan, programme, CAST(risk_group AS BIGINT) AS risk_group,
  rate_before, rate_after, CAST(insured AS BIGINT) AS insured, CAST(sum_insured * 100 AS BIGINT) AS kopecks,
  \"from\", \"end\", CAST(unexpired_days AS BIGINT) AS days,
  CAST(additional * 100 AS BIGINT) AS additional, CAST(credit * 100 AS BIGINT) AS credit
FROM {table};

CREATE TEMPORARY VIEW of_kind AS
SELECT /*+ BROADCAST(cube) */ contract, kind, sign, step_high, step_low, step_unit, step_3, step_2, step_1, step_0, step_half, narrow,
  written.file, place, insured, kopecks, \"from\", \"end\", days, additional, credit,
  2 * kopecks * days AS of_days, sign * (additional - credit) AS step
FROM written JOIN cube ON written.number = cube.number AND written.plan = cube.plan
  AND written.programme = cube.programme AND written.risk_group = cube.risk_group
  AND written.rate_before = cube.rate_before AND written.rate_after = cube.rate_after
WHERE cube.cell = cube.kind AND cube.changes;

CREATE TEMPORARY VIEW of_width AS
SELECT *, {print} AS print,
  CASE WHEN narrow AND of_days < {NARROW_END} THEN of_days END AS small,
  CASE WHEN narrow AND of_days < {NARROW_END} THEN NULL ELSE CAST(of_days AS {whole}) END AS large
FROM of_kind;

CREATE TEMPORARY VIEW limb_0 AS SELECT *, small * step_0 AS below_0 FROM of_width;
CREATE TEMPORARY VIEW limb_1 AS SELECT *, small * step_1 + below_0 {divide} {LIMB} AS below_1 FROM limb_0;
CREATE TEMPORARY VIEW limb_2 AS SELECT *, small * step_2 + below_1 {divide} {LIMB} AS below_2 FROM limb_1;
CREATE TEMPORARY VIEW rounded AS
SELECT *, small * step_3 + step_half + below_2 {divide} {LIMB} - 2 * step_half * step AS small_rest,
  large * step_high + step_unit + (large * step_low) {divide} {LOW_END}
    - 2 * step_unit * CAST(step AS {whole}) AS large_rest,
  (large * step_low) % {LOW_END} AS large_low
FROM limb_2;
"
    )
}

/// The query of the sums of the lines as they were written: a certificate of every rounding, by contract and kind.
fn audit(dialect: Dialect) -> String {
    let whole = decimal();
    let either = |of: &str, small: &str, large: &str| {
        format!("coalesce(CAST({of}({small}) AS {whole}), CAST({of}({large}) AS {whole}))")
    };
    let columns = [
        ("first_row", "min(place)".to_owned()),
        ("last_row", "max(place)".to_owned()),
        ("lines", "count(*)".to_owned()),
        ("additional", dialect.sum("additional")),
        ("credit", dialect.sum("credit")),
        ("lowest", "min(least(additional, credit))".to_owned()),
        ("print", dialect.sum(&squared_print())),
        ("of_days", dialect.sum("of_days")),
        ("least", either("min", "small_rest", "large_rest")),
        ("most", either("max", "small_rest", "large_rest")),
        ("rest", format!("coalesce({}, CAST(sum(large_rest) AS {whole}))", dialect.sum("small_rest"))),
        ("rest_2", dialect.sum(&format!("coalesce(below_2 % {LIMB}, 0)"))),
        ("rest_1", dialect.sum(&format!("coalesce(below_1 % {LIMB}, 0)"))),
        ("rest_0", format!("coalesce({}, CAST(sum(large_low) AS {whole}))", dialect.sum(&format!("below_0 % {LIMB}")))),
    ];
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let names = names.join(", ");
    let columns = columns.map(|(name, value)| format!("    {value} AS {name}")).join(",\n");
    format!(
        "SELECT contract, kind, CAST(regexp_extract(file, 'part-([0-9]+)', 1) AS BIGINT) AS file,\n  {names}\n\
         FROM (\n  SELECT contract, kind, file,\n{columns}\n  FROM rounded\n  \
         GROUP BY contract, kind, file, small IS NULL)\nORDER BY contract, kind, file"
    )
}
