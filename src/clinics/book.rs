//! The book of contracts as the clinics need it: every insured with plan and days of cover.
//!
//! An endorsement adds rows and shortens days, so that the last rows of a contract are complete. Contracts without endorsements are read
//! row group by row group on all threads. The rows of a contract with endorsements are read together, because an insured's last cover
//! period may be stored after their relatives' rows.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;
use rusqlite::Connection;

use crate::base::calendar::{Period, day_after_1970};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::parallel::collect_in_order;
use crate::clinics::insured_view::{CoverPeriod, InsuredContract, InsuredCover, InsuredPlan, InsuredView};
use crate::clinics::network::Network;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::groups::read_segment;
use crate::portfolio::policy_number::policy_number;
use crate::portfolio::register;
use crate::portfolio::register::EVERYTHING;
use crate::portfolio::register::{BoundContract, Segment};
use crate::portfolio::rows::{InsuredRows, Rows};
use crate::portfolio::store::{Damage, FileKind, Reader};
use crate::portfolio::terms::StoredTerms;
use crate::portfolio::{Files, Portfolio};
use crate::quote::contract::Contract;
use crate::roster::value::Relation;
use crate::tariff::Tariff;

/// The number of contracts whose terms are parsed at once.
const CONTRACTS_AT_ONCE: usize = 1024;

/// A contract of the book and the rows of its insured.
struct BookedContract {
    contract: Arc<InsuredContract>,
    /// The last day of cover: earlier than that of the contract after a refusal.
    last_day: Date,
    /// The rows of the insured; `None` without insured.
    insured: Option<Segment>,
    /// The number of insured that it was bound with.
    bound: u32,
    /// Whether the rows were written by an endorsement: an insured may have several.
    is_endorsed: bool,
}

/// The contracts of a portfolio with their insured.
pub struct Book<'p> {
    portfolio: &'p Portfolio,
    files: Files,
    contracts: Vec<BookedContract>,
}

impl<'p> Book<'p> {
    /// Reads the contracts of a portfolio with the terms that it keeps.
    ///
    /// # Errors
    ///
    /// [`Error::Register`] if the register cannot be read, [`Error::Damaged`] if a kept text has changed.
    pub fn open(portfolio: &'p Portfolio) -> Result<Self, Error> {
        portfolio.prove(EVERYTHING)?;
        let files = portfolio.files()?;
        let found = portfolio.register.read(|register| {
            let contracts = register::contracts(register, i64::MAX)?.into_iter();
            contracts.map(|contract| standing(register, contract)).collect::<rusqlite::Result<Vec<_>>>()
        })?;
        let mut terms = portfolio.terms();
        let mut contracts = Vec::with_capacity(found.len());
        for batch in found.chunks(CONTRACTS_AT_ONCE) {
            let kept =
                batch.iter().map(|(standing, _)| terms.read(&standing.contract)).collect::<Result<Vec<_>, _>>()?;
            let booked = |((standing, insured), kept): (&(ContractState, Option<Segment>), &StoredTerms)| {
                let last_day = standing.last_day();
                let contract = Arc::new(insured_contract(&kept.parse()?, last_day, &kept.tariff));
                let (bound, is_endorsed) = (standing.contract.headcount, standing.is_endorsed());
                Ok(BookedContract { contract, last_day, insured: *insured, bound, is_endorsed })
            };
            contracts.extend(collect_in_order(batch.par_iter().zip(&kept).map(booked))?);
        }
        Ok(Self { portfolio, files, contracts })
    }

    /// The clinics and programmes that plans in force on a day name but the network does not have: the number of the contract and the
    /// fault.
    pub fn missing_places(&self, network: &Network, day: Date) -> Vec<(&str, Message)> {
        let in_force =
            self.contracts.iter().map(|booked| &booked.contract).filter(|contract| contract.days.contains(day));
        let faults = in_force.flat_map(|contract| {
            let places = contract.plans.iter().flat_map(|plan| plan.clinics.iter().map(move |place| (plan, place)));
            let faults = places.filter_map(|(plan, place)| network.place_fault(&plan.code, place));
            faults.map(|fault| (contract.number.as_str(), fault))
        });
        faults.collect()
    }

