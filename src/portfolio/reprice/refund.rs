//! What is returned to a policyholder who refuses a change (`I22`).

use crate::base::money::{Kopecks, share};
use crate::quote::contract::{ExpenseBasis, PriceTerms};

/// The arithmetic of a refund; nothing in it is rounded but the expenses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The written premium, before the change.
    pub written: Kopecks,
    /// The premium of the unexpired days, at the rates before the change.
    pub unexpired: Kopecks,
    /// What has been paid.
    pub paid: Kopecks,
    /// The expenses, where the contract names their share.
    pub expenses: Option<Kopecks>,
    /// `unexpired − (written − paid) − expenses`, not below 0 and not more than was paid, by however many kopecks the roundings differ;
    /// none where the contract names no expenses.
    pub refund: Option<Kopecks>,
}

impl Refund {
    /// What is returned of a contract with this premium.
    #[must_use]
    pub fn new(terms: &PriceTerms, written: Kopecks, paid: Kopecks, unexpired: Kopecks) -> Self {
        let basis = match terms.expense_basis {
            ExpenseBasis::Unexpired => unexpired,
            ExpenseBasis::Written => written,
        };
        let expenses = terms.expense_load.map(|load| share(basis, load));
        let worked_out = Self { written, unexpired, paid, expenses, refund: None };
        let refund = worked_out.exact().map(|exact| exact.min(paid).max(Kopecks::ZERO));
        Self { refund, ..worked_out }
    }

    /// What the arithmetic gives without its bounds; none where the contract names no expenses.
    #[must_use]
    pub fn exact(&self) -> Option<Kopecks> {
        self.expenses.map(|expenses| self.unexpired - self.unpaid() - expenses)
    }

    /// What remains of the written premium: it is for the days until the change. Nothing where no day of the contract has passed.
    #[must_use]
    pub fn earned(&self) -> Kopecks {
        (self.written - self.unexpired).max(Kopecks::ZERO)
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
    use crate::base::money::decimal_as_written;
    use crate::quote::contract::PriceDecrease;

    fn refund(load: Option<&str>, basis: ExpenseBasis, [written, paid, unexpired]: [i128; 3]) -> Option<i128> {
        let expense_load = load.and_then(decimal_as_written);
        let terms = PriceTerms { expense_load, expense_basis: basis, price_decrease: PriceDecrease::Keep };
        let [written, paid, unexpired] = [written, paid, unexpired].map(Kopecks::new);
        Refund::new(&terms, written, paid, unexpired).refund.map(Kopecks::get)
    }

    #[test]
    fn i22_what_is_returned() {
        // 600.00 − (1000.00 − 1000.00) − 0.20 × 600.00 = 480.00
        assert_eq!(refund(Some("0.20"), ExpenseBasis::Unexpired, [100_000, 100_000, 60_000]), Some(48_000));
        // 600.00 − (1000.00 − 1000.00) − 0.20 × 1000.00 = 400.00
        assert_eq!(refund(Some("0.20"), ExpenseBasis::Written, [100_000, 100_000, 60_000]), Some(40_000));
        // 600.00 − (1000.00 − 500.00) − 120.00 = −20.00, so nothing
        assert_eq!(refund(Some("0.20"), ExpenseBasis::Unexpired, [100_000, 50_000, 60_000]), Some(0));
        // nothing has begun: what is unexpired was rounded once, and what was written change by change
        assert_eq!(refund(Some("0"), ExpenseBasis::Unexpired, [99_998, 0, 100_002]), Some(0));
        assert_eq!(refund(Some("0"), ExpenseBasis::Unexpired, [99_998, 50_000, 100_002]), Some(50_000));
        assert_eq!(refund(None, ExpenseBasis::Unexpired, [100_000, 100_000, 60_000]), None);
    }
}
