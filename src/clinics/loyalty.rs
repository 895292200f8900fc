//! Who has the right to a clinic's discount on a day: insured, employees, next of kin (`I41`).

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::messages::Message;
use crate::clinics::insured_view::Person;
use crate::table::value::Relation;

/// Why somebody has the right to the discount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiscountEligibility {
    /// Insured on that day.
    Insured,
    /// An employee who is named in a contract in force and whose own cover has not begun.
    Employee,
    /// Husband, wife, son or daughter of an employee of a contract in force, without cover of their own on that day.
    NextOfKin,
}

impl DiscountEligibility {
    /// Every right, in the order of the lists.
    pub const ALL: [Self; 3] = [Self::Insured, Self::Employee, Self::NextOfKin];

    /// The word in the files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Insured => "insured",
            Self::Employee => "employee",
            Self::NextOfKin => "next-of-kin",
        }
    }

    /// The words for a reader.
    #[must_use]
    pub const fn words(self) -> Message {
        Message::new(match self {
            Self::Insured => "right-insured",
            Self::Employee => "right-employee",
            Self::NextOfKin => "right-next-of-kin",
        })
    }
}

/// The days on which somebody's family and employment count, and what they are in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The days of the contract.
    pub contract: Period,
    /// The own first and last day.
    pub cover: Period,
    /// What they are to the employee.
    pub relation: Option<Relation>,
    /// The own cover of the employee who heads the family, where it is somebody else.
    pub head: Option<Period>,
}

impl Standing {
    /// The right on a day, if there is one (`I41`).
    #[must_use]
    pub fn right(self, day: Date) -> Option<DiscountEligibility> {
        if self.cover.contains(day) {
            return Some(DiscountEligibility::Insured);
        }
        if !self.contract.contains(day) {
            return None;
        }
        // who has been struck off may have left the employer, and who comes later has not
        let is_employed = |cover: Period| day <= cover.last();
        match self.relation {
            None | Some(Relation::Employee) => is_employed(self.cover).then_some(DiscountEligibility::Employee),
            Some(Relation::Spouse | Relation::Child) => {
                self.head.filter(|head| is_employed(*head)).map(|_| DiscountEligibility::NextOfKin)
            }
            Some(Relation::Parent | Relation::Other) => None,
        }
    }
}

impl Person {
    /// The right to the discount on a day, if there is one (`I41`).
    #[must_use]
    pub fn right(&self, day: Date) -> Option<DiscountEligibility> {
        Standing { contract: self.contract.days, cover: self.cover, relation: self.relation, head: self.head }
            .right(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn days(first: Date, last: Date) -> Period {
        Period::new(first, last).unwrap()
    }

    /// The right on 1 July 2026 under a contract of the year 2026.
    fn right(cover: Period, relation: Option<Relation>, head: Option<Period>) -> Option<DiscountEligibility> {
        let contract = days(date(2026, 1, 1), date(2026, 12, 31));
        Standing { contract, cover, relation, head }.right(date(2026, 7, 1))
    }

    #[test]
    fn i41_insured_employees_and_next_of_kin_have_the_right() {
        let whole = days(date(2026, 1, 1), date(2026, 12, 31));
        let later = days(date(2026, 8, 1), date(2026, 12, 31));
        let ended = days(date(2026, 1, 1), date(2026, 6, 30));
        let (employee, spouse, child) = (Some(Relation::Employee), Some(Relation::Spouse), Some(Relation::Child));
        for relation in [None, employee, spouse, child, Some(Relation::Parent), Some(Relation::Other)] {
            assert_eq!(right(whole, relation, None), Some(DiscountEligibility::Insured));
        }
        assert_eq!(right(later, None, None), Some(DiscountEligibility::Employee));
        assert_eq!(right(later, employee, None), Some(DiscountEligibility::Employee));
        assert_eq!(right(ended, employee, None), None);
        for relation in [spouse, child] {
            assert_eq!(right(ended, relation, Some(whole)), Some(DiscountEligibility::NextOfKin));
            assert_eq!(right(later, relation, Some(later)), Some(DiscountEligibility::NextOfKin));
            assert_eq!(right(ended, relation, Some(ended)), None);
            assert_eq!(right(ended, relation, None), None);
        }
        for relation in [Relation::Parent, Relation::Other] {
            assert_eq!(right(later, Some(relation), Some(whole)), None);
        }
    }

    #[test]
    fn i41_nobody_has_the_right_when_the_contract_is_over() {
        let contract = days(date(2026, 1, 1), date(2026, 6, 30));
        let cover = days(date(2026, 2, 1), date(2026, 6, 30));
        for relation in [None, Some(Relation::Spouse)] {
            let standing = Standing { contract, cover, relation, head: Some(contract) };
            assert_eq!(standing.right(date(2026, 7, 1)), None);
            assert_eq!(standing.right(date(2025, 12, 31)), None);
            assert!(standing.right(date(2026, 1, 1)).is_some());
        }
    }
}
