//! `kollektiv tariff list`: the editions that price contracts.

use crate::base::calendar::format_day;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::screen::Screen;
use crate::tariff::{Catalogue, Tariff};

/// The digits of a hash that tell editions apart in a table.
const HASH_DIGITS: usize = 12;

answer! {
    /// The answer of `kollektiv tariff list`.
    pub struct Answer {
        /// The editions, in the order of their first days.
        editions: Vec<EditionAnswer>,
    }
}

answer! {
    /// An edition of the tariff.
    struct EditionAnswer {
        /// Code.
        edition: String,
        /// Title.
        title: String,
        /// First day of a contract that it prices.
        valid_from: String,
        /// Last such day, if there is one.
        valid_to: Option<String>,
        /// `draft`, `approved` or `withdrawn`.
        status: String,
        /// Document that its numbers come from.
        source: Option<String>,
        /// Day of that document.
        source_date: Option<String>,
        /// SHA-256 of its file, in hexadecimal.
        sha256: String,
        /// Its file.
        file: String,
    }
}

fn edition_answer(tariff: &Tariff) -> EditionAnswer {
    let edition = &tariff.edition;
    EditionAnswer {
        edition: edition.code.clone(),
        title: edition.title.clone(),
        valid_from: edition.valid_from.to_string(),
        valid_to: edition.valid_to.map(|day| day.to_string()),
        status: edition.status.as_str().to_owned(),
        source: edition.source.as_ref().map(|source| source.title.clone()),
        source_date: edition.source.as_ref().and_then(|source| source.date).map(|day| day.to_string()),
        sha256: tariff.sha256.clone(),
        file: tariff.source.path.display().to_string(),
    }
}

/// Prints the editions.
pub fn run(editions: &Catalogue, screen: &Screen) -> Result<(), Error> {
    let row = |tariff: &Tariff| {
        let edition = &tariff.edition;
        [
            edition.code.clone(),
            format_day(edition.valid_from),
            edition.valid_to.map_or_else(|| "—".to_owned(), format_day),
            screen.render(&edition.status.message()),
            edition.source.as_ref().and_then(|source| source.date).map_or_else(|| "—".to_owned(), format_day),
            tariff.sha256.chars().take(HASH_DIGITS).collect(),
            tariff.source.path.display().to_string(),
        ]
    };
    let heading = [
        "heading-edition",
        "heading-valid-from",
        "heading-valid-to",
        "heading-status",
        "heading-source-date",
        "heading-hash",
        "heading-file",
    ];
    let rows = editions.editions().into_iter().map(|tariff| row(tariff)).collect();
    screen.print(&screen.table(heading, rows, 7))?;
    screen
        .answer(&Answer { editions: editions.editions().into_iter().map(|tariff| edition_answer(tariff)).collect() })?;
    screen.suggest(Message::new("next-tariff-list"));
    Ok(())
}
