//! Where the table begins in a sheet, and which column holds which field.

use crate::base::diagnostic::{Code, Diagnostic, Place, column_letters};
use crate::base::messages::Message;
use crate::roster::field::{
    Field, Meaning, likeness, meaning, meaning_in_census, meaning_in_changes, meaning_in_register,
};
use crate::roster::spec::{RosterSpec, RowKind};
use crate::table::cell::{Cell, Row};
use crate::table::limits::MAX_COLUMNS;
use crate::table::text::folded_heading;
use crate::table::value::is_day;

/// The headings are among so many first rows that hold anything, fewer where they are very wide.
const HEAD_ROWS: usize = 100;
/// The rows after so many cells are not looked at for headings.
const HEAD_CELLS: usize = 100_000;
/// Of a longer text no more is taken for a heading.
const HEADING_LETTERS: usize = 300;
/// A heading at least so like a known one is suggested.
const LIKELY: f64 = 0.75;

/// The first rows of a sheet.
#[derive(Debug, Default)]
pub struct Head {
    rows: Vec<HeadRow>,
}

/// A row of a head.
#[derive(Debug)]
struct HeadRow {
    /// Its number.
    number: u32,
    /// What may be headings, by column; empty where there is none.
    headings: Vec<String>,
    /// Whether anything stands there, by column.
    filled: Vec<bool>,
    /// Whether a day stands in one of its cells.
    has_day: bool,
}

impl HeadRow {
    /// Whether anything stands in a column.
    fn has(&self, column: usize) -> bool {
        self.filled.get(column).is_some_and(|filled| *filled)
    }
}

impl Head {
    /// Takes a row; whether more are wanted.
    pub fn take(&mut self, row: &dyn Row) -> bool {
        let cells = || (0..row.width().min(MAX_COLUMNS)).map(|column| row.cell(column));
        let (headings, filled) = (cells().map(heading).collect(), cells().map(|cell| !cell.is_empty()).collect());
        let has_day = cells().any(is_day);
        self.rows.push(HeadRow { number: row.number(), headings, filled, has_day });
        self.rows.len() < HEAD_ROWS && self.rows.iter().map(|row| row.filled.len()).sum::<usize>() < HEAD_CELLS
    }

    /// Whether there may be people, or what was done for them, under headings that are known or not: words beside a day.
    #[must_use]
    pub fn may_hold_people(&self) -> bool {
        self.rows.iter().any(|row| row.has_day && row.filled.iter().filter(|filled| **filled).count() > 1)
    }

    /// Whether somebody, or whatever the table is of, stands under the headings of a table and above a place.
    fn has_data(&self, table: &Layout, above: usize, wanted: &RosterSpec) -> bool {
        self.rows[..above].iter().filter(|row| row.number > table.header_row).any(|row| {
            let tells = telling(wanted).iter().filter_map(|field| table.column(*field)).any(|column| row.has(column));
            tells && table.columns().filter(|(_, column)| row.has(*column)).count() > 1
        })
    }
}

/// Only text is a heading.
fn heading(cell: Cell<'_>) -> String {
    match cell {
        Cell::Text(text) => text.chars().take(HEADING_LETTERS).collect(),
        _ => String::new(),
    }
}

/// Where a sheet's table is and what its columns hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The last row of the headings.
    pub header_row: u32,
    /// The headings, by column; empty where there is none.
    pub headings: Vec<String>,
    /// Every claim of a column to a field, in the order of the columns.
    claims: Vec<(Field, usize)>,
    /// Columns that are no field.
    strangers: Vec<usize>,
}

impl Layout {
    /// The table of a sheet, or `None` where no row looks like its headings.
    ///
    /// Of several rows of headings the one with the most fields, as long as nothing stands between them that a table under the first
    /// one would lose.
    #[must_use]
    pub fn find(head: &Head, wanted: &RosterSpec) -> Option<Self> {
        let mut best: Option<Self> = None;
        let of = |row: &HeadRow| Self::of(row.number, row.headings.clone(), wanted);
        let mut alone = head.rows.first().map(of);
        for place in 0..head.rows.len() {
            let next = head.rows.get(place + 1).map(of);
            let both = next.as_ref().and_then(|below| {
                let (upper, lower) = (&head.rows[place], &head.rows[place + 1]);
                let both = Self::of(lower.number, joined(&upper.headings, &lower.headings, wanted)?, wanted);
                // a title over a row of headings adds nothing to it
                (both.fields() > below.fields()).then_some(both)
            });
            let is_one = both.is_none() && alone.as_ref().is_some_and(|alone| alone.is_certain(wanted));
            let tables = [alone, both].into_iter().flatten().filter(|found| found.is_table(wanted));
            let better = tables.fold(None, |better: Option<Self>, found| match better.as_ref().or(best.as_ref()) {
                Some(known) if known.fields() >= found.fields() => better,
                _ => Some(found),
            });
            if let (Some(_), Some(best)) = (&better, &best)
                && head.has_data(best, place, wanted)
            {
                break;
            }
            best = better.or(best);
            if is_one {
                break;
            }
            alone = next;
        }
        best.map(|table| table.with_name_in_parts(&head.rows))
    }

