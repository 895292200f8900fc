//! The columns of registers: every filled one is accounted for, and the order of day and month is decided by the whole column.

use std::fs;

use jiff::civil::{Date, date};
use kollektiv::base::diagnostic::{Code, Severity};
use kollektiv::base::messages::Language;
use kollektiv::clinics::register::ClinicRegister;
use kollektiv::clinics::register::spec::{ClinicTables, RegisterSpec, RowKind};
use kollektiv::table::spec::SheetChoice;
use kollektiv::table::value::DateOrder;

use super::fixtures::{network_of, network_text};
use super::sample::{SampleBook, sample};

fn read(text: &str, tables: &ClinicTables) -> ClinicRegister {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.csv");
    fs::write(&path, text).unwrap();
    ClinicRegister::read(&path, &RegisterSpec::new(RowKind::Services, tables, SheetChoice::TheOne)).unwrap()
}

/// A register with these days.
fn with_days(days: &[&str], tables: &ClinicTables) -> ClinicRegister {
    let rows = days.iter().map(|day| format!("П-1;{day};Т-01;900\n"));
    read(&format!("№ полиса;Дата услуги;Код;Стоимость\n{}", rows.collect::<String>()), tables)
}

/// The days of the rows, none where one could not be read, and the codes of the diagnostics.
fn days_and_codes(register: &ClinicRegister) -> (Vec<Option<Date>>, Vec<Code>) {
    let codes = register.tables.diagnostics.iter().map(|found| found.code).collect();
    (register.rows.iter().map(|row| row.day).collect(), codes)
}

#[test]
fn the_whole_column_decides_the_order_of_day_and_month() {
    let usual = ClinicTables::default();
    let (days, codes) = days_and_codes(&with_days(&["07/06/2026", "07/25/2026 10:30"], &usual));
    assert_eq!(days, [Some(date(2026, 7, 6)), Some(date(2026, 7, 25))]);
    assert_eq!(codes, [Code::MonthFirst]);
    let (days, codes) = days_and_codes(&with_days(&["07/06/2026", "25/07/2026"], &usual));
    assert_eq!((days, codes), (vec![Some(date(2026, 6, 7)), Some(date(2026, 7, 25))], Vec::new()));
    // the cells contradict each other: only what has one reading is read
    let mixed = ["07/06/2026", "25/07/2026", "07/25/2026", "2026-07-06"];
    let register = with_days(&mixed, &usual);
    let (days, codes) = days_and_codes(&register);
    assert_eq!(days, [None, None, None, Some(date(2026, 7, 6))]);
    assert_eq!(codes, [Code::DateOrder; 4]);
    assert!(!register.is_refused(), "the other rows are judged (I68)");
    assert_eq!(register.rows.iter().filter(|row| row.unreadable.is_some()).count(), 3);
    // the clinic's terms decide
    let stated = ClinicTables { date_order: Some(DateOrder::DayFirst), ..usual };
    let (days, codes) = days_and_codes(&with_days(&mixed, &stated));
    assert_eq!(days, [Some(date(2026, 6, 7)), Some(date(2026, 7, 25)), None, Some(date(2026, 7, 6))]);
    assert_eq!(codes, [Code::BadDay]);
}

