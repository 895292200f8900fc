//! The export of a book: its contracts, insured, lines, charges, payments and claims as they stand, one row once.
//!
//! Each table is a Parquet file with documented columns, and a sheet of one workbook. `sum(premium)` over `lines.parquet` is the written
//! premium of the book; `sum(amount)` over `charges.parquet` is the same. The book's own files hold superseded rows beside these.

pub(crate) mod table;
mod tables;
pub mod writer;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::progress::{Progress, Stage};
use crate::output::folder::Folder;
use crate::output::parquet::io_error::write_error;
use crate::output::xlsx;
use crate::output::xlsx::WorkbookError;
use crate::portfolio::book::Portfolio;
use crate::portfolio::charges::ChargeReader;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::day_state::as_of;
use crate::portfolio::files::Files;
use crate::portfolio::policy_number::policy_number;
use crate::portfolio::premium::charge::Charge;
use crate::portfolio::register;
use crate::portfolio::register::EVERYTHING;
use crate::portfolio::register::payments::ListedPayment;
use crate::portfolio::register::versions::VersionKind;
use crate::portfolio::rows::value::kopecks;
use crate::portfolio::rows::{CellRows, ContractRows, InsuredRows, LineRows};
use crate::portfolio::store::Damage;
use crate::tariff::EditionId;
use table::Table;
use tables::{Charges, Contracts, InsuredPeriods, Lines, Payments, VERSION};
use writer::{Sheets, TableFile};

/// The name of the workbook.
const WORKBOOK: &str = "export.xlsx";
/// The number of lines that are kept in memory.
const LINES_AT_ONCE: usize = 100_000;
/// The number of contracts whose charges are read together.
const CONTRACTS_AT_ONCE: usize = 64;

/// What is exported.
#[derive(Debug, Clone, Copy)]
pub struct Request<'r> {
    /// The day: events, price changes and payments of later days are left out.
    pub as_of: Date,
    /// The run after which the book was as it is exported; the last one by default.
    pub known_at: Option<i64>,
    /// The folder of the result.
    pub out: &'r Path,
}

/// The number of rows of each table.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Contracts.
    pub contracts: usize,
    /// Periods of insured.
    pub insured: usize,
    /// Lines.
    pub lines: usize,
    /// Charges.
    pub charges: usize,
    /// Payments.
    pub payments: usize,
    /// The written premium.
    pub written: Kopecks,
    /// The paid premium.
    pub paid: Kopecks,
    /// Whether the tables fit into a workbook.
    pub has_workbook: bool,
}

/// Writes a table that another room knows, and its sheet, as the book was known before a run; returns the documentation of the table.
pub type MoreTables<'m> = dyn FnMut(&Folder, &mut Sheets, i64) -> Result<Value, Error> + 'm;

/// Exports a book; `more` adds a table of another room.
///
/// # Errors
///
/// [`Error::Damaged`] where rows are not as they were written; [`Error::Io`], [`Error::Parquet`], [`Error::Workbook`] where the result cannot
/// be written; as `more`.
pub fn export(
    book: &Portfolio,
    request: &Request<'_>,
    more: &mut MoreTables<'_>,
    progress: &dyn Progress,
) -> Result<Exported, Error> {
    let next = book.register.read(register::next_run)?;
    let before = request.known_at.map_or(next, |run| run.saturating_add(1).min(next));
    book.prove(EVERYTHING)?;
    let folder = Folder::stage(request.out)?;
    let refused = |fault| xlsx::write_error(&folder, WORKBOOK, fault);
    let mut output = Output::create(&folder).map_err(refused)?;
    let contracts = book.register.read(|register| register::contracts(register, before))?;
    progress.begin_stage(Stage::Verifying, Some(contracts.len() as u64));
    let mut files = book.files()?;
    let mut terms = book.terms();
    let mut charge_reader = ChargeReader::new(book, before).until(request.as_of);
    for contracts in contracts.chunks(CONTRACTS_AT_ONCE) {
        let mut exported = Vec::with_capacity(contracts.len());
        for contract in contracts {
            let tariff = terms.tariff(contract)?.id();
            let payments = book.register.read(|register| register::payments(register, contract.id, before))?;
            let state =
                book.register.read(|register| ContractState::known_before(register, contract.clone(), before))?;
            let state = as_of(book, state, before, request.as_of, &payments)?;
            exported.extend(state.map(|state| (state, tariff, payments)));
        }
        let states: Vec<&ContractState> = exported.iter().map(|(state, ..)| state).collect();
        let charges = charge_reader.read(&files, &states)?;
        files.close_if_many();
        for ((state, tariff, payments), charges) in exported.iter().zip(charges) {
            output.add(book, &files, (state, tariff), payments, &charges, request.as_of)?;
            if output.batch.lines.number.len() >= LINES_AT_ONCE {
                output.flush().map_err(refused)?;
                files.close_others(&BTreeSet::new());
            }
        }
        progress.advance(contracts.len() as u64);
    }
    let (exported, documented) = output.finish(|folder, sheets| more(folder, sheets, before)).map_err(refused)?;
    let tables = [
        Contracts::schema(),
        InsuredPeriods::schema(),
        Lines::schema(),
        Charges::schema(),
        Payments::schema(),
        documented,
    ];
    folder.write_json("schema.json", &json!({ "version": VERSION, "tables": tables }))?;
    folder.seal(&json!({
        "as_of": request.as_of.to_string(),
        "known_at": before - 1,
        "version": VERSION,
        "written": exported.written.to_string(),
    }))?;
    folder.publish()?;
    Ok(exported)
}

