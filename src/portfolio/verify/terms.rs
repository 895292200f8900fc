//! Compares the register's columns of a contract with the terms that it was bound with.

use std::collections::BTreeSet;

use crate::portfolio::bind;
use crate::portfolio::register::contracts::BoundContract;
use crate::quote::contract::Contract;
use crate::tariff::Tariff;

/// The columns of a contract in the register that differ from its terms; `levels` are its programmes in the register.
pub(super) fn differing_columns(
    bound: &BoundContract,
    levels: &[(String, String)],
    contract: &Contract,
    tariff: &Tariff,
) -> Vec<&'static str> {
    let (first_day, last_day) = contract.days();
    let (recorded, agreed) = (&bound.price_terms, &contract.price_terms);
    let own_levels = bind::price_levels(contract, tariff);
    let columns = [
        ("number", bound.number == contract.number),
        ("policyholder", bound.policyholder == contract.policyholder),
        ("first_day", bound.first_day == first_day),
        ("last_day", bound.last_day == last_day),
        ("price_decrease", recorded.price_decrease == agreed.price_decrease),
        ("expense_load", recorded.expense_load == agreed.expense_load),
        ("expense_basis", recorded.expense_basis == agreed.expense_basis),
        ("price_fixed", recorded.price_fixed == agreed.price_fixed),
        ("price_changes_included", recorded.included_changes == agreed.included_changes),
        ("programme", levels.iter().collect::<BTreeSet<_>>() == own_levels.iter().collect()),
    ];
    columns.into_iter().filter(|(_, is_same)| !is_same).map(|(name, _)| name).collect()
}
