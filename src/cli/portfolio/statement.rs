//! `kollektiv portfolio statement`: the statement of account of a contract.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::BookFolder;
use crate::cli::arguments::paper::PaperArguments;
use crate::cli::outcome::Outcome;
use crate::cli::output_folder::default_output;
use crate::cli::paper::Paper;
use crate::cli::screen::Screen;
use crate::output::folder_name;
use crate::portfolio::charged_contract::charged_contract;
use crate::portfolio::statement::{Entry, EntryCause, Statement, write};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Number of the contract
    #[arg(value_name = "NUMBER")]
    number: String,
    /// First day of the statement, such as 2027-01-01
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    from: Date,
    /// Last day of the statement, such as 2027-03-31
    #[arg(id = "until", long = "to", value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    to: Date,
    #[command(flatten)]
    book: BookFolder,
    #[command(flatten)]
    paper: PaperArguments,
    /// Folder of statement.pdf and statement.csv; output/statement-<number>-<from>-<to> by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv portfolio statement`. Balances are above zero where the policyholder owes.
    pub struct Answer {
        /// Number of the contract.
        number: String,
        /// Name of the policyholder.
        policyholder: String,
        /// First day.
        from: String,
        /// Last day.
        to: String,
        /// Balance before the first day.
        opening: Money,
        /// The entries, by day.
        entries: Vec<EntryAnswer>,
        /// Sum of the debit.
        debit: Money,
        /// Sum of the credit.
        credit: Money,
        /// Balance after the last day.
        closing: Money,
        /// Folder of the result.
        out: String,
    }
}

answer! {
    struct EntryAnswer {
        /// Day.
        day: String,
        /// `payment`, or what made the charge: `bound`, `endorsed`, `repriced`, `refolded`, `refused`, `terminated`, `annulled`.
        cause: &'static str,
        /// Number of a payment's document; may be empty.
        document: String,
        /// What raises the debt: premium that is due, a payment taken back.
        debit: Money,
        /// What lowers it: payments and credits.
        credit: Money,
        /// Balance after the entry.
        balance: Money,
    }
}

/// Makes the statement and prints it.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { number, from, to, book, paper, out } = arguments;
    if to < from {
        let reason = Message::new("statement-days").with("from", *from).with("to", *to);
        return Err(Error::Unlawful { reason });
    }
    let insurer = paper.open_insurer(screen)?;
    let template = paper.template_with(Paper::Statement, insurer.as_ref())?;
    let default = || default_output(&folder_name(&format!("statement-{number}-{from}-{to}")));
    let out = out.clone().unwrap_or_else(default);
    let statement = Statement::new(&charged_contract(&book.open()?, number)?, *from, *to);
    write(&statement, insurer.as_ref(), &template, &out, screen.language)?;
    let (debit, credit) = statement.turnover();
    screen.record_total("number", number.as_str());
    screen.record_total("closing", statement.closing().to_string());
    screen.print(&table(&statement, screen))?;
    let entry = |(entry, balance): (&Entry, Kopecks)| EntryAnswer {
        day: entry.day.to_string(),
        cause: entry.cause.as_str(),
        document: entry.cause.document().to_owned(),
        debit: entry.debit.into(),
        credit: entry.credit.into(),
        balance: balance.into(),
    };
    screen.answer(&Answer {
        number: statement.number.clone(),
        policyholder: statement.policyholder.clone(),
        from: from.to_string(),
        to: to.to_string(),
        opening: statement.opening.into(),
        entries: statement.balances().map(entry).collect(),
        debit: debit.into(),
        credit: credit.into(),
        closing: statement.closing().into(),
        out: out.display().to_string(),
    })?;
    screen.note_written(&out);
    Ok(Outcome::Done)
}

/// The balance before, the entries and the balance after.
fn table(statement: &Statement, screen: &Screen) -> String {
    let amount = |amount: Kopecks| if amount == Kopecks::ZERO { String::new() } else { screen.bare_amount(amount) };
    let balance_row = |name, debit, credit, balance| {
        [String::new(), screen.text(name), amount(debit), amount(credit), screen.bare_amount(balance)]
    };
    let entry_row = |(entry, balance): (&Entry, Kopecks)| {
        let cause = match &entry.cause {
            EntryCause::Charge(kind) => screen.text(super::show::kind_message(*kind)).trim_end_matches(':').to_owned(),
            EntryCause::Payment(document) if document.is_empty() => screen.text("statement-payment"),
            EntryCause::Payment(document) => {
                screen.render(&Message::new("statement-payment-document").with("document", document.as_str()))
            }
        };
        [screen.language.day(entry.day), cause, amount(entry.debit), amount(entry.credit), screen.bare_amount(balance)]
    };
    let (debit, credit) = statement.turnover();
    let mut rows = vec![balance_row("statement-opening", Kopecks::ZERO, Kopecks::ZERO, statement.opening)];
    rows.extend(statement.balances().map(entry_row));
    rows.push(balance_row("statement-closing", debit, credit, statement.closing()));
    let heading = [
        "statement-col-day",
        "portfolio-col-what",
        "statement-col-debit",
        "statement-col-credit",
        "statement-col-balance",
    ];
    screen.table(heading, rows, 2)
}
