//! The quantity and the amount of a row, and whether it takes an earlier one back.

use crate::base::diagnostic::Code;
use crate::base::messages::Message;
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::clinics::register::row::RowReader;
use crate::clinics::register::spec::RowKind;
use crate::clinics::register::value::{reversal, whole_number};
use crate::table::cell::{Cell, Row};
use crate::table::cell_faults::{formula_fault, mask_unless_known};
use crate::table::value::signed_roubles;

/// The largest quantity of a row.
const MAX_QUANTITY: u32 = 10_000;

impl RowReader {
    /// The quantity, below zero where the row takes an earlier one back; 1 if the row states none.
    pub(super) fn quantity(&mut self, row: &dyn Row) -> Option<i64> {
        let Some(column) = self.columns.quantity else { return Some(1) };
        let cell = row.cell(column);
        if cell.is_empty() {
            return Some(1);
        }
        let is_allowed = |count: &i64| {
            let takes_back = self.rows_of == RowKind::Services && *count < 0;
            (takes_back || *count > 0) && count.unsigned_abs() <= u64::from(MAX_QUANTITY)
        };
        let read = whole_number(cell).filter(is_allowed);
        if read.is_none() {
            let unreadable = || Message::new("bad-quantity").with("limit", MAX_QUANTITY);
            let message = formula_fault(cell).unwrap_or_else(unreadable);
            self.report(Code::BadQuantity, row.number(), Some(column), mask_unless_known(&cell.display(), []), message);
        }
        read
    }

    /// The amount of a row, or price times quantity, and whether the row takes an earlier one back; then the amount is not above zero.
    ///
    /// If the row has both they must agree, whichever of them has the minus. A row whose parts disagree still states its amount: the
    /// register's total includes it.
    pub(super) fn amount(&mut self, row: &dyn Row, quantity: Option<i64>) -> (Option<Kopecks>, bool) {
        let is_below = |amount: &Result<Option<Kopecks>, ()>| {
            amount.is_ok_and(|amount| amount < Some(Kopecks::ZERO) && amount.is_some())
        };
        let size = Kopecks::abs;
        // the price of the list beside a request is no limit
        let price = match self.rows_of {
            RowKind::Services => self.price(row, self.columns.price),
            RowKind::Requests | RowKind::Questions => Ok(None),
        };
        let amount = self.price(row, self.columns.amount);
        let is_marked = self.is_marked_as_reversal(row);
        if is_marked && self.rows_of != RowKind::Services {
            self.report(
                Code::BadPrice,
                row.number(),
                self.columns.reversal,
                String::new(),
                Message::new("request-cancelled"),
            );
        }
        let takes_back =
            is_marked || quantity.is_some_and(|quantity| quantity < 0) || is_below(&price) || is_below(&amount);
        let signed = |size: Kopecks| if takes_back { -size } else { size };
        let (Ok(price), Ok(amount)) = (price, amount) else {
            return (amount.ok().flatten().map(size).map(signed), takes_back);
        };
        let (price, amount) = (price.map(size), amount.map(size));
        let counted = price.zip(quantity).map(|(price, quantity)| price * quantity.unsigned_abs());
        if counted.is_some_and(|counted| counted > MAX_SUM_INSURED) {
            let message = Message::new("bad-price").with("limit", MAX_SUM_INSURED);
            self.report(Code::BadPrice, row.number(), self.columns.price, String::new(), message);
            return (amount.map(signed), takes_back);
        }
        match (amount, counted) {
            (None, None) if price.is_none() && self.rows_of == RowKind::Services => {
                let column = self.columns.amount.or(self.columns.price);
                self.report(Code::MissingPrice, row.number(), column, String::new(), Message::new("missing-price"));
            }
            (Some(amount), Some(counted)) if amount != counted => {
                let message = Message::new("bad-amount").with("amount", amount).with("counted", counted);
                self.report(Code::BadPrice, row.number(), self.columns.amount, amount.to_string(), message);
            }
            _ => {}
        }
        (amount.or(counted).map(signed), takes_back)
    }

    /// Whether a column marks the row as one that takes an earlier one back; a word that is neither yes nor no is an error.
    fn is_marked_as_reversal(&mut self, row: &dyn Row) -> bool {
        let Some(column) = self.columns.reversal else { return false };
        let cell = row.cell(column);
        let marked = reversal(cell);
        if marked.is_none() {
            let message = formula_fault(cell).unwrap_or_else(|| Message::new("bad-reversal"));
            let value = mask_unless_known(&cell.display(), []);
            self.report(Code::BadPrice, row.number(), Some(column), value, message);
        }
        marked.unwrap_or_default()
    }

    /// The price in a cell, below zero where the row takes an earlier one back; an error, already reported, if it cannot be read.
    fn price(&mut self, row: &dyn Row, column: Option<usize>) -> Result<Option<Kopecks>, ()> {
        let cell = column.map_or(Cell::Empty, |column| row.cell(column));
        if cell.is_empty() {
            return Ok(None);
        }
        let is_allowed = |price: &Kopecks| {
            let least = if self.rows_of == RowKind::Services { -MAX_SUM_INSURED } else { Kopecks::ZERO };
            (least..=MAX_SUM_INSURED).contains(price)
        };
        if let Some(price) = signed_roubles(cell).filter(is_allowed) {
            return Ok(Some(price));
        }
        let unreadable = || Message::new("bad-price").with("limit", MAX_SUM_INSURED);
        let message = formula_fault(cell).unwrap_or_else(unreadable);
        self.report(Code::BadPrice, row.number(), column, mask_unless_known(&cell.display(), []), message);
        Err(())
    }
}
