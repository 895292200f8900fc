//! A book in a folder of its own, and the program run on it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{Run, Table, json, put, run};
use crate::support::{ContractText, RosterText};

/// A book with the files that its runs are given and leave.
pub struct Book {
    room: TempDir,
}

/// A change of prices: an id, its first day, and what is multiplied by what; policyholders were told on 1 January 2026.
pub fn change(id: &str, effective: &str, coefficients: &[(&str, &str)]) -> String {
    let mut text = format!("id = \"{id}\"\nnotified = 2026-01-01\neffective = {effective}\n");
    for (programme, coefficient) in coefficients {
        let _ = writeln!(text, "\n[[change]]\nprogrammes = [\"{programme}\"]\ncoefficient = \"{coefficient}\"");
    }
    text
}

impl Book {
    /// A book that is not begun.
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

    /// Writes a contract with its number and its roster into a folder of its own.
    pub fn contract(&self, number: &str, contract: &ContractText, roster: &RosterText) -> PathBuf {
        let path = put(&self.beside(number), contract, roster);
        let text = fs::read_to_string(&path).unwrap().replace("\"T-1\"", &format!("\"{number}\""));
        fs::write(&path, text).unwrap();
        path
    }

    /// Binds a contract that can be bound.
    #[track_caller]
    pub fn bound(&self, number: &str, contract: &ContractText, roster: &RosterText) {
        let path = self.contract(number, contract, roster);
        self.run(&["bind", path.to_str().unwrap()]).ended(0);
    }

    /// Books a payment.
    #[track_caller]
    pub fn paid(&self, number: &str, day: &str, amount: &str) {
        let file = self.beside("payments.csv");
        fs::write(&file, format!("number,date,amount\n{number},{day},{amount}\n")).unwrap();
        self.run(&["pay", file.to_str().unwrap()]).ended(0);
    }

    /// Reprices the book; the result goes to a folder of the name of the change's file.
    pub fn reprice(&self, name: &str, change: &str, more: &[&str]) -> (Run, Repriced) {
        let file = self.beside(&format!("{name}.toml"));
        fs::write(&file, change).unwrap();
        let out = self.beside(&format!("{name}-result"));
        let fixed = ["reprice", file.to_str().unwrap(), "--out", out.to_str().unwrap()];
        let arguments: Vec<&str> = fixed.iter().chain(more).copied().collect();
        (self.run(&arguments), Repriced { out })
    }

    /// Reads the book back, which has to go well.
    #[track_caller]
    pub fn verified(&self) {
        self.run(&["portfolio", "verify"]).ended(0);
    }

    /// How a contract is shown, on a day or as it is.
    #[track_caller]
    pub fn shown(&self, number: &str, day: Option<&str>) -> String {
        let mut arguments = vec!["portfolio", "show", number];
        arguments.extend(day.iter().flat_map(|day| ["--as-of", day]));
        self.run(&arguments).ended(0).out
    }
}

/// What a repricing has written.
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

    /// Some columns of a contract's row.
    #[track_caller]
    pub fn of<const N: usize>(&self, number: &str, columns: [&str; N]) -> [String; N] {
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
