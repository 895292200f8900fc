//! The fields of clinics' tables, and the headings by which their columns are recognised.

use std::sync::LazyLock;

use crate::roster::field::HEADINGS;
use crate::table::dictionary::Dictionary;
use crate::table::field::fields;
use crate::table::spec::SplitField;

fields! {
    /// What a column of a clinic's table holds.
    pub enum Field {
        Name = "name", Text, Personal, One, "surname, given name and patronymic in one";
        Surname = "surname", Text, Personal, One, "the surname alone";
        GivenName = "given_name", Text, Personal, One, "the given name alone";
        Patronymic = "patronymic", Text, Personal, One, "the patronymic alone";
        BirthDate = "birth_date", Date, Personal, One, "the day of birth";
        Id = "id", Text, Personal, One, "the number of the policy";
        Clinic = "clinic", Word, Open, One, "the clinic";
        Day = "day", Date, Personal, One, "the day of the service";
        ServiceCode = "service_code", Word, Open, One, "the code of the service";
        Service = "service", Word, Open, One, "the name of the service";
        Quantity = "quantity", Number, Open, One, "how many times the service was done";
        Price = "price", Money, Open, One, "the price of the service once";
        Amount = "amount", Money, Open, One, "the price of the row";
        Teeth = "teeth", Text, Personal, First, "the number of the tooth, or of several";
        VisitReason = "visit_reason", Text, Personal, First, "the reason of the visit: a word or a code of the ICD-10";
        Reversal = "reversal", Word, Open, One, "whether the row takes an earlier one back";
        Issued = "issued", Date, Personal, One, "the day of issue of a letter";
        Supplements = "supplements", Text, Open, One, "the letter to which another one is an addition";
    }
}

/// The key beside those of the fields: the headings of columns that are to be ignored.
pub const IGNORE: &str = "ignore";

/// The name of an insured, which tables have in one column or in three.
pub(super) static FULL_NAME: SplitField = SplitField {
    whole: Field::Name.spec(),
    parts: [Field::Surname.spec(), Field::GivenName.spec(), Field::Patronymic.spec()],
    second_beside_first: &["Name"],
};

/// What is of no interest beside the insured of an employer may be the price of a service.
const OF_EMPLOYERS: [&str; 2] = ["about_nothing", "about_the_past"];

/// The dictionary of clinics' tables: their own headings, then those of rosters.
pub(super) static CLINICS: LazyLock<Dictionary> = LazyLock::new(|| {
    let texts = [include_str!("headings.toml"), HEADINGS];
    Dictionary::parse_without(Field::ALL.iter().map(|field| field.spec()), &texts, &OF_EMPLOYERS)
});

/// The dictionary of requests for letters: as of other tables, but days of validity and limits are of interest, since a letter does not
/// follow them (`I23`, `I63`).
pub(super) static REQUESTS: LazyLock<Dictionary> = LazyLock::new(|| {
    const OF_INTEREST: [&str; 6] = ["start", "end", "cover_period", "sum_insured", "sum_insured_thousands", "validity"];
    let texts = [include_str!("requests.toml"), include_str!("headings.toml"), HEADINGS];
    let without = [&OF_INTEREST[..], &OF_EMPLOYERS].concat();
    Dictionary::parse_without(Field::ALL.iter().map(|field| field.spec()), &texts, &without)
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::dictionary::{Meaning, assert_sound};

    #[test]
    fn requests_have_days_and_limits_of_their_own() {
        for (heading, field) in [("Дата ГП", Field::Issued), ("Лимит, руб.", Field::Amount), ("Пациент", Field::Name)]
        {
            assert_eq!(REQUESTS.meaning(heading), Some(Meaning::Field(field.spec())), "{heading}");
        }
        for heading in ["Действует до", "Срок действия ГП", "Дата окончания", "Страховая сумма"]
        {
            assert_eq!(
                (REQUESTS.meaning(heading), CLINICS.meaning(heading)),
                (None, Some(Meaning::Known)),
                "{heading}"
            );
        }
    }

    #[test]
    fn clinics_tables_have_headings_of_their_own() {
        for (heading, field) in [
            ("Пациент", Field::Name),
            ("ФИО пациента", Field::Name),
            ("№ полиса", Field::Id),
            ("Дата приёма", Field::Day),
            ("Код услуги", Field::ServiceCode),
            ("Наименование услуги", Field::Service),
            ("Кол-во", Field::Quantity),
            ("Цена, руб.", Field::Price),
            ("Стоимость", Field::Amount),
        ] {
            assert_eq!(CLINICS.meaning(heading), Some(Meaning::Field(field.spec())), "{heading}");
        }
        assert_eq!(CLINICS.meaning("Телефон"), Some(Meaning::Known), "a field of rosters alone");
    }

    #[test]
    fn the_dictionary_gives_each_heading_one_meaning() {
        let mut names: Vec<&str> = Field::ALL.iter().map(|field| field.name()).collect();
        names.extend(["known", "conditional", "validity"]);
        assert_sound(include_str!("headings.toml"), &names);
        assert_sound(include_str!("requests.toml"), &names);
    }
}
