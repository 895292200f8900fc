//! The formats of annotated sheets.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatAlign};

use crate::base::diagnostic::Severity;
use crate::output::annotated_sheet::marks::Highlight;
use crate::output::xlsx::Style;

/// The formats of cells, each made once.
pub(crate) struct AnnotationStyles {
    /// A title.
    pub title: Format,
    /// A heading.
    pub heading: Format,
    /// A copied date.
    date: Format,
    /// Text in the margin.
    pub reason: Format,
    money: Format,
    /// In the order of [`Highlight`].
    highlights: [Format; 3],
    /// A marked cell.
    pub marks: BTreeMap<Severity, MarkStyle>,
}

/// The format of a marked cell.
pub(crate) struct MarkStyle {
    /// Of any value but a date.
    pub plain: Format,
    date: Format,
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
            highlights: [0x00E2_F0D9, 0x00FF_F2B3, 0x00FF_C7CE].map(coloured),
            marks: [Severity::Error, Severity::Referral, Severity::Warning]
                .map(|severity| (severity, mark(mark_colour(severity))))
                .into(),
        }
    }

    /// The formats that cells of rows have.
    pub(super) fn row_formats(&self) -> [&Format; ROW_FORMATS] {
        let [good, doubtful, bad] = &self.highlights;
        let [error, referral, warning] =
            [Severity::Error, Severity::Referral, Severity::Warning].map(|severity| &self.marks[&severity]);
        [
            &self.heading,
            &self.date,
            &self.reason,
            &self.money,
            good,
            doubtful,
            bad,
            &error.plain,
            &error.date,
            &referral.plain,
            &referral.date,
            &warning.plain,
            &warning.date,
        ]
    }

    /// The same formats as the workbook numbers them.
    pub(super) const fn of_rows(styles: [Style; ROW_FORMATS]) -> RowStyles {
        let [heading, date, reason, money, good, doubtful, bad, marks @ ..] = styles;
        let [error, error_date, referral, referral_date, warning, warning_date] = marks;
        let marks = [(error, error_date), (referral, referral_date), (warning, warning_date)];
        RowStyles { heading, date, reason, money, highlights: [good, doubtful, bad], marks }
    }
}

/// The colour of a cell with such a fault, as red, green and blue.
pub(crate) const fn mark_colour(severity: Severity) -> u32 {
    match severity {
        Severity::Error => 0x00FF_C7CE,
        Severity::Referral => 0x00FF_D9A0,
        Severity::Warning => 0x00FF_F2B3,
    }
}

/// How many formats cells of rows have.
const ROW_FORMATS: usize = 13;

/// The formats of cells of rows, by their numbers in the workbook.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowStyles {
    pub heading: Style,
    pub date: Style,
    pub reason: Style,
    pub money: Style,
    highlights: [Style; 3],
    marks: [(Style, Style); 3],
}

impl RowStyles {
    /// The format of a judgement.
    pub const fn highlight(&self, highlight: Highlight) -> Style {
        let [good, doubtful, bad] = self.highlights;
        match highlight {
            Highlight::Good => good,
            Highlight::Doubtful => doubtful,
            Highlight::Bad => bad,
        }
    }

    /// The formats of a marked cell: of any value but a date, and of a date.
    pub const fn mark(&self, severity: Severity) -> (Style, Style) {
        let [error, referral, warning] = self.marks;
        match severity {
            Severity::Error => error,
            Severity::Referral => referral,
            Severity::Warning => warning,
        }
    }
}
