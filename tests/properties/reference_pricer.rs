//! The reference pricer: prices each line by itself in rationals, from the formulas of the pricing rules.
//!
//! It shares only the numbers of the tariff with the program; bands, ages, days, choices and rounding are its own.

use jiff::civil::Date;
use kollektiv::tariff::Tariff;
use kollektiv::tariff::programme::{Base, ExclusionCoefficient};
use kollektiv::tariff::range::Range;
use num_rational::BigRational;
use rust_decimal::Decimal;

use super::generators::{Choice, Cover, Insured, Scenario};

/// A line's chosen rate, its days, and its premium in kopecks: lowest, chosen, highest.
#[derive(Debug, PartialEq, Eq)]
pub struct ReferenceLine {
    pub rate: String,
    pub days: u32,
    pub premium: [String; 3],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PricePoint {
    Low,
    Chosen,
    High,
}

/// Every line, in the order of the roster and then of the plan.
pub fn price(tariff: &Tariff, scenario: &Scenario) -> Vec<ReferenceLine> {
    let mut lines = Vec::new();
    for insured in &scenario.insured {
        for cover in &scenario.plans[insured.plan] {
            lines.push(line(tariff, scenario, insured, cover));
        }
    }
    lines
}

fn line(tariff: &Tariff, scenario: &Scenario, insured: &Insured, cover: &Cover) -> ReferenceLine {
    let first = insured.own_first.unwrap_or(scenario.start);
    let last = insured.own_last.unwrap_or(scenario.end);
    let days = days(first, last);
    let year_days = days_of_year_from(scenario.start);
    let sum_insured = integer(insured.own_sum.unwrap_or(cover.sum_insured)) / integer(100);
    let age = age(insured.birth, first);
    let [low, chosen, high] = [PricePoint::Low, PricePoint::Chosen, PricePoint::High].map(|point| {
        let rating = Rating { tariff, scenario, point };
        rating.rate(cover, age, insured.risk)
    });
    // premium = round( sum insured / 100 × rate × days of cover / days of the contract year , 2 )
    let premium = |rate: &BigRational| {
        let exact = &sum_insured / integer(100) * rate * integer(days.into()) / integer(year_days.into());
        (rounded(&exact, 2) * integer(100)).to_string()
    };
    ReferenceLine { premium: [premium(&low), premium(&chosen), premium(&high)], rate: decimal(chosen), days }
}

struct Rating<'s> {
    tariff: &'s Tariff,
    scenario: &'s Scenario,
    point: PricePoint,
}

