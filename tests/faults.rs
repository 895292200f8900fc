//! Bad TOML files with their faults: support of the tests of contracts, editions, price changes and networks of clinics.
//!
//! `NAME.txt` beside `NAME.toml` lists the faults in order: the line, the name of the message and, if the message has one, the
//! expected kind of value or the similar key.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kollektiv::base::error::Error;
use kollektiv::base::messages::Value;
use kollektiv::base::source_file::Fault;

use crate::program::project;
use crate::source_code::{Source, sources_in};

/// The TOML files of a folder, in order.
pub fn toml_files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(project().join(folder)).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    files.sort();
    files
}

/// Asserts that `refuse` finds the listed faults in each file of a folder.
#[track_caller]
pub fn assert_faults(folder: &str, refuse: impl Fn(&Path) -> Option<Error>) {
    let mut wrong = Vec::new();
    for path in toml_files(folder) {
        let Some(Error::Refused { source, faults }) = refuse(&path) else {
            wrong.push(format!("{}: not refused\n", path.display()));
            continue;
        };
        let lines = faults.iter().map(|fault| format!("{}: {}\n", source.line(fault.span.start), described(fault)));
        let found: String = lines.collect();
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap_or_default();
        if found != expected {
            wrong.push(format!("{}\nexpected:\n{expected}found:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The name of a fault's message, with the expected kind of value or the similar key.
pub fn described(fault: &Fault) -> String {
    let name = fault.message.name();
    match fault.message.value("wanted").or_else(|| fault.message.value("near")) {
        Some(Value::Message(kind)) => format!("{name} {}", kind.name()),
        Some(Value::Text(near)) => format!("{name} {near}"),
        _ => name.to_owned(),
    }
}

/// Asserts that each of the names is in a list of faults of a folder.
#[track_caller]
pub fn assert_listed(folder: &str, names: &BTreeSet<String>) {
    let mut listed = BTreeSet::new();
    for path in toml_files(folder) {
        let list = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        listed.extend(list.split_whitespace().map(str::to_owned));
    }
    let missing: Vec<_> = names.difference(&listed).collect();
    assert!(missing.is_empty(), "no bad file in {folder} for {missing:?}");
}

/// The names of messages in some files or folders of `src`: literals of lowercase words joined by hyphens.
pub fn message_names(paths: &[&str]) -> BTreeSet<String> {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_name = |text: &&str| text.contains('-') && text.split('-').all(is_word);
    let sources = sources_in("src");
    let in_path = |path: &str| -> Vec<&Source> {
        let found: Vec<_> = sources.iter().filter(|source| source.path.starts_with(path)).collect();
        assert!(!found.is_empty(), "{path} has no sources");
        found
    };
    let sources = paths.iter().flat_map(|path| in_path(path));
    sources.flat_map(Source::literals).filter(is_name).map(str::to_owned).collect()
}
