//! The erasure of an insured's personal data: nothing of them is left in the book, and nothing else of it has changed.

use std::fs;
use std::path::{Path, PathBuf};

use kollektiv::portfolio::Portfolio;
use tempfile::TempDir;

use crate::program::{Run, command, project};

const NUMBER: &str = "DMS-2026-0912";
const NAME: &str = "Власов Артём Игоревич";
/// Every text by which the book knows the insured; the upper case is that of a note.
const TRACES: [&str; 7] = [
    NAME,
    "ВЛАСОВ АРТЕМ ИГОРЕВИЧ",
    "Власов А.И.",
    "В***** А**** И*******",
    "1976-02-29",
    "0912-005",
    "+7 (000) 100-20-05",
];
/// A day after the contract.
const AFTER: &str = "2028-02-01";

/// A book with a contract of clinics, of which one insured has left, has a letter, and stands in a comment and in notes.
struct Office {
    room: TempDir,
}

impl Office {
    fn new() -> Self {
        let office = Self { room: tempfile::tempdir().unwrap() };
        for entry in fs::read_dir(project().join("samples/clinics")).unwrap().map(|entry| entry.unwrap()) {
            fs::copy(entry.path(), office.path(entry.file_name().to_str().unwrap())).unwrap();
        }
        let contract = fs::read_to_string(office.path("contract.toml")).unwrap();
        let with_name = format!("# о полисе просил {NAME}, тел. Власов А.И.\n{contract}");
        fs::write(office.path("contract.toml"), with_name).unwrap();
        let changes = "Вид изменения;№ полиса;ФИО;Дата рождения;Группа риска;Вариант\n\
                       прикрепить;0912-501;Ларионова Вера Олеговна;14.05.1991;1;А\n\
                       открепить;0912-005;Власов Артём Игоревич;29.02.1976;;\n\
                       изменить;0912-004;Белова Ксения Ильинична;11.11.1990;1;\n";
        fs::write(office.path("changes.csv"), changes).unwrap();
        fs::write(office.path("payments.csv"), format!("Договор;Дата;Сумма\n{NUMBER};15.12.2026;700000,00\n")).unwrap();
        office.run("bind contract.toml").exits_with(0);
        office.run("clinics letter requests.csv --clinics clinics.toml --out answers").exits_with(4);
        office
            .run_with(
                "endorse DMS-2026-0912 changes.csv --on 2027-02-12 --expense-load 0.20 --out endorsed",
                &["--note", "открепить: ВЛАСОВ АРТЕМ ИГОРЕВИЧ"],
            )
            .exits_with(0);
        office
    }

    fn path(&self, name: &str) -> PathBuf {
        self.room.path().join(name)
    }

    fn run(&self, text: &str) -> Run {
        self.run_with(text, &[])
    }

    fn run_with(&self, text: &str, more: &[&str]) -> Run {
        let arguments = text.split(' ').chain(more.iter().copied()).chain(["--portfolio", "book", "--lang", "en"]);
        Run::new(command(arguments).current_dir(self.room.path()).output().unwrap())
    }

    fn paid(&self) {
        self.run("pay payments.csv").exits_with(0);
    }

    fn forget(&self, person: &str, more: &[&str]) -> Run {
        let fixed = ["portfolio", "forget", person, "--portfolio", "book", "--lang", "en"];
        Run::new(command(fixed.iter().chain(more)).current_dir(self.room.path()).output().unwrap())
    }

    /// The traces of the insured in the bytes of the book's files and in the decoded rows.
    fn traces(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        files_below(&self.path("book"), &mut files);
        let mut found = Vec::new();
        for path in files {
            let bytes = fs::read(&path).unwrap();
            found
                .extend(traces_in(&bytes).map(|trace| (path.file_name().unwrap().to_str().unwrap().to_owned(), trace)));
        }
        let book = Portfolio::open(&self.path("book")).unwrap();
        let files = book.files().unwrap();
        for id in files.ids().iter() {
            let reader = files.get(*id).unwrap();
            for group in 0..reader.groups().len() {
                let rows = format!("{:?}", reader.frame(group).unwrap().columns());
                found.extend(traces_in(rows.as_bytes()).map(|trace| (format!("rows of {}", reader.name()), trace)));
            }
        }
        found
    }

