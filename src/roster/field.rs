//! The fields of rosters, censuses and lists of changes, and the headings by which their columns are recognised.
//!
//! This list is the only one: the keys of a contract's `[columns]` and their schema, the masking of values in messages, the copying of texts
//! into results and every order of fields come from it. Headings are listed in `headings.toml`; `census.toml` and `changes.toml` list those
//! that mean another field in their kind of table.

use std::sync::LazyLock;

use crate::base::messages::Language;
use crate::table::dictionary::Dictionary;
use crate::table::field::fields;
use crate::table::layout::Layout;
use crate::table::spec::SplitField;

fields! {
    /// What a column of a roster, a census or a list of changes holds; [`fields!`](crate::table::field) explains the words of a line.
    pub enum Field {
        Name = "name", Text, Personal, One, "surname, given name and patronymic in one";
        Surname = "surname", Text, Personal, One, "the surname alone";
        GivenName = "given_name", Text, Personal, One, "the given name alone";
        Patronymic = "patronymic", Text, Personal, One, "the patronymic alone";
        BirthDate = "birth_date", Date, Personal, One, "the day of birth";
        RiskGroup = "risk_group", Word, Open, One, "the risk group (§2.5)";
        Plan = "plan", Word, Open, One, "the plan, by code or name";
        Id = "id", Text, Personal, One, "a number that is the personnel or the policy number";
        PersonnelNumber = "personnel_number", Text, Personal, One, "the personnel number, which a family may share";
        PolicyNumber = "policy_number", Text, Personal, One, "the number of the insured's policy";
        Sex = "sex", Word, Open, One, "the sex";
        SumInsured = "sum_insured", Money, Open, One, "the insured's own sum insured";
        SumInsuredThousands = "sum_insured_thousands", Money, Open, One, "the insured's own sum insured in thousands of roubles";
        Start = "start", Date, Personal, One, "the first day of the insured's own cover (I16)";
        End = "end", Date, Personal, One, "the last day of the insured's own cover (I16)";
        CoverPeriod = "cover_period", Text, Personal, One, "both days of the insured's own cover in one cell (I16)";
        Relation = "relation", Word, Open, First, "the relation of the insured to the employee";
        Age = "age", Ages, Open, One, "the ages in a census";
        StatedAge = "stated_age", Number, Open, First, "the age in a roster, which is compared with the day of birth";
        Insured = "insured", Number, Open, One, "the number of insured in a census";
        Action = "action", Word, Open, One, "what happens to the insured in a list of changes";
        ChangeDay = "change_day", Date, Open, One, "the day from which a change counts, in a list of changes";
        DetachDay = "detach_day", Date, Open, One, "the day of detachment, in a list of changes: `detach_day` of the contract states which";
        Phone = "phone", Text, Personal, Joined, "the telephone number, for the clinics";
        Address = "address", Text, Personal, Joined, "the address, for the clinics";
        Passport = "passport", Text, Personal, Joined, "the passport, for the clinics";
        Snils = "snils", Text, Personal, Joined, "the СНИЛС, for the clinics";
        Email = "email", Text, Personal, Joined, "the e-mail address, for the clinics";
    }
}

impl Field {
    /// The usual heading of the field in a language, in the kind of table that has the field.
    #[must_use]
    pub fn usual_heading(self, language: Language) -> &'static str {
        static ALL: LazyLock<Dictionary> = LazyLock::new(|| dictionary(&[CHANGES_HEADINGS, CENSUS_HEADINGS, HEADINGS]));
        ALL.usual_heading_in(self.spec(), language)
    }
}

/// The name of an insured, which rosters have in one column or in three.
pub static FULL_NAME: SplitField = SplitField {
    whole: Field::Name.spec(),
    parts: [Field::Surname.spec(), Field::GivenName.spec(), Field::Patronymic.spec()],
    second_beside_first: &["Name"],
};

