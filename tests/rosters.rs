//! Rosters as employers send them: a case a file in `rosters/good` and `rosters/bad`, with its expected outcome beside it.
//!
//! `NAME.expect` is TOML: `status`, `rows`, `diagnostics` as `code row column` (with the file and sheet in brackets after the
//! first sheet), `skipped` rows with their reasons, `insured` as `id | name | birth date | risk group | plan`, the names of the
//! `messages`, and `files` if the roster is not the one file of that name. `NAME.contract.toml` replaces the common contract.
//! `make.py` makes all of them.

use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kollektiv::base::diagnostic::{Diagnostic, column_letters};
use kollektiv::base::error::Error;
use kollektiv::base::messages::Language;
use kollektiv::quote::Quote;
use kollektiv::quote::contract::Contract;
use kollektiv::quote::documents::offer;
use kollektiv::quote::files;
use kollektiv::quote::files::FilesRequest;
use kollektiv::roster::Roster;
use kollektiv::table::spec::SheetChoice;
use kollektiv::tariff::Tariff;
use serde::Deserialize;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::processor_time::processor_time;

/// The expected outcome of a roster.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    status: String,
    rows: Rows,
    #[serde(default)]
    diagnostics: Vec<String>,
    #[serde(default)]
    skipped: Vec<String>,
    insured: Option<Vec<String>>,
    messages: Option<Vec<String>>,
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

/// A roster with its expected outcome.
pub struct RosterCase {
    /// The file with the expected outcome.
    pub path: PathBuf,
    expected: Expected,
}

impl RosterCase {
    /// All cases in a folder, `good` or `bad`.
    pub fn all(folder_name: &str) -> Vec<Self> {
        let paths = glob::glob(&folder().join(folder_name).join("*.expect").to_string_lossy()).unwrap();
        paths.map(|path| Self::open(path.unwrap())).collect()
    }

    fn open(path: PathBuf) -> Self {
        let text = std::fs::read_to_string(&path).unwrap();
        let expected = toml::from_str(&text).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
        Self { path, expected }
    }

    /// The contract of the case: its own, or the common one.
    pub fn contract(&self) -> PathBuf {
        let own = self.path.with_extension("contract.toml");
        if own.exists() { own } else { folder().join("contract.toml") }
    }

    /// The files of the roster.
    pub fn files(&self) -> Vec<PathBuf> {
        if !self.expected.files.is_empty() {
            return self.expected.files.iter().map(|file| self.path.with_file_name(file)).collect();
        }
        let extensions = ["xlsx", "xls", "xlsb", "ods", "csv", "txt"];
        let paths = extensions.iter().map(|extension| self.path.with_extension(extension));
        let found: Vec<PathBuf> = paths.filter(|path| path.exists()).collect();
        assert_eq!(found.len(), 1, "{}", self.path.display());
        found
    }

    /// The outcome of the roster; optional values that the case does not state are taken as expected.
    fn outcome(&self) -> Expected {
        let tariff = Tariff::base();
        let contract = Contract::open(&self.contract(), &tariff).unwrap();
        let roster = Roster::read(&self.files(), &contract.roster_spec(&tariff), &()).unwrap();
        let quote = Quote::new(&contract, &tariff, roster, false).unwrap();
        let roster = &quote.roster;
        for found in &roster.tables.diagnostics {
            assert!(!Language::Ru.render(&found.message).is_empty());
        }
        let messages = || roster.tables.diagnostics.iter().map(|found| found.message.name().to_owned()).collect();
        let insured = || (0..roster.insured.len()).map(|at| insured(&quote, at)).collect();
        let skipped = roster.tables.sheets.iter().flat_map(|sheet| &sheet.skipped);
        Expected {
            status: quote.status.as_str().to_owned(),
            rows: Rows {
                read: quote.rows.read,
                priced: quote.rows.priced,
                referred: quote.rows.referred,
                rejected: quote.rows.rejected,
            },
            diagnostics: roster.tables.diagnostics.iter().map(|found| described(roster, found)).collect(),
            skipped: skipped.map(|(row, reason)| format!("{row} {}", reason.as_str())).collect(),
            insured: self.expected.insured.as_ref().map(|_| insured()),
            messages: self.expected.messages.as_ref().map(|_| messages()),
            files: self.expected.files.clone(),
        }
    }
}

#[test]
fn rosters_as_employers_send_them_are_read() {
    assert_outcomes("good", "issued");
}

