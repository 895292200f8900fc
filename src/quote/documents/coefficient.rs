//! The coefficients of a saved quote as rows for a reader: name, scope, value, range, clause.

use crate::base::messages::{Language, Message};
use crate::pricing::choice::ChosenBy;
use crate::quote::quote_json::{AcceptedAge, ByAge, Choice, Cover, CoverFactor, Figure, Plan, QuoteJson};

/// A coefficient.
pub struct CoefficientRow<'q> {
    /// Its name.
    pub what: String,
    /// The insured or covers to which it applies.
    pub about: String,
    /// Its value.
    pub value: &'q str,
    /// The range that it was taken from, where the tariff gives one.
    pub choice: Option<Choice>,
    /// The clause of the tariff.
    pub clause: &'q str,
    /// The rule by which the clause was read, empty where none was needed.
    pub rule: &'q str,
}

impl CoefficientRow<'_> {
    /// The range, unless the contract leaves the coefficient out (`I72`).
    pub fn range(&self) -> Option<&Choice> {
        self.choice.as_ref().filter(|choice| choice.by != ChosenBy::NotApplied.as_str())
    }

    /// Who chose the point in the range.
    pub fn chosen_by(&self, language: Language) -> Option<String> {
        self.choice.as_ref().map(|choice| chosen_by(&choice.by, language))
    }
}

/// Who chose the point in a range, by the word of `quote.json`.
pub fn chosen_by(by: &str, language: Language) -> String {
    let name = match by {
        "contract" => "book-by-contract",
        "ranges" => "book-by-ranges",
        "not_applied" => "book-not-applied",
        "accepted" => "book-by-decision",
        _ => "book-by-default",
    };
    language.render(&Message::new(name))
}

/// The names of the factors of a rate, in the order of the price list.
pub const FACTOR_WORDS: [&str; crate::quote::files::rates::FACTOR_COLUMNS.len()] = [
    "book-base",
    "book-headcount",
    "book-age",
    "book-risk",
    "book-price-change",
    "book-additional",
    "book-exclusions",
    "book-inclusions",
    "book-collective",
];

/// The coefficients of the whole contract, then those of each cover, in the order of the formula.
pub fn rows(quote: &QuoteJson, language: Language) -> Vec<CoefficientRow<'_>> {
    let words = |name| language.render(&Message::new(name));
    let coefficients = &quote.coefficients;
    let headcount = &coefficients.headcount;
    let mut rows = vec![CoefficientRow {
        what: words("book-headcount"),
        about: language.render(&Message::new("book-of-headcount").with("headcount", quote.headcount)),
        value: headcount.value.as_str(),
        choice: Some(headcount.choice()),
        clause: &headcount.clause,
        rule: &headcount.rule,
    }];
    rows.extend(coefficients.risk.iter().map(|(group, risk)| CoefficientRow {
        what: words("heading-risk"),
        about: language.render(&Message::new("book-risk-group").with("group", group.to_string())),
        value: risk.value.as_str(),
        choice: Some(risk.choice()),
        clause: &risk.clause,
        rule: &risk.rule,
    }));
    rows.extend(coefficients.age.bands.iter().map(|band| CoefficientRow {
        what: words("heading-age"),
        about: ages(band),
        value: band.value.as_str(),
        choice: None,
        clause: &coefficients.age.clause,
        rule: &coefficients.age.rule,
    }));
    rows.extend(quote.accepted.iter().map(|accepted| accepted_row(accepted, language)));
    for plan in &quote.plans {
        for cover in &plan.covers {
            cover.factors.iter().for_each(|factor| rows.extend(of_cover(plan, cover, factor, language)));
        }
    }
    rows
}

/// The coefficient that an underwriter chose for an insured outside of the tariff's ages (`I73`).
fn accepted_row(accepted: &AcceptedAge, language: Language) -> CoefficientRow<'_> {
    let place = [accepted.file.as_str(), &accepted.sheet].into_iter().filter(|part| !part.is_empty());
    let about = Message::new("book-accepted")
        .with("place", place.collect::<Vec<_>>().join(", "))
        .with("row", accepted.row.to_string())
        .with("age", accepted.age.to_string())
        .with("by", accepted.decided_by.as_str())
        .with("reason", accepted.reason.as_str());
    CoefficientRow {
        what: language.render(&Message::new("heading-age")),
        about: language.render(&about),
        value: accepted.value.as_str(),
        choice: Some(Choice {
            low: accepted.low.clone(),
            high: accepted.high.clone(),
            chosen: true,
            by: ChosenBy::Accepted.as_str().to_owned(),
        }),
        clause: &accepted.clause,
        rule: &accepted.rule,
    }
}

/// A factor of a cover: a row, or one for each of the children's ages.
fn of_cover<'q>(
    plan: &'q Plan,
    cover: &'q Cover,
    factor: &'q CoverFactor,
    language: Language,
) -> Vec<CoefficientRow<'q>> {
    let what = match factor.factor.as_str() {
        "base" => "book-base",
        "price_change" => "book-price-change",
        "additional_services" => "book-additional",
        "exclusion" => "book-exclusions",
        "inclusion" => "book-inclusions",
        _ => "book-collective",
    };
    let what = language.render(&Message::new(what));
    let of_cover = Message::new("book-of-cover").with("plan", plan.code.as_str());
    let of_cover = language.render(&of_cover.with("programme", cover.programme.as_str()));
    let services = cover.exclude.iter().chain(&cover.include).filter(|service| factor.services.contains(&service.code));
    let services = services.map(|service| service.name(language).to_owned());
    let additional = cover.additional_services.clone().filter(|_| factor.factor == "additional_services");
    let about = [of_cover].into_iter().chain(services).chain(additional).collect::<Vec<_>>().join("; ");
    let row = |about, value| CoefficientRow {
        what: what.clone(),
        about,
        value,
        choice: factor.choice.clone(),
        clause: &factor.clause,
        rule: factor.rule.as_deref().unwrap_or_default(),
    };
    match &factor.figure {
        Figure::Always(value) => vec![row(about, value.as_str())],
        Figure::ByAge(values) => {
            let at = |band: &ByAge| language.render(&Message::new("book-at-ages").with("ages", ages(band)));
            values.iter().map(|band| row(format!("{about}; {}", at(band)), band.value.as_str())).collect()
        }
    }
}

/// Ages as people write them: `40–44`, `0`.
pub fn ages(band: &ByAge) -> String {
    if band.from == band.to { band.from.to_string() } else { format!("{}–{}", band.from, band.to) }
}
