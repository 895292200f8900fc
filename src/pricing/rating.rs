//! Rating: cell (plan × cover × ages × risk group) → exact rate, with every step and its clause.
//!
//! Nothing in a rate depends on a person but the age and the risk group, so that a rate is worked out once for a cell and
//! never for a line. Pure: no files, no clock, no threads, no frames.

use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::Fault;
use crate::pricing::cube::AgeClass;
use crate::pricing::trace::{Factor, Refusal, Step, Trace};
use crate::quote::contract::choice::{ChosenBy, HeadcountChoice, RangeChoice};
use crate::quote::contract::{Contract, Cover, Excluded};
use crate::tariff::Tariff;
use crate::tariff::programme::{Base, ExclusionCoefficient, Programme};
use crate::tariff::range::Range;

/// Which of a contract's three prices is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PricePoint {
    /// Every range at its low end.
    Low,
    /// Where the contract stands.
    Chosen,
    /// Every range at its high end.
    High,
}

/// A place in a range of the tariff: the coefficient, where it was taken from, and who chose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed {
    /// The coefficient.
    pub coefficient: Decimal,
    /// The range.
    pub range: Range,
    /// Who chose.
    pub by: ChosenBy,
}

impl Placed {
    fn new(range: Range, (pick, by): (RangeChoice, ChosenBy)) -> Self {
        Self { coefficient: pick.of(range), range, by }
    }

    /// The coefficient in one of the three prices.
    #[must_use]
    pub fn at(self, corner: PricePoint) -> Decimal {
        match corner {
            PricePoint::Low => self.range.low,
            PricePoint::Chosen => self.coefficient,
            PricePoint::High => self.range.high,
        }
    }
}

/// A contract of a known headcount, ready to rate any of its cells.
#[derive(Debug, Clone)]
pub struct Rating<'c> {
    tariff: &'c Tariff,
    contract: &'c Contract,
    headcount: Placed,
    interpolated: bool,
}

