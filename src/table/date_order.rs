//! The order of day and month in a column of days: stated by the table's user or by a heading, or decided by the cells of the whole column.

use crate::base::diagnostic::{Code, Diagnostic, Place};
use crate::base::messages::Message;
use crate::table::cell::Cell;
use crate::table::layout::Layout;
use crate::table::value::{DateFault, DateOrder, Day, OrderEvidence, order_evidence, order_of_heading};

/// How a column of days is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnOrder {
    /// Day first, unless the cells contradict.
    Usual,
    /// As the table's user states.
    Stated(DateOrder),
    /// As the heading states, unless the cells contradict.
    ByHeading(DateOrder),
    /// Month first, as its cells demand.
    ByCells,
    /// The cells contradict each other or the heading.
    Refused,
}

/// The order of day and month that the cells of a column prove.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct ColumnEvidence {
    /// Whether some cell can only be day first.
    day_first: bool,
    /// The first row whose cell can only be month first.
    month_first: Option<u32>,
    /// Whether some cell with points can only be month first.
    slip: bool,
    /// Whether some cell without points has another day in either order.
    open: bool,
}

/// The names of the messages about the order: the user of each kind of table states it in another file.
#[derive(Debug, Clone, Copy)]
pub struct OrderMessages {
    /// The cells of a column contradict each other.
    pub refused: &'static str,
    /// A column is read month first.
    pub month_first: &'static str,
}

impl ColumnOrder {
    /// What the table's user or the heading states.
    #[must_use]
    pub fn new(layout: &Layout, column: Option<usize>, stated: Option<DateOrder>) -> Self {
        let heading = column.and_then(|column| layout.headings.get(column));
        let by_heading = heading.and_then(|heading| order_of_heading(heading));
        let by_unit = || column.and_then(|column| order_of_heading(layout.unit(column)));
        match (stated, by_heading.or_else(by_unit)) {
            (Some(order), _) => Self::Stated(order),
            (None, Some(order)) => Self::ByHeading(order),
            (None, None) => Self::Usual,
        }
    }

    /// The order of the days; `None` where it is unknown.
    #[must_use]
    pub const fn order(self) -> Option<DateOrder> {
        match self {
            Self::Usual => Some(DateOrder::DayFirst),
            Self::Stated(order) | Self::ByHeading(order) => Some(order),
            Self::ByCells => Some(DateOrder::MonthFirst),
            Self::Refused => None,
        }
    }

    /// The order after all cells of the column were read in this one.
    #[must_use]
    pub fn decide(self, found: &ColumnEvidence) -> Self {
        let is_month_first = found.month_first.is_some();
        let may_be_slip = found.slip && !found.day_first;
        match self {
            Self::Usual if is_month_first && !found.day_first => Self::ByCells,
            Self::Usual | Self::ByHeading(DateOrder::DayFirst) if is_month_first || may_be_slip => Self::Refused,
            Self::ByHeading(DateOrder::MonthFirst) if found.day_first => Self::Refused,
            other => other,
        }
    }

    /// Whether the cells prove that the column is month first.
    #[must_use]
    pub fn is_month_first(self) -> bool {
        self == Self::ByCells
    }

    /// The order of a column beside one that is month first: unknown where its own cells prove nothing and could be either.
    #[must_use]
    pub fn beside_month_first(self, found: &ColumnEvidence) -> Self {
        if self == Self::Usual && found.open && !found.day_first { Self::Refused } else { self }
    }

    /// What the reader has to know of a column that is not read day first as usual.
    #[must_use]
    pub fn diagnostic(
        self,
        sheet: u16,
        layout: &Layout,
        column: Option<usize>,
        evidence: &ColumnEvidence,
        messages: OrderMessages,
    ) -> Option<Diagnostic> {
        let column = column?;
        let heading = layout.headings.get(column).cloned().unwrap_or_default();
        let (code, message) = match self {
            Self::Refused => (Code::DateOrder, Message::new(messages.refused)),
            Self::ByCells => {
                let row = evidence.month_first.unwrap_or_default().to_string();
                (Code::MonthFirst, Message::new(messages.month_first).with("row", row))
            }
            _ => return None,
        };
        let place = Place::cell(sheet, layout.header_row, u32::try_from(column).ok()?);
        Some(Diagnostic { code, place, value: heading.clone(), message: message.with("heading", heading) })
    }
}

