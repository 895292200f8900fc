//! Insured who stay the same through changes of plans, with their families and their clinics.

use super::*;

#[test]
fn clinics_get_the_last_day_of_a_leaver_from_every_version() {
    let book = Book::bind(&small(), &roster().crowd(3));
    book.endorse("открепить;3;;;;;\n", "2026-07-01");
    book.endorse("прикрепить;9;Новикова Анна;01.07.1986;1;;\n", "2026-08-01");
    let last: Vec<(u32, String)> =
        book.served().iter().map(|person| (person.ordinal, person.cover.last().to_string())).collect();
    assert!(last.iter().all(|(ordinal, last)| (*last == YEAR[1]) == (*ordinal != 3)), "{last:?}");
    assert!(last.iter().filter(|(ordinal, _)| *ordinal == 3).all(|(_, last)| last == "2026-06-30"), "{last:?}");
}

#[test]
fn a_relative_of_a_leaver_loses_the_discount() {
    let family = "Таб. №;ФИО;Дата рождения;Группа риска;Действует по;Степень родства\n\
                  1;Иванов Пётр;01.01.1986;1;;сотрудник\n2;Иванова Анна;01.01.1986;1;31.03.2026;супруга\n\
                  3;Сидоров Олег;01.01.1986;1;;сотрудник\n";
    let book = Book::bind(&small(), &family);
    let (before, after) = ("2026-06-30".parse().unwrap(), "2026-07-01".parse().unwrap());
    let rights = |day: Date| -> Vec<Option<DiscountEligibility>> {
        book.served()
            .iter()
            .filter(|person| person.ordinal == 2)
            .map(|person| person.discount_eligibility(day))
            .collect()
    };
    assert_eq!(rights(after), [Some(DiscountEligibility::NextOfKin)]);
    book.endorse("открепить;1;;;;;\n", "2026-07-01");
    assert_eq!(rights(before), [Some(DiscountEligibility::NextOfKin)]);
    assert_eq!(rights(after), [None]);
}

#[test]
fn an_insured_who_changes_plans_stays_the_same_insured_and_head_of_the_family() {
    let family = "Таб. №;ФИО;Дата рождения;Группа риска;План;Действует по;Степень родства\n\
                  1;Иванов Пётр;01.01.1986;1;A;;сотрудник\n2;Иванова Анна;01.01.1986;1;A;31.03.2026;супруга\n";
    let book = Book::bind(&two_plans(), &family);
    book.endorse("сменить вариант;1;;;;B;\n", "2026-07-01");
    book.endorse("сменить вариант;1;;;;A;\n", "2026-08-01");
    let insured = book.insured();
    assert_eq!((insured.insured, insured.person), (vec![1, 2, 3, 4], vec![None, None, Some(1), Some(1)]));
    assert_eq!(insured.head, [Some(1); 4]);
    let listed = |ordinal: u32| {
        let mut people = book.served();
        people.retain(|person| person.ordinal == ordinal);
        people
    };
    let days = |first: &str, last: &str| Period::new(first.parse().unwrap(), last.parse().unwrap());
    let covers: Vec<Option<Period>> = listed(1).iter().map(|person| Some(person.cover)).collect();
    assert_eq!(covers, [days(YEAR[0], "2026-06-30"), days("2026-07-01", "2026-07-31"), days("2026-08-01", YEAR[1])]);
    assert_eq!(listed(1).iter().map(|person| person.head_cover).collect::<Vec<_>>(), [None; 3]);
    // the employee's cover period spans both plans
    let spouse = &listed(2)[0];
    assert_eq!(spouse.head_cover, days(YEAR[0], YEAR[1]));
    assert_eq!(spouse.discount_eligibility("2026-12-31".parse().unwrap()), Some(DiscountEligibility::NextOfKin));
    let valid = days("2026-06-20", "2026-07-20").unwrap();
    let letter = Letter {
        number: 1,
        contract: "T-1".to_owned(),
        ordinal: 1,
        clinic: "dent".to_owned(),
        services: vec!["cd-in".to_owned()],
        scopes: Vec::new(),
        valid,
        reason: None,
        supplements: None,
    };
    let letters = Letters::new(vec![letter]);
    let asked = InsuredQuery { policy: "1".to_owned(), ..InsuredQuery::default() };
    let finder = book.finder(&asked);
    for day in ["2026-06-30", "2026-07-01", "2026-08-01"] {
        let InsuredMatch::Insured(person) = finder.find(&asked, day.parse().unwrap()) else { panic!("{day}") };
        assert_eq!(letters.of_insured(person, "dent").count(), 1, "{day}");
    }
}

