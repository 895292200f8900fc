//! The reading of `census`: files of counts instead of a roster, or counts in the contract file itself.

use std::collections::BTreeMap;

use crate::base::messages::{Message, listed};
use crate::base::source_file::{Faults, SourceFile, Spanned};
use crate::base::toml_file::{AnyValue, Table, as_filled_text, as_list, as_whole, in_table};
use crate::pricing::terms::Plan;
use crate::quote::contract::risk_group::risk_group;
use crate::roster::counts::Counts;
use crate::roster::spec::MAX_CENSUS;
use crate::table::cell::Cell;
use crate::table::text::folded;
use crate::table::value;
use crate::table::value::Ages;
use crate::tariff::Tariff;

/// What replaces the roster in a first enquiry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Census {
    /// Nothing.
    None,
    /// Files: paths and patterns as written, relative to the contract file.
    Files(Vec<Spanned<String>>),
    /// Counts in the contract file (`[[census]]`), in its order, with the place of the first one.
    Counts(Spanned<Vec<Counts>>),
}

/// What the counts of a census refer to.
#[derive(Debug, Clone, Copy)]
pub(super) struct CensusContext<'t> {
    pub(super) source: &'t SourceFile,
    pub(super) plans: &'t PlanNames,
    pub(super) tariff: &'t Tariff,
    pub(super) default_risk_group: Option<u8>,
}

/// The names of the plans of a contract.
#[derive(Debug, Clone)]
pub(super) struct PlanNames {
    /// The plan of each folded code and name.
    plans: BTreeMap<String, u16>,
    /// How many plans there are.
    count: usize,
    /// The first codes, for messages.
    known: String,
}

impl PlanNames {
    /// The names of these plans.
    pub fn new(plans: &[Plan]) -> Self {
        // a thousand codes in each of a thousand messages would be of no help
        const SHOWN: usize = 20;
        let mut names = BTreeMap::new();
        for (plan, at) in plans.iter().zip(0..) {
            for name in [Some(&plan.code), plan.name.as_ref()].into_iter().flatten() {
                names.entry(folded(name)).or_insert(at);
            }
        }
        let mut known = listed(plans.iter().take(SHOWN).map(|plan| &plan.code));
        if plans.len() > SHOWN {
            known.push_str(", …");
        }
        Self { plans: names, count: plans.len(), known }
    }
}

/// The value of `census`: a file, a list of files, or tables of counts.
pub(super) fn census(root: &mut Table<'_>, context: CensusContext<'_>) -> Census {
    let faults = root.faults();
    let Some(value) = root.any("census") else { return Census::None };
    if value.get_ref().is_str() {
        return Census::Files(as_filled_text(value, "census", faults).into_iter().collect());
    }
    let is_counts = value.get_ref().as_array().is_some_and(|list| list.iter().any(|group| group.get_ref().is_table()));
    if !is_counts {
        return Census::Files(as_list(value, faults, |value, faults| as_filled_text(value, "census", faults)));
    }
    let (mut free, mut source_lines) = (MAX_CENSUS, context.source.lines());
    let groups = as_list(value, faults, |value, faults| {
        let line = u32::try_from(source_lines.line(value.span().start)).unwrap_or(u32::MAX);
        in_table(value, faults, |table| counts(table, line, context, &mut free))
    });
    let first = value.get_ref().as_array().and_then(|list| list.iter().next()).map_or(0..0, toml::Spanned::span);
    Census::Counts(Spanned { value: groups, span: first })
}

fn counts(table: &mut Table<'_>, line: u32, context: CensusContext<'_>, room: &mut usize) -> Option<Counts> {
    let plan = plan(table, context.plans);
    let ages = table.needed("age").and_then(|value| ages(value, table.faults()));
    let group = match table.whole::<u8>("risk_group") {
        Some(at) => risk_group(at, context.tariff, table.faults()),
        None if table.has("risk_group") => None,
        None => {
            if context.default_risk_group.is_none() {
                table.fault(table.span(), Message::new("key-missing").with("key", "risk_group"));
            }
            context.default_risk_group
        }
    };
    let insured = table.needed_whole::<u32>("insured").and_then(|at| {
        let count = usize::try_from(at.value).unwrap_or(usize::MAX);
        let message = match room.checked_sub(count) {
            Some(_) if count == 0 => Message::new("census-zero"),
            Some(rest) => {
                *room = rest;
                return Some(at.value);
            }
            None => Message::new("census-too-large").with("limit", MAX_CENSUS),
        };
        table.fault(at.span, message);
        None
    });
    Some(Counts { line, plan: plan?, ages: ages?, risk_group: group?, insured: insured? })
}

/// The plan of a count; the key can be left out where the contract has one plan.
fn plan(table: &mut Table<'_>, plans: &PlanNames) -> Option<u16> {
    let name = table.filled_text("plan");
    match name {
        // the fault is reported already
        None if table.has("plan") || plans.count == 0 => None,
        None if plans.count == 1 => Some(0),
        None => {
            table.fault(table.span(), Message::new("missing-plan").with("known", plans.known.as_str()));
            None
        }
        Some(at) => plan_named(at, plans, table.faults()),
    }
}

/// The place of the plan with a code or a name.
pub(super) fn plan_named(at: Spanned<String>, plans: &PlanNames, faults: &Faults) -> Option<u16> {
    let found = plans.plans.get(&folded(&at.value)).copied();
    if found.is_none() {
        faults.add(at.span, Message::new("unknown-plan").with("known", plans.known.as_str()));
    }
    found
}

/// An age as a number, or ages as a text.
fn ages(value: AnyValue<'_>, faults: &Faults) -> Option<Ages> {
    let Some(text) = value.get_ref().as_str() else {
        let age = as_whole::<u16>(value, faults)?.value;
        return Some(Ages { from: age, to: age });
    };
    let read = value::ages(Cell::Text(text)).ok().flatten();
    if read.is_none() {
        faults.add(value.span(), Message::new("bad-age"));
    }
    read
}
