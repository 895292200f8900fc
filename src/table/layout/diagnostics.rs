//! Everything that is wrong with the columns of a table.

use std::collections::BTreeSet;

use crate::base::diagnostic::{Code, Diagnostic, Place, column_letters, masked};
use crate::base::messages::{Message, listed};
use crate::table::column_words::{About, is_about, suggested_fields};
use crate::table::dictionary::{ChangesRow, heading_key};
use crate::table::field::{ColumnRule, FieldSpec};
use crate::table::layout::{ColumnUse, Layout};
use crate::table::likeness::Likeness;
use crate::table::spare_columns::SpareColumns;
use crate::table::spec::TableSpec;
use crate::table::text::has_control;

/// A heading at least so like a known one is suggested.
const LIKELY: f64 = 0.75;

impl Layout {
    /// What is wrong with the columns of fields: fields with two of them, fields without one.
    #[must_use]
    pub fn diagnostics(&self, sheet: u16, spec: &TableSpec) -> Vec<Diagnostic> {
        let mut found = self.ambiguous(sheet, spec);
        found.extend(self.with_controls(sheet));
        found.extend(self.whole_beside_parts(sheet, spec));
        found.extend(self.date_in_parts(sheet));
        found.extend(self.missing(spec).into_iter().map(|field| self.missing_column(field, sheet, spec)));
        found
    }

    /// The columns that hold no field and are not known: an error where the cells look like those of a field, or change the rows of a
    /// conditional column, otherwise a warning. An amount that the delimiter has cut in two is an error.
    #[must_use]
    pub fn spare_diagnostics(&self, sheet: u16, spec: &TableSpec, spare: &SpareColumns) -> Vec<Diagnostic> {
        let without_heading = spare.columns().filter(|column| self.heading(*column).is_empty());
        // a remark is no name and no sum of its own, but a day in it may be one of cover
        let in_remarks = |column: &usize| {
            let found = spare.likeness(*column, "");
            matches!(found, Some(Likeness::Days | Likeness::Decisions | Likeness::Formulas))
        };
        let remarks = self.used_as(ColumnUse::Remark).filter(in_remarks);
        let of_decisions = self.used_as(ColumnUse::Conditional(ChangesRow::ByDecision));
        let statuses = of_decisions.filter(|column| spare.first_decision(*column).is_some());
        let of_usual_words = self.used_as(ColumnUse::Conditional(ChangesRow::UnlessUsual));
        let conditional = of_usual_words.filter(|column| spare.has_unusual(*column));
        let columns = self.unclaimed().chain(remarks).chain(statuses).chain(without_heading);
        let columns = columns.map(|column| (column, false)).chain(conditional.map(|column| (column, true)));
        let cut = spare.cut_amount().map(|(row, column)| {
            let place = Place::cell(sheet, row, u32::try_from(column).unwrap_or(u32::MAX));
            let message = Message::new("amount-cut").with("heading", self.heading(column));
            Diagnostic { code: Code::UnclaimedColumn, place, value: String::new(), message }
        });
        let found = columns.map(|(column, is_conditional)| {
            let (heading, letters) = (self.heading(column), column_letters(u32::try_from(column).unwrap_or(u32::MAX)));
            // relatives, terms and answers beside the rows of a clinic's register insure no one
            let counts = |likeness: &Likeness| match likeness {
                Likeness::Relatives | Likeness::Terms => spec.holds_insured,
                Likeness::Decisions => spec.holds_insured || spare.first_decision(column).is_some(),
                _ => true,
            };
            let likeness = if is_conditional {
                Some(Likeness::Conditions)
            } else {
                spare.likeness(column, &heading).filter(counts)
            };
            let (code, name) = match (likeness, heading.is_empty()) {
                (Some(Likeness::Decisions), false) => (Code::UnclaimedColumn, "column-decides"),
                (Some(Likeness::Decisions), true) => (Code::UnclaimedColumn, "column-decides-bare"),
                (Some(Likeness::Formulas), false) => (Code::UnclaimedColumn, "column-uncalculated"),
                (Some(Likeness::Formulas), true) => (Code::UnclaimedColumn, "column-uncalculated-bare"),
                (Some(Likeness::Relatives), false) => (Code::UnclaimedColumn, "column-of-relatives"),
                (Some(Likeness::Relatives), true) => (Code::UnclaimedColumn, "column-of-relatives-bare"),
                (Some(Likeness::Terms), false) => (Code::UnclaimedColumn, "column-of-terms"),
                (Some(Likeness::Terms), true) => (Code::UnclaimedColumn, "column-of-terms-bare"),
                (Some(Likeness::Money), false) if is_about(&heading, About::Kopecks) => {
                    (Code::UnclaimedColumn, "column-of-kopecks")
                }
                (Some(_), false) => (Code::UnclaimedColumn, spec.messages.unclaimed_column),
                (Some(_), true) => (Code::UnclaimedColumn, "unclaimed-column-bare"),
                (None, false) => (Code::UnknownColumn, spec.messages.unknown_column),
                (None, true) => (Code::UnknownColumn, "unknown-column-bare"),
            };
            let field = likeness.map(|likeness| self.suggested_field(likeness, &heading, spec)).unwrap_or_default();
            let row = spare.decisive_row(column).unwrap_or_default().to_string();
            let message = Message::new(name).with("heading", heading).with("column", letters);
            let message = match likeness {
                Some(likeness) => message
                    .with("looks", likeness.message())
                    .with("field", field)
                    .with("row", row)
                    .with("cells", if is_conditional { spare.unusual(column) } else { spare.first_cells(column) }),
                None => message,
            };
            self.at_column(code, sheet, column, message)
        });
        cut.into_iter().chain(found).collect()
    }

