//! Reading a book back: every byte is as it was written, and every figure follows from the rows.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::groups::{Groups, Piece};
use super::register::{self, Segment, Version, VersionKind};
use super::rows::{CellRows, InsuredRows, LineRows, RepricedRows};
use super::standing::Standing;
use super::store::{Damage, Part};
use super::{Files, Portfolio};
use crate::error::Error;
use crate::money::{Kopecks, Rate};
use crate::progress::{Stage, Watch};
use crate::words::Message;

/// So many contracts are read back at once.
const CONTRACTS_AT_ONCE: usize = 512;

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
    /// What is wrong: the contract, where it is one's, and what to do.
    pub findings: Vec<(Option<String>, Message)>,
}

/// Reads everything back: each file's bytes, that each row of each file belongs to exactly one contract, and each
/// contract's versions against its rows.
///
/// # Errors
///
/// [`Error::Register`] where the register itself cannot be read.
pub fn verify(book: &Portfolio, watch: &dyn Watch) -> Result<Verified, Error> {
    let mut verified = Verified::default();
    if let Some(fault) = book.register.read(register::integrity)? {
        verified.findings.push((None, Message::new("verify-register").with("reason", fault)));
    }
    let files = book.files()?;
    let next = book.register.read(register::next_run)?;
    let contracts = book.register.read(|register| register::contracts(register, next))?;
    watch.begin(Stage::Verifying, Some(contracts.len() as u64));
    let stored = book.register.read(register::files)?;
    verified.files = stored.len();
    let damaged: Vec<Message> = stored
        .par_iter()
        .flat_map_iter(|(id, stored)| match files.get(*id) {
            Err(damage) => vec![damage.0],
            Ok(reader) => {
                let groups = 0..stored.groups.len();
                groups.filter_map(|group| reader.prove(group).err().map(|damage| damage.0)).take(1).collect()
            }
        })
        .collect();
    verified.findings.extend(damaged.into_iter().map(|message| (None, message)));
    let mut owned: BTreeMap<i64, Vec<Segment>> = BTreeMap::new();
    for contracts in contracts.chunks(CONTRACTS_AT_ONCE) {
        let mut read = Vec::with_capacity(contracts.len());
        for contract in contracts {
            let standing = book.register.read(|register| Standing::before(register, contract.clone(), next))?;
            let segments = book.register.read(|register| register::segments(register, contract.id))?;
            for (at, (_, _, segment)) in segments.iter().enumerate() {
                // the versions of a contract may have the same rows
                if !segments[..at].iter().any(|(_, _, before)| before == segment) {
                    owned.entry(segment.file).or_default().push(*segment);
                }
            }
            verified.versions += standing.versions.len();
            read.push((standing, segments));
        }
        let proof = Proof::read(&files, &read);
        let found: Vec<(u64, Vec<Message>)> = read.par_iter().map(|of| proof.contract(of)).collect();
        for (contract, (lines, messages)) in contracts.iter().zip(found) {
            verified.lines += lines;
            let found = messages.into_iter().map(|message| (Some(contract.number.clone()), message));
            verified.findings.extend(found);
        }
        verified.contracts += contracts.len();
        watch.advance(contracts.len() as u64);
    }
    for (id, stored) in stored {
        if !tiled(owned.remove(&id).unwrap_or_default(), stored.rows()) {
            verified.findings.push((None, Message::new("verify-rows").with("file", stored.name)));
        }
    }
    Ok(verified)
}

/// Whether segments take up all rows of a file, each once.
fn tiled(mut segments: Vec<Segment>, rows: u64) -> bool {
    segments.sort_by_key(|segment| segment.first_row);
    let mut next = 0;
    for segment in segments {
        if segment.first_row != next {
            return false;
        }
        next += segment.rows;
    }
    next == rows
}

type OfContract = (Standing, Vec<(i64, Part, Segment)>);

/// The rows of some contracts.
struct Proof<'f> {
    insured: Groups<'f, InsuredRows>,
    cells: Groups<'f, CellRows>,
    lines: Groups<'f, LineRows>,
    repriced: Groups<'f, RepricedRows>,
}

impl<'f> Proof<'f> {
    fn read(files: &'f Files, contracts: &[OfContract]) -> Self {
        let of = |wanted: Part| {
            let segments = contracts.iter().flat_map(|(_, segments)| segments);
            segments.filter(move |(_, part, _)| *part == wanted).map(|(_, _, segment)| *segment)
        };
        Self {
            insured: Groups::read(files, of(Part::Insured)),
            cells: Groups::read(files, of(Part::Cells)),
            lines: Groups::read(files, of(Part::Lines)),
            repriced: Groups::read(files, of(Part::Repriced)),
        }
    }

    /// The lines of a contract, and what is wrong with it.
    fn contract(&self, (standing, segments): &OfContract) -> (u64, Vec<Message>) {
        let mut found = Vec::new();
        let mut lines = 0;
        let segment = |run: i64, wanted: Part| {
            let found = segments.iter().find(|(of, part, _)| *of == run && *part == wanted);
            found.map_or(Segment { file: -1, first_row: 0, rows: 0 }, |(_, _, segment)| *segment)
        };
        let mut before: Option<&Version> = None;
        for version in &standing.versions {
            let run = version.run;
            let outcome = match version.kind {
                VersionKind::Bound | VersionKind::Endorsed => {
                    lines += version.lines;
                    let part = |part| segment(run, part);
                    self.whole(standing, version, [part(Part::Insured), part(Part::Cells), part(Part::Lines)])
                }
                VersionKind::Repriced => self.repriced(version, before, segment(run, Part::Repriced)),
                // what was earned until then follows from the rows of the versions before, and was worked out from them
                VersionKind::Refused => Ok(before.is_some_and(|before| before.written > version.written)),
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
            before = Some(version);
        }
        found.dedup();
        (lines, found)
    }

    /// Whether a version that wrote all rows is what they add up to.
    fn whole(&self, standing: &Standing, version: &Version, parts: [Segment; 3]) -> Result<bool, Damage> {
        let [insured, cells, lines] = parts;
        let (insured, cells, lines) = (self.insured.of(insured)?, self.cells.of(cells)?, self.lines.of(lines)?);
        let ordinals = each(&insured, |rows, at| rows.insured[at]);
        let in_order = ordinals.zip(1_u32..).all(|(ordinal, place)| ordinal == place);
        let rates: Vec<Option<Rate>> = each(&cells, |rows, at| Rate::as_written(&rows.rate[at])).collect();
        let prepared: Vec<_> = rates.iter().flatten().map(|rate| rate.prepare(standing.year_days())).collect();
        let mut keys = BTreeSet::new();
        let (mut count, mut written) = (0_u64, Kopecks::ZERO);
        let mut alright = in_order && prepared.len() == rates.len();
        for Piece { rows, range } in &lines {
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

    /// Whether a version that repriced lines differs from the one before by what its lines add up to.
    fn repriced(&self, version: &Version, before: Option<&Version>, segment: Segment) -> Result<bool, Damage> {
        let lines = self.repriced.of(segment)?;
        let change: i128 = each(&lines, |rows, at| i128::from(rows.additional[at]) - i128::from(rows.credit[at])).sum();
        Ok(before.is_some_and(|before| before.written + Kopecks::new(change) == version.written))
    }
}

/// What each row of some pieces gives.
fn each<'p, R, T>(pieces: &'p [Piece<'p, R>], of: impl Fn(&R, usize) -> T + Copy + 'p) -> impl Iterator<Item = T> + 'p {
    pieces.iter().flat_map(move |Piece { rows, range }| range.clone().map(move |at| of(rows, at)))
}
