//! The CSV files: lines, groups, diagnostics. UTF-8, comma, decimal point, header.

use std::io::{self, Write};
use std::sync::mpsc::sync_channel;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::base::diagnostic::column_letters;
use crate::base::error::Error;
use crate::base::messages::Language;
use crate::base::progress::Progress;
use crate::output::csv_injection::defused;
use crate::output::folder::Folder;
use crate::quote::{Admitted, Price, Quote};
use crate::roster::Roster;

/// The columns of `premiums.csv` and `premiums.parquet`.
pub const PREMIUM_COLUMNS: [&str; 17] = [
    "file",
    "sheet",
    "row",
    "id",
    "name",
    "birth_date",
    "age",
    "age_band",
    "risk_group",
    "plan",
    "programme",
    "sum_insured",
    "rate",
    "start",
    "end",
    "days",
    "premium",
];

/// So many insured are written by one task.
const INSURED_PER_TASK: usize = 512;
/// So many tasks are done before their text goes to the disk together.
const TASKS_AT_ONCE: usize = 16;

type Record = csv::Writer<Vec<u8>>;

fn records() -> Record {
    csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new())
}

fn finished(records: Record) -> io::Result<Vec<u8>> {
    records.into_inner().map_err(|fault| io::Error::other(fault.to_string()))
}

fn header(columns: &[&str]) -> io::Result<Vec<u8>> {
    let mut records = records();
    records.write_record(columns)?;
    finished(records)
}

/// `premiums.csv`: one line each, in roster order, then in the plan's order of covers.
pub fn premiums(quote: &Quote<'_>, price: &Price<'_>, folder: &Folder, watch: &dyn Progress) -> Result<(), Error> {
    let name = "premiums.csv";
    let mut file = folder.create(name)?;
    let lines = LineWriter::new(quote, price);
    let written: io::Result<()> = std::thread::scope(|threads| {
        let (sender, receiver) = sync_channel::<Vec<Vec<u8>>>(2);
        let file = &mut file;
        let writer = threads.spawn(move || receiver.iter().flatten().try_for_each(|text| file.write_all(&text)));
        let _ = sender.send(vec![header(&PREMIUM_COLUMNS)?]);
        for insured in price.lines.admitted.chunks(INSURED_PER_TASK * TASKS_AT_ONCE) {
            let texts: io::Result<Vec<Vec<u8>>> =
                insured.par_chunks(INSURED_PER_TASK).map(|insured| lines.text(insured)).collect();
            watch.advance(insured.len() as u64);
            // a writer that has failed hears no more, and says why below
            if sender.send(texts?).is_err() {
                break;
            }
        }
        drop(sender);
        writer.join().expect("the writer does not panic")
    });
    written.map_err(|fault| Error::writing(&folder.shown(name), fault))?;
    folder.keep(file)
}

/// What the lines of one quote have in common, already as text.
struct LineWriter<'q> {
    quote: &'q Quote<'q>,
    price: &'q Price<'q>,
    /// File and sheet, by the place of the sheet.
    sheets: Vec<(String, String)>,
    age_bands: Vec<String>,
    risk_groups: Vec<String>,
}

impl<'q> LineWriter<'q> {
    fn new(quote: &'q Quote<'q>, price: &'q Price<'q>) -> Self {
        let sheets = quote.roster.sheets.iter();
        Self {
            quote,
            price,
            sheets: sheets
                .map(|sheet| (defused(&sheet.file).into_owned(), defused(&sheet.name).into_owned()))
                .collect(),
            age_bands: quote.tariff.age.value.iter().map(|band| band.years.to_string()).collect(),
            risk_groups: quote.tariff.risk.value.iter().map(|row| row.group.to_string()).collect(),
        }
    }

    fn text(&self, insured: &[Admitted]) -> io::Result<Vec<u8>> {
        let mut records = records();
        let mut number = String::new();
        for insured in insured {
            self.lines(insured, &mut records, &mut number)?;
        }
        finished(records)
    }

