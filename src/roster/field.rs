//! The fields of rosters, censuses and lists of changes, and the headings by which their columns are recognised.
//!
//! This list is the only one: the keys of a contract's `[columns]` and their schema, the masking of values in messages, the copying of texts
//! into results and every order of fields come from it. Headings are listed in `headings.toml`; `census.toml` and `changes.toml` list those
//! that mean another field in their kind of table.

use std::sync::LazyLock;

use crate::table::dictionary::Dictionary;
use crate::table::field::fields;
use crate::table::spec::SplitField;

fields! {
    /// What a column of a roster, a census or a list of changes holds; [`fields!`](crate::table::field) explains the words of a line.
    pub enum Field {
        Name = "name", Text, Personal, One, "surname, given name and patronymic in one", "key-columns-name";
        Surname = "surname", Text, Personal, One, "the surname alone", "key-columns-surname";
        GivenName = "given_name", Text, Personal, One, "the given name alone", "key-columns-given-name";
        Patronymic = "patronymic", Text, Personal, One, "the patronymic alone", "key-columns-patronymic";
        BirthDate = "birth_date", Date, Personal, One, "the day of birth", "key-columns-birth-date";
        RiskGroup = "risk_group", Word, Open, One, "the risk group (§2.5)", "key-columns-risk-group";
        Plan = "plan", Word, Open, One, "the plan, by code or name", "key-columns-plan";
        Id = "id", Text, Personal, One, "the personnel number or the policy number", "key-columns-id";
        Sex = "sex", Word, Open, One, "the sex", "key-columns-sex";
        SumInsured = "sum_insured", Money, Open, One, "the insured's own sum insured", "key-columns-sum-insured";
        Start = "start", Date, Personal, One, "the first day of the insured's own cover (I16)", "key-columns-start";
        End = "end", Date, Personal, One, "the last day of the insured's own cover (I16)", "key-columns-end";
        Relation = "relation", Word, Open, First, "the relation of the insured to the employee", "key-columns-relation";
        Age = "age", Ages, Open, One, "the ages in a census", "key-columns-age";
        Insured = "insured", Number, Open, One, "the number of insured in a census", "key-columns-insured";
        Action = "action", Word, Open, One, "what happens to the insured in a list of changes", "key-columns-action";
        ChangeDay = "change_day", Date, Open, One, "the day from which a change counts, in a list of changes", "key-columns-change-day";
        DetachDay = "detach_day", Date, Open, One, "the day of detachment, in a list of changes: `detach_day` of the contract says which", "key-columns-detach-day";
        Phone = "phone", Text, Personal, Joined, "the telephone number, for the clinics", "key-columns-phone";
        Address = "address", Text, Personal, Joined, "the address, for the clinics", "key-columns-address";
        Passport = "passport", Text, Personal, Joined, "the passport, for the clinics", "key-columns-passport";
        Snils = "snils", Text, Personal, Joined, "the СНИЛС, for the clinics", "key-columns-snils";
        Email = "email", Text, Personal, Joined, "the e-mail address, for the clinics", "key-columns-email";
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

/// The dictionary of rosters.
pub static ROSTER: LazyLock<Dictionary> = LazyLock::new(|| dictionary(&[HEADINGS]));
/// The dictionary of censuses.
pub static CENSUS: LazyLock<Dictionary> = LazyLock::new(|| dictionary(&[include_str!("census.toml"), HEADINGS]));
/// The dictionary of lists of changes.
pub static CHANGES: LazyLock<Dictionary> = LazyLock::new(|| dictionary(&[include_str!("changes.toml"), HEADINGS]));

fn dictionary(texts: &[&str]) -> Dictionary {
    Dictionary::parse(Field::ALL.iter().map(|field| field.spec()), texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::messages::Value;
    use crate::table::dictionary::{Meaning, assert_sound};

    fn means(field: Field) -> Meaning {
        Meaning::Field(field.spec())
    }

    #[test]
    fn dictionaries_give_each_heading_one_meaning() {
        let mut names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        names.push("known");
        for text in [HEADINGS, include_str!("census.toml"), include_str!("changes.toml")] {
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
            let Value::Name { ru, en } = dictionary.usual_heading(field.spec()) else { panic!("{field:?}") };
            assert!(!ru.is_ascii() && en.is_ascii(), "{field:?}: {ru}, {en}");
            let is_known = |heading: &str| dictionary.meaning(heading) == Some(means(*field));
            assert!(is_known(&ru) && is_known(&en), "{field:?}: {ru}, {en}");
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
