//! The speed of adjudicating a clinic's register against a book of 10⁶ insured: `cargo bench --bench clinics`.
//!
//! The book has 10 000 contracts of 100 insured. A third of them is attached to the clinic, a third served by fact, a third elsewhere. The
//! registers have 10⁴ and 10⁵ rows with insured from the whole book; one row in fifty has an unknown patient. Totals are
//! checked before anything is timed. `settle` is the whole command: from the file and the book to the complete, synced folder.

#[path = "support/book.rs"]
mod book;
#[path = "support/collective.rs"]
mod collective;

use std::cell::LazyCell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use jiff::civil::date;
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::base::source_file::SourceFile;
use kollektiv::clinics::adjudicate::Adjudication;
use kollektiv::clinics::book::Book;
use kollektiv::clinics::claim::Verdict;
use kollektiv::clinics::insured_index::InsuredIndex;
use kollektiv::clinics::ledger::{Booking, Incoming, Ledger};
use kollektiv::clinics::letter::Letters;
use kollektiv::clinics::lists::Lists;
use kollektiv::clinics::network::Network;
use kollektiv::clinics::output::adjudication;
use kollektiv::clinics::output::adjudication::RegisterEntry;
use kollektiv::clinics::register::ClinicRegister;
use kollektiv::clinics::register::spec::{RegisterSpec, RowKind};
use kollektiv::output::folder::Folder;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::bind::{BindOutcome, Binding, bind};
use kollektiv::table::spec::SheetChoice;
use kollektiv::tariff::Tariff;
use tempfile::TempDir;

use collective::Collective;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The contracts of the book.
const CONTRACTS: usize = 10_000;
/// The insured of each contract.
const INSURED: usize = 100;
/// The rows of the registers.
const ROWS: [usize; 2] = [10_000, 100_000];

const CLINICS: &str = "
[[category]]
code = 'therapy'
name = 'Терапия'

[[clinic]]
code = 'dent-01'
name = 'Клиника'

[clinic.loyalty]
discount = 7
categories = ['therapy']

[[clinic.programme]]
code = '1'
name = 'Первая'
services = ['Т-01']

[[clinic.service]]
code = 'Т-01'
name = 'Осмотр'
category = 'therapy'
price = 900

[[clinic.service]]
code = 'Т-02'
name = 'Лечение кариеса'
category = 'therapy'
price = 4200.50
";

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let tariff = Tariff::base();
    let network = Network::read(&SourceFile { path: "clinics.toml".into(), text: CLINICS.to_owned() }, &tariff);
    let network = network.expect("a sound network");
    let bound = LazyCell::new(|| bound(&tariff));
    let mut group = criterion.benchmark_group("clinics");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(20));
    for rows in ROWS {
        group.throughput(Throughput::Elements(rows as u64));
        let folder = tempfile::tempdir().expect("a folder for the register");
        let register = LazyCell::new(|| register(folder.path(), rows));
        group.bench_function(BenchmarkId::new("read", rows), |bencher| {
            bencher.iter(|| assert_eq!(read(&register.0).rows.len(), rows));
        });
        group.bench_function(BenchmarkId::new("settle", rows), |bencher| {
            let (path, total) = &*register;
            adjudicate_and_write(bound.path(), &network, path, *total);
            bencher.iter(|| adjudicate_and_write(bound.path(), &network, path, *total));
        });
    }
    group.bench_function("lists", |bencher| {
        bencher.iter(|| {
            let portfolio = Portfolio::open(bound.path()).expect("a book");
            let mut lists = Lists::new(&network, date(2027, 6, 1), Some(date(2027, 1, 1)));
            Book::open(&portfolio)
                .expect("a book")
                .for_each_insured(|served| lists.insert(served))
                .expect("a sound book");
            let list = lists.finish().pop().expect("a list");
            let changes = list.changes.expect("an earlier day");
            assert_eq!(changes.before + changes.attach.len() - changes.detach.len(), list.today.len());
        });
    });
    group.finish();
    criterion.final_summary();
}