    /// Calls `visit` with every cover period of every insured, in no particular order.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] if a file of the book is missing or changed.
    pub fn for_each_insured(&mut self, mut visit: impl FnMut(&InsuredView<'_>)) -> Result<(), Error> {
        let Self { portfolio, files, contracts } = self;
        let damaged = |damage: Damage| damage.into_error(portfolio.folder());
        let mut by_file: BTreeMap<i64, (Vec<BookedRows<'_>>, Vec<BookedRows<'_>>)> = BTreeMap::new();
        for booked in &*contracts {
            let Some(segment) = booked.insured else { continue };
            let (once, endorsed) = by_file.entry(segment.file).or_default();
            if booked.is_endorsed { endorsed } else { once }.push((segment, booked));
        }
        for (file, (mut once, endorsed)) in by_file {
            once.sort_by_key(|(segment, _)| segment.first_row);
            files.close_if_many();
            visit_unendorsed(files, file, &once, &mut visit).map_err(damaged)?;
            for (segment, booked) in endorsed {
                visit_endorsed(files, segment, booked, &mut visit).map_err(damaged)?;
            }
        }
        Ok(())
    }
}

/// A contract with the rows of its insured.
type BookedRows<'b> = (Segment, &'b BookedContract);

impl BookedContract {
    /// The cover of a row, within the days of the contract; `None` if the contract ended before it.
    fn cover(&self, rows: &InsuredRows, at: usize) -> Option<Period> {
        let (first, last) = (day_after_1970(rows.start[at])?, day_after_1970(rows.end[at])?);
        Period::new(first, last.min(self.last_day))
    }

    /// Index of the plan of a row; `None` if the contract has no such plan.
    fn plan(&self, rows: &InsuredRows, at: usize) -> Option<u16> {
        let plan = self.contract.plans.iter().position(|plan| plan.code == rows.plan[at])?;
        u16::try_from(plan).ok()
    }

    /// The cover periods of each insured, in the order of the rows; `None` if a row cannot belong to the contract.
    fn cover_periods(&self, rows: &InsuredRows) -> Option<BTreeMap<u32, Vec<CoverPeriod>>> {
        let mut periods: BTreeMap<u32, Vec<CoverPeriod>> = BTreeMap::new();
        for at in 0..rows.len() {
            let own = periods.entry(rows.person_of(at)).or_default();
            if let Some(cover) = self.cover(rows, at) {
                own.push(CoverPeriod { plan: self.plan(rows, at)?, cover });
            }
        }
        Some(periods)
    }

    /// The policy number of a row; empty if the book has none.
    fn policy_number<'r>(&self, rows: &'r InsuredRows, at: usize) -> Cow<'r, str> {
        policy_number(rows, at, &self.contract.number, self.bound).unwrap_or_default()
    }

    /// The view of a row with this policy number and this cover, without family and other periods; `None` if the row cannot belong to the
    /// contract.
    fn view<'r>(&'r self, rows: &'r InsuredRows, at: usize, policy: &'r str, cover: Period) -> Option<InsuredView<'r>> {
        Some(InsuredView {
            contract: &self.contract,
            ordinal: rows.person_of(at),
            policy,
            id: &rows.id[at],
            name: &rows.name[at],
            birth_date: day_after_1970(rows.birth_date[at])?,
            relation: rows.relation[at].as_deref().and_then(Relation::parse),
            head_cover: None,
            contacts: rows.contacts(at),
            plan: self.plan(rows, at)?,
            cover,
            periods: &[],
        })
    }
}

/// The ordinal of the employee who heads the family of a row; `None` for the employee.
fn other_head(rows: &InsuredRows, at: usize) -> Option<u32> {
    rows.head[at].filter(|head| *head != rows.person_of(at))
}

/// The days from the first to the last of these periods.
fn span(periods: &[CoverPeriod]) -> Option<Period> {
    Period::new(periods.first()?.cover.first(), periods.last()?.cover.last())
}

/// The covers of the insured of one contract so far, by ordinal: relatives follow the employee.
#[derive(Default)]
struct HeadCovers(HashMap<u32, Period>);

impl HeadCovers {
    /// The view of a row of a contract without endorsements; `None` if the row cannot belong to the contract.
    fn view<'r>(
        &mut self,
        booked: &'r BookedContract,
        rows: &'r InsuredRows,
        at: usize,
        policy: &'r str,
        cover: Period,
    ) -> Option<InsuredView<'r>> {
        self.0.insert(rows.person_of(at), cover);
        let head_cover = other_head(rows, at).and_then(|head| self.0.get(&head).copied());
        Some(InsuredView { head_cover, ..booked.view(rows, at, policy, cover)? })
    }
}

