//! The command line: one file a command, which parses its arguments, calls the library and prints the result.
//!
//! The result is printed on standard output, everything else on standard error. Exit codes: 0 done, 1 failed, 2 wrong command line,
//! 3 input refused, 4 done except for what was set aside.

mod annul;
mod answer;
mod arguments;
mod bind;
mod check;
mod clinics;
mod column_uses;
mod compare;
mod completions;
mod config;
mod contract;
mod cube;
mod diagnostics;
mod doctor;
mod documents;
mod endorse;
mod explain;
pub mod file_size_limit;
mod help;
mod insurer;
mod log;
mod manual;
mod metrics;
mod options;
mod outcome;
mod outlook;
mod output_folder;
mod paper;
mod pay;
mod portfolio;
mod progress;
mod quote;
mod quoting;
mod reconcile;
mod refuse;
mod renew;
mod report;
mod reprice;
mod schema;
mod screen;
mod settings;
mod standard_input;
mod target;
mod tariff;
mod terminate;
mod usage;
mod work;

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Instant;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::output::excel_csv::write_copies;
use crate::output::permissions::set_file_mode;
use arguments::{Common, QuoteSources};
use completions::answer_shell;
use log::Level;
use outcome::{FAILED, Outcome, WRONG_ARGUMENTS};
use output_folder::set_output_folder;
use screen::Screen;
use settings::Settings;
use standard_input::save_standard_input;

/// Prices collective contracts of voluntary medical insurance: exact to the kopeck, every factor with its clause of the tariff.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, max_term_width = 100)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Price a contract and write the result to output/<contract number>
    Quote(quote::Arguments),
    /// Print the diagnostics of a contract and its roster, without a price
    Check(check::Arguments),
    /// Explain a price: every factor with its range, its clause and what chose it
    Explain(explain::Arguments),
    /// Compare two contracts or two quotes: the difference by cause, to the kopeck
    Compare(compare::Arguments),
    /// Price variants of a contract side by side, and make one offer with all of them
    Options(options::Arguments),
    /// Find the choices in the tariff's ranges at which a contract costs a given premium
    Target(target::Arguments),
    /// Show how headcount, birthdays until the renewal, and every range move the premium
    Outlook(outlook::Arguments),
    /// Write the exact rates of contracts with their factors as Parquet, for other engines
    Cube(cube::Arguments),
    /// Make documents for people from a quote or a repricing: Excel, PDF, HTML
    Report(report::Arguments),
    /// Show, check or export an edition of the tariff
    #[command(subcommand)]
    Tariff(tariff::Command),
    /// Price contracts and put them in force in a portfolio
    Bind(bind::Arguments),
    /// Add payments to a portfolio, each once
    Pay(pay::Arguments),
    /// Reprice the contracts of a portfolio after a change of medical prices (§2.3)
    Reprice(reprice::Arguments),
    /// Reprice one part of a portfolio: what `reprice --workers` starts
    Work(work::Arguments),
    /// Endorse a contract of a portfolio: insured join, leave or change plans from a day on
    Endorse(endorse::Arguments),
    /// Compare the full roster of an employer with a contract of a portfolio: the difference is a list of changes for `endorse`
    Reconcile(reconcile::Arguments),
    /// Write the contract file and the roster of a new term for a contract of a portfolio
    Renew(renew::Arguments),
    /// End a contract whose policyholder refuses a change of prices (§2.3)
    Refuse(refuse::Arguments),
    /// End a contract of a portfolio before its last day: by agreement, for a missing payment, or for another reason
    Terminate(terminate::Arguments),
    /// Annul a run that was a mistake: an endorsement, a payment, a change of prices; nothing is removed from the portfolio
    Annul(annul::Arguments),
    /// List, show or verify the contracts of a portfolio, list its runs, erase personal data
    #[command(subcommand)]
    Portfolio(portfolio::Command),
    /// Write a contract file to start from, or the JSON schema of contract files
    #[command(subcommand)]
    Contract(contract::Command),
    /// Work with clinics: lists of attached insured, guarantee letters, registers of services, answers for their desks
    #[command(subcommand)]
    Clinics(clinics::Command),
    /// Check the file about the insurer, or write one to start from
    #[command(subcommand)]
    Insurer(insurer::Command),
    /// Show the settings of kollektiv.toml, and where each value comes from
    #[command(subcommand)]
    Config(config::Command),
    /// Check that this machine has what the program needs: fonts, engines of SQL, permissions, disk space
    Doctor(doctor::Arguments),
    /// Print the JSON schema of an answer of --json
    Schema(schema::Arguments),
    /// Print the script that completes commands, options, contracts, plans and programmes in a shell
    Completions(completions::Arguments),
    /// Write the manual pages
    Manual(manual::Arguments),
}

