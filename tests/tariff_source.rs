//! The built-in tariff against its printed source: every figure retyped from the tables, clause by clause.
//!
//! Figures are written as printed, with a decimal comma, and wordings letter by letter.

use kollektiv::tariff::programme::{Base, ExclusionCoefficient, Programme};
use kollektiv::tariff::range::Range;
use kollektiv::tariff::{Cited, Tariff};
use rust_decimal::Decimal;

/// A number in the notation of the source.
fn printed(number: Decimal) -> String {
    number.to_string().replace('.', ",")
}

/// A range in the notation of the source, the lower end first.
fn printed_range(range: Range) -> String {
    format!("{} - {}", printed(range.low), printed(range.high))
}

fn programme<'t>(tariff: &'t Tariff, code: &str) -> &'t Programme {
    let found: Vec<_> = tariff.programmes.iter().filter(|programme| programme.code == code).collect();
    assert_eq!(found.len(), 1, "programme {code}");
    found[0]
}

/// The clause of a programme's exclusions, and its rows: service, wording, coefficients with ` | ` between the columns.
fn exclusions(tariff: &Tariff, code: &str) -> (String, Vec<[String; 3]>) {
    let Cited { clause, value } = programme(tariff, code).exclusions.as_ref().unwrap();
    let rows = value.rows.iter().map(|row| {
        let coefficient = match &row.coefficient {
            ExclusionCoefficient::Fixed(coefficient) => printed(*coefficient),
            ExclusionCoefficient::Range(range) => printed_range(*range),
            ExclusionCoefficient::ByChildBand(columns) => {
                let columns = columns.iter().map(|column| column.map_or("-".to_owned(), printed));
                columns.collect::<Vec<_>>().join(" | ")
            }
        };
        [tariff.services[row.service.0].code.clone(), row.wording.clone(), coefficient]
    });
    (clause.clone(), rows.collect())
}

/// The sets of a programme's exclusions in alphabetical order, each with its services in alphabetical order.
fn sets(tariff: &Tariff, code: &str) -> Vec<(String, String)> {
    let exclusions = &programme(tariff, code).exclusions.as_ref().unwrap().value;
    let mut sets: Vec<_> = exclusions
        .sets
        .iter()
        .map(|set| {
            let mut services = tariff.service_codes(set.services.iter().copied());
            services.sort_unstable();
            (services.join(" + "), printed(set.coefficient))
        })
        .collect();
    sets.sort();
    sets
}

fn assert_exclusions(code: &str, clause: &str, rows: &[[&str; 3]]) {
    let tariff = Tariff::base();
    let (found_clause, found_rows) = exclusions(&tariff, code);
    assert_eq!(found_clause, clause);
    assert_eq!(found_rows, rows);
}

fn assert_sets(code: &str, expected: &[(&str, &str)]) {
    let expected: Vec<_> =
        expected.iter().map(|(services, number)| ((*services).to_owned(), (*number).to_owned())).collect();
    assert_eq!(sets(&Tariff::base(), code), expected);
}

