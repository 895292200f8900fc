//! The reading of plans, with their covers and clinics.

use std::collections::BTreeSet;

use crate::base::messages::Message;
use crate::base::source_file::Spanned;
use crate::base::toml_file::{Table, as_filled_text, unknown_word};
use crate::pricing::terms::Plan;
use crate::quote::contract::contract_file::{ClinicMode, PlanClinic};
use crate::quote::contract::cover::{check_programmes, cover};
use crate::table::text::folded;
use crate::tariff::Tariff;

/// The most plans of a contract.
pub const MAX_PLANS: usize = 1000;

/// The plans of a contract.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadPlans {
    /// The plans, in the order of the file.
    pub plans: Vec<Plan>,
    /// Other words for each of them in rosters.
    pub aliases: Vec<Vec<String>>,
    /// The clinics, in the order of the plans.
    pub clinics: Vec<PlanClinic>,
}

/// The plans of `[[plan]]`: at least one, each with names of its own.
pub(super) fn plans(root: &mut Table<'_>, tariff: &Tariff) -> ReadPlans {
    let faults = root.faults();
    let mut taken = BTreeSet::new();
    let (mut plans, mut aliases, mut clinics) = (Vec::new(), Vec::new(), Vec::new());
    for read in root.needed_tables("plan", Message::new("plans-none"), |table| plan(table, tariff)) {
        if let Some(name) = read.names.iter().find(|name| taken.contains(&folded(&name.value))) {
            faults.add(name.span.clone(), Message::new("plan-twice").with("plan", &*name.value));
        }
        taken.extend(read.names.iter().map(|name| folded(&name.value)));
        let plan = plans.len();
        clinics.extend(read.clinics.into_iter().map(|(clinic, mode)| PlanClinic { plan, clinic, mode }));
        plans.push(read.plan);
        aliases.push(read.aliases);
    }
    if let Some(span) = root.span_in_list("plan", MAX_PLANS) {
        faults.add(span, Message::new("plans-many").with("limit", MAX_PLANS));
        plans.truncate(MAX_PLANS);
        aliases.truncate(MAX_PLANS);
    }
    ReadPlans { plans, aliases, clinics }
}

/// A plan as the file has it.
pub(super) struct PlanTable {
    /// The plan.
    pub plan: Plan,
    /// Other words for it in rosters.
    pub aliases: Vec<String>,
    /// The code, the name and the aliases by which rosters name it.
    pub names: Vec<Spanned<String>>,
    /// Its clinics, and how each is paid.
    pub clinics: Vec<(String, ClinicMode)>,
}

/// A plan.
pub(super) fn plan(table: &mut Table<'_>, tariff: &Tariff) -> Option<PlanTable> {
    let faults = table.faults();
    let code = table.needed_text("code");
    let name = table.text("name").map(|at| at.map(|name| name.trim().to_owned())).filter(|at| !at.value.is_empty());
    let shown = code.as_ref().map_or("", |code| code.value.as_str());
    let mut programmes = Vec::new();
    let none = Message::new("plan-without-covers").with("plan", shown);
    let covers = table.needed_tables("cover", none, |table| cover(table, tariff, &mut programmes));
    check_programmes(&programmes, shown, tariff, faults);
    let clinics = table.tables("clinic", clinic);
    let aliases = table.list("aliases", |value, faults| as_filled_text(value, "aliases", faults));
    let code = code?;
    let plan = Plan { code: code.value.clone(), name: name.as_ref().map(|at| at.value.clone()), covers };
    let words = aliases.iter().map(|at| at.value.clone()).collect();
    Some(PlanTable { plan, aliases: words, names: [code].into_iter().chain(name).chain(aliases).collect(), clinics })
}

/// The code of a clinic that serves a plan, and how it is paid.
fn clinic(table: &mut Table<'_>) -> Option<(String, ClinicMode)> {
    let faults = table.faults();
    let clinic = table.needed_text("clinic");
    let mode = table.needed_text("mode");
    let programme = table.any("programme");
    let mode = mode?;
    let mode = match (mode.value.as_str(), programme) {
        ("attachment", Some(programme)) => {
            ClinicMode::Attachment { programme: as_filled_text(programme, "programme", faults)?.value }
        }
        ("attachment", None) => {
            faults.add(mode.span, Message::new("key-missing").with("key", "programme"));
            return None;
        }
        ("by-fact", None) => ClinicMode::ByFact,
        ("by-fact", Some(programme)) => {
            faults.add(programme.span(), Message::new("clinic-programme-by-fact"));
            return None;
        }
        _ => {
            faults.add(mode.span, unknown_word(&ClinicMode::WORDS));
            return None;
        }
    };
    Some((clinic?.value, mode))
}
