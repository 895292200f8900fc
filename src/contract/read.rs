//! A contract's file → its terms, or every fault with its line.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::choice::{self, Choices, HeadcountChoice, Pick, one_of};
use super::cover::{cover, prove_programmes};
use super::{ClinicMode, Contract, ExpenseBasis, Plan, PlanClinic, PriceDecrease, PriceTerms};
use crate::calendar::{Period, Term, TermFault};
use crate::document::{AnyValue, At, Document, Faults, Span, Table, as_date, as_text};
use crate::error::Error;
use crate::roster::field::Field;
use crate::roster::text::folded;
use crate::roster::wanted::SheetChoice;
use crate::tariff::Tariff;
use crate::words::{Message, listed};

/// A contract's number becomes the name of a folder, so that it cannot be longer than this many letters.
pub const MAX_NUMBER_LETTERS: usize = 80;

pub(super) fn contract(source: Document, tariff: &Tariff) -> Result<Contract, Error> {
    source.read(|root| {
        let number = root.needed_text("number").and_then(|at| number(at, root.faults()));
        let policyholder = root.needed_text("policyholder");
        let term = term(root, tariff);
        let rosters = rosters(root);
        let sheet = root.text("sheet").map_or(SheetChoice::TheOne, |at| SheetChoice::from_word(&at.value));
        let default_risk_group = root.whole::<u8>("default_risk_group").and_then(|at| risk_group(at, tariff, root.faults()));
        let instalments = instalments(root, term);
        let price_terms = price_terms(root);
        let choices = root.table("choices", |table| Some(choices(table, tariff))).unwrap_or_default();
        let columns = root.table("columns", |table| Some(columns(table))).unwrap_or_default();
        let plans = plans(root, tariff);
        Some(Contract {
            number: number?,
            policyholder: policyholder?.value,
            term: term?,
            rosters,
            sheet,
            columns,
            default_risk_group,
            instalments,
            price_terms,
            choices,
            plans,
            source: source.clone(),
        })
    })
}

fn number(at: At<String>, faults: &Faults) -> Option<String> {
    if at.value.chars().count() > MAX_NUMBER_LETTERS || at.value.chars().any(char::is_control) {
        faults.add(at.span, Message::new("number-form").with("limit", MAX_NUMBER_LETTERS));
        return None;
    }
    Some(at.value)
}

fn term(root: &mut Table<'_>, tariff: &Tariff) -> Option<Term> {
    let start = root.needed_date("start");
    let end = root.needed_date("end");
    let (start, end) = (start?, end?);
    let edition = &tariff.edition;
    if start.value < edition.valid_from || edition.valid_to.is_some_and(|to| start.value > to) {
        let message = Message::new("edition-not-valid")
            .with("edition", &*edition.code)
            .with("from", edition.valid_from.to_string())
            .with("to", edition.valid_to.map_or_else(|| "…".to_owned(), |to| to.to_string()));
        root.fault(start.span.clone(), message);
    }
    match Term::new(start.value, end.value) {
        Ok(term) => Some(term),
        Err(fault) => {
            let message = match fault {
                TermFault::EndBeforeStart => Message::new("term-order").with("start", start.value.to_string()),
                TermFault::OverAYear { last_possible } => {
                    Message::new("term-over-a-year").with("last", last_possible.to_string())
                }
                TermFault::TooLate => Message::new("term-too-late"),
            };
            root.fault(end.span, message);
            None
        }
    }
}

/// One path or pattern, or a list of them; none where the command line is to name them.
fn rosters(root: &mut Table<'_>) -> Vec<At<String>> {
    match root.any("roster") {
        None => Vec::new(),
        Some(value) if value.get_ref().is_str() => as_text(value, root.faults()).into_iter().collect(),
        Some(value) => crate::document::as_list(value, root.faults(), as_text),
    }
}

fn risk_group(at: At<u8>, tariff: &Tariff, faults: &Faults) -> Option<u8> {
    if tariff.risk_group(at.value).is_none() {
        faults.add(at.span, risk_group_unknown(&at.value.to_string(), tariff));
        return None;
    }
    Some(at.value)
}

fn risk_group_unknown(written: &str, tariff: &Tariff) -> Message {
    Message::new("risk-group-unknown")
        .with("group", written)
        .with("known", listed(tariff.risk.says.iter().map(|row| row.group)))
        .with("clause", &*tariff.risk.clause)
}

/// The payment periods; without a list, the term is one.
fn instalments(root: &mut Table<'_>, term: Option<Term>) -> Vec<Period> {
    let firsts: Vec<At<Date>> = root.list("instalments", as_date);
    let Some(term) = term else { return Vec::new() };
    let whole = term.period();
    if firsts.is_empty() {
        return vec![whole];
    }
    let mut periods = Vec::new();
    for (place, first) in firsts.iter().enumerate() {
        if place == 0 && first.value != whole.first() {
            root.fault(first.span.clone(), Message::new("instalment-first").with("start", whole.first().to_string()));
        }
        if place > 0 && first.value <= firsts[place - 1].value {
            root.fault(first.span.clone(), Message::new("instalment-order"));
        }
        if !whole.contains(first.value) {
            let message = Message::new("instalment-outside").with("start", whole.first().to_string());
            root.fault(first.span.clone(), message.with("end", whole.last().to_string()));
        }
        let last = firsts.get(place + 1).and_then(|next| next.value.yesterday().ok()).unwrap_or(whole.last());
        periods.extend(Period::new(first.value, last));
    }
    periods
}

