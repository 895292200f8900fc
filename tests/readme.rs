//! The documents are true: every command of a `console` block is run, both languages run the same commands, links lead somewhere.
//!
//! `KOLLEKTIV_UPDATE_SESSIONS=1 cargo test --release --test suite -- readme` writes today's outputs into the documents.

mod tables;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::prelude::*;

use crate::program::project;

/// With this variable in the environment the tests write today's outputs into the documents.
const UPDATE: &str = "KOLLEKTIV_UPDATE_SESSIONS";
/// A README is read in one sitting.
const MAX_README_LINES: usize = 200;

/// A session whose failure is meant shows it.
const EXIT_CODE: &str = "exit code $?";
/// The exit codes of a failed run, of a wrong command line, and of a command that the shell does not find.
const FAILED: [i32; 3] = [1, 2, 127];

/// A path of a document begins with one of these.
const FOLDERS: [&str; 5] = ["src/", "tests/", "benches/", "docs/", ".ci/"];

/// A part of a document: a line of prose, or a command of a session with its output.
enum Part {
    Prose(String),
    Session { command: String, output: String },
}

#[test]
fn every_session_of_the_documents_is_what_the_program_shows() {
    let update = std::env::var_os(UPDATE).is_some();
    let differences: Vec<String> = documents().par_iter().flat_map_iter(|path| run_sessions(path, update)).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}

#[test]
fn both_languages_have_the_same_documents_and_run_the_same_commands() {
    let guide = project().join("docs/guide");
    let names = |language: &str| -> BTreeSet<PathBuf> {
        markdown_in(&guide.join(language)).iter().filter_map(|path| path.file_name().map(PathBuf::from)).collect()
    };
    assert_eq!(names("en"), names("ru"));
    let pairs = names("en").into_iter().map(|name| [guide.join("en").join(&name), guide.join("ru").join(&name)]);
    for [english, russian] in pairs.chain([[project().join("README.md"), project().join("README.ru.md")]]) {
        assert_eq!(commands(&english), commands(&russian), "{}", russian.display());
    }
}

#[test]
fn each_readme_is_short_and_has_a_session() {
    for name in ["README.md", "README.ru.md"] {
        let path = project().join(name);
        assert!(read(&path).lines().count() <= MAX_README_LINES, "{name} has more than {MAX_README_LINES} lines");
        assert!(!commands(&path).is_empty(), "{name} has no session");
    }
}

