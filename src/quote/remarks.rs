//! Remarks on a contract: the insured that an underwriter accepted (`I73`), and lawful terms of a plan that are seldom meant (`I74`, `I75`).
//! They change no price.

use std::collections::BTreeMap;

use crate::base::messages::Message;
use crate::base::rule::Rule;
use crate::pricing::terms::{Cover, Plan};
use crate::quote::Quote;
use crate::roster::value::Action;
use crate::tariff::Tariff;
use crate::tariff::programme::ServiceId;

/// A remark, and the rule that it follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The rule.
    pub rule: Rule,
    /// What the plan has, with its clauses, and what to do.
    pub message: Message,
}

/// The remarks on a contract and its roster: those on accepted insured, then plan by plan.
#[must_use]
pub fn remarks(quote: &Quote<'_>) -> Vec<Remark> {
    let tariff = quote.tariff;
    let children = children_by_plan(quote);
    let accepted = quote.accepted_insured();
    let mut remarks: Vec<Remark> =
        accepted.map(|accepted| Remark { rule: Rule::I73, message: accepted.remark(tariff) }).collect();
    for (place, plan) in quote.contract.terms.plans.iter().enumerate() {
        remarks.extend(plan.covers.iter().filter_map(|cover| unnamed_services(plan, cover, tariff)));
        for (at, first) in plan.covers.iter().enumerate() {
            let later = plan.covers[at + 1..].iter();
            remarks.extend(later.filter_map(|second| overlap(plan, first, second, tariff)));
        }
        if let Some(insured) = children.get(&place) {
            remarks.extend(plan.covers.iter().filter_map(|cover| adult_programme(plan, cover, *insured, tariff)));
        }
    }
    remarks
}

/// Additional services that have a coefficient and no name (`I74`).
fn unnamed_services(plan: &Plan, cover: &Cover, tariff: &Tariff) -> Option<Remark> {
    let additional = cover.additional_services.as_ref().filter(|additional| additional.services.is_none())?;
    let message = Message::new("remark-additional-unnamed")
        .with("plan", plan.code.as_str())
        .with("programme", tariff.programmes[cover.programme].code.as_str())
        .with("coefficient", additional.coefficient.to_string())
        .with("clause", tariff.additional_services.clause.as_str());
    Some(Remark { rule: Rule::I74, message })
}

/// Care that two covers of a plan both give (`I75`).
fn overlap(plan: &Plan, first: &Cover, second: &Cover, tariff: &Tariff) -> Option<Remark> {
    let of_second = care(second, tariff);
    let mut both = care(first, tariff);
    both.retain(|service| of_second.contains(service));
    let service = *both.first()?;
    let clause = |cover: &Cover| tariff.programmes[cover.programme].care_clause(service);
    let message = Message::new("remark-overlap")
        .with("plan", plan.code.as_str())
        .with("services", tariff.service_names(&both))
        .with("first", tariff.programmes[first.programme].code.as_str())
        .with("first-clause", clause(first))
        .with("second", tariff.programmes[second.programme].code.as_str())
        .with("second-clause", clause(second));
    Some(Remark { rule: Rule::I75, message })
}

/// The care of a cover: that of its programme without the excluded services and what they hold.
fn care(cover: &Cover, tariff: &Tariff) -> Vec<ServiceId> {
    let is_excluded = |service: &ServiceId| {
        let mut excluded = cover.exclude.iter().map(|excluded| excluded.service);
        excluded.any(|excluded| excluded == *service || tariff.services[excluded.0].holds.contains(service))
    };
    tariff.programmes[cover.programme].care.iter().copied().filter(|service| !is_excluded(service)).collect()
}

/// A programme for adults on a plan with children, where the tariff has one for children (`I75`).
fn adult_programme(plan: &Plan, cover: &Cover, insured: u64, tariff: &Tariff) -> Option<Remark> {
    let programme = &tariff.programmes[cover.programme];
    let children = &tariff.programmes[programme.for_children?];
    let last = tariff.child_bands.value.last().map_or(0, |band| band.to);
    let message = Message::new("remark-adult-programme")
        .with("plan", plan.code.as_str())
        .with("insured", insured)
        .with("last", last.to_string())
        .with("programme", programme.code.as_str())
        .with("clause", programme.clause.as_str())
        .with("children", children.code.as_str())
        .with("children-clause", children.clause.as_str());
    Some(Remark { rule: Rule::I75, message })
}

/// The number of insured of the children's ages (`I6`) on each plan that has any.
fn children_by_plan(quote: &Quote<'_>) -> BTreeMap<usize, u64> {
    let insured = &quote.roster.insured;
    let mut children = BTreeMap::new();
    for at in (0..insured.len()).filter(|at| insured.action(*at) != Some(Action::Leave)) {
        let age = insured.ages(at).map(|ages| ages.from).or_else(|| insured.age_years(at));
        let is_child = age.is_some_and(|age| quote.tariff.child_band(age).is_some());
        if let Some(plan) = insured.plan[at].filter(|_| is_child) {
            *children.entry(usize::from(plan)).or_default() += 1;
        }
    }
    children
}
