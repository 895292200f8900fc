//! Rosters as employers send them: a file a case in `rosters/good` and `rosters/bad`, and beside it what is expected.
//!
//! `NAME.expect` is TOML: `status`, `rows`, the `diagnostics` as `code row column` (with the file and sheet in brackets past
//! the first), the rows `skipped` with their reason, the `insured` as `id | name | birth date | risk group | plan`, the names of
//! the messages that it `says`, and `files` where the roster is not the one file of that name. `NAME.contract.toml` stands in
//! for the common contract. `make.py` makes them all.

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kollektiv::base::diagnostic::{Diagnostic, column_letters};
use kollektiv::base::error::Error;
use kollektiv::base::messages::Language;
use kollektiv::quote::Quote;
use kollektiv::quote::contract::Contract;
use kollektiv::quote::documents::offer::Template;
use kollektiv::quote::files;
use kollektiv::quote::files::Options;
use kollektiv::roster::Roster;
use kollektiv::roster::spec::SheetChoice;
use kollektiv::tariff::Tariff;
use serde::Deserialize;
use zip::write::{SimpleFileOptions, ZipWriter};

/// What is expected of a roster.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
struct Expected {
    status: String,
    rows: Rows,
    #[serde(default)]
    diagnostics: Vec<String>,
    #[serde(default)]
    skipped: Vec<String>,
    insured: Option<Vec<String>>,
    says: Option<Vec<String>>,
    #[serde(default)]
    files: Vec<String>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
struct Rows {
    read: usize,
    priced: usize,
    referred: usize,
    rejected: usize,
}

#[test]
fn rosters_as_employers_send_them_are_read() {
    walk("good", "issued");
}

#[test]
fn rosters_that_cannot_be_priced_are_refused_with_every_reason() {
    walk("bad", "refused");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rosters")
}

fn walk(kind: &str, status: &str) {
    let mut wrong = Vec::new();
    let mut cases = 0;
    for expect in glob::glob(&folder().join(kind).join("*.expect").to_string_lossy()).unwrap() {
        let expect = expect.unwrap();
        let shown = format!("{kind}/{}", expect.file_stem().unwrap().to_string_lossy());
        let expected: Expected = toml::from_str(&std::fs::read_to_string(&expect).unwrap()).expect(&shown);
        assert_eq!(expected.status, status, "{shown} is in the wrong folder");
        let read = read(&expect, &expected);
        if read != expected {
            wrong.push(format!("{shown}\n  expected {expected:?}\n  read     {read:?}"));
        }
        cases += 1;
    }
    assert!(cases > 40, "{cases} cases");
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The same about what is really there; what the case does not look at is as expected.
fn read(expect: &Path, expected: &Expected) -> Expected {
    let tariff = Tariff::base();
    let own = expect.with_extension("contract.toml");
    let contract = if own.exists() { own } else { folder().join("contract.toml") };
    let contract = Contract::open(&contract, &tariff).unwrap();
    let roster = Roster::read(&rosters(expect, expected), &contract.wanted(&tariff), &());
    let quote = Quote::new(&contract, &tariff, roster, false).unwrap();
    let roster = &quote.roster;
    for found in &roster.diagnostics {
        // every sentence can be said
        assert!(!Language::Ru.say(&found.message).is_empty());
    }
    let says = || roster.diagnostics.iter().map(|found| found.message.name().to_owned()).collect();
    let skipped = roster.sheets.iter().flat_map(|sheet| &sheet.skipped);
    Expected {
        status: quote.status.as_str().to_owned(),
        rows: Rows {
            read: quote.rows.read,
            priced: quote.rows.priced,
            referred: quote.rows.referred,
            rejected: quote.rows.rejected,
        },
        diagnostics: roster.diagnostics.iter().map(|found| shown(roster, found)).collect(),
        skipped: skipped.map(|(row, reason)| format!("{row} {}", reason.as_str())).collect(),
        insured: expected.insured.as_ref().map(|_| (0..roster.insured.len()).map(|at| insured(&quote, at)).collect()),
        says: expected.value.as_ref().map(|_| says()),
        files: expected.files.clone(),
    }
}

fn rosters(expect: &Path, expected: &Expected) -> Vec<PathBuf> {
    if !expected.files.is_empty() {
        return expected.files.iter().map(|file| expect.with_file_name(file)).collect();
    }
    let endings = ["xlsx", "xls", "xlsb", "ods", "csv", "txt"];
    let found: Vec<PathBuf> =
        endings.iter().map(|ending| expect.with_extension(ending)).filter(|path| path.exists()).collect();
    assert_eq!(found.len(), 1, "{}", expect.display());
    found
}

fn shown(roster: &Roster, found: &Diagnostic) -> String {
    let mut shown = format!("{} {}", found.code, found.place.row);
    if let Some(column) = found.place.column {
        shown = format!("{shown} {}", column_letters(column));
    }
    if found.place.sheet > 0 {
        shown = format!("{shown} ({})", roster.sheets[usize::from(found.place.sheet)].shown());
    }
    shown
}

fn insured(quote: &Quote<'_>, at: usize) -> String {
    let insured = &quote.roster.insured;
    let words = [
        insured.id.get(at).to_owned(),
        insured.name.get(at).to_owned(),
        insured.birth_date[at].map(|date| date.to_string()).unwrap_or_default(),
        insured.risk_group[at].map(|group| group.to_string()).unwrap_or_default(),
        insured.plan[at].map(|plan| quote.contract.plans[usize::from(plan)].code.clone()).unwrap_or_default(),
    ];
    words.join(" | ")
}

/// A roster of one file of these bytes.
fn read_bytes(bytes: &[u8]) -> Roster {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster");
    std::fs::write(&path, bytes).unwrap();
    let tariff = Tariff::base();
    let contract = Contract::open(&self::folder().join("contract.toml"), &tariff).unwrap();
    Roster::read(&[path], &contract.wanted(&tariff), &())
}

#[test]
fn the_commas_of_a_heading_do_not_part_the_columns() {
    let tariff = Tariff::base();
    let contract = Contract::open(&folder().join("contract.toml"), &tariff).unwrap();
    let mut wanted = contract.wanted(&tariff);
    wanted.plans.truncate(1);
    wanted.default_risk_group = Some(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.txt");
    for by in ['\t', '|', ';'] {
        let text = format!("Фамилия, имя, отчество{by}Дата рождения\nИванов Иван Иванович{by}31.12.1980\n");
        std::fs::write(&path, text).unwrap();
        let roster = Roster::read(std::slice::from_ref(&path), &wanted, &());
        assert!(roster.diagnostics.is_empty(), "{:?}", roster.diagnostics);
        assert_eq!(roster.insured.name.get(0), "Иванов Иван Иванович");
    }
}

#[test]
fn what_is_too_large_for_a_folder_of_tests_is_refused_at_once() {
    let head = "ФИО;Дата рождения;Группа риска;План\nИванов Иван;31.12.1980;1;A\n";
    let cases = [
        ("roster-wide", format!("{head}{}\n", ";".repeat(1_000_000))),
        ("roster-wide", format!("{}\n{head}", "x;".repeat(1_000_000))),
        ("roster-talkative", format!("{head}{};31.12.1980;1;A\n", "Я".repeat(10_000_000))),
        ("roster-open-quote", format!("{head}\"{}", "Иванов Иван;31.12.1980;1;A\n".repeat(300_000))),
    ];
    for (said, text) in cases {
        let begun = Instant::now();
        let roster = read_bytes(text.as_bytes());
        let says: Vec<&str> = roster.diagnostics.iter().map(|found| found.message.name()).collect();
        assert_eq!(says, [said]);
        assert!(roster.incomplete);
        assert!(begun.elapsed() < Duration::from_secs(10), "{said}: {:?}", begun.elapsed());
    }
}

#[test]
fn names_and_headings_without_end_take_no_time() {
    let words: Vec<String> = (0..4000).map(|word| format!("Имя{word}")).collect();
    let there = words.join(" ");
    let back = words.into_iter().rev().collect::<Vec<_>>().join(" ");
    let long = "я".repeat(60_000);
    let cases = [
        (2, format!("ФИО;Дата рождения;Группа риска;План\n{there};31.12.1980;1;A\n{back};31.12.1980;1;A\n")),
        // what the heading of the plan may be is looked for among the others
        (0, format!("ФИО;Дата рождения;Группа риска{}\n", format!(";{long}").repeat(200))),
        (0, format!("{}ФИО;Дата рождения\n", format!("{}\n", "Дата;".repeat(16_000)).repeat(99))),
    ];
    for (rows, text) in cases {
        let begun = Instant::now();
        assert_eq!(read_bytes(text.as_bytes()).insured.len(), rows);
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    }
}

/// No lines and no documents: what stands in every folder.
fn options() -> Options {
    Options {
        language: Language::Ru,
        formats: Vec::new(),
        preliminary: false,
        documents: Vec::new(),
        template: Template::built_in(),
        with_names: false,
    }
}

/// What is sent back of a roster, as a file in a folder.
fn sent_back(expect: &Path, expected: &Expected) -> Option<(tempfile::TempDir, PathBuf, (usize, usize, usize))> {
    let tariff = Tariff::base();
    let own = expect.with_extension("contract.toml");
    let contract = if own.exists() { own } else { folder().join("contract.toml") };
    let contract = Contract::open(&contract, &tariff).unwrap();
    let roster = Roster::read(&rosters(expect, expected), &contract.wanted(&tariff), &());
    let quote = Quote::new(&contract, &tariff, roster, false).unwrap();
    let is_one_table = quote.roster.sheets.len() == 1 && quote.roster.sheets[0].layout.is_some();
    if !is_one_table || quote.roster.diagnostics.is_empty() {
        return None;
    }
    let out = tempfile::tempdir().unwrap();
    files::write_quote(&quote, &out.path().join("out"), &options(), &()).unwrap();
    let checked = out.path().join("out/roster-checked.xlsx");
    let mut wanted = contract.wanted(&tariff);
    wanted.sheet = SheetChoice::TheOne;
    let again =
        Quote::new(&contract, &tariff, Roster::read(std::slice::from_ref(&checked), &wanted, &()), false).unwrap();
    let rows = |quote: &Quote<'_>| (quote.rows.read, quote.rows.priced + quote.rows.referred, quote.rows.rejected);
    assert_eq!(rows(&again), rows(&quote), "{}", expect.display());
    let born = |quote: &Quote<'_>| quote.roster.insured.birth_date.clone();
    assert_eq!(born(&again), born(&quote), "{}", expect.display());
    let rows = rows(&again);
    Some((out, checked, rows))
}

#[test]
fn what_is_sent_back_is_read_as_what_was_sent() {
    let mut sent = 0;
    for expect in glob::glob(&folder().join("*/*.expect").to_string_lossy()).unwrap() {
        let expect = expect.unwrap();
        let expected: Expected = toml::from_str(&std::fs::read_to_string(&expect).unwrap()).unwrap();
        sent += usize::from(sent_back(&expect, &expected).is_some());
    }
    assert!(sent > 40, "{sent}");
}

#[test]
fn a_roster_that_changes_meanwhile_is_not_sent_back_with_the_reasons_of_another() {
    let tariff = Tariff::base();
    let contract = Contract::open(&folder().join("contract.toml"), &tariff).unwrap();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("roster.csv");
    let bad = std::fs::read_to_string(folder().join("bad/plan-unknown.csv")).unwrap();
    std::fs::write(&path, &bad).unwrap();
    let roster = Roster::read(std::slice::from_ref(&path), &contract.wanted(&tariff), &());
    let quote = Quote::new(&contract, &tariff, roster, false).unwrap();
    let write = || files::write_quote(&quote, &out.path().join("out"), &options(), &());
    write().unwrap();
    for other in [Some(format!("{bad}\n")), None] {
        match other {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => std::fs::remove_file(&path).unwrap(),
        }
        assert!(matches!(write(), Err(Error::Changed { .. })));
    }
}

#[test]
fn what_is_sent_back_has_the_widths_of_the_employer_and_a_filter() {
    let expect = folder().join("good/widths-of-columns.expect");
    let expected: Expected = toml::from_str(&std::fs::read_to_string(&expect).unwrap()).unwrap();
    let (_folder, checked, _) = sent_back(&expect, &expected).unwrap();
    let parts = parts(&std::fs::read(checked).unwrap());
    let sheet = parts.iter().find(|(name, _)| name == "xl/worksheets/sheet2.xml").unwrap();
    let sheet = String::from_utf8(sheet.1.clone()).unwrap();
    // B is 40 letters wide there, which are 280 pixels, and C is hidden
    let width = |column: u32| {
        let (_, found) = sheet.split_once(&format!("<col min=\"{column}\" max=\"{column}\" width=\"")).unwrap();
        found.split_once('.').map_or(found, |(whole, _)| whole).split('"').next().unwrap().parse::<u32>().unwrap()
    };
    assert_eq!(width(2), 40);
    assert!((10..30).contains(&width(3)), "{}", width(3));
    assert!(sheet.contains("<autoFilter ref=\"A1:G4\"/>"), "{sheet}");
}

/// Numbers that only look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// Changes some bytes, drops some, or cuts the rest off.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            if bytes.is_empty() {
                return;
            }
            let at = self.below(bytes.len());
            match self.below(8) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..bytes.len().min(at + 1 + self.below(40)))),
                2 => bytes[at] = 0xFF,
                3 => bytes[at] = 0,
                4 => bytes[at] = bytes[at].wrapping_add(1),
                5 => bytes.insert(at, b'9'),
                6 => bytes[at] ^= 1 << self.below(8),
                _ => bytes[at] = bytes[self.below(bytes.len())],
            }
        }
    }
}