/// The command line with its help in a language: every command and argument, as shells, manual pages and the reference describe them.
#[must_use]
pub fn command(language: Language) -> clap::Command {
    help::localised(Arguments::command(), language)
}

/// Runs the program with these arguments; the first is its name.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = arguments.into_iter().collect();
    if answer_shell(&words, || command(usage::help_language(&words, None))) {
        return ExitCode::SUCCESS;
    }
    let since = Instant::now();
    let (arguments, command, language) = match Arguments::parse_checked(&words) {
        Ok(parsed) => parsed,
        Err(fault) => return ExitCode::from(report_usage(fault, &words)),
    };
    let common = &arguments.common;
    let screen = Screen::new(language, common.quiet, common.log.is_some(), common.json);
    if let Some(mode) = common.file_mode() {
        set_file_mode(mode);
    }
    if common.csv_for_excel {
        write_copies();
    }
    set_output_folder(common.settings.output());
    if let Some(threads) = common.threads {
        // fails only if the pool exists, as in a test that runs several commands
        let _ = rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global();
    }
    let metrics = common.metrics.clone();
    let failed = |error: Error| {
        screen.print_error(&error);
        (Level::Error, if error.is_refusal() { Outcome::Refused.exit_code() } else { FAILED })
    };
    let ran = arguments.run(&screen).map(|outcome| (outcome.level(), outcome.exit_code()));
    let (mut level, mut exit_code) = ran.unwrap_or_else(failed);
    if let Some(path) = metrics
        && let Err(error) = metrics::write(&path, &command, exit_code, since.elapsed(), &screen.totals())
    {
        (level, exit_code) = failed(error);
    }
    screen.finish(&command, level, exit_code);
    ExitCode::from(exit_code)
}

/// A command line that is not run.
enum NotRun {
    /// Clap's fault, or its help or version, with the settings that were its defaults.
    Clap(Box<Settings>),
    /// Arguments that contradict each other or the environment.
    Contradiction(Message),
    /// A file of settings with faults.
    Settings(Error),
}

/// Prints the help, the version or the fault of a command line; returns the exit code.
fn report_usage(fault: NotRun, words: &[OsString]) -> u8 {
    let own = if let NotRun::Clap(settings) = &fault { settings.language() } else { None };
    let language = usage::help_language(words, own);
    let contradiction = |message: Message| {
        screen::print_line(&language.render(&Message::new("usage-fault").with("reason", message)));
        WRONG_ARGUMENTS
    };
    if words.len() <= 1 {
        screen::print_line(&language.render(&Message::new("way-in")));
        return WRONG_ARGUMENTS;
    }
    let settings = match fault {
        NotRun::Contradiction(message) => return contradiction(message),
        NotRun::Settings(error) => {
            Screen::new(language, false, false, false).print_error(&error);
            return if error.is_refusal() { Outcome::Refused.exit_code() } else { FAILED };
        }
        NotRun::Clap(settings) => settings,
    };
    // parsed again by the command line in the language: clap renders its help from there
    let mut command = settings.apply(command(language));
    let Err(fault) = command.try_get_matches_from_mut(words) else { return WRONG_ARGUMENTS };
    match fault.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            // fails only if the reader of the pipe is gone
            let _ = fault.print();
        }
        _ => screen::print_line(&usage::render_fault(&fault, &command, language)),
    }
    if fault.use_stderr() { WRONG_ARGUMENTS } else { 0 }
}

