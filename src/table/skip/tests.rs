//! Rows that are no data, each with the reason, and rows of data that resemble them.

use super::*;

/// The texts of a row, and its numbers after `=`.
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
            text => text.strip_prefix('=').map_or(Cell::Text(text), |number| Cell::Number(number.parse().unwrap())),
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
        (&["", "", "по офису", "=38", ""], Skip::Total),
        (&["", "", "по офису", "=2000", ""], Skip::Total),
        (&["=1", "=2", "=3", "=4", "=5"], Skip::ColumnNumbers),
        (&["1", "2", "", "", ""], Skip::ColumnNumbers),
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
        (&["Дата:", "", "", "01.11.2026", ""], Skip::Footer),
        (&["", "", "по офису МСК", "=38", ""], Skip::Total),
        (&["=39", "", "", "", ""], Skip::Unfilled),
        (&["Мужчин", "2", "", "", "01.11.2026"], Skip::Footer),
        (&["", "", "Итого", "", ""], Skip::Total),
        (&["", "", "Итого:38", "", ""], Skip::Total),
        (&["", "", "В с е г о", "", ""], Skip::Total),
        (&["", "", "застрахованного", "рождения", ""], Skip::RepeatedHeadings),
        (&["", "", "(полностью)", "ДД/ММ/ГГГГ", "1-5"], Skip::Units),
        (&["", "", "кириллицей", "дд.мм.гггг", "1-5"], Skip::Units),
        (&["", "", "Так же как в паспорте", "дд.мм.гггг", "1-5"], Skip::Units),
        (&["", "", "Мужчин", "=2", ""], Skip::Footer),
        (&["", "", "Мужчин", "2 чел.", ""], Skip::Footer),
        (&["", "", "Исп. Сидорова", "тел.: +7 495 123-45-67", ""], Skip::Signature),
        (&["", "", "Исп. Сидорова", "+7\u{a0}495\u{a0}123-45-67", ""], Skip::Signature),
        (&["", "", "Исп. Сидорова", "12-34-56", ""], Skip::Signature),
        (&["Отдел продаж", "=12", "", "", ""], Skip::Heading),
        (&["О т д е л", "12", "", "", ""], Skip::Heading),
        (&["", "", "———", "", ""], Skip::Footer),
        (&["", "", "–––", "", ""], Skip::Footer),
        (&["", "", "- - -", "", ""], Skip::Footer),
        (&["", "", "Конец", "", ""], Skip::Footer),
        (&["", "", "End", "", ""], Skip::Footer),
    ];
    let wrong = table.iter().filter(|(cells, expected)| reason(cells) != Some(*expected));
    let wrong: Vec<_> = wrong.map(|(cells, expected)| (cells, expected, reason(cells))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
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
        &["А", "Б", "", "", ""],
        &["\u{1a}", "101", "Иванов Иван", "", "1"],
        &["", "—", "—", "—", "—"],
        &["", "--", "--", "", ""],
        &["1", "101", "Иванов Иван", "____", "1"],
        &["Дата:", "", "", "01.11.2026", "1"],
        &["", "", "Мужчин", "нет", ""],
        &["", "", "Мужчин", "2", "1"],
        &["", "", "Цех 1 Итог", "нет", ""],
        &["", "", "Петров Пётр", "=38", ""],
        &["", "", "по офису", "=38", "1"],
        &["", "", "3", "", "1"],
        &["", "=101", "", "", ""],
        &["Мужчин", "2", "", "", "нет"],
        &["", "", "Цех 1 Итог", "", "да"],
        &["", "", "Иванова Е.П.", "", "II"],
        &["", "", "Иванова Елена", "", "Генеральный директор"],
        &["Отдел продаж", "", "", "", "да"],
        &["", "", "Директор Анна", "31.12.1980", ""],
        &["", "", "Исп. Сидорова", "12-34", ""],
        &["", "", "4 Иванова", "", ""],
        // a day without its format
        &["", "", "иванов пётр", "=29586", ""],
        &["", "", "", "01.11.2026", "0-4"],
    ];
    let wrong: Vec<_> = table.iter().filter_map(|cells| Some((cells, reason(cells)?))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
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
        (&["5", "", ""], Some(Skip::Unfilled)),
    ] {
        assert_eq!(judge.skip_reason(&Cells(cells)), expected, "{cells:?}");
    }
    // a lone number in the column of a field of words, such as plans, is a count
    let judge = RowJudge { fields: vec![0, 1, 2], ..judge };
    assert_eq!(judge.skip_reason(&Cells(&["5", "", ""])), Some(Skip::Total));
}