    /// Whether nobody needs to look any further: a table with a good many headings, and every one of them known.
    #[must_use]
    pub fn is_certain(&self, wanted: &RosterSpec) -> bool {
        const A_GOOD_MANY: usize = 4;
        self.is_table(wanted) && self.strangers.is_empty() && self.fields() >= A_GOOD_MANY
    }

    fn of(header_row: u32, headings: Vec<String>, wanted: &RosterSpec) -> Self {
        let mut claims = Vec::new();
        let mut strangers = Vec::new();
        for (column, heading) in headings.iter().enumerate().filter(|(_, heading)| !heading.is_empty()) {
            match means(heading, wanted) {
                Some(Meaning::Field(field)) => claims.push((field, column)),
                Some(Meaning::Ignored) => {}
                None => strangers.push(column),
            }
        }
        Self { header_row, headings, claims, strangers }
    }

    /// How many different fields there are.
    #[must_use]
    pub fn fields(&self) -> usize {
        let known = Field::ALL.iter().chain(Field::OF_CLINICS);
        known.filter(|field| self.column(**field).is_some()).count()
    }

    /// A row with two fields, one of them a name or a birth date, in a census an age or a count, in a list of changes what
    /// happens, is a row of headings.
    fn is_table(&self, wanted: &RosterSpec) -> bool {
        self.fields() >= 2 && telling(wanted).iter().any(|field| self.column(*field).is_some())
    }

    /// The same where the heading of the name spans columns without one that hold the rest of it: a surname alone under «ФИО», and
    /// beside it a given name.
    fn with_name_in_parts(mut self, head: &[HeadRow]) -> Self {
        let in_parts =
            |(field, _): &(Field, usize)| matches!(field, Field::Surname | Field::GivenName | Field::Patronymic);
        let Some(place) = self.claims.iter().position(|(field, _)| *field == Field::Name) else { return self };
        if self.claims.iter().any(in_parts) {
            return self;
        }
        let whole = self.claims[place].1;
        let is_word = |row: &HeadRow, column: usize| {
            let text = row.headings.get(column).map_or("", String::as_str);
            !text.is_empty() && text.chars().all(|letter| letter.is_alphabetic() || letter == '-')
        };
        let continues = |column: usize| {
            let is_spanned = self.headings.get(column).is_none_or(String::is_empty);
            let named = || head.iter().filter(|row| row.number > self.header_row && row.has(whole));
            let split = named().filter(|row| is_word(row, whole) && is_word(row, column)).count();
            is_spanned && split * 2 > named().count()
        };
        if continues(whole + 1) {
            let patronymic = continues(whole + 2).then_some((Field::Patronymic, whole + 2));
            let parts = [(Field::Surname, whole), (Field::GivenName, whole + 1)].into_iter().chain(patronymic);
            self.claims.splice(place..=place, parts);
        }
        self
    }

    /// The column of a field: the first that claims it.
    #[must_use]
    pub fn column(&self, field: Field) -> Option<usize> {
        self.claims.iter().find(|(claimed, _)| *claimed == field).map(|(_, column)| *column)
    }

