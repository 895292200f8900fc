//! `quote.html` and `quote-client.html`: a saved quote as one page for any browser and for print, without a network.
//!
//! Style and script are part of the page; a policy in its head forbids it to fetch anything. Without the script it has the
//! same content as plain tables. It has names, birth dates and ids only on request. The insurer's page has the ranges of the tariff, the
//! corridor and the desk; the policyholder's has none of them.

mod desk;
mod figures;
mod insured;
mod quote_page;
mod tables;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::output::document::{Document, DocumentStyle};
use crate::output::folder::Folder;
use crate::output::manifest::DocumentEntry;
use crate::output::page::TABLES;
use crate::output::page::builder::Audience;
use crate::quote::documents::page::quote_page::QuotePage;
use crate::quote::saved_quote::SavedQuote;

/// The names of the files.
const FILE: &str = "quote.html";
const CLIENT_FILE: &str = "quote-client.html";

/// The declaration of the insurer's page.
pub(super) const DOCUMENT: Document<SavedQuote> = Document {
    files: FILE,
    about: "the insurer's page for a browser, with ranges to move",
    write: |saved, style, folder| write(saved, style, folder, Audience::Internal),
    entry,
};

/// The declaration of the policyholder's page.
pub(super) const CLIENT_DOCUMENT: Document<SavedQuote> = Document {
    files: CLIENT_FILE,
    about: "the policyholder's page, without ranges and corridor",
    write: |saved, style, folder| write(saved, style, folder, Audience::Customer),
    entry,
};

fn entry(style: &DocumentStyle) -> DocumentEntry {
    DocumentEntry { with_names: Some(style.with_names), ..style.entry() }
}

fn write(saved: &SavedQuote, style: &DocumentStyle, folder: &Folder, audience: Audience) -> Result<(), Error> {
    let name = match audience {
        Audience::Internal => FILE,
        Audience::Customer => CLIENT_FILE,
    };
    let page = html(saved, style, audience);
    folder.write(name, |file| file.write_all(page.as_bytes()))
}

/// The page of a quote.
fn html(saved: &SavedQuote, style: &DocumentStyle, audience: Audience) -> String {
    let title = style.language.render(&Message::new("book-title").with("number", saved.quote.number.as_str()));
    let tables: &[&str] = &[TABLES, include_str!("page/derivation.js")];
    // the desk is apart, so that tables can be sorted in a browser that is too old for it
    let (styles, scripts): (&[&str], &[&[&str]]) = match audience {
        Audience::Internal => (&[desk::STYLE], &[tables, &desk::SCRIPT]),
        Audience::Customer => (&[], &[tables]),
    };
    QuotePage::html((saved, style.language, audience), &title, styles, scripts, |page| {
        figures::write(page);
        tables::write(page);
        if style.with_names {
            insured::write(page);
        }
        tables::origin(page);
    })
}
