//! The reader of `insurer.toml`: the insurer, or every fault with its line.

use std::path::Path;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::{Faults, SourceFile, Spanned};
use crate::base::toml_file::Table;
use crate::output::pdf::printable;
use crate::quote::insurer::control_digits::{account_agrees, correspondent_agrees, has_digits, inn_agrees};
use crate::quote::insurer::details::{BankAccount, Insurer, Signatory};
use crate::quote::insurer::keys::{MAX_BANK_NAME, MAX_NAME};
use crate::quote::insurer::logo::Logo;

impl Insurer {
    /// Reads and checks a file about an insurer.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`]; [`Error::Refused`] with every fault of the file, those of its picture included.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let source = SourceFile::open(path)?;
        source.read(|root| read(root, &source))
    }
}

fn read(root: &mut Table<'_>, source: &SourceFile) -> Option<Insurer> {
    let faults = root.faults();
    let name = root.needed_text("name").and_then(|at| short(at, MAX_NAME, faults));
    let inn = root.needed_text("inn").and_then(|at| {
        let at = number(at, 10, "insurer-inn", faults)?;
        checked(at, inn_agrees, "insurer-inn-key", faults)
    });
    let kpp = root.needed_text("kpp").and_then(|at| checked(at, is_kpp, "insurer-kpp", faults));
    let licence = root.needed_text("licence").map(|at| printable(&at.value));
    let address = root.needed_text("address").map(|at| printable(&at.value));
    let dispatcher = root.filled_text("dispatcher").map(|at| printable(&at.value));
    let logo = root.filled_text("logo").map(|at| {
        let folder = source.path.parent().unwrap_or(Path::new(""));
        Logo::open(&folder.join(&at.value)).map_err(|message| faults.add(at.span, message)).ok()
    });
    let bank = root.needed_table("bank", read_bank);
    let signatory = root.needed_table("signatory", |table| {
        let (name, position) = (table.needed_text("name"), table.needed_text("position"));
        Some(Signatory { name: printable(&name?.value), position: printable(&position?.value) })
    });
    Some(Insurer {
        name: name?.value,
        inn: inn?.value,
        kpp: kpp?.value,
        licence: licence?,
        address: address?,
        dispatcher,
        logo: logo.flatten(),
        bank: bank?,
        signatory: signatory?,
        source: source.clone(),
    })
}

fn read_bank(table: &mut Table<'_>) -> Option<BankAccount> {
    const ACCOUNT_DIGITS: usize = 20;
    let faults = table.faults();
    let bic = table.needed_text("bic").and_then(|at| checked(at, is_bic, "insurer-bic", faults));
    let name = table.needed_text("name").and_then(|at| short(at, MAX_BANK_NAME, faults));
    let mut account = |key, agrees: fn(&str, &str) -> bool, message| {
        let at = number(table.needed_text(key)?, ACCOUNT_DIGITS, "insurer-account", faults)?;
        let Some(bic) = &bic else { return Some(at) };
        let fits = |account: &str| agrees(account, &bic.value);
        checked(at, fits, message, faults)
    };
    let own = account("account", account_agrees, "insurer-account-key");
    let of_bank = account("correspondent_account", correspondent_agrees, "insurer-correspondent-key");
    Some(BankAccount { account: own?.value, name: name?.value, correspondent_account: of_bank?.value, bic: bic?.value })
}

/// A number of so many digits; spaces between them do not count.
fn number(at: Spanned<String>, count: usize, message: &'static str, faults: &Faults) -> Option<Spanned<String>> {
    let at = at.map(|text| text.split_whitespace().collect::<String>());
    checked(at, |text| has_digits(text, count), message, faults)
}

/// The text, if it passes the check; else the fault with this name.
fn checked(
    at: Spanned<String>,
    is_right: impl Fn(&str) -> bool,
    message: &'static str,
    faults: &Faults,
) -> Option<Spanned<String>> {
    if !is_right(&at.value) {
        faults.add(at.span, Message::new(message).with("value", at.value));
        return None;
    }
    Some(at)
}

/// A text of at most so many characters.
fn short(at: Spanned<String>, limit: usize, faults: &Faults) -> Option<Spanned<String>> {
    let at = at.map(|text| printable(&text));
    if at.value.chars().count() > limit {
        faults.add(at.span, Message::new("insurer-long").with("limit", limit));
        return None;
    }
    Some(at)
}

fn is_kpp(text: &str) -> bool {
    let is_reason = |letter: u8| letter.is_ascii_digit() || letter.is_ascii_uppercase();
    let fits =
        |(at, letter): (usize, u8)| if matches!(at, 4 | 5) { is_reason(letter) } else { letter.is_ascii_digit() };
    text.len() == 9 && text.bytes().enumerate().all(fits)
}

fn is_bic(text: &str) -> bool {
    has_digits(text, 9) && text.starts_with("04")
}
