//! The parts of the page: sections, tables, cells.

use std::fmt::Display;

use crate::base::messages::{Language, Message};
use crate::output::html::Markup;
use crate::quote::saved_quote::SavedQuote;

/// The reader of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// The insurer's own people: with the ranges of the tariff and the corridor.
    Insurer,
    /// The policyholder: without them.
    Policyholder,
}

/// A page that is being written.
pub(super) struct PageBuilder<'w> {
    pub saved: &'w SavedQuote,
    pub language: Language,
    pub audience: Audience,
    pub markup: Markup,
}

impl PageBuilder<'_> {
    /// Whether the page is the insurer's own.
    pub fn is_internal(&self) -> bool {
        self.audience == Audience::Insurer
    }

    /// The text of a message without arguments.
    pub fn words(&self, name: &'static str) -> String {
        self.language.render(&Message::new(name))
    }

    /// The heading of a section.
    pub fn section(&mut self, id: &str, heading: &'static str) {
        let words = self.words(heading);
        self.markup.leaf("h2", &[("id", id)], words);
    }

    /// A row of a table: texts to the left, figures to the right.
    pub fn row(&mut self, cells: &[Cell<'_>]) {
        self.markup.element("tr", &[], |markup| cells.iter().for_each(|cell| cell.write(markup)));
    }

    /// A table that scrolls sideways where the screen is narrow.
    pub fn table(
        &mut self,
        name: &'static str,
        class: &str,
        headings: &[(&'static str, bool)],
        rows: impl FnOnce(&mut Self),
    ) {
        let label = self.words(name);
        let scroll = if class.contains("tall") { "scroll tall" } else { "scroll" };
        self.markup.begin("div", &[("class", scroll), ("role", "region"), ("tabindex", "0"), ("aria-label", &label)]);
        self.markup.begin("table", &[("class", class)]);
        let headings: Vec<(String, bool)> = headings.iter().map(|(name, figure)| (self.words(name), *figure)).collect();
        self.markup.element("thead", &[], |markup| {
            markup.element("tr", &[], |markup| {
                for (heading, figure) in &headings {
                    let class: &[(&str, &str)] = if *figure { &[("class", "n")] } else { &[] };
                    markup.leaf("th", &[&[("scope", "col")], class].concat(), heading);
                }
            });
        });
        self.markup.begin("tbody", &[]);
        rows(self);
        for tag in ["tbody", "table", "div"] {
            self.markup.end(tag);
        }
    }
}

/// A cell of a table.
pub(super) enum Cell<'c> {
    /// A text.
    Text(&'c str),
    /// A figure as it is shown, and the value by which it is sorted.
    Figure(String, String),
}

impl Cell<'_> {
    /// A figure that is sorted by its text.
    pub fn figure(value: impl Display) -> Self {
        Self::Figure(value.to_string(), String::new())
    }

    pub fn write(&self, markup: &mut Markup) {
        match self {
            Self::Text(text) => markup.leaf("td", &[], text),
            Self::Figure(shown, sorted) if sorted.is_empty() => markup.leaf("td", &[("class", "n")], shown),
            Self::Figure(shown, sorted) => markup.leaf("td", &[("class", "n"), ("data-v", sorted)], shown),
        }
    }
}
