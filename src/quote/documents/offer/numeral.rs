//! Amounts in words (сумма прописью): roubles as a numeral, kopecks as two digits.

mod english;
mod russian;
mod thousands;

use crate::base::messages::Language;
use crate::base::money::Kopecks;

/// The amount in words.
///
/// # Example
///
/// ```
/// use kollektiv::base::money::Kopecks;
/// use kollektiv::quote::documents::offer::numeral::in_words;
/// use kollektiv::base::messages::Language;
///
/// assert_eq!(in_words(Kopecks::new(2_100_001), Language::Ru), "двадцать одна тысяча рублей 01 копейка");
/// assert_eq!(in_words(Kopecks::new(2_100_001), Language::En), "twenty-one thousand roubles 01 kopeck");
/// ```
#[must_use]
pub fn in_words(amount: Kopecks, language: Language) -> String {
    let kopecks = amount.get().unsigned_abs();
    let (roubles, kopecks) = (kopecks / 100, kopecks % 100);
    let (numeral, rouble, kopeck, minus) = match language {
        Language::Ru => (russian::numeral(roubles), russian::rouble(roubles), russian::kopeck(kopecks), "минус "),
        Language::En => (english::numeral(roubles), english::rouble(roubles), english::kopeck(kopecks), "minus "),
    };
    let sign = if amount < Kopecks::ZERO { minus } else { "" };
    format!("{sign}{numeral} {rouble} {kopecks:02} {kopeck}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_amount_has_words() {
        for amount in [i128::MIN, i128::MAX] {
            let amount = Kopecks::new(amount);
            assert!(in_words(amount, Language::Ru).contains("один ундециллион семьсот один дециллион"));
            assert!(in_words(amount, Language::En).contains("one undecillion seven hundred and one decillion"));
        }
    }

    #[test]
    fn a_negative_amount_has_a_minus() {
        assert_eq!(in_words(Kopecks::new(-105), Language::Ru), "минус один рубль 05 копеек");
        assert_eq!(in_words(Kopecks::new(-105), Language::En), "minus one rouble 05 kopecks");
    }
}
