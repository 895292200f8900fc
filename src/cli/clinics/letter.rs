//! `kollektiv clinics letter`: issues guarantee letters.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::base::error::Error;
use crate::base::messages::Message;
use crate::cli::answer::answer;
use crate::cli::arguments::Common;
use crate::cli::arguments::paper::PaperArguments;
use crate::cli::clinics::arguments::{ClinicSources, TableArguments, digest, index_insured, refuse, result_folder};
use crate::cli::diagnostics;
use crate::cli::outcome::Outcome;
use crate::cli::paper::Paper;
use crate::cli::screen::Screen;
use crate::clinics::entitled::EntitledList;
use crate::clinics::letter::record::LetterRecord;
use crate::clinics::letter::requests::{Answers, Defaults, RequestOutcome};
use crate::clinics::letter::{letter_number, table};
use crate::clinics::output::answers::write_requests;
use crate::clinics::output::letter as documents;
use crate::clinics::output::letter::StagedLetters;
use crate::clinics::register::ClinicRegister;
use crate::output::folder::Folder;
use crate::output::pdf::Template;
use crate::portfolio::Portfolio;

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
    #[command(flatten)]
    paper: PaperArguments,
    /// Answer the requests without issuing letters; the numbers are those that a run would give
    #[arg(long)]
    dry_run: bool,
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

/// Issues letters in the portfolio with their documents, and makes the documents that a killed run has left out.
///
/// Documents and answers are complete on the disk before the letters are issued: a full disk issues none.
pub fn run(common: &Common, arguments: &Arguments, screen: &Screen) -> Result<Outcome, Error> {
    let Arguments { requests: path, sources, table, issued, paper, dry_run, out } = arguments;
    let network = sources.open_network(common)?;
    let clinic = table.named_clinic(&network)?;
    let template = paper.template(Paper::Letter, screen)?;
    let requests = table.read_requests(path, &network, clinic)?;
    let out = result_folder(out.as_ref(), "letters", path);
    if refuse(&requests, &out, screen)? {
        return Ok(Outcome::Refused);
    }
    let mut portfolio =
        if *dry_run { sources.open_portfolio()? } else { Portfolio::change(&sources.portfolio, "clinics letter")? };
    let records = portfolio.register.read(table::records)?;
    let letters = table::letters(&records);
    let index = index_insured(&portfolio, &EntitledList::default(), requests.queries())?;
    let defaults = Defaults { clinic, issued: *issued };
    let mut answers = Answers::new(&network, &requests, defaults, &index, &letters);
    // a letter whose document cannot be made is not issued
    answers.refuse(&without_documents(&answers, &template, screen));
    let mut issued = answers.letters.clone();
    portfolio.register.read(|book| table::number(book, &mut issued))?;
    let folder = sources.portfolio.join(documents::FOLDER);
    let result = Folder::stage(&out)?;
    write_requests(&answers, &issued, &requests, &digest(&network), *dry_run, &result, screen.language)?;
    let mut documents = None;
    if !*dry_run {
        // everything that needs space on the disk comes before the commit, and only names after it
        let records = [records, issued.clone()].concat();
        let staged = StagedLetters::new(&records, &folder, &template, screen.language)?;
        issue(&mut portfolio, &issued)?;
        documents = Some((staged.documents(), staged.left_out.clone()));
        staged.publish()?;
    }
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
    let Some((written, left_out)) = documents else {
        screen.note(&Message::new("letters-dry-run"));
        screen.note_written(&out);
        return Ok(outcome(refused, answers.outcomes.len()));
    };
    for (number, letters) in &left_out {
        let message = Message::new("letter-not-written").with("number", letter_number(*number));
        screen.refuse(&message.with("letters", letters.as_str()));
    }
    let message = Message::new("letters-written").with("count", written);
    screen.note(&message.with("path", folder.display().to_string()));
    screen.note_written(&out);
    screen.suggest(Message::new("next-letters").with("path", folder.display().to_string()));
    Ok(match outcome(refused, answers.outcomes.len()) {
        Outcome::Done if !left_out.is_empty() => Outcome::SetAside,
        outcome => outcome,
    })
}

/// The outcome of a run with so many refused requests.
const fn outcome(refused: usize, requests: usize) -> Outcome {
    match refused {
        0 => Outcome::Done,
        all if all == requests => Outcome::Refused,
        _ => Outcome::SetAside,
    }
}

/// The letters whose documents would have characters that no font has, by their indices, with the reason.
fn without_documents(answers: &Answers, template: &Template, screen: &Screen) -> BTreeMap<usize, Message> {
    let missing = answers.letters.par_iter().enumerate().filter_map(|(at, record)| {
        let letters = documents::missing_characters(record, template, screen.language);
        (!letters.is_empty()).then(|| (at, Message::new("letter-left-out").with("letters", letters)))
    });
    missing.collect()
}

/// Inserts the letters in the table of letters.
fn issue(portfolio: &mut Portfolio, letters: &[LetterRecord]) -> Result<(), Error> {
    if letters.is_empty() {
        return Ok(());
    }
    portfolio.register.commit("letters", |commit, run| {
        table::create(commit)?;
        table::issue(commit, run, letters)
    })
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
    answers.outcomes.iter().filter(|outcome| matches!(outcome, RequestOutcome::IssuedBefore { .. })).count()
}
