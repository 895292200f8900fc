//! One offer with several options in PDF: the options side by side, then the programmes of each.
//!
//! A template in Typst's language lays out the figures of [saved quotes](SavedQuote), which it reads by `json("options.json")`.

use serde::Serialize;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::output::pdf;
use crate::output::pdf::{Template, day, printable};
use crate::quote::documents::offer::clinic_names::{ClinicNames, with_clinics};
use crate::quote::documents::offer::template_data::{OfferData, per_insured};
use crate::quote::insurer::paper_template;
use crate::quote::quote_json::QuoteJson;
use crate::quote::saved_quote::SavedQuote;

/// A saved quote with its name in the offer.
#[derive(Debug)]
pub struct OfferedOption {
    /// The name.
    pub name: String,
    /// The quote.
    pub saved: SavedQuote,
}

/// `options.json`: its keys are a promise to the authors of templates.
#[derive(Debug, Serialize)]
struct OptionsData {
    language: &'static str,
    policyholder: String,
    start: String,
    end: String,
    /// Whether one of the options is preliminary.
    preliminary: bool,
    options: Vec<OptionData>,
    plans: Vec<PlanRow>,
}

#[derive(Debug, Serialize)]
struct OptionData {
    name: String,
    per_insured: String,
    offer: OfferData,
}

/// A plan in every option, in the order of the options.
#[derive(Debug, Serialize)]
struct PlanRow {
    code: String,
    name: Option<String>,
    options: Vec<Option<PlanCell>>,
}

#[derive(Debug, Serialize)]
struct PlanCell {
    insured: String,
    premium: String,
    per_insured: String,
}

/// The built-in template, in Russian and in English.
#[must_use]
pub fn template() -> Template {
    with_clinics(paper_template("options.typ", include_str!("options/options.typ")), &ClinicNames::new())
}

/// The offer as a PDF document; empty options make an empty table.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// font of the program or the template's folder has.
pub fn pdf(options: &[OfferedOption], template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let data = OptionsData::new(options, language);
    let identity = options.iter().map(|option| option.saved.quote.number.as_str()).collect::<Vec<_>>().join(" ");
    pdf::render(template, &pdf::Data::new("options.json", &data, &identity))
}

impl OptionsData {
    fn new(options: &[OfferedOption], language: Language) -> Self {
        let quotes = || options.iter().map(|option| &option.saved.quote);
        let mut plans: Vec<PlanRow> = Vec::new();
        for plan in quotes().flat_map(|quote| &quote.plans) {
            let code = printable(&plan.code);
            if plans.iter().all(|row| row.code != code) {
                let cells = quotes().map(|quote| plan_cell(quote, &plan.code, language)).collect();
                plans.push(PlanRow { code, name: plan.name.as_deref().map(printable), options: cells });
            }
        }
        let first = options.first().map(|option| &option.saved.quote);
        Self {
            language: language.as_str(),
            policyholder: first.map(|quote| printable(&quote.policyholder)).unwrap_or_default(),
            start: first.map(|quote| day(quote.start, language)).unwrap_or_default(),
            end: first.map(|quote| day(quote.end, language)).unwrap_or_default(),
            preliminary: quotes().any(QuoteJson::is_preliminary),
            options: options.iter().map(|option| OptionData::new(option, language)).collect(),
            plans,
        }
    }
}

impl OptionData {
    fn new(option: &OfferedOption, language: Language) -> Self {
        let quote = &option.saved.quote;
        Self {
            name: printable(&option.name),
            per_insured: per_insured(quote.premium, quote.headcount, language),
            offer: OfferData::new(&option.saved, language),
        }
    }
}

fn plan_cell(quote: &QuoteJson, code: &str, language: Language) -> Option<PlanCell> {
    let plan = quote.plans.iter().find(|plan| plan.code == code)?;
    Some(PlanCell {
        insured: language.count(plan.insured),
        premium: language.amount(plan.premium),
        per_insured: per_insured(plan.premium, plan.insured, language),
    })
}
