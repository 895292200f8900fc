//! Books repriced by an SQL engine and by the program itself: both give the same rows and figures, in the result
//! and in the book. Only the bytes of the files of repriced lines are those of the engine's own encoder.

pub mod cluster;
mod faults;
mod liars;
pub mod tools;

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use kollektiv::portfolio::register;
use polars::prelude::{DataFrame, ParquetReader, SerReader, SortMultipleOptions};
use rusqlite::Connection;
use serde_json::Value;

use super::book::{Book, change};
use super::faults::Book as Content;
use crate::program::{Run, files, json, names};
use crate::support::{ContractText, RosterText, contract, contract_over, roster};

/// Two books of the same contracts, one repriced by the program and one by an engine.
struct Twins {
    own: Book,
    other: Book,
    /// The options that select the engine.
    engine: Vec<String>,
}

impl Twins {
    fn new(engine: &[&str]) -> Self {
        let engine = engine.iter().map(|word| (*word).to_owned()).collect();
        Self { own: Book::new(), other: Book::new(), engine }
    }

    fn both(&self, act: impl Fn(&Book)) {
        act(&self.own);
        act(&self.other);
    }

    fn bound(&self, number: &str, contract: &ContractText, roster: &RosterText) {
        self.both(|book| book.bound(number, &contract.clone().with("roster = \"roster.csv\""), roster));
    }

    /// Reprices both with this exit code and asserts equal results; returns the number of affected contracts and of those
    /// processed by the engine.
    #[track_caller]
    fn reprice(&self, name: &str, change: &str, code: i32, more: &[&str]) -> [u64; 2] {
        let log = ["--log", "json"];
        let (run, own) = self.own.reprice(name, change, &[&log, more].concat());
        run.exits_with(code);
        let engine = self.engine.iter().map(String::as_str);
        let (run, other) =
            self.other.reprice(name, change, &engine.chain(log).chain(more.iter().copied()).collect::<Vec<_>>());
        let totals = totals(&run.exits_with(code));
        assert_equal_rows(own.folder(), other.folder(), name);
        let [own, other] = [&self.own, &self.other].map(|book| Content::read(&book.folder()));
        own.assert_same_rows(&other, name);
        ["contracts", "by_engine"].map(|count| totals[count].as_u64().unwrap())
    }
}

/// Asserts that two results are equal but for the bytes of the repriced lines, whose rows are equal and in the same order in each contract.
#[track_caller]
pub fn assert_equal_rows(own: &Path, other: &Path, name: &str) {
    let rest = |folder: &Path| {
        let mut files = files(folder);
        files.retain(|file, _| !file.starts_with("lines.parquet") && file != "manifest.json");
        files
    };
    let (expected, found) = (rest(own), rest(other));
    assert!(expected.keys().eq(found.keys()), "{name}: {:?} {:?}", expected.keys(), found.keys());
    for (file, bytes) in &expected {
        assert!(found[file] == *bytes, "{name}: {file}");
    }
    let manifest = |folder: &Path| {
        let mut manifest = json(&folder.join("manifest.json"));
        manifest["files"].as_object_mut().unwrap().retain(|file, _| !file.starts_with("lines.parquet"));
        manifest
    };
    assert_eq!(manifest(own), manifest(other), "{name}");
    let (own, other) = (repriced_lines(own), repriced_lines(other));
    assert_eq!(own.get_column_names(), other.get_column_names(), "{name}");
    for (own, other) in own.columns().iter().zip(other.columns()) {
        // Spark has no unsigned types
        let other = other.cast(own.dtype()).unwrap();
        assert!(other == *own, "{name}: {own:?} {other:?}");
    }
}

/// The repriced lines of a result, by contract.
fn repriced_lines(folder: &Path) -> DataFrame {
    let path = folder.join("lines.parquet");
    let mut paths = if path.is_dir() { names(&path).iter().map(|name| path.join(name)).collect() } else { vec![path] };
    paths.sort_unstable();
    let frames = paths.iter().map(|path| ParquetReader::new(File::open(path).unwrap()).finish().unwrap());
    let all = frames.reduce(|mut all, frame| {
        let types = all.columns().to_vec();
        let columns = frame.columns().iter().zip(&types).map(|(column, of)| column.cast(of.dtype()).unwrap());
        all.vstack_mut(&DataFrame::new(frame.height(), columns.collect()).unwrap()).unwrap();
        all
    });
    all.unwrap().sort(["number"], SortMultipleOptions::default().with_maintain_order(true)).unwrap()
}

/// The totals at the end of a run's log.
fn totals(run: &Run) -> Value {
    serde_json::from_str(run.err.lines().last().expect("a last event")).expect("an object")
}

/// A contract with a plan of one programme and a plan of both.
fn with_plans(contract: ContractText, [first, second]: [(&str, &str, &str); 2]) -> ContractText {
    let cover = |text: ContractText, (programme, sum, lines): (&str, &str, &str)| text.cover_of(programme, sum, lines);
    cover(cover(cover(contract.plan("A"), first).plan("B"), first), second)
}

