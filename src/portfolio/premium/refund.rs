//! The refund of a contract that ends before its last day (`I22`, `I34`).

use rust_decimal::Decimal;

use crate::base::money::{Kopecks, share};
use crate::quote::contract::{ExpenseBasis, ExpenseTerms};

/// A refund with its arithmetic, rounded once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The written premium, before the change.
    pub written: Kopecks,
    /// The premium of the unexpired days at the rates before the change.
    pub unexpired: Kopecks,
    /// The premium that has been paid.
    pub paid: Kopecks,
    /// The expenses, where the contract names their share.
    pub expenses: Option<Kopecks>,
    /// `unexpired − (written − paid) − expenses`, at least 0 and at most what was paid, although roundings may differ by kopecks;
    /// `None` where the contract names no expenses.
    pub refund: Option<Kopecks>,
}

impl Refund {
    /// The refund of a contract with this written premium.
    ///
    /// # Example
    ///
    /// ```
    /// use kollektiv::base::money::Kopecks;
    /// use kollektiv::portfolio::premium::refund::Refund;
    /// use kollektiv::quote::contract::{ExpenseBasis, ExpenseTerms};
    ///
    /// let terms = ExpenseTerms { load: Some("0.20".parse().unwrap()), basis: ExpenseBasis::Unexpired };
    /// let [written, paid, unexpired] = [100_000, 100_000, 60_000].map(Kopecks::new);
    /// // 600.00 − (1000.00 − 1000.00) − 0.20 × 600.00
    /// assert_eq!(Refund::new(terms, written, paid, unexpired).refund, Some(Kopecks::new(48_000)));
    /// ```
    #[must_use]
    pub fn new(terms: ExpenseTerms, written: Kopecks, paid: Kopecks, unexpired: Kopecks) -> Self {
        let expenses = terms.load.map(|load| match terms.basis {
            ExpenseBasis::Paid => {
                let unearned = (unexpired - (written - paid)).clamp(Kopecks::ZERO, paid.max(Kopecks::ZERO));
                unearned - share(unearned, Decimal::ONE - load)
            }
            ExpenseBasis::Unexpired => share(unexpired, load),
            ExpenseBasis::Written => share(written, load),
        });
        let unbounded = Self { written, unexpired, paid, expenses, refund: None };
        let refund = unbounded.exact().map(|exact| exact.min(paid).max(Kopecks::ZERO));
        Self { refund, ..unbounded }
    }

    /// The refund without its bounds; `None` where the contract names no expenses.
    #[must_use]
    pub fn exact(&self) -> Option<Kopecks> {
        self.expenses.map(|expenses| self.unexpired - self.unpaid() - expenses)
    }

    /// The premium of the days until the change; 0 where no day of the contract has passed.
    #[must_use]
    pub fn earned(&self) -> Kopecks {
        (self.written - self.unexpired).max(Kopecks::ZERO)
    }

    /// The part of the expenses that the payments cover: a charge beside the earned premium. Where at least the earned premium is paid,
    /// `earned + charged_expenses = paid − refund`; without a stated refund it is 0.
    #[must_use]
    pub fn charged_expenses(&self) -> Kopecks {
        self.refund.map_or(Kopecks::ZERO, |refund| (self.paid - self.earned() - refund).max(Kopecks::ZERO))
    }

    /// The part of the written premium that has not been paid; negative where more has been.
    #[must_use]
    pub fn unpaid(&self) -> Kopecks {
        self.written - self.paid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::money::parse_decimal;

    fn refund(load: Option<&str>, basis: ExpenseBasis, [written, paid, unexpired]: [i128; 3]) -> Option<i128> {
        let terms = ExpenseTerms { load: load.and_then(parse_decimal), basis };
        let [written, paid, unexpired] = [written, paid, unexpired].map(Kopecks::new);
        Refund::new(terms, written, paid, unexpired).refund.map(Kopecks::get)
    }

    #[test]
    fn i22_refund_of_a_refused_change() {
        // 600.00 − (1000.00 − 1000.00) − 0.20 × 600.00 = 480.00
        assert_eq!(refund(Some("0.20"), ExpenseBasis::Unexpired, [100_000, 100_000, 60_000]), Some(48_000));
        // 600.00 − (1000.00 − 1000.00) − 0.20 × 1000.00 = 400.00
        assert_eq!(refund(Some("0.20"), ExpenseBasis::Written, [100_000, 100_000, 60_000]), Some(40_000));
        // 600.00 − (1000.00 − 500.00) − 120.00 = −20.00, so nothing
        assert_eq!(refund(Some("0.20"), ExpenseBasis::Unexpired, [100_000, 50_000, 60_000]), Some(0));
        // before the first day: the unexpired premium was rounded once, the written premium change by change
        assert_eq!(refund(Some("0"), ExpenseBasis::Unexpired, [99_998, 0, 100_002]), Some(0));
        assert_eq!(refund(Some("0"), ExpenseBasis::Unexpired, [99_998, 50_000, 100_002]), Some(50_000));
        // (1000.00 − 400.00) × (1 − 0.20) = 480.00; of a first instalment of 500.00: (500.00 − 400.00) × 0.80 = 80.00
        assert_eq!(refund(Some("0.20"), ExpenseBasis::Paid, [100_000, 100_000, 60_000]), Some(48_000));
        assert_eq!(refund(Some("0.20"), ExpenseBasis::Paid, [100_000, 50_000, 60_000]), Some(8_000));
        // less is paid than earned: nothing
        assert_eq!(refund(Some("0.20"), ExpenseBasis::Paid, [100_000, 30_000, 60_000]), Some(0));
        assert_eq!(refund(None, ExpenseBasis::Unexpired, [100_000, 100_000, 60_000]), None);
    }

    #[test]
    fn i22_what_is_kept_for_expenses_is_charged() {
        let charged = |basis, [written, paid, unexpired]: [i128; 3]| {
            let terms = ExpenseTerms { load: parse_decimal("0.20"), basis };
            let [written, paid, unexpired] = [written, paid, unexpired].map(Kopecks::new);
            Refund::new(terms, written, paid, unexpired).charged_expenses().get()
        };
        // 500.00 − 400.00 − 80.00 = 20.00
        assert_eq!(charged(ExpenseBasis::Paid, [100_000, 50_000, 60_000]), 2_000);
        // 1000.00 − 400.00 − 480.00 = 120.00
        assert_eq!(charged(ExpenseBasis::Unexpired, [100_000, 100_000, 60_000]), 12_000);
        // nothing comes back of 500.00: 500.00 − 400.00 = 100.00
        assert_eq!(charged(ExpenseBasis::Unexpired, [100_000, 50_000, 60_000]), 10_000);
        assert_eq!(charged(ExpenseBasis::Paid, [100_000, 30_000, 60_000]), 0);
    }
}
