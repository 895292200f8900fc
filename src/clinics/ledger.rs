//! The clinics' ledger: the claims of every register that is booked in a portfolio (`I60`).
//!
//! A register is booked by one commit, which names an immutable Parquet file of its claims: a killed run leaves the whole register or
//! nothing of it. A corrected register is added and names the one that it replaces; nothing is changed or removed.

pub mod booking;
pub mod paid;
pub mod rows;
pub mod run_ledger;
mod standing;
mod table;

use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::base::calendar::{Period, day_after_1970, format_day};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::named_enum::named_enum;
use crate::base::parallel::collect_in_order;
use crate::clinics::claim::{Charge, Shares, Verdict};
use crate::clinics::insured_index::InsuredKeys;
use crate::clinics::register::title::number_key;
use crate::clinics::sent_lists::SentLists;
use crate::portfolio::Portfolio;
use crate::portfolio::store::Damage;
use crate::table::text::folded;
use rows::ClaimRows;
pub use standing::{ServiceOfDay, Standing};
pub use table::BookedRegister;

/// The booked claims that a register or a question is judged after.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The claims of registers in effect, in the order in which these were booked, and row by row.
    pub claims: Vec<BookedClaim>,
    /// The attachment lists that were sent, as far as they concern the wanted insured.
    pub lists: Arc<SentLists>,
}

/// A claim of a booked register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookedClaim {
    /// The register.
    pub register: Arc<BookedRegister>,
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
    /// The quantity.
    pub quantity: u32,
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

impl BookedClaim {
    /// The identity of the patient in the ledger: contract and ordinal, or the identity outside the book; empty if unknown.
    #[must_use]
    pub fn patient(&self) -> (&Arc<str>, u32) {
        if self.contract.is_empty() { (&self.entitled, 0) } else { (&self.contract, self.ordinal) }
    }
}

/// By what a clinic and the insurer know a register: a clinic may number its registers anew for each period (`I60`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterIdentity {
    /// The code of the clinic.
    pub clinic: String,
    /// The number; empty if it has none.
    pub number: String,
    /// The period; `None` if no row has a day.
    pub period: Option<Period>,
}

impl RegisterIdentity {
    /// Whether a booked register has this clinic and number, whatever its period.
    fn has_number_of(&self, booked: &BookedRegister) -> bool {
        folded(&booked.clinic) == folded(&self.clinic) && number_key(&booked.number) == number_key(&self.number)
    }
}

/// How a register stands to those that are booked (`I60`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incoming {
    /// It is booked as a new one.
    New,
    /// It is booked already, with the same number and rows: the id of its entry.
    Same(i64),
    /// It replaces a register of the same clinic, number and period: the id of its entry.
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
    /// How a register with this identity and fingerprint stands to the registers in effect.
    #[must_use]
    pub fn new(registers: &[Arc<BookedRegister>], identity: &RegisterIdentity, fingerprint: &str) -> Self {
        let alike = || registers.iter().filter(|booked| identity.has_number_of(booked));
        // the same rows have the same days, whatever period the title states
        if let Some(same) = alike().find(|booked| booked.fingerprint == fingerprint) {
            return Self::Same(same.id);
        }
        let corrected = alike().find(|booked| !identity.number.is_empty() && booked.period == identity.period);
        corrected.map_or(Self::New, |booked| Self::Corrects(booked.id))
    }

    /// Whether the register is judged after the claims of a booked one: not after those that it replaces, nor after its own or later ones
    /// if it is booked already.
    #[must_use]
    pub fn follows(self, booked: &BookedRegister) -> bool {
        match self {
            Self::New => true,
            Self::Same(id) => booked.id < id,
            Self::Corrects(id) => booked.id != id,
        }
    }
}

impl Ledger {
    /// The registers in effect, without their claims.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] if the register of the book cannot be read.
    pub fn registers(portfolio: &Portfolio) -> Result<Vec<Arc<BookedRegister>>, Error> {
        let registers = portfolio.register.read(table::in_effect)?;
        Ok(registers.into_iter().map(Arc::new).collect())
    }

    /// The registers that others have replaced, without their claims.
    ///
    /// # Errors
    ///
    /// As [`Ledger::registers`].
    pub fn replaced(portfolio: &Portfolio) -> Result<Vec<Arc<BookedRegister>>, Error> {
        let registers = portfolio.register.read(table::replaced)?;
        Ok(registers.into_iter().map(Arc::new).collect())
    }

    /// The claims of these insured in the registers in effect.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] if the register cannot be read, [`Error::Damaged`] if a file of claims is missing or changed.
    pub fn read(portfolio: &Portfolio, wanted: &InsuredKeys) -> Result<Self, Error> {
        let is_wanted =
            |contract: &str, ordinal: u32| wanted.get(contract).is_some_and(|ordinals| ordinals.contains(&ordinal));
        let claims = read_claims(portfolio, &Self::registers(portfolio)?, is_wanted)?;
        let lists = portfolio.register.read(|book| SentLists::read(book, is_wanted))?;
        Ok(Self { claims, lists: Arc::new(lists) })
    }

