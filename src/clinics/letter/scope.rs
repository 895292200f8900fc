//! The agreed extent of a service in a letter («объём согласованной помощи», `I63`).

use std::collections::BTreeSet;

use crate::base::messages::{Message, joined};
use crate::base::money::Kopecks;
use crate::clinics::teeth::{Tooth, parse_teeth};

/// The agreed extent of a service; the default is the service once.
#[derive(Debug, Default, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// The number of times, if the letter states one.
    pub quantity: Option<u32>,
    /// The teeth, if the letter names any.
    pub teeth: BTreeSet<Tooth>,
    /// The largest amount, if the letter states one.
    pub amount: Option<Kopecks>,
}

impl Scope {
    /// The number of times that the service may be done; `None` if only the amount limits it.
    #[must_use]
    pub fn quantity(&self) -> Option<u32> {
        match (self.quantity, self.teeth.len(), self.amount) {
            (Some(quantity), ..) => Some(quantity),
            (None, 0, Some(_)) => None,
            (None, 0, None) => Some(1),
            (None, teeth, _) => u32::try_from(teeth).ok(),
        }
    }

    /// Whether the teeth of a row are agreed: always where the letter names none; otherwise the text has to name teeth, all of them in the letter.
    #[must_use]
    pub fn includes_teeth(&self, written: &str) -> bool {
        let are_agreed = |teeth: BTreeSet<Tooth>| !teeth.is_empty() && teeth.is_subset(&self.teeth);
        self.teeth.is_empty() || parse_teeth(written).is_ok_and(are_agreed)
    }

    /// Adds the extent of another request for the same service; a repeated request without an extent adds nothing.
    pub fn add(&mut self, other: Self) {
        if *self == other && other == Self::default() {
            return;
        }
        let sum = self.quantity().zip(other.quantity()).map(|(own, other)| own.saturating_add(other));
        let states_quantity = self.quantity.is_some() || other.quantity.is_some();
        self.quantity = sum.filter(|_| states_quantity);
        self.teeth.extend(other.teeth);
        self.amount = self.amount.zip(other.amount).map(|(own, other)| own + other);
        if self.quantity.is_none() && self.teeth.is_empty() && self.amount.is_none() {
            self.quantity = sum;
        }
    }

    /// The extent for a reader.
    #[must_use]
    pub fn message(&self) -> Message {
        let teeth = self.teeth.iter().map(Tooth::to_string).collect::<Vec<_>>().join(", ");
        let parts = [
            self.quantity().map(|quantity| Message::new("scope-quantity").with("count", u64::from(quantity))),
            (!teeth.is_empty()).then(|| Message::new("scope-teeth").with("teeth", teeth.as_str())),
            self.amount.map(|amount| Message::new("scope-amount").with("amount", amount)),
        ];
        joined(parts.into_iter().flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i63_without_an_extent_a_letter_is_for_one_service() {
        let teeth = Scope { teeth: parse_teeth("11, зуб 12").unwrap(), ..Scope::default() };
        let amount = Scope { amount: Some(Kopecks::new(500_000)), ..Scope::default() };
        for (scope, quantity) in [
            (Scope::default(), Some(1)),
            (Scope { quantity: Some(3), ..Scope::default() }, Some(3)),
            (teeth.clone(), Some(2)),
            (amount, None),
        ] {
            assert_eq!(scope.quantity(), quantity, "{scope:?}");
        }
        assert!(teeth.includes_teeth("12") && teeth.includes_teeth("11;12") && Scope::default().includes_teeth(""));
        assert!(teeth.includes_teeth("11, 12.") && teeth.includes_teeth("1.2"), "points do not count");
        let range = Scope { teeth: parse_teeth("13–11").unwrap(), ..Scope::default() };
        assert_eq!(range.quantity(), Some(3));
        assert!(range.includes_teeth("12") && range.includes_teeth("1.1-1.3") && !range.includes_teeth("11-21"));
        assert!(!range.includes_teeth("13-33") && !range.includes_teeth("11-19"), "no range of the scheme");
        assert!(!teeth.includes_teeth("13") && !teeth.includes_teeth("11, 13") && !teeth.includes_teeth(""));
    }

    #[test]
    fn requests_for_one_service_add_up() {
        let tooth = |tooth: &str| Scope { teeth: parse_teeth(tooth).unwrap(), ..Scope::default() };
        let mut scope = tooth("11");
        scope.add(tooth("12"));
        assert_eq!(scope.quantity(), Some(2));
        let mut scope = Scope::default();
        scope.add(Scope::default());
        assert_eq!(scope, Scope::default());
        let mut scope = Scope { quantity: Some(2), ..Scope::default() };
        scope.add(Scope { quantity: Some(3), ..Scope::default() });
        assert_eq!(scope.quantity(), Some(5));
    }
}
