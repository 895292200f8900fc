//! Workers that lie: their receipts and files agree with each other, but not with the book.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use kollektiv::portfolio::rows::money;
use kollektiv::portfolio::store::{FileKind, StoredFile, Writer};
use polars::prelude::{DataFrame, IdxCa, NewChunkedArray, ParquetReader, SerReader};
use serde_json::{Value, json};

use super::super::book::{Book, change};
use super::super::faults::Book as Content;
use super::{assert_equal, reprice_by, script, small_book, spring, work_folders};
use crate::program::{PROGRAM, json as read_json};

/// The receipt of the only part.
const RECEIPT: &str = "receipt-00001.json";

/// A run whose only part is made, and whose receipt is changed before the head reads it.
struct Run {
    book: Book,
    /// A copy of the folder of the run as an honest worker leaves it.
    honest: PathBuf,
    /// The folder of the run.
    work: PathBuf,
}

impl Run {
    fn new() -> Self {
        let book = small_book();
        let work = made(&book, "spring", &spring());
        let honest = book.beside("honest");
        fs::rename(&work, &honest).unwrap();
        Self { book, honest, work }
    }

    /// Restores the folder of the run as an honest worker leaves it; its receipt.
    fn restore(&self) -> Value {
        let _ = fs::remove_dir_all(&self.work);
        fs::create_dir(&self.work).unwrap();
        for entry in fs::read_dir(&self.honest).unwrap().map(|entry| entry.unwrap()) {
            fs::copy(entry.path(), self.work.join(entry.file_name())).unwrap();
        }
        read_json(&self.work.join(RECEIPT))
    }

    /// Asserts that a lie is found by a check, and that the book is as before.
    #[track_caller]
    fn found(&self, receipt: &[u8], message: &str) {
        let before = Content::read(&self.book.folder());
        fs::write(self.work.join(RECEIPT), receipt).unwrap();
        let run = self.book.reprice("spring", &spring(), &["--workers", "1"]).0.exits_with(1);
        assert!(run.err.contains(message), "{message}: {}", run.err);
        Content::read(&self.book.folder()).assert_same(&before, message);
    }

    /// Tells a lie in the receipt alone.
    #[track_caller]
    fn receipt_lie(&self, lie: impl Fn(&mut Value), message: &str) {
        let mut receipt = self.restore();
        lie(&mut receipt);
        self.found(&serde_json::to_vec(&receipt).unwrap(), message);
    }

    /// A receipt for lines that `change` has changed, whose file is written anew.
    fn rewritten(&self, change: impl Fn(DataFrame) -> DataFrame) -> Vec<u8> {
        let mut receipt = self.restore();
        let path = self.work.join(receipt["file"]["name"].as_str().unwrap());
        let honest = ParquetReader::new(File::open(&path).unwrap()).finish().unwrap();
        let (stored, hash) = written(&change(honest), &receipt, &self.work);
        receipt["file"] = serde_json::to_value(stored).unwrap();
        receipt["sha256"] = hash.into();
        serde_json::to_vec(&receipt).unwrap()
    }

    /// Tells a lie in the lines, of which the receipt names the file.
    #[track_caller]
    fn line_lie(&self, lie: impl Fn(DataFrame) -> DataFrame, message: &str) {
        let receipt = self.rewritten(lie);
        self.found(&receipt, message);
    }
}

/// Lets an honest worker make the part of a change, but not the head see its receipt; the folder of the run.
fn made(book: &Book, name: &str, text: &str) -> PathBuf {
    // the worker writes to another folder, and fails
    let call = format!("'{PROGRAM}' work \"$2\" --portfolio \"$4\" --out \"$6/made\"");
    let silent = script(book, "silent", &format!("mkdir -p \"$6/made\"; {call}; exit 1"));
    let words = ["--dry-run", "--workers", "1", "--worker-program", silent.to_str().unwrap()];
    book.reprice(name, text, &words).0.exits_with(1);
    let folders = work_folders(book);
    let [work] = folders.as_slice() else { panic!("{folders:?}") };
    let made = work.join("made");
    for entry in fs::read_dir(&made).unwrap().map(|entry| entry.unwrap()) {
        fs::rename(entry.path(), work.join(entry.file_name())).unwrap();
    }
    fs::remove_dir(made).unwrap();
    work.clone()
}

