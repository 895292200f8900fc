//! Refusal: the policyholder refuses a price change, and the contract ends on its first day (§2.3, `I22`).

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::base::calendar::days_since_1970;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::premium::refund::Refund;
use crate::portfolio::register;
use crate::portfolio::register::changes::{KnownChange, Refusal};
use crate::portfolio::register::versions::{Version, VersionKind};
use crate::portfolio::reprice::batch;
use crate::portfolio::reprice::batch::AffectedContract;
use crate::portfolio::store::{Damage, FileKind};

/// A contract that a refusal has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The first day without cover.
    pub from: Date,
    /// The refund with its arithmetic.
    pub refund: Refund,
    /// The written premium that remains: the premium of the days until then.
    pub earned: Kopecks,
    /// Whether the book had it already.
    pub known: bool,
}

/// Ends a contract on the first day of a change that its policyholder refuses. Refusing again changes nothing and gives the same result.
///
/// # Errors
///
/// [`Error::Unlawful`] where the book has no such contract or change, where the change has not raised the contract's price, or
/// where the contract has changed since; [`Error::Damaged`] where the contract's rows are not as they were written;
/// [`Error::Register`] where the book cannot be written.
pub fn refuse(book: &mut Portfolio, number: &str, change: &str) -> Result<Refused, Error> {
    let unlawful = |name: &'static str| {
        Err(Error::Unlawful { reason: Message::new(name).with("number", number).with("id", change) })
    };
    let contract = book.register.read(|register| register::contract(register, number))?;
    let Some(contract) = contract else { return unlawful("refuse-number") };
    let changes = book.register.read(register::changes)?;
    let Some(change) = changes.into_iter().find(|known| known.id == change) else { return unlawful("refuse-change") };
    let next = book.register.read(register::next_run)?;
    let now = book.register.read(|register| ContractState::known_before(register, contract.clone(), next))?;
    if let Some(earlier) = book.register.read(|register| register::refusal(register, contract.id))? {
        if earlier.change != change.id {
            return unlawful("refuse-ended");
        }
        let before = book.register.read(|register| ContractState::known_before(register, contract, earlier.run))?;
        return Ok(known_refusal(&before, &earlier, &change, now.version().written));
    }
    let version = now.version();
    if version.kind != VersionKind::Repriced || version.change.as_ref() != Some(&change.id) {
        let applied = now.versions.iter().any(|version| version.change.as_ref() == Some(&change.id));
        return unlawful(if applied { "refuse-late" } else { "refuse-untouched" });
    }
    let before = book.register.read(|register| ContractState::known_before(register, contract, version.run))?;
    if before.version().written >= version.written {
        return unlawful("refuse-cheaper");
    }
    let unexpired = unexpired(book, &before, change.effective)?;
    let refund = Refund::new(&before.contract.price_terms, before.version().written, now.paid, unexpired);
    let earned = refund.earned();
    let ended = Version {
        run: 0,
        kind: VersionKind::Refused,
        from_day: change.effective,
        insured: 0,
        written: earned,
        change: Some(change.id.clone()),
        ..version.clone()
    };
    let refusal = Refusal {
        run: 0,
        change: change.id.clone(),
        unexpired,
        paid: refund.paid,
        expenses: refund.expenses,
        refund: refund.refund,
    };
    let id = before.contract.id;
    book.register.commit("refuse", |commit, run| {
        register::add_version(commit, id, &Version { run, ..ended })?;
        register::add_refusal(commit, id, &Refusal { run, ..refusal })
    })?;
    Ok(Refused { from: change.effective, refund, earned, known: false })
}

/// The result of a refusal that the book has; `state` is the contract before it, and `earned` its written premium now.
fn known_refusal(state: &ContractState, refusal: &Refusal, change: &KnownChange, earned: Kopecks) -> Refused {
    let before = state.versions.iter().rev().nth(1).unwrap_or_else(|| state.version());
    let Refusal { unexpired, paid, expenses, refund, .. } = *refusal;
    let refund = Refund { written: before.written, unexpired, paid, expenses, refund };
    Refused { from: change.effective, earned, refund, known: true }
}

/// The premium of a contract's unexpired days at the rates in force (`I22`).
fn unexpired(book: &Portfolio, state: &ContractState, effective: Date) -> Result<Kopecks, Error> {
    let run = state.rows_run();
    let segment = |kind| {
        let segment = book.register.read(|register| register::segment(register, state.contract.id, run, kind))?;
        segment.ok_or_else(|| Error::Unlawful { reason: Message::new("reprice-unreadable") })
    };
    let affected = AffectedContract {
        state: state.clone(),
        before: run,
        coefficients: BTreeMap::new(),
        set_aside: None,
        cells: segment(FileKind::Cells)?,
        lines: segment(FileKind::Lines)?,
    };
    let files = book.files()?;
    let sums = batch::contract_sums(&files, &affected, days_since_1970(effective));
    sums.map(|sums| sums.unexpired)
        .map_err(|Damage(reason)| Error::Damaged { folder: book.folder().to_owned(), reason })
}