#[test]
fn clause_1_base_rates_and_names_of_all_programmes() {
    let expected = [
        ("1", "Амбулаторное лечение", "38,74"),
        ("2", "Стационарное лечение", "10,43"),
        (
            "3a",
            "Полная страховая ответственность: амбулаторное, стационарное лечение, скорая и неотложная медицинская помощь",
            "16,93",
        ),
        ("3b", "Полная страховая ответственность: амбулаторное и стационарное лечение", "19,5"),
        ("4", "Скорая и неотложная медицинская помощь", "8,24"),
        ("5", "Скорая и неотложная медицинская помощь и стационарное лечение", "9,77"),
        (
            "6",
            "Амбулаторное лечение, скорая и неотложная медицинская помощь при состоянии, вызванном укусом клеща",
            "0,70 - 1,50",
        ),
        ("7", "Стоматология", "81,36"),
        ("8", "Стоматологическая помощь (без протезирования)", "60,83"),
        ("9", "Кардиологическая помощь при полной страховой ответственности", "9,04"),
        ("10", "Педиатрическая помощь при полной страховой ответственности", "37,25 | 27,30 | 17,75"),
        ("11", "Стационарная хирургическая помощь при стационарном лечении", "3,14"),
        ("12", "Урологическая помощь при полной страховой ответственности", "5,79"),
        ("13", "Акушерско-гинекологическая помощь при полной страховой ответственности", "4,36"),
        ("14", "Санаторно-курортное, реабилитационно-восстановительное лечение", "14,97"),
        ("15", "Лекарственное обеспечение при амбулаторном лечении", "33,54"),
        ("16", "Поликлиника", "13,031"),
        ("17", "Стационар", "2,880"),
        ("18", "Детская поликлиника", "24,889 | 18,243 | 11,858"),
        ("19", "Детский стационар", "19,921 | 14,602 | 9,491"),
        ("20", "Стационарная терапевтическая помощь при стационарном лечении", "8,76"),
    ];
    let tariff = Tariff::base();
    let found: Vec<_> = tariff
        .programmes
        .iter()
        .map(|programme| {
            assert_eq!(programme.clause, "1");
            let base = match &programme.base {
                Base::Fixed(rate) => printed(*rate),
                Base::Range(range) => printed_range(*range),
                Base::ByChildBand(rates) => rates.iter().map(|rate| printed(*rate)).collect::<Vec<_>>().join(" | "),
            };
            (programme.code.as_str(), programme.name.as_str(), base)
        })
        .collect();
    let found: Vec<_> = found.iter().map(|(code, name, base)| (*code, *name, base.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn clause_1_children_have_three_bands() {
    // «от 0 до 1 года», «с 1 года до 7 лет», «с 8 до 15 лет (включительно)»; in completed years by I6
    let Cited { clause, value } = Tariff::base().child_bands;
    assert_eq!(clause, "1");
    let bands: Vec<_> = value.iter().map(|band| (band.from, band.to)).collect();
    assert_eq!(bands, [(0, 0), (1, 7), (8, 15)]);
}

#[test]
fn clause_2_1_coefficients_by_headcount() {
    let Cited { clause, value } = Tariff::base().headcount;
    assert_eq!(clause, "2.1");
    let found: Vec<_> = value.iter().map(|band| (band.from, band.to, printed_range(band.range))).collect();
    let expected = [
        (1, Some(9), "1,20 - 1,40"),
        (10, Some(49), "1,10 - 1,20"),
        (50, Some(99), "1,00 - 1,10"),
        (100, Some(499), "0,94 - 1,00"),
        (500, Some(999), "0,88 - 0,94"),
        // the source prints the higher end of these two first: «0,88 - 0,85», «0,85 - 0,80»
        (1000, Some(4000), "0,85 - 0,88"),
        (4001, None, "0,80 - 0,85"),
    ];
    assert_eq!(found, expected.map(|(from, to, range)| (from, to, range.to_owned())));
}

#[test]
fn clause_2_2_coefficients_by_age() {
    let Cited { clause, value } = Tariff::base().age;
    assert_eq!(clause, "2.2");
    let found: Vec<_> = value.iter().map(|band| (band.years.from, band.years.to, printed(band.coefficient))).collect();
    let expected = [
        (0, 2, "1,55"),
        (3, 4, "1,45"),
        (5, 9, "1,25"),
        (10, 14, "0,95"),
        (15, 17, "0,82"),
        (18, 24, "0,87"),
        (25, 29, "0,90"),
        (30, 34, "0,93"),
        (35, 39, "0,97"),
        (40, 44, "1,00"),
        (45, 49, "1,10"),
        (50, 54, "1,15"),
        (55, 59, "1,25"),
        (60, 64, "1,35"),
        (65, 79, "1,45"),
    ];
    assert_eq!(found, expected.map(|(from, to, coefficient)| (from, to, coefficient.to_owned())));
}

#[test]
fn clause_2_3_price_changes() {
    let Cited { clause, value } = Tariff::base().price_change;
    assert_eq!(clause, "2.3");
    assert_eq!(printed_range(value.up), "1,0 - 5,0");
    assert_eq!(printed_range(value.down), "0,1 - 0,9");
}

#[test]
fn clause_2_4_additional_services() {
    let Cited { clause, value } = Tariff::base().additional_services;
    assert_eq!(clause, "2.4");
    assert_eq!(printed_range(value), "1,1 - 5,0");
}

#[test]
fn clause_2_5_coefficients_by_risk_group() {
    let Cited { clause, value } = Tariff::base().risk;
    assert_eq!(clause, "2.5");
    let found: Vec<_> = value.iter().map(|row| (row.group, printed_range(row.range))).collect();
    let expected = [(0, "0,80 - 0,90"), (1, "1,00 - 1,50"), (2, "1,60 - 1,90"), (3, "2,00 - 2,50"), (4, "2,60 - 3,50")];
    assert_eq!(found, expected.map(|(group, range)| (group, range.to_owned())));
}

#[test]
fn clause_2_6_1_exclusions_of_programme_1() {
    let rows = [
        ["dental", "Стоматологическая помощь (без протезирования)", "0,80"],
        ["home_care", "Медицинская помощь на дому", "0,95"],
    ];
    assert_exclusions("1", "2.6.1", &rows);
}

#[test]
fn clause_2_6_2_exclusions_of_programme_2() {
    assert_exclusions(
        "2",
        "2.6.2",
        &[["planned_admission", "Стационарное лечение по плановым показаниям", "0,40 - 0,70"]],
    );
}

#[test]
fn clause_2_6_3_exclusions_of_programme_3() {
    let rows = [
        ["dental", "Стоматологическая помощь (без протезирования)", "0,89"],
        ["home_care", "Медицинская помощь на дому", "0,98"],
        ["planned_admission", "Стационарное лечение по плановым показаниям", "0,81"],
    ];
    assert_exclusions("3a", "2.6.3.1", &rows);
    let rows = [
        ["dental", "Стоматологическая помощь (без протезирования)", "0,87"],
        ["home_care", "Медицинская помощь на дому", "0,97"],
        ["planned_admission", "Стационарное лечение по плановым показаниям", "0,78"],
    ];
    assert_exclusions("3b", "2.6.3.2", &rows);
}

#[test]
fn clause_2_6_4_exclusions_of_programme_5() {
    assert_exclusions("5", "2.6.4", &[["planned_admission", "Госпитализация по плановым показаниям", "0,85"]]);
}

#[test]
fn clause_2_6_5_exclusions_and_collective_contracts_of_programme_6() {
    let wording = "Медицинская помощь на дому (в случае исключения из программы страхования)";
    assert_exclusions("6", "2.6.5", &[["home_care", wording, "0,80"]]);
    let tariff = Tariff::base();
    let Cited { clause, value } = programme(&tariff, "6").collective.as_ref().unwrap();
    assert_eq!(clause, "2.6.5");
    assert_eq!(value.wording, "Оказание медицинских услуг при заключении коллективного Договора страхования");
    assert_eq!(printed(value.coefficient), "0,71");
}

#[test]
fn clause_2_6_6_exclusions_of_programme_10() {
    let rows = [
        ["dental", "Стоматологическое лечение", "- | 0,90 | 0,90"],
        ["home_care", "Помощь на дому", "0,95 | 0,95 | 0,95"],
        ["any_admission", "Госпитализация по экстренным и плановым показаниям", "0,93 | 0,90 | 0,90"],
        ["planned_admission", "Госпитализация по плановым показаниям", "0,94 | 0,94 | 0,92"],
        ["ambulance", "Скорая и неотложная медицинская помощь", "0,93 | 0,90 | 0,90"],
    ];
    assert_exclusions("10", "2.6.6", &rows);
    // «по экстренным и плановым показаниям» includes «по плановым показаниям» (I10); no other service includes another
    let tariff = Tariff::base();
    for service in &tariff.services {
        let held = tariff.service_codes(service.holds.iter().copied());
        let expected: &[&str] = if service.code == "any_admission" { &["planned_admission"] } else { &[] };
        assert_eq!(held, expected, "{}", service.code);
    }
}

#[test]
fn clause_2_6_7_exclusions_and_inclusions_of_programme_16() {
    let rows = [
        ["dental", "Стоматологическая терапевтическая и хирургическая помощь", "0,75"],
        ["home_care", "Медицинская помощь на дому", "0,95"],
        ["ambulance", "Скорая и неотложная медицинская помощь", "0,90"],
    ];
    assert_exclusions("16", "2.6.7.1", &rows);
    assert_sets(
        "16",
        &[
            ("ambulance + dental", "0,65"),
            ("ambulance + dental + home_care", "0,60"),
            ("ambulance + home_care", "0,85"),
            ("dental + home_care", "0,70"),
        ],
    );
    let tariff = Tariff::base();
    let Cited { clause, value } = programme(&tariff, "16").inclusions.as_ref().unwrap();
    assert_eq!(clause, "2.6.7.2");
    let found: Vec<_> = value
        .iter()
        .map(|row| {
            let code = tariff.services[row.service.0].code.as_str();
            (code, row.value.wording.as_str(), printed(row.value.coefficient))
        })
        .collect();
    let expected =
        [("office_doctor", "Услуги врача офиса", "1,30"), ("personal_doctor", "Услуги личного врача", "1,80")];
    assert_eq!(found, expected.map(|(code, wording, coefficient)| (code, wording, coefficient.to_owned())));
}

#[test]
fn clause_2_6_8_exclusions_of_programme_17() {
    assert_exclusions("17", "2.6.8", &[["planned_admission", "Плановая госпитализация", "0,55"]]);
}

#[test]
fn clause_2_6_9_exclusions_of_programme_18() {
    let rows = [
        ["dental", "Стоматологическая терапевтическая и хирургическая помощь", "0,75"],
        ["home_care", "Медицинская помощь на дому", "0,95"],
        ["ambulance", "Скорая и неотложная медицинская помощь", "0,90"],
    ];
    assert_exclusions("18", "2.6.9", &rows);
    assert_sets(
        "18",
        &[
            // 0,70, where programme 16 has 0,65
            ("ambulance + dental", "0,70"),
            ("ambulance + dental + home_care", "0,60"),
            ("ambulance + home_care", "0,85"),
            ("dental + home_care", "0,70"),
        ],
    );
}

#[test]
fn clause_2_6_10_exclusions_of_programme_19() {
    assert_exclusions("19", "2.6.10", &[["planned_admission", "Госпитализация по плановым показаниям", "0,55"]]);
}

#[test]
fn clause_2_6_does_not_mention_the_other_programmes() {
    for programme in &Tariff::base().programmes {
        let code = programme.code.as_str();
        let excludes = ["1", "2", "3a", "3b", "5", "6", "10", "16", "17", "18", "19"].contains(&code);
        assert_eq!(programme.exclusions.is_some(), excludes, "{code}");
        assert_eq!(programme.inclusions.is_some(), code == "16", "{code}");
        assert_eq!(programme.collective.is_some(), code == "6", "{code}");
        let sets = programme.exclusions.as_ref().map_or(0, |exclusions| exclusions.value.sets.len());
        assert_eq!(sets > 0, ["16", "18"].contains(&code), "{code}");
        // «акушерско-гинекологическая помощь» is the only programme for one sex
        assert_eq!(programme.sex.is_some(), code == "13", "{code}");
    }
}
