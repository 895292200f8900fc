//! Random editions: the built-in one after random changes, each of which leaves a proved edition.

use kollektiv::base::source_file::SourceFile;
use kollektiv::desk::edition_test::TestRun;
use kollektiv::tariff::Tariff;
use toml::{Table, Value};

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // xorshift
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn words(&mut self) -> String {
        const PARTS: [&str; 12] =
            ["Помощь", "«на дому»", "\"", "\\", "'", "=СУММ(A1)", "+7", "ё", "a, b", "№ 5", "<тег>", "—"];
        let count = 1 + self.below(5);
        (0..count).map(|_| PARTS[self.below(PARTS.len())]).collect::<Vec<_>>().join(" ")
    }

    /// A number from 0.000001 to 9.999999 with up to six decimals.
    fn coefficient(&mut self) -> String {
        let decimals = self.below(7);
        let scale = 10_usize.pow(u32::try_from(decimals).unwrap());
        let digits = 1 + self.below(10 * scale - 1);
        let (whole, rest) = (digits / scale, digits % scale);
        if decimals == 0 { whole.to_string() } else { format!("{whole}.{rest:0decimals$}") }
    }
}

/// The edition of a text with tests that pass; none where the text is no edition.
fn read(table: &Table) -> Option<Tariff> {
    let read = |text: String| Tariff::read(&SourceFile { path: "random.toml".into(), text }).ok();
    let mut edition = read(table.to_string())?;
    let failed = TestRun::new(&edition).ok()?.failed;
    if !failed.is_empty() {
        let mut lines: Vec<String> = edition.source.text.lines().map(str::to_owned).collect();
        for test in failed {
            let rate = test.computed.map_or_else(|| "none".to_owned(), |rate| rate.to_string());
            lines[test.line - 1] = format!("rate = \"{rate}\"");
        }
        edition = read(lines.join("\n"))?;
    }
    TestRun::new(&edition).ok()?.failed.is_empty().then_some(edition)
}

/// The built-in edition after some changes.
pub fn random_edition(seed: u64) -> Tariff {
    let mut dice = Dice(seed | 1);
    let mut table: Table = Tariff::base().source.text.parse().unwrap();
    let mut edition = Tariff::base();
    for _ in 0..4 + dice.below(40) {
        let mut changed = table.clone();
        change(&mut changed, &mut dice);
        if let Some(read) = read(&changed) {
            (table, edition) = (changed, read);
        }
    }
    edition
}

fn change(table: &mut Table, dice: &mut Dice) {
    match dice.below(8) {
        0..=2 => {
            let mut numbers = Vec::new();
            for (key, value) in table.iter_mut().filter(|(key, _)| *key != "test") {
                collect(key, value, &mut numbers);
            }
            let at = dice.below(numbers.len());
            *numbers[at] = dice.coefficient();
        }
        3 => {
            let mut texts = Vec::new();
            for (key, value) in table.iter_mut().filter(|(key, _)| *key != "test") {
                wordings(key, value, &mut texts);
            }
            let at = dice.below(texts.len());
            *texts[at] = dice.words();
        }
        4 => remove_programme(table, dice),
        5 => {
            let edition = table["edition"].as_table_mut().unwrap();
            edition.insert("code".into(), format!("r-{}", dice.below(100)).into());
            let status = ["draft", "approved", "withdrawn"][dice.below(3)];
            edition.insert("status".into(), status.into());
            edition.insert(
                "valid_from".into(),
                Value::Datetime(format!("{}-0{}-01", 1890 + dice.below(200), 1 + dice.below(9)).parse().unwrap()),
            );
            if dice.below(2) == 0 {
                edition.remove("source");
            }
        }
        6 => {
            let rows = table["service"].as_array_mut().unwrap();
            let service: Table =
                format!("code = \"s{}\"\nname = {}\nname_en = \"s\"", dice.below(50), Value::from(dice.words()))
                    .parse()
                    .unwrap();
            rows.push(service.into());
        }
        _ => {
            // the last band of ages ends later, or the range for accepted insured goes
            let age = table["age"].as_table_mut().unwrap();
            if dice.below(2) == 0 {
                age.remove("accepted");
            }
            let bands = age["bands"].as_array_mut().unwrap();
            let last = bands.last_mut().unwrap().as_table_mut().unwrap();
            last.insert("to".into(), i64::try_from(80 + dice.below(71)).unwrap().into());
        }
    }
}

/// The texts that are numbers.
fn collect<'v>(key: &str, value: &'v mut Value, numbers: &mut Vec<&'v mut String>) {
    const NUMBERS: [&str; 5] = ["coefficient", "low", "high", "base", "by_child_band"];
    match value {
        Value::Table(table) => table.iter_mut().for_each(|(key, value)| collect(key, value, numbers)),
        Value::Array(list) => list.iter_mut().for_each(|value| collect(key, value, numbers)),
        Value::String(text) if NUMBERS.contains(&key) && text != "-" => numbers.push(text),
        _ => {}
    }
}

/// The names and wordings.
fn wordings<'v>(key: &str, value: &'v mut Value, texts: &mut Vec<&'v mut String>) {
    match value {
        Value::Table(table) => table.iter_mut().for_each(|(key, value)| wordings(key, value, texts)),
        Value::Array(list) => list.iter_mut().for_each(|value| wordings(key, value, texts)),
        Value::String(text) if ["name", "name_en", "wording", "title"].contains(&key) => texts.push(text),
        _ => {}
    }
}

fn remove_programme(table: &mut Table, dice: &mut Dice) {
    let programmes = table["programme"].as_array_mut().unwrap();
    let gone = programmes.remove(dice.below(programmes.len()));
    let code = gone["code"].clone();
    for programme in programmes.iter_mut().filter_map(Value::as_table_mut) {
        if programme.get("for_children") == Some(&code) {
            programme.remove("for_children");
        }
    }
    table["test"].as_array_mut().unwrap().retain(|test| test["programme"] != code);
}
