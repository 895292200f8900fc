//! The exchange file of banks and 1C (`1CClientBankExchange`): a statement of accounts as lines `Key=value`.
//!
//! The file is recognised by its first line. It is windows-1251, DOS or UTF-8; the name of its version in the second line decides which. A
//! file that is cut off, or whose documents lack a sum, a day or an account, or do not add up to its own totals, is refused whole, because
//! the missing part may hold reversals and corrections.

mod encoding;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::diagnostic::masked;
use crate::base::messages::Message;
use crate::base::money::Kopecks;
use crate::portfolio::payments::Problem;
use crate::portfolio::payments::income_words::is_money_back;
use crate::table::cell::{Cell, Epoch};
use crate::table::value::{self, DateOrder};
pub(super) use encoding::decode;

/// The first line of every exchange file.
pub(super) const MARK: &str = "1CClientBankExchange";

/// A payment into one of the accounts of the statement; the number of the contract stands somewhere in its purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The line of the file at which its document begins.
    pub line: u32,
    /// The number of the document; empty where there is none.
    pub document: String,
    /// The day on which it was credited.
    pub day: Date,
    /// The amount, above 0.
    pub amount: Kopecks,
    /// The purpose of payment (назначение платежа).
    pub purpose: String,
    /// Why it is no premium whatever its purpose, if so.
    pub excluded: Option<Message>,
}

/// A statement of accounts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct BankExchange {
    /// What the accounts received, in the order of the lines.
    pub incoming: Vec<Transfer>,
    /// The number of documents that the accounts paid, and their sum.
    pub outgoing: (usize, Kopecks),
}

/// A key with its value, and the line on which it stands.
type Entry<'t> = (u32, &'t str, &'t str);

/// The keys of a section, from the line on which it begins.
struct Section<'t> {
    line: u32,
    entries: Vec<(Entry<'t>, Vec<&'t str>)>,
    /// The place of the first entry of each key.
    first: BTreeMap<&'t str, usize>,
}

impl<'t> Section<'t> {
    const fn new(line: u32) -> Self {
        Self { line, entries: Vec::new(), first: BTreeMap::new() }
    }

    /// The value of a key that is not empty, with its line.
    fn value(&self, key: &str) -> Option<(u32, &'t str)> {
        let ((line, _, value), _) = self.entries.get(*self.first.get(key)?)?;
        Some((*line, *value)).filter(|(_, value)| !value.is_empty())
    }

    fn has(&self, key: &str) -> bool {
        self.first.contains_key(key)
    }

    fn amount(&self, key: &str) -> Result<Option<(u32, Kopecks)>, Problem> {
        let Some((line, text)) = self.value(key) else { return Ok(None) };
        let amount = value::roubles(Cell::Text(text)).ok_or_else(|| problem(line, "exchange-sum", key))?;
        Ok(Some((line, amount)))
    }

    fn day(&self, key: &str) -> Result<Option<Date>, Problem> {
        let Some((line, text)) = self.value(key) else { return Ok(None) };
        match value::day_of_event(Cell::Text(text), Epoch::default(), Some(DateOrder::DayFirst)) {
            Ok(Some(day)) => Ok(Some(day.date)),
            _ => Err(problem(line, "exchange-day", key)),
        }
    }

