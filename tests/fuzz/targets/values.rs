//! One cell as text and as a number: a value survives writing and reading.
#![no_main]

use kollektiv::base::diagnostic::{masked, shortened};
use kollektiv::base::money::{Kopecks, MAX_SUM_INSURED, parse_decimal};
use kollektiv::table::cell::{Cell, Epoch};
use kollektiv::table::text::{folded, folded_heading, mixes_alphabets, trimmed};
use kollektiv::roster::value::{risk_group, sex, sum_insured};
use kollektiv::table::value::{Day, day};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = str::from_utf8(bytes) {
        values(Cell::from_text(text));
        words(text);
    }
    if let Ok(number) = <[u8; 8]>::try_from(bytes) {
        values(Cell::Number(f64::from_le_bytes(number)));
    }
});

fn values(cell: Cell<'_>) {
    assert_eq!(cell.is_empty(), cell.display().is_empty());
    for epoch in [Epoch::Year1900, Epoch::Year1904] {
        if let Ok(Some(Day { date, from_serial })) = day(cell, epoch) {
            assert_eq!(from_serial, matches!(cell, Cell::Number(_)));
            for form in ["%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d"] {
                let written = date.strftime(form).to_string();
                assert_eq!(day(Cell::Text(&written), epoch), Ok(Some(Day { date, from_serial: false })), "{written}");
            }
        }
    }
    if let Some(sum) = sum_insured(cell) {
        assert!(sum > Kopecks::ZERO && sum <= MAX_SUM_INSURED);
        assert_eq!(sum_insured(Cell::Text(&sum.to_string())), Some(sum));
        assert_eq!(sum_insured(Cell::Text(&format!("{sum} руб.").replace('.', ","))), None);
        assert_eq!(sum_insured(Cell::Text(&sum.to_string().replace('.', ","))), Some(sum));
    }
    if let Some(group) = risk_group(cell) {
        assert_eq!(risk_group(Cell::Text(&group.to_string())), Some(group));
        assert_eq!(risk_group(Cell::Text(&format!("{group} группа"))), Some(group));
        assert_eq!(risk_group(Cell::Number(f64::from(group))), Some(group));
    }
    let _ = sex(cell);
}

fn words(text: &str) {
    assert!(!folded(text).contains(char::is_whitespace));
    assert!(!folded_heading(text).contains(char::is_whitespace));
    assert_eq!(trimmed(trimmed(text)), trimmed(text));
    assert_eq!(trimmed(text).is_empty(), Cell::from_text(text).is_empty());
    let _ = mixes_alphabets(text);
    assert!(!masked(text).contains(char::is_numeric), "every digit is masked");
    assert!(masked(text).chars().count() <= shortened(text).chars().count());
    if let Some(decimal) = parse_decimal(text) {
        assert_eq!(parse_decimal(&decimal.to_string()), Some(decimal));
    }
}
