//! Endorsements (дополнительные соглашения): insured join a contract of the book, leave it or change plans from a day on.
//!
//! The list of changes is read like a roster with one more column. Each row has to match exactly one insured of the book, and one wrong
//! row refuses the list. All rows of the contract are written again, with the premium of every line; the earlier rows stay in the book. The
//! rules are `I25`–`I30`, in `docs/portfolio.md`.

mod endorsement;
mod files;
mod matching;
pub mod rewrite;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::progress::Progress;
use crate::output::folder::Folder;
use crate::portfolio::batch_writer::BatchWriter;
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::register;
use crate::portfolio::register::files::Segment;
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::rows::{ContractRows, InsuredRows, MAX_KOPECKS, Rows};
use crate::portfolio::store::{Damage, FileKind};
use crate::portfolio::warning::Warning;
use crate::pricing::cube::Axes;
use crate::pricing::rating::Rating;
use crate::quote::admission::{Admitted, admit};
use crate::quote::contract::{Contract, HeadcountBasis};
use crate::quote::files::write_refused_changes;
use crate::roster::Roster;
use crate::roster::value::Action;
use crate::tariff::Tariff;
pub use endorsement::{Endorsement, Request};
use matching::CoveredInsured;
use rewrite::{Changes, Endorser, Rewritten, in_force};

/// The outcome of a request.
#[derive(Debug)]
pub enum Endorsed {
    /// The contract is endorsed.
    Done(Box<Endorsement>),
    /// The list of changes has wrong rows; nothing is changed.
    Refused(Box<Roster>),
}

/// Endorses a contract of the book, and writes the result to the folder of the request.
///
/// The same list for the same day again changes nothing and gives the same result.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has no such contract, the day is not one for it or its new headcount makes
/// a choice of the contract unlawful, [`Error::Damaged`] where its rows are not as they were written,
/// [`Error::Io`], [`Error::Register`], [`Error::Parquet`] where something cannot be written; the book is as it was.
pub fn endorse(book: &mut Portfolio, request: &Request, progress: &dyn Progress) -> Result<Endorsed, Error> {
    let refuse = |message: Message| Error::Unlawful { reason: message.with("number", request.number.as_str()) };
    let found = book.register.read(|register| register::contract(register, &request.number))?;
    let bound = found.ok_or_else(|| refuse(Message::new("endorse-number")))?;
    let (tariff, contract) = book.terms().parse(&bound)?;
    let outside = || {
        let (first, last) = (bound.first_day.to_string(), bound.last_day.to_string());
        refuse(Message::new("endorse-day").with("first", first).with("last", last))
    };
    let wanted = contract.changes_spec(&tariff, request.on).ok_or_else(outside)?;
    let mut roster = Roster::read(std::slice::from_ref(&request.changes), &wanted, progress)?;
    let fingerprint = fingerprint(&roster, request);
    let known = book.register.read(|register| register::endorsement(register, bound.id, &fingerprint))?;
    let next = book.register.read(register::next_run)?;
    let state =
        book.register.read(|register| ContractState::known_before(register, bound.clone(), known.unwrap_or(next)))?;
    check_day(&state, request).map_err(refuse)?;
    let before = read_rows(book, &state)?;
    let on = days_since_1970(request.on);
    let axes = Axes::new(&tariff, &contract.terms);
    let Some((meant, admitted)) = match_rows(&mut roster, &before.insured, (&contract, &tariff, &axes), on) else {
        write_refused_changes(&roster, &request.refused, &request.number, request.language)?;
        return Ok(Endorsed::Refused(Box::new(roster)));
    };
    let load = load(&contract, &roster, request).map_err(refuse)?;
    let changes = Changes { roster: &roster, meant: &meant, admitted: &admitted };
    let rerate_all = contract.headcount_basis == HeadcountBasis::Current;
    let headcount = if rerate_all { headcount_after(&before.insured, &changes, on) } else { bound.headcount };
    let rating = rating(&tariff, &contract, headcount, refuse)?;
    let endorser = Endorser {
        contract: &contract,
        tariff: &tariff,
        axes: &axes,
        rating: &rating,
        rerate_all,
        prices: &state.prices,
        rows_run: state.rows_run(),
        load,
        on,
    };
    let after = endorser.rewrite(before, &changes).ok_or_else(|| refuse(Message::new("endorse-unreadable")))?;
    if after.written.get() > i128::from(MAX_KOPECKS) {
        return Err(refuse(Message::new("endorse-too-large").with("limit", Kopecks::new(MAX_KOPECKS.into()))));
    }
    let version = Version {
        run: 0,
        kind: VersionKind::Endorsed,
        from_day: request.on,
        insured: in_force(&after.rows.insured, on),
        lines: after.rows.lines.len() as u64,
        written: after.written,
        change: None,
    };
    let Rewritten { rows: after, changed_lines, moves, .. } = after;
    let endorsement = Endorsement {
        state,
        on: request.on,
        insured: after.insured.clone(),
        cells: after.cells.clone(),
        changed_lines,
        moves,
        version,
        headcount: rating.headcount().coefficient,
        roster,
        known: known.is_some(),
    };
    let folder = Folder::stage(&request.out)?;
    files::write(&folder, &endorsement, request)?;
    if !request.dry_run && known.is_none() {
        book.attempt(|book| commit(book, &endorsement, after, &fingerprint))?;
    }
    folder.publish()?;
    Ok(Endorsed::Done(Box::new(endorsement)))
}