    /// The purpose of payment, which may stand in one key, in up to six more, and on lines without a key.
    fn purpose(&self) -> String {
        const KEYS: [&str; 7] = [
            "НазначениеПлатежа",
            "НазначениеПлатежа1",
            "НазначениеПлатежа2",
            "НазначениеПлатежа3",
            "НазначениеПлатежа4",
            "НазначениеПлатежа5",
            "НазначениеПлатежа6",
        ];
        let own = self.entries.iter().filter(|((_, name, _), _)| KEYS.contains(name));
        let parts = own.flat_map(|((_, _, value), more)| std::iter::once(value).chain(more));
        parts.copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

fn problem(line: u32, name: &'static str, key: &str) -> Problem {
    Problem { row: line, column: None, message: Message::new(name).with("key", key) }
}

impl BankExchange {
    /// Parses a decoded file.
    ///
    /// # Errors
    ///
    /// Every fault with its line; then no document of the file counts.
    pub fn parse(text: &str) -> Result<Self, Vec<Problem>> {
        let Sections { head, accounts, documents } = Sections::read(text)?;
        let mut faults = Vec::new();
        let own: BTreeSet<&str> = { head.entries.iter().chain(accounts.iter().flat_map(|account| &account.entries)) }
            .map(|(entry, _)| entry)
            .filter(|(_, key, value)| *key == "РасчСчет" && !value.is_empty())
            .map(|(_, _, account)| *account)
            .collect();
        if own.is_empty() {
            faults.push(problem(head.line, "exchange-account", "РасчСчет"));
            return Err(faults);
        }
        let mut exchange = Self::default();
        let mut turnover = Turnover::default();
        for document in &documents {
            match exchange.add(document, &own, &mut turnover) {
                Ok(()) => {}
                Err(found) => faults.extend(found),
            }
        }
        if faults.is_empty() {
            faults = turnover.disagreements(&accounts);
        }
        if faults.is_empty() { Ok(exchange) } else { Err(faults) }
    }

    /// Adds a document.
    fn add<'t>(
        &mut self,
        section: &Section<'t>,
        own: &BTreeSet<&str>,
        turnover: &mut Turnover<'t>,
    ) -> Result<(), Vec<Problem>> {
        let mut faults = Vec::new();
        let mut keep = |fault: Problem| faults.push(fault);
        let missing = |key| problem(section.line, "exchange-missing", key);
        let amount = match section.amount("Сумма") {
            Ok(Some((_, amount))) if amount > Kopecks::ZERO => Some(amount),
            Ok(Some((line, _))) => {
                keep(problem(line, "exchange-sum", "Сумма"));
                None
            }
            Ok(None) => {
                keep(missing("Сумма"));
                None
            }
            Err(fault) => {
                keep(fault);
                None
            }
        };
        let mut day = |key| {
            section.day(key).unwrap_or_else(|fault| {
                faults.push(fault);
                None
            })
        };
        let (dated, credited) = (day("Дата"), day("ДатаПоступило"));
        let value = |key| section.value(key).map(|(_, value)| value);
        let receivers = ["ПолучательСчет", "ПолучательРасчСчет"].map(value);
        let senders = ["ПлательщикСчет", "ПлательщикРасчСчет"].map(value);
        if receivers.iter().chain(&senders).all(Option::is_none) {
            faults.push(missing("ПолучательСчет"));
        }
        if dated.is_none() && credited.is_none() && faults.is_empty() {
            faults.push(missing("Дата"));
        }
        // where a payment goes by another bank, the account there stands in the first key
        let own_of =
            |accounts: [Option<&'t str>; 2]| accounts.into_iter().flatten().find(|account| own.contains(*account));
        let (received_by, paid_by) = (own_of(receivers), own_of(senders));
        let (Some(amount), Some(day), true) = (amount, credited.or(dated), faults.is_empty()) else {
            return Err(faults);
        };
        let Some(account) = received_by else {
            let Some(account) = paid_by else {
                return Err(vec![problem(section.line, "exchange-foreign", "РасчСчет")]);
            };
            self.outgoing = (self.outgoing.0 + 1, self.outgoing.1 + amount);
            turnover.add(account, -amount);
            return Ok(());
        };
        let excluded = if let Some(paid_by) = paid_by {
            // it may stand in the statements of both accounts
            turnover.unchecked.extend([account, paid_by]);
            Some("exchange-own-transfer")
        } else if section.has("ДатаПоступило") && credited.is_none() {
            Some("exchange-not-credited")
        } else if !is_rouble_account(account) {
            Some("exchange-currency")
        } else if is_money_back(&section.purpose()) {
            Some("pay-money-back")
        } else {
            None
        };
        self.incoming.push(Transfer {
            line: section.line,
            document: section.value("Номер").map(|(_, number)| number.to_owned()).unwrap_or_default(),
            day,
            amount,
            purpose: section.purpose(),
            excluded: excluded.map(Message::new),
        });
        if excluded != Some("exchange-not-credited") {
            turnover.add(account, amount);
        }
        Ok(())
    }
}

/// Whether an account is in roubles: the sixth to eighth digit are the currency. Numbers of other lengths are not judged.
fn is_rouble_account(account: &str) -> bool {
    const DIGITS: usize = 20;
    let is_account = account.len() == DIGITS && account.bytes().all(|letter| letter.is_ascii_digit());
    !is_account || matches!(account.get(5..8), Some("810" | "643"))
}

/// What each own account has received and paid.
#[derive(Default)]
struct Turnover<'t> {
    sums: BTreeMap<&'t str, [Kopecks; 2]>,
    /// The accounts with transfers between each other, whose totals are not checked.
    unchecked: BTreeSet<&'t str>,
}

impl<'t> Turnover<'t> {
    fn add(&mut self, account: &'t str, received: Kopecks) {
        let [incoming, outgoing] = self.sums.entry(account).or_default();
        if received > Kopecks::ZERO {
            *incoming += received;
        } else {
            *outgoing -= received;
        }
    }

