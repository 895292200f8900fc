//! Rating: a cell (plan × cover × age class × risk group) → its exact rate, with every factor and clause.
//!
//! A rate depends on no insured but for the age and the risk group, so that it is computed once for a cell and never
//! for a line.

use rust_decimal::Decimal;

use crate::base::rule::Rule;
use crate::pricing::choice::{ChosenBy, ChosenCoefficient, HeadcountChoice, RangeChoice};
use crate::pricing::cube::AgeClass;
use crate::pricing::terms::{Cover, Excluded, Terms};
use crate::pricing::trace::{Factor, Trace, TraceStep};
use crate::tariff::Tariff;
use crate::tariff::band::HeadcountBand;
use crate::tariff::programme::{Base, Exclusion, ExclusionCoefficient, Programme, ServiceId};
use crate::tariff::range::Range;

/// Why a cell has no rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRate {
    /// A children's programme, and the insured is too old for it (`I6`).
    AgeOutsideProgramme,
    /// The tariff has a dash for this exclusion at this age (`I8`).
    ExclusionNotAtAge(ServiceId),
}

/// Why a contract's choice for the headcount coefficient is unlawful at a headcount (§2.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadcountError {
    /// The number is outside the range of the band (`I2`).
    OutsideBand {
        /// The number.
        number: Decimal,
        /// The headcount.
        headcount: u32,
        /// Its band.
        band: HeadcountBand,
    },
    /// There is no line to interpolate along: the band has no last headcount (`I3`).
    OpenBand {
        /// The headcount.
        headcount: u32,
        /// Its band.
        band: HeadcountBand,
    },
}

/// The terms of a contract at a known headcount, ready to rate any cell.
#[derive(Debug, Clone)]
pub struct Rating<'c> {
    tariff: &'c Tariff,
    terms: &'c Terms,
    headcount: ChosenCoefficient,
    is_interpolated: bool,
}

impl<'c> Rating<'c> {
    /// The rating of a contract for a headcount of at least one (`I1`).
    ///
    /// # Errors
    ///
    /// [`HeadcountError`] where the contract's choice for the headcount is outside the band (`I2`) or interpolates in
    /// the band that has no last headcount (`I3`).
    pub fn new(tariff: &'c Tariff, terms: &'c Terms, headcount: u32) -> Result<Self, HeadcountError> {
        let band = tariff.headcount_band(headcount);
        let choice = match terms.choices.headcount {
            Some(HeadcountChoice::Interpolate) => {
                let open = || HeadcountError::OpenBand { headcount, band: band.clone() };
                let coefficient = band.interpolate(headcount).ok_or_else(open)?;
                let headcount = ChosenCoefficient { coefficient, range: band.range, by: ChosenBy::Contract };
                return Ok(Self { tariff, terms, headcount, is_interpolated: true });
            }
            Some(HeadcountChoice::InBand(RangeChoice::Number(number))) if !band.range.contains(number) => {
                return Err(HeadcountError::OutsideBand { number, headcount, band: band.clone() });
            }
            Some(HeadcountChoice::NotApplied) => {
                let headcount = ChosenCoefficient::not_applied();
                return Ok(Self { tariff, terms, headcount, is_interpolated: false });
            }
            Some(HeadcountChoice::InBand(choice)) => Some(choice),
            None => None,
        };
        let headcount = ChosenCoefficient::new(band.range, terms.choices.resolve(choice));
        Ok(Self { tariff, terms, headcount, is_interpolated: false })
    }

    /// The headcount coefficient.
    #[must_use]
    pub const fn headcount(&self) -> ChosenCoefficient {
        self.headcount
    }

    /// The rule by which the headcount coefficient was found: `I2`, `I3` where it is interpolated, `I72` where the
    /// contract leaves it out.
    #[must_use]
    pub fn headcount_rule(&self) -> Rule {
        if self.is_interpolated { Rule::I3 } else { self.headcount.rule() }
    }

