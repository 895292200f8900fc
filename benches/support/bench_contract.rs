//! Reads, prices and writes collectives for the benches, and checks the results.

#![allow(dead_code, reason = "each program that includes this file uses a part of it")]

use std::io::Cursor;
use std::path::{Path, PathBuf};

use calamine::{Reader, Xlsx};
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::base::source_file::SourceFile;
use kollektiv::quote::contract::Contract;
use kollektiv::quote::documents::{DocumentKind, offer};
use kollektiv::quote::files;
use kollektiv::quote::files::{FilesRequest, LineFormat};
use kollektiv::quote::{Quote, Status};
use kollektiv::roster::Roster;
use kollektiv::tariff::Tariff;

use crate::collective::{self, Collective, contract_toml};
use crate::reference_premium;

/// The largest headcount that is compared with the reference premium.
const LARGEST_REFERENCE: usize = 1_000;
const SEED: u64 = 2026;

/// Both formats of lines.
pub const BOTH: [LineFormat; 2] = [LineFormat::Csv, LineFormat::Parquet];

/// Writes a quote with lines in these formats.
pub fn write(quote: &Quote<'_>, out: &Path, formats: &[LineFormat]) {
    write_with(quote, out, formats, &[]);
}

/// Writes a quote with lines in these formats and with these documents.
pub fn write_with(quote: &Quote<'_>, out: &Path, formats: &[LineFormat], documents: &[DocumentKind]) {
    let options = FilesRequest {
        language: Language::Ru,
        formats: formats.to_vec(),
        preliminary: false,
        documents: documents.to_vec(),
        template: offer::template(),
        with_names: false,
    };
    files::write_quote(quote, out, &options, &()).expect("the folder can be written");
}

/// Asserts that the lines on the disk are complete and add up to the quote.
pub fn check_folder(out: &Path, quote: &Quote<'_>) {
    let price = quote.price.as_ref().expect("an issued quote has a price");
    let mut lines = csv::Reader::from_path(out.join("premiums.csv")).expect("the lines are there");
    let premium = lines.headers().expect("a header").iter().position(|name| name == "premium").expect("the column");
    let (mut count, mut kopecks) = (0, 0);
    for line in lines.records() {
        let amount = line.expect("a line")[premium].replace('.', "");
        kopecks += amount.parse::<i128>().expect("an amount with two decimals");
        count += 1;
    }
    assert_eq!(count, price.lines.count);
    assert_eq!(Kopecks::new(kopecks), price.totals.premium.chosen);
}

/// Reads the cells of the first sheet of a workbook with the library alone; returns their number.
pub fn count_cells(file: &Path) -> usize {
    let bytes = std::fs::read(file).expect("the roster can be read");
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("the roster is a workbook");
    let sheet = book.sheet_names().first().expect("a workbook has a sheet").clone();
    let mut cells = book.worksheet_cells_reader(&sheet).expect("the roster's sheet");
    let mut count = 0;
    while let Some(cell) = cells.next_cell().expect("a sound sheet") {
        std::hint::black_box(cell.get_value());
        count += 1;
    }
    count
}

/// The contract and the tariff of every collective.
pub struct BenchContract {
    tariff: Tariff,
    contract: Contract,
}

impl BenchContract {
    /// Reads the contract.
    pub fn new() -> Self {
        let tariff = Tariff::base();
        let source = SourceFile { path: "contract.toml".into(), text: contract_toml("roster.csv") };
        let contract = Contract::read(&source, &tariff).expect("the contract of the benches is lawful");
        Self { tariff, contract }
    }

    /// Writes a roster and asserts that it is read completely and without diagnostics; returns its file.
    pub fn write_roster(&self, folder: &Path, ending: &str, insured: usize) -> PathBuf {
        let bytes = match ending {
            "csv" => collective::csv(insured, SEED),
            _ => collective::xlsx(insured, SEED),
        };
        let file = folder.join(format!("{insured}.{ending}"));
        std::fs::write(&file, bytes).expect("the roster can be written");
        let roster = self.roster(&file);
        assert_eq!(roster.insured.len(), insured, "rows read of {}", file.display());
        assert_eq!(roster.tables.diagnostics, [], "in {}", file.display());
        assert!(!roster.tables.incomplete);
        file
    }

    /// Writes the same roster with a Latin letter in its last name, a warning, and in windows-1251, which changes nothing.
    pub fn write_variants(&self, folder: &Path, insured: usize) {
        let text = String::from_utf8(collective::csv(insured, SEED)).expect("the roster is UTF-8");
        let last = text.rfind('а').expect("a name with the letter");
        let warned = format!("{}a{}", &text[..last], &text[last + 'а'.len_utf8()..]);
        let in_1251 = encoding_rs::WINDOWS_1251.encode(&text).0;
        for (name, bytes, diagnostics) in [("warned", warned.as_bytes(), 1), ("1251", &in_1251, 0)] {
            let file = folder.join(format!("{insured}-{name}.csv"));
            std::fs::write(&file, bytes).expect("the roster can be written");
            let roster = self.roster(&file);
            assert_eq!(roster.insured.len(), insured, "rows read of {}", file.display());
            assert_eq!(roster.tables.diagnostics.len(), diagnostics, "in {}", file.display());
        }
    }

    /// The roster of a file.
    pub fn roster(&self, file: &Path) -> Roster {
        Roster::read(&[file.to_owned()], &self.contract.roster_spec(&self.tariff), &()).expect("the roster is readable")
    }

    /// The quote for a roster.
    pub fn quote(&self, roster: Roster) -> Quote<'_> {
        Quote::new(&self.contract, &self.tariff, roster, false).expect("the choices are lawful at every headcount")
    }

    /// Asserts that every insured is priced, that the total is the sum of the lines, and that it equals the reference premium.
    pub fn check_quote(&self, quote: &Quote<'_>, insured: usize) {
        assert_eq!(quote.status, Status::Issued);
        assert_eq!(quote.rows.priced, insured);
        let price = quote.price.as_ref().expect("an issued quote has a price");
        assert_eq!(price.headcount as usize, insured);
        let columns = &quote.roster.insured;
        let lines = price.lines.admitted.iter();
        let lines = lines.flat_map(|insured| price.lines.of_insured(insured, &self.contract, &price.axes, columns));
        let (count, sum) = lines.fold((0, Kopecks::ZERO), |(count, sum), line| (count + 1, sum + line.premium()));
        assert_eq!(price.lines.count, count);
        assert!((22..=24).contains(&(count * 10 / insured)), "{count} lines of {insured} insured");
        assert_eq!(price.totals.premium.chosen, sum);
        assert_eq!(price.totals.instalments.iter().copied().sum::<Kopecks>(), sum);
        if insured <= LARGEST_REFERENCE {
            let expected = reference_premium::premium(&self.contract, &self.tariff, Collective::new(insured, SEED));
            assert_eq!(sum.to_string(), expected, "of {insured} insured");
        }
    }
}