/// The rows that wait to be written.
#[derive(Default)]
struct Batch {
    contracts: Contracts,
    insured: InsuredPeriods,
    lines: Lines,
    charges: Charges,
    payments: Payments,
}

/// The files of the export.
struct Output<'f> {
    folder: &'f Folder,
    files: [TableFile<'f>; 5],
    sheets: Sheets,
    batch: Batch,
    counts: Exported,
}

impl<'f> Output<'f> {
    fn create(folder: &'f Folder) -> Result<Self, WorkbookError> {
        let mut sheets = Sheets::new()?;
        sheets.add::<Contracts>()?;
        sheets.add::<InsuredPeriods>()?;
        sheets.add::<Lines>()?;
        sheets.add::<Charges>()?;
        sheets.add::<Payments>()?;
        let files = [
            TableFile::create::<Contracts>(folder)?,
            TableFile::create::<InsuredPeriods>(folder)?,
            TableFile::create::<Lines>(folder)?,
            TableFile::create::<Charges>(folder)?,
            TableFile::create::<Payments>(folder)?,
        ];
        Ok(Self { folder, files, sheets, batch: Batch::default(), counts: Exported::default() })
    }

    /// Adds the rows of a contract.
    fn add(
        &mut self,
        book: &Portfolio,
        files: &Files,
        (state, tariff): (&ContractState, &EditionId),
        payments: &[ListedPayment],
        charges: &[Charge],
        as_of: Date,
    ) -> Result<(), Error> {
        let damaged = |damage: Damage| damage.into_error(book.folder());
        let ContractRows { insured, cells, lines } = state.all_rows(&book.register, files)?.map_err(damaged)?;
        let written = self.add_lines(state, &cells, &lines).ok_or_else(|| contradiction(book, state))?;
        if written != state.version().written {
            return Err(contradiction(book, state));
        }
        self.add_contract(state, &insured, &lines, as_of);
        self.batch.contracts.tariff.push(tariff.code.clone());
        self.batch.contracts.tariff_sha256.push(tariff.sha256.clone());
        self.add_insured(state, &insured);
        self.add_charges(state, charges);
        for payment in payments.iter().filter(|payment| payment.day <= as_of) {
            let rows = &mut self.batch.payments;
            rows.number.push(state.contract.number.clone());
            rows.day.push(days_since_1970(payment.day));
            rows.amount.push(kopecks(payment.amount));
            rows.document.push(payment.document.clone());
            rows.run.push(whole(payment.run));
        }
        self.counts.written += written;
        self.counts.paid += state.paid;
        Ok(())
    }

    /// Adds the lines with the price changes since they were written; returns their premium with the expenses.
    fn add_lines(&mut self, state: &ContractState, cells: &CellRows, lines: &LineRows) -> Option<Kopecks> {
        let premiums = state.line_premiums(cells, lines)?;
        let mut written = Kopecks::ZERO;
        let rows = &mut self.batch.lines;
        for (at, premium) in premiums.into_iter().enumerate() {
            let cell = lines.cell[at] as usize;
            written += premium;
            rows.number.push(state.contract.number.clone());
            rows.kind.push("cover".to_owned());
            rows.insured.push(Some(lines.insured[at]));
            rows.plan.push(Some(cells.plan[cell].clone()));
            rows.programme.push(Some(cells.programme[cell].clone()));
            rows.risk_group.push(Some(cells.risk_group[cell]));
            rows.age_from.push(Some(cells.age_from[cell]));
            rows.age_to.push(Some(cells.age_to[cell]));
            rows.sum_insured.push(lines.sum_insured[at]);
            rows.rate.push(Some(cells.rate[cell].clone()));
            rows.start.push(lines.start[at]);
            rows.end.push(lines.end[at]);
            rows.premium.push(kopecks(premium));
        }
        let version = state.version();
        if version.expenses != Kopecks::ZERO {
            let end = days_since_1970(state.last_day());
            rows.number.push(state.contract.number.clone());
            rows.kind.push("expenses".to_owned());
            rows.insured.push(None);
            rows.plan.push(None);
            rows.programme.push(None);
            rows.risk_group.push(None);
            rows.age_from.push(None);
            rows.age_to.push(None);
            rows.sum_insured.push(0);
            rows.rate.push(None);
            rows.start.push(end);
            rows.end.push(end);
            rows.premium.push(kopecks(version.expenses));
        }
        Some(written + version.expenses)
    }

