//! Columns that hold no field: whether their cells look like those of one, so that they must not be dropped.

use std::collections::BTreeMap;

use crate::base::diagnostic::masked;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::table::cell::{Cell, Row, number_as_text};
use crate::table::cell_faults::mask_unless_known;
use crate::table::text::{folded, folded_heading};
use crate::table::value::{is_day, roubles};

/// So many first cells of a column are shown in a message.
const SHOWN_CELLS: usize = 3;

/// The cells of the spare columns of a table, counted by what they look like.
#[derive(Debug, Default, Clone)]
pub struct SpareColumns(BTreeMap<usize, CellCounts>);

/// The field that the cells of a column look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Days of cover.
    Days,
    /// Sums of money.
    Money,
    /// Names of people.
    Names,
    /// Words that the table's user has listed: plans.
    Words,
    /// What changes the rows: a reversal, another currency, a tax.
    Conditions,
}

#[derive(Debug, Default, Clone)]
struct CellCounts {
    filled: u32,
    days: u32,
    numbers: u32,
    sums: u32,
    names: u32,
    patronymics: u32,
    words: u32,
    /// The first cells, masked.
    first: Vec<String>,
    /// The first cells that are none of the usual words, shortened.
    unusual: Vec<String>,
}

impl Likeness {
    /// The words for a message: “days”.
    #[must_use]
    pub fn message(self) -> Message {
        Message::new(match self {
            Self::Days => "looks-like-days",
            Self::Money => "looks-like-money",
            Self::Names => "looks-like-names",
            Self::Words => "looks-like-plans",
            Self::Conditions => "looks-like-conditions",
        })
    }
}

impl Likeness {
    /// The fields of rosters that such a column may hold, the likeliest first.
    #[must_use]
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Days => &["start", "end", "cover_period"],
            Self::Money => &["sum_insured", "sum_insured_thousands"],
            Self::Names => &["name"],
            Self::Words => &["plan"],
            Self::Conditions => &["reversal"],
        }
    }
}

impl SpareColumns {
    /// Counts the cells of a row of data in these columns; `is_listed` tells whether a text is a word of the table's user.
    pub fn read(
        &mut self,
        row: &(impl Row + ?Sized),
        columns: impl Iterator<Item = usize>,
        is_listed: &dyn Fn(&str) -> bool,
    ) {
        for column in columns {
            let cell = row.cell(column);
            if !cell.is_empty() {
                self.0.entry(column).or_default().add(cell, is_listed);
            }
        }
    }

    /// Appends the counts of the rows below, draining them.
    pub fn append(&mut self, below: &mut Self) {
        for (column, counts) in std::mem::take(&mut below.0) {
            self.0.entry(column).or_default().append(counts);
        }
    }

    /// The columns with any filled cell, in order.
    pub fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.keys().copied()
    }

    /// What the cells of a column look like; `None` where they look like nothing that may change a price.
    #[must_use]
    pub fn likeness(&self, column: usize, heading: &str) -> Option<Likeness> {
        let counts = self.0.get(&column)?;
        let most = |count: u32| count > 0 && count * 2 >= counts.filled;
        let is_about_money = || {
            const WORDS: [&str; 9] = ["сумм", "лимит", "руб", "стоимост", "преми", "взнос", "sum", "limit", "amount"];
            let heading = heading.to_lowercase();
            WORDS.iter().any(|word| heading.contains(word))
        };
        if counts.days > 0 {
            Some(Likeness::Days)
        } else if most(counts.words) {
            Some(Likeness::Words)
        } else if counts.patronymics > 0 || most(counts.names) {
            Some(Likeness::Names)
        } else if most(counts.sums) || most(counts.numbers) && is_about_money() {
            Some(Likeness::Money)
        } else {
            None
        }
    }

    /// Whether a column has a cell that is none of the usual words: done, roubles, without tax.
    #[must_use]
    pub fn has_unusual(&self, column: usize) -> bool {
        self.0.get(&column).is_some_and(|counts| !counts.unusual.is_empty())
    }

    /// The first of these cells.
    #[must_use]
    pub fn unusual(&self, column: usize) -> String {
        self.0.get(&column).map_or_else(String::new, |counts| counts.unusual.join(", "))
    }

    /// The first cells of a column, masked.
    #[must_use]
    pub fn first_cells(&self, column: usize) -> String {
        self.0.get(&column).map_or_else(String::new, |counts| counts.first.join(", "))
    }
}

