//! The values of an insurer.

use crate::base::digest::sha256;
use crate::base::source_file::SourceFile;
use crate::quote::insurer::logo::Logo;

/// An insurer, whose numbers agree with their control digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Insurer {
    /// The full name.
    pub name: String,
    /// The number of the taxpayer (ИНН), 10 digits.
    pub inn: String,
    /// The code of the reason of registration (КПП), 9 characters.
    pub kpp: String,
    /// The licence with its day.
    pub licence: String,
    /// The postal address.
    pub address: String,
    /// The telephone of the dispatcher of medical care.
    pub dispatcher: Option<String>,
    /// The picture on the papers.
    pub logo: Option<Logo>,
    /// The account to which policyholders pay.
    pub bank: BankAccount,
    /// The person who signs the papers.
    pub signatory: Signatory,
    /// The file.
    pub(super) source: SourceFile,
}

/// An account in a Russian bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAccount {
    /// The number of the account (р/с), 20 digits.
    pub account: String,
    /// The name of the bank.
    pub name: String,
    /// The bank's own account in the Bank of Russia (к/с), 20 digits.
    pub correspondent_account: String,
    /// The code of the bank (БИК), 9 digits.
    pub bic: String,
}

/// The person who signs for the insurer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signatory {
    /// The name.
    pub name: String,
    /// The position.
    pub position: String,
}

impl Insurer {
    /// The SHA-256 of the file.
    #[must_use]
    pub fn sha256(&self) -> String {
        sha256(self.source.text.as_bytes())
    }
}
