//! The speed of adjudicating a clinic's register against a book of 10⁶ insured: `cargo bench --bench clinics`.
//!
//! The book has 10 000 contracts of 100 insured, who have the same policy numbers in every contract. A third of them is attached to the
//! clinic, a third served by fact, a third elsewhere. The registers have 10⁴ and 10⁵ rows with insured from the whole book; one row in fifty
//! has an unknown patient. Totals are checked before anything is timed. `settle` is the whole command: from the file and the book to the
//! complete, synced folder; `settle-after-claims` the same after 10⁶ booked claims.
//!
//! `clinics once FOLDER CONTRACTS ROWS CLAIMS make`, and then `settle` in place of `make`, do each step once for profilers and counters of
//! instructions: the count grows with the rows, the insured and the claims, and no faster.

#[path = "support/book.rs"]
mod book;
#[path = "support/collective.rs"]
mod collective;

use std::cell::LazyCell;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use kollektiv::base::messages::Language;
use kollektiv::base::money::Kopecks;
use kollektiv::base::source_file::SourceFile;
use kollektiv::clinics::adjudicate::Adjudication;
use kollektiv::clinics::book::Book;
use kollektiv::clinics::claim::Verdict;
use kollektiv::clinics::insured_index::InsuredIndex;
use kollektiv::clinics::ledger::run_ledger::RunLedger;
use kollektiv::clinics::ledger::{Booking, Incoming, RegisterIdentity, booking};
use kollektiv::clinics::letter::Letters;
use kollektiv::clinics::lists::Lists;
use kollektiv::clinics::network::Network;
use kollektiv::clinics::output::adjudication;
use kollektiv::clinics::output::adjudication::RegisterEntry;
use kollektiv::clinics::register::ClinicRegister;
use kollektiv::clinics::register::spec::{ClinicTables, RegisterSpec, RowKind};
use kollektiv::output::folder::Folder;
use kollektiv::portfolio::Portfolio;
use kollektiv::portfolio::bind::{BindOutcome, Binding, bind};
use kollektiv::table::spec::SheetChoice;
use kollektiv::tariff::{Catalogue, Tariff};