#[test]
fn a_time_of_day_is_that_of_a_visit_or_a_midnight_of_another_zone() {
    let usual = ClinicTables::default();
    let visits = ["15.01.2027 14:30", "16.01.2027 23:59:43", "16.01.2027 21:00:00", "17.01.2027 21:05"];
    let (days, codes) = days_and_codes(&with_days(&visits, &usual));
    assert_eq!(days, [Some(date(2027, 1, 15)), Some(date(2027, 1, 17)), None, Some(date(2027, 1, 17))]);
    assert_eq!(codes, [Code::TimeOfDay]);
    // one time on all days
    let shifted = ["14.01.2027 19:00:00", "15.01.2027 19:00:00", "16.01.2027 19:00:00"];
    let register = with_days(&shifted, &usual);
    assert_eq!(days_and_codes(&register), (vec![None; 3], vec![Code::TimeOfDay; 3]));
    assert!(!register.is_refused() && register.rows.iter().all(|row| row.unreadable.is_some()));
    // a request for a letter is refused, and a birth date has no time
    for (heading, cells) in [
        ("№ полиса;Дата письма;Услуга", "П-1;14.01.2027 21:00;Т-01"),
        ("ФИО;Дата рождения;Услуга", "Орлова Анна;14.01.1980 21:00;Т-01"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("requests.csv");
        fs::write(&path, format!("{heading}\n{cells}\n")).unwrap();
        let spec = RegisterSpec::new(RowKind::Requests, &usual, SheetChoice::TheOne);
        let requests = ClinicRegister::read(&path, &spec).unwrap();
        assert!(requests.is_refused(), "{cells}");
        let codes: Vec<Code> = requests.tables.diagnostics.iter().map(|found| found.code).collect();
        assert_eq!(codes, [Code::TimeOfDay], "{cells}");
    }
}

#[test]
fn columns_that_change_a_row_have_the_usual_words_or_refuse_the_register() {
    let text = |heading: &str, cells: [&str; 2]| {
        let rows = cells.map(|cell| format!("П-1;01.07.2026;Т-01;900;{cell}\n")).concat();
        format!("№ полиса;Дата услуги;Код;Стоимость;{heading}\n{rows}")
    };
    let usual = ClinicTables::default();
    for (heading, cells, shown) in [
        ("Статус", ["Оказана", ""], None),
        ("Статус", ["Оказана", "Отменена"], Some("Отменена")),
        ("Состояние", ["выполнено", "на согласовании"], Some("н* с***********")),
        ("Валюта", ["RUB", "руб."], None),
        ("Валюта", ["RUB", "USD"], Some("USD")),
        ("НДС", ["0,00", "без НДС"], None),
        ("Сумма НДС", ["150,00", "0"], Some("###,##")),
        ("Сторно", ["нет", ""], None),
    ] {
        let register = read(&text(heading, cells), &usual);
        assert_eq!(register.is_refused(), shown.is_some(), "{heading} {cells:?}: {:?}", register.tables.diagnostics);
        if let (Some(shown), Some(found)) = (shown, register.tables.diagnostics.first()) {
            assert_eq!(found.code, Code::UnclaimedColumn);
            let message = Language::En.render(&found.message);
            assert!(message.contains(shown) && message.contains("a reversal, another currency"), "{message}");
        }
    }
    let ignored = ClinicTables { ignored: vec!["Статус".to_owned()], ..usual };
    assert!(!read(&text("Статус", ["Оказана", "Отменена"]), &ignored).is_refused());
}

#[test]
fn a_row_of_another_clinic_is_not_judged_by_this_one() {
    let book = SampleBook::new();
    let file = book.out("register.csv");
    let rows = "0912-001;15.01.2027;Т-02;4200;DENT 01\n0912-001;16.01.2027;Т-02;4200;hosp-01\n0912-001;17.01.2027;Т-02;4200;Филиал\n";
    fs::write(&file, format!("№ полиса;Дата услуги;Код;Стоимость;Клиника\n{rows}")).unwrap();
    book.clinics("settle", Some(&file), "out", &["--clinic", "dent-01", "--lang", "en"]).exits_with(0);
    let table = crate::program::Table::open(&book.out("out/settled.csv"));
    assert_eq!(table.columns(["verdict"]), [["advance"], ["unreadable"], ["advance"]]);
    assert!(table.columns(["reason"])[1][0].contains("of the clinic hosp-01"));
}

/// The text of a file of clinics with more terms at its end.
fn clinics_with(book: &SampleBook, terms: &str) -> std::path::PathBuf {
    let path = book.out("terms/clinics.toml");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("{}\n{terms}", fs::read_to_string(sample("clinics.toml")).unwrap())).unwrap();
    path
}

