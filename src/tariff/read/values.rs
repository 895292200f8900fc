//! The values of an edition's file, and the limits of every edition.

use rust_decimal::Decimal;

use crate::base::messages::Message;
use crate::base::source_file::{Faults, Spanned};
use crate::base::toml_file::Table;
use crate::tariff::cited::Cited;
use crate::tariff::range::Range;

/// The largest coefficient of any edition; together with [`MAX_BASE_RATE`] it keeps every total inside 128 bits.
pub(super) const MAX_COEFFICIENT: Decimal = Decimal::TEN;
/// The largest base rate of any edition, in RUB per 100 RUB.
pub(super) const MAX_BASE_RATE: Decimal = Decimal::ONE_THOUSAND;
/// The most decimals of a number of an edition.
const MAX_DECIMALS: u32 = 6;

/// Reads a table with `read`, and the clause that the table names.
pub(super) fn cited<'d, T>(table: &mut Table<'d>, read: impl FnOnce(&mut Table<'d>) -> Option<T>) -> Option<Cited<T>> {
    let clause = table.needed_text("clause");
    let value = read(table);
    Some(Cited { clause: clause?.value, value: value? })
}

/// The number, if it is above zero, at most `limit`, and has no more than [`MAX_DECIMALS`] decimals.
pub(super) fn limited(at: Spanned<Decimal>, limit: Decimal, faults: &Faults) -> Option<Decimal> {
    if at.value.is_zero() || at.value > limit || at.value.normalize().scale() > MAX_DECIMALS {
        let message = Message::new("tariff-number").with("limit", limit.to_string()).with("decimals", MAX_DECIMALS);
        faults.add(at.span, message);
        return None;
    }
    Some(at.value)
}

/// The coefficient of a key.
pub(super) fn coefficient(table: &mut Table<'_>, key: &'static str) -> Option<Decimal> {
    let at = table.needed_decimal(key)?;
    limited(at, MAX_COEFFICIENT, table.faults())
}

/// The range of the keys `low` and `high`, whose ends are at most `limit`.
pub(super) fn limited_range(table: &mut Table<'_>, limit: Decimal) -> Option<Range> {
    let low = table.needed_decimal("low");
    let high = table.needed_decimal("high");
    let (low, high) = (low?, high?);
    if low.value > high.value {
        let message =
            Message::new("range-order").with("low", low.value.to_string()).with("high", high.value.to_string());
        table.fault(low.span.clone(), message);
        return None;
    }
    let faults = table.faults();
    Some(Range { low: limited(low, limit, faults)?, high: limited(high, limit, faults)? })
}

/// The range of coefficients of the keys `low` and `high`.
pub(super) fn range(table: &mut Table<'_>) -> Option<Range> {
    limited_range(table, MAX_COEFFICIENT)
}
