//! The fields of a roster and the headings by which they are known.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::table::text::folded_heading;

macro_rules! fields {
    (
        roster { $($(#[$doc:meta])* $field:ident = $name:literal;)* }
        clinics { $($(#[$clinic_doc:meta])* $clinic_field:ident = $clinic_name:literal;)* }
    ) => {
        /// What a column of a roster, or of a clinic's table, holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(#[$doc])* $field,)* $($(#[$clinic_doc])* $clinic_field,)* }

        impl Field {
            /// Every field of a roster and of a census.
            pub const ALL: &[Self] = &[$(Self::$field,)*];
            /// Every field that only the tables of clinics have.
            pub const OF_CLINICS: &[Self] = &[$(Self::$clinic_field,)*];

            /// The name in the contract file's `[columns]`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$field => $name,)* $(Self::$clinic_field => $clinic_name,)* }
            }
        }
    };
}

fields! {
    roster {
        /// Surname, given name and patronymic in one.
        Name = "name";
        /// The surname alone.
        Surname = "surname";
        /// The given name alone.
        GivenName = "given_name";
        /// The patronymic alone.
        Patronymic = "patronymic";
        /// The day of birth.
        BirthDate = "birth_date";
        /// The risk group of §2.5.
        RiskGroup = "risk_group";
        /// The plan, by code or name.
        Plan = "plan";
        /// A number of the employer's or a policy's.
        Id = "id";
        /// Man or woman.
        Sex = "sex";
        /// This insured's own sum insured.
        SumInsured = "sum_insured";
        /// The first day of this insured's cover.
        Start = "start";
        /// The last day of this insured's cover.
        End = "end";
        /// What the insured is to the employee.
        Relation = "relation";
        /// The age or the ages of those that a row of a census counts.
        Age = "age";
        /// How many insured a row of a census counts.
        Insured = "insured";
        /// What happens to an insured in a list of changes.
        Action = "action";
        /// The telephone, which no price needs.
        Phone = "phone";
        /// The address, which no price needs.
        Address = "address";
        /// The number of the passport, which no price needs.
        Passport = "passport";
        /// The number of the pension insurance, which no price needs.
        Snils = "snils";
        /// The electronic address, which no price needs.
        Email = "email";
    }
    clinics {
        /// The clinic, by code or name.
        Clinic = "clinic";
        /// The day on which a service was done.
        Day = "day";
        /// The service by its code in the price list.
        ServiceCode = "service_code";
        /// The service by its name in the price list, or by its code.
        Service = "service";
        /// How many times the service was done.
        Quantity = "quantity";
        /// The price of the service once.
        Price = "price";
        /// The price of the row: price times quantity.
        Amount = "amount";
        /// The day on which a letter is to be issued.
        Issued = "issued";
        /// The letter to which another one is an addition.
        Supplements = "supplements";
    }
}

impl Field {
    /// The field of a name in a contract's `[columns]`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name)
    }

    /// The field of a name in a clinic's `[clinic.columns]`: what tells who somebody is, and the clinics' own.
    #[must_use]
    pub fn of_clinic(name: &str) -> Option<Self> {
        Self::IN_CLINICS.iter().chain(Self::OF_CLINICS).copied().find(|field| field.name() == name)
    }

    /// The fields of a roster that the tables of clinics have too.
    pub const IN_CLINICS: &[Self] =
        &[Self::Name, Self::Surname, Self::GivenName, Self::Patronymic, Self::BirthDate, Self::Id];
}

impl Field {
    /// Whether pricing reads the field, so that two columns for it cannot both be right; the others are only carried along.
    #[must_use]
    pub const fn is_read(self) -> bool {
        !matches!(self, Self::Relation | Self::Phone | Self::Address | Self::Passport | Self::Snils | Self::Email)
    }
}

impl Field {
    /// Whether the reading of a clinic's table reads the field.
    #[must_use]
    pub fn is_read_in_clinics(self) -> bool {
        Self::IN_CLINICS.contains(&self) || Self::OF_CLINICS.contains(&self)
    }
}

/// What a heading means by the dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A field.
    Field(Field),
    /// A column of no interest.
    Ignored,
}

/// The dictionary `headings.toml`, by folded heading.
static HEADINGS: LazyLock<BTreeMap<String, Meaning>> = LazyLock::new(|| dictionary(include_str!("headings.toml")));

/// The dictionary `census.toml` of what has another meaning, or one at all, in a census.
static CENSUS: LazyLock<BTreeMap<String, Meaning>> = LazyLock::new(|| dictionary(include_str!("census.toml")));

/// The dictionary `changes.toml` of what has a meaning in a list of changes.
static CHANGES: LazyLock<BTreeMap<String, Meaning>> = LazyLock::new(|| dictionary(include_str!("changes.toml")));
/// The dictionary `register.toml` of what has another meaning, or one at all, in a table of a clinic's.
static REGISTER: LazyLock<BTreeMap<String, Meaning>> = LazyLock::new(|| dictionary(include_str!("register.toml")));

fn dictionary(text: &str) -> BTreeMap<String, Meaning> {
    let listed: BTreeMap<String, Vec<String>> = toml::from_str(text).expect("the dictionary is proved by a test");
    let mut headings = BTreeMap::new();
    for (name, words) in listed {
        let field = Field::from_name(&name).or_else(|| Field::of_clinic(&name));
        let meaning = field.map_or(Meaning::Ignored, Meaning::Field);
        for word in words {
            headings.insert(word_key(&word), meaning);
        }
    }
    headings
}

/// The key of a heading; a lone number sign has no letters and is its own.
fn word_key(heading: &str) -> String {
    let key = folded_heading(heading);
    if key.is_empty() && heading.contains('№') { "№".to_owned() } else { key }
}

/// What a heading means, if the dictionary has it.
#[must_use]
pub fn meaning(heading: &str) -> Option<Meaning> {
    HEADINGS.get(&word_key(heading)).copied()
}

/// What a heading means in a census, if a dictionary has it.
#[must_use]
pub fn meaning_in_census(heading: &str) -> Option<Meaning> {
    CENSUS.get(&word_key(heading)).copied().or_else(|| meaning(heading))
}

/// What a heading means in a list of changes, if a dictionary has it.
#[must_use]
pub fn meaning_in_changes(heading: &str) -> Option<Meaning> {
    CHANGES.get(&word_key(heading)).copied().or_else(|| meaning(heading))
}

/// What a heading means in a table of a clinic's, if a dictionary has it.
#[must_use]
pub fn meaning_in_register(heading: &str) -> Option<Meaning> {
    REGISTER.get(&word_key(heading)).copied().or_else(|| meaning(heading))
}

/// How like a heading is to the nearest known heading of a field, from 0 to 1: for suggestions, never for decisions.
#[must_use]
pub fn likeness(heading: &str, field: Field) -> f64 {
    let key = word_key(heading);
    let known = HEADINGS
        .iter()
        .chain(CENSUS.iter())
        .chain(CHANGES.iter())
        .chain(REGISTER.iter())
        .filter(|(_, meaning)| **meaning == Meaning::Field(field));
    known.map(|(word, _)| strsim::jaro_winkler(word, &key)).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_gives_each_heading_one_meaning() {
        let listed: BTreeMap<String, Vec<String>> = toml::from_str(include_str!("headings.toml")).unwrap();
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (name, words) in &listed {
            assert!(name == "ignored" || Field::from_name(name).is_some(), "{name} is no field");
            for word in words {
                if let Some(other) = seen.insert(word_key(word), name) {
                    assert_eq!(other, name, "`{word}` is claimed twice");
                }
            }
        }
    }

    #[test]
    fn a_register_has_headings_of_its_own() {
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
            assert_eq!(meaning_in_register(heading), Some(Meaning::Field(field)), "{heading}");
        }
        let listed: BTreeMap<String, Vec<String>> = toml::from_str(include_str!("register.toml")).unwrap();
        for name in listed.keys() {
            assert!(name == "ignored" || Field::of_clinic(name).is_some(), "{name} is no field");
        }
        let words: Vec<String> = listed.values().flatten().map(|word| word_key(word)).collect();
        let different: std::collections::BTreeSet<&String> = words.iter().collect();
        assert_eq!(words.len(), different.len(), "each heading has one meaning");
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
            assert_eq!(meaning_in_census(heading), Some(Meaning::Field(field)), "{heading}");
        }
        assert_eq!(meaning("Возраст"), Some(Meaning::Ignored), "whoever has a birth date has an age");
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
            assert_eq!(meaning_in_changes(heading), Some(Meaning::Field(field)), "{heading}");
        }
        assert_eq!(meaning("Вид изменения"), None);
    }

    #[test]
    fn headings_are_known_however_they_are_written() {
        for heading in ["ФИО", "ф. и. о.", "Фамилия\nИмя Отчество", "ФИO", "  застрахованный "]
        {
            assert_eq!(meaning(heading), Some(Meaning::Field(Field::Name)), "{heading}");
        }
        assert_eq!(meaning("Дата  рожд."), Some(Meaning::Field(Field::BirthDate)));
        assert_eq!(meaning("№ п/п"), Some(Meaning::Ignored));
        assert_eq!(meaning("№"), Some(Meaning::Ignored));
        assert_eq!(meaning("Размер одежды"), None);
    }
}
