//! English numerals, with the British "and" before the tens and units.

use crate::quote::documents::offer::numeral::thousands::groups;

const UNITS: [&str; 20] = [
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];

const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The powers of a thousand from the first on.
const POWERS: [&str; 12] = [
    "thousand",
    "million",
    "billion",
    "trillion",
    "quadrillion",
    "quintillion",
    "sextillion",
    "septillion",
    "octillion",
    "nonillion",
    "decillion",
    "undecillion",
];

/// The cardinal numeral.
pub(super) fn numeral(number: u128) -> String {
    let mut words: Vec<String> = Vec::new();
    for (power, group) in groups(number) {
        let (hundreds, rest) = (group / 100, group % 100);
        if hundreds > 0 {
            words.push(format!("{} hundred", UNITS[hundreds as usize]));
        }
        if rest > 0 {
            // one hundred and five, a thousand and five, but one million five thousand
            if hundreds > 0 || (power == 0 && !words.is_empty()) {
                words.push("and".to_owned());
            }
            words.push(below_hundred(rest));
        }
        if power > 0 {
            words.push(POWERS[power - 1].to_owned());
        }
    }
    if words.is_empty() { "zero".to_owned() } else { words.join(" ") }
}

fn below_hundred(number: u128) -> String {
    match (number / 10, number % 10) {
        (0 | 1, _) => UNITS[number as usize].to_owned(),
        (tens, 0) => TENS[tens as usize].to_owned(),
        (tens, units) => format!("{}-{}", TENS[tens as usize], UNITS[units as usize]),
    }
}

/// The form of "rouble" after a number.
pub(super) fn rouble(number: u128) -> &'static str {
    if number == 1 { "rouble" } else { "roubles" }
}

/// The form of "kopeck" after a number.
pub(super) fn kopeck(number: u128) -> &'static str {
    if number == 1 { "kopeck" } else { "kopecks" }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::base::messages::Language;
    use crate::base::money::Kopecks;
    use crate::quote::documents::offer::numeral::in_words;

    #[test]
    fn amounts_are_written_as_in_britain() {
        for (roubles, kopecks, words) in [
            (0, 0, "zero roubles 00 kopecks"),
            (0, 1, "zero roubles 01 kopeck"),
            (0, 11, "zero roubles 11 kopecks"),
            (0, 21, "zero roubles 21 kopecks"),
            (1, 0, "one rouble 00 kopecks"),
            (2, 2, "two roubles 02 kopecks"),
            (15, 0, "fifteen roubles 00 kopecks"),
            (21, 0, "twenty-one roubles 00 kopecks"),
            (40, 0, "forty roubles 00 kopecks"),
            (100, 0, "one hundred roubles 00 kopecks"),
            (105, 0, "one hundred and five roubles 00 kopecks"),
            (1_000, 0, "one thousand roubles 00 kopecks"),
            (1_005, 0, "one thousand and five roubles 00 kopecks"),
            (21_000, 0, "twenty-one thousand roubles 00 kopecks"),
            (1_005_000, 0, "one million five thousand roubles 00 kopecks"),
            (1_000_000_000_000, 0, "one trillion roubles 00 kopecks"),
            (
                122_356_843,
                88,
                "one hundred and twenty-two million three hundred and fifty-six thousand eight hundred and forty-three \
                 roubles 88 kopecks",
            ),
        ] {
            assert_eq!(in_words(Kopecks::new(roubles * 100 + kopecks), Language::En), words);
        }
    }

    /// What a word adds (`Ok`) or multiplies (`Err`).
    fn value(word: &str) -> Result<u128, u128> {
        let simple = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
                      sixteen seventeen eighteen nineteen";
        let tens = "twenty thirty forty fifty sixty seventy eighty ninety";
        let powers = "thousand million billion trillion quadrillion";
        let place = |list: &str| list.split_whitespace().position(|name| name == word).map(|at| at as u128);
        match (place(simple), place(tens), place(powers)) {
            (Some(at), _, _) => Ok(at),
            (_, Some(at), _) => Ok(20 + 10 * at),
            (_, _, Some(at)) => Err(1000_u128.pow(1 + u32::try_from(at).unwrap())),
            _ => panic!("no number: {word}"),
        }
    }

    proptest! {
        #[test]
        fn the_words_are_the_number(number in 0_u128..=1_000_000_000_000_000, shift in 0_u32..16) {
            let number = number / 10_u128.pow(shift);
            let text = in_words(Kopecks::new((number * 100).cast_signed()), Language::En);
            let numeral = text.strip_suffix(" 00 kopecks").unwrap().rsplit_once(' ').unwrap().0;
            let (mut total, mut group) = (0, 0);
            for word in numeral.split([' ', '-']) {
                match word {
                    "and" => {}
                    "hundred" => group *= 100,
                    word => match value(word) {
                        Ok(added) => group += added,
                        Err(power) => {
                            total += group * power;
                            group = 0;
                        }
                    },
                }
            }
            prop_assert_eq!(total + group, number);
        }
    }
}
