//! `kollektiv doctor`: whether everything that the program uses is in place on this machine.

use std::path::Path;
use std::process::{Command, Stdio};

use clap::Args;
use rustix::fs::statvfs;
use serde::Serialize;
use serde_json::{Value, json};

use crate::base::error::Error;
use crate::base::messages::{Language, Message};
use crate::cli::answer::{Described, answer};
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::output::pdf;
use crate::tariff::Tariff;

/// With less free space a long run may fill the disk.
const ENOUGH_BYTES: u64 = 1 << 30;
/// Letters that other fonts often lack.
const LETTERS: [char; 4] = ['Я', 'ё', '№', '₽'];
const MEBIBYTE: u64 = 1 << 20;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folders that runs write to, such as output or a portfolio; the current folder by default
    #[arg(value_name = "DIR")]
    folders: Vec<std::path::PathBuf>,
}

answer! {
    /// What was found on this machine.
    pub struct Answer {
        /// Version of the program.
        version: String,
        /// Edition of the built-in tariff.
        tariff: String,
        /// What was looked at, in order.
        checks: Vec<Check>,
    }
}

answer! {
    /// One thing that was looked at.
    struct Check {
        /// Name of the check.
        name: &'static str,
        /// Outcome.
        state: State,
        /// What was found, in the language of the reader.
        found: String,
    }
}

/// The outcome of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// In place.
    Ok,
    /// Not there, and only needed for an option.
    Optional,
    /// Runs will fail.
    Wrong,
}

impl Described for State {
    fn schema() -> Value {
        json!({ "type": "string", "enum": ["ok", "optional", "wrong"] })
    }
}

/// Checks the fonts of documents, the engines of SQL, and the permissions and the free space of the folders.
pub fn run(arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let tariff = Tariff::base();
    let mut checks =
        vec![check_faces(screen.language), check_engine("duckdb", screen), check_engine("spark-sql", screen)];
    let here = [Path::new(".").to_owned()];
    let folders = if arguments.folders.is_empty() { &here[..] } else { &arguments.folders };
    for folder in folders {
        checks.push(check_rights(folder, screen.language));
        checks.push(check_room(folder, screen.language));
    }
    let is_whole = checks.iter().all(|check| check.state != State::Wrong);
    let rows = checks.iter().map(|check| {
        let state = match check.state {
            State::Ok => "doctor-ok",
            State::Optional => "doctor-optional",
            State::Wrong => "doctor-wrong",
        };
        let name = match check.name {
            "faces" => screen.text("doctor-check-faces"),
            "rights" => screen.text("doctor-check-rights"),
            "disk" => screen.text("doctor-check-disk"),
            program => program.to_owned(),
        };
        [name, screen.text(state), check.found.clone()]
    });
    let head = Message::new("doctor-head")
        .with("version", env!("CARGO_PKG_VERSION"))
        .with("edition", tariff.edition.code.as_str());
    let table = screen.table(["doctor-col-check", "doctor-col-state", "doctor-col-found"], rows.collect(), 3);
    screen.print(&format!("{}\n{table}", screen.paragraph(&head)))?;
    let version = env!("CARGO_PKG_VERSION").to_owned();
    screen.answer(&Answer { version, tariff: tariff.edition.code, checks })?;
    screen.suggest(Message::new(if is_whole { "next-doctor" } else { "next-doctor-wrong" }));
    Ok(if is_whole { Outcome::Done } else { Outcome::Refused })
}

/// Whether the fonts inside the program have every letter of a document.
fn check_faces(language: Language) -> Check {
    let is_whole = LETTERS.into_iter().all(pdf::has_letter);
    let (state, name) = if is_whole { (State::Ok, "doctor-faces") } else { (State::Wrong, "doctor-no-faces") };
    Check { name: "faces", state, found: language.render(&Message::new(name)) }
}

/// The version of an engine of SQL, if there is one.
fn check_engine(program: &'static str, screen: &Screen) -> Check {
    let ran = Command::new(program).arg("--version").stdin(Stdio::null()).stderr(Stdio::null()).output();
    let version = ran.ok().filter(|ran| ran.status.success());
    let version = version.map(|ran| String::from_utf8_lossy(&ran.stdout).lines().next().unwrap_or_default().to_owned());
    match version {
        Some(version) => Check { name: program, state: State::Ok, found: version },
        None => Check { name: program, state: State::Optional, found: screen.text("doctor-no-engine") },
    }
}

/// Whether a file can be created in a folder.
fn check_rights(folder: &Path, language: Language) -> Check {
    let path = folder.display().to_string();
    let (state, message) = match tempfile::tempfile_in(folder) {
        Ok(_) => (State::Ok, Message::new("doctor-rights").with("path", path)),
        Err(fault) => (State::Wrong, Error::writing(folder, fault).message()),
    };
    Check { name: "rights", state, found: language.render(&message) }
}

/// The free room on the disk of a folder.
fn check_room(folder: &Path, language: Language) -> Check {
    let path = folder.display().to_string();
    let (state, message) = match statvfs(folder) {
        Ok(disk) => {
            let free = disk.f_bavail.saturating_mul(disk.f_frsize);
            let (state, name) =
                if free < ENOUGH_BYTES { (State::Wrong, "doctor-no-room") } else { (State::Ok, "doctor-room") };
            let message = Message::new(name).with("path", path).with("free", free / MEBIBYTE);
            (state, message.with("needed", ENOUGH_BYTES / MEBIBYTE))
        }
        Err(fault) => (State::Wrong, Error::reading(folder, fault.into()).message()),
    };
    Check { name: "disk", state, found: language.render(&message) }
}
