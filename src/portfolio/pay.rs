//! Paying: payments of policyholders are added to the book, each once (`I51`, `I53`).

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use crate::base::diagnostic::{masked, shortened};
use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::Kopecks;
use crate::portfolio::book::Portfolio;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::payments::contract_numbers::{ContractNumbers, NamedContract, names_several};
use crate::portfolio::payments::{Payment, Payments, Problem};
use crate::portfolio::register;
use crate::portfolio::register::contracts::BoundContract;
use crate::portfolio::register::payments::{BookedPayment, ListedPayment};
use crate::tariff::EditionId;

/// A payment further outside the contract's term is doubted (`I53`).
const DOUBTED_AFTER_DAYS: i64 = 60;

/// The result of a list of payments: each is booked, known, booked with a doubt, or not matched with a contract.
#[derive(Debug, Default)]
pub struct Paid {
    /// The number of payments that are new to the book, doubted ones included.
    pub new: usize,
    /// Their sum.
    pub amount: Kopecks,
    /// The rows of payments that the book had already.
    pub known: Vec<u32>,
    /// Their sum.
    pub known_amount: Kopecks,
    /// The payments that are not booked: their contract is not in the book or not named, or they reverse nothing.
    pub problems: Vec<Problem>,
    /// Their sum.
    pub unmatched_amount: Kopecks,
    /// The rows of new reversals, with the day of the payment that each takes back.
    pub reversals: Vec<(u32, Date)>,
    /// New payments that are booked but may be wrong: far outside the term, or beyond the written premium.
    pub doubts: Vec<Problem>,
    /// Their sum.
    pub doubted_amount: Kopecks,
    /// The editions of the tariff that the paid contracts were bound with (`I71`).
    pub tariffs: Vec<EditionId>,
}

impl Paid {
    /// The sum of all payments that could be read.
    #[must_use]
    pub fn total(&self) -> Kopecks {
        self.amount + self.known_amount + self.unmatched_amount
    }

    /// Brings what is reported into the order of the rows.
    fn sort_by_row(&mut self) {
        self.known.sort_unstable();
        self.reversals.sort_unstable();
        self.problems.sort_by_key(|problem| problem.row);
        self.doubts.sort_by_key(|doubt| doubt.row);
    }

    fn add_unmatched(&mut self, row: u32, amount: Kopecks, column: Option<u32>, message: Message) {
        self.unmatched_amount += amount;
        self.problems.push(Problem { row, column, message });
    }
}

/// Adds payments to the book, in one commit.
///
/// Two rows of one list are two payments. A row is known where the book has as many equal payments as the list has up to it: with the same
/// contract, day, amount and document number, or any document number where the row has none. A negative amount reverses the last payment of
/// that amount, and is a problem where there is none. The contract of a transfer is the one that its purpose names.
///
/// # Errors
///
/// [`Error::Register`] where the book cannot be read or written, [`Error::Damaged`] where an edition in it is not as it was written; the
/// book is as it was.
pub fn pay(book: &mut Portfolio, payments: &Payments, dry_run: bool) -> Result<Paid, Error> {
    let mut posting = Posting::new(book)?;
    let named = named_payments(book, payments, &mut posting.paid)?;
    let mut listed: Vec<&Payment> = payments.payments.iter().chain(&named).collect();
    // many statements begin with the last day, so that a reversal stands above its payment
    listed.sort_by_key(|payment| payment.date);
    for of_day in listed.chunk_by(|one, other| one.date == other.date) {
        let mut above_their_payments = Vec::new();
        for payment in of_day {
            if !posting.add(payment, payments, false)? {
                above_their_payments.push(*payment);
            }
        }
        for payment in above_their_payments {
            posting.add(payment, payments, true)?;
        }
    }
    posting.add_tariffs()?;
    let Posting { mut paid, new, .. } = posting;
    paid.sort_by_row();
    if !dry_run && !new.is_empty() {
        book.register.commit("pay", |commit, run| {
            new.iter().try_for_each(|payment| register::add_payment(commit, run, payment))
        })?;
    }
    Ok(paid)
}