    fn export(&self, folder: &str) -> PathBuf {
        self.run(&format!("portfolio export --as-of 2027-11-30 --to {folder}")).exits_with(0);
        self.path(folder)
    }
}

/// A text with single spaces.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn traces_in(bytes: &[u8]) -> impl Iterator<Item = String> {
    let is_in = |trace: &&str| bytes.windows(trace.len()).any(|window| window == trace.as_bytes());
    TRACES.into_iter().filter(is_in).map(str::to_owned).collect::<Vec<_>>().into_iter()
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() { files_below(&entry, found) } else { found.push(entry) }
    }
}

#[test]
fn nothing_of_the_insured_is_left_and_every_premium_stays() {
    let office = Office::new();
    office.paid();
    let before = office.traces();
    for place in ["register.sqlite", "letters.csv", "rows of insured-"] {
        assert!(before.iter().any(|(file, _)| file.starts_with(place)), "{place}: {before:?}");
    }
    let listed = office.run("portfolio list --json").exits_with(0).out;
    let exported = office.export("before");
    let dry = office.forget("власов артем игоревич", &["--as-of", AFTER, "--dry-run"]).exits_with(0);
    assert!(dry.out.contains("rows of insured 2, events 1"), "{}", dry.out);
    assert_eq!(office.traces(), before, "a dry run changes nothing");

    let run =
        office.forget("власов артем игоревич", &["--as-of", AFTER, "--note", "Заявление, Власов А.И."]).exits_with(0);
    assert!(run.out.contains("rows of insured 2, events 1, guarantee letters 1, texts with the name"), "{}", run.out);
    assert_eq!(office.traces(), []);
    office.run("portfolio verify").exits_with(0);
    assert_eq!(office.run("portfolio list --json").exits_with(0).out, listed);
    let after = office.export("after");
    for name in ["lines.parquet", "contracts.parquet", "charges.parquet", "payments.parquet"] {
        assert_eq!(fs::read(exported.join(name)).unwrap(), fs::read(after.join(name)).unwrap(), "{name}");
    }
    let runs = office.run("portfolio runs").exits_with(0).out;
    assert!(runs.contains("forget") && runs.contains("Заявление, Обезличен 5"), "{runs}");
    let letters = fs::read_to_string(office.path("book/letters/letters.csv")).unwrap();
    assert!(letters.contains("Обезличен 5") && letters.contains("Белова Ксения Ильинична"), "{letters}");
    assert!(!office.path("book/letters/ГП-000002.pdf").exists(), "the document has the name");
    // the next run makes the document of the letter again
    office.run("clinics letter requests.csv --clinics clinics.toml --out answers").exits_with(4);
    assert!(office.path("book/letters/ГП-000002.pdf").exists());
    assert_eq!(office.traces(), []);

    // what is folded again comes to the same ages and premiums
    office.run("annul 5").exits_with(3);
    office.run("annul 3 --force").exits_with(0);
    office.run("portfolio verify").exits_with(0);
    assert_eq!(office.forget(NAME, &["--as-of", AFTER]).exits_with(3).out, "");
}

