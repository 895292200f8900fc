//! Pictures of figures as SVG in the page, each with a description in words.

use crate::output::html::Markup;

/// The width of a picture, in its own units.
const WIDTH: i128 = 720;

/// A bar.
pub struct Bar {
    /// Its name.
    pub name: String,
    /// Its length, in any unit.
    pub size: i128,
    /// Its value as it is shown.
    pub label: String,
}

/// Writes a picture of this height, with a title and a description for screen readers.
fn picture(
    page: &mut Markup,
    id: &str,
    height: i128,
    (title, description): (&str, &str),
    draw: impl FnOnce(&mut Markup),
) {
    let (view, labels) = (format!("0 0 {WIDTH} {height}"), format!("{id}-title {id}-told"));
    let attributes = [("viewBox", view.as_str()), ("role", "img"), ("aria-labelledby", &labels), ("class", "picture")];
    page.element("svg", &attributes, |page| {
        page.leaf("title", &[("id", &format!("{id}-title"))], title);
        page.leaf("desc", &[("id", &format!("{id}-told"))], description);
        draw(page);
    });
}

fn rectangle(page: &mut Markup, class: &str, [x, y, width, height]: [i128; 4]) {
    let [x, y, width, height] = [x, y, width, height].map(|length| length.to_string());
    let attributes = [("class", class), ("x", &x), ("y", &y), ("width", &width), ("height", &height), ("rx", "2")];
    page.element("rect", &attributes, |_| {});
}

fn text(page: &mut Markup, class: &str, at: (i128, i128), text: &str) {
    titled_text(page, class, at, text, None);
}

/// A text, with the whole text as a tooltip where it is shortened.
fn titled_text(page: &mut Markup, class: &str, (x, y): (i128, i128), text: &str, whole: Option<&str>) {
    page.element("text", &[("class", class), ("x", &x.to_string()), ("y", &y.to_string())], |page| {
        if let Some(whole) = whole {
            page.leaf("title", &[], whole);
        }
        page.text(text);
    });
}

/// The greatest width of a text, at the size of a telephone (see `style.css`).
fn width(text: &str) -> i128 {
    let of_letter = |letter: char| match letter {
        ' ' | '\u{a0}' | '.' | ',' | ':' | ';' | '\'' | '|' | 'i' | 'j' | 'l' => 7,
        'М' | 'Ж' | 'Ш' | 'Щ' | 'Ю' | 'Ы' | 'Ф' | 'M' | 'W' | '@' | '%' | '…' | '—' => 20,
        'ж' | 'м' | 'ш' | 'щ' | 'ю' | 'ы' | 'ф' | 'm' | 'w' => 17,
        letter if letter.is_lowercase() || letter.is_ascii_digit() || "-–()/_\"«»".contains(letter) => 12,
        letter if letter < '\u{2e80}' => 15,
        // letters of some scripts are as wide as they are high
        _ => 20,
    };
    text.chars().map(of_letter).sum()
}

/// `length` × `part` / `whole`; all of `length` where there is no whole.
fn scaled(part: i128, whole: i128, length: i128) -> i128 {
    if whole <= 0 { length } else { (part.clamp(0, whole)).saturating_mul(length) / whole }
}

/// Horizontal bars.
pub fn bars(page: &mut Markup, id: &str, title: &str, bars: &[Bar]) {
    const LEAST_FOR_NAMES: i128 = 100;
    const LEAST_FOR_VALUES: i128 = 215;
    const GAP: i128 = 10;
    const STEP: i128 = 30;
    let names: Vec<String> = bars.iter().map(|bar| shortened(&bar.name)).collect();
    let room = |texts: &mut dyn Iterator<Item = &str>| texts.map(width).max().unwrap_or(0) + GAP;
    let for_names = room(&mut names.iter().map(String::as_str)).max(LEAST_FOR_NAMES);
    let for_values = room(&mut bars.iter().map(|bar| bar.label.as_str())).max(LEAST_FOR_VALUES);
    let longest = bars.iter().map(|bar| bar.size).max().unwrap_or(0);
    let description = bars.iter().map(|bar| format!("{}: {}", bar.name, bar.label)).collect::<Vec<_>>().join("; ");
    let height = STEP * i128::try_from(bars.len()).unwrap_or(0) + 6;
    picture(page, id, height, (title, &description), |page| {
        for ((bar, name), top) in bars.iter().zip(&names).zip((0..).map(|row| row * STEP + 6)) {
            let longest_bar = (WIDTH - for_names - for_values).max(0);
            let length = scaled(bar.size, longest.max(1), longest_bar).max(i128::from(bar.size > 0));
            let whole_name = (*name != bar.name).then_some(bar.name.as_str());
            titled_text(page, "name", (for_names - GAP, top + 15), name, whole_name);
            rectangle(page, "bar", [for_names, top, length, STEP - 10]);
            text(page, "value", (for_names + length + 8, top + 15), &bar.label);
        }
    });
}