/// The payments of a list while they are compared with the book.
struct Posting<'b> {
    book: &'b Portfolio,
    next: i64,
    /// The numbers of the book, once they are needed.
    spelt: Option<ContractNumbers>,
    /// The contracts by the numbers of the list; `None` where the book has none of that number.
    states: BTreeMap<String, Option<PaidContract>>,
    /// The equal payments of the book that no row of the list has answered yet.
    equal: BTreeMap<BookedPayment, u64>,
    new: Vec<BookedPayment>,
    paid: Paid,
}

impl<'b> Posting<'b> {
    fn new(book: &'b Portfolio) -> Result<Self, Error> {
        Ok(Self {
            book,
            next: book.register.read(register::next_run)?,
            spelt: None,
            states: BTreeMap::new(),
            equal: BTreeMap::new(),
            new: Vec::new(),
            paid: Paid::default(),
        })
    }

    /// Adds a payment: as new, as known, or as one that no contract can be found for. A reversal that takes nothing back is reported only
    /// on its last try; until then the result is `false`.
    fn add(&mut self, payment: &Payment, payments: &Payments, is_last_try: bool) -> Result<bool, Error> {
        let payment = &*if self.states.contains_key(&payment.number) {
            Cow::Borrowed(payment)
        } else {
            Cow::Owned(self.with_number_of_book(payment)?)
        };
        self.read_contract(&payment.number)?;
        let other = self.other_contract(payment)?;
        let Self { paid, .. } = self;
        let Some(contract) = self.states.get_mut(&payment.number).and_then(Option::as_mut) else {
            let message = Message::new("pay-number").with("number", loggable_number(&payment.number));
            paid.add_unmatched(payment.row, payment.amount, payments.number_column, message);
            return Ok(true);
        };
        if let Some(message) = other {
            paid.add_unmatched(payment.row, payment.amount, payments.number_column, message);
            return Ok(true);
        }
        let PaidContract { state, open, .. } = contract;
        let booked = BookedPayment {
            contract: state.contract.id,
            day: payment.date,
            amount: payment.amount,
            document: payment.document.clone(),
        };
        if !self.equal.contains_key(&booked) {
            let count = self.book.register.read(|register| register::equal_payments(register, &booked))?;
            self.equal.insert(booked.clone(), count);
        }
        if let Some(known) = self.equal.get_mut(&booked).filter(|known| **known > 0) {
            // one payment with a document number answers every equal row
            *known -= u64::from(booked.document.is_empty());
            paid.known.push(payment.row);
            paid.known_amount += payment.amount;
            return Ok(true);
        }
        match open.add(payment.date, payment.amount) {
            Ok(Some(reversed)) => paid.reversals.push((payment.row, reversed)),
            Ok(None) => {}
            Err(()) if !is_last_try => return Ok(false),
            Err(()) => {
                let message = Message::new("pay-reverses-none").with("number", state.contract.number.as_str());
                let message = message.with("amount", -payment.amount);
                paid.add_unmatched(payment.row, payment.amount, payments.amount_column, message);
                return Ok(true);
            }
        }
        contract.state.paid += payment.amount;
        if let Some(doubt) = contract.doubt(payment, payments) {
            paid.doubts.push(doubt);
            paid.doubted_amount += payment.amount;
        }
        paid.new += 1;
        paid.amount += payment.amount;
        self.new.push(booked);
        Ok(true)
    }

    /// Why the purpose beside the number of a payment contradicts it, if it does: it names another contract of the book and not this one.
    fn other_contract(&mut self, payment: &Payment) -> Result<Option<Message>, Error> {
        if payment.purpose.is_empty() || self.states.get(&payment.number).is_none_or(Option::is_none) {
            return Ok(None);
        }
        let named = self.numbers()?.find(&payment.purpose);
        Ok(match named {
            NamedContract::One(other) if other != payment.number => {
                let message = Message::new("pay-purpose-differs").with("number", payment.number.as_str());
                Some(message.with("other", other))
            }
            _ => None,
        })
    }

