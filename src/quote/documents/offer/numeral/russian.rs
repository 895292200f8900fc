//! Russian numerals: thousands are feminine, all else that is counted here is masculine.

use crate::quote::documents::offer::numeral::thousands::groups;

/// From 1 to 19, in the masculine.
const UNITS: [&str; 20] = [
    "",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
];

const TENS: [&str; 10] =
    ["", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто"];

const HUNDREDS: [&str; 10] =
    ["", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот"];

/// The powers of a thousand from the second on.
const POWERS: [&str; 11] = [
    "миллион",
    "миллиард",
    "триллион",
    "квадриллион",
    "квинтиллион",
    "секстиллион",
    "септиллион",
    "октиллион",
    "нониллион",
    "дециллион",
    "ундециллион",
];

/// The cardinal numeral, in the masculine.
pub(super) fn numeral(number: u128) -> String {
    let mut words = Vec::new();
    for (power, group) in groups(number) {
        let (hundreds, rest) = (group / 100, group % 100);
        let (tens, units) = if rest < 20 { (0, rest) } else { (rest / 10, rest % 10) };
        let unit = match (power, units) {
            (1, 1) => "одна",
            (1, 2) => "две",
            _ => UNITS[units as usize],
        };
        let counted = match power {
            0 => String::new(),
            1 => agreed(group, ["тысяча", "тысячи", "тысяч"]).to_owned(),
            _ => format!("{}{}", POWERS[power - 2], agreed(group, ["", "а", "ов"])),
        };
        words.extend([HUNDREDS[hundreds as usize], TENS[tens as usize], unit].map(str::to_owned));
        words.push(counted);
    }
    words.retain(|word| !word.is_empty());
    if words.is_empty() { "ноль".to_owned() } else { words.join(" ") }
}

/// The form of "rouble" after a number.
pub(super) fn rouble(number: u128) -> &'static str {
    agreed(number, ["рубль", "рубля", "рублей"])
}

/// The form of "kopeck" after a number.
pub(super) fn kopeck(number: u128) -> &'static str {
    agreed(number, ["копейка", "копейки", "копеек"])
}

