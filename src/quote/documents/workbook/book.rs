//! A workbook that is being written.

use crate::base::messages::{Language, Message};
use crate::output::xlsx::style::Styles;
use crate::quote::documents::workbook::place::Place;
use crate::quote::saved_quote::SavedQuote;

/// The quote and what all sheets of its workbook share.
pub(super) struct Book<'w> {
    pub saved: &'w SavedQuote,
    pub language: Language,
    pub styles: Styles,
    /// The places of the lines, by sheet.
    pub premiums: Vec<Place>,
    /// The place of the rates.
    pub rates: Place,
    /// Whether Excel keeps every digit of every premium, so that it can add them.
    pub countable: bool,
}

impl Book<'_> {
    /// The text of a message without arguments.
    pub fn words(&self, name: &'static str) -> String {
        self.language.render(&Message::new(name))
    }
}