    /// Every claim of one register in effect.
    ///
    /// # Errors
    ///
    /// As [`Ledger::read`].
    pub fn read_register(portfolio: &Portfolio, id: i64) -> Result<Vec<BookedClaim>, Error> {
        let mut registers = Self::registers(portfolio)?;
        registers.retain(|booked| booked.id == id);
        read_claims(portfolio, &registers, |_, _| true)
    }

    /// Calls `visit` with every row group of the registers that were in effect before a run, in the order of the registers and rows, and
    /// returns the number of registers.
    ///
    /// # Errors
    ///
    /// As [`Ledger::read`], and the first error of `visit`.
    pub fn for_each_group(
        portfolio: &Portfolio,
        before: i64,
        mut visit: impl FnMut(&BookedRegister, &ClaimRows) -> Result<(), Error>,
    ) -> Result<usize, Error> {
        let registers = portfolio.register.read(|register| table::in_effect_before(register, before))?;
        let registers: Vec<Arc<BookedRegister>> = registers.into_iter().map(Arc::new).collect();
        let mut outcome = Ok(());
        read_groups(
            portfolio,
            &registers,
            |register, rows| Some((Arc::clone(register), rows)),
            |(register, rows)| {
                if outcome.is_ok() {
                    outcome = visit(&register, &rows);
                }
            },
        )?;
        outcome.map(|()| registers.len())
    }

    /// Every claim of a clinic in the registers in effect.
    ///
    /// # Errors
    ///
    /// As [`Ledger::read`].
    pub fn read_clinic(portfolio: &Portfolio, clinic: &str) -> Result<Vec<BookedClaim>, Error> {
        let mut registers = Self::registers(portfolio)?;
        registers.retain(|booked| folded(&booked.clinic) == folded(clinic));
        read_claims(portfolio, &registers, |_, _| true)
    }
}

/// The claims of registers, in the order of the registers and rows.
fn read_claims(
    portfolio: &Portfolio,
    registers: &[Arc<BookedRegister>],
    is_wanted: impl Fn(&str, u32) -> bool + Sync,
) -> Result<Vec<BookedClaim>, Error> {
    let mut claims = Vec::new();
    read_groups(
        portfolio,
        registers,
        |register, rows| {
            let is_wanted = |at: &usize| {
                let contract = &rows.contract[*at];
                is_wanted(if contract.is_empty() { &rows.entitled[*at] } else { contract }, rows.insured[*at])
            };
            let wanted = (0..rows.len()).filter(is_wanted);
            wanted.map(|at| booked_claim(&rows, at, register)).collect::<Option<Vec<_>>>()
        },
        |read| claims.extend(read),
    )?;
    Ok(claims)
}

/// The number of files that are read at once; a register has one.
const FILES_AT_ONCE: usize = 32;

/// Reads the row groups of registers on all threads with `read`, which returns `None` for rows that no program has written, and gives the
/// results to `add` in the order of the registers and rows.
fn read_groups<T: Send>(
    portfolio: &Portfolio,
    registers: &[Arc<BookedRegister>],
    read: impl Fn(&Arc<BookedRegister>, ClaimRows) -> Option<T> + Sync,
    mut add: impl FnMut(T),
) -> Result<(), Error> {
    let damaged = |damage: Damage| damage.into_error(portfolio.folder());
    let mut files = portfolio.files()?;
    let stored: Vec<(&Arc<BookedRegister>, i64)> =
        registers.iter().filter_map(|register| Some((register, register.file?))).collect();
    for batch in stored.chunks(FILES_AT_ONCE) {
        files.close_if_many();
        let groups = batch.par_iter().map(|(register, file)| {
            let reader = files.get(*file)?;
            let groups = (0..reader.groups().len()).into_par_iter().map(|group| {
                let rows = ClaimRows::read(reader, group)?;
                read(register, rows).ok_or_else(|| reader.damage())
            });
            collect_in_order(groups)
        });
        let groups = collect_in_order(groups).map_err(damaged)?;
        groups.into_iter().flatten().for_each(&mut add);
    }
    Ok(())
}

/// The claim of a row; `None` if no program has written such a row.
fn booked_claim(rows: &ClaimRows, at: usize, register: &Arc<BookedRegister>) -> Option<BookedClaim> {
    Some(BookedClaim {
        register: Arc::clone(register),
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
        quantity: rows.quantity[at],
        amount: Kopecks::new(rows.amount[at].into()),
        verdict: Verdict::parse(&rows.verdict[at])?,
        shares: rows.shares(at),
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
        let message = message.with("file", self.file_name.as_str()).with("clinic", self.clinic.as_str());
        match self.period.filter(|_| !self.number.is_empty()) {
            Some(period) => message.with("period", period_message(period)),
            None => message.with("period", ""),
        }
    }
}

/// A period for a reader, to follow a register's number.
fn period_message(period: Period) -> Message {
    Message::new("register-period").with("first", format_day(period.first())).with("last", format_day(period.last()))
}
