//! The data of a statement's template: every figure as text in the form of its language.

use serde::Serialize;

use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::pdf::{day, printable};
use crate::portfolio::statement::account::{Entry, Statement};
use crate::quote::documents::offer::numeral::in_words;

/// `statement.json`: its keys are a promise to the authors of templates.
#[derive(Debug, Serialize)]
pub(super) struct StatementData {
    language: &'static str,
    number: String,
    policyholder: String,
    start: String,
    end: String,
    from: String,
    to: String,
    opening: BalanceData,
    entries: Vec<EntryData>,
    debit: String,
    credit: String,
    closing: BalanceData,
}

/// A balance without its sign, and the side that it is owed by.
#[derive(Debug, Serialize)]
struct BalanceData {
    /// `policyholder`, `insurer` or `none`.
    owed_by: &'static str,
    amount: String,
    in_words: String,
}

#[derive(Debug, Serialize)]
struct EntryData {
    day: String,
    /// `payment`, or the kind of a charge by the word of the register.
    cause: &'static str,
    /// The number of a payment's document.
    document: Option<String>,
    debit: Option<String>,
    credit: Option<String>,
    balance: BalanceData,
}

impl StatementData {
    pub fn new(statement: &Statement, language: Language) -> Self {
        let (debit, credit) = statement.turnover();
        let entries = statement.balances().map(|(entry, balance)| EntryData::new(entry, balance, language));
        Self {
            language: language.as_str(),
            number: printable(&statement.number),
            policyholder: printable(&statement.policyholder),
            start: day(statement.term.0, language),
            end: day(statement.term.1, language),
            from: day(statement.from, language),
            to: day(statement.to, language),
            opening: BalanceData::new(statement.opening, language),
            entries: entries.collect(),
            debit: language.unbroken_amount(debit),
            credit: language.unbroken_amount(credit),
            closing: BalanceData::new(statement.closing(), language),
        }
    }
}

impl BalanceData {
    fn new(balance: Kopecks, language: Language) -> Self {
        let owed = balance.abs();
        let owed_by = match balance {
            Kopecks::ZERO => "none",
            debt if debt > Kopecks::ZERO => "policyholder",
            _ => "insurer",
        };
        Self { owed_by, amount: language.unbroken_amount(owed), in_words: in_words(owed, language) }
    }
}

impl EntryData {
    fn new(entry: &Entry, balance: Kopecks, language: Language) -> Self {
        let amount = |amount: Kopecks| (amount != Kopecks::ZERO).then(|| language.unbroken_amount(amount));
        Self {
            day: day(entry.day, language),
            cause: entry.cause.as_str(),
            document: Some(printable(entry.cause.document())).filter(|document| !document.is_empty()),
            debit: amount(entry.debit),
            credit: amount(entry.credit),
            balance: BalanceData::new(balance, language),
        }
    }
}
