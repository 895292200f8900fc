//! `kollektiv reprice`: reprices the contracts of a portfolio after a change of medical prices.

mod engine;

use std::path::{Path, PathBuf};

use clap::Args;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::{Message, Value, listed};
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::paper::PaperArguments;
use crate::cli::arguments::{BookToChange, Common};
use crate::cli::documents::chosen_documents;
use crate::cli::log::{Event, Level};
use crate::cli::outcome::Outcome;
use crate::cli::output_folder::default_output;
use crate::cli::paper::Paper;
use crate::cli::progress::Bar;
use crate::cli::screen::{Screen, print_result};
use crate::output::folder_name;
use crate::portfolio::Portfolio;
use crate::portfolio::change::PriceChange;
use crate::portfolio::register;
use crate::portfolio::reprice::documents::ImpactDocument;
use crate::portfolio::reprice::impact::CodeImpact;
use crate::portfolio::reprice::line_engine::LineEngine;
use crate::portfolio::reprice::part_workers::PartWorkers;
use crate::portfolio::reprice::{Repricing, Request, reprice};
use crate::scale_out::engine::{Engine, explain};
use crate::tariff::Tariff;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The change of prices (a TOML file): programmes, coefficients and first day (§2.3)
    #[arg(value_name = "CHANGE.toml")]
    change: PathBuf,
    #[command(flatten)]
    book: BookToChange,
    /// Write the same result, but leave the portfolio unchanged
    #[arg(long)]
    dry_run: bool,
    /// The coefficients are right although one of them looks like a slip: below 0.5 or above 2.0
    #[arg(long)]
    confirm: bool,
    /// Also write a letter to each policyholder whose price rises, as PDF
    #[arg(long)]
    notices: bool,
    #[command(flatten)]
    paper: PaperArguments,
    /// Also make these documents about the impact for the board, such as --documents pdf,xlsx
    #[arg(long, value_name = "DOCUMENTS", value_delimiter = ',')]
    documents: Vec<ImpactDocument>,
    /// Folder of the result; output/reprice-<id of the change> by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    engine: engine::Arguments,
}

answer! {
    /// The answer of `kollektiv reprice`.
    pub struct Answer {
        /// Id of the change of prices.
        change: String,
        /// Whether the portfolio had the change already.
        known: bool,
        /// Whether the portfolio was left unchanged on request.
        dry_run: bool,
        /// Contracts of the portfolio.
        in_book: u64,
        /// Contracts that the change affects.
        touched: usize,
        /// Contracts with new prices.
        repriced: usize,
        /// Affected contracts whose premium stays.
        unchanged: usize,
        /// Contracts set aside for reasons on standard error.
        set_aside: usize,
        /// Additional premium of the unexpired term.
        additional: Money,
        /// Credit of the unexpired term.
        credit: Money,
        /// The contracts with events or prices of later days, which are worked out again (I31).
        refolded: usize,
        /// The amount by which that changes the written premium.
        worked_out_again: Money,
        /// Written premium of the portfolio before.
        written_before: Money,
        /// Written premium of the portfolio after.
        written_after: Money,
        /// The repriced lines by programme.
        programmes: Vec<ProgrammeAnswer>,
        /// Folder of the result.
        out: String,
    }
}

answer! {
    struct ProgrammeAnswer {
        /// Code of the programme.
        code: String,
        /// Repriced lines.
        lines: u64,
        /// Full-year premium before.
        annual_before: Money,
        /// Full-year premium after.
        annual_after: Money,
        /// Additional premium of the unexpired term.
        additional: Money,
        /// Credit of the unexpired term.
        credit: Money,
    }
}

fn answer(repricing: &Repricing, change: &PriceChange, dry_run: bool, out: &Path) -> Answer {
    let impact = &repricing.impact;
    let programme = |programme: &CodeImpact| ProgrammeAnswer {
        code: programme.code.clone(),
        lines: programme.lines,
        annual_before: programme.effect.annual_before.into(),
        annual_after: programme.effect.annual_after.into(),
        additional: programme.effect.additional.into(),
        credit: programme.effect.credit.into(),
    };
    Answer {
        change: change.id.clone(),
        known: repricing.known,
        dry_run,
        in_book: impact.contracts.in_book,
        touched: impact.contracts.touched,
        repriced: impact.contracts.repriced,
        unchanged: impact.contracts.unchanged,
        set_aside: impact.contracts.set_aside,
        additional: impact.additional.into(),
        credit: impact.credit.into(),
        refolded: repricing.refolded,
        worked_out_again: impact.worked_out_again.into(),
        written_before: impact.written.before.into(),
        written_after: impact.written.after.into(),
        programmes: impact.programmes.iter().map(programme).collect(),
        out: out.display().to_string(),
    }
}

