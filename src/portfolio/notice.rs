//! The letter that §2.3 demands: what a policyholder is told in writing before medical prices change.
//!
//! It says what changes from which day, the additional premium with its deadline, and what happens on refusal (`I22`), with
//! the arithmetic of the refund. The additional premium is due by the day before the new prices begin: until then the
//! policyholder can pay or refuse, and afterwards nobody is insured at a price that is not agreed.

pub(crate) mod template_data;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::pdf;
use crate::output::pdf::Template;
use crate::quote::contract::ExpenseBasis;
use template_data::Shown;

/// Everything that the letter to one policyholder says; it works out no price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The number of the contract.
    pub number: String,
    /// The policyholder, to whom it goes.
    pub policyholder: String,
    /// The id of the price change.
    pub change_id: String,
    /// The day on which policyholders are told.
    pub notified: Date,
    /// The first day of the new prices; the contract may begin after it.
    pub effective: Date,
    /// The first day of the contract.
    pub start: Date,
    /// The last day of the contract.
    pub end: Date,
    /// The programmes of the contract that are changed, in the order in which they are to be shown.
    pub programmes: Vec<Changed>,
    /// The number of insured.
    pub insured: usize,
    /// The number of lines whose rate changes.
    pub lines_repriced: usize,
    /// The premium of the contract before the change.
    pub written: Kopecks,
    /// The full-year premium at the old rates.
    pub annual_before: Kopecks,
    /// The full-year premium at the new rates.
    pub annual_after: Kopecks,
    /// What is to be paid more, after what is credited (`I21`).
    pub additional: Kopecks,
    /// The premium of the unexpired days at the old rates (`I22`).
    pub unexpired: Kopecks,
    /// What has been paid.
    pub paid: Kopecks,
    /// What is kept of a refund; none where the contract names no share.
    pub expenses: Option<Expenses>,
    /// What is paid back on refusal, not below 0 (`I22`); none where the contract names no share of expenses.
    pub refund_if_refused: Option<Kopecks>,
}

/// A programme whose price changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The code.
    pub code: String,
    /// The name, in the language of the letter.
    pub name: String,
    /// What its rates are multiplied by.
    pub coefficient: Decimal,
}

/// The expenses (расходы на ведение дела) of a refund (`I22`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expenses {
    /// The share.
    pub load: Decimal,
    /// What it is a share of.
    pub basis: ExpenseBasis,
    /// The amount.
    pub amount: Kopecks,
}

/// The template of the letter that travels with the program, in Russian and in English.
#[must_use]
pub fn template() -> Template {
    Template::travelling("notice.typ", include_str!("notice/notice.typ"))
}

/// The letter as a PDF document; letters may be made on several threads at once.
///
/// # Errors
///
/// [`Error::Refused`] with every fault of the template at its line; [`Error::NoFace`] where a text has letters that no
/// face of the program or the template's folder has.
pub fn pdf(notice: &Notice, template: &Template, language: Language) -> Result<Vec<u8>, Error> {
    let shown = Shown::new(notice, language);
    let identity = format!("{} {}", notice.number, notice.change_id);
    let values =
        pdf::Values { name: "notice.json", json: shown.json(), texts: shown.foreign_texts(), identity: &identity };
    pdf::pdf(template, values)
}
