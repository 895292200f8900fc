//! `quote.json`: a quote in the form of its declaration.

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Map;

use crate::base::rule::Rule;
use crate::pricing::choice::{ChosenBy, ChosenCoefficient};
use crate::pricing::terms::Cover as CoverTerms;
use crate::pricing::trace::{Factor, TraceStep};
use crate::quote::accepted_insured::AcceptedInsured;
use crate::quote::contract::{ClinicMode, PlanClinic};
use crate::quote::exact::Exact;
use crate::quote::quote_json::{
    AcceptedAge, AgeTable, ByAge, Choice, Coefficient, Coefficients, Corridor, Cover, CoverCoefficients, CoverFactor,
    Edition, Figure, Instalment, Plan, Programme, QuoteJson, RangeEnds, RefusedJson, Service, ServingClinic, Skipped,
};
use crate::quote::{Price, Quote};
use crate::tariff::Tariff;
use crate::tariff::programme::ServiceId;
use crate::tariff::range::Range;

/// The name of the file.
pub const NAME: &str = "quote.json";

/// The content of the file.
#[derive(Serialize)]
#[serde(untagged)]
pub enum Content {
    /// A contract with a price.
    Priced(Box<QuoteJson>),
    /// A contract without a price.
    Refused(RefusedJson),
}

impl Content {
    /// The content for a quote.
    pub fn new(quote: &Quote<'_>) -> Self {
        if let Some(price) = &quote.price {
            return Self::Priced(Box::new(priced(quote, price)));
        }
        let (start, end) = quote.contract.days();
        Self::Refused(RefusedJson {
            number: quote.contract.number.clone(),
            policyholder: quote.contract.policyholder.clone(),
            status: quote.status,
            start,
            end,
            rows: quote.rows,
            skipped: skipped(quote),
            census: quote.roster.census,
        })
    }
}

fn priced(quote: &Quote<'_>, price: &Price<'_>) -> QuoteJson {
    let (start, end) = quote.contract.days();
    let (contract, tariff, totals) = (quote.contract, quote.tariff, &price.totals);
    let clinics = |plan: usize| {
        let serving = contract.clinics.iter().filter(move |clinic| clinic.plan == plan);
        let clinic = |serving: &PlanClinic| ServingClinic {
            clinic: serving.clinic.clone(),
            programme: match &serving.mode {
                ClinicMode::Attachment { programme } => Some(programme.clone()),
                ClinicMode::ByFact => None,
            },
        };
        serving.map(clinic).collect()
    };
    let plans = contract.terms.plans.iter().zip(&totals.plans).enumerate().map(|(at, (plan, total))| Plan {
        code: plan.code.clone(),
        insured: count(total.insured),
        premium: total.premium,
        name: plan.name.clone(),
        covers: plan.covers.iter().map(|terms| cover(tariff, price, terms)).collect(),
        clinics: clinics(at),
    });
    let programmes = totals.programmes.iter().map(|total| {
        let programme = &tariff.programmes[total.programme];
        Programme {
            code: programme.code.clone(),
            lines: count(total.lines),
            sum_insured: total.sum_insured,
            premium: total.premium,
            name: programme.name.clone(),
            name_en: programme.name_en.clone(),
        }
    });
    let instalments = contract.instalments.iter().zip(&totals.instalments);
    QuoteJson {
        number: contract.number.clone(),
        policyholder: contract.policyholder.clone(),
        status: quote.status,
        start,
        end,
        offer_until: contract.offer_until,
        rows: quote.rows,
        headcount: price.headcount as usize,
        lines: price.lines.count,
        coefficients: coefficients(quote, price),
        premium: totals.premium.chosen,
        corridor: Corridor { low: totals.premium.low, high: totals.premium.high },
        plans: plans.collect(),
        programmes: programmes.collect(),
        instalments: instalments
            .map(|(period, amount)| Instalment { from: period.first(), to: period.last(), amount: *amount })
            .collect(),
        skipped: skipped(quote),
        year_days: contract.terms.term.year_days(),
        tariff: edition(tariff),
        census: quote.roster.census,
        accepted: quote.accepted_insured().filter_map(|accepted| accepted_age(&accepted, tariff)).collect(),
    }
}

/// An accepted insured whose row is priced.
fn accepted_age(accepted: &AcceptedInsured<'_>, tariff: &Tariff) -> Option<AcceptedAge> {
    let range = tariff.accepted_age?;
    Some(AcceptedAge {
        file: accepted.sheet.file.clone(),
        sheet: accepted.sheet.name.clone(),
        row: accepted.row,
        age: accepted.age_years?,
        value: accepted.entry.coefficient.into(),
        low: range.low.into(),
        high: range.high.into(),
        clause: tariff.age.clause.clone(),
        rule: Rule::I73.to_string(),
        decided_by: accepted.entry.decided_by.clone(),
        reason: accepted.entry.reason.clone(),
    })
}

