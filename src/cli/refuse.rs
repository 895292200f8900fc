//! `kollektiv refuse`: ends a contract whose policyholder refuses a change of prices.

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::Kopecks;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::BookToChange;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::portfolio::refuse::{Refused, refuse};
use crate::tariff::EditionId;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// Id of the refused change of prices, as in its file
    #[arg(long, value_name = "ID")]
    change: String,
    #[command(flatten)]
    book: BookToChange,
    /// Print the same result, but leave the portfolio unchanged
    #[arg(long)]
    dry_run: bool,
}

answer! {
    /// The answer of `kollektiv refuse` and `kollektiv terminate`.
    pub struct Answer {
        /// Number of the contract.
        number: String,
        /// Edition of the tariff that the contract was bound with.
        tariff: EditionId,
        /// First day without cover.
        from: String,
        /// Whether the portfolio had the refusal already.
        known: bool,
        /// Premium of the unexpired term.
        unexpired: Money,
        /// Written premium.
        written: Money,
        /// Paid premium.
        paid: Money,
        /// Unpaid premium.
        unpaid: Money,
        /// Expenses kept; null if the contract states no share.
        expenses: Option<Money>,
        /// Refund; null if the contract states no share of expenses.
        refund: Option<Money>,
        /// Written premium that remains.
        earned: Money,
        /// Whether the portfolio was left unchanged on request.
        dry_run: bool,
    }
}

/// Ends the contract and prints the refund (§2.3, `I22`).
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let mut book = arguments.book.open(arguments.dry_run, "refuse")?;
    let refused = refuse(&mut book, &arguments.number, &arguments.change, arguments.dry_run)?;
    print_end(&arguments.number, &refused, ["refuse-done", "refuse-known"], arguments.dry_run, screen)?;
    let portfolio = arguments.book.folder.display().to_string();
    let next = Message::new("next-contract").with("number", arguments.number.as_str());
    screen.suggest(next.with("portfolio", portfolio));
    Ok(Outcome::Done)
}

/// Prints the refund of a contract that has ended; `names` are the messages for a new and for a known end.
pub fn print_end(
    number: &str,
    ended: &Refused,
    names: [&'static str; 2],
    dry_run: bool,
    screen: &Screen,
) -> Result<(), Error> {
    let refund = &ended.refund;
    let unstated = || screen.text("refuse-unstated");
    let amount = |amount: Option<Kopecks>| amount.map_or_else(unstated, |amount| screen.bare_amount(amount));
    let rows = [
        ("refuse-unexpired", Some(refund.unexpired)),
        ("refuse-written", Some(refund.written)),
        ("refuse-paid", Some(refund.paid)),
        ("refuse-unpaid", Some(refund.unpaid())),
        ("refuse-expenses", refund.expenses),
        ("refuse-refund", refund.refund),
        ("refuse-earned", Some(ended.earned)),
    ];
    let rows = rows.into_iter().map(|(name, value)| [screen.text(name), amount(value)]).collect();
    let table = screen.table(["portfolio-col-what", "portfolio-col-amount"], rows, 1);
    screen.print(&format!("{}\n\n{table}", screen.render(&ended.tariff.message())))?;
    screen.answer(&Answer {
        number: number.to_owned(),
        tariff: ended.tariff.clone(),
        from: ended.from.to_string(),
        known: ended.known,
        unexpired: refund.unexpired.into(),
        written: refund.written.into(),
        paid: refund.paid.into(),
        unpaid: refund.unpaid().into(),
        expenses: refund.expenses.map(Money::from),
        refund: refund.refund.map(Money::from),
        earned: ended.earned.into(),
        dry_run,
    })?;
    if let Some(exact) = refund.exact().filter(|exact| Some(*exact) > refund.refund && *exact > Kopecks::ZERO) {
        screen.note(&Message::new("refuse-above-paid").with("exact", exact));
    }
    if !ended.void.is_empty() {
        let days = listed(ended.void.iter().map(ToString::to_string));
        screen.note(&Message::new("refuse-void").with("count", ended.void.len()).with("days", days));
    }
    let message = Message::new(names[usize::from(ended.known)]).with("number", number).with("from", ended.from);
    screen.note(&message);
    if dry_run {
        screen.note(&Message::new("pay-dry"));
    }
    Ok(())
}
