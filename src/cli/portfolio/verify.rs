//! `kollektiv portfolio verify`: reads a portfolio back and reports everything that is not as it was written.

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::log::{Event, Level};
use crate::cli::outcome::Outcome;
use crate::cli::progress::Bar;
use crate::cli::screen::Screen;
use crate::portfolio::Portfolio;
use crate::portfolio::verify::verify;

answer! {
    /// The answer of `kollektiv portfolio verify`.
    pub struct Answer {
        /// Contracts.
        contracts: usize,
        /// Versions of the contracts.
        versions: usize,
        /// Lines of all versions that wrote lines.
        lines: u64,
        /// Files.
        files: usize,
        /// Number of findings.
        wrong: usize,
        /// The first findings.
        findings: Vec<Finding>,
    }
}

answer! {
    struct Finding {
        /// Number of the contract, or null.
        number: Option<String>,
        /// What is not as it was written.
        message: String,
    }
}

/// Verifies the portfolio and prints the findings.
pub fn run(book: &Portfolio, screen: &Screen) -> Result<Outcome, Error> {
    let verified = {
        let bar = Bar::new(screen);
        verify(book, &bar)?
    };
    for (number, message) in &verified.findings {
        let text = screen.render(message);
        let event = Event::new(Level::Error, "finding").with("reason", message.name()).with("number", number.clone());
        screen.report(event, &number.as_ref().map_or_else(|| text.clone(), |number| format!("{number}: {text}")));
    }
    screen.record_total("contracts", verified.contracts);
    screen.record_total("findings", verified.wrong);
    let message = Message::new("verify-done")
        .with("contracts", screen.count(verified.contracts))
        .with("versions", screen.count(verified.versions))
        .with("lines", screen.count(verified.lines))
        .with("files", screen.count(verified.files))
        .with("findings", verified.wrong);
    screen.print(&screen.paragraph(&message))?;
    let finding = |(number, message): &(Option<String>, Message)| Finding {
        number: number.clone(),
        message: screen.render(message),
    };
    screen.answer(&Answer {
        contracts: verified.contracts,
        versions: verified.versions,
        lines: verified.lines,
        files: verified.files,
        wrong: verified.wrong,
        findings: verified.findings.iter().map(finding).collect(),
    })?;
    screen.suggest(Message::new(if verified.findings.is_empty() { "next-verified" } else { "next-damaged" }));
    Ok(if verified.findings.is_empty() { Outcome::Done } else { Outcome::Refused })
}
