//! The charges of contracts of a book (`I50`): derived from the rows as bound, the events, the price changes and the runs.
//!
//! The register stores no charge: the same book always gives the same charges. The arithmetic is [`ChargeSchedule`]; this module reads what
//! it depends on. A contract with one payment period and without events needs no row.

mod premium_changes;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::base::calendar::{Period, day_after_1970};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::parallel::collect_in_order;
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::event::{Event, EventKind};
use crate::portfolio::files::Files;
use crate::portfolio::fold::{Fold, Folded};
use crate::portfolio::groups::{RowGroups, RowSlice, read_segment};
use crate::portfolio::premium::charge::{Charge, ChargeSchedule, PremiumChange};
use crate::portfolio::premium::price_history::PriceHistory;
use crate::portfolio::register;
use crate::portfolio::register::files::Segment;
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::rows::{ContractRows, LineDayRows, Rows};
use crate::portfolio::store::{Damage, FileKind};
use crate::portfolio::terms::{StoredTerms, TermsReader};
use crate::pricing::cube::Axes;
use crate::pricing::premium::instalments;
use crate::quote::contract::Contract;
use premium_changes::premium_changes;

/// Reads the charges of contracts, some at a time.
pub struct ChargeReader<'b> {
    book: &'b Portfolio,
    terms: TermsReader<'b>,
    /// The run before which everything is known.
    before: i64,
    /// The day after which nothing counts.
    until: Option<Date>,
}

/// What the charges of a contract depend on beside its state.
struct Source {
    terms: StoredTerms,
    /// The rows as bound, by kind.
    bound: [Option<Segment>; 3],
    /// The run that each annulling run annuls.
    annulled: BTreeMap<i64, i64>,
    /// The events and price changes before and after each list of changes, and each price change after which the contract is folded again.
    known: BTreeMap<i64, [Known; 2]>,
}

/// The events and price changes that are known after a run.
type Known = (Vec<Event>, PriceHistory);

impl<'b> ChargeReader<'b> {
    /// A reader of charges as known before a run.
    #[must_use]
    pub fn new(book: &'b Portfolio, before: i64) -> Self {
        Self { book, terms: book.terms(), before, until: None }
    }

    /// The reader for states as of a day: events and price changes after it do not count.
    #[must_use]
    pub fn until(self, day: Date) -> Self {
        Self { until: Some(day), ..self }
    }

    /// The charges of contracts as they stand with the versions of their states, in the same order; the sum of each is its written premium.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where rows or terms are not as they were written, [`Error::Refused`] where this program does not accept the terms,
    /// [`Error::Register`] where the register cannot be read.
    pub fn read(&mut self, files: &Files, states: &[&ContractState]) -> Result<Vec<Vec<Charge>>, Error> {
        let sources = states.iter().map(|state| self.source(state)).collect::<Result<Vec<Source>, Error>>()?;
        let contracts: Vec<Contract> = collect_in_order(sources.par_iter().map(|source| source.terms.parse()))?;
        let split = sources.iter().zip(&contracts).filter(|(_, contract)| contract.instalments.len() > 1);
        let lines = RowGroups::read(files, split.filter_map(|(source, _)| source.bound[2]));
        let derive = |at: usize| {
            let (state, source, contract) = (states[at], &sources[at], &contracts[at]);
            Derivation { state, source, contract, files, bound: None, endorsed: None }.charges(&lines)
        };
        let charges: Vec<Result<Vec<Charge>, Failure>> = (0..states.len()).into_par_iter().map(derive).collect();
        let into_error = |(failure, state): (Failure, &&ContractState)| match failure {
            Failure::Damage(damage) => damage.into_error(self.book.folder()),
            Failure::Contradiction => {
                let reason = Message::new("book-contradiction").with("number", state.contract.number.as_str());
                Error::Damaged { folder: self.book.folder().to_owned(), reason }
            }
        };
        let named = charges.into_iter().zip(states);
        named.map(|(charges, state)| charges.map_err(|failure| into_error((failure, state)))).collect()
    }

    /// Reads from the register what the charges of a contract depend on.
    fn source(&mut self, state: &ContractState) -> Result<Source, Error> {
        let contract = &state.contract;
        let terms = self.terms.read(contract)?;
        self.book.register.read(|register| {
            let mut bound = [None; 3];
            for (segment, kind) in bound.iter_mut().zip(ContractRows::KINDS) {
                *segment = register::segment(register, contract.id, contract.run, kind)?;
            }
            let mut known = BTreeMap::new();
            for version in &state.versions {
                let before = match version.kind {
                    VersionKind::Endorsed => version.run,
                    VersionKind::Refolded => repriced_by(version),
                    _ => continue,
                };
                let known_before = |run: i64| -> rusqlite::Result<Known> {
                    let mut events = register::events(register, contract.id, run)?;
                    let mut prices = ContractState::known_before(register, contract.clone(), run)?.prices;
                    if let Some(until) = self.until {
                        events.retain(|event| event.day <= until);
                        prices.retain(|applied| applied.effective <= until);
                    }
                    Ok((events, prices))
                };
                known.insert(version.run, [known_before(before)?, known_before(version.run + 1)?]);
            }
            let annulled = register::annulled_runs(register, contract.id, self.before)?;
            Ok(Source { terms, bound, annulled, known })
        })
    }
}

