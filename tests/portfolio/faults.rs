//! A book under faults: killed and concurrent runs, full disks, damaged files, folders that are not books.

mod chain;
mod concurrent_runs;
mod damage;
mod folders;
mod full_disk;
mod kills;
mod open_files;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use kollektiv::portfolio::register;
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

use crate::program::{Run, command, files, write_contract};
use crate::support::{contract, roster};

/// A folder with contracts, payments and a price change, for books.
pub struct Office {
    folder: TempDir,
}

impl Office {
    /// Contracts with these numbers of insured, a third of them on a plan with two covers.
    pub fn new(insured: &[usize]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (place, insured) in (1..).zip(insured) {
            let terms = contract()
                .with("roster = \"roster.csv\"\nexpense_load = \"0.23\"")
                .with(if place % 2 == 0 { "price_decrease = \"credit\"" } else { "price_decrease = \"keep\"" })
                .plan("A")
                .cover("16", "exclude = ['dental']")
                .plan("B")
                .cover("16", "")
                .cover("8", "");
            let people = (0..*insured).fold(roster(), |roster, at| {
                let roster = roster.aged(u16::try_from(20 + (at + place) % 50).unwrap(), 1);
                let roster = if at % 3 == 0 { roster.on("B") } else { roster.on("A") };
                if at % 7 == 0 { roster.until("31.03.2026") } else { roster }
            });
            let path = write_contract(&folder.path().join(format!("contract-{place}")), &terms, &people);
            let text = fs::read_to_string(&path).unwrap().replace("T-1", &format!("N-{place}"));
            fs::write(path, text).unwrap();
        }
        let change = "id = 'spring'\nnotified = 2026-03-01\neffective = 2026-04-05\n\
            [[change]]\nprogrammes = ['16']\ncoefficient = '1.12'\n\
            [[change]]\nprogrammes = ['8']\ncoefficient = '0.9'\n";
        fs::write(folder.path().join("change.toml"), change).unwrap();
        fs::write(folder.path().join("payments.csv"), "Договор;Дата;Сумма\nN-1;15.01.2026;1000,50\n").unwrap();
        Self { folder }
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program on a book of this folder.
    pub fn program(&self, arguments: &[&str], book: &str) -> Command {
        let mut command = command(arguments);
        command.arg("--portfolio").arg(self.path(book)).args(["--lang", "en", "--quiet"]).current_dir(&self.folder);
        command
    }

    /// Runs the program on a book of this folder.
    pub fn run(&self, arguments: &[&str], book: &str) -> Run {
        Run::new(self.program(arguments, book).output().unwrap())
    }

    /// Binds every contract.
    pub fn bind(&self, book: &str) -> Command {
        self.program(&["bind", "contract-*/contract.toml"], book)
    }

    /// Reprices the book into another folder.
    pub fn reprice(&self, book: &str, out: &str) -> Command {
        self.program(&["reprice", "change.toml", "--out", out], book)
    }

    /// Makes a book of all contracts with a payment.
    pub fn bound(&self, book: &str) {
        ran(self.bind(book)).exits_with(0);
        self.run(&["pay", "payments.csv"], book).exits_with(0);
    }

    /// Copies a book that no run is using.
    pub fn copy(&self, from: &str, to: &str) {
        let (from, to) = (self.path(from), self.path(to));
        let _ = fs::remove_dir_all(&to);
        for folder in ["", "data"] {
            fs::create_dir_all(to.join(folder)).unwrap();
            for entry in fs::read_dir(from.join(folder)).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_file() {
                    fs::copy(&entry, to.join(folder).join(entry.file_name().unwrap())).unwrap();
                }
            }
        }
    }

    /// The contents of a book.
    pub fn book(&self, name: &str) -> Book {
        Book::read(&self.path(name))
    }

    /// Asserts that a book verifies.
    #[track_caller]
    pub fn verified(&self, book: &str) {
        self.run(&["portfolio", "verify"], book).exits_with(0);
    }
}

/// The note beside the files of a book.
pub const README: &str = "README.txt";

/// Runs a command to its end.
pub fn ran(mut command: Command) -> Run {
    Run::new(command.output().unwrap())
}

/// The contents of a book: the rows of every table of its register, and the bytes of its files.
#[derive(PartialEq, Eq)]
pub struct Book {
    pub tables: BTreeMap<String, Vec<String>>,
    pub data: BTreeMap<String, Vec<u8>>,
}

impl Book {
    /// Reads a book.
    pub fn read(folder: &Path) -> Self {
        let register = Connection::open(folder.join(register::NAME)).unwrap();
        let names = strings(&register, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
        assert!(names.len() >= 10, "{names:?}");
        let rows = |name: &String| {
            let mut rows = register.prepare(&format!("SELECT * FROM {name}")).unwrap();
            let columns = rows.column_count();
            let row = |row: &rusqlite::Row<'_>| {
                (0..columns)
                    .map(|at| row.get::<_, Value>(at))
                    .collect::<Result<Vec<_>, _>>()
                    .map(|row| format!("{row:?}"))
            };
            let mut rows: Vec<String> = rows.query_map([], row).unwrap().map(Result::unwrap).collect();
            rows.sort();
            (name.clone(), rows)
        };
        let mut data = files(&folder.join("data"));
        data.remove(README);
        Self { tables: names.iter().map(rows).collect(), data }
    }

    /// The number of runs.
    pub fn runs(&self) -> usize {
        self.tables["run"].len()
    }

    /// Asserts that two books have the same contents.
    #[track_caller]
    pub fn assert_same(&self, other: &Self, when: &str) {
        for (name, rows) in &self.tables {
            assert!(*rows == other.tables[name], "{when}: {name}:\n{rows:#?}\n{:#?}", other.tables[name]);
        }
        assert!(self.data.keys().eq(other.data.keys()), "{when}: {:?}, {:?}", self.data.keys(), other.data.keys());
        assert!(self == other, "{when}: the bytes of a file");
    }

    /// Asserts that two books have the same contents but for their files, whose rows `portfolio verify` compares with the register.
    #[track_caller]
    pub fn assert_same_rows(&self, other: &Self, when: &str) {
        for (name, rows) in self.tables.iter().filter(|(name, _)| !OF_FILES.contains(&name.as_str())) {
            assert!(*rows == other.tables[name], "{when}: {name}:\n{rows:#?}\n{:#?}", other.tables[name]);
        }
    }
}

/// The tables that name the files of a book, and that of the hashes of all rows.
const OF_FILES: [&str; 4] = ["file", "row_group", "segment", "link"];

/// The texts of a query's first column.
pub fn strings(register: &Connection, query: &str) -> Vec<String> {
    let mut query = register.prepare(query).unwrap();
    let found = query.query_map([], |row| row.get::<_, String>(0)).unwrap();
    found.map(Result::unwrap).collect()
}

/// Whether a tool of the system works; reports a skipped test if it does not, which fails `.ci/run`.
pub fn can(what: &str, mut attempt: Command) -> bool {
    let works = attempt.output().is_ok_and(|output| output.status.success());
    if !works {
        assert!(std::env::var_os("KOLLEKTIV_EVERY_TEST").is_none(), "{what} has to work");
        // directly: the test harness hides the output of passing tests
        let _ = std::io::stderr().write_all(format!("SKIPPED: {what} does not work here\n").as_bytes());
    }
    works
}
