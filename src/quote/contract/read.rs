//! The text of a contract file → a contract, or every fault with its line.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::base::calendar::{Period, Term, TermFault};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::source_file::{Faults, SourceFile, Spanned};
use crate::base::toml_file::{Table, as_date, as_filled_text};
use crate::pricing::terms::Terms;
use crate::quote::contract::accepted::{accepted, coefficients};
use crate::quote::contract::census::{CensusContext, PlanNames, census};
use crate::quote::contract::choice::choices;
use crate::quote::contract::chosen_edition::{ChooseEdition, EditionKeys, Supposed};
use crate::quote::contract::columns::{columns, texts};
use crate::quote::contract::contract_file::{
    Contract, ExpenseBasis, ExpenseTerms, Family, HeadcountBasis, PriceDecrease, PriceTerms,
};
use crate::quote::contract::option::{OptionBase, options};
use crate::quote::contract::plans::{ReadPlans, plans};
use crate::quote::contract::risk_group::risk_group;
use crate::quote::contract::roster_files::roster_files;
use crate::roster::spec::DetachDay;
use crate::table::spec::SheetChoice;
use crate::table::value::DateOrder;
use crate::tariff::{Catalogue, Tariff};

/// The most letters of a contract's number, which names a folder.
pub const MAX_NUMBER_LETTERS: usize = 80;

/// The most decimals of a share of expenses: as many as a decimal has room for in percent.
pub const MAX_SHARE_DECIMALS: u32 = 26;

impl Contract {
    /// Reads a contract file and checks it against the tariff.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`Contract::read`].
    pub fn open(path: &Path, tariff: &Tariff) -> Result<Self, Error> {
        Self::read(&SourceFile::open(path)?, tariff)
    }

    /// Reads a contract file and checks it against the edition of the tariff that prices it (`I70`), which is returned with it.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`Contract::read_by`].
    pub fn open_by(path: &Path, editions: &Catalogue) -> Result<(Self, Arc<Tariff>), Error> {
        Self::read_by(&SourceFile::open(path)?, editions)
    }

    /// Checks the text of a contract file against the edition of the tariff that prices it (`I70`), which is returned with it.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of the file; without an edition for it, with those of the keys that choose one.
    pub fn read_by(source: &SourceFile, editions: &Catalogue) -> Result<(Self, Arc<Tariff>), Error> {
        source.read(|root| contract(root, source, editions))
    }

    /// Reads a contract file as if an edition priced it, whatever its days and the edition that the contract pins.
    ///
    /// # Errors
    ///
    /// As [`SourceFile::open`] and [`Contract::read`].
    pub fn open_as(path: &Path, tariff: &Tariff) -> Result<Self, Error> {
        Self::read_as(&SourceFile::open(path)?, tariff)
    }

    /// Checks the text of a contract file as if an edition priced it, whatever its days and the edition that the contract pins.
    ///
    /// # Errors
    ///
    /// As [`Contract::read`].
    pub fn read_as(source: &SourceFile, tariff: &Tariff) -> Result<Self, Error> {
        source.read(|root| contract(root, source, Supposed(tariff)).map(|(contract, _)| contract))
    }

    /// Checks the text of a contract file against the tariff.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] with every fault of the file.
    ///
    /// # Example
    ///
    /// ```
    /// use kollektiv::base::source_file::SourceFile;
    /// use kollektiv::quote::contract::Contract;
    /// use kollektiv::tariff::Tariff;
    ///
    /// let text = "number = 'DMS-1'\npolicyholder = 'X'\nstart = 2026-12-01\nend = 2027-11-30\n\
    ///     [[plan]]\ncode = 'A'\n[[plan.cover]]\nprogramme = '16'\nsum_insured = 120000\n";
    /// let source = SourceFile { path: "contract.toml".into(), text: text.to_owned() };
    /// let contract = Contract::read(&source, &Tariff::base()).unwrap();
    /// assert_eq!(contract.terms.plans[0].covers[0].sum_insured.to_string(), "120000.00");
    /// ```
    pub fn read(source: &SourceFile, tariff: &Tariff) -> Result<Self, Error> {
        source.read(|root| contract(root, source, tariff).map(|(contract, _)| contract))
    }
}

