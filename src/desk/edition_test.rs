//! The tests of an edition: `[[test]]` tables in its file, each with a cell and the rate that the edition has to give it.
//!
//! A test has the keys of a cover and the choices of a contract, so that whatever a contract can ask for can be tested. Its place in the file
//! is free: best beside the clause that it tests.

use crate::base::calendar::Term;
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::money::Rate;
use crate::base::sex::Sex;
use crate::base::source_file::{Fault, Span, Spanned};
use crate::base::toml_file::{Table, as_text, unknown_word};
use crate::desk::explain::factor_message;
use crate::pricing::choice::Choices;
use crate::pricing::cube::AgeClass;
use crate::pricing::rating::Rating;
use crate::pricing::terms::{Cover, Terms};
use crate::pricing::trace::{Trace, TraceStep};
use crate::quote::contract::{choices, cover_without_sum, headcount_message, no_rate_message, risk_group};
use crate::tariff::Tariff;
use crate::tariff::band::Band;

/// The word of a test whose cell has no rate.
const NO_RATE: &str = "none";

/// A test of an edition: a cell with its choices, and the rate that is expected.
#[derive(Debug, Clone)]
pub struct EditionTest {
    /// What it tests, where the file has a name for it.
    pub name: Option<String>,
    /// The age in completed years.
    pub age_years: u16,
    /// The number of the risk group.
    pub risk_group: u8,
    /// The headcount, at least 1.
    pub headcount: u32,
    /// The expected rate; `None` where the cell must have no rate.
    pub expected: Option<Rate>,
    cover: Cover,
    choices: Choices,
    /// The place of the expected rate.
    span: Span,
}

/// A test that failed: the edition gives its cell another rate.
#[derive(Debug, Clone)]
pub struct FailedTest {
    /// What it tests, where the file has a name for it.
    pub name: Option<String>,
    /// The line of the expected rate in the file.
    pub line: usize,
    /// The expected rate; `None` where the cell must have no rate.
    pub expected: Option<Rate>,
    /// The rate that the edition gives; `None` where it gives none.
    pub computed: Option<Rate>,
    /// The factors of that rate, or why there is none.
    pub derivation: Vec<Message>,
    /// The place of the expected rate.
    span: Span,
}

/// The tests of an edition, run.
#[derive(Debug)]
pub struct TestRun<'t> {
    tariff: &'t Tariff,
    /// The number of tests.
    pub count: usize,
    /// Those that failed, in the order of the file.
    pub failed: Vec<FailedTest>,
}

impl EditionTest {
    /// Reads the tests of an edition, in the order of its file.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of their tables.
    pub fn read_all(tariff: &Tariff) -> Result<Vec<Self>, Error> {
        tariff.source.read(|root| {
            let tests = root.tables("test", |table| Some(test(table, tariff)));
            // the edition itself is read and proved already
            root.leave_rest();
            tests.into_iter().collect()
        })
    }

    /// Computes the rate of the cell; `None` where it is the expected one.
    fn run(&self, tariff: &Tariff) -> Option<FailedTest> {
        // a rate does not depend on the days of a contract
        let term = Term::new(tariff.edition.valid_from, tariff.edition.valid_from).ok()?;
        let terms = Terms { term, choices: self.choices.clone(), accepted_ages: Vec::new(), plans: Vec::new() };
        let (computed, derivation) = match self.derive(tariff, &terms) {
            Ok((trace, ages)) => {
                let factor = |step: &TraceStep<'_>| {
                    Message::new("test-factor")
                        .with("factor", factor_message(&step.factor, tariff, self.headcount, &ages))
                        .with("clause", step.clause)
                        .with("value", step.coefficient.to_string())
                };
                (Some(trace.rate()), trace.steps.iter().map(factor).collect())
            }
            Err(reason) => (None, vec![reason]),
        };
        (computed != self.expected).then(|| FailedTest {
            name: self.name.clone(),
            line: tariff.source.line(self.span.start),
            expected: self.expected.clone(),
            computed,
            derivation,
            span: self.span.clone(),
        })
    }

    /// The derivation of the rate, or why the cell has none.
    fn derive<'c>(&'c self, tariff: &'c Tariff, terms: &'c Terms) -> Result<(Trace<'c>, AgeClass), Message> {
        let rating = Rating::new(tariff, terms, self.headcount).map_err(|error| headcount_message(&error, tariff))?;
        let outside = || {
            let message = Message::new("cell-age-outside").with("last", tariff.last_age().to_string());
            message.with("clause", tariff.age.clause.as_str())
        };
        let age_band = tariff.age_band(self.age_years).ok_or_else(outside)?;
        let ages = AgeClass {
            years: Band { from: self.age_years, to: self.age_years },
            age_band,
            child_band: tariff.child_band(self.age_years),
            accepted: None,
        };
        let risk = tariff.risk_group(self.risk_group).unwrap_or_default();
        let trace = rating.trace(&self.cover, &ages, risk);
        trace.map(|trace| (trace, ages)).map_err(|reason| no_rate_message(reason, tariff, &self.cover))
    }
}

