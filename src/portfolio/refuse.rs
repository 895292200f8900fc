//! The end of a contract before its last day: the policyholder refuses a price change (§2.3, `I35`), or the contract is terminated (`I34`).

use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::event::{End, EndReason, Event, EventKind};
use crate::portfolio::fold::Folded;
use crate::portfolio::life::{Life, Recorded, record_one, version};
use crate::portfolio::premium::refund::Refund;
use crate::portfolio::register;
use crate::portfolio::register::contracts::BoundContract;
use crate::portfolio::register::versions::VersionKind;
use crate::tariff::EditionId;

/// A contract that has ended before its last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The edition of the tariff that the contract was bound with (`I71`).
    pub tariff: EditionId,
    /// The first day without cover.
    pub from: Date,
    /// The refund with its arithmetic.
    pub refund: Refund,
    /// The premium of the days until then.
    pub earned: Kopecks,
    /// The valid days of events that the end makes void.
    pub void: Vec<Date>,
    /// Whether the book had it already.
    pub known: bool,
}

/// Ends a contract on the first day of a change that its policyholder refuses, whatever has happened to it before or since (`I35`). That
/// change and later ones do not apply to it. Refusing again changes nothing and gives the same result.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has no such contract or change, where the change has not raised the contract's price, or where the
/// contract has ended; [`Error::Damaged`] where the contract's rows are not as they were written; [`Error::Register`] where the book cannot
/// be written.
pub fn refuse(book: &mut Portfolio, number: &str, change: &str, dry_run: bool) -> Result<Refused, Error> {
    let unlawful =
        |name: &'static str| Error::Unlawful { reason: Message::new(name).with("number", number).with("id", change) };
    let contract = book.register.read(|register| register::contract(register, number))?;
    let contract = contract.ok_or_else(|| unlawful("refuse-number"))?;
    let changes = book.register.read(register::changes)?;
    let known = changes.iter().find(|known| known.id == change).ok_or_else(|| unlawful("refuse-change"))?;
    if let Some((life, _, end)) = find_end(book, &contract)? {
        if end.change.as_deref() != Some(change) {
            return Err(unlawful("refuse-ended"));
        }
        return ended(&life, &life.fold(&life.events, &life.state.prices)?, true);
    }
    let next = book.register.read(register::next_run)?;
    let life = Life::read(book, contract, next)?;
    let mut applied = life.state.prices.applied.iter().filter(|applied| applied.change == change);
    let run = applied.next().map(|applied| applied.run).ok_or_else(|| unlawful("refuse-untouched"))?;
    let until = |includes: bool| {
        let mut prices = life.state.prices.clone();
        prices.retain(|applied| (applied.effective, applied.run) < (known.effective, run + i64::from(includes)));
        life.fold(&life.events, &prices).map(|folded| folded.written)
    };
    if until(false)? >= until(true)? {
        return Err(unlawful("refuse-cheaper"));
    }
    let change = Some(change.to_owned());
    let end = (known.effective, EndReason::Refusal, change);
    end_contract(book, &life, next, end, ("refuse", VersionKind::Refused), dry_run)
}

/// Ends a contract: `on` is the first day without cover (`I34`). Terminating again for the same day and reason changes nothing.
///
/// # Errors
///
/// As [`refuse`]; [`Error::Unlawful`] also where the day is not one of the contract's.
pub fn terminate(
    book: &mut Portfolio,
    number: &str,
    on: Date,
    reason: EndReason,
    dry_run: bool,
) -> Result<Refused, Error> {
    let unlawful = |message: Message| Error::Unlawful { reason: message.with("number", number) };
    let contract = book.register.read(|register| register::contract(register, number))?;
    let contract = contract.ok_or_else(|| unlawful(Message::new("refuse-number")))?;
    if on < contract.first_day || on > contract.last_day {
        let message = Message::new("terminate-day").with("first", contract.first_day).with("last", contract.last_day);
        return Err(unlawful(message));
    }
    if let Some((life, event, end)) = find_end(book, &contract)? {
        if (event.day, end.reason) != (on, reason) {
            return Err(unlawful(Message::new("refuse-ended")));
        }
        return ended(&life, &life.fold(&life.events, &life.state.prices)?, true);
    }
    let next = book.register.read(register::next_run)?;
    let life = Life::read(book, contract, next)?;
    end_contract(book, &life, next, (on, reason, None), ("terminate", VersionKind::Terminated), dry_run)
}

/// The recorded end of a contract that has an effect: its life until then, the event and its content.
fn find_end(book: &Portfolio, contract: &BoundContract) -> Result<Option<(Life, Event, End)>, Error> {
    let (events, prices) = book.register.read(|register| {
        let events = register::events(register, contract.id, i64::MAX)?;
        Ok((events, ContractState::known_before(register, contract.clone(), i64::MAX)?.prices))
    })?;
    let ends = events.into_iter().find_map(|event| match &event.kind {
        EventKind::Ended(end) if end.counts(&prices) => Some((event.clone(), end.clone())),
        _ => None,
    });
    ends.map(|(event, end)| Ok((Life::read(book, contract.clone(), event.run + 1)?, event, end))).transpose()
}

/// Records the end of a contract.
fn end_contract(
    book: &mut Portfolio,
    life: &Life,
    run: i64,
    (day, reason, change): (Date, EndReason, Option<String>),
    (kind, version_kind): (&str, VersionKind),
    dry_run: bool,
) -> Result<Refused, Error> {
    life.checked_fold(book)?;
    let paid = i64::try_from(life.state.paid.get()).unwrap_or(i64::MAX);
    let end = End { reason, change: change.clone(), paid };
    let event = Event { run, row: 1, day, kind: EventKind::Ended(end) };
    let folded = life.fold(&life.events_with(std::slice::from_ref(&event)), &life.state.prices)?;
    let refused = ended(life, &folded, false)?;
    let refused = Refused { void: void_days(&folded, &life.events), ..refused };
    if !dry_run {
        let contract = &life.state.contract;
        let recorded = Recorded {
            contract: contract.id,
            number: contract.number.clone(),
            version: version(&folded, version_kind, day, change),
            rows: folded.rows,
            events: vec![event],
        };
        record_one(book, kind, &recorded, |_, _| Ok(()))?;
    }
    Ok(refused)
}

/// The days of events without effect.
fn void_days(folded: &Folded, events: &[Event]) -> Vec<Date> {
    let is_void = |event: &&Event| folded.void.contains(&(event.run, event.row));
    events.iter().filter(is_void).map(|event| event.day).collect()
}

fn ended(life: &Life, folded: &Folded, known: bool) -> Result<Refused, Error> {
    let ended = folded.ended.as_ref();
    let ended = ended.ok_or_else(|| Error::Unlawful { reason: Message::new("endorse-unreadable") })?;
    let refund = ended.refund.clone();
    let tariff = life.tariff.id();
    Ok(Refused { tariff, from: ended.day, earned: refund.earned(), refund, void: Vec::new(), known })
}
