//! The desk in the page of the insurer: the underwriter moves the ranges of the tariff, and the browser computes the premium exactly.
//!
//! The page carries the lines grouped by price, and its script multiplies and rounds them as the program does. It shows the desk only if
//! its own figures for the saved quote are those of the quote.

mod data;
mod ranges;
mod words;

use crate::base::messages::Message;
use crate::quote::documents::page::quote_page::QuotePage;
use crate::quote::exposure_cell::count_lines;
use data::DeskData;

/// The most exposure cells that the desk has: so many are priced within 50 ms (see `docs/desk.md`).
const MAX_CELLS: usize = 50_000;

/// The style of the desk.
pub const STYLE: &str = include_str!("desk/style.css");

/// The script of the desk, in the order in which its files use each other.
pub const SCRIPT: [&str; 6] = [
    include_str!("desk/arithmetic.js"),
    include_str!("desk/choices.js"),
    include_str!("desk/target.js"),
    include_str!("desk/screen.js"),
    include_str!("desk/range_control.js"),
    include_str!("desk/desk.js"),
];

/// Writes the place of the desk and its data; of a quote with too many exposure cells, where the desk is instead.
pub fn write(page: &mut QuotePage<'_>) {
    let (saved, language) = (page.saved, page.language);
    let lines = saved.lines.insured.iter().flat_map(|insured| {
        let days = insured.cover.days();
        saved.lines.of_insured(insured).iter().map(move |line| (line.rate, line.sum_insured, days))
    });
    let cells = count_lines(lines);
    if cells.len() > MAX_CELLS {
        page.section("desk", "desk-title");
        let (count, limit) = (language.count(cells.len()), language.count(MAX_CELLS));
        let message = Message::new("desk-too-many").with("count", count).with("limit", limit);
        return page.markup.leaf("p", &[], language.render(&message));
    }
    let data = DeskData::new(saved, &cells, language);
    let [title, hint] = ["desk-title", "desk-hint"].map(|name| page.words(name));
    let attributes = [("id", "desk"), ("aria-labelledby", "desk-title"), ("hidden", "")];
    page.markup.element("section", &attributes, |section| {
        section.leaf("h2", &[("id", "desk-title")], title);
        section.leaf("p", &[("class", "quiet")], hint);
    });
    page.markup.data("desk-data", &data);
}
