//! The table of texts of a workbook, whose cells refer to them by number.

use std::borrow::Cow;

use crate::roster::insured::Texts;
use crate::table::workbook::fast_xlsx::window::{NotPlain, Tokens, Window};
use crate::table::workbook::fast_xlsx::{TEXTS, Zip, after_start};

/// A larger table is not kept a second time beside the library's.
const MOST_BYTES: u64 = 128 * 1024 * 1024;

/// The texts, where all of them are plain.
pub fn read(zip: &mut Zip<'_>) -> Option<Texts> {
    if zip.by_name(TEXTS).ok()?.size() > MOST_BYTES {
        return None;
    }
    let mut window = Window::new(after_start(zip, TEXTS, "sst")?);
    let mut texts = Texts::default();
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

/// The text that begins next, whether it is of one piece or of several that look differently.
fn text<'t>(tokens: &mut Tokens<'t>) -> Result<Cow<'t, str>, NotPlain> {
    tokens.expect(b"<si>")?;
    let mut text = Cow::Borrowed("");
    if tokens.take(b"<r>") {
        loop {
            if tokens.take(b"<rPr>") {
                looks(tokens)?;
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

/// Steps over how a piece of a text looks.
fn looks(tokens: &mut Tokens<'_>) -> Result<(), NotPlain> {
    while !tokens.take(b"</rPr>") {
        tokens.expect(b"<")?;
        tokens.name()?;
        if !tokens.attributes()?.is_empty {
            return Err(NotPlain);
        }
    }
    Ok(())
}
