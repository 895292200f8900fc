//! A book with one contract, and the lists of changes that are sent to it.

use std::fmt::Display;
use std::fs;
use std::path::PathBuf;

use jiff::civil::Date;
use kollektiv::base::error::Error;
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::clinics;
use kollektiv::clinics::insured_index::{InsuredIndex, InsuredQuery};
use kollektiv::clinics::insured_view::InsuredRecord;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::bind::{BindOutcome, bind};
use kollektiv::portfolio::change::PriceChange;
use kollektiv::portfolio::contract_state::ContractState;
use kollektiv::portfolio::endorse::{Endorsed, Endorsement, Request, endorse};
use kollektiv::portfolio::register;
use kollektiv::portfolio::reprice;
use kollektiv::portfolio::reprice::{Repricing, reprice};
use kollektiv::portfolio::rows::{InsuredRows, LineRows};
use kollektiv::portfolio::store::FileKind;
use kollektiv::portfolio::verify::verify;
use kollektiv::quote::contract::ReadingTerms;
use kollektiv::tariff::{Catalogue, Tariff};
use tempfile::TempDir;

use crate::support::{ContractText, contract};

/// A book with one contract, `T-1`.
pub struct Book {
    pub folder: TempDir,
    pub tariff: Tariff,
}

/// A contract of programme 16 at the low ends with expenses of 20 %.
pub fn small() -> ContractText {
    contract().with("roster = 'roster.csv'").with("expense_load = '0.20'").choose("ranges = 'low'").cover("16", "")
}

/// A line of the book: the insured, first and last day, premium.
pub type ShownLine = (u32, String, String, String);

impl Book {
    pub fn bind(contract: &ContractText, roster: &impl Display) -> Self {
        let book = Self { folder: tempfile::tempdir().unwrap(), tariff: Tariff::base() };
        let file = book.file("contract.toml");
        fs::write(&file, contract.to_string()).unwrap();
        fs::write(book.file("roster.csv"), roster.to_string()).unwrap();
        let mut portfolio = Portfolio::create(&book.file("book"), "test").unwrap();
        let mut bound = Vec::new();
        bind(&mut portfolio, &[file], &Catalogue::built_in(), false, &mut |binding| bound.push(binding), &()).unwrap();
        assert!(matches!(bound[0].outcome, BindOutcome::Bound { .. }), "{bound:?}");
        book
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn portfolio(&self) -> Portfolio {
        Portfolio::change(&self.file("book"), "test").unwrap()
    }

    /// Changes the prices of programmes from a day on.
    pub fn reprice(&self, id: &str, effective: &str, programmes: &str, coefficient: &str) {
        self.repriced(id, effective, programmes, coefficient);
    }

    /// As [`Book::reprice`], with the outcome.
    pub fn repriced(&self, id: &str, effective: &str, programmes: &str, coefficient: &str) -> Repricing {
        let day: Date = effective.parse().unwrap();
        let notified = day.checked_sub(jiff::Span::new().months(2)).unwrap();
        let text = format!(
            "id = '{id}'\nnotified = {notified}\neffective = {effective}\n[[change]]\nprogrammes = {programmes}\ncoefficient = '{coefficient}'\n"
        );
        let path = self.file("change.toml");
        fs::write(&path, text).unwrap();
        let change = PriceChange::open(&path, &self.tariff).unwrap();
        let out = self.file("repriced");
        reprice(&mut self.portfolio(), &reprice::Request::new(&change, &self.tariff, &out), &()).unwrap()
    }

    pub fn request(&self, rows: &str, on: &str) -> Request {
        let changes = self.file("changes.csv");
        fs::write(&changes, format!("Вид изменения;Таб. №;ФИО;Дата рождения;Группа риска;Вариант;Действует с\n{rows}"))
            .unwrap();
        Request {
            number: "T-1".to_owned(),
            changes: vec![changes],
            on: Some(on.parse().unwrap()),
            action: None,
            with_family: false,
            expense_load: None,
            dry_run: false,
            reading: ReadingTerms::default(),
            out: self.file("endorsed"),
            out_by_run: false,
            refused: self.file("refused"),
            agreement: None,
            language: Language::En,
        }
    }

    pub fn endorse(&self, rows: &str, on: &str) -> Endorsement {
        match endorse(&mut self.portfolio(), &self.request(rows, on), &()) {
            Ok(Endorsed::Done(endorsement)) => {
                self.verify();
                *endorsement
            }
            Ok(Endorsed::Refused(roster)) => panic!("{:?}", roster.tables.diagnostics),
            Err(fault) => panic!("{fault}"),
        }
    }

    /// The row and the code of each diagnostic of a refused list of changes.
    pub fn refused(&self, rows: &str, on: &str) -> Vec<(u32, &'static str)> {
        let before = self.standing();
        let Ok(Endorsed::Refused(roster)) = endorse(&mut self.portfolio(), &self.request(rows, on), &()) else {
            panic!("not refused: {rows}");
        };
        assert_eq!(self.standing(), before, "the book is as it was");
        assert!(self.file("refused").join("diagnostics.csv").exists());
        assert!(self.file("refused").join("roster-checked.xlsx").exists());
        assert!(!self.file("endorsed").join("diagnostics.csv").exists(), "no earlier result is lost");
        roster.tables.diagnostics.iter().map(|found| (found.place.row, found.code.as_str())).collect()
    }

    /// The name of the message that refuses an unlawful request.
    pub fn unlawful(&self, rows: &str, on: &str) -> &'static str {
        match endorse(&mut self.portfolio(), &self.request(rows, on), &()) {
            Err(Error::Unlawful { reason }) => reason.name(),
            other => panic!("{other:?}"),
        }
    }