    /// The numbers of the book.
    fn numbers(&mut self) -> Result<&ContractNumbers, Error> {
        let numbers = match self.spelt.take() {
            Some(numbers) => numbers,
            None => ContractNumbers::new(self.book.register.read(register::contract_numbers)?),
        };
        Ok(self.spelt.insert(numbers))
    }

    /// Reads the contract of a number with its payments, once.
    fn read_contract(&mut self, number: &str) -> Result<(), Error> {
        if self.states.contains_key(number) {
            return Ok(());
        }
        let Self { book, next, .. } = *self;
        let contract = book.register.read(|register| register::contract(register, number))?;
        if let Some(contract) = &contract {
            book.prove(contract.id..=contract.id)?;
        }
        let state = book.register.read(|register| {
            let read = |contract: BoundContract| {
                let payments = register::payments(register, contract.id, next)?;
                Ok(PaidContract::new(ContractState::known_before(register, contract, next)?, payments))
            };
            contract.map(read).transpose()
        })?;
        self.states.insert(number.to_owned(), state);
        Ok(())
    }

    /// The payment with the number of its contract as the book writes it: «№ ДМС-1 от 01.12.2026» names `ДМС-1`, whatever its case and
    /// look-alike letters.
    fn with_number_of_book(&mut self, payment: &Payment) -> Result<Payment, Error> {
        if self.book.register.read(|register| register::contract(register, &payment.number))?.is_some() {
            return Ok(payment.clone());
        }
        let found = self.numbers()?.find(&payment.number);
        Ok(match found {
            NamedContract::One(number) => Payment { number, ..payment.clone() },
            NamedContract::None | NamedContract::Several(_) => payment.clone(),
        })
    }

    /// Adds the editions of the tariff that the contracts of the list were bound with.
    fn add_tariffs(&mut self) -> Result<(), Error> {
        let bound: BTreeSet<&String> =
            self.states.values().flatten().map(|contract| &contract.state.contract.tariff).collect();
        if !bound.is_empty() {
            let editions = self.book.terms().edition_ids()?;
            self.paid.tariffs = bound.into_iter().filter_map(|hash| editions.get(hash).cloned()).collect();
        }
        Ok(())
    }
}

/// The transfers whose purpose names one contract, as payments; the others are not matched.
fn named_payments(book: &Portfolio, payments: &Payments, paid: &mut Paid) -> Result<Vec<Payment>, Error> {
    if payments.transfers.is_empty() {
        return Ok(Vec::new());
    }
    let numbers = ContractNumbers::new(book.register.read(register::contract_numbers)?);
    let mut named = Vec::with_capacity(payments.transfers.len());
    for transfer in &payments.transfers {
        let found = match &transfer.excluded {
            Some(reason) => Err(reason.clone()),
            None => match numbers.find(&transfer.purpose) {
                NamedContract::One(number) if names_several(&transfer.purpose) => {
                    Err(Message::new("pay-names-more").with("number", number))
                }
                NamedContract::One(number) => Ok(number),
                NamedContract::None => Err(Message::new("pay-names-none")),
                NamedContract::Several(numbers) => {
                    Err(Message::new("pay-names-several").with("numbers", listed(numbers.iter())))
                }
            },
        };
        match found {
            Ok(number) => named.push(Payment {
                number,
                date: transfer.day,
                amount: transfer.amount,
                document: transfer.document.clone(),
                purpose: String::new(),
                row: transfer.line,
            }),
            Err(message) => {
                let message = message.with("amount", transfer.amount).with("day", transfer.day);
                let message = message.with("document", shortened(&transfer.document));
                paid.add_unmatched(transfer.line, transfer.amount, None, message);
            }
        }
    }
    Ok(named)
}

/// A contract with its payments, those of the list so far included.
struct PaidContract {
    state: ContractState,
    open: OpenPayments,
    /// The payments of the book without a document number that no row with one has answered yet, by day and amount.
    undocumented: BTreeMap<(Date, Kopecks), u64>,
}

