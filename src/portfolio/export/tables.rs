//! The tables of an export: each is declared once, with its columns, their types and their meaning.

use crate::portfolio::export::table::table;

/// The version of the tables: a change that a reader of the files could notice makes a new one.
pub const VERSION: u32 = 3;

table! {
    /// A contract as it stands.
    Contracts "contracts" {
        /// Number of the contract.
        number: String,
        /// Name of the policyholder.
        policyholder: String,
        /// First day.
        start: i32,
        /// Last day of cover.
        end: i32,
        /// `in-force`, `ended` before its last day, or `annulled`.
        status: String,
        /// Insured who are covered on the day of the export.
        insured: u32,
        /// Lines, including those that have ended.
        lines: u32,
        /// Written premium.
        written: i64,
        /// The part of it that is kept for expenses at the end of the contract (I22).
        expenses: i64,
        /// Paid premium.
        paid: i64,
        /// Code of the edition of the tariff that the contract was bound with.
        tariff: String,
        /// SHA-256 of the file of that edition.
        tariff_sha256: String,
    }
}

table! {
    /// A period of an insured with one plan and one risk group.
    InsuredPeriods "insured" {
        /// Number of the contract.
        number: String,
        /// Place of the row in the contract.
        insured: u32,
        /// Place of the first row of the same insured.
        person: u32,
        /// Id; empty where there is none.
        id: String,
        /// Policy number: that of the roster or of a list of changes, or else the one that the book has issued.
        policy_number: Option<String>,
        /// Name.
        name: String,
        /// Day of birth.
        birth_date: i32,
        /// Relation to the employee.
        relation: Option<String>,
        /// Place of the insured who heads the family.
        head: Option<u32>,
        /// Plan.
        plan: String,
        /// Age on the first day of cover, in completed years.
        age: u32,
        /// Risk group.
        risk_group: u32,
        /// First day of cover.
        start: i32,
        /// Last day of cover; before the first where there is no cover.
        end: i32,
    }
}

table! {
    /// A line of the written premium: an insured in a programme, or the expenses that a contract keeps at its end.
    Lines "lines" {
        /// Number of the contract.
        number: String,
        /// `cover` or `expenses`.
        kind: String,
        /// Place of the insured in the contract.
        insured: Option<u32>,
        /// Plan.
        plan: Option<String>,
        /// Programme.
        programme: Option<String>,
        /// Risk group.
        risk_group: Option<u32>,
        /// First age of the cell, in completed years.
        age_from: Option<u32>,
        /// Last age of the cell.
        age_to: Option<u32>,
        /// Sum insured.
        sum_insured: i64,
        /// Rate as bound, per 100 roubles and year, with every digit.
        rate: Option<String>,
        /// First day of cover.
        start: i32,
        /// Last day of cover.
        end: i32,
        /// Written premium.
        premium: i64,
    }
}

table! {
    /// What a run has charged for a day (I50): the sum of a contract is its written premium.
    Charges "charges" {
        /// Number of the contract.
        number: String,
        /// Number of the run.
        run: u32,
        /// What the run was: `bound`, `endorsed`, `repriced` and so on.
        kind: String,
        /// First day from which it counts.
        valid_from: i32,
        /// Id of the price change.
        price_change: Option<String>,
        /// Number of the earlier run whose charge is taken back or worked out again.
        corrects: Option<u32>,
        /// Day on which the amount is due: the last on which it is paid in time.
        due: i32,
        /// Amount; negative where an earlier charge is taken back, and for a credit.
        amount: i64,
    }
}

table! {
    /// A payment.
    Payments "payments" {
        /// Number of the contract.
        number: String,
        /// Day of the payment.
        day: i32,
        /// Amount.
        amount: i64,
        /// Number of the document; empty where there is none.
        document: String,
        /// Number of the run that added it.
        run: u32,
    }
}
