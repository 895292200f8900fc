//! The tables of a report: each is declared once, with its columns, their types and their meaning.

use crate::portfolio::export::table::table;

/// The version of the tables: a change that a reader of the files could notice makes a new one.
pub(super) const VERSION: u32 = 1;

table! {
    /// A contract on the day of the report.
    ContractMoney "contracts" {
        /// Number of the contract.
        number: String,
        /// Name of the policyholder.
        policyholder: String,
        /// First day.
        start: i32,
        /// Last day of cover.
        end: i32,
        /// Written premium.
        written: i64,
        /// Premium earned until the day: the sum of its programmes.
        earned: i64,
        /// Written and not earned premium.
        unearned: i64,
        /// Charges due on the day or before, credits subtracted.
        due: i64,
        /// Payments until the day.
        paid: i64,
        /// Unpaid part of what is due.
        outstanding: i64,
        /// Overdue by 1 to 30 days.
        overdue_1_30: i64,
        /// Overdue by 31 to 60 days.
        overdue_31_60: i64,
        /// Overdue by 61 to 90 days.
        overdue_61_90: i64,
        /// Overdue by more than 90 days.
        overdue_over_90: i64,
        /// Paid or credited beyond all that is due.
        credit: i64,
    }
}

table! {
    /// A programme of a contract; the premium is rounded here, once (I54).
    ContractProgrammes "contract-programmes" {
        /// Number of the contract.
        number: String,
        /// Programme; null for the expenses that a contract keeps at its end.
        programme: Option<String>,
        /// Lines, including those that have ended.
        lines: u32,
        /// Written premium.
        written: i64,
        /// Premium earned until the day, pro rata temporis.
        earned: i64,
        /// Written and not earned premium.
        unearned: i64,
    }
}

table! {
    /// A programme over all contracts, with the claims of the period.
    Programmes "programmes" {
        /// Programme; null for the expenses that contracts keep at their end, empty for claims beyond every cover.
        programme: Option<String>,
        /// Lines, including those that have ended.
        lines: u32,
        /// Written premium.
        written: i64,
        /// Premium earned until the day.
        earned: i64,
        /// Written and not earned premium.
        unearned: i64,
        /// Premium earned in the period.
        earned_in_period: i64,
        /// What the insurer pays for the claims of the period, advances included.
        claims: i64,
        /// Claims of the period / premium earned in it, four decimals; null where no premium is earned.
        loss_ratio: Option<String>,
    }
}

table! {
    /// A month of the period over all contracts.
    Months "months" {
        /// First day of the month.
        month: i32,
        /// Premium that runs have written from a day of the month on; the first month has that of earlier days too.
        written: i64,
        /// Charges due in the month.
        due: i64,
        /// Payments of the month.
        paid: i64,
        /// Premium earned in the month.
        earned: i64,
        /// Overdue at the end of the month, or on the day of the report.
        overdue: i64,
        /// What the insurer pays for the claims of the month, advances included.
        claims: i64,
        /// Claims / earned premium, four decimals; null where no premium is earned.
        loss_ratio: Option<String>,
    }
}

table! {
    /// A programme in a month of the period.
    ProgrammeMonths "programme-months" {
        /// Programme; as in `programmes`.
        programme: Option<String>,
        /// First day of the month.
        month: i32,
        /// Premium earned in the month.
        earned: i64,
        /// What the insurer pays for the claims of the month, advances included.
        claims: i64,
    }
}

table! {
    /// An age band of the tariff and a risk group over all contracts.
    Groups "groups" {
        /// First age of the band, in completed years; null for the expenses that contracts keep at their end.
        age_from: Option<u32>,
        /// Last age of the band.
        age_to: Option<u32>,
        /// Risk group.
        risk_group: Option<u32>,
        /// Lines, including those that have ended.
        lines: u32,
        /// Written premium.
        written: i64,
        /// Premium earned until the day.
        earned: i64,
        /// Written and not earned premium.
        unearned: i64,
    }
}

table! {
    /// A contract that ends soon.
    Ending "ending" {
        /// Number of the contract.
        number: String,
        /// Name of the policyholder.
        policyholder: String,
        /// Last day of cover.
        end: i32,
        /// Days from the day of the report to the last day.
        days_left: u32,
        /// Insured who are covered on the day of the report.
        insured: u32,
        /// Written premium.
        written: i64,
        /// Payments until the day.
        paid: i64,
        /// Overdue, whatever the number of days.
        overdue: i64,
    }
}

table! {
    /// The coefficient of a price change that the claims of a programme need at the target loss ratio (§2.3).
    Proposals "proposals" {
        /// Programme.
        programme: String,
        /// Premium earned in the period.
        earned: i64,
        /// Claims of the period.
        claims: i64,
        /// Claims / earned premium.
        loss_ratio: Option<String>,
        /// Target loss ratio.
        target: String,
        /// Loss ratio / target: the coefficient that brings the claims to the target.
        needed: Option<String>,
        /// The nearest coefficient that a price change may have, not below the need; null where there is none, where prices may stay, and without claims.
        coefficient: Option<String>,
        /// The arithmetic.
        arithmetic: String,
    }
}