impl Arguments {
    /// The contradiction of the arguments, if there is one.
    pub fn contradiction(&self) -> Option<Message> {
        self.engine.contradiction()
    }
}

/// Reprices the portfolio, or prints the SQL of an engine.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let (change, tariff) = PriceChange::open_by(&arguments.change, &common.editions()?)?;
    let default = |held: &str| default_output(&format!("reprice-{}{held}", folder_name(&change.id)));
    if let Some(engine) = arguments.engine.explained() {
        let out = arguments.out.clone().unwrap_or_else(|| default(""));
        return print_sql(arguments, &change, &tariff, &engine, &out, screen);
    }
    let slip = change.slip().filter(|_| !arguments.confirm);
    let mut book = arguments.book.open(arguments.dry_run || slip.is_some(), "reprice")?;
    let unknown = unknown_exceptions(&book, &change)?;
    let held = slip.map(slip_message).or_else(|| {
        let is_unconfirmed = !unknown.is_empty() && !change.confirmed && !arguments.confirm;
        is_unconfirmed.then(|| Message::new("change-except-unknown").with("numbers", listed(&unknown)))
    });
    let is_known = book.register.read(register::changes)?.iter().any(|known| known.id == change.id);
    let held = held.filter(|_| !is_known);
    // the result of a run that is held back stands beside that of a true one
    let is_held = held.is_some() && !arguments.dry_run;
    let out = arguments.out.clone().unwrap_or_else(|| default(if is_held { "-held" } else { "" }));
    let (engine, workers) = (arguments.engine.chosen(), arguments.engine.workers());
    let notices =
        (arguments.notices && !is_held).then(|| arguments.paper.template(Paper::Notice, screen)).transpose()?;
    let request = Request {
        dry_run: arguments.dry_run || held.is_some() || slip.is_some(),
        notices: notices.as_ref(),
        documents: &chosen_documents(ImpactDocument::ALL, &arguments.documents),
        language: screen.language,
        engine: engine.as_ref().map(|engine| engine as &dyn LineEngine),
        workers: workers.as_ref().map(|workers| workers as &dyn PartWorkers),
        ..Request::new(&change, &tariff, &out)
    };
    let repricing = {
        let bar = Bar::new(screen);
        reprice(&mut book, &request, &bar)?
    };
    report_exceptions(&repricing, screen);
    record_totals(&repricing, screen);
    screen.print(&summary(&repricing, screen))?;
    screen.answer(&answer(&repricing, &change, arguments.dry_run, &out))?;
    if repricing.known {
        screen.note(&Message::new("reprice-known"));
    } else if repricing.impact.contracts.touched == 0 {
        screen.refuse(&Message::new("reprice-none"));
    } else if arguments.dry_run {
        screen.note(&Message::new("reprice-dry"));
    }
    screen.note_written(&out);
    if repricing.refolded > 0 {
        let message = Message::new("reprice-refolded").with("count", screen.count(repricing.refolded));
        screen.note(&message.with("amount", repricing.impact.worked_out_again));
    }
    match held {
        Some(held) if is_held => {
            screen.refuse(&held);
            return Ok(Outcome::Refused);
        }
        Some(held) => screen.note(&held),
        None => {}
    }
    let next = if arguments.dry_run { "next-reprice-dry" } else { "next-reprice" };
    let portfolio = arguments.book.folder.display().to_string();
    screen.suggest(Message::new(next).with("portfolio", portfolio).with("out", out.display().to_string()));
    let exceptions = repricing.impact.contracts.set_aside + repricing.letters_left_out;
    Ok(if exceptions > 0 { Outcome::SetAside } else { Outcome::Done })
}

