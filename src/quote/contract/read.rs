//! A contract's file → its terms, or every fault with its line.

use std::collections::BTreeSet;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::{Period, Term, TermFault};
use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::source_file::{AnyValue, Faults, SourceFile, Spanned, Table, as_date, as_filled_text, as_list};
use crate::quote::contract::census::{Terms, census};
use crate::quote::contract::choice;
use crate::quote::contract::choice::{Choices, HEADCOUNT_WORDS, HeadcountChoice, RangeChoice, one_of};
use crate::quote::contract::cover::{cover, prove_programmes};
use crate::quote::contract::{
    ClinicMode, Contract, ExpenseBasis, HeadcountBasis, Plan, PlanClinic, PriceDecrease, PriceTerms,
};
use crate::roster::field::Field;
use crate::roster::spec::SheetChoice;
use crate::table::text::{folded, folded_heading};
use crate::tariff::Tariff;

/// A contract's number becomes the name of a folder, so that it cannot be longer than this many letters.
pub const MAX_NUMBER_LETTERS: usize = 80;

/// A share of expenses has at most so many decimals: as many as a decimal surely has room for when the share is said in
/// percent.
pub const MAX_SHARE_DECIMALS: u32 = 26;

/// A contract has at most so many plans.
pub const MAX_PLANS: usize = 1000;

pub(crate) fn contract(source: &SourceFile, tariff: &Tariff) -> Result<Contract, Error> {
    source.read(|root| {
        let number = root.needed_text("number").and_then(|at| number(at, root.faults()));
        let policyholder = root.needed_text("policyholder");
        let term = term(root, tariff);
        let rosters = files(root);
        let sheet = root.filled_text("sheet").map_or(SheetChoice::TheOne, |at| SheetChoice::from_word(&at.value));
        let default_risk_group =
            root.whole::<u8>("default_risk_group").and_then(|at| risk_group(at, tariff, root.faults()));
        let instalments = instalments(root, term);
        let price_terms = price_terms(root);
        let headcount_basis = headcount_basis(root);
        let choices = root.table("choices", |table| Some(choices(table, tariff))).unwrap_or_default();
        let columns = root.table("columns", |table| Some(columns(table))).unwrap_or_default();
        let plans = plans(root, tariff);
        let census = census(root, Terms { source, plans: &plans, tariff, default_risk_group });
        Some(Contract {
            number: number?,
            policyholder: policyholder?.value,
            term: term?,
            rosters,
            census,
            sheet,
            columns,
            default_risk_group,
            instalments,
            price_terms,
            headcount_basis,
            choices,
            plans,
            source: source.clone(),
        })
    })
}

fn number(at: Spanned<String>, faults: &Faults) -> Option<String> {
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
    let (span, message) = match Term::new(start.value, end.value) {
        Ok(term) => return Some(term),
        Err(TermFault::EndBeforeStart) => (end.span, Message::new("term-order").with("start", start.value.to_string())),
        Err(TermFault::OverAYear { last_possible }) => {
            (end.span, Message::new("term-over-a-year").with("last", last_possible.to_string()))
        }
        Err(TermFault::TooLate) => (start.span, Message::new("term-too-late")),
    };
    root.fault(span, message);
    None
}

/// One path or pattern, or a list of them; none where the command line is to name them.
fn files(root: &mut Table<'_>) -> Vec<Spanned<String>> {
    let key = "roster";
    match root.any(key) {
        None => Vec::new(),
        Some(value) if value.get_ref().is_str() => as_filled_text(value, key, root.faults()).into_iter().collect(),
        Some(value) => as_list(value, root.faults(), |value, faults| as_filled_text(value, key, faults)),
    }
}

pub(crate) fn risk_group(at: Spanned<u8>, tariff: &Tariff, faults: &Faults) -> Option<u8> {
    if tariff.risk_group(at.value).is_none() {
        faults.add(at.span, risk_group_unknown(&at.value.to_string(), tariff));
        return None;
    }
    Some(at.value)
}

fn risk_group_unknown(written: &str, tariff: &Tariff) -> Message {
    Message::new("risk-group-unknown")
        .with("group", written)
        .with("known", listed(tariff.risk.value.iter().map(|row| row.group)))
        .with("clause", &*tariff.risk.clause)
}

/// The payment periods; without a list, the term is one.
fn instalments(root: &mut Table<'_>, term: Option<Term>) -> Vec<Period> {
    let firsts = root.list("instalments", |value, faults| Some(as_date(value, faults)));
    let Some(term) = term else { return Vec::new() };
    let whole = term.period();
    if firsts.is_empty() {
        return vec![whole];
    }
    let mut lawful: Vec<Date> = Vec::new();
    for (place, first) in firsts.into_iter().enumerate() {
        let Some(first) = first else { continue };
        let message = if place == 0 && first.value != whole.first() {
            Message::new("instalment-first").with("start", whole.first().to_string())
        } else if !whole.contains(first.value) {
            Message::new("instalment-outside")
                .with("start", whole.first().to_string())
                .with("end", whole.last().to_string())
        } else if lawful.last().is_some_and(|before| first.value <= *before) {
            Message::new("instalment-order")
        } else {
            lawful.push(first.value);
            continue;
        };
        root.fault(first.span, message);
    }
    let lasts = lawful.iter().skip(1).filter_map(|next| next.yesterday().ok()).chain([whole.last()]);
    lawful.iter().zip(lasts).filter_map(|(first, last)| Period::new(*first, last)).collect()
}