impl CellCounts {
    fn add(&mut self, cell: Cell<'_>, is_listed: &dyn Fn(&str) -> bool) {
        /// A sum insured is a round number; other numbers of this size are codes.
        const SMALLEST_SUM_KOPECKS: i128 = 10_000 * 100;
        const ROUND_KOPECKS: i128 = 1000 * 100;
        let shown = cell.display();
        self.filled = self.filled.saturating_add(1);
        if self.first.len() < SHOWN_CELLS {
            self.first.push(masked(&shown));
        }
        if self.unusual.len() < SHOWN_CELLS && !is_usual(cell) {
            self.unusual.push(mask_unless_known(&shown, UNUSUAL));
        }
        let kopecks = roubles(cell).map(Kopecks::get);
        let is_number = kopecks.is_some();
        let is_round = kopecks.is_some_and(|kopecks| kopecks >= SMALLEST_SUM_KOPECKS && kopecks % ROUND_KOPECKS == 0);
        let text = if let Cell::Text(text) = cell { text } else { "" };
        let is_sum = is_round || is_number && (text.contains(char::is_alphabetic) || text.contains('₽'));
        for (count, is_like) in [
            (&mut self.days, is_day(cell) || holds_day(text)),
            (&mut self.numbers, is_number),
            (&mut self.sums, is_sum),
            (&mut self.names, is_name(text)),
            (&mut self.patronymics, is_person(text)),
            (&mut self.words, is_listed(&shown)),
        ] {
            *count = count.saturating_add(u32::from(is_like));
        }
    }

    fn append(&mut self, below: Self) {
        for (count, more) in [
            (&mut self.filled, below.filled),
            (&mut self.days, below.days),
            (&mut self.numbers, below.numbers),
            (&mut self.sums, below.sums),
            (&mut self.names, below.names),
            (&mut self.patronymics, below.patronymics),
            (&mut self.words, below.words),
        ] {
            *count = count.saturating_add(more);
        }
        let left = SHOWN_CELLS.saturating_sub(self.first.len());
        self.first.extend(below.first.into_iter().take(left));
        let left = SHOWN_CELLS.saturating_sub(self.unusual.len());
        self.unusual.extend(below.unusual.into_iter().take(left));
    }
}

