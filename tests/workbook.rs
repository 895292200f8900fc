//! `quote.xlsx`, read back and recalculated by LibreOffice: every formula has its result, every check agrees.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx};
use tempfile::TempDir;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::program::{json, kopecks_of, project, quote, sample, write_contract};
use crate::support::{contract, roster};

/// A quote with its workbook in a folder.
fn with_workbook(contract: &Path, language: &str, more: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    quote(contract, &out, &[&["--documents", "xlsx", "--lang", language], more].concat()).exits_with(0);
    (folder, out)
}

type Book = Xlsx<Cursor<Vec<u8>>>;

fn open(path: &Path) -> Book {
    calamine::open_workbook_from_rs(Cursor::new(fs::read(path).unwrap())).unwrap()
}

/// A sheet by its index.
fn sheet(book: &mut Book, at: usize) -> Range<Data> {
    let name = book.sheet_names()[at].clone();
    let range = book.worksheet_range(&name).unwrap();
    // from A1 on, so that indices are those of the sheet
    let end = range.end().unwrap();
    range.range((0, 0), end)
}

const SUMMARY: usize = 0;
const PLANS: usize = 1;
const PREMIUMS: usize = 3;
const RATES: usize = 4;
const FIRST_ROW: usize = 4;
const RATE: usize = 14;
const FACTOR: usize = 6;
const PRODUCT: usize = 15;
const PREMIUM: usize = 15;
const FORMULA: usize = 16;
const CHECK: usize = 17;

/// The amount of a cell in kopecks.
fn kopecks(cell: &Data) -> i128 {
    let Data::Float(amount) = cell else { panic!("no amount: {cell:?}") };
    format!("{amount:.2}").replace('.', "").parse().unwrap()
}

/// The results of the checks in a column, counted.
fn verdicts(range: &Range<Data>, column: usize) -> BTreeMap<String, usize> {
    let mut verdicts = BTreeMap::new();
    for row in range.rows().skip(FIRST_ROW) {
        *verdicts.entry(row[column].to_string()).or_default() += 1;
    }
    verdicts
}

