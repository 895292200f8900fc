//! `kollektiv terminate`: ends a contract before its last day.

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::arguments::BookToChange;
use crate::cli::outcome::Outcome;
use crate::cli::refuse::print_end;
use crate::cli::screen::Screen;
use crate::portfolio::event::EndReason;
use crate::portfolio::refuse::terminate;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// First day without cover, such as 2027-02-01
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    on: Date,
    /// Why the contract ends
    #[arg(long, value_enum, value_name = "REASON")]
    reason: Reason,
    #[command(flatten)]
    book: BookToChange,
    /// Print the same result, but leave the portfolio unchanged
    #[arg(long)]
    dry_run: bool,
}

/// Why a contract ends.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Reason {
    /// The parties have agreed on it
    Agreement,
    /// The premium was not paid
    NonPayment,
    /// Another reason
    Other,
}

impl From<Reason> for EndReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Agreement => Self::Agreement,
            Reason::NonPayment => Self::NonPayment,
            Reason::Other => Self::Other,
        }
    }
}

/// Ends the contract and prints the refund (`I22`, `I34`).
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { number, on, reason, book, dry_run } = arguments;
    let mut book = book.open(*dry_run, "terminate")?;
    let ended = terminate(&mut book, number, *on, (*reason).into(), *dry_run)?;
    print_end(number, &ended, ["terminate-done", "terminate-known"], *dry_run, screen)?;
    let next = Message::new("next-contract").with("number", number.as_str());
    screen.suggest(next.with("portfolio", arguments.book.folder.display().to_string()));
    Ok(Outcome::Done)
}
