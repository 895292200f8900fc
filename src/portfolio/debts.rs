//! The debts of policyholders on a day: what is due, paid and overdue by contract and policyholder (`I52`).

mod files;

use std::collections::BTreeMap;
use std::ops::AddAssign;

use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::base::progress::Progress;
use crate::portfolio::book::Portfolio;
use crate::portfolio::charged_contract::{ChargedContract, each_charged_contract};
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::premium::arrears::{AGE_DAYS, Arrears};
use crate::portfolio::premium::charge::Charge;
use crate::portfolio::register::versions::VersionKind;
pub use files::write;

/// The money of one contract or of several on a day.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct DebtSums {
    /// The written premium, whenever it is due.
    pub written: Kopecks,
    /// The charges that are due on the day or before, credits subtracted.
    pub due: Kopecks,
    /// The payments until the day.
    pub paid: Kopecks,
    /// What is unpaid of what is due, on its due day or overdue.
    pub outstanding: Kopecks,
    /// What is overdue by 1–30, 31–60, 61–90 and more days.
    pub overdue: [Kopecks; AGE_DAYS.len() + 1],
    /// What is paid, or credited, beyond all that is due.
    pub credit: Kopecks,
}

impl DebtSums {
    /// All that is overdue.
    #[must_use]
    pub fn all_overdue(&self) -> Kopecks {
        self.overdue.iter().copied().sum()
    }
}

impl AddAssign for DebtSums {
    fn add_assign(&mut self, other: Self) {
        self.written += other.written;
        self.due += other.due;
        self.paid += other.paid;
        self.outstanding += other.outstanding;
        self.credit += other.credit;
        for (sum, amount) in self.overdue.iter_mut().zip(other.overdue) {
            *sum += amount;
        }
    }
}

/// The debt of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractDebt {
    /// The number of the contract.
    pub number: String,
    /// The policyholder.
    pub policyholder: String,
    /// The due day of the oldest charge that is not paid in full.
    pub oldest: Option<Date>,
    /// The sums.
    pub sums: DebtSums,
}

/// The debt of a policyholder over all contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyholderDebt {
    /// The policyholder, as the contracts name it.
    pub policyholder: String,
    /// The number of contracts.
    pub contracts: usize,
    /// The sums.
    pub sums: DebtSums,
}

/// An additional premium that is not paid after its deadline: the insurer may terminate the contract (§2.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnpaidAdditional {
    /// The number of the contract.
    pub number: String,
    /// The policyholder.
    pub policyholder: String,
    /// The id of the price change.
    pub change: String,
    /// The last day on which it could be paid.
    pub deadline: Date,
    /// The additional premium.
    pub amount: Kopecks,
    /// What is unpaid of it.
    pub unpaid: Kopecks,
}

/// The debts of a book on a day.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Debts {
    /// Every contract, by number.
    pub contracts: Vec<ContractDebt>,
    /// Every policyholder, by name.
    pub policyholders: Vec<PolicyholderDebt>,
    /// The sums over all contracts.
    pub totals: DebtSums,
    /// The unpaid additional premiums of contracts that have not ended, by contract and deadline.
    pub additional: Vec<UnpaidAdditional>,
}

/// Works out the debts of every contract on a day, as the book is known now.
///
/// # Errors
///
/// As [`each_charged_contract`].
pub fn debts(book: &Portfolio, as_of: Date, progress: &dyn Progress) -> Result<Debts, Error> {
    let mut debts = Debts::default();
    let mut policyholders: BTreeMap<String, (usize, DebtSums)> = BTreeMap::new();
    each_charged_contract(book, progress, |contract| {
        let ChargedContract { state, charges, .. } = &contract;
        let arrears = Arrears::settle(charges, contract.paid_until(as_of), as_of);
        debts.additional.extend(unpaid_additional(state, charges, &arrears, as_of));
        let debt = contract_debt(state, &arrears, as_of);
        let of_policyholder = policyholders.entry(debt.policyholder.clone()).or_default();
        of_policyholder.0 += 1;
        of_policyholder.1 += debt.sums;
        debts.totals += debt.sums;
        debts.contracts.push(debt);
    })?;
    let debt = |(policyholder, (contracts, sums))| PolicyholderDebt { policyholder, contracts, sums };
    debts.policyholders = policyholders.into_iter().map(debt).collect();
    Ok(debts)
}

fn contract_debt(state: &ContractState, arrears: &Arrears, as_of: Date) -> ContractDebt {
    ContractDebt {
        number: state.contract.number.clone(),
        policyholder: state.contract.policyholder.clone(),
        oldest: arrears.unpaid.first().map(|(due, _)| *due),
        sums: DebtSums {
            written: state.version().written,
            due: arrears.due,
            paid: arrears.paid,
            outstanding: arrears.outstanding(),
            overdue: arrears.ages(as_of),
            credit: arrears.credit,
        },
    }
}

/// The additional premiums of a contract that are not paid after their deadlines.
fn unpaid_additional(
    state: &ContractState,
    charges: &[Charge],
    arrears: &Arrears,
    as_of: Date,
) -> Vec<UnpaidAdditional> {
    let repriced = state.versions.iter().filter(|version| version.kind == VersionKind::Repriced);
    let unpaid = repriced.filter_map(|version| {
        let deadline = version.from_day.yesterday().ok().filter(|deadline| *deadline < as_of)?;
        let own = charges.iter().filter(|charge| charge.of == version.run && charge.due == deadline);
        let amount: Kopecks = own.map(|charge| charge.amount).sum();
        // of the charges of one day it is settled last
        let unpaid = arrears.unpaid_on(deadline).min(amount);
        (unpaid > Kopecks::ZERO).then(|| UnpaidAdditional {
            number: state.contract.number.clone(),
            policyholder: state.contract.policyholder.clone(),
            change: version.change.clone().unwrap_or_default(),
            deadline,
            amount,
            unpaid,
        })
    });
    if state.version().ended.is_some() { Vec::new() } else { unpaid.collect() }
}
