//! The columns of a table that hold no field, and rows whose amounts a delimiter has cut in two.

use crate::table::cell::{Cell, Row};
use crate::table::field::ValueType;
use crate::table::layout::Layout;

/// The columns whose cells are counted beside the fields: those up to the last heading that hold none, and all after it.
#[derive(Debug, Default, Clone)]
pub struct OtherColumns {
    spare: Vec<usize>,
    /// The columns of amounts.
    amounts: Vec<usize>,
    /// The number of columns up to the last heading.
    width: usize,
}

impl OtherColumns {
    /// The other columns of a table.
    #[must_use]
    pub fn new(layout: &Layout) -> Self {
        let of_amounts = layout.columns().filter(|(field, _)| field.holds == ValueType::Money);
        Self {
            spare: layout.spare(),
            amounts: of_amounts.map(|(_, column)| column).collect(),
            width: layout.uses().len(),
        }
    }

    /// All columns from this one on.
    #[must_use]
    pub fn beyond(width: usize) -> Self {
        Self { width, ..Self::default() }
    }

    /// Whether a row has any of them.
    #[must_use]
    pub fn are_in(&self, row: &(impl Row + ?Sized)) -> bool {
        !self.spare.is_empty() || row.width() > self.width
    }

    /// Those of a row.
    pub fn of_row(&self, row: &(impl Row + ?Sized)) -> impl Iterator<Item = usize> {
        self.spare.iter().copied().chain(self.width..row.width())
    }

    /// The column of an amount whose kopecks or thousands stand in the next column, because its comma is the delimiter of the text: the row
    /// has more values than there are headings.
    #[must_use]
    pub fn cut_amount(&self, row: &(impl Row + ?Sized)) -> Option<usize> {
        let is_wider = (self.width..row.width()).any(|column| !row.cell(column).is_empty());
        let is_cut = |column: &&usize| {
            matches!((row.cell(**column), row.cell(**column + 1)), (Cell::Text(whole), Cell::Text(rest))
                if are_digits(whole) && is_rest_of_amount(rest))
        };
        self.amounts.iter().filter(|_| is_wider).find(is_cut).copied()
    }
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text may follow the comma of an amount: kopecks, or three digits with the kopecks behind a point.
fn is_rest_of_amount(text: &str) -> bool {
    let (whole, kopecks) = text.split_once('.').map_or((text, None), |(whole, kopecks)| (whole, Some(kopecks)));
    let is_group = whole.len() == 3 && kopecks.is_none_or(|kopecks| kopecks.len() <= 2 && are_digits(kopecks));
    are_digits(whole) && (is_group || whole.len() <= 2 && kopecks.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_comma_of_an_amount_is_recognised() {
        for (text, is_rest) in [
            ("50", true),
            ("5", true),
            ("000", true),
            ("000.00", true),
            ("1234", false),
            ("50.00", false),
            ("", false),
            ("5а", false),
        ] {
            assert_eq!(is_rest_of_amount(text), is_rest, "{text}");
        }
    }
}