    /// The totals of the file that its documents do not add up to.
    fn disagreements(&self, accounts: &[Section<'t>]) -> Vec<Problem> {
        let mut stated: BTreeMap<&str, [Option<(u32, Kopecks)>; 2]> = BTreeMap::new();
        let mut faults = Vec::new();
        for section in accounts {
            let Some((_, account)) = section.value("РасчСчет") else { continue };
            let stated = stated.entry(account).or_default();
            for (stated, key) in stated.iter_mut().zip(["ВсегоПоступило", "ВсегоСписано"]) {
                match section.amount(key) {
                    Ok(Some((line, amount))) => {
                        *stated = Some(stated.map_or((line, amount), |(first, sum)| (first, sum + amount)));
                    }
                    Ok(None) => {}
                    Err(fault) => faults.push(fault),
                }
            }
        }
        for (account, stated) in stated.into_iter().filter(|(account, _)| !self.unchecked.contains(account)) {
            let found = self.sums.get(account).copied().unwrap_or_default();
            for ((stated, found), key) in stated.into_iter().zip(found).zip(["ВсегоПоступило", "ВсегоСписано"])
            {
                if let Some((line, amount)) = stated.filter(|(_, amount)| *amount != found) {
                    let message =
                        Message::new("exchange-total").with("key", key).with("stated", amount).with("found", found);
                    faults.push(Problem { row: line, column: None, message });
                }
            }
        }
        faults
    }
}

/// The sections of a file.
struct Sections<'t> {
    head: Section<'t>,
    accounts: Vec<Section<'t>>,
    documents: Vec<Section<'t>>,
}

/// The kind of the section that a line is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Head,
    Account,
    Document,
    Between,
    Over,
}

impl<'t> Sections<'t> {
    /// Splits a file into its sections.
    fn read(text: &'t str) -> Result<Self, Vec<Problem>> {
        let mut sections = Self { head: Section::new(1), accounts: Vec::new(), documents: Vec::new() };
        let mut place = Place::Head;
        let (mut last, mut faults) = (1, Vec::new());
        for (line, content) in (1_u32..).zip(text.lines()).skip(1) {
            let content = content.trim();
            if content.is_empty() {
                continue;
            }
            last = line;
            let (key, value) =
                content.split_once('=').map_or((content, None), |(key, value)| (key.trim(), Some(value.trim())));
            match (place, key) {
                (Place::Over, _) => {
                    faults.push(problem(line, "exchange-after-end", &masked(key)));
                    break;
                }
                (Place::Head | Place::Between, "СекцияРасчСчет") => {
                    place = Place::Account;
                    sections.accounts.push(Section::new(line));
                }
                (Place::Head | Place::Between, "СекцияДокумент") => {
                    place = Place::Document;
                    sections.documents.push(Section::new(line));
                }
                (Place::Account, "КонецРасчСчет") | (Place::Document, "КонецДокумента") => {
                    place = Place::Between;
                }
                (Place::Head | Place::Between, "КонецФайла") => place = Place::Over,
                (_, "СекцияРасчСчет" | "СекцияДокумент" | "КонецРасчСчет" | "КонецДокумента" | "КонецФайла" | MARK) =>
                {
                    faults.push(problem(line, "exchange-section", key));
                    break;
                }
                _ => {
                    let section = match place {
                        Place::Account => sections.accounts.last_mut(),
                        Place::Document => sections.documents.last_mut(),
                        _ => None,
                    };
                    let section = section.unwrap_or(&mut sections.head);
                    if let Err(fault) = section.add(line, key, value, content, place == Place::Document) {
                        faults.push(fault);
                    }
                }
            }
        }
        // the last line of a file that was cut off may be any part of one
        let is_cut = |fault: &Problem| fault.row == last && fault.message.name() == "exchange-line";
        if place != Place::Over && faults.iter().all(is_cut) {
            faults.clear();
            faults.push(problem(last, "exchange-cut-off", "КонецФайла"));
        }
        if faults.is_empty() { Ok(sections) } else { Err(faults) }
    }
}

impl<'t> Section<'t> {
    /// Adds a line: a key with its value, or a further line of the value before it.
    fn add(
        &mut self,
        line: u32,
        key: &'t str,
        value: Option<&'t str>,
        content: &'t str,
        is_document: bool,
    ) -> Result<(), Problem> {
        let is_key =
            !key.is_empty() && key.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-'));
        match value.filter(|_| is_key) {
            Some(value) => {
                // several accounts in the head, and keys of no interest, may come again
                let must_be_one = is_document
                    && matches!(key, "Сумма" | "Дата" | "ДатаПоступило" | "ПолучательСчет" | "ПлательщикСчет");
                if must_be_one && self.has(key) {
                    return Err(problem(line, "exchange-twice", key));
                }
                self.first.entry(key).or_insert(self.entries.len());
                self.entries.push(((line, key, value), Vec::new()));
                Ok(())
            }
            None => match self.entries.last_mut() {
                Some(((_, before, _), more)) if is_document && before.starts_with("НазначениеПлатежа") =>
                {
                    more.push(content);
                    Ok(())
                }
                _ => Err(Problem { row: line, column: None, message: Message::new("exchange-line") }),
            },
        }
    }
}

#[cfg(test)]
mod tests;