/// The text of a part of a workbook.
fn part(workbook: &Path, name: &str) -> String {
    let mut parts = zip::ZipArchive::new(Cursor::new(fs::read(workbook).unwrap())).unwrap();
    let mut text = String::new();
    parts.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The widths of the columns of a sheet, by column.
fn widths(workbook: &Path, sheet: &str) -> BTreeMap<usize, f64> {
    let text = part(workbook, &format!("xl/worksheets/{sheet}.xml"));
    let value = |column: &str, name: &str| {
        let (_, rest) = column.split_once(&format!("{name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.parse::<f64>().unwrap()
    };
    let mut widths = BTreeMap::new();
    for column in text.split("<col ").skip(1) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a column has a small number")]
        let [first, last] = ["min", "max"].map(|name| value(column, name) as usize - 1);
        widths.extend((first..=last).map(|at| (at, value(column, "width"))));
    }
    widths
}

#[test]
fn a_column_is_as_wide_as_its_longest_number() {
    let contract = project().join("tests/golden/010/contract.toml");
    let (_folder, out) = with_workbook(&contract, "ru", &[]);
    let workbook = out.join("quote.xlsx");
    let mut book = open(&workbook);
    let mut long = 0;
    for (at, name, columns) in [(PREMIUMS, "sheet4", RATE..=RATE), (RATES, "sheet5", FACTOR..=PRODUCT)] {
        let (range, widths) = (sheet(&mut book, at), widths(&workbook, name));
        for column in columns {
            let numbers = range.rows().skip(FIRST_ROW).filter_map(|row| match row[column] {
                Data::Float(number) => Some(number.to_string().len()),
                _ => None,
            });
            let longest = u32::try_from(numbers.max().unwrap_or(0)).unwrap();
            assert!(f64::from(longest) < widths[&column], "{name}, column {column}: {longest} letters, {widths:?}");
            long = long.max(longest);
        }
    }
    assert!(long > 15, "the case is about long rates: {long}");
}

#[test]
fn a_share_is_stored_with_the_result_of_its_formula() {
    let (_folder, out) = with_workbook(&sample("zavod"), "ru", &[]);
    let quote_json = json(&out.join("quote.json"));
    let amount = |amount: &serde_json::Value| amount.as_str().unwrap().parse::<f64>().unwrap();
    let mut book = open(&out.join("quote.xlsx"));
    let plans = sheet(&mut book, PLANS);
    for (plan, row) in quote_json["plans"].as_array().unwrap().iter().zip(plans.rows().skip(FIRST_ROW)) {
        let Data::Float(share) = row[5] else { panic!("{row:?}") };
        let wanted = amount(&plan["premium"]) / amount(&quote_json["premium"]);
        assert!((share - wanted).abs() < 1e-12, "{share}, {wanted}");
    }
}

#[test]
fn a_long_name_of_the_policyholder_does_not_shrink_the_first_page() {
    let folder = tempfile::tempdir().unwrap();
    let terms = contract().with("roster = \"roster.csv\"").cover("16", "");
    let file = write_contract(folder.path(), &terms, &roster().crowd(3));
    let long = "Государственное бюджетное учреждение ".repeat(7);
    fs::write(&file, terms.to_string().replace("ООО «Проверка»", &long)).unwrap();
    let (_folder, out) = with_workbook(&file, "ru", &[]);
    let workbook = out.join("quote.xlsx");
    let names = part(&workbook, "xl/workbook.xml");
    assert!(names.contains("_xlnm.Print_Area\" localSheetId=\"0\">Сводка!$A$1:$P$"), "{names}");
    let summary = part(&workbook, "xl/worksheets/sheet1.xml");
    assert!(summary.contains("<mergeCell ref=\"A2:E2\"/>"), "{summary}");
    let (_, row) = summary.split_once("<row r=\"2\"").unwrap();
    assert!(row.split_once('>').unwrap().0.contains("customHeight"), "{row}");
}

#[test]
fn a_column_is_as_wide_as_its_longest_text_and_longer_texts_wrap() {
    const LONG: &str = "Руководители подразделений и заместители";
    let folder = tempfile::tempdir().unwrap();
    let terms = contract().with("roster = \"roster.csv\"").plan("Руководители").cover("16", "");
    let people = roster().aged(40, 1).on("Руководители").aged(41, 1).on("Руководители");
    let file = write_contract(folder.path(), &terms, &people);
    let (_first, short) = with_workbook(&file, "ru", &[]);
    let name = "Константинопольский-Задунайский Александр Владимирович";
    let people = people.aged(42, 1).on(LONG).to_string().replace("Иванов Пётр 2", name);
    fs::write(folder.path().join("roster.csv"), people).unwrap();
    let policyholder = "Государственное бюджетное учреждение ".repeat(20);
    let text = terms.plan(LONG).cover("16", "").to_string().replace("ООО «Проверка»", &policyholder);
    fs::write(&file, text).unwrap();
    let (_second, long) = with_workbook(&file, "ru", &[]);
    let [short, long] = [short, long].map(|out| out.join("quote.xlsx"));
    for (sheet, column) in [("sheet2", 0), ("sheet4", 7), ("sheet5", 1)] {
        let width = widths(&short, sheet)[&column];
        // twelve letters, wider than the digits that measure columns, and an indent
        assert!((17.0..18.0).contains(&width), "{sheet}: {width}");
        let width = widths(&long, sheet)[&column];
        assert!((26.0..27.0).contains(&width), "{sheet}: {width}");
    }
    assert!((50.0..51.0).contains(&widths(&long, "sheet4")[&3]));
    let sheet = part(&long, "xl/worksheets/sheet4.xml");
    let is_high = |row: &str| {
        let (_, rest) = sheet.split_once(&format!("<row r=\"{row}\"")).unwrap();
        rest.split_once('>').unwrap().0.contains("customHeight")
    };
    assert_eq!(["5", "6", "7"].map(is_high), [false, true, true], "a long name, a long code");
    assert!(widths(&long, "sheet5")[&14] >= 15.0, "no heading is broken inside a word");
    for at in 1..=8 {
        let sheet = part(&long, &format!("xl/worksheets/sheet{at}.xml"));
        assert!(sheet.contains("<mergeCell ref=\"A2:"), "the title of sheet {at} wraps");
    }
}

/// Copies a workbook with every sheet part changed by `change`.
fn rewritten(from: &Path, to: &Path, change: impl Fn(&str, String) -> String) {
    let mut parts = zip::ZipArchive::new(Cursor::new(fs::read(from).unwrap())).unwrap();
    let mut made = ZipWriter::new(fs::File::create(to).unwrap());
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        let name = part.name().unwrap().into_owned();
        if name.starts_with("xl/worksheets/sheet") {
            bytes = change(&name, String::from_utf8(bytes).unwrap()).into_bytes();
        }
        made.start_file(name, SimpleFileOptions::default()).unwrap();
        made.write_all(&bytes).unwrap();
    }
    made.finish().unwrap();
}

/// Removes the results of the formulas of a sheet.
fn without_results(sheet: &str) -> String {
    let mut bare = String::with_capacity(sheet.len());
    let mut copied = 0;
    for end in formula_ends(sheet) {
        bare.push_str(&sheet[copied..end]);
        let result = sheet[end..].strip_prefix("<v>").and_then(|rest| rest.find("</v>"));
        copied = result.map_or(end, |length| end + "<v>".len() + length + "</v>".len());
    }
    bare.push_str(&sheet[copied..]);
    bare
}

/// Where the elements of formulas end: those with a formula, and those that share one.
fn formula_ends(sheet: &str) -> Vec<usize> {
    let starts = sheet.match_indices("<f").map(|(at, _)| at).filter(|at| matches!(&sheet[at + 2..at + 3], " " | ">"));
    let end = |at: usize| {
        let tag = at + sheet[at..].find('>').unwrap() + 1;
        if sheet[..tag].ends_with("/>") { tag } else { tag + sheet[tag..].find("</f>").unwrap() + "</f>".len() }
    };
    starts.map(end).collect()
}

/// The workbook recalculated by LibreOffice; none without LibreOffice.
fn recalculated(workbook: &Path, change: impl Fn(&str, String) -> String) -> Option<Book> {
    if Command::new("soffice").arg("--version").output().is_err() {
        report_skipped("there is no `soffice` to recalculate the workbook");
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let bare = folder.path().join("bare.xlsx");
    rewritten(workbook, &bare, |name, sheet| without_results(&change(name, sheet)));
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.path().display());
    let out = folder.path().join("out");
    let ran = Command::new("soffice")
        .args(["--headless", &profile, "--convert-to", "xlsx", "--outdir"])
        .args([&out, &bare])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    Some(open(&out.join("bare.xlsx")))
}

/// Reports a skipped check directly: the test harness hides the output of passing tests.
#[expect(clippy::explicit_write, reason = "the test harness hides the output of passing tests")]
pub fn report_skipped(why: &str) {
    writeln!(std::io::stderr(), "SKIPPED: {why}").unwrap();
}

fn unchanged(_: &str, sheet: String) -> String {
    sheet
}

/// Asserts that every check of an unchanged workbook agrees: lines, rates, plans and the first sheet.
fn assert_proved(workbook: &Path, book: &mut Book, quote_json: &serde_json::Value, agrees: &str) {
    let written = workbook.display();
    let lines = sheet(book, PREMIUMS);
    assert_eq!(lines.height() - FIRST_ROW, quote_json["lines"], "{written}");
    let count = usize::try_from(quote_json["lines"].as_u64().unwrap()).unwrap();
    assert_eq!(verdicts(&lines, CHECK), BTreeMap::from([(agrees.to_owned(), count)]), "{written}");
    let sum = |column: usize| lines.rows().skip(FIRST_ROW).map(|row| kopecks(&row[column])).sum::<i128>();
    assert_eq!([sum(PREMIUM), sum(FORMULA)], [kopecks_of(&quote_json["premium"]); 2], "{written}");
    let rates = sheet(book, RATES);
    assert!(verdicts(&rates, CHECK).keys().eq([agrees]), "{written}: {:?}", verdicts(&rates, CHECK));
    let text = |range: &Range<Data>, verdict: &str| range.rows().flatten().filter(|cell| *cell == verdict).count();
    let plans = sheet(book, PLANS);
    let sums = ["plans", "programmes"].map(|key| quote_json[key].as_array().unwrap().len()).iter().sum::<usize>();
    assert_eq!(text(&plans, agrees), sums, "{written}: plans and programmes");
    let summary = sheet(book, SUMMARY);
    assert_eq!(text(&summary, agrees), 1, "{written}: the sum of all lines");
    for key in ["low", "high"] {
        let amount = kopecks_of(&quote_json["corridor"][key]);
        assert!(summary.rows().flatten().any(|cell| matches!(cell, Data::Float(_)) && kopecks(cell) == amount));
    }
}

#[test]
fn libreoffice_calculates_the_same_premiums() {
    let golden = |name: &str| project().join("tests/golden").join(name).join("contract.toml");
    for (contract, language, agrees) in [
        (golden("002"), "ru", "сходится"),
        (golden("004"), "en", "agrees"),
        (golden("008"), "ru", "сходится"),
        (golden("010"), "en", "agrees"),
        (sample("zavod"), "ru", "сходится"),
    ] {
        let (_folder, out) = with_workbook(&contract, language, &[]);
        let quote_json = json(&out.join("quote.json"));
        let workbook = out.join("quote.xlsx");
        assert_proved(&workbook, &mut open(&workbook), &quote_json, agrees);
        if let Some(mut book) = recalculated(&workbook, unchanged) {
            assert_proved(&workbook, &mut book, &quote_json, agrees);
        }
    }
}

/// A contract whose unrounded premiums end in exactly half a kopeck.
fn at_half() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let terms = contract()
        .with("roster = \"roster.csv\"")
        .choose("ranges = 'low'")
        .cover("1", "price_change = '1.25'\nadditional_services = '1.25'");
    // 38.74 × 1.00 × 1.00 × 1.00 × 1.25 × 1.25 = 60.53125, and 32 × 0.53125 = 17: at 16 more than a multiple of 32 roubles
    // half a kopeck remains
    let sums = (0..60).map(|step| 100_016 + 32 * step);
    let people = sums.fold(roster(), |people, sum| people.aged(40, 1).with_sum(&format!("{sum}.00")));
    let file = write_contract(folder.path(), &terms, &people);
    (folder, file)
}

