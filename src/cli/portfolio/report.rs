//! `kollektiv portfolio report`: the accountant's report on a day.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::parse_decimal;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::{BookFolder, Common, parse_day};
use crate::cli::outcome::Outcome;
use crate::cli::progress::Bar;
use crate::cli::screen::Screen;
use crate::cli::usage::InvalidValue;
use crate::quote::contract::no_edition_message;
use crate::report::proposal::{Proposal, TargetRatio};
use crate::report::{Reported, Request, report};
use crate::tariff::{Catalogue, NoEdition, PriceChange};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Report the portfolio as of this day, such as 2027-03-31
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    as_of: Date,
    /// First day of the period of months, claims and loss ratios; the first day of the portfolio by default
    #[arg(long, value_name = "DAY", value_parser = parse_day)]
    since: Option<Date>,
    /// List the contracts that end within this number of days after the day of the report
    #[arg(long, value_name = "DAYS", default_value_t = 60)]
    ending_within: u32,
    /// Propose for each programme the coefficient of a price change that its claims need at this loss ratio, such as 0.70
    #[arg(long, value_name = "RATIO", value_parser = parse_ratio)]
    propose: Option<Decimal>,
    /// Folder of the tables and of the workbook
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    book: BookFolder,
}

answer! {
    /// The answer of `kollektiv portfolio report`.
    pub struct Answer {
        /// Day of the report.
        as_of: String,
        /// Contracts that have begun until the day.
        contracts: usize,
        /// Written premium.
        written: Money,
        /// Premium earned until the day.
        earned: Money,
        /// Written and not earned premium.
        unearned: Money,
        /// Payments until the day.
        paid: Money,
        /// Overdue on the day.
        overdue: Money,
        /// Premium earned in the period.
        earned_in_period: Money,
        /// What the insurer pays for the claims of the period, advances included.
        claims: Money,
        /// Contracts that end soon.
        ending: usize,
        /// Proposed coefficients, by programme; empty without --propose.
        proposals: Vec<ProposalAnswer>,
        /// Folder of the result.
        out: String,
    }
}

answer! {
    struct ProposalAnswer {
        /// Programme.
        programme: String,
        /// Premium earned in the period.
        earned: Money,
        /// Claims of the period.
        claims: Money,
        /// Coefficient that brings the claims to the target, rounded up; null where no premium is earned.
        needed: Option<String>,
        /// Lawful coefficient nearest to it and not below, or null: prices may stay, there are no claims, or no lawful coefficient is enough.
        coefficient: Option<String>,
        /// Arithmetic.
        arithmetic: String,
    }
}

/// A loss ratio: above 0 and at most 10, with at most four decimals.
fn parse_ratio(text: &str) -> Result<Decimal, InvalidValue> {
    const MOST_DECIMALS: u32 = 4;
    let is_lawful =
        |ratio: &Decimal| *ratio > Decimal::ZERO && *ratio <= Decimal::TEN && ratio.scale() <= MOST_DECIMALS;
    let lawful = parse_decimal(text).filter(is_lawful);
    lawful.ok_or_else(|| InvalidValue(Message::new("argument-ratio")))
}

/// The coefficients of a price change (§2.3) by the edition in force on a day.
fn lawful_changes(editions: &Catalogue, day: Date) -> Result<PriceChange, Error> {
    let refuse = |fault: NoEdition| Error::Unlawful { reason: no_edition_message(&fault, None, day, editions) };
    Ok(editions.edition_for(None, day).map_err(refuse)?.price_change.value.clone())
}

/// Writes the report and prints its totals.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { as_of, since, ending_within, propose, out, book } = arguments;
    let target = propose.map(|ratio| Ok(TargetRatio { ratio, lawful: lawful_changes(&common.editions()?, *as_of)? }));
    let target = target.transpose()?;
    let request = Request {
        as_of: *as_of,
        since: *since,
        ending_within_days: *ending_within,
        target,
        out,
        language: screen.language,
    };
    let reported = {
        let bar = Bar::new(screen);
        report(&book.open()?, &request, &bar)?
    };
    let Reported { contracts, written, earned, paid, overdue, claims, earned_in_period, ending, .. } = reported;
    screen.record_total("contracts", contracts);
    screen.record_total("written", written.to_string());
    screen.record_total("earned", earned.to_string());
    let summary = Message::new("report-summary")
        .with("day", *as_of)
        .with("contracts", screen.count(contracts))
        .with("written", written)
        .with("earned", earned)
        .with("unearned", written - earned)
        .with("paid", paid)
        .with("overdue", overdue);
    let of_period = Message::new("report-claims").with("earned", earned_in_period).with("claims", claims);
    let soon = Message::new("report-ending").with("days", *ending_within).with("contracts", screen.count(ending));
    let mut text = screen.paragraph(&summary) + &screen.paragraph(&of_period) + &screen.paragraph(&soon);
    if propose.is_some() {
        text.push('\n');
        text.push_str(&proposals_table(&reported.proposals, screen));
    }
    screen.print(&text)?;
    screen.answer(&Answer {
        as_of: as_of.to_string(),
        contracts,
        written: written.into(),
        earned: earned.into(),
        unearned: (written - earned).into(),
        paid: paid.into(),
        overdue: overdue.into(),
        earned_in_period: earned_in_period.into(),
        claims: claims.into(),
        ending,
        proposals: reported.proposals.iter().map(proposal_answer).collect(),
        out: out.display().to_string(),
    })?;
    screen.note_exported(out, reported.has_workbook);
    Ok(Outcome::Done)
}

fn proposal_answer(of: &Proposal) -> ProposalAnswer {
    ProposalAnswer {
        programme: of.programme.clone(),
        earned: of.earned.into(),
        claims: of.claims.into(),
        needed: of.needed.map(|needed| needed.to_string()),
        coefficient: of.coefficient.map(|coefficient| coefficient.to_string()),
        arithmetic: of.arithmetic(),
    }
}

/// The proposed coefficients with their arithmetic.
fn proposals_table(proposals: &[Proposal], screen: &Screen) -> String {
    let row = |of: &Proposal| {
        let coefficient = of.coefficient.map_or_else(|| "–".to_owned(), |coefficient| screen.decimal(coefficient));
        [of.programme.clone(), of.arithmetic(), coefficient]
    };
    let heading = ["report-col-programme", "report-col-arithmetic", "report-col-coefficient"];
    screen.table(heading, proposals.iter().map(row).collect(), 2)
}
