//! What a roster is read for: the contract's side of the reading.

use jiff::civil::Date;

use crate::base::calendar::Period;
use crate::base::named_enum::named_enum;
use crate::roster::field::{CENSUS, CHANGES, FULL_NAME, Field, ROSTER};
use crate::roster::value::Action;
use crate::table::field::FieldSpec;
use crate::table::spec::{Need, SheetChoice, TableMessages, TableSpec};
use crate::table::value::DateOrder;

/// The most insured that a census may count.
pub const MAX_CENSUS: usize = 1_000_000;

/// Everything about a contract that the reading of its roster depends on.
#[derive(Debug, Clone)]
pub struct RosterSpec {
    /// The days of the contract; an insured's own days lie inside (`I16`).
    pub period: Period,
    /// What a row stands for.
    pub rows: RowKind,
    /// The plans; at least one.
    pub plans: Vec<PlanSpec>,
    /// The risk groups of the tariff.
    pub risk_groups: Vec<u8>,
    /// The order of day and month that the contract states; without it the headings and the cells decide.
    pub date_order: Option<DateOrder>,
    /// The risk group of rows that state none.
    pub default_risk_group: Option<u8>,
    /// The plan of rows that state none, by its place among the plans.
    pub default_plan: Option<u16>,
    /// The roster's own headings, for fields whose headings are not recognised.
    pub columns: Vec<(Field, String)>,
    /// The headings of columns that the contract ignores.
    pub ignored: Vec<String>,
    /// The names of sheets that the contract ignores.
    pub ignored_sheets: Vec<String>,
    /// Which sheets are read.
    pub sheet: SheetChoice,
    /// Whether contacts are read too.
    pub contacts: bool,
    /// What holds for the rows of a list of changes that do not state it.
    pub changes: ChangeRules,
    /// Whether rows may lack a risk group and a plan, because the insured are known by them already.
    pub terms_optional: bool,
    /// Whether the user changes the reading by options of the command, because the contract is in force.
    pub by_options: bool,
}

/// What holds for the rows of a list of changes that do not state it.
#[derive(Debug, Default, Clone)]
pub struct ChangeRules {
    /// The day of rows without a day.
    pub on: Option<Date>,
    /// The action of rows without one, where no title names it either.
    pub action: Option<Action>,
    /// Which day a day of detachment is (`I26`); `None` where the contract leaves it open.
    pub detach_day: Option<DetachDay>,
}

named_enum! {
    /// Which day a day of detachment (дата открепления) is (`I26`).
    pub enum DetachDay {
        /// The last day of cover.
        Last = "last",
        /// The first day without cover.
        FirstWithoutCover = "first-without-cover",
    }
}

/// What a row of a roster stands for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// One insured: a roster.
    #[default]
    Insured,
    /// The number of insured of a plan, an age and a risk group: a census.
    Counts,
    /// What happens to one insured: a list of changes.
    Changes,
}

/// A plan as rosters name it.
#[derive(Debug, Clone)]
pub struct PlanSpec {
    /// The code.
    pub code: String,
    /// The name, if it has one.
    pub name: Option<String>,
    /// Other words for it.
    pub aliases: Vec<String>,
    /// Whether an insured may have an own sum insured: only where the plan has one cover.
    pub own_sum_insured: bool,
}

const NAME: Need = &[&[Field::Surname.spec(), Field::GivenName.spec()], &[Field::Name.spec()]];
const BIRTH_DATE: Need = &[&[Field::BirthDate.spec()]];
const AGE: Need = &[&[Field::Age.spec()]];
const INSURED: Need = &[&[Field::Insured.spec()]];
const RISK_GROUP: Need = &[&[Field::RiskGroup.spec()]];
const PLAN: Need = &[&[Field::Plan.spec()]];
/// An id identifies an insured without a name and a birth date.
const NAME_OR_ID: Need =
    &[PERSONNEL_NUMBER, ID, POLICY_NUMBER, &[Field::Surname.spec(), Field::GivenName.spec()], &[Field::Name.spec()]];
const BIRTH_DATE_OR_ID: Need = &[PERSONNEL_NUMBER, ID, POLICY_NUMBER, &[Field::BirthDate.spec()]];
const ID: &[&FieldSpec] = &[Field::Id.spec()];
const PERSONNEL_NUMBER: &[&FieldSpec] = &[Field::PersonnelNumber.spec()];
const POLICY_NUMBER: &[&FieldSpec] = &[Field::PolicyNumber.spec()];

static MESSAGES: TableMessages = TableMessages {
    missing_column: "missing-column",
    missing_column_near: "missing-column-near",
    missing_column_named: "missing-column-named",
    ambiguous_column: "ambiguous-column",
    unknown_column: "unknown-column",
    unclaimed_column: "unclaimed-column",
    text_without_table: "text-without-roster",
    workbook_without_table: "workbook-without-roster",
    sheet_without_table: "sheet-without-roster",
    sheet_missing: "sheet-missing",
    several_sheets: "several-sheets",
};

