//! The changes of a contract that are recorded and have no effect: the contract has ended before them, the insured is not covered any more,
//! or the price change that is refused is annulled.

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::screen::Screen;
use crate::portfolio::Portfolio;
use crate::portfolio::event::{Event, EventKind};
use crate::portfolio::life::Life;
use crate::portfolio::register;
use crate::portfolio::register::contracts::BoundContract;

answer! {
    /// A change of a contract without effect.
    pub struct VoidEvent {
        /// Number of the run that has recorded it.
        run: u64,
        /// Its row in that run.
        row: u32,
        /// What it is: `joined`, `left`, `changed`, `corrected`, or `ended` where the refused price change is annulled.
        kind: &'static str,
        /// First day from which it would count.
        from: String,
    }
}

/// The changes of a contract without effect, as they were known before a run, in the order of their runs and rows.
pub fn void_events(book: &Portfolio, contract: &BoundContract, before: i64) -> Result<Vec<Event>, Error> {
    let (events, is_annulled) = book.register.read(|register| {
        let events = register::events(register, contract.id, before)?;
        Ok((events, register::is_annulled(register, contract, before)?))
    })?;
    if events.is_empty() || is_annulled {
        return Ok(Vec::new());
    }
    let life = Life::read(book, contract.clone(), before)?;
    let void = life.fold(&life.events, &life.state.prices)?.void;
    Ok(events.into_iter().filter(|event| void.contains(&(event.run, event.row))).collect())
}

/// The answer for a change.
pub fn void_answer(event: &Event) -> VoidEvent {
    VoidEvent { run: event.run.unsigned_abs(), row: event.row, kind: event.kind.as_str(), from: event.day.to_string() }
}

/// The changes, one a line; empty if there are none.
pub fn void_table(events: &[Event], screen: &Screen) -> String {
    if events.is_empty() {
        return String::new();
    }
    let kind = |event: &Event| match &event.kind {
        EventKind::Joined(_) => "endorse-join",
        EventKind::Left { .. } => "endorse-leave",
        EventKind::Changed { values, .. } if values.plan.is_some() => "endorse-change-plan",
        EventKind::Changed { .. } => "endorse-change",
        EventKind::Corrected { .. } => "endorse-correct",
        EventKind::Ended(_) => "show-terminated",
    };
    let row = |event: &Event| {
        [screen.language.day(event.day), screen.text(kind(event)), event.run.to_string(), event.row.to_string()]
    };
    let heading = ["portfolio-col-from", "portfolio-col-what", "portfolio-col-run", "show-col-row"];
    let message = Message::new("show-void").with("count", events.len());
    format!("\n{}{}", screen.paragraph(&message), screen.table(heading, events.iter().map(row).collect(), 2))
}
