//! The columns of totals by verdict and payer, which an act and a settled register share.

use crate::clinics::claim::Shares;
use crate::output::value::Value;

/// The verdict, the rows, the amount, and the part of each payer.
pub(super) const fn columns(verdict_width: u32) -> [(&'static str, u32); 9] {
    [
        ("settled-verdict", verdict_width),
        ("settled-rows", 10),
        ("settled-amount", 18),
        ("payer-advance", 18),
        ("payer-insurer", 18),
        ("payer-patient", 18),
        ("payer-discount", 18),
        ("payer-disputed", 18),
        ("payer-uncleared", 18),
    ]
}

/// A row: of a verdict, or of all.
pub(super) fn row(words: String, rows: usize, shares: Shares) -> [Value<'static>; 9] {
    let [advance, insurer, patient, discount, disputed, uncleared] =
        shares.by_payer().map(|(_, _, part)| Value::Amount(part));
    let total = Value::Amount(shares.total());
    [Value::Words(words), Value::Count(rows), total, advance, insurer, patient, discount, disputed, uncleared]
}
