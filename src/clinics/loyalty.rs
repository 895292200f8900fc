//! Eligibility for a clinic's loyalty discount on a day: insured, employees, next of kin (`I41`).

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::named_enum::named_enum;
use crate::clinics::insured_view::InsuredRecord;
use crate::roster::value::Relation;

named_enum! {
    /// The reason for which a discount is due (`I41`), in the order of the lists.
    pub enum DiscountEligibility messages "right-" {
        /// Insured on the day.
        Insured = "insured",
        /// An employee of a contract in force whose own cover has not begun.
        Employee = "employee",
        /// Husband, wife, son or daughter of an employee of a contract in force, without own cover on the day.
        NextOfKin = "next-of-kin",
        /// An employee, outside the book, of a legal entity with a service contract (`I66`).
        ServiceContract = "service-contract",
    }
}

impl DiscountEligibility {
    /// The eligibility on a day of an insured with this cover, relation and head of family under a contract; `None` without a
    /// discount (`I41`).
    ///
    /// # Example
    ///
    /// ```
    /// use jiff::civil::date;
    /// use kollektiv::base::calendar::Period;
    /// use kollektiv::clinics::loyalty::DiscountEligibility;
    /// use kollektiv::roster::value::Relation;
    ///
    /// let year = Period::new(date(2026, 1, 1), date(2026, 12, 31)).unwrap();
    /// let from_august = Period::new(date(2026, 8, 1), date(2026, 12, 31)).unwrap();
    /// // the wife of an employee, in July, before her own cover
    /// let reason = DiscountEligibility::on(date(2026, 7, 1), year, from_august, Some(Relation::Spouse), Some(year));
    /// assert_eq!(reason, Some(DiscountEligibility::NextOfKin));
    /// ```
    #[must_use]
    pub fn on(
        day: Date,
        contract: Period,
        cover: Period,
        relation: Option<Relation>,
        head_cover: Option<Period>,
    ) -> Option<Self> {
        if cover.contains(day) {
            return Some(Self::Insured);
        }
        if !contract.contains(day) {
            return None;
        }
        // after the last day of cover the employee may have left the employer; before the first day that is impossible
        let is_employed = |cover: Period| day <= cover.last();
        match relation {
            None | Some(Relation::Employee) => is_employed(cover).then_some(Self::Employee),
            Some(Relation::Spouse | Relation::Child) => {
                head_cover.filter(|head| is_employed(*head)).map(|_| Self::NextOfKin)
            }
            Some(Relation::Parent | Relation::Other | Relation::Unknown) => None,
        }
    }
}

impl InsuredRecord {
    /// The eligibility for the discount on a day; `None` without a discount (`I41`).
    #[must_use]
    pub fn discount_eligibility(&self, day: Date) -> Option<DiscountEligibility> {
        DiscountEligibility::on(day, self.contract.days, self.cover, self.relation, self.head_cover)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn days(first: Date, last: Date) -> Period {
        Period::new(first, last).unwrap()
    }

    /// The eligibility on 1 July 2026 under a contract of the year 2026.
    fn eligibility(
        cover: Period,
        relation: Option<Relation>,
        head_cover: Option<Period>,
    ) -> Option<DiscountEligibility> {
        let contract = days(date(2026, 1, 1), date(2026, 12, 31));
        DiscountEligibility::on(date(2026, 7, 1), contract, cover, relation, head_cover)
    }

    #[test]
    fn i41_insured_employees_and_next_of_kin_have_the_discount() {
        let whole = days(date(2026, 1, 1), date(2026, 12, 31));
        let later = days(date(2026, 8, 1), date(2026, 12, 31));
        let ended = days(date(2026, 1, 1), date(2026, 6, 30));
        let (employee, spouse, child) = (Some(Relation::Employee), Some(Relation::Spouse), Some(Relation::Child));
        for relation in [None, employee, spouse, child, Some(Relation::Parent), Some(Relation::Other)] {
            assert_eq!(eligibility(whole, relation, None), Some(DiscountEligibility::Insured));
        }
        assert_eq!(eligibility(later, None, None), Some(DiscountEligibility::Employee));
        assert_eq!(eligibility(later, employee, None), Some(DiscountEligibility::Employee));
        assert_eq!(eligibility(ended, employee, None), None);
        for relation in [spouse, child] {
            assert_eq!(eligibility(ended, relation, Some(whole)), Some(DiscountEligibility::NextOfKin));
            assert_eq!(eligibility(later, relation, Some(later)), Some(DiscountEligibility::NextOfKin));
            assert_eq!(eligibility(ended, relation, Some(ended)), None);
            assert_eq!(eligibility(ended, relation, None), None);
        }
        for relation in [Relation::Parent, Relation::Other, Relation::Unknown] {
            assert_eq!(eligibility(later, Some(relation), Some(whole)), None);
        }
    }

    #[test]
    fn i41_outside_the_contract_there_is_no_discount() {
        let contract = days(date(2026, 1, 1), date(2026, 6, 30));
        let cover = days(date(2026, 2, 1), date(2026, 6, 30));
        for relation in [None, Some(Relation::Spouse)] {
            let on = |day| DiscountEligibility::on(day, contract, cover, relation, Some(contract));
            assert_eq!(on(date(2026, 7, 1)), None);
            assert_eq!(on(date(2025, 12, 31)), None);
            assert!(on(date(2026, 1, 1)).is_some());
        }
    }
}
