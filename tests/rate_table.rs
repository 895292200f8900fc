//! `kollektiv cube`: every rate of a contract or a book with its factors, for other engines.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::Command;

use kollektiv::base::money::{Kopecks, Rate};
use polars::prelude::{AnyValue, ParquetReader, SerReader};

use crate::portfolio::book::{Book, change};
use crate::portfolio::engine::tools;
use crate::program::{PROGRAM, Run, Table, complete_manifest, json, kopecks_of, names, project, quote, run, sample};
use crate::support::{contract, roster};

/// A Parquet table with each value as text; decimals have all digits of their scale.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let frame = ParquetReader::new(File::open(path).unwrap()).finish().unwrap();
    let names: Vec<String> = frame.columns().iter().map(|column| column.name().to_string()).collect();
    let text = |value: AnyValue<'_>| match value {
        AnyValue::Null => String::new(),
        AnyValue::Decimal(digits, _, 0) => digits.to_string(),
        AnyValue::Decimal(digits, _, scale) => {
            let digits = format!("{digits:0>width$}", width = scale + 1);
            let (whole, decimals) = digits.split_at(digits.len() - scale);
            format!("{whole}.{decimals}")
        }
        AnyValue::String(text) => text.to_owned(),
        AnyValue::StringOwned(text) => text.to_string(),
        other => other.to_string(),
    };
    let row = |at| {
        let value = |(name, column): (&String, &polars::prelude::Column)| (name.clone(), text(column.get(at).unwrap()));
        names.iter().zip(frame.columns()).map(value).collect()
    };
    (0..frame.height()).map(row).collect()
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

/// Both tables of a cube; asserts that the factors of each cell multiply to its rate.
#[track_caller]
fn cube(folder: &Path) -> [Vec<BTreeMap<String, String>>; 2] {
    complete_manifest(folder);
    let [cells, factors] = ["cube.parquet", "factors.parquet"].map(|name| rows(&folder.join(name)));
    let mut products: BTreeMap<(&str, &str), Vec<Rate>> = BTreeMap::new();
    for factor in &factors {
        let key = (factor["number"].as_str(), factor["cell"].as_str());
        let of_cell = products.entry(key).or_default();
        of_cell.push(rate(&factor["coefficient"]));
        assert_eq!(factor["place"], of_cell.len().to_string(), "{factor:?}");
        assert!(factor["low"].is_empty() == factor["high"].is_empty());
        if !factor["low"].is_empty() {
            let [low, value, high] = ["low", "coefficient", "high"].map(|end| rate(&factor[end]));
            assert!(low <= value && value <= high, "{factor:?}");
        }
        assert!(!factor["clause"].is_empty() && !factor["chosen_by"].is_empty());
    }
    assert_eq!(products.len(), cells.len());
    for cell in &cells {
        let factors = products[&(cell["number"].as_str(), cell["cell"].as_str())].clone();
        assert_eq!(factors.into_iter().product::<Rate>(), rate(&cell["rate"]), "{cell:?}");
        assert!(rate(&cell["rate_low"]) <= rate(&cell["rate"]) && rate(&cell["rate"]) <= rate(&cell["rate_high"]));
    }
    [cells, factors]
}

