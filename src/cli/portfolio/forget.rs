//! `kollektiv portfolio forget`: erases the personal data of an insured whose cover has ended, or of one of the entitled outside the book.

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::cli::answer::answer;
use crate::cli::arguments::BookToChange;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::clinics::forget::forget;
use crate::portfolio::forget::Request;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Full name, policy number or personnel number of the insured
    #[arg(value_name = "PERSON")]
    person: String,
    /// Birth date, where several have the name, such as 1990-06-05
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    born: Option<Date>,
    /// A contract of the insured, where several have the name or the number; the data are erased in all contracts
    #[arg(long, value_name = "NUMBER")]
    contract: Option<String>,
    /// Day of the erasure, such as 2028-01-15: the cover has ended and everything due for the contracts is paid
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    as_of: Date,
    #[command(flatten)]
    book: BookToChange,
    /// Print what would be erased, but leave the portfolio unchanged
    #[arg(long)]
    dry_run: bool,
}

answer! {
    /// The answer of `kollektiv portfolio forget`.
    pub struct Answer {
        /// Number of the run, which is also in the pseudonym.
        run: u64,
        /// Numbers of the contracts of the insured.
        contracts: Vec<String>,
        /// Rows of insured that were replaced, over all versions of the contracts.
        rows: usize,
        /// Events that were replaced.
        events: usize,
        /// Guarantee letters that were replaced.
        letters: usize,
        /// Claims whose identity of one of the entitled outside the portfolio was replaced.
        claims: usize,
        /// Notes, warnings, terms and names of files that had the name.
        texts: usize,
        /// Whether the portfolio was left unchanged on request.
        dry_run: bool,
    }
}

/// Erases the personal data and prints where they were.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { person, born, contract, as_of, book, dry_run } = arguments;
    let mut portfolio = book.open(*dry_run, "forget")?;
    let request = Request { person: person.clone(), born: *born, contract: contract.clone(), as_of: *as_of };
    let forgotten = forget(&mut portfolio, &request, *dry_run)?;
    let name = match (forgotten.contracts.is_empty(), *dry_run) {
        (false, false) => "forget-done",
        (false, true) => "forget-would",
        (true, false) => "forget-entitled-done",
        (true, true) => "forget-entitled-would",
    };
    let message = Message::new(name)
        .with("run", forgotten.run.to_string())
        .with("contracts", listed(&forgotten.contracts))
        .with("rows", screen.count(forgotten.rows))
        .with("events", screen.count(forgotten.events))
        .with("letters", screen.count(forgotten.letters))
        .with("claims", screen.count(forgotten.claims))
        .with("texts", screen.count(forgotten.texts));
    screen.print(&screen.paragraph(&message))?;
    screen.answer(&Answer {
        run: forgotten.run.unsigned_abs(),
        contracts: forgotten.contracts,
        rows: forgotten.rows,
        events: forgotten.events,
        letters: forgotten.letters,
        claims: forgotten.claims,
        texts: forgotten.texts,
        dry_run: *dry_run,
    })?;
    if *dry_run {
        screen.note(&Message::new("pay-dry"));
    } else {
        screen.note(&Message::new("forget-copies"));
    }
    screen.suggest(Message::new("next-forgotten").with("portfolio", book.folder.display().to_string()));
    Ok(Outcome::Done)
}
