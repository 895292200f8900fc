//! `kollektiv portfolio invoices`: invoices to policyholders for what is due.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
use crate::cli::progress::Bar;
use crate::cli::screen::Screen;
use crate::portfolio::invoices::{Invoice, InvoiceDays, Written, invoices, write};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Last due day of the charges, such as 2027-03-01; one invoice for each contract and due day that is not settled
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    due: Date,
    /// Day of issue, by default that of --due; payments of later days do not count
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    issued: Option<Date>,
    #[command(flatten)]
    book: BookFolder,
    #[command(flatten)]
    paper: PaperArguments,
    /// Folder of the invoices and of invoices.csv; output/invoices-<day> by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv portfolio invoices`.
    pub struct Answer {
        /// Last due day of the charges.
        due: String,
        /// Day of issue.
        issued: String,
        /// The invoices, by contract and due day.
        invoices: Vec<InvoiceAnswer>,
        /// All that is to be paid.
        amount: Money,
        /// Documents; fewer than invoices where a name has letters that no font has.
        documents: usize,
        /// Folder of the result.
        out: String,
    }
}

answer! {
    struct InvoiceAnswer {
        /// Number of the invoice.
        invoice: String,
        /// Number of the contract.
        number: String,
        /// Name of the policyholder.
        policyholder: String,
        /// Day by which it is to be paid.
        due: String,
        /// Charged for that day.
        charged: Money,
        /// Paid or credited of it; below zero where more was taken back than paid.
        settled: Money,
        /// To be paid.
        amount: Money,
        /// Purpose of payment.
        purpose: String,
    }
}

/// Makes the invoices, and prints their number and sum by due day.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let days = InvoiceDays { due: arguments.due, issued: arguments.issued.unwrap_or(arguments.due) };
    let insurer = arguments.paper.open_insurer(screen)?;
    let template = arguments.paper.template_with(Paper::Invoice, insurer.as_ref())?;
    let out = arguments.out.clone().unwrap_or_else(|| default_output(&format!("invoices-{}", days.due)));
    let (made, written) = {
        let bar = Bar::new(screen);
        let made = invoices(&arguments.book.open()?, days, &bar)?;
        let written = write(&made, days, insurer.as_ref(), &template, &out, screen.language)?;
        (made, written)
    };
    let amount: Kopecks = made.iter().map(|invoice| invoice.amount).sum();
    screen.record_total("invoices", made.len());
    screen.record_total("amount", amount.to_string());
    if !made.is_empty() {
        screen.print(&by_due_day(&made, screen))?;
    }
    let message = Message::new("invoices-done").with("count", made.len()).with("amount", amount);
    screen.print(&screen.paragraph(&message.with("due", days.due).with("issued", days.issued)))?;
    screen.answer(&answer(&made, days, amount, written.documents, &out))?;
    report_exceptions(&made, &written, screen);
    screen.note_written(&out);
    if !made.is_empty() {
        screen.suggest(Message::new("next-invoices").with("out", out.display().to_string()));
    }
    Ok(if written.left_out.is_empty() { Outcome::Done } else { Outcome::SetAside })
}

/// Prints the invoices without a document, and those whose payments have to be booked by hand.
fn report_exceptions(made: &[Invoice], written: &Written, screen: &Screen) {
    for (at, letters) in &written.left_out {
        let message = Message::new("invoice-left-out").with("number", made[*at].number.as_str());
        screen.refuse(&message.with("letters", letters.as_str()));
    }
    for invoice in made.iter().filter(|invoice| !invoice.is_recognised) {
        screen.note(&Message::new("invoice-unrecognised").with("number", invoice.contract.as_str()));
    }
}

/// The number of invoices and their sum by due day.
fn by_due_day(made: &[Invoice], screen: &Screen) -> String {
    let mut days: BTreeMap<Date, (usize, Kopecks)> = BTreeMap::new();
    for invoice in made {
        let day = days.entry(invoice.due).or_default();
        day.0 += 1;
        day.1 += invoice.amount;
    }
    let rows = days
        .into_iter()
        .map(|(day, (count, amount))| [screen.language.day(day), screen.count(count), screen.bare_amount(amount)]);
    screen.table(["portfolio-col-due", "invoices-col-count", "portfolio-col-amount"], rows.collect(), 1)
}

fn answer(made: &[Invoice], days: InvoiceDays, amount: Kopecks, documents: usize, out: &Path) -> Answer {
    let invoice = |invoice: &Invoice| InvoiceAnswer {
        invoice: invoice.number.clone(),
        number: invoice.contract.clone(),
        policyholder: invoice.policyholder.clone(),
        due: invoice.due.to_string(),
        charged: invoice.charged().into(),
        settled: invoice.settled().into(),
        amount: invoice.amount.into(),
        purpose: invoice.purpose.clone(),
    };
    Answer {
        due: days.due.to_string(),
        issued: days.issued.to_string(),
        invoices: made.iter().map(invoice).collect(),
        amount: amount.into(),
        documents,
        out: out.display().to_string(),
    }
}
