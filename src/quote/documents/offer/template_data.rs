//! The figures of a quote as the template receives them: texts, set as the language of the reader sets them.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::pdf::{day, printable};
use crate::quote::documents::offer::numeral::in_words;
use crate::quote::saved_quote::{Cover, Instalment, Plan, Service, Written};

/// `offer.json`: its keys are a promise to the authors of templates.
#[derive(Debug, Serialize)]
pub(crate) struct Shown {
    language: &'static str,
    number: String,
    policyholder: String,
    preliminary: bool,
    /// Whether nobody is named yet.
    census: bool,
    /// Rows of the roster that are left out, where any are.
    unpriced: Option<String>,
    start: String,
    end: String,
    headcount: String,
    premium: String,
    premium_in_words: String,
    plans: Vec<ShownPlan>,
    instalments: Vec<ShownInstalment>,
}

#[derive(Debug, Serialize)]
struct ShownPlan {
    code: String,
    name: Option<String>,
    insured: String,
    premium: String,
    covers: Vec<ShownCover>,
}

#[derive(Debug, Serialize)]
struct ShownCover {
    programme: String,
    name: String,
    sum_insured: String,
    total_sum_insured: String,
    /// Whether some insured have a sum of their own.
    own_sums: bool,
    /// Whether everybody has.
    all_own_sums: bool,
    excluded: Vec<String>,
    included: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ShownInstalment {
    due: String,
    to: String,
    amount: String,
}

impl Shown {
    pub fn new(written: &Written, language: Language) -> Self {
        let quote = &written.quote;
        let mut sums: BTreeMap<(usize, usize), Sums> = BTreeMap::new();
        for line in &written.lines.lines {
            let rate = &written.rates[line.rate];
            let cover = &quote.plans[rate.plan].covers[rate.cover];
            sums.entry((rate.plan, rate.cover)).or_default().add(line.sum_insured, cover);
        }
        let sum = |plan, cover| sums.get(&(plan, cover)).copied().unwrap_or_default();
        let plans = quote.plans.iter().enumerate();
        let unpriced = quote.rows.referred + quote.rows.rejected;
        Self {
            language: language.code(),
            number: printable(&quote.number),
            policyholder: printable(&quote.policyholder),
            preliminary: quote.is_preliminary(),
            census: quote.census,
            unpriced: (unpriced > 0).then(|| language.count(unpriced)),
            start: day(quote.start, language),
            end: day(quote.end, language),
            headcount: language.count(quote.headcount),
            premium: language.amount(quote.premium),
            premium_in_words: in_words(quote.premium, language),
            plans: plans.map(|(at, plan)| ShownPlan::new(plan, |cover| sum(at, cover), language)).collect(),
            instalments: quote.instalments.iter().map(|part| ShownInstalment::new(*part, language)).collect(),
        }
    }

    /// The file that the template reads.
    pub fn json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("texts and lists are always JSON")
    }

    /// Every text that the contract and the tariff have written.
    pub fn foreign_texts(&self) -> impl Iterator<Item = &str> {
        let plans = self.plans.iter().flat_map(|plan| {
            let covers = plan.covers.iter().flat_map(|cover| {
                let services = cover.excluded.iter().chain(&cover.included);
                [&cover.programme, &cover.name].into_iter().chain(services)
            });
            [&plan.code].into_iter().chain(&plan.name).chain(covers)
        });
        [&self.number, &self.policyholder].into_iter().chain(plans).map(String::as_str)
    }
}

/// The sums insured of those who have a cover.
#[derive(Debug, Default, Clone, Copy)]
struct Sums {
    insured: usize,
    /// How many have another than the cover's.
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

impl ShownPlan {
    fn new(plan: &Plan, sums: impl Fn(usize) -> Sums, language: Language) -> Self {
        let covers = plan.covers.iter().enumerate();
        Self {
            code: printable(&plan.code),
            name: plan.name.as_deref().map(printable),
            insured: language.count(plan.insured),
            premium: language.amount(plan.premium),
            covers: covers.map(|(at, cover)| ShownCover::new(cover, sums(at), language)).collect(),
        }
    }
}

impl ShownCover {
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
        }
    }
}

impl ShownInstalment {
    fn new(instalment: Instalment, language: Language) -> Self {
        Self {
            due: day(instalment.from, language),
            to: day(instalment.to, language),
            amount: language.amount(instalment.amount),
        }
    }
}
