//! The answers to referrals: insured outside of the tariff that an underwriter takes at a coefficient of their own (`I73`).

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::messages::Message;
use crate::base::source_file::Span;
use crate::base::toml_file::Table;
use crate::quote::contract::choice::{coefficient, outside};
use crate::table::text::{folded, folded_number};
use crate::tariff::Tariff;

/// The most insured that a contract accepts: each may have an age class of its own.
pub const MAX_ACCEPTED: usize = 100;

/// An insured outside of the tariff's ages that an underwriter accepted: an entry of `[[accepted]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The personnel or policy number, where the entry names it.
    pub id: Option<String>,
    /// The name and the day of birth, where the entry names them.
    pub person: Option<(String, Date)>,
    /// The coefficient by age, inside the range of the edition.
    pub coefficient: Decimal,
    /// Who decided.
    pub decided_by: String,
    /// Why.
    pub reason: String,
    /// The place of the entry.
    pub span: Span,
}

impl Accepted {
    /// Whether the entry names the insured with one of these numbers, this name and this day of birth: numbers without regard to marks,
    /// names without regard to case, spaces and ё.
    #[must_use]
    pub fn names(&self, numbers: &[&str], name: &str, birth_date: Option<Date>) -> bool {
        let has_number = |id: &String| {
            let wanted = folded_number(id);
            numbers.iter().any(|number| !number.is_empty() && folded_number(number) == wanted)
        };
        let is_person = |(named, born): &(String, Date)| birth_date == Some(*born) && folded(named) == folded(name);
        self.id.as_ref().is_none_or(has_number) && self.person.as_ref().is_none_or(is_person)
    }
}

/// The entries of `[[accepted]]`.
pub(super) fn accepted(root: &mut Table<'_>, tariff: &Tariff) -> Vec<Accepted> {
    if let Some(span) = root.span_in_list("accepted", MAX_ACCEPTED) {
        root.fault(span, Message::new("accepted-many").with("limit", MAX_ACCEPTED));
    }
    root.tables("accepted", |table| entry(table, tariff))
}

fn entry(table: &mut Table<'_>, tariff: &Tariff) -> Option<Accepted> {
    let (faults, span) = (table.faults(), table.span());
    let id = table.filled_text("id");
    let (name, birth_date) = (table.filled_text("name"), table.date("birth_date"));
    let has_person = ["name", "birth_date"].map(|key| table.has(key));
    if !table.has("id") && has_person != [true; 2] || has_person[0] != has_person[1] {
        table.fault(span.clone(), Message::new("accepted-person"));
        table.leave_rest();
        return None;
    }
    let clause = tariff.age.clause.as_str();
    let number = table.needed_number("age_coefficient").and_then(|at| {
        let Some(range) = tariff.accepted_age else {
            let message = Message::new("accepted-no-range").with("edition", tariff.edition.code.as_str());
            faults.add(at.span, message.with("clause", clause));
            return None;
        };
        if !range.contains(at.value.near()) {
            faults.add(at.span, outside(&at.value, range, clause));
            return None;
        }
        coefficient(at, faults)
    });
    let (decided_by, reason) = (table.needed_text("decided_by"), table.needed_text("reason"));
    Some(Accepted {
        id: id.map(|at| at.value),
        person: name.zip(birth_date).map(|(name, born)| (name.value, born.value)),
        coefficient: number?,
        decided_by: decided_by?.value,
        reason: reason?.value,
        span,
    })
}

/// The coefficients of the entries, each once, in ascending order.
pub(super) fn coefficients(accepted: &[Accepted]) -> Vec<Decimal> {
    let mut coefficients: Vec<Decimal> = accepted.iter().map(|entry| entry.coefficient).collect();
    coefficients.sort_unstable();
    coefficients.dedup();
    coefficients
}
