//! The order of day and month in the columns of days: stated by the contract or a heading, or decided by the cells of the whole column.

use crate::base::diagnostic::{Code, Diagnostic, Place};
use crate::base::messages::Message;
use crate::roster::field::Field;
use crate::roster::spec::RosterSpec;
use crate::table::cell::Cell;
use crate::table::layout::Layout;
use crate::table::value::{DateFault, DateOrder, Day, OrderEvidence, order_evidence, order_of_heading};

/// The fields that hold days.
const DAY_FIELDS: [Field; 5] = [Field::BirthDate, Field::Start, Field::End, Field::ChangeDay, Field::DetachDay];

/// How a column of days is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ColumnOrder {
    /// Day first, unless the cells contradict.
    Usual,
    /// As the contract states.
    ByContract(DateOrder),
    /// As the heading states, unless the cells contradict.
    ByHeading(DateOrder),
    /// Month first, as its cells demand.
    ByCells,
    /// The cells contradict each other or the heading.
    Refused,
}

/// How the columns of days of one sheet are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::roster) struct DateOrders([ColumnOrder; DAY_FIELDS.len()]);

/// The order of day and month that the cells of the day columns prove.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(in crate::roster) struct DateEvidence([ColumnEvidence; DAY_FIELDS.len()]);

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct ColumnEvidence {
    /// Whether some cell can only be day first.
    day_first: bool,
    /// The first row whose cell can only be month first.
    month_first: Option<u32>,
    /// Whether some cell with points can only be month first.
    slip: bool,
}

impl DateOrders {
    /// What the contract and the headings state.
    pub fn new(layout: &Layout, spec: &RosterSpec) -> Self {
        Self(DAY_FIELDS.map(|field| {
            let heading = layout.column(field).and_then(|column| layout.headings.get(column));
            let by_heading = heading.and_then(|heading| order_of_heading(heading));
            match (spec.date_order, by_heading) {
                (Some(order), _) => ColumnOrder::ByContract(order),
                (None, Some(order)) => ColumnOrder::ByHeading(order),
                (None, None) => ColumnOrder::Usual,
            }
        }))
    }

    /// The order of the days of a field; `None` where it is unknown.
    pub fn order(self, field: Field) -> Option<DateOrder> {
        match place(field).map_or(ColumnOrder::Usual, |place| self.0[place]) {
            ColumnOrder::Usual => Some(DateOrder::DayFirst),
            ColumnOrder::ByContract(order) | ColumnOrder::ByHeading(order) => Some(order),
            ColumnOrder::ByCells => Some(DateOrder::MonthFirst),
            ColumnOrder::Refused => None,
        }
    }

    /// The orders after all cells of a sheet were read in these.
    pub fn decide(mut self, evidence: &DateEvidence) -> Self {
        for (order, found) in self.0.iter_mut().zip(&evidence.0) {
            *order = order.decide(found);
        }
        self
    }

    /// What the reader has to know of columns that are not read day first as usual.
    pub fn diagnostics(self, sheet: u16, layout: &Layout, evidence: &DateEvidence) -> Vec<Diagnostic> {
        let columns = DAY_FIELDS.iter().zip(self.0).zip(&evidence.0);
        let found = columns.filter_map(|((field, order), evidence)| {
            let column = layout.column(*field)?;
            let heading = layout.headings.get(column).cloned().unwrap_or_default();
            let (code, message) = match order {
                ColumnOrder::Refused => (Code::DateOrder, Message::new("date-order-column")),
                ColumnOrder::ByCells => {
                    let row = evidence.month_first.unwrap_or_default().to_string();
                    (Code::MonthFirst, Message::new("month-first").with("row", row))
                }
                _ => return None,
            };
            let place = Place::cell(sheet, layout.header_row, u32::try_from(column).ok()?);
            Some(Diagnostic { code, place, value: heading.clone(), message: message.with("heading", heading) })
        });
        found.collect()
    }
}

impl ColumnOrder {
    fn decide(self, found: &ColumnEvidence) -> Self {
        let is_month_first = found.month_first.is_some();
        let may_be_slip = found.slip && !found.day_first;
        match self {
            Self::Usual if is_month_first && !found.day_first => Self::ByCells,
            Self::Usual | Self::ByHeading(DateOrder::DayFirst) if is_month_first || may_be_slip => Self::Refused,
            Self::ByHeading(DateOrder::MonthFirst) if found.day_first => Self::Refused,
            other => other,
        }
    }
}

impl DateEvidence {
    /// Records a cell of a field that was read, or was not, in this order.
    pub fn record(
        &mut self,
        row: u32,
        field: Field,
        cell: Cell<'_>,
        order: Option<DateOrder>,
        read: Result<Option<Day>, DateFault>,
    ) {
        const LAST_MONTH: i8 = 12;
        let (Cell::Text(text), Some(place)) = (cell, place(field)) else { return };
        let found = &mut self.0[place];
        let may_tell = match read {
            Ok(Some(day)) => {
                // a date that begins with the year has one order
                let begins_with_year = text.bytes().take(3).all(|byte| byte.is_ascii_digit());
                let is_news = order == Some(DateOrder::MonthFirst) || !found.day_first;
                is_news && day.date.day() > LAST_MONTH && !begins_with_year
            }
            Err(DateFault::NoSuchDay) => true,
            _ => false,
        };
        if !may_tell {
            return;
        }
        match order_evidence(text) {
            Some(OrderEvidence::Only(DateOrder::DayFirst)) => found.day_first = true,
            Some(OrderEvidence::Only(DateOrder::MonthFirst)) => found.month_first = found.month_first.or(Some(row)),
            Some(OrderEvidence::Slip) => found.slip = true,
            None => {}
        }
    }

    /// Adds the evidence of the rows below.
    pub fn merge(&mut self, below: &Self) {
        for (found, below) in self.0.iter_mut().zip(&below.0) {
            found.day_first |= below.day_first;
            found.slip |= below.slip;
            found.month_first = found.month_first.or(below.month_first);
        }
    }
}

fn place(field: Field) -> Option<usize> {
    DAY_FIELDS.iter().position(|known| *known == field)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::cell::Epoch;
    use crate::table::value::day_in_order;

    /// How a column with these cells is read in the end.
    fn decided(start: ColumnOrder, cells: &[&str]) -> ColumnOrder {
        let orders = DateOrders([start; DAY_FIELDS.len()]);
        let order = orders.order(Field::BirthDate);
        let mut evidence = DateEvidence::default();
        for (text, row) in cells.iter().zip(2..) {
            let cell = Cell::Text(text);
            let mut below = DateEvidence::default();
            below.record(row, Field::BirthDate, cell, order, day_in_order(cell, Epoch::Year1900, order));
            evidence.merge(&below);
        }
        orders.decide(&evidence).0[0]
    }

    #[test]
    fn the_column_decides_the_order() {
        use ColumnOrder::{ByCells, ByContract, ByHeading, Refused, Usual};
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
            (ByContract(MonthFirst), &["06/05/1990", "23/11/1978"], ByContract(MonthFirst)),
            (ByContract(DayFirst), &["06/05/1990", "11/23/1978"], ByContract(DayFirst)),
            (Refused, &["06/05/1990", "11/23/1978"], Refused),
        ];
        for (start, cells, expected) in table {
            assert_eq!(decided(*start, cells), *expected, "{start:?} {cells:?}");
        }
    }
}