/// Visits the insured of contracts without endorsements, which follow one another in a file.
fn visit_unendorsed(
    files: &Files,
    file: i64,
    segments: &[BookedRows<'_>],
    visit: &mut impl FnMut(&InsuredView<'_>),
) -> Result<(), Damage> {
    let reader = files.get(file)?;
    let ends = |segment: &Segment| segment.first_row + segment.rows;
    let groups: Vec<usize> = (0..reader.groups().len()).collect();
    let mut place = 0;
    let mut heads = HeadCovers::default();
    for batch in groups.chunks(2 * rayon::current_num_threads()) {
        let wanted = |group: &&usize| {
            let group = &reader.groups()[**group];
            let first = segments.partition_point(|(segment, _)| ends(segment) <= group.first_row);
            segments.get(first).is_some_and(|(segment, _)| segment.first_row < group.first_row + group.rows)
        };
        let batch: Vec<usize> = batch.iter().filter(wanted).copied().collect();
        let read = collect_in_order(batch.par_iter().map(|group| InsuredRows::read(reader, *group)))?;
        for (group, rows) in batch.iter().zip(read) {
            let first_row = reader.groups()[*group].first_row;
            for at in 0..rows.len() {
                let row = first_row + at as u64;
                while segments.get(place).is_some_and(|(segment, _)| ends(segment) <= row) {
                    place += 1;
                    heads = HeadCovers::default();
                }
                let Some((segment, booked)) = segments.get(place) else { break };
                if row >= segment.first_row
                    && let Some(cover) = booked.cover(&rows, at)
                {
                    let policy = booked.policy_number(&rows, at);
                    visit(&heads.view(booked, &rows, at, &policy, cover).ok_or_else(|| reader.damage())?);
                }
            }
        }
    }
    Ok(())
}

/// Visits the insured of a contract with endorsements.
fn visit_endorsed(
    files: &Files,
    segment: Segment,
    booked: &BookedContract,
    visit: &mut impl FnMut(&InsuredView<'_>),
) -> Result<(), Damage> {
    let rows = read_segment::<InsuredRows>(files, segment)?;
    let visited = booked.cover_periods(&rows).and_then(|periods| {
        for at in 0..rows.len() {
            let Some(cover) = booked.cover(&rows, at) else { continue };
            let own = &periods[&rows.person_of(at)];
            let head_cover = other_head(&rows, at).and_then(|head| span(periods.get(&head)?));
            let periods = if own.len() > 1 { own } else { &[][..] };
            let policy = booked.policy_number(&rows, at);
            visit(&InsuredView { head_cover, periods, ..booked.view(&rows, at, &policy, cover)? });
        }
        Some(())
    });
    visited.ok_or_else(|| files.get(segment.file).map_or_else(|damage| damage, Reader::damage))
}

/// The state of a contract and the rows of its insured.
fn standing(register: &Connection, contract: BoundContract) -> rusqlite::Result<(ContractState, Option<Segment>)> {
    let standing = ContractState::known_before(register, contract, i64::MAX)?;
    let insured = register::segment(register, standing.contract.id, standing.rows_run(), FileKind::Insured)?;
    Ok((standing, insured))
}

/// The parts of a contract that concern the clinics.
fn insured_contract(contract: &Contract, last_day: Date, tariff: &Tariff) -> InsuredContract {
    let (first, last) = contract.days();
    let plans = contract.terms.plans.iter().enumerate().map(|(at, plan)| {
        let covers = plan.covers.iter().map(|cover| InsuredCover {
            programme: tariff.programmes[cover.programme].code.clone(),
            excluded: cover.exclude.iter().map(|excluded| tariff.services[excluded.service.0].code.clone()).collect(),
            sum_insured: cover.sum_insured,
        });
        let clinics = contract.clinics.iter().filter(|clinic| clinic.plan == at).cloned().collect();
        InsuredPlan { code: plan.code.clone(), covers: covers.collect(), clinics }
    });
    InsuredContract {
        number: contract.number.clone(),
        policyholder: contract.policyholder.clone(),
        // a contract refused before its first day keeps that day, on which no one is covered
        days: Period::new(first, last_day.min(last)).unwrap_or(Period::of_day(first)),
        plans: plans.collect(),
    }
}