    /// Every field with its column.
    pub fn columns(&self) -> impl Iterator<Item = (Field, usize)> + '_ {
        self.claims.iter().copied()
    }

    /// What is wrong with the columns, and which are no field.
    #[must_use]
    pub fn diagnostics(&self, sheet: u16, wanted: &RosterSpec) -> Vec<Diagnostic> {
        let mut found = self.ambiguous(sheet, wanted);
        found.extend(self.say_missing(self.missing(wanted), sheet, wanted));
        let unknown = if wanted.rows.is_of_clinic() { "clinic-unknown-column" } else { "unknown-column" };
        found.extend(self.strangers.iter().map(|column| Diagnostic {
            code: Code::UnknownColumn,
            place: self.place(sheet, *column),
            value: self.headings[*column].clone(),
            message: Message::new(unknown).with("heading", one_line(&self.headings[*column])),
        }));
        found
    }

    fn place(&self, sheet: u16, column: usize) -> Place {
        Place::cell(sheet, self.header_row, u32::try_from(column).unwrap_or(u32::MAX))
    }

    fn ambiguous(&self, sheet: u16, wanted: &RosterSpec) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let is_read =
            |field: Field| if wanted.rows.is_of_clinic() { field.is_read_in_clinics() } else { field.is_read() };
        let ambiguous = if wanted.rows.is_of_clinic() { "clinic-ambiguous-column" } else { "ambiguous-column" };
        for (place, (field, column)) in self.claims.iter().enumerate().filter(|(_, (field, _))| is_read(*field)) {
            let Some((_, first)) = self.claims[..place].iter().find(|(before, _)| before == field) else { continue };
            let letters = |column: usize| column_letters(u32::try_from(column).unwrap_or(u32::MAX));
            // a line of the contract cannot tell them apart
            let are_same = folded_heading(&self.headings[*first]) == folded_heading(&self.headings[*column]);
            found.push(Diagnostic {
                code: Code::AmbiguousColumn,
                place: self.place(sheet, *column),
                value: self.headings[*column].clone(),
                message: Message::new(if are_same { "same-columns" } else { ambiguous })
                    .with("field", field.name())
                    .with("first", one_line(&self.headings[*first]))
                    .with("first_column", letters(*first))
                    .with("second", one_line(&self.headings[*column]))
                    .with("second_column", letters(*column)),
            });
        }
        found
    }

    /// Whether every field that is needed has a column.
    #[must_use]
    pub fn is_complete(&self, wanted: &RosterSpec) -> bool {
        self.missing(wanted).is_empty()
    }

    /// The fields that are needed and have no column.
    fn missing(&self, wanted: &RosterSpec) -> Vec<Field> {
        let has = |field| self.column(field).is_some();
        let mut missing = Vec::new();
        let in_parts = has(Field::Surname) && has(Field::GivenName);
        let has_price = has(Field::Price) || has(Field::Amount);
        let needed: &[Field] = match wanted.rows {
            RowKind::Insured if in_parts => &[Field::BirthDate],
            RowKind::Insured => &[Field::Name, Field::BirthDate],
            RowKind::Counts => &[Field::Age, Field::Insured],
            // who leaves may be named by an id alone; the other columns are asked for by the rows that need them
            RowKind::Changes if has(Field::Id) => &[Field::Action],
            RowKind::Changes if in_parts => &[Field::Action, Field::BirthDate],
            RowKind::Changes => &[Field::Action, Field::Name, Field::BirthDate],
            RowKind::Services if has_price => &[Field::Day],
            RowKind::Services => &[Field::Day, Field::Amount],
            RowKind::Requests | RowKind::Questions => &[],
        };
        missing.extend(needed.iter().filter(|field| !has(**field)));
        if wanted.rows == RowKind::Changes {
            return missing;
        }
        // a policy says who somebody is, or else a name and a birth date
        if wanted.rows.is_of_clinic() && !has(Field::Id) {
            let in_full: &[Field] = if in_parts { &[Field::BirthDate] } else { &[Field::Name, Field::BirthDate] };
            missing.extend(in_full.iter().filter(|field| !has(**field)));
        }
        if !has(Field::RiskGroup) && wanted.default_risk_group.is_none() {
            missing.push(Field::RiskGroup);
        }
        if !has(Field::Plan) && wanted.plans.len() > 1 {
            missing.push(Field::Plan);
        }
        for (field, _) in wanted.columns.iter().filter(|(field, _)| !has(*field)) {
            if !missing.contains(field) {
                missing.push(*field);
            }
        }
        missing
    }

    fn say_missing(&self, missing: Vec<Field>, sheet: u16, wanted: &RosterSpec) -> Vec<Diagnostic> {
        let said = missing.into_iter().map(|field| {
            let named = wanted.columns.iter().find(|(wanted, _)| *wanted == field);
            let of_clinic = wanted.rows.is_of_clinic();
            let message = match (named, self.likely(field)) {
                (Some((_, heading)), _) if of_clinic => {
                    Message::new("clinic-missing-column-named").with("heading", heading.as_str())
                }
                (None, Some(heading)) if of_clinic => {
                    Message::new("clinic-missing-column-near").with("heading", heading)
                }
                (None, None) if of_clinic => Message::new("clinic-missing-column").with("headings", self.listed()),
                (Some((_, heading)), _) => Message::new("missing-column-named").with("heading", heading.as_str()),
                (None, Some(heading)) => Message::new("missing-column-near").with("heading", heading),
                (None, None) => Message::new("missing-column").with("headings", self.listed()),
            };
            Diagnostic {
                code: Code::MissingColumn,
                place: Place::row(sheet, self.header_row),
                value: String::new(),
                message: message.with("field", field.name()),
            }
        });
        said.collect()
    }

    /// The heading that could be meant for a field.
    fn likely(&self, field: Field) -> Option<String> {
        let spare = self.headings.iter().enumerate().filter(|(column, heading)| {
            !heading.is_empty()
                && !self.claims.iter().any(|(claimed, taken)| taken == column && !is_part(*claimed, field))
        });
        let scored = spare.map(|(_, heading)| (likeness(heading, field), heading));
        let (score, heading) = scored.max_by(|left, right| left.0.total_cmp(&right.0))?;
        (score >= LIKELY).then(|| one_line(heading))
    }

    fn listed(&self) -> String {
        crate::base::messages::listed(
            self.headings.iter().filter(|heading| !heading.is_empty()).map(|heading| one_line(heading)),
        )
    }
}