/// The contract, and the edition that `editions` chooses for it.
fn contract<E: ChooseEdition>(root: &mut Table<'_>, source: &SourceFile, editions: E) -> Option<(Contract, E::Held)> {
    let number = root.needed_text("number").and_then(|at| number(at, root.faults()));
    let policyholder = root.needed_text("policyholder");
    let (start, end) = (root.needed_date("start"), root.needed_date("end"));
    let offer_until = root.date("offer_until").map(|at| at.value);
    let pinned = root.filled_text("tariff");
    let keys = EditionKeys { pinned: pinned.as_ref(), start: start.as_ref() };
    let Some(held) = editions.choose(&keys, root.faults()) else {
        root.leave_rest();
        return None;
    };
    let tariff: &Tariff = &held;
    let term = start.zip(end).and_then(|(start, end)| term(root, start, end));
    let sheet = root.filled_text("sheet").map_or(SheetChoice::TheOne, |at| SheetChoice::from_word(&at.value));
    let default_risk_group =
        root.whole::<u8>("default_risk_group").and_then(|at| risk_group(at, tariff, root.faults()));
    let instalments = instalments(root, term);
    let price_terms = price_terms(root);
    let termination = root.table("termination", |table| Some((expense_load(table), expense_basis(table))));
    let (own_load, own_basis) = termination.unwrap_or_default();
    let termination = ExpenseTerms {
        load: own_load.or(price_terms.expense_load),
        basis: own_basis.unwrap_or(price_terms.expense_basis),
    };
    let detach_day = root.word("detach_day", DetachDay::parse, DetachDay::WORDS);
    let family = root.word("family", Family::parse, Family::WORDS);
    let headcount_basis = root.word("headcount_basis", HeadcountBasis::parse, HeadcountBasis::WORDS);
    let (choices, headcount_span) = root.table("choices", |table| Some(choices(table, tariff))).unwrap_or_default();
    let columns = root.table("columns", |table| Some(columns(table))).unwrap_or_default();
    let ignored_sheets = texts(root.any("ignore_sheets"), "ignore_sheets", root.faults());
    let date_order =
        root.table("dates", |table| Some(table.word("order", DateOrder::parse, DateOrder::WORDS))).flatten();
    let accepted = accepted(root, tariff);
    let offered = plans(root, tariff);
    let options =
        options(root, &OptionBase { choices: &choices, headcount_span: &headcount_span, plans: &offered }, tariff);
    let ReadPlans { plans, aliases: plan_aliases, clinics } = offered;
    let names = PlanNames::new(&plans);
    let rosters = roster_files(root, &names, tariff);
    let census = census(root, CensusContext { source, plans: &names, tariff, default_risk_group });
    let contract = Contract {
        number: number?,
        policyholder: policyholder?.value,
        terms: Terms { term: term?, choices, accepted_ages: coefficients(&accepted), plans },
        offer_until,
        headcount_span,
        accepted,
        options,
        option: None,
        rosters,
        census,
        sheet,
        columns: columns.headings,
        plan_aliases,
        date_order,
        ignored: columns.ignored,
        ignored_sheets,
        default_risk_group,
        instalments,
        price_terms,
        termination,
        headcount_basis: headcount_basis.unwrap_or_default(),
        detach_day,
        family: family.unwrap_or_default(),
        clinics,
        source: source.clone(),
    };
    Some((contract, held))
}

fn number(at: Spanned<String>, faults: &Faults) -> Option<String> {
    if at.value.chars().count() > MAX_NUMBER_LETTERS || at.value.chars().any(char::is_control) {
        faults.add(at.span, Message::new("number-form").with("limit", MAX_NUMBER_LETTERS));
        return None;
    }
    // the number names folders
    if at.value.chars().all(|letter| matches!(letter, '.' | ' ')) {
        faults.add(at.span, Message::new("number-of-points"));
        return None;
    }
    Some(at.value)
}

fn term(root: &Table<'_>, start: Spanned<Date>, end: Spanned<Date>) -> Option<Term> {
    let (span, message) = match Term::new(start.value, end.value) {
        Ok(term) => return Some(term),
        Err(TermFault::EndBeforeStart) => (end.span, Message::new("term-order").with("start", start.value.to_string())),
        Err(TermFault::OverAYear { last_possible }) => {
            (end.span, Message::new("term-over-a-year").with("last", last_possible.to_string()))
        }
        Err(TermFault::TooLate) => (start.span, Message::new("term-too-late")),
    };
    root.fault(span, message);
    None
}

/// The payment periods; without a list the whole term is one.
fn instalments(root: &mut Table<'_>, term: Option<Term>) -> Vec<Period> {
    let firsts = root.list("instalments", |value, faults| Some(as_date(value, faults)));
    let Some(term) = term else { return Vec::new() };
    let whole = term.period();
    if firsts.is_empty() {
        return vec![whole];
    }
    let mut lawful: Vec<Date> = Vec::new();
    for (index, first) in firsts.into_iter().enumerate() {
        let Some(first) = first else { continue };
        let message = if index == 0 && first.value != whole.first() {
            Message::new("instalment-first").with("start", whole.first().to_string())
        } else if !whole.contains(first.value) {
            Message::new("instalment-outside")
                .with("start", whole.first().to_string())
                .with("end", whole.last().to_string())
        } else if lawful.last().is_some_and(|before| first.value <= *before) {
            Message::new("instalment-order")
        } else {
            lawful.push(first.value);
            continue;
        };
        root.fault(first.span, message);
    }
    let lasts = lawful.iter().skip(1).filter_map(|next| next.yesterday().ok()).chain([whole.last()]);
    lawful.iter().zip(lasts).filter_map(|(first, last)| Period::new(*first, last)).collect()
}

/// The share of expenses.
fn expense_load(table: &mut Table<'_>) -> Option<Decimal> {
    let faults = table.faults();
    table.number("expense_load").and_then(|at| {
        if at.value.near() < Decimal::ZERO || at.value.near() > Decimal::ONE {
            faults.add(at.span, Message::new("expense-load"));
            return None;
        }
        let share = at.value.with_decimals(MAX_SHARE_DECIMALS);
        if share.is_none() {
            faults.add(at.span, Message::new("expense-load-decimals").with("limit", MAX_SHARE_DECIMALS));
        }
        share
    })
}

fn expense_basis(table: &mut Table<'_>) -> Option<ExpenseBasis> {
    table.word("expense_basis", ExpenseBasis::parse, ExpenseBasis::WORDS)
}

fn price_terms(root: &mut Table<'_>) -> PriceTerms {
    let expense_load = expense_load(root);
    let expense_basis = expense_basis(root);
    let price_decrease = root.word("price_decrease", PriceDecrease::parse, PriceDecrease::WORDS);
    let price_fixed = root.flag("price_fixed");
    let included =
        root.list("price_changes_included", |value, faults| as_filled_text(value, "price_changes_included", faults));
    PriceTerms {
        expense_load,
        expense_basis: expense_basis.unwrap_or_default(),
        price_decrease: price_decrease.unwrap_or_default(),
        price_fixed: price_fixed.unwrap_or_default(),
        included_changes: included.into_iter().map(|id| id.value).collect(),
    }
}
