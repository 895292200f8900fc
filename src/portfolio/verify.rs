//! Reading a book back: every byte is as it was written, every figure follows from the rows, and the register says of contracts what
//! their terms say.

pub(crate) mod again;
pub(crate) mod terms;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, Rate};
use crate::base::progress::{Progress, Stage};
use crate::portfolio::contract_state::Standing;
use crate::portfolio::groups::{Groups, RowSlice};
use crate::portfolio::register;
use crate::portfolio::register::{Refusal, Segment, Version, VersionKind};
use crate::portfolio::reprice::refund::Refund;
use crate::portfolio::rows::{CellRows, InsuredRows, LineRows, RateRows, RepricedRows};
use crate::portfolio::store::{Damage, Part, Reader};
use crate::portfolio::terms::{Kept, Terms};
use crate::portfolio::{FILES_AT_ONCE, Files, Portfolio};
use again::Again;

/// At most so many contracts are read back at once.
const CONTRACTS_AT_ONCE: usize = 512;
/// And contracts with so many lines, unless one alone has more.
const LINES_AT_ONCE: u64 = 128 * 1024;
/// So many findings are named.
const NAMED: usize = 50;

/// What was read back.
#[derive(Debug, Default)]
pub struct Verified {
    /// The contracts.
    pub contracts: usize,
    /// The versions of them.
    pub versions: usize,
    /// The lines of all versions that wrote lines.
    pub lines: u64,
    /// The files.
    pub files: usize,
    /// The first things that are wrong: the contract, where it is one's, and what to do.
    pub findings: Vec<(Option<String>, Message)>,
    /// How many things are wrong.
    pub wrong: usize,
}

impl Verified {
    fn find(&mut self, number: Option<&str>, messages: impl IntoIterator<Item = Message>) {
        for message in messages {
            self.wrong += 1;
            if self.findings.len() < NAMED {
                self.findings.push((number.map(str::to_owned), message));
            }
        }
    }
}

/// Reads everything back: each file's bytes, that each row of each file belongs to exactly one contract, each contract's
/// columns in the register against its terms, and each of its versions against its rows. Contracts pass by in the order of their rows, and none is kept.
///
/// # Errors
///
/// [`Error::Register`] where the register itself cannot be read.
pub fn verify(book: &Portfolio, watch: &dyn Progress) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    if let Some(fault) = book.register.read(register::integrity)? {
        verified.find(None, [Message::new("verify-register").with("reason", fault)]);
    }
    let mut files = book.files()?;
    watch.begin(Stage::Verifying, Some(book.register.read(register::count)?));
    verified.files = files.ids().len();
    for ids in files.ids().chunks(FILES_AT_ONCE) {
        let damaged: Vec<Message> = ids.par_iter().filter_map(|id| damage(&files, *id)).collect();
        verified.find(None, damaged);
        files.close_others(&BTreeSet::new());
    }
    let next = book.register.read(register::next_run)?;
    let mut terms = book.terms();
    let mut last = 0;
    loop {
        let read = some(book, next, last, &mut terms)?;
        let Some(OfContract { standing, .. }) = read.last() else { break };
        last = standing.contract.id;
        let segments = read.iter().flat_map(|of| &of.segments);
        files.close_others(&segments.map(|(_, _, segment)| segment.file).collect());
        let proof = Proof::read(&files, &read);
        let found: Vec<(u64, Vec<Message>)> = read.par_iter().map(|of| proof.contract(of)).collect();
        for (OfContract { standing, .. }, (lines, messages)) in read.iter().zip(found) {
            verified.lines += lines;
            verified.versions += standing.versions.len();
            verified.find(Some(&standing.contract.number), messages);
        }
        verified.contracts += read.len();
        watch.advance(read.len() as u64);
    }
    let untiled = untiled(book, &files)?;
    verified.find(None, untiled.into_iter().map(|file| Message::new("verify-rows").with("file", file)));
    Ok(verified)
}

/// What is wrong with the bytes of a file.
fn damage(files: &Files, id: i64) -> Option<Message> {
    let prove = |reader: &Reader| (0..reader.groups().len()).try_for_each(|group| reader.prove(group));
    files.get(id).and_then(prove).err().map(|Damage(message)| message)
}

/// What the register has of a contract.
struct OfContract {
    standing: Standing,
    /// Where its rows stand, by the run and the part.
    segments: Vec<(i64, Part, Segment)>,
    /// Its programmes with their price levels.
    levels: Vec<(String, String)>,
    /// Its refusal, with what had been paid by then.
    refusal: Option<(Refusal, Kopecks)>,
    /// Its terms, or what is wrong with them.
    terms: Result<Kept, Message>,
}