/// Writes lines in the row groups of a receipt to a file of the folder.
fn written(lines: &DataFrame, receipt: &Value, folder: &Path) -> (StoredFile, String) {
    let path = folder.join("lines");
    let mut writer = Writer::create(FileKind::Repriced, &path, lines.schema()).unwrap();
    for group in receipt["file"]["groups"].as_array().unwrap() {
        let [first, rows] = ["first_row", "rows"].map(|key| group[key].as_u64().unwrap());
        let encoded = writer.encode(&lines.slice(first.cast_signed(), usize::try_from(rows).unwrap())).unwrap();
        writer.write(encoded).unwrap();
    }
    let (stored, hash) = writer.finish_hashed().unwrap();
    fs::rename(path, folder.join(&stored.name)).unwrap();
    (stored, hash)
}

/// The lines with the rows of other places.
fn with_rows(lines: &DataFrame, of: impl Fn(u32) -> u32) -> DataFrame {
    let rows: Vec<u32> = (0..u32::try_from(lines.height()).unwrap()).map(of).collect();
    lines.take(&IdxCa::from_slice("rows".into(), &rows)).unwrap()
}

/// The lines with one column taken from the rows of other places.
fn with_column(lines: &DataFrame, name: &str, of: impl Fn(u32) -> u32) -> DataFrame {
    let mut changed = lines.clone();
    let column = with_rows(lines, of).column(name).unwrap().clone();
    changed.with_column(column).unwrap();
    changed
}

/// The places 0 and 3 swapped.
const fn swapped(place: u32) -> u32 {
    match place {
        0 => 3,
        3 => 0,
        other => other,
    }
}

/// Adds to a number of a receipt.
fn add(value: &mut Value, amount: i64) {
    *value = json!(value.as_i64().unwrap() + amount);
}

