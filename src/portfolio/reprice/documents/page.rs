//! `impact.html`: the page for the board in any browser and in print, without a network.

use crate::base::messages::{Language, Message};
use crate::output::document::{Document, DocumentStyle};
use crate::output::page::TABLES;
use crate::output::page::builder::{Audience, Cell, PageBuilder};
use crate::output::page::picture::{Bar, bars};
use crate::output::value::Value;
use crate::portfolio::reprice::documents::board::Board;
use crate::portfolio::reprice::documents::contract_lists::lists;
use crate::portfolio::reprice::documents::section::Section;
use crate::portfolio::reprice::saved_repricing::SavedRepricing;

/// The name of the file.
const FILE: &str = "impact.html";
/// The most rows of a list.
const MAX_ROWS: usize = 2_000;
/// The style beside that of every page: in print the lists begin on a new page.
const STYLE: &str = ".summed tr:last-child td{font-weight:700}@media print{.lists{break-before:page}}";

/// The declaration of the kind.
pub(super) const DOCUMENT: Document<SavedRepricing> = Document {
    files: FILE,
    about: "the page for the board in a browser",
    write: |saved, style, folder| folder.write(FILE, |file| file.write_all(html(saved, style.language).as_bytes())),
    entry: DocumentStyle::entry,
};

type ImpactPage<'w> = PageBuilder<'w, SavedRepricing>;

fn html(saved: &SavedRepricing, language: Language) -> String {
    let board = Board::new(saved, language);
    let title = format!("{} {}", board.title, saved.impact.change.id);
    ImpactPage::html((saved, language, Audience::Internal), &title, &[STYLE], &[&[TABLES]], |page| {
        page.markup.element("header", &[], |head| {
            head.leaf("h1", &[], &board.title);
            head.leaf("p", &[("class", "quiet")], &board.about);
            head.leaf("p", &[("class", "premium")], &board.result);
            board.facts.iter().for_each(|fact| head.leaf("p", &[], fact));
        });
        for section in board.sections.iter().filter(|section| !section.rows.is_empty()) {
            page.section(section.id, section.title);
            if section.id == "programmes" {
                picture(page, section);
            }
            table(page, section, if section.is_summed { "plain summed" } else { "plain" });
        }
        page.markup.open("div", &[("class", "lists")]);
        for list in lists(saved).iter().filter(|list| !list.rows.is_empty()) {
            page.section(list.id, list.title);
            table(page, list, "sorted tall");
            if list.rows.len() > MAX_ROWS {
                let more = Message::new("impact-more").with("count", language.count(list.rows.len() - MAX_ROWS));
                page.markup.leaf("p", &[], language.render(&more));
            }
        }
        page.markup.end("div");
    })
}

/// What the programmes add to the premium, as bars; the total is none of them.
fn picture(page: &mut ImpactPage<'_>, section: &Section<'_>) {
    let (language, title) = (page.language, page.words("impact-chart"));
    let bar = |row: &Vec<Value<'_>>| match (&row[0], &row[5]) {
        (name, value @ Value::Amount(amount)) => {
            Some(Bar { name: name.text(language), size: amount.get(), label: value.text(language) })
        }
        _ => None,
    };
    let programmes = section.rows.iter().take(section.rows.len() - 1);
    bars(&mut page.markup, "chart", &title, &programmes.filter_map(bar).collect::<Vec<_>>());
}

fn table(page: &mut ImpactPage<'_>, section: &Section<'_>, class: &str) {
    let language = page.language;
    let headings = section.columns.iter().zip(section.figures()).map(|((heading, _), figure)| (*heading, figure));
    page.table(section.title, class, &headings.collect::<Vec<_>>(), |page| {
        for row in section.rows.iter().take(MAX_ROWS) {
            let texts: Vec<(String, Option<String>)> =
                row.iter().map(|value| (value.text(language), value.sorted_by())).collect();
            let cells = texts.iter().map(|(text, sorted)| match sorted {
                Some(sorted) => Cell::Figure(text.clone(), sorted.clone()),
                None => Cell::Text(text),
            });
            page.row(&cells.collect::<Vec<_>>());
        }
    });
}
