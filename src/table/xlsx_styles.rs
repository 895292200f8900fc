//! The styles of an `.xlsx` that strike out or hide: those of cells and those of conditional formats.

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use crate::table::sheet_xml::{attribute, each_element};

/// The cell styles, by number, that show a value otherwise than as it is.
#[derive(Debug, Default)]
pub struct CellStyles {
    /// Those whose font is struck out.
    pub struck_out: BTreeSet<usize>,
    /// Those that show nothing: white letters on no colour, or a number format without a form.
    pub invisible: BTreeSet<usize>,
}

impl CellStyles {
    /// The styles of a workbook; `None` where it has none that can be read.
    pub fn read<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Option<Self> {
        let part = styles_part(zip)?;
        let (mut fonts, mut struck_out_fonts, mut white_fonts) = (0_usize, BTreeSet::new(), BTreeSet::new());
        let (mut empty_formats, mut styles) = (BTreeSet::new(), Self::default());
        let (mut style, mut is_of_fonts, mut is_of_cells) = (0_usize, false, false);
        each_element(zip, &part, |element, found| {
            match element {
                "numFmt" if attribute(found, "formatCode").is_some_and(|code| shows_nothing(&code)) => {
                    empty_formats.extend(attribute(found, "numFmtId"));
                }
                "font" => (fonts, is_of_fonts) = (fonts + 1, true),
                "fills" => is_of_fonts = false,
                "strike" if strikes_out(found) => drop(struck_out_fonts.insert(fonts)),
                "color" if is_of_fonts && is_white(found) => drop(white_fonts.insert(fonts)),
                "cellXfs" => is_of_cells = true,
                "xf" if is_of_cells => {
                    let number = |name| attribute(found, name).and_then(|number| number.parse::<usize>().ok());
                    let font = number("fontId").map(|font| font + 1);
                    let is_in = |fonts: &BTreeSet<usize>| font.is_some_and(|font| fonts.contains(&font));
                    if is_in(&struck_out_fonts) {
                        styles.struck_out.insert(style);
                    }
                    let is_empty =
                        || attribute(found, "numFmtId").is_some_and(|format| empty_formats.contains(&format));
                    if is_in(&white_fonts) && number("fillId").unwrap_or(0) == 0 || is_empty() {
                        styles.invisible.insert(style);
                    }
                    style += 1;
                }
                // those after the cells' are of other lists
                "cellStyles" | "dxfs" => return false,
                _ => {}
            }
            true
        })?;
        Some(styles)
    }
}

/// How a style of conditional formats shows a text.
#[derive(Debug, Default, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own")]
pub struct FormatStyle {
    strikes_out: bool,
    /// Its number format shows nothing.
    shows_nothing: bool,
    is_white: bool,
    has_colour_below: bool,
    /// Whether the elements are those of the font.
    is_font: bool,
}

impl FormatStyle {
    /// Adds an element within the style.
    pub fn add(&mut self, name: &str, element: &BytesStart<'_>) {
        match name {
            "font" => self.is_font = true,
            "strike" => self.strikes_out = strikes_out(element),
            "color" if self.is_font => self.is_white = is_white(element),
            "numFmt" => {
                let code = attribute(element, "formatCode").unwrap_or_default();
                (self.is_font, self.shows_nothing) = (false, shows_nothing(&code));
            }
            "fill" | "border" | "alignment" | "protection" => self.is_font = false,
            "bgColor" => self.has_colour_below = !is_white(element),
            _ => {}
        }
    }

    /// Whether a text in it is struck out or cannot be seen.
    pub const fn hides(self) -> bool {
        self.strikes_out || self.shows_nothing || self.is_white && !self.has_colour_below
    }
}

/// The styles of conditional formats that strike out or hide, by number.
pub fn hiding_styles<R: Read + Seek>(zip: &mut ZipArchive<R>) -> BTreeSet<usize> {
    let (mut found, mut style, mut count) = (BTreeSet::new(), FormatStyle::default(), 0_usize);
    let Some(part) = styles_part(zip) else { return found };
    // the styles before a damage count
    let _ = each_element(zip, &part, |name, element| {
        match name {
            "dxf" => (count, style) = (count + 1, FormatStyle::default()),
            _ if count > 0 => style.add(name, element),
            _ => {}
        }
        if count > 0 && style.hides() {
            found.insert(count - 1);
        } else if count > 0 {
            found.remove(&(count - 1));
        }
        true
    });
    found
}

/// The name of the part with the styles.
fn styles_part<R: Read + Seek>(zip: &ZipArchive<R>) -> Option<String> {
    zip.file_names().filter_map(Result::ok).find(|name| name.ends_with("styles.xml")).map(|name| name.to_string())
}

/// Whether an element `strike` strikes out.
pub fn strikes_out(element: &BytesStart<'_>) -> bool {
    !matches!(attribute(element, "val").as_deref(), Some("0" | "false"))
}

/// Whether a colour is white, also as the first of the theme or of the palette.
fn is_white(colour: &BytesStart<'_>) -> bool {
    let is = |name: &str, values: &[&str]| {
        attribute(colour, name).is_some_and(|found| values.contains(&&*found.to_uppercase()))
    };
    let has_tint = attribute(colour, "tint").is_some();
    is("rgb", &["FFFFFFFF", "00FFFFFF"]) || is("indexed", &["1", "9"]) || is("theme", &["0"]) && !has_tint
}

/// Whether a number format has no form for any value: `;;;`.
pub fn shows_nothing(code: &str) -> bool {
    !code.is_empty() && code.chars().all(|letter| letter == ';')
}
