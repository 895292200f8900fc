//! Where a table begins in its sheet, and what each of its columns is used for.

mod date_parts;
mod diagnostics;
mod two_rows;

use crate::table::column_words::is_correction;
use crate::table::dictionary::{ChangesRow, Meaning, heading_key};
use crate::table::field::{FieldSpec, ValueType};
use crate::table::head::{Head, HeadRow};
use crate::table::spec::{Need, SplitField, TableSpec};
use date_parts::date_parts;
use two_rows::{join_below_spans, join_rows};

/// Where a table is and what its columns hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The last row of the headings, from 1.
    pub header_row: u32,
    /// The headings, by column; empty where there is none.
    pub headings: Vec<String>,
    /// What each column is used for; `None` where it has no heading.
    uses: Vec<Option<ColumnUse>>,
    /// The units and forms of values that a row under the headings states, by column; empty where there is no such row.
    units: Vec<String>,
    /// The texts above the headings.
    titles: Vec<String>,
    /// The first of three columns that hold a day, its month and its year.
    date_parts: Option<usize>,
}

/// What a column with a heading is used for: every such column has exactly one use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnUse {
    /// It holds a field. Where several columns hold one, its [rule](crate::table::field::ColumnRule) decides between them.
    Field(&'static FieldSpec),
    /// The heading is recognised, and the column is of no interest.
    Known,
    /// The heading is recognised as one of remarks, which may hold a field.
    Remark,
    /// The heading is recognised as one of words about the rows, some of which change them.
    Conditional(ChangesRow),
    /// The user has named it as one to ignore.
    Ignored,
    /// The heading is not recognised.
    Unclaimed,
}

/// The columns of a [`SplitField`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SplitColumns {
    /// All of it in one; none where there is no such column.
    Whole(Option<usize>),
    /// A column for each part, the last of which may be missing.
    Parts(usize, usize, Option<usize>),
}

impl SplitColumns {
    /// The column that a row with a value has something in.
    #[must_use]
    pub const fn first(self) -> Option<usize> {
        match self {
            Self::Whole(column) => column,
            Self::Parts(first, ..) => Some(first),
        }
    }

    /// The columns in the order of the parts.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        let columns = match self {
            Self::Whole(column) => [column, None, None],
            Self::Parts(first, second, third) => [Some(first), Some(second), third],
        };
        columns.into_iter().flatten()
    }
}

impl Layout {
    /// The table of a sheet, or `None` where no row looks like its headings.
    ///
    /// Of several rows of headings the one with the most fields, as long as no row of data stands between them, which a table below
    /// would lose. Two or three rows are taken together where the upper ones span columns of the lower ones.
    #[must_use]
    pub fn find(head: &Head, spec: &TableSpec) -> Option<Self> {
        let mut best: Option<Self> = None;
        let one_row = |row: &HeadRow| Self::new(row.number, row.headings.clone(), spec);
        let mut alone = head.rows.first().map(one_row);
        for place in 0..head.rows.len() {
            let next = head.rows.get(place + 1).map(one_row);
            let both = next.as_ref().and_then(|below| {
                let (upper, lower) = (&head.rows[place], &head.rows[place + 1]);
                let joined = join_rows(&upper.headings, &lower.headings, spec)?;
                let both = Self::new(lower.number, joined, spec);
                // a title over a row of headings adds nothing to it
                (both.fields() > below.fields()).then_some(both)
            });
            let below_spans = alone.as_ref().filter(|alone| alone.is_table(spec)).and_then(|_| {
                let (upper, lower) = (&head.rows[place], head.rows.get(place + 1)?);
                Some(Self::new(lower.number, join_below_spans(upper, lower, spec)?, spec))
            });
            if below_spans.is_some() {
                alone = None;
            }
            let both = both.or(below_spans);
            let both = both.map(|both| both.with_row_below(head.rows.get(place + 2), spec));
            let is_certain = both.is_none() && alone.as_ref().is_some_and(|alone| alone.is_certain(spec));
            let tables = [alone, both].into_iter().flatten().filter(|found| found.is_table(spec));
            let better = tables.fold(None, |better: Option<Self>, found| match better.as_ref().or(best.as_ref()) {
                Some(known) if known.fields() >= found.fields() => better,
                _ => Some(found),
            });
            if let (Some(_), Some(best)) = (&better, &best)
                && best.has_data(&head.rows[..place], spec)
            {
                break;
            }
            best = better.or(best);
            if is_certain {
                break;
            }
            alone = next;
        }
        let mut table = best?;
        if let Some(split) = spec.split {
            table.find_parts(split, &head.rows);
        }
        table.find_units(&head.rows);
        Some(table)
    }

