//! Binding: a contract is priced and put in force.

pub(super) mod batch;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rusqlite::Transaction;

use crate::base::calendar::days_since_1970;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::progress::{Progress, Stage};
use crate::base::source_file::SourceFile;
use crate::portfolio::Portfolio;
use crate::portfolio::register;
use crate::portfolio::register::{BoundContract, Segment, Version, VersionKind};
use crate::portfolio::rows::{CellRows, InsuredRows, LineRows, MAX_KOPECKS, Numbers};
use crate::portfolio::staging::StagingDb;
use crate::portfolio::store::Part;
use crate::quote::contract::Contract;
use crate::quote::rosters::{RosterSource, roster_source};
use crate::quote::{Price, Quote, Status};
use crate::roster::Roster;
use crate::roster::spec::RowKind;
use crate::table::source::FileBytes;
use crate::tariff::Tariff;
use batch::BatchWriter;

/// So many contract files are looked at before the like among them are bound together.
const CONTRACTS_AT_ONCE: usize = 4096;
/// At most so many are priced before their rows are written.
const CONTRACTS_IN_HAND: usize = 64;
/// And rosters of at most so many bytes, unless one alone is larger.
const ROSTER_BYTES_IN_HAND: u64 = 64 << 20;

/// What became of a contract file.
#[derive(Debug)]
pub struct Binding {
    /// The file.
    pub path: PathBuf,
    /// Its number, where that could be read.
    pub number: Option<String>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a contract that was to be bound.
#[derive(Debug)]
pub enum Fate {
    /// It is in force.
    Bound {
        /// Its insured.
        insured: u32,
        /// Its lines.
        lines: u64,
        /// Its premium.
        premium: Kopecks,
    },
    /// The very same is in the book already.
    Known,
    /// It is not bound, and the others are; why, and what to do.
    SetAside(Reason),
}

/// Why a contract is not bound.
#[derive(Debug)]
pub enum Reason {
    /// Its file or its roster is at fault.
    Fault(Error),
    /// Something else.
    Said(Message),
}

/// Numbers that contract files have named.
const TAKEN: &str = "CREATE TABLE taken (number TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;";

/// Prices contracts and puts them in force, all of them in one commit; those that cannot be bound are set aside. What becomes
/// of each file is told as soon as it is known, in the order of their paths; what is bound is in force once this has returned.
///
/// # Errors
///
/// [`Error::Io`], [`Error::Register`] or [`Error::Parquet`] where the book cannot be written; it is as it was.
pub fn bind(
    book: &mut Portfolio,
    paths: &[PathBuf],
    tariff: &Tariff,
    tell: &mut dyn FnMut(Binding),
    watch: &dyn Progress,
) -> Result<(), Error> {
    // whatever the order in which they are named, and however often, the book is the same
    let mut paths = paths.to_vec();
    paths.sort_unstable();
    paths.dedup();
    watch.begin(Stage::Binding, Some(paths.len() as u64));
    let mut sheaves = BatchWriter::default();
    let mut draft = StagingDb::begin(book.begin()?, TAKEN)?;
    let mut entries = Entries::new(book, tariff)?;
    for paths in paths.chunks(CONTRACTS_AT_ONCE) {
        let opened: Vec<_> = paths.par_iter().map(|path| Candidate::open(path, tariff)).collect();
        let is_first = take(&mut draft, opened.iter().filter_map(|opened| opened.as_ref().ok()))?;
        let SortedOut { mut bindings, mut candidates } = sort_out(book, paths, opened, &is_first, tariff)?;
        watch.advance(bindings.len() as u64);
        // the like stand together, so that a change of few programmes reads little of the book
        candidates.sort_by_cached_key(|(_, candidate)| candidate.programmes(tariff));
        let mut rest = candidates.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(in_hand(rest));
            rest = later;
            let priced: Vec<_> = now.par_iter().map(|(_, candidate)| candidate.price(tariff)).collect();
            let mut fresh = Vec::with_capacity(now.len());
            for ((place, candidate), priced) in now.iter().zip(priced) {
                let fate = match priced {
                    Err(reason) => Fate::SetAside(reason),
                    Ok((contract, rows)) => {
                        let file = sheaves.add(book, rows)?;
                        let fate = contract.fate();
                        fresh.push((contract, file));
                        fate
                    }
                };
                bindings.insert(*place, candidate.with_fate(fate));
            }
            draft.add(|draft| fresh.iter().try_for_each(|(contract, file)| entries.add(draft, contract, *file)))?;
            watch.advance(now.len() as u64);
        }
        drop(candidates);
        bindings.into_values().for_each(&mut *tell);
    }
    if entries.any() { book.attempt(|book| commit(book, &draft, sheaves)) } else { Ok(()) }
}