/// The parts of a zip; none of what is no zip.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(bytes)) else { return Vec::new() };
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        parts.push((part.name().unwrap().into_owned(), content));
    }
    parts
}

fn packed(parts: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// `KOLLEKTIV_DAMAGES` files are made of each, and a few where it is not set.
#[test]
fn a_damaged_file_is_read_or_refused_but_nothing_breaks_down() {
    let rounds = std::env::var("KOLLEKTIV_DAMAGES").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(12);
    let mut numbers = Numbers(rounds);
    let names = [
        "workbook-xlsx.xlsx",
        "workbook-of-xlsxwriter.xlsx",
        "workbook-xlsb.xlsb",
        "workbook-xls.xls",
        "workbook-ods.ods",
        "formulas-with-results.xlsx",
        "formulas-with-results-xls.xls",
        "line-break-in-a-cell.csv",
        "utf-16.csv",
    ];
    for name in names {
        let whole = std::fs::read(folder().join("good").join(name)).unwrap();
        let parts = parts(&whole);
        for round in 0..rounds {
            let mut damaged = whole.clone();
            if parts.is_empty() {
                numbers.damage(&mut damaged);
            } else {
                let mut parts = parts.clone();
                let at = numbers.below(parts.len());
                numbers.damage(&mut parts[at].1);
                damaged = packed(&parts);
            }
            let kept = std::env::temp_dir().join(format!("kollektiv-damaged-{}", std::process::id()));
            std::fs::write(&kept, &damaged).unwrap();
            let begun = Instant::now();
            let roster = read_bytes(&damaged);
            assert!(begun.elapsed() < Duration::from_secs(10), "{name}, round {round}: {}", kept.display());
            assert!(roster.incomplete || !roster.insured.is_empty(), "{name}, round {round}");
            std::fs::remove_file(kept).unwrap();
        }
    }
}
