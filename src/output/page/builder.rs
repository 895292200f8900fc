//! The parts of a page: its frame, sections, tables, cells.

use std::fmt::Display;

use crate::base::messages::{Language, Message};
use crate::output::html::Markup;

/// The style of every page.
const STYLE: &str = include_str!("style.css");

/// The reader of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// The company's own staff.
    Internal,
    /// Its customer.
    Customer,
}

/// A page about a saved result `S` that is being written.
pub(crate) struct PageBuilder<'w, S> {
    pub saved: &'w S,
    pub language: Language,
    pub audience: Audience,
    pub markup: Markup,
}

impl<'w, S> PageBuilder<'w, S> {
    /// The page with this title: `write` writes its sections, `styles` and `scripts` stand beside those of every page.
    ///
    /// Style and script are part of the page, and a policy in its head forbids it to fetch anything. Each set of scripts is an element of its
    /// own, so that a browser that is too old for one of them still runs the others.
    pub fn html(
        (saved, language, audience): (&'w S, Language, Audience),
        title: &str,
        styles: &[&'static str],
        scripts: &[&[&'static str]],
        write: impl FnOnce(&mut Self),
    ) -> String {
        const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                              form-action 'none'";
        let mut page = Self { saved, language, audience, markup: Markup::default() };
        page.markup.raw("<!DOCTYPE html>\n");
        page.markup.open("html", &[("lang", language.as_str())]);
        page.markup.element("head", &[], |head| {
            head.open("meta", &[("charset", "utf-8")]);
            head.open("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
            head.open("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
            head.open("meta", &[("name", "color-scheme"), ("content", "light dark")]);
            head.leaf("title", &[], title);
            head.element("style", &[], |style| [STYLE].iter().chain(styles).for_each(|text| style.raw(text)));
        });
        let (filter, close) = (page.words("page-filter"), page.words("page-close"));
        page.markup.open("body", &[("data-filter", &filter), ("data-close", &close)]);
        page.markup.raw("<main>");
        write(&mut page);
        page.markup.raw("</main>");
        for script in scripts {
            page.markup.element("script", &[], |element| script.iter().for_each(|text| element.raw(text)));
        }
        page.markup.raw("</body></html>\n");
        page.markup.finish()
    }

    /// Whether the page is the company's own.
    pub fn is_internal(&self) -> bool {
        self.audience == Audience::Internal
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
        self.markup.open("div", &[("class", scroll), ("role", "region"), ("tabindex", "0"), ("aria-label", &label)]);
        self.markup.open("table", &[("class", class)]);
        let headings: Vec<(String, bool)> = headings.iter().map(|(name, figure)| (self.words(name), *figure)).collect();
        self.markup.element("thead", &[], |markup| {
            markup.element("tr", &[], |markup| {
                for (heading, figure) in &headings {
                    let class: &[(&str, &str)] = if *figure { &[("class", "n")] } else { &[] };
                    markup.leaf("th", &[&[("scope", "col")], class].concat(), heading);
                }
            });
        });
        self.markup.open("tbody", &[]);
        rows(self);
        for tag in ["tbody", "table", "div"] {
            self.markup.end(tag);
        }
    }
}

/// A cell of a table.
pub(crate) enum Cell<'c> {
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
