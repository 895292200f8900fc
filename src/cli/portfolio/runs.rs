//! `kollektiv portfolio runs`: the runs of a portfolio.

use crate::base::error::Error;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::portfolio::Portfolio;
use crate::portfolio::register;

/// Prints a line for each run: what it was, how many contracts it touched, and whether it is annulled.
pub fn run(book: &Portfolio, screen: &Screen) -> Result<Outcome, Error> {
    let runs = book.register.read(register::runs)?;
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
    Ok(Outcome::Done)
}