    fn add_contract(&mut self, state: &ContractState, insured: &InsuredRows, lines: &LineRows, as_of: Date) {
        let version = state.version();
        let (on, last) = (days_since_1970(as_of), days_since_1970(state.last_day()));
        let covers = |at: &usize| insured.start[*at] <= on && on <= insured.end[*at].min(last);
        let covered = (0..insured.insured.len()).filter(covers).count();
        let is_annulled = version.kind == VersionKind::Annulled && version.lines == 0;
        let status = match version.ended {
            Some(_) if is_annulled => "annulled",
            Some(_) => "ended",
            None => "in-force",
        };
        let rows = &mut self.batch.contracts;
        rows.number.push(state.contract.number.clone());
        rows.policyholder.push(state.contract.policyholder.clone());
        rows.start.push(days_since_1970(state.contract.first_day));
        rows.end.push(last);
        rows.status.push(status.to_owned());
        rows.insured.push(u32::try_from(covered).unwrap_or(u32::MAX));
        rows.lines.push(u32::try_from(lines.insured.len()).unwrap_or(u32::MAX));
        rows.written.push(kopecks(version.written));
        rows.expenses.push(kopecks(version.expenses));
        rows.paid.push(kopecks(state.paid));
    }

    fn add_insured(&mut self, state: &ContractState, insured: &InsuredRows) {
        let rows = &mut self.batch.insured;
        for at in 0..insured.insured.len() {
            rows.number.push(state.contract.number.clone());
            rows.insured.push(insured.insured[at]);
            rows.person.push(insured.person_of(at));
            rows.id.push(insured.id[at].clone());
            let number = policy_number(insured, at, &state.contract.number, state.contract.headcount);
            rows.policy_number.push(number.map(Cow::into_owned));
            rows.name.push(insured.name[at].clone());
            rows.birth_date.push(insured.birth_date[at]);
            rows.relation.push(insured.relation[at].clone());
            rows.head.push(insured.head[at]);
            rows.plan.push(insured.plan[at].clone());
            rows.age.push(insured.age[at]);
            rows.risk_group.push(insured.risk_group[at]);
            rows.start.push(insured.start[at]);
            rows.end.push(insured.end[at]);
        }
    }

    fn add_charges(&mut self, state: &ContractState, charges: &[Charge]) {
        let rows = &mut self.batch.charges;
        for charge in charges {
            let Some(version) = state.versions.iter().find(|version| version.run == charge.run) else { continue };
            rows.number.push(state.contract.number.clone());
            rows.run.push(whole(charge.run));
            rows.kind.push(version.kind.as_str().to_owned());
            rows.valid_from.push(days_since_1970(version.from_day));
            rows.price_change.push(version.change.clone());
            rows.corrects.push((charge.of != charge.run).then(|| whole(charge.of)));
            rows.due.push(days_since_1970(charge.due));
            rows.amount.push(kopecks(charge.amount));
        }
    }

    /// Writes the waiting rows.
    fn flush(&mut self) -> Result<(), WorkbookError> {
        let Batch { contracts, insured, lines, charges, payments } = std::mem::take(&mut self.batch);
        self.counts.contracts += contracts.number.len();
        self.counts.insured += insured.number.len();
        self.counts.lines += lines.number.len();
        self.counts.charges += charges.number.len();
        self.counts.payments += payments.number.len();
        let frames = [contracts.frame(), insured.frame(), lines.frame(), charges.frame(), payments.frame()];
        for (place, frame) in frames.into_iter().enumerate() {
            let frame = frame.map_err(|fault| write_error(self.folder.staging_path(), &fault))?;
            self.files[place].write(&frame)?;
            self.sheets.write(place, &frame)?;
        }
        Ok(())
    }

    /// Completes the files, after `more` has added a table; returns what it returns.
    fn finish<T>(
        mut self,
        more: impl FnOnce(&Folder, &mut Sheets) -> Result<T, Error>,
    ) -> Result<(Exported, T), WorkbookError> {
        self.flush()?;
        self.files.into_iter().try_for_each(TableFile::finish)?;
        let added = more(self.folder, &mut self.sheets)?;
        let has_workbook = self.sheets.finish(self.folder, WORKBOOK)?;
        Ok((Exported { has_workbook, ..self.counts }, added))
    }
}

fn whole(run: i64) -> u32 {
    u32::try_from(run).unwrap_or(u32::MAX)
}

/// The error for a contract whose lines do not add up to its written premium.
fn contradiction(book: &Portfolio, state: &ContractState) -> Error {
    let reason = Message::new("book-contradiction").with("number", state.contract.number.as_str());
    Error::Damaged { folder: book.folder().to_owned(), reason }
}