#[test]
fn a_premium_at_half_a_kopeck_never_disagrees() {
    let (_inputs, file) = at_half();
    let (_folder, out) = with_workbook(&file, "en", &[]);
    let premiums = crate::program::Table::open(&out.join("premiums.csv"));
    let halves = premiums.columns(["sum_insured", "rate", "premium"]);
    let half = halves.iter().filter(|[sum, rate, _]| {
        let digits = |text: &str| text.replace('.', "").parse::<u128>().unwrap();
        let decimals = rate.split_once('.').unwrap().1.len();
        let unit = 10_u128.pow(u32::try_from(decimals).unwrap() + 2);
        (digits(sum) * digits(rate)) % unit * 2 == unit
    });
    assert_eq!(half.count(), 60, "the case is about premiums at half a kopeck");
    let Some(mut book) = recalculated(&out.join("quote.xlsx"), unchanged) else { return };
    let found = verdicts(&sheet(&mut book, PREMIUMS), CHECK);
    assert!(!found.contains_key("DISAGREES"), "{found:?}");
    assert_eq!(found.values().sum::<usize>(), premiums.rows.len());
}

#[test]
fn the_checks_find_a_changed_premium_and_a_changed_factor() {
    let contract = project().join("tests/golden/000/contract.toml");
    let (_folder, out) = with_workbook(&contract, "en", &[]);
    let workbook = out.join("quote.xlsx");
    let lines = json(&out.join("quote.json"))["lines"].as_u64().unwrap();
    // the first line one kopeck higher
    let raised = |name: &str, sheet: String| {
        if !name.ends_with("sheet4.xml") {
            return sheet;
        }
        let from = sheet.find("<c r=\"P5\"").unwrap();
        let (begin, end) = (from + sheet[from..].find("<v>").unwrap() + 3, from + sheet[from..].find("</v>").unwrap());
        let amount: f64 = sheet[begin..end].parse().unwrap();
        format!("{}{:.2}{}", &sheet[..begin], amount + 0.01, &sheet[end..])
    };
    let Some(mut book) = recalculated(&workbook, raised) else { return };
    let found = verdicts(&sheet(&mut book, PREMIUMS), CHECK);
    assert_eq!(found.get("DISAGREES"), Some(&1), "{found:?}");
    assert_eq!(sheet(&mut book, SUMMARY).rows().flatten().filter(|cell| *cell == "DISAGREES").count(), 1);
    // another headcount coefficient in the first rate
    let cheaper = |name: &str, sheet: String| {
        if !name.ends_with("sheet5.xml") {
            return sheet;
        }
        let from = sheet.find("<c r=\"H5\"").unwrap();
        let (begin, end) = (from + sheet[from..].find("<v>").unwrap() + 3, from + sheet[from..].find("</v>").unwrap());
        format!("{}0.5{}", &sheet[..begin], &sheet[end..])
    };
    let mut book = recalculated(&workbook, cheaper).unwrap();
    assert_eq!(verdicts(&sheet(&mut book, RATES), CHECK).get("DISAGREES"), Some(&1));
    let found = verdicts(&sheet(&mut book, PREMIUMS), CHECK);
    let wrong = found["DISAGREES"] as u64;
    assert!(wrong >= 1 && wrong < lines, "{found:?}");
}

