//! Which files a roster is: the command line's, or the contract's, or its census; patterns are looked up.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::{Fault, Span};
use crate::quote::contract::Contract;
use crate::quote::contract::census::Census;
use crate::quote::pattern;
use crate::roster::counts::Counts;
use crate::roster::spec::RowKind;

/// Where the insured of a contract are named or counted.
#[derive(Debug)]
pub enum RosterSource<'c> {
    /// In files, whose rows are what is said.
    Files(Vec<PathBuf>, RowKind),
    /// In the contract file itself.
    Contract(&'c [Counts]),
}

/// The files of the roster, in the order in which they are named, those of one pattern by name; or what stands in for it.
///
/// Rosters of the command line stand in for whatever the contract names, a census too.
///
/// # Errors
///
/// As [`found`] for files of the command line; of the contract's, [`Error::Io`] for one that may not be read, and
/// [`Error::Refused`] where it names none or a pattern of its finds none or is none, or where it names a roster and a census.
pub fn roster_source<'c>(named: &[String], contract: &'c Contract) -> Result<RosterSource<'c>, Error> {
    if !named.is_empty() {
        let files = named.iter().map(|name| found(Path::new(""), name)).collect::<Result<Vec<_>, _>>()?;
        return Ok(RosterSource::Files(once(files.concat()), RowKind::Insured));
    }
    let refused = |span: Span, message: Message| Error::Refused {
        document: Box::new(contract.source.clone()),
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
        let of_one = found(&folder, &at.value).map_err(|fault| match fault {
            Error::Missing { path } => {
                let message = Message::new("roster-missing").with("path", path.display().to_string()).with("key", key);
                refused(at.span.clone(), message)
            }
            Error::NotAPattern { .. } => refused(at.span.clone(), fault.message()),
            other => other,
        })?;
        files.extend(of_one);
    }
    Ok(RosterSource::Files(once(files), rows))
}

/// The files, each once, whatever names and links lead to it: nobody is insured or counted twice because of a name.
fn once(mut files: Vec<PathBuf>) -> Vec<PathBuf> {
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())));
    files
}

/// The file of this name, or else those that the name is a pattern of, by name.
///
/// # Errors
///
/// [`Error::Missing`] where there is none, [`Error::Io`] where one may not be read or a folder may not be looked into,
/// [`Error::NotAPattern`] where the name is no file's and no pattern.
pub fn found(folder: &Path, name: &str) -> Result<Vec<PathBuf>, Error> {
    let path = folder.join(name);
    if path.exists() {
        return readable(path).map(|path| vec![path]);
    }
    // only the name is a pattern, whatever letters the contract's folder has
    let files = pattern::fitting(folder, name)?;
    if files.is_empty() { Err(Error::Missing { path }) } else { files.into_iter().map(readable).collect() }
}

/// The path, if the system lets us read there: where it does not, the roster is not at fault.
fn readable(path: PathBuf) -> Result<PathBuf, Error> {
    match File::open(&path) {
        Ok(_) => Ok(path),
        Err(fault) => Err(Error::reading(&path, fault)),
    }
}
