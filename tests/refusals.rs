//! The messages that refuse a bad file, in both languages, as the user reads them.
//!
//! Beside each bad contract, edition of the tariff, price change, roster and network of clinics stand `NAME.ru.txt` and `NAME.en.txt` with
//! the standard error of the run that refuses it. `KOLLEKTIV_UPDATE_MESSAGES=1 cargo test --release --test suite -- refusals`
//! writes today's messages into them.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::faults::toml_files;
use crate::program::{Run, command, project};
use crate::rosters::RosterCase;
use crate::tariff_faults::spoilt_edition;

/// A run that has to end with a refusal.
struct Refusal {
    /// The file that is refused, beside which the messages stand.
    input: PathBuf,
    /// The folder of the run, so that the messages have names of files without folders.
    folder: PathBuf,
    arguments: Vec<String>,
}

impl Refusal {
    /// A run in the folder of its input, with `{}` for the name of the input.
    fn new(input: PathBuf, arguments: &[&str]) -> Self {
        let name = input.file_name().unwrap().to_str().unwrap();
        let arguments = arguments.iter().map(|argument| argument.replace("{}", name)).collect();
        Self { folder: input.parent().unwrap().to_owned(), input, arguments }
    }

    fn message(&self, language: &str) -> String {
        let mut command =
            command(["--lang", language, "--quiet"].iter().copied().chain(self.arguments.iter().map(String::as_str)));
        let run = Run::new(command.current_dir(&self.folder).output().unwrap()).exits_with(3);
        run.err.lines().flat_map(|line| [line.trim_end(), "\n"]).collect()
    }

    /// Compares the message with its file, or writes the file.
    fn difference(&self, language: &str) -> Option<String> {
        let path = self.input.with_extension(format!("{language}.txt"));
        let message = self.message(language);
        if std::env::var_os("KOLLEKTIV_UPDATE_MESSAGES").is_some() {
            fs::write(&path, message).unwrap();
            return None;
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        (message != expected).then(|| format!("{}\nexpected:\n{expected}found:\n{message}", path.display()))
    }
}

#[track_caller]
fn assert_messages(refusals: &[Refusal]) {
    assert!(refusals.len() > 10, "{} bad files", refusals.len());
    let differences = |refusal: &Refusal| ["ru", "en"].map(|language| refusal.difference(language));
    let wrong: Vec<String> = refusals.par_iter().flat_map_iter(differences).flatten().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_refusal_of_a_contract_has_its_message() {
    let contracts = toml_files("tests/contracts/bad");
    let refusal = |path| Refusal::new(path, &["check", "{}", "--preliminary"]);
    assert_messages(&contracts.into_iter().map(refusal).collect::<Vec<_>>());
}

#[test]
fn every_refusal_of_an_edition_has_its_message() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |input: PathBuf| {
        let name = input.file_name().unwrap();
        fs::write(folder.path().join(name), spoilt_edition(&input).text).unwrap();
        Refusal { folder: folder.path().to_owned(), ..Refusal::new(input, &["tariff", "check", "{}"]) }
    };
    assert_messages(&toml_files("tests/tariffs/bad").into_iter().map(refusal).collect::<Vec<_>>());
}

#[test]
fn every_refusal_of_a_price_change_has_its_message() {
    let absent = project().join("tests/changes/absent").display().to_string();
    let arguments = ["reprice", "{}", "--portfolio", &absent, "--out", &absent];
    let refusal = |path| Refusal::new(path, &arguments);
    assert_messages(&toml_files("tests/changes/bad").into_iter().map(refusal).collect::<Vec<_>>());
    assert!(!Path::new(&absent).exists());
}

#[test]
fn every_refusal_of_a_network_of_clinics_has_its_message() {
    let refusal = |path| Refusal::new(path, &["clinics", "check", "{}"]);
    assert_messages(&toml_files("tests/clinics/bad").into_iter().map(refusal).collect::<Vec<_>>());
}

#[test]
fn every_refusal_of_an_insurer_has_its_message() {
    let refusal = |path| Refusal::new(path, &["insurer", "check", "{}"]);
    assert_messages(&toml_files("tests/insurers/bad").into_iter().map(refusal).collect::<Vec<_>>());
}

#[test]
fn every_refusal_of_a_roster_has_its_message() {
    let refusal = |case: RosterCase| {
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        let contract = case.contract().display().to_string();
        let files = case.files().into_iter().map(|path| name(&path));
        let arguments = ["check".to_owned(), contract].into_iter().chain(files).collect();
        Refusal { arguments, ..Refusal::new(case.path, &[]) }
    };
    assert_messages(&RosterCase::all("bad").into_iter().map(refusal).collect::<Vec<_>>());
}