    /// The coefficient of each risk group by its number, in the order of the tariff.
    pub fn risk(&self) -> impl Iterator<Item = (u8, ChosenCoefficient)> + '_ {
        self.tariff.risk.value.iter().map(|row| (row.group, self.terms.choices.risk(row.group, row.range)))
    }

    /// The base rate of a cover, where the tariff gives a range.
    #[must_use]
    pub fn base_rate(&self, cover: &Cover) -> Option<ChosenCoefficient> {
        match self.programme(cover).base {
            Base::Range(range) => Some(ChosenCoefficient::new(range, self.terms.choices.resolve(cover.base_rate))),
            Base::Fixed(_) | Base::ByChildBand(_) => None,
        }
    }

    /// The coefficient of an exclusion of a cover, where the tariff gives a range.
    #[must_use]
    pub fn exclusion(&self, cover: &Cover, excluded: &Excluded) -> Option<ChosenCoefficient> {
        match exclusion_row(self.programme(cover), excluded)?.coefficient {
            ExclusionCoefficient::Range(range) => {
                Some(ChosenCoefficient::new(range, self.terms.choices.resolve(excluded.choice)))
            }
            ExclusionCoefficient::Fixed(_) | ExclusionCoefficient::ByChildBand(_) => None,
        }
    }

    fn programme(&self, cover: &Cover) -> &'c Programme {
        &self.tariff.programmes[cover.programme]
    }

    /// The derivation of a cell's rate: every factor with its clause, in the order of the
    /// formula. `risk` is the index of the group in the tariff.
    ///
    /// # Errors
    ///
    /// [`NoRate`] where the programme, or an exclusion of it, does not exist at these ages (`I6`, `I8`).
    pub fn trace(&self, cover: &Cover, ages: &AgeClass, risk: usize) -> Result<Trace<'c>, NoRate> {
        let tariff = self.tariff;
        let programme = self.programme(cover);
        let mut steps = vec![self.base_step(cover, ages)?];
        let clause = &tariff.headcount.clause;
        steps.push(TraceStep::chosen(Factor::Headcount, self.headcount, clause, self.headcount_rule()));
        steps.push(self.age_step(ages));
        let row = &tariff.risk.value[risk];
        let chosen = self.terms.choices.risk(row.group, row.range);
        steps.push(TraceStep::chosen(Factor::Risk(row.group), chosen, &tariff.risk.clause, chosen.rule()));
        if let Some(coefficient) = cover.price_change {
            steps.push(TraceStep::fixed(
                Factor::PriceChange,
                coefficient,
                &tariff.price_change.clause,
                Some(Rule::I13),
            ));
        }
        if let Some(additional) = &cover.additional_services {
            let clause = &tariff.additional_services.clause;
            let coefficient = additional.coefficient;
            steps.push(TraceStep::fixed(Factor::AdditionalServices, coefficient, clause, Some(Rule::I14)));
        }
        self.exclusion_steps(cover, ages, &mut steps)?;
        if let Some(rows) = &programme.inclusions {
            for row in rows.value.iter().filter(|row| cover.include.contains(&row.service)) {
                let factor = Factor::Inclusion(row.service);
                steps.push(TraceStep::fixed(factor, row.value.coefficient, &rows.clause, Some(Rule::I11)));
            }
        }
        if let Some(collective) = &programme.collective {
            let coefficient = collective.value.coefficient;
            steps.push(TraceStep::fixed(Factor::Collective, coefficient, &collective.clause, Some(Rule::I12)));
        }
        Ok(Trace { steps })
    }

    /// The coefficient by age; one that an underwriter chose is the same in all three prices (`I73`).
    fn age_step(&self, ages: &AgeClass) -> TraceStep<'c> {
        let (tariff, clause) = (self.tariff, &self.tariff.age.clause);
        let Some(coefficient) = ages.accepted else {
            let age = tariff.age.value[ages.age_band].coefficient;
            return TraceStep::fixed(Factor::Age, age, clause, Some(Rule::I7));
        };
        let range = tariff.accepted_age.unwrap_or(Range { low: coefficient, high: coefficient });
        let chosen = ChosenCoefficient { coefficient, range, by: ChosenBy::Accepted };
        TraceStep::chosen(Factor::Age, chosen, clause, Rule::I73)
    }

    fn base_step(&self, cover: &Cover, ages: &AgeClass) -> Result<TraceStep<'c>, NoRate> {
        let programme = self.programme(cover);
        let clause = &programme.clause;
        match &programme.base {
            Base::Fixed(rate) => Ok(TraceStep::fixed(Factor::Base, *rate, clause, None)),
            Base::Range(range) => {
                let chosen = ChosenCoefficient::new(*range, self.terms.choices.resolve(cover.base_rate));
                Ok(TraceStep::chosen(Factor::Base, chosen, clause, Rule::I2))
            }
            Base::ByChildBand(rates) => {
                let band = ages.child_band.ok_or(NoRate::AgeOutsideProgramme)?;
                Ok(TraceStep::fixed(Factor::Base, rates[band], clause, Some(Rule::I6)))
            }
        }
    }

    fn exclusion_steps(&self, cover: &Cover, ages: &AgeClass, steps: &mut Vec<TraceStep<'c>>) -> Result<(), NoRate> {
        let Some(exclusions) = &self.programme(cover).exclusions else { return Ok(()) };
        let clause = &exclusions.clause;
        let services: Vec<_> = cover.exclude.iter().map(|excluded| excluded.service).collect();
        if let Some(coefficient) = exclusions.value.set(&services) {
            steps.push(TraceStep::fixed(Factor::Exclusion(services), coefficient, clause, Some(Rule::I9)));
            return Ok(());
        }
        for excluded in &cover.exclude {
            let Some(row) = exclusions.value.row(excluded.service) else { continue };
            let factor = Factor::Exclusion(vec![excluded.service]);
            steps.push(match &row.coefficient {
                ExclusionCoefficient::Fixed(coefficient) => {
                    TraceStep::fixed(factor, *coefficient, clause, Some(Rule::I9))
                }
                ExclusionCoefficient::Range(range) => {
                    let chosen = ChosenCoefficient::new(*range, self.terms.choices.resolve(excluded.choice));
                    TraceStep::chosen(factor, chosen, clause, Rule::I2)
                }
                ExclusionCoefficient::ByChildBand(coefficients) => {
                    let band = ages.child_band.ok_or(NoRate::AgeOutsideProgramme)?;
                    let coefficient = coefficients[band].ok_or(NoRate::ExclusionNotAtAge(excluded.service))?;
                    TraceStep::fixed(factor, coefficient, clause, Some(Rule::I8))
                }
            });
        }
        Ok(())
    }
}

