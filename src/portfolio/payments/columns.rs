//! The columns of a list of payments: the contract's number or the purpose of payment, the date and the amount.

use std::sync::LazyLock;

use crate::table::dictionary::{Dictionary, Meaning};
use crate::table::field::{FieldSpec, fields};
use crate::table::layout::Layout;
use crate::table::spec::{Need, SheetChoice, TableMessages, TableSpec};
use crate::table::text::folded;

fields! {
    /// What a column of a list of payments holds.
    pub enum Field {
        Number = "number", Text, Open, One, "the contract's number";
        Date = "date", Date, Open, One, "the day of the payment";
        Amount = "amount", Money, Open, One, "the amount";
        Outgoing = "outgoing", Money, Open, First, "the amount of a payment that the own account makes";
        Purpose = "purpose", Text, Personal, Joined, "a part of the purpose of payment, which names the contract";
        Document = "document", Text, Open, First, "the number of the payment's document";
        Currency = "currency", Word, Open, First, "the currency";
        Status = "status", Word, Open, First, "the status of the payment";
        Reversal = "reversal", Word, Open, First, "whether the payment is taken back";
        Direction = "direction", Word, Open, First, "whether the own account receives or makes the payment";
    }
}

/// The dictionary of lists of payments.
static PAYMENTS: LazyLock<Dictionary> = LazyLock::new(|| {
    Dictionary::parse(Field::ALL.iter().map(|field| field.spec()), &[include_str!("../payments.toml")])
});

static MESSAGES: TableMessages = TableMessages {
    missing_column: "payments-column-missing",
    missing_column_near: "payments-column-near",
    missing_column_named: "payments-column-named",
    ambiguous_column: "payments-column-twice",
    unknown_column: "list-unknown-column",
    unclaimed_column: "list-unclaimed-column",
    text_without_table: "payments-without-table",
    workbook_without_table: "payments-without-table",
    sheet_without_table: "payments-without-table",
    sheet_missing: "payments-without-table",
    several_sheets: "payments-several-sheets",
};

/// What the user states of the columns and sheets of a list of payments.
#[derive(Debug, Default, Clone)]
pub struct ListTerms {
    /// The headings of fields in this list: they win over the dictionary.
    pub columns: Vec<(Field, String)>,
    /// The headings of columns that are ignored.
    pub ignored: Vec<String>,
    /// The names of sheets that are ignored.
    pub ignored_sheets: Vec<String>,
}

/// How a list of payments is found and what it has to hold.
pub(super) fn table_spec(terms: &ListTerms) -> TableSpec {
    const TELLING: &[&FieldSpec] = &[Field::Number.spec(), Field::Date.spec(), Field::Amount.spec()];
    const NUMBER: Need = &[&[Field::Purpose.spec()], &[Field::Number.spec()]];
    const DATE: Need = &[&[Field::Date.spec()]];
    const AMOUNT: Need = &[&[Field::Amount.spec()]];
    TableSpec {
        dictionary: &PAYMENTS,
        own_headings: terms.columns.iter().map(|(field, heading)| (field.spec(), heading.clone())).collect(),
        own_headings_needed: true,
        ignored: terms.ignored.clone(),
        ignored_sheets: terms.ignored_sheets.clone(),
        all_sheets_count: false,
        holds_insured: false,
        telling: TELLING,
        needs: vec![NUMBER, DATE, AMOUNT],
        split: None,
        sheet: SheetChoice::TheOne,
        messages: &MESSAGES,
    }
}

/// Where a list of payments names the contract.
#[derive(Debug, Clone, Copy)]
pub(super) enum ContractColumn {
    /// Its number stands in a column of its own.
    Number(usize),
    /// It stands somewhere in the purpose of payment.
    Purpose(usize),
}

/// Where the columns are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Columns {
    /// Where the contract is named.
    pub contract: ContractColumn,
    /// The column of the date.
    pub date: usize,
    /// The column of the amount.
    pub amount: usize,
    /// The column of outgoing payments, if there is one.
    pub outgoing: Option<usize>,
    /// The column of the document numbers, if there is one.
    pub document: Option<usize>,
    /// The column that states which way the money goes, if there is one.
    pub direction: Option<usize>,
}

impl Columns {
    /// The columns of a table; `None` where it lacks a field that a list has to have.
    ///
    /// «Номер» beside the purpose of payment is the number of the document.
    pub fn new(layout: &Layout, spec: &TableSpec) -> Option<Self> {
        let column = |field: Field| layout.column(field.spec());
        let is_stated = spec.own_headings.iter().any(|(field, _)| *field == Field::Number.spec());
        let is_perhaps = |column: usize| {
            let heading = layout.headings.get(column).map_or("", String::as_str);
            !is_stated && spec.dictionary.meaning(heading) == Some(Meaning::Perhaps(Field::Number.spec()))
        };
        let (contract, document) = match (column(Field::Number), column(Field::Purpose)) {
            (Some(number), Some(purpose)) if is_perhaps(number) => (ContractColumn::Purpose(purpose), Some(number)),
            (Some(number), _) => (ContractColumn::Number(number), None),
            (None, purpose) => (ContractColumn::Purpose(purpose?), None),
        };
        let (amount, outgoing) = (column(Field::Amount)?, column(Field::Outgoing));
        // in the books, what an account of money receives is its debit
        let (amount, outgoing) = match outgoing.filter(|_| layout.titles().iter().any(|title| is_card_of_money(title)))
        {
            Some(debit) => (debit, Some(amount)),
            None => (amount, outgoing),
        };
        Some(Self {
            contract,
            date: column(Field::Date)?,
            amount,
            outgoing,
            document: column(Field::Document).or(document),
            direction: column(Field::Direction),
        })
    }
}

/// Whether a title is that of the card of an account of money in the books: «Карточка счёта 51».
fn is_card_of_money(title: &str) -> bool {
    let words: Vec<String> = title.split_whitespace().map(folded).collect();
    let is_card = |words: &[String]| matches!(words, [card, account, number, ..] if card.starts_with("карточк") && account.starts_with("счет") && number.starts_with('5'));
    words.windows(3).any(is_card)
}

impl ContractColumn {
    /// The column.
    pub const fn column(self) -> usize {
        let (Self::Number(column) | Self::Purpose(column)) = self;
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::dictionary::assert_sound;

    #[test]
    fn no_heading_has_two_meanings() {
        let names: Vec<&str> =
            Field::ALL.iter().map(|field| field.name()).chain(["known", "conditional", "about_nothing"]).collect();
        assert_sound(include_str!("../payments.toml"), &names);
    }
}
