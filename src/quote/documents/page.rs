//! `quote.html` and `quote-client.html`: a saved quote as one page for any browser and for print, without a network.
//!
//! Style and script are part of the page; a policy in its head forbids it to fetch anything. Without the script it has the
//! same content as plain tables. It has names, birth dates and ids only on request. The insurer's page has the ranges of the tariff, the
//! corridor and the desk; the policyholder's has none of them.

mod builder;
mod desk;
mod figures;
mod insured;
mod picture;
mod tables;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::folder::Folder;
use crate::output::html::Markup;
use crate::quote::documents::document::{Document, DocumentStyle};
use crate::quote::manifest::DocumentEntry;
use crate::quote::saved_quote::SavedQuote;
use builder::{Audience, PageBuilder};

/// The names of the files.
const FILE: &str = "quote.html";
const CLIENT_FILE: &str = "quote-client.html";

/// The declaration of the insurer's page.
pub(super) const DOCUMENT: Document = Document {
    files: FILE,
    about: "the insurer's page for a browser, with ranges to move",
    write: |saved, style, folder| write(saved, style, folder, Audience::Insurer),
    entry,
};

/// The declaration of the policyholder's page.
pub(super) const CLIENT_DOCUMENT: Document = Document {
    files: CLIENT_FILE,
    about: "the policyholder's page, without ranges and corridor",
    write: |saved, style, folder| write(saved, style, folder, Audience::Policyholder),
    entry,
};

fn entry(style: &DocumentStyle) -> DocumentEntry {
    DocumentEntry { with_names: Some(style.with_names), ..style.entry() }
}

fn write(saved: &SavedQuote, style: &DocumentStyle, folder: &Folder, audience: Audience) -> Result<(), Error> {
    let name = match audience {
        Audience::Insurer => FILE,
        Audience::Policyholder => CLIENT_FILE,
    };
    let page = html(saved, style, audience);
    folder.write(name, |file| file.write_all(page.as_bytes()))
}

/// The page of a quote.
fn html(saved: &SavedQuote, style: &DocumentStyle, audience: Audience) -> String {
    const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; \
                          form-action 'none'";
    let language = style.language;
    let mut page = PageBuilder { saved, language, audience, markup: Markup::default() };
    let title = language.render(&Message::new("book-title").with("number", saved.quote.number.as_str()));
    page.markup.raw("<!DOCTYPE html>\n");
    page.markup.begin("html", &[("lang", language.as_str())]);
    page.markup.element("head", &[], |head| {
        head.begin("meta", &[("charset", "utf-8")]);
        head.begin("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
        head.begin("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
        head.begin("meta", &[("name", "color-scheme"), ("content", "light dark")]);
        head.leaf("title", &[], &title);
        head.element("style", &[], |style| {
            style.raw(include_str!("page/style.css"));
            if audience == Audience::Insurer {
                style.raw(desk::STYLE);
            }
        });
    });
    let (filter, close) = (page.words("page-filter"), page.words("page-close"));
    page.markup.begin("body", &[("data-filter", &filter), ("data-close", &close)]);
    page.markup.raw("<main>");
    figures::write(&mut page);
    tables::write(&mut page);
    if style.with_names {
        insured::write(&mut page);
    }
    tables::origin(&mut page);
    page.markup.raw("</main>");
    page.markup.element("script", &[], |script| script.raw(include_str!("page/script.js")));
    if audience == Audience::Insurer {
        // apart, so that tables can be sorted in a browser that is too old for the desk
        page.markup.element("script", &[], |script| {
            for file in desk::SCRIPT {
                script.raw(file);
            }
        });
    }
    page.markup.raw("</body></html>\n");
    page.markup.finish()
}
