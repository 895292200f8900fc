//! The formats of cells, and amounts.

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use crate::base::money::Kopecks;
use crate::output::xlsx::exact_number;

/// The formats of cells, each made once.
pub(super) struct Formats {
    pub title: Format,
    pub heading: Format,
    pub figure_heading: Format,
    pub day: Format,
    pub month: Format,
    pub amount: Format,
    pub total: Format,
    pub share: Format,
    pub total_share: Format,
}

impl Formats {
    pub fn new() -> Self {
        let bold = || Format::new().set_bold();
        let amount = || Format::new().set_num_format("#,##0.00");
        let share = || Format::new().set_num_format("0.0%");
        Self {
            title: bold().set_font_size(13),
            heading: bold().set_text_wrap(),
            figure_heading: bold().set_text_wrap().set_align(FormatAlign::Right),
            day: Format::new().set_num_format("dd.mm.yyyy"),
            month: bold().set_num_format("mm.yyyy"),
            amount: amount(),
            total: amount().set_bold(),
            share: share(),
            total_share: share().set_bold(),
        }
    }
}

/// Writes an amount; as text where Excel would lose digits of it.
pub(super) fn write_amount(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    amount: Kopecks,
    format: &Format,
) -> Result<(), XlsxError> {
    match exact_number(amount) {
        Some(number) => sheet.write_number_with_format(row, column, number, format)?,
        None => sheet.write_string_with_format(row, column, amount.to_string(), format)?,
    };
    Ok(())
}