/// Programmes 16 and 8 on two plans.
fn plain(contract: ContractText) -> ContractText {
    with_plans(contract, [("16", "100000", ""), ("8", "54321.09", "")])
}

/// A roster on two plans with many ages, cover periods and sums, one of them the largest sum insured.
fn crowd(insured: usize) -> RosterText {
    (0..insured).fold(roster(), |roster, at| {
        let roster = roster.aged(u16::try_from(18 + at * 7 % 45).unwrap(), u8::try_from(1 + at % 3).unwrap());
        match at % 11 {
            0 => roster.on("A").with_sum("1000000000000"),
            1 => roster.on("A").with_sum("1.01"),
            2 => roster.on("A").with_sum("73.00").until("31.03.2026"),
            3 => roster.on("A").from("01.06.2026").with_sum("123456.78"),
            4 => roster.on("B").from("06.04.2026").until("06.04.2026"),
            5 => roster.on("B").until("31.12.2026"),
            _ => roster.on("B"),
        }
    })
}

/// Contracts that differ in everything that a price change depends on.
fn contracts(twins: &Twins) {
    let long = contract()
        .with("price_decrease = \"credit\"\nexpense_load = \"0.2345\"")
        .choose("headcount = '1.1987'\nranges = 'high'");
    let covers = [
        ("16", "87654.32", "price_change = '1.2347'\nadditional_services = '1.1321'\nexclude = ['dental']"),
        ("6", "12345.67", "price_change = '0.8763'\nbase_rate = '1.2347'"),
    ];
    twins.bound("long", &with_plans(long, covers), &crowd(40));
    let dear = [("16", "100000", "price_change = '4.5'"), ("17", "100000", "")];
    twins.bound("dear", &with_plans(contract(), dear), &crowd(30));
    let leap = contract_over("2027-03-01", "2028-02-29").with("price_decrease = \"credit\"").cover("16", "");
    twins.bound("leap", &leap, &roster().born("01.02.1980", 1).born("29.02.2000", 2));
    twins.bound("keeps", &plain(contract().with("price_decrease = \"keep\"")), &crowd(25));
    twins.bound("elsewhere", &contract().cover("1", ""), &roster().crowd(12));
}

#[test]
fn duckdb_gives_the_same_rows_change_after_change() {
    let Some(engine) = tools::duckdb() else { return };
    let twins = Twins::new(&["--engine", "duckdb", "--engine-program", &engine]);
    contracts(&twins);
    let spring = change("spring", "2026-04-05", &[("16", "1.1237"), ("6", "0.8765"), ("8", "0.9")]);
    assert_eq!(twins.reprice("spring-dry", &spring, 4, &["--dry-run"]), [4, 4], "`dear` would leave what is allowed");
    assert_eq!(twins.reprice("spring", &spring, 4, &[]), [4, 4]);
    twins.both(|book| {
        let list = book.beside("changes.csv");
        let rows = "Вид изменения;ФИО;Дата рождения;Группа риска;План\nприкрепить;Новый Пётр;01.05.1985;1;B\n";
        fs::write(&list, rows).unwrap();
        let out = book.beside("endorsed");
        let words = ["endorse", "keeps", list.to_str().unwrap(), "--on", "2026-05-03", "--out", out.to_str().unwrap()];
        book.run(&words).exits_with(0);
    });
    let summer = change("summer", "2026-06-01", &[("16", "0.9"), ("6", "1.0001"), ("17", "1.3579")]);
    assert_eq!(twins.reprice("summer", &summer, 0, &[]), [4, 4]);
    assert_eq!(twins.reprice("again", &summer, 0, &[]), [4, 4], "the same change gives the same result");
    let nothing = change("nothing", "2026-07-01", &[("19", "1.5")]);
    assert_eq!(twins.reprice("nothing", &nothing, 0, &[]), [0, 0]);
    let every = change("every", "2026-12-31", &[("*", "1")]);
    assert_eq!(twins.reprice("every", &every, 0, &[]), [5, 5]);
    twins.both(Book::verified);
}

#[test]
fn rates_too_long_for_an_engine_are_processed_by_the_program() {
    let Some(engine) = tools::duckdb() else { return };
    let twins = Twins::new(&["--engine", "duckdb", "--engine-program", &engine]);
    twins.bound("grows", &contract().with("price_decrease = \"credit\"").cover("16", ""), &roster().crowd(12));
    // in another batch, so that an engine can process it
    twins.bound("stays", &contract().cover("8", ""), &roster().crowd(12));
    let mut given = Vec::new();
    for day in 1..=11 {
        let grown = [("16", "1.0003"), ("8", "1")];
        let change = change(&format!("day-{day}"), &format!("2026-03-{day:02}"), &grown);
        given.push(twins.reprice(&format!("day-{day}"), &change, 0, &[])[1]);
    }
    assert_eq!((given.first(), given.last()), (Some(&2), Some(&1)), "{given:?}");
    twins.both(Book::verified);
}

