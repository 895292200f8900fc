//! The reading of `columns`: the roster's own headings.

use crate::base::messages::{Message, listed};
use crate::base::source_file::Faults;
use crate::base::toml_file::{AnyValue, Table, as_filled_text, as_list};
use crate::roster::field::Field;
use crate::table::text::folded_heading;

/// The headings of a roster's own, one for a field, and those of columns that are to be ignored.
#[derive(Debug, Default, Clone)]
pub struct Columns {
    /// The headings of fields.
    pub headings: Vec<(Field, String)>,
    /// The headings that are to be ignored.
    pub ignored: Vec<String>,
}

/// A text or a list of texts that are not blank.
pub(super) fn texts(value: Option<AnyValue<'_>>, key: &str, faults: &Faults) -> Vec<String> {
    let texts = match value {
        None => Vec::new(),
        Some(value) if value.get_ref().is_str() => as_filled_text(value, key, faults).into_iter().collect(),
        Some(value) => as_list(value, faults, |value, faults| as_filled_text(value, key, faults)),
    };
    texts.into_iter().map(|at| at.value).collect()
}

/// The value of `columns`; two fields cannot have one heading.
pub(super) fn columns(table: &mut Table<'_>) -> Columns {
    let faults = table.faults();
    let mut columns: Vec<(Field, String)> = Vec::new();
    let mut ignored = Vec::new();
    for (key, value) in table.entries() {
        if key.value == "ignore" {
            ignored = texts(Some(value), "ignore", faults);
            continue;
        }
        let Some(field) = Field::from_name(key.value) else {
            let known = listed(Field::ALL.iter().map(|field| field.name()).chain(["ignore"]));
            faults.add(key.span, Message::new("field-unknown").with("field", key.value).with("known", known));
            continue;
        };
        let Some(heading) = as_filled_text(value, field.name(), faults) else { continue };
        let is_same = |other: &str| folded_heading(other) == folded_heading(&heading.value);
        if let Some((first, _)) = columns.iter().find(|(_, named)| is_same(named)) {
            let message = Message::new("heading-twice").with("heading", &*heading.value).with("first", first.name());
            faults.add(heading.span, message.with("second", field.name()));
            continue;
        }
        columns.push((field, heading.value));
    }
    Columns { headings: columns, ignored }
}
