//! A receipt: the figures of a part that a worker has repriced. The head reads it instead of the lines.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::base::messages::{Message, Value};
use crate::base::money::Kopecks;
use crate::portfolio::reprice::batch;
use crate::portfolio::reprice::batch::RepricedContract;
use crate::portfolio::reprice::sums::{GroupSums, Sums};
use crate::portfolio::store::StoredFile;

/// The receipt of a part.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Receipt {
    /// SHA-256 of the task.
    pub task: String,
    /// The file of the repriced lines with its row groups; `None` where no line is repriced.
    pub file: Option<StoredFile>,
    /// SHA-256 of all its bytes.
    pub sha256: String,
    /// The sums of all contracts.
    pub totals: Totals,
    /// The facts of each contract, in the order of the task.
    pub contracts: Vec<Facts>,
}

/// The sums of a part; amounts are in kopecks.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// The lines that were read.
    pub lines: u64,
    /// The lines that are repriced.
    pub repriced: u64,
    /// The additional premium.
    pub additional: i128,
    /// The credit.
    pub credit: i128,
}

/// The figures of a contract; amounts are in kopecks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Facts {
    lines: u64,
    /// The number of its repriced lines.
    pub(super) repriced: u64,
    annual_before: i128,
    annual_after: i128,
    additional: i128,
    credit: i128,
    unexpired: i128,
    premium: i128,
    premium_of_untouched: i128,
    /// By plan and programme: lines, full-year premium before and after, additional premium, credit.
    groups: Vec<(String, String, u64, [i128; 4])>,
    /// Why the figures or the rows cannot be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fault: Option<Fault>,
}

/// A fault of a contract: the name of its message, and the file of the book.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Fault {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

impl Totals {
    /// Adds the figures of a contract.
    pub fn add(&mut self, sums: &Sums) {
        self.lines += sums.lines;
        self.repriced += sums.repriced;
        self.additional += sums.effect.additional.get();
        self.credit += sums.effect.credit.get();
    }
}

impl Facts {
    /// The facts of a repriced contract.
    #[must_use]
    pub fn new(repriced: &RepricedContract) -> Self {
        let RepricedContract { sums, fault, .. } = repriced;
        let group = |((plan, programme), sums): (&(Arc<str>, Arc<str>), &GroupSums)| {
            (plan.to_string(), programme.to_string(), sums.lines, sums.effect.amounts().map(Kopecks::get))
        };
        let [annual_before, annual_after, additional, credit] = sums.effect.amounts().map(Kopecks::get);
        Self {
            lines: sums.lines,
            repriced: sums.repriced,
            annual_before,
            annual_after,
            additional,
            credit,
            unexpired: sums.unexpired.get(),
            premium: sums.premium.get(),
            premium_of_untouched: sums.premium_of_untouched.get(),
            groups: sums.groups.iter().map(group).collect(),
            fault: fault.as_ref().map(Fault::new),
        }
    }

    /// The repriced contract; `None` where the program knows no such fault, or an amount exceeds the limit of a book.
    #[must_use]
    pub fn repriced(&self) -> Option<RepricedContract> {
        const LARGEST: i128 = 1 << 90;
        const MOST_LINES: u64 = 1 << 40;
        let effect = [self.annual_before, self.annual_after, self.additional, self.credit];
        let premiums = [self.unexpired, self.premium, self.premium_of_untouched];
        let mut amounts = effect.iter().chain(&premiums).chain(self.groups.iter().flat_map(|group| &group.3));
        let mut lines = [self.lines, self.repriced].into_iter().chain(self.groups.iter().map(|group| group.2));
        if !amounts.all(|amount| (0..LARGEST).contains(amount)) || !lines.all(|lines| lines < MOST_LINES) {
            return None;
        }
        let group = |(plan, programme, lines, amounts): &(String, String, u64, [i128; 4])| {
            let sums = GroupSums { lines: *lines, effect: amounts.map(Kopecks::new).into() };
            ((Arc::from(plan.as_str()), Arc::from(programme.as_str())), sums)
        };
        let sums = Sums {
            lines: self.lines,
            repriced: self.repriced,
            effect: effect.map(Kopecks::new).into(),
            unexpired: Kopecks::new(self.unexpired),
            premium: Kopecks::new(self.premium),
            premium_of_untouched: Kopecks::new(self.premium_of_untouched),
            groups: self.groups.iter().map(group).collect(),
        };
        let fault = match &self.fault {
            Some(fault) => Some(fault.message()?),
            None => None,
        };
        Some(RepricedContract::new(sums, fault))
    }
}

impl Fault {
    fn new(message: &Message) -> Self {
        let file = match message.value("file") {
            Some(Value::Text(file)) => Some(file.clone()),
            _ => None,
        };
        Self { name: message.name().to_owned(), file }
    }

    /// The message; `None` where this is no fault of a contract.
    fn message(&self) -> Option<Message> {
        const OF_FILES: [&str; 2] = ["portfolio-file-missing", "portfolio-file-damaged"];
        match self.name.as_str() {
            "reprice-unreadable" => Some(Message::new("reprice-unreadable")),
            "reprice-too-large" => Some(batch::too_large_message()),
            name => {
                let name = OF_FILES.into_iter().find(|known| *known == name)?;
                Some(Message::new(name).with("file", self.file.clone()?))
            }
        }
    }
}
