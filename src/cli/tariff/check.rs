//! `kollektiv tariff check`: proves an edition, or all of the folder of editions, and runs their tests.

use std::path::PathBuf;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::desk::edition_test::{FailedTest, TestRun};
use crate::tariff::Tariff;

#[derive(Debug, Args)]
pub struct Arguments {
    /// File of the edition; by default that of --tariff, all of the folder of editions, or the built-in one
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv tariff check`.
    pub struct Answer {
        /// The editions that are proved, in the order of their first days.
        editions: Vec<EditionAnswer>,
    }
}

answer! {
    /// A proved edition.
    struct EditionAnswer {
        /// Code of the edition.
        edition: String,
        /// SHA-256 of its file, in hexadecimal.
        sha256: String,
        /// Number of its programmes.
        programmes: usize,
        /// Number of its tests.
        tests: usize,
        /// The tests that failed, in the order of the file.
        failed: Vec<FailedAnswer>,
    }
}

answer! {
    /// A test whose cell has another rate.
    struct FailedAnswer {
        /// Line of the expected rate.
        line: usize,
        /// Name of the test.
        name: Option<String>,
        /// Expected rate; null where the cell must have none.
        expected: Option<String>,
        /// Rate that the edition gives; null where it gives none.
        computed: Option<String>,
        /// Factors of that rate with their clauses, or the reason why there is none, in the language of the reader.
        factors: Vec<String>,
    }
}

fn edition_answer(tariff: &Tariff, run: &TestRun<'_>, screen: &Screen) -> EditionAnswer {
    let failed = |failed: &FailedTest| FailedAnswer {
        line: failed.line,
        name: failed.name.clone(),
        expected: failed.expected.as_ref().map(ToString::to_string),
        computed: failed.computed.as_ref().map(ToString::to_string),
        factors: failed.derivation.iter().map(|factor| screen.render(factor)).collect(),
    };
    EditionAnswer {
        edition: tariff.edition.code.clone(),
        sha256: tariff.sha256.clone(),
        programmes: tariff.programmes.len(),
        tests: run.count,
        failed: run.failed.iter().map(failed).collect(),
    }
}

/// Proves the editions and runs their tests.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let editions = common.editions_or(arguments.file.as_deref())?;
    let mut answers = Vec::new();
    let mut outcome = Outcome::Done;
    for tariff in editions.editions() {
        let run = TestRun::new(tariff)?;
        answers.push(edition_answer(tariff, &run, screen));
        if let Some(error) = run.error() {
            screen.print_error(&error);
            outcome = Outcome::Refused;
            continue;
        }
        let message = Message::new("tariff-proved")
            .with("edition", tariff.edition.code.as_str())
            .with("hash", tariff.sha256.as_str())
            .with("programmes", tariff.programmes.len())
            .with("tests", run.count);
        screen.print(&format!("{}\n", screen.render(&message)))?;
    }
    screen.answer(&Answer { editions: answers })?;
    if let Some(file) = arguments.file.as_ref().filter(|_| outcome == Outcome::Done) {
        screen.suggest(Message::new("next-tariff").with("file", file.display().to_string()));
    }
    Ok(outcome)
}
