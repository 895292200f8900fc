//! The page for the board: what has changed, which contracts it affects, and what it is worth.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::base::messages::{Language, Message};
use crate::base::money::Kopecks;
use crate::output::value::{Share, Value};
use crate::portfolio::reprice::documents::section::{Column, Section};
use crate::portfolio::reprice::impact::{Bucket, CodeImpact, Impact};
use crate::portfolio::reprice::outcome::Status;
use crate::portfolio::reprice::saved_repricing::{SavedContract, SavedRepricing};
use crate::portfolio::reprice::sums::PremiumEffect;

/// The most programmes on the page; the rest are one row.
const MAX_PROGRAMMES: usize = 12;
/// The most plans.
const MAX_PLANS: usize = 6;
/// The most policyholders.
const MAX_POLICYHOLDERS: usize = 10;
/// The most reasons of contracts that are set aside.
const MAX_REASONS: usize = 3;

/// The columns of money, which all sections but the last have after their first column.
macro_rules! money_columns {
    ($first:literal, $count:literal $(, $more:literal)?) => {
        &[
            ($first, 46),
            ($count, 12),
            ("impact-before", 20),
            ("impact-after", 20),
            ("impact-share", 12),
            ("impact-additional", 20),
            ("impact-credit", 20),
            $(($more, 14),)?
        ]
    };
}
const PROGRAMMES: &[Column] = money_columns!("heading-programme", "impact-lines", "impact-coefficient");
const PLANS: &[Column] = money_columns!("heading-plan", "impact-lines");
const SIZES: &[Column] = money_columns!("impact-size-column", "impact-contracts-column");
const POLICYHOLDERS: &[Column] = money_columns!("impact-policyholder", "impact-contracts-column");
const PREMIUM: &[Column] = &[
    ("impact-premium", 46),
    ("impact-contracts-column", 12),
    ("impact-before", 20),
    ("impact-after", 20),
    ("impact-share", 12),
];
const REASONS: &[Column] = &[("impact-reason", 46), ("impact-contracts-column", 12)];

/// The page for the board.
pub struct Board<'s> {
    /// The heading.
    pub title: String,
    /// The change, its clause and its days.
    pub about: String,
    /// What the change brings.
    pub result: String,
    /// The facts below: deadline, contracts.
    pub facts: Vec<String>,
    /// The tables.
    pub sections: Vec<Section<'s>>,
}

/// The money of a row.
#[derive(Debug, Default, Clone, Copy)]
struct Money {
    count: usize,
    effect: PremiumEffect,
}

impl Money {
    fn add(&mut self, other: Self) {
        self.count += other.count;
        self.effect += other.effect;
    }

    fn net(self) -> Kopecks {
        self.effect.net()
    }

    fn row<'v>(self, first: Value<'v>, more: Option<Value<'v>>) -> Vec<Value<'v>> {
        let [before, after, additional, credit] = self.effect.amounts();
        let mut row = vec![
            first,
            Value::Count(self.count),
            Value::Amount(before),
            Value::Amount(after),
            Value::Share(Share::of_change(before, after)),
            Value::Amount(additional),
            Value::Amount(credit),
        ];
        row.extend(more);
        row
    }
}

impl From<&CodeImpact> for Money {
    fn from(sums: &CodeImpact) -> Self {
        Self { count: usize::try_from(sums.lines).unwrap_or(usize::MAX), effect: sums.effect }
    }
}

impl From<&Bucket> for Money {
    fn from(sums: &Bucket) -> Self {
        Self { count: sums.contracts, effect: sums.effect }
    }
}

