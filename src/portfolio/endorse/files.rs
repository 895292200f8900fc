//! The files of an endorsement: the closed and opened lines, the totals, and the manifest.

use serde::Serialize;
use serde_json::json;

use crate::base::calendar::day_after_1970;
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::output::pdf::Template;
use crate::portfolio::endorse::agreement;
use crate::portfolio::endorse::endorsement::{Endorsement, Request};
use crate::tariff::EditionId;

/// The columns of `endorsement.csv`.
const COLUMNS: [&str; 19] = [
    "action",
    "insured",
    "id",
    "name",
    "birth_date",
    "plan",
    "programme",
    "risk_group",
    "sum_insured",
    "rate",
    "start",
    "end_before",
    "end_after",
    "premium_before",
    "premium_after",
    "returned",
    "expenses",
    "charged",
    "amount",
];

/// The columns of `values.csv`.
const VALUE_COLUMNS: [&str; 8] = ["action", "insured", "id", "name", "field", "before", "after", "from"];

/// `endorsement.json`: the figures of the contract before and after; it names no insured.
#[derive(Serialize)]
struct Totals<'a> {
    number: &'a str,
    policyholder: &'a str,
    tariff: &'a EditionId,
    on: String,
    joined: usize,
    left: usize,
    changed_plan: usize,
    changed_data: usize,
    headcount_coefficient: String,
    insured: Change<u32>,
    lines: Change<u64>,
    lines_closed: usize,
    lines_opened: usize,
    written: Change<String>,
    charged: String,
    returned: String,
    expenses: String,
    /// What the contract costs more; negative where it costs less.
    amount: String,
    paid: String,
}

#[derive(Serialize)]
struct Change<T> {
    before: T,
    after: T,
}

/// Writes all files; returns the letters without a glyph where the agreement is not made for them.
pub(super) fn write(folder: &Folder, endorsement: &Endorsement, request: &Request) -> Result<Option<String>, Error> {
    write_lines(folder, endorsement)?;
    write_values(folder, endorsement)?;
    let left_out = match &request.agreement {
        Some(template) => write_agreement(folder, endorsement, template, request)?,
        None => None,
    };
    let before = endorsement.state.version();
    let after = &endorsement.version;
    let contract = &endorsement.state.contract;
    let written = before.written;
    let totals = Totals {
        number: &contract.number,
        policyholder: &contract.policyholder,
        tariff: &endorsement.tariff,
        on: endorsement.on.to_string(),
        joined: endorsement.moves.joined,
        left: endorsement.moves.left,
        changed_plan: endorsement.moves.changed_plan,
        changed_data: endorsement.moves.changed - endorsement.moves.changed_plan,
        headcount_coefficient: endorsement.headcount.to_string(),
        insured: Change { before: endorsement.counted[0], after: endorsement.counted[1] },
        lines: Change { before: before.lines, after: after.lines },
        lines_closed: endorsement.changed_lines.iter().filter(|line| line.end_before.is_some()).count(),
        lines_opened: endorsement.changed_lines.iter().filter(|line| line.end_before.is_none()).count(),
        written: Change { before: written.to_string(), after: after.written.to_string() },
        charged: endorsement.charged().to_string(),
        returned: endorsement.returned().to_string(),
        expenses: endorsement.expenses().to_string(),
        amount: (after.written - written).to_string(),
        paid: endorsement.state.paid.to_string(),
    };
    folder.write_json("endorsement.json", &totals)?;
    let changes =
        endorsement.roster.tables.files.iter().map(|file| json!({ "file": &file.name, "sha256": &file.sha256 }));
    folder.seal(&json!({
        "number": &contract.number,
        "on": endorsement.on.to_string(),
        "tariff": &endorsement.tariff,
        "changes": changes.collect::<Vec<_>>(),
        "language": request.language.as_str(),
        "template_sha256": request.agreement.as_ref().and_then(Template::own_sha256),
    }))?;
    Ok(left_out)
}

/// Writes the agreement; returns the letters without a glyph where it is not made for them.
fn write_agreement(
    folder: &Folder,
    endorsement: &Endorsement,
    template: &Template,
    request: &Request,
) -> Result<Option<String>, Error> {
    match agreement::pdf(endorsement, template, request.language) {
        Ok(document) => folder.write(agreement::DOCUMENT, |file| file.write_all(&document)).map(|()| None),
        Err(Error::NoFace { letters }) => Ok(Some(letters)),
        Err(error) => Err(error),
    }
}

/// Writes `values.csv`: one row for each value of an insured that changes or is corrected, in the order of the list.
fn write_values(folder: &Folder, endorsement: &Endorsement) -> Result<(), Error> {
    let insured = &endorsement.insured;
    folder.write("values.csv", |file| {
        let mut records = csv::Writer::from_writer(file);
        records.write_record(VALUE_COLUMNS)?;
        for value in &endorsement.changed_values {
            let at = value.insured;
            records.write_record([
                if value.is_corrected { "correct" } else { "change" },
                &insured.insured[at].to_string(),
                defused(&insured.id[at]).as_ref(),
                defused(&insured.name[at]).as_ref(),
                value.field,
                defused(&value.before).as_ref(),
                defused(&value.after).as_ref(),
                &day_after_1970(value.from).map(|day| day.to_string()).unwrap_or_default(),
            ])?;
        }
        records.flush()
    })
}

/// Writes `endorsement.csv`: one row for each closed or opened line, in the order of the insured.
fn write_lines(folder: &Folder, endorsement: &Endorsement) -> Result<(), Error> {
    let (insured, cells) = (&endorsement.insured, &endorsement.cells);
    let day = |days: i32| day_after_1970(days).map(|day| day.to_string()).unwrap_or_default();
    let some_day = |days: Option<i32>| days.map(day).unwrap_or_default();
    folder.write("endorsement.csv", |file| {
        let mut records = csv::Writer::from_writer(file);
        records.write_record(COLUMNS)?;
        for line in &endorsement.changed_lines {
            let (person, cell) = (line.insured as usize - 1, line.cell as usize);
            let is_new = line.end_before.is_none();
            let closed = |amount: Kopecks| if is_new { String::new() } else { amount.to_string() };
            let opened = |amount: Kopecks| if is_new { amount.to_string() } else { String::new() };
            records.write_record([
                line.cause.as_str(),
                &line.insured.to_string(),
                defused(&insured.id[person]).as_ref(),
                defused(&insured.name[person]).as_ref(),
                &day(insured.birth_date[person]),
                defused(&cells.plan[cell]).as_ref(),
                &cells.programme[cell],
                &cells.risk_group[cell].to_string(),
                &line.sum_insured.to_string(),
                &line.rate,
                &day(line.start),
                &some_day(line.end_before),
                &some_day(line.end_after),
                &closed(line.premium_before),
                &line.premium_after.to_string(),
                &closed(line.returned),
                &closed(line.expenses),
                &opened(line.premium_after),
                &(line.premium_after - line.premium_before).to_string(),
            ])?;
        }
        records.flush()
    })
}
