//! An invoice (счёт): what a policyholder has still to pay of the charges of one due day.

use jiff::civil::Date;

use crate::base::calendar::format_day;
use crate::base::money::Kopecks;
use crate::output::pdf::printable;
use crate::portfolio::charged_contract::ChargedContract;
use crate::portfolio::invoices::payment_code::MAX_PURPOSE;
use crate::portfolio::payments::contract_numbers::{ContractNumbers, NamedContract};
use crate::portfolio::premium::arrears::Arrears;
use crate::portfolio::register::versions::VersionKind;

/// The days of a run.
#[derive(Debug, Clone, Copy)]
pub struct InvoiceDays {
    /// The last due day of the charges.
    pub due: Date,
    /// The day of issue; payments of later days do not count.
    pub issued: Date,
}

/// An invoice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Its number: that of the contract with the due day, so that it is the same whenever the invoice is made.
    pub number: String,
    /// The number of the contract.
    pub contract: String,
    /// The policyholder.
    pub policyholder: String,
    /// The first and the last day of the contract.
    pub term: (Date, Date),
    /// The day of issue.
    pub issued: Date,
    /// The day by which it is to be paid.
    pub due: Date,
    /// What is charged for the day, by the kind of its cause.
    pub charges: Vec<(VersionKind, Kopecks)>,
    /// What is to be paid; above 0.
    pub amount: Kopecks,
    /// The purpose of payment (назначение платежа), which names the contract.
    pub purpose: String,
    /// Whether [`ContractNumbers`] finds the contract, and it alone, in the purpose.
    pub is_recognised: bool,
}

impl Invoice {
    /// All that is charged for the day.
    #[must_use]
    pub fn charged(&self) -> Kopecks {
        self.charges.iter().map(|(_, amount)| *amount).sum()
    }

    /// What payments and credits have settled of it; below 0 where more was taken back than paid.
    #[must_use]
    pub fn settled(&self) -> Kopecks {
        self.charged() - self.amount
    }
}

/// The invoices of a contract for the charges that are due until a day and not settled by the payments until the day of issue.
#[must_use]
pub(super) fn invoices_of(contract: &ChargedContract, days: InvoiceDays, numbers: &ContractNumbers) -> Vec<Invoice> {
    let InvoiceDays { due, issued } = days;
    let arrears = Arrears::settle(&contract.charges, contract.paid_until(issued), due);
    let by_kind = contract.charges_by_kind();
    let invoice = |(day, amount): (Date, Kopecks)| {
        let bound = &contract.state.contract;
        let number = format!("{}/{}", bound.number, day.strftime("%y%m%d"));
        let (purpose, is_recognised) = purpose(&bound.number, &number, issued, numbers);
        let charges = by_kind.iter().filter(|(due, _, _)| *due == day).map(|(_, kind, amount)| (*kind, *amount));
        Invoice {
            number,
            contract: bound.number.clone(),
            policyholder: bound.policyholder.clone(),
            term: (bound.first_day, bound.last_day),
            issued,
            due: day,
            charges: charges.collect(),
            amount,
            purpose,
            is_recognised,
        }
    };
    arrears.unpaid.into_iter().map(invoice).collect()
}

/// The purpose of payment, in Russian as banks require, and whether it names the contract alone.
///
/// Where the number of the invoice reads like that of another contract, it is left out.
fn purpose(contract: &str, invoice: &str, issued: Date, numbers: &ContractNumbers) -> (String, bool) {
    let (contract_text, invoice) = (printable(contract), printable(invoice));
    let day = format_day(issued);
    let short = format!("Страховая премия по договору № {contract_text}. НДС не облагается");
    let long = format!("Страховая премия по договору № {contract_text}, счёт № {invoice} от {day}. НДС не облагается");
    let is_named = |purpose: &str| numbers.find(purpose) == NamedContract::One(contract.to_owned());
    let is_short_enough = long.chars().count() <= MAX_PURPOSE;
    if is_short_enough && is_named(&long) {
        return (long, true);
    }
    let is_recognised = is_named(&short);
    (short, is_recognised)
}
