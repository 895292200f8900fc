//! The book of contracts as the clinics need it: everybody with their plans and their days.
//!
//! An endorsement only adds rows to those of before and shortens days, so that the last rows of a contract tell everything. Most
//! contracts have been written once: their insured are read row group by row group, whole groups at once on all threads. The rows of
//! a contract with endorsements are read together, because what somebody's last days are may stand after their family.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;
use rusqlite::Connection;

use crate::base::calendar::{Period, day_after_1970};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::clinics::insured_view::{CoverPeriod, InsuredContract, InsuredCover, InsuredPlan, InsuredView};
use crate::clinics::network::Network;
use crate::portfolio::contract_state::{Standing, read};
use crate::portfolio::register;
use crate::portfolio::register::{BoundContract, Segment};
use crate::portfolio::rows::{InsuredRows, Rows};
use crate::portfolio::store::{Damage, Part, Reader};
use crate::portfolio::terms::Kept;
use crate::portfolio::{Files, Portfolio};
use crate::quote::contract::Contract;
use crate::table::value::Relation;
use crate::tariff::Tariff;

/// The texts of so many contracts are in hand at once.
const CONTRACTS_AT_ONCE: usize = 1024;

/// A contract of the book with where its insured stand.
struct Known {
    contract: Arc<InsuredContract>,
    /// The last day on which anybody is insured.
    last_day: Date,
    /// Where the insured stand; none where there are none.
    insured: Option<Segment>,
    /// Whether they have been written by an endorsement, so that a person may have several rows.
    is_endorsed: bool,
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
        let found = portfolio.register.read(|register| {
            let contracts = register::contracts(register, i64::MAX)?.into_iter();
            contracts.map(|contract| standing(register, contract)).collect::<rusqlite::Result<Vec<_>>>()
        })?;
        let mut terms = portfolio.terms();
        let mut contracts = Vec::with_capacity(found.len());
        for some in found.chunks(CONTRACTS_AT_ONCE) {
            let kept =
                some.iter().map(|(standing, _)| terms.kept(&standing.contract)).collect::<Result<Vec<_>, _>>()?;
            let known = |((standing, insured), kept): (&(Standing, Option<Segment>), &Kept)| {
                let last_day = standing.last_day();
                let contract = Arc::new(served(&kept.read()?, last_day, &kept.tariff));
                Ok(Known { contract, last_day, insured: *insured, is_endorsed: standing.is_endorsed() })
            };
            contracts.extend(some.par_iter().zip(&kept).map(known).collect::<Result<Vec<_>, Error>>()?);
        }
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
    pub fn show(&mut self, mut show: impl FnMut(&InsuredView<'_>)) -> Result<(), Error> {
        let Self { portfolio, files, contracts } = self;
        let damaged = |Damage(reason)| Error::Damaged { folder: portfolio.folder().to_owned(), reason };
        let mut by_file: BTreeMap<i64, (Vec<Stands<'_>>, Vec<Stands<'_>>)> = BTreeMap::new();
        for known in &*contracts {
            let Some(segment) = known.insured else { continue };
            let (once, endorsed) = by_file.entry(segment.file).or_default();
            if known.is_endorsed { endorsed } else { once }.push((segment, known));
        }
        for (file, (mut once, endorsed)) in by_file {
            once.sort_by_key(|(segment, _)| segment.first_row);
            files.close_many();
            written_once(files, file, &once, &mut show).map_err(damaged)?;
            for (segment, known) in endorsed {
                show_endorsed(files, segment, known, &mut show).map_err(damaged)?;
            }
        }
        Ok(())
    }
}

/// Where the insured of a contract stand.
type Stands<'b> = (Segment, &'b Known);

impl Known {
    /// The own days of a row, as long as the contract lasts; none where it ended before they began.
    fn cover(&self, rows: &InsuredRows, at: usize) -> Option<Period> {
        let (first, last) = (day_after_1970(rows.start[at])?, day_after_1970(rows.end[at])?);
        Period::new(first, last.min(self.last_day))
    }

    /// The plan of a row, by its place in the contract; none where it cannot be a row of it.
    fn plan(&self, rows: &InsuredRows, at: usize) -> Option<u16> {
        let plan = self.contract.plans.iter().position(|plan| plan.code == rows.plan[at])?;
        u16::try_from(plan).ok()
    }

    /// The runs of days of each person, in the order of the rows; none where some row cannot be one of the contract.
    fn stays(&self, rows: &InsuredRows) -> Option<BTreeMap<u32, Vec<CoverPeriod>>> {
        let mut stays: BTreeMap<u32, Vec<CoverPeriod>> = BTreeMap::new();
        for at in 0..rows.len() {
            let of_person = stays.entry(rows.person_of(at)).or_default();
            if let Some(cover) = self.cover(rows, at) {
                of_person.push(CoverPeriod { plan: self.plan(rows, at)?, cover });
            }
        }
        Some(stays)
    }

