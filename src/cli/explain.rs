//! `kollektiv explain`: the price of one insured, or of one cell, as a derivation.

use std::fmt::Write as _;

use clap::Args;
use serde_json::{Value, json};

use crate::base::error::Error;
use crate::base::messages::{Language, Message, listed};
use crate::base::money::{Kopecks, Rate};
use crate::cli::quote::{ask, preliminary};
use crate::cli::screen::{Screen, result, table};
use crate::cli::{Common, Outcome, Sources};
use crate::desk::explain::{Derivation, factor_words};
use crate::desk::find_insured::seek;
use crate::pricing::cube::{AgeClass, Axes};
use crate::pricing::rating::Rating;
use crate::pricing::trace::Step;
use crate::quote::contract::{Contract, Plan};
use crate::quote::files;
use crate::quote::{Admitted, Price, Quote};
use crate::roster::{Roster, Sheet};
use crate::table::text::folded;
use crate::tariff::Tariff;

/// So many insured that a word may mean are listed.
const LISTED_INSURED: usize = 10;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    of: Of,
    /// With --age: the risk group; not needed where the contract has a default
    #[arg(long, value_name = "GROUP", requires = "age")]
    risk: Option<u8>,
    /// With --age: the plan; not needed where the contract has one
    #[arg(long, value_name = "CODE", requires = "age")]
    plan: Option<String>,
    /// With --age: the headcount, instead of that of the roster, which then is not read
    #[arg(long, value_name = "N", requires = "age", value_parser = clap::value_parser!(u32).range(1..))]
    headcount: Option<u32>,
    /// Only this programme
    #[arg(long, value_name = "CODE")]
    programme: Option<String>,
    /// Print JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// Of whom the price is: of an insured, or of an age.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Of {
    /// Whose price: a row number, an id, a name or its beginning; or its file or sheet, a colon and the row
    #[arg(long, value_name = "ID|ROW|NAME", conflicts_with_all = ["risk", "plan", "headcount"])]
    insured: Option<String>,
    /// Instead of an insured: this age in completed years
    #[arg(long, value_name = "YEARS")]
    age: Option<u16>,
}

/// Whose price is explained, and its derivation.
struct Explained<'c> {
    /// The quote; none for a cell of a supposed headcount.
    quote: Option<&'c Quote<'c>>,
    /// Where the insured stands; none for a cell.
    place: Option<InsuredPlace>,
    plan: &'c Plan,
    age_years: u16,
    ages: AgeClass,
    risk_group: u8,
    headcount: u32,
    covers: Vec<Derivation<'c>>,
}

/// Where an insured stands in the roster, with the id but without the name.
struct InsuredPlace {
    file: String,
    sheet: String,
    row: u32,
    id: String,
}

/// Explains a price.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let tariff = common.tariff()?;
    let contract = Contract::open(&arguments.sources.contract, &tariff)?;
    let (sources, age_years) = (&arguments.sources, arguments.of.age.unwrap_or_default());
    match (&arguments.of.insured, arguments.headcount) {
        (Some(word), _) => ask(sources, &contract, &tariff, screen, |quote, price| {
            let Some(insured) = whom(quote, price, word, screen) else { return Ok(Outcome::Refused) };
            let explained = Explained {
                quote: Some(quote),
                place: Some(InsuredPlace::of(&quote.roster, insured.at as usize)),
                plan: &quote.contract.plans[usize::from(insured.plan)],
                age_years: insured.age_years,
                ages: price.axes.ages[usize::from(insured.step)],
                risk_group: quote.tariff.risk.value[usize::from(insured.risk)].group,
                headcount: price.headcount,
                covers: Derivation::of_insured(quote, price, insured),
            };
            arguments.show(explained, quote.tariff, screen)
        }),
        (None, Some(headcount)) => {
            let rating = Rating::new(&tariff, &contract, headcount)?;
            let axes = Axes::new(&tariff, &contract);
            arguments.show_cell(&rating, &axes, (&contract, &tariff), (age_years, headcount, None), screen)
        }
        (None, None) => ask(sources, &contract, &tariff, screen, |quote, price| {
            let terms = (quote.contract, quote.tariff);
            let of = (age_years, price.headcount, Some(quote));
            arguments.show_cell(&price.rating, &price.axes, terms, of, screen)
        }),
    }
}