/// Checks that a cover has a rate at these ages, whatever the headcount, the risk group and the choices.
///
/// # Errors
///
/// [`NoRate`] where the programme, or an exclusion of it, does not exist at these ages (`I6`, `I8`).
pub fn check_ages(tariff: &Tariff, cover: &Cover, ages: &AgeClass) -> Result<(), NoRate> {
    let programme = &tariff.programmes[cover.programme];
    if matches!(programme.base, Base::ByChildBand(_)) && ages.child_band.is_none() {
        return Err(NoRate::AgeOutsideProgramme);
    }
    for excluded in &cover.exclude {
        if let Some(ExclusionCoefficient::ByChildBand(coefficients)) =
            exclusion_row(programme, excluded).map(|row| &row.coefficient)
        {
            let band = ages.child_band.ok_or(NoRate::AgeOutsideProgramme)?;
            coefficients[band].ok_or(NoRate::ExclusionNotAtAge(excluded.service))?;
        }
    }
    Ok(())
}

/// Whether the rate of a cover depends on the children's bands (`I6`, `I8`), and not on those of §2.2 alone.
#[must_use]
pub fn depends_on_child_band(tariff: &Tariff, cover: &Cover) -> bool {
    let programme = &tariff.programmes[cover.programme];
    let by_band = |excluded: &Excluded| {
        let row = exclusion_row(programme, excluded);
        row.is_some_and(|row| matches!(row.coefficient, ExclusionCoefficient::ByChildBand(_)))
    };
    matches!(programme.base, Base::ByChildBand(_)) || cover.exclude.iter().any(by_band)
}

fn exclusion_row<'t>(programme: &'t Programme, excluded: &Excluded) -> Option<&'t Exclusion> {
    programme.exclusions.as_ref()?.value.row(excluded.service)
}