impl<'s> Board<'s> {
    /// The page of a repricing.
    pub fn new(saved: &'s SavedRepricing, language: Language) -> Self {
        let Impact { change, contracts, additional, credit, .. } = &saved.impact;
        let render = |message: Message| language.render(&message);
        let deadline = change.effective.yesterday().unwrap_or(change.effective);
        let mut facts = vec![
            Message::new("impact-deadline").with("deadline", language.day(deadline)),
            Message::new("impact-contracts")
                .with("book", language.count(usize::try_from(contracts.in_book).unwrap_or(usize::MAX)))
                .with("touched", language.count(contracts.touched))
                .with("repriced", language.count(contracts.repriced))
                .with("unchanged", language.count(contracts.unchanged))
                .with("aside", language.count(contracts.set_aside)),
        ];
        facts.extend(without_lines(&saved.impact));
        Self {
            title: render(Message::new("impact-title")),
            about: render(
                Message::new("impact-about")
                    .with("id", change.id.as_str())
                    .with("effective", language.day(change.effective))
                    .with("notified", language.day(change.notified)),
            ),
            // an amount stays whole where the line breaks
            result: render(Message::new("impact-result").with("additional", *additional).with("credit", *credit))
                .replace(" ₽", "\u{a0}₽"),
            facts: facts.into_iter().map(render).collect(),
            sections: vec![
                premium(saved, language),
                programmes(&saved.impact, language),
                plans(&saved.impact, language),
                sizes(&saved.impact, language),
                policyholders(saved),
                reasons(saved, language),
            ],
        }
    }
}

/// The programmes of the change without a repriced line, if there are any.
fn without_lines(impact: &Impact) -> Option<Message> {
    let has_lines = |code: &str| impact.programmes.iter().any(|programme| programme.code == code);
    let missing = impact.change.coefficients.keys().filter(|code| *code != "*" && !has_lines(code));
    let missing = missing.map(String::as_str).collect::<Vec<_>>().join(", ");
    (!missing.is_empty()).then(|| Message::new("impact-without-lines").with("programmes", missing))
}

/// The premium of the book, and the full-year premium of the contracts that the change affects.
fn premium(saved: &SavedRepricing, language: Language) -> Section<'static> {
    let Impact { contracts, written, annual, .. } = &saved.impact;
    let words = |name| Value::Words(language.render(&Message::new(name)));
    let affected: Kopecks = saved.contracts.iter().map(|contract| contract.written).sum();
    let net: Kopecks = saved.contracts.iter().map(SavedContract::net).sum();
    let row = |name, count, before, after| {
        let share = Value::Share(Share::of_change(before, after));
        vec![words(name), Value::Count(count), Value::Amount(before), Value::Amount(after), share]
    };
    let in_book = usize::try_from(contracts.in_book).unwrap_or(usize::MAX);
    Section {
        id: "premium",
        title: "impact-premium-title",
        columns: PREMIUM,
        rows: vec![
            row("impact-written", in_book, written.before, written.after),
            row("impact-written-affected", contracts.touched, affected, affected + net),
            row("impact-annual", contracts.touched, annual.before, annual.after),
        ],
        is_summed: false,
    }
}

fn programmes(impact: &Impact, language: Language) -> Section<'_> {
    let coefficients = &impact.change.coefficients;
    let rows = impact.programmes.iter().map(|programme| {
        let name = programme.names.as_ref().map(|names| match language {
            Language::Ru => &names.name,
            Language::En => &names.name_en,
        });
        let label = name.map_or_else(|| programme.code.clone(), |name| format!("{}. {name}", programme.code));
        let coefficient = coefficients.get(&programme.code).or_else(|| coefficients.get("*"));
        let coefficient = Value::Decimal(coefficient.map_or("", String::as_str));
        (Value::Words(label), Money::from(programme), Some(coefficient))
    });
    let rows = most_first(rows.collect(), MAX_PROGRAMMES, language);
    Section { id: "programmes", title: "impact-programmes", columns: PROGRAMMES, rows, is_summed: true }
}

