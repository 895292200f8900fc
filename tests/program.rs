//! Runs the built program, and reads its results.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use kollektiv::base::digest::sha256;
use serde_json::Value;

use crate::support::{ContractText, RosterText, contract};

/// The built program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_kollektiv");
/// The name of the file that lists the others.
pub const MANIFEST: &str = "manifest.json";

/// The exit code and the output of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Run {
    /// The outcome of a finished process.
    pub fn new(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("the output is UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The run, asserted to have this exit code.
    #[track_caller]
    pub fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }
}

/// A command of the program in the folder of the project, with empty standard input and both outputs captured.
pub fn command<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).current_dir(project()).env("NO_COLOR", "1");
    for variable in ["KOLLEKTIV_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
        command.env_remove(variable);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program in the folder of the project.
pub fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Run {
    Run::new(command(arguments).output().expect("the program starts"))
}

/// Runs a quote of a contract into a folder, with further arguments.
pub fn quote(contract: &Path, out: &Path, more: &[&str]) -> Run {
    let fixed = ["quote".as_ref(), contract.as_os_str(), "--out".as_ref(), out.as_os_str()];
    run(fixed.into_iter().chain(more.iter().map(OsStr::new)))
}

/// The folder of the project.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The contract of one of the samples.
pub fn sample(name: &str) -> PathBuf {
    project().join("samples").join(name).join("contract.toml")
}

/// The files of a folder and of its subfolders with their bytes.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let name = entry.file_name().into_string().unwrap();
        if entry.file_type().unwrap().is_dir() {
            found.extend(files(&entry.path()).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    found
}

/// The names of all entries of a folder, hidden ones included.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

/// A JSON file.
pub fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The manifest of a result, asserted to be complete: its files are there with their hashes and sizes, and no others.
#[track_caller]
pub fn complete_manifest(folder: &Path) -> Value {
    let mut files = files(folder);
    let manifest: Value =
        serde_json::from_slice(&files.remove(MANIFEST).expect("a manifest")).expect("a whole manifest");
    let listed = manifest["files"].as_object().expect("a list of files");
    assert!(files.keys().eq(listed.keys()), "{:?} are there, {:?} are listed", files.keys(), listed.keys());
    for (name, bytes) in &files {
        assert_eq!(listed[name]["sha256"], sha256(bytes), "{name}");
        assert_eq!(listed[name]["bytes"], bytes.len(), "{name}");
    }
    manifest
}

/// A CSV file: its header and its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// Reads a file whole.
    pub fn open(path: &Path) -> Self {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
        let mut rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
        Self { header: rows.next().expect("a header"), rows: rows.collect() }
    }

    /// The index of a column.
    #[track_caller]
    pub fn at(&self, column: &str) -> usize {
        self.header.iter().position(|name| name == column).expect("a column of this name")
    }

    /// These columns of every row.
    pub fn columns<const N: usize>(&self, columns: [&str; N]) -> Vec<[&str; N]> {
        let places = columns.map(|column| self.at(column));
        self.rows.iter().map(|row| places.map(|place| row[place].as_str())).collect()
    }

    /// The sums of a column of money in kopecks, grouped by other columns.
    pub fn sums<const N: usize>(&self, by: [&str; N], money: &str) -> BTreeMap<[&str; N], i128> {
        let mut sums = BTreeMap::new();
        let amounts = self.columns([money]);
        for (key, [amount]) in self.columns(by).into_iter().zip(amounts) {
            *sums.entry(key).or_insert(0) += kopecks(amount);
        }
        sums
    }
}

/// The kopecks of an amount with exactly two decimals.
#[track_caller]
pub fn kopecks(amount: &str) -> i128 {
    let (whole, fraction) = amount.split_once('.').expect("a decimal point");
    assert!(fraction.len() == 2 && !whole.is_empty(), "{amount}");
    format!("{whole}{fraction}").parse().expect("digits")
}

/// The kopecks of an amount of a JSON file, where money is text.
#[track_caller]
pub fn kopecks_of(value: &Value) -> i128 {
    kopecks(value.as_str().expect("money is text"))
}

/// A small contract: one plan, one cover, its roster in `roster.csv`.
pub fn small_contract() -> ContractText {
    contract().with("roster = \"roster.csv\"").cover("16", "")
}

/// Writes a contract and its roster to a folder; returns the path of the contract.
pub fn write_contract(folder: &Path, contract: &ContractText, roster: &RosterText) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    let file = folder.join("contract.toml");
    fs::write(&file, contract.to_string()).unwrap();
    fs::write(folder.join("roster.csv"), roster.to_string()).unwrap();
    file
}