    /// The table with one more row of headings, if that has further fields.
    fn with_row_below(self, below: Option<&HeadRow>, spec: &TableSpec) -> Self {
        let joined = below.and_then(|below| Some((below.number, join_rows(&self.headings, &below.headings, spec)?)));
        let joined = joined.map(|(number, headings)| Self::new(number, headings, spec));
        joined.filter(|joined| joined.fields() > self.fields()).unwrap_or(self)
    }

    /// The table with these headings in a row.
    #[must_use]
    pub fn of_row(header_row: u32, headings: Vec<String>, spec: &TableSpec) -> Self {
        Self::new(header_row, headings, spec)
    }

    fn new(header_row: u32, headings: Vec<String>, spec: &TableSpec) -> Self {
        let meanings: Vec<Option<Meaning>> =
            headings.iter().map(|heading| if heading.is_empty() { None } else { spec.meaning(heading) }).collect();
        let uses = headings.iter().zip(&meanings).map(|(heading, meaning)| match meaning {
            Some(Meaning::Field(field)) => Some(ColumnUse::Field(field)),
            Some(Meaning::Perhaps(field)) if !meanings.contains(&Some(Meaning::Field(field))) => {
                Some(ColumnUse::Field(field))
            }
            // «Статус» beside «Степень родства» is no relation
            Some(Meaning::Perhaps(field)) if field.holds == ValueType::Word => {
                Some(ColumnUse::Conditional(ChangesRow::ByDecision))
            }
            // «Дата рождения (верная)» beside «Дата рождения» may be what counts
            Some(Meaning::Perhaps(_)) if spec.holds_insured && is_correction(heading) => Some(ColumnUse::Unclaimed),
            Some(Meaning::Perhaps(_) | Meaning::Known) => Some(ColumnUse::Known),
            Some(Meaning::Remark) => Some(ColumnUse::Remark),
            Some(Meaning::Conditional(changes)) => Some(ColumnUse::Conditional(*changes)),
            Some(Meaning::Ignored) => Some(ColumnUse::Ignored),
            None => (!heading.is_empty()).then_some(ColumnUse::Unclaimed),
        });
        let mut table = Self {
            header_row,
            uses: uses.collect(),
            headings,
            units: Vec::new(),
            titles: Vec::new(),
            date_parts: None,
        };
        if let Some(split) = spec.split {
            table.settle_parts(split, spec);
        }
        table
    }

    /// Gives a heading such as «Name» beside a column of surnames to the given name, and prefers the parts of a split field to a column with
    /// the whole of it, which may name another person: «Сотрудник» in a row of the family. A heading that the sender states wins.
    fn settle_parts(&mut self, split: &SplitField, spec: &TableSpec) {
        let Some(whole) = self.column(split.whole) else { return };
        let [first, second, _] = split.parts.map(|part| self.column(part));
        if spec.own_heading(split.whole).is_some() {
            // a heading that surely means the whole; one of a part is reported
            if spec.is_whole(&self.headings[whole]) {
                self.leave_parts(split);
            }
            return;
        }
        let is_second =
            |heading: &str| split.second_beside_first.iter().any(|of| heading_key(of) == heading_key(heading));
        if first.is_none() || second.is_none() && !is_second(&self.headings[whole]) {
            // a part alone beside the whole is not read
            for used in &mut self.uses {
                if matches!(used, Some(ColumnUse::Field(field)) if split.parts.contains(field)) {
                    *used = Some(ColumnUse::Unclaimed);
                }
            }
            return;
        }
        if second.is_none() {
            self.uses[whole] = Some(ColumnUse::Field(split.parts[1]));
        } else {
            for used in self.uses.iter_mut().filter(|used| **used == Some(ColumnUse::Field(split.whole))) {
                *used = Some(ColumnUse::Known);
            }
        }
    }

