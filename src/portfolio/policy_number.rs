//! The policy numbers of insured: those of rosters and lists of changes, or else those that the book issues, `<contract>-00001` and so on.
//!
//! Insured are counted as they were bound, then in the order of the events by which they joined, annulled ones too. The place of an insured
//! as bound is the number; that of one who joined is kept by the event. So nothing that happens later changes a number.

use std::borrow::Cow;

use crate::portfolio::rows::InsuredRows;

/// The number that the book issues to the insured at a place of a contract, from 1.
#[must_use]
pub fn issued_number(contract: &str, place: u32) -> String {
    format!("{contract}-{place:05}")
}

/// Whether a number has the form of those that the book issues for a contract; both are folded for comparing, or neither is.
#[must_use]
pub fn is_issued_form(contract: &str, number: &str) -> bool {
    let digits = number.strip_prefix(contract).filter(|_| !contract.is_empty());
    let digits = digits.map(|digits| digits.strip_prefix('-').unwrap_or(digits));
    digits.is_some_and(|digits| digits.len() >= 5 && digits.bytes().all(|digit| digit.is_ascii_digit()))
}

/// The policy number of a row of a contract that was bound with `bound` insured; `None` where a program that issued no numbers let the
/// insured join.
#[must_use]
pub fn policy_number<'r>(rows: &'r InsuredRows, at: usize, contract: &str, bound: u32) -> Option<Cow<'r, str>> {
    let place = rows.person_of(at);
    let issued = || (place <= bound).then(|| Cow::Owned(issued_number(contract, place)));
    rows.policy_number[at].as_deref().map(Cow::Borrowed).or_else(issued)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_issued_numbers_needs_the_contract_and_five_digits() {
        assert_eq!(issued_number("ДМС-7", 12), "ДМС-7-00012");
        for (number, is_issued) in
            [("E1-00012", true), ("E100012", true), ("E1-123456", true), ("E1-0012", false), ("E2-00012", false)]
        {
            assert_eq!(is_issued_form("E1", number), is_issued, "{number}");
        }
        assert!(!is_issued_form("", "00012"));
    }
}
