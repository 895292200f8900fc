//! The files of a roster: those of the command line, or the contract's, or its census; patterns are expanded.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::base::error::Error;
use crate::base::input_file::InputFile;
use crate::base::messages::Message;
use crate::base::source_file::{Fault, Span};
use crate::quote::contract::Contract;
use crate::quote::contract::census::Census;
use crate::quote::pattern;
use crate::roster::counts::Counts;
use crate::roster::spec::RowKind;

/// The source of a contract's insured.
#[derive(Debug)]
pub enum RosterSource<'c> {
    /// Files, and the kind of their rows.
    Files(Vec<PathBuf>, RowKind),
    /// Counts in the contract file itself.
    Contract(&'c [Counts]),
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
        return Ok(RosterSource::Files(deduplicated(files.concat()), RowKind::Insured));
    }
    let refused = |span: Span, message: Message| Error::Refused {
        source: Box::new(contract.source.clone()),
        faults: vec![Fault { span, message }],
    };
    let census_too = |span: &Span| Err(refused(span.clone(), Message::new("roster-and-census")));
    let (key, named, rows) = match (contract.rosters.as_slice(), &contract.census) {
        ([], Census::None) => return Err(refused(0..0, Message::new("roster-unnamed"))),
        ([], Census::Counts(counts)) => return Ok(RosterSource::Contract(&counts.value)),
        ([], Census::Files(census)) => ("census", census.as_slice(), RowKind::Counts),
        (rosters, Census::None) => ("roster", rosters, RowKind::Insured),
        (_, Census::Counts(counts)) => return census_too(&counts.span),
        (rosters, Census::Files(census)) => match census.first() {
            Some(census) => return census_too(&census.span),
            None => ("roster", rosters, RowKind::Insured),
        },
    };
    let folder = contract.folder();
    let mut files = Vec::new();
    for at in named {
        let expanded = expand(&folder, &at.value).map_err(|fault| match fault {
            Error::Missing { path } => {
                let message = Message::new("roster-missing").with("path", path.display().to_string()).with("key", key);
                refused(at.span.clone(), message)
            }
            Error::NotAPattern { .. } => refused(at.span.clone(), fault.message()),
            other => other,
        })?;
        files.extend(expanded);
    }
    Ok(RosterSource::Files(deduplicated(files), rows))
}

/// The files, each once, also where several names and links lead to one: no insured is counted twice because of a name.
fn deduplicated(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    files
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

/// The path, if it may be read: a refusal is no fault of the roster.
fn readable(path: PathBuf) -> Result<PathBuf, Error> {
    InputFile::open(&path).map(|_| path)
}