    /// Leaves the columns of the parts of a split field unused beside the whole of it.
    fn leave_parts(&mut self, split: &SplitField) {
        for used in &mut self.uses {
            if matches!(used, Some(ColumnUse::Field(field)) if split.parts.contains(field)) {
                *used = Some(ColumnUse::Known);
            }
        }
    }

    /// The columns of the parts of a split field beside a column that the sender names as the whole of it.
    fn parts_beside_whole(&self, spec: &TableSpec) -> Vec<usize> {
        let Some(split) = spec.split.filter(|split| spec.own_heading(split.whole).is_some()) else { return Vec::new() };
        if self.column(split.whole).is_none() {
            return Vec::new();
        }
        split.parts.iter().filter_map(|part| self.column(*part)).collect()
    }

    /// Whether no better table can follow: it has a good many headings, and all of them are recognised.
    #[must_use]
    pub fn is_certain(&self, spec: &TableSpec) -> bool {
        const A_GOOD_MANY: usize = 4;
        self.is_table(spec) && self.unclaimed().next().is_none() && self.fields() >= A_GOOD_MANY
    }

    /// A row with two fields, one of them telling, is a row of headings.
    fn is_table(&self, spec: &TableSpec) -> bool {
        self.fields() >= 2 && spec.telling.iter().any(|field| self.column(*field).is_some())
    }

    /// Whether one of these rows stands under the headings and holds data: a telling field and another one.
    fn has_data(&self, rows: &[HeadRow], spec: &TableSpec) -> bool {
        rows.iter().filter(|row| row.number > self.header_row).any(|row| {
            let mut telling = spec.telling.iter().filter_map(|field| self.column(*field));
            telling.any(|column| row.is_filled(column))
                && self.columns().filter(|(_, column)| row.is_filled(*column)).count() > 1
        })
    }

    /// Finds the parts of a split field whose heading spans columns without one: a surname alone under «ФИО», and beside it a given name.
    fn find_parts(&mut self, split: &SplitField, head: &[HeadRow]) {
        let Some(whole) = self.column(split.whole) else { return };
        if split.parts.iter().any(|part| self.column(*part).is_some()) {
            return;
        }
        let continues = |column: usize| {
            let is_spanned = self.headings.get(column).is_none_or(String::is_empty);
            let filled = || head.iter().filter(|row| row.number > self.header_row && row.is_filled(whole));
            let split = || filled().filter(|row| row.is_word(whole) && row.is_word(column)).count();
            is_spanned && split() * 2 > filled().count()
        };
        if continues(whole + 1) {
            let count = if continues(whole + 2) { 3 } else { 2 };
            self.uses.resize(self.uses.len().max(whole + count), None);
            for (part, used) in split.parts.into_iter().zip(&mut self.uses[whole..whole + count]) {
                *used = Some(ColumnUse::Field(part));
            }
        }
    }

    /// Finds what the rows around the headings state of the values: the units in the row below, and the titles above.
    fn find_units(&mut self, head: &[HeadRow]) {
        let is_title = |row: &&HeadRow| row.number < self.header_row;
        let titles = head.iter().filter(is_title).flat_map(|row| &row.headings).filter(|text| !text.is_empty());
        self.titles = titles.cloned().collect();
        let below = head.iter().find(|row| row.number > self.header_row);
        let of_below = below.and_then(|below| date_parts(&below.headings));
        self.date_parts = date_parts(&self.headings).or(of_below);
        if let Some(below) = below
            && below.has_units()
        {
            self.units.clone_from(&below.headings);
        }
    }

    /// The unit or the form of the values of a column that a row under the headings states; empty where none does.
    #[must_use]
    pub fn unit(&self, column: usize) -> &str {
        self.units.get(column).map_or("", String::as_str)
    }

