//! `kollektiv clinics loyalty` and `kollektiv clinics route`: what a clinic's desk asks.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::clinics::{Sources, TableOf, digest, found, refused};
use crate::cli::screen::{Screen, table};
use crate::cli::{Common, Outcome, diagnostics};
use crate::clinics::adjudicate;
use crate::clinics::book::Book;
use crate::clinics::finder::{Asked, Found, InsuredIndex};
use crate::clinics::letter::table as letter_table;
use crate::clinics::loyalty::DiscountEligibility;
use crate::clinics::output::answers;
use crate::clinics::output::loyalty;
use crate::clinics::output::loyalty::Entitled;
use crate::clinics::routing::{Answer, Question, Routing, route as routed};
use crate::output::folder::{Folder, folder_name};
use crate::portfolio::Portfolio;
use crate::roster::spec::RowKind;

/// One person, as a desk names them.
#[derive(Debug, Args)]
pub struct Person {
    /// The policy number
    #[arg(long, value_name = "NUMBER")]
    policy: Option<String>,
    /// Surname, given name, patronymic; with the birth date
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The birth date, as 1990-06-05
    #[arg(long, value_name = "DAY")]
    born: Option<Date>,
}

impl Person {
    /// Who is meant; none where nobody is named.
    fn asked(&self) -> Result<Option<Asked>, Error> {
        let Self { policy, name, born } = self;
        if policy.is_none() && name.is_none() && born.is_none() {
            return Ok(None);
        }
        if policy.is_none() && (name.is_none() || born.is_none()) {
            return Err(Error::Unlawful { reason: Message::new("missing-patient") });
        }
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Ok(Some(Asked { policy: text(policy), name: text(name), birth_date: *born }))
    }
}

#[derive(Debug, Args)]
pub struct LoyaltyArguments {
    #[command(flatten)]
    sources: Sources,
    /// The day
    #[arg(long, value_name = "DAY")]
    as_of: Date,
    #[command(flatten)]
    person: Person,
    /// The folder of the list
    #[arg(long, value_name = "DIR", conflicts_with_all = ["policy", "name", "born"])]
    out: Option<PathBuf>,
}

/// Lists who has the right to the discount, or looks one person up.
pub fn loyalty(common: &Common, arguments: &LoyaltyArguments, screen: &Screen) -> Result<Outcome, Error> {
    let LoyaltyArguments { sources, as_of, person, out } = arguments;
    let network = sources.network(common)?;
    let portfolio = Portfolio::open(&sources.portfolio)?;
    if let Some(asked) = person.asked()? {
        let finder = found(&portfolio, std::iter::once(&asked))?;
        let answer = match finder.find(&asked, *as_of) {
            Found::Nobody(doubt) => Message::new("loyalty-none").with("reason", doubt.reason()),
            Found::Insured(_) => yes(DiscountEligibility::Insured),
            Found::Outside(persons) => match persons.iter().find_map(|person| person.right(*as_of)) {
                Some(right) => yes(right),
                None => Message::new("loyalty-none").with("reason", Message::new("loyalty-outside")),
            },
        };
        screen.table(&screen.paragraph(&answer))?;
        let discounts = network.clinics.iter().filter_map(|clinic| {
            let loyalty = clinic.loyalty.as_ref()?;
            let categories = loyalty.categories.iter().map(|at| network.categories[*at].name.as_str());
            let categories = categories.collect::<Vec<_>>().join(", ");
            Some([
                clinic.name.clone(),
                format!("{} %", screen.language.decimal(&loyalty.discount.percent())),
                categories,
            ])
        });
        let rows: Vec<[String; 3]> = discounts.collect();
        if answer.name() == "loyalty-right" && !rows.is_empty() {
            let heading = ["heading-clinic", "heading-discount", "heading-categories"];
            screen.table(&table(heading.map(|name| screen.words(name)), rows, 3))?;
        }
        return Ok(Outcome::Done);
    }
    // who has changed plans is shown with each, and is one all the same
    let mut entitled: BTreeMap<(String, u32), Entitled> = BTreeMap::new();
    Book::open(&portfolio)?.show(|served| {
        let one = served.kept();
        let Some(right) = one.right(*as_of) else { return };
        let key = (one.contract.number.clone(), one.ordinal);
        let contract_last = one.contract.days.last();
        let known = entitled.entry(key).or_insert(Entitled {
            name: one.name,
            birth_date: one.birth_date,
            policy: one.policy,
            right,
            contract_last,
        });
        known.right = known.right.min(right);
    })?;
    let mut entitled: Vec<Entitled> = entitled.into_values().collect();
    entitled.sort();
    let out = out.clone().unwrap_or_else(|| PathBuf::from("output").join(format!("loyalty-{as_of}")));
    let folder = Folder::stage(&out)?;
    loyalty::write(&entitled, *as_of, &folder)?;
    folder.publish()?;
    let count = |right: DiscountEligibility| entitled.iter().filter(|one| one.right == right).count();
    let rows = DiscountEligibility::ALL.map(|right| [screen.say(&right.words()), screen.language.count(count(right))]);
    let heading = ["heading-right", "heading-people"];
    screen.table(&table(heading.map(|name| screen.words(name)), rows.to_vec(), 1))?;
    screen.note(&screen.say(&Message::new("written-to").with("path", out.display().to_string())));
    Ok(Outcome::Done)
}