/// Why charges cannot be derived.
enum Failure {
    Damage(Damage),
    Contradiction,
}

impl From<Damage> for Failure {
    fn from(damage: Damage) -> Self {
        Self::Damage(damage)
    }
}

/// Derives the charges of one contract.
struct Derivation<'d> {
    state: &'d ContractState,
    source: &'d Source,
    contract: &'d Contract,
    files: &'d Files,
    /// All rows as bound, once they are read.
    bound: Option<ContractRows>,
    /// The place of the last version of a list of changes, and the contract after it.
    endorsed: Option<(usize, Folded)>,
}

impl Derivation<'_> {
    fn charges(mut self, lines: &RowGroups<'_, LineDayRows>) -> Result<Vec<Charge>, Failure> {
        let mut schedule = ChargeSchedule::new(&self.contract.instalments);
        let versions = &self.state.versions;
        let mut before = Kopecks::ZERO;
        for (place, version) in versions.iter().enumerate() {
            let amount = version.written - before;
            before = version.written;
            self.add(&mut schedule, place, amount, lines)?;
            if schedule.booked_by(version.run) != amount {
                return Err(Failure::Contradiction);
            }
        }
        Ok(schedule.charges())
    }

    /// Adds the charges of a version, which changes the written premium by `amount`.
    fn add(
        &mut self,
        schedule: &mut ChargeSchedule<'_>,
        place: usize,
        amount: Kopecks,
        lines: &RowGroups<'_, LineDayRows>,
    ) -> Result<(), Failure> {
        let versions = &self.state.versions;
        let version = &versions[place];
        let run = version.run;
        let rest = PremiumChange { from: version.from_day, last: self.state.contract.last_day, amount };
        // a price change that has not changed the price has no version
        let first_day = self.state.contract.first_day;
        let is_repriced = |before: &&Version| {
            before.kind == VersionKind::Repriced && before.from_day.max(first_day) == version.from_day
        };
        let repriced_before = versions[..place].last().filter(is_repriced);
        match (version.kind, repriced_before) {
            (VersionKind::Bound, _) => schedule.bind(run, &self.instalments(amount, lines)?),
            (VersionKind::Repriced, _) => schedule.reprice(run, version.from_day, amount),
            (VersionKind::Refolded, change) => {
                let later = self.later_prices(place)?;
                let of_later: Kopecks = later.iter().map(|(.., amount)| *amount).sum();
                let amount = amount - of_later;
                match change {
                    Some(change) => schedule.refold(run, change.run, change.from_day, amount),
                    None => schedule.change(run, &[PremiumChange { amount, ..rest }]),
                }
                for (effective, of, amount) in later {
                    schedule.refold(run, of, effective, amount);
                }
            }
            (VersionKind::Endorsed, _) => {
                schedule.change(run, &with_rest(self.premium_changes(place)?, rest));
            }
            (VersionKind::Refused | VersionKind::Terminated, _) => {
                let day = version.ended.unwrap_or(version.from_day);
                let is_dropped = |of: &&Version| of.kind == VersionKind::Repriced && of.from_day >= day;
                let dropped: Vec<i64> = versions[..place].iter().filter(is_dropped).map(|of| of.run).collect();
                schedule.end(run, day, amount, &dropped);
            }
            (VersionKind::Annulled, _) => match self.source.annulled.get(&run) {
                Some(annulled) if *annulled == self.state.contract.run => schedule.annul_binding(run),
                Some(annulled) => {
                    let is_refold = |of: &&Version| of.kind == VersionKind::Refolded && repriced_by(of) == *annulled;
                    let refold = versions[..place].iter().find(is_refold).map(|of| of.run);
                    schedule.annul(run, *annulled, refold, rest);
                }
                None => schedule.change(run, &[rest]),
            },
        }
        Ok(())
    }

    /// The instalments of the lines as bound, by payment period.
    fn instalments(&self, written: Kopecks, lines: &RowGroups<'_, LineDayRows>) -> Result<Vec<Kopecks>, Failure> {
        let periods = &self.contract.instalments;
        if periods.len() == 1 {
            return Ok(vec![written]);
        }
        let mut amounts = vec![Kopecks::ZERO; periods.len()];
        let slices = self.source.bound[2].map_or_else(|| Ok(Vec::new()), |segment| lines.slices(segment))?;
        for (rows, at) in slices.iter().flat_map(RowSlice::each_row) {
            let days = [rows.start[at], rows.end[at]].map(day_after_1970);
            let [Some(first), Some(last)] = days else { return Err(Failure::Contradiction) };
            let cover = Period::new(first, last).ok_or(Failure::Contradiction)?;
            let premium = Kopecks::new(rows.premium[at].into());
            for (amount, part) in amounts.iter_mut().zip(instalments(premium, cover, periods)) {
                *amount += part;
            }
        }
        Ok(amounts)
    }

    /// What a list of changes changes for each insured.
    fn premium_changes(&mut self, place: usize) -> Result<Vec<PremiumChange>, Failure> {
        let version = &self.state.versions[place];
        let Some([known_before, known_after]) = self.source.known.get(&version.run) else { return Ok(Vec::new()) };
        let before = match self.endorsed.take() {
            // nothing has happened since the list before
            Some((last, folded)) if last + 1 == place => folded,
            _ => self.fold(known_before)?,
        };
        let after = self.fold(known_after)?;
        let changes = premium_changes(&before, &after, version.from_day);
        self.endorsed = Some((place, after));
        Ok(changes)
    }

    /// What changes in the price changes of later days where an earlier one came after them: the first day and the run of each, and the
    /// difference of its amount.
    fn later_prices(&mut self, place: usize) -> Result<Vec<(Date, i64, Kopecks)>, Failure> {
        let version = &self.state.versions[place];
        let Some([known_before, known_after]) = self.source.known.get(&version.run) else { return Ok(Vec::new()) };
        let applied = &known_after.1.applied;
        let own = applied.iter().find(|applied| applied.run == repriced_by(version)).map(|applied| applied.effective);
        let later = applied.iter().filter(|applied| own.is_some_and(|own| applied.effective > own));
        let later: BTreeSet<(Date, i64)> = later.map(|applied| (applied.effective, applied.run)).collect();
        let Some((first, _)) = later.first().copied() else { return Ok(Vec::new()) };
        let mut written = |(events, prices): &Known, counts: &dyn Fn((Date, i64)) -> bool| {
            let mut prices = prices.clone();
            prices.retain(|applied| counts((applied.effective, applied.run)));
            self.fold(&(events.clone(), prices)).map(|folded| folded.charged())
        };
        let mut amounts = |known: &Known| -> Result<Vec<Kopecks>, Failure> {
            let mut last = written(known, &|(effective, _)| effective < first)?;
            let amount = |change: &(Date, i64)| {
                let next = written(known, &|counted| counted <= *change)?;
                Ok(next - std::mem::replace(&mut last, next))
            };
            later.iter().map(amount).collect()
        };
        let (before, after) = (amounts(&with_its_end(known_before))?, amounts(&with_its_end(known_after))?);
        let changes = later.iter().zip(before.into_iter().zip(after));
        Ok(changes.map(|((effective, run), (before, after))| (*effective, *run, after - before)).collect())
    }

    /// The contract with these events and price changes.
    fn fold(&mut self, (events, prices): &Known) -> Result<Folded, Failure> {
        if self.bound.is_none() {
            self.bound = Some(self.bound_rows()?);
        }
        let axes = Axes::new(&self.source.terms.tariff, &self.contract.terms);
        let fold = Fold {
            contract: self.contract,
            tariff: &self.source.terms.tariff,
            axes: &axes,
            prices,
            headcount: self.state.contract.headcount,
        };
        fold.fold(self.bound.clone().unwrap_or_default(), events).map_err(|_| Failure::Contradiction)
    }

    /// All rows as bound.
    fn bound_rows(&self) -> Result<ContractRows, Damage> {
        fn rows<R: Rows>(files: &Files, segment: Option<Segment>) -> Result<R, Damage> {
            segment.map_or_else(|| Ok(R::default()), |segment| read_segment(files, segment))
        }
        let [insured, cells, lines] = self.source.bound;
        Ok(ContractRows {
            insured: rows(self.files, insured)?,
            cells: rows(self.files, cells)?,
            lines: rows(self.files, lines)?,
        })
    }
}

