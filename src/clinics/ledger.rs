//! The clinics' ledger: the claims of every register that is booked in a portfolio (`I60`).
//!
//! A register is booked by one commit, which names an immutable Parquet file of its claims: a killed run leaves the whole register or
//! nothing of it. A corrected register is added and names the one that it replaces; nothing is changed or removed.

pub mod booking;
pub mod rows;
mod table;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::base::calendar::day_after_1970;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::named_enum::named_enum;
use crate::clinics::claim::{Charge, Shares, Verdict};
use crate::clinics::sent_lists::SentLists;
use crate::portfolio::Portfolio;
use crate::portfolio::store::Damage;
use crate::table::text::folded;
use rows::ClaimRows;
pub use table::BookedRegister;

/// Insured by the numbers of their contracts, and identities outside the book.
pub type InsuredKeys = HashMap<String, HashSet<u32>>;

/// The booked claims that a new register has to be compared with.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The registers in effect, in the order in which they were booked.
    pub registers: Vec<BookedRegister>,
    /// The claims of the wanted insured.
    pub claims: Vec<BookedClaim>,
    /// The attachment lists that were sent, as far as they concern the wanted insured.
    pub lists: SentLists,
}

/// A claim of a booked register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedClaim {
    /// Index of the register in [`Ledger::registers`].
    pub register: usize,
    /// The sheet of the row; empty in a text file.
    pub sheet: Arc<str>,
    /// The row in the register.
    pub row: u32,
    /// The number of the contract; empty if the insured is unknown.
    pub contract: Arc<str>,
    /// The ordinal of the insured in the contract.
    pub ordinal: u32,
    /// The identity of one of the entitled outside the book; empty for others.
    pub entitled: Arc<str>,
    /// The day; `None` if it could not be read.
    pub day: Option<Date>,
    /// The code of the service in the price list, or as written.
    pub service_code: Arc<str>,
    /// The service for comparison between registers and clinics.
    pub service_key: Arc<str>,
    /// The price; below zero where the row takes another one back.
    pub amount: Kopecks,
    /// The verdict.
    pub verdict: Verdict,
    /// The amounts by payer.
    pub shares: Shares,
    /// The number of the letter that pays.
    pub letter: Option<u64>,
    /// What the claim takes from its letter and its cover.
    pub charge: Charge,
}

/// How a register stands to those that are booked (`I60`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incoming {
    /// It is booked as a new one.
    New,
    /// It is booked already, with the same number and rows: the id of its entry.
    Same(i64),
    /// It replaces a register of the same clinic and number: the id of its entry.
    Corrects(i64),
}

named_enum! {
    /// Whether a run has booked a register.
    pub enum Booking messages "settle-" {
        /// As a new one.
        Booked = "booked",
        /// In place of a register of the same number.
        Corrected = "corrected",
        /// It was booked already.
        BookedBefore = "booked-before",
        /// The run books nothing.
        DryRun = "dry-run",
    }
}

impl Incoming {
    /// How a register with this number and fingerprint stands to the registers in effect.
    #[must_use]
    pub fn new(registers: &[BookedRegister], clinic: &str, number: &str, fingerprint: &str) -> Self {
        let clinic = folded(clinic);
        let of_clinic = || registers.iter().filter(|booked| folded(&booked.clinic) == clinic);
        let is_same = |booked: &&BookedRegister| booked.fingerprint == fingerprint && booked.number == number;
        if let Some(same) = of_clinic().find(is_same) {
            return Self::Same(same.id);
        }
        let corrected = of_clinic().find(|booked| !number.is_empty() && booked.number == number);
        corrected.map_or(Self::New, |booked| Self::Corrects(booked.id))
    }
}

impl Ledger {
    /// The registers in effect, without their claims.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] if the register of the book cannot be read.
    pub fn registers(portfolio: &Portfolio) -> Result<Vec<BookedRegister>, Error> {
        portfolio.register.read(table::in_effect)
    }

    /// The claims of these insured in the registers in effect, apart from what `incoming` replaces or repeats.
    ///
    /// A register that is booked already is judged by the claims that were booked before it.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] if the register cannot be read, [`Error::Damaged`] if a file of claims is missing or changed.
    pub fn read(portfolio: &Portfolio, wanted: &InsuredKeys, incoming: Incoming) -> Result<Self, Error> {
        let mut registers = Self::registers(portfolio)?;
        registers.retain(|booked| match incoming {
            Incoming::New => true,
            Incoming::Same(id) => booked.id < id,
            Incoming::Corrects(id) => booked.id != id,
        });
        let is_wanted =
            |contract: &str, ordinal: u32| wanted.get(contract).is_some_and(|ordinals| ordinals.contains(&ordinal));
        let claims = read_claims(portfolio, &registers, is_wanted)?;
        let lists = portfolio.register.read(|book| SentLists::read(book, is_wanted))?;
        Ok(Self { registers, claims, lists })
    }

