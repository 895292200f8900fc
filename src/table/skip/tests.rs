//! Rows that are no data, each with the reason, and rows of data that resemble them.

use super::*;

struct Cells(&'static [&'static str]);

impl Row for Cells {
    fn number(&self) -> u32 {
        9
    }

    fn width(&self) -> usize {
        self.0.len()
    }

    fn cell(&self, column: usize) -> Cell<'_> {
        match self.0[column] {
            "" => Cell::Empty,
            text => Cell::Text(text),
        }
    }
}

/// The columns are №, personnel number, name, birth date, risk group; the first is no field.
fn reason(cells: &'static [&'static str]) -> Option<Skip> {
    let headings = ["№", "Таб. №", "ФИО застрахованного", "Дата рождения", "Риск"];
    let judge = RowJudge {
        name: Some(2),
        day: Some(3),
        fields: vec![1, 2, 3, 4],
        headings: headings.iter().map(|heading| folded_heading(heading)).collect(),
        holds_words: vec![false; headings.len()],
        holds_numbers: vec![true, false, false, false, false],
    };
    judge.skip_reason(&Cells(cells))
}

#[test]
fn rows_that_are_no_data_are_recognised() {
    let table: &[(&[&str], Skip)] = &[
        (&["", "", "", "", ""], Skip::Blank),
        (&["Отдел продаж", "", "", "", ""], Skip::Heading),
        (&["Отдел продаж", "12", "", "", ""], Skip::Heading),
        (&["", "", "Механосборочное производство", "", ""], Skip::Heading),
        (&["", "", "Члены семей", "", ""], Skip::Heading),
        (&["Итого:", "", "38 чел.", "", ""], Skip::Total),
        (&["", "", "Итого:", "38", ""], Skip::Total),
        (&["", "", "И т о г о", "", "38"], Skip::Total),
        (&["", "", "Итог", "", "4"], Skip::Total),
        (&["", "", "Итого по отделу", "", "4"], Skip::Total),
        (&["", "", "Итого по отделу", "4", ""], Skip::Total),
        (&["", "", "Цех 1 Итог", "", "4"], Skip::Total),
        (&["", "", "Цех 1 Итог", "4", ""], Skip::Total),
        (&["", "", "Общее количество застрахованных: 4", "", ""], Skip::Total),
        (&["Всего", "", "", "38", ""], Skip::Total),
        (&["Генеральный директор", "", "Воронцов А. П.", "", ""], Skip::Signature),
        (&["", "", "Генеральный директор", "Карпова Е. А.", ""], Skip::Signature),
        (&["", "", "Исполнитель: Карпова Е. А., тел. 12-34", "", ""], Skip::Signature),
        (&["", "", "Подготовила: Карпова", "", ""], Skip::Signature),
        (&["Исполнитель", "", "Карпова Елена Андреевна", "01.11.2026", ""], Skip::Signature),
        (&["1", "2", "3", "4", "5"], Skip::ColumnNumbers),
        (&["39", "", "", "", ""], Skip::Unfilled),
        (&["№", "Таб. №", "ФИО застрахованного", "Дата рождения", "Риск"], Skip::RepeatedHeadings),
        (&["", "", "ФИО", "ДАТА  РОЖДЕНИЯ", ""], Skip::RepeatedHeadings),
        (&["", "", "", "дд.мм.гггг", "0-4"], Skip::Units),
        (&["", "", "(полностью)", "ДД/ММ/ГГГГ", ""], Skip::Units),
        (&["№", "", "", "", "код"], Skip::Units),
        (&["", "", "* по состоянию на 01.12.2026", "", ""], Skip::Footer),
        (&["", "", "Распечатано из программы 01.11.2026", "", ""], Skip::Footer),
        (&["Страница 1 из 1", "", "", "", ""], Skip::Footer),
        (&["", "", "С уважением, Петрова А.А.", "", ""], Skip::Remark),
        (&["", "", "Дата:", "01.11.2026", ""], Skip::Footer),
        (&["_______", "", "", "_______", ""], Skip::Footer),
        (&["", "", "Исп. Сидорова", "+7 495 123-45-67", ""], Skip::Signature),
        (&["", "", "Исп. Сидорова", "тел. 8 (495) 123-45-67", ""], Skip::Signature),
        (&["", "", "Генеральный директор Иванова Е.П.", "01.11.2026", ""], Skip::Signature),
        (&["", "", "Иванова Е.П.", "", "Генеральный директор"], Skip::Signature),
        (&["", "", "Список составил Петров П.П.", "01.11.2026", ""], Skip::Footer),
        (&["", "", "Мужчин", "2", ""], Skip::Footer),
        (&["", "", "Конфиденциально", "", ""], Skip::Footer),
        (&["", "", "© 2026 Ромашка", "", ""], Skip::Footer),
        (&["", "", "as in passport", "DD/MM/YYYY", "0-4"], Skip::Units),
        (&["", "", "Как в паспорте", "дд.мм.гггг", "0-4"], Skip::Units),
        (&["", "Данные верны на 01.11.2026", "", "", ""], Skip::Remark),
        (&["", "", "Из них женщин", "2", ""], Skip::Total),
        (&["", "", "3", "", ""], Skip::Total),
        (&["", "", "Отборы: Организация Равно \"Пример\"", "", ""], Skip::Footer),
        (&["", "", "Дата выгрузки", "01.11.2026", ""], Skip::Footer),
        (&["Дата выгрузки", "", "", "01.11.2026", ""], Skip::Footer),
        (&["", "", "Лист 1 из 2", "", ""], Skip::Footer),
        (&["", "", "Дата: 01.11.2026", "", ""], Skip::Footer),
        (&["", "", "____________", "", ""], Skip::Footer),
        (&["", "", "________ /Петров П.П./", "", ""], Skip::Footer),
        (&["", "", "«01» ноября 2026 г.", "", ""], Skip::Footer),
        (&["", "", "01.11.2026", "", ""], Skip::Footer),
        (&["", "", "«___» ____ 2026 г.", "", ""], Skip::Footer),
        (&["", "", "4 человека", "", ""], Skip::Footer),
        (&["", "", "EOF", "", ""], Skip::Footer),
        (&["", "", "Средний возраст", "", "38"], Skip::Footer),
        (&["", "", "Средний возраст", "38", ""], Skip::Footer),
        (&["", "", "Премия", "", "119612,42"], Skip::Footer),
        (&["", "", "Менеджер по персоналу", "Петрова А.А.", ""], Skip::Signature),
        (&["(1)", "(2)", "(3)", "(4)", "(5)"], Skip::ColumnNumbers),
        (&["А", "Б", "В", "Г", "Д"], Skip::ColumnNumbers),
        (&["*", "*", "*", "*", "*"], Skip::Units),
        (&["", "", "Итого", "01.11.2026", ""], Skip::Total),
        (&["\u{1a}", "", "", "", ""], Skip::EndMark),
    ];
    for (cells, expected) in table {
        assert_eq!(reason(cells), Some(*expected), "{cells:?}");
    }
}