/// The one insured that a word means; else it is said why it means nobody, or whom it may mean.
fn whom<'p>(quote: &Quote<'_>, price: &'p Price<'_>, word: &str, screen: &Screen) -> Option<&'p Admitted> {
    let insured = &quote.roster.insured;
    let mut found = seek(&quote.roster, word);
    // whom one row of a census counts are all alike
    found.dedup_by_key(|at| (insured.sheet[*at], insured.row[*at]));
    let [at] = found[..] else {
        let message = if found.is_empty() { "insured-not-found" } else { "insured-several" };
        screen.refuse(&screen.say(&Message::new(message).with("count", found.len())));
        for at in found.iter().take(LISTED_INSURED) {
            screen.refuse(&format!("  {}", InsuredPlace::of(&quote.roster, *at).shown_by_row(screen)));
        }
        return None;
    };
    let admitted = price.lines.admitted.iter().find(|insured| insured.at as usize == at);
    if admitted.is_none() {
        let here = |found: &&crate::base::diagnostic::Diagnostic| {
            (found.place.sheet, found.place.row) == (insured.sheet[at], insured.row[at])
        };
        for found in quote.roster.diagnostics.iter().filter(here) {
            screen.refuse(&format!("{}: {}", files::shown_place(&quote.roster, found), screen.say(&found.message)));
        }
        screen.refuse(&screen.words("insured-not-priced"));
    }
    admitted
}

impl InsuredPlace {
    fn of(roster: &Roster, at: usize) -> Self {
        let insured = &roster.insured;
        let Sheet { file, name, .. } = &roster.sheets[usize::from(insured.sheet[at])];
        let id = insured.id.get(at).to_owned();
        Self { file: file.clone(), sheet: name.clone(), row: insured.row[at], id }
    }

    /// The place with the id, for the result.
    fn shown(&self, screen: &Screen) -> String {
        if self.id.is_empty() {
            return self.shown_by_row(screen);
        }
        screen.say(&self.named("insured-place-id").with("id", self.id.as_str()))
    }

    /// The place alone, for messages, which say nothing that is known of an insured.
    fn shown_by_row(&self, screen: &Screen) -> String {
        screen.say(&self.named("insured-place"))
    }

    fn named(&self, name: &'static str) -> Message {
        let Self { file, sheet, row, .. } = self;
        let sheet = if sheet.is_empty() { file.clone() } else { format!("{file}, «{sheet}»") };
        Message::new(name).with("sheet", sheet).with("row", row.to_string())
    }

    fn json(&self) -> Value {
        json!({ "file": self.file, "sheet": self.sheet, "row": self.row, "id": self.id })
    }
}

impl Arguments {
    fn show_cell(
        &self,
        rating: &Rating<'_>,
        cube: &Axes,
        (contract, tariff): (&Contract, &Tariff),
        (age_years, headcount, quote): (u16, u32, Option<&Quote<'_>>),
        screen: &Screen,
    ) -> Result<Outcome, Error> {
        let (plan, ages, risk) = match self.cell(cube, contract, tariff, age_years) {
            Ok(cell) => cell,
            Err(message) => {
                screen.refuse(&screen.say(&message));
                return Ok(Outcome::Refused);
            }
        };
        let days = contract.term.period().days();
        let derive = |cover| {
            let cell = (&ages, risk);
            Derivation::of_cell(rating, contract, cover, cell, (cover.sum_insured, days))
                .map_err(|refused| (cover, refused))
        };
        match plan.covers.iter().map(derive).collect::<Result<Vec<_>, _>>() {
            Ok(covers) => {
                let risk_group = tariff.risk.value[risk].group;
                let explained = Explained { quote, place: None, plan, age_years, ages, risk_group, headcount, covers };
                self.show(explained, tariff, screen)
            }
            Err((cover, refused)) => {
                screen.refuse(&screen.say(&refused.message(tariff, cover)));
                Ok(Outcome::Refused)
            }
        }
    }

    /// The plan, the ages and the place of the risk group that the command line means.
    fn cell<'c>(
        &self,
        axes: &Axes,
        contract: &'c Contract,
        tariff: &Tariff,
        age_years: u16,
    ) -> Result<(&'c Plan, AgeClass, usize), Message> {
        let codes = || listed(contract.plans.iter().map(|plan| &plan.code));
        let plan = match &self.plan {
            None if contract.plans.len() == 1 => &contract.plans[0],
            None => return Err(Message::new("cell-plan-missing").with("known", codes())),
            Some(word) => {
                let meant = |plan: &&Plan| {
                    let names = [Some(&plan.code), plan.name.as_ref()];
                    names.into_iter().flatten().any(|name| folded(name) == folded(word))
                };
                let found = contract.plans.iter().find(meant);
                found.ok_or_else(|| Message::new("cell-plan-unknown").with("plan", &**word).with("known", codes()))?
            }
        };
        let groups = || listed(tariff.risk.value.iter().map(|row| row.group));
        let clause = tariff.risk.clause.as_str();
        let Some(group) = self.risk.or(contract.default_risk_group) else {
            return Err(Message::new("cell-risk-missing").with("known", groups()).with("clause", clause));
        };
        let risk = axes.risk(group).ok_or_else(|| {
            let message = Message::new("risk-group-unknown").with("group", group.to_string());
            message.with("known", groups()).with("clause", clause)
        })?;
        let step = axes.step(age_years).ok_or_else(|| {
            let message = Message::new("cell-age-outside").with("last", tariff.last_age().to_string());
            message.with("clause", tariff.age.clause.as_str())
        })?;
        Ok((plan, axes.ages[usize::from(step)], usize::from(risk)))
    }

