//! Annulment (`I32`): the events, price changes and payments of a run are taken out of the life of contracts; nothing is deleted.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::event::{Event, EventKind};
use crate::portfolio::life::{Life, Recorded, record, version};
use crate::portfolio::register;
use crate::portfolio::register::contracts::BoundContract;
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::rows::ContractRows;
use crate::tariff::EditionId;

/// A run to be annulled.
#[derive(Debug, Clone)]
pub struct Request {
    /// The number of the run.
    pub run: i64,
    /// The only contract to annul it for; all that it touched by default.
    pub contract: Option<String>,
    /// Whether letters that rest on the run do not matter.
    pub force: bool,
    /// Whether the book stays unchanged.
    pub dry_run: bool,
}

/// The result of an annulment.
#[derive(Debug, Default)]
pub struct Annulled {
    /// What the run was.
    pub kind: String,
    /// The contracts, in the order of the book.
    pub contracts: Vec<AnnulledContract>,
    /// The number of guarantee letters of these contracts.
    pub letters: u64,
    /// What is paid for the contracts whose binding is annulled: it is owed to the policyholders.
    pub paid: Kopecks,
}

/// A contract with and without an annulled run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnulledContract {
    /// The number.
    pub number: String,
    /// The edition of the tariff that it was bound with (`I71`).
    pub tariff: EditionId,
    /// The written premium before.
    pub before: Kopecks,
    /// The written premium without the run.
    pub after: Kopecks,
    /// Whether the contract had ended, and has not without the run.
    pub is_in_force_again: bool,
}

/// Takes a run out of the life of the contracts that it touched.
///
/// The book is then as if the run had never been, but that the numbers of contracts stay used.
///
/// # Errors
///
/// [`Error::Unlawful`] where there is no such run, it is annulled already, or letters rest on it; [`Error::Damaged`] where the rows of a
/// contract are not as they were written; [`Error::Register`] where the book cannot be written.
pub fn annul(book: &mut Portfolio, request: &Request) -> Result<Annulled, Error> {
    let unlawful =
        |name: &'static str| Error::Unlawful { reason: Message::new(name).with("run", request.run.to_string()) };
    let kind = book.register.read(|register| register::run_kind(register, request.run))?;
    let kind = kind.ok_or_else(|| unlawful("annul-run"))?;
    if matches!(kind.as_str(), "annul" | "letters" | "refold" | "forget") {
        return Err(unlawful("annul-kind"));
    }
    let mut contracts = book.register.read(|register| register::touched_by(register, request.run))?;
    if let Some(number) = &request.contract {
        contracts.retain(|contract| contract.number == *number);
    }
    if contracts.is_empty() {
        return Err(unlawful("annul-nothing"));
    }
    let ids: BTreeSet<i64> = contracts.iter().map(|contract| contract.id).collect();
    let letters = book.register.read(|register| register::letters(register, &ids))?;
    if letters > 0 && !request.force {
        let message = Message::new("annul-letters").with("run", request.run.to_string());
        return Err(Error::Unlawful { reason: message.with("count", letters) });
    }
    let next = book.register.read(register::next_run)?;
    let unbound = contracts.iter().filter(|contract| contract.run == request.run);
    let paid = unbound.map(|contract| book.register.read(|register| register::paid(register, contract.id, next)));
    let paid = paid.sum::<Result<Kopecks, Error>>()?;
    let mut annulled = Annulled { kind: kind.clone(), contracts: Vec::new(), letters, paid };
    let editions = book.terms().edition_ids()?;
    let contract = |bound: &BoundContract, before: &Before, recorded: &Recorded| {
        let unknown = || EditionId { code: String::new(), sha256: bound.tariff.clone() };
        let tariff = editions.get(&bound.tariff).cloned().unwrap_or_else(unknown);
        AnnulledContract {
            number: recorded.number.clone(),
            tariff,
            before: before.written,
            after: recorded.version.written,
            is_in_force_again: before.was_ended && recorded.version.ended.is_none(),
        }
    };
    if request.dry_run {
        for bound in contracts {
            let (before, recorded) = without_run(book, bound.clone(), next, request.run)?;
            annulled.contracts.push(contract(&bound, &before, &recorded));
        }
        return Ok(annulled);
    }
    let result = &mut annulled.contracts;
    let fold = |book: &Portfolio, bound: &BoundContract| {
        let (before, recorded) = without_run(book, bound.clone(), next, request.run)?;
        result.push(contract(bound, &before, &recorded));
        Ok(recorded)
    };
    record(book, "annul", &contracts, fold, |commit, run| {
        ids.iter().try_for_each(|id| register::add_annulment(commit, *id, run, request.run))
    })?;
    Ok(annulled)
}

/// A contract before an annulment.
struct Before {
    written: Kopecks,
    /// Whether it had ended before its last day.
    was_ended: bool,
}

/// The event without what a run has paid before it: the refund at the end of a contract counts the payments until then.
fn without_payment(event: &Event, run: i64, paid: Kopecks) -> Event {
    let mut event = event.clone();
    if let EventKind::Ended(end) = &mut event.kind
        && event.run > run
    {
        end.paid = i64::try_from((Kopecks::new(end.paid.into()) - paid).get()).unwrap_or(i64::MAX);
    }
    event
}

/// A contract before an annulment, and without the run.
fn without_run(book: &Portfolio, contract: BoundContract, next: i64, run: i64) -> Result<(Before, Recorded), Error> {
    let (id, number) = (contract.id, contract.number.clone());
    if contract.run == run {
        let state = book.register.read(|register| ContractState::known_before(register, contract.clone(), next))?;
        let version = Version {
            run: 0,
            kind: VersionKind::Annulled,
            from_day: contract.first_day,
            insured: 0,
            lines: 0,
            written: Kopecks::ZERO,
            expenses: Kopecks::ZERO,
            ended: Some(contract.first_day),
            change: None,
        };
        let recorded = Recorded { contract: id, number, version, rows: ContractRows::default(), events: Vec::new() };
        return Ok((Before { written: state.version().written, was_ended: false }, recorded));
    }
    let life = Life::read(book, contract, next)?;
    life.checked_fold(book)?;
    let payments = book.register.read(|register| register::payments(register, id, next))?;
    let paid: Kopecks = payments.iter().filter(|payment| payment.run == run).map(|payment| payment.amount).sum();
    let events: Vec<Event> =
        life.events.iter().filter(|event| event.run != run).map(|event| without_payment(event, run, paid)).collect();
    let mut prices = life.state.prices.clone();
    prices.retain(|applied| applied.run != run);
    let folded = life.fold(&events, &prices)?;
    let days = life.events.iter().filter(|event| event.run == run).map(|event| event.day);
    let effective =
        life.state.prices.applied.iter().filter(|applied| applied.run == run).map(|applied| applied.effective);
    // of a payment, the refund at the end of the contract is all that changes
    let ended = folded.ended.as_ref().map(|ended| ended.day);
    let from_day: Option<Date> = days.chain(effective).min().or(ended);
    let from_day = from_day.map_or(life.state.contract.first_day, |day| day.max(life.state.contract.first_day));
    let version = version(&folded, VersionKind::Annulled, from_day, None);
    let before = life.state.version();
    let before = Before { written: before.written, was_ended: before.ended.is_some() };
    Ok((before, Recorded { contract: id, number, version, rows: folded.rows, events: Vec::new() }))
}
