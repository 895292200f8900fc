//! Columns that hold no field: whether their cells look like those of one, so that they must not be dropped.

use std::collections::BTreeMap;

use crate::base::diagnostic::masked;
use crate::base::money::Kopecks;
use crate::table::cell::{Cell, Row};
use crate::table::cell_faults::mask_unless_known;
use crate::table::column_words::{About, Answer, answer, is_about, is_statement, is_usual, shown_words};
use crate::table::free_text::{holds_day, is_name, is_person, is_scaled_amount, may_be_day};
use crate::table::likeness::Likeness;
use crate::table::other_columns::OtherColumns;
use crate::table::value::{is_day, roubles};

/// So many first cells of a column are shown in a message.
const SHOWN_CELLS: usize = 3;

/// The cells of the spare columns of a table, counted by what they look like.
#[derive(Debug, Default, Clone)]
pub struct SpareColumns {
    columns: BTreeMap<usize, CellCounts>,
    /// The rows of data.
    rows: u32,
    /// The first row with an amount in two columns, and the first of them.
    cut_amount: Option<(u32, usize)>,
}

/// A text that the table's user knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListedWord {
    /// A plan.
    Plan,
    /// It decides whether the person of the row counts.
    Decision,
}

#[derive(Debug, Default, Clone)]
struct CellCounts {
    filled: u32,
    days: u32,
    /// Cells that may be days without marks or without a year.
    bare_days: u32,
    /// Numbers that a workbook may store for days of this century.
    serials: u32,
    numbers: u32,
    /// Numbers that may be years of cover.
    years: u32,
    sums: u32,
    names: u32,
    patronymics: u32,
    words: u32,
    /// Texts other than «да» and «нет».
    texts: u32,
    formulas: u32,
    /// Answers «да», marks that stand for one, and answers «нет».
    yes: u32,
    no: u32,
    /// The row of the first cell that is none of the usual words.
    first_unusual: Option<u32>,
    /// The row of the first cell that decides.
    decision: Option<u32>,
    /// The first cells, masked.
    first: Vec<String>,
    /// The first cells that are none of the usual words, shortened.
    unusual: Vec<String>,
}

impl SpareColumns {
    /// Counts the cells of a row of data in the columns without a field; `listed` tells what a text is to the table's user.
    pub fn read(
        &mut self,
        row: &(impl Row + ?Sized),
        columns: &OtherColumns,
        listed: &dyn Fn(&str) -> Option<ListedWord>,
    ) {
        self.rows = self.rows.saturating_add(1);
        self.cut_amount = self.cut_amount.or_else(|| Some((row.number(), columns.cut_amount(row)?)));
        for column in columns.of_row(row) {
            let cell = row.cell(column);
            if !cell.is_empty() {
                self.columns.entry(column).or_default().add(cell, row.number(), listed);
            }
        }
    }

    /// Appends the counts of the rows below, draining them.
    pub fn append(&mut self, below: &mut Self) {
        self.rows = self.rows.saturating_add(std::mem::take(&mut below.rows));
        self.cut_amount = self.cut_amount.or(below.cut_amount.take());
        for (column, counts) in std::mem::take(&mut below.columns) {
            self.columns.entry(column).or_default().append(counts);
        }
    }

    /// The first row with an amount that the delimiter has cut in two, and its first column.
    #[must_use]
    pub const fn cut_amount(&self) -> Option<(u32, usize)> {
        self.cut_amount
    }

