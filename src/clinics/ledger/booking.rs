//! The booking of an adjudicated register: a file of claims and one commit.

use std::sync::Arc;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::base::calendar::days_since_1970;
use crate::base::digest::hexadecimal;
use crate::base::error::Error;
use crate::base::money::Kopecks;
use crate::clinics::adjudicate::{AdjudicatedRow, Adjudication};
use crate::clinics::insured_view::InsuredRecord;
use crate::clinics::ledger::rows::ClaimRows;
use crate::clinics::ledger::{BookedClaim, BookedRegister, Incoming, RegisterIdentity, table};
use crate::clinics::register::ClinicRegister;
use crate::output::parquet::io_error::write_error;
use crate::portfolio::Portfolio;
use crate::portfolio::register::files::add_file;
use crate::portfolio::rows::value::kopecks;
use crate::portfolio::store::{FileKind, StoredFile, Writer};
use crate::table::text::folded;

/// The rows of a row group.
const ROWS_PER_GROUP: usize = 64 * 1024;

/// SHA-256 over a clinic and the rows of its register, whatever its file and sheets are called: the clinic's own table comes back with
/// verdicts beside it and is the same register.
#[must_use]
pub fn fingerprint(clinic: &str, register: &ClinicRegister) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    add(&folded(clinic));
    for row in &register.rows {
        let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
        add(&row.query.policy);
        add(&row.query.name);
        add(&day(row.query.birth_date));
        add(&day(row.day));
        add(&row.service_code);
        add(&row.service);
        add(&row.quantity.to_string());
        add(&row.amount.map(|amount| amount.to_string()).unwrap_or_default());
        if row.takes_back && row.price() == Kopecks::ZERO {
            add("takes back");
        }
        add(&row.teeth);
        add(&row.visit_reason);
        add(row.unreadable.as_ref().map_or("", |reason| reason.name()));
    }
    hexadecimal(&hash.finalize())
}

/// The entry of an adjudicated register in the ledger, with its id.
#[must_use]
pub fn entry(
    id: i64,
    adjudication: &Adjudication<'_>,
    register: &ClinicRegister,
    identity: &RegisterIdentity,
    incoming: Incoming,
) -> BookedRegister {
    BookedRegister {
        id,
        clinic: identity.clinic.clone(),
        number: identity.number.clone(),
        period: identity.period,
        file_name: register.tables.files.first().map(|file| file.name.clone()).unwrap_or_default(),
        fingerprint: fingerprint(&adjudication.clinic.code, register),
        rows: adjudication.rows.len() as u64,
        file: None,
        replaces: match incoming {
            Incoming::Corrects(id) => Some(id),
            Incoming::New | Incoming::Same(_) => None,
        },
    }
}

/// The claims of an adjudicated register, in the order of its rows.
#[must_use]
pub fn claims(
    adjudication: &Adjudication<'_>,
    register: &ClinicRegister,
    entry: &Arc<BookedRegister>,
) -> Vec<BookedClaim> {
    let claim = |adjudicated: &AdjudicatedRow<'_>| {
        let AdjudicatedRow { row, service, insured, entitled, service_key, judgement, charge } = adjudicated;
        let (contract, ordinal) = insured.map_or(("", 0), InsuredRecord::key);
        let written = if row.service_code.is_empty() { &row.service } else { &row.service_code };
        let code = service.map_or(written, |at| &adjudication.clinic.services[at].code);
        BookedClaim {
            register: Arc::clone(entry),
            sheet: register.sheet(row).into(),
            row: row.row,
            contract: contract.into(),
            ordinal,
            entitled: (*entitled).into(),
            day: row.day,
            service_code: code.as_str().into(),
            service_key: service_key.as_str().into(),
            quantity: row.quantity,
            amount: row.price(),
            verdict: judgement.verdict,
            shares: judgement.shares,
            letter: judgement.letter,
            charge: charge.clone(),
        }
    };
    adjudication.rows.par_iter().map(claim).collect()
}

/// Books a register with its claims: a killed run leaves all of them or none.
///
/// # Errors
///
/// [`Error::Io`], [`Error::Parquet`] or [`Error::Register`] if the disk is full or broken; the book is as it was.
pub fn book(portfolio: &mut Portfolio, entry: &BookedRegister, claims: &[BookedClaim]) -> Result<(), Error> {
    portfolio.attempt(|portfolio| {
        let stored = write_claims(portfolio, claims)?;
        portfolio.register.commit("settle", |commit, run| {
            let file = add_file(commit, run, &stored)?;
            table::add(commit, run, entry, file)
        })
    })
}

/// Writes the file of claims and moves it into the book.
fn write_claims(portfolio: &Portfolio, claims: &[BookedClaim]) -> Result<StoredFile, Error> {
    let file = portfolio.create_temporary_file()?;
    let refused = |fault: polars::prelude::PolarsError| write_error(file.path(), &fault);
    let empty = ClaimRows::default().frame().map_err(refused)?;
    let mut writer = Writer::create(FileKind::Claims, file.path(), empty.schema())?;
    for claims in claims.chunks(ROWS_PER_GROUP) {
        let frame = claim_rows(claims).frame().map_err(refused)?;
        let encoded = writer.encode(&frame)?;
        writer.write(encoded)?;
    }
    let stored = writer.finish()?;
    portfolio.adopt_file(&file.into_temp_path(), &stored)?;
    Ok(stored)
}

fn claim_rows(claims: &[BookedClaim]) -> ClaimRows {
    let mut rows = ClaimRows::default();
    for claim in claims {
        rows.sheet.push(Arc::clone(&claim.sheet));
        rows.row.push(claim.row);
        rows.contract.push(Arc::clone(&claim.contract));
        rows.insured.push(claim.ordinal);
        rows.entitled.push(Arc::clone(&claim.entitled));
        rows.day.push(claim.day.map(days_since_1970));
        rows.service_code.push(Arc::clone(&claim.service_code));
        rows.service_key.push(Arc::clone(&claim.service_key));
        rows.quantity.push(claim.quantity);
        rows.amount.push(kopecks(claim.amount));
        rows.verdict.push(claim.verdict.as_str().into());
        let columns = [
            &mut rows.advance,
            &mut rows.insurer,
            &mut rows.patient,
            &mut rows.discount,
            &mut rows.disputed,
            &mut rows.uncleared,
        ];
        for (column, (_, _, amount)) in columns.into_iter().zip(claim.shares.by_payer()) {
            column.push(kopecks(amount));
        }
        rows.letter.push(claim.letter.and_then(|number| u32::try_from(number).ok()));
        rows.letter_quantity.push(claim.charge.letter_quantity);
        rows.programme.push(claim.charge.programme.as_str().into());
    }
    rows
}