fn price_terms(root: &mut Table<'_>) -> PriceTerms {
    let faults = root.faults();
    let expense_load = root.decimal("expense_load").and_then(|at| {
        if at.value > Decimal::ONE {
            faults.add(at.span, Message::new("expense-load"));
            return None;
        }
        choice::coefficient(at, faults)
    });
    let expense_basis = root.text("expense_basis").and_then(|at| match at.value.as_str() {
        "unexpired" => Some(ExpenseBasis::Unexpired),
        "written" => Some(ExpenseBasis::Written),
        _ => {
            one_of(at.span, "unexpired, written", faults);
            None
        }
    });
    let price_decrease = root.text("price_decrease").and_then(|at| match at.value.as_str() {
        "keep" => Some(PriceDecrease::Keep),
        "credit" => Some(PriceDecrease::Credit),
        _ => {
            one_of(at.span, "keep, credit", faults);
            None
        }
    });
    PriceTerms {
        expense_load,
        expense_basis: expense_basis.unwrap_or_default(),
        price_decrease: price_decrease.unwrap_or_default(),
    }
}

fn choices(table: &mut Table<'_>, tariff: &Tariff) -> Choices {
    let faults = table.faults();
    let ranges = table.text("ranges").and_then(|at| choice::stand(at, faults));
    let headcount = table.any("headcount").and_then(|value| {
        let choice = if value.get_ref().as_str() == Some("interpolate") {
            HeadcountChoice::Interpolate
        } else {
            HeadcountChoice::Pick(choice::pick(value, faults)?)
        };
        Some(At { value: choice, span: value.span() })
    });
    let risk = table.table("risk", |table| {
        let entries = table.entries();
        Some(entries.into_iter().filter_map(|(group, value)| risk_choice(group, value, tariff, faults)).collect())
    });
    Choices { ranges, headcount, risk: risk.unwrap_or_default() }
}

fn risk_choice(group: At<&str>, value: AnyValue<'_>, tariff: &Tariff, faults: &Faults) -> Option<(u8, Pick)> {
    let row = group.value.parse().ok().and_then(|number| tariff.risk.says.iter().find(|row| row.group == number));
    let Some(row) = row else {
        faults.add(group.span, risk_group_unknown(group.value, tariff));
        return None;
    };
    Some((row.group, choice::pick_in(value, row.range, &tariff.risk.clause, faults)?))
}

fn columns(table: &mut Table<'_>) -> Vec<(Field, String)> {
    let faults = table.faults();
    let mut columns = Vec::new();
    for (key, value) in table.entries() {
        match Field::from_name(key.value) {
            Some(field) => columns.extend(as_text(value, faults).map(|heading| (field, heading.value))),
            None => {
                let known = listed(Field::ALL.iter().map(|field| field.name()));
                faults.add(key.span, Message::new("field-unknown").with("field", key.value).with("known", known));
            }
        }
    }
    columns
}

fn plans(root: &mut Table<'_>, tariff: &Tariff) -> Vec<Plan> {
    let head: Span = root.span().start..root.span().start;
    let faults = root.faults();
    let mut words = BTreeSet::new();
    let mut plans = Vec::new();
    let mut seen = false;
    for (plan, code_span) in root.tables("plan", |table| {
        seen = true;
        plan(table, tariff)
    }) {
        let own: BTreeSet<String> = plan.name.iter().chain([&plan.code]).map(|word| folded(word)).collect();
        for word in own {
            if !words.insert(word) {
                faults.add(code_span.clone(), Message::new("plan-twice").with("plan", &*plan.code));
            }
        }
        plans.push(plan);
    }
    if !seen {
        faults.add(head, Message::new("plans-none"));
    }
    plans
}

fn plan(table: &mut Table<'_>, tariff: &Tariff) -> Option<(Plan, Span)> {
    let span = table.span();
    let faults = table.faults();
    let code = table.needed_text("code");
    let name = table.text("name").map(|at| at.value.trim().to_owned()).filter(|name| !name.is_empty());
    let mut written = false;
    let covers = table.tables("cover", |table| {
        written = true;
        cover(table, tariff)
    });
    let shown = code.as_ref().map_or("", |code| code.value.as_str());
    if !covers.is_empty() || !written {
        prove_programmes(&covers, shown, span, tariff, faults);
    }
    let clinics = table.tables("clinic", clinic);
    let code = code?;
    let covers = covers.into_iter().map(|at| at.value).collect();
    Some((Plan { code: code.value, name, covers, clinics }, code.span))
}

fn clinic(table: &mut Table<'_>) -> Option<PlanClinic> {
    let faults = table.faults();
    let clinic = table.needed_text("clinic");
    let mode = table.needed_text("mode");
    let programme = table.text("programme");
    let mode = mode?;
    let mode = match (mode.value.as_str(), programme) {
        ("attachment", Some(programme)) => ClinicMode::Attachment { programme: programme.value },
        ("attachment", None) => {
            faults.add(mode.span, Message::new("key-missing").with("key", "programme"));
            return None;
        }
        ("by-fact", None) => ClinicMode::ByFact,
        ("by-fact", Some(programme)) => {
            faults.add(programme.span, Message::new("clinic-programme-by-fact"));
            return None;
        }
        _ => {
            one_of(mode.span, "attachment, by-fact", faults);
            return None;
        }
    };
    Some(PlanClinic { clinic: clinic?.value, mode })
}