#[test]
fn rows_that_may_be_data_are_read() {
    let table: &[&[&str]] = &[
        &["1", "101", "Иванов Иван", "31.12.1980", "1"],
        &["1", "101", "Иванов Иван", "", ""],
        &["", "", "Иванов Иван", "", ""],
        &["", "", "", "31.12.1980", ""],
        &["", "Т-105", "", "", ""],
        &["Директор", "101", "Иванов Иван", "", ""],
        &["Итого", "", "", "31.12.1980", ""],
        &["", "", "Количество Олег", "", ""],
        &["Всего", "", "Иванов Иван", "", ""],
        // surnames that begin as a word of the lists, or are one
        &["", "", "Итогов Лев Ильич", "", ""],
        &["", "", "Начальников Пётр Ильич", "неизвестно", ""],
        &["", "", "Дата Нана Гелаевна", "13.09.1988", ""],
        &["", "", "Лист Ференц", "13.09.1988", "1"],
        &["", "", "Лист Ференц", "", ""],
        &["", "", "????? ????", "", ""],
        &["", "", "—", "01.11.1986", "1"],
        &["", "", "Примечание", "13.09.1988", "1"],
        // a day that cannot be read, or is a number, is no signer
        &["", "", "Начальник Пётр", "12.1985", "1"],
        &["", "", "Петров Пётр", "дд.мм.гггг", "1"],
        &["", "", "Петров Пётр", "неизвестно", ""],
        &["", "", "Страница", "", "1"],
        &["", "", "ФИО", "", ""],
        &["", "", "", "01.11.2026", "0-4"],
    ];
    for cells in table {
        assert_eq!(reason(cells), None, "{cells:?}");
    }
}

#[test]
fn a_person_with_the_post_of_a_signer_is_data() {
    let headings = ["Должность", "ФИО", "Дата рождения"];
    let judge = RowJudge {
        name: Some(1),
        day: Some(2),
        fields: vec![1, 2],
        headings: headings.iter().map(|heading| folded_heading(heading)).collect(),
        holds_words: vec![true, false, false],
        holds_numbers: Vec::new(),
    };
    for (cells, expected) in [
        (&["Директор", "Егоров Пётр Ильич", ""], None),
        (&["Главный бухгалтер", "Егоров Пётр", ""], None),
        (&["Количество и учёт", "Егоров Пётр Ильич", ""], None),
        (&["Генеральный директор", "Карпова Е. А.", ""], Some(Skip::Signature)),
        (&["Директор", "А.П.Карпова", ""], None),
        (&["Итого", "38 чел.", ""], Some(Skip::Total)),
    ] {
        assert_eq!(judge.skip_reason(&Cells(cells)), expected, "{cells:?}");
    }
}