    /// The lines of one insured; `number` is room for numbers, used again and again.
    fn lines(&self, insured: &Admitted, records: &mut Record, number: &mut String) -> io::Result<()> {
        let Quote { contract, tariff, roster, .. } = self.quote;
        let columns = &roster.insured;
        let at = insured.at as usize;
        let plan = &contract.plans[usize::from(insured.plan)];
        let (file, sheet) = &self.sheets[usize::from(columns.sheet[at])];
        let ages = &self.price.axes.ages[usize::from(insured.step)];
        for line in self.price.lines.of(insured, contract, &self.price.axes, columns) {
            records.write_field(file)?;
            records.write_field(sheet)?;
            records.write_field(in_room(number, columns.row[at]))?;
            records.write_field(defused(columns.id.get(at)).as_ref())?;
            records.write_field(defused(columns.name.get(at)).as_ref())?;
            records.write_field(columns.birth_date[at].map(iso).as_ref().map_or(&[][..], |date| &date[..]))?;
            records.write_field(in_room(number, insured.age_years))?;
            records.write_field(&self.age_bands[ages.age_band])?;
            records.write_field(&self.risk_groups[usize::from(insured.risk)])?;
            records.write_field(defused(&plan.code).as_ref())?;
            records.write_field(&tariff.programmes[plan.covers[line.cover].programme].code)?;
            records.write_field(in_room(number, line.sum_insured))?;
            records.write_field(&line.cell.rate)?;
            records.write_field(iso(line.period.first()))?;
            records.write_field(iso(line.period.last()))?;
            records.write_field(in_room(number, line.days))?;
            records.write_field(in_room(number, line.premium()))?;
            records.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }
}

fn in_room(room: &mut String, value: impl std::fmt::Display) -> &str {
    use std::fmt::Write as _;
    room.clear();
    let _ = write!(room, "{value}");
    room
}

/// A day of a four-digit year as `2026-12-01`.
fn iso(date: Date) -> [u8; 10] {
    let digit = |value: i16, unit: i16| b'0' + u8::try_from(value / unit % 10).unwrap_or(0);
    let (year, month, day) = (date.year(), i16::from(date.month()), i16::from(date.day()));
    [
        digit(year, 1000),
        digit(year, 100),
        digit(year, 10),
        digit(year, 1),
        b'-',
        digit(month, 10),
        digit(month, 1),
        b'-',
        digit(day, 10),
        digit(day, 1),
    ]
}

/// `groups.csv`: the collective by plan, programme, age band and risk group.
pub fn groups(quote: &Quote<'_>, price: &Price<'_>, folder: &Folder) -> Result<(), Error> {
    let Quote { contract, tariff, .. } = quote;
    folder.write("groups.csv", |file| {
        file.write_all(&header(&[
            "plan",
            "programme",
            "age_band",
            "risk_group",
            "insured",
            "sum_insured",
            "premium",
        ])?)?;
        let mut records = records();
        for group in &price.totals.groups {
            records.write_record([
                defused(&contract.plans[group.plan].code).as_ref(),
                &tariff.programmes[group.programme].code,
                &tariff.age.value[group.age_band].years.to_string(),
                &tariff.risk.value[group.risk].group.to_string(),
                &group.insured.to_string(),
                &group.sum_insured.to_string(),
                &group.premium.to_string(),
            ])?;
        }
        file.write_all(&finished(records)?)
    })
}

/// `diagnostics.csv`: everything that is wrong, in roster order; nothing but the header when all is well.
pub fn diagnostics(roster: &Roster, folder: &Folder, language: Language) -> Result<(), Error> {
    const DIAGNOSTICS_PER_TASK: usize = 1024;
    folder.write("diagnostics.csv", |file| {
        file.write_all(&header(&["severity", "code", "file", "sheet", "row", "column", "value", "message"])?)?;
        for found in roster.diagnostics.chunks(DIAGNOSTICS_PER_TASK * TASKS_AT_ONCE) {
            let texts: io::Result<Vec<Vec<u8>>> = found
                .par_chunks(DIAGNOSTICS_PER_TASK)
                .map(|found| {
                    let mut records = records();
                    for found in found {
                        let sheet = &roster.sheets[usize::from(found.place.sheet)];
                        let row = if found.place.row == 0 { String::new() } else { found.place.row.to_string() };
                        records.write_record([
                            found.code.severity().as_str(),
                            found.code.as_str(),
                            &defused(&sheet.file),
                            &defused(&sheet.name),
                            &row,
                            &found.place.column.map(column_letters).unwrap_or_default(),
                            &defused(&found.value),
                            &language.say(&found.message),
                        ])?;
                    }
                    finished(records)
                })
                .collect();
            texts?.iter().try_for_each(|text| file.write_all(text))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_iso() {
        assert_eq!(&iso(jiff::civil::date(1907, 2, 9)), b"1907-02-09");
        assert_eq!(&iso(jiff::civil::date(2026, 12, 31)), b"2026-12-31");
    }
}