use collective::Collective;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// The contracts of the book.
const CONTRACTS: usize = 10_000;
/// The insured of each contract.
const INSURED: usize = 100;
/// The rows of the registers.
const ROWS: [usize; 2] = [10_000, 100_000];
/// The claims that are booked before `settle-after-claims`.
const CLAIMS: usize = 1_000_000;
/// The day of the services.
const DAY: Date = date(2027, 6, 1);

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
    let tariff = Tariff::base();
    let network = Network::read(&SourceFile { path: "clinics.toml".into(), text: CLINICS.to_owned() }, &tariff);
    let network = network.expect("a sound network");
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [once, folder, sizes @ .., step] = words.as_slice()
        && once == "once"
    {
        let sizes: Vec<usize> = sizes.iter().map(|size| size.parse().expect("a number")).collect();
        return run_once(Path::new(folder), [sizes[0], sizes[1], sizes[2]], step, &network);
    }
    let mut criterion = Criterion::default().configure_from_args();
    let bound = LazyCell::new(|| {
        let folder = tempfile::tempdir().expect("a folder for the book");
        bind_book(folder.path(), CONTRACTS);
        folder
    });
    let mut group = criterion.benchmark_group("clinics");
    group.sample_size(10).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(20));
    for rows in ROWS {
        group.throughput(Throughput::Elements(rows as u64));
        let folder = tempfile::tempdir().expect("a folder for the register");
        let register = LazyCell::new(|| register(folder.path(), CONTRACTS, rows, DAY));
        group.bench_function(BenchmarkId::new("read", rows), |bencher| {
            bencher.iter(|| assert_eq!(read(&register.0).rows.len(), rows));
        });
        group.bench_function(BenchmarkId::new("settle", rows), |bencher| {
            settle(bound.path(), &network, &register, None);
            bencher.iter(|| settle(bound.path(), &network, &register, None));
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
    // the last one: the book has claims from here on
    let folder = tempfile::tempdir().expect("a folder for the registers");
    let last = LazyCell::new(|| {
        book_claims(bound.path(), folder.path(), CONTRACTS, [ROWS[1], CLAIMS], &network);
        register(folder.path(), CONTRACTS, ROWS[1], DAY)
    });
    group.throughput(Throughput::Elements(ROWS[1] as u64));
    group.bench_function(BenchmarkId::new("settle-after-claims", ROWS[1]), |bencher| {
        settle(bound.path(), &network, &last, None);
        bencher.iter(|| settle(bound.path(), &network, &last, None));
    });
    group.finish();
    criterion.final_summary();
}

/// Makes a book with claims and a register in a folder, or settles the register.
fn run_once(folder: &Path, [contracts, rows, claims]: [usize; 3], step: &str, network: &Network) {
    let book = folder.join("book");
    match step {
        "make" => {
            bind_book(&book, contracts);
            book_claims(&book, folder, contracts, [rows, claims], network);
        }
        "settle" => settle(&book, network, &register(folder, contracts, rows, DAY), None),
        step => panic!("no step is called {step}"),
    }
}

/// A book in which the first plan of each contract is attached to the clinic and the second is served by fact.
fn bind_book(folder: &Path, contracts: usize) {
    let sources = tempfile::tempdir().expect("a folder for the contracts");
    let paths = book::write(sources.path(), contracts, INSURED).expect("the contracts can be written");
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
        let roster = path.with_file_name("roster.csv");
        let text = std::fs::read_to_string(&roster).expect("a roster");
        std::fs::write(roster, text.replacen("Таб. №", "№ полиса", 1)).expect("a roster can be written");
    }
    let mut book = Portfolio::create(folder, "bench").expect("a new book");
    let mut report =
        |binding: Binding| assert!(matches!(binding.outcome, BindOutcome::Bound { .. }), "every contract is bound");
    bind(&mut book, &paths, &Catalogue::built_in(), false, &mut report, &()).expect("a book that can be written");
}

/// Books registers of this number of rows, of one earlier day each, until the book has the claims.
fn book_claims(book: &Path, folder: &Path, contracts: usize, [rows, claims]: [usize; 2], network: &Network) {
    for number in 0..claims / rows {
        let day =
            DAY.checked_sub(i64::try_from(1 + number).expect("few registers").days()).expect("a day of the contracts");
        settle(book, network, &register(folder, contracts, rows, day), Some(&number.to_string()));
    }
}

/// A register of a day with this number of rows, and its total.
fn register(folder: &Path, contracts: usize, rows: usize, day: Date) -> (PathBuf, Kopecks) {
    const PER_CONTRACT: usize = 10;
    let mut text = String::from("№ полиса;Пациент;Дата рождения;Дата услуги;Код;Стоимость\n");
    let mut kopecks = 0;
    let served = rows / PER_CONTRACT;
    let day = day.strftime("%d.%m.%Y").to_string();
    for (count, place) in (0..contracts).step_by(contracts / served).take(served).enumerate() {
        for (at, member) in Collective::new(INSURED, place as u64).take(PER_CONTRACT).enumerate() {
            if at == 0 && count % 5 == 0 {
                text.push_str(";Никто Никого Незнающий");
            } else {
                let _ = write!(text, "{};", member.id);
                member.push_name(&mut text);
            }
            let (code, price) = if at % 2 == 0 { ("Т-01", 90_000_u32) } else { ("Т-02", 420_050) };
            let born = member.birth_date.strftime("%d.%m.%Y");
            let _ = writeln!(text, ";{born};{day};{code};{}.{:02}", price / 100, price % 100);
            kopecks += i128::from(price);
        }
    }
    let path = folder.join("register.csv");
    std::fs::write(&path, text).expect("the register can be written");
    (path, Kopecks::new(kopecks))
}

fn read(path: &Path) -> ClinicRegister {
    let register = ClinicRegister::read(
        path,
        &RegisterSpec::new(RowKind::Services, &ClinicTables::default(), SheetChoice::TheOne),
    )
    .expect("a register");
    assert!(!register.is_refused(), "a register without a mistake");
    register
}

/// Settles a register like the command `clinics settle`; with a number it books the claims.
fn settle(book: &Path, network: &Network, (path, total): &(PathBuf, Kopecks), number: Option<&str>) {
    let mut portfolio =
        if number.is_some() { Portfolio::change(book, "bench") } else { Portfolio::open(book) }.expect("a book");
    let register = read(path);
    let mut insured = InsuredIndex::new(register.queries());
    Book::open(&portfolio).expect("a book").for_each_insured(|record| insured.insert(record)).expect("a sound book");
    let letters = Letters::default();
    let mut run = RunLedger::read(&portfolio, &insured.keys()).expect("a sound book");
    let ledger = run.of_register(&insured.keys_of(register.queries()), Incoming::New);
    let adjudicated = Adjudication::new(network, &network.clinics[0], &register, &insured, &letters, &ledger);
    assert_eq!((adjudicated.total(), adjudicated.shares().total()), (*total, *total), "to the kopeck");
    let rows = |verdict| adjudicated.totals.iter().find(|total| total.verdict == verdict).map_or(0, |total| total.rows);
    assert!(rows(Verdict::Unknown) < register.rows.len() / 20, "nearly all insured are found");
    assert_eq!(rows(Verdict::Duplicate), 0, "each register has a day of its own");
    let out = tempfile::tempdir().expect("a folder for the result");
    let folder = Folder::stage(&out.path().join("settled")).expect("a folder");
    let identity = RegisterIdentity {
        clinic: network.clinics[0].code.clone(),
        number: number.unwrap_or_default().to_owned(),
        period: register.period(),
    };
    let entry = RegisterEntry {
        identity: &identity,
        booking: if number.is_some() { Booking::Booked } else { Booking::DryRun },
        correction: None,
        clinics_sha256: "",
        entitled_sha256: None,
    };
    adjudication::write(&adjudicated, &register, &entry, &folder, Language::Ru).expect("a result");
    let booked = booking::entry(run.next_id(), &adjudicated, &register, &identity, Incoming::New);
    let booked = Arc::new(booked);
    let claims = booking::claims(&adjudicated, &register, &booked);
    if number.is_some() {
        booking::book(&mut portfolio, &booked, &claims).expect("a book that can be written");
    }
    run.add(booked, claims);
    folder.publish().expect("a result");
}