#[test]
fn a_full_disk_is_reported_and_leaves_no_cube() {
    let folder = tempfile::tempdir().unwrap();
    let contract = sample("zavod");
    // files are limited to a few KiB, and the signal for a larger one is ignored
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"", PROGRAM, "cube"]).arg(&contract);
    shell.args(["--lang", "en", "--out"]).arg(folder.path().join("cube"));
    let run = Run::new(shell.output().unwrap()).exits_with(1);
    assert!(run.err.contains("cube.parquet") && run.err.contains("the file is larger than the disk"), "{}", run.err);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn the_cube_of_a_contract_is_its_price_list() {
    let room = tempfile::tempdir().unwrap();
    let (contract, out) = (sample("zavod"), room.path().join("cube"));
    run(["cube".as_ref(), contract.as_os_str(), "--out".as_ref(), out.as_os_str()]).exits_with(0);
    let [cells, factors] = cube(&out);
    quote(&contract, &room.path().join("quote"), &[]).exits_with(0);
    let listed = Table::open(&room.path().join("quote/rates.csv"));
    let keys = ["plan", "programme", "age_from", "age_to", "risk_group"];
    let expected = listed.columns(["plan", "programme", "age_from", "age_to", "risk_group", "rate"]);
    assert_eq!(cells.len(), expected.len());
    for (place, (cell, row)) in cells.iter().zip(&expected).enumerate() {
        assert_eq!(cell["cell"], place.to_string());
        assert_eq!(keys.map(|key| cell[key].as_str()), row[..5]);
        assert_eq!(rate(&cell["rate"]), rate(row[5]), "every digit");
        assert_eq!(cell["year_days"], "365");
    }
    let chosen: Vec<[&str; 4]> = factors
        .iter()
        .filter(|factor| factor["cell"] == "0")
        .map(|factor| ["factor", "clause", "rule", "chosen_by"].map(|column| factor[column].as_str()))
        .collect();
    assert_eq!(
        chosen,
        [
            ["base", "1", "", "tariff"],
            ["headcount", "2.1", "I2", "contract"],
            ["age", "2.2", "I7", "tariff"],
            ["risk", "2.5", "I2", "ranges"],
            ["exclusion", "2.6.7.1", "I9", "tariff"]
        ]
    );
    assert_eq!(factors[4]["services"], "dental home_care");
}

#[test]
fn a_join_with_the_cube_in_sql_gives_the_same_premium() {
    let Some(duckdb) = tools::duckdb() else { return };
    let room = tempfile::tempdir().unwrap();
    let contract = sample("zavod");
    let out = room.path().join("cube");
    run(["cube".as_ref(), contract.as_os_str(), "--out".as_ref(), out.as_os_str()]).exits_with(0);
    quote(&contract, &room.path().join("quote"), &[]).exits_with(0);
    // the example of docs/engine.md
    let guide = std::fs::read_to_string(project().join("docs/engine.md")).unwrap();
    let example = guide.split("```sql\n").find_map(|rest| rest.split_once("```").map(|(sql, _)| sql)).unwrap();
    let (lines, cells) = (room.path().join("quote/premiums.parquet"), out.join("cube.parquet"));
    let sql =
        example.replace("premiums.parquet", lines.to_str().unwrap()).replace("cube.parquet", cells.to_str().unwrap());
    let output = Command::new(duckdb).args(["-csv", "-noheader", "-c", &sql]).output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let expected = kopecks_of(&json(&room.path().join("quote/quote.json"))["premium"]);
    assert_eq!(output.trim().replace('.', ""), expected.to_string(), "{} roubles", Kopecks::new(expected));
}

