//! The files of a roster: those of the command line, or the contract's, or its census; patterns are expanded.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::messages::Message;
use crate::base::progress::Progress;
use crate::base::source_file::{Fault, Span};
use crate::quote::contract::census::Census;
use crate::quote::contract::{Contract, RosterFiles};
use crate::quote::pattern;
use crate::roster::Roster;
use crate::roster::counts::Counts;
use crate::roster::spec::{RosterSpec, RowKind};
use crate::table::spec::SheetChoice;
use crate::table::text::folded;
use crate::tariff::Tariff;

/// The source of a contract's insured.
#[derive(Debug)]
pub enum RosterSource<'c> {
    /// Files, and the kind of their rows.
    Files(Vec<RosterFile<'c>>, RowKind),
    /// Counts in the contract file itself.
    Contract(&'c [Counts]),
}

/// A file of a roster.
#[derive(Debug, Clone)]
pub struct RosterFile<'c> {
    /// The path.
    pub path: PathBuf,
    /// How the contract reads it, where it names the file.
    own: Option<&'c RosterFiles>,
    /// Sheets that another table of the contract reads from the same file.
    read_elsewhere: Vec<String>,
}

impl RosterFile<'_> {
    /// The file and how it is read, where `spec` is how the files of the contract are.
    #[must_use]
    pub fn with_spec(self, spec: &RosterSpec) -> (PathBuf, RosterSpec) {
        let mut spec = self.own.map_or_else(|| spec.clone(), |own| own.spec(spec.clone()));
        spec.ignored_sheets.extend(self.read_elsewhere);
        (self.path, spec)
    }
}

/// Reads the roster of a contract, or its census; `named` are the files of the command line, which replace both.
///
/// # Errors
///
/// As [`roster_source`] and [`Roster::read_files`].
pub fn read_roster(
    named: &[String],
    contract: &Contract,
    tariff: &Tariff,
    progress: &dyn Progress,
) -> Result<Roster, Error> {
    match roster_source(named, contract)? {
        RosterSource::Files(files, rows) => {
            let spec = match rows {
                RowKind::Counts => contract.census_spec(tariff),
                _ => contract.roster_spec(tariff),
            };
            let files: Vec<_> = files.into_iter().map(|file| file.with_spec(&spec)).collect();
            Roster::read_files(&files, progress)
        }
        RosterSource::Contract(counts) => {
            Ok(Roster::from_counts(&contract.source.path, counts, contract.term().period()))
        }
    }
}

/// The size of the files of a contract's roster; 0 where they cannot be found, which their reader reports.
#[must_use]
pub fn roster_bytes(contract: &Contract) -> u64 {
    match roster_source(&[], contract) {
        Ok(RosterSource::Files(files, _)) => {
            files.iter().map(|file| std::fs::metadata(&file.path).map_or(0, |found| found.len())).sum()
        }
        _ => 0,
    }
}

/// The files of the roster in the order of their names, those of one pattern by name; or the counts that replace them.
///
/// Rosters of the command line replace those of the contract, and its census.
///
/// # Errors
///
/// As [`expand`] for files of the command line; for those of the contract, [`Error::Io`] where one may not be read, and
/// [`Error::Refused`] where it names none, a pattern is invalid or matches none, or it names both a roster and a census.
pub fn roster_source<'c>(named: &[String], contract: &'c Contract) -> Result<RosterSource<'c>, Error> {
    if !named.is_empty() {
        let files = named.iter().map(|name| expand(Path::new(""), name)).collect::<Result<Vec<_>, _>>()?;
        let files = files.concat().into_iter().map(|path| (path, None)).collect();
        return Ok(RosterSource::Files(deduplicated(files), RowKind::Insured));
    }
    let refused = |span: Span, message: Message| Error::Refused {
        source: Box::new(contract.source.clone()),
        faults: vec![Fault { span, message }],
    };
    let census_too = |span: &Span| Err(refused(span.clone(), Message::new("roster-and-census")));
    let of_roster = |roster: &'c RosterFiles| (&roster.files, Some(roster));
    let rosters = || ("roster", contract.rosters.iter().map(of_roster).collect::<Vec<_>>(), RowKind::Insured);
    let (key, named, rows) = match (contract.rosters.is_empty(), &contract.census) {
        (true, Census::None) => return Err(refused(0..0, Message::new("roster-unnamed"))),
        (true, Census::Counts(counts)) => return Ok(RosterSource::Contract(&counts.value)),
        (true, Census::Files(census)) => ("census", census.iter().map(|at| (at, None)).collect(), RowKind::Counts),
        (false, Census::None) => rosters(),
        (false, Census::Counts(counts)) => return census_too(&counts.span),
        (false, Census::Files(census)) => match census.first() {
            Some(census) => return census_too(&census.span),
            None => rosters(),
        },
    };
    let folder = contract.folder();
    let mut files = Vec::new();
    for (at, own) in named {
        let expanded = expand(&folder, &at.value).map_err(|fault| match fault {
            Error::Missing { path } => {
                let message = Message::new("roster-missing").with("path", path.display().to_string()).with("key", key);
                refused(at.span.clone(), message)
            }
            Error::NotAPattern { .. } => refused(at.span.clone(), fault.message()),
            other => other,
        })?;
        files.extend(expanded.into_iter().map(|path| (path, own)));
    }
    Ok(RosterSource::Files(deduplicated(files), rows))
}

