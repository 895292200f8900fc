//! Erasure of the personal data of an insured whose cover has ended (152-ФЗ, art. 21).
//!
//! A pseudonym replaces the name, and another birth date the birth date, so that every age and with it every premium stays; numbers and
//! contacts are emptied. That is done wherever the book has the person: in the rows of every version, in events, warnings, letters, claims,
//! terms and notes. Files are written anew and replaced by one commit of the register; the chain records what that has changed in its sums
//! ([`chain`](crate::portfolio::register::chain)), so that everything else stays proved. The run itself is the record that it was done.

mod enrolment;
mod mentions;
mod pseudonym;
mod row_files;
mod terms;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::base::calendar::{day_after_1970, days_since_1970};
use crate::base::diagnostic::masked;
use crate::base::digest::sha256;
use crate::base::error::Error;
use crate::base::messages::{Message, listed};
use crate::base::money::Kopecks;
use crate::portfolio::book::Portfolio;
use crate::portfolio::charges::ChargeReader;
use crate::portfolio::contract_state::ContractState;
use crate::portfolio::event::{Event, PersonRef};
use crate::portfolio::premium::arrears::Arrears;
use crate::portfolio::register;
use crate::portfolio::register::ProvedTables;
use crate::portfolio::register::erasure;
use crate::portfolio::store::{FileKind, StoredFile};
use crate::table::text::folded;
use enrolment::{Enrolment, Identity, PersonOfContract, SoughtInsured, enrolments};
use mentions::Mentions;
use pseudonym::Pseudonym;
use terms::replaced_terms;

/// The most insured that are listed where several are meant.
const LISTED_INSURED: usize = 20;

/// A request to erase the data of one person.
#[derive(Debug, Clone)]
pub struct Request {
    /// The full name, a policy number or a personnel number.
    pub person: String,
    /// The birth date, where several have the name.
    pub born: Option<Date>,
    /// A contract of the person, where several have the name or the number.
    pub contract: Option<String>,
    /// The day: no cover runs on it or later, and nothing that is due is unpaid.
    pub as_of: Date,
}

/// The records of one person in the book.
#[derive(Debug)]
pub struct Person {
    enrolments: Vec<Enrolment>,
    /// The name and the birth date of one of the entitled outside the book, who has claims and no cover.
    entitled: Option<(String, Date)>,
}

/// What the erasure needs from the clinics: how their claims identify a person, and the paths of their documents.
#[derive(Debug, Clone, Copy)]
pub struct ClinicDocuments {
    /// The text by which claims know those outside the book, of a name and a birth date.
    pub identity: fn(&str, Date) -> String,
    /// The path of a guarantee letter's document in the folder of the book.
    pub letter: fn(u64) -> String,
    /// The path of the list of letters.
    pub letter_list: &'static str,
}

/// The result of an erasure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// The run.
    pub run: i64,
    /// The numbers of the person's contracts.
    pub contracts: Vec<String>,
    /// The rows of insured that were replaced, over all versions.
    pub rows: usize,
    /// The events.
    pub events: usize,
    /// The guarantee letters.
    pub letters: usize,
    /// The claims of the person as one of the entitled outside the book.
    pub claims: usize,
    /// The texts with the name: notes, warnings, terms, names of files.
    pub texts: usize,
}

impl Person {
    /// Finds the one person that a request means.
    ///
    /// # Errors
    ///
    /// [`Error::Unlawful`] where there is none or more than one, who are listed by contract and number; [`Error::Damaged`] or
    /// [`Error::Register`] where the book cannot be read.
    pub fn find(book: &Portfolio, request: &Request) -> Result<Self, Error> {
        book.prove_tables(register::EVERYTHING, ProvedTables::All)?;
        let mut files = book.files()?;
        let issued = insured_of_issued_number(book, &request.person)?;
        let mut found = enrolments(book, &mut files, &SoughtInsured::parse(&request.person), issued)?;
        found.retain(|(_, birth_date), enrolments| {
            request.born.is_none_or(|born| days_since_1970(born) == *birth_date)
                && request
                    .contract
                    .as_ref()
                    .is_none_or(|number| enrolments.iter().any(|enrolment| enrolment.contract.number == *number))
        });
        if found.len() > 1 {
            return Err(ambiguous(&found));
        }
        let Some((identity, _)) = found.pop_first() else {
            return Err(Error::Unlawful { reason: Message::new("forget-none") });
        };
        let mut everywhere = enrolments(book, &mut files, &SoughtInsured::Person(identity.clone()), issued)?;
        Ok(Self { enrolments: everywhere.remove(&identity).unwrap_or_default(), entitled: None })
    }

