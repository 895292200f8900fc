//! The command line: arguments → the library → what is shown, and the exit code.
//!
//! Standard output carries the result, standard error everything else.

pub(crate) mod clinics;
pub(crate) mod compare;
pub(crate) mod contract;
pub(crate) mod cube;
pub(crate) mod diagnostics;
pub(crate) mod documents;
pub(crate) mod endorse;
pub(crate) mod excerpt;
pub(crate) mod explain;
pub(crate) mod log;
pub(crate) mod outlook;
pub(crate) mod portfolio;
pub(crate) mod progress;
pub(crate) mod quote;
pub(crate) mod screen;
pub(crate) mod target;
pub(crate) mod tariff;
pub(crate) mod template;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::quote::files::LineFormat;
use crate::tariff::Tariff;
use log::Level;
use screen::Screen;

/// Prices collective contracts of voluntary medical insurance: exact to the kopeck, explained by clause.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Common {
    /// An insurer's own edition of the tariff, instead of the built-in one
    #[arg(long, global = true, value_name = "FILE")]
    tariff: Option<PathBuf>,
    /// The language of messages and of texts in the results
    #[arg(long, global = true, default_value = "ru")]
    lang: LanguageArgument,
    /// At most so many threads; the result does not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// No table, no progress, no remarks: only what --json asks for and what is refused
    #[arg(long, short, global = true)]
    quiet: bool,
    /// What is said on standard error for programs: one JSON object a line, the last one with the totals
    #[arg(long, global = true, value_name = "FORMAT")]
    log: Option<LogArgument>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LogArgument {
    /// JSON objects, one a line
    Json,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LanguageArgument {
    /// Russian
    Ru,
    /// English
    En,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatArgument {
    /// premiums.csv
    Csv,
    /// premiums.parquet
    Parquet,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Price a contract and write everything to output/<contract number>/
    Quote(QuoteArguments),
    /// The same reading and the same diagnostics, no price; writes only where --out says
    Check(CheckArguments),
    /// Show how a price came about: each factor with its range, its clause and who chose it
    Explain(explain::Arguments),
    /// Show where the money went between two contracts or two written quotes, to the kopeck
    Compare(compare::Arguments),
    /// Find where in the tariff's ranges the contract must stand to cost so much
    Target(target::Arguments),
    /// Look ahead: the next headcount band, the next birthdays, the weight of every range
    Outlook(outlook::Arguments),
    /// Write the exact rate of every cell as Parquet, with its factors, for an engine of one's own
    Cube(cube::Arguments),
    /// Make documents for people from a quote that is written
    Report(documents::ReportArguments),
    /// Show, check or export an edition of the tariff
    #[command(subcommand)]
    Tariff(tariff::Command),
    /// Price contracts and put them in force in a book
    Bind(portfolio::BindArguments),
    /// Add payments to a book, each once
    Pay(portfolio::PayArguments),
    /// Reprice a book after a change of medical prices (§2.3)
    Reprice(portfolio::RepriceArguments),
    /// Let people join a contract of a book, leave it or change plans from a day on
    Endorse(endorse::Arguments),
    /// End a contract whose policyholder refuses a change of prices
    Refuse(portfolio::RefuseArguments),
    /// Look into a book: its contracts, one of them, or the proof that all is as it was written
    #[command(subcommand)]
    Portfolio(portfolio::Command),
    /// Begin a contract file, or describe it to an editor
    #[command(subcommand)]
    Contract(contract::Command),
    /// The clinics: lists of the attached, guarantee letters, settled registers, answers for the desk
    #[command(subcommand)]
    Clinics(clinics::Command),
}

/// A contract with its roster.
#[derive(Debug, Args)]
struct Sources {
    /// The contract file
    #[arg(value_name = "CONTRACT.toml")]
    contract: PathBuf,
    /// The roster: files or patterns, instead of those that the contract names
    #[arg(value_name = "ROSTER")]
    rosters: Vec<String>,
    /// Judge the clean rows alone
    #[arg(long)]
    preliminary: bool,
}

/// What is read by a quote and by a check, and where the result goes.
#[derive(Debug, Args)]
struct Inputs {
    #[command(flatten)]
    sources: Sources,
    /// The folder of the result
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct QuoteArguments {
    #[command(flatten)]
    inputs: Inputs,
    /// Which files of lines to write; both by default
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    format: Vec<FormatArgument>,
    /// Documents for people to make as well; they need the lines as CSV
    #[arg(long, value_name = "DOCUMENTS", value_delimiter = ',')]
    documents: Vec<documents::DocumentArgument>,
    /// An own template of the offer, instead of the built-in one
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Name the insured in quote.html
    #[arg(long, requires = "documents")]
    with_names: bool,
    /// Print quote.json instead of the table
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct CheckArguments {
    #[command(flatten)]
    inputs: Inputs,
}

/// How a command ended without a fault of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// What was asked for is done.
    Done,
    /// The input is refused, and it has been said why.
    Refused,
    /// Some contracts are set aside, the others are done.
    SetAside,
}

/// Runs the program with these arguments, the first of which is its name.
///
/// The exit code is 0 when all is done, 1 where it could not be done, 2 where the command line is wrong, 3 where the input
/// is refused, 4 where some contracts are set aside and the others done.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (arguments, command) = match Arguments::parsed(arguments) {
        Ok(parsed) => parsed,
        Err(fault) => {
            // a reader that has gone away needs no help
            let _ = fault.print();
            return ExitCode::from(if fault.use_stderr() { 2 } else { 0 });
        }
    };
    let common = &arguments.common;
    let screen = Screen::new(common.language(), common.quiet, common.log.is_some());
    if let Some(threads) = arguments.common.threads {
        // fails only where a pool exists already, as in a test that runs several commands
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    let (level, exit_code) = match arguments.run(&screen) {
        Ok(Outcome::Done) => (Level::Info, 0),
        Ok(Outcome::Refused) => (Level::Error, 3),
        Ok(Outcome::SetAside) => (Level::Warning, 4),
        Err(fault) => {
            screen.fault(&fault);
            (Level::Error, if fault.is_refusal() { 3 } else { 1 })
        }
    };
    screen.finish(&command, level, exit_code);
    ExitCode::from(exit_code)
}

impl Arguments {
    /// The arguments, if they make sense, and the name of the command.
    fn parsed(arguments: impl IntoIterator<Item = OsString>) -> Result<(Self, String), clap::Error> {
        let matches = Self::command().try_get_matches_from(arguments)?;
        let command = matches.subcommand_name().unwrap_or_default().to_owned();
        Ok((Self::from_arg_matches(&matches)?.proved()?, command))
    }

    /// The same arguments, if they do not contradict each other.
    fn proved(self) -> Result<Self, clap::Error> {
        let contradiction = match &self.command {
            Command::Quote(quote) if !quote.documents.is_empty() && !quote.formats().contains(&LineFormat::Csv) => {
                Some(Message::new("arguments-documents-without-csv"))
            }
            Command::Reprice(reprice) => reprice.engine.contradiction(),
            _ => None,
        };
        match contradiction {
            Some(message) => {
                let says = self.common.language().say(&message);
                Err(Self::command().error(ErrorKind::ArgumentConflict, says))
            }
            None => Ok(self),
        }
    }

    fn run(self, screen: &Screen) -> Result<Outcome, Error> {
        match self.command {
            Command::Quote(arguments) => quote::quote(&self.common, &arguments, screen),
            Command::Check(arguments) => quote::check(&self.common, &arguments, screen),
            Command::Explain(arguments) => explain::run(&self.common, &arguments, screen),
            Command::Compare(arguments) => compare::run(&self.common, &arguments, screen),
            Command::Target(arguments) => target::run(&self.common, &arguments, screen),
            Command::Outlook(arguments) => outlook::run(&self.common, &arguments, screen),
            Command::Cube(arguments) => cube::run(&self.common, &arguments, screen),
            Command::Report(arguments) => documents::report(&arguments, screen),
            Command::Bind(arguments) => portfolio::bind(&self.common, &arguments, screen),
            Command::Pay(arguments) => portfolio::pay(&arguments, screen),
            Command::Reprice(arguments) => portfolio::reprice(&self.common, &arguments, screen),
            Command::Endorse(arguments) => endorse::run(&arguments, screen),
            Command::Refuse(arguments) => portfolio::refuse(&arguments, screen),
            Command::Portfolio(command) => portfolio::run(&command, screen),
            Command::Tariff(command) => tariff::run(&self.common, &command, screen),
            Command::Contract(command) => contract::run(&self.common, &command, screen),
            Command::Clinics(command) => clinics::run(&self.common, &command, screen),
        }
    }
}

/// What is said of the value of an argument that cannot be read: in English, as the language is not known while the arguments
/// are read.
fn unreadable(message: &Message) -> String {
    Language::En.say(message)
}

impl Common {
    const fn language(&self) -> Language {
        match self.lang {
            LanguageArgument::Ru => Language::Ru,
            LanguageArgument::En => Language::En,
        }
    }

    fn tariff(&self) -> Result<Tariff, Error> {
        self.tariff.as_ref().map_or_else(|| Ok(Tariff::base()), |path| Tariff::open(path))
    }
}

impl QuoteArguments {
    /// The files of lines, each once, in a fixed order.
    fn formats(&self) -> Vec<LineFormat> {
        let wanted = |format: LineFormat| {
            self.format.is_empty()
                || self.format.iter().any(|argument| match argument {
                    FormatArgument::Csv => format == LineFormat::Csv,
                    FormatArgument::Parquet => format == LineFormat::Parquet,
                })
        };
        [LineFormat::Csv, LineFormat::Parquet].into_iter().filter(|format| wanted(*format)).collect()
    }
}
