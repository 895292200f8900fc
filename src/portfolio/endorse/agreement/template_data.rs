//! The data of an agreement's template: every figure as text in the form of its language.

use serde::Serialize;

use crate::base::calendar::day_after_1970;
use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::pdf::{day, printable};
use crate::portfolio::endorse::changed_lines::{Cause, ChangedLine};
use crate::portfolio::endorse::changed_values::ChangedValue;
use crate::portfolio::endorse::endorsement::{Endorsement, NextInstalment};
use crate::quote::documents::offer::numeral::in_words;

/// `agreement.json`: its keys are a promise to the authors of templates.
#[derive(Debug, Serialize)]
pub(super) struct AgreementData {
    language: &'static str,
    number: usize,
    contract: String,
    policyholder: String,
    start: String,
    end: String,
    /// The first and the last day from which a change counts.
    from: String,
    to: String,
    insured_before: String,
    insured_after: String,
    joined: usize,
    left: usize,
    changed: usize,
    sections: Vec<SectionData>,
    values: Vec<ValueData>,
    charged: String,
    returned: String,
    expenses: String,
    written_before: String,
    written_after: String,
    /// `more`, `less` or `same`: whether the contract costs more afterwards.
    direction: &'static str,
    /// The difference without its sign.
    amount: String,
    amount_in_words: String,
    instalments: Vec<InstalmentData>,
}

/// The lines of one cause.
#[derive(Debug, Serialize)]
struct SectionData {
    /// `join`, `leave`, `change-plan`, `change`, `correct` or `headcount`.
    cause: &'static str,
    /// The number of insured.
    insured: usize,
    lines: Vec<LineData>,
    /// What is charged and what is returned, expenses subtracted, in all lines of the section.
    charged: String,
    returned: String,
}

#[derive(Debug, Serialize)]
struct LineData {
    /// The number of the insured in the section; `None` in their further lines.
    at: Option<usize>,
    name: String,
    birth_date: String,
    plan: String,
    programme: String,
    risk_group: String,
    /// The days that are added or taken away.
    from: String,
    to: String,
    days: String,
    rate: String,
    sum_insured: String,
    /// The premium of the added days; `None` where days are taken away.
    charged: Option<String>,
    /// The premium of the days that are taken away, before expenses.
    returned: Option<String>,
    /// What is kept of it.
    expenses: Option<String>,
    /// What is paid back.
    refund: Option<String>,
}

#[derive(Debug, Serialize)]
struct ValueData {
    name: String,
    /// `name`, `birth_date`, `relation`, `plan`, `risk_group` or `sum_insured`.
    field: &'static str,
    before: String,
    after: String,
    from: String,
    is_corrected: bool,
}

#[derive(Debug, Serialize)]
struct InstalmentData {
    due: String,
    before: SumData,
    after: SumData,
}

/// An amount without its sign.
#[derive(Debug, Serialize)]
struct SumData {
    amount: String,
    is_credit: bool,
}

impl AgreementData {
    pub fn new(endorsement: &Endorsement, language: Language) -> Self {
        let (before, after) = (endorsement.state.version(), &endorsement.version);
        let contract = &endorsement.state.contract;
        let difference = after.written - before.written;
        let values = endorsement.changed_values.iter().map(|value| ValueData::new(endorsement, value, language));
        let unbroken = |amount| language.unbroken_amount(amount);
        let sections = CAUSES.into_iter().filter_map(|cause| SectionData::new(endorsement, cause, language));
        Self {
            language: language.as_str(),
            number: endorsement.agreement_number(),
            contract: printable(&contract.number),
            policyholder: printable(&contract.policyholder),
            start: day(contract.first_day, language),
            end: day(contract.last_day, language),
            from: day(endorsement.on, language),
            to: day(endorsement.last_day, language),
            insured_before: language.count(endorsement.counted[0] as usize),
            insured_after: language.count(endorsement.counted[1] as usize),
            joined: endorsement.moves.joined,
            left: endorsement.moves.left,
            changed: endorsement.moves.changed,
            sections: sections.collect(),
            values: values.collect(),
            charged: unbroken(charged(&endorsement.changed_lines)),
            returned: unbroken(endorsement.returned()),
            expenses: unbroken(endorsement.expenses()),
            written_before: unbroken(before.written),
            written_after: unbroken(after.written),
            direction: match difference {
                Kopecks::ZERO => "same",
                more if more > Kopecks::ZERO => "more",
                _ => "less",
            },
            amount: unbroken(difference.abs()),
            amount_in_words: in_words(difference.abs(), language),
            instalments: endorsement.instalments.iter().map(|next| InstalmentData::new(next, language)).collect(),
        }
    }
}

/// The causes in the order of their sections.
const CAUSES: [Cause; 6] =
    [Cause::Join, Cause::Leave, Cause::ChangePlan, Cause::Change, Cause::Correct, Cause::Headcount];

/// What lines add to the premium.
fn charged<'l>(lines: impl IntoIterator<Item = &'l ChangedLine>) -> Kopecks {
    lines.into_iter().map(|line| added(line).unwrap_or_default()).sum()
}

/// What a line adds to the premium; `None` where it takes days or premium away.
fn added(line: &ChangedLine) -> Option<Kopecks> {
    match line.end_before {
        None => Some(line.premium_after),
        Some(_) => Some(line.premium_after - line.premium_before).filter(|more| *more > Kopecks::ZERO),
    }
}

