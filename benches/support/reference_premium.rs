//! The reference premium of a collective: line by line, in fractions, from the tables of the tariff.
//!
//! It shares no cube, no prepared rate and no fixed-width integer with the program, so that equal kopecks prove these right. It prices what the contract of [`collective`](super::collective) contains.

use jiff::civil::Date;
use kollektiv::pricing::terms::Cover;
use kollektiv::quote::contract::Contract;
use kollektiv::tariff::Tariff;
use kollektiv::tariff::programme::{Base, ExclusionCoefficient};
use num_rational::BigRational;
use rust_decimal::Decimal;

use crate::collective::{Collective, END, Member, START};

/// The premium of a collective in roubles with two decimals.
///
/// # Panics
///
/// If the contract has a term that the reference does not price.
pub fn premium(contract: &Contract, tariff: &Tariff, collective: Collective) -> String {
    let headcount = collective.len();
    let mut kopecks = fraction(Decimal::ZERO);
    for member in collective {
        let first_day = member.start.unwrap_or(START);
        let days = days(first_day, member.end.unwrap_or(END)) + 1;
        let year = days_of_year(contract);
        for cover in &contract.terms.plans[member.plan].covers {
            let rate = rate(contract, tariff, cover, &member, headcount);
            let hundreds =
                fraction(Decimal::from_i128_with_scale(cover.sum_insured.get(), 2)) / fraction(Decimal::ONE_HUNDRED);
            let roubles = rate * hundreds * fraction(days.into()) / fraction(year.into());
            // half away from zero: no amount is negative
            kopecks += (roubles * fraction(Decimal::ONE_HUNDRED) + fraction(Decimal::new(5, 1))).floor();
        }
    }
    let digits = format!("{:0>3}", kopecks.to_integer().to_string());
    let (roubles, kopecks) = digits.split_at(digits.len() - 2);
    format!("{roubles}.{kopecks}")
}

fn rate(contract: &Contract, tariff: &Tariff, cover: &Cover, member: &Member, headcount: usize) -> BigRational {
    let programme = &tariff.programmes[cover.programme];
    let Base::Fixed(base) = programme.base else { panic!("programme {} has no fixed base rate", programme.code) };
    let age = age(member.birth_date, member.start.unwrap_or(START));
    let of_age = tariff.age.value.iter().filter(|band| (band.years.from..=band.years.to).contains(&age));
    let of_headcount = tariff.headcount.value.iter().rev().find(|band| band.from as usize <= headcount);
    let group =
        tariff.risk.value.iter().find(|row| row.group == member.risk_group).expect("every group is in the table");
    let mut coefficients = vec![
        base,
        // `headcount = "low"`
        of_headcount.expect("the first band begins at one").range.low,
        of_age.map(|band| band.coefficient).next().expect("all insured are younger than 80"),
        contract.terms.choices.risk(member.risk_group, group.range).coefficient,
    ];
    coefficients.extend(cover.price_change);
    coefficients.extend(cover.additional_services.as_ref().map(|services| services.coefficient));
    assert!(cover.exclude.len() < 2, "two exclusions could be one of the tariff's sets");
    for excluded in &cover.exclude {
        let row = programme.exclusions.as_ref().and_then(|table| table.value.row(excluded.service));
        match row.map(|row| &row.coefficient) {
            Some(ExclusionCoefficient::Fixed(coefficient)) => coefficients.push(*coefficient),
            other => panic!("no fixed coefficient: {other:?}"),
        }
    }
    for included in &cover.include {
        let rows = programme.inclusions.iter().flat_map(|table| &table.value);
        coefficients.extend(rows.filter(|row| row.service == *included).map(|row| row.value.coefficient));
    }
    coefficients.into_iter().map(fraction).product()
}

/// Completed years: the number of birthdays after the birth up to the day, inclusive.
fn age(birth: Date, day: Date) -> u16 {
    let birthdays = (1..200).take_while(|years| {
        // the birthday of 29 February is 1 March in a common year
        let birthday = Date::new(birth.year() + years, birth.month(), birth.day())
            .or_else(|_| Date::new(birth.year() + years, 3, 1))
            .expect("1 March is in every year");
        birthday <= day
    });
    u16::try_from(birthdays.count()).expect("fewer than 200")
}

fn days_of_year(contract: &Contract) -> i32 {
    let (start, _) = contract.days();
    days(start, Date::new(start.year() + 1, start.month(), start.day()).expect("the contract starts on no 29 February"))
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).expect("both are days of the calendar").get_days()
}

fn fraction(decimal: Decimal) -> BigRational {
    let ten_to_scale = format!("1{}", "0".repeat(decimal.scale() as usize));
    format!("{}/{ten_to_scale}", decimal.mantissa()).parse().expect("a whole number over a whole number")
}
