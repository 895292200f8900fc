//! The book of contracts as the clinics need it: everybody with their plan and their days, each shown once.
//!
//! Most contracts have been written once. Their insured are read row group by row group, whole groups at once on all threads.
//! A contract with endorsements is read version by version: a version says on which plan somebody is on the days from it to the
//! next, and the last one that has them says their own first and last day.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;
use rusqlite::Connection;

use super::network::Network;
use super::people::{Served, ServedContract, ServedCover, ServedPlan};
use crate::calendar::{Period, day_after_1970};
use crate::contract::Contract;
use crate::document::Document;
use crate::error::Error;
use crate::portfolio::register::{self, BoundContract, Segment, Version, VersionKind};
use crate::portfolio::rows::{InsuredRows, Rows};
use crate::portfolio::standing::{Standing, read};
use crate::portfolio::store::{Damage, Part};
use crate::portfolio::{Files, Portfolio};
use crate::roster::value::Relation;
use crate::tariff::Tariff;
use crate::words::Message;

/// A contract of the book with where its insured stand.
struct Known {
    contract: Arc<ServedContract>,
    /// The last day on which anybody is insured.
    last_day: Date,
    /// The versions that have written all rows, with their segments, in order.
    versions: Vec<(Version, Segment)>,
}

/// What clinics read of a book.
pub struct Book<'p> {
    portfolio: &'p Portfolio,
    files: Files,
    contracts: Vec<Known>,
}

impl<'p> Book<'p> {
    /// The contracts of a book, with the terms that it keeps.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] where the register cannot be read, [`Error::Damaged`] where a kept document is not what it was.
    pub fn open(portfolio: &'p Portfolio) -> Result<Self, Error> {
        let files = portfolio.files()?;
        let (found, documents) = portfolio.register.read(|register| {
            let contracts = register::contracts(register, i64::MAX)?;
            let mut documents = HashMap::new();
            for sha256 in contracts.iter().flat_map(|contract| [&contract.terms, &contract.tariff]) {
                if !documents.contains_key(sha256) {
                    documents.insert(sha256.clone(), register::document(register, sha256)?);
                }
            }
            let found = contracts.into_iter().map(|contract| standing(register, contract));
            Ok((found.collect::<rusqlite::Result<Vec<_>>>()?, documents))
        })?;
        let document =
            |sha256: &str| documents.get(sha256).map(|(name, text)| Document { path: name.into(), text: text.clone() });
        let folder = portfolio.folder();
        let damaged = |message| Error::Damaged { folder: folder.to_owned(), reason: message };
        let mut tariffs: BTreeMap<&str, Tariff> = BTreeMap::new();
        for (standing, _) in &found {
            let sha256 = standing.contract.tariff.as_str();
            if let (false, Some(text)) = (tariffs.contains_key(sha256), document(sha256)) {
                tariffs.insert(sha256, Tariff::read(&text)?);
            }
        }
        let known = |(standing, versions): &(Standing, Vec<(Version, Segment)>)| {
            let bound = &standing.contract;
            let missing = || damaged(Message::new("book-terms-missing").with("number", bound.number.as_str()));
            let tariff = tariffs.get(bound.tariff.as_str()).ok_or_else(missing)?;
            let contract = Contract::read(&document(&bound.terms).ok_or_else(missing)?, tariff)?;
            let last_day = standing.last_day();
            Ok(Known { contract: Arc::new(served(&contract, last_day, tariff)), last_day, versions: versions.clone() })
        };
        let contracts = found.par_iter().map(known).collect::<Result<Vec<_>, Error>>()?;
        Ok(Self { portfolio, files, contracts })
    }

    /// What a network lacks of the places where contracts in force on a day have their insured served: the number of each contract, and
    /// what is wrong with a plan of it.
    pub fn lacking(&self, network: &Network, day: Date) -> Vec<(&str, Message)> {
        let in_force =
            self.contracts.iter().map(|known| &known.contract).filter(|contract| contract.days.contains(day));
        let faults = in_force.flat_map(|contract| {
            let places = contract.plans.iter().flat_map(|plan| plan.clinics.iter().map(move |place| (plan, place)));
            let faults = places.filter_map(|(plan, place)| network.fault_of(&plan.code, place));
            faults.map(|fault| (contract.number.as_str(), fault))
        });
        faults.collect()
    }