/// Prints the SQL of an engine and leaves the table that it reads.
fn print_sql(
    arguments: &Arguments,
    change: &PriceChange,
    tariff: &Tariff,
    engine: &Engine,
    out: &Path,
    screen: &Screen,
) -> Result<Outcome, Error> {
    let work = arguments.engine.work_folder(out);
    print_result(&explain(&Portfolio::open(&arguments.book.folder)?, change, tariff, engine, &work)?)?;
    screen.note(&Message::new("engine-table").with("path", work.display().to_string()));
    Ok(Outcome::Done)
}

/// The numbers of excepted contracts that the book does not have: a contract that was to be spared may be among the others.
fn unknown_exceptions(book: &Portfolio, change: &PriceChange) -> Result<Vec<String>, Error> {
    let mut unknown = Vec::new();
    for number in &change.except {
        if book.register.read(|register| register::contract(register, number))?.is_none() {
            unknown.push(number.clone());
        }
    }
    Ok(unknown)
}

/// The message for a coefficient that looks like a slip: what it would do to the prices.
fn slip_message(coefficient: Decimal) -> Message {
    let percent = (coefficient - Decimal::ONE) * Decimal::ONE_HUNDRED;
    let sign = if percent.is_sign_negative() { "−" } else { "+" };
    Message::new("change-slip")
        .with("coefficient", Value::decimal(coefficient))
        .with("percent", Value::decimal(percent.abs().normalize()))
        .with("sign", sign)
}

/// Prints the contracts that are set aside and the letters that are not made.
fn report_exceptions(repricing: &Repricing, screen: &Screen) {
    for (event, reasons) in [("set-aside", &repricing.set_aside), ("no-letter", &repricing.without_letter)] {
        for (number, reason) in reasons {
            let event = Event::new(Level::Error, event).with("number", number.as_str()).with("reason", reason.name());
            screen.report(event, &format!("{number}: {}", screen.render(reason)));
        }
        let (name, count) = match event {
            "set-aside" => ("reprice-more", repricing.impact.contracts.set_aside),
            _ => ("notices-left-out-more", repricing.letters_left_out),
        };
        if count > reasons.len() {
            screen.refuse(&Message::new(name).with("count", count - reasons.len()));
        }
    }
}

/// Records the totals for the log, and notes contracts that the engine could not be given.
fn record_totals(repricing: &Repricing, screen: &Screen) {
    let impact = &repricing.impact;
    screen.record_total("contracts", impact.contracts.touched);
    screen.record_total("repriced", impact.contracts.repriced);
    screen.record_total("set_aside", impact.contracts.set_aside);
    screen.record_total("lines", impact.proof.repriced);
    screen.record_total("additional", impact.additional.to_string());
    screen.record_total("credit", impact.credit.to_string());
    screen.record_total("known", repricing.known);
    if let Some(by_engine) = repricing.by_engine {
        screen.record_total("by_engine", by_engine);
        let embedded = impact.contracts.touched - by_engine;
        if embedded > 0 {
            screen.note(&Message::new("engine-not-given").with("count", embedded));
        }
    }
}

/// The additional premium by programme, and the sums of the portfolio.
fn summary(repricing: &Repricing, screen: &Screen) -> String {
    let impact = &repricing.impact;
    let heading = [
        "portfolio-col-programme",
        "portfolio-col-lines",
        "portfolio-col-before",
        "portfolio-col-after",
        "portfolio-col-difference",
    ];
    let rows = impact.programmes.iter().map(|programme| {
        [
            programme.code.clone(),
            screen.count(programme.lines),
            screen.bare_amount(programme.effect.annual_before),
            screen.bare_amount(programme.effect.annual_after),
            screen.signed_amount(programme.effect.net()),
        ]
    });
    let mut text = String::new();
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        text = screen.table(heading, rows, 1);
        text.push('\n');
    }
    let contracts = &impact.contracts;
    let message = Message::new("reprice-done")
        .with("book", screen.count(contracts.in_book))
        .with("touched", screen.count(contracts.touched))
        .with("repriced", screen.count(contracts.repriced))
        .with("unchanged", screen.count(contracts.unchanged))
        .with("aside", screen.count(contracts.set_aside))
        .with("additional", impact.additional)
        .with("credit", impact.credit)
        .with("before", impact.written.before)
        .with("after", impact.written.after);
    text.push_str(&screen.paragraph(&message));
    text
}