/// The next contracts after a place.
fn some(book: &Portfolio, next: i64, after: i64, terms: &mut Terms<'_>) -> Result<Vec<OfContract>, Error> {
    let some = book.register.read(|register| {
        let (mut some, mut lines, mut files) = (Vec::new(), 0, BTreeSet::new());
        register::each_contract_after(register, after, |contract| {
            let segments = register::segments(register, contract.id)?;
            let levels = register::programmes(register, contract.id)?;
            let refusal = register::refusal(register, contract.id)?;
            let paid =
                refusal.as_ref().map(|refusal| register::paid(register, contract.id, refusal.run)).transpose()?;
            let standing = Standing::before(register, contract, next)?;
            lines += segments.iter().map(|(_, _, segment)| segment.rows).sum::<u64>();
            files.extend(segments.iter().map(|(_, _, segment)| segment.file));
            let fits = some.is_empty() || lines <= LINES_AT_ONCE && files.len() <= FILES_AT_ONCE;
            if fits {
                some.push((standing, segments, levels, refusal.zip(paid)));
            }
            Ok(fits && some.len() < CONTRACTS_AT_ONCE)
        })?;
        Ok(some)
    })?;
    let whole = |(standing, segments, levels, refusal): (Standing, _, _, _)| {
        let terms = match terms.kept(&standing.contract) {
            Ok(kept) => Ok(kept),
            Err(Error::Damaged { reason, .. }) => Err(reason),
            Err(Error::Refused { .. }) => Err(unread(&standing)),
            Err(fault) => return Err(fault),
        };
        Ok(OfContract { standing, segments, levels, refusal, terms })
    };
    some.into_iter().map(whole).collect()
}

/// What to say of a contract whose terms this program cannot read.
fn unread(standing: &Standing) -> Message {
    Message::new("book-terms-missing").with("number", standing.contract.number.as_str())
}

/// The files not every row of which belongs to exactly one contract.
fn untiled(book: &Portfolio, files: &Files) -> Result<Vec<String>, Error> {
    // how far the segments have come in a file; none where they leave rows out or share some
    let mut reached: BTreeMap<i64, Option<u64>> = BTreeMap::new();
    book.register.read(|register| {
        register::each_segment(register, |segment| {
            let next = reached.entry(segment.file).or_insert(Some(0));
            *next = next.filter(|next| *next == segment.first_row).map(|next| next + segment.rows);
        })
    })?;
    let mut untiled = Vec::new();
    for id in files.ids().iter() {
        let Some(stored) = files.stored(*id) else { continue };
        if reached.get(id).copied().unwrap_or(Some(0)) != Some(stored.rows()) {
            untiled.push(stored.name.clone());
        }
    }
    Ok(untiled)
}

/// The rows of some contracts.
struct Proof<'f> {
    insured: Groups<'f, InsuredRows>,
    cells: Groups<'f, CellRows>,
    /// The cells once more, of contracts whose prices have changed.
    rates: Groups<'f, RateRows>,
    lines: Groups<'f, LineRows>,
    repriced: Groups<'f, RepricedRows>,
}

impl<'f> Proof<'f> {
    fn read(files: &'f Files, contracts: &[OfContract]) -> Self {
        let of = |wanted: Part| {
            let segments = contracts.iter().flat_map(|of| &of.segments);
            segments.filter(move |(_, part, _)| *part == wanted).map(|(_, _, segment)| *segment)
        };
        let has_changed = |of: &&OfContract| of.standing.versions.iter().any(|version| version.change.is_some());
        let changed = contracts.iter().filter(has_changed).flat_map(|of| &of.segments);
        let changed = changed.filter(|(_, part, _)| *part == Part::Cells).map(|(_, _, segment)| *segment);
        Self {
            insured: Groups::read(files, of(Part::Insured)),
            cells: Groups::read(files, of(Part::Cells)),
            rates: Groups::read(files, changed),
            lines: Groups::read(files, of(Part::Lines)),
            repriced: Groups::read(files, of(Part::Repriced)),
        }
    }

    /// The lines of a contract, and what is wrong with it.
    fn contract(&self, of: &OfContract) -> (u64, Vec<Message>) {
        let mut found: Vec<Message> = said_otherwise(of).into_iter().collect();
        let mut lines = 0;
        for (place, version) in of.standing.versions.iter().enumerate() {
            let before = &of.standing.versions[..place];
            let outcome = match version.kind {
                VersionKind::Bound | VersionKind::Endorsed => {
                    lines += version.lines;
                    self.whole(of, version)
                }
                VersionKind::Repriced => self.repriced(of, version, before),
                VersionKind::Refused => self.refused(of, version, before),
            };
            match outcome {
                Ok(true) => {}
                Ok(false) => found.push(
                    Message::new("verify-version")
                        .with("kind", version.kind.as_str())
                        .with("from", version.from_day.to_string()),
                ),
                Err(Damage(message)) => found.push(message),
            }
        }
        found.dedup();
        (lines, found)
    }

