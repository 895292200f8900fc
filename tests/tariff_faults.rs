//! Bad editions of the tariff: one for each kind of fault, and what is said of it on which line.
//!
//! `tariffs/bad/NAME.toml` says how the built-in edition is spoilt, so that the fault stands alone: `replace` occurs in it
//! once and becomes `with`, or everything from `cut_from` on is left out; `[[edit]]` where there are several. `NAME.txt`
//! lists the faults, in order, each as the line of the whole spoilt edition and the name of the message.

use std::path::{Path, PathBuf};

use kollektiv::base::error::Error;
use kollektiv::base::source_file::SourceFile;
use kollektiv::tariff::Tariff;
use serde::Deserialize;

/// How the built-in edition is spoilt.
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
                assert_eq!(text.matches(replace).count(), 1, "`{replace}` has to occur once");
                text.replace(replace, with)
            }
            Self::Cut { cut_from } => text.split_once(cut_from).unwrap().0.to_owned(),
        }
    }
}

fn bad_editions() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tariffs/bad");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut editions: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    editions.sort();
    editions
}

/// The spoilt edition of a file.
fn spoilt(path: &Path) -> SourceFile {
    let edits = match toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap() {
        Spoilt::Once(edit) => vec![edit],
        Spoilt::Often { edit } => edit,
    };
    let text = edits.iter().fold(Tariff::base().source.text, |text, edit| edit.apply(&text));
    SourceFile { path: path.to_owned(), text }
}

#[test]
fn every_fault_of_an_edition_is_said_with_its_line() {
    let editions = bad_editions();
    assert!(editions.len() >= 40);
    let mut wrong = Vec::new();
    for path in &editions {
        let Err(Error::Refused { document, faults }) = Tariff::read(&spoilt(path)) else {
            wrong.push(format!("{}: not refused\n", path.display()));
            continue;
        };
        let said =
            faults.iter().map(|fault| format!("{}: {}\n", document.line(fault.span.start), fault.message.name()));
        let said: String = said.collect();
        let expected = std::fs::read_to_string(path.with_extension("txt")).unwrap();
        if said != expected {
            wrong.push(format!("{}\nsaid:\n{said}expected:\n{expected}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_kind_of_fault_has_a_bad_edition() {
    let mut expected = String::new();
    for path in bad_editions() {
        expected += &std::fs::read_to_string(path.with_extension("txt")).unwrap();
    }
    let source = concat!(include_str!("../src/tariff/read.rs"), include_str!("../src/tariff/read/programmes.rs"));
    let named: Vec<&str> = source.split("Message::new(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(named.len() >= 22);
    for name in named {
        assert!(expected.lines().any(|line| line.ends_with(&format!(": {name}"))), "no bad edition for `{name}`");
    }
    assert_eq!(
        source.matches("Message::new(").count(),
        source.matches("Message::new(\"").count(),
        "a name is worked out"
    );
}
