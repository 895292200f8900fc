//! Endorsements (дополнительные соглашения): who joins a contract of the book, leaves it or changes plans from a day on.
//!
//! The list of changes is read as rosters are, with one column more, and everybody in it is found in the book for certain or
//! not at all; one row that is wrong refuses the whole. The contract then gets all its rows anew, as a version that says of
//! every line what is written for it; the rows before stay. The rules are `I25`–`I30`, in `docs/portfolio.md`.

pub(crate) mod files;
pub(crate) mod people;
pub mod price;
pub mod rewrite;

use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::days_since_1970;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::base::progress::Progress;
use crate::output::folder::Folder;
use crate::portfolio::Portfolio;
use crate::portfolio::bind::ContractRows;
use crate::portfolio::bind::batch::BatchWriter;
use crate::portfolio::contract_state::Standing;
use crate::portfolio::register;
use crate::portfolio::register::{Segment, Version, VersionKind};
use crate::portfolio::rows::{CellRows, InsuredRows, LineRows, MAX_KOPECKS, Numbers, Rows};
use crate::portfolio::store::Part;
use crate::pricing::cube::Axes;
use crate::pricing::rating::Rating;
use crate::quote::admission::{Admitted, admit};
use crate::quote::contract::{Contract, HeadcountBasis};
use crate::quote::files::write_refused_changes;
use crate::roster::Roster;
use crate::table::value::Action;
use crate::tariff::Tariff;
use people::People;
use price::Prices;
use rewrite::{Changes, Desk, Moves, Rewritten, TouchedLine, in_force};

/// What is to be done.
#[derive(Debug, Clone)]
pub struct Request {
    /// The number of the contract.
    pub number: String,
    /// The list of changes.
    pub changes: PathBuf,
    /// The first day on which they hold.
    pub on: Date,
    /// The share of expenses, where the contract names none and somebody leaves.
    pub expense_load: Option<Decimal>,
    /// Whether the book is left alone.
    pub dry_run: bool,
    /// The folder of the result.
    pub out: PathBuf,
    /// The folder of what is wrong with a list that is refused.
    pub refused: PathBuf,
    /// The language of diagnostics.
    pub language: Language,
}

/// What became of a request.
#[derive(Debug)]
pub enum Endorsed {
    /// The contract stands as the list of changes wants it.
    Done(Box<Endorsement>),
    /// The list of changes has rows that are wrong; nothing is changed.
    Refused(Box<Roster>),
}

/// A contract before and after its endorsement.
#[derive(Debug)]
pub struct Endorsement {
    /// How it stood.
    pub standing: Standing,
    /// The day from which it stands otherwise.
    pub on: Date,
    /// Its insured, those who have left too.
    pub insured: InsuredRows,
    /// Its cells.
    pub cells: CellRows,
    /// The lines that are closed or opened.
    pub touched: Vec<TouchedLine>,
    /// The people who are moved.
    pub moves: Moves,
    /// How it stands now.
    pub version: Version,
    /// The coefficient of the headcount for new lines (§2.1).
    pub headcount: Decimal,
    /// The list of changes with what is to be looked at.
    pub roster: Roster,
    /// Whether the book had it already.
    pub known: bool,
}

impl Endorsement {
    /// What is charged for the lines that are opened.
    #[must_use]
    pub fn charged(&self) -> Kopecks {
        self.touched.iter().filter(|line| line.end_before.is_none()).map(|line| line.premium_after).sum()
    }

    /// What comes back for the lines that are closed, before expenses.
    #[must_use]
    pub fn returned(&self) -> Kopecks {
        self.touched.iter().map(|line| line.returned).sum()
    }

    /// What of that is kept for expenses.
    #[must_use]
    pub fn expenses(&self) -> Kopecks {
        self.touched.iter().map(|line| line.expenses).sum()
    }
}

