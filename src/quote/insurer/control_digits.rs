//! The control digits of the numbers of Russian organisations and bank accounts, by the published algorithms.

/// Whether a text has this number of digits and nothing else.
pub(super) fn has_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|letter| letter.is_ascii_digit())
}

/// Whether a taxpayer's number of an organisation (ИНН, 10 digits) has the right last digit.
pub(super) fn inn_agrees(inn: &str) -> bool {
    const WEIGHTS: [u32; 9] = [2, 4, 10, 3, 5, 9, 4, 6, 8];
    let digits = digits(inn);
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    digits.get(WEIGHTS.len()) == Some(&(sum % 11 % 10))
}

/// Whether the account of a client (р/с, 20 digits) belongs to a bank with this code (БИК, 9 digits).
pub(super) fn account_agrees(account: &str, bic: &str) -> bool {
    bic.get(6..).is_some_and(|bank| key_agrees(bank, account))
}

/// Whether a bank with this code (БИК, 9 digits) has this account in the Bank of Russia (к/с, 20 digits).
pub(super) fn correspondent_agrees(account: &str, bic: &str) -> bool {
    let branch = bic.get(4..6).map(|branch| format!("0{branch}"));
    branch.is_some_and(|branch| key_agrees(&branch, account)) && account.get(17..) == bic.get(6..)
}

/// Whether the key of an account agrees with the three digits of its bank: the last digits of all weighted digits add up to tens.
fn key_agrees(bank: &str, account: &str) -> bool {
    const WEIGHTS: [u32; 3] = [7, 1, 3];
    let digits = digits(bank).into_iter().chain(digits(account));
    digits.zip(WEIGHTS.into_iter().cycle()).map(|(digit, weight)| digit * weight % 10).sum::<u32>() % 10 == 0
}

fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|letter| letter.to_digit(10)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with another digit at a place.
    fn with_digit(text: &str, at: usize, digit: char) -> String {
        text.chars().enumerate().map(|(place, letter)| if place == at { digit } else { letter }).collect()
    }

    /// Asserts that `agrees` holds for a number, and for none that has one other digit.
    fn assert_finds_slips(number: &str, agrees: impl Fn(&str) -> bool) {
        assert!(agrees(number), "{number}");
        for (at, own) in number.chars().enumerate() {
            for digit in ('0'..='9').filter(|digit| *digit != own) {
                let slip = with_digit(number, at, digit);
                assert!(!agrees(&slip), "{slip}");
            }
        }
    }

    #[test]
    fn the_numbers_of_the_bank_of_russia_and_of_the_tax_office_agree() {
        // the examples that the tax office and the Bank of Russia publish of themselves
        assert!(inn_agrees("7707329152") && inn_agrees("7702235133"));
        // Sberbank: its code and its account in the Bank of Russia
        assert!(correspondent_agrees("30101810400000000225", "044525225"));
    }

    #[test]
    fn a_slip_in_one_digit_is_found() {
        assert_finds_slips("30101810400000000225", |account| correspondent_agrees(account, "044525225"));
        assert_finds_slips("40701810900000000001", |account| account_agrees(account, "044599906"));
        // the remainders 10 and 0 give the same digit, so that a few of the 81 slips in the first nine digits stay
        let inn = "7707329152";
        let slips = (0..9).flat_map(|at| ('0'..='9').map(move |digit| (at, digit)));
        let unnoticed = slips.filter(|(at, digit)| {
            let slip = with_digit(inn, *at, *digit);
            slip != inn && inn_agrees(&slip)
        });
        assert!(unnoticed.count() <= 2);
    }

    #[test]
    fn digits_are_counted() {
        assert!(has_digits("044525225", 9) && !has_digits("04452522", 9) && !has_digits("04452522а", 9));
        assert!(!has_digits("٠١٢٣٤٥٦٧٨", 9), "digits of another script");
    }
}