fn count(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn skipped(quote: &Quote<'_>) -> Vec<Skipped> {
    let of_sheet = |sheet: &crate::table::tables::Sheet| {
        let (file, name) = (sheet.file.clone(), sheet.name.clone());
        let row = move |(row, reason): &(u32, crate::table::skip::Skip)| Skipped {
            file: file.clone(),
            sheet: name.clone(),
            row: *row,
            reason: reason.as_str().to_owned(),
        };
        sheet.skipped.iter().map(row).collect::<Vec<_>>()
    };
    quote.roster.tables.sheets.iter().flat_map(of_sheet).collect()
}

fn edition(tariff: &Tariff) -> Edition {
    let edition = &tariff.edition;
    Edition {
        code: edition.code.clone(),
        title: edition.title.clone(),
        sha256: tariff.sha256.clone(),
        valid_from: edition.valid_from,
        valid_to: edition.valid_to.map(|day| day.to_string()),
    }
}

fn coefficients(quote: &Quote<'_>, price: &Price<'_>) -> Coefficients {
    let tariff = quote.tariff;
    let mut covers = Vec::new();
    for plan in &quote.contract.terms.plans {
        for cover in &plan.covers {
            let programme = &tariff.programmes[cover.programme];
            let base_rate =
                price.rating.base_rate(cover).map(|chosen| coefficient(chosen, &programme.clause, Rule::I2));
            let mut exclude = Map::new();
            for excluded in &cover.exclude {
                let clause = programme.exclusions.as_ref().map_or("", |exclusions| exclusions.clause.as_str());
                if let Some(chosen) = price.rating.exclusion(cover, excluded) {
                    let value = serde_json::to_value(coefficient(chosen, clause, Rule::I2)).unwrap_or_default();
                    exclude.insert(tariff.services[excluded.service.0].code.clone(), value);
                }
            }
            if base_rate.is_some() || !exclude.is_empty() {
                let (plan, programme) = (plan.code.clone(), programme.code.clone());
                covers.push(CoverCoefficients { plan, programme, base_rate, exclude });
            }
        }
    }
    let clause = &tariff.risk.clause;
    let risk = price.rating.risk().zip(&tariff.risk.value).map(|((group, chosen), row)| {
        (group, with_tariff_range(coefficient(chosen, clause, chosen.rule()), row.range))
    });
    let bands = tariff.age.value.iter().map(|band| ByAge {
        from: band.years.from,
        to: band.years.to,
        value: band.coefficient.into(),
    });
    let headcount = coefficient(price.rating.headcount(), &tariff.headcount.clause, price.rating.headcount_rule());
    Coefficients {
        headcount: with_tariff_range(headcount, tariff.headcount_band(price.headcount).range),
        risk: risk.collect(),
        covers,
        age: AgeTable { clause: tariff.age.clause.clone(), rule: Rule::I7.to_string(), bands: bands.collect() },
    }
}

fn coefficient(chosen: ChosenCoefficient, clause: &str, rule: Rule) -> Coefficient {
    Coefficient {
        value: chosen.coefficient.into(),
        low: chosen.range.low.into(),
        high: chosen.range.high.into(),
        chosen: chosen.by != ChosenBy::Default,
        clause: clause.to_owned(),
        by: chosen.by.as_str().to_owned(),
        rule: rule.to_string(),
        tariff_range: None,
    }
}

/// Adds the tariff's range to a coefficient that the contract leaves out (`I72`).
fn with_tariff_range(coefficient: Coefficient, range: Range) -> Coefficient {
    let ends = coefficient.is_left_out().then(|| RangeEnds { low: range.low.into(), high: range.high.into() });
    Coefficient { tariff_range: ends, ..coefficient }
}

fn cover(tariff: &Tariff, price: &Price<'_>, cover: &CoverTerms) -> Cover {
    let programme = &tariff.programmes[cover.programme];
    let service = |id: ServiceId| {
        let service = &tariff.services[id.0];
        Service { code: service.code.clone(), name: service.name.clone(), name_en: service.name_en.clone() }
    };
    Cover {
        programme: programme.code.clone(),
        name: programme.name.clone(),
        name_en: programme.name_en.clone(),
        sum_insured: cover.sum_insured,
        exclude: cover.exclude.iter().map(|excluded| service(excluded.service)).collect(),
        include: cover.include.iter().copied().map(service).collect(),
        additional_services: cover.additional_services.as_ref().and_then(|additional| additional.services.clone()),
        factors: factors(tariff, price, cover),
    }
}

/// The factors of a cover over all ages for which it has a rate, without those of the whole contract.
fn factors(tariff: &Tariff, price: &Price<'_>, cover: &CoverTerms) -> Vec<CoverFactor> {
    let mut steps: Vec<(TraceStep<'_>, Vec<ByAge>)> = Vec::new();
    for ages in price.axes.tariff_ages() {
        let Ok(trace) = price.rating.trace(cover, ages, 0) else { continue };
        let of_cover = |step: &TraceStep<'_>| !matches!(step.factor, Factor::Headcount | Factor::Age | Factor::Risk(_));
        for (place, step) in trace.steps.into_iter().filter(of_cover).enumerate() {
            let value: Exact = step.coefficient.into();
            if steps.len() == place {
                steps.push((step, Vec::new()));
            }
            let by_age = &mut steps[place].1;
            match by_age.last_mut().filter(|last| last.value == value) {
                Some(last) => last.to = ages.years.to,
                None => by_age.push(ByAge { from: ages.years.from, to: ages.years.to, value }),
            }
        }
    }
    steps.into_iter().map(|(step, by_age)| factor(tariff, &step, by_age)).collect()
}

fn factor(tariff: &Tariff, step: &TraceStep<'_>, by_age: Vec<ByAge>) -> CoverFactor {
    let exact = |value: Decimal| Exact::from(value);
    let services = tariff.service_codes(step.factor.services().iter().copied());
    CoverFactor {
        factor: step.factor.as_str().to_owned(),
        services: services.into_iter().map(str::to_owned).collect(),
        figure: match by_age.as_slice() {
            [always] => Figure::Always(always.value.clone()),
            _ => Figure::ByAge(by_age),
        },
        choice: step.choice.map(|(range, by)| Choice {
            low: exact(range.low),
            high: exact(range.high),
            chosen: by != ChosenBy::Default,
            by: by.as_str().to_owned(),
        }),
        clause: step.clause.to_owned(),
        rule: step.rule.map(|rule| rule.to_string()),
    }
}
