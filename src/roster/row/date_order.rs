//! The orders of day and month in the columns of days of a roster.

use crate::base::diagnostic::Diagnostic;
use crate::roster::field::Field;
use crate::roster::spec::RosterSpec;
use crate::table::cell::Cell;
use crate::table::date_order::{ColumnEvidence, ColumnOrder, OrderMessages};
use crate::table::layout::Layout;
use crate::table::value::{DateFault, DateOrder, Day};

/// The fields that hold days.
const DAY_FIELDS: [Field; 6] =
    [Field::BirthDate, Field::Start, Field::End, Field::CoverPeriod, Field::ChangeDay, Field::DetachDay];

/// How the columns of days of one sheet are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::roster) struct DateOrders([ColumnOrder; DAY_FIELDS.len()]);

/// The order of day and month that the cells of the day columns prove.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(in crate::roster) struct DateEvidence([ColumnEvidence; DAY_FIELDS.len()]);

impl DateOrders {
    /// What the contract and the headings state.
    pub fn new(layout: &Layout, spec: &RosterSpec) -> Self {
        Self(DAY_FIELDS.map(|field| ColumnOrder::new(layout, layout.column(field), spec.date_order)))
    }

    /// The order of the days of a field; `None` where it is unknown.
    pub fn order(self, field: Field) -> Option<DateOrder> {
        place(field).map_or(ColumnOrder::Usual, |place| self.0[place]).order()
    }

    /// The orders after all cells of a sheet were read in these.
    pub fn decide(mut self, evidence: &DateEvidence) -> Self {
        for (order, found) in self.0.iter_mut().zip(&evidence.0) {
            *order = order.decide(found);
        }
        // one program has written all columns of a sheet
        if self.0.iter().any(|order| order.is_month_first()) {
            for (order, found) in self.0.iter_mut().zip(&evidence.0) {
                *order = order.beside_month_first(found);
            }
        }
        self
    }

    /// What the reader has to know of columns that are not read day first as usual.
    pub fn diagnostics(self, sheet: u16, layout: &Layout, evidence: &DateEvidence) -> Vec<Diagnostic> {
        const MESSAGES: OrderMessages = OrderMessages { refused: "date-order-column", month_first: "month-first" };
        let columns = DAY_FIELDS.iter().zip(self.0).zip(&evidence.0);
        let found = columns.filter_map(|((field, order), evidence)| {
            order.diagnostic(sheet, layout, layout.column(*field), evidence, MESSAGES)
        });
        found.collect()
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
        if let Some(place) = place(field) {
            self.0[place].record(row, cell, order, read);
        }
    }

    /// Adds the evidence of the rows below.
    pub fn merge(&mut self, below: &Self) {
        self.0.iter_mut().zip(&below.0).for_each(|(found, below)| found.merge(below));
    }
}

fn place(field: Field) -> Option<usize> {
    DAY_FIELDS.iter().position(|known| *known == field)
}
