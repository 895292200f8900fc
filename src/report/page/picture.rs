//! Pictures drawn from figures, as SVG inside the page; each says in words what it shows.

use super::markup::Markup;

/// A picture is so wide, in its own units.
const WIDTH: i128 = 720;

/// A bar with its name and its value in words.
pub struct Bar {
    /// What it stands for.
    pub name: String,
    /// Its length, in any unit.
    pub size: i128,
    /// The value as people read it.
    pub shown: String,
}

/// Begins a picture of this height, with the words for those who do not see it.
fn picture(page: &mut Markup, id: &str, height: i128, (title, told): (&str, &str), draw: impl FnOnce(&mut Markup)) {
    let (view, labels) = (format!("0 0 {WIDTH} {height}"), format!("{id}-title {id}-told"));
    let attributes = [("viewBox", view.as_str()), ("role", "img"), ("aria-labelledby", &labels), ("class", "picture")];
    page.element("svg", &attributes, |page| {
        page.leaf("title", &[("id", &format!("{id}-title"))], title);
        page.leaf("desc", &[("id", &format!("{id}-told"))], told);
        draw(page);
    });
}

fn rectangle(page: &mut Markup, class: &str, [x, y, width, height]: [i128; 4]) {
    let [x, y, width, height] = [x, y, width, height].map(|length| length.to_string());
    let attributes = [("class", class), ("x", &x), ("y", &y), ("width", &width), ("height", &height), ("rx", "2")];
    page.element("rect", &attributes, |_| {});
}

fn words(page: &mut Markup, class: &str, (x, y): (i128, i128), text: &str) {
    page.leaf("text", &[("class", class), ("x", &x.to_string()), ("y", &y.to_string())], text);
}

/// So much of `length` as `part` is of `whole`; all of it where there is no whole.
fn scaled(part: i128, whole: i128, length: i128) -> i128 {
    if whole <= 0 { length } else { (part.clamp(0, whole)).saturating_mul(length) / whole }
}

/// Bars to the right, one under the other.
pub fn bars(page: &mut Markup, id: &str, title: &str, bars: &[Bar]) {
    const NAMES: i128 = 100;
    const VALUES: i128 = 215;
    const STEP: i128 = 30;
    let longest = bars.iter().map(|bar| bar.size).max().unwrap_or(0);
    let told = bars.iter().map(|bar| format!("{}: {}", bar.name, bar.shown)).collect::<Vec<_>>().join("; ");
    let height = STEP * i128::try_from(bars.len()).unwrap_or(0) + 6;
    picture(page, id, height, (title, &told), |page| {
        for (bar, top) in bars.iter().zip((0..).map(|row| row * STEP + 6)) {
            let length = scaled(bar.size, longest.max(1), WIDTH - NAMES - VALUES).max(i128::from(bar.size > 0));
            words(page, "name", (NAMES - 10, top + 15), &shortened(&bar.name));
            rectangle(page, "bar", [NAMES, top, length, STEP - 10]);
            words(page, "value", (NAMES + length + 8, top + 15), &bar.shown);
        }
    });
}

/// Columns side by side, as for ages.
pub fn columns(page: &mut Markup, id: &str, title: &str, bars: &[Bar]) {
    const HEIGHT: i128 = 220;
    const FOOT: i128 = 24;
    const HEAD: i128 = 20;
    let step = WIDTH / i128::try_from(bars.len().max(1)).unwrap_or(1);
    let longest = bars.iter().map(|bar| bar.size).max().unwrap_or(0);
    let told = bars.iter().map(|bar| format!("{}: {}", bar.name, bar.shown)).collect::<Vec<_>>().join("; ");
    picture(page, id, HEIGHT, (title, &told), |page| {
        for (bar, left) in bars.iter().zip((0..).map(|place| place * step)) {
            let height = scaled(bar.size, longest.max(1), HEIGHT - FOOT - HEAD);
            let top = HEIGHT - FOOT - height;
            rectangle(page, "bar", [left + 3, top, step - 6, height]);
            words(page, "middle small", (left + step / 2, top - 5), &bar.shown);
            words(page, "middle small", (left + step / 2, HEIGHT - 7), &bar.name);
        }
    });
}

/// A place between a lowest and a highest, each with its words.
pub fn corridor(page: &mut Markup, title: &str, told: &str, [low, place, high]: [i128; 3], shown: [&str; 3]) {
    const TOP: i128 = 34;
    const THICK: i128 = 16;
    let at = scaled(place - low, high - low, WIDTH - 40) + 20;
    picture(page, "corridor", 84, (title, told), |page| {
        rectangle(page, "track", [20, TOP, WIDTH - 40, THICK]);
        rectangle(page, "bar", [20, TOP, at - 20, THICK]);
        rectangle(page, "mark", [at - 2, TOP - 6, 4, THICK + 12]);
        // the words of a mark near an end stay inside
        let side = if at < 120 {
            "start"
        } else if at > WIDTH - 120 {
            "end"
        } else {
            "middle"
        };
        words(page, &format!("{side} strong"), (at, 20), shown[1]);
        words(page, "start", (20, 74), shown[0]);
        words(page, "end", (WIDTH - 20, 74), shown[2]);
    });
}

/// A period on the line of time: its days, and its words.
pub struct Stretch {
    /// How many days it has.
    pub days: u32,
    /// Its first day in words.
    pub from: String,
    /// What is due.
    pub shown: String,
}

/// Periods that follow each other, each as long as its days.
pub fn time_line(page: &mut Markup, title: &str, stretches: &[Stretch]) {
    const STEP: i128 = 44;
    let all: i128 = stretches.iter().map(|stretch| i128::from(stretch.days)).sum();
    let told = stretches.iter().map(|stretch| format!("{}: {}", stretch.from, stretch.shown));
    let told = told.collect::<Vec<_>>().join("; ");
    let rows = i128::try_from(stretches.len()).unwrap_or(0);
    picture(page, "time-line", rows * STEP + 4, (title, &told), |page| {
        let mut days = 0;
        for (stretch, top) in stretches.iter().zip((0..).map(|row| row * STEP)) {
            let left = scaled(days, all, WIDTH);
            days += i128::from(stretch.days);
            let right = scaled(days, all, WIDTH);
            rectangle(page, "track", [0, top + 24, WIDTH, 12]);
            rectangle(page, "bar", [left, top + 24, (right - left).max(2), 12]);
            // the words stand where there is room for them
            let (side, at) = if left > WIDTH / 2 { ("end", right) } else { ("start", left) };
            words(page, side, (at, top + 17), &format!("{} · {}", stretch.from, stretch.shown));
        }
    });
}

/// A name that fits beside a bar.
fn shortened(name: &str) -> String {
    const LONGEST: usize = 12;
    if name.chars().count() <= LONGEST {
        name.to_owned()
    } else {
        name.chars().take(LONGEST - 1).chain(['…']).collect()
    }
}
