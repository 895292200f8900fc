//! What another edition of the tariff would do to the contracts of a book: their lines as they stand, priced by both editions.
//!
//! Both premiums are those of the contract's terms at the headcount at inception; changes of medical prices since then (§2.3) are in neither.
//! Neither the days of an edition matter, nor the edition that a contract pins: the question is what it would cost.

use std::collections::{BTreeMap, HashMap};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::base::money::PreparedRate;
use crate::base::progress::{Progress, Stage};
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::register;
use crate::portfolio::register::EVERYTHING;
use crate::portfolio::rows::{CellRows, InsuredRows, LineRows};
use crate::portfolio::store::{Damage, FileKind};
use crate::pricing::choice::PricePoint;
use crate::pricing::cube::Axes;
use crate::pricing::rating::Rating;
use crate::quote::contract::{Contract, headcount_message, no_rate_message};
use crate::quote::contract_effect::{ContractEffect, Sums};
use crate::tariff::Tariff;

/// The effect on a contract of the book, or its number and why one of the editions does not price it.
pub type BookedEffect = Result<ContractEffect, (String, Message)>;

/// The rows of a contract as they stand.
struct Rows {
    cells: CellRows,
    lines: LineRows,
    /// The ages in completed years, by the place of the insured in the contract.
    ages: HashMap<u32, u16>,
}

/// Passes the effect of an edition on each contract in force to `visit`, in the order of their numbers.
///
/// # Errors
///
/// [`Error::Register`] where the register cannot be read, [`Error::Damaged`] where rows or terms are not as they were written.
pub fn each_effect(
    book: &Portfolio,
    before: &Tariff,
    after: &Tariff,
    visit: &mut dyn FnMut(BookedEffect),
    progress: &dyn Progress,
) -> Result<(), Error> {
    book.prove(EVERYTHING)?;
    let next = book.register.read(register::next_run)?;
    let contracts = book.register.read(|register| register::contracts(register, next))?;
    progress.begin(Stage::Repricing, Some(contracts.len() as u64));
    let (mut terms, files) = (book.terms(), book.files()?);
    for bound in contracts {
        progress.advance(1);
        let stored = terms.read(&bound)?;
        let state = book.register.read(|register| ContractState::known_before(register, bound, next))?;
        if state.version().ended.is_some() {
            continue;
        }
        let damaged = |damage: Damage| damage.into_error(book.folder());
        let insured: InsuredRows = state.read_rows(&book.register, &files, FileKind::Insured)?.map_err(damaged)?;
        let rows = Rows {
            cells: state.read_rows(&book.register, &files, FileKind::Cells)?.map_err(damaged)?,
            lines: state.read_rows(&book.register, &files, FileKind::Lines)?.map_err(damaged)?,
            ages: insured
                .insured
                .iter()
                .copied()
                .zip(insured.age.iter().map(|age| u16::try_from(*age).unwrap_or(u16::MAX)))
                .collect(),
        };
        let number = state.contract.number.clone();
        let by = |tariff: &Tariff| match stored.parse_as(tariff) {
            Ok(contract) => sums(&contract, tariff, state.contract.headcount, &rows),
            Err(Error::Refused { faults, .. }) if !faults.is_empty() => Err(faults[0].message.clone()),
            Err(fault) => Err(fault.message()),
        };
        visit(match (by(before), by(after)) {
            (Ok(before), Ok(after)) => Ok(ContractEffect::new(number, &before, &after)),
            (Err(reason), _) | (_, Err(reason)) => Err((number, reason)),
        });
    }
    Ok(())
}

/// The premium of the lines by an edition, or why it does not price one of them.
fn sums(contract: &Contract, tariff: &Tariff, headcount: u32, rows: &Rows) -> Result<Sums, Message> {
    let rating = Rating::new(tariff, &contract.terms, headcount).map_err(|error| headcount_message(&error, tariff))?;
    let axes = Axes::new(tariff, &contract.terms);
    let mut rates: HashMap<(u32, u16), PreparedRate> = HashMap::new();
    let mut sums: Sums = BTreeMap::new();
    let unknown = || Message::new("endorse-unreadable").with("number", contract.number.as_str());
    for at in 0..rows.lines.cell.len() {
        let cell = rows.lines.cell[at];
        let age = rows.ages.get(&rows.lines.insured[at]).copied().ok_or_else(unknown)?;
        let place = cell as usize;
        let (Some(plan), Some(programme)) = (rows.cells.plan.get(place), rows.cells.programme.get(place)) else {
            return Err(unknown());
        };
        let rate = match rates.entry((cell, age)) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => {
                let index = tariff.programme(programme);
                let covers =
                    contract.terms.plans.iter().filter(|named| named.code == *plan).flat_map(|named| &named.covers);
                let cover = covers.into_iter().find(|cover| Some(cover.programme) == index).ok_or_else(unknown)?;
                let outside = || {
                    let message = Message::new("cell-age-outside").with("last", tariff.last_age().to_string());
                    message.with("clause", tariff.age.clause.as_str())
                };
                let accepted = || axes.accepted_class(rows.cells.accepted_age(place)?);
                let class = axes.ages[usize::from(axes.age_class(age).or_else(accepted).ok_or_else(outside)?)];
                let group = u8::try_from(rows.cells.risk_group[place]).ok().and_then(|group| tariff.risk_group(group));
                let trace = rating.trace(cover, &class, group.ok_or_else(unknown)?, PricePoint::Chosen);
                let trace = trace.map_err(|reason| no_rate_message(reason, tariff, cover))?;
                free.insert(trace.rate().prepare(contract.term().year_days()))
            }
        };
        let days = u32::try_from(rows.lines.end[at] - rows.lines.start[at] + 1).unwrap_or_default();
        let sum = sums.entry((plan.clone(), programme.clone())).or_default();
        sum.0 += 1;
        sum.1 += rate.premium(Kopecks::new(rows.lines.sum_insured[at].into()), days);
    }
    Ok(sums)
}
