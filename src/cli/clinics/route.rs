//! `kollektiv clinics route`: answers the questions of a clinic's desk.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::{Money, answer};
use crate::cli::arguments::Common;
use crate::cli::clinics::arguments::{
    ClinicSources, InsuredArguments, TableArguments, digest, index_insured, missing, read_balances, read_letters,
    refuse, result_folder,
};
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::clinics::network::Clinic;
use crate::clinics::output::answers::write_routes;
use crate::clinics::register::spec::RowKind;
use crate::clinics::register::{ClinicRegister, ClinicRow};
use crate::clinics::routing::{Answer, Question, Routing, route};
use crate::clinics::visit_reason::VisitReason;
use crate::output::folder::Folder;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Table of questions with patient, service and, if known, day; otherwise the arguments state one question
    #[arg(value_name = "QUESTIONS", conflicts_with_all = ["policy", "name", "born", "service"])]
    questions: Option<PathBuf>,
    #[command(flatten)]
    sources: ClinicSources,
    #[command(flatten)]
    table: TableArguments,
    /// Day of the service, such as 2026-12-01; for a table the day of questions without one
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    day: Option<Date>,
    #[command(flatten)]
    insured: InsuredArguments,
    /// Service, by its code or name in the price list
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// Reason of the visit where the clinic's terms require one: a word or a code of the ICD-10
    #[arg(long, value_name = "REASON")]
    reason: Option<String>,
    /// Folder of the answers to a table; output/route-<clinic>-<name of the table> by default
    #[arg(long, value_name = "DIR", requires = "questions")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv clinics route` to one question.
    pub struct OneAnswer {
        /// Route, by its word in `route.csv`.
        route: String,
        /// Code of the service; null if the price list has none.
        service: Option<String>,
        /// Price of the service.
        price: Option<Money>,
        /// Part of the patient.
        patient_pays: Option<Money>,
        /// Reason, in the language of the reader.
        reason: String,
    }
}

answer! {
    /// The answer of `kollektiv clinics route` to a table of questions.
    pub struct Answers {
        /// The answers, in the order of the questions.
        answers: Vec<OneAnswer>,
        /// Folder of the answers.
        out: String,
    }
}

fn one_answer(answer: &Answer, clinic: &Clinic, screen: &Screen) -> OneAnswer {
    OneAnswer {
        route: answer.routing.as_str().to_owned(),
        service: answer.service.map(|at| clinic.services[at].code.clone()),
        price: answer.price.map(Money::from),
        patient_pays: answer.patient_pays.map(Money::from),
        reason: screen.render(&answer.reason),
    }
}

/// Answers the question of the arguments, or those of a table.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    match &arguments.questions {
        Some(path) => answer_table(common, arguments, path, screen),
        None => answer_one(common, arguments, screen),
    }
}

fn answer_one(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { sources, table, day, insured, service, reason, .. } = arguments;
    let network = sources.open_network(common)?;
    let clinic = &network.clinics[table.clinic(&network)?];
    let portfolio = sources.open_portfolio()?;
    let letters = read_letters(&portfolio)?;
    let query = insured.query()?.ok_or_else(|| missing("missing-patient"))?;
    let service = service.as_deref().ok_or_else(|| missing("missing-service"))?;
    let day = day.ok_or_else(|| missing("route-day-unsaid"))?;
    let entitled = ClinicSources::open_entitled(&network, screen)?;
    let index = index_insured(&portfolio, &entitled, [&query])?;
    let balances = read_balances(&portfolio, &index)?;
    let reason = reason.as_deref().and_then(VisitReason::read);
    let question = Question { query: &query, service_code: "", service, teeth: "", reason, day };
    let answer = route(&network, clinic, &question, &index, &letters, &balances);
    screen.print(&screen.paragraph(&answer_message(&answer, clinic)))?;
    screen.answer(&one_answer(&answer, clinic, screen))?;
    Ok(if answer.routing == Routing::Unlisted { Outcome::Refused } else { Outcome::Done })
}

fn answer_message(answer: &Answer, clinic: &Clinic) -> Message {
    let (Some(service), Some(price), Some(pays)) = (answer.service, answer.price, answer.patient_pays) else {
        return answer.reason.clone();
    };
    Message::new("route-answer")
        .with("service", clinic.services[service].name.as_str())
        .with("way", answer.routing.message())
        .with("reason", answer.reason.clone())
        .with("price", price)
        .with("pays", pays)
}

fn answer_table(common: &Common, arguments: &Arguments, path: &Path, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { sources, table, day, reason, out, .. } = arguments;
    let network = sources.open_network(common)?;
    let clinic = &network.clinics[table.clinic(&network)?];
    let portfolio = sources.open_portfolio()?;
    let letters = read_letters(&portfolio)?;
    let questions = table.read(path, RowKind::Questions, &clinic.tables)?;
    let out = result_folder(out.as_ref(), &format!("route-{}", clinic.code), path);
    if refuse(&questions, &out, screen)? {
        return Ok(Outcome::Refused);
    }
    let entitled = ClinicSources::open_entitled(&network, screen)?;
    let index = index_insured(&portfolio, &entitled, questions.queries())?;
    let balances = read_balances(&portfolio, &index)?;
    let answer = |row: &ClinicRow| {
        let day = row.day.or(*day).ok_or_else(|| missing("route-day-unsaid"))?;
        let stated = if row.visit_reason.is_empty() { reason.as_deref() } else { Some(row.visit_reason.as_str()) };
        let question = Question {
            query: &row.query,
            service_code: &row.service_code,
            service: &row.service,
            teeth: &row.teeth,
            reason: stated.and_then(VisitReason::read),
            day,
        };
        Ok(route(&network, clinic, &question, &index, &letters, &balances))
    };
    let answers = questions.rows.iter().map(answer).collect::<Result<Vec<Answer>, Error>>()?;
    let folder = Folder::stage(&out)?;
    write_routes(clinic, &answers, &questions, &digest(&network), &folder, screen.language)?;
    folder.publish()?;
    diagnostics::print(&questions.tables, false, screen);
    screen.print(&summary(&questions, &answers, clinic, screen))?;
    screen.answer(&Answers {
        answers: answers.iter().map(|answer| one_answer(answer, clinic, screen)).collect(),
        out: out.display().to_string(),
    })?;
    screen.note_written(&out);
    screen.suggest(Message::new("next-route").with("out", out.display().to_string()));
    Ok(Outcome::Done)
}

/// The answers, one line each.
fn summary(questions: &ClinicRegister, answers: &[Answer], clinic: &Clinic, screen: &Screen) -> String {
    let row = |(row, answer): (&ClinicRow, &Answer)| {
        [
            row.row.to_string() + &questions.in_sheet(row).map(|sheet| screen.render(&sheet)).unwrap_or_default(),
            answer.service.map(|at| clinic.services[at].code.clone()).unwrap_or_default(),
            screen.render(&answer.routing.message()),
            answer.patient_pays.map_or_else(|| "—".to_owned(), |amount| screen.bare_amount(amount)),
            screen.render(&answer.reason),
        ]
    };
    let heading = ["heading-row", "heading-service", "heading-way", "heading-patient-pays", "settled-reason"];
    screen.table(heading, questions.rows.iter().zip(answers).map(row).collect(), 5)
}
