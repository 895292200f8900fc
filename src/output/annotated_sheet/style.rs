//! The formats of annotated sheets.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign};

use crate::base::diagnostic::Severity;
use crate::output::annotated_sheet::marks::Highlight;

/// The formats of cells, each made once.
pub(crate) struct AnnotationStyles {
    /// A title.
    pub title: Format,
    /// A heading.
    pub heading: Format,
    /// A copied date.
    pub(super) date: Format,
    /// Text in the margin.
    pub reason: Format,
    pub(super) money: Format,
    pub(super) highlights: BTreeMap<Highlight, Format>,
    /// A marked cell.
    pub marks: BTreeMap<Severity, MarkStyle>,
}

/// The format of a marked cell.
pub(crate) struct MarkStyle {
    /// Of any value but a date.
    pub plain: Format,
    pub(super) date: Format,
}

impl AnnotationStyles {
    /// The formats of one workbook.
    pub fn new() -> Self {
        let coloured = |colour: u32| Format::new().set_background_color(Color::RGB(colour));
        let date = Format::new().set_num_format("dd.mm.yyyy");
        let mark =
            |colour: u32| MarkStyle { plain: coloured(colour), date: coloured(colour).set_num_format("dd.mm.yyyy") };
        Self {
            title: Format::new().set_bold().set_font_size(14),
            heading: Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter),
            date,
            // not wrapped: a row keeps its height, and nothing stands to the right of the reasons
            reason: Format::new(),
            money: Format::new().set_num_format("#,##0.00"),
            highlights: [
                (Highlight::Good, coloured(0x00E2_F0D9)),
                (Highlight::Doubtful, coloured(0x00FF_F2B3)),
                (Highlight::Bad, coloured(0x00FF_C7CE)),
            ]
            .into(),
            marks: [
                (Severity::Error, mark(0x00FF_C7CE)),
                (Severity::Referral, mark(0x00FF_D9A0)),
                (Severity::Warning, mark(0x00FF_F2B3)),
            ]
            .into(),
        }
    }
}
