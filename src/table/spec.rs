//! What a kind of table is read for: its headings, the columns that it has to have, and the sheets that count.

use crate::table::dictionary::{Dictionary, Meaning, heading_key};
use crate::table::field::FieldSpec;

/// How the tables of a file are found and what they have to hold.
#[derive(Debug, Clone)]
pub struct TableSpec {
    /// The headings that are known.
    pub dictionary: &'static Dictionary,
    /// The sender's own headings, each for one field: they win over the dictionary.
    pub own_headings: Vec<(&'static FieldSpec, String)>,
    /// Whether each of them has to be there, so that the dictionary no longer counts for its field.
    pub own_headings_needed: bool,
    /// The headings of columns that the user has named as ones to ignore.
    pub ignored: Vec<String>,
    /// The names of sheets that the user has named as ones to ignore.
    pub ignored_sheets: Vec<String>,
    /// Whether every sheet with rows of people has to be read or ignored, also where one sheet is named.
    pub all_sheets_count: bool,
    /// Whether its rows are people to insure, so that relatives and terms of cover beside them change a price.
    pub holds_insured: bool,
    /// The fields of which a table has at least one.
    pub telling: &'static [&'static FieldSpec],
    /// The columns without which a table cannot be read.
    pub needs: Vec<Need>,
    /// The field that may be split over several columns.
    pub split: Option<&'static SplitField>,
    /// Which sheets are read.
    pub sheet: SheetChoice,
    /// The names of the messages about the table as a whole.
    pub messages: &'static TableMessages,
}

/// Columns that a table has to have: all fields of at least one of the alternatives. Where none is complete, the fields of the last one
/// are reported as missing.
pub type Need = &'static [&'static [&'static FieldSpec]];

/// A field that tables have in one column or in parts, such as a full name.
#[derive(Debug)]
pub struct SplitField {
    /// The field in one column.
    pub whole: &'static FieldSpec,
    /// Its parts in their order; the last one may be missing.
    pub parts: [&'static FieldSpec; 3],
    /// Headings of the whole field that mean the second part where another column has the first: «Name» beside «Surname».
    pub second_beside_first: &'static [&'static str],
}

/// Which sheets of a workbook are read.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub enum SheetChoice {
    /// The only one that holds such a table.
    #[default]
    TheOne,
    /// The one of this name.
    Named(String),
    /// Every one that holds such a table.
    Every,
}

/// The names of the messages about a table: a contract's reader and a clinic's are asked to mend different files.
#[derive(Debug)]
pub struct TableMessages {
    /// A needed field has no column.
    pub missing_column: &'static str,
    /// A needed field has no column, but a heading is like one of its headings.
    pub missing_column_near: &'static str,
    /// The sender's own heading of a field is not there.
    pub missing_column_named: &'static str,
    /// Two columns claim one field.
    pub ambiguous_column: &'static str,
    /// A column is not recognised.
    pub unknown_column: &'static str,
    /// A column is not recognised and may hold a field.
    pub unclaimed_column: &'static str,
    /// A text has no table.
    pub text_without_table: &'static str,
    /// No sheet has a table.
    pub workbook_without_table: &'static str,
    /// The chosen sheet has no table.
    pub sheet_without_table: &'static str,
    /// The chosen sheet is not there.
    pub sheet_missing: &'static str,
    /// Several sheets have a table and none is chosen.
    pub several_sheets: &'static str,
}

impl TableSpec {
    /// What a heading means: by the sender's own headings first, then by the dictionary.
    pub(super) fn meaning(&self, heading: &str) -> Option<Meaning> {
        if !self.ignored.is_empty() && self.ignored.iter().any(|ignored| heading_key(ignored) == heading_key(heading)) {
            return Some(Meaning::Ignored);
        }
        if !self.own_headings.is_empty() {
            let key = heading_key(heading);
            if let Some((field, _)) = self.own_headings.iter().find(|(_, own)| heading_key(own) == key) {
                return Some(Meaning::Field(field));
            }
        }
        match self.dictionary.meaning(heading) {
            // the sender has another column for this field, and this one may be about another person
            Some(Meaning::Field(field) | Meaning::Perhaps(field))
                if self.own_headings_needed && self.own_heading(field).is_some() =>
            {
                None
            }
            meaning => meaning,
        }
    }

    /// Whether the dictionary gives a heading the whole of the split field.
    pub(super) fn is_whole(&self, heading: &str) -> bool {
        let whole = self.split.map(|split| Meaning::Field(split.whole));
        whole.is_some() && self.dictionary.meaning(heading) == whole
    }

    /// The sender's own heading of a field.
    pub(super) fn own_heading(&self, field: &FieldSpec) -> Option<&str> {
        self.own_headings.iter().find(|(of, _)| *of == field).map(|(_, heading)| heading.as_str())
    }

    /// Whether a column of one field may be what was meant for another: a lone surname for the full name.
    pub(super) fn is_part(&self, part: &FieldSpec, whole: &FieldSpec) -> bool {
        self.split.is_some_and(|split| split.whole == whole && split.parts.contains(&part))
    }
}

impl SheetChoice {
    /// The choice as people write it: the name of a sheet, or `*`.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        if word.trim() == "*" { Self::Every } else { Self::Named(word.trim().to_owned()) }
    }
}