    /// Whether a version that wrote all rows is what they add up to.
    fn whole(&self, of: &OfContract, version: &Version) -> Result<bool, Damage> {
        let [insured, cells, lines] =
            [Part::Insured, Part::Cells, Part::Lines].map(|part| of.segment(version.run, part));
        let (insured, cells, lines) = (self.insured.of(insured)?, self.cells.of(cells)?, self.lines.of(lines)?);
        let ordinals = each(&insured, |rows, at| rows.insured[at]);
        let in_order = ordinals.zip(1_u32..).all(|(ordinal, place)| ordinal == place);
        let rates: Vec<Option<Rate>> = each(&cells, |rows, at| Rate::as_written(&rows.rate[at])).collect();
        let prepared: Vec<_> = rates.iter().flatten().map(|rate| rate.prepare(of.standing.year_days())).collect();
        let mut keys = BTreeSet::new();
        let (mut count, mut written) = (0_u64, Kopecks::ZERO);
        let mut alright = in_order && prepared.len() == rates.len();
        for RowSlice { rows, range } in &lines {
            for at in range.clone() {
                let premium = Kopecks::new(rows.premium[at].into());
                count += 1;
                written += premium;
                alright &= keys.insert((rows.insured[at], rows.cell[at], rows.start[at]));
                let Some(rate) = prepared.get(rows.cell[at] as usize) else { return Ok(false) };
                if version.kind == VersionKind::Bound {
                    let days = u32::try_from(rows.end[at] - rows.start[at] + 1).unwrap_or(0);
                    alright &= rate.premium(Kopecks::new(rows.sum_insured[at].into()), days) == premium;
                }
            }
        }
        Ok(alright && count == version.lines && written == version.written)
    }

    /// Whether a version that repriced lines differs from the one before by what its lines add up to, and these are what the
    /// coefficients that the register has applied do to the lines of before.
    fn repriced(&self, of: &OfContract, version: &Version, before: &[Version]) -> Result<bool, Damage> {
        let (Some(last), Some(stood)) = (before.last(), of.standing.earlier(version.run)) else { return Ok(false) };
        let repriced = self.repriced.of(of.segment(version.run, Part::Repriced))?;
        let change = each(&repriced, |rows, at| i128::from(rows.additional[at]) - i128::from(rows.credit[at])).sum();
        let applied = of.standing.applied.iter().filter(|applied| applied.run == version.run);
        let coefficients = applied.map(|applied| (applied.programme.clone(), applied.coefficient)).collect();
        let lines = self.lines.of(of.segment(stood.rows_run(), Part::Lines))?;
        let cells = self.rates.of(of.segment(stood.rows_run(), Part::Cells))?;
        let again = Again::new(&stood, &cells, &lines, &coefficients, version.from_day);
        Ok(last.written + Kopecks::new(change) == version.written
            && again.is_some_and(|again| again.is_written(&repriced)))
    }

    /// Whether a refused contract has kept the premium of the days until then, and got back what `I22` says.
    fn refused(&self, of: &OfContract, version: &Version, before: &[Version]) -> Result<bool, Damage> {
        // the change that is refused has raised the price just before
        let raised = before.last().filter(|last| last.kind == VersionKind::Repriced && last.change == version.change);
        let stood = raised.and_then(|raised| of.standing.earlier(raised.run));
        let (Some(stood), Some((refusal, paid))) = (stood, &of.refusal) else { return Ok(false) };
        let lines = self.lines.of(of.segment(stood.rows_run(), Part::Lines))?;
        let cells = self.rates.of(of.segment(stood.rows_run(), Part::Cells))?;
        let again = Again::new(&stood, &cells, &lines, &BTreeMap::new(), version.from_day);
        let Some(unexpired) = again.map(|again| again.unexpired()) else { return Ok(false) };
        let written = stood.version().written;
        let refund = Refund::new(&of.standing.contract.price_terms, written, *paid, unexpired);
        // a book of before may have paid back, or kept below nothing, the kopecks by which roundings differ
        let before = refund.exact().map(|exact| exact.max(Kopecks::ZERO));
        let told = [Some(refusal.unexpired), Some(refusal.paid), refusal.expenses];
        Ok([refund.earned(), written - unexpired].contains(&version.written)
            && [refund.refund, before].contains(&refusal.refund)
            && refusal.run == version.run
            && told == [Some(unexpired), Some(*paid), refund.expenses])
    }
}

impl OfContract {
    /// Where the rows stand that a run has written of a part; nowhere where it has written none.
    fn segment(&self, run: i64, wanted: Part) -> Segment {
        let found = self.segments.iter().find(|(of, part, _)| *of == run && *part == wanted);
        found.map_or(Segment { file: -1, first_row: 0, rows: 0 }, |(_, _, segment)| *segment)
    }
}

/// What is wrong with the terms of a contract, or with what the register says of it besides.
fn said_otherwise(of: &OfContract) -> Option<Message> {
    let kept = match &of.terms {
        Ok(kept) => kept,
        Err(message) => return Some(message.clone()),
    };
    let Ok(contract) = kept.read() else { return Some(unread(&of.standing)) };
    let columns = terms::differing(&of.standing.contract, &of.levels, &contract, &kept.tariff);
    (!columns.is_empty()).then(|| Message::new("verify-terms").with("columns", listed(columns)))
}

/// What each row of some pieces gives.
fn each<'p, R, T>(
    pieces: &'p [RowSlice<'p, R>],
    of: impl Fn(&R, usize) -> T + Copy + 'p,
) -> impl Iterator<Item = T> + 'p {
    pieces.iter().flat_map(move |RowSlice { rows, range }| range.clone().map(move |at| of(rows, at)))
}