    /// Shows everybody of the book to `show`, in no order that could matter.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] where a file of the book is missing or not as it was written.
    pub fn show(&self, mut show: impl FnMut(&Served<'_>)) -> Result<(), Error> {
        let mut by_file: BTreeMap<i64, Vec<(Segment, &Known)>> = BTreeMap::new();
        for known in &self.contracts {
            if let [(_, segment)] = known.versions.as_slice() {
                by_file.entry(segment.file).or_default().push((*segment, known));
            } else {
                self.endorsed(known, &mut show)?;
            }
        }
        for (file, mut segments) in by_file {
            segments.sort_by_key(|(segment, _)| segment.first_row);
            self.written_once(file, &segments, &mut show).map_err(|damage| self.damaged(damage))?;
        }
        Ok(())
    }

    fn damaged(&self, damage: Damage) -> Error {
        Error::Damaged { folder: self.portfolio.folder().to_owned(), reason: damage.0 }
    }

    /// Shows the insured of contracts that stand one after another in a file.
    fn written_once(
        &self,
        file: i64,
        segments: &[(Segment, &Known)],
        show: &mut impl FnMut(&Served<'_>),
    ) -> Result<(), Damage> {
        let reader = self.files.get(file)?;
        let ends = |segment: &Segment| segment.first_row + segment.rows;
        let groups: Vec<usize> = (0..reader.groups().len()).collect();
        let mut place = 0;
        let mut heads = Heads::default();
        for batch in groups.chunks(2 * rayon::current_num_threads()) {
            let wanted = |group: &&usize| {
                let group = &reader.groups()[**group];
                let first = segments.partition_point(|(segment, _)| ends(segment) <= group.first_row);
                segments.get(first).is_some_and(|(segment, _)| segment.first_row < group.first_row + group.rows)
            };
            let batch: Vec<usize> = batch.iter().filter(wanted).copied().collect();
            let read =
                batch.par_iter().map(|group| InsuredRows::read(reader, *group)).collect::<Result<Vec<_>, _>>()?;
            for (group, rows) in batch.iter().zip(read) {
                let first_row = reader.groups()[*group].first_row;
                for at in 0..rows.len() {
                    let row = first_row + at as u64;
                    while segments.get(place).is_some_and(|(segment, _)| ends(segment) <= row) {
                        place += 1;
                        heads = Heads::default();
                    }
                    let Some((segment, known)) = segments.get(place) else { break };
                    if row >= segment.first_row
                        && let Some(cover) = known.cover(&rows, at)
                    {
                        show(&heads.served(known, &rows, at, cover).map_err(|Strange| reader.damage())?);
                    }
                }
            }
        }
        Ok(())
    }

    /// Shows the insured of a contract with endorsements.
    fn endorsed(&self, known: &Known, show: &mut impl FnMut(&Served<'_>)) -> Result<(), Error> {
        let damaged = |(version, segment): &(Version, Segment)| {
            let rows = read::<InsuredRows>(&self.files, *segment).map_err(|damage| self.damaged(damage))?;
            Ok((version.clone(), rows))
        };
        let versions = known.versions.iter().map(damaged).collect::<Result<Vec<_>, Error>>()?;
        let wrong =
            || self.damaged(Damage(Message::new("book-terms-missing").with("number", known.contract.number.as_str())));
        let last_covers = known.last_covers(versions.iter().map(|(_, rows)| rows));
        for (place, (version, rows)) in versions.iter().enumerate() {
            // what is endorsed later may hold from an earlier day
            let next = versions[place + 1..].iter().map(|(next, _)| next.from_day).min();
            let begins = if place == 0 { Date::MIN } else { version.from_day };
            let ends = next.map_or(Date::MAX, |next| next.yesterday().unwrap_or(Date::MIN));
            let Some(days) = Period::new(begins, ends) else { continue };
            let mut heads = Heads::default();
            for at in 0..rows.len() {
                let Some(cover) = last_covers.get(&rows.insured[at]).copied().flatten() else { continue };
                let served = heads.served(known, rows, at, cover).map_err(|Strange| wrong())?;
                show(&Served { on_plan: days, ..served });
            }
        }
        Ok(())
    }
}

impl Known {
    /// The own days of a row, as long as the contract lasts; none where it ended before they began.
    fn cover(&self, rows: &InsuredRows, at: usize) -> Option<Period> {
        let (first, last) = (day_after_1970(rows.start[at])?, day_after_1970(rows.end[at])?);
        Period::new(first, last.min(self.last_day))
    }

    /// The own days of everybody by number, as the last of the versions says that has them; none where it leaves no day.
    fn last_covers<'r>(&self, versions: impl Iterator<Item = &'r InsuredRows>) -> HashMap<u32, Option<Period>> {
        let covers = |rows: &'r InsuredRows| (0..rows.len()).map(|at| (rows.insured[at], self.cover(rows, at)));
        versions.flat_map(covers).collect()
    }
}

/// The own days of the insured of one contract who came by already, by their numbers: families follow their heads.
#[derive(Default)]
struct Heads(HashMap<u32, Period>);

impl Heads {
    /// Somebody of a contract with these own days.
    fn served<'r>(
        &mut self,
        known: &'r Known,
        rows: &'r InsuredRows,
        at: usize,
        cover: Period,
    ) -> Result<Served<'r>, Strange> {
        let ordinal = rows.insured[at];
        let plan = known.contract.plans.iter().position(|plan| plan.code == rows.plan[at]).ok_or(Strange)?;
        let birth_date = day_after_1970(rows.birth_date[at]).ok_or(Strange)?;
        self.0.insert(ordinal, cover);
        Ok(Served {
            contract: &known.contract,
            ordinal,
            policy: &rows.id[at],
            name: &rows.name[at],
            birth_date,
            relation: rows.relation[at].as_deref().and_then(Relation::from_word),
            head: rows.head[at].filter(|head| *head != ordinal).and_then(|head| self.0.get(&head).copied()),
            contacts: rows.contacts(at),
            plan: u16::try_from(plan).map_err(|_| Strange)?,
            cover,
            on_plan: Period::new(Date::MIN, Date::MAX).ok_or(Strange)?,
        })
    }
}

