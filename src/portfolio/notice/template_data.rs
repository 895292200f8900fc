//! The data of a letter's template: every figure as text in the form of the letter's language.

use std::cmp::Ordering;

use rust_decimal::Decimal;
use serde::Serialize;

use crate::base::messages::Language;
use crate::base::money::Kopecks;
use crate::output::pdf::{day, printable};
use crate::portfolio::notice::letter::{Changed, Expenses, Notice};
use crate::quote::documents::offer::numeral::in_words;

/// `notice.json`; authors of templates rely on its keys.
#[derive(Debug, Serialize)]
pub(crate) struct NoticeData {
    language: &'static str,
    number: String,
    policyholder: String,
    change: String,
    /// The outgoing number of the letter.
    reference: String,
    notified: String,
    /// The first day of the new prices in this contract.
    effective: String,
    /// The day before the new prices: the last on which the additional premium can be paid, and after a refusal the last of
    /// the contract.
    deadline: String,
    /// Whether the contract begins before the new prices.
    begun: bool,
    start: String,
    end: String,
    insured: String,
    lines_repriced: String,
    programmes: Vec<ProgrammeData>,
    written: String,
    annual_before: String,
    annual_after: String,
    additional: String,
    additional_in_words: String,
    /// What later changes of the contract cost more at the new prices, if anything.
    more_by_later: Option<String>,
    /// What they cost less, if anything.
    less_by_later: Option<String>,
    unexpired: String,
    paid: String,
    /// The unpaid premium, possibly 0; `None` where more than the premium is paid.
    unpaid: Option<String>,
    /// The payment beyond the premium, if any.
    overpaid: Option<String>,
    refund: Option<RefundData>,
    /// The code of the edition of the tariff, and the SHA-256 of its file (`I71`).
    tariff: String,
    tariff_sha256: String,
}

#[derive(Debug, Serialize)]
struct ProgrammeData {
    code: String,
    name: String,
    coefficient: String,
    /// The change of prices: `+12 %`.
    percent: String,
    /// `rise`, `fall` or `same`.
    direction: &'static str,
    /// The change without its sign: `12 %`.
    by: String,
    /// The coefficient of medical prices, where an earlier fall that the contract has kept is set off against it (`I19`).
    cost: Option<String>,
}

#[derive(Debug, Serialize)]
struct RefundData {
    load: String,
    basis: &'static str,
    expenses: String,
    amount: String,
    amount_in_words: String,
    /// The result of the arithmetic, where it is below 0.
    below_zero: Option<String>,
    /// That result without its sign.
    shortfall: Option<String>,
    /// The result of the arithmetic, where it is more than was paid.
    above_paid: Option<String>,
}

impl NoticeData {
    pub fn new(notice: &Notice, language: Language) -> Self {
        let before = notice.effective.yesterday().unwrap_or(notice.effective);
        let (unpaid, again) = (notice.written - notice.paid, notice.worked_out_again);
        let amount = |amount| language.unbroken_amount(amount);
        Self {
            language: language.as_str(),
            number: printable(&notice.number),
            policyholder: printable(&notice.policyholder),
            change: printable(&notice.change_id),
            reference: printable(&notice.reference()),
            notified: day(notice.notified, language),
            effective: day(notice.effective.max(notice.start), language),
            deadline: day(before, language),
            begun: notice.start < notice.effective,
            start: day(notice.start, language),
            end: day(notice.end, language),
            insured: language.count(notice.insured),
            lines_repriced: language.count(notice.lines_repriced),
            programmes: notice.programmes.iter().map(|changed| ProgrammeData::new(changed, language)).collect(),
            written: amount(notice.written),
            annual_before: amount(notice.annual_before),
            annual_after: amount(notice.annual_after),
            additional: amount(notice.additional),
            additional_in_words: in_words(notice.additional, language),
            more_by_later: (again > Kopecks::ZERO).then(|| amount(again)),
            less_by_later: (again < Kopecks::ZERO).then(|| amount(-again)),
            unexpired: amount(notice.unexpired),
            paid: amount(notice.paid),
            unpaid: (unpaid >= Kopecks::ZERO).then(|| amount(unpaid)),
            overpaid: (unpaid < Kopecks::ZERO).then(|| amount(-unpaid)),
            refund: notice.expenses.zip(notice.refund_if_refused).map(|(expenses, refund)| {
                let exact = notice.unexpired - unpaid - expenses.amount;
                RefundData::new(expenses, refund, exact, language)
            }),
            tariff: printable(&notice.tariff.code),
            tariff_sha256: printable(&notice.tariff.sha256),
        }
    }
}

impl ProgrammeData {
    fn new(changed: &Changed, language: Language) -> Self {
        let rise = changed.coefficient - Decimal::ONE;
        let (sign, direction) = match rise.cmp(&Decimal::ZERO) {
            Ordering::Greater => ("+", "rise"),
            Ordering::Less => ("−", "fall"),
            Ordering::Equal => ("", "same"),
        };
        let by = percent(rise.abs(), language);
        let decimal = |coefficient: Decimal| language.decimal(&coefficient.normalize().to_string());
        Self {
            code: printable(&changed.code),
            name: printable(&changed.name),
            coefficient: decimal(changed.coefficient),
            cost: (changed.cost != changed.coefficient).then(|| decimal(changed.cost)),
            percent: format!("{sign}{by}"),
            direction,
            by,
        }
    }
}

impl RefundData {
    fn new(expenses: Expenses, refund: Kopecks, exact: Kopecks, language: Language) -> Self {
        let amount = |amount| language.unbroken_amount(amount);
        Self {
            load: percent(expenses.load, language),
            basis: expenses.basis.as_str(),
            expenses: amount(expenses.amount),
            amount: amount(refund),
            amount_in_words: in_words(refund, language),
            below_zero: (exact < Kopecks::ZERO).then(|| amount(exact)),
            shortfall: (exact < Kopecks::ZERO).then(|| amount(-exact)),
            above_paid: (exact > refund.max(Kopecks::ZERO)).then(|| amount(exact)),
        }
    }
}

/// A share in per cent: `12,5 %`, `12.5%`.
fn percent(share: Decimal, language: Language) -> String {
    let written = language.decimal(&(share * Decimal::ONE_HUNDRED).normalize().to_string());
    if language == Language::Ru { format!("{written}\u{a0}%") } else { format!("{written}%") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_come_with_their_percentage() {
        let shown = |coefficient: &str, language| {
            let coefficient = coefficient.parse().unwrap();
            let changed = Changed { code: "16".into(), name: "x".into(), coefficient, cost: coefficient };
            let shown = ProgrammeData::new(&changed, language);
            (shown.coefficient, shown.percent)
        };
        let of = |coefficient: &str, percent: &str| (coefficient.to_owned(), percent.to_owned());
        assert_eq!(shown("1.1200", Language::Ru), of("1,12", "+12\u{a0}%"));
        assert_eq!(shown("1.0375", Language::En), of("1.0375", "+3.75%"));
        assert_eq!(shown("0.9", Language::Ru), of("0,9", "−10\u{a0}%"));
        assert_eq!(shown("1", Language::En), of("1", "0%"));
        assert_eq!(shown("5.0", Language::En), of("5", "+400%"));
        let [coefficient, cost] = ["1.17", "1.30"].map(|number| number.parse().unwrap());
        let kept = Changed { code: "16".into(), name: "x".into(), coefficient, cost };
        assert_eq!(ProgrammeData::new(&kept, Language::Ru).cost.as_deref(), Some("1,3"));
    }
}