#[test]
fn columns_of_requests_are_accounted_for() {
    let book = SampleBook::new();
    let file = book.out("requests.csv");
    let request = |heading: &str, cell: &str| {
        let rows = format!("0912-004;dent-01;Т-02;{cell}\n");
        fs::write(&file, format!("№ полиса;Клиника;Услуга;{heading}\n{rows}")).unwrap();
        book.clinics("letter", Some(&file), "out", &["--issued", "2027-01-12", "--dry-run", "--lang", "en"])
    };
    for (heading, cell) in [
        ("Действует до", "20.01.2027"),
        ("Срок действия ГП", "20.01.2027"),
        ("Страховая сумма", "100 000"),
        ("Заявка от", "11.01.2027"),
        ("Заявитель", "Орлова Анна Петровна"),
    ] {
        let refused = request(heading, cell).exits_with(3);
        assert!(refused.err.contains("unclaimed-column"), "{heading}: {}", refused.err);
    }
    // the day of issue and the limit have headings of their own
    request("Дата ГП", "14.01.2027").exits_with(0);
    let answers = crate::program::Table::open(&book.out("out/requests.csv"));
    assert_eq!(answers.columns(["last_day"]), [["2027-02-14"]]);
    request("Лимит, руб.", "4000").exits_with(0);
    let unknown = request("Оттенок", "А2").exits_with(0);
    assert!(unknown.err.contains("unknown-column"), "{}", unknown.err);
    // requests of several clinics have terms of their own
    request("Заявка от", "11.01.2027").exits_with(3);
    let clinics = clinics_with(&book, "[requests.columns]\nignore = [\"Заявка от\"]\n");
    let more = ["--issued", "2027-01-12", "--dry-run"];
    book.clinics_of(&clinics, "letter", Some(&file), "out", &more).exits_with(0);
}

#[test]
fn the_columns_of_the_entitled_are_accounted_for() {
    let book = SampleBook::new();
    let terms = clinics_with(&book, "");
    let list = "ФИО;Дата рождения;Степень родства;Организация;Право с;Право по;Уволен\n\
                Орлов Пётр Ильич;03.04.1980;сотрудник;ООО «Маяк»;01.01.2027;30.06.2027;15.02.2027\n";
    fs::write(terms.with_file_name("entitled.csv"), list).unwrap();
    let day = ["--as-of", "2027-01-20", "--lang", "en"];
    let refused = book.clinics_of(&terms, "loyalty", None, "out", &day).exits_with(3);
    assert!(refused.err.contains("“Уволен”") && refused.err.contains("`[entitled]`"), "{}", refused.err);
    let ignored = clinics_with(&book, "[entitled]\nignore = [\"Уволен\"]\n");
    book.clinics_of(&ignored, "loyalty", None, "out", &day).exits_with(0);
}

