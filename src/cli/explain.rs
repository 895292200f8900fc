//! `kollektiv explain`: the derivation of the price of one insured or one cell.

mod view;

use clap::Args;

use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::cli::arguments::{Common, QuoteSources};
use crate::cli::outcome::Outcome;
use crate::cli::quoting::{answer_with_price, open_contract};
use crate::cli::screen::{Screen, print_json};
use crate::desk::explain::Derivation;
use crate::desk::find_insured::find_insured;
use crate::pricing::cube::{AgeClass, Axes};
use crate::pricing::rating::Rating;
use crate::pricing::terms::Plan;
use crate::quote::contract::{Contract, no_rate_message};
use crate::quote::diagnostic_text::place_text;
use crate::quote::{Admitted, Price, Quote};
use crate::table::text::folded;
use crate::tariff::Tariff;
use view::{Explanation, InsuredPlace};

/// The number of matching insured that are listed.
const LISTED_INSURED: usize = 10;

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    pub sources: QuoteSources,
    #[command(flatten)]
    subject: Subject,
    /// With --age: number of the risk group (§2.5); by default that of the contract
    #[arg(long, value_name = "GROUP", requires = "age")]
    risk: Option<u8>,
    /// With --age: code or name of the plan; needed if the contract has several
    #[arg(long, value_name = "CODE", requires = "age")]
    plan: Option<String>,
    /// With --age: headcount (§2.1), at least 1, for a price without a roster; by default that of the roster
    #[arg(long, value_name = "N", requires = "age", value_parser = clap::value_parser!(u32).range(1..))]
    headcount: Option<u32>,
    /// Explain only this programme
    #[arg(long, value_name = "CODE")]
    programme: Option<String>,
}

/// The insured or the age whose price is explained.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Subject {
    /// Insured: a row number, an id, a name or its beginning; or a file or sheet with the row, such as roster.xlsx:17
    #[arg(long, value_name = "ID|ROW|NAME", conflicts_with_all = ["risk", "plan", "headcount"])]
    insured: Option<String>,
    /// Age in completed years (§2.2), for the price of a cell instead of an insured
    #[arg(long, value_name = "YEARS")]
    age: Option<u16>,
}

/// Explains the price of an insured or a cell.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let (contract, tariff) = open_contract(&arguments.sources, &common.editions()?)?;
    let (sources, age_years) = (&arguments.sources, arguments.subject.age.unwrap_or_default());
    match (&arguments.subject.insured, arguments.headcount) {
        (Some(word), _) => answer_with_price(sources, &contract, &tariff, screen, |quote, price| {
            let Some(insured) = find_priced(quote, price, word, screen) else { return Ok(Outcome::Refused) };
            let explanation = Explanation {
                quote: Some(quote),
                place: Some(InsuredPlace::new(&quote.roster, insured.at as usize)),
                plan: &quote.contract.terms.plans[usize::from(insured.plan)],
                age_years: insured.age_years,
                ages: price.axes.ages[usize::from(insured.age_class)],
                risk_group: quote.tariff.risk.value[usize::from(insured.risk)].group,
                headcount: price.headcount,
                covers: Derivation::for_insured(quote, price, insured),
                accepted: quote.accepted_row(insured.at as usize),
            };
            arguments.print(explanation, quote.tariff, screen)
        }),
        (None, Some(headcount)) => {
            let rating = contract.rating(&tariff, headcount)?;
            let axes = Axes::new(&tariff, &contract.terms);
            arguments.explain_cell(&rating, &axes, (&contract, &tariff), (age_years, headcount, None), screen)
        }
        (None, None) => answer_with_price(sources, &contract, &tariff, screen, |quote, price| {
            let terms = (quote.contract, quote.tariff);
            let cell = (age_years, price.headcount, Some(quote));
            arguments.explain_cell(&price.rating, &price.axes, terms, cell, screen)
        }),
    }
}

