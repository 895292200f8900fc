//! `kollektiv portfolio runs`: the runs of a portfolio.

use crate::base::error::Error;
use crate::cli::answer::answer;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::portfolio::Portfolio;
use crate::portfolio::register;

answer! {
    /// The answer of `kollektiv portfolio runs`.
    pub struct Answer {
        /// The runs, in order.
        runs: Vec<RunAnswer>,
    }
}

answer! {
    struct RunAnswer {
        /// Number of the run.
        run: u64,
        /// What it was.
        kind: String,
        /// Who ran it, or null.
        by: Option<String>,
        /// Why, or null.
        note: Option<String>,
        /// Contracts that it touched.
        contracts: u64,
        /// Contracts for which it is annulled.
        annulled: u64,
    }
}

/// Prints a line for each run: what it was, how many contracts it touched, and whether it is annulled.
pub fn run(book: &Portfolio, screen: &Screen) -> Result<Outcome, Error> {
    let runs = book.register.read(register::runs)?;
    let answer = |run: &register::Run| RunAnswer {
        run: run.run.unsigned_abs(),
        kind: run.kind.clone(),
        by: run.by.clone(),
        note: run.note.clone(),
        contracts: run.contracts,
        annulled: run.annulled,
    };
    let answer = Answer { runs: runs.iter().map(answer).collect() };
    let rows = runs.into_iter().map(|run| {
        let annulled = if run.annulled > 0 { screen.count(run.annulled) } else { String::new() };
        let kind = run.kind;
        [
            run.run.to_string(),
            kind,
            run.by.unwrap_or_default(),
            run.note.unwrap_or_default(),
            screen.count(run.contracts),
            annulled,
        ]
    });
    let heading = [
        "portfolio-col-run",
        "portfolio-col-what",
        "portfolio-col-by",
        "portfolio-col-note",
        "portfolio-col-contracts",
        "portfolio-col-annulled",
    ];
    screen.print(&screen.table(heading, rows.collect(), 4))?;
    screen.answer(&answer)?;
    Ok(Outcome::Done)
}