    /// One of the entitled outside the book, with claims and no cover.
    #[must_use]
    pub const fn entitled(name: String, birth_date: Date) -> Self {
        Self { enrolments: Vec::new(), entitled: Some((name, birth_date)) }
    }

    /// The contracts of the person, each with the ordinals of the insured.
    pub fn ordinals(&self) -> impl Iterator<Item = (&str, &BTreeSet<u32>)> {
        self.enrolments.iter().map(|enrolment| (enrolment.contract.number.as_str(), &enrolment.ordinals))
    }

    /// The identity of one of the entitled outside the book; none for insured.
    pub fn entitled_identity(&self, identity: fn(&str, Date) -> String) -> Option<String> {
        self.entitled.as_ref().map(|(name, birth_date)| identity(name, *birth_date))
    }

    /// Checks that on a day no cover runs, nothing due is unpaid for the contracts, and none of them has the person for a policyholder.
    ///
    /// # Errors
    ///
    /// [`Error::Unlawful`] with the contract.
    pub fn check_ended(&self, book: &Portfolio, as_of: Date) -> Result<(), Error> {
        let mentions = self.mentions();
        for enrolment in &self.enrolments {
            let refuse = |message: Message| Error::Unlawful {
                reason: message.with("number", enrolment.contract.number.as_str()).with("day", as_of),
            };
            if enrolment.is_covered(as_of) {
                let last = enrolment.last_day.and_then(day_after_1970).unwrap_or(as_of);
                return Err(refuse(Message::new("forget-covered").with("last", last)));
            }
            if mentions.are_in(&enrolment.contract.policyholder) {
                return Err(refuse(Message::new("forget-policyholder")));
            }
            let outstanding = outstanding(book, enrolment, as_of)?;
            if outstanding > Kopecks::ZERO {
                return Err(refuse(Message::new("forget-unpaid").with("unpaid", outstanding)));
            }
        }
        Ok(())
    }

    /// The counts of the records that a run would replace, without letters and texts; `identity` is the text by which claims know a person.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] or [`Error::Register`] where the book cannot be read.
    pub fn records(&self, book: &Portfolio, identity: fn(&str, Date) -> String) -> Result<Forgotten, Error> {
        let run = book.register.read(register::next_run)?;
        let mut forgotten = Forgotten { run, ..Forgotten::default() };
        for enrolment in &self.enrolments {
            forgotten.contracts.push(enrolment.contract.number.clone());
            forgotten.rows += enrolment.rows.len();
            forgotten.events += enrolment.events.len();
        }
        let own = self.identities(&self.pseudonym(run), identity);
        each_entitled(book, |text| forgotten.claims += usize::from(own.iter().any(|(before, _)| before == text)))?;
        Ok(forgotten)
    }

    fn mentions(&self) -> Mentions {
        let names = self.enrolments.iter().flat_map(|enrolment| &enrolment.names);
        Mentions::new(names.chain(self.entitled.iter().map(|(name, _)| name)).map(String::as_str))
    }

    fn pseudonym(&self, run: i64) -> Pseudonym {
        let days = self.enrolments.iter().flat_map(|enrolment| enrolment.days.iter().copied()).collect();
        let birth_dates = self.enrolments.iter().flat_map(|enrolment| enrolment.birth_dates.iter().copied());
        Pseudonym::new(run, days, birth_dates)
    }

