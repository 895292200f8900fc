//! The files of a quote: exact names and headers, consistent totals, the same figures in every file.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use kollektiv::base::digest::sha256;
use kollektiv::tariff::Tariff;
use polars::prelude::{Column, DataFrame, DataType, ParquetReader, SerReader};
use serde_json::{Value, json};

use crate::program::{
    Table, complete_manifest, files, json, kopecks, kopecks_of, names, project, quote, sample, small_contract,
    write_contract,
};
use crate::support::roster;

const PREMIUMS: [&str; 17] = [
    "file",
    "sheet",
    "row",
    "id",
    "name",
    "birth_date",
    "age",
    "age_band",
    "risk_group",
    "plan",
    "programme",
    "sum_insured",
    "rate",
    "start",
    "end",
    "days",
    "premium",
];

/// A quote of a sample in a new folder.
fn quoted(name: &str, more: &[&str], code: i32) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    quote(&sample(name), &out, more).exits_with(code);
    (folder, out)
}

/// The folders of the golden contracts, in order.
fn golden() -> Vec<PathBuf> {
    let entries = fs::read_dir(project().join("tests/golden")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(folders.len() >= 13);
    folders
}

#[test]
fn a_quote_writes_exactly_its_files_with_their_exact_headers() {
    let (_folder, out) = quoted("zavod", &[], 0);
    let all = [
        "diagnostics.csv",
        "groups.csv",
        "manifest.json",
        "premiums.csv",
        "premiums.parquet",
        "quote.json",
        "rates.csv",
    ];
    assert_eq!(names(&out), all);
    let first_line = |name: &str| fs::read_to_string(out.join(name)).unwrap().lines().next().unwrap().to_owned();
    assert_eq!(
        first_line("premiums.csv"),
        "file,sheet,row,id,name,birth_date,age,age_band,risk_group,plan,programme,sum_insured,rate,start,end,days,premium"
    );
    assert_eq!(first_line("groups.csv"), "plan,programme,age_band,risk_group,insured,sum_insured,premium");
    let diagnostics = fs::read_to_string(out.join("diagnostics.csv")).unwrap();
    assert_eq!(diagnostics.trim_end(), "severity,code,file,sheet,row,column,value,message");

    let (_folder, out) = quoted("mistakes", &["--preliminary"], 0);
    let mut with_mistakes = all.to_vec();
    with_mistakes.extend(["PRELIMINARY.txt", "roster-checked.xlsx"]);
    with_mistakes.sort_unstable();
    assert_eq!(names(&out), with_mistakes);
}

#[test]
fn a_refusal_writes_exactly_its_files_and_no_money() {
    let (_folder, out) = quoted("mistakes", &[], 3);
    complete_manifest(&out);
    assert_eq!(names(&out), ["diagnostics.csv", "manifest.json", "quote.json", "roster-checked.xlsx"]);
    let text = fs::read_to_string(out.join("quote.json")).unwrap();
    let quote_json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(quote_json["status"], "refused");
    assert_eq!(quote_json["rows"], json!({ "read": 38, "priced": 16, "referred": 1, "rejected": 21 }));
    let keys: Vec<&String> = quote_json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["number", "policyholder", "status", "start", "end", "rows", "skipped"]);
    let money =
        text.split('"').find(|part| part.rsplit_once('.').is_some_and(|(whole, _)| whole.parse::<u64>().is_ok()));
    assert_eq!(money, None);
}

#[test]
fn diagnostics_of_the_sample_are_listed_in_roster_order() {
    let (_folder, out) = quoted("mistakes", &[], 3);
    let table = Table::open(&out.join("diagnostics.csv"));
    assert_eq!(table.header, ["severity", "code", "file", "sheet", "row", "column", "value", "message"]);
    let rows: Vec<u32> = table.columns(["row"]).iter().map(|[row]| row.parse().unwrap()).collect();
    assert!(rows.is_sorted());
    let found = table.columns(["severity", "code", "row", "column"]);
    for expected in [
        ["warning", "unknown-column", "3", "K"],
        ["error", "bad-birth-date", "7", "D"],
        ["error", "duplicate-insured", "25", "C"],
        ["referral", "age-outside-tariff", "32", "D"],
        ["warning", "sex-and-programme", "41", "E"],
    ] {
        assert!(found.contains(&expected), "{expected:?}");
    }
    let counts = &complete_manifest(&out)["counts"]["diagnostics"];
    let counted = counts.as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>();
    assert_eq!(counted, table.rows.len() as u64);
}

