//! Editions of the tariff: a bad edition for each kind of fault, with the line and the name of the fault.
//!
//! `tariffs/bad/NAME.toml` is an edit of the built-in edition that makes one fault: `replace` occurs in the edition once and becomes
//! `with`, or everything from `cut_from` on is cut; several edits are `[[edit]]`. The lines in `NAME.txt` are those
//! of the edited edition.

use std::path::Path;

use kollektiv::base::source_file::SourceFile;
use kollektiv::tariff::Tariff;
use serde::Deserialize;

use crate::faults::{assert_faults, assert_listed, message_names, toml_files};

const BAD_EDITIONS: &str = "tests/tariffs/bad";

/// The edits that spoil the built-in edition.
#[derive(Deserialize)]
#[serde(untagged)]
enum Spoilt {
    Once(Edit),
    Often { edit: Vec<Edit> },
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Edit {
    Replace { replace: String, with: String },
    Cut { cut_from: String },
}

impl Edit {
    fn apply(&self, text: &str) -> String {
        match self {
            Self::Replace { replace, with } => {
                assert_eq!(text.matches(replace).count(), 1, "`{replace}` occurs once");
                text.replace(replace, with)
            }
            Self::Cut { cut_from } => text.split_once(cut_from).unwrap().0.to_owned(),
        }
    }
}

/// The spoilt edition of a file.
pub fn spoilt_edition(path: &Path) -> SourceFile {
    let edits = match toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() {
        Spoilt::Once(edit) => vec![edit],
        Spoilt::Often { edit } => edit,
    };
    let text = edits.iter().fold(without_tests(&Tariff::base().source.text), |text, edit| edit.apply(&text));
    SourceFile { path: path.to_owned(), text }
}

/// The text of an edition without its tests, which hold for the built-in numbers.
pub fn without_tests(text: &str) -> String {
    let paragraphs = text.split("\n\n").filter(|paragraph| !paragraph.contains("[[test]]"));
    paragraphs.collect::<Vec<_>>().join("\n\n").trim_end().to_owned() + "\n"
}

#[test]
fn every_fault_of_an_edition_has_its_line() {
    assert!(toml_files(BAD_EDITIONS).len() >= 40);
    assert_faults(BAD_EDITIONS, |path| Tariff::read(&spoilt_edition(path)).err());
}

#[test]
fn every_kind_of_fault_has_a_bad_edition() {
    let names = message_names(&["src/tariff/read.rs", "src/tariff/read"]);
    assert!(names.len() >= 22, "{names:?}");
    assert_listed(BAD_EDITIONS, &names);
}
