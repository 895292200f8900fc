//! The options of a contract: `[[option]]` tables, each with what differs from the contract.

use std::collections::BTreeSet;

use crate::base::messages::Message;
use crate::base::source_file::Span;
use crate::base::toml_file::Table;
use crate::pricing::choice::Choices;
use crate::quote::contract::choice::choices;
use crate::quote::contract::contract_file::{ContractOption, PlanClinic};
use crate::quote::contract::plans::{MAX_PLANS, PlanTable, ReadPlans, plan};
use crate::table::text::folded;
use crate::tariff::Tariff;

/// The most options of a contract.
pub const MAX_OPTIONS: usize = 20;

/// What an option changes.
pub(super) struct OptionBase<'b> {
    pub choices: &'b Choices,
    pub headcount_span: &'b Span,
    pub plans: &'b ReadPlans,
}

/// The options of `[[option]]`, in the order of the file.
pub(super) fn options(root: &mut Table<'_>, base: &OptionBase<'_>, tariff: &Tariff) -> Vec<ContractOption> {
    if let Some(span) = root.span_in_list("option", MAX_OPTIONS) {
        root.fault(span, Message::new("options-many").with("limit", MAX_OPTIONS));
    }
    let mut taken = BTreeSet::new();
    root.tables("option", |table| {
        let name = table.needed_text("name");
        if let Some(name) = name.as_ref().filter(|name| !taken.insert(folded(&name.value))) {
            table.fault(name.span.clone(), Message::new("option-twice").with("option", name.value.as_str()));
        }
        let own = table.table("choices", |table| Some(choices(table, tariff)));
        let (choices, headcount_span) = merged(base, own);
        let plans = replaced(table, base.plans, tariff);
        Some(ContractOption {
            name: name?.value,
            choices,
            headcount_span,
            plans: plans.plans,
            plan_aliases: plans.aliases,
            clinics: plans.clinics,
        })
    })
}

/// The choices of the contract with those of an option in their place.
fn merged(base: &OptionBase<'_>, own: Option<(Choices, Span)>) -> (Choices, Span) {
    let Some((own, own_span)) = own else { return (base.choices.clone(), base.headcount_span.clone()) };
    let mut risk = base.choices.risk.clone();
    for (group, choice) in own.risk {
        match risk.iter_mut().find(|(known, _)| *known == group) {
            Some((_, known)) => *known = choice,
            None => risk.push((group, choice)),
        }
    }
    let span = if own.headcount.is_some() { own_span } else { base.headcount_span.clone() };
    let ranges = own.ranges.or(base.choices.ranges);
    (Choices { ranges, headcount: own.headcount.or(base.choices.headcount), risk }, span)
}

/// The plans of the contract with those of an option in their place. A plan that names no other words for itself, no name or no clinics has
/// those of the plan that it replaces.
fn replaced(table: &mut Table<'_>, base: &ReadPlans, tariff: &Tariff) -> ReadPlans {
    let faults = table.faults();
    let mut plans = base.clone();
    let mut own_codes = BTreeSet::new();
    for read in table.tables("plan", |table| plan(table, tariff)) {
        let PlanTable { mut plan, aliases, names, clinics } = read;
        let code = folded(&plan.code);
        let at = plans.plans.iter().position(|known| folded(&known.code) == code);
        let of_others = |name: &str| {
            let others = plans.plans.iter().zip(&plans.aliases).enumerate().filter(|(place, _)| Some(*place) != at);
            let mut words = others.flat_map(|(_, (plan, aliases))| {
                [Some(&plan.code), plan.name.as_ref()].into_iter().flatten().chain(aliases)
            });
            words.any(|word| folded(word) == name)
        };
        let is_taken = !own_codes.insert(code) || names.iter().any(|name| of_others(&folded(&name.value)));
        if let Some(name) = names.first().filter(|_| is_taken) {
            faults.add(name.span.clone(), Message::new("plan-twice").with("plan", name.value.as_str()));
        }
        let at = at.unwrap_or_else(|| {
            plans.plans.push(plan.clone());
            plans.aliases.push(Vec::new());
            plans.plans.len() - 1
        });
        plan.name = plan.name.or_else(|| plans.plans[at].name.clone());
        plans.plans[at] = plan;
        if !aliases.is_empty() {
            plans.aliases[at] = aliases;
        }
        if !clinics.is_empty() {
            plans.clinics.retain(|clinic| clinic.plan != at);
            plans.clinics.extend(clinics.into_iter().map(|(clinic, mode)| PlanClinic { plan: at, clinic, mode }));
            plans.clinics.sort_by_key(|clinic| clinic.plan);
        }
    }
    plans.plans.truncate(MAX_PLANS);
    plans.aliases.truncate(MAX_PLANS);
    plans
}