/// Contract files that have been opened.
struct SortedOut {
    /// What has become of those that are not priced, by the place of their paths.
    bindings: BTreeMap<usize, Binding>,
    /// Those that are to be priced, with the places of their paths.
    candidates: Vec<(usize, Candidate)>,
}

/// Tells those that are to be priced from those of which it is known by now what becomes of them.
fn sort_out(
    book: &Portfolio,
    paths: &[PathBuf],
    opened: Vec<Result<Candidate, Error>>,
    is_first: &[bool],
    tariff: &Tariff,
) -> Result<SortedOut, Error> {
    let mut bindings = BTreeMap::new();
    let mut candidates = Vec::new();
    let mut is_first = is_first.iter();
    for (place, (path, opened)) in paths.iter().zip(opened).enumerate() {
        let candidate = match opened {
            Ok(candidate) => candidate,
            Err(fault) => {
                let fate = Fate::SetAside(Reason::Fault(fault));
                bindings.insert(place, Binding { path: path.clone(), number: None, fate });
                continue;
            }
        };
        let number = candidate.contract.number.as_str();
        let known = book.register.read(|register| register::contract(register, number))?;
        let fate = if is_first.next() == Some(&true) {
            known.map(|known| candidate.again(&known, tariff))
        } else {
            Some(Fate::SetAside(Reason::Said(Message::new("bind-twice").with("number", number))))
        };
        match fate {
            Some(fate) => {
                bindings.insert(place, candidate.with_fate(fate));
            }
            None => candidates.push((place, candidate)),
        }
    }
    Ok(SortedOut { bindings, candidates })
}

/// Whether each is the first to name its number.
fn take<'c>(draft: &mut StagingDb, candidates: impl Iterator<Item = &'c Candidate>) -> Result<Vec<bool>, Error> {
    draft.add(|draft| {
        let mut take = draft.prepare_cached("INSERT OR IGNORE INTO taken (number) VALUES (?1)")?;
        candidates.map(|candidate| Ok(take.execute([&candidate.contract.number])? == 1)).collect()
    })
}

/// How many of the candidates are priced at once.
fn in_hand(candidates: &[(usize, Candidate)]) -> usize {
    let mut bytes = 0;
    let fits = |(_, candidate): &&(usize, Candidate)| {
        bytes += candidate.roster_bytes();
        bytes <= ROSTER_BYTES_IN_HAND
    };
    candidates.iter().take(CONTRACTS_IN_HAND).take_while(fits).count().max(1)
}

/// A contract that is priced and waits for the commit.
struct NewContract {
    contract: BoundContract,
    document: SourceFile,
    programmes: Vec<(String, String)>,
    version: Version,
    rows: [usize; 3],
}

impl NewContract {
    fn fate(&self) -> Fate {
        Fate::Bound { insured: self.version.insured, lines: self.version.lines, premium: self.version.written }
    }
}

/// The rows of a contract.
#[derive(Debug, Default)]
pub struct ContractRows {
    /// Its insured.
    pub insured: InsuredRows,
    /// Its cells.
    pub cells: CellRows,
    /// Its lines.
    pub lines: LineRows,
}

/// A contract file that is lawful by itself.
struct Candidate {
    contract: Contract,
    rosters: Vec<PathBuf>,
}

impl Candidate {
    fn open(path: &Path, tariff: &Tariff) -> Result<Self, Error> {
        let contract = Contract::open(path, tariff)?;
        let rosters = match roster_source(&[], &contract)? {
            RosterSource::Files(files, RowKind::Insured) => files,
            RosterSource::Files(..) | RosterSource::Contract(_) => {
                return Err(Error::Unlawful { reason: Message::new("bind-census") });
            }
        };
        Ok(Self { contract, rosters })
    }

    fn with_fate(&self, fate: Fate) -> Binding {
        Binding { path: self.contract.source.path.clone(), number: Some(self.contract.number.clone()), fate }
    }

    fn roster_bytes(&self) -> u64 {
        let bytes = |path: &PathBuf| std::fs::metadata(path).map_or(0, |found| found.len());
        self.rosters.iter().map(bytes).sum()
    }

    /// Which programmes it covers, in the order of the tariff.
    fn programmes(&self, tariff: &Tariff) -> Vec<bool> {
        let covers = || self.contract.plans.iter().flat_map(|plan| &plan.covers);
        (0..tariff.programmes.len()).map(|programme| covers().any(|cover| cover.programme == programme)).collect()
    }

