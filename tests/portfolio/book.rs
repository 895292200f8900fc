//! A book in a temporary folder, and the program run on it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Run, Table, json, run, write_contract};
use crate::support::{ContractText, RosterText};

/// A book with the inputs and the results of its runs.
pub struct Book {
    room: TempDir,
}

/// The file of a price change with its id, its first day and its coefficients by programme; notified on 1 January 2026.
pub fn change(id: &str, effective: &str, coefficients: &[(&str, &str)]) -> String {
    let mut text = format!("id = \"{id}\"\nnotified = 2026-01-01\neffective = {effective}\nconfirmed = true\n");
    for (programme, coefficient) in coefficients {
        let _ = writeln!(text, "\n[[change]]\nprogrammes = [\"{programme}\"]\ncoefficient = \"{coefficient}\"");
    }
    text
}

impl Book {
    /// A book that does not exist yet.
    pub fn new() -> Self {
        Self { room: tempfile::tempdir().unwrap() }
    }

    /// The folder of the book.
    pub fn folder(&self) -> PathBuf {
        self.room.path().join("book")
    }

    /// A file or folder beside it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.room.path().join(name)
    }

    /// Runs a command of the program on the book.
    pub fn run(&self, arguments: &[&str]) -> Run {
        let folder = self.folder();
        let book = ["--portfolio", folder.to_str().unwrap(), "--lang", "en"];
        run(arguments.iter().chain(&book))
    }

    /// Writes a contract with its number and its roster to a folder.
    pub fn contract(&self, number: &str, contract: &ContractText, roster: &RosterText) -> PathBuf {
        let path = write_contract(&self.beside(number), contract, roster);
        let text = fs::read_to_string(&path).unwrap().replace("\"T-1\"", &format!("\"{number}\""));
        fs::write(&path, text).unwrap();
        path
    }

    /// Binds a contract and asserts success.
    #[track_caller]
    pub fn bound(&self, number: &str, contract: &ContractText, roster: &RosterText) {
        let path = self.contract(number, contract, roster);
        self.run(&["bind", path.to_str().unwrap()]).exits_with(0);
    }

    /// Books a payment.
    #[track_caller]
    pub fn paid(&self, number: &str, day: &str, amount: &str) {
        let file = self.beside("payments.csv");
        fs::write(&file, format!("number,date,amount\n{number},{day},{amount}\n")).unwrap();
        self.run(&["pay", file.to_str().unwrap()]).exits_with(0);
    }

    /// An insured leaves `T-1` on 1 August, programme 16 costs 12 % more from 1 June, and `T-2` ends on 30 June.
    pub fn endorse_reprice_and_terminate(&self) {
        let list = self.beside("changes.csv");
        fs::write(&list, "Вид изменения;Таб. №\nоткрепить;2\n").unwrap();
        let out = self.beside("endorsed");
        let [list, out] = [&list, &out].map(|path| path.to_str().unwrap());
        self.run(&["endorse", "T-1", list, "--on", "2026-08-01", "--out", out]).exits_with(0);
        self.reprice("dearer", &change("dearer", "2026-06-01", &[("16", "1.12")]), &[]).0.exits_with(0);
        self.run(&["terminate", "T-2", "--on", "2026-07-01", "--reason", "agreement"]).exits_with(0);
    }

    /// Reprices the book into a folder with the name of the change's file.
    pub fn reprice(&self, name: &str, change: &str, more: &[&str]) -> (Run, Repriced) {
        let file = self.beside(&format!("{name}.toml"));
        fs::write(&file, change).unwrap();
        let out = self.beside(&format!("{name}-result"));
        let fixed = ["reprice", file.to_str().unwrap(), "--out", out.to_str().unwrap()];
        let arguments: Vec<&str> = fixed.iter().chain(more).copied().collect();
        (self.run(&arguments), Repriced { out })
    }

    /// Asserts that the book verifies.
    #[track_caller]
    pub fn verified(&self) {
        self.run(&["portfolio", "verify"]).exits_with(0);
    }

    /// The output of `portfolio show` for a contract, on a day or now.
    #[track_caller]
    pub fn show(&self, number: &str, day: Option<&str>) -> String {
        let mut arguments = vec!["portfolio", "show", number];
        arguments.extend(day.iter().flat_map(|day| ["--as-of", day]));
        self.run(&arguments).exits_with(0).out
    }
}

/// The result of a repricing.
pub struct Repriced {
    out: PathBuf,
}

impl Repriced {
    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.out
    }

    /// `contracts.csv`.
    pub fn contracts(&self) -> Table {
        Table::open(&self.out.join("contracts.csv"))
    }

    /// These columns of a contract's row.
    #[track_caller]
    pub fn row<const N: usize>(&self, number: &str, columns: [&str; N]) -> [String; N] {
        let table = self.contracts();
        let place =
            table.columns(["number"]).iter().position(|[found]| *found == number).expect("a row of the contract");
        table.columns(columns)[place].map(str::to_owned)
    }

    /// `impact.json`.
    pub fn impact(&self) -> Value {
        json(&self.out.join("impact.json"))
    }
}
