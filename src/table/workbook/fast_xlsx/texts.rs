//! The shared texts of a workbook, to which cells refer by number.

use std::borrow::Cow;
use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::table::text_column::TextColumn;
use crate::table::workbook::fast_xlsx::parts::{Content, TEXTS, content_of};
use crate::table::workbook::fast_xlsx::window::{NotPlain, Tokens, Window};
use crate::table::xlsx_marks::STRIKE;

/// A larger table is not kept in memory a second time beside the library's.
const MOST_BYTES: u64 = 128 * 1024 * 1024;

/// The shared texts of a workbook, whose part was read once, to its end, where its checksum is compared.
#[derive(Debug, Default)]
pub struct PlainTexts {
    /// The texts.
    pub texts: TextColumn,
    /// Whether a part of a text may be struck out.
    pub has_strikes: bool,
}

/// Reads the texts; `None` where one of them is not plain.
pub fn read<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Option<PlainTexts> {
    if zip.index_for_name(TEXTS).is_none() {
        return Some(PlainTexts::default());
    }
    let bytes = zip.by_name(TEXTS).ok()?.size();
    if bytes > MOST_BYTES {
        return None;
    }
    let mut texts = TextColumn::default();
    let Content::After(content) = content_of(zip, TEXTS, "sst")? else { return None };
    let mut window = Window::new(content);
    let mut has_strikes = false;
    loop {
        let mut tokens = window.tokens().ok()?;
        tokens.spaces();
        if tokens.take(b"</sst>") {
            window.read_to_end().ok()?;
            return Some(PlainTexts { texts, has_strikes });
        }
        let (text, is_struck) = text(&mut tokens).ok()?;
        texts.push(&text);
        let left = tokens.left();
        has_strikes |= is_struck;
        window.move_to(left);
    }
}

/// The next text, in one piece or in several pieces with their own fonts, and whether a font may strike it out.
fn text<'t>(tokens: &mut Tokens<'t>) -> Result<(Cow<'t, str>, bool), NotPlain> {
    tokens.expect(b"<si>")?;
    let (mut text, mut is_struck) = (Cow::Borrowed(""), false);
    if tokens.take(b"<r>") {
        loop {
            if tokens.take(b"<rPr>") {
                is_struck |= skip_font(tokens)?;
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
    Ok((text, is_struck))
}

/// Steps over the font of a piece of text, and returns whether it strikes out, or undoes that.
fn skip_font(tokens: &mut Tokens<'_>) -> Result<bool, NotPlain> {
    let mut is_struck = false;
    while !tokens.take(b"</rPr>") {
        tokens.expect(b"<")?;
        is_struck |= tokens.name()?.ends_with(STRIKE);
        if !tokens.attributes()?.is_empty {
            return Err(NotPlain);
        }
    }
    Ok(is_struck)
}
