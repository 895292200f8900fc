//! The choices in the tariff's ranges at which a contract costs a target premium.
//!
//! All free ranges move together from their low ends to their high ends, each by the same share of its own width. A coefficient
//! has four decimals (`I2`), so the path is a sequence of steps of 0.0001, one coefficient at a time, along which the premium never
//! falls. The result is the step whose premium is nearest to the target; of two equally near the cheaper.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::desk::exposure::Exposure;
use crate::desk::range_factor::RangePosition;
use crate::quote::contract::Contract;

/// A contract moved to a target premium.
#[derive(Debug, Clone)]
pub struct TargetChoices {
    /// The premium that was asked for.
    pub target: Kopecks,
    /// The premium that the choices give; it differs from the target by less than the last step of a coefficient moves it.
    pub premium: Kopecks,
    /// The lowest and the highest premium that the free ranges allow.
    pub reach: (Kopecks, Kopecks),
    /// The free ranges at their positions before, each with its new coefficient.
    pub moved: Vec<(RangePosition, Decimal)>,
    /// The share of the path from the low ends to the high ends, in ten-thousandths.
    pub share_per_10_000: u32,
    /// The contract with the new choices.
    pub contract: Contract,
}

/// Whether a target premium can be reached.
#[derive(Debug, Clone)]
pub enum TargetOutcome {
    /// The target is between the lowest and the highest premium.
    Reached(Box<TargetChoices>),
    /// The free ranges do not allow the target.
    OutOfReach {
        /// The premium with every free range at its low end.
        lowest: Kopecks,
        /// The premium with every free range at its high end.
        highest: Kopecks,
    },
}

/// Moves the `free` ranges of a contract until its premium is nearest to the target; all other ranges keep their coefficients.
///
/// # Errors
///
/// As [`Exposure::premium`].
pub fn solve_target(
    exposure: &Exposure<'_>,
    contract: &Contract,
    free: &[RangePosition],
    target: Kopecks,
) -> Result<TargetOutcome, Error> {
    let path = CoefficientPath::new(free);
    let price_after = |steps: usize| {
        let mut contract = contract.clone();
        for (position, step) in free.iter().zip(path.positions(steps)) {
            position.factor.set(&mut contract, position.coefficient_at(step));
        }
        exposure.premium(&contract).map(|premium| (premium, contract))
    };
    let (lowest, highest) = (price_after(0)?.0, price_after(path.steps.len())?.0);
    if target < lowest || target > highest {
        return Ok(TargetOutcome::OutOfReach { lowest, highest });
    }
    // binary search for the first step that costs at least the target
    let (mut below, mut reached) = (0, path.steps.len());
    while below < reached {
        let middle = below + (reached - below) / 2;
        if price_after(middle)?.0 < target {
            below = middle + 1;
        } else {
            reached = middle;
        }
    }
    let (above, before) = (price_after(reached)?, reached.checked_sub(1).map(price_after).transpose()?);
    let (steps, (premium, contract)) = match before {
        Some(before) if target - before.0 <= above.0 - target => (reached - 1, before),
        _ => (reached, above),
    };
    let coefficients = free.iter().zip(path.positions(steps)).map(|(position, step)| position.coefficient_at(step));
    let moved = free.iter().cloned().zip(coefficients).collect();
    let (reach, share_per_10_000) = ((lowest, highest), path.share_per_10_000(steps));
    Ok(TargetOutcome::Reached(Box::new(TargetChoices { target, premium, reach, moved, share_per_10_000, contract })))
}

/// The steps of all free ranges, ordered by the share of the own range that each completes.
struct CoefficientPath {
    /// The number of steps of each range.
    lengths: Vec<u32>,
    /// For each step of the path the index of the range that moves, and the step of the range after it.
    steps: Vec<(usize, u32)>,
}

impl CoefficientPath {
    fn new(positions: &[RangePosition]) -> Self {
        let lengths: Vec<u32> = positions.iter().map(RangePosition::steps).collect();
        let of_range = |(range, length): (usize, &u32)| (1..=*length).map(move |step| (range, step));
        let mut steps: Vec<(usize, u32)> = lengths.iter().enumerate().flat_map(of_range).collect();
        steps.sort_by(|one, other| {
            share_order((one.1, lengths[one.0]), (other.1, lengths[other.0])).then(one.cmp(other))
        });
        Self { lengths, steps }
    }

    /// The step of each range after `count` steps of the path.
    fn positions(&self, count: usize) -> Vec<u32> {
        let mut positions = vec![0; self.lengths.len()];
        for (range, step) in &self.steps[..count] {
            positions[*range] = *step;
        }
        positions
    }

    /// The share of its own range that the last range to move has completed after `count` steps, in ten-thousandths.
    fn share_per_10_000(&self, count: usize) -> u32 {
        count.checked_sub(1).map_or(0, |last| {
            let (range, step) = self.steps[last];
            let share = u64::from(step) * 10_000 / u64::from(self.lengths[range]);
            u32::try_from(share).unwrap_or(10_000)
        })
    }
}

/// Compares two fractions (numerator, denominator) exactly.
fn share_order(one: (u32, u32), other: (u32, u32)) -> Ordering {
    (u64::from(one.0) * u64::from(other.1)).cmp(&(u64::from(other.0) * u64::from(one.1)))
}