impl<'t> TestRun<'t> {
    /// Reads and runs the tests of an edition.
    ///
    /// # Errors
    ///
    /// As [`EditionTest::read_all`]; a test that fails is no error.
    pub fn new(tariff: &'t Tariff) -> Result<Self, Error> {
        let tests = EditionTest::read_all(tariff)?;
        let failed = tests.iter().filter_map(|test| test.run(tariff)).collect();
        Ok(Self { tariff, count: tests.len(), failed })
    }

    /// The error that shows each failed test at its place; `None` where none failed.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        let fault = |failed: &FailedTest| Fault { span: failed.span.clone(), message: failed.message() };
        let faults: Vec<Fault> = self.failed.iter().map(fault).collect();
        (!faults.is_empty()).then(|| Error::Refused { source: Box::new(self.tariff.source.clone()), faults })
    }
}

impl FailedTest {
    /// The expected and the computed rate, with the factors.
    fn message(&self) -> Message {
        let shown = |rate: &Option<Rate>| match rate {
            Some(rate) => Message::new("test-rate").with("rate", rate.to_string()),
            None => Message::new("test-no-rate"),
        };
        let product = |first: Message, next| Message::new("test-product").with("first", first).with("next", next);
        let derivation = self.derivation.clone().into_iter().reduce(product);
        Message::new("test-failed")
            .with("expected", shown(&self.expected))
            .with("computed", shown(&self.computed))
            .with("derivation", derivation.unwrap_or_else(|| Message::new("test-no-rate")))
    }
}

/// A test, if its table has no fault.
fn test(table: &mut Table<'_>, tariff: &Tariff) -> Option<EditionTest> {
    let faults = table.faults();
    let name = table.filled_text("name").map(|at| at.value);
    let age_years = table.needed_whole::<u16>("age");
    let risk_group = table.needed_whole::<u8>("risk").and_then(|at| risk_group(at, tariff, faults));
    let headcount = table.needed_whole::<u32>("headcount").and_then(|at| {
        if at.value == 0 {
            faults.add(at.span.clone(), Message::new("test-headcount"));
        }
        Some(at.value).filter(|headcount| *headcount > 0)
    });
    let sex = table.filled_text("sex");
    let (choices, _) = table.table("choices", |table| Some(choices(table, tariff))).unwrap_or_default();
    let cover = cover_without_sum(table, tariff);
    if let Some(cover) = &cover {
        check_sex(sex, cover, tariff, table);
    }
    let expected = table.needed("rate").and_then(|value| {
        let written = as_text(value, faults)?;
        let rate = Rate::parse(written.value.trim());
        if rate.is_none() && written.value != NO_RATE {
            faults.add(written.span, Message::new("test-rate-form"));
            return None;
        }
        Some(Spanned { value: rate, span: value.span() })
    })?;
    Some(EditionTest {
        name,
        age_years: age_years?.value,
        risk_group: risk_group?,
        headcount: headcount?,
        expected: expected.value,
        cover: cover?,
        choices,
        span: expected.span,
    })
}

/// Reports a sex that is no word, or another one than the programme is for.
fn check_sex(sex: Option<Spanned<String>>, cover: &Cover, tariff: &Tariff, table: &Table<'_>) {
    let programme = &tariff.programmes[cover.programme];
    let Some(at) = sex else {
        if let Some(wanted) = programme.sex {
            let message = Message::new("test-sex").with("programme", programme.code.as_str());
            table.fault(table.span(), message.with("sex", wanted.as_str()));
        }
        return;
    };
    match (Sex::parse(&at.value), programme.sex) {
        (None, _) => table.fault(at.span, unknown_word(Sex::WORDS)),
        (Some(given), Some(wanted)) if given != wanted => {
            let message = Message::new("test-sex").with("programme", programme.code.as_str());
            table.fault(at.span, message.with("sex", wanted.as_str()));
        }
        _ => {}
    }
}
