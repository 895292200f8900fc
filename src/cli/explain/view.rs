//! The derivation of a premium as text and as JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::messages::{Language, Message};
use crate::base::money::{Kopecks, Rate};
use crate::base::rule::Rule;
use crate::cli::quoting::{edition_line, preliminary_paragraph};
use crate::cli::screen::Screen;
use crate::desk::explain::{Derivation, factor_message};
use crate::pricing::cube::AgeClass;
use crate::pricing::terms::Plan;
use crate::pricing::trace::TraceStep;
use crate::quote::Quote;
use crate::quote::accepted_insured::AcceptedInsured;
use crate::roster::Roster;
use crate::table::tables::Sheet;
use crate::tariff::Tariff;

/// The derivations of one insured or one cell.
pub struct Explanation<'c> {
    /// The quote; `None` for a cell of a given headcount.
    pub quote: Option<&'c Quote<'c>>,
    /// The place of the insured in the roster; `None` for a cell.
    pub place: Option<InsuredPlace>,
    /// The plan.
    pub plan: &'c Plan,
    /// Completed years.
    pub age_years: u16,
    /// The age class of these years.
    pub ages: AgeClass,
    /// The number of the risk group.
    pub risk_group: u8,
    /// The headcount of the contract.
    pub headcount: u32,
    /// A derivation for each cover of the plan.
    pub covers: Vec<Derivation<'c>>,
    /// The underwriter's decision, for an insured outside of the tariff's ages (`I73`).
    pub accepted: Option<AcceptedInsured<'c>>,
}

/// The place of an insured in the roster, with the id but without the name.
pub struct InsuredPlace {
    file: String,
    sheet: String,
    row: u32,
    id: String,
}

impl InsuredPlace {
    /// The place of the insured with this index in a roster.
    pub fn new(roster: &Roster, at: usize) -> Self {
        let insured = &roster.insured;
        let Sheet { file, name, .. } = &roster.tables.sheets[usize::from(insured.sheet[at])];
        let id = insured.id.get(at).to_owned();
        Self { file: file.clone(), sheet: name.clone(), row: insured.row[at], id }
    }

    /// The place with the id, for the result.
    fn with_id(&self, screen: &Screen) -> String {
        if self.id.is_empty() {
            return self.without_id(screen);
        }
        screen.render(&self.message("insured-place-id").with("id", self.id.as_str()))
    }

    /// The place without personal data, for messages.
    pub fn without_id(&self, screen: &Screen) -> String {
        screen.render(&self.message("insured-place"))
    }

    fn message(&self, name: &'static str) -> Message {
        let Self { file, sheet, row, .. } = self;
        let sheet = if sheet.is_empty() { file.clone() } else { format!("{file}, «{sheet}»") };
        Message::new(name).with("sheet", sheet).with("row", row.to_string())
    }

    fn json(&self) -> Value {
        json!({ "file": self.file, "sheet": self.sheet, "row": self.row, "id": self.id })
    }
}