impl ColumnEvidence {
    /// Records a cell that was read, or was not, in this order.
    pub fn record(&mut self, row: u32, cell: Cell<'_>, order: Option<DateOrder>, read: Result<Option<Day>, DateFault>) {
        const LAST_MONTH: i8 = 12;
        let Cell::Text(text) = cell else { return };
        if let Ok(Some(day)) = read
            && !self.open
        {
            self.open = day.date.day() <= LAST_MONTH && day.date.day() != day.date.month() && is_without_points(text);
        }
        let may_tell = match read {
            Ok(Some(day)) => {
                // a date that begins with the year has one order
                let begins_with_year = text.bytes().take(3).all(|byte| byte.is_ascii_digit());
                let is_news = order == Some(DateOrder::MonthFirst) || !self.day_first;
                is_news && day.date.day() > LAST_MONTH && !begins_with_year
            }
            Err(DateFault::NoSuchDay) => true,
            _ => false,
        };
        if !may_tell {
            return;
        }
        match order_evidence(text) {
            Some(OrderEvidence::Only(DateOrder::DayFirst)) => self.day_first = true,
            Some(OrderEvidence::Only(DateOrder::MonthFirst)) => self.month_first = self.month_first.or(Some(row)),
            Some(OrderEvidence::Slip) => self.slip = true,
            None => {}
        }
    }

    /// Adds the evidence of the rows below.
    pub fn merge(&mut self, below: &Self) {
        self.day_first |= below.day_first;
        self.slip |= below.slip;
        self.open |= below.open;
        self.month_first = self.month_first.or(below.month_first);
    }
}

/// Whether a day that does not begin with its year has slashes or hyphens.
fn is_without_points(text: &str) -> bool {
    let begins_with_year = text.bytes().take(3).all(|byte| byte.is_ascii_digit());
    !begins_with_year && text.bytes().take(3).any(|byte| matches!(byte, b'/' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::cell::Epoch;
    use crate::table::value::day_in_order;

    /// How a column with these cells is read in the end.
    fn decided(start: ColumnOrder, cells: &[&str]) -> ColumnOrder {
        let order = start.order();
        let mut evidence = ColumnEvidence::default();
        for (text, row) in cells.iter().zip(2..) {
            let cell = Cell::Text(text);
            let mut below = ColumnEvidence::default();
            below.record(row, cell, order, day_in_order(cell, Epoch::Year1900, order));
            evidence.merge(&below);
        }
        start.decide(&evidence)
    }

    #[test]
    fn a_column_beside_one_that_is_month_first_is_open_where_it_proves_nothing() {
        for (cells, expected) in [
            (&["03/01/2027", "05/05/2027"][..], ColumnOrder::Refused),
            (&["03-01-2027"], ColumnOrder::Refused),
            (&["03/01/2027", "23/01/2027"], ColumnOrder::Usual),
            (&["03.01.2027", "2027-03-01", "05/05/2027"], ColumnOrder::Usual),
        ] {
            let mut evidence = ColumnEvidence::default();
            for (text, row) in cells.iter().zip(2..) {
                let (cell, order) = (Cell::Text(text), Some(DateOrder::DayFirst));
                evidence.record(row, cell, order, day_in_order(cell, Epoch::Year1900, order));
            }
            assert_eq!(ColumnOrder::Usual.beside_month_first(&evidence), expected, "{cells:?}");
        }
    }

    #[test]
    fn the_column_decides_the_order() {
        use ColumnOrder::{ByCells, ByHeading, Refused, Stated, Usual};
        use DateOrder::{DayFirst, MonthFirst};
        let table: &[(ColumnOrder, &[&str], ColumnOrder)] = &[
            (Usual, &["05/06/1990", "12/01/1985"], Usual),
            (Usual, &["05/06/1990", "23/11/1978"], Usual),
            (Usual, &["06/05/1990", "11/23/1978"], ByCells),
            (Usual, &["06-05-1990", "02-29-1996", "1990-06-25"], ByCells),
            (Usual, &["06/05/1990", "11/23/1978", "23/11/1978"], Refused),
            (Usual, &["23/11/1978", "11/23/1978"], Refused),
            // points are hardly ever month first
            (Usual, &["06.05.1990", "11.23.1978"], Refused),
            (Usual, &["06.05.1990", "11.23.1978", "23.11.1978"], Usual),
            (Usual, &["06/05/1990", "31/31/1990", "неизвестно", "11/23/78"], Usual),
            (ByHeading(MonthFirst), &["06/05/1990", "11/23/1978"], ByHeading(MonthFirst)),
            (ByHeading(MonthFirst), &["06/05/1990", "23/11/1978"], Refused),
            (ByHeading(DayFirst), &["06/05/1990", "23/11/1978"], ByHeading(DayFirst)),
            (ByHeading(DayFirst), &["06/05/1990", "11/23/1978"], Refused),
            (Stated(MonthFirst), &["06/05/1990", "23/11/1978"], Stated(MonthFirst)),
            (Stated(DayFirst), &["06/05/1990", "11/23/1978"], Stated(DayFirst)),
            (Refused, &["06/05/1990", "11/23/1978"], Refused),
        ];
        for (start, cells, expected) in table {
            assert_eq!(decided(*start, cells), *expected, "{start:?} {cells:?}");
        }
    }
}