impl SectionData {
    /// The lines of a cause; `None` where there are none.
    fn new(endorsement: &Endorsement, cause: Cause, language: Language) -> Option<Self> {
        let lines: Vec<&ChangedLine> = endorsement.changed_lines.iter().filter(|line| line.cause == cause).collect();
        if lines.is_empty() {
            return None;
        }
        let person = |line: &ChangedLine| {
            let at = line.insured as usize - 1;
            let insured = &endorsement.insured;
            (insured.person_of(at), printable(&insured.name[at]), insured.birth_date[at])
        };
        let (mut insured, mut last, mut rows) = (0, None, Vec::with_capacity(lines.len()));
        for line in &lines {
            let (who, name, born) = person(line);
            let is_first = last.replace(who) != Some(who);
            insured += usize::from(is_first);
            rows.push(LineData::new(endorsement, line, is_first.then_some(insured), (name, born), language));
        }
        let refunds: Kopecks = lines.iter().filter_map(|line| refund(line)).sum();
        Some(Self {
            cause: cause.as_str(),
            insured,
            lines: rows,
            charged: language.unbroken_amount(charged(lines.iter().copied())),
            returned: language.unbroken_amount(refunds),
        })
    }
}

/// What a line gives back, expenses subtracted; `None` where it adds premium.
fn refund(line: &ChangedLine) -> Option<Kopecks> {
    added(line).is_none().then(|| line.premium_before - line.premium_after)
}

impl LineData {
    fn new(
        endorsement: &Endorsement,
        line: &ChangedLine,
        at: Option<usize>,
        (name, born): (String, i32),
        language: Language,
    ) -> Self {
        let cells = &endorsement.cells;
        let cell = line.cell as usize;
        let (first, last) = changed_days(line);
        let added = added(line);
        let unbroken = |amount| language.unbroken_amount(amount);
        let of_refund = |amount: Kopecks| added.is_none().then(|| unbroken(amount));
        Self {
            at,
            name,
            birth_date: on(born, language),
            plan: printable(&cells.plan[cell]),
            programme: printable(&cells.programme[cell]),
            risk_group: cells.risk_group[cell].to_string(),
            from: on(first, language),
            to: on(last, language),
            days: language.count(usize::try_from(last - first + 1).unwrap_or_default()),
            rate: language.decimal(&line.rate),
            sum_insured: unbroken(line.sum_insured),
            charged: added.map(unbroken),
            returned: of_refund(line.returned),
            expenses: of_refund(line.expenses).filter(|_| line.expenses != Kopecks::ZERO),
            refund: refund(line).map(unbroken),
        }
    }
}

/// The days that a line gains or loses; all of its days where only its price changes.
fn changed_days(line: &ChangedLine) -> (i32, i32) {
    match (line.end_before, line.end_after) {
        (Some(before), Some(after)) if after < before => (line.start.max(after + 1), before),
        (Some(before), Some(after)) if before < after => (line.start.max(before + 1), after),
        (_, Some(end)) | (Some(end), None) => (line.start, end),
        (None, None) => (line.start, line.start),
    }
}

impl ValueData {
    fn new(endorsement: &Endorsement, value: &ChangedValue, language: Language) -> Self {
        let written = |text: &str| match value.field {
            "birth_date" => text.parse().map_or_else(|_| printable(text), |date| day(date, language)),
            _ => printable(text),
        };
        Self {
            name: printable(&endorsement.insured.name[value.insured]),
            field: value.field,
            before: written(&value.before),
            after: written(&value.after),
            from: on(value.from, language),
            is_corrected: value.is_corrected,
        }
    }
}

impl InstalmentData {
    fn new(next: &NextInstalment, language: Language) -> Self {
        let sum = |amount: Kopecks| SumData {
            amount: language.unbroken_amount(amount.abs()),
            is_credit: amount < Kopecks::ZERO,
        };
        Self { due: day(next.due, language), before: sum(next.before), after: sum(next.after) }
    }
}

fn on(days: i32, language: Language) -> String {
    day_after_1970(days).map(|date| day(date, language)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    use crate::base::calendar::days_since_1970;

    #[test]
    fn a_line_has_the_days_that_it_gains_or_loses() {
        let [first, middle, last] = [date(2027, 1, 1), date(2027, 6, 30), date(2027, 12, 31)].map(days_since_1970);
        let line = |end_before, end_after| ChangedLine {
            cause: Cause::Change,
            insured: 1,
            cell: 0,
            sum_insured: Kopecks::ZERO,
            rate: String::new(),
            start: first,
            end_before,
            end_after,
            premium_before: Kopecks::ZERO,
            premium_after: Kopecks::ZERO,
            returned: Kopecks::ZERO,
            expenses: Kopecks::ZERO,
        };
        assert_eq!(changed_days(&line(None, Some(last))), (first, last), "opened");
        assert_eq!(changed_days(&line(Some(last), Some(middle))), (middle + 1, last), "shortened");
        assert_eq!(changed_days(&line(Some(middle), Some(last))), (middle + 1, last), "prolonged");
        assert_eq!(changed_days(&line(Some(last), None)), (first, last), "removed");
        assert_eq!(changed_days(&line(Some(last), Some(last))), (first, last), "priced anew");
        assert_eq!(changed_days(&line(Some(last), Some(first - 1))), (first, last), "no day is left");
    }
}