fn yes(right: DiscountEligibility) -> Message {
    Message::new("loyalty-right").with("right", right.words())
}

#[derive(Debug, Args)]
pub struct RouteArguments {
    /// Questions: who, which service, and where the file says it which day
    #[arg(value_name = "QUESTIONS", conflicts_with_all = ["policy", "name", "born", "service"])]
    questions: Option<PathBuf>,
    #[command(flatten)]
    sources: Sources,
    #[command(flatten)]
    of: TableOf,
    /// The day; of a file, of questions that state none
    #[arg(long, value_name = "DAY")]
    day: Option<Date>,
    #[command(flatten)]
    person: Person,
    /// The service, by code or name
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// The folder of the answers
    #[arg(long, value_name = "DIR", requires = "questions")]
    out: Option<PathBuf>,
}

/// Answers a clinic's desk.
pub fn route(common: &Common, arguments: &RouteArguments, screen: &Screen) -> Result<Outcome, Error> {
    let RouteArguments { questions, sources, of, day, person, service, out } = arguments;
    let network = sources.network(common)?;
    let clinic = &network.clinics[of.clinic(&network)?];
    let portfolio = Portfolio::open(&sources.portfolio)?;
    let records = portfolio.register.read(letter_table::records)?;
    let letters = letter_table::letters(&records);
    let answer = |finder: &InsuredIndex, asked: &Asked, code: &str, service: &str, day: Date| {
        let question = Question { asked, service_code: code, service, day };
        routed(&network, clinic, &question, finder, &letters)
    };
    let unsaid = |name| Error::Unlawful { reason: Message::new(name) };
    let Some(path) = questions else {
        let asked = person.asked()?.ok_or_else(|| unsaid("missing-patient"))?;
        let service = service.as_deref().ok_or_else(|| unsaid("missing-service"))?;
        let day = day.ok_or_else(|| unsaid("route-day-unsaid"))?;
        let finder = found(&portfolio, std::iter::once(&asked))?;
        let told = answer(&finder, &asked, "", service, day);
        screen.table(&shown(&told, clinic, screen))?;
        return Ok(if told.way == Routing::Unlisted { Outcome::Refused } else { Outcome::Done });
    };
    let questions = of.read(path, RowKind::Questions, Some(clinic.columns.clone()));
    let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let default = || PathBuf::from("output").join(folder_name(&format!("route-{}-{stem}", clinic.code)));
    let out = out.clone().unwrap_or_else(default);
    if let Some(outcome) = refused(&questions, &out, screen)? {
        return Ok(outcome);
    }
    let finder = found(&portfolio, adjudicate::asked(&questions))?;
    let told = questions.rows.iter().map(|row| {
        let day = row.day.or(*day).ok_or_else(|| unsaid("route-day-unsaid"))?;
        Ok(answer(&finder, &row.asked, &row.service_code, &row.service, day))
    });
    let told = told.collect::<Result<Vec<Answer>, Error>>()?;
    let folder = Folder::stage(&out)?;
    answers::write_routes(clinic, &told, &questions, &digest(&network), &folder, screen.language)?;
    folder.publish()?;
    diagnostics::show(&questions.roster, false, screen);
    let rows = questions.rows.iter().zip(&told).map(|(row, told)| {
        [
            row.row.to_string() + &questions.in_sheet(row).map(|sheet| screen.say(&sheet)).unwrap_or_default(),
            told.service.map(|at| clinic.services[at].code.clone()).unwrap_or_default(),
            screen.say(&told.way.words()),
            told.patient_pays.map_or_else(|| "—".to_owned(), |amount| screen.language.bare_amount(amount)),
            screen.say(&told.reason),
        ]
    });
    let heading = ["heading-row", "heading-service", "heading-way", "heading-patient-pays", "settled-reason"];
    screen.table(&table(heading.map(|name| screen.words(name)), rows.collect(), 5))?;
    screen.note(&screen.say(&Message::new("written-to").with("path", out.display().to_string())));
    Ok(Outcome::Done)
}

fn shown(answer: &Answer, clinic: &crate::clinics::network::Clinic, screen: &Screen) -> String {
    let (Some(service), Some(price), Some(pays)) = (answer.service, answer.price, answer.patient_pays) else {
        return screen.paragraph(&answer.reason);
    };
    let told = Message::new("route-answer")
        .with("service", clinic.services[service].name.as_str())
        .with("way", answer.way.words())
        .with("reason", answer.reason.clone())
        .with("price", price)
        .with("pays", pays);
    screen.paragraph(&told)
}