#[test]
fn the_cube_of_a_book_has_the_rates_in_force() {
    let book = Book::new();
    let terms = || contract().with("roster = \"roster.csv\"").cover("16", "");
    book.bound("N-1", &terms().cover("8", ""), &roster().aged(40, 1).aged(62, 2));
    book.bound("N-2", &terms().with("headcount_basis = \"current\""), &roster().crowd(9));
    let out = book.beside("before");
    book.run(&["cube", "--out", out.to_str().unwrap()]).exits_with(0);
    let [before, _] = cube(&out);
    let (run, _) = book.reprice("spring", &change("spring", "2026-04-05", &[("16", "1.1237")]), &[]);
    run.exits_with(0);
    // the tenth insured changes the headcount band and every rate
    let list = book.beside("changes.csv");
    let rows = "Вид изменения;ФИО;Дата рождения;Группа риска\nприкрепить;Новый Пётр;01.05.1985;1\n";
    std::fs::write(&list, rows).unwrap();
    let endorsed = book.beside("endorsed");
    let words = ["endorse", "N-2", list.to_str().unwrap(), "--on", "2026-05-03", "--out", endorsed.to_str().unwrap()];
    book.run(&words).exits_with(0);
    let out = book.beside("after");
    book.run(&["cube", "--out", out.to_str().unwrap()]).exits_with(0);
    let [after, factors] = cube(&out);
    let of = |cells: &[BTreeMap<String, String>], number: &str, programme: &str| -> Vec<Rate> {
        let cells = cells.iter().filter(|cell| cell["number"] == number && cell["programme"] == programme);
        cells.map(|cell| rate(&cell["rate"])).collect()
    };
    let grown = |rates: Vec<Rate>| -> Vec<Rate> { rates.into_iter().map(|known| known * rate("1.1237")).collect() };
    assert_eq!(of(&after, "N-1", "8"), of(&before, "N-1", "8"));
    assert_eq!(of(&after, "N-1", "16"), grown(of(&before, "N-1", "16")));
    let rerated = of(&after, "N-2", "16");
    assert_eq!((rerated.len(), &rerated[0]), (2, &grown(of(&before, "N-2", "16"))[0]));
    assert!(rerated[1] < rerated[0], "ten cost less than nine: {rerated:?}");
    let changes = factors.iter().filter(|factor| factor["factor"] == "book_change");
    let changes: Vec<[&str; 4]> =
        changes.map(|factor| ["number", "rule", "chosen_by", "effective"].map(|key| factor[key].as_str())).collect();
    assert_eq!(changes.len(), 4);
    assert!(
        changes.iter().all(|[_, rule, by, day]| (*rule, *by, *day) == ("I19", "change", "2026-04-05")),
        "{changes:?}"
    );
}

#[test]
fn a_rate_too_long_for_a_decimal_is_refused_with_its_cell() {
    let book = Book::new();
    book.bound("N-1", &contract().with("roster = \"roster.csv\"").cover("16", ""), &roster().crowd(3));
    let out = book.beside("cube");
    for day in 1..=9 {
        let change = change(&format!("day-{day}"), &format!("2026-03-{day:02}"), &[("16", "1.0003")]);
        book.reprice(&format!("day-{day}"), &change, &[]).0.exits_with(0);
    }
    let run = book.run(&["cube", "--out", out.to_str().unwrap()]).exits_with(3);
    assert!(run.err.contains("N-1") && run.err.contains("16") && run.err.contains("38 digits"), "{}", run.err);
    assert!(!out.exists());
}

#[test]
fn the_cube_of_a_census_is_marked_as_preliminary() {
    let room = tempfile::tempdir().unwrap();
    let text = contract().with("[[census]]\nage = 40\nrisk_group = 1\ninsured = 3").cover("16", "");
    let (census, roster, out) = (room.path().join("census.toml"), sample("zavod"), room.path().join("cube"));
    std::fs::write(&census, text.to_string()).unwrap();
    let words = ["cube".as_ref(), census.as_os_str(), roster.as_os_str(), "--out".as_ref(), out.as_os_str()];
    let run = run(words).exits_with(0);
    assert!(run.out.contains("Предварительный расчёт: ставки 1 договора"), "{}", run.out);
    let [cells, _] = cube(&out);
    for cell in &cells {
        assert_eq!(cell["status"] == "preliminary", cell["number"] == "T-1", "{cell:?}");
    }
    assert_eq!(json(&out.join("manifest.json"))["counts"]["preliminary"], 1);
}

#[test]
fn a_contract_that_cannot_be_priced_has_no_cube() {
    let room = tempfile::tempdir().unwrap();
    let contract = sample("mistakes");
    let out = room.path().join("cube");
    let words =
        ["cube".as_ref(), contract.as_os_str(), "--out".as_ref(), out.as_os_str(), "--lang".as_ref(), "en".as_ref()];
    let run = run(words).exits_with(3);
    assert!(run.err.contains("kollektiv check"), "{}", run.err);
    assert!(!out.exists());
    // without contracts and without a book
    crate::program::run(["cube"]).exits_with(2);
}