impl PaidContract {
    fn new(state: ContractState, payments: Vec<ListedPayment>) -> Self {
        let mut undocumented = BTreeMap::new();
        for payment in payments.iter().filter(|payment| payment.document.is_empty()) {
            *undocumented.entry((payment.day, payment.amount)).or_default() += 1;
        }
        Self { state, open: OpenPayments::new(payments), undocumented }
    }

    /// Why a new payment is doubted, if it is (`I53`): it is far outside the term, above what is written, or may be one that the book has
    /// without the number of its document.
    fn doubt(&mut self, payment: &Payment, payments: &Payments) -> Option<Problem> {
        let same = self.undocumented.get_mut(&(payment.date, payment.amount)).filter(|count| **count > 0);
        let same = same.filter(|_| !payment.document.is_empty());
        let is_known_without = same.map(|count| *count -= 1).is_some();
        doubt(&self.state, payment, payments).or_else(|| {
            let message = Message::new("pay-doubted-document").with("number", self.state.contract.number.as_str());
            let message = message.with("day", payment.date).with("amount", payment.amount);
            is_known_without.then_some(Problem { row: payment.row, column: payments.amount_column, message })
        })
    }
}

/// The payments of a contract that are not reversed: how many of each amount, by day.
#[derive(Debug, Default)]
struct OpenPayments(BTreeMap<Kopecks, BTreeMap<Date, u64>>);

impl OpenPayments {
    fn new(payments: Vec<ListedPayment>) -> Self {
        let mut open = Self::default();
        // a reversal may have the day of its payment
        let (received, reversed): (Vec<_>, Vec<_>) =
            payments.into_iter().partition(|payment| payment.amount > Kopecks::ZERO);
        for payment in received.into_iter().chain(reversed) {
            // what reverses nothing any more, because its payment is annulled, stays as it is
            let _ = open.add(payment.day, payment.amount);
        }
        open
    }

    /// Adds a payment, or takes away the last one of the amount that a negative one reverses; returns its day.
    fn add(&mut self, day: Date, amount: Kopecks) -> Result<Option<Date>, ()> {
        if amount > Kopecks::ZERO {
            *self.0.entry(amount).or_default().entry(day).or_default() += 1;
            return Ok(None);
        }
        let of_amount = self.0.get_mut(&(-amount)).ok_or(())?;
        let (last, count) = of_amount.range_mut(..=day).next_back().ok_or(())?;
        let last = *last;
        *count -= 1;
        if *count == 0 {
            of_amount.remove(&last);
        }
        Ok(Some(last))
    }
}

/// Why a payment is doubted, if it is (`I53`); the contract's paid premium includes it.
fn doubt(state: &ContractState, payment: &Payment, payments: &Payments) -> Option<Problem> {
    let (first, last) = (state.contract.first_day, state.contract.last_day);
    let earliest = first.saturating_sub(DOUBTED_AFTER_DAYS.days());
    let latest = last.saturating_add(DOUBTED_AFTER_DAYS.days());
    let written = state.version().written;
    let (column, message) = if payment.date < earliest || payment.date > latest {
        let message = Message::new("pay-doubted-day").with("day", payment.date).with("first", first).with("last", last);
        (payments.date_column, message.with("limit", DOUBTED_AFTER_DAYS.to_string()))
    } else if state.paid > written {
        let message = Message::new("pay-doubted-amount").with("paid", state.paid).with("written", written);
        (payments.amount_column, message)
    } else {
        return None;
    };
    Some(Problem { row: payment.row, column, message: message.with("number", state.contract.number.as_str()) })
}

/// An unknown contract number as it may be logged: masked where it may be a name, a passport or a telephone in the wrong column, because it
/// has no digit or several words.
fn loggable_number(number: &str) -> String {
    let is_one_word = !number.contains([' ', '\u{a0}']) && !number.starts_with('+');
    let has_digit = number.contains(|letter: char| letter.is_ascii_digit());
    if is_one_word && has_digit { shortened(number) } else { masked(number) }
}