#[test]
fn a_person_with_cover_or_an_unpaid_charge_or_an_open_claim_stays() {
    let office = Office::new();
    let refused = |person: &str, day: &str, reason: &str| {
        let run = office.forget(person, &["--as-of", day]).exits_with(3);
        assert!(run.err.contains(reason), "{reason}: {}", run.err);
    };
    refused("0912-005", "2027-02-11", "the cover of this insured runs until 2027-02-11");
    refused("0912-005", AFTER, "is unpaid");
    refused("Мирная Анна Павловна", AFTER, "no such insured");
    office.paid();
    office.run("clinics settle register.csv --clinic dent-01 --clinics clinics.toml --out settled").exits_with(0);
    refused("Аверин Максим Олегович", AFTER, "is disputed or not cleared");
    office.forget("0912-008", &["--as-of", AFTER]).exits_with(0);
    office.run("portfolio verify").exits_with(0);
}

#[test]
fn insured_of_one_name_are_listed_by_contract_and_number() {
    let office = Office::new();
    office.paid();
    let roster = fs::read_to_string(office.path("roster.csv")).unwrap();
    let roster = roster.replace("29.02.1976", "28.02.1975").replace("0912-", "0913-");
    fs::write(office.path("roster.csv"), roster).unwrap();
    let contract = fs::read_to_string(office.path("contract.toml")).unwrap();
    fs::write(office.path("other.toml"), contract.replace("0912", "0913").replace("Синий камень", "Белый камень"))
        .unwrap();
    office.run("bind other.toml").exits_with(0);
    let several = office.forget(NAME, &["--as-of", AFTER]).exits_with(3);
    for shown in ["DMS-2026-0912: 5 В***** А**** И*******", "DMS-2026-0913: 5 В***** А**** И*******"] {
        assert!(several.err.contains(shown), "{}", several.err);
    }
    assert!(!several.err.contains("Власов"), "{}", several.err);
    office.forget(NAME, &["--as-of", AFTER, "--born", "1976-02-29"]).exits_with(0);
    // the other one of the name has not been touched
    let run = office.forget(NAME, &["--as-of", AFTER]).exits_with(3);
    assert!(run.err.contains("contract DMS-2026-0913"), "{}", run.err);
    office.run("portfolio verify").exits_with(0);
}

#[test]
fn the_entries_of_accepted_insured_lose_the_person_and_the_premiums_stay() {
    let office = Office::new();
    // two insured past the ages of the tariff, accepted by number and by name
    let entries = "[[accepted]]\nid = '0912-021'\nage_coefficient = '2.10'\ndecided_by = 'А. Петрова'\nreason = 'Анкета; Грачёва Т. Ю.'\n\
                   [[accepted]]\nname = 'Дроздов Юрий Ильич'\nbirth_date = 1945-03-04 # 82 года\nage_coefficient = '2.20'\n\
                   decided_by = 'А. Петрова'\nreason = 'Анкета'\n";
    let contract = fs::read_to_string(office.path("contract.toml")).unwrap();
    let contract = contract.replace("DMS-2026-0912", "DMS-2026-0914").replace("Синий камень", "Чёрный камень");
    let contract = contract.replace("\"roster.csv\"", "\"old.csv\"");
    fs::write(office.path("old.toml"), format!("{contract}\n{entries}")).unwrap();
    let head = "№ полиса;ФИО;Дата рождения;Группа риска;Вариант;Степень родства\n";
    let rows = "0912-020;Власова Инна Петровна;01.02.1980;1;Б;Работник\n\
                0912-021;Грачёва Тамара Юрьевна;05.06.1944;1;Б;Работник\n\
                0912-022;Дроздов Юрий Ильич;04.03.1945;1;Б;Работник\n";
    fs::write(office.path("old.csv"), format!("{head}{rows}")).unwrap();
    office.run("bind old.toml").exits_with(0);
    fs::write(office.path("paid.csv"), "Договор;Дата;Сумма\nDMS-2026-0914;15.12.2026;900000,00\n").unwrap();
    office.run("pay paid.csv").exits_with(0);
    let listed = office.run("portfolio list --json").exits_with(0).out;

    let terms = || {
        let register = rusqlite::Connection::open(office.path("book/register.sqlite")).unwrap();
        let query =
            "SELECT text FROM document WHERE sha256 = (SELECT terms FROM contract WHERE number = 'DMS-2026-0914')";
        register.query_row(query, [], |row| row.get::<_, String>(0)).unwrap()
    };
    office.forget("Грачева Тамара Юрьевна", &["--as-of", AFTER]).exits_with(0);
    let text = terms();
    for trace in ["0912-021", "Грачёва"] {
        assert!(!text.contains(trace), "{trace}: {text}");
    }
    assert!(text.contains("Дроздов Юрий Ильич") && text.contains("1945-03-04 # 82 года"), "the other entry: {text}");
    office.forget("0912-022", &["--as-of", AFTER]).exits_with(0);
    let text = terms();
    assert!(!text.contains("Дроздов") && !text.contains("1945-03-04"), "{text}");
    assert!(text.contains("age_coefficient = '2.20'") && text.contains("decided_by = 'А. Петрова'"), "{text}");
    assert_eq!(office.run("portfolio list --json").exits_with(0).out, listed);
    office.run("portfolio verify").exits_with(0);
    // what is folded again keeps the coefficients: the accepted insured leave from the first day, and come back
    let changes = "Вид изменения;№ полиса\nоткрепить;0912-020\n";
    fs::write(office.path("leaver.csv"), changes).unwrap();
    let out = "endorse DMS-2026-0914 leaver.csv --on 2027-03-01 --expense-load 0 --out left";
    office.run(out).exits_with(0);
    office.run("portfolio verify").exits_with(0);
    let runs: serde_json::Value = serde_json::from_str(&office.run("portfolio runs --json").exits_with(0).out).unwrap();
    let last = runs["runs"].as_array().unwrap().last().unwrap()["run"].to_string();
    office.run(&format!("annul {last}")).exits_with(0);
    assert_eq!(office.run("portfolio list --json").exits_with(0).out, listed);
    office.run("portfolio verify").exits_with(0);
}