    /// What becomes of it where its number is in the book.
    fn again(&self, known: &BoundContract, tariff: &Tariff) -> Fate {
        let hashes = self.rosters.iter().map(|path| Some(FileBytes::read(path).ok()?.sha256().to_owned()));
        let same = hashes
            .collect::<Option<Vec<String>>>()
            .is_some_and(|rosters| fingerprint(&self.contract, &rosters, tariff) == known.fingerprint);
        if same {
            return Fate::Known;
        }
        Fate::SetAside(Reason::Said(Message::new("bind-another").with("number", known.number.as_str())))
    }

    fn price(&self, tariff: &Tariff) -> Result<(NewContract, ContractRows), Reason> {
        let contract = &self.contract;
        let roster = Roster::read(&self.rosters, &contract.wanted_in_book(tariff), &());
        let hashes: Vec<String> = roster.files.iter().map(|file| file.sha256.clone()).collect();
        let quote = Quote::new(contract, tariff, roster, false).map_err(Reason::Fault)?;
        let (Some(price), Status::Issued) = (&quote.price, quote.status) else {
            return Err(Reason::Said(refusal(&quote, &contract.source.path)));
        };
        let premium = price.totals.premium.chosen;
        if premium.get() > i128::from(MAX_KOPECKS) {
            let message = Message::new("bind-too-large").with("limit", Kopecks::new(MAX_KOPECKS.into()));
            return Err(Reason::Said(message.with("premium", premium)));
        }
        let rows = rows(&quote, price);
        let (first_day, last_day) = contract.days();
        let fresh = NewContract {
            contract: BoundContract {
                id: 0,
                number: contract.number.clone(),
                run: 0,
                policyholder: contract.policyholder.clone(),
                first_day,
                last_day,
                headcount: price.headcount,
                price_terms: contract.price_terms.clone(),
                terms: sha256(contract.source.text.as_bytes()),
                tariff: sha256(tariff.source.text.as_bytes()),
                fingerprint: fingerprint(contract, &hashes, tariff),
            },
            document: contract.source.clone(),
            programmes: levels(contract, tariff),
            version: Version {
                run: 0,
                kind: VersionKind::Bound,
                from_day: first_day,
                insured: price.headcount,
                lines: price.lines.count as u64,
                written: premium,
                change: None,
            },
            rows: [rows.insured.insured.len(), rows.cells.cell.len(), rows.lines.cell.len()],
        };
        Ok((fresh, rows))
    }
}

/// What tells a contract from another: its terms, its rosters' bytes and its tariff.
fn fingerprint(contract: &Contract, rosters: &[String], tariff: &Tariff) -> String {
    let mut text = format!("{}\n{}\n", sha256(contract.source.text.as_bytes()), sha256(tariff.source.text.as_bytes()));
    for roster in rosters {
        let _ = writeln!(text, "{roster}");
    }
    sha256(text.as_bytes())
}

/// Why a quote has no price that could be bound.
fn refusal(quote: &Quote<'_>, path: &Path) -> Message {
    let path = path.display().to_string();
    if quote.roster.incomplete {
        return Message::new("bind-unread").with("path", path);
    }
    Message::new("bind-rows")
        .with("path", path)
        .with("rejected", quote.rows.rejected)
        .with("referred", quote.rows.referred)
}

/// The programmes with the price levels of their covers.
pub(crate) fn levels(contract: &Contract, tariff: &Tariff) -> Vec<(String, String)> {
    let covers = contract.plans.iter().flat_map(|plan| &plan.covers);
    covers.map(|cover| (tariff.programmes[cover.programme].code.clone(), cover.level().to_string())).collect()
}