#[test]
fn every_path_of_the_documents_is_there() {
    let mut missing = Vec::new();
    for document in documents() {
        let text = read(&document);
        let named = prose(&text).flat_map(|line| line.split('`').skip(1).step_by(2));
        let paths = named.filter(|name| FOLDERS.iter().any(|folder| name.starts_with(folder)) && !name.contains(' '));
        let absent = paths.filter(|path| !project().join(path).exists());
        missing.extend(absent.map(|path| format!("{}: {path}", document.display())));
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_link_of_the_documents_leads_to_a_file_and_a_heading() {
    let mut broken = Vec::new();
    for document in documents() {
        let text = read(&document);
        for link in links(&text).filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { document.clone() } else { folder_of(&document).join(file) };
            let found = target.exists() && (heading.is_empty() || anchors(&read(&target)).contains(heading));
            if !found {
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

/// Runs the sessions of one document in an empty folder that has the samples; the differences, or a new text of the document.
fn run_sessions(document: &Path, update: bool) -> Vec<String> {
    let mut parts = parse(&read(document));
    if !parts.iter().any(|part| matches!(part, Part::Session { .. })) {
        return Vec::new();
    }
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(project().join("samples"), folder.path().join("samples")).unwrap();
    let (mut differences, mut failures) = (Vec::new(), Vec::new());
    for part in &mut parts {
        let Part::Session { command, output } = part else { continue };
        let (actual, is_failure) = run(command, folder.path());
        if is_failure && !command.contains(EXIT_CODE) {
            failures.push(format!("{}: `$ {command}` fails, and does not show its exit code", document.display()));
        }
        if actual.trim_end() != output.trim_end() {
            differences.push(format!("{}: `$ {command}` shows now\n{actual}", document.display()));
            *output = actual;
        }
    }
    if update && !differences.is_empty() {
        std::fs::write(document, render(&parts)).unwrap();
        differences.clear();
    }
    differences.into_iter().chain(failures).collect()
}

/// Standard output and standard error of a command, in their order, and whether it fails by one of [`FAILED`].
fn run(command: &str, folder: &Path) -> (String, bool) {
    let program = Path::new(env!("CARGO_BIN_EXE_kollektiv"));
    let path = format!("{}:{}", folder_of(program).display(), std::env::var("PATH").unwrap());
    let ran = Command::new("bash")
        .args(["-o", "pipefail", "-c", &format!("{{ {command}\n}} 2>&1")])
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("COLUMNS")
        .env_remove("KOLLEKTIV_LANG")
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env_remove("LANG")
        .output()
        .unwrap();
    let is_failure = ran.status.code().is_none_or(|code| FAILED.contains(&code));
    (String::from_utf8(ran.stdout).unwrap(), is_failure)
}

/// Every document of the repository.
fn documents() -> Vec<PathBuf> {
    ["", "benches", "docs", "docs/guide/en", "docs/guide/ru", "docs/reference"]
        .iter()
        .flat_map(|folder| markdown_in(&project().join(folder)))
        .collect()
}

/// The documents in a folder, in the order of their names.
fn markdown_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found: BTreeSet<PathBuf> = entries.filter(|path| path.extension().is_some_and(|kind| kind == "md")).collect();
    found.into_iter().collect()
}

/// The commands of a document, without the option that makes them English.
fn commands(document: &Path) -> Vec<String> {
    let parts = parse(&read(document)).into_iter();
    parts
        .filter_map(|part| match part {
            Part::Session { command, .. } => Some(command.replace(" --lang en", "")),
            Part::Prose(_) => None,
        })
        .collect()
}

/// The parts of a document, in order.
fn parse(text: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut in_session = false;
    for line in text.lines() {
        match (in_session, line, parts.last_mut()) {
            (false, "```console", _) | (true, "```", _) => {
                in_session = !in_session;
                parts.push(Part::Prose(line.to_owned()));
            }
            (false, _, _) => parts.push(Part::Prose(line.to_owned())),
            (true, _, last) => match (line.strip_prefix("$ "), last) {
                (Some(command), _) => parts.push(Part::Session { command: command.to_owned(), output: String::new() }),
                (None, Some(Part::Session { output, .. })) => output.extend([line, "\n"]),
                (None, _) => panic!("`{line}` stands before any command"),
            },
        }
    }
    parts
}

/// The text of a document.
fn render(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Prose(line) => text.extend([line, "\n"]),
            Part::Session { command, output } => {
                text.extend(["$ ", command, "\n"]);
                text.extend(output.trim_end().lines().flat_map(|line| [line, "\n"]));
            }
        }
    }
    text
}

/// The targets of the links of a document, outside of blocks of code.
fn links(text: &str) -> impl Iterator<Item = &str> {
    prose(text).flat_map(|line| line.split("](").skip(1)).filter_map(|rest| rest.split([')', ' ']).next())
}

/// The names by which the headings of a document are linked.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = prose(text).filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings
        .map(|heading| {
            let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'));
            kept.flat_map(char::to_lowercase).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
        })
        .collect()
}

/// The lines of a document outside of blocks of code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut in_code = false;
    text.lines().filter(move |line| {
        let fence = line.starts_with("```");
        in_code ^= fence;
        !in_code && !fence
    })
}

fn folder_of(path: &Path) -> &Path {
    path.parent().unwrap()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}