impl Arguments {
    /// The arguments without contradictions, the name of the command, and the language of the run.
    fn parse_checked(words: &[OsString]) -> Result<(Self, String, Language), NotRun> {
        let (settings, fault) = match Settings::find(words) {
            Ok(settings) => (settings, None),
            Err(fault) => (Settings::default(), Some(fault)),
        };
        let matches = match (settings.apply(Self::command()).try_get_matches_from(words), fault) {
            (Ok(matches), None) => matches,
            // help and version need no settings
            (Err(shown), _) if !shown.use_stderr() => return Err(NotRun::Clap(Box::new(settings))),
            (_, Some(fault)) => return Err(NotRun::Settings(fault)),
            (Err(_), None) => return Err(NotRun::Clap(Box::new(settings))),
        };
        let command = matches.subcommand_name().unwrap_or_default().to_owned();
        let Ok(mut arguments) = Self::from_arg_matches(&matches) else { return Err(NotRun::Clap(Box::new(settings))) };
        arguments.common.settings = settings;
        let language = arguments.common.language().map_err(NotRun::Contradiction)?;
        let contradiction = match &arguments.command {
            Command::Quote(quote) => quote.contradiction(),
            Command::Reprice(reprice) => reprice.contradiction(),
            _ => None,
        };
        match contradiction {
            Some(message) => Err(NotRun::Contradiction(message)),
            None => Ok((arguments, command, language)),
        }
    }

    fn run(mut self, screen: &Screen) -> Result<Outcome, Error> {
        // the file of standard input is there until the end of the run
        let _input = match self.command.sources_mut() {
            Some(sources) => save_standard_input(&mut sources.rosters)?,
            None => None,
        };
        let common = &self.common;
        match &self.command {
            Command::Quote(arguments) => quote::run(common, arguments, screen),
            Command::Check(arguments) => check::run(common, arguments, screen),
            Command::Explain(arguments) => explain::run(common, arguments, screen),
            Command::Compare(arguments) => compare::run(common, arguments, screen),
            Command::Options(arguments) => options::run(common, arguments, screen),
            Command::Target(arguments) => target::run(common, arguments, screen),
            Command::Outlook(arguments) => outlook::run(common, arguments, screen),
            Command::Cube(arguments) => cube::run(common, arguments, screen),
            Command::Report(arguments) => report::run(common, arguments, screen),
            Command::Tariff(command) => tariff::run(common, command, screen),
            Command::Bind(arguments) => bind::run(common, arguments, screen),
            Command::Pay(arguments) => pay::run(arguments, screen),
            Command::Reprice(arguments) => reprice::run(common, arguments, screen),
            Command::Work(arguments) => work::run(arguments, screen),
            Command::Endorse(arguments) => endorse::run(arguments, screen),
            Command::Reconcile(arguments) => reconcile::run(arguments, screen),
            Command::Renew(arguments) => renew::run(common, arguments, screen),
            Command::Refuse(arguments) => refuse::run(arguments, screen),
            Command::Terminate(arguments) => terminate::run(arguments, screen),
            Command::Annul(arguments) => annul::run(arguments, screen),
            Command::Portfolio(command) => portfolio::run(common, command, screen),
            Command::Contract(command) => contract::run(common, command, screen),
            Command::Clinics(command) => clinics::run(common, command, screen),
            Command::Insurer(command) => insurer::run(command, screen),
            Command::Config(command) => config::run(common, command, screen),
            Command::Doctor(arguments) => doctor::run(arguments, screen),
            Command::Schema(arguments) => schema::run(arguments),
            Command::Completions(arguments) => completions::run(arguments),
            Command::Manual(arguments) => manual::run(arguments, &command(screen.language), screen),
        }
    }
}

impl Command {
    /// The contract and the rosters of the commands that read a quote.
    fn sources_mut(&mut self) -> Option<&mut QuoteSources> {
        match self {
            Self::Quote(arguments) => Some(&mut arguments.sources),
            Self::Check(arguments) => Some(&mut arguments.sources),
            Self::Explain(arguments) => Some(&mut arguments.sources),
            Self::Target(arguments) => Some(&mut arguments.sources),
            Self::Outlook(arguments) => Some(&mut arguments.sources),
            _ => None,
        }
    }
}