/// Columns side by side.
pub fn columns(page: &mut Markup, id: &str, title: &str, bars: &[Bar]) {
    const HEIGHT: i128 = 220;
    const FOOT: i128 = 24;
    const HEAD: i128 = 20;
    let step = WIDTH / i128::try_from(bars.len().max(1)).unwrap_or(1);
    let longest = bars.iter().map(|bar| bar.size).max().unwrap_or(0);
    let description = bars.iter().map(|bar| format!("{}: {}", bar.name, bar.label)).collect::<Vec<_>>().join("; ");
    picture(page, id, HEIGHT, (title, &description), |page| {
        for (bar, left) in bars.iter().zip((0..).map(|place| place * step)) {
            let height = scaled(bar.size, longest.max(1), HEIGHT - FOOT - HEAD);
            let top = HEIGHT - FOOT - height;
            rectangle(page, "bar", [left + 3, top, step - 6, height]);
            text(page, "middle small", (left + step / 2, top - 5), &bar.label);
            text(page, "middle small", (left + step / 2, HEIGHT - 7), &bar.name);
        }
    });
}

/// A value between a lowest and a highest, each with a label.
pub fn corridor(page: &mut Markup, title: &str, description: &str, [low, place, high]: [i128; 3], labels: [&str; 3]) {
    const TOP: i128 = 34;
    const THICK: i128 = 16;
    let at = scaled(place - low, high - low, WIDTH - 40) + 20;
    picture(page, "corridor", 84, (title, description), |page| {
        rectangle(page, "track", [20, TOP, WIDTH - 40, THICK]);
        rectangle(page, "bar", [20, TOP, at - 20, THICK]);
        rectangle(page, "mark", [at - 2, TOP - 6, 4, THICK + 12]);
        // the label of a mark near an end stays inside
        let side = if at < 120 {
            "start"
        } else if at > WIDTH - 120 {
            "end"
        } else {
            "middle"
        };
        text(page, &format!("{side} strong"), (at, 20), labels[1]);
        text(page, "start", (20, 74), labels[0]);
        text(page, "end", (WIDTH - 20, 74), labels[2]);
    });
}

/// A period on a time line.
pub struct Stretch {
    /// The number of its days.
    pub days: u32,
    /// Its first day.
    pub from: String,
    /// The amount due.
    pub label: String,
}

/// Periods that follow each other, each as long as its days.
pub fn time_line(page: &mut Markup, title: &str, stretches: &[Stretch]) {
    const STEP: i128 = 44;
    let all: i128 = stretches.iter().map(|stretch| i128::from(stretch.days)).sum();
    let description = stretches.iter().map(|stretch| format!("{}: {}", stretch.from, stretch.label));
    let description = description.collect::<Vec<_>>().join("; ");
    let rows = i128::try_from(stretches.len()).unwrap_or(0);
    picture(page, "time-line", rows * STEP + 4, (title, &description), |page| {
        let mut days = 0;
        for (stretch, top) in stretches.iter().zip((0..).map(|row| row * STEP)) {
            let left = scaled(days, all, WIDTH);
            days += i128::from(stretch.days);
            let right = scaled(days, all, WIDTH);
            rectangle(page, "track", [0, top + 24, WIDTH, 12]);
            rectangle(page, "bar", [left, top + 24, (right - left).max(2), 12]);
            // the label stands on the side with more space
            let (side, at) = if left > WIDTH / 2 { ("end", right) } else { ("start", left) };
            text(page, side, (at, top + 17), &format!("{} · {}", stretch.from, stretch.label));
        }
    });
}

/// A name that fits beside a bar, cut where it is longer.
fn shortened(name: &str) -> String {
    const WIDEST: i128 = 230;
    if width(name) <= WIDEST {
        return name.to_owned();
    }
    let mut short = String::new();
    for letter in name.chars() {
        short.push(letter);
        if width(&short) + width("…") > WIDEST {
            short.pop();
            break;
        }
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(names: &[&str]) -> String {
        let bar = |name: &&str| Bar { name: (*name).to_owned(), size: 5, label: "1 234 567,89 ₽".to_owned() };
        let mut page = Markup::default();
        bars(&mut page, "plans", "Premium by plan", &names.iter().map(bar).collect::<Vec<_>>());
        page.finish()
    }

    #[test]
    fn a_name_has_space_beside_its_bar() {
        for (names, end) in [(&["A", "B"][..], 90), (&["A", "ШШШШШШШШ"], 160), (&["Сотрудники"], 123)]
        {
            assert!(drawn(names).contains(&format!("<text class=\"name\" x=\"{end}\"")), "{}", drawn(names));
        }
    }

    #[test]
    fn a_name_that_is_too_long_is_shortened_and_kept_as_a_tooltip() {
        let long = "Ж".repeat(60);
        let page = drawn(&[&long]);
        let short = "Ж".repeat(10);
        assert!(page.contains(&format!("<title>{long}</title>{short}…</text>")), "{page}");
        assert!(page.contains("x=\"220\""), "{page}");
    }
}