#[test]
fn a_damaged_file_sets_the_same_contracts_aside_with_an_engine() {
    let Some(engine) = tools::duckdb() else { return };
    let twins = Twins::new(&["--engine", "duckdb", "--engine-program", &engine]);
    twins.bound("whole", &plain(contract()), &crowd(20));
    twins.bound("damaged", &plain(contract()), &crowd(30));
    twins.both(|book| {
        let query = "SELECT name, at + row_group.bytes / 2 FROM contract JOIN segment ON contract.id = segment.contract
                     JOIN file ON file.id = segment.file JOIN row_group ON row_group.file = file.id
                     WHERE number = 'damaged' AND file.kind = 'lines'";
        let register = Connection::open(book.folder().join(register::NAME)).unwrap();
        let place = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, usize>(1)?));
        let (name, at) = register.query_row(query, [], place).unwrap();
        let path = book.folder().join("data").join(name);
        let mut bytes = fs::read(&path).unwrap();
        bytes[at] ^= 1;
        fs::write(path, bytes).unwrap();
    });
    let spring = change("spring", "2026-04-05", &[("16", "1.12")]);
    assert_eq!(twins.reprice("spring", &spring, 4, &[]), [2, 1]);
}

#[test]
fn the_sql_of_both_dialects_differs_only_in_their_keywords() {
    let book = Book::new();
    book.bound("T-1", &plain(contract().with("roster = \"roster.csv\"")), &crowd(9));
    let printed = |dialect: &str| {
        let name = format!("{dialect}-printed");
        let explain = format!("--explain-sql={dialect}");
        let (run, _) = book.reprice(&name, &change("spring", "2026-04-05", &[("16", "1.12")]), &[&explain]);
        let run = run.exits_with(0);
        assert!(book.beside(&format!("{name}-result-engine/cube.parquet")).is_file());
        assert!(!book.beside(&format!("{name}-result")).exists());
        run.out
    };
    // statements and column lists are compared line by line
    let own = |line: &&str| {
        let words = ["SET ", "RESET ", "parquet", "_metadata.", "filename", "DECIMAL(38,0)", "HUGEINT", "datediff("];
        let words_too = [" div ", " // ", "INSERT OVERWRITE", "COPY (", ") TO '", "sum("];
        words.iter().chain(&words_too).any(|word| line.contains(word))
    };
    let [spark, duckdb] = ["spark", "duckdb"].map(printed);
    let rest = |text: &str| {
        let lines = text.lines().filter(|line| !own(line) && !line.is_empty());
        lines.map(|line| line.trim_end_matches(';').to_owned()).collect::<Vec<_>>()
    };
    assert!(rest(&spark).len() >= 50, "{spark}");
    assert_eq!(rest(&spark), rest(&duckdb));
    // 64 bits where they suffice, and 38 digits for the rest
    let narrow = "(of_days * step_3 + step_half + (of_days * step_2 + (of_days * step_1 + (of_days * step_0) \
                  div 1000000) div 1000000) div 1000000) div (2 * step_half)";
    let wide = "(CAST(of_days AS DECIMAL(38,0)) * step_high + step_unit + \
                (CAST(of_days AS DECIMAL(38,0)) * step_low) div 1000000000000000000) div (2 * step_unit)";
    for formula in [narrow, wide] {
        assert!(spark.contains(formula), "{spark}");
        let formula = formula.replace("div", "//").replace("DECIMAL(38,0)", "HUGEINT");
        assert!(duckdb.contains(&formula), "{duckdb}");
    }
}

#[test]
fn an_engine_may_see_the_folders_under_other_paths() {
    let Some(engine) = tools::duckdb() else { return };
    let book = Book::new();
    book.bound("T-1", &plain(contract().with("roster = \"roster.csv\"")), &crowd(22));
    let spring = change("spring", "2026-04-05", &[("16", "1.12")]);
    let (run, own) = book.reprice("own", &spring, &["--dry-run"]);
    run.exits_with(0);
    let [work, seen, data] = ["work", "seen-work", "seen-book"].map(|name| book.beside(name));
    fs::create_dir(&work).unwrap();
    std::os::unix::fs::symlink(&work, &seen).unwrap();
    std::os::unix::fs::symlink(book.folder(), &data).unwrap();
    let folders = [("--engine-work", &work), ("--engine-work-uri", &seen), ("--engine-book", &data)];
    let mut words = vec!["--dry-run", "--engine", "duckdb", "--engine-program", &engine];
    words.extend(folders.iter().flat_map(|(word, folder)| [*word, folder.to_str().unwrap()]));
    let (run, other) = book.reprice("other", &spring, &words);
    run.exits_with(0);
    assert_equal_rows(own.folder(), other.folder(), "other paths");
    let mode = fs::metadata(other.folder().join("lines.parquet")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "the engine's umask gives no rights");
    assert_eq!(fs::read_dir(&work).unwrap().count(), 0, "nothing is left");
    words.extend(["--explain-sql=duckdb"]);
    let (run, _) = book.reprice("printed", &spring, &words);
    let text = run.exits_with(0).out;
    for (word, folder) in &folders[1..] {
        assert!(text.contains(folder.to_str().unwrap()), "{word}: {text}");
    }
    assert!(work.join("cube.parquet").is_file());
}
