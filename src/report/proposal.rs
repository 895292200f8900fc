//! The coefficients of a price change (§2.3) that the claims of a period need at a target loss ratio.
//!
//! needed = claims / (earned premium × target), for each programme. A price change may have no coefficient between a fall and a rise, nor
//! beyond the tariff's ranges: the proposal is then the nearest lawful one that is not below the need, or none.

use rust_decimal::Decimal;

use crate::base::money::Kopecks;
use crate::report::tables::Programmes;
use crate::tariff::PriceChange;

/// The number of decimals of a coefficient.
const DECIMALS: u32 = 4;

/// The loss ratio that is aimed at, and the coefficients that a price change may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetRatio {
    /// Claims / earned premium, above 0.
    pub ratio: Decimal,
    /// The ranges of the tariff.
    pub lawful: PriceChange,
}

/// The coefficient for a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The code of the programme.
    pub programme: String,
    /// The premium earned in the period.
    pub earned: Kopecks,
    /// The claims of the period.
    pub claims: Kopecks,
    /// The target loss ratio.
    pub target: Decimal,
    /// The coefficient that brings the claims to the target, rounded up to four decimals; `None` where no premium is earned.
    pub needed: Option<Decimal>,
    /// The lawful coefficient nearest to it and not below; `None` where there is none, where prices may stay, and without claims.
    pub coefficient: Option<Decimal>,
}

impl Proposal {
    /// The arithmetic in figures: `claims / (earned × target) = needed`.
    #[must_use]
    pub fn arithmetic(&self) -> String {
        let Self { earned, claims, target, needed, .. } = self;
        needed.map_or_else(String::new, |needed| format!("{claims} / ({earned} × {target}) = {needed}"))
    }
}

/// The proposals for the programmes with earned premium, in the order of the table.
pub(super) fn proposals(programmes: &Programmes, target: &TargetRatio) -> Vec<Proposal> {
    let proposal = |at: usize| {
        let programme = programmes.programme[at].clone().filter(|code| !code.is_empty())?;
        let [earned, claims] =
            [programmes.earned_in_period[at], programmes.claims[at]].map(|kopecks| Kopecks::new(kopecks.into()));
        let needed = needed_coefficient(claims, earned, target.ratio);
        // no claims are no reason for a price
        let has_claims = claims > Kopecks::ZERO;
        let coefficient = needed.filter(|_| has_claims).and_then(|needed| lawful_coefficient(needed, &target.lawful));
        Some(Proposal { programme, earned, claims, target: target.ratio, needed, coefficient })
    };
    (0..programmes.programme.len()).filter_map(proposal).collect()
}

/// `claims / (earned × target)`, rounded up to four decimals; `None` where no premium is earned, or for an absurdly large one.
fn needed_coefficient(claims: Kopecks, earned: Kopecks, target: Decimal) -> Option<Decimal> {
    if earned <= Kopecks::ZERO || target <= Decimal::ZERO {
        return None;
    }
    let claims = claims.max(Kopecks::ZERO).get();
    // target = mantissa / 10^scale
    let scale = 10_i128.checked_pow(target.scale())?;
    let numerator = claims.checked_mul(scale)?.checked_mul(10_i128.pow(DECIMALS))?;
    let divisor = earned.get().checked_mul(target.mantissa())?;
    let units = numerator / divisor + i128::from(numerator % divisor > 0);
    Decimal::try_from_i128_with_scale(units, DECIMALS).ok()
}

/// The lawful coefficient nearest to the needed one and not below it.
fn lawful_coefficient(needed: Decimal, lawful: &PriceChange) -> Option<Decimal> {
    if needed <= lawful.down.high {
        return Some(needed.max(lawful.down.low));
    }
    // between a fall and a rise prices stay
    (needed > Decimal::ONE && needed <= lawful.up.high).then_some(needed.max(lawful.up.low))
}

/// A loss ratio with four decimals, rounded half away from zero; `None` where no premium is earned.
#[must_use]
pub(super) fn ratio(claims: Kopecks, earned: Kopecks) -> Option<String> {
    let earned = earned.get();
    if earned <= 0 {
        return None;
    }
    let doubled = claims.get().unsigned_abs().checked_mul(2 * 10_u128.pow(DECIMALS))?;
    let units = (doubled / earned.unsigned_abs()).div_ceil(2);
    let sign = if claims < Kopecks::ZERO && units > 0 { "-" } else { "" };
    Some(format!("{sign}{}.{:04}", units / 10_000, units % 10_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tariff::Tariff;

    fn needed(claims: i128, earned: i128, target: &str) -> Option<String> {
        needed_coefficient(Kopecks::new(claims), Kopecks::new(earned), target.parse().unwrap())
            .map(|needed| needed.to_string())
    }

    #[test]
    fn the_needed_coefficient_brings_the_claims_to_the_target() {
        // 90.00 / (100.00 × 0.70) = 1.28571… → 1.2858; × 100.00 × 0.70 = 90.006 ≥ 90.00
        assert_eq!(needed(9_000, 10_000, "0.70").as_deref(), Some("1.2858"));
        assert_eq!(needed(7_000, 10_000, "0.7").as_deref(), Some("1.0000"));
        assert_eq!(needed(0, 10_000, "0.7").as_deref(), Some("0.0000"));
        assert_eq!(needed(-5, 10_000, "0.7").as_deref(), Some("0.0000"));
        assert_eq!((needed(5, 0, "0.7"), needed(5, 5, "0")), (None, None));
    }

    #[test]
    fn a_proposal_is_lawful_and_not_below_the_need() {
        let lawful = Tariff::base().price_change.value;
        let coefficient = |needed: &str| {
            lawful_coefficient(needed.parse().unwrap(), &lawful).map(|coefficient| coefficient.to_string())
        };
        for (needed, expected) in [
            ("0.0000", Some("0.1")),
            ("0.5123", Some("0.5123")),
            ("0.9000", Some("0.9000")),
            ("0.9001", None),
            ("1.0000", None),
            ("1.0001", Some("1.0001")),
            ("5.0000", Some("5.0000")),
            ("5.0001", None),
        ] {
            assert_eq!(coefficient(needed).as_deref(), expected, "{needed}");
        }
    }

    #[test]
    fn a_loss_ratio_has_four_decimals() {
        let ratio = |claims: i128, earned: i128| ratio(Kopecks::new(claims), Kopecks::new(earned));
        // 1 / 3; 2 / 3; 1 / 20000 = 0.00005 → 0.0001
        assert_eq!([ratio(1, 3), ratio(2, 3), ratio(1, 20_000)].map(Option::unwrap), ["0.3333", "0.6667", "0.0001"]);
        assert_eq!(ratio(1, 20_001).unwrap(), "0.0000");
        assert_eq!(ratio(-3, 2).unwrap(), "-1.5000");
        assert_eq!(ratio(5, 0), None);
    }
}
