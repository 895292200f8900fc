//! Aiming: where in the tariff's ranges a contract must stand to cost so much.
//!
//! One dial turns every lever that may move: at 0 all are at the low ends of their ranges, at 1 at the high ends, and in
//! between each has gone the same share of its own range. A coefficient has four decimals (`I2`), so that the dial moves by
//! steps, one coefficient by 0.0001 at a time; the premium never falls on the way. The answer is the step whose premium is
//! nearest to the aim, and the lower of two that are equally near.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::desk::exposure::Exposure;
use crate::desk::range_factor::Standing;
use crate::quote::contract::Contract;

/// Where a contract stands after aiming, and what it costs there.
#[derive(Debug, Clone)]
pub struct Target {
    /// The premium that was aimed at.
    pub aim: Kopecks,
    /// The premium that the contract really has there.
    pub premium: Kopecks,
    /// The lowest and the highest premium that the levers reach.
    pub reach: (Kopecks, Kopecks),
    /// The levers that could move, each with the coefficient where it stands now.
    pub moved: Vec<(Standing, Decimal)>,
    /// How far the dial is turned, in ten-thousandths.
    pub dial: u32,
    /// The contract, with its choices where they must be.
    pub contract: Contract,
}

/// What aiming comes to.
#[derive(Debug, Clone)]
pub enum Aimed {
    /// The aim is inside what the levers reach.
    Reached(Box<Target>),
    /// The aim is outside: the lowest and the highest premium that they reach.
    Outside {
        /// Every lever at the low end.
        lowest: Kopecks,
        /// Every lever at the high end.
        highest: Kopecks,
    },
}

/// Turns the levers of a contract until it costs as near to `aim` as they allow; the others stay where they are.
///
/// # Errors
///
/// As [`Exposure::premium`].
pub fn target(mix: &Exposure<'_>, contract: &Contract, levers: &[Standing], aim: Kopecks) -> Result<Aimed, Error> {
    let dial = CoefficientPath::new(levers);
    let at = |turn: usize| {
        let mut contract = contract.clone();
        for (standing, step) in levers.iter().zip(dial.steps(turn)) {
            standing.lever.set(&mut contract, standing.at(step));
        }
        mix.premium(&contract).map(|premium| (premium, contract))
    };
    let (lowest, highest) = (at(0)?.0, at(dial.turns.len())?.0);
    if aim < lowest || aim > highest {
        return Ok(Aimed::Outside { lowest, highest });
    }
    // the first turn that costs at least the aim
    let (mut below, mut reached) = (0, dial.turns.len());
    while below < reached {
        let middle = below + (reached - below) / 2;
        if at(middle)?.0 < aim {
            below = middle + 1;
        } else {
            reached = middle;
        }
    }
    let (above, before) = (at(reached)?, reached.checked_sub(1).map(at).transpose()?);
    let (turn, (premium, contract)) = match before {
        Some(before) if aim - before.0 <= above.0 - aim => (reached - 1, before),
        _ => (reached, above),
    };
    let moved = levers.iter().cloned().zip(dial.steps(turn)).map(|(standing, step)| {
        let coefficient = standing.at(step);
        (standing, coefficient)
    });
    let moved = moved.collect();
    Ok(Aimed::Reached(Box::new(Target {
        aim,
        premium,
        reach: (lowest, highest),
        moved,
        dial: dial.share(turn),
        contract,
    })))
}

/// Every step of every lever, in the order in which the dial makes them.
struct CoefficientPath {
    /// How many steps each lever has.
    lengths: Vec<u32>,
    /// The lever that moves at each turn, and the step to which it comes.
    turns: Vec<(usize, u32)>,
}

impl CoefficientPath {
    fn new(levers: &[Standing]) -> Self {
        let lengths: Vec<u32> = levers.iter().map(Standing::steps).collect();
        let mut turns: Vec<(usize, u32)> = lengths
            .iter()
            .enumerate()
            .flat_map(|(lever, length)| (1..=*length).map(move |step| (lever, step)))
            .collect();
        turns.sort_by(|one, other| {
            share_order((one.1, lengths[one.0]), (other.1, lengths[other.0])).then(one.cmp(other))
        });
        Self { lengths, turns }
    }

    /// The step of each lever after so many turns.
    fn steps(&self, turns: usize) -> Vec<u32> {
        let mut steps = vec![0; self.lengths.len()];
        for (lever, step) in &self.turns[..turns] {
            steps[*lever] = *step;
        }
        steps
    }

    /// The share of its range that the last lever to move has gone, in ten-thousandths.
    fn share(&self, turns: usize) -> u32 {
        turns.checked_sub(1).map_or(0, |last| {
            let (lever, step) = self.turns[last];
            let share = u64::from(step) * 10_000 / u64::from(self.lengths[lever]);
            u32::try_from(share).unwrap_or(10_000)
        })
    }
}

/// Which of two shares of a whole is the smaller.
fn share_order(one: (u32, u32), other: (u32, u32)) -> Ordering {
    (u64::from(one.0) * u64::from(other.1)).cmp(&(u64::from(other.0) * u64::from(one.1)))
}