/// The messages about lists whose reading the user changes by options.
static OPTION_MESSAGES: TableMessages = TableMessages {
    missing_column: "list-missing-column",
    missing_column_near: "list-missing-column-near",
    missing_column_named: "missing-column-named",
    ambiguous_column: "list-ambiguous-column",
    unknown_column: "list-unknown-column",
    unclaimed_column: "list-unclaimed-column",
    text_without_table: "text-without-roster",
    workbook_without_table: "workbook-without-roster",
    sheet_without_table: "sheet-without-roster",
    sheet_missing: "sheet-missing",
    several_sheets: "several-sheets",
};

impl RosterSpec {
    /// How the roster's tables are found and what they have to hold.
    #[must_use]
    pub fn table(&self) -> TableSpec {
        const OF_ROSTER: &[&FieldSpec] = &[Field::Name.spec(), Field::Surname.spec(), Field::BirthDate.spec()];
        const OF_CENSUS: &[&FieldSpec] = &[Field::Age.spec(), Field::Insured.spec()];
        const OF_CHANGES: &[&FieldSpec] = &[
            Field::Action.spec(),
            Field::Name.spec(),
            Field::Surname.spec(),
            Field::BirthDate.spec(),
            Field::Id.spec(),
        ];
        let (dictionary, telling, mut needs): (_, _, Vec<Need>) = match self.rows {
            RowKind::Insured => (&*ROSTER, OF_ROSTER, vec![NAME, BIRTH_DATE]),
            RowKind::Counts => (&*CENSUS, OF_CENSUS, vec![AGE, INSURED]),
            // the other columns are needed by some rows only, which report them
            RowKind::Changes => (&*CHANGES, OF_CHANGES, vec![NAME_OR_ID, BIRTH_DATE_OR_ID]),
        };
        if self.rows != RowKind::Changes && !self.terms_optional {
            needs.extend(self.default_risk_group.is_none().then_some(RISK_GROUP));
            needs.extend((self.plans.len() > 1 && self.default_plan.is_none()).then_some(PLAN));
        }
        TableSpec {
            dictionary,
            own_headings: self.columns.iter().map(|(field, heading)| (field.spec(), heading.clone())).collect(),
            // a list of changes need not have the roster's headings
            own_headings_needed: self.rows != RowKind::Changes,
            ignored: self.ignored.clone(),
            ignored_sheets: self.ignored_sheets.clone(),
            all_sheets_count: true,
            holds_insured: true,
            telling,
            needs,
            split: Some(&FULL_NAME),
            sheet: self.sheet.clone(),
            messages: if self.by_options { &OPTION_MESSAGES } else { &MESSAGES },
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use jiff::civil::date;

    use super::*;

    /// A roster of one plan whose rows need no risk group.
    pub(crate) fn spec() -> RosterSpec {
        RosterSpec {
            period: Period::new(date(2026, 1, 1), date(2026, 12, 31)).unwrap(),
            rows: RowKind::Insured,
            plans: vec![PlanSpec { code: "A".to_owned(), name: None, aliases: Vec::new(), own_sum_insured: true }],
            risk_groups: vec![0, 1],
            date_order: None,
            default_risk_group: Some(1),
            default_plan: None,
            columns: Vec::new(),
            ignored: Vec::new(),
            ignored_sheets: Vec::new(),
            sheet: SheetChoice::TheOne,
            contacts: false,
            changes: ChangeRules::default(),
            terms_optional: false,
            by_options: false,
        }
    }

    #[test]
    fn own_headings_win_over_the_dictionary() {
        use crate::table::layout::Layout;

        let own = RosterSpec { columns: vec![(Field::BirthDate, "Начало".to_owned())], ..spec() };
        let headings = ["ФИО", "Дата рождения", "Начало"];
        let layout = Layout::of_headings(&headings, &own.table());
        assert_eq!(layout.column(Field::BirthDate), Some(2));
        assert_eq!(layout.column(Field::Start), None);
        let changes = RosterSpec { rows: RowKind::Changes, ..own };
        assert!(
            Layout::of_headings(&["ФИО", "Дата рождения", "Действие"], &changes.table()).is_complete(&changes.table())
        );
    }

    #[test]
    fn needed_columns_depend_on_the_contract() {
        use crate::table::layout::Layout;

        let is_complete = |headings: &[&str], spec: &RosterSpec| {
            Layout::of_headings(headings, &spec.table()).is_complete(&spec.table())
        };
        let plain = spec();
        assert!(is_complete(&["Фамилия", "Имя", "ДР"], &plain));
        assert!(!is_complete(&["Фамилия", "ДР"], &plain));
        let without_risk_group = RosterSpec { default_risk_group: None, ..spec() };
        assert!(!is_complete(&["ФИО", "ДР"], &without_risk_group));
        assert!(is_complete(&["ФИО", "ДР", "Риск"], &without_risk_group));
        let changes = RosterSpec { rows: RowKind::Changes, ..spec() };
        assert!(is_complete(&["Таб. №", "Действие"], &changes));
        assert!(!is_complete(&["ФИО", "Действие"], &changes));
    }
}