/// The form that a number requires, of those after 1, 2 and 5.
fn agreed(number: u128, [one, few, many]: [&'static str; 3]) -> &'static str {
    match (number % 100, number % 10) {
        (11..=14, _) => many,
        (_, 1) => one,
        (_, 2..=4) => few,
        _ => many,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::base::messages::Language;
    use crate::base::money::Kopecks;
    use crate::quote::documents::offer::numeral::in_words;

    fn roubles(number: i128) -> String {
        let words = in_words(Kopecks::new(number * 100), Language::Ru);
        words.strip_suffix(" 00 копеек").unwrap().to_owned()
    }

    #[test]
    fn roubles_agree_in_case_and_gender() {
        for (number, words) in [
            (0, "ноль рублей"),
            (1, "один рубль"),
            (2, "два рубля"),
            (4, "четыре рубля"),
            (5, "пять рублей"),
            (10, "десять рублей"),
            (11, "одиннадцать рублей"),
            (12, "двенадцать рублей"),
            (14, "четырнадцать рублей"),
            (19, "девятнадцать рублей"),
            (20, "двадцать рублей"),
            (21, "двадцать один рубль"),
            (40, "сорок рублей"),
            (90, "девяносто рублей"),
            (100, "сто рублей"),
            (101, "сто один рубль"),
            (111, "сто одиннадцать рублей"),
            (200, "двести рублей"),
            (342, "триста сорок два рубля"),
            (500, "пятьсот рублей"),
            (1_000, "одна тысяча рублей"),
            (1_001, "одна тысяча один рубль"),
            (2_000, "две тысячи рублей"),
            (5_000, "пять тысяч рублей"),
            (11_000, "одиннадцать тысяч рублей"),
            (12_002, "двенадцать тысяч два рубля"),
            (21_000, "двадцать одна тысяча рублей"),
            (22_022, "двадцать две тысячи двадцать два рубля"),
            (111_000, "сто одиннадцать тысяч рублей"),
            (1_000_000, "один миллион рублей"),
            (2_000_001, "два миллиона один рубль"),
            (12_000_000, "двенадцать миллионов рублей"),
            (21_001_000, "двадцать один миллион одна тысяча рублей"),
            (3_000_000_000, "три миллиарда рублей"),
            (1_000_000_000_000, "один триллион рублей"),
            (1_000_000_000_000_000, "один квадриллион рублей"),
        ] {
            assert_eq!(roubles(number), words, "{number}");
        }
    }

    #[test]
    fn kopecks_agree() {
        for (kopecks, words) in [
            (0, "00 копеек"),
            (1, "01 копейка"),
            (2, "02 копейки"),
            (4, "04 копейки"),
            (5, "05 копеек"),
            (10, "10 копеек"),
            (11, "11 копеек"),
            (12, "12 копеек"),
            (14, "14 копеек"),
            (20, "20 копеек"),
            (21, "21 копейка"),
            (33, "33 копейки"),
            (99, "99 копеек"),
        ] {
            assert_eq!(in_words(Kopecks::new(kopecks), Language::Ru), format!("ноль рублей {words}"));
        }
        assert_eq!(
            in_words(Kopecks::new(12_235_684_388), Language::Ru),
            "сто двадцать два миллиона триста пятьдесят шесть тысяч восемьсот сорок три рубля 88 копеек"
        );
    }

    const SIMPLE: [(&str, u128); 39] = [
        ("ноль", 0),
        ("один", 1),
        ("одна", 1),
        ("два", 2),
        ("две", 2),
        ("три", 3),
        ("четыре", 4),
        ("пять", 5),
        ("шесть", 6),
        ("семь", 7),
        ("восемь", 8),
        ("девять", 9),
        ("десять", 10),
        ("одиннадцать", 11),
        ("двенадцать", 12),
        ("тринадцать", 13),
        ("четырнадцать", 14),
        ("пятнадцать", 15),
        ("шестнадцать", 16),
        ("семнадцать", 17),
        ("восемнадцать", 18),
        ("девятнадцать", 19),
        ("двадцать", 20),
        ("тридцать", 30),
        ("сорок", 40),
        ("пятьдесят", 50),
        ("шестьдесят", 60),
        ("семьдесят", 70),
        ("восемьдесят", 80),
        ("девяносто", 90),
        ("сто", 100),
        ("двести", 200),
        ("триста", 300),
        ("четыреста", 400),
        ("пятьсот", 500),
        ("шестьсот", 600),
        ("семьсот", 700),
        ("восемьсот", 800),
        ("девятьсот", 900),
    ];

    const COUNTED: [(u128, [&str; 3]); 6] = [
        (1, ["рубль", "рубля", "рублей"]),
        (1_000, ["тысяча", "тысячи", "тысяч"]),
        (1_000_000, ["миллион", "миллиона", "миллионов"]),
        (1_000_000_000, ["миллиард", "миллиарда", "миллиардов"]),
        (1_000_000_000_000, ["триллион", "триллиона", "триллионов"]),
        (1_000_000_000_000_000, ["квадриллион", "квадриллиона", "квадриллионов"]),
    ];

    proptest! {
        #[test]
        fn the_words_are_the_number(number in 0_u128..=1_000_000_000_000_000, shift in 0_u32..16) {
            let number = number / 10_u128.pow(shift);
            let text = roubles(number.cast_signed());
            let (mut total, mut group, mut before) = (0, 0, "");
            for word in text.split(' ') {
                match COUNTED.iter().find(|(_, forms)| forms.contains(&word)) {
                    None => group += SIMPLE.iter().find(|(name, _)| *name == word).expect("a numeral").1,
                    Some((power, [one, few, many])) => {
                        let form = match before {
                            "один" | "одна" => one,
                            "два" | "две" | "три" | "четыре" => few,
                            _ => many,
                        };
                        prop_assert_eq!(word, *form, "{}", &text);
                        let of_the_other_gender = if *power == 1_000 { ["один", "два"] } else { ["одна", "две"] };
                        prop_assert!(!of_the_other_gender.contains(&before), "{}", &text);
                        total += group * power;
                        group = 0;
                    }
                }
                before = word;
            }
            prop_assert_eq!(total, number);
        }
    }
}
