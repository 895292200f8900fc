//! `kollektiv refuse`: ends a contract whose policyholder refuses a change of prices.

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::cli::arguments::BookFolder;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::portfolio::refuse::refuse;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// Id of the refused change of prices, as in its file: the last one that touched the contract
    #[arg(long, value_name = "ID")]
    change: String,
    #[command(flatten)]
    book: BookFolder,
}

/// Ends the contract and prints the refund (§2.3, `I22`).
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let mut book = arguments.book.open_to_change(false, "refuse")?;
    let refused = refuse(&mut book, &arguments.number, &arguments.change)?;
    let refund = &refused.refund;
    let unstated = || screen.text("refuse-unstated");
    let amount = |amount: Option<Kopecks>| amount.map_or_else(unstated, |amount| screen.bare_amount(amount));
    let rows = [
        ("refuse-unexpired", Some(refund.unexpired)),
        ("refuse-written", Some(refund.written)),
        ("refuse-paid", Some(refund.paid)),
        ("refuse-unpaid", Some(refund.unpaid())),
        ("refuse-expenses", refund.expenses),
        ("refuse-refund", refund.refund),
        ("refuse-earned", Some(refused.earned)),
    ];
    let rows = rows.into_iter().map(|(name, value)| [screen.text(name), amount(value)]).collect();
    screen.print(&screen.table(["portfolio-col-what", "portfolio-col-amount"], rows, 1))?;
    if let Some(exact) = refund.exact().filter(|exact| Some(*exact) > refund.refund && *exact > Kopecks::ZERO) {
        screen.note(&Message::new("refuse-above-paid").with("exact", exact));
    }
    let name = if refused.known { "refuse-known" } else { "refuse-done" };
    let message = Message::new(name).with("number", arguments.number.as_str()).with("from", refused.from);
    screen.note(&message);
    let portfolio = arguments.book.folder.display().to_string();
    let next = Message::new("next-contract").with("number", arguments.number.as_str());
    screen.suggest(next.with("portfolio", portfolio));
    Ok(Outcome::Done)
}