    /// The field that a column may hold by its cells and the words of its heading: of those that the kind of table has, one without a column.
    fn suggested_field(&self, likeness: Likeness, heading: &str, spec: &TableSpec) -> &'static str {
        let fields = suggested_fields(likeness, heading);
        let is_known = |field: &&String| spec.dictionary.has_field(field);
        let is_free = |field: &&String| is_known(field) && !self.columns().any(|(held, _)| held.name == **field);
        let likeliest = fields.iter().find(is_free).or_else(|| fields.iter().find(is_known));
        likeliest.or_else(|| fields.first()).map_or("", String::as_str)
    }

    /// The sender names a column as the whole of a field whose parts have columns of their own: it is one of the parts.
    fn whole_beside_parts(&self, sheet: u16, spec: &TableSpec) -> Option<Diagnostic> {
        let parts = self.parts_beside_whole(spec);
        let (whole, split) = (spec.split.and_then(|split| self.column(split.whole)), spec.split?);
        let column = whole.filter(|_| !parts.is_empty())?;
        let keys = listed(split.parts.iter().map(|part| part.name));
        let headings = listed(parts.iter().map(|part| self.heading(*part)));
        let message = Message::new("whole-beside-parts")
            .with("field", split.whole.name)
            .with("heading", self.heading(column))
            .with("parts", headings)
            .with("keys", keys);
        Some(self.at_column(Code::AmbiguousColumn, sheet, column, message))
    }

    /// A date stands in three columns, none of which holds it.
    fn date_in_parts(&self, sheet: u16) -> Option<Diagnostic> {
        let first = self.date_parts?;
        let letters = (first..first + 3).map(|column| column_letters(u32::try_from(column).unwrap_or(u32::MAX)));
        let message = Message::new("date-in-parts").with("columns", letters.collect::<Vec<_>>().join(", "));
        Some(self.at_column(Code::AmbiguousColumn, sheet, first, message))
    }

    fn at_column(&self, code: Code, sheet: u16, column: usize, message: Message) -> Diagnostic {
        let place = Place::cell(sheet, self.header_row, u32::try_from(column).unwrap_or(u32::MAX));
        Diagnostic { code, place, value: self.headings.get(column).cloned().unwrap_or_default(), message }
    }

    /// The heading of a column on one line.
    fn heading(&self, column: usize) -> String {
        self.headings.get(column).map_or_else(String::new, |heading| one_line(heading))
    }

    /// Columns that claim a field which an earlier one has, where only one may.
    fn ambiguous(&self, sheet: u16, spec: &TableSpec) -> Vec<Diagnostic> {
        let letters = |column: usize| column_letters(u32::try_from(column).unwrap_or(u32::MAX));
        let of_one_column = self.columns().filter(|(field, _)| field.columns == ColumnRule::One);
        let repeated = of_one_column.filter_map(|(field, column)| {
            let first = self.column(field).filter(|first| *first != column)?;
            let (heading, first_heading) = (self.heading(column), self.heading(first));
            // a line with the heading cannot choose between two that are the same
            let are_same = heading_key(&heading) == heading_key(&first_heading);
            let chosen = spec.dictionary.more_usual(field, &first_heading, &heading).to_owned();
            let message = Message::new(if are_same { "same-columns" } else { spec.messages.ambiguous_column })
                .with("field", field.name)
                .with("usual", spec.dictionary.usual_heading(field))
                .with("chosen", chosen)
                .with("first", first_heading)
                .with("first_column", letters(first))
                .with("second", heading)
                .with("second_column", letters(column));
            Some(self.at_column(Code::AmbiguousColumn, sheet, column, message))
        });
        repeated.collect()
    }

    /// The headings of fields that have a control character: they may be others than they look like.
    fn with_controls(&self, sheet: u16) -> Vec<Diagnostic> {
        let columns: BTreeSet<usize> = self.columns().map(|(_, column)| column).collect();
        let with_control = columns.into_iter().filter(|column| has_control(&self.heading(*column)));
        let diagnostic = |column| {
            let message = Message::new("control-character");
            Diagnostic {
                value: masked(&self.heading(column)),
                ..self.at_column(Code::ControlCharacter, sheet, column, message)
            }
        };
        with_control.map(diagnostic).collect()
    }

    /// A needed field has no column: names the sender's own heading for it, or a heading that is like one of its, or all headings.
    fn missing_column(&self, field: &'static FieldSpec, sheet: u16, spec: &TableSpec) -> Diagnostic {
        let messages = spec.messages;
        let message = match (spec.own_heading(field), self.likely(field, spec)) {
            (Some(heading), _) => Message::new(messages.missing_column_named).with("heading", heading),
            (None, Some(heading)) => Message::new(messages.missing_column_near).with("heading", heading),
            (None, None) => {
                let filled = self.headings.iter().filter(|heading| !heading.is_empty());
                Message::new(messages.missing_column).with("headings", listed(filled.map(|heading| one_line(heading))))
            }
        };
        Diagnostic {
            code: Code::MissingColumn,
            place: Place::row(sheet, self.header_row),
            value: String::new(),
            message: message.with("field", field.name).with("usual", spec.dictionary.usual_heading(field)),
        }
    }

    /// The heading that could be meant for a field: of the columns without a field, or with a part of this one.
    fn likely(&self, field: &FieldSpec, spec: &TableSpec) -> Option<String> {
        let is_spare =
            |column: usize| !self.columns().any(|(held, taken)| taken == column && !spec.is_part(held, field));
        let headings =
            self.headings.iter().enumerate().filter(|(column, heading)| !heading.is_empty() && is_spare(*column));
        let mut seen = BTreeSet::new();
        let different = headings.map(|(_, heading)| heading).filter(|heading| seen.insert(heading.as_str()));
        let scored = different.map(|heading| (spec.dictionary.likeness(heading, field), heading));
        let (score, heading) = scored.max_by(|left, right| left.0.total_cmp(&right.0))?;
        (score >= LIKELY).then(|| one_line(heading))
    }
}

fn one_line(heading: &str) -> String {
    heading.split_whitespace().collect::<Vec<_>>().join(" ")
}