    /// The identities outside the book that the names and birth dates of the person make, and those in their place.
    fn identities(&self, pseudonym: &Pseudonym, identity: impl Fn(&str, Date) -> String) -> Vec<(String, String)> {
        let mut identities = BTreeSet::new();
        if let Some((name, before)) = &self.entitled {
            let after = day_after_1970(pseudonym.birth_date(days_since_1970(*before))).unwrap_or(*before);
            identities.insert((identity(name, *before), identity(&pseudonym.name, after)));
        }
        for enrolment in &self.enrolments {
            let days = enrolment.birth_dates.iter().map(|days| (day_after_1970(*days), pseudonym.birth_date(*days)));
            for (before, after) in days.filter_map(|(before, after)| Some((before?, day_after_1970(after)?))) {
                let pairs =
                    enrolment.names.iter().map(|name| (identity(name, before), identity(&pseudonym.name, after)));
                identities.extend(pairs);
            }
        }
        identities.into_iter().collect()
    }
}

/// Erases the personal data of a person from the book, and removes the documents of guarantee letters.
///
/// # Errors
///
/// [`Error::Register`] where another process reads the book, [`Error::Io`] or [`Error::Parquet`] where the disk is full or broken,
/// [`Error::Damaged`] where a file is not as it was written. The book is as it was, or the next change of it completes the erasure.
pub fn forget(book: &mut Portfolio, person: &Person, clinics: ClinicDocuments) -> Result<Forgotten, Error> {
    book.attempt(|book| {
        let next = book.register.read(register::next_run)?;
        let pseudonym = person.pseudonym(next);
        let identities = person.identities(&pseudonym, clinics.identity);
        let files = replace_files(book, person, &pseudonym, &identities)?;
        let terms = replaced_terms(book, &person.enrolments, &person.mentions(), &pseudonym)?;
        let mut forgotten = Forgotten { texts: terms.len(), ..person.records(book, clinics.identity)? };
        let (mentions, name) = (person.mentions(), pseudonym.name.clone());
        let contracts: Vec<i64> = person.enrolments.iter().map(|enrolment| enrolment.contract.id).collect();
        book.register.replace("forget", |commit, run| {
            for (file, stored) in &files {
                erasure::replace_file(commit, *file, stored)?;
            }
            for (contract, before, document) in &terms {
                let after = sha256(document.text.as_bytes());
                register::add_document(commit, &after, &document.text)?;
                erasure::replace_terms(commit, *contract, before, &after)?;
            }
            for enrolment in &person.enrolments {
                for event in &enrolment.events {
                    let replaced = pseudonym.replace(&event.kind);
                    let event = Event { kind: replaced, ..event.clone() };
                    erasure::replace_event(commit, enrolment.contract.id, &event)?;
                }
                for (letter, insured, birth_date) in erasure::letters_of(commit, &enrolment.contract.number)? {
                    let birth_date = days_since_1970(birth_date);
                    let is_own = enrolment.birth_dates.contains(&birth_date)
                        && enrolment.names.iter().any(|name| folded(name) == folded(&insured));
                    if let (true, Some(birth)) = (is_own, day_after_1970(pseudonym.birth_date(birth_date))) {
                        erasure::replace_letter(commit, letter, &pseudonym.name, birth)?;
                        erasure::add_removed_document(commit, run, &(clinics.letter)(letter.unsigned_abs()))?;
                        forgotten.letters += 1;
                    }
                }
            }
            if forgotten.letters > 0 {
                erasure::add_removed_document(commit, run, clinics.letter_list)?;
            }
            forgotten.texts += erasure::replace_texts(commit, &contracts, move |text| mentions.replaced(text, &name))?;
            Ok(())
        })?;
        book.complete_erasure()?;
        Ok(forgotten)
    })
}

/// Passes the identity of each claim of the entitled outside the book to `visit`.
///
/// # Errors
///
/// [`Error::Damaged`] where a file is not as it was written; [`Error::Register`] where the register cannot be read.
pub fn each_entitled(book: &Portfolio, mut visit: impl FnMut(&str)) -> Result<(), Error> {
    let mut files = book.files()?;
    for id in files.ids().iter() {
        files.close_if_many();
        if files.stored(*id).is_some_and(|stored| stored.kind == FileKind::Claims) {
            let reader = files.get(*id).map_err(|damage| damage.into_error(book.folder()))?;
            row_files::each_entitled(book, reader, &mut visit)?;
        }
    }
    Ok(())
}

