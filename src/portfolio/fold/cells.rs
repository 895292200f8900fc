//! The cells of a contract while its events are folded: the rate of each pair of coordinates at the headcount of a day (`I28`, `I38`).

use std::collections::BTreeMap;

use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::fold::basis::Fold;
use crate::portfolio::fold::folded_contract::{FoldedContract, FoldedLine};
use crate::portfolio::fold::roster::unreadable;
use crate::pricing::rating::Rating;
use crate::pricing::terms::{Cover, Terms};
use crate::quote::contract::headcount_message;
use crate::tariff::Tariff;

impl<'f> FoldedContract<'_, 'f> {
    /// Prices the coming days of all lines in force by a new headcount (`I28`).
    pub(super) fn rate_again(&mut self, rating: &Rating<'_>, on: i32) -> Result<(), Message> {
        let mut replaced: BTreeMap<usize, usize> = BTreeMap::new();
        let lines = std::mem::take(&mut self.lines);
        let mut after = Vec::with_capacity(lines.len());
        for mut line in lines {
            if line.end < on.max(line.start) {
                after.push(line);
                continue;
            }
            let cell = if let Some(cell) = replaced.get(&line.cell) {
                *cell
            } else {
                let cell = self.cell_again(rating, line.cell).ok_or_else(unreadable)?;
                replaced.insert(line.cell, cell);
                cell
            };
            if cell == line.cell {
                after.push(line);
                continue;
            }
            let first = line.start.max(on);
            let premium = self.premium(cell, line.sum_insured, first, line.end);
            let new = FoldedLine { cell, start: first, premium, kept: Kopecks::ZERO, ..line.clone() };
            if self.close(&mut line, on, None) {
                after.push(line);
            }
            after.push(new);
        }
        self.lines = after;
        Ok(())
    }

    /// The terms at a headcount: a number chosen for it keeps its share of the range in another band (`I38`).
    pub(super) fn terms_at(&self, headcount: u32) -> Terms {
        let Fold { contract, tariff, headcount: bound, .. } = self.fold;
        let mut terms = contract.terms.clone();
        terms.choices =
            terms.choices.in_band(tariff.headcount_band(*bound).range, tariff.headcount_band(headcount).range);
        terms
    }

    pub(super) fn rating<'t>(&self, terms: &'t Terms, headcount: u32) -> Result<Rating<'t>, Message>
    where
        'f: 't,
    {
        let tariff: &'f Tariff = self.fold.tariff;
        Rating::new(tariff, terms, headcount).map_err(|error| {
            let reason = headcount_message(&error, tariff);
            Message::new("endorse-terms").with("headcount", headcount).with("reason", reason)
        })
    }

    /// The cell of these coordinates by a rating; it is added where there is none.
    pub(super) fn cell(&mut self, rating: &Rating<'_>, plan: &str, cover: &Cover, age: u8, risk: u8) -> Option<usize> {
        let Fold { tariff, axes, .. } = self.fold;
        let ages = &axes.ages[usize::from(age)];
        let rate = rating.trace(cover, ages, usize::from(risk)).ok()?.rate();
        let programme = &tariff.programmes[cover.programme].code;
        let group = u32::from(tariff.risk.value[usize::from(risk)].group);
        let age_from = u32::from(ages.years.from);
        let accepted = ages.accepted.map(|coefficient| coefficient.to_string());
        let cells = &mut self.cells;
        let is_same = |at: &usize| {
            cells.plan[*at] == plan
                && cells.programme[*at] == *programme
                && cells.age_from[*at] == age_from
                && cells.risk_group[*at] == group
                && cells.age_coefficient[*at] == accepted
                && self.rates[*at] == rate
        };
        if let Some(at) = (0..cells.cell.len()).find(is_same) {
            return Some(at);
        }
        let at = cells.cell.len();
        cells.cell.push(u32::try_from(at).ok()?);
        cells.plan.push(plan.to_owned());
        cells.programme.push(programme.clone());
        cells.age_from.push(age_from);
        cells.age_to.push(ages.years.to.into());
        cells.risk_group.push(group);
        cells.level.push(cover.price_level().to_string());
        cells.rate.push(rate.to_string());
        cells.age_coefficient.push(accepted);
        self.rates.push(rate);
        Some(at)
    }

    /// The cell that replaces a cell by a new rating; the same where its rate stays.
    pub(super) fn cell_again(&mut self, rating: &Rating<'_>, cell: usize) -> Option<usize> {
        let Fold { contract, tariff, axes, .. } = self.fold;
        let plan = contract.terms.plans.iter().find(|plan| plan.code == self.cells.plan[cell])?;
        let programme = tariff.programme(&self.cells.programme[cell])?;
        let cover = plan.covers.iter().find(|cover| cover.programme == programme)?;
        let age = self.cells.age_class(cell, axes)?;
        let risk = axes.risk(u8::try_from(self.cells.risk_group[cell]).ok()?)?;
        self.cell(rating, &plan.code, cover, age, risk)
    }
}