#[test]
fn every_formula_has_a_stored_result_for_readers_that_do_not_calculate() {
    let (_folder, out) = with_workbook(&sample("zavod"), "ru", &[]);
    let formulas = std::cell::Cell::new(0);
    let scratch = tempfile::NamedTempFile::new().unwrap();
    rewritten(&out.join("quote.xlsx"), scratch.path(), |name, sheet| {
        for end in formula_ends(&sheet) {
            let after = &sheet[end..];
            let result = after.strip_prefix("<v>").and_then(|rest| rest.split_once("</v>")).map(|(result, _)| result);
            assert!(result.is_some_and(|result| !result.is_empty()), "{name}: {}", &sheet[end - 40..]);
            formulas.set(formulas.get() + 1);
        }
        sheet
    });
    // three for each of the 7 945 lines, two for each rate, and others
    assert!(formulas.get() > 3 * 7_945, "{}", formulas.get());
}

#[test]
fn a_text_that_looks_like_a_formula_stays_a_text() {
    let folder = tempfile::tempdir().unwrap();
    let terms = contract().with("roster = \"roster.csv\"").plan("=1+1").cover("16", "").plan("@B").cover("16", "");
    let people = roster().aged(40, 1).on("=1+1").aged(41, 1).on("@B").to_string();
    let file = write_contract(folder.path(), &terms, &roster());
    let text =
        people.replace("1;Иванов", "\"=HYPERLINK(\"\"http://x\"\")\";Иванов").replace("2;Иванов", "{=A1};+Иванов");
    fs::write(folder.path().join("roster.csv"), text).unwrap();
    let (_folder, out) = with_workbook(&file, "ru", &[]);
    let mut book = open(&out.join("quote.xlsx"));
    let premiums = sheet(&mut book, PREMIUMS);
    let written: Vec<[String; 3]> =
        premiums.rows().skip(FIRST_ROW).map(|row| [2, 3, 7].map(|at| row[at].to_string())).collect();
    let wanted = [["=HYPERLINK(\"http://x\")", "Иванов Пётр 1", "=1+1"], ["{=A1}", "+Иванов Пётр 2", "@B"]];
    assert_eq!(written, wanted, "no apostrophe is added");
    let names = book.sheet_names().clone();
    for name in &names {
        let formulas = book.worksheet_formula(name).unwrap();
        for formula in formulas.rows().flatten() {
            assert!(!formula.contains("HYPERLINK") && formula != "1+1" && formula != "A1", "{name}: {formula}");
        }
    }
    if let Some(mut book) = recalculated(&out.join("quote.xlsx"), unchanged) {
        assert!(verdicts(&sheet(&mut book, PREMIUMS), CHECK).keys().eq(["сходится"]));
    }
}