#[test]
fn a_change_of_plans_within_a_clinic_programme_is_not_on_the_clinics_list() {
    let attached = "\n[[plan.clinic]]\nclinic = 'dent'\nmode = 'attachment'\nprogramme = 'P'";
    let text = contract().with("roster = 'roster.csv'").with("expense_load = '0.20'");
    let text = text.plan("A").cover("8", attached).plan("B").cover("8", attached).plan("C").cover("8", "");
    let book = Book::bind(&text, &roster().aged(40, 1).on("C").aged(40, 1).on("A").aged(40, 1).on("A"));
    book.endorse("сменить вариант;2;;;;B;\nсменить вариант;3;;;;C;\n", "2026-07-01");
    book.endorse("сменить вариант;2;;;;A;\n", "2026-07-02");
    let network = network();
    let portfolio = Portfolio::open(&book.file("book")).unwrap();
    let mut lists = Lists::new(&network, "2026-07-02".parse().unwrap(), Some("2026-06-30".parse().unwrap()));
    clinics::book::Book::open(&portfolio).unwrap().for_each_insured(|served| lists.insert(served)).unwrap();
    let lists = lists.finish();
    let listed = |list: &[Attached]| -> Vec<(u32, String, String)> {
        list.iter().map(|one| (one.key.1, one.first.to_string(), one.last.to_string())).collect()
    };
    let year = |person: u32| (person, YEAR[0].to_owned(), YEAR[1].to_owned());
    let changes = lists[0].changes.as_ref().unwrap();
    assert_eq!(listed(&lists[0].today), [year(2)]);
    assert_eq!((changes.before, listed(&changes.attach), listed(&changes.moved)), (2, Vec::new(), Vec::new()));
    assert_eq!(listed(&changes.detach), [(3, YEAR[0].to_owned(), "2026-06-30".to_owned())]);
}

#[test]
fn a_family_that_joins_after_a_change_of_plans_belongs_to_the_insured() {
    let rows = "Таб. №;ФИО;Дата рождения;Группа риска;План;Степень родства\n1;Ким Анна;01.07.1986;1;A;сотрудник\n";
    let book = Book::bind(&two_plans(), &rows);
    let request = book.request("", "2026-07-01");
    let rows = "Действие;Таб. №;ФИО;Дата рождения;Группа риска;План;Степень родства\nсменить вариант;1;;;;B;сотрудник\n\
        прикрепить;2;Ким Олег;01.07.1985;1;A;супруг\n";
    fs::write(&request.changes[0], rows).unwrap();
    assert!(matches!(endorse(&mut book.portfolio(), &request, &()), Ok(Endorsed::Done(_))));
    assert_eq!((book.insured().person, book.insured().head), (vec![None, Some(1), None], vec![Some(1); 3]));
    book.verify();
}

#[test]
fn a_family_joins_together() {
    let book = Book::bind(&small(), &roster().crowd(1));
    let request = book.request("", "2026-07-01");
    let rows = "Действие;ФИО;Дата рождения;Группа риска;Степень родства\nприкрепить;Ким Анна;01.07.1986;1;сотрудник\n\
        прикрепить;Ким Олег;01.07.1985;1;супруг\n";
    fs::write(&request.changes[0], rows).unwrap();
    assert!(matches!(endorse(&mut book.portfolio(), &request, &()), Ok(Endorsed::Done(_))));
    let insured = book.insured();
    assert_eq!(insured.relation[1..], [Some("employee".to_owned()), Some("spouse".to_owned())]);
    assert_eq!(insured.head, [None, Some(2), Some(2)]);
    book.verify();
}
