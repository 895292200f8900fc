//! The fields of rosters, censuses and lists of changes, and the headings by which their columns are recognised.
//!
//! This list is the only one: the keys of a contract's `[columns]` and their schema, the masking of values in messages, the copying of texts
//! into results and every order of fields come from it. Headings are listed in `headings.toml`; `census.toml` and `changes.toml` list those
//! that mean another field in their kind of table.

use std::sync::LazyLock;

use crate::base::messages::Language;
use crate::table::dictionary::Dictionary;
use crate::table::field::fields;
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
        Id = "id", Text, Personal, One, "the personnel number or the policy number";
        Sex = "sex", Word, Open, One, "the sex";
        SumInsured = "sum_insured", Money, Open, One, "the insured's own sum insured";
        Start = "start", Date, Personal, One, "the first day of the insured's own cover (I16)";
        End = "end", Date, Personal, One, "the last day of the insured's own cover (I16)";
        Relation = "relation", Word, Open, First, "the relation of the insured to the employee";
        Age = "age", Ages, Open, One, "the ages in a census";
        Insured = "insured", Number, Open, One, "the number of insured in a census";
        Action = "action", Word, Open, One, "what happens to the insured in a list of changes";
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

/// The headings of rosters.
pub(crate) const HEADINGS: &str = include_str!("headings.toml");
/// The headings that mean another field in censuses.
const CENSUS_HEADINGS: &str = include_str!("census.toml");
/// The headings that mean another field in lists of changes.
const CHANGES_HEADINGS: &str = include_str!("changes.toml");

/// The dictionary of rosters.
pub static ROSTER: LazyLock<Dictionary> = LazyLock::new(|| dictionary(&[HEADINGS]));
/// The dictionary of censuses.
pub static CENSUS: LazyLock<Dictionary> = LazyLock::new(|| dictionary(&[CENSUS_HEADINGS, HEADINGS]));
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
        names.push("known");
        for text in [HEADINGS, CENSUS_HEADINGS, CHANGES_HEADINGS] {
            assert_sound(text, &names);
        }
    }

    #[test]
    fn every_field_has_usual_headings_in_both_languages() {
        for field in Field::ALL {
            let dictionary = match field {
                Field::Age | Field::Insured => &CENSUS,
                Field::Action => &CHANGES,
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
        assert_eq!(ROSTER.meaning("Возраст"), Some(Meaning::Known), "a roster has birth dates");
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