/// Endorses a contract of the book, and writes what has been done to the folder of the request.
///
/// The same list for the same day changes nothing when it comes again, and gives the same result.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has no such contract, the day is not one for it or its new headcount makes
/// a choice of the contract unlawful, [`Error::Damaged`] where its rows are not as they were written,
/// [`Error::Io`], [`Error::Register`], [`Error::Parquet`] where something cannot be written; the book is as it was.
pub fn endorse(book: &mut Portfolio, request: &Request, watch: &dyn Progress) -> Result<Endorsed, Error> {
    let refuse = |message: Message| Error::Unlawful { reason: message.with("number", request.number.as_str()) };
    let found = book.register.read(|register| register::contract(register, &request.number))?;
    let bound = found.ok_or_else(|| refuse(Message::new("endorse-number")))?;
    let (tariff, contract) = book.terms().of(&bound)?;
    let outside = || {
        let (first, last) = (bound.first_day.to_string(), bound.last_day.to_string());
        refuse(Message::new("endorse-day").with("first", first).with("last", last))
    };
    let wanted = contract.wanted_changes(&tariff, request.on).ok_or_else(outside)?;
    let mut roster = Roster::read(std::slice::from_ref(&request.changes), &wanted, watch);
    let fingerprint = fingerprint(&roster, request);
    let known = book.register.read(|register| register::endorsement(register, bound.id, &fingerprint))?;
    let next = book.register.read(register::next_run)?;
    let standing = book.register.read(|register| Standing::before(register, bound.clone(), known.unwrap_or(next)))?;
    prove_day(&standing, request).map_err(refuse)?;
    let written = book.register.read(|register| register::applied(register, bound.id, standing.rows_run()))?.len();
    let before = rows(book, &standing)?;
    let on = days_since_1970(request.on);
    let axes = Axes::new(&tariff, &contract);
    let Some((meant, admitted)) = understand(&mut roster, &before.insured, (&contract, &tariff, &axes), on) else {
        write_refused_changes(&roster, &request.refused, &request.number, request.language)?;
        return Ok(Endorsed::Refused(Box::new(roster)));
    };
    let load = load(&contract, &roster, request).map_err(refuse)?;
    let changes = Changes { roster: &roster, meant: &meant, admitted: &admitted };
    let everybody = contract.headcount_basis == HeadcountBasis::Current;
    let headcount = if everybody { headcount_after(&before.insured, &changes, on) } else { bound.headcount };
    let rating = rating(&tariff, &contract, headcount, refuse)?;
    let prices = Prices::new(&standing, written);
    let desk = Desk {
        contract: &contract,
        tariff: &tariff,
        axes: &axes,
        rating: &rating,
        everybody,
        prices: &prices,
        load,
        on,
    };
    let after = desk.rewrite(before, &changes).ok_or_else(|| refuse(Message::new("endorse-unreadable")))?;
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
    let Rewritten { rows: after, touched, moves, .. } = after;
    let endorsement = Endorsement {
        standing,
        on: request.on,
        insured: after.insured.clone(),
        cells: after.cells.clone(),
        touched,
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

/// Whom each row of a list of changes means, and who of them joins or changes plans; none where a row is wrong.
fn understand(
    roster: &mut Roster,
    before: &InsuredRows,
    (contract, tariff, axes): (&Contract, &Tariff, &Axes),
    on: i32,
) -> Option<(Vec<Option<usize>>, Vec<Admitted>)> {
    let meant = people::resolve(roster, &People::new(before, on), contract, on);
    let (admitted, counts) = admit(roster, contract, tariff, axes);
    let is_right = !roster.incomplete && counts.rejected == 0 && counts.referred == 0;
    is_right.then_some((meant, admitted))
}

/// The people who are covered on a day or later, after the changes (`I28`).
fn headcount_after(before: &InsuredRows, changes: &Changes<'_>, on: i32) -> u32 {
    let listed = &changes.roster.insured;
    let left = (0..listed.len()).filter(|at| listed.action(*at) == Some(Action::Leave)).count();
    let joined = changes.admitted.iter().filter(|admitted| changes.meant[admitted.at as usize].is_none()).count();
    u32::try_from((in_force(before, on) as usize + joined).saturating_sub(left)).unwrap_or(u32::MAX)
}

/// The rating by the headcount of after. Where the terms do not allow that, they cannot be corrected: they are the book's (`I28`).
fn rating<'c>(
    tariff: &'c Tariff,
    contract: &'c Contract,
    headcount: u32,
    refuse: impl Fn(Message) -> Error,
) -> Result<Rating<'c>, Error> {
    // a contract that everybody has left has nobody to be priced
    match Rating::new(tariff, contract, headcount.max(1)) {
        // the choice for the headcount is the one thing that can be wrong
        Err(Error::Refused { mut faults, .. }) if !faults.is_empty() => {
            let reason = faults.swap_remove(0).message;
            Err(refuse(Message::new("endorse-terms").with("headcount", headcount).with("reason", reason)))
        }
        rated => rated,
    }
}