/// The priced insured that a word selects; otherwise the reasons are printed.
fn find_priced<'p>(quote: &Quote<'_>, price: &'p Price<'_>, word: &str, screen: &Screen) -> Option<&'p Admitted> {
    let insured = &quote.roster.insured;
    let mut found = find_insured(&quote.roster, word);
    // the insured that one row of a census counts are equal
    found.dedup_by_key(|at| (insured.sheet[*at], insured.row[*at]));
    let [at] = found[..] else {
        let name = if found.is_empty() { "insured-not-found" } else { "insured-several" };
        screen.refuse(&Message::new(name).with("count", found.len()));
        for at in found.iter().take(LISTED_INSURED) {
            screen.refuse_text(&format!("  {}", InsuredPlace::new(&quote.roster, *at).without_id(screen)));
        }
        return None;
    };
    let admitted = price.lines.admitted.iter().find(|insured| insured.at as usize == at);
    if admitted.is_none() {
        let here = |found: &&crate::base::diagnostic::Diagnostic| {
            (found.place.sheet, found.place.row) == (insured.sheet[at], insured.row[at])
        };
        for found in quote.roster.tables.diagnostics.iter().filter(here) {
            screen.refuse_text(&format!(
                "{}: {}",
                place_text(&quote.roster.tables, found),
                screen.render(&found.message)
            ));
        }
        screen.refuse(&Message::new("insured-not-priced"));
    }
    admitted
}

impl Arguments {
    /// Explains the price of the cell that the arguments name.
    fn explain_cell(
        &self,
        rating: &Rating<'_>,
        axes: &Axes,
        (contract, tariff): (&Contract, &Tariff),
        (age_years, headcount, quote): (u16, u32, Option<&Quote<'_>>),
        screen: &Screen,
    ) -> Result<Outcome, Error> {
        let (plan, age_class, risk) = match self.cell(axes, contract, tariff, age_years) {
            Ok(cell) => cell,
            Err(message) => {
                screen.refuse(&message);
                return Ok(Outcome::Refused);
            }
        };
        let days = contract.term().period().days();
        let derive = |cover| {
            let cell = (&age_class, risk);
            Derivation::for_cell(rating, contract, cover, cell, (cover.sum_insured, days))
                .map_err(|refused| (cover, refused))
        };
        match plan.covers.iter().map(derive).collect::<Result<Vec<_>, _>>() {
            Ok(covers) => {
                let risk_group = tariff.risk.value[risk].group;
                let explanation = Explanation {
                    quote,
                    place: None,
                    plan,
                    age_years,
                    ages: age_class,
                    risk_group,
                    headcount,
                    covers,
                    accepted: None,
                };
                self.print(explanation, tariff, screen)
            }
            Err((cover, refused)) => {
                screen.refuse(&no_rate_message(refused, tariff, cover));
                Ok(Outcome::Refused)
            }
        }
    }

    /// The plan, the age class and the index of the risk group that the arguments name.
    fn cell<'c>(
        &self,
        axes: &Axes,
        contract: &'c Contract,
        tariff: &Tariff,
        age_years: u16,
    ) -> Result<(&'c Plan, AgeClass, usize), Message> {
        let codes = || listed(contract.terms.plans.iter().map(|plan| &plan.code));
        let plan = match &self.plan {
            None if contract.terms.plans.len() == 1 => &contract.terms.plans[0],
            None => return Err(Message::new("cell-plan-missing").with("known", codes())),
            Some(word) => {
                let is_named = |plan: &&Plan| {
                    let names = [Some(&plan.code), plan.name.as_ref()];
                    names.into_iter().flatten().any(|name| folded(name) == folded(word))
                };
                let found = contract.terms.plans.iter().find(is_named);
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
        let step = axes.age_class(age_years).ok_or_else(|| {
            let message = Message::new("cell-age-outside").with("last", tariff.last_age().to_string());
            message.with("clause", tariff.age.clause.as_str())
        })?;
        Ok((plan, axes.ages[usize::from(step)], usize::from(risk)))
    }

    /// Prints the derivations, with --programme only that of the programme.
    fn print(&self, mut explanation: Explanation<'_>, tariff: &Tariff, screen: &Screen) -> Result<Outcome, Error> {
        if let Some(code) = &self.programme {
            let covered =
                listed(explanation.covers.iter().map(|derivation| &tariff.programmes[derivation.cover.programme].code));
            let wanted = tariff.programme(code);
            explanation.covers.retain(|derivation| Some(derivation.cover.programme) == wanted);
            if explanation.covers.is_empty() {
                let message = Message::new("programme-not-covered").with("programme", code.as_str());
                screen.refuse(&message.with("plan", explanation.plan.code.as_str()).with("known", covered));
                return Ok(Outcome::Refused);
            }
        }
        if screen.is_json() {
            print_json(&explanation.json(tariff))?;
        } else {
            screen.print(&explanation.text(tariff, screen))?;
        }
        screen.suggest(Message::new("next-explain").with("contract", self.sources.contract.display().to_string()));
        Ok(Outcome::Done)
    }
}
