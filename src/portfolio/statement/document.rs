//! The document of a statement: its template, and the data of it, with every figure as text in the form of its language.

use serde::Serialize;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::pdf;
use crate::output::pdf::{Template, day, printable};
use crate::portfolio::statement::account::{Entry, Statement};
use crate::quote::documents::offer::numeral::in_words;
use crate::quote::insurer::paper_template;

/// The built-in template, in Russian and in English.
#[must_use]
pub fn template() -> Template {
    paper_template("statement.typ", include_str!("statement.typ"))
}

/// Typesets the statement as a PDF document.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// font of the program or the template's folder has.
pub fn pdf(statement: &Statement, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let data = StatementData::new(statement, language);
    let identity = format!("{} {} {}", statement.number, statement.from, statement.to);
    pdf::render(template, &pdf::Data::new("statement.json", &data, &identity))
}

/// `statement.json`: its keys are a promise to the authors of templates.
#[derive(Debug, Serialize)]
struct StatementData {
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
    fn new(statement: &Statement, language: Language) -> Self {
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
