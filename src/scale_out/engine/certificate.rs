//! A certificate of roundings: the sums of some lines, from which it follows that each of them is rounded right.

use num_bigint::BigInt;

use crate::scale_out::engine::limbs::{LIMB, LOW_END, Limbs};

/// The sums of lines of one rate.
///
/// Of each line an engine computes `rest = of_days × high + unit + ⌊of_days × low / 10^18⌋ − 2 × unit × step` and the remainders of the inner
/// division, in limbs. Where the rest of every line is from 0 to below 2 × unit, each `step` is the rounded premium; that the sums satisfy the
/// same equation as the lines proves the rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    /// The number of lines.
    pub lines: i128,
    /// The doubled products of kopecks and days.
    pub of_days: i128,
    /// The premiums in kopecks, without sign.
    pub step: i128,
    /// The least rest.
    pub least: i128,
    /// The largest rest.
    pub most: i128,
    /// The sum of the rests.
    pub rest: i128,
    /// The sums of the remainders below: of the digits from the twelfth on, from the sixth on, and of the rest of them.
    pub below: [i128; 3],
}

impl Certificate {
    /// Whether every premium is the exact premium of its line, rounded half away from zero.
    #[must_use]
    pub fn proves(&self, rate: &Limbs) -> bool {
        let whole = |value: i128| BigInt::from(value);
        let (limb, low_end) = (whole(LIMB.into()), whole(LOW_END.into()));
        let [third, second, first] = self.below.map(whole);
        let below = (third * &limb + second) * &limb + first;
        let (lines, unit) = (whole(self.lines), whole(rate.unit));
        let digits = whole(rate.high) * &low_end + whole(rate.low.into());
        let exact = digits * whole(self.of_days) + &lines * &unit * &low_end;
        let rounded = (&unit * 2 * whole(self.step) + whole(self.rest)) * &low_end + &below;
        let is_within = 0 <= self.least && whole(self.most) < &unit * 2;
        let is_below = self.below.iter().all(|sum| *sum >= 0) && below <= lines * (low_end - 1);
        exact == rounded && is_within && is_below
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::money::Rate;

    const LOW: i128 = LOW_END as i128;

    /// The certificate of lines, as an engine computes it with 38 digits; `add` is added to the premium of the first.
    fn certificate(rate: &Limbs, lines: &[i128], add: i128) -> Certificate {
        let (mut sums, mut first) = (None::<Certificate>, add);
        for doubled in lines {
            let low = doubled * i128::from(rate.low);
            let top = doubled * rate.high + rate.unit + low / LOW;
            let step = top / (2 * rate.unit) + std::mem::take(&mut first);
            let rest = top - 2 * rate.unit * step;
            let of_line = Certificate {
                lines: 1,
                of_days: *doubled,
                step,
                least: rest,
                most: rest,
                rest,
                below: [0, 0, low % LOW],
            };
            sums = Some(sums.map_or(of_line, |sums| Certificate {
                lines: sums.lines + 1,
                of_days: sums.of_days + of_line.of_days,
                step: sums.step + step,
                least: sums.least.min(rest),
                most: sums.most.max(rest),
                rest: sums.rest + rest,
                below: [0, 0, sums.below[2] + of_line.below[2]],
            }));
        }
        sums.unwrap()
    }

    #[test]
    fn a_kopeck_on_one_line_of_many_is_found() {
        let rate = Limbs::new(&Rate::parse("0.4455100093600840126").unwrap(), 365).unwrap();
        let lines: Vec<i128> = (0..500).map(|at| 2 * (100 + 977 * at) * (1 + at % 365)).collect();
        assert!(certificate(&rate, &lines, 0).proves(&rate));
        assert!(!certificate(&rate, &lines, 1).proves(&rate));
        assert!(!certificate(&rate, &lines, -1).proves(&rate));
        let other = Limbs::new(&Rate::parse("0.4455100093600840127").unwrap(), 365).unwrap();
        assert!(!certificate(&rate, &lines, 0).proves(&other), "another rate");
        let mut forged = certificate(&rate, &lines, 1);
        forged.least = 0;
        forged.most = 2 * rate.unit - 1;
        assert!(forged.proves(&rate), "only the rests of the lines bound the sum");
        forged.of_days += 1;
        assert!(!forged.proves(&rate));
    }
}
