//! The account of a contract between two days.

use jiff::civil::Date;

use crate::base::money::Kopecks;
use crate::portfolio::charged_contract::ChargedContract;
use crate::portfolio::register::versions::VersionKind;

/// The statement of account of one contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The number of the contract.
    pub number: String,
    /// The policyholder.
    pub policyholder: String,
    /// The first and the last day of the contract.
    pub term: (Date, Date),
    /// The first day of the statement.
    pub from: Date,
    /// The last day of the statement.
    pub to: Date,
    /// What the policyholder owes before the first day; below 0 where more is paid than due.
    pub opening: Kopecks,
    /// The entries, by day; of one day first what is charged.
    pub entries: Vec<Entry>,
}

/// An entry of an account: one of `debit` and `credit` is above 0, the other is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The day.
    pub day: Date,
    /// The cause.
    pub cause: EntryCause,
    /// What raises the debt.
    pub debit: Kopecks,
    /// What lowers the debt.
    pub credit: Kopecks,
}

/// The cause of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryCause {
    /// Premium that is due, or a credit.
    Charge(VersionKind),
    /// A payment with the number of its document, which may be empty, or the reversal of one.
    Payment(String),
}

impl Statement {
    /// The statement of a contract for the days `from` to `to`, both included.
    #[must_use]
    pub fn new(contract: &ChargedContract, from: Date, to: Date) -> Self {
        let by_kind = contract.charges_by_kind();
        let charged = by_kind.iter().map(|(day, kind, amount)| (*day, EntryCause::Charge(*kind), *amount));
        let paid = contract
            .payments
            .iter()
            .map(|payment| (payment.day, EntryCause::Payment(payment.document.clone()), -payment.amount));
        let (mut opening, mut entries) = (Kopecks::ZERO, Vec::new());
        for (day, cause, amount) in charged.chain(paid) {
            if day < from {
                opening += amount;
            } else if day <= to {
                let (debit, credit) = (amount.max(Kopecks::ZERO), (-amount).max(Kopecks::ZERO));
                entries.push(Entry { day, cause, debit, credit });
            }
        }
        entries.sort_by_key(|entry| entry.day);
        let bound = &contract.state.contract;
        Self {
            number: bound.number.clone(),
            policyholder: bound.policyholder.clone(),
            term: (bound.first_day, bound.last_day),
            from,
            to,
            opening,
            entries,
        }
    }

    /// The sums of the debit and of the credit.
    #[must_use]
    pub fn turnover(&self) -> (Kopecks, Kopecks) {
        (self.entries.iter().map(|entry| entry.debit).sum(), self.entries.iter().map(|entry| entry.credit).sum())
    }

    /// What the policyholder owes after the last day; below 0 where more is paid than due.
    #[must_use]
    pub fn closing(&self) -> Kopecks {
        let (debit, credit) = self.turnover();
        self.opening + debit - credit
    }

    /// The balance after each entry.
    pub fn balances(&self) -> impl Iterator<Item = (&Entry, Kopecks)> {
        self.entries.iter().scan(self.opening, |balance, entry| {
            *balance = *balance + entry.debit - entry.credit;
            Some((entry, *balance))
        })
    }
}

impl EntryCause {
    /// The word of the files: `payment`, or the kind of the charge.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Charge(kind) => kind.as_str(),
            Self::Payment(_) => "payment",
        }
    }

    /// The number of the document of a payment; empty for charges and where there is none.
    #[must_use]
    pub fn document(&self) -> &str {
        match self {
            Self::Charge(_) => "",
            Self::Payment(document) => document,
        }
    }
}
