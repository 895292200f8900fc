//! The orders of day and month in the columns of days of a clinic's table.

use crate::base::diagnostic::Diagnostic;
use crate::clinics::register::field::Field;
use crate::clinics::register::spec::RowKind;
use crate::table::date_order::{ColumnEvidence, ColumnOrder, OrderMessages};
use crate::table::layout::Layout;
use crate::table::tables::SheetToRead;
use crate::table::value::{DateOrder, EventTimes};

/// What the cells of the columns of days prove.
#[derive(Debug, Default, Clone, Copy)]
pub struct DateEvidence {
    /// Of birth dates, and of days of services or letters.
    pub columns: [ColumnEvidence; 2],
    /// The times of the days of services or letters.
    pub times: EventTimes,
}

/// How the columns of days of a sheet are read: birth dates, and days of services or letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateOrders {
    columns: [ColumnOrder; 2],
    are_shifted: bool,
}

impl DateOrders {
    /// What the clinic's terms and the headings state.
    pub fn new(layout: &Layout, rows_of: RowKind, stated: Option<DateOrder>) -> Self {
        let columns = day_columns(layout, rows_of).map(|column| ColumnOrder::new(layout, column, stated));
        Self { columns, are_shifted: false }
    }

    /// The order of the days of birth (0), or of services or letters (1); `None` where it is unknown.
    pub fn order(self, place: usize) -> Option<DateOrder> {
        self.columns[place].order()
    }

    /// Whether the days of services or letters all have the midnight of another zone, so that none is certain.
    pub const fn are_shifted(self) -> bool {
        self.are_shifted
    }

    /// The orders after all cells of a sheet were read in these.
    pub fn decide(self, evidence: &DateEvidence) -> Self {
        let [birth_date, day] = self.columns;
        let columns = [birth_date.decide(&evidence.columns[0]), day.decide(&evidence.columns[1])];
        Self { columns, are_shifted: self.are_shifted || evidence.times.are_shifted() }
    }

    /// What the reader has to know of columns that are not read day first as usual.
    pub fn diagnostics(self, sheet: SheetToRead<'_>, rows_of: RowKind, evidence: &DateEvidence) -> Vec<Diagnostic> {
        const MESSAGES: OrderMessages =
            OrderMessages { refused: "clinic-date-order-column", month_first: "clinic-month-first" };
        let columns = day_columns(sheet.layout, rows_of).into_iter().zip(self.columns).zip(&evidence.columns);
        let found = columns.filter_map(|((column, order), evidence)| {
            order.diagnostic(sheet.number, sheet.layout, column, evidence, MESSAGES)
        });
        found.collect()
    }
}

/// The columns of birth dates, and of days of services or letters.
pub fn day_columns(layout: &Layout, rows_of: RowKind) -> [Option<usize>; 2] {
    let day = layout.column(Field::Day);
    // in requests a column “day” without a column “issued” is the day of issue
    let day = if rows_of == RowKind::Requests { layout.column(Field::Issued).or(day) } else { day };
    [layout.column(Field::BirthDate), day]
}