/// Words of conditional columns that may be shown.
const UNUSUAL: [&str; 16] = [
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
fn is_usual(cell: Cell<'_>) -> bool {
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

/// Whether a text holds a day among other words: `до 31.12.2027`.
fn holds_day(text: &str) -> bool {
    text.split(|letter: char| letter.is_whitespace() || matches!(letter, '-' | '–' | '—' | ',' | ';' | '(' | ')'))
        .any(|word| word.matches('.').count() + word.matches('/').count() >= 2 && is_day(Cell::Text(word)))
}

/// Whether a text looks like a person's name: two to four words that begin with capitals, and letters alone.
#[must_use]
pub(super) fn is_name(text: &str) -> bool {
    const LONGEST: usize = 80;
    const FORMS: [&str; 12] =
        ["ооо", "ао", "пао", "зао", "оао", "ип", "llc", "ltd", "отдел", "цех", "договор", "итого"];
    if text.len() > LONGEST {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_word = |word: &&str| {
        word.starts_with(char::is_uppercase)
            && word.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '.' | '\'' | '’'))
            && !FORMS.contains(&&*folded_heading(word))
    };
    (2..=4).contains(&words.len()) && words.iter().all(is_word) && words.iter().any(|word| word.chars().count() > 2)
}

/// Whether a text is surely about a person: a name with a patronymic, or a patronymic alone.
#[must_use]
pub(super) fn is_person(text: &str) -> bool {
    const ENDS: [&str; 7] = ["ович", "евич", "ильич", "овна", "евна", "ична", "оглы"];
    const MOST_LETTERS: usize = 80;
    let is_alone = || text.starts_with(char::is_uppercase) && text.chars().all(char::is_alphabetic);
    if text.len() > MOST_LETTERS || !(is_name(text) || is_alone()) {
        return false;
    }
    let is_patronymic = |word: &str| ENDS.iter().any(|end| word.len() > end.len() && word.ends_with(end));
    let words = text.to_lowercase();
    let mut words = words.split_whitespace();
    // the first word of several is a surname: Рабинович
    let first = words.next();
    words.any(is_patronymic) || is_alone() && first.is_some_and(is_patronymic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(heading: &str, cells: &[Cell<'_>]) -> Option<Likeness> {
        let mut counts = CellCounts::default();
        for cell in cells {
            counts.add(*cell, &|word| ["А", "VIP", "7"].contains(&word));
        }
        SpareColumns(BTreeMap::from([(0, counts)])).likeness(0, heading)
    }

    #[test]
    fn conditions_are_the_usual_words_or_shown() {
        for text in ["0", "0,00", "0 %", "без НДС", "руб.", "RUB", "Оказана", "нет", "—"] {
            assert!(is_usual(Cell::Text(text)), "{text}");
        }
        assert!(is_usual(Cell::Number(0.0)) && is_usual(Cell::Number(643.0)) && is_usual(Cell::Bool(false)));
        for text in ["20%", "150,00", "USD", "Отменена", "Сторно", "да", "на согласовании"]
        {
            assert!(!is_usual(Cell::Text(text)), "{text}");
        }
        assert!(!is_usual(Cell::Number(20.0)) && !is_usual(Cell::Bool(true)));
        let mut columns = SpareColumns::default();
        columns.0.entry(0).or_default().add(Cell::Text("Отменена"), &|_| false);
        columns.0.entry(0).or_default().add(Cell::Text("Петровский"), &|_| false);
        assert_eq!(columns.unusual(0), "Отменена, П*********", "a name in the wrong column is masked");
    }

    #[test]
    fn columns_that_may_change_a_price_are_recognised_by_their_cells() {
        use Cell::{Date, Number, Text};
        for (heading, cells, expected) in [
            ("Прочее", &[Text("01.03.2027")][..], Some(Likeness::Days)),
            ("Прочее", &[Text("нет"), Text("нет"), Text("до 31.12.2027")], Some(Likeness::Days)),
            ("Прочее", &[Text("01.12.2026-30.11.2027")], Some(Likeness::Days)),
            ("Прочее", &[Date(jiff::civil::date(2027, 3, 1))], Some(Likeness::Days)),
            ("Прочее", &[Text("Егорова Инна Петровна")], Some(Likeness::Names)),
            ("Прочее", &[Text("ИВАНОВ ИВАН")], Some(Likeness::Names)),
            ("Прочее", &[Text("нет"), Text("нет"), Text("нет"), Text("Ли Анна Сергеевна")], Some(Likeness::Names)),
            ("Прочее", &[Text("нет"), Text("нет"), Text("нет"), Text("Сергеевна")], Some(Likeness::Names)),
            ("Прочее", &[Text("нет"), Text("нет"), Text("нет"), Text("Рабинович Анна")], None),
            ("Прочее", &[Text("150 000")], Some(Likeness::Money)),
            ("Прочее", &[Number(500_000.0)], Some(Likeness::Money)),
            ("Прочее", &[Text("75 500 руб.")], Some(Likeness::Money)),
            ("Лимит, тыс.", &[Number(150.0)], Some(Likeness::Money)),
            ("Прочее", &[Text("А"), Text("VIP"), Text("нет")], Some(Likeness::Words)),
            ("Прочее", &[Number(7.0)], Some(Likeness::Words)),
            ("Размер", &[Text("М"), Text("XL")], None),
            ("Разряд", &[Number(4.0), Number(6.0)], None),
            ("Код", &[Number(10_234.0), Text("10235")], None),
            ("Цвет", &[Text("синий"), Text("Красный")], None),
            ("Прочее", &[Text("ООО Ромашка")], None),
            ("Прочее", &[Text("Ведущий инженер")], None),
        ] {
            assert_eq!(likeness(heading, cells), expected, "{heading}: {cells:?}");
        }
    }
}