    /// The columns with any filled cell, in order.
    pub fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.columns.keys().copied()
    }

    /// The row of the first cell that decides whether its person counts, by its own word or by the heading.
    #[must_use]
    pub fn first_decision(&self, column: usize) -> Option<u32> {
        self.columns.get(&column)?.decision
    }

    /// The row that a message about a column of decisions names.
    #[must_use]
    pub fn decisive_row(&self, column: usize) -> Option<u32> {
        self.first_decision(column).or(self.columns.get(&column)?.first_unusual)
    }

    /// Whether the heading makes decisions of the answers in a column: «Уволен» with any mark, «Участие в ДМС» with an answer «нет» or none.
    fn decides_by_heading(&self, counts: &CellCounts, heading: &str) -> bool {
        let is_answered = counts.yes + counts.no == counts.filled;
        let is_open = counts.no > 0 || counts.filled < self.rows;
        is_about(heading, About::Leaving) && counts.first_unusual.is_some()
            || is_about(heading, About::Staying) && counts.no > 0 && is_answered
            || is_about(heading, About::Insurance) && !is_about(heading, About::Relatives) && is_answered && is_open
    }

    /// What the cells of a column look like; `None` where they look like nothing that may change a price.
    #[must_use]
    pub fn likeness(&self, column: usize, heading: &str) -> Option<Likeness> {
        let counts = self.columns.get(&column)?;
        let most = |count: u32| count > 0 && count * 2 >= counts.filled;
        let is_about = |about| is_about(heading, about);
        let is_of_insurance = || is_about(About::Insurance) && counts.first_unusual.is_some();
        if counts.decision.is_some() {
            Some(Likeness::Decisions)
        } else if counts.days > 0 || most(counts.bare_days) || most(counts.serials) && is_about(About::Days) {
            Some(Likeness::Days)
        } else if self.decides_by_heading(counts, heading) {
            Some(Likeness::Decisions)
        } else if most(counts.words) || is_about(About::Extras) && counts.first_unusual.is_some() {
            Some(Likeness::Plans)
        } else if is_about(About::Relatives)
            && (counts.texts > 0 || is_of_insurance() || is_about(About::Ages) && counts.first_unusual.is_some())
        {
            Some(Likeness::Relatives)
        } else if counts.patronymics > 0 || most(counts.names) {
            Some(Likeness::Names)
        } else if most(counts.numbers) && is_about(About::Terms) && !is_about(About::OtherTerms)
            || most(counts.years) && is_about(About::Days)
            || is_of_insurance() && is_about(About::Days)
        {
            Some(Likeness::Terms)
        } else if most(counts.sums) || most(counts.numbers) && is_about(About::Money) {
            Some(Likeness::Money)
        } else if counts.formulas > 0 {
            Some(Likeness::Formulas)
        } else {
            None
        }
    }

    /// Whether a column has a cell that is none of the usual words: done, roubles, without tax.
    #[must_use]
    pub fn has_unusual(&self, column: usize) -> bool {
        self.columns.get(&column).is_some_and(|counts| !counts.unusual.is_empty())
    }

    /// The first of these cells.
    #[must_use]
    pub fn unusual(&self, column: usize) -> String {
        self.columns.get(&column).map_or_else(String::new, |counts| counts.unusual.join(", "))
    }

    /// The first cells of a column, masked.
    #[must_use]
    pub fn first_cells(&self, column: usize) -> String {
        self.columns.get(&column).map_or_else(String::new, |counts| counts.first.join(", "))
    }
}