/// The files, each sheet once, also where several names and links lead to one file: no insured is counted twice because of a name.
///
/// A file that several tables of the contract name, each with a sheet of its own, is read for each of them; a table that names no sheet, or
/// every sheet, leaves those of the others to them.
fn deduplicated<'c>(files: Vec<(PathBuf, Option<&'c RosterFiles>)>) -> Vec<RosterFile<'c>> {
    let mut seen = HashSet::new();
    let mut sheets: HashMap<PathBuf, Vec<String>> = HashMap::new();
    let mut read = Vec::new();
    for (path, own) in files {
        let canonical = path.canonicalize().unwrap_or_else(|_| path.clone());
        let sheet = match own.and_then(|own| own.sheet.as_ref()) {
            Some(SheetChoice::Named(sheet)) => Some(sheet.clone()),
            _ => None,
        };
        if seen.insert((canonical.clone(), sheet.as_deref().map(folded))) {
            sheets.entry(canonical.clone()).or_default().extend(sheet.clone());
            read.push((canonical, sheet, path, own));
        }
    }
    let file = |(canonical, sheet, path, own): (PathBuf, Option<String>, PathBuf, Option<&'c RosterFiles>)| {
        let elsewhere = sheets[&canonical].iter().filter(|other| Some(*other) != sheet.as_ref()).cloned();
        RosterFile { path, own, read_elsewhere: elsewhere.collect() }
    };
    read.into_iter().map(file).collect()
}

/// The file of this name; or else the files that match it as a pattern, by name.
///
/// # Errors
///
/// [`Error::Missing`] where there is none, [`Error::NotAFile`] where it is none, [`Error::Io`] where a file or a folder may not be read, [`Error::NotAPattern`]
/// where the name is neither that of a file nor a pattern.
pub fn expand(folder: &Path, name: &str) -> Result<Vec<PathBuf>, Error> {
    let path = folder.join(name);
    if path.exists() {
        return readable(path).map(|path| vec![path]);
    }
    // wildcards in the name of the contract's folder are letters
    let files = pattern::matching_files(folder, name)?;
    if files.is_empty() { Err(Error::Missing { path }) } else { files.into_iter().map(readable).collect() }
}

/// The files that the patterns of a contract's roster find, and that are no rosters.
///
/// # Errors
///
/// As [`expand`].
pub fn passed_over_files(contract: &Contract) -> Result<Vec<PathBuf>, Error> {
    let folder = contract.folder();
    let is_pattern = |name: &str| !folder.join(name).exists();
    let patterns = contract.rosters.iter().map(|roster| &roster.files).filter(|at| is_pattern(&at.value));
    let found = patterns.map(|at| pattern::passed_over_files(&folder, &at.value)).collect::<Result<Vec<_>, _>>()?;
    Ok(found.concat())
}

/// The path, if it may be read: a refusal is no fault of the roster.
fn readable(path: PathBuf) -> Result<PathBuf, Error> {
    InputFile::open(&path).map(|_| path)
}
