//! `kollektiv renew`: the contract file and the roster of a new term.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::{Message, Value};
use crate::base::money::Kopecks;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::{BookFolder, Common};
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::output_folder::default_output;
use crate::cli::progress::Bar;
use crate::cli::quoting::edition_line;
use crate::cli::screen::Screen;
use crate::output::folder_name;
use crate::portfolio::renew::{Request, renew};
use crate::tariff::EditionId;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// First day of the new term, such as 2027-12-01
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    start: Date,
    /// Number of the new contract; that of the old one and the year by default
    #[arg(long, value_name = "NUMBER")]
    new_number: Option<String>,
    #[command(flatten)]
    book: BookFolder,
    /// Folder of the contract file and the roster; output/renew-<number>-<first day> by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv renew`.
    pub struct Answer {
        /// Number of the new contract.
        number: String,
        /// First day of the new term.
        start: String,
        /// Last day of the new term.
        end: String,
        /// Edition of the tariff for the new term.
        tariff: EditionId,
        /// Insured who are taken over.
        insured: usize,
        /// Insured who can be priced.
        priced: usize,
        /// Insured for an underwriter.
        referred: usize,
        /// Insured without a price at their new age.
        outgrown: usize,
        /// Written premium of the old contract that is not paid.
        unpaid: Money,
        /// Folder of the files.
        out: String,
    }
}

/// Writes the files of the new term and prints who needs attention.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let name = || format!("renew-{}-{}", folder_name(&arguments.number), arguments.start);
    let out = arguments.out.clone().unwrap_or_else(|| default_output(&name()));
    let request = Request {
        number: arguments.number.clone(),
        start: arguments.start,
        new_number: arguments.new_number.clone(),
        out: out.clone(),
        language: screen.language,
    };
    let book = arguments.book.open()?;
    let renewal = {
        let bar = Bar::new(screen);
        renew(&book, &request, &common.editions()?, &bar)?
    };
    diagnostics::print(&renewal.roster.tables, false, screen);
    let counts = renewal.counts;
    let message = Message::new("renew-done")
        .with("number", renewal.number.as_str())
        .with("start", request.start)
        .with("end", renewal.end)
        .with("insured", screen.count(renewal.insured))
        .with("priced", screen.count(counts.priced))
        .with("referred", screen.count(counts.referred))
        .with("outgrown", screen.count(counts.rejected));
    screen.print(&screen.paragraph(&message))?;
    screen.print(&edition_line(&renewal.tariff, screen))?;
    screen.answer(&Answer {
        number: renewal.number.clone(),
        start: request.start.to_string(),
        end: renewal.end.to_string(),
        tariff: renewal.tariff.id(),
        insured: renewal.insured,
        priced: counts.priced,
        referred: counts.referred,
        outgrown: counts.rejected,
        unpaid: renewal.unpaid.into(),
        out: out.display().to_string(),
    })?;
    if renewal.unpaid > Kopecks::ZERO {
        let message = Message::new("renew-unpaid").with("number", request.number.as_str());
        screen.note(&message.with("amount", renewal.unpaid));
    }
    for (programme, level) in &renewal.price_changes {
        let message = Message::new("renew-prices").with("programme", programme.as_str());
        screen.note(&message.with("level", Value::decimal(level.clone())));
    }
    screen.note_written(&out);
    screen.suggest(Message::new("next-renewed").with("contract", out.join("contract.toml").display().to_string()));
    Ok(if counts.priced == counts.read { Outcome::Done } else { Outcome::SetAside })
}
