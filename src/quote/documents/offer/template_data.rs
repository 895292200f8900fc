//! The data of an offer: every figure as a text in the language of its reader.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::messages::Language;
use crate::base::money::{Kopecks, portion};
use crate::output::pdf::{day, printable};
use crate::quote::documents::offer::numeral::in_words;
use crate::quote::quote_json::{Cover, Instalment, Plan, Service, ServingClinic};
use crate::quote::saved_quote::SavedQuote;

/// `offer.json`: its keys are a promise to the authors of templates.
#[derive(Debug, Serialize)]
pub(crate) struct OfferData {
    language: &'static str,
    number: String,
    policyholder: String,
    preliminary: bool,
    /// Whether the price is that of a census.
    census: bool,
    /// The number of roster rows that are not priced, where there are any.
    unpriced: Option<String>,
    start: String,
    end: String,
    headcount: String,
    /// The last day on which the offer can be accepted.
    valid_until: Option<String>,
    /// The number of insured that an underwriter accepted outside of the tariff's ages (`I73`), where there are any.
    accepted: Option<String>,
    premium: String,
    premium_in_words: String,
    /// The mean premium of an insured; a dash without insured.
    per_insured: String,
    plans: Vec<PlanData>,
    instalments: Vec<InstalmentData>,
    /// The code of the edition of the tariff, and the SHA-256 of its file (`I71`).
    tariff: String,
    tariff_sha256: String,
}

#[derive(Debug, Serialize)]
struct PlanData {
    code: String,
    name: Option<String>,
    insured: String,
    premium: String,
    /// The mean premium of an insured of the plan; a dash without insured.
    per_insured: String,
    covers: Vec<CoverData>,
    clinics: Vec<ClinicData>,
}

#[derive(Debug, Serialize)]
struct CoverData {
    programme: String,
    name: String,
    sum_insured: String,
    total_sum_insured: String,
    /// Whether some insured have a sum of their own.
    own_sums: bool,
    /// Whether all of them have.
    all_own_sums: bool,
    excluded: Vec<String>,
    included: Vec<String>,
    /// The additional services in words, where the contract names them.
    additional: Option<String>,
}

/// A clinic by its code; `clinics.json` has the names.
#[derive(Debug, Serialize)]
struct ClinicData {
    code: String,
    /// The clinic's programme, where the insured are attached to the clinic; without it each case needs a guarantee letter.
    programme: Option<String>,
}

#[derive(Debug, Serialize)]
struct InstalmentData {
    due: String,
    to: String,
    amount: String,
}

impl OfferData {
    pub fn new(saved: &SavedQuote, language: Language) -> Self {
        let quote = &saved.quote;
        let mut sums: BTreeMap<(usize, usize), Sums> = BTreeMap::new();
        for line in &saved.lines.lines {
            let rate = &saved.rates[line.rate];
            let cover = &quote.plans[rate.plan].covers[rate.cover];
            sums.entry((rate.plan, rate.cover)).or_default().add(line.sum_insured, cover);
        }
        let sum = |plan, cover| sums.get(&(plan, cover)).copied().unwrap_or_default();
        let plans = quote.plans.iter().enumerate();
        let unpriced = quote.rows.referred + quote.rows.rejected;
        Self {
            language: language.as_str(),
            number: printable(&quote.number),
            policyholder: printable(&quote.policyholder),
            preliminary: quote.is_preliminary(),
            census: quote.census,
            unpriced: (unpriced > 0).then(|| language.count(unpriced)),
            start: day(quote.start, language),
            end: day(quote.end, language),
            headcount: language.count(quote.headcount),
            valid_until: quote.offer_until.map(|last| day(last, language)),
            per_insured: per_insured(quote.premium, quote.headcount, language),
            accepted: (!quote.accepted.is_empty()).then(|| language.count(quote.accepted.len())),
            premium: language.amount(quote.premium),
            premium_in_words: in_words(quote.premium, language),
            plans: plans.map(|(at, plan)| PlanData::new(plan, |cover| sum(at, cover), language)).collect(),
            instalments: quote.instalments.iter().map(|part| InstalmentData::new(*part, language)).collect(),
            tariff: printable(&quote.tariff.code),
            tariff_sha256: printable(&quote.tariff.sha256),
        }
    }
}

/// The sums insured of the insured who have a cover.
#[derive(Debug, Default, Clone, Copy)]
struct Sums {
    insured: usize,
    /// The number of those whose sum differs from the cover's.
    own: usize,
    total: Kopecks,
}

impl Sums {
    fn add(&mut self, sum_insured: Kopecks, cover: &Cover) {
        self.insured += 1;
        self.own += usize::from(sum_insured != cover.sum_insured);
        self.total += sum_insured;
    }
}

impl PlanData {
    fn new(plan: &Plan, sums: impl Fn(usize) -> Sums, language: Language) -> Self {
        let covers = plan.covers.iter().enumerate();
        Self {
            code: printable(&plan.code),
            name: plan.name.as_deref().map(printable),
            insured: language.count(plan.insured),
            premium: language.amount(plan.premium),
            per_insured: per_insured(plan.premium, plan.insured, language),
            clinics: plan.clinics.iter().map(ClinicData::new).collect(),
            covers: covers.map(|(at, cover)| CoverData::new(cover, sums(at), language)).collect(),
        }
    }
}

impl ClinicData {
    fn new(clinic: &ServingClinic) -> Self {
        Self { code: printable(&clinic.clinic), programme: clinic.programme.as_deref().map(printable) }
    }
}

impl CoverData {
    fn new(cover: &Cover, sums: Sums, language: Language) -> Self {
        let names = |services: &[Service]| services.iter().map(|service| printable(service.name(language))).collect();
        Self {
            programme: printable(&cover.programme),
            name: printable(cover.name(language)),
            sum_insured: language.amount(cover.sum_insured),
            total_sum_insured: language.amount(sums.total),
            own_sums: sums.own > 0,
            all_own_sums: sums.own > 0 && sums.own == sums.insured,
            excluded: names(&cover.exclude),
            included: names(&cover.include),
            additional: cover.additional_services.as_deref().map(printable),
        }
    }
}

impl InstalmentData {
    fn new(instalment: Instalment, language: Language) -> Self {
        Self {
            due: day(instalment.from, language),
            to: day(instalment.to, language),
            amount: language.amount(instalment.amount),
        }
    }
}

/// The mean premium of an insured; a dash without insured.
pub(crate) fn per_insured(premium: Kopecks, insured: usize, language: Language) -> String {
    match u32::try_from(insured) {
        Ok(insured) if insured > 0 => language.amount(portion(premium, 1, insured)),
        _ => "—".to_owned(),
    }
}
