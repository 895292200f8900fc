//! The columns of a list of payments: the contract's number, the date and the amount.

use std::sync::LazyLock;

use crate::base::diagnostic::column_letters;
use crate::base::messages::Message;
use crate::portfolio::payments::Problem;
use crate::table::dictionary::Dictionary;
use crate::table::field::{FieldSpec, fields};
use crate::table::layout::Layout;
use crate::table::spec::{Need, SheetChoice, TableMessages, TableSpec};

fields! {
    /// What a column of a list of payments holds.
    enum Field {
        Number = "number", Text, Open, One, "the contract's number";
        Date = "date", Date, Open, One, "the day of the payment";
        Amount = "amount", Money, Open, One, "the amount";
        Document = "document", Text, Open, First, "the number of the payment's document";
        Currency = "currency", Word, Open, First, "the currency";
        Status = "status", Word, Open, First, "the status of the payment";
        Reversal = "reversal", Word, Open, First, "whether the payment is taken back";
    }
}

/// The dictionary of lists of payments.
static PAYMENTS: LazyLock<Dictionary> = LazyLock::new(|| {
    Dictionary::parse(Field::ALL.iter().map(|field| field.spec()), &[include_str!("../payments.toml")])
});

static MESSAGES: TableMessages = TableMessages {
    missing_column: "payments-column-missing",
    missing_column_near: "payments-column-missing",
    missing_column_named: "payments-column-missing",
    ambiguous_column: "payments-column-twice",
    unknown_column: "unknown-column",
    unclaimed_column: "unclaimed-column",
    text_without_table: "payments-without-table",
    workbook_without_table: "payments-without-table",
    sheet_without_table: "payments-without-table",
    sheet_missing: "payments-without-table",
    several_sheets: "payments-several-sheets",
};

/// How a list of payments is found and what it has to hold.
pub(super) fn table_spec() -> TableSpec {
    const TELLING: &[&FieldSpec] = &[Field::Number.spec(), Field::Date.spec(), Field::Amount.spec()];
    const NUMBER: Need = &[&[Field::Number.spec()]];
    const DATE: Need = &[&[Field::Date.spec()]];
    const AMOUNT: Need = &[&[Field::Amount.spec()]];
    TableSpec {
        dictionary: &PAYMENTS,
        own_headings: Vec::new(),
        own_headings_needed: false,
        ignored: Vec::new(),
        ignored_sheets: Vec::new(),
        all_sheets_count: false,
        holds_insured: false,
        telling: TELLING,
        needs: vec![NUMBER, DATE, AMOUNT],
        split: None,
        sheet: SheetChoice::TheOne,
        messages: &MESSAGES,
    }
}

/// Where the columns are.
#[derive(Debug)]
pub(super) struct Columns {
    /// The row of the headings.
    pub header_row: u32,
    /// The column of the contract's number.
    pub number: usize,
    /// The column of the date.
    pub date: usize,
    /// The column of the amount.
    pub amount: usize,
    /// The column of the document numbers, if there is one.
    pub document: Option<usize>,
    /// The column of the currencies, if there is one.
    pub currency: Option<usize>,
    /// The column of the statuses, if there is one.
    pub status: Option<usize>,
    /// The column that marks reversals, if there is one.
    pub reversal: Option<usize>,
}

impl Columns {
    /// The columns of a table.
    ///
    /// # Errors
    ///
    /// The problem of the first field that has no column or several.
    pub fn new(layout: &Layout) -> Result<Self, Problem> {
        Ok(Self {
            header_row: layout.header_row,
            number: only_column(layout, Field::Number, "payments-heading-number")?,
            date: only_column(layout, Field::Date, "payments-heading-date")?,
            amount: only_column(layout, Field::Amount, "payments-heading-amount")?,
            document: layout.column(Field::Document.spec()),
            currency: layout.column(Field::Currency.spec()),
            status: layout.column(Field::Status.spec()),
            reversal: layout.column(Field::Reversal.spec()),
        })
    }
}

/// The one column of a field, which a message calls by `heading`.
fn only_column(layout: &Layout, field: Field, heading: &'static str) -> Result<usize, Problem> {
    let mut found = layout.columns().filter(|(held, _)| *held == field.spec()).map(|(_, column)| column);
    let problem = |column: Option<usize>, message: Message| Problem {
        row: layout.header_row,
        column: column.and_then(|column| u32::try_from(column).ok()),
        message: message.with("heading", Message::new(heading)),
    };
    match (found.next(), found.next()) {
        (Some(column), None) => Ok(column),
        (None, _) => Err(problem(None, Message::new("payments-column-missing"))),
        (Some(first), Some(second)) => {
            let letters = column_letters(u32::try_from(first).unwrap_or(u32::MAX));
            Err(problem(Some(second), Message::new("payments-column-twice").with("first", letters)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::dictionary::assert_sound;

    #[test]
    fn no_heading_has_two_meanings() {
        let names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        assert_sound(include_str!("../payments.toml"), &names);
    }
}
