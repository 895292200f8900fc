//! Where in a row the fields are that are read.

use crate::roster::field::Field;
use crate::table::layout::Layout;

/// The columns of the fields that are read.
#[derive(Debug, Clone, Copy)]
pub struct Columns {
    pub name: NameColumns,
    pub birth_date: Option<usize>,
    pub risk_group: Option<usize>,
    pub plan: Option<usize>,
    pub id: Option<usize>,
    pub sex: Option<usize>,
    pub sum_insured: Option<usize>,
    pub start: Option<usize>,
    pub end: Option<usize>,
    pub relation: Option<usize>,
    pub age: Option<usize>,
    pub insured: Option<usize>,
    pub action: Option<usize>,
}

impl Columns {
    /// The columns of a table.
    pub fn new(layout: &Layout) -> Self {
        let column = |field| layout.column(field);
        let name = match (column(Field::Name), column(Field::Surname), column(Field::GivenName)) {
            (None, Some(surname), Some(given_name)) => {
                NameColumns::Parts { surname, given_name, patronymic: column(Field::Patronymic) }
            }
            (whole, ..) => NameColumns::Whole(whole),
        };
        Self {
            name,
            birth_date: column(Field::BirthDate),
            risk_group: column(Field::RiskGroup),
            plan: column(Field::Plan),
            id: column(Field::Id),
            sex: column(Field::Sex),
            sum_insured: column(Field::SumInsured),
            start: column(Field::Start),
            end: column(Field::End),
            relation: column(Field::Relation),
            age: column(Field::Age),
            insured: column(Field::Insured),
            action: column(Field::Action),
        }
    }
}

/// Where names are.
#[derive(Debug, Clone, Copy)]
pub enum NameColumns {
    /// All of a name in one; none where there is no such column.
    Whole(Option<usize>),
    /// A column for each part of a name.
    Parts { surname: usize, given_name: usize, patronymic: Option<usize> },
}

impl NameColumns {
    /// The column that a row with a name has something in.
    pub fn first(self) -> Option<usize> {
        match self {
            Self::Whole(column) => column,
            Self::Parts { surname, .. } => Some(surname),
        }
    }
}
