//! `quote.html`: a saved quote as one page for any browser and for print, without a network.
//!
//! Style and script are part of the page; a policy in its head forbids it to fetch anything. Without the script it has the
//! same content as plain tables. It has names, birth dates and ids only on request.

mod builder;
mod figures;
mod insured;
mod picture;
mod tables;

use crate::base::messages::{Language, Message};
use crate::output::html::Markup;
use crate::quote::documents::document::Document;
use crate::quote::manifest::DocumentEntry;
use crate::quote::saved_quote::SavedQuote;
use builder::PageBuilder;

/// The name of the file.
const FILE: &str = "quote.html";

/// The declaration of the kind.
pub(super) const DOCUMENT: Document = Document {
    files: FILE,
    about: "the quote as one page for a browser",
    write: |saved, style, folder| {
        let page = html(saved, style.language, style.with_names);
        folder.write(FILE, |file| file.write_all(page.as_bytes()))
    },
    entry: |style| DocumentEntry { with_names: Some(style.with_names), ..style.entry() },
};

/// The page of a quote.
fn html(saved: &SavedQuote, language: Language, with_names: bool) -> String {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                          form-action 'none'";
    let mut page = PageBuilder { saved, language, markup: Markup::default() };
    let title = language.render(&Message::new("book-title").with("number", saved.quote.number.as_str()));
    page.markup.raw("<!DOCTYPE html>\n");
    page.markup.begin("html", &[("lang", language.as_str())]);
    page.markup.element("head", &[], |head| {
        head.begin("meta", &[("charset", "utf-8")]);
        head.begin("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
        head.begin("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
        head.begin("meta", &[("name", "color-scheme"), ("content", "light dark")]);
        head.leaf("title", &[], &title);
        head.element("style", &[], |style| style.raw(include_str!("page/style.css")));
    });
    let (filter, close) = (page.words("page-filter"), page.words("page-close"));
    page.markup.begin("body", &[("data-filter", &filter), ("data-close", &close)]);
    page.markup.raw("<main>");
    figures::write(&mut page);
    tables::write(&mut page);
    if with_names {
        insured::write(&mut page);
    }
    tables::origin(&mut page);
    page.markup.raw("</main>");
    page.markup.element("script", &[], |script| script.raw(include_str!("page/script.js")));
    page.markup.raw("</body></html>\n");
    page.markup.finish()
}