#[test]
fn rosters_that_cannot_be_priced_are_refused_with_every_reason() {
    assert_outcomes("bad", "refused");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rosters")
}

fn assert_outcomes(folder_name: &str, status: &str) {
    let cases = RosterCase::all(folder_name);
    let mut wrong = Vec::new();
    for case in &cases {
        let name = case.path.display();
        assert_eq!(case.expected.status, status, "{name} is in the wrong folder");
        let outcome = case.outcome();
        if outcome != case.expected {
            wrong.push(format!("{name}\n  expected {:?}\n  found    {outcome:?}", case.expected));
        }
    }
    assert!(cases.len() > 40, "{} cases", cases.len());
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The code, row, column and place of a diagnostic.
fn described(roster: &Roster, found: &Diagnostic) -> String {
    let mut described = format!("{} {}", found.code, found.place.row);
    if let Some(column) = found.place.column {
        described = format!("{described} {}", column_letters(column));
    }
    if found.place.sheet > 0 {
        described = format!("{described} ({})", roster.tables.sheets[usize::from(found.place.sheet)].display_name());
    }
    described
}

fn insured(quote: &Quote<'_>, at: usize) -> String {
    let insured = &quote.roster.insured;
    let words = [
        insured.id.get(at).to_owned(),
        insured.name.get(at).to_owned(),
        insured.birth_date[at].map(|date| date.to_string()).unwrap_or_default(),
        insured.risk_group[at].map(|group| group.to_string()).unwrap_or_default(),
        insured.plan[at].map(|plan| quote.contract.terms.plans[usize::from(plan)].code.clone()).unwrap_or_default(),
    ];
    words.join(" | ")
}

/// Reads a roster from these bytes.
fn read_bytes(bytes: &[u8]) -> Roster {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster");
    std::fs::write(&path, bytes).unwrap();
    let tariff = Tariff::base();
    let contract = Contract::open(&self::folder().join("contract.toml"), &tariff).unwrap();
    Roster::read(&[path], &contract.roster_spec(&tariff), &()).unwrap()
}

#[test]
fn commas_inside_a_heading_do_not_split_it() {
    let tariff = Tariff::base();
    let contract = Contract::open(&folder().join("contract.toml"), &tariff).unwrap();
    let mut wanted = contract.roster_spec(&tariff);
    wanted.plans.truncate(1);
    wanted.default_risk_group = Some(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roster.txt");
    for by in ['\t', '|', ';'] {
        let text = format!("Фамилия, имя, отчество{by}Дата рождения\nИванов Иван Иванович{by}31.12.1980\n");
        std::fs::write(&path, text).unwrap();
        let roster = Roster::read(std::slice::from_ref(&path), &wanted, &()).unwrap();
        assert!(roster.tables.diagnostics.is_empty(), "{:?}", roster.tables.diagnostics);
        assert_eq!(roster.insured.name.get(0), "Иванов Иван Иванович");
    }
}

#[test]
fn rosters_too_large_for_a_test_file_are_refused_at_once() {
    let head = "ФИО;Дата рождения;Группа риска;План\nИванов Иван;31.12.1980;1;A\n";
    let cases = [
        ("roster-wide", format!("{head}{}\n", ";".repeat(1_000_000))),
        ("roster-wide", format!("{}\n{head}", "x;".repeat(1_000_000))),
        ("roster-talkative", format!("{head}{};31.12.1980;1;A\n", "Я".repeat(10_000_000))),
        ("roster-open-quote", format!("{head}\"{}", "Иванов Иван;31.12.1980;1;A\n".repeat(300_000))),
    ];
    for (expected, text) in cases {
        let (roster, taken) = processor_time(|| read_bytes(text.as_bytes()));
        let messages: Vec<&str> = roster.tables.diagnostics.iter().map(|found| found.message.name()).collect();
        assert_eq!(messages, [expected]);
        assert!(roster.tables.incomplete);
        assert!(taken < Duration::from_secs(10), "{expected}: {taken:?}");
    }
}

#[test]
fn endless_names_and_headings_take_no_time() {
    let words: Vec<String> = (0..4000).map(|word| format!("Имя{word}")).collect();
    let there = words.join(" ");
    let back = words.into_iter().rev().collect::<Vec<_>>().join(" ");
    let long = "я".repeat(60_000);
    let cases = [
        (2, format!("ФИО;Дата рождения;Группа риска;План\n{there};31.12.1980;1;A\n{back};31.12.1980;1;A\n")),
        // a heading similar to that of the plan is looked up among the others
        (0, format!("ФИО;Дата рождения;Группа риска{}\n", format!(";{long}").repeat(200))),
        (0, format!("{}ФИО;Дата рождения\n", format!("{}\n", "Дата;".repeat(16_000)).repeat(99))),
    ];
    for (rows, text) in cases {
        let (roster, taken) = processor_time(|| read_bytes(text.as_bytes()));
        assert_eq!(roster.insured.len(), rows);
        assert!(taken < Duration::from_secs(5), "{taken:?}");
    }
}

/// Only the files of every result: no lines and no documents.
fn options() -> FilesRequest {
    FilesRequest {
        language: Language::Ru,
        formats: Vec::new(),
        preliminary: false,
        documents: Vec::new(),
        template: offer::template(),
        with_names: false,
    }
}

/// The annotated copy of a roster of one table with diagnostics, asserted to be read like the original.
fn annotated_copy(case: &RosterCase) -> Option<(tempfile::TempDir, PathBuf, (usize, usize, usize))> {
    let tariff = Tariff::base();
    let contract = Contract::open(&case.contract(), &tariff).unwrap();
    let mut spec = contract.roster_spec(&tariff);
    let quote = Quote::new(&contract, &tariff, Roster::read(&case.files(), &spec, &()).unwrap(), false).unwrap();
    let is_one_table = quote.roster.tables.sheets.len() == 1 && quote.roster.tables.sheets[0].layout.is_some();
    if !is_one_table || quote.roster.tables.diagnostics.is_empty() {
        return None;
    }
    let out = tempfile::tempdir().unwrap();
    files::write_quote(&quote, &out.path().join("out"), &options(), &()).unwrap();
    let copy = out.path().join("out/roster-checked.xlsx");
    spec.sheet = SheetChoice::TheOne;
    let roster = Roster::read(std::slice::from_ref(&copy), &spec, &()).unwrap();
    let again = Quote::new(&contract, &tariff, roster, false).unwrap();
    let rows = |quote: &Quote<'_>| (quote.rows.read, quote.rows.priced + quote.rows.referred, quote.rows.rejected);
    assert_eq!(rows(&again), rows(&quote), "{}", case.path.display());
    let birth_dates = |quote: &Quote<'_>| quote.roster.insured.birth_date.clone();
    assert_eq!(birth_dates(&again), birth_dates(&quote), "{}", case.path.display());
    let rows = rows(&again);
    Some((out, copy, rows))
}

#[test]
fn an_annotated_copy_is_read_like_the_original() {
    let cases = ["good", "bad"].iter().flat_map(|folder| RosterCase::all(folder));
    let copies = cases.filter(|case| annotated_copy(case).is_some()).count();
    assert!(copies > 40, "{copies}");
}

#[test]
fn a_roster_changed_during_the_run_gets_no_annotated_copy() {
    let tariff = Tariff::base();
    let contract = Contract::open(&folder().join("contract.toml"), &tariff).unwrap();
    let out = tempfile::tempdir().unwrap();
    let path = out.path().join("roster.csv");
    let bad = std::fs::read_to_string(folder().join("bad/plan-unknown.csv")).unwrap();
    std::fs::write(&path, &bad).unwrap();
    let roster = Roster::read(std::slice::from_ref(&path), &contract.roster_spec(&tariff), &()).unwrap();
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
fn an_annotated_copy_of_a_text_has_a_filter() {
    let case = RosterCase::open(folder().join("bad/plan-unknown.expect"));
    let (_folder, copy, _) = annotated_copy(&case).unwrap();
    let parts = parts(&std::fs::read(copy).unwrap());
    let sheet = parts.iter().find(|(name, _)| name == "xl/worksheets/sheet2.xml").unwrap();
    let sheet = String::from_utf8(sheet.1.clone()).unwrap();
    assert!(sheet.contains("<autoFilter ref=\"A1:"), "{sheet}");
}

/// Reproducible pseudorandom numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// Changes or removes bytes, or truncates them.
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

/// The parts of a zip archive; empty for other files.
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

/// Makes `KOLLEKTIV_DAMAGES` damaged copies of each file, by default a few.
#[test]
fn a_damaged_file_is_read_or_refused() {
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
            let (roster, taken) = processor_time(|| read_bytes(&damaged));
            assert!(taken < Duration::from_secs(10), "{name}, round {round}: {}", kept.display());
            assert!(roster.tables.incomplete || !roster.insured.is_empty(), "{name}, round {round}");
            std::fs::remove_file(kept).unwrap();
        }
    }
}