impl CellCounts {
    fn add(&mut self, cell: Cell<'_>, row: u32, listed: &dyn Fn(&str) -> Option<ListedWord>) {
        /// A sum insured is a round number; other numbers of this size are codes.
        const SMALLEST_SUM_KOPECKS: i128 = 10_000 * 100;
        const ROUND_KOPECKS: i128 = 1000 * 100;
        /// The serials of the days from 2005 to 2040.
        const SERIALS: std::ops::Range<i128> = 38_353 * 100..51_500 * 100;
        const YEARS: std::ops::Range<i128> = 2020 * 100..2050 * 100;
        let shown = cell.display();
        self.filled = self.filled.saturating_add(1);
        if self.first.len() < SHOWN_CELLS {
            self.first.push(masked(&shown));
        }
        if self.unusual.len() < SHOWN_CELLS && !is_usual(cell) {
            self.unusual.push(mask_unless_known(&shown, shown_words()));
            self.first_unusual = self.first_unusual.or(Some(row));
        }
        match answer(cell) {
            Some(Answer::Yes) => self.yes = self.yes.saturating_add(1),
            Some(Answer::No) => self.no = self.no.saturating_add(1),
            None => {}
        }
        let kopecks = roubles(cell).map(Kopecks::get);
        let is_number = kopecks.is_some();
        let is_round = kopecks.is_some_and(|kopecks| kopecks >= SMALLEST_SUM_KOPECKS && kopecks % ROUND_KOPECKS == 0);
        let text = if let Cell::Text(text) = cell { text } else { "" };
        let is_year = kopecks.is_some_and(|kopecks| YEARS.contains(&kopecks));
        let has_unit = is_number && (text.contains(char::is_alphabetic) || text.contains('₽'));
        let word = listed(&shown);
        if word == Some(ListedWord::Decision) {
            self.decision = self.decision.or(Some(row));
        }
        for (count, is_like) in [
            (&mut self.days, is_day(cell) || holds_day(text)),
            (&mut self.bare_days, may_be_day(&shown)),
            (&mut self.serials, kopecks.is_some_and(|kopecks| SERIALS.contains(&kopecks))),
            (&mut self.numbers, is_number),
            (&mut self.years, is_year),
            (&mut self.sums, is_round || has_unit || is_scaled_amount(text)),
            (&mut self.names, is_name(text)),
            (&mut self.patronymics, is_person(text)),
            (&mut self.words, word == Some(ListedWord::Plan)),
            (&mut self.texts, is_statement(text)),
            (&mut self.formulas, cell == Cell::Uncalculated),
        ] {
            *count = count.saturating_add(u32::from(is_like));
        }
    }

