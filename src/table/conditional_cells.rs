//! The cells of columns that change their rows: currency, status, reversal, tax.

use crate::table::cell::{Cell, number_as_text};
use crate::table::text::folded;

/// Words of conditional columns that may be shown.
pub const UNUSUAL: [&str; 16] = [
    "сторно",
    "возврат",
    "отменено",
    "отменена",
    "отмена",
    "аннулировано",
    "аннулирована",
    "не оказана",
    "не явился",
    "удалено",
    "usd",
    "eur",
    "20%",
    "10%",
    "cancelled",
    "reversed",
];

/// Whether a cell of a conditional column leaves its row as it is: nothing, zero, done, in roubles, without tax.
pub fn is_usual(cell: Cell<'_>) -> bool {
    const USUAL: [&str; 44] = [
        "-",
        "нет",
        "без ндс",
        "не облагается",
        "ндс не облагается",
        "освобождено",
        "освобождается",
        "руб",
        "рубль",
        "рубли",
        "рублей",
        "российский рубль",
        "р",
        "₽",
        "rub",
        "rur",
        "643",
        "810",
        "оказана",
        "оказано",
        "оказан",
        "оказана полностью",
        "выполнена",
        "выполнено",
        "выполнен",
        "проведена",
        "проведено",
        "проведен",
        "завершена",
        "завершено",
        "завершен",
        "закрыта",
        "закрыто",
        "исполнено",
        "принято",
        "действует",
        "оплачено",
        "done",
        "completed",
        "closed",
        "no",
        "none",
        "no vat",
        "vat exempt",
    ];
    let text = match cell {
        Cell::Empty | Cell::Bool(false) => return true,
        Cell::Text(text) => text,
        Cell::Number(number) => return number == 0.0 || ["643", "810"].contains(&&*number_as_text(number)),
        _ => return false,
    };
    let is_zero = text.bytes().any(|byte| byte == b'0')
        && text.chars().all(|letter| matches!(letter, '0' | '.' | ',' | '%' | ' ' | '\u{a0}'));
    let key = folded(&text.replace(['.', '«', '»'], "").replace(['–', '—'], "-"));
    is_zero || USUAL.iter().any(|usual| folded(usual) == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usual_word_a_zero_and_nothing_leave_the_row_as_it_is() {
        for text in ["0", "0,00", "0 %", "без НДС", "руб.", "RUB", "Оказана", "нет", "—"] {
            assert!(is_usual(Cell::Text(text)), "{text}");
        }
        assert!(is_usual(Cell::Number(0.0)) && is_usual(Cell::Number(643.0)) && is_usual(Cell::Bool(false)));
        for text in ["20%", "150,00", "USD", "Отменена", "Сторно", "да", "на согласовании"]
        {
            assert!(!is_usual(Cell::Text(text)), "{text}");
        }
        assert!(!is_usual(Cell::Number(20.0)) && !is_usual(Cell::Bool(true)));
    }
}