    /// Shows the derivations, of one programme alone if that was asked for.
    fn show(&self, mut explained: Explained<'_>, tariff: &Tariff, screen: &Screen) -> Result<Outcome, Error> {
        if let Some(code) = &self.programme {
            let covered =
                listed(explained.covers.iter().map(|derived| &tariff.programmes[derived.cover.programme].code));
            let wanted = tariff.programme(code);
            explained.covers.retain(|derived| Some(derived.cover.programme) == wanted);
            if explained.covers.is_empty() {
                let message = Message::new("programme-not-covered").with("programme", code.as_str());
                screen.refuse(&screen.say(&message.with("plan", explained.plan.code.as_str()).with("known", covered)));
                return Ok(Outcome::Refused);
            }
        }
        if self.json {
            result(&format!("{:#}\n", explained.json(tariff)))?;
        } else {
            screen.table(&explained.text(tariff, screen))?;
        }
        Ok(Outcome::Done)
    }
}

impl Explained<'_> {
    fn premium(&self) -> Kopecks {
        self.covers.iter().map(|derived| derived.premium).sum()
    }

    fn text(&self, tariff: &Tariff, screen: &Screen) -> String {
        let head = Message::new("explain-head")
            .with("plan", self.plan.code.as_str())
            .with("age", u32::from(self.age_years))
            .with("group", self.risk_group.to_string());
        let mut text = self.quote.map(|quote| preliminary(quote, screen)).unwrap_or_default();
        text.extend(self.place.as_ref().map(|place| format!("{}\n", place.shown(screen))));
        text.push_str(&screen.paragraph(&head));
        for derived in &self.covers {
            let programme = &tariff.programmes[derived.cover.programme];
            let name = if screen.language == Language::Ru { &programme.name } else { &programme.name_en };
            let title = Message::new("explain-programme").with("programme", programme.code.as_str());
            let _ = writeln!(text, "\n{}", screen.paragraph(&title.with("name", name.as_str())));
            text.push_str(&self.steps(derived, tariff, screen));
            let premium = Message::new("explain-premium")
                .with("sum", derived.sum_insured)
                .with("rate", derived.trace.rate().to_string())
                .with("days", derived.days.to_string())
                .with("year", derived.year_days.to_string())
                .with("unrounded", screen.language.decimal(&derived.unrounded.to_string()))
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
    fn steps(&self, derived: &Derivation<'_>, tariff: &Tariff, screen: &Screen) -> String {
        let row = |(step, product): (&Step<'_>, &Rate)| {
            [
                screen.say(&factor_words(&step.factor, tariff, self.headcount, &self.ages)),
                screen.words(chooser(step)),
                format!("§{}{}", step.clause, step.rule.map(|rule| format!(", {rule}")).unwrap_or_default()),
                step.choice.map(|(range, _)| range.to_string()).unwrap_or_default(),
                step.coefficient.to_string(),
                product.to_string(),
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
        table(heading.map(|name| screen.words(name)), rows.collect(), 3)
    }

    fn json(&self, tariff: &Tariff) -> Value {
        let step = |(step, product): (&Step<'_>, &Rate)| {
            json!({
                "factor": step.factor.as_str(),
                "services": step.factor.services().iter().map(|id| &tariff.services[id.0].code).collect::<Vec<_>>(),
                "value": step.coefficient.to_string(),
                "range": step.choice.map(|(range, _)| json!({ "low": range.low.to_string(), "high": range.high.to_string() })),
                "chosen_by": step.chosen_by(),
                "clause": step.clause,
                "rule": step.rule,
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
            "insured": self.place.as_ref().map(InsuredPlace::json),
            "plan": self.plan.code,
            "age": self.age_years,
            "age_band": tariff.age.value[self.ages.age_band].years.to_string(),
            "risk_group": self.risk_group,
            "headcount": self.headcount,
            "covers": self.covers.iter().map(cover).collect::<Vec<_>>(),
            "premium": self.premium().to_string(),
        })
    }
}

/// Who gave a factor its value, in a word for people.
fn chooser(step: &Step<'_>) -> &'static str {
    match step.chosen_by() {
        "tariff" => "chosen-by-tariff",
        "contract" => "chosen-by-contract",
        "ranges" => "chosen-by-ranges",
        _ => "chosen-by-nobody",
    }
}