/// The fields of numbers by which an insured is known, in the order in which one of them is the id.
pub const NUMBERS: [Field; 3] = [Field::PersonnelNumber, Field::Id, Field::PolicyNumber];

/// The column of the number that is the id of an insured.
#[must_use]
pub fn id_column(layout: &Layout) -> Option<usize> {
    NUMBERS.into_iter().find_map(|field| layout.column(field))
}

/// The headings of rosters.
pub(crate) const HEADINGS: &str = include_str!("headings.toml");
/// The headings that mean another field in censuses.
const CENSUS_HEADINGS: &str = include_str!("census.toml");
/// The headings that mean another field in lists of changes.
const CHANGES_HEADINGS: &str = include_str!("changes.toml");

/// The dictionary of rosters.
pub static ROSTER: LazyLock<Dictionary> = LazyLock::new(|| dictionary(&[HEADINGS]));
/// The dictionary of censuses, where the telephones and papers of people are of no interest.
pub static CENSUS: LazyLock<Dictionary> = LazyLock::new(|| {
    use Field::{Address, Email, Passport, Phone, Snils, StatedAge};
    const OF_PEOPLE: [Field; 6] = [Phone, Address, Passport, Snils, Email, StatedAge];
    let fields = Field::ALL.iter().filter(|field| !OF_PEOPLE.contains(field));
    Dictionary::parse(fields.map(|field| field.spec()), &[CENSUS_HEADINGS, HEADINGS])
});
/// The dictionary of lists of changes.
pub static CHANGES: LazyLock<Dictionary> = LazyLock::new(|| dictionary(&[CHANGES_HEADINGS, HEADINGS]));

