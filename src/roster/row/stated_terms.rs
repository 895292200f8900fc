//! Titles, sub-headings and lines beside the rows of a roster that state terms of cover which its rows do not have.
//!
//! «Застраховать с 01.03.2027», «Вариант Б», «Группа риска 3», «Страховая сумма 150 000 руб.»: a person who writes them means the rows of the
//! list, and the rows are read without them.

use crate::base::diagnostic::{Code, shortened};
use crate::base::messages::Message;
use crate::roster::field::Field;
use crate::roster::plan_words::PlanReading;
use crate::roster::row::RowReader;
use crate::roster::spec::RowKind;
use crate::roster::value::{risk_group, stated_limits};
use crate::table::cell::{Cell, Row};
use crate::table::skip::Skip;

/// A longer row is no title.
const LONGEST: usize = 400;

impl RowReader<'_> {
    /// Reports a row that is passed over, for this reason or as a title, and states terms of cover that the rows do not have.
    pub(super) fn check_terms(&mut self, row: &(impl Row + ?Sized), reason: Option<Skip>) {
        let may_state = matches!(reason, None | Some(Skip::Heading | Skip::Remark | Skip::Footer | Skip::Unfilled));
        if self.spec.rows != RowKind::Insured || !may_state {
            return;
        }
        let texts: Vec<String> = (0..row.width()).map(|column| row.cell(column).display()).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        let whole = texts.join(" ");
        if whole.len() > LONGEST {
            return;
        }
        let (code, message) = if self.states_day_inside(&whole) {
            (Code::OrderingLine, "line-states-day")
        } else if texts.iter().any(|text| self.names_other_plan(text)) {
            (Code::OrderingLine, "line-states-plan")
        } else if self.states_other_group(&whole) {
            (Code::OrderingLine, "line-states-risk-group")
        } else if self.states_sum(&whole) {
            (Code::SkippedRow, "line-states-sum")
        } else {
            return;
        };
        self.report_value(code, row, None, shortened(&whole), Message::new(message));
    }

    /// Whether a text names another plan than the rows are read with.
    fn names_other_plan(&self, text: &str) -> bool {
        const SHORTEST_NAME: usize = 3;
        let has_column = self.columns.get(Field::Plan).is_some();
        if has_column || self.spec.plans.len() < 2 {
            return false;
        }
        let text = text.trim_end_matches([':', '.', ' ']);
        // a letter alone is a code only after the word for what it is
        let is_named = text.chars().count() >= SHORTEST_NAME;
        is_named && matches!(self.plans.find(text), PlanReading::Plan(plan) if Some(plan) != self.spec.default_plan)
    }

    /// Whether a text states a first or a last day of cover within the contract, which no row has.
    fn states_day_inside(&self, text: &str) -> bool {
        let (first, last) = (self.spec.period.first(), self.spec.period.last());
        stated_limits(text).into_iter().any(|day| first < day && day < last)
    }

    /// Whether a text states another risk group than rows without one have, where the table has no column of them.
    fn states_other_group(&self, text: &str) -> bool {
        if self.columns.get(Field::RiskGroup).is_some() {
            return false;
        }
        let lower = text.to_lowercase();
        let after = |phrase: &str| lower.split_once(phrase).map(|(_, after)| after);
        let Some(after) = after("группа риска").or_else(|| after("risk group")) else { return false };
        let word = after.split(|letter: char| !letter.is_alphanumeric()).find(|word| !word.is_empty());
        let group = word.and_then(|word| risk_group(Cell::Text(word)));
        group.is_some() && group != self.spec.default_risk_group
    }

    /// Whether a text states a sum insured, where the table has no column of them.
    fn states_sum(&self, text: &str) -> bool {
        const PHRASES: [&str; 4] = ["страховая сумма", "страховой суммой", "лимит ответственности", "sum insured"];
        const FEWEST_FIGURES: usize = 4;
        let has_column =
            [Field::SumInsured, Field::SumInsuredThousands].iter().any(|field| self.columns.get(*field).is_some());
        let lower = text.to_lowercase();
        let sum = PHRASES.iter().find_map(|phrase| lower.split_once(phrase)).map_or("", |(_, after)| after);
        let is_scaled = || sum.contains("тыс") || sum.contains("млн");
        let figures = sum.bytes().filter(u8::is_ascii_digit).count();
        !has_column && (figures >= FEWEST_FIGURES || figures > 0 && is_scaled())
    }
}