    pub fn standing(&self) -> ContractState {
        let book = Portfolio::open(&self.file("book")).unwrap();
        let next = book.register.read(register::next_run).unwrap();
        let contract = book.register.read(|register| register::contract(register, "T-1")).unwrap().unwrap();
        book.register.read(|register| ContractState::known_before(register, contract, next)).unwrap()
    }

    /// The lines of the last version that has any.
    pub fn lines(&self) -> Vec<ShownLine> {
        let book = Portfolio::open(&self.file("book")).unwrap();
        let rows: LineRows =
            self.standing().read_rows(&book.register, &book.files().unwrap(), FileKind::Lines).unwrap().unwrap();
        let day = |days: i32| jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(days)).to_string();
        let premium = |at: usize| Kopecks::new(rows.premium[at].into()).to_string();
        (0..rows.insured.len())
            .map(|at| (rows.insured[at], day(rows.start[at]), day(rows.end[at]), premium(at)))
            .collect()
    }

    pub fn insured(&self) -> InsuredRows {
        let book = Portfolio::open(&self.file("book")).unwrap();
        self.standing().read_rows(&book.register, &book.files().unwrap(), FileKind::Insured).unwrap().unwrap()
    }

    /// Every insured as presented to the clinics.
    pub fn served(&self) -> Vec<InsuredRecord> {
        let mut served = Vec::new();
        let book = Portfolio::open(&self.file("book")).unwrap();
        clinics::book::Book::open(&book).unwrap().for_each_insured(|person| served.push(person.to_record())).unwrap();
        served
    }

    /// The index in which clinics look up an insured.
    pub fn finder(&self, asked: &InsuredQuery) -> InsuredIndex {
        let mut finder = InsuredIndex::new([asked]);
        let book = Portfolio::open(&self.file("book")).unwrap();
        clinics::book::Book::open(&book).unwrap().for_each_insured(|person| finder.insert(person)).unwrap();
        finder
    }

    /// Verifies the book.
    #[track_caller]
    pub fn verify(&self) {
        let verified = verify(&Portfolio::open(&self.file("book")).unwrap(), &()).unwrap();
        assert!(verified.findings.is_empty(), "{:?}", verified.findings);
    }
}

pub fn line(insured: u32, start: &str, end: &str, premium: &str) -> ShownLine {
    (insured, start.to_owned(), end.to_owned(), premium.to_owned())
}

pub fn kopecks(roubles: &str) -> Kopecks {
    Kopecks::from_roubles(roubles.parse().unwrap()).unwrap()
}

pub const YEAR: [&str; 2] = ["2026-01-01", "2026-12-31"];
