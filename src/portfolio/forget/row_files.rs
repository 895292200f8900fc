//! Files of the book written anew with some values replaced: the same rows in the same row groups, under another name.

use std::collections::BTreeSet;

use polars::prelude::{Column, DataFrame, Int32Chunked, IntoColumn, PolarsResult, StringChunked};

use crate::base::error::Error;
use crate::portfolio::book::Portfolio;
use crate::portfolio::forget::pseudonym::Pseudonym;
use crate::portfolio::store::{Damage, Reader, StoredFile, Writer};

/// The columns that identify insured beside name and birth date, and may be empty.
const EMPTIED: [&str; 7] = ["id", "phone", "email", "address", "passport", "snils", "policy_number"];

/// Writes a file of insured anew, with the pseudonym in some of its rows.
pub(super) fn replace_insured(
    book: &Portfolio,
    reader: &Reader,
    stored: &StoredFile,
    rows: &BTreeSet<u64>,
    pseudonym: &Pseudonym,
) -> Result<StoredFile, Error> {
    rewrite(book, reader, stored, |group, frame| {
        let first = stored.groups[group].first_row;
        let is_replaced = |at: usize| rows.contains(&(first + at as u64));
        replace_texts(frame, "name", |at, text| {
            if is_replaced(at) { Some(pseudonym.name.clone()) } else { text.map(str::to_owned) }
        })?;
        for name in EMPTIED {
            // an id is never missing, but empty
            let empty = (name == "id").then(String::new);
            replace_texts(
                frame,
                name,
                |at, text| {
                    if is_replaced(at) { empty.clone() } else { text.map(str::to_owned) }
                },
            )?;
        }
        let Ok(birth_dates) = frame.column("birth_date") else { return Ok(()) };
        let birth_dates = birth_dates.as_materialized_series().date()?.physical().clone();
        let replaced = birth_dates.iter().enumerate().map(|(at, birth_date)| {
            birth_date.map(|days| if is_replaced(at) { pseudonym.birth_date(days) } else { days })
        });
        let replaced: Int32Chunked = replaced.collect();
        set_column(frame, replaced.with_name("birth_date".into()).into_date().into_column())
    })
}

/// Passes the identity of each claim of the entitled outside the book in a file of claims to `visit`.
pub(super) fn each_entitled(book: &Portfolio, reader: &Reader, mut visit: impl FnMut(&str)) -> Result<(), Error> {
    let damaged = |damage: Damage| damage.into_error(book.folder());
    for group in 0..reader.groups().len() {
        let columns = reader.columns(group, &["entitled"]).map_err(damaged)?;
        let Some(Some(texts)) = columns.first() else { continue };
        let texts = texts.str().map_err(|_| damaged(reader.damage()))?;
        texts.iter().flatten().filter(|text| !text.is_empty()).for_each(&mut visit);
    }
    Ok(())
}

/// Writes a file of claims anew, with another identity for those outside the book; `None` where it has none of these identities.
pub(super) fn replace_entitled(
    book: &Portfolio,
    reader: &Reader,
    stored: &StoredFile,
    identities: &[(String, String)],
) -> Result<Option<StoredFile>, Error> {
    let replacement = |text: &str| identities.iter().find(|(before, _)| before == text).map(|(_, after)| after);
    let mut has_any = false;
    each_entitled(book, reader, |text| has_any |= replacement(text).is_some())?;
    if !has_any {
        return Ok(None);
    }
    let rewritten = rewrite(book, reader, stored, |_, frame| {
        replace_texts(frame, "entitled", |_, text| {
            text.map(|text| replacement(text).cloned().unwrap_or_else(|| text.to_owned()))
        })
    })?;
    Ok(Some(rewritten))
}

/// Writes a file anew, and moves it into the book; `edit` receives each row group in turn.
fn rewrite(
    book: &Portfolio,
    reader: &Reader,
    stored: &StoredFile,
    edit: impl Fn(usize, &mut DataFrame) -> PolarsResult<()>,
) -> Result<StoredFile, Error> {
    let damaged = |damage: Damage| damage.into_error(book.folder());
    let file = book.create_temporary_file()?;
    let first = reader.frame(0).map_err(damaged)?;
    let mut writer = Writer::create(stored.kind, file.path(), first.schema())?;
    for group in 0..reader.groups().len() {
        let mut frame = reader.frame(group).map_err(damaged)?;
        edit(group, &mut frame).map_err(|fault| writer.write_error(&fault))?;
        let encoded = writer.encode(&frame)?;
        writer.write(encoded)?;
    }
    let rewritten = writer.finish()?;
    book.adopt_file(&file.into_temp_path(), &rewritten)?;
    Ok(rewritten)
}

/// Replaces the texts of a column, where the file has it.
fn replace_texts(
    frame: &mut DataFrame,
    name: &str,
    replaced: impl Fn(usize, Option<&str>) -> Option<String>,
) -> PolarsResult<()> {
    let Ok(column) = frame.column(name) else { return Ok(()) };
    let texts: StringChunked =
        column.as_materialized_series().str()?.iter().enumerate().map(|(at, text)| replaced(at, text)).collect();
    set_column(frame, texts.with_name(name.into()).into_column())
}

fn set_column(frame: &mut DataFrame, column: Column) -> PolarsResult<()> {
    frame.with_column(column).map(drop)
}
