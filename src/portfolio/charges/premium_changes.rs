//! What a list of changes adds to the premium of each insured: the lines before and after, compared.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::calendar::{day_after_1970, days_since_1970};
use crate::base::money::Kopecks;
use crate::portfolio::event::PersonRef;
use crate::portfolio::fold::Folded;
use crate::portfolio::premium::charge::PremiumChange;

/// A line as its premium is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ComparedLine<'f> {
    start: i32,
    programme: &'f str,
    sum_insured: i64,
    rate: &'f str,
    end: i32,
    premium: i64,
}

/// What changes for each insured between two states of a contract, from the first of their days that differs, but not before `from`.
///
/// Insured whose premium stays are left out.
pub(super) fn premium_changes(before: &Folded, after: &Folded, from: Date) -> Vec<PremiumChange> {
    let (before, after) = (lines_by_insured(before), lines_by_insured(after));
    let insured: BTreeSet<&PersonRef> = before.keys().chain(after.keys()).collect();
    let changes = insured.into_iter().filter_map(|who| {
        let [before, after] = [&before, &after].map(|lines| lines.get(who).map_or(&[][..], Vec::as_slice));
        premium_change(before, after, from)
    });
    changes.collect()
}

fn lines_by_insured(folded: &Folded) -> BTreeMap<PersonRef, Vec<ComparedLine<'_>>> {
    let (lines, cells) = (&folded.rows.lines, &folded.rows.cells);
    let mut by_insured: BTreeMap<PersonRef, Vec<ComparedLine<'_>>> = BTreeMap::new();
    for at in 0..lines.insured.len() {
        let cell = lines.cell[at] as usize;
        let place = (lines.insured[at] as usize).checked_sub(1);
        let Some(who) = place.and_then(|place| folded.people.get(place)) else { continue };
        by_insured.entry(*who).or_default().push(ComparedLine {
            start: lines.start[at],
            programme: &cells.programme[cell],
            sum_insured: lines.sum_insured[at],
            rate: &cells.rate[cell],
            end: lines.end[at],
            premium: lines.premium[at],
        });
    }
    for lines in by_insured.values_mut() {
        lines.sort_unstable();
    }
    by_insured
}

/// The change for one insured, whose lines are sorted; `None` where the premium stays.
fn premium_change(before: &[ComparedLine<'_>], after: &[ComparedLine<'_>], from: Date) -> Option<PremiumChange> {
    let premium =
        |lines: &[ComparedLine<'_>]| lines.iter().map(|line| Kopecks::new(line.premium.into())).sum::<Kopecks>();
    let amount = premium(after) - premium(before);
    if amount == Kopecks::ZERO {
        return None;
    }
    let closed = without(before, after);
    let opened = without(after, before);
    let same_start = |line: &ComparedLine<'_>, others: &[ComparedLine<'_>]| {
        let key = |of: &ComparedLine<'_>| (of.start, of.programme.to_owned(), of.sum_insured, of.rate.to_owned());
        others.iter().find(|other| key(other) == key(line)).map(|other| other.end)
    };
    // a line that only ends on another day differs from the day after the earlier end
    let first_difference = |line: &ComparedLine<'_>, others: &[ComparedLine<'_>]| match same_start(line, others) {
        Some(end) if end != line.end => end.min(line.end) + 1,
        _ => line.start,
    };
    let days = closed.iter().map(|line| first_difference(line, &opened));
    let days = days.chain(opened.iter().map(|line| first_difference(line, &closed)));
    let first = days.min().unwrap_or(i32::MAX).max(days_since_1970(from));
    let last = opened.iter().chain(&closed).map(|line| line.end).max().unwrap_or(first);
    Some(PremiumChange {
        from: day_after_1970(first).unwrap_or(from),
        last: day_after_1970(last).unwrap_or(from),
        amount,
    })
}

/// The lines without those of others; both are sorted, and of equal lines each is taken away once.
fn without<'f>(lines: &[ComparedLine<'f>], others: &[ComparedLine<'f>]) -> Vec<ComparedLine<'f>> {
    let mut others = others.iter().peekable();
    let mut kept = Vec::new();
    for line in lines {
        while others.next_if(|other| *other < line).is_some() {}
        if others.next_if_eq(&line).is_none() {
            kept.push(*line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn line(programme: &'static str, first: Date, last: Date, premium: i64) -> ComparedLine<'static> {
        let (start, end) = (days_since_1970(first), days_since_1970(last));
        ComparedLine { start, programme, sum_insured: 100_000, rate: "1", end, premium }
    }

    const FIRST: Date = date(2027, 1, 1);
    const JUNE: Date = date(2027, 6, 30);
    const JULY: Date = date(2027, 7, 1);
    const LAST: Date = date(2027, 12, 31);

    fn change(before: &[ComparedLine<'_>], after: &[ComparedLine<'_>], from: Date) -> Option<(Date, Date, i128)> {
        premium_change(before, after, from).map(|change| (change.from, change.last, change.amount.get()))
    }

    #[test]
    fn a_change_counts_from_the_first_day_that_differs() {
        let whole = line("16", FIRST, LAST, 3_650);
        assert_eq!(change(&[], &[line("16", JULY, LAST, 1_840)], FIRST), Some((JULY, LAST, 1_840)), "a joiner");
        let closed = line("16", FIRST, JUNE, 1_810);
        assert_eq!(change(&[whole], &[closed], FIRST), Some((JULY, LAST, -1_840)), "a leaver");
        let other_plan = [closed, line("16", JULY, LAST, 1_840), line("8", JULY, LAST, 500)];
        assert_eq!(change(&[whole], &other_plan, FIRST), Some((JULY, LAST, 500)), "another plan");
        let corrected = [ComparedLine { rate: "2", premium: 7_300, ..whole }];
        assert_eq!(change(&[whole], &corrected, FIRST), Some((FIRST, LAST, 3_650)), "corrected from the first day");
        assert_eq!(change(&[whole], &corrected, JULY), Some((JULY, LAST, 3_650)), "recorded for a later day");
        assert_eq!(change(&[whole], &[], FIRST), Some((FIRST, LAST, -3_650)), "no day of cover");
        assert_eq!(change(&[whole, closed], &[closed, whole], FIRST), None);
    }
}