/// The insured that each row of a list of changes matches, and the rows to be priced; `None` where a row is wrong.
fn match_rows(
    roster: &mut Roster,
    before: &InsuredRows,
    (contract, tariff, axes): (&Contract, &Tariff, &Axes),
    on: i32,
) -> Option<(Vec<Option<usize>>, Vec<Admitted>)> {
    let meant = matching::match_insured(roster, &CoveredInsured::new(before, on), contract, on);
    let (admitted, counts) = admit(roster, contract, tariff, axes);
    let is_right = !roster.tables.incomplete && counts.rejected == 0 && counts.referred == 0;
    is_right.then_some((meant, admitted))
}

/// The number of insured who are covered on a day or later, after the changes (`I28`).
fn headcount_after(before: &InsuredRows, changes: &Changes<'_>, on: i32) -> u32 {
    let listed = &changes.roster.insured;
    let left = (0..listed.len()).filter(|at| listed.action(*at) == Some(Action::Leave)).count();
    let joined = changes.admitted.iter().filter(|admitted| changes.meant[admitted.at as usize].is_none()).count();
    u32::try_from((in_force(before, on) as usize + joined).saturating_sub(left)).unwrap_or(u32::MAX)
}

/// The rating by the new headcount. Where the terms do not allow it, the endorsement is refused, because the terms in the book are final
/// (`I28`).
fn rating<'c>(
    tariff: &'c Tariff,
    contract: &'c Contract,
    headcount: u32,
    refuse: impl Fn(Message) -> Error,
) -> Result<Rating<'c>, Error> {
    // a contract whose insured have all left has no line to price
    match contract.rating(tariff, headcount.max(1)) {
        // only the choice for the headcount can be wrong
        Err(Error::Refused { mut faults, .. }) if !faults.is_empty() => {
            let reason = faults.swap_remove(0).message;
            Err(refuse(Message::new("endorse-terms").with("headcount", headcount).with("reason", reason)))
        }
        rated => rated,
    }
}

/// SHA-256 of everything that identifies an endorsement of a contract.
fn fingerprint(roster: &Roster, request: &Request) -> String {
    let load = request.expense_load.map(|load| load.normalize().to_string()).unwrap_or_default();
    let files: Vec<&str> = roster.tables.files.iter().map(|file| file.sha256.as_str()).collect();
    sha256(format!("{}\n{load}\n{}\n", request.on, files.join("\n")).as_bytes())
}

/// Checks that a contract can be endorsed on a day: it is in force, and has no endorsement for a later day.
fn check_day(state: &ContractState, request: &Request) -> Result<(), Message> {
    if let Some(ended) = state.refused_on() {
        return Err(Message::new("endorse-ended").with("ended", ended));
    }
    let endorsed = state.versions.iter().filter(|version| version.kind == VersionKind::Endorsed);
    match endorsed.map(|version| version.from_day).max() {
        Some(last) if last > request.on => Err(Message::new("endorse-earlier").with("last", last)),
        _ => Ok(()),
    }
}

/// The share of expenses of those who leave (`I27`).
fn load(contract: &Contract, roster: &Roster, request: &Request) -> Result<Decimal, Message> {
    let leaves = (0..roster.insured.len()).any(|at| roster.insured.action(at) == Some(Action::Leave));
    match (contract.price_terms.expense_load, request.expense_load) {
        (Some(_), Some(_)) => Err(Message::new("endorse-load-twice")),
        (None, None) if leaves => Err(Message::new("endorse-load")),
        (own, asked) => Ok(own.or(asked).unwrap_or_default()),
    }
}

/// Reads all rows of a contract.
fn read_rows(book: &Portfolio, state: &ContractState) -> Result<ContractRows, Error> {
    let files = book.files()?;
    let damaged = |Damage(reason)| Error::Damaged { folder: book.folder().to_owned(), reason };
    Ok(ContractRows {
        insured: state.read_rows(&book.register, &files, FileKind::Insured)?.map_err(damaged)?,
        cells: state.read_rows(&book.register, &files, FileKind::Cells)?.map_err(damaged)?,
        lines: state.read_rows(&book.register, &files, FileKind::Lines)?.map_err(damaged)?,
    })
}

/// Writes the rows into the book, and commits the endorsement.
fn commit(
    book: &mut Portfolio,
    endorsement: &Endorsement,
    mut rows: ContractRows,
    fingerprint: &str,
) -> Result<(), Error> {
    let contract = &endorsement.state.contract;
    let lengths = rows.lengths();
    rows.set_number(&contract.number);
    let mut batches = BatchWriter::default();
    batches.add(book, rows)?;
    let stored = batches.finish(book)?;
    book.register.commit("endorse", |commit, run| {
        register::add_version(commit, contract.id, &Version { run, ..endorsement.version.clone() })?;
        for (stored, rows) in stored.iter().zip(lengths) {
            let file = register::add_file(commit, run, stored)?;
            register::add_segment(commit, contract.id, run, &Segment { file, first_row: 0, rows: rows as u64 })?;
        }
        register::add_warnings(commit, contract.id, run, &Warning::of_tables(&endorsement.roster.tables))?;
        register::add_endorsement(commit, run, contract.id, fingerprint)
    })
}

/// The default folders of an endorsement's result, `output/endorse-<number>-<day>`, and of the diagnostics of a refused list.
#[must_use]
pub fn folders(number: &str, on: Date) -> [PathBuf; 2] {
    let name = format!("endorse-{}-{on}", crate::output::folder_name(number));
    let output = Path::new("output");
    [output.join(&name), output.join(format!("{name}-refused"))]
}