    /// Somebody of the contract with these own days, without a family; none where it cannot be a row of it.
    fn served<'r>(&'r self, rows: &'r InsuredRows, at: usize, cover: Period) -> Option<InsuredView<'r>> {
        Some(InsuredView {
            contract: &self.contract,
            ordinal: rows.person_of(at),
            policy: &rows.id[at],
            name: &rows.name[at],
            birth_date: day_after_1970(rows.birth_date[at])?,
            relation: rows.relation[at].as_deref().and_then(Relation::from_word),
            head: None,
            contacts: rows.contacts(at),
            plan: self.plan(rows, at)?,
            cover,
            stays: &[],
        })
    }
}

/// The person who heads the family of a row, where it is somebody else.
fn other_head(rows: &InsuredRows, at: usize) -> Option<u32> {
    rows.head[at].filter(|head| *head != rows.person_of(at))
}

/// The days from a person's first to their last.
fn whole(stays: &[CoverPeriod]) -> Option<Period> {
    Period::new(stays.first()?.cover.first(), stays.last()?.cover.last())
}

/// The own days of the insured of one contract who came by already, by their numbers: families follow their heads.
#[derive(Default)]
struct Heads(HashMap<u32, Period>);

impl Heads {
    /// Somebody of a contract that was written once, with these own days; none where it cannot be a row of it.
    fn served<'r>(
        &mut self,
        known: &'r Known,
        rows: &'r InsuredRows,
        at: usize,
        cover: Period,
    ) -> Option<InsuredView<'r>> {
        self.0.insert(rows.person_of(at), cover);
        let head = other_head(rows, at).and_then(|head| self.0.get(&head).copied());
        Some(InsuredView { head, ..known.served(rows, at, cover)? })
    }
}

/// Shows the insured of contracts that stand one after another in a file.
fn written_once(
    files: &Files,
    file: i64,
    segments: &[Stands<'_>],
    show: &mut impl FnMut(&InsuredView<'_>),
) -> Result<(), Damage> {
    let reader = files.get(file)?;
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
        let read = batch.par_iter().map(|group| InsuredRows::read(reader, *group)).collect::<Result<Vec<_>, _>>()?;
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
                    show(&heads.served(known, &rows, at, cover).ok_or_else(|| reader.damage())?);
                }
            }
        }
    }
    Ok(())
}

/// Shows the insured of a contract with endorsements.
fn show_endorsed(
    files: &Files,
    segment: Segment,
    known: &Known,
    show: &mut impl FnMut(&InsuredView<'_>),
) -> Result<(), Damage> {
    let rows = read::<InsuredRows>(files, segment)?;
    let shown = known.stays(&rows).and_then(|stays| {
        for at in 0..rows.len() {
            let Some(cover) = known.cover(&rows, at) else { continue };
            let own = &stays[&rows.person_of(at)];
            let head = other_head(&rows, at).and_then(|head| whole(stays.get(&head)?));
            let stays = if own.len() > 1 { own } else { &[][..] };
            show(&InsuredView { head, stays, ..known.served(&rows, at, cover)? });
        }
        Some(())
    });
    shown.ok_or_else(|| files.get(segment.file).map_or_else(|damage| damage, Reader::damage))
}

/// How a contract stands, and where its insured do.
fn standing(register: &Connection, contract: BoundContract) -> rusqlite::Result<(Standing, Option<Segment>)> {
    let standing = Standing::before(register, contract, i64::MAX)?;
    let insured = register::segment(register, standing.contract.id, standing.rows_run(), Part::Insured)?;
    Ok((standing, insured))
}

/// A contract as the clinics need it.
fn served(contract: &Contract, last_day: Date, tariff: &Tariff) -> InsuredContract {
    let (first, last) = contract.days();
    let plans = contract.plans.iter().map(|plan| {
        let covers = plan.covers.iter().map(|cover| InsuredCover {
            programme: tariff.programmes[cover.programme].code.clone(),
            excluded: cover.exclude.iter().map(|excluded| tariff.services[excluded.service.0].code.clone()).collect(),
        });
        InsuredPlan { code: plan.code.clone(), covers: covers.collect(), clinics: plan.clinics.clone() }
    });
    InsuredContract {
        number: contract.number.clone(),
        policyholder: contract.policyholder.clone(),
        // a contract that was refused before it began has its first day alone, on which nobody is insured
        days: Period::new(first, last_day.min(last)).unwrap_or(Period::of_day(first)),
        plans: plans.collect(),
    }
}
