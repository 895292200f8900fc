//! The declaration of the sheets of an edition's workbook: their titles, their facts, and the columns of their tables.

/// How a cell is written, and what its value is in the edition's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellForm {
    /// A text.
    Text,
    /// A whole number.
    Whole,
    /// A coefficient or a base rate; a word where a choice allows one.
    Decimal,
    /// A rate with every digit, which a number cell would round.
    Rate,
    /// A day.
    Day,
    /// Codes with commas between.
    Codes,
    /// Excluded services with commas between, each with its choice where it has one: `dental, planned_admission = 0.50`.
    Exclusions,
    /// Choices by risk group with commas between: `0 = low, 2 = 1.75`.
    RiskChoices,
}

/// A fact of a sheet, or a column of its table.
#[derive(Debug)]
pub struct Field {
    /// The label or heading.
    pub heading: &'static str,
    /// The path of the key in the table of the file; `collective.clause` for a key of a table inside it.
    pub key: &'static str,
    /// The form of its cells.
    pub form: CellForm,
}

/// The meaning of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SheetMeaning {
    /// The code, the days and the source of the edition.
    Edition,
    /// A table of the edition under this key.
    Table(&'static str),
    /// Tables of the edition under this key, one a row.
    Rows(&'static str),
    /// What can be excluded from one programme.
    Exclusions,
    /// What can be included in one programme.
    Inclusions,
}

/// A kind of sheet.
#[derive(Debug)]
pub struct SheetKind {
    /// The meaning.
    pub meaning: SheetMeaning,
    /// The title, in the first cell of the sheet, by which a sheet is recognised.
    pub title: &'static str,
    /// The end of the sheet's name; its clause stands before it.
    pub name: &'static str,
    /// The facts above the table.
    pub facts: &'static [Field],
    /// The columns of the table; none where the sheet has only facts.
    pub columns: &'static [Field],
    /// Whether the table has a column for each of the children's bands.
    pub has_child_bands: bool,
    /// Whether a workbook has to have such a sheet.
    pub is_needed: bool,
}

/// The start of the heading of a column for one of the children's bands; its number follows.
pub const CHILD_BAND: &str = "Дети, полоса ";
/// The key of these columns.
pub const BY_CHILD_BAND: &str = "by_child_band";

const fn field(heading: &'static str, key: &'static str, form: CellForm) -> Field {
    Field { heading, key, form }
}

const CLAUSE: Field = field("Пункт тарифа", "clause", CellForm::Text);
const PROGRAMME: Field = field("Программа", "programme", CellForm::Text);
const FROM: Field = field("От", "from", CellForm::Whole);
const TO: Field = field("До", "to", CellForm::Whole);
const LOW: Field = field("Коэффициент от", "low", CellForm::Decimal);
const HIGH: Field = field("Коэффициент до", "high", CellForm::Decimal);
const COEFFICIENT: Field = field("Коэффициент", "coefficient", CellForm::Decimal);
const WORDING: Field = field("Формулировка", "wording", CellForm::Text);
const CODE: Field = field("Код", "code", CellForm::Text);
const NAME: Field = field("Название", "name", CellForm::Text);
const NAME_EN: Field = field("Название по-английски", "name_en", CellForm::Text);

/// A sheet that a workbook has to have; every kind states its meaning and names.
const NEEDED: SheetKind = SheetKind {
    meaning: SheetMeaning::Edition,
    title: "",
    name: "",
    facts: &[],
    columns: &[],
    has_child_bands: false,
    is_needed: true,
};

/// Every kind of sheet, in the order of the workbook.
pub static KINDS: [SheetKind; 12] = [
    SheetKind {
        meaning: SheetMeaning::Edition,
        title: "Редакция тарифа",
        name: "Редакция",
        facts: &[
            CODE,
            field("Название", "title", CellForm::Text),
            field("Действует с", "valid_from", CellForm::Day),
            field("Действует по", "valid_to", CellForm::Day),
            field("Статус", "status", CellForm::Text),
            field("Источник", "source.title", CellForm::Text),
            field("Дата источника", "source.date", CellForm::Day),
        ],
        ..NEEDED
    },
    SheetKind {
        meaning: SheetMeaning::Table("headcount"),
        title: "Коэффициенты по численности",
        name: "Численность",
        facts: &[CLAUSE],
        columns: &[FROM, TO, LOW, HIGH],
        ..NEEDED
    },
    SheetKind {
        meaning: SheetMeaning::Table("age"),
        title: "Коэффициенты по возрасту",
        name: "Возраст",
        facts: &[
            CLAUSE,
            field("Вне таблицы, по решению: от", "accepted.low", CellForm::Decimal),
            field("Вне таблицы, по решению: до", "accepted.high", CellForm::Decimal),
        ],
        columns: &[FROM, TO, COEFFICIENT],
        ..NEEDED
    },
    SheetKind {
        meaning: SheetMeaning::Table("price_change"),
        title: "Изменение цен",
        name: "Изменение цен",
        facts: &[
            CLAUSE,
            field("Повышение от", "up.low", CellForm::Decimal),
            field("Повышение до", "up.high", CellForm::Decimal),
            field("Понижение от", "down.low", CellForm::Decimal),
            field("Понижение до", "down.high", CellForm::Decimal),
        ],
        ..NEEDED
    },
    SheetKind {
        meaning: SheetMeaning::Table("additional_services"),
        title: "Дополнительные услуги",
        name: "Доп. услуги",
        facts: &[CLAUSE, LOW, HIGH],
        ..NEEDED
    },
    SheetKind {
        meaning: SheetMeaning::Table("risk"),
        title: "Коэффициенты по группам риска",
        name: "Группы риска",
        facts: &[CLAUSE],
        columns: &[field("Группа риска", "group", CellForm::Whole), LOW, HIGH],
        ..NEEDED
    },
    SheetKind {
        meaning: SheetMeaning::Table("child_bands"),
        title: "Детские возрасты",
        name: "Дети",
        facts: &[CLAUSE],
        columns: &[FROM, TO],
        ..NEEDED
    },
    SheetKind {
        meaning: SheetMeaning::Rows("service"),
        title: "Услуги",
        name: "Услуги",
        columns: &[CODE, NAME, NAME_EN, field("Содержит услуги", "holds", CellForm::Codes)],
        ..NEEDED
    },
    SheetKind {
        meaning: SheetMeaning::Rows("programme"),
        title: "Программы и базовые ставки",
        name: "Программы",
        columns: &[
            CODE,
            NAME,
            NAME_EN,
            CLAUSE,
            field("Базовая ставка", "base", CellForm::Decimal),
            field("Ставка от", "base.low", CellForm::Decimal),
            field("Ставка до", "base.high", CellForm::Decimal),
            field("Пол", "sex", CellForm::Text),
            field("Помощь", "care", CellForm::Codes),
            field("Детская программа", "for_children", CellForm::Text),
            field("Коллективный договор: пункт", "collective.clause", CellForm::Text),
            field("Коллективный договор: коэффициент", "collective.coefficient", CellForm::Decimal),
            field("Коллективный договор: формулировка", "collective.wording", CellForm::Text),
        ],
        has_child_bands: true,
        ..NEEDED
    },
    SheetKind {
        meaning: SheetMeaning::Exclusions,
        title: "Исключение услуг из программы",
        name: "исключение",
        facts: &[PROGRAMME, CLAUSE],
        columns: &[field("Услуги", "services", CellForm::Codes), COEFFICIENT, LOW, HIGH, WORDING],
        has_child_bands: true,
        is_needed: false,
    },
    SheetKind {
        meaning: SheetMeaning::Inclusions,
        title: "Включение услуг в программу",
        name: "включение",
        facts: &[PROGRAMME, CLAUSE],
        columns: &[field("Услуга", "service", CellForm::Text), COEFFICIENT, WORDING],
        is_needed: false,
        ..NEEDED
    },
    SheetKind {
        meaning: SheetMeaning::Rows("test"),
        title: "Проверки редакции",
        name: "Проверки",
        columns: &[
            NAME,
            PROGRAMME,
            field("Пол", "sex", CellForm::Text),
            field("Возраст", "age", CellForm::Whole),
            field("Группа риска", "risk", CellForm::Whole),
            field("Численность", "headcount", CellForm::Whole),
            field("Место во всех диапазонах", "choices.ranges", CellForm::Text),
            field("Выбор по численности", "choices.headcount", CellForm::Decimal),
            field("Выбор по группам риска", "choices.risk", CellForm::RiskChoices),
            field("Выбор базовой ставки", "base_rate", CellForm::Decimal),
            field("Исключено", "exclude", CellForm::Exclusions),
            field("Включено", "include", CellForm::Codes),
            field("Изменение цен", "price_change", CellForm::Decimal),
            field("Доп. услуги: коэффициент", "additional_services.coefficient", CellForm::Decimal),
            field("Доп. услуги: какие", "additional_services.services", CellForm::Text),
            field("Ставка", "rate", CellForm::Rate),
        ],
        is_needed: false,
        ..NEEDED
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn titles_and_headings_are_different() {
        let titles: BTreeSet<&str> = KINDS.iter().map(|kind| kind.title).collect();
        assert_eq!(titles.len(), KINDS.len());
        for kind in &KINDS {
            for fields in [kind.facts, kind.columns] {
                let headings: BTreeSet<&str> = fields.iter().map(|field| field.heading).collect();
                let keys: BTreeSet<&str> = fields.iter().map(|field| field.key).collect();
                assert_eq!((headings.len(), keys.len()), (fields.len(), fields.len()), "{}", kind.title);
            }
        }
    }
}