    /// The texts above the headings.
    #[must_use]
    pub fn titles(&self) -> &[String] {
        &self.titles
    }

    /// How many different fields there are.
    #[must_use]
    pub fn fields(&self) -> usize {
        self.columns().filter(|(field, column)| self.column(*field) == Some(*column)).count()
    }

    /// The column of a field, from 0: the first one that holds it.
    #[must_use]
    pub fn column(&self, field: impl Into<&'static FieldSpec>) -> Option<usize> {
        let field = field.into();
        self.columns().find(|(held, _)| *held == field).map(|(_, column)| column)
    }

    /// Every column that holds a field, in order.
    pub fn columns(&self) -> impl Iterator<Item = (&'static FieldSpec, usize)> + '_ {
        self.uses.iter().enumerate().filter_map(|(column, used)| match used {
            Some(ColumnUse::Field(field)) => Some((*field, column)),
            _ => None,
        })
    }

    /// The columns of a field that may be split.
    #[must_use]
    pub fn split_columns(&self, field: &SplitField) -> SplitColumns {
        let [first, second, third] = field.parts.map(|part| self.column(part));
        match (self.column(field.whole), first, second) {
            (None, Some(first), Some(second)) => SplitColumns::Parts(first, second, third),
            (whole, ..) => SplitColumns::Whole(whole),
        }
    }

    /// What each column is used for; `None` where it has no heading.
    #[must_use]
    pub fn uses(&self) -> &[Option<ColumnUse>] {
        &self.uses
    }

    /// The columns up to the last heading that may hold a field unnoticed: those without a heading, those whose heading is not recognised,
    /// remarks, and words about the rows.
    #[must_use]
    pub fn spare(&self) -> Vec<usize> {
        let is_spare = |used: &Option<ColumnUse>| {
            matches!(used, None | Some(ColumnUse::Unclaimed | ColumnUse::Remark | ColumnUse::Conditional(_)))
        };
        self.uses.iter().enumerate().filter(|(_, used)| is_spare(used)).map(|(column, _)| column).collect()
    }

    /// The columns whose headings are not recognised.
    pub fn unclaimed(&self) -> impl Iterator<Item = usize> + '_ {
        self.used_as(ColumnUse::Unclaimed)
    }

    /// The columns that the user has named as ones to ignore.
    pub fn ignored(&self) -> impl Iterator<Item = usize> + '_ {
        self.used_as(ColumnUse::Ignored)
    }

    /// The columns with one use, in order.
    fn used_as(&self, wanted: ColumnUse) -> impl Iterator<Item = usize> + '_ {
        self.uses.iter().enumerate().filter(move |(_, used)| **used == Some(wanted)).map(|(column, _)| column)
    }

    /// Whether every needed field has a column.
    #[must_use]
    pub fn is_complete(&self, spec: &TableSpec) -> bool {
        self.missing(spec).is_empty()
    }

    /// The needed fields that have no column.
    fn missing(&self, spec: &TableSpec) -> Vec<&'static FieldSpec> {
        let is_missing = |field: &&&'static FieldSpec| self.column(**field).is_none();
        let unmet = |need: &&Need| !need.iter().any(|fields| !fields.iter().any(|field| is_missing(&field)));
        let needed = spec.needs.iter().filter(unmet).filter_map(|need| need.last()).flat_map(|fields| fields.iter());
        let mut missing: Vec<&'static FieldSpec> = needed.filter(is_missing).copied().collect();
        if spec.own_headings_needed {
            missing.extend(spec.own_headings.iter().map(|(field, _)| field).filter(is_missing));
        }
        let mut seen = Vec::new();
        missing.retain(|field| {
            !seen.contains(field) && {
                seen.push(*field);
                true
            }
        });
        missing
    }
}

#[cfg(test)]
impl Layout {
    /// A table with these headings in its first row.
    pub(crate) fn of_headings(headings: &[&str], spec: &TableSpec) -> Self {
        Self::new(1, headings.iter().map(|heading| (*heading).to_owned()).collect(), spec)
    }
}