#[test]
fn the_entitled_outside_the_book_are_erased_from_the_claims() {
    let office = Office::new();
    let list = "ФИО;Дата рождения;Степень родства;Сотрудник;Организация;Право с;Право по\n\
                Орлова Нина Петровна;01.02.1985;жена;Орлов Пётр Ильич;ООО «Маяк»;01.01.2027;30.06.2027\n\
                Орлова Нина Петровна;02.02.1986;жена;Орлов Олег Ильич;ООО «Маяк»;01.01.2027;30.06.2027\n\
                Попова Яна Олеговна;11.11.1990;жена;Попов Олег Ильич;ООО «Маяк»;01.01.2027;30.06.2027\n";
    fs::write(office.path("entitled.csv"), list).unwrap();
    let rows = "Пациент;Д.р.;№ полиса;Дата приёма;Код;Стоимость\n\
                Орлова Нина Петровна;01.02.1985;;15.01.2027;Т-02;4200\n\
                Орлова Нина Петровна;02.02.1986;;15.01.2027;Т-02;4200\n\
                Попова Яна Олеговна;11.11.1990;;15.01.2027;Т-02;4200\n";
    fs::write(office.path("outside.csv"), rows).unwrap();
    office.run("clinics settle outside.csv --clinic dent-01 --clinics clinics.toml --out settled").exits_with(0);
    let claims = || {
        let book = Portfolio::open(&office.path("book")).unwrap();
        let mut found = Vec::new();
        kollektiv::portfolio::forget::each_entitled(&book, |identity| found.push(identity.to_owned())).unwrap();
        found.sort();
        found
    };
    let before = claims();
    assert_eq!(before.len(), 3, "{before:?}");
    let none = office.forget("Орлова Вера Петровна", &["--as-of", AFTER]).exits_with(3);
    assert!(none.err.contains("no such insured"), "{}", none.err);
    let several = office.forget("Орлова Нина Петровна", &["--as-of", AFTER]).exits_with(3);
    assert!(several.err.contains("add --born") && !several.err.contains("Орлова"), "{}", several.err);
    let person = ["--as-of", AFTER, "--born", "1985-02-01"];
    let dry = office.forget("орлова нина петровна", &[&person[..], &["--dry-run"]].concat()).exits_with(0);
    assert!(words(&dry.out).contains("claims 1"), "{}", dry.out);
    assert_eq!(claims(), before);
    let run = office.forget("орлова нина петровна", &person).exits_with(0);
    assert!(words(&run.out).contains("claims 1") && run.err.contains("entitled.csv"), "{}{}", run.out, run.err);
    let after = claims();
    assert!(!after.contains(&before[0]) && after.contains(&before[1]), "{before:?} {after:?}");
    assert!(after.iter().any(|identity| identity.starts_with("обезличен")), "{after:?}");
    office.run("portfolio verify").exits_with(0);
    // one who had the right before she joined: both are erased by one run
    let joiner = "Вид изменения;№ полиса;ФИО;Дата рождения;Группа риска;Вариант\n\
                  прикрепить;0912-502;Попова Яна Олеговна;11.11.1990;1;Б\n";
    fs::write(office.path("joiner.csv"), joiner).unwrap();
    office.run("endorse DMS-2026-0912 joiner.csv --on 2027-07-01 --out joined").exits_with(0);
    office.paid();
    let run = office.forget("0912-502", &["--as-of", AFTER]).exits_with(0);
    assert!(words(&run.out).contains("claims by a right outside the portfolio 1"), "{}", run.out);
    assert!(!claims().iter().any(|identity| identity.contains("попова")), "{:?}", claims());
    office.run("portfolio verify").exits_with(0);
    assert!(office.forget("Орлова Нина Петровна", &person).exits_with(3).out.is_empty());
}

