//! The shared texts of a workbook, to which cells refer by number.

use std::borrow::Cow;
use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::table::text_column::TextColumn;
use crate::table::workbook::fast_xlsx::parts::{TEXTS, after_start};
use crate::table::workbook::fast_xlsx::window::{NotPlain, Tokens, Window};

/// A larger table is not kept in memory a second time beside the library's.
const MOST_BYTES: u64 = 128 * 1024 * 1024;

/// Reads the texts; `None` where one of them is not plain.
pub fn read<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Option<TextColumn> {
    if zip.by_name(TEXTS).ok()?.size() > MOST_BYTES {
        return None;
    }
    let mut window = Window::new(after_start(zip, TEXTS, "sst")?);
    let mut texts = TextColumn::default();
    loop {
        let mut tokens = window.tokens().ok()?;
        tokens.spaces();
        if tokens.take(b"</sst>") {
            return Some(texts);
        }
        texts.push(&text(&mut tokens).ok()?);
        let left = tokens.left();
        window.move_to(left);
    }
}

/// The next text, in one piece or in several pieces with their own fonts.
fn text<'t>(tokens: &mut Tokens<'t>) -> Result<Cow<'t, str>, NotPlain> {
    tokens.expect(b"<si>")?;
    let mut text = Cow::Borrowed("");
    if tokens.take(b"<r>") {
        loop {
            if tokens.take(b"<rPr>") {
                skip_font(tokens)?;
            }
            text += tokens.text_element()?;
            tokens.expect(b"</r>")?;
            if !tokens.take(b"<r>") {
                break;
            }
        }
    } else {
        text = tokens.text_element()?;
    }
    tokens.expect(b"</si>")?;
    Ok(text)
}

/// Steps over the font of a piece of text.
fn skip_font(tokens: &mut Tokens<'_>) -> Result<(), NotPlain> {
    while !tokens.take(b"</rPr>") {
        tokens.expect(b"<")?;
        tokens.name()?;
        if !tokens.attributes()?.is_empty {
            return Err(NotPlain);
        }
    }
    Ok(())
}