/// Asserts that the lines of `premiums.csv` add up to every total of `quote.json` and `groups.csv`.
fn adds_up(out: &Path) {
    let quote_json = json(&out.join("quote.json"));
    let premiums = Table::open(&out.join("premiums.csv"));
    assert_eq!(premiums.header, PREMIUMS);
    let premium = kopecks_of(&quote_json["premium"]);
    assert!(premium > 0);
    assert_eq!(quote_json["lines"], premiums.rows.len());
    assert_eq!(premiums.sums([], "premium")[&[]], premium);
    assert!(
        kopecks_of(&quote_json["corridor"]["low"]) <= premium && premium <= kopecks_of(&quote_json["corridor"]["high"])
    );

    let insured: BTreeSet<_> = premiums.columns(["plan", "file", "sheet", "row"]).into_iter().collect();
    assert_eq!(quote_json["headcount"], insured.len());
    assert_eq!(quote_json["headcount"], quote_json["rows"]["priced"]);
    let by_plan = premiums.sums(["plan"], "premium");
    let plans = quote_json["plans"].as_array().unwrap();
    for plan in plans {
        let code = plan["code"].as_str().unwrap();
        assert_eq!(kopecks_of(&plan["premium"]), by_plan.get(&[code]).copied().unwrap_or(0), "{code}");
        assert_eq!(plan["insured"], insured.iter().filter(|[of, ..]| *of == code).count(), "{code}");
    }
    assert_eq!(plans.iter().map(|plan| kopecks_of(&plan["premium"])).sum::<i128>(), premium);

    let (money, sums) = (premiums.sums(["programme"], "premium"), premiums.sums(["programme"], "sum_insured"));
    let programmes = quote_json["programmes"].as_array().unwrap();
    for programme in programmes {
        let code = programme["code"].as_str().unwrap();
        assert_eq!(kopecks_of(&programme["premium"]), money[&[code]], "{code}");
        assert_eq!(kopecks_of(&programme["sum_insured"]), sums[&[code]], "{code}");
        assert_eq!(programme["lines"], premiums.columns(["programme"]).iter().filter(|[of]| *of == code).count());
    }
    assert_eq!(programmes.len(), money.len());

    let key = ["plan", "programme", "age_band", "risk_group"];
    let groups = Table::open(&out.join("groups.csv"));
    assert_eq!(groups.rows.len(), groups.columns(key).into_iter().collect::<BTreeSet<_>>().len());
    for money in ["premium", "sum_insured"] {
        assert_eq!(groups.sums(key, money), premiums.sums(key, money), "{money}");
    }
    let lines = premiums.columns(key);
    for [plan, programme, age_band, risk_group, insured] in
        groups.columns(["plan", "programme", "age_band", "risk_group", "insured"])
    {
        let of_group = lines.iter().filter(|line| **line == [plan, programme, age_band, risk_group]).count();
        assert_eq!(insured, of_group.to_string(), "{plan} {programme} {age_band} {risk_group}");
    }

    let instalments = quote_json["instalments"].as_array().unwrap();
    assert_eq!(instalments.iter().map(|instalment| kopecks_of(&instalment["amount"])).sum::<i128>(), premium);
    let day = |value: &Value| value.as_str().unwrap().parse::<Date>().unwrap();
    assert_eq!(day(&instalments[0]["from"]), day(&quote_json["start"]));
    assert_eq!(day(&instalments[instalments.len() - 1]["to"]), day(&quote_json["end"]));
    for pair in instalments.windows(2) {
        assert_eq!(day(&pair[0]["to"]).tomorrow().unwrap(), day(&pair[1]["from"]));
    }
}

#[test]
fn the_lines_of_a_quote_add_up_to_all_its_totals() {
    let (_folder, out) = quoted("zavod", &[], 0);
    adds_up(&out);
    assert_eq!(json(&out.join("quote.json"))["instalments"].as_array().unwrap().len(), 4);
    let (_folder, out) = quoted("mistakes", &["--preliminary"], 0);
    adds_up(&out);
}

