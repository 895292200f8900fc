//! The payment code of an invoice: the QR code of ГОСТ Р 56042-2014, which the applications of banks read.
//!
//! The text begins with the format `ST0001`, the encoding 2 (UTF-8) and the separator, which is the first of some characters that no value
//! has; then come the five required values and those of the payment. Amounts are whole kopecks.

use qrcode::QrCode;
use qrcode::bits::Bits;
use qrcode::render::svg;
use qrcode::types::{EcLevel, QrError, Version};

use crate::base::money::Kopecks;
use crate::quote::insurer::Insurer;

/// The longest purpose of payment, in characters.
pub const MAX_PURPOSE: usize = 210;
/// The longest amount in kopecks, in digits.
const MAX_SUM_DIGITS: usize = 18;
/// The separators, of which the first that no value has is used.
const SEPARATORS: [char; 6] = ['|', '~', '^', '#', '*', ';'];
/// The largest version of the symbol.
const MAX_VERSION: i16 = 40;

/// The text of the code.
///
/// `None` where a value is longer than the standard allows, or every separator stands in a value; the lengths of the insurer's names are
/// those of its file.
#[must_use]
pub fn payment_text(insurer: &Insurer, amount: Kopecks, purpose: &str) -> Option<String> {
    let sum = amount.get().to_string();
    if purpose.chars().count() > MAX_PURPOSE || sum.len() > MAX_SUM_DIGITS {
        return None;
    }
    let values = [
        ("Name", insurer.name.as_str()),
        ("PersonalAcc", &insurer.bank.account),
        ("BankName", &insurer.bank.name),
        ("BIC", &insurer.bank.bic),
        ("CorrespAcc", &insurer.bank.correspondent_account),
        ("Sum", &sum),
        ("Purpose", purpose),
        ("PayeeINN", &insurer.inn),
        ("KPP", &insurer.kpp),
    ];
    let separator = SEPARATORS.into_iter().find(|letter| values.iter().all(|(_, value)| !value.contains(*letter)))?;
    let mut text = "ST00012".to_owned();
    for (name, value) in values {
        text.push(separator);
        text.extend([name, "=", value]);
    }
    Some(text)
}

/// The QR code of a text as a picture in SVG, with medium correction of errors.
///
/// The smallest symbol is used that holds the text as bytes: the shorter modes would show some pairs of bytes of UTF-8 as Japanese letters.
/// `None` where no symbol holds it.
#[must_use]
pub fn picture(text: &str) -> Option<String> {
    let code = (1..=MAX_VERSION).find_map(|version| symbol(text, Version::Normal(version)).ok())?;
    Some(code.render::<svg::Color<'_>>().module_dimensions(1, 1).build())
}

fn symbol(text: &str, version: Version) -> Result<QrCode, QrError> {
    let mut bits = Bits::new(version);
    bits.push_byte_data(text.as_bytes())?;
    bits.push_terminator(EcLevel::M)?;
    QrCode::with_bits(bits, EcLevel::M)
}
