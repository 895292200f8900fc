//! The arguments that several commands take.

pub mod mode;
pub mod paper;
pub mod reading;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::{Language, Message, listed};
use crate::cli::arguments::mode::parse_mode;
use crate::cli::settings::Settings;
use crate::cli::usage::{InvalidValue, variable_language};
use crate::portfolio::Portfolio;
use crate::portfolio::register::Signature;
use crate::table::cell::{Cell, Epoch};
use crate::table::cell_faults::date_fault;
use crate::table::value::{self, DateFault};
use crate::tariff::{Catalogue, Tariff};

/// The heading of the options of every command in `--help`.
const COMMON: &str = "Common options";

/// The options of every command.
#[derive(Debug, Args)]
pub struct Common {
    /// Price every contract by this edition of the tariff (a TOML file), whatever its status; by default each by the approved
    /// edition in force on its first day, or by the one that it pins
    #[arg(long, global = true, help_heading = COMMON, value_name = "FILE")]
    tariff: Option<PathBuf>,
    /// Folder of editions of the tariff; `tariffs` by default, and without it the built-in edition
    #[arg(long, global = true, help_heading = COMMON, value_name = "DIR", conflicts_with = "tariff")]
    tariffs: Option<PathBuf>,
    /// File of settings; by default `kollektiv.toml` in the current folder or the nearest one above it
    #[arg(long, global = true, help_heading = COMMON, value_name = "FILE")]
    config: Option<PathBuf>,
    /// What the file of settings has.
    #[arg(skip)]
    pub settings: Settings,
    /// Language of messages and of the texts in results; by default that of `KOLLEKTIV_LANG` or of the settings, else Russian
    #[arg(long, global = true, help_heading = COMMON)]
    lang: Option<LanguageArgument>,
    /// Permissions of new files, such as 640 to let your group read them; 600 by default
    #[arg(long, global = true, help_heading = COMMON, value_name = "MODE", value_parser = parse_mode)]
    pub mode: Option<u32>,
    /// Beside each CSV file of a result also write a copy for a Russian Excel, such as premiums-excel.csv: byte order mark, semicolons,
    /// decimal commas
    #[arg(long, global = true, help_heading = COMMON)]
    pub csv_for_excel: bool,
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

impl Common {
    /// The language of the reader, by `--lang`, by `KOLLEKTIV_LANG` or by the settings.
    ///
    /// # Errors
    ///
    /// The message where the variable names an unknown language.
    pub fn language(&self) -> Result<Language, Message> {
        match self.lang {
            Some(LanguageArgument::Ru) => Ok(Language::Ru),
            Some(LanguageArgument::En) => Ok(Language::En),
            None => Ok(variable_language()?.or_else(|| self.settings.language()).unwrap_or_default()),
        }
    }

    /// Whether `--lang` names the language.
    pub const fn names_language(&self) -> bool {
        self.lang.is_some()
    }

    /// Whether `--tariffs` names the folder of editions.
    pub const fn names_tariffs(&self) -> bool {
        self.tariffs.is_some()
    }

    /// The permissions of new files, by `--mode` or by the settings.
    pub fn file_mode(&self) -> Option<u32> {
        self.mode.or_else(|| self.settings.mode())
    }

    /// The folder of editions, by `--tariffs` or by the settings; `None` where the built-in edition prices.
    pub fn tariffs(&self) -> Option<PathBuf> {
        self.tariffs.clone().or_else(|| self.settings.tariffs())
    }

    /// The editions that price contracts (`I70`): that of `--tariff`, those of the folder, or the built-in one.
    pub fn editions(&self) -> Result<Catalogue, Error> {
        self.editions_or(None)
    }

    /// The edition of a file, or the one of the folder that has this code.
    pub fn edition(&self, name: &str) -> Result<Arc<Tariff>, Error> {
        // a path to something else than a file is no code either, and its reader reports it
        if Path::new(name).exists() {
            let editions = self.editions_or(Some(Path::new(name)))?;
            return editions.only().map(Arc::clone).ok_or_else(|| Error::Missing { path: name.into() });
        }
        let editions = self.editions()?;
        editions.by_code(name).map(Arc::clone).ok_or_else(|| {
            let known = listed(editions.editions().iter().map(|tariff| &tariff.edition.code));
            let reason = Message::new("edition-no-file").with("edition", name).with("known", known);
            Error::Unlawful { reason }
        })
    }

    /// As [`Common::editions`], with the edition of this file instead of that of `--tariff`, where there is one.
    pub fn editions_or(&self, file: Option<&Path>) -> Result<Catalogue, Error> {
        let known = self.tariffs().map_or_else(|| Ok(Catalogue::built_in()), |folder| Catalogue::open(&folder))?;
        match file.or(self.tariff.as_deref()) {
            Some(file) => Catalogue::named(file, &known),
            None => Ok(known),
        }
    }
}

/// A contract with its roster.
#[derive(Debug, Args)]
pub struct QuoteSources {
    /// The contract file (`kollektiv contract new` writes one to start from)
    #[arg(value_name = "CONTRACT.toml")]
    pub contract: PathBuf,
    /// Roster files instead of those that the contract names: .xlsx, .xls, .xlsb, .ods, .csv or .txt, also patterns such as 'lists/*.xlsx';
    /// - reads the roster from standard input. For `quote` also more contract files, or patterns such as 'contracts/**/*.toml'
    #[arg(value_name = "ROSTER")]
    pub rosters: Vec<String>,
    /// Price the rows without errors and referrals, although the roster has others; the quote is marked as preliminary
    #[arg(long)]
    pub preliminary: bool,
    /// Price the option of this name: an `[[option]]` table of the contract
    #[arg(long, value_name = "NAME")]
    pub option: Option<String>,
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
    /// Creates the portfolio, or opens it to change it; a dry run only reads what is there.
    pub fn create(&self, dry_run: bool, purpose: &str) -> Result<Portfolio, Error> {
        if dry_run {
            return Portfolio::open_or_empty(&self.folder);
        }
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