/// The fields of which a table has at least one.
fn telling(wanted: &RosterSpec) -> &'static [Field] {
    match wanted.rows {
        RowKind::Insured => &[Field::Name, Field::Surname, Field::BirthDate],
        RowKind::Counts => &[Field::Age, Field::Insured],
        RowKind::Changes => &[Field::Action],
        RowKind::Services | RowKind::Requests | RowKind::Questions => &[Field::Service, Field::ServiceCode],
    }
}

/// Whether a column of one field may be what was meant for the other: a lone surname for the whole name.
fn is_part(claimed: Field, wanted: Field) -> bool {
    wanted == Field::Name && matches!(claimed, Field::Surname | Field::GivenName | Field::Patronymic)
}

/// What a heading means: by the contract's own word first, then by the dictionary.
fn means(heading: &str, wanted: &RosterSpec) -> Option<Meaning> {
    if !wanted.columns.is_empty() {
        let folded = folded_heading(heading);
        if let Some((field, _)) = wanted.columns.iter().find(|(_, named)| folded_heading(named) == folded) {
            return Some(Meaning::Field(*field));
        }
    }
    let listed = match wanted.rows {
        RowKind::Insured => meaning(heading),
        RowKind::Counts => meaning_in_census(heading),
        // its headings need not be the roster's
        RowKind::Changes => return meaning_in_changes(heading),
        RowKind::Services | RowKind::Requests | RowKind::Questions => meaning_in_register(heading),
    };
    match listed {
        // the contract has another column for this field
        Some(Meaning::Field(field)) if wanted.columns.iter().any(|(named, _)| *named == field) => {
            Some(Meaning::Ignored)
        }
        found => found,
    }
}

/// Two rows of headings as one: the lower heading where there is one, alone or after the upper one that spans it.
///
/// `None` where the lower row is not one of headings.
fn joined(upper: &[String], lower: &[String], wanted: &RosterSpec) -> Option<Vec<String>> {
    if lower.iter().all(String::is_empty) {
        return None;
    }
    let mut spanning = "";
    let mut joined = Vec::new();
    let (mut known, mut unknown) = (0, 0);
    for column in 0..upper.len().max(lower.len()) {
        let above = upper.get(column).map_or("", String::as_str);
        let below = lower.get(column).map_or("", String::as_str);
        if !above.is_empty() {
            spanning = above;
        }
        if below.is_empty() {
            joined.push(above.to_owned());
            continue;
        }
        let both = format!("{spanning} {below}");
        if means(&both, wanted).is_some() {
            known += 1;
            joined.push(both);
        } else if means(below, wanted).is_some() {
            known += 1;
            joined.push(below.to_owned());
        } else {
            unknown += 1;
            joined.push(below.to_owned());
        }
    }
    // a row of data has hardly a word that is a heading
    (known > unknown).then_some(joined)
}

fn one_line(heading: &str) -> String {
    heading.split_whitespace().collect::<Vec<_>>().join(" ")
}