impl<'c> Rating<'c> {
    /// The rating of a contract with so many insured, at least one (`I1`).
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] where the contract's choice for the headcount is outside the band (`I2`) or interpolates in the
    /// band that has no last headcount (`I3`).
    pub fn new(tariff: &'c Tariff, contract: &'c Contract, headcount: u32) -> Result<Self, Error> {
        let band = tariff.headcount_band(headcount);
        let refuse = |message: Message| {
            let span = contract.choices.headcount.as_ref().map_or(0..0, |at| at.span.clone());
            let message = message.with("headcount", headcount).with("band", band.to_string());
            Error::Refused { document: Box::new(contract.source.clone()), faults: vec![Fault { span, message }] }
        };
        let clause = tariff.headcount.clause.as_str();
        let choice = contract.choices.headcount.as_ref().map(|at| at.value);
        let (placed, interpolated) = match choice {
            Some(HeadcountChoice::Interpolate) => {
                let Some(coefficient) = band.interpolated(headcount) else {
                    let message = Message::new("interpolate-open-band").with("range", band.range.to_string());
                    return Err(refuse(message.with("clause", clause)));
                };
                (Placed { coefficient, range: band.range, by: ChosenBy::Name }, true)
            }
            Some(HeadcountChoice::RangeChoice(RangeChoice::Number(number))) if !band.range.contains(number) => {
                let message = Message::new("headcount-outside")
                    .with("number", number.to_string())
                    .with("range", band.range.to_string())
                    .with("clause", clause);
                return Err(refuse(message));
            }
            Some(HeadcountChoice::RangeChoice(pick)) => {
                (Placed::new(band.range, contract.choices.settle(Some(pick))), false)
            }
            None => (Placed::new(band.range, contract.choices.settle(None)), false),
        };
        Ok(Self { tariff, contract, headcount: placed, interpolated })
    }

    /// The headcount coefficient.
    #[must_use]
    pub const fn headcount(&self) -> Placed {
        self.headcount
    }

    /// The rule by which the headcount coefficient was found: `I2`, or `I3` where it is interpolated.
    #[must_use]
    pub const fn headcount_rule(&self) -> &'static str {
        if self.interpolated { "I3" } else { "I2" }
    }

    /// The coefficient of each risk group, in the order of the tariff.
    pub fn risk(&self) -> impl Iterator<Item = (u8, Placed)> + '_ {
        let place = |range, group| Placed::new(range, self.contract.choices.risk(group));
        self.tariff.risk.value.iter().map(move |row| (row.group, place(row.range, row.group)))
    }

    /// The base rate of a cover, where the tariff gives a range.
    #[must_use]
    pub fn base_rate(&self, cover: &Cover) -> Option<Placed> {
        match self.programme(cover).base {
            Base::Range(range) => Some(Placed::new(range, self.contract.choices.settle(cover.base_rate))),
            Base::Fixed(_) | Base::ByChildBand(_) => None,
        }
    }

    /// The coefficient of an exclusion of a cover, where the tariff gives a range.
    #[must_use]
    pub fn exclusion(&self, cover: &Cover, excluded: &Excluded) -> Option<Placed> {
        let row = self.programme(cover).exclusions.as_ref()?.value.row(excluded.service)?;
        match row.coefficient {
            ExclusionCoefficient::Range(range) => Some(Placed::new(range, self.contract.choices.settle(excluded.pick))),
            ExclusionCoefficient::Fixed(_) | ExclusionCoefficient::ByChildBand(_) => None,
        }
    }

    fn programme(&self, cover: &Cover) -> &'c Programme {
        &self.tariff.programmes[cover.programme]
    }

    /// The derivation of a cell's rate in one of the three prices: every factor with its clause, in the order of the
    /// formula. `risk` is the place of the group in the tariff.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where the programme, or an exclusion of it, does not exist at these ages (`I6`, `I8`).
    pub fn trace(&self, cover: &Cover, ages: &AgeClass, risk: usize, corner: PricePoint) -> Result<Trace<'c>, Refusal> {
        let tariff = self.tariff;
        let programme = self.programme(cover);
        let mut steps = vec![self.base_step(cover, ages, corner)?];
        let clause = &tariff.headcount.clause;
        steps.push(Step::placed(Factor::Headcount, self.headcount, corner, clause, self.headcount_rule()));
        let age = tariff.age.value[ages.age_band].coefficient;
        steps.push(Step::fixed(Factor::Age, age, &tariff.age.clause, Some("I7")));
        let group = &tariff.risk.value[risk];
        let placed = Placed::new(group.range, self.contract.choices.risk(group.group));
        steps.push(Step::placed(Factor::Risk(group.group), placed, corner, &tariff.risk.clause, "I2"));
        if let Some(coefficient) = cover.price_change {
            steps.push(Step::fixed(Factor::PriceChange, coefficient, &tariff.price_change.clause, Some("I13")));
        }
        if let Some(coefficient) = cover.additional_services {
            let clause = &tariff.additional_services.clause;
            steps.push(Step::fixed(Factor::AdditionalServices, coefficient, clause, Some("I14")));
        }
        self.exclusion_steps(cover, ages, corner, &mut steps)?;
        if let Some(rows) = &programme.inclusions {
            for row in rows.value.iter().filter(|row| cover.include.contains(&row.service)) {
                let factor = Factor::Inclusion(row.service);
                steps.push(Step::fixed(factor, row.value.coefficient, &rows.clause, Some("I11")));
            }
        }
        if let Some(collective) = &programme.collective {
            let coefficient = collective.value.coefficient;
            steps.push(Step::fixed(Factor::Collective, coefficient, &collective.clause, Some("I12")));
        }
        Ok(Trace { steps })
    }

    /// Whether a cover has a rate at these ages; the headcount, the risk group and the choices do not matter for that.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where the programme, or an exclusion of it, does not exist at these ages (`I6`, `I8`).
    pub fn fits(tariff: &Tariff, cover: &Cover, ages: &AgeClass) -> Result<(), Refusal> {
        let programme = &tariff.programmes[cover.programme];
        if matches!(programme.base, Base::ByChildBand(_)) && ages.child_band.is_none() {
            return Err(Refusal::AgeOutsideProgramme);
        }
        let Some(exclusions) = &programme.exclusions else { return Ok(()) };
        for excluded in &cover.exclude {
            if let Some(ExclusionCoefficient::ByChildBand(columns)) =
                exclusions.value.row(excluded.service).map(|row| &row.coefficient)
            {
                let band = ages.child_band.ok_or(Refusal::AgeOutsideProgramme)?;
                columns[band].ok_or(Refusal::ExclusionNotAtAge(excluded.service))?;
            }
        }
        Ok(())
    }

    /// Whether the rate of a cover depends on the children's bands (`I6`, `I8`), and not on those of §2.2 alone.
    #[must_use]
    pub fn tells_children_apart(tariff: &Tariff, cover: &Cover) -> bool {
        let programme = &tariff.programmes[cover.programme];
        let by_band = |excluded: &Excluded| {
            let row = programme.exclusions.as_ref().and_then(|exclusions| exclusions.value.row(excluded.service));
            row.is_some_and(|row| matches!(row.coefficient, ExclusionCoefficient::ByChildBand(_)))
        };
        matches!(programme.base, Base::ByChildBand(_)) || cover.exclude.iter().any(by_band)
    }

    fn base_step(&self, cover: &Cover, ages: &AgeClass, corner: PricePoint) -> Result<Step<'c>, Refusal> {
        let programme = self.programme(cover);
        let clause = &programme.clause;
        match &programme.base {
            Base::Fixed(rate) => Ok(Step::fixed(Factor::Base, *rate, clause, None)),
            Base::Range(range) => {
                let placed = Placed::new(*range, self.contract.choices.settle(cover.base_rate));
                Ok(Step::placed(Factor::Base, placed, corner, clause, "I2"))
            }
            Base::ByChildBand(rates) => {
                let band = ages.child_band.ok_or(Refusal::AgeOutsideProgramme)?;
                Ok(Step::fixed(Factor::Base, rates[band], clause, Some("I6")))
            }
        }
    }

    fn exclusion_steps(
        &self,
        cover: &Cover,
        ages: &AgeClass,
        corner: PricePoint,
        steps: &mut Vec<Step<'c>>,
    ) -> Result<(), Refusal> {
        let Some(exclusions) = &self.programme(cover).exclusions else { return Ok(()) };
        let services: Vec<_> = cover.exclude.iter().map(|excluded| excluded.service).collect();
        if let Some(coefficient) = exclusions.value.set(&services) {
            steps.push(Step::fixed(Factor::Exclusion(services), coefficient, &exclusions.clause, Some("I9")));
            return Ok(());
        }
        for excluded in &cover.exclude {
            let Some(row) = exclusions.value.row(excluded.service) else { continue };
            let factor = Factor::Exclusion(vec![excluded.service]);
            steps.push(match &row.coefficient {
                ExclusionCoefficient::Fixed(coefficient) => {
                    Step::fixed(factor, *coefficient, &exclusions.clause, Some("I9"))
                }
                ExclusionCoefficient::Range(range) => {
                    let placed = Placed::new(*range, self.contract.choices.settle(excluded.pick));
                    Step::placed(factor, placed, corner, &exclusions.clause, "I2")
                }
                ExclusionCoefficient::ByChildBand(coefficients) => {
                    let band = ages.child_band.ok_or(Refusal::AgeOutsideProgramme)?;
                    let coefficient = coefficients[band].ok_or(Refusal::ExclusionNotAtAge(excluded.service))?;
                    Step::fixed(factor, coefficient, &exclusions.clause, Some("I8"))
                }
            });
        }
        Ok(())
    }
}
