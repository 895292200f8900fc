//! The tables by headcount and by age of an edition's file, and the proof that their bands have neither gap nor
//! overlap.

use crate::base::messages::Message;
use crate::base::source_file::{Faults, Span, Spanned};
use crate::base::toml_file::Table;
use crate::tariff::band::{AgeBand, Band, BandBreak, HeadcountBand, MAX_AGE, check_continuity};
use crate::tariff::cited::Cited;
use crate::tariff::range::Range;
use crate::tariff::read::values::{cited, coefficient, range};

/// Reports every gap and overlap of bands that have to follow each other from `first`. Each band is its first number,
/// its last if it has one, and its place in the file.
fn prove_continuity(
    first: u32,
    bands: impl IntoIterator<Item = (u32, Option<u32>, Span)>,
    clause: &str,
    faults: &Faults,
) {
    let mut end = first.checked_sub(1);
    let mut is_first = true;
    for (from, to, span) in bands {
        if to.is_some_and(|to| to < from) {
            faults.add(span.clone(), Message::new("band-order").with("clause", clause));
        }
        let found = match end {
            Some(end) => check_continuity(end, from),
            None if !is_first => Some(BandBreak::Overlap { first: from, last: u32::MAX }),
            None => (from > 0).then(|| BandBreak::Gap { first: 0, last: from - 1 }),
        };
        match found {
            Some(BandBreak::Gap { first, last }) => {
                let message = Message::new("bands-gap").with("clause", clause);
                faults.add(span, message.with("first", first.to_string()).with("last", last.to_string()));
            }
            Some(BandBreak::Overlap { last: u32::MAX, .. }) => {
                faults.add(span, Message::new("bands-after-open").with("clause", clause));
            }
            Some(BandBreak::Overlap { first, last }) => {
                let message = Message::new("bands-overlap").with("clause", clause);
                faults.add(span, message.with("first", first.to_string()).with("last", last.to_string()));
            }
            None => {}
        }
        is_first = false;
        end = to;
    }
}

/// The bands of a table, each with its place in the file; at least one.
fn bands<'d, T>(table: &mut Table<'d>, mut read: impl FnMut(&mut Table<'d>) -> Option<T>) -> Vec<Spanned<T>> {
    let span = table.span();
    let bands = table.tables("bands", |row| {
        let span = row.span();
        read(row).map(|value| Spanned { value, span })
    });
    if bands.is_empty() {
        table.fault(span, Message::new("bands-none"));
    }
    bands
}

pub(super) fn headcount(table: &mut Table<'_>) -> Option<Cited<Vec<HeadcountBand>>> {
    let span = table.span();
    let faults = table.faults();
    let read = cited(table, |table| {
        let bands = bands(table, |row| {
            let from = row.needed_whole::<u32>("from");
            let to = row.whole::<u32>("to");
            // a band with a bad range keeps its place: it is no gap
            let range = range(row);
            Some((from?.value, to.map(|at| at.value), range))
        });
        Some(bands)
    })?;
    let bands = read.value.iter().map(|band| (band.value.0, band.value.1, band.span.clone()));
    prove_continuity(1, bands, &read.clause, faults);
    if read.value.last().is_some_and(|last| last.value.1.is_some()) {
        faults.add(span, Message::new("bands-closed").with("clause", &*read.clause));
    }
    let bands = read
        .value
        .into_iter()
        .map(|Spanned { value: (from, to, range), .. }| Some(HeadcountBand { from, to, range: range? }));
    Some(Cited { clause: read.clause, value: bands.collect::<Option<_>>()? })
}

fn years(row: &mut Table<'_>) -> Option<Band> {
    let from = row.needed_whole::<u16>("from");
    let to = row.needed_whole::<u16>("to");
    let (from, to) = (from?, to?);
    if to.value > MAX_AGE {
        row.fault(to.span, Message::new("age-limit").with("limit", u32::from(MAX_AGE)));
        return None;
    }
    Some(Band { from: from.value, to: to.value })
}

/// The coefficients by age, and the range for insured outside of the table (`I73`).
pub(super) fn age(table: &mut Table<'_>) -> Option<(Cited<Vec<AgeBand>>, Option<Range>)> {
    let faults = table.faults();
    let accepted = table.table("accepted", range);
    let read = cited(table, |table| {
        Some(bands(table, |row| {
            let years = years(row);
            let coefficient = coefficient(row, "coefficient");
            Some((years?, coefficient))
        }))
    })?;
    let bands = read
        .value
        .iter()
        .map(|band| (u32::from(band.value.0.from), Some(u32::from(band.value.0.to)), band.span.clone()));
    prove_continuity(0, bands, &read.clause, faults);
    let bands = read
        .value
        .into_iter()
        .map(|Spanned { value: (years, coefficient), .. }| Some(AgeBand { years, coefficient: coefficient? }));
    Some((Cited { clause: read.clause, value: bands.collect::<Option<_>>()? }, accepted))
}

pub(super) fn child_bands(table: &mut Table<'_>) -> Option<Cited<Vec<Band>>> {
    let faults = table.faults();
    let read = cited(table, |table| Some(bands(table, years)))?;
    let bands =
        read.value.iter().map(|band| (u32::from(band.value.from), Some(u32::from(band.value.to)), band.span.clone()));
    prove_continuity(0, bands, &read.clause, faults);
    Some(Cited { clause: read.clause, value: read.value.into_iter().map(|at| at.value).collect() })
}