#[test]
fn every_line_has_its_days_its_age_and_the_band_of_its_age() {
    let (_folder, out) = quoted("zavod", &[], 0);
    let quote_json = json(&out.join("quote.json"));
    let day = |text: &str| text.parse::<Date>().unwrap();
    let (first, last) = (day(quote_json["start"].as_str().unwrap()), day(quote_json["end"].as_str().unwrap()));
    let premiums = Table::open(&out.join("premiums.csv"));
    let mut own_days = 0;
    for [birth_date, age, age_band, start, end, days] in
        premiums.columns(["birth_date", "age", "age_band", "start", "end", "days"])
    {
        let (start, end) = (day(start), day(end));
        assert!(first <= start && start <= end && end <= last);
        assert_eq!(days.parse::<i32>().unwrap(), (end - start).get_days() + 1);
        let born = day(birth_date);
        let years = start.year() - born.year() - i16::from((start.month(), start.day()) < (born.month(), born.day()));
        assert_eq!(age, years.to_string());
        let (from, to) = age_band.split_once(['-', '–']).unwrap_or((age_band, age_band));
        assert!((from.parse().unwrap()..=to.parse().unwrap()).contains(&years), "{age} in {age_band}");
        own_days += usize::from((start, end) != (first, last));
    }
    assert!(own_days > 0, "the sample has insured with days of their own");
    let rows: Vec<u32> = premiums.columns(["row"]).iter().map(|[row]| row.parse().unwrap()).collect();
    assert!(rows.is_sorted(), "roster order");
}

#[test]
fn the_manifest_has_the_hash_of_every_file_and_every_input() {
    for (name, roster_name, more, code) in [
        ("zavod", "roster.xlsx", &[][..], 0),
        ("mistakes", "roster.csv", &[], 3),
        ("mistakes", "roster.csv", &["--preliminary"], 0),
    ] {
        let (_folder, out) = quoted(name, more, code);
        let manifest = complete_manifest(&out);
        let quote_json = json(&out.join("quote.json"));
        let contract = sample(name);
        let bytes = |path: &Path| fs::read(path).unwrap();
        assert_eq!(manifest["contract"], json!({ "file": "contract.toml", "sha256": sha256(&bytes(&contract)) }));
        let rosters = manifest["rosters"].as_array().unwrap();
        assert_eq!(rosters.len(), 1);
        assert_eq!(rosters[0]["file"], roster_name);
        assert_eq!(rosters[0]["sha256"], sha256(&bytes(&contract.with_file_name(roster_name))));
        assert_eq!(manifest["tariff"]["sha256"], sha256(&bytes(&project().join("src/tariff/base.toml"))));
        assert_eq!(manifest["tariff"]["edition"], Tariff::base().edition.code);
        assert_eq!(manifest["program"]["version"], env!("CARGO_PKG_VERSION"));
        for key in ["number", "status"] {
            assert_eq!(manifest[key], quote_json[key]);
        }
        assert_eq!(manifest["counts"]["rows"], quote_json["rows"]);
        let count = |value: &Value| value.as_u64().unwrap_or(0);
        for key in ["headcount", "lines"] {
            assert_eq!(count(&manifest["counts"][key]), count(&quote_json[key]), "{key}");
        }
        assert_eq!(manifest["options"]["preliminary"], !more.is_empty());
        assert_eq!(manifest["options"]["formats"], json!(["csv", "parquet"]));
    }
}

/// The values of a column of `premiums.parquet` in the notation of `premiums.csv`.
fn as_text(column: &Column) -> Vec<String> {
    let values = column.as_materialized_series();
    assert_eq!(values.null_count(), 0, "{}", column.name());
    match values.dtype() {
        DataType::String => values.str().unwrap().iter().flatten().map(str::to_owned).collect(),
        DataType::Date => {
            let day = |days: i32| date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap().to_string();
            values.date().unwrap().physical().into_no_null_iter().map(day).collect()
        }
        DataType::Decimal(_, scale) => {
            assert_eq!(*scale, 2, "{}", column.name());
            let amount = |kopecks: i128| format!("{}.{:02}", kopecks / 100, kopecks % 100);
            values.decimal().unwrap().physical().into_no_null_iter().map(amount).collect()
        }
        other => {
            assert!(other.is_integer(), "{} is {other}", column.name());
            values.u32().unwrap().into_no_null_iter().map(|number| number.to_string()).collect()
        }
    }
}

fn frame(path: &Path) -> DataFrame {
    ParquetReader::new(File::open(path).unwrap()).finish().unwrap()
}

/// Asserts that both files of lines are equal row by row.
fn same_lines(out: &Path) {
    let premiums = Table::open(&out.join("premiums.csv"));
    let frame = frame(&out.join("premiums.parquet"));
    assert!(frame.get_column_names().into_iter().eq(PREMIUMS.iter()));
    assert_eq!(frame.height(), premiums.rows.len());
    for (place, column) in frame.columns().iter().enumerate() {
        let name = column.name().as_str();
        let right = match column.dtype() {
            DataType::Date => ["birth_date", "start", "end"].contains(&name),
            DataType::Decimal(..) => ["sum_insured", "premium"].contains(&name),
            DataType::String => {
                ["file", "sheet", "id", "name", "age_band", "plan", "programme", "rate"].contains(&name)
            }
            other => other.is_integer() && ["row", "age", "risk_group", "days"].contains(&name),
        };
        assert!(right, "{name} is {}", column.dtype());
        for (row, (read, line)) in as_text(column).iter().zip(&premiums.rows).enumerate() {
            assert_eq!(read, &line[place], "{name} of line {row}");
        }
    }
}

