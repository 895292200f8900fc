//! The conditional formats of a binary workbook that strike out, its white fonts, and the texts of its pages.

use crate::table::bytes::{u16_at, u32_at};
use crate::table::cell_range::CellRange;
use crate::table::hiding_rule::HidingRule;
use crate::table::sheet_tail::without_codes;
use crate::table::xlsb::records::wide_text;

/// The rules for cells of a conditional format, whose conditions are not evaluated.
pub fn rules(cells: &[CellRange]) -> impl Iterator<Item = HidingRule> + '_ {
    cells.iter().map(|cells| HidingRule { cells: cells.clone(), condition: None })
}

/// The texts of the headers and footers in their record.
pub fn page_texts(body: &[u8]) -> Vec<String> {
    let (mut texts, mut rest) = (Vec::new(), body.get(2..).unwrap_or_default());
    while let Ok((text, after)) = wide_text(rest) {
        texts.push(without_codes(&text));
        rest = after;
    }
    texts
}

/// The cells of conditional formats by their record.
pub fn formatted_cells(body: &[u8]) -> Vec<CellRange> {
    const COUNT_AT: usize = 8;
    const RANGE_BYTES: usize = 16;
    let count = u32_at(body, COUNT_AT).map_or(0, |count| count as usize);
    let ranges = body.get(COUNT_AT + 4..).unwrap_or_default().chunks_exact(RANGE_BYTES).take(count);
    let ranges = ranges.filter_map(|range| {
        let [Some(top), Some(bottom), Some(left), Some(right)] = [0, 4, 8, 12].map(|at| u32_at(range, at)) else {
            return None;
        };
        Some(CellRange { rows: top.saturating_add(1)..=bottom.saturating_add(1), columns: left..=right })
    });
    ranges.collect()
}

/// Whether the properties of a style of conditional formats strike out.
pub fn strikes_out_conditionally(body: &[u8]) -> bool {
    const COUNT_AT: usize = 4;
    const HEAD_BYTES: usize = 4;
    const STRIKES_OUT: u16 = 0x1D;
    let (mut at, count) = (COUNT_AT + 2, u16_at(body, COUNT_AT).unwrap_or(0));
    (0..count).any(|_| {
        let (kind, length) = (u16_at(body, at), u16_at(body, at + 2).map_or(0, usize::from));
        let strikes_out = kind == Some(STRIKES_OUT) && body.get(at + HEAD_BYTES).is_some_and(|truth| *truth != 0);
        at += length.max(HEAD_BYTES);
        strikes_out
    })
}

/// Whether a font is white: by its colour, as the first of the theme, or by its place in the palette.
pub fn is_white_font(body: &[u8]) -> bool {
    const COLOUR_AT: usize = 12;
    let colour = body.get(COLOUR_AT..COLOUR_AT + 8).unwrap_or_default();
    match colour {
        [kind, place, tint, tint_above, rgb @ ..] => match kind >> 1 {
            1 => matches!(place, 1 | 9),
            2 => rgb.starts_with(&[0xFF; 3]),
            3 => (*place, *tint, *tint_above) == (0, 0, 0),
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_strikes_out_by_its_property() {
        let style = |kind: u8, truth: u8| [0, 0, 0, 0, 2, 0, 0x19, 0, 6, 0, 1, 0, kind, 0, 5, 0, truth];
        assert!(strikes_out_conditionally(&style(0x1D, 1)));
        assert!(!strikes_out_conditionally(&style(0x1D, 0)));
        assert!(!strikes_out_conditionally(&style(0x1C, 1)));
        assert!(!strikes_out_conditionally(&[0, 0, 0, 0, 9, 0]));
    }

    #[test]
    fn a_font_is_white_by_its_colour() {
        let font = |colour: [u8; 8]| [&[0; 12][..], &colour].concat();
        assert!(is_white_font(&font([5, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF])));
        assert!(is_white_font(&font([7, 0, 0, 0, 0, 0, 0, 0xFF])));
        assert!(!is_white_font(&font([7, 1, 0, 0, 0, 0, 0, 0xFF])) && !is_white_font(&[]));
    }

    #[test]
    fn cells_and_texts_are_read_from_their_records() {
        let number = |number: u32| number.to_le_bytes();
        let body = [[1, 0, 1, 1, 8, 0, 2].map(number).concat()].concat();
        let cells = formatted_cells(&body);
        assert_eq!(cells, [CellRange { rows: 2..=9, columns: 0..=2 }]);
        assert_eq!(rules(&cells).count(), 1);
        let header = [&[0, 0][..], &number(2), &[0x1E, 0x04, 0x31, 0x04], &number(u32::MAX)].concat();
        assert_eq!(page_texts(&header), ["Об", ""]);
    }
}