    fn append(&mut self, below: Self) {
        for (count, more) in [
            (&mut self.filled, below.filled),
            (&mut self.days, below.days),
            (&mut self.bare_days, below.bare_days),
            (&mut self.serials, below.serials),
            (&mut self.numbers, below.numbers),
            (&mut self.years, below.years),
            (&mut self.sums, below.sums),
            (&mut self.names, below.names),
            (&mut self.patronymics, below.patronymics),
            (&mut self.words, below.words),
            (&mut self.texts, below.texts),
            (&mut self.formulas, below.formulas),
            (&mut self.yes, below.yes),
            (&mut self.no, below.no),
        ] {
            *count = count.saturating_add(more);
        }
        self.decision = self.decision.or(below.decision);
        self.first_unusual = self.first_unusual.or(below.first_unusual);
        let left = SHOWN_CELLS.saturating_sub(self.first.len());
        self.first.extend(below.first.into_iter().take(left));
        let left = SHOWN_CELLS.saturating_sub(self.unusual.len());
        self.unusual.extend(below.unusual.into_iter().take(left));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(heading: &str, cells: &[Cell<'_>]) -> Option<Likeness> {
        let mut counts = CellCounts::default();
        for cell in cells.iter().filter(|cell| !cell.is_empty()) {
            counts.add(*cell, 2, &|word| match word {
                "А" | "VIP" | "7" => Some(ListedWord::Plan),
                "уволен" => Some(ListedWord::Decision),
                _ => None,
            });
        }
        let rows = u32::try_from(cells.len()).unwrap();
        SpareColumns { columns: BTreeMap::from([(0, counts)]), rows, cut_amount: None }.likeness(0, heading)
    }

    #[test]
    fn an_unusual_cell_is_shown_and_a_name_in_the_wrong_column_is_masked() {
        let mut columns = SpareColumns::default();
        for text in ["Отменена", "Петровский"] {
            columns.columns.entry(0).or_default().add(Cell::Text(text), 2, &|_| None);
        }
        assert_eq!(columns.unusual(0), "Отменена, П*********");
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
            ("Прочее", &[Text("А"), Text("VIP"), Text("нет")], Some(Likeness::Plans)),
            ("Прочее", &[Number(7.0)], Some(Likeness::Plans)),
            ("Размер", &[Text("М"), Text("XL")], None),
            ("Разряд", &[Number(4.0), Number(6.0)], None),
            ("Код", &[Number(10_234.0), Text("10235")], None),
            ("Цвет", &[Text("синий"), Text("Красный")], None),
            ("Прочее", &[Text("с 01.03.27")], Some(Likeness::Days)),
            ("Прочее", &[Text("нет"), Text("с марта 2027")], Some(Likeness::Days)),
            ("Прочее", &[Text("20270301"), Number(20_270_401.0)], Some(Likeness::Days)),
            ("Дата ввода в действие", &[Number(46_082.0)], Some(Likeness::Days)),
            ("Код", &[Number(46_082.0)], None),
            ("Прочее", &[Text("100 тыс")], Some(Likeness::Money)),
            ("Срок страхования, мес.", &[Number(9.0), Text("12")], Some(Likeness::Terms)),
            ("Кол-во дней", &[Number(275.0)], Some(Likeness::Terms)),
            ("Год начала", &[Number(2027.0)], Some(Likeness::Terms)),
            ("Год выпуска", &[Number(2027.0)], None),
            ("Месяц", &[Text("март")], Some(Likeness::Days)),
            ("Срок отпуска, дней", &[Number(28.0)], None),
            ("Прочее", &[Text("нет"), Text("уволен"), Text("01.03.2027")], Some(Likeness::Decisions)),
            ("Имя ребёнка", &[Text("нет"), Text("Илья")], Some(Likeness::Relatives)),
            ("Дети", &[Text("Илья, 2015")], Some(Likeness::Relatives)),
            ("Член семьи 1", &[Text("жена")], Some(Likeness::Relatives)),
            ("Кол-во детей", &[Number(2.0), Text("3")], None),
            ("Есть дети", &[Text("да"), Text("Нет")], None),
            ("Кол-во застрахованных детей", &[Number(0.0), Number(2.0)], Some(Likeness::Relatives)),
            ("Кол-во застрахованных детей", &[Number(0.0), Text("нет")], None),
            ("Возраст детей", &[Text("5, 8")], Some(Likeness::Relatives)),
            ("Уволен", &[Text("нет"), Text("х")], Some(Likeness::Decisions)),
            ("Уволен", &[Text("нет"), Text("-")], None),
            ("+/-", &[Text("+"), Text("-")], Some(Likeness::Decisions)),
            ("Участие в ДМС", &[Text("да"), Text("нет")], Some(Likeness::Decisions)),
            ("Участие в ДМС", &[Text("да"), Text("+")], None),
            ("Участие в ДМС", &[Text("да"), Cell::Empty], Some(Likeness::Decisions)),
            ("Доп. программа", &[Text("Стоматология"), Text("нет")], Some(Likeness::Plans)),
            ("Доп. программа", &[Text("-"), Text("нет")], None),
            ("Доп. программа", &[Text("да"), Text("нет")], Some(Likeness::Plans)),
            ("Стоматология", &[Text("+"), Cell::Empty], Some(Likeness::Plans)),
            ("Стоматология", &[Text("нет"), Cell::Empty], None),
            ("Франшиза", &[Text("10%")], Some(Likeness::Plans)),
            ("Работает", &[Text("да"), Text("нет")], Some(Likeness::Decisions)),
            ("Активен", &[Text("да"), Text("да")], None),
            ("Программа мед. обслуживания", &[Text("Амбулаторная")], None),
            ("Страховая компания", &[Text("Ромашка"), Text("нет")], None),
            ("Дата старта ДМС", &[Text("II квартал")], Some(Likeness::Terms)),
            ("Дата договора", &[Text("нет данных")], None),
            ("Детали", &[Text("Илья")], None),
            ("Прочее", &[Text("нет"), Cell::Uncalculated], Some(Likeness::Formulas)),
            ("Прочее", &[Text("ООО Ромашка")], None),
            ("Прочее", &[Text("Ведущий инженер")], None),
        ] {
            assert_eq!(likeness(heading, cells), expected, "{heading}: {cells:?}");
        }
    }
}