#[test]
fn relatives_and_lists_stay_whole_without_the_employee() {
    let office = Office::new();
    let left = "Вид изменения;№ полиса\nоткрепить;0912-001\n";
    fs::write(office.path("left.csv"), left).unwrap();
    office.run("clinics lists --clinics clinics.toml --as-of 2026-12-10 --sent 2026-12-10 --out sent").exits_with(0);
    office.run("endorse DMS-2026-0912 left.csv --on 2027-02-20 --expense-load 0.20 --out left").exits_with(0);
    office.paid();
    let export = |folder: &str| {
        office.run(&format!("portfolio export --as-of 2027-03-01 --to {folder}")).exits_with(0);
        let rows = fs::read(office.path(folder).join("lines.parquet")).unwrap();
        let list = office.run(&format!("clinics lists --clinics clinics.toml --as-of 2027-03-01 --out {folder}-list"));
        (rows, list.exits_with(0).out)
    };
    let before = export("one");
    // the employee has left, the wife is insured until November
    office.forget("Аверин Максим Олегович", &["--as-of", "2027-03-01"]).exits_with(0);
    let wife = office.forget("Аверина Елена Сергеевна", &["--as-of", "2027-03-01"]).exits_with(3);
    assert!(wife.err.contains("runs until 2027-11-30"), "{}", wife.err);
    let after = export("two");
    assert_eq!(before.0, after.0);
    assert_eq!(before.1.replace("one-list", "two-list"), after.1, "the wife stays on the list of the clinic");
    // the family goes on: the wife is still a relative of the erased employee, and renews as one
    office.run("portfolio verify").exits_with(0);
    office.run("clinics settle register.csv --clinic dent-01 --clinics clinics.toml --out settled").exits_with(0);
    let renewed = office.run("renew DMS-2026-0912 --start 2027-12-01 --out renewed");
    assert!(matches!(renewed.code, Some(0 | 4)), "{}", renewed.err);
    office.run("annul 2").exits_with(3);
    office.run("portfolio verify").exits_with(0);
}
