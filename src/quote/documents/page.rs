//! `quote.html`: a written quote as one page for any browser, on a telephone too, printed, and without a network.
//!
//! Style and script stand inside; a policy in the head forbids the page to fetch anything. Without the script everything is
//! there as plain tables. Names, birth dates and ids stand in it only where they are asked for.

pub(crate) mod figures;
pub(crate) mod people;
pub(crate) mod picture;
pub(crate) mod tables;

use std::fmt::Display;

use crate::base::messages::{Language, Message};
use crate::output::html::Markup;
use crate::quote::saved_quote::Written;

/// What the sections are made of.
struct Page<'w> {
    written: &'w Written,
    language: Language,
    markup: Markup,
}

impl Page<'_> {
    /// The words of this name, which are about nothing else.
    fn words(&self, name: &'static str) -> String {
        self.language.say(&Message::new(name))
    }

    /// A part of the page with its heading.
    fn section(&mut self, id: &str, heading: &'static str) {
        let words = self.words(heading);
        self.markup.leaf("h2", &[("id", id)], words);
    }

    /// A line of a table: texts to the left and figures to the right.
    fn row(&mut self, cells: &[Cell<'_>]) {
        self.markup.element("tr", &[], |markup| cells.iter().for_each(|cell| cell.write(markup)));
    }

    /// A table that can be moved sideways where the screen is narrow.
    fn table(
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
enum Cell<'c> {
    /// Words.
    Text(&'c str),
    /// A figure as people read it, and as it is sorted.
    Figure(String, String),
}

impl Cell<'_> {
    /// A figure that is sorted as it is read.
    fn figure(value: impl Display) -> Self {
        Self::Figure(value.to_string(), String::new())
    }

    fn write(&self, markup: &mut Markup) {
        match self {
            Self::Text(text) => markup.leaf("td", &[], text),
            Self::Figure(shown, sorted) if sorted.is_empty() => markup.leaf("td", &[("class", "n")], shown),
            Self::Figure(shown, sorted) => markup.leaf("td", &[("class", "n"), ("data-v", sorted)], shown),
        }
    }
}

/// The page of a quote; the same quote gives the same bytes.
pub fn html(written: &Written, language: Language, with_names: bool) -> String {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                          form-action 'none'";
    let mut page = Page { written, language, markup: Markup::default() };
    let title = language.say(&Message::new("book-title").with("number", written.quote.number.as_str()));
    page.markup.own("<!DOCTYPE html>\n");
    page.markup.begin("html", &[("lang", language.code())]);
    page.markup.element("head", &[], |head| {
        head.begin("meta", &[("charset", "utf-8")]);
        head.begin("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
        head.begin("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
        head.begin("meta", &[("name", "color-scheme"), ("content", "light dark")]);
        head.leaf("title", &[], &title);
        head.element("style", &[], |style| style.own(include_str!("page/style.css")));
    });
    let (filter, close) = (page.words("page-filter"), page.words("page-close"));
    page.markup.begin("body", &[("data-filter", &filter), ("data-close", &close)]);
    page.markup.own("<main>");
    figures::write(&mut page);
    tables::write(&mut page);
    if with_names {
        people::write(&mut page);
    }
    tables::origin(&mut page);
    page.markup.own("</main>");
    page.markup.element("script", &[], |script| script.own(include_str!("page/script.js")));
    page.markup.own("</body></html>\n");
    page.markup.finish()
}
