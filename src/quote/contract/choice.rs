//! Where a contract stands in the tariff's ranges (`I2`, `I3`).

use std::fmt;

use rust_decimal::Decimal;

use crate::base::messages::Message;
use crate::base::source_file::{AnyValue, Faults, Number, Span, Spanned, as_number};
use crate::tariff::range::{Range, Stand};

/// No coefficient of a contract may have more decimals (`I2`).
pub const MAX_DECIMALS: u32 = 4;
/// The words for a place in any range.
const STANDS: &str = "low, mid, high";
/// The words for the headcount, which can also be interpolated (`I3`).
pub(crate) const HEADCOUNT_WORDS: &str = "low, mid, high, interpolate";

/// A place in a range, as the contract file says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RangeChoice {
    /// By a word.
    Stand(Stand),
    /// By a number, which is inside the range.
    Number(Decimal),
}

impl RangeChoice {
    /// The coefficient at this place of the range.
    #[must_use]
    pub fn of(self, range: Range) -> Decimal {
        match self {
            Self::Stand(stand) => stand.of(range),
            Self::Number(number) => number,
        }
    }
}

impl fmt::Display for RangeChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stand(stand) => f.write_str(stand.word()),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

/// Who chose the place in a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChosenBy {
    /// Nobody: it is the middle because nothing else was said.
    Nobody,
    /// `ranges`, the word for every range that is not named.
    Ranges,
    /// The contract names this very range.
    Name,
}

impl ChosenBy {
    /// The word in the files: `nobody`, `ranges`, `contract`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Ranges => "ranges",
            Self::Name => "contract",
        }
    }
}

/// Where the headcount coefficient stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadcountChoice {
    /// In the range of the band.
    RangeChoice(RangeChoice),
    /// On the straight line along the band (`I3`).
    Interpolate,
}

/// The contract's choices in the tariff's ranges.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// For every range that is not named.
    pub ranges: Option<Stand>,
    /// For the headcount; its place in the file is kept because the band is known only with the roster.
    pub headcount: Option<Spanned<HeadcountChoice>>,
    /// For each risk group that is named, by the number of the group, in the order of the file.
    pub risk: Vec<(u8, RangeChoice)>,
}

impl Choices {
    /// The place in a range that has `named` as its own choice, and who chose it.
    #[must_use]
    pub fn settle(&self, named: Option<RangeChoice>) -> (RangeChoice, ChosenBy) {
        match (named, self.ranges) {
            (Some(pick), _) => (pick, ChosenBy::Name),
            (None, Some(stand)) => (RangeChoice::Stand(stand), ChosenBy::Ranges),
            (None, None) => (RangeChoice::Stand(Stand::default()), ChosenBy::Nobody),
        }
    }

    /// The place in the range of a risk group, and who chose it.
    #[must_use]
    pub fn risk(&self, group: u8) -> (RangeChoice, ChosenBy) {
        self.settle(self.risk.iter().find(|(named, _)| *named == group).map(|(_, pick)| *pick))
    }
}

/// The value as a place in a range that is known by now: a word, or a number inside it with at most four decimals.
pub(crate) fn pick_in(value: AnyValue<'_>, range: Range, clause: &str, faults: &Faults) -> Option<RangeChoice> {
    match said(value, STANDS, faults)? {
        Said::Stand(stand) => Some(RangeChoice::Stand(stand)),
        Said::Number(at) if !range.contains(at.value.near()) => {
            faults.add(at.span, outside(&at.value, range, clause));
            None
        }
        Said::Number(at) => coefficient(at, faults).map(RangeChoice::Number),
    }
}

/// The value as a place in a range that is known only with the roster; `every` holds all that it may be.
///
/// A number that a decimal has room for waits for its range; another is held against the ends of `every`.
pub(crate) fn pick(
    value: AnyValue<'_>,
    words: &str,
    every: Range,
    clause: &str,
    faults: &Faults,
) -> Option<RangeChoice> {
    match said(value, words, faults)? {
        Said::Stand(stand) => Some(RangeChoice::Stand(stand)),
        Said::Number(at) if at.value.exactly().is_none() && !every.contains(at.value.near()) => {
            faults.add(at.span, outside(&at.value, every, clause));
            None
        }
        Said::Number(at) => coefficient(at, faults).map(RangeChoice::Number),
    }
}

/// What to say of a number outside its range.
pub(crate) fn outside(number: &impl fmt::Display, range: Range, clause: &str) -> Message {
    Message::new("choice-outside")
        .with("number", number.to_string())
        .with("range", range.to_string())
        .with("clause", clause)
}

/// A place in a range as it is said, before anything is known of the range.
enum Said {
    Stand(Stand),
    Number(Spanned<Number>),
}

/// The value as a word for a place or as a number; `words` are those that are allowed there.
fn said(value: AnyValue<'_>, words: &str, faults: &Faults) -> Option<Said> {
    if let Some(text) = value.get_ref().as_str() {
        if let Some(stand) = Stand::from_word(text) {
            return Some(Said::Stand(stand));
        }
        if !text.bytes().any(|byte| byte.is_ascii_digit()) {
            one_of(value.span(), words, faults);
            return None;
        }
    }
    as_number(value, faults).map(Said::Number)
}

/// A coefficient with at most four decimals.
pub(crate) fn coefficient(at: Spanned<Number>, faults: &Faults) -> Option<Decimal> {
    let number = at.value.with_decimals(MAX_DECIMALS);
    if number.is_none() {
        faults.add(at.span, Message::new("choice-decimals").with("limit", MAX_DECIMALS));
    }
    number
}

/// The word as a place in any range.
pub(crate) fn stand(at: Spanned<String>, faults: &Faults) -> Option<Stand> {
    let stand = Stand::from_word(&at.value);
    if stand.is_none() {
        one_of(at.span, STANDS, faults);
    }
    stand
}

/// Reports a word that is none of those allowed.
pub(crate) fn one_of(span: Span, words: &str, faults: &Faults) {
    faults.add(span, Message::new("word-unknown").with("words", words));
}