/// A row that cannot be one of its contract.
struct Strange;

/// How a contract stands, and where its versions' insured are.
fn standing(register: &Connection, contract: BoundContract) -> rusqlite::Result<(Standing, Vec<(Version, Segment)>)> {
    let standing = Standing::before(register, contract, i64::MAX)?;
    let is_whole = |version: &&Version| matches!(version.kind, VersionKind::Bound | VersionKind::Endorsed);
    let mut versions = Vec::new();
    for version in standing.versions.iter().filter(is_whole) {
        let segment = register::segment(register, standing.contract.id, version.run, Part::Insured)?;
        versions.extend(segment.map(|segment| (version.clone(), segment)));
    }
    Ok((standing, versions))
}

/// A contract as the clinics need it.
fn served(contract: &Contract, last_day: Date, tariff: &Tariff) -> ServedContract {
    let (first, last) = contract.days();
    let plans = contract.plans.iter().map(|plan| {
        let covers = plan.covers.iter().map(|cover| ServedCover {
            programme: tariff.programmes[cover.programme].code.clone(),
            excluded: cover.exclude.iter().map(|excluded| tariff.services[excluded.service.0].code.clone()).collect(),
        });
        ServedPlan { code: plan.code.clone(), covers: covers.collect(), clinics: plan.clinics.clone() }
    });
    ServedContract {
        number: contract.number.clone(),
        policyholder: contract.policyholder.clone(),
        // a contract that was refused before it began has its first day alone, on which nobody is insured
        days: Period::new(first, last_day.min(last)).unwrap_or(Period::of_day(first)),
        plans: plans.collect(),
    }
}