/// What tells an endorsement of a contract from another.
fn fingerprint(roster: &Roster, request: &Request) -> String {
    let load = request.expense_load.map(|load| load.normalize().to_string()).unwrap_or_default();
    let files: Vec<&str> = roster.files.iter().map(|file| file.sha256.as_str()).collect();
    sha256(format!("{}\n{load}\n{}\n", request.on, files.join("\n")).as_bytes())
}

/// Whether a contract can be endorsed on a day: it is in force, and no endorsement has come for a later one.
fn prove_day(standing: &Standing, request: &Request) -> Result<(), Message> {
    if let Some(ended) = standing.refused_on() {
        return Err(Message::new("endorse-ended").with("ended", ended.to_string()));
    }
    let endorsed = standing.versions.iter().filter(|version| version.kind == VersionKind::Endorsed);
    match endorsed.map(|version| version.from_day).max() {
        Some(last) if last > request.on => Err(Message::new("endorse-earlier").with("last", last.to_string())),
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

/// All rows of a contract as they stand.
fn rows(book: &Portfolio, standing: &Standing) -> Result<ContractRows, Error> {
    let files = book.files()?;
    let damaged =
        |damage: crate::portfolio::store::Damage| Error::Damaged { folder: book.folder().to_owned(), reason: damage.0 };
    Ok(ContractRows {
        insured: standing.rows::<InsuredRows>(&book.register, &files, Part::Insured)?.map_err(damaged)?,
        cells: standing.rows::<CellRows>(&book.register, &files, Part::Cells)?.map_err(damaged)?,
        lines: standing.rows::<LineRows>(&book.register, &files, Part::Lines)?.map_err(damaged)?,
    })
}

/// Makes an endorsement true: the rows stand in the book, and one commit names them.
fn commit(
    book: &mut Portfolio,
    endorsement: &Endorsement,
    mut rows: ContractRows,
    fingerprint: &str,
) -> Result<(), Error> {
    let contract = &endorsement.standing.contract;
    let lengths = [rows.insured.len(), rows.cells.len(), rows.lines.len()];
    rows.insured.number = Numbers::of(&contract.number, lengths[0]);
    rows.cells.number = Numbers::of(&contract.number, lengths[1]);
    rows.lines.number = Numbers::of(&contract.number, lengths[2]);
    let mut sheaves = BatchWriter::default();
    sheaves.add(book, rows)?;
    let stored = sheaves.end(book)?;
    book.register.commit("endorse", |commit, run| {
        register::add_version(commit, contract.id, &Version { run, ..endorsement.version.clone() })?;
        for (stored, rows) in stored.iter().zip(lengths) {
            let file = register::add_file(commit, run, stored)?;
            register::add_segment(commit, contract.id, run, &Segment { file, first_row: 0, rows: rows as u64 })?;
        }
        register::add_endorsement(commit, run, contract.id, fingerprint)
    })
}

/// The folder of an endorsement's result, `output/endorse-<number>-<day>`, and that of a refused list, which leaves an earlier result alone.
#[must_use]
pub fn folders(number: &str, on: Date) -> [PathBuf; 2] {
    let name = format!("endorse-{}-{on}", crate::output::folder::folder_name(number));
    let output = Path::new("output");
    [output.join(&name), output.join(format!("{name}-refused"))]
}