#[test]
fn a_preliminary_quote_is_marked_on_every_sheet_and_lists_its_diagnostics() {
    let (_folder, out) = with_workbook(&sample("mistakes"), "ru", &["--preliminary"]);
    let mut book = open(&out.join("quote.xlsx"));
    let diagnostics = crate::program::Table::open(&out.join("diagnostics.csv"));
    for at in 0..book.sheet_names().len() {
        let cell = sheet(&mut book, at).get((2, 0)).map(ToString::to_string).unwrap_or_default();
        assert!(cell.starts_with("Предварительный расчёт"), "sheet {at}: {cell}");
    }
    let listed = sheet(&mut book, 6);
    assert_eq!(listed.height() - FIRST_ROW, diagnostics.rows.len());
}

#[test]
fn openpyxl_reads_the_totals_of_the_quote() {
    let python = "import openpyxl, sys\n\
        book = openpyxl.load_workbook(sys.argv[1], data_only=True)\n\
        rows = list(book.worksheets[3].iter_rows(min_row=5, values_only=True))\n\
        print(len(rows), sum(round(row[15] * 100) for row in rows), sum(round(row[16] * 100) for row in rows))\n\
        print(*sorted({row[17] for row in rows}))\n";
    let (_folder, out) = with_workbook(&sample("zavod"), "en", &[]);
    let ran = Command::new("python3").args(["-c", python]).arg(out.join("quote.xlsx")).output();
    let Some(ran) = ran.ok().filter(|ran| !String::from_utf8_lossy(&ran.stderr).contains("No module named 'openpyxl'"))
    else {
        report_skipped("there is no python3 with openpyxl here");
        return;
    };
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let quote_json = json(&out.join("quote.json"));
    let premium = kopecks_of(&quote_json["premium"]);
    let totals = String::from_utf8(ran.stdout).unwrap();
    assert_eq!(totals, format!("{} {premium} {premium}\nagrees\n", quote_json["lines"]));
}
