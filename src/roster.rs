//! Reads the rosters of employers into insured in columns, with a diagnostic for every fault.
//!
//! Every row of data becomes a row of [`Insured`], whether it can be priced or not; rows without an insured are counted with their reason.
//! Nothing is dropped in silence, and every fault of every row is reported in one run. A census and a list of changes are read in the same
//! way. This module knows nothing of contracts, tariffs and prices: a [`RosterSpec`] states what they need.

#[cfg(test)]
mod agreement;
pub mod contacts;
pub mod counts;
pub mod field;
mod identity;
pub mod insured;
mod ordered_merge;
mod plan_words;
mod row;
pub mod spec;
pub mod value;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;

use crate::base::diagnostic::{Code, Diagnostic, Place, masked, shortened};
use crate::base::error::Error;
use crate::base::messages::Message;
use crate::base::progress::{Progress, Stage};
use crate::table::cell::Epoch;
use crate::table::delimited::Part;
use crate::table::display_names::display_names;
use crate::table::file_fault::FileFault;
use crate::table::free_text::{has_initials, is_name};
use crate::table::hidden::{Hidden, join_first};
use crate::table::skip::Skip;
use crate::table::source::Source;
use crate::table::streamed_text::{StreamedText, TextPart};
use crate::table::tables::{SheetFindings, SheetToRead, Tables};
use crate::table::workbook::SheetPieces;
use field::Field;
use identity::find_duplicates;
use insured::Insured;
use ordered_merge::OrderedMerge;
use plan_words::{PlanReading, PlanWords};
use row::date_order::DateOrders;
use row::{RowReader, RowsRead};
use spec::{RosterSpec, RowKind};
use value::{Action, is_about_leavers, named_actions};

/// A roster, read whole.
#[derive(Debug, Default, Clone)]
pub struct Roster {
    /// The files, their sheets and everything that is wrong.
    pub tables: Tables,
    /// Every row of data; of a census, every insured that it counts.
    pub insured: Insured,
    /// Whether it is a census: counts of insured by plan, age and risk group, whose price is preliminary.
    pub census: bool,
}

impl Roster {
    /// Reads the files of a roster in order. Whatever is wrong with their content becomes a diagnostic.
    ///
    /// # Errors
    ///
    /// As [`InputFile::open`](crate::base::input_file::InputFile::open) where a file cannot be opened or read.
    ///
    /// # Example
    ///
    /// ```
    /// # use jiff::civil::date;
    /// # use kollektiv::base::calendar::Period;
    /// # use kollektiv::roster::{Roster, spec::{PlanSpec, RosterSpec, RowKind}};
    /// # use kollektiv::table::spec::SheetChoice;
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("roster.csv");
    /// std::fs::write(&path, "ФИО;Дата рождения;Риск\nИванов Пётр;31.12.1980;1\nКим Анна;;1\n")?;
    /// let spec = RosterSpec {
    ///     period: Period::new(date(2026, 1, 1), date(2026, 12, 31)).unwrap(),
    ///     rows: RowKind::Insured,
    ///     plans: vec![PlanSpec { code: "A".to_owned(), name: None, aliases: Vec::new(), own_sum_insured: true }],
    ///     risk_groups: vec![0, 1, 2],
    ///     date_order: None,
    ///     default_risk_group: None,
    ///     default_plan: None,
    ///     columns: Vec::new(),
    ///     ignored: Vec::new(),
    ///     ignored_sheets: Vec::new(),
    ///     sheet: SheetChoice::TheOne,
    ///     contacts: false,
    ///     changes: Default::default(),
    ///     terms_optional: false,
    ///     by_options: false,
    /// };
    /// let roster = Roster::read(&[path], &spec, &())?;
    /// assert_eq!((roster.insured.len(), roster.insured.name.get(1)), (2, "Ким Анна"));
    /// assert_eq!(roster.tables.diagnostics[0].code.as_str(), "missing-birth-date");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(paths: &[PathBuf], spec: &RosterSpec, progress: &dyn Progress) -> Result<Self, Error> {
        let files: Vec<_> = paths.iter().map(|path| (path.clone(), spec.clone())).collect();
        Self::read_files(&files, progress)
    }

    /// Reads files of a roster in order, each as its specification states; all have rows of one kind.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn read_files(files: &[(PathBuf, RosterSpec)], progress: &dyn Progress) -> Result<Self, Error> {
        progress.begin_stage(Stage::Reading, None);
        let rows = files.first().map_or(RowKind::Insured, |(_, spec)| spec.rows);
        let (mut tables, mut insured) = (Tables::default(), Insured::default());
        let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.clone()).collect();
        for ((path, spec), name) in files.iter().zip(display_names(&paths)) {
            let table_spec = spec.table();
            let is_read = rows == RowKind::Insured
                && tables.read_streamed(path, &name, &table_spec, &mut |text, sheet| {
                    let read = read_streamed_rows(text, (sheet, &name), spec, insured.len(), progress)?;
                    Some(add_rows(&mut insured, read, &Hidden::default(), (sheet, &name), spec))
                })?;
            if !is_read {
                tables.read_file(path, &name, &table_spec, &mut |source, sheet| {
                    let (read, hidden) = read_rows(source, (sheet, &name), spec, insured.len(), progress)?;
                    Ok(add_rows(&mut insured, read, &hidden, (sheet, &name), spec))
                })?;
            }
        }
        progress.begin_stage(Stage::Comparing, None);
        // several things may happen to one insured; rows that concern the same one are found where the insured are known
        if rows != RowKind::Changes {
            tables.diagnostics.extend(find_duplicates(&mut insured, &tables.sheets));
        }
        if insured.is_empty() {
            tables.refuse_empty(Message::new("roster-no-insured"));
        }
        tables.sort();
        Ok(Self { tables, insured, census: rows == RowKind::Counts })
    }
}

