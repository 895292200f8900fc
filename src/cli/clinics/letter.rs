//! `kollektiv clinics letter`: issues guarantee letters.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::clinics::arguments::{
    ClinicSources, TableArguments, digest, index_insured, read_letters, refuse, result_folder,
};
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::screen::Screen;
use crate::clinics::entitled::EntitledList;
use crate::clinics::letter::record::LetterRecord;
use crate::clinics::letter::requests::{Answers, Defaults, RequestOutcome};
use crate::clinics::letter::{letter_number, table};
use crate::clinics::output::answers::write_requests;
use crate::clinics::output::letter as documents;
use crate::clinics::register::ClinicRegister;
use crate::clinics::register::spec::RowKind;
use crate::output::folder::Folder;
use crate::output::pdf;
use crate::output::pdf::Template;
use crate::portfolio::Portfolio;

/// The folder of letters, in the folder of the portfolio.
const LETTERS: &str = "letters";

#[derive(Debug, Args)]
pub struct Arguments {
    /// Table of requests with patient and services; columns for clinic, day of issue and supplemented letter are optional
    #[arg(value_name = "REQUESTS")]
    requests: PathBuf,
    #[command(flatten)]
    sources: ClinicSources,
    #[command(flatten)]
    table: TableArguments,
    /// Day of issue of requests without one, such as 2026-12-01; a letter is valid for a month (I23)
    #[arg(long, value_name = "DAY", value_parser = crate::cli::arguments::parse_day)]
    issued: Option<Date>,
    /// Make the letters by this Typst template instead of the built-in one
    #[arg(long, value_name = "FILE")]
    template: Option<PathBuf>,
    /// Folder of the answers to the requests; output/letters-<name of the table> by default
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

answer! {
    /// The answer of `kollektiv clinics letter`.
    pub struct Answer {
        /// Numbers of the letters that were issued.
        issued: Vec<String>,
        /// Requests whose letter was issued before.
        issued_before: usize,
        /// Requests refused for reasons on standard error.
        refused: usize,
        /// Folder of the letters.
        letters: String,
        /// Folder of the answers to the requests.
        out: String,
    }
}

/// Issues letters in the portfolio and then writes their documents, including those that a killed run left out.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { requests: path, sources, table, issued, template, out } = arguments;
    let network = sources.open_network(common)?;
    let clinic = table.named_clinic(&network)?;
    let template = template.as_deref().map_or_else(|| Ok(documents::template()), Template::open)?;
    let tables = clinic.map(|at| network.clinics[at].tables.clone()).unwrap_or_default();
    let requests = table.read(path, RowKind::Requests, &tables)?;
    let out = result_folder(out.as_ref(), "letters", path);
    if refuse(&requests, &out, screen)? {
        return Ok(Outcome::Refused);
    }
    let mut portfolio = Portfolio::change(&sources.portfolio, "clinics letter")?;
    let letters = read_letters(&portfolio)?;
    let index = index_insured(&portfolio, &EntitledList::default(), requests.queries())?;
    let defaults = Defaults { clinic, issued: *issued };
    let mut answers = Answers::new(&network, &requests, defaults, &index, &letters);
    // a letter whose document cannot be made is not issued
    let left_out =
        pdf::render_all(&answers.letters, |record| documents::render(record, &template, screen.language).map(drop))?;
    let reason = |letters: String| Message::new("letter-left-out").with("letters", letters);
    answers.refuse(&left_out.into_iter().map(|left_out| (left_out.at, reason(left_out.letters))).collect());
    let issued = issue(&mut portfolio, answers.letters.clone())?;
    let records = portfolio.register.read(table::records)?;
    let folder = sources.portfolio.join(LETTERS);
    let (written, left_out) = documents::write_missing(&records, &folder, &template, screen.language)?;
    let result = Folder::stage(&out)?;
    write_requests(&answers, &issued, &requests, &digest(&network), &result, screen.language)?;
    result.publish()?;
    diagnostics::print(&requests.tables, false, screen);
    let refused = report_refusals(&requests, &answers, screen);
    screen.record_total("issued", issued.len());
    screen.record_total("refused", refused);
    screen.print(&screen.paragraph(&summary(&answers, &issued, refused, screen)))?;
    screen.answer(&Answer {
        issued: issued.iter().map(|record| record.letter.shown_number()).collect(),
        issued_before: issued_before(&answers),
        refused,
        letters: folder.display().to_string(),
        out: out.display().to_string(),
    })?;
    for (number, letters) in &left_out {
        let message = Message::new("letter-not-written").with("number", letter_number(*number));
        screen.refuse(&message.with("letters", letters.as_str()));
    }
    let message = Message::new("letters-written").with("count", written);
    screen.note(&message.with("path", folder.display().to_string()));
    screen.note_written(&out);
    screen.suggest(Message::new("next-letters").with("path", folder.display().to_string()));
    Ok(match refused {
        0 if left_out.is_empty() => Outcome::Done,
        all if all == answers.outcomes.len() => Outcome::Refused,
        _ => Outcome::SetAside,
    })
}

/// Numbers the letters and inserts them in the table of letters.
fn issue(portfolio: &mut Portfolio, mut letters: Vec<LetterRecord>) -> Result<Vec<LetterRecord>, Error> {
    if !letters.is_empty() {
        portfolio.register.commit("letters", |commit, run| {
            table::create(commit)?;
            table::issue(commit, run, &mut letters)
        })?;
    }
    Ok(letters)
}

/// Prints the refused requests and returns their number.
fn report_refusals(requests: &ClinicRegister, answers: &Answers, screen: &Screen) -> usize {
    let mut refused = 0;
    for (row, outcome) in requests.rows.iter().zip(&answers.outcomes) {
        let RequestOutcome::Refused(reason) = outcome else { continue };
        refused += 1;
        let message = Message::new("letter-refused").with("row", row.row.to_string()).with("reason", reason.clone());
        screen.refuse(&match requests.in_sheet(row) {
            Some(sheet) => message.with("sheet", sheet),
            None => message.with("sheet", ""),
        });
    }
    refused
}

/// The number of letters issued, issued before and refused.
fn summary(answers: &Answers, issued: &[LetterRecord], refused: usize, screen: &Screen) -> Message {
    let range = match issued {
        [] => String::new(),
        [only] => format!(" ({})", only.letter.shown_number()),
        [first, .., last] => format!(" ({}–{})", first.letter.shown_number(), last.letter.shown_number()),
    };
    Message::new("letters-issued")
        .with("issued", format!("{}{range}", screen.count(issued.len())))
        .with("before", screen.count(issued_before(answers)))
        .with("refused", screen.count(refused))
}

/// The number of requests whose letter was issued before.
fn issued_before(answers: &Answers) -> usize {
    answers.outcomes.iter().filter(|outcome| matches!(outcome, RequestOutcome::IssuedBefore(_))).count()
}
