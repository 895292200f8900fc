//! The reading of `[[plan.cover]]`: a programme, its sum insured, and everything that changes its rate.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use crate::base::messages::{Message, listed};
use crate::base::money::{Kopecks, MAX_SUM_INSURED};
use crate::base::source_file::{Faults, Spanned};
use crate::base::toml_file::{AnyValue, Number, Table, as_number, as_text, in_table};
use crate::pricing::choice::RangeChoice;
use crate::pricing::terms::{AdditionalServices, Cover, Excluded};
use crate::quote::contract::choice::{choice_in, coefficient, outside};
use crate::tariff::Tariff;
use crate::tariff::programme::{Base, ExclusionCoefficient, Programme, ServiceId};

/// The cover of a table; its programme is added to `programmes`, whatever else is wrong with the cover.
pub(super) fn cover(table: &mut Table<'_>, tariff: &Tariff, programmes: &mut Vec<Spanned<usize>>) -> Option<Cover> {
    cover_with(table, tariff, programmes, |table| {
        let faults = table.faults();
        table.needed_number("sum_insured").and_then(|at| lawful_sum(at, faults))
    })
}

/// The cover of a table that has no sum insured, because only its rate is asked for.
pub(crate) fn cover_without_sum(table: &mut Table<'_>, tariff: &Tariff) -> Option<Cover> {
    cover_with(table, tariff, &mut Vec::new(), |_| Some(Kopecks::ZERO))
}

fn cover_with<'d>(
    table: &mut Table<'d>,
    tariff: &Tariff,
    programmes: &mut Vec<Spanned<usize>>,
    sum_insured: impl FnOnce(&mut Table<'d>) -> Option<Kopecks>,
) -> Option<Cover> {
    let faults = table.faults();
    let programme = table.needed_text("programme").and_then(|code| known_programme(code, tariff, faults));
    let sum_insured = sum_insured(table);
    let price_change = table.number("price_change").and_then(|at| price_change(at, tariff, faults));
    let additional_services = table.any("additional_services").and_then(|value| additional(value, tariff, faults));
    let Some(at) = programme else {
        // without the programme nothing else can be checked, but these keys are known
        for key in ["exclude", "include", "base_rate"] {
            table.any(key);
        }
        return None;
    };
    let index = at.value;
    programmes.push(at);
    let programme = &tariff.programmes[index];
    let exclude: Vec<Spanned<Excluded>> =
        table.list("exclude", |value, faults| excluded(value, programme, tariff, faults));
    check_exclusions(&exclude, tariff, faults);
    let include: Vec<Spanned<ServiceId>> =
        table.list("include", |value, faults| included(value, programme, tariff, faults));
    check_inclusions(&include, tariff, faults);
    let base_rate = table.any("base_rate").and_then(|value| base_rate(value, programme, faults));
    Some(Cover {
        programme: index,
        sum_insured: sum_insured?,
        base_rate,
        exclude: exclude.into_iter().map(|at| at.value).collect(),
        include: include.into_iter().map(|at| at.value).collect(),
        price_change,
        additional_services,
    })
}

/// The programme of a code in any spelling; an unknown code is a fault that lists the codes of the edition.
pub(crate) fn known_programme(code: Spanned<String>, tariff: &Tariff, faults: &Faults) -> Option<Spanned<usize>> {
    let found = tariff.programme(&code.value);
    if found.is_none() {
        let known = listed(tariff.programmes.iter().map(|programme| &programme.code));
        faults
            .add(code.span.clone(), Message::new("programme-unknown").with("code", &*code.value).with("known", known));
    }
    Some(Spanned { value: found?, span: code.span })
}