/// Adds the rows of a sheet to the insured, and returns what was found in them.
fn add_rows(
    insured: &mut Insured,
    read: RowsRead,
    hidden: &Hidden,
    (sheet, file): (SheetToRead<'_>, &str),
    spec: &RosterSpec,
) -> SheetFindings {
    let RowsRead { insured: mut read, mut diagnostics, skipped, spare, unusual_headings, left_title, .. } = read;
    if is_sheet_of_other_plan(sheet, spec) && !read.is_empty() {
        let message = Message::new("sheet-states-plan").with("sheet", sheet.name);
        let place = Place::sheet(sheet.number);
        diagnostics.push(Diagnostic { code: Code::OrderingLine, place, value: String::new(), message });
    }
    diagnostics.extend(hidden.diagnostics(sheet.number, sheet.layout, &read.row));
    diagnostics.extend(signatures_among_insured(&read, sheet.number, &skipped));
    if spec.rows == RowKind::Insured {
        diagnostics.extend(unusual_headings_among_insured(&read, sheet.number, &unusual_headings));
        diagnostics.extend(reject_all(&mut read, hidden, (sheet, file), left_title));
        diagnostics.extend(reject_leavers(&mut read, sheet.number, &skipped));
    }
    if insured.is_empty() {
        *insured = read;
    } else {
        insured.append(&mut read, 1);
    }
    SheetFindings { diagnostics, skipped, spare }
}

/// Whether a sheet is named as another plan than its rows are read with.
fn is_sheet_of_other_plan(sheet: SheetToRead<'_>, spec: &RosterSpec) -> bool {
    let named = || PlanWords::new(&spec.plans).find(sheet.name);
    spec.rows == RowKind::Insured
        && spec.plans.len() > 1
        && sheet.layout.column(Field::Plan).is_none()
        && matches!(named(), PlanReading::Plan(plan) if Some(plan) != spec.default_plan)
}

/// Reads the rows of a long text while the text is read; `None` where it has to be read as a whole.
fn read_streamed_rows(
    text: &mut StreamedText,
    (sheet, file): (SheetToRead<'_>, &str),
    spec: &RosterSpec,
    before: usize,
    progress: &dyn Progress,
) -> Option<RowsRead> {
    let orders = DateOrders::new(sheet.layout, spec);
    // a text has no other epoch
    let reader = || RowReader::new(sheet, file, Epoch::default(), spec, orders).after_insured(before);
    let part_count = text.part_count();
    let read = read_parts(text.parts(), part_count, TextPart::rows, reader, progress).ok()?;
    // where only the last row decides the order of day and month, all are read again
    (text.is_usual() && orders.decide(&read.date_evidence) == orders).then_some(read)
}

/// Reads the rows of a sheet after the first `before` insured of the roster, and finds what is hidden of the sheet.
fn read_rows(
    source: &mut Source,
    (sheet, file): (SheetToRead<'_>, &str),
    spec: &RosterSpec,
    before: usize,
    progress: &dyn Progress,
) -> Result<(RowsRead, Hidden), FileFault> {
    let orders = DateOrders::new(sheet.layout, spec);
    let (read, hidden) = read_rows_in(orders, source, (sheet, file), spec, before, progress)?;
    let evidence = read.date_evidence;
    let decided = orders.decide(&evidence);
    if decided == orders {
        return Ok((read, hidden));
    }
    // only the last row decides the order of day and month
    let (mut read, hidden) = read_rows_in(decided, source, (sheet, file), spec, before, &())?;
    read.diagnostics.extend(decided.diagnostics(sheet.number, sheet.layout, &evidence));
    Ok((read, hidden))
}

/// Reads the rows of a sheet with their days in these orders of day and month.
fn read_rows_in(
    orders: DateOrders,
    source: &mut Source,
    (sheet, file): (SheetToRead<'_>, &str),
    spec: &RosterSpec,
    before: usize,
    progress: &dyn Progress,
) -> Result<(RowsRead, Hidden), FileFault> {
    let epoch = source.epoch();
    let reader = || RowReader::new(sheet, file, epoch, spec, orders).after_insured(before);
    match source {
        Source::Text { text, delimiter, .. } => {
            let whole = text.whole(*delimiter);
            // a census and a list of changes are short: the limit of the one counts all its rows, the other may have titles between them
            let read = if matches!(spec.rows, RowKind::Counts | RowKind::Changes) {
                read_part(whole, reader())
            } else {
                read_parts(whole.split(), whole.split_count(), |part| *part, reader, progress)
            };
            Ok((read?, Hidden::default()))
        }
        Source::Workbook(book) => {
            if spec.rows == RowKind::Insured
                && let Some(read) = book.pieces(sheet.name).and_then(|pieces| read_pieces(&pieces, reader, progress))
            {
                let (read, hidden) = read?;
                return Ok((read, book.judge_rules(sheet.name, hidden)?));
            }
            let mut reader = reader();
            let hidden = book.batches_and_hidden(sheet.name, &mut |batch| {
                batch.rows().for_each(|row| reader.read(&row));
                progress.advance(batch.len() as u64);
            })?;
            Ok((reader.finish(), hidden))
        }
    }
}

/// Reads the rows of a sheet on all cores; `None` where it has to be read in order.
fn read_pieces<'s>(
    pieces: &SheetPieces<'_>,
    reader: impl Fn() -> RowReader<'s> + Sync,
    progress: &dyn Progress,
) -> Option<Result<(RowsRead, Hidden), FileFault>> {
    let merge = OrderedMerge::new(pieces.count());
    let hidden = pieces.read(&|place, batch| {
        let mut reader = reader();
        batch.rows().for_each(|row| reader.read(&row));
        merge.add(place, Ok(reader.finish()));
        progress.advance(batch.len() as u64);
    })?;
    Some(merge.finish().map(|read| (read, hidden)))
}

/// Reads the rows of about `part_count` parts of a text on all cores; `rows` are those of a part.
fn read_parts<'s, P: Send>(
    parts: impl Iterator<Item = P> + Send,
    part_count: usize,
    rows: impl Fn(&P) -> Part<'_> + Sync,
    reader: impl Fn() -> RowReader<'s> + Sync,
    progress: &dyn Progress,
) -> Result<RowsRead, FileFault> {
    let merge = OrderedMerge::new(part_count);
    parts.enumerate().par_bridge().for_each_init(RowsRead::default, |buffer, (place, part)| {
        let read = read_part(rows(&part), reader().after_rows(std::mem::take(buffer)));
        progress.advance(read.as_ref().map_or(0, |read| read.insured.len() as u64));
        *buffer = merge.add(place, read);
    });
    merge.finish()
}

fn read_part(part: Part<'_>, mut reader: RowReader<'_>) -> Result<RowsRead, FileFault> {
    part.rows(|row| {
        reader.read(row);
        true
    })?;
    Ok(reader.finish())
}

/// Reports rows that look like signatures and have insured below them. The diagnostic is about the sheet: beside a row it would be one more
/// cell of the roster that is sent back.
fn signatures_among_insured(insured: &Insured, sheet: u16, skipped: &[(u32, Skip)]) -> Option<Diagnostic> {
    let last = insured.row.iter().max()?;
    let signatures = || skipped.iter().filter(|(_, reason)| *reason == Skip::Signature);
    // where the insured are written as signers are, a person without a birth date looks like one
    let is_written_alike = || (0..insured.len()).any(|at| has_initials(insured.name.get(at)));
    let are_alike = signatures().next().is_some() && is_written_alike();
    let among = signatures().filter(|(row, _)| row < last || are_alike);
    let rows: Vec<String> = among.map(|(row, _)| row.to_string()).collect();
    if rows.is_empty() {
        return None;
    }
    let message = Message::new("skipped-row").with("count", rows.len()).with("rows", join_first(rows.into_iter()));
    Some(Diagnostic { code: Code::SkippedRow, place: Place::sheet(sheet), value: String::new(), message })
}

/// Reports sub-headings above insured that name no department and no family: they may decide whether the insured below count.
fn unusual_headings_among_insured(insured: &Insured, sheet: u16, headings: &[(u32, String)]) -> Option<Diagnostic> {
    let last = insured.row.iter().max()?;
    let among: Vec<_> = headings.iter().filter(|(row, _)| row < last).collect();
    if among.is_empty() {
        return None;
    }
    let shown = |text: &str| if is_name(text) { masked(text) } else { shortened(text) };
    let rows = join_first(among.iter().map(|(row, text)| format!("{row} («{}»)", shown(text))));
    let message = Message::new("unusual-heading").with("count", among.len()).with("rows", rows);
    Some(Diagnostic { code: Code::SkippedRow, place: Place::sheet(sheet), value: String::new(), message })
}

/// Rejects every insured of a sheet where its name, that of the file, a title or a text of its pages is about those who left.
fn reject_all(
    insured: &mut Insured,
    hidden: &Hidden,
    (sheet, file): (SheetToRead<'_>, &str),
    title: Option<u32>,
) -> Vec<Diagnostic> {
    if insured.is_empty() {
        return Vec::new();
    }
    let is_about = |text: &&str| is_about_leavers(text) && !named_actions(text).contains(&Action::Join);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let of_page = hidden.page_texts.iter().map(String::as_str).find(is_about);
    let stated = [
        is_about_leavers(sheet.name).then(|| Message::new("left-sheet").with("sheet", sheet.name)),
        Some(stem).filter(is_about).map(|_| Message::new("left-file").with("file", file)),
        title.map(|title| Message::new("left-title").with("row", title.to_string())),
        of_page.map(|text| Message::new("left-page").with("text", shortened(text))),
    ];
    let place = Place::sheet(sheet.number);
    let found: Vec<Diagnostic> = { stated.into_iter().flatten() }
        .map(|message| message.with("count", insured.len()))
        .map(|message| Diagnostic { code: Code::LeftSection, place, value: String::new(), message })
        .collect();
    if !found.is_empty() {
        insured.rejected.fill(true);
    }
    found
}

/// Rejects the insured below a sub-heading that is about those who left, up to the next sub-heading.
fn reject_leavers(insured: &mut Insured, sheet: u16, skipped: &[(u32, Skip)]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if !skipped.iter().any(|(_, reason)| *reason == Skip::Left) {
        return found;
    }
    let headings = skipped.iter().filter(|(_, reason)| matches!(reason, Skip::Heading | Skip::Left));
    let headings: BTreeMap<u32, Skip> = headings.copied().collect();
    for (row, rejected) in insured.row.iter().zip(&mut insured.rejected) {
        if let Some((heading, Skip::Left)) = headings.range(..row).next_back() {
            *rejected = true;
            // beside the sub-heading the diagnostic would be one more cell of the roster that is sent back
            let (place, message) =
                (Place::row(sheet, *row), Message::new("left-section").with("heading", heading.to_string()));
            found.push(Diagnostic { code: Code::LeftSection, place, value: String::new(), message });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::messages::Language;

    #[test]
    fn a_contact_merged_over_a_family_is_reported() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("roster.xlsx");
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        let rows = [["ФИО", "ДР", "Адрес", "Цех"], ["Ли А", "01.02.1980", "", ""], ["Ли Б", "03.04.1981", "", ""]];
        sheet.write_row_matrix(0, 0, rows).unwrap();
        // the workshop is no field
        for (column, text) in [(2, "ул. Садовая, 1"), (3, "5")] {
            sheet.merge_range(1, column, 2, column, text, &rust_xlsxwriter::Format::new()).unwrap();
        }
        book.save(&path).unwrap();
        let roster = Roster::read(&[path], &spec::tests::spec(), &()).unwrap();
        let merged = roster.tables.diagnostics.iter().filter(|found| found.code == Code::MergedCells);
        let messages: Vec<String> = merged.map(|found| Language::En.render(&found.message)).collect();
        assert!(matches!(&messages[..], [message] if message.contains("C2:C3")), "{messages:?}");
    }
}