/// The events with the contract's end as it counts, whichever of the price changes are folded.
fn with_its_end((events, prices): &Known) -> Known {
    let mut events = events.clone();
    events.retain(|event| !matches!(&event.kind, EventKind::Ended(end) if !end.counts(prices)));
    for event in &mut events {
        if let EventKind::Ended(end) = &mut event.kind {
            end.change = None;
        }
    }
    (events, prices.clone())
}

/// The run of the price change after which a contract is folded again: the one before it, in the same commit.
const fn repriced_by(refolded: &Version) -> i64 {
    refolded.run - 1
}

/// The changes with one more, which has the terms of `rest` and brings their sum to the amount of `rest`: premium that no change of an
/// insured explains.
fn with_rest(mut changes: Vec<PremiumChange>, rest: PremiumChange) -> Vec<PremiumChange> {
    let known: Kopecks = changes.iter().map(|change| change.amount).sum();
    changes.push(PremiumChange { amount: rest.amount - known, ..rest });
    changes
}

/// The charges of a contract after a list of changes that the book may not have yet: `rest` is all that the list changes.
#[must_use]
pub fn charges_after(
    contract: &Contract,
    charges: &[Charge],
    run: i64,
    (before, after): (&Folded, &Folded),
    rest: PremiumChange,
) -> Vec<Charge> {
    let mut schedule = ChargeSchedule::resumed(&contract.instalments, charges);
    schedule.change(run, &with_rest(premium_changes(before, after, rest.from), rest));
    schedule.charges()
}

/// The place of the lines among the kinds of rows.
const _: () = assert!(matches!(ContractRows::KINDS[2], FileKind::Lines));
