//! Money on every day of random lives of a contract, against sums that are worked out anew for each day (`I50`, `I52`, `I54`).

use jiff::ToSpan;
use jiff::civil::{Date, date};
use kollektiv::base::calendar::{Period, days_since_1970};
use kollektiv::base::money::Kopecks;
use kollektiv::portfolio::premium::arrears::Arrears;
use kollektiv::portfolio::premium::charge::{Charge, ChargeSchedule, PremiumChange};
use kollektiv::portfolio::premium::earned::EarnedPremium;
use num_rational::BigRational;
use proptest::collection::vec;
use proptest::prelude::*;

use super::cases;

const FIRST: Date = date(2026, 1, 1);
const LAST: Date = date(2026, 12, 31);

/// What happens to the premium of a contract in a run.
#[derive(Debug, Clone)]
enum Step {
    /// Insured join and leave: from a day of the year to another, with what that adds or takes.
    Change(Vec<(i64, i64, i128)>),
    /// A price change from a day on.
    Reprice(i64, i128),
    /// An earlier run is annulled.
    Annul(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let change = (0_i64..360, 0_i64..365, -40_000_i128..60_000);
    prop_oneof![
        4 => vec(change, 1..4).prop_map(Step::Change),
        2 => (1_i64..365, -20_000_i128..50_000).prop_map(|(day, amount)| Step::Reprice(day, amount)),
        1 => (0_usize..6).prop_map(Step::Annul),
    ]
}

fn day(number: i64) -> Date {
    FIRST.checked_add(number.days()).unwrap()
}

/// The charges of a life, and its written premium after every run.
fn charges(quarters: usize, bound: &[i128], steps: &[Step]) -> (Vec<Charge>, Vec<i128>) {
    let starts: Vec<Date> = (0..quarters).map(|at| day(i64::try_from(at * 360 / quarters).unwrap())).collect();
    let ends = starts.iter().skip(1).map(|start| start.yesterday().unwrap()).chain([LAST]);
    let periods: Vec<Period> =
        starts.iter().zip(ends).map(|(first, last)| Period::new(*first, last).unwrap()).collect();
    let mut schedule = ChargeSchedule::new(&periods);
    let amounts: Vec<Kopecks> = periods.iter().zip(bound).map(|(_, amount)| Kopecks::new(*amount)).collect();
    schedule.bind(1, &amounts);
    let mut written: i128 = amounts.iter().map(|amount| amount.get()).sum();
    let mut after = vec![written];
    let mut annulled = Vec::new();
    for (run, step) in (2_i64..).zip(steps) {
        match step {
            Step::Change(changes) => {
                let changes = changes.iter().map(|(from, last, amount)| PremiumChange {
                    from: day(*from),
                    last: day((*last).max(*from)),
                    amount: Kopecks::new(*amount),
                });
                let changes: Vec<PremiumChange> = changes.filter(|change| change.amount != Kopecks::ZERO).collect();
                written += changes.iter().map(|change| change.amount.get()).sum::<i128>();
                schedule.change(run, &changes);
            }
            Step::Reprice(from, amount) => {
                written += amount;
                schedule.reprice(run, day(*from), Kopecks::new(*amount));
            }
            Step::Annul(at) => {
                let of = 2 + i64::try_from(*at).unwrap();
                if of < run && !annulled.contains(&of) && !matches!(steps[*at], Step::Annul(_)) {
                    annulled.push(of);
                    let taken = schedule.booked_by(of);
                    let rest = PremiumChange { from: FIRST, last: LAST, amount: Kopecks::new(-taken.get()) };
                    schedule.annul(run, of, None, rest);
                    written -= taken.get();
                }
            }
        }
        after.push(written);
    }
    (schedule.charges(), after)
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn i50_i52_charges_add_up_and_arrears_and_credits_are_right_on_every_day(
        quarters in 1_usize..6,
        bound in vec(1_i128..200_000, 6),
        steps in vec(step(), 0..7),
        payments in vec((0_i64..420, -30_000_i128..90_000), 0..9),
    ) {
        let (charges, written) = charges(quarters, &bound, &steps);
        for (run, written) in (1_i64..).zip(&written) {
            let until: i128 = charges.iter().filter(|charge| charge.run <= run).map(|charge| charge.amount.get()).sum();
            prop_assert_eq!(until, *written, "after run {}", run);
        }
        for on in (-40..600).map(day) {
            let due = |until: Date| charges.iter().filter(move |charge| charge.due <= until);
            let paid: i128 = payments.iter().filter(|(at, _)| day(*at) <= on).map(|(_, amount)| *amount).sum();
            // more is never reversed than was paid
            let paid = paid.max(0);
            let arrears = Arrears::settle(&charges, Kopecks::new(paid), on);
            // the net charge of each day: above 0 it is owed, below 0 it pays
            let mut days: Vec<Date> = due(on).map(|charge| charge.due).collect();
            days.sort();
            days.dedup();
            let net = |of: Date| -> i128 {
                charges.iter().filter(|charge| charge.due == of).map(|charge| charge.amount.get()).sum()
            };
            let funds = paid - days.iter().map(|of| net(*of).min(0)).sum::<i128>();
            let unpaid = |until: Date| -> i128 {
                (days.iter().filter(|of| **of <= until).map(|of| net(*of).max(0)).sum::<i128>() - funds).max(0)
            };
            let before = |days: i64| on.checked_sub(days.days()).unwrap();
            let [today, month, two, three] = [1, 31, 61, 91].map(|age| unpaid(before(age)));
            let ages = [today - month, month - two, two - three, three].map(Kopecks::new);
            prop_assert_eq!(arrears.ages(on), ages, "on {}", on);
            prop_assert_eq!(arrears.outstanding().get(), unpaid(on), "on {}", on);
            let owed: i128 = days.iter().map(|of| net(*of).max(0)).sum();
            prop_assert_eq!(arrears.credit.get(), (funds - owed).max(0), "on {}", on);
            // what is due and not paid is owed, or it is credited
            let charged: i128 = due(on).map(|charge| charge.amount.get()).sum();
            prop_assert_eq!(charged - paid, arrears.outstanding().get() - arrears.credit.get());
        }
    }

    #[test]
    fn i54_earned_and_unearned_are_the_written_premium_on_every_day(
        lines in vec((0_i64..365, 0_i64..365, 0_i128..5_000_000), 1..12),
    ) {
        let lines: Vec<(Date, Date, i128)> =
            lines.iter().map(|(first, last, premium)| (day(*first), day((*last).max(*first)), *premium)).collect();
        let written: i128 = lines.iter().map(|(.., premium)| premium).sum();
        let whole = |number: i128| BigRational::from_integer(number.into());
        let days = |first: Date, last: Date| i128::from(days_since_1970(last) - days_since_1970(first) + 1);
        let mut before = 0;
        for on in (-3..370).map(day) {
            let mut earned = EarnedPremium::on(days_since_1970(on));
            let mut exact = whole(0);
            for (first, last, premium) in &lines {
                earned.add(Kopecks::new(*premium), days_since_1970(*first), days_since_1970(*last));
                let gone = if on < *first { 0 } else { days(*first, on.min(*last)) };
                exact += whole(*premium) * whole(gone) / whole(days(*first, *last));
            }
            let rounded = (exact + BigRational::new(1.into(), 2.into())).floor();
            let earned = earned.rounded().get();
            prop_assert_eq!(whole(earned), rounded, "on {}", on);
            let unearned = written - earned;
            prop_assert!(earned >= before && unearned >= 0, "{} earned, {} unearned on {}", earned, unearned, on);
            before = earned;
        }
        prop_assert_eq!(before, written, "all is earned at the end");
    }
}
