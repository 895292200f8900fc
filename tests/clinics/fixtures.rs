//! A small network of clinics and its insured.

use std::fmt::Write;

use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, date};
use kollektiv::base::calendar::Period;
use kollektiv::base::money::Kopecks;
use kollektiv::base::source_file::SourceFile;
use kollektiv::clinics::insured_view::{InsuredContract, InsuredCover, InsuredPlan, InsuredRecord, InsuredView};
use kollektiv::clinics::ledger::Ledger;
use kollektiv::clinics::letter::scope::Scope;
use kollektiv::clinics::letter::{Letter, Letters, validity};
use kollektiv::clinics::network::Network;
use kollektiv::quote::contract::{ClinicMode, PlanClinic};
use kollektiv::roster::contacts::Contacts;
use kollektiv::roster::value::Relation;
use kollektiv::tariff::Tariff;

/// Four categories: covered by programme 8 or not, with the discount of 7 % or not. Each has a service in the clinic
/// programme and one outside.
pub fn network() -> Network {
    network_of(&network_text())
}

/// The network of a text.
pub fn network_of(text: &str) -> Network {
    let source = SourceFile { path: "clinics.toml".into(), text: text.to_owned() };
    Network::read(&source, &Tariff::base()).unwrap()
}

/// The text of [`network`], which ends in the clinic.
pub fn network_text() -> String {
    let mut text = String::new();
    for (code, programmes) in [("cd", "8"), ("cn", "8"), ("nd", "7"), ("nn", "7")] {
        let _ = writeln!(text, "[[category]]\ncode = '{code}'\nname = '{code}'\nprogrammes = ['{programmes}']");
    }
    text += "[[clinic]]\ncode = 'dent'\nname = 'Клиника'\n";
    text += "[clinic.loyalty]\ndiscount = 7\ncategories = ['cd', 'nd']\n";
    text += "[[clinic.programme]]\ncode = 'P'\nname = 'Программа'\nservices = ['cd-in', 'cn-in', 'nd-in', 'nn-in']\n";
    for category in ["cd", "cn", "nd", "nn"] {
        for (part, price) in [("in", "1000"), ("out", "1050.50")] {
            let _ = writeln!(text, "[[clinic.service]]\ncode = '{category}-{part}'\nname = 'Услуга {category} {part}'");
            let _ = writeln!(text, "category = '{category}'\nprice = {price}");
        }
    }
    text
}

/// A period.
pub fn days(first: Date, last: Date) -> Period {
    Period::new(first, last).unwrap()
}

/// A contract of the year 2026 with three plans of programme 8: attached to the clinic, served by fact, and served elsewhere.
pub fn contract(number: &str) -> Arc<InsuredContract> {
    let plan = |code: &str, modes: Vec<ClinicMode>| InsuredPlan {
        code: code.to_owned(),
        covers: vec![InsuredCover {
            programme: "8".to_owned(),
            excluded: Vec::new(),
            sum_insured: Kopecks::new(10_000_000),
        }],
        clinics: modes.into_iter().map(|mode| PlanClinic { plan: 0, clinic: "dent".to_owned(), mode }).collect(),
    };
    Arc::new(InsuredContract {
        number: number.to_owned(),
        policyholder: "ООО «Проверка»".to_owned(),
        days: days(date(2026, 1, 1), date(2026, 12, 31)),
        plans: vec![
            plan("A", vec![ClinicMode::Attachment { programme: "P".to_owned() }]),
            plan("B", vec![ClinicMode::ByFact]),
            plan("C", Vec::new()),
        ],
    })
}

/// An insured of the contract, born on 4 May 1980, with policy and name derived from the number.
pub fn person(contract: &Arc<InsuredContract>, ordinal: u32, plan: u16, cover: Period) -> InsuredRecord {
    InsuredRecord {
        contract: Arc::clone(contract),
        ordinal,
        policy: format!("П-{ordinal}"),
        id: String::new(),
        name: format!("Иванов Пётр {ordinal}"),
        birth_date: date(1980, 5, 4),
        relation: None,
        head_cover: None,
        plan,
        cover,
        continuous: cover,
    }
}

/// The insured as a child of an employee with this cover.
pub fn child_of(head: Period, person: InsuredRecord) -> InsuredRecord {
    InsuredRecord { relation: Some(Relation::Child), head_cover: Some(head), ..person }
}

/// The insured as the book presents them.
pub fn served(person: &InsuredRecord) -> InsuredView<'_> {
    InsuredView {
        contract: &person.contract,
        ordinal: person.ordinal,
        policy: &person.policy,
        id: &person.id,
        name: &person.name,
        birth_date: person.birth_date,
        relation: person.relation,
        head_cover: person.head_cover,
        contacts: Contacts::default(),
        plan: person.plan,
        cover: person.cover,
        periods: &[],
    }
}

/// A letter with a number, issued on a day.
pub fn letter(number: u64, person: &InsuredRecord, issued: Date, services: &[&str]) -> Letter {
    Letter {
        number,
        contract: person.contract.number.clone(),
        ordinal: person.ordinal,
        clinic: "dent".to_owned(),
        services: services.iter().map(|code| (*code).to_owned()).collect(),
        scopes: services.iter().map(|_| Scope { quantity: Some(100), ..Scope::default() }).collect(),
        valid: validity(issued, person.cover).unwrap(),
        reason: None,
        supplements: None,
    }
}

/// The letters of a book.
pub fn letters(letters: Vec<Letter>) -> Letters {
    Letters::new(letters)
}

/// A ledger without claims.
pub fn empty_ledger() -> &'static Ledger {
    static EMPTY: LazyLock<Ledger> = LazyLock::new(Ledger::default);
    &EMPTY
}