impl Explanation<'_> {
    /// The premium of all covers.
    fn premium(&self) -> Kopecks {
        self.covers.iter().map(|derived| derived.premium).sum()
    }

    /// The derivations for people.
    pub fn text(&self, tariff: &Tariff, screen: &Screen) -> String {
        let head = Message::new("explain-head")
            .with("plan", self.plan.code.as_str())
            .with("age", u32::from(self.age_years))
            .with("group", self.risk_group.to_string());
        let mut text = self.quote.map(|quote| preliminary_paragraph(quote, screen)).unwrap_or_default();
        text.extend(self.place.as_ref().map(|place| format!("{}\n", place.with_id(screen))));
        text.push_str(&screen.paragraph(&head));
        text.push_str(&edition_line(tariff, screen));
        text.extend(self.accepted.map(|accepted| screen.paragraph(&accepted.decision(tariff))));
        for derived in &self.covers {
            let programme = &tariff.programmes[derived.cover.programme];
            let name = if screen.language == Language::Ru { &programme.name } else { &programme.name_en };
            let title = Message::new("explain-programme").with("programme", programme.code.as_str());
            let _ = writeln!(text, "\n{}", screen.paragraph(&title.with("name", name.as_str())));
            text.push_str(&self.factors(derived, tariff, screen));
            let premium = Message::new("explain-premium")
                .with("sum", derived.sum_insured)
                .with("rate", screen.decimal(derived.trace.rate()))
                .with("days", derived.days.to_string())
                .with("year", derived.year_days.to_string())
                .with("unrounded", screen.decimal(&derived.unrounded))
                .with("premium", derived.premium);
            let _ = write!(text, "\n{}", screen.paragraph(&premium));
        }
        if self.covers.len() > 1 {
            let _ =
                write!(text, "\n{}", screen.paragraph(&Message::new("explain-total").with("premium", self.premium())));
        }
        text
    }

    /// The factors of one line as a table.
    fn factors(&self, derived: &Derivation<'_>, tariff: &Tariff, screen: &Screen) -> String {
        let row = |(step, product): (&TraceStep<'_>, &Rate)| {
            [
                screen.render(&factor_message(&step.factor, tariff, self.headcount, &self.ages)),
                screen.text(chosen_by_name(step)),
                format!("§{}{}", step.clause, step.rule.map(|rule| format!(", {rule}")).unwrap_or_default()),
                step.range().map(|range| screen.decimal(range)).unwrap_or_default(),
                screen.decimal(step.coefficient),
                screen.decimal(product),
            ]
        };
        let heading = [
            "heading-factor",
            "heading-chosen-by",
            "heading-clause",
            "heading-range",
            "heading-value",
            "heading-product",
        ];
        let rows = derived.trace.steps.iter().zip(&derived.products).map(row);
        screen.table(heading, rows.collect(), 3)
    }

    /// The derivations as JSON.
    pub fn json(&self, tariff: &Tariff) -> Value {
        let step = |(step, product): (&TraceStep<'_>, &Rate)| {
            json!({
                "factor": step.factor.as_str(),
                "services": step.factor.services().iter().map(|id| &tariff.services[id.0].code).collect::<Vec<_>>(),
                "value": step.coefficient.to_string(),
                "range": step.range().map(|range| json!({ "low": range.low.to_string(), "high": range.high.to_string() })),
                "chosen_by": step.chosen_by(),
                "clause": step.clause,
                "rule": step.rule.map(Rule::as_str),
                "product": product.to_string(),
            })
        };
        let cover = |derived: &Derivation<'_>| {
            json!({
                "programme": tariff.programmes[derived.cover.programme].code,
                "steps": derived.trace.steps.iter().zip(&derived.products).map(step).collect::<Vec<_>>(),
                "rate": derived.trace.rate().to_string(),
                "sum_insured": derived.sum_insured.to_string(),
                "days": derived.days,
                "year_days": derived.year_days,
                "unrounded": derived.unrounded.to_string(),
                "premium": derived.premium.to_string(),
            })
        };
        json!({
            "status": self.quote.map(|quote| quote.status.as_str()),
            "tariff": tariff.id(),
            "insured": self.place.as_ref().map(InsuredPlace::json),
            "plan": self.plan.code,
            "age": self.age_years,
            "age_band": tariff.age_band_name(self.ages.age_band),
            "accepted": self.accepted.map(|accepted| json!({
                "decided_by": accepted.entry.decided_by,
                "reason": accepted.entry.reason,
            })),
            "risk_group": self.risk_group,
            "headcount": self.headcount,
            "covers": self.covers.iter().map(cover).collect::<Vec<_>>(),
            "premium": self.premium().to_string(),
        })
    }
}

/// The name of the message that states what chose the value of a factor.
fn chosen_by_name(step: &TraceStep<'_>) -> &'static str {
    match step.chosen_by() {
        "tariff" => "chosen-by-tariff",
        "contract" => "chosen-by-contract",
        "ranges" => "chosen-by-ranges",
        "not_applied" => "not-applied",
        "accepted" => "chosen-by-decision",
        _ => "chosen-by-default",
    }
}