/// The rows of a quote that is issued, every row of whose roster is priced.
fn rows(quote: &Quote<'_>, price: &Price<'_>) -> ContractRows {
    let Quote { contract, tariff, roster, .. } = quote;
    let columns = &roster.insured;
    let mut rows = ContractRows::default();
    let mut cell_of = vec![u32::MAX; price.axes.cells()];
    for (at, of) in cell_of.iter_mut().enumerate() {
        let Some(cell) = price.lines.cell(at) else { continue };
        let place = price.axes.coordinates(at);
        let plan = &contract.plans[place.plan];
        let (cover, years) = (&plan.covers[place.cover], price.axes.ages[place.step].years);
        *of = u32::try_from(rows.cells.cell.len()).unwrap_or(u32::MAX);
        rows.cells.cell.push(*of);
        rows.cells.plan.push(plan.code.clone());
        rows.cells.programme.push(tariff.programmes[cover.programme].code.clone());
        rows.cells.age_from.push(years.from.into());
        rows.cells.age_to.push(years.to.into());
        rows.cells.risk_group.push(tariff.risk.value[place.risk].group.into());
        rows.cells.level.push(cover.level().to_string());
        rows.cells.rate.push(cell.rate.clone());
    }
    let heads = columns.family_heads();
    for (ordinal, insured) in (1_u32..).zip(&price.lines.admitted) {
        let at = insured.at as usize;
        let cover = columns.cover[at].unwrap_or_else(|| contract.term.period());
        let of = &mut rows.insured;
        of.insured.push(ordinal);
        of.id.push(columns.id.get(at).to_owned());
        of.name.push(columns.name.get(at).to_owned());
        of.birth_date.push(columns.birth_date[at].map_or(0, days_since_1970));
        of.relation.push(columns.relation(at).map(|relation| relation.as_str().to_owned()));
        // every row is priced, so that rows and insured are numbered alike
        of.head.push(heads.as_ref().map(|heads| heads[at] + 1));
        of.plan.push(contract.plans[usize::from(insured.plan)].code.clone());
        of.age.push(insured.age_years.into());
        of.risk_group.push(tariff.risk.value[usize::from(insured.risk)].group.into());
        of.start.push(days_since_1970(cover.first()));
        of.end.push(days_since_1970(cover.last()));
        of.push_contacts(columns.contacts(at).map(|text| Some(text.to_owned()).filter(|text| !text.is_empty())));
        of.person.push(None);
        for line in price.lines.of(insured, contract, &price.axes, columns) {
            rows.lines.insured.push(ordinal);
            rows.lines.cell.push(cell_of[line.cell_at]);
            rows.lines.sum_insured.push(short(line.sum_insured));
            rows.lines.start.push(days_since_1970(line.period.first()));
            rows.lines.end.push(days_since_1970(line.period.last()));
            rows.lines.premium.push(short(line.premium()));
        }
    }
    rows.insured.number = Numbers::of(&contract.number, rows.insured.insured.len());
    rows.cells.number = Numbers::of(&contract.number, rows.cells.cell.len());
    rows.lines.number = Numbers::of(&contract.number, rows.lines.cell.len());
    rows
}

/// An amount of a contract that is not over the limit.
fn short(amount: Kopecks) -> i64 {
    i64::try_from(amount.get()).unwrap_or(MAX_KOPECKS)
}

/// What the register will be told of the contracts, in the order of their rows.
struct Entries<'e> {
    tariff: &'e Tariff,
    run: i64,
    first: i64,
    next: i64,
    /// Which of the files of each part is being filled.
    file: usize,
    /// Where the rows of the next contract begin in it.
    first_rows: [u64; 3],
}

impl<'e> Entries<'e> {
    fn new(book: &Portfolio, tariff: &'e Tariff) -> Result<Self, Error> {
        let first = book.register.read(register::next_contract)?;
        let run = book.register.read(register::next_run)?;
        Ok(Self { tariff, run, first, next: first, file: 0, first_rows: [0; 3] })
    }

    fn any(&self) -> bool {
        self.next > self.first
    }

    /// Adds a contract whose rows stand in this one of the files of each part.
    fn add(&mut self, draft: &Transaction<'_>, fresh: &NewContract, file: usize) -> rusqlite::Result<()> {
        if file != self.file {
            (self.file, self.first_rows) = (file, [0; 3]);
        }
        let (id, run) = (self.next, self.run);
        let contract = BoundContract { id, run, ..fresh.contract.clone() };
        for (sha256, document) in [(&contract.tariff, &self.tariff.source), (&contract.terms, &fresh.document)] {
            let name = document.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            register::add_document(draft, sha256, &name, &document.text)?;
        }
        register::add_contract(draft, &contract)?;
        for (programme, level) in &fresh.programmes {
            register::add_programme(draft, id, programme, level)?;
        }
        register::add_version(draft, id, &Version { run, ..fresh.version.clone() })?;
        let files = (file * PARTS.len()) as u64..;
        for ((file, first_row), rows) in files.zip(&mut self.first_rows).zip(fresh.rows) {
            let segment = Segment { file: file.cast_signed(), first_row: *first_row, rows: rows as u64 };
            register::add_segment(draft, id, run, &segment)?;
            *first_row += segment.rows;
        }
        self.next += 1;
        Ok(())
    }
}

/// Makes the contracts true: their files stand in the book, and one commit names them.
fn commit(book: &mut Portfolio, draft: &StagingDb, sheaves: BatchWriter) -> Result<(), Error> {
    let files = sheaves.end(book)?;
    book.register.commit("bind", |commit, run| {
        let files = files.iter().map(|stored| register::add_file(commit, run, stored));
        draft.copy(commit, &files.collect::<rusqlite::Result<Vec<_>>>()?)
    })
}

/// The parts whose rows a bound contract has, in the order of their files.
pub(crate) const PARTS: [Part; 3] = [Part::Insured, Part::Cells, Part::Lines];
