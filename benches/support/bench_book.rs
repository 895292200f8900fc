//! Binds books for the benches and reprices them, and checks the results.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use kollektiv::base::messages::Language;
use kollektiv::base::source_file::SourceFile;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::bind::{BindOutcome, Binding, bind};
use kollektiv::portfolio::change::PriceChange;
use kollektiv::portfolio::notice;
use kollektiv::portfolio::reprice::{Request, reprice};
use kollektiv::tariff::{Catalogue, Tariff};
use tempfile::TempDir;

use crate::book;

/// The insured of each contract.
pub const INSURED: usize = 100;

/// The contract files of a book.
pub struct Sources {
    _folder: TempDir,
    paths: Vec<PathBuf>,
}

impl Sources {
    /// Writes the files of this number of contracts.
    pub fn new(contracts: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the contracts");
        let paths = book::write(folder.path(), contracts, INSURED).expect("the contracts can be written");
        Self { _folder: folder, paths }
    }

    /// Binds them in a new book.
    pub fn bound(&self) -> TempDir {
        let folder = tempfile::tempdir().expect("a folder for the book");
        let mut book = Portfolio::create(folder.path(), "bench").expect("a new book");
        let mut report =
            |binding: Binding| assert!(matches!(binding.outcome, BindOutcome::Bound { .. }), "every contract is bound");
        bind(&mut book, &self.paths, &Catalogue::built_in(), false, &mut report, &())
            .expect("a book that can be written");
        folder
    }
}

/// A change that raises the prices of a programme, or of all, by 12 %.
pub fn change(programme: &str, tariff: &Tariff) -> PriceChange {
    let mut text = String::from("id = \"bench\"\nnotified = 2026-11-01\neffective = 2027-03-01\n");
    let _ = writeln!(text, "[[change]]\nprogrammes = [\"{programme}\"]\ncoefficient = \"1.12\"");
    PriceChange::read(&SourceFile { path: "change.toml".into(), text }, tariff).expect("a lawful change")
}

/// The number of contracts that a change reprices in a dry run, with or without letters.
pub fn repriced(book: &Path, change: &PriceChange, tariff: &Tariff, out: &Path, notices: bool) -> usize {
    let letters = notices.then(notice::template);
    let out = out.join("result");
    let plain = Request::new(change, tariff, &out);
    let request = Request { dry_run: true, notices: letters.as_ref(), language: Language::En, ..plain };
    let mut book = Portfolio::open(book).expect("a book");
    let repricing = reprice(&mut book, &request, &()).expect("a result");
    repricing.impact.contracts.repriced
}