#[test]
fn parquet_and_csv_have_the_same_lines_and_parquet_has_types() {
    let (_folder, out) = quoted("zavod", &[], 0);
    same_lines(&out);
    let (_folder, out) = quoted("mistakes", &["--preliminary"], 0);
    same_lines(&out);
}

#[test]
fn a_text_that_looks_like_a_formula_is_escaped_for_spreadsheets_only() {
    let folder = tempfile::tempdir().unwrap();
    let rows = roster()
        .aged(40, 1)
        .aged(41, 1)
        .to_string()
        .replace("Иванов Пётр 1", "-Иванов Пётр 1")
        .replace("2;Иванов", "+7;Иванов");
    let contract = write_contract(folder.path(), &small_contract(), &roster());
    fs::write(folder.path().join("roster.csv"), rows).unwrap();
    let out = folder.path().join("out");
    quote(&contract, &out, &[]).exits_with(0);
    let premiums = Table::open(&out.join("premiums.csv"));
    assert_eq!(premiums.columns(["id", "name"]), [["1", "'-Иванов Пётр 1"], ["+7", "Иванов Пётр 2"]]);
    let frame = frame(&out.join("premiums.parquet"));
    assert_eq!(as_text(frame.column("name").unwrap()), ["-Иванов Пётр 1", "Иванов Пётр 2"]);
}

#[test]
fn the_program_prices_every_golden_contract_as_expected() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    for contract in golden() {
        let name = contract.display();
        let before = files(&contract);
        quote(&contract.join("contract.toml"), &out, &[]).exits_with(0);
        assert_eq!(files(&contract), before, "{name}: inputs are unchanged");
        let expected = Table::open(&contract.join("expected.csv"));
        let written = Table::open(&out.join("premiums.csv"));
        let key = ["id", "programme", "age", "days", "rate", "premium"];
        assert_eq!(expected.header, key);
        assert_eq!(written.columns(key), expected.columns(key), "{name}");
        let (quote_json, expected) = (json(&out.join("quote.json")), json(&contract.join("expected.json")));
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(&quote_json[name], value, "{name}: {name}");
        }
        assert_eq!(quote_json["status"], "issued");
        assert!(kopecks(quote_json["premium"].as_str().unwrap()) > 0);
        adds_up(&out);
        same_lines(&out);
        complete_manifest(&out);
    }
}

#[test]
fn every_csv_file_has_a_copy_for_excel_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let [plain, with] = ["plain", "with"].map(|name| folder.path().join(name));
    quote(&sample("mistakes"), &plain, &["--preliminary"]).exits_with(0);
    quote(&sample("mistakes"), &with, &["--preliminary", "--csv-for-excel"]).exits_with(0);
    complete_manifest(&with);
    let (plain, with) = (files(&plain), files(&with));
    let mut copies = 0;
    for (name, bytes) in
        plain.iter().filter(|(name, _)| Path::new(name).extension().is_some_and(|ending| ending == "csv"))
    {
        assert_eq!(with[name], *bytes, "{name} is as promised");
        let copy = String::from_utf8(with[&name.replace(".csv", "-excel.csv")].clone()).unwrap();
        let body = copy.strip_prefix('\u{feff}').expect("a byte order mark");
        let read = |delimiter: u8, text: &[u8]| -> Vec<Vec<String>> {
            let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(text);
            rows.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
        };
        let (of_copy, promised) = (read(b';', body.as_bytes()), read(b',', bytes));
        assert_eq!(of_copy.len(), promised.len());
        for column in 0..promised[0].len() {
            let is_decimal =
                promised[1..].iter().all(|row| row[column].is_empty() || row[column].parse::<f64>().is_ok());
            for (row, expected) in of_copy.iter().zip(&promised).skip(1) {
                let expected = if is_decimal { expected[column].replace('.', ",") } else { expected[column].clone() };
                assert_eq!(row[column], expected, "{name}: {}", promised[0][column]);
                assert!(!row[column].starts_with('='), "{name}: {}", row[column]);
            }
        }
        copies += 1;
    }
    assert!(copies >= 4, "premiums, rates, groups, diagnostics");
    assert_eq!(with.len(), plain.len() + copies);
}