/// The erasing run that was killed after its commit and that opening the book has completed.
///
/// # Errors
///
/// [`Error::Register`] where the register cannot be read.
pub fn completed(book: &Portfolio) -> Result<Option<Forgotten>, Error> {
    if !book.has_completed_erasure() {
        return Ok(None);
    }
    book.register.read(|register| {
        let Some(run) = erasure::last_erasure(register)? else { return Ok(None) };
        Ok(Some(Forgotten { run, contracts: erasure::erased_in(register, run)?, ..Forgotten::default() }))
    })
}

/// The insured with a policy number that the book has issued, `<contract>-00001`.
fn insured_of_issued_number(book: &Portfolio, words: &str) -> Result<Option<PersonOfContract>, Error> {
    let Some((number, ordinal)) = words.trim().rsplit_once('-') else { return Ok(None) };
    let Some(ordinal) = ordinal.parse::<u32>().ok().filter(|ordinal| *ordinal > 0) else { return Ok(None) };
    book.register.read(|register| {
        let Some(contract) = register::contract(register, number)? else { return Ok(None) };
        let bound = register::segment(register, contract.id, contract.run, FileKind::Insured)?;
        let bound = bound.map_or(0, |segment| u32::try_from(segment.rows).unwrap_or(u32::MAX));
        // the numbers of those who joined stand in their rows
        Ok((ordinal <= bound).then_some((contract.id, PersonRef::Bound(ordinal))))
    })
}

/// The refusal where several are meant: each by contract and number.
fn ambiguous(found: &BTreeMap<Identity, Vec<Enrolment>>) -> Error {
    let shown = |enrolment: &Enrolment| {
        let ordinal = enrolment.ordinals.first().copied().unwrap_or_default();
        let name = enrolment.names.first().map(|name| masked(name)).unwrap_or_default();
        format!("{}: {ordinal} {name}", enrolment.contract.number)
    };
    let persons = found.values().filter_map(|enrolments| enrolments.first()).take(LISTED_INSURED).map(shown);
    let reason = Message::new("forget-several").with("count", found.len()).with("insured", listed(persons));
    Error::Unlawful { reason }
}

/// What is due for a contract on a day and unpaid.
fn outstanding(book: &Portfolio, enrolment: &Enrolment, as_of: Date) -> Result<Kopecks, Error> {
    let next = book.register.read(register::next_run)?;
    let contract = enrolment.contract.clone();
    let state = book.register.read(|register| ContractState::known_before(register, contract, next))?;
    let charges = ChargeReader::new(book, next).read(&book.files()?, &[&state])?.pop().unwrap_or_default();
    let payments = book.register.read(|register| register::payments(register, state.contract.id, next))?;
    let paid = payments.iter().filter(|payment| payment.day <= as_of).map(|payment| payment.amount).sum();
    Ok(Arrears::settle(&charges, paid, as_of).outstanding())
}

/// Writes the files with rows of the person anew; each with the id of the one in whose place it comes.
fn replace_files(
    book: &Portfolio,
    person: &Person,
    pseudonym: &Pseudonym,
    identities: &[(String, String)],
) -> Result<Vec<(i64, StoredFile)>, Error> {
    let mut files = book.files()?;
    let mut rows: BTreeMap<i64, BTreeSet<u64>> = BTreeMap::new();
    for (file, row) in person.enrolments.iter().flat_map(|enrolment| &enrolment.rows) {
        rows.entry(*file).or_default().insert(*row);
    }
    let mut replaced = Vec::new();
    for id in files.ids().iter() {
        files.close_if_many();
        let Some(stored) = files.stored(*id).cloned() else { continue };
        let is_own = rows.contains_key(id);
        if !is_own && stored.kind != FileKind::Claims {
            continue;
        }
        let reader = files.get(*id).map_err(|damage| damage.into_error(book.folder()))?;
        let new = match rows.get(id) {
            Some(rows) => Some(row_files::replace_insured(book, reader, &stored, rows, pseudonym)?),
            None => row_files::replace_entitled(book, reader, &stored, identities)?,
        };
        replaced.extend(new.map(|new| (*id, new)));
    }
    Ok(replaced)
}