impl Rating<'_> {
    // rate = base × headcount × age × risk × price change × additional services × exclusions × inclusions [× collective]
    fn rate(&self, cover: &Cover, age: u16, risk: usize) -> BigRational {
        let programme = &self.tariff.programmes[cover.programme];
        let children = self.tariff.child_bands.value.iter().position(|band| band.from <= age && age <= band.to);
        let base = match &programme.base {
            Base::Fixed(rate) => exact(*rate),
            Base::Range(range) => self.chosen_coefficient(*range, &cover.base_rate),
            Base::ByChildBand(rates) => exact(rates[children.unwrap()]),
        };
        let of_age = self.tariff.age.value.iter().find(|band| band.years.from <= age && age <= band.years.to);
        let mut rate = base * self.headcount() * exact(of_age.unwrap().coefficient);
        rate *= self.chosen_coefficient(self.tariff.risk.value[risk].range, &self.scenario.risk[risk]);
        for coefficient in cover.price_change.iter().chain(&cover.additional_services) {
            rate *= written(coefficient);
        }
        rate *= self.exclusions(cover, children);
        if let Some(inclusions) = &programme.inclusions {
            for place in &cover.include {
                rate *= exact(inclusions.value[*place].value.coefficient);
            }
        }
        if let Some(collective) = &programme.collective {
            rate *= exact(collective.value.coefficient);
        }
        rate
    }

    /// I9: the coefficient of the very set, or else the product of the single ones.
    fn exclusions(&self, cover: &Cover, children: Option<usize>) -> BigRational {
        let Some(exclusions) = &self.tariff.programmes[cover.programme].exclusions else { return integer(1) };
        let rows = &exclusions.value.rows;
        let mut excluded: Vec<_> = cover.exclude.iter().map(|(place, _)| rows[*place].service).collect();
        excluded.sort_unstable();
        for set in &exclusions.value.sets {
            let mut services = set.services.clone();
            services.sort_unstable();
            if services == excluded {
                return exact(set.coefficient);
            }
        }
        let mut product = integer(1);
        for (place, choice) in &cover.exclude {
            product *= match &rows[*place].coefficient {
                ExclusionCoefficient::Fixed(coefficient) => exact(*coefficient),
                ExclusionCoefficient::Range(range) => self.chosen_coefficient(*range, choice),
                ExclusionCoefficient::ByChildBand(columns) => exact(columns[children.unwrap()].unwrap()),
            };
        }
        product
    }

    /// I1 to I3: the headcount coefficient.
    fn headcount(&self) -> BigRational {
        let count = u32::try_from(self.scenario.insured.len()).unwrap();
        let bands = &self.tariff.headcount.value;
        let band = bands.iter().find(|band| band.from <= count && band.to.is_none_or(|to| count <= to)).unwrap();
        if self.scenario.headcount == Choice::Interpolate && self.point == PricePoint::Chosen {
            let [low, high] = [exact(band.range.low), exact(band.range.high)];
            let share = integer((count - band.from).into()) / integer((band.to.unwrap() - band.from).into());
            return rounded(&(&high - (&high - low) * share), 4);
        }
        self.chosen_coefficient(band.range, &self.scenario.headcount)
    }

    /// I2: the low end, the exact mean of the ends, the high end or a number; by default `ranges`, or else the mean.
    fn chosen_coefficient(&self, range: Range, choice: &Choice) -> BigRational {
        let [low, high] = [exact(range.low), exact(range.high)];
        let choice = if *choice == Choice::Default { &self.scenario.ranges } else { choice };
        match (self.point, choice) {
            (PricePoint::Low, _) | (PricePoint::Chosen, Choice::Word("low")) => low,
            (PricePoint::High, _) | (PricePoint::Chosen, Choice::Word("high")) => high,
            (PricePoint::Chosen, Choice::Number(number)) => written(number),
            (PricePoint::Chosen, _) => (low + high) / integer(2),
        }
    }
}

/// I4: completed years; a birthday on 29 February is on 1 March in a common year.
fn age(birth: Date, on: Date) -> u16 {
    let birthday =
        |year: i16| Date::new(year, birth.month(), birth.day()).unwrap_or_else(|_| Date::new(year, 3, 1).unwrap());
    (birth.year() + 1..=on.year()).filter(|year| birthday(*year) <= on).count().try_into().unwrap()
}

/// The number of days, both ends included.
pub fn days(first: Date, last: Date) -> u32 {
    let mut days = 1;
    let mut day = first;
    while day < last {
        day = day.tomorrow().unwrap();
        days += 1;
    }
    days
}

/// I15: the days from the start to the same day of the next year, exclusive; 28 February for 29 February.
pub fn days_of_year_from(start: Date) -> u32 {
    let next = Date::new(start.year() + 1, start.month(), start.day());
    let next = next.unwrap_or_else(|_| Date::new(start.year() + 1, 2, 28).unwrap());
    days(start, next) - 1
}

pub fn integer(number: u64) -> BigRational {
    BigRational::from_integer(number.into())
}

fn exact(decimal: Decimal) -> BigRational {
    written(&decimal.to_string())
}

/// The exact value of a decimal.
pub fn written(text: &str) -> BigRational {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{fraction}/1{}", "0".repeat(fraction.len())).parse().unwrap()
}

/// Rounds a number that is not negative to this number of decimals, the half away from zero.
pub fn rounded(number: &BigRational, decimals: u32) -> BigRational {
    let scale = integer(10_u64.pow(decimals));
    (number * &scale + integer(1) / integer(2)).floor() / scale
}

/// All digits of a finite decimal.
pub fn decimal(mut number: BigRational) -> String {
    let mut decimals = 0;
    while !number.is_integer() {
        number *= integer(10);
        decimals += 1;
    }
    let digits = format!("{:0>width$}", number.to_string(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    if decimals == 0 { digits } else { format!("{whole}.{fraction}") }
}