fn plans(impact: &Impact, language: Language) -> Section<'_> {
    let rows = impact.plans.iter().map(|plan| (Value::Text(&plan.code), Money::from(plan), None));
    let rows = most_first(rows.collect(), MAX_PLANS, language);
    Section { id: "plans", title: "impact-plans", columns: PLANS, rows, is_summed: true }
}

/// Rows by what they add to the premium, the largest first; more than `limit` end with one for all others, and all with their total.
fn most_first<'v>(
    mut rows: Vec<(Value<'v>, Money, Option<Value<'v>>)>,
    limit: usize,
    language: Language,
) -> Vec<Vec<Value<'v>>> {
    rows.sort_by_key(|(_, money, _)| Reverse(money.net()));
    let has_more = rows.first().is_some_and(|(_, _, more)| more.is_some());
    let more = || has_more.then(|| Value::Words(String::new()));
    let mut total = Money::default();
    for (_, money, _) in &rows {
        total.add(*money);
    }
    if rows.len() > limit {
        let others = rows.split_off(limit - 1);
        let mut sum = Money::default();
        for (_, money, _) in &others {
            sum.add(*money);
        }
        let label = language.render(&Message::new("impact-others").with("count", language.count(others.len())));
        rows.push((Value::Words(label), sum, more()));
    }
    let label = Value::Words(language.render(&Message::new("impact-total")));
    rows.push((label, total, more()));
    rows.into_iter().map(|(label, money, more)| money.row(label, more)).collect()
}

/// The contracts by the change of their full-year premium; ranges without a contract are left out.
fn sizes(impact: &Impact, language: Language) -> Section<'_> {
    let mut total = Money::default();
    let mut rows = Vec::new();
    for bucket in impact.sizes.iter().filter(|bucket| bucket.contracts > 0) {
        let bound = |percent: i64| percent.to_string().replace('-', "−");
        let label =
            Message::new("impact-size").with("from", bound(bucket.from_percent)).with("to", bound(bucket.to_percent));
        total.add(bucket.into());
        rows.push(Money::from(bucket).row(Value::Words(language.render(&label)), None));
    }
    rows.push(total.row(Value::Words(language.render(&Message::new("impact-total"))), None));
    Section { id: "sizes", title: "impact-sizes", columns: SIZES, rows, is_summed: true }
}

/// The policyholders who pay most by the change, over all their contracts.
fn policyholders(saved: &SavedRepricing) -> Section<'_> {
    let mut sums: BTreeMap<&str, Money> = BTreeMap::new();
    for contract in saved.with_status(Status::Repriced) {
        sums.entry(&contract.policyholder).or_default().add(Money { count: 1, effect: contract.effect() });
    }
    let mut hardest: Vec<_> = sums.into_iter().filter(|(_, money)| money.net() > Kopecks::ZERO).collect();
    hardest.sort_by_key(|(_, money)| Reverse(money.net()));
    hardest.truncate(MAX_POLICYHOLDERS);
    let rows = hardest.into_iter().map(|(name, money)| money.row(Value::Text(name), None)).collect();
    Section { id: "policyholders", title: "impact-policyholders", columns: POLICYHOLDERS, rows, is_summed: false }
}

/// Why contracts are set aside, the most frequent reason first.
fn reasons(saved: &SavedRepricing, language: Language) -> Section<'_> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for contract in saved.with_status(Status::SetAside) {
        *counts.entry(&contract.reason).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| Reverse(*count));
    let others: usize = counts.iter().skip(MAX_REASONS).map(|(_, count)| count).sum();
    let shown = counts.iter().take(MAX_REASONS);
    let mut rows: Vec<_> = shown.map(|(reason, count)| vec![Value::Long(reason), Value::Count(*count)]).collect();
    if others > 0 {
        let label = language.render(&Message::new("impact-other-reasons"));
        rows.push(vec![Value::Words(label), Value::Count(others)]);
    }
    Section { id: "reasons", title: "impact-reasons", columns: REASONS, rows, is_summed: false }
}