/// More than 0, at most 10¹² RUB, at most two decimals (`I17`).
fn lawful_sum(at: Spanned<Number>, faults: &Faults) -> Option<Kopecks> {
    let written = at.value.to_string();
    if let Some((whole, "000")) = written.split_once('.').filter(|(whole, _)| (1..=3).contains(&whole.len())) {
        let message = Message::new("sum-insured-point").with("thousands", format!("sum_insured = {whole}000"));
        faults.add(at.span, message.with("roubles", format!("sum_insured = {whole}")));
        return None;
    }
    let sum = at.value.exactly().and_then(Kopecks::from_roubles);
    let sum = sum.filter(|sum| *sum > Kopecks::ZERO && *sum <= MAX_SUM_INSURED);
    if sum.is_none() {
        faults.add(at.span, Message::new("sum-insured-bounds").with("limit", MAX_SUM_INSURED));
    }
    sum
}

/// A coefficient of a price change that §2.3 allows (`I13`), with at most four decimals.
pub(crate) fn price_change(at: Spanned<Number>, tariff: &Tariff, faults: &Faults) -> Option<Decimal> {
    let rule = &tariff.price_change;
    if !rule.value.contains(at.value.near()) {
        let message = Message::new("price-change-outside")
            .with("number", at.value.to_string())
            .with("up", rule.value.up.to_string())
            .with("down", rule.value.down.to_string())
            .with("clause", &*rule.clause);
        faults.add(at.span, message);
        return None;
    }
    coefficient(at, faults)
}

/// Additional services: the bare coefficient, or a table with the coefficient and what was chosen (`I14`, `I74`).
fn additional(value: AnyValue<'_>, tariff: &Tariff, faults: &Faults) -> Option<AdditionalServices> {
    if !value.get_ref().is_table() {
        let coefficient = additional_coefficient(as_number(value, faults)?, tariff, faults)?;
        return Some(AdditionalServices { coefficient, services: None });
    }
    in_table(value, faults, |table| {
        let coefficient = table.needed_number("coefficient");
        let coefficient = coefficient.and_then(|at| additional_coefficient(at, tariff, faults));
        let services = table.needed_text("services")?.value;
        Some(AdditionalServices { coefficient: coefficient?, services: Some(services) })
    })
}

fn additional_coefficient(at: Spanned<Number>, tariff: &Tariff, faults: &Faults) -> Option<Decimal> {
    let rule = &tariff.additional_services;
    if !rule.value.contains(at.value.near()) {
        faults.add(at.span, outside(&at.value, rule.value, &rule.clause));
        return None;
    }
    coefficient(at, faults)
}

fn base_rate(value: AnyValue<'_>, programme: &Programme, faults: &Faults) -> Option<RangeChoice> {
    let Base::Range(range) = programme.base else {
        faults.add(
            value.span(),
            Message::new("base-rate-fixed").with("programme", &*programme.code).with("clause", &*programme.clause),
        );
        return None;
    };
    choice_in(value, range, &programme.clause, faults)
}

/// An excluded service: its code, or a table with the code and the choice in its range.
fn excluded<'d>(
    value: AnyValue<'d>,
    programme: &Programme,
    tariff: &Tariff,
    faults: &'d Faults,
) -> Option<Spanned<Excluded>> {
    if !value.get_ref().is_table() {
        let service = excludable(as_text(value, faults)?, programme, tariff, faults)?;
        return Some(Spanned { value: Excluded { service, choice: None }, span: value.span() });
    }
    let excluded = in_table(value, faults, |table| {
        let service = table.needed_text("service").and_then(|code| excludable(code, programme, tariff, faults));
        let value = table.needed("coefficient");
        let service = service?;
        let exclusions = programme.exclusions.as_ref()?;
        let clause = &*exclusions.clause;
        let choice = match (&exclusions.value.row(service)?.coefficient, value?) {
            (ExclusionCoefficient::Range(range), value) => choice_in(value, *range, clause, faults)?,
            (_, value) => {
                let message = Message::new("exclusion-fixed").with("service", tariff.service_codes([service])[0]);
                faults.add(value.span(), message.with("programme", &*programme.code).with("clause", clause));
                return None;
            }
        };
        Some(Excluded { service, choice: Some(choice) })
    })?;
    Some(Spanned { value: excluded, span: value.span() })
}