    /// Every claim of one register in effect.
    ///
    /// # Errors
    ///
    /// As [`Ledger::read`].
    pub fn read_register(portfolio: &Portfolio, id: i64) -> Result<Self, Error> {
        let mut registers = Self::registers(portfolio)?;
        registers.retain(|booked| booked.id == id);
        let claims = read_claims(portfolio, &registers, |_, _| true)?;
        Ok(Self { registers, claims, lists: SentLists::default() })
    }

    /// Every claim of a clinic in the registers in effect.
    ///
    /// # Errors
    ///
    /// As [`Ledger::read`].
    pub fn read_clinic(portfolio: &Portfolio, clinic: &str) -> Result<Self, Error> {
        let mut registers = Self::registers(portfolio)?;
        registers.retain(|booked| folded(&booked.clinic) == folded(clinic));
        let claims = read_claims(portfolio, &registers, |_, _| true)?;
        Ok(Self { registers, claims, lists: SentLists::default() })
    }

    /// The register of a claim.
    #[must_use]
    pub fn register(&self, claim: &BookedClaim) -> &BookedRegister {
        &self.registers[claim.register]
    }
}

/// The claims of registers, row group by row group on all threads, in the order of the registers and rows.
fn read_claims(
    portfolio: &Portfolio,
    registers: &[BookedRegister],
    is_wanted: impl Fn(&str, u32) -> bool + Sync,
) -> Result<Vec<BookedClaim>, Error> {
    let damaged = |Damage(reason): Damage| Error::Damaged { folder: portfolio.folder().to_owned(), reason };
    let mut files = portfolio.files()?;
    let mut claims = Vec::new();
    for (place, register) in registers.iter().enumerate() {
        let Some(file) = register.file else { continue };
        files.close_if_many();
        let reader = files.get(file).map_err(damaged)?;
        let groups = 0..reader.groups().len();
        let read = groups.into_par_iter().map(|group| {
            let rows = ClaimRows::read(reader, group)?;
            let is_wanted = |at: &usize| {
                let contract = &rows.contract[*at];
                is_wanted(if contract.is_empty() { &rows.entitled[*at] } else { contract }, rows.insured[*at])
            };
            let wanted = (0..rows.len()).filter(is_wanted);
            let claims = wanted.map(|at| booked_claim(&rows, at, place).ok_or_else(|| reader.damage()));
            claims.collect::<Result<Vec<_>, _>>()
        });
        let read = read.collect::<Result<Vec<_>, Damage>>().map_err(damaged)?;
        claims.extend(read.into_iter().flatten());
    }
    Ok(claims)
}

/// The claim of a row; `None` if no program has written such a row.
fn booked_claim(rows: &ClaimRows, at: usize, register: usize) -> Option<BookedClaim> {
    let amount = |column: &[i64]| Kopecks::new(column[at].into());
    Some(BookedClaim {
        register,
        sheet: Arc::clone(&rows.sheet[at]),
        row: rows.row[at],
        contract: Arc::clone(&rows.contract[at]),
        ordinal: rows.insured[at],
        entitled: Arc::clone(&rows.entitled[at]),
        day: match rows.day[at] {
            Some(day) => Some(day_after_1970(day)?),
            None => None,
        },
        service_code: Arc::clone(&rows.service_code[at]),
        service_key: Arc::clone(&rows.service_key[at]),
        amount: amount(&rows.amount),
        verdict: Verdict::parse(&rows.verdict[at])?,
        shares: Shares {
            advance: amount(&rows.advance),
            insurer: amount(&rows.insurer),
            patient: amount(&rows.patient),
            discount: amount(&rows.discount),
            disputed: amount(&rows.disputed),
            uncleared: amount(&rows.uncleared),
        },
        letter: rows.letter[at].map(u64::from),
        charge: Charge { letter_quantity: rows.letter_quantity[at], programme: rows.programme[at].to_string() },
    })
}

impl BookedRegister {
    /// The register for a reader: its number or file, and the clinic.
    #[must_use]
    pub fn message(&self) -> Message {
        let message = if self.number.is_empty() {
            Message::new("booked-register")
        } else {
            Message::new("booked-register-numbered").with("number", self.number.as_str())
        };
        message.with("file", self.file_name.as_str()).with("clinic", self.clinic.as_str())
    }
}
