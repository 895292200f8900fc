//! `impact.pdf`: one page for the board, then the lists.

use serde::Serialize;

use crate::base::messages::{Language, Message};
use crate::output::document::{Document, DocumentStyle};
use crate::output::pdf;
use crate::output::pdf::{Template, has_letter, printable};
use crate::portfolio::reprice::documents::board::Board;
use crate::portfolio::reprice::documents::contract_lists::lists;
use crate::portfolio::reprice::documents::section::Section;
use crate::portfolio::reprice::saved_repricing::SavedRepricing;

/// The name of the file.
const FILE: &str = "impact.pdf";
/// The most rows of a list.
const MAX_ROWS: usize = 300;

/// The declaration of the kind.
pub(super) const DOCUMENT: Document<SavedRepricing> = Document {
    files: FILE,
    about: "one page for the board, then the lists",
    write: |saved, style, folder| {
        let data = ImpactData::new(saved, style.language);
        let identity = &saved.impact.change.id;
        let document = pdf::render(&style.template, &pdf::Data::new("impact.json", &data, identity))?;
        folder.write(FILE, |file| file.write_all(&document))
    },
    entry: DocumentStyle::entry,
};

/// The built-in template.
pub(super) fn template() -> Template {
    Template::built_in("impact.typ", include_str!("impact.typ"))
}

/// `impact.json` of the template: every figure as text.
#[derive(Serialize)]
struct ImpactData {
    language: &'static str,
    title: String,
    id: String,
    about: String,
    result: String,
    facts: Vec<String>,
    sections: Vec<SectionData>,
    lists: Vec<SectionData>,
}

#[derive(Serialize)]
struct SectionData {
    id: &'static str,
    title: String,
    headings: Vec<String>,
    /// The columns with figures.
    figures: Vec<bool>,
    rows: Vec<Vec<String>>,
    summed: bool,
    /// How many rows are left out, and where they are.
    more: Option<String>,
}

impl ImpactData {
    fn new(saved: &SavedRepricing, language: Language) -> Self {
        let board = Board::new(saved, language);
        let sections = |sections: &[Section<'_>]| {
            let filled = sections.iter().filter(|section| !section.rows.is_empty());
            filled.map(|section| SectionData::new(section, language)).collect()
        };
        Self {
            language: language.as_str(),
            title: board.title,
            id: with_faces(&saved.impact.change.id),
            about: with_faces(&board.about),
            result: with_faces(&board.result),
            facts: board.facts.iter().map(|fact| with_faces(fact)).collect(),
            sections: sections(&board.sections),
            lists: sections(&lists(saved)),
        }
    }
}

impl SectionData {
    fn new(section: &Section<'_>, language: Language) -> Self {
        let left_out = section.rows.len().saturating_sub(MAX_ROWS);
        let more = Message::new("impact-more").with("count", language.count(left_out));
        Self {
            id: section.id,
            title: section.heading(language),
            headings: section.columns.iter().map(|(heading, _)| language.render(&Message::new(heading))).collect(),
            figures: section.figures(),
            rows: section
                .rows
                .iter()
                .take(MAX_ROWS)
                .map(|row| row.iter().map(|value| with_faces(&value.text(language))).collect())
                .collect(),
            summed: section.is_summed,
            more: (left_out > 0).then(|| language.render(&more)),
        }
    }
}

/// A text for paper, with `?` for letters that no font of the program has: a name of one policyholder does not keep the board from its page,
/// and the contract's number stands beside it.
fn with_faces(text: &str) -> String {
    // spaces that keep figures whole are no line breaks, but `printable` takes them for such
    let kept = text.replace('\u{a0}', "\u{e000}");
    printable(&kept)
        .chars()
        .map(|letter| match letter {
            '\u{e000}' => '\u{a0}',
            letter if has_letter(letter) => letter,
            _ => '?',
        })
        .collect()
}