#[test]
fn the_check_shows_the_use_of_every_column_and_sheet() {
    let book = SampleBook::new();
    let terms = clinics_with(&book, "");
    let list = "ФИО;Дата рождения;Степень родства;Организация;Право с;Право по;Цвет\n\
                Орлов Пётр Ильич;03.04.1980;сотрудник;ООО «Маяк»;01.01.2027;30.06.2027;синий\n";
    fs::write(terms.with_file_name("entitled.csv"), list).unwrap();
    let register = book.out("register.csv");
    let rows = "0912-001;15.01.2027;Т-02;4200;Орлов;А2\n0912-001;31.02.2027;Т-02;4200;Орлов;А2\n";
    fs::write(&register, format!("№ полиса;Дата услуги;Код;Стоимость;Врач;Оттенок\n{rows}")).unwrap();
    let requests = book.out("requests.csv");
    fs::write(&requests, "№ полиса;Клиника;Услуга;Дата письма\n0912-004;dent-01;Т-02;12.01.2027\n").unwrap();
    let check = |more: &[&str]| {
        let fixed =
            ["clinics".as_ref(), "check".as_ref(), terms.as_os_str(), "--register".as_ref(), register.as_os_str()];
        let others = ["--requests".as_ref(), requests.as_os_str()];
        let more = ["--clinic", "dent-01", "--lang", "en"].iter().chain(more).map(std::ffi::OsStr::new);
        crate::program::run(fixed.into_iter().chain(others).chain(more)).exits_with(3)
    };
    let shown = check(&[]);
    assert!(shown.out.contains("2 rows of data, 1 of them without an error"), "{}", shown.out);
    assert!(shown.err.contains("bad-day") && shown.err.contains("unknown-column"), "{}", shown.err);
    let answer: serde_json::Value = serde_json::from_str(&check(&["--json"]).out).unwrap();
    let outcome = |heading: &str| {
        let columns = answer["columns"].as_array().unwrap();
        let column = columns.iter().find(|column| column["heading"] == heading).unwrap();
        (column["outcome"].as_str().unwrap(), column["field"].as_str())
    };
    assert_eq!(outcome("Дата услуги"), ("used", Some("day")));
    assert_eq!(outcome("Врач"), ("known", None));
    assert_eq!(outcome("Оттенок"), ("unclaimed", None));
    assert_eq!(outcome("Цвет"), ("unclaimed", None));
    assert_eq!(outcome("Дата письма"), ("used", Some("issued")));
    let rows = answer["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| (&table["rows"], &table["readable"], &table["refused"]));
    assert_eq!(
        rows.collect::<Vec<_>>(),
        [(&2.into(), &1.into(), &false.into()), (&1.into(), &1.into(), &false.into())]
    );
}

#[test]
fn codes_of_services_and_clinics_are_read_however_they_are_written() {
    let text = network_text().replace("'cd-in'", "'0101'").replace("'cn-in'", "'А-02'").replace("'nd-in'", "'0012'");
    let network = network_of(&text.replace("'nn-in'", "'12'"));
    let clinic = &network.clinics[0];
    for (written, code) in [
        ("101", Some("0101")),
        ("00101", Some("0101")),
        ("01.01", Some("0101")),
        // a Latin A, and spaces
        ("A 02", Some("А-02")),
        ("а02\u{a0}", Some("А-02")),
        ("0012", Some("0012")),
        ("12", Some("12")),
        // of two codes neither is meant
        ("012", None),
        ("1010", None),
        ("0", None),
    ] {
        let found = clinic.service(written).map(|at| clinic.services[at].code.as_str());
        assert_eq!(found, code, "{written}");
    }
    assert_eq!((network.clinic("d-ent"), network.clinic_written("D-ENT.")), (None, Some(0)));
    assert_eq!((network.clinic_written("dent2"), network.clinic_written("—")), (None, None));
}

#[test]
fn columns_that_may_change_a_verdict_are_accounted_for() {
    let text = |heading: &str, cell: &str| {
        format!("№ полиса;Дата услуги;Код;Стоимость;{heading}\nП-1;01.07.2026;Т-01;900;{cell}\n")
    };
    let usual = ClinicTables::default();
    for (heading, cell, code) in [
        ("Врач", "Орлова Анна Петровна", None),
        ("Исполнитель", "Орлова Анна Петровна", None),
        ("Дата счёта", "05.07.2026", None),
        ("Оттенок", "А2", Some(Code::UnknownColumn)),
        ("Доплата", "15 000", Some(Code::UnclaimedColumn)),
        ("Закрыто", "05.07.2026", Some(Code::UnclaimedColumn)),
        ("Плательщик", "Орлова Анна Петровна", Some(Code::UnclaimedColumn)),
        ("", "05.07.2026", Some(Code::UnclaimedColumn)),
    ] {
        let register = read(&text(heading, cell), &usual);
        let codes: Vec<Code> = register.tables.diagnostics.iter().map(|found| found.code).collect();
        assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{heading}");
        let is_error = code.is_some_and(|code| code.severity() == Severity::Error);
        assert_eq!(register.is_refused(), is_error, "{heading}");
    }
    let ignored = ClinicTables { ignored: vec!["доплата".to_owned()], ..usual };
    let register = read(&text("Доплата", "15 000"), &ignored);
    assert!(!register.is_refused() && register.tables.diagnostics.is_empty());
}

#[test]
fn the_file_of_clinics_states_how_a_clinic_writes_its_tables() {
    let book = SampleBook::new();
    let file = book.out("register.csv");
    let rows = "0912-001;01/15/2027;Т-02;4200;15 000\n0912-001;01/02/2027;Т-02;4200;\n";
    fs::write(&file, format!("№ полиса;Дата услуги;Код;Стоимость;Доплата\n{rows}")).unwrap();
    let refused =
        book.clinics("settle", Some(&file), "refused", &["--clinic", "dent-01", "--lang", "en"]).exits_with(3);
    assert!(refused.err.contains("ignore = [\"Доплата\"]"), "{}", refused.err);
    let clinics = book.out("clinics.toml");
    let text = fs::read_to_string(sample("clinics.toml")).unwrap();
    let address = "address = \"г. Заречный, ул. Липовая, 7\"\n";
    let terms = "[clinic.columns]\nignore = [\"Доплата\"]\n[clinic.dates]\norder = \"mdy\"\n";
    fs::write(&clinics, text.replacen(address, &format!("{address}{terms}"), 1)).unwrap();
    book.clinics_of(&clinics, "settle", Some(&file), "settled", &["--clinic", "dent-01"]).exits_with(0);
    let settled = crate::program::Table::open(&book.out("settled/settled.csv"));
    assert_eq!(settled.columns(["day", "verdict"]), [["2027-01-15", "advance"], ["2027-01-02", "advance"]]);
}