#[test]
fn every_lie_is_found_by_its_check() {
    let run = Run::new();
    let (own, result) = run.book.reprice("own", &spring(), &["--dry-run"]);
    own.exits_with(0);

    // the same lines by another writer are no lie
    fs::write(run.work.join(RECEIPT), run.rewritten(|lines| lines)).unwrap();
    run.book.reprice("spring", &spring(), &["--dry-run", "--workers", "1"]).0.exits_with(0);

    // one kopeck on one line
    let kopeck = |mut lines: DataFrame| {
        let amounts = lines.column("additional").unwrap().as_materialized_series().clone();
        let kopecks = amounts.decimal().unwrap().physical();
        let kopecks =
            kopecks.iter().zip(0..).map(|(kopecks, at)| i64::try_from(kopecks.unwrap()).unwrap() + i64::from(at == 0));
        lines.with_column(money("additional", kopecks).unwrap()).unwrap();
        lines
    };
    run.line_lie(kopeck, "lines of part 1 differ");
    run.receipt_lie(
        |receipt| {
            add(&mut receipt["totals"]["additional"], 1);
            add(&mut receipt["contracts"][0]["additional"], 1);
            let groups = receipt["contracts"][0]["groups"].as_array_mut().unwrap();
            let rising = groups.iter_mut().find(|group| group[3][2].as_i64() > Some(0)).unwrap();
            add(&mut rising[3][2], 1);
        },
        "the figures of part 1 are not those that its lines have",
    );
    // two sums insured swapped
    run.line_lie(|lines| with_column(&lines, "sum_insured", swapped), "lines of part 1 differ");
    // one line twice, and another left out
    run.line_lie(|lines| with_rows(&lines, |place| place - u32::from(place == 1)), "lines of part 1 differ");
    // two lines in each other's place
    run.line_lie(|lines| with_rows(&lines, swapped), "lines of part 1 differ");

    // a file of another run under the name of this one, and under its own name
    let other = small_book();
    let other_work = made(&other, "summer", &change("summer", "2026-04-05", &[("16", "1.3"), ("8", "0.8")]));
    let other_receipt = read_json(&other_work.join(RECEIPT));
    let other_name = other_receipt["file"]["name"].as_str().unwrap();
    let receipt = run.restore();
    fs::copy(other_work.join(other_name), run.work.join(receipt["file"]["name"].as_str().unwrap())).unwrap();
    run.found(&serde_json::to_vec(&receipt).unwrap(), "the file of part 1 is missing or not the one");
    let mut receipt = run.restore();
    fs::copy(other_work.join(other_name), run.work.join(other_name)).unwrap();
    (receipt["file"], receipt["sha256"]) = (other_receipt["file"].clone(), other_receipt["sha256"].clone());
    run.found(&serde_json::to_vec(&receipt).unwrap(), "lines of part 1 differ");
    // a receipt of another plan
    run.receipt_lie(|receipt| *receipt = other_receipt.clone(), "the receipt of part 1 is for another task");

    // figures
    run.receipt_lie(|receipt| add(&mut receipt["totals"]["credit"], 1), "the sums of part 1 are not those");
    run.receipt_lie(
        |receipt| drop(receipt["contracts"].as_array_mut().unwrap().pop()),
        "the receipt of part 1 does not have the contracts",
    );
    let both = |receipt: &mut Value, key: &str, amount| {
        add(&mut receipt["contracts"][1][key], amount);
        add(&mut receipt["totals"][key], amount);
    };
    run.receipt_lie(|receipt| both(receipt, "lines", -1), "has not read every line of contract W-2 once");
    run.receipt_lie(|receipt| both(receipt, "repriced", -1), "part 1 has not as many repriced lines");
    run.receipt_lie(|receipt| both(receipt, "additional", 1), "the figures of contract W-2 in part 1");
    run.receipt_lie(
        |receipt| add(&mut receipt["contracts"][1]["premium"], 1),
        "the lines of contract W-2 in part 1 do not add up",
    );
    run.receipt_lie(
        |receipt| add(&mut receipt["contracts"][1]["unexpired"], 1),
        "the figures of part 1 are not those that its lines have",
    );
    run.receipt_lie(
        |receipt| receipt["contracts"][1]["fault"] = json!({ "name": "portfolio-file-damaged", "file": "data/x" }),
        "has set contract W-2 aside for a reason",
    );
    run.restore();
    run.found(b"{\"task\":", "the receipt of part 1 cannot be read");

    // the head has put the receipt aside, and the same command makes the part again
    assert!(run.work.join(format!("refused-{RECEIPT}")).is_file());
    let honest = script(&run.book, "honest-program", "WORK");
    reprice_by(&run.book, &honest, &[]).exits_with(0);
    assert_equal(result.folder(), &run.book.beside("spring-result"));
    run.book.verified();
}

#[test]
fn a_damaged_file_sets_the_same_contract_aside() {
    let book = small_book();
    let name = fs::read_dir(book.folder().join("data")).unwrap().map(|entry| entry.unwrap().path());
    let lines = name.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("lines-")).min().unwrap();
    let mut bytes = fs::read(&lines).unwrap();
    bytes[100] ^= 1;
    fs::write(&lines, bytes).unwrap();
    let (run, own) = book.reprice("own", &spring(), &["--dry-run"]);
    run.exits_with(4);
    let (run, other) = book.reprice("other", &spring(), &["--dry-run", "--workers", "2"]);
    run.exits_with(4);
    assert_equal(own.folder(), other.folder());
}
