//! The policy numbers that the book issues where a roster has none: `<contract>-00001` and so on, once and for ever.
//!
//! Insured are counted as they were bound, then in the order of the events by which they joined, annulled ones too: nothing that happens
//! later changes a number.

use std::collections::BTreeMap;

use crate::portfolio::event::PersonRef;

/// The issued numbers of the insured of a contract, row by row.
#[derive(Debug, Default)]
pub struct IssuedNumbers {
    /// The number of the contract.
    pub contract: String,
    /// The ordinal of the insured of each row.
    ordinals: Vec<Option<u32>>,
}

impl IssuedNumbers {
    /// The numbers of these insured of a contract: `bound` is the number of those as bound, `joined` are all events by which insured ever
    /// joined, in the order of their runs and rows.
    #[must_use]
    pub fn new(contract: &str, people: &[PersonRef], bound: u32, joined: &[(i64, u32)]) -> Self {
        let places: BTreeMap<(i64, u32), u32> = joined.iter().copied().zip(bound + 1..).collect();
        let ordinal = |who: &PersonRef| match who {
            PersonRef::Bound(ordinal) => Some(*ordinal),
            PersonRef::Joined(run, row) => places.get(&(*run, *row)).copied(),
        };
        Self { contract: contract.to_owned(), ordinals: people.iter().map(ordinal).collect() }
    }

    /// The number of the insured of a row.
    #[must_use]
    pub fn number(&self, at: usize) -> Option<String> {
        let ordinal = (*self.ordinals.get(at)?)?;
        Some(format!("{}-{ordinal:05}", self.contract))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_the_order_in_which_insured_came() {
        let people = [PersonRef::Bound(2), PersonRef::Joined(7, 1), PersonRef::Joined(4, 2), PersonRef::Joined(9, 1)];
        let numbers = IssuedNumbers::new("E1", &people, 3, &[(4, 1), (4, 2), (7, 1)]);
        let shown: Vec<Option<String>> = (0..4).map(|at| numbers.number(at)).collect();
        assert_eq!(shown, [Some("E1-00002"), Some("E1-00006"), Some("E1-00005"), None].map(|n| n.map(str::to_owned)));
    }
}