/// A service that the programme's table of exclusions lists.
fn excludable(code: Spanned<String>, programme: &Programme, tariff: &Tariff, faults: &Faults) -> Option<ServiceId> {
    let listed_services = programme.exclusions.iter().flat_map(|table| table.value.rows.iter().map(|row| row.service));
    let clause = programme.exclusions.as_ref().map(|table| table.clause.as_str());
    one_of_services(code, listed_services, clause, "exclusion", programme, tariff, faults)
}

fn included(
    value: AnyValue<'_>,
    programme: &Programme,
    tariff: &Tariff,
    faults: &Faults,
) -> Option<Spanned<ServiceId>> {
    let listed_services = programme.inclusions.iter().flat_map(|table| table.value.iter().map(|row| row.service));
    let clause = programme.inclusions.as_ref().map(|table| table.clause.as_str());
    let service =
        one_of_services(as_text(value, faults)?, listed_services, clause, "inclusion", programme, tariff, faults)?;
    Some(Spanned { value: service, span: value.span() })
}

/// The service of a code, if it is one of those that the tariff lists for the programme (`I10`).
fn one_of_services(
    code: Spanned<String>,
    services: impl Iterator<Item = ServiceId>,
    clause: Option<&str>,
    what: &str,
    programme: &Programme,
    tariff: &Tariff,
    faults: &Faults,
) -> Option<ServiceId> {
    let services: Vec<ServiceId> = services.collect();
    let found = tariff.service(&code.value).filter(|service| services.contains(service));
    if found.is_none() {
        let message = match clause {
            Some(clause) => Message::new(if what == "exclusion" { "exclusion-unlisted" } else { "inclusion-unlisted" })
                .with("known", listed(tariff.service_codes(services)))
                .with("clause", clause),
            None => Message::new(if what == "exclusion" { "exclusions-none" } else { "inclusions-none" }),
        };
        faults.add(code.span, message.with("service", code.value).with("programme", &*programme.code));
    }
    found
}

fn check_exclusions(exclude: &[Spanned<Excluded>], tariff: &Tariff, faults: &Faults) {
    let services = || exclude.iter().map(|at| at.value.service);
    for at in repeated(services()) {
        faults.add(exclude[at].span.clone(), listed_twice(exclude[at].value.service, tariff));
    }
    let distinct: BTreeSet<ServiceId> = services().collect();
    for at in exclude {
        let holds = |whole: &&ServiceId| tariff.services[whole.0].holds.contains(&at.value.service);
        if let Some(whole) = distinct.iter().find(holds) {
            let codes = tariff.service_codes([*whole, at.value.service]);
            let message = Message::new("exclusion-held").with("whole", codes[0]).with("part", codes[1]);
            faults.add(at.span.clone(), message);
        }
    }
}

fn check_inclusions(include: &[Spanned<ServiceId>], tariff: &Tariff, faults: &Faults) {
    for at in repeated(include.iter().map(|at| at.value)) {
        faults.add(include[at].span.clone(), listed_twice(include[at].value, tariff));
    }
}

/// The places of the values that stand in a list for the second or a later time.
fn repeated<T: Ord>(values: impl Iterator<Item = T>) -> impl Iterator<Item = usize> {
    let mut before = BTreeSet::new();
    values.enumerate().filter_map(move |(at, value)| (!before.insert(value)).then_some(at))
}

fn listed_twice(service: ServiceId, tariff: &Tariff) -> Message {
    Message::new("listed-twice").with("service", tariff.service_codes([service])[0])
}

/// Reports each programme that a plan has twice.
pub(super) fn check_programmes(programmes: &[Spanned<usize>], plan: &str, tariff: &Tariff, faults: &Faults) {
    for at in repeated(programmes.iter().map(|at| at.value)) {
        let code = &tariff.programmes[programmes[at].value].code;
        let message = Message::new("programme-twice").with("programme", &**code).with("plan", plan);
        faults.add(programmes[at].span.clone(), message);
    }
}
