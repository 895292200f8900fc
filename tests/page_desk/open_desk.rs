//! The desk of a page that is open in a browser, moved as a person moves it.

use std::path::Path;

use kollektiv::base::messages::Language;
use kollektiv::base::money::{Kopecks, portion};
use kollektiv::desk::choices_toml::CoverLines;
use kollektiv::quote::Quote;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::desk::target::paste;

/// Where a test moves a range of the page; indices are taken modulo what the range offers.
#[derive(Debug, Clone)]
pub enum Move {
    /// Drags the slider.
    Slide(Index),
    /// Types the number at a step of the slider.
    Type(Index),
    /// Presses one of the buttons: low, middle, high, leave out, as in the contract.
    Press(Index),
    Stay,
}

pub fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        3 => any::<Index>().prop_map(Move::Slide),
        2 => any::<Index>().prop_map(Move::Type),
        4 => any::<Index>().prop_map(Move::Press),
        1 => Just(Move::Stay),
    ];
    vec(one, 12)
}

/// What the desk shows.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    premium: String,
    per_insured: String,
    corridor: String,
    plans: Vec<String>,
}

impl Shown {
    /// What a quote in Russian has to show.
    pub fn new(quote: &Quote<'_>) -> Self {
        let price = quote.price.as_ref().unwrap();
        let (premium, amount) = (price.totals.premium, |amount| Language::Ru.amount(amount));
        let mean = portion(premium.chosen, 1, price.headcount);
        Self {
            premium: amount(premium.chosen),
            per_insured: format!("На одного застрахованного: {}", amount(mean)),
            corridor: format!("Коридор тарифа: от {} до {}", amount(premium.low), amount(premium.high)),
            plans: price.totals.plans.iter().map(|plan| amount(plan.premium)).collect(),
        }
    }
}

/// The desk of an open page.
pub struct OpenDesk<'b> {
    pub browser: &'b mut Browser,
}

impl<'b> OpenDesk<'b> {
    /// Opens a page that has a desk.
    pub fn open(browser: &'b mut Browser, page: &Path) -> Self {
        browser.open(page);
        assert_eq!(browser.evaluate("document.querySelector('#desk').hidden"), json!(false));
        Self { browser }
    }

    /// The number of ranges.
    pub fn ranges(&mut self) -> usize {
        let count = self.browser.evaluate("document.querySelectorAll('.desk-range').length");
        usize::try_from(count.as_u64().unwrap()).unwrap()
    }

    /// Moves a range as a person does.
    pub fn move_range(&mut self, range: usize, one: &Move) {
        let find = format!("const range = document.querySelectorAll('.desk-range')[{range}];");
        let slider = "const slider = range.querySelector('[type=range]');";
        let steps = |browser: &mut Browser| {
            let steps = browser.evaluate(&format!("{{ {find} {slider} Number(slider.max) }}"));
            usize::try_from(steps.as_u64().unwrap()).unwrap()
        };
        let act = match one {
            Move::Stay => return,
            Move::Slide(place) => {
                let step = place.index(steps(self.browser) + 1);
                format!("{slider} slider.value = {step}; slider.dispatchEvent(new Event('input'));")
            }
            Move::Type(place) => {
                let step = place.index(steps(self.browser) + 1);
                // the number that the slider writes at this step, typed with a comma
                format!(
                    "{slider} slider.value = {step}; slider.dispatchEvent(new Event('input'));
                     const number = range.querySelector('[type=text]'); const typed = number.value;
                     range.querySelector('button').click();
                     number.value = typed; number.dispatchEvent(new Event('change'));"
                )
            }
            Move::Press(place) => {
                let count = format!("{{ {find} range.querySelectorAll('button').length }}");
                let count = self.browser.evaluate(&count).as_u64().unwrap();
                let button = place.index(usize::try_from(count).unwrap());
                format!("range.querySelectorAll('button')[{button}].click();")
            }
        };
        self.browser.evaluate(&format!("{{ {find} {act} }}"));
    }

    /// The text of an element.
    pub fn text(&mut self, selector: &str) -> String {
        let text = self.browser.evaluate(&format!("document.querySelector({}).textContent", json!(selector)));
        text.as_str().unwrap().to_owned()
    }

    /// The figures on the screen.
    pub fn shown(&mut self) -> Shown {
        let plans =
            "[...document.querySelectorAll('#desk table')[0].tBodies[0].rows].map(row => row.cells[3].textContent)";
        let plans: Value = self.browser.evaluate(plans);
        Shown {
            premium: self.text(".desk-result .premium"),
            per_insured: self.text(".desk-per-insured"),
            corridor: self.text(".desk-corridor + p"),
            plans: serde_json::from_value(plans).unwrap(),
        }
    }

    /// The contract with the lines that the page offers for it.
    pub fn paste_into(&mut self, contract: &str) -> String {
        let toml = self.text("#desk pre");
        let mut parts = toml.split("\n# вариант ");
        let section = parts.next().unwrap().to_owned();
        let parts: Vec<(&str, &str)> = parts.map(|part| part.split_once('\n').unwrap()).collect();
        let covers: Vec<CoverLines<'_>> = parts
            .iter()
            .map(|(heading, lines)| {
                let (plan, programme) = heading.trim_end_matches(':').split_once(", программа ").unwrap();
                CoverLines { plan, programme, lines: lines.trim_end().lines().map(str::to_owned).collect() }
            })
            .collect();
        paste(contract, &section, &covers)
    }

    /// Asks for a target premium and returns what the page answers.
    pub fn find_target(&mut self, premium: Kopecks) -> String {
        let typed = json!(premium.to_string().replace('.', ","));
        self.browser.evaluate(&format!(
            "{{ const target = document.querySelector('#desk-target'); target.value = {typed};
                target.parentElement.querySelector('button').click(); }}"
        ));
        self.text(".desk-target p")
    }
}