/// A book in which the first plan of each contract is attached to the clinic and the second is served by fact.
fn bound(tariff: &Tariff) -> TempDir {
    let sources = tempfile::tempdir().expect("a folder for the contracts");
    let paths = book::write(sources.path(), CONTRACTS, INSURED).expect("the contracts can be written");
    for path in &paths {
        let terms = std::fs::read_to_string(path).expect("a contract");
        let attached = "\n[[plan.clinic]]\nclinic = \"dent-01\"\nmode = \"attachment\"\nprogramme = \"1\"\n";
        let by_fact = "\n[[plan.clinic]]\nclinic = \"dent-01\"\nmode = \"by-fact\"\n";
        let mut plans = terms.split("\n[[plan]]");
        let mut served = plans.next().unwrap_or_default().to_owned();
        for (plan, clinic) in plans.zip([attached, by_fact, ""]) {
            served.extend(["\n[[plan]]", plan, clinic]);
        }
        std::fs::write(path, served).expect("a contract can be written");
    }
    let folder = tempfile::tempdir().expect("a folder for the book");
    let mut book = Portfolio::create(folder.path(), "bench").expect("a new book");
    let mut report =
        |binding: Binding| assert!(matches!(binding.outcome, BindOutcome::Bound { .. }), "every contract is bound");
    bind(&mut book, &paths, tariff, &mut report, &()).expect("a book that can be written");
    folder
}

/// A register with this number of rows, and its total.
fn register(folder: &Path, rows: usize) -> (PathBuf, Kopecks) {
    const PER_CONTRACT: usize = 10;
    let mut text = String::from("Пациент;Дата рождения;Дата услуги;Код;Стоимость\n");
    let mut kopecks = 0;
    let contracts = rows / PER_CONTRACT;
    for (count, place) in (0..CONTRACTS).step_by(CONTRACTS / contracts).take(contracts).enumerate() {
        for (at, member) in Collective::new(INSURED, place as u64).take(PER_CONTRACT).enumerate() {
            if at == 0 && count % 5 == 0 {
                text.push_str("Никто Никого Незнающий");
            } else {
                member.push_name(&mut text);
            }
            let (code, price) = if at % 2 == 0 { ("Т-01", 90_000_u32) } else { ("Т-02", 420_050) };
            let born = member.birth_date.strftime("%d.%m.%Y");
            let _ = writeln!(text, ";{born};01.06.2027;{code};{}.{:02}", price / 100, price % 100);
            kopecks += i128::from(price);
        }
    }
    let path = folder.join("register.csv");
    std::fs::write(&path, text).expect("the register can be written");
    (path, Kopecks::new(kopecks))
}

fn read(path: &Path) -> ClinicRegister {
    let register = ClinicRegister::read(path, &RegisterSpec::new(RowKind::Services, &[], SheetChoice::TheOne))
        .expect("a register");
    assert!(!register.is_refused(), "a register without a mistake");
    register
}

/// Adjudicates a register like the command `clinics settle`.
fn adjudicate_and_write(book: &Path, network: &Network, path: &Path, total: Kopecks) {
    let portfolio = Portfolio::open(book).expect("a book");
    let register = read(path);
    let mut insured = InsuredIndex::new(register.queries());
    Book::open(&portfolio).expect("a book").for_each_insured(|record| insured.insert(record)).expect("a sound book");
    let letters = Letters::default();
    let ledger = Ledger::read(&portfolio, &insured.keys(), Incoming::New).expect("a sound book");
    let adjudicated = Adjudication::new(network, &network.clinics[0], &register, &insured, &letters, &ledger);
    assert_eq!((adjudicated.total(), adjudicated.shares().total()), (total, total), "to the kopeck");
    let unknown =
        adjudicated.totals.iter().find(|total| total.verdict == Verdict::Unknown).map_or(0, |total| total.rows);
    assert!(unknown < register.rows.len() / 20, "nearly all insured are found: {unknown} are not");
    let out = tempfile::tempdir().expect("a folder for the result");
    let folder = Folder::stage(&out.path().join("settled")).expect("a folder");
    let entry = RegisterEntry {
        number: "",
        booking: Booking::DryRun,
        correction: None,
        clinics_sha256: "",
        entitled_sha256: None,
    };
    adjudication::write(&adjudicated, &register, &entry, &folder, Language::Ru).expect("a result");
    folder.publish().expect("a result");
}
