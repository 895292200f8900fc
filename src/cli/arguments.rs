//! The arguments that several commands take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::cli::usage::{InvalidValue, variable_language};
use crate::portfolio::Portfolio;
use crate::portfolio::register::Signature;
use crate::table::cell::{Cell, Epoch};
use crate::table::cell_faults::date_fault;
use crate::table::value::{self, DateFault};
use crate::tariff::Tariff;

/// The heading of the options of every command in `--help`.
const COMMON: &str = "Common options";

/// The options of every command.
#[derive(Debug, Args)]
pub struct Common {
    /// Price by this edition of the tariff (a TOML file) instead of the built-in one;
    /// `kollektiv tariff export` writes one to start from
    #[arg(long, global = true, help_heading = COMMON, value_name = "FILE")]
    tariff: Option<PathBuf>,
    /// Language of messages and of the texts in results; that of `KOLLEKTIV_LANG` by default, else Russian
    #[arg(long, global = true, help_heading = COMMON)]
    lang: Option<LanguageArgument>,
    /// Permissions of new files, such as 640 to let your group read them; 600 by default
    #[arg(long, global = true, help_heading = COMMON, value_name = "MODE", value_parser = parse_mode)]
    pub mode: Option<u32>,
    /// Largest number of threads, from 1 to 1024; all processors by default. Results do not depend on it
    #[arg(long, global = true, help_heading = COMMON, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print only errors, and the JSON of --json
    #[arg(long, short, global = true, help_heading = COMMON)]
    pub quiet: bool,
    /// Print the answer as JSON instead of tables; `kollektiv schema` prints the schema of each answer
    #[arg(long, global = true, help_heading = COMMON)]
    pub json: bool,
    /// Log to standard error, for programs: one JSON object a line, the last one with the totals and the exit code
    #[arg(long, global = true, help_heading = COMMON, value_name = "FORMAT")]
    pub log: Option<LogArgument>,
    /// Write duration, totals and exit code to this file, for the textfile collector of `node_exporter`
    #[arg(long, global = true, help_heading = COMMON, value_name = "FILE")]
    pub metrics: Option<PathBuf>,
}

/// A format of the log.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LogArgument {
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

/// Parses permissions of a file that its owner may read and write.
fn parse_mode(text: &str) -> Result<u32, InvalidValue> {
    let mode = u32::from_str_radix(text, 8).ok().filter(|mode| *mode & !0o066 == 0o600);
    mode.ok_or_else(|| InvalidValue(Message::new("argument-mode")))
}

impl Common {
    /// The language of the reader, by `--lang` or by `KOLLEKTIV_LANG`.
    ///
    /// # Errors
    ///
    /// The message where the variable names an unknown language.
    pub fn language(&self) -> Result<Language, Message> {
        match self.lang {
            Some(LanguageArgument::Ru) => Ok(Language::Ru),
            Some(LanguageArgument::En) => Ok(Language::En),
            None => variable_language(),
        }
    }

    /// The edition of `--tariff`, or the built-in one.
    pub fn tariff(&self) -> Result<Tariff, Error> {
        self.tariff.as_ref().map_or_else(|| Ok(Tariff::base()), |path| Tariff::open(path))
    }
}

/// A contract with its roster.
#[derive(Debug, Args)]
pub struct QuoteSources {
    /// The contract file (`kollektiv contract new` writes one to start from)
    #[arg(value_name = "CONTRACT.toml")]
    pub contract: PathBuf,
    /// Roster files instead of those that the contract names: .xlsx, .xls, .xlsb, .ods, .csv or .txt, also patterns such as 'lists/*.xlsx';
    /// - reads the roster from standard input
    #[arg(value_name = "ROSTER")]
    pub rosters: Vec<String>,
    /// Price the rows without errors and referrals, although the roster has others; the quote is marked as preliminary
    #[arg(long)]
    pub preliminary: bool,
}

/// The folder of a portfolio.
#[derive(Debug, Args)]
pub struct BookFolder {
    /// Folder of the portfolio
    #[arg(long = "portfolio", value_name = "DIR")]
    pub folder: PathBuf,
}

impl BookFolder {
    /// Opens the portfolio to read it.
    pub fn open(&self) -> Result<Portfolio, Error> {
        Portfolio::open(&self.folder)
    }
}

/// The portfolio of a command that changes it, and what the list of runs keeps about it.
#[derive(Debug, Args)]
pub struct BookToChange {
    /// Folder of the portfolio
    #[arg(long = "portfolio", value_name = "DIR")]
    pub folder: PathBuf,
    /// Who runs this, for the list of runs
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// Why, for the list of runs
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

impl BookToChange {
    /// Creates the portfolio, or opens it to change it.
    pub fn create(&self, purpose: &str) -> Result<Portfolio, Error> {
        Ok(self.signed(Portfolio::create(&self.folder, purpose)?))
    }

    /// Opens the portfolio to change it, or for a dry run only to read it; `purpose` is shown to a run that waits for the lock.
    pub fn open(&self, dry_run: bool, purpose: &str) -> Result<Portfolio, Error> {
        if dry_run {
            return Portfolio::open(&self.folder);
        }
        Ok(self.signed(Portfolio::change(&self.folder, purpose)?))
    }

    fn signed(&self, mut book: Portfolio) -> Portfolio {
        book.register.signature = Signature { by: self.by.clone(), note: self.note.clone() };
        book
    }
}

/// A day of the command line, `2026-12-01` or `01.12.2026`.
pub fn parse_day(text: &str) -> Result<Date, InvalidValue> {
    if let Ok(date) = text.parse::<Date>()
        && date.to_string() == text
    {
        return Ok(date);
    }
    let message = match value::day(Cell::Text(text), Epoch::default()) {
        Ok(Some(day)) => return Ok(day.date),
        Err(fault @ (DateFault::TwoDigitYear | DateFault::NoSuchDay)) => date_fault(fault),
        _ => Message::new("argument-day"),
    };
    Err(InvalidValue(message))
}