fn dictionary(texts: &[&str]) -> Dictionary {
    Dictionary::parse(Field::ALL.iter().map(|field| field.spec()), texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::dictionary::{Meaning, assert_sound};

    fn means(field: Field) -> Meaning {
        Meaning::Field(field.spec())
    }

    #[test]
    fn dictionaries_give_each_heading_one_meaning() {
        let mut names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        names.extend(["known", "remark", "status", "qualifier"]);
        names.extend(["about_nothing", "about_nothing_unless", "about_the_past"]);
        for text in [HEADINGS, CENSUS_HEADINGS, CHANGES_HEADINGS] {
            assert_sound(text, &names);
        }
    }

    #[test]
    fn every_field_has_usual_headings_in_both_languages() {
        for field in Field::ALL {
            let dictionary = match field {
                Field::Age | Field::Insured => &CENSUS,
                Field::Action | Field::ChangeDay | Field::DetachDay => &CHANGES,
                _ => &ROSTER,
            };
            let [ru, en] = [Language::Ru, Language::En].map(|language| field.usual_heading(language));
            assert!(!ru.is_ascii() && en.is_ascii(), "{field:?}: {ru}, {en}");
            let is_known = |heading: &str| dictionary.meaning(heading) == Some(means(*field));
            assert!(is_known(ru) && is_known(en), "{field:?}: {ru}, {en}");
        }
    }

    #[test]
    fn a_census_has_headings_of_its_own() {
        for (heading, field) in [
            ("Возраст, лет", Field::Age),
            ("Возрастная группа", Field::Age),
            ("Кол-во чел.", Field::Insured),
            ("Количество сотрудников", Field::Insured),
            ("Группа риска", Field::RiskGroup),
            ("Вариант", Field::Plan),
        ] {
            assert_eq!(CENSUS.meaning(heading), Some(means(field)), "{heading}");
        }
        assert_eq!(ROSTER.meaning("Возраст"), Some(means(Field::StatedAge)), "a roster has birth dates");
    }

    #[test]
    fn a_list_of_changes_has_headings_of_its_own() {
        for (heading, field) in [
            ("Вид изменения", Field::Action),
            ("Действие", Field::Action),
            ("Прикрепить / открепить", Field::Action),
            ("Новый вариант", Field::Plan),
            ("ФИО", Field::Name),
        ] {
            assert_eq!(CHANGES.meaning(heading), Some(means(field)), "{heading}");
        }
        assert_eq!(ROSTER.meaning("Вид изменения"), None);
    }

    #[test]
    fn headings_of_insurers_and_hr_systems_are_known() {
        for (field, headings) in [
            (
                Field::Start,
                "Дата начала|Дата начала обслуживания|Начало обслуживания|Период обслуживания с|Срок действия полиса с|Дата прикрепления|\
                 Прикрепить с|Дата включения|Начало страхования|Действует с|Дата начала действия полиса|Начало срока страхования|\
                 Обслуживание с|Дата начала страхования|Застрахован с|Дата включения в список|Период страхования (с)|Start|Valid from|\
                 Coverage start|Effective date|Policy start date|Cover from|Inception date|Период обслуживания: дата начала",
            ),
            (
                Field::End,
                "Дата окончания|Дата окончания обслуживания|Окончание обслуживания|Период обслуживания по|Срок действия полиса до|\
                 Окончание страхования|Действует до|Действителен по|Дата прекращения страхования|Завершение обслуживания|\
                 Дата окончания действия полиса|Конец срока страхования|Обслуживание до|Valid to|Valid until|Coverage end|\
                 Expiry date|Policy end date|Cover to|End",
            ),
            (
                Field::CoverPeriod,
                "Срок страхования|Период обслуживания|Срок действия полиса|Период действия|Cover period|Policy period",
            ),
            (
                Field::SumInsuredThousands,
                "Страховая сумма, тыс. руб.|Страховая сумма (тыс. руб.)|Стр. сумма, тыс.|Стр. сумма (тыс. руб.)|Страховая сумма в тысячах рублей|\
                 Sum insured, RUB thousand",
            ),
            (Field::SumInsured, "Страховая сумма, руб.|Страховая сумма на человека|Sum insured"),
            (Field::Plan, "Пакет ДМС|Вариант обслуживания|Программа страхования|Insurance plan"),
            (Field::Relation, "Кем приходится|Степень родства|Relation to employee"),
            (Field::Name, "ФИО родственника|ФИО застрахованного лица|Insured person"),
            (Field::BirthDate, "Дата рождения родственника|Дата рождения (дд.мм.гггг)|Born on"),
        ] {
            for heading in headings.split('|') {
                assert_eq!(ROSTER.meaning(heading), Some(means(field)), "{heading}");
            }
        }
        for heading in
            "Должность|Отдел|Подразделение|№|Табель|Гражданство|Цвет пропуска|Дата приёма на работу|Паспорт выдан|\
                        Оклад, тыс. руб.|Структурное подразделение|МВЗ|Job title|Hire date|Cost center"
                .split('|')
        {
            assert_eq!(ROSTER.meaning(heading), Some(Meaning::Known), "{heading}");
        }
        // the program cannot know what they mean for the cover
        for heading in
            ["Дата увольнения", "ФИО ребёнка", "Дата рождения ребёнка", "Дата исключения", "Открепить с", "Период"]
        {
            assert_eq!(ROSTER.meaning(heading), None, "{heading}");
        }
    }

    #[test]
    fn headings_are_recognised_however_they_are_written() {
        for heading in ["ФИО", "ф. и. о.", "Фамилия\nИмя Отчество", "ФИO", "  застрахованный "]
        {
            assert_eq!(ROSTER.meaning(heading), Some(means(Field::Name)), "{heading}");
        }
        assert_eq!(ROSTER.meaning("Дата  рожд."), Some(means(Field::BirthDate)));
        assert_eq!(ROSTER.meaning("№ п/п"), Some(Meaning::Known));
        assert_eq!(ROSTER.meaning("№"), Some(Meaning::Known));
        assert_eq!(ROSTER.meaning("Размер одежды"), None);
    }
}