fn price_terms(root: &mut Table<'_>) -> PriceTerms {
    let faults = root.faults();
    let expense_load = root.number("expense_load").and_then(|at| {
        if at.value.near() < Decimal::ZERO || at.value.near() > Decimal::ONE {
            faults.add(at.span, Message::new("expense-load"));
            return None;
        }
        let share = at.value.with_decimals(MAX_SHARE_DECIMALS);
        if share.is_none() {
            faults.add(at.span, Message::new("expense-load-decimals").with("limit", MAX_SHARE_DECIMALS));
        }
        share
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

fn headcount_basis(root: &mut Table<'_>) -> HeadcountBasis {
    let basis = root.text("headcount_basis").and_then(|at| match at.value.as_str() {
        "inception" => Some(HeadcountBasis::Inception),
        "current" => Some(HeadcountBasis::Current),
        _ => {
            one_of(at.span, "inception, current", root.faults());
            None
        }
    });
    basis.unwrap_or_default()
}

fn choices(table: &mut Table<'_>, tariff: &Tariff) -> Choices {
    let faults = table.faults();
    let ranges = table.text("ranges").and_then(|at| choice::stand(at, faults));
    let headcount = table.any("headcount").and_then(|value| {
        let choice = if value.get_ref().as_str() == Some("interpolate") {
            HeadcountChoice::Interpolate
        } else {
            HeadcountChoice::RangeChoice(headcount_pick(value, tariff, faults)?)
        };
        Some(Spanned { value: choice, span: value.span() })
    });
    let risk = table.table("risk", |table| {
        let entries = table.entries();
        Some(entries.into_iter().filter_map(|(group, value)| risk_choice(group, value, tariff, faults)).collect())
    });
    Choices { ranges, headcount, risk: risk.unwrap_or_default() }
}

/// A place in the range of the band of the headcount, which is known only with the roster.
fn headcount_pick(value: AnyValue<'_>, tariff: &Tariff, faults: &Faults) -> Option<RangeChoice> {
    choice::pick(value, HEADCOUNT_WORDS, tariff.headcount_range(), &tariff.headcount.clause, faults)
}

fn risk_choice(
    group: Spanned<&str>,
    value: AnyValue<'_>,
    tariff: &Tariff,
    faults: &Faults,
) -> Option<(u8, RangeChoice)> {
    let Some(row) = tariff.risk.value.iter().find(|row| row.group.to_string() == group.value) else {
        faults.add(group.span, risk_group_unknown(group.value, tariff));
        return None;
    };
    Some((row.group, choice::pick_in(value, row.range, &tariff.risk.clause, faults)?))
}

/// The roster's own headings, one a field; a column cannot hold two of them.
fn columns(table: &mut Table<'_>) -> Vec<(Field, String)> {
    let faults = table.faults();
    let mut columns: Vec<(Field, String)> = Vec::new();
    for (key, value) in table.entries() {
        let Some(field) = Field::from_name(key.value) else {
            let known = listed(Field::ALL.iter().map(|field| field.name()));
            faults.add(key.span, Message::new("field-unknown").with("field", key.value).with("known", known));
            continue;
        };
        let Some(heading) = as_filled_text(value, field.name(), faults) else { continue };
        let is_same = |other: &str| folded_heading(other) == folded_heading(&heading.value);
        if let Some((first, _)) = columns.iter().find(|(_, named)| is_same(named)) {
            let message = Message::new("heading-twice").with("heading", &*heading.value).with("first", first.name());
            faults.add(heading.span, message.with("second", field.name()));
            continue;
        }
        columns.push((field, heading.value));
    }
    columns
}

fn plans(root: &mut Table<'_>, tariff: &Tariff) -> Vec<Plan> {
    let faults = root.faults();
    let mut taken = BTreeSet::new();
    let mut plans = Vec::new();
    for (plan, names) in root.needed_tables("plan", Message::new("plans-none"), |table| plan(table, tariff)) {
        if let Some(name) = names.iter().find(|name| taken.contains(&folded(&name.value))) {
            faults.add(name.span.clone(), Message::new("plan-twice").with("plan", &*name.value));
        }
        taken.extend(names.iter().map(|name| folded(&name.value)));
        plans.push(plan);
    }
    if let Some(span) = root.span_in_list("plan", MAX_PLANS) {
        faults.add(span, Message::new("plans-many").with("limit", MAX_PLANS));
        plans.truncate(MAX_PLANS);
    }
    plans
}

/// A plan, and the code and the name by which rosters know it.
fn plan(table: &mut Table<'_>, tariff: &Tariff) -> Option<(Plan, Vec<Spanned<String>>)> {
    let faults = table.faults();
    let code = table.needed_text("code");
    let name = table.text("name").map(|at| at.map(|name| name.trim().to_owned())).filter(|at| !at.value.is_empty());
    let shown = code.as_ref().map_or("", |code| code.value.as_str());
    let mut programmes = Vec::new();
    let none = Message::new("plan-without-covers").with("plan", shown);
    let covers = table.needed_tables("cover", none, |table| cover(table, tariff, &mut programmes));
    prove_programmes(&programmes, shown, tariff, faults);
    let clinics = table.tables("clinic", clinic);
    let code = code?;
    let plan = Plan { code: code.value.clone(), name: name.as_ref().map(|at| at.value.clone()), covers, clinics };
    Some((plan, [code].into_iter().chain(name).collect()))
}

fn clinic(table: &mut Table<'_>) -> Option<PlanClinic> {
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
            one_of(mode.span, "attachment, by-fact", faults);
            return None;
        }
    };
    Some(PlanClinic { clinic: clinic?.value, mode })
}
