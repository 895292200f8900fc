//! The widths of columns and the heights of rows by the texts in their cells.

/// The width of a column of numbers, in letters, at which none is shown as `###`; at least `least`.
pub fn width_for<'n>(least: u32, numbers: impl IntoIterator<Item = &'n str>) -> u32 {
    // a cell shows no more decimals
    const DECIMALS: usize = 16;
    let shown = |number: &str| match number.split_once('.') {
        Some((whole, decimals)) => whole.len() + 1 + decimals.len().min(DECIMALS),
        None => number.len(),
    };
    // a digit more, because fonts differ
    let longest = numbers.into_iter().map(shown).max().unwrap_or(0) + 1;
    u32::try_from(longest).unwrap_or(least).max(least)
}

/// The width of a column of texts, in letters, at which none is cut, between `least` and `most`; longer texts are wrapped.
pub fn width_of(least: u32, most: u32, texts: impl IntoIterator<Item: AsRef<str>>) -> u32 {
    let widest = texts.into_iter().map(|text| line_width(text.as_ref())).max().unwrap_or(0);
    u32::try_from(widest).unwrap_or(most).clamp(least, most)
}

/// The width of a text in one line, in the units of column widths: digits are narrower than letters, and texts have a
/// margin.
pub fn line_width(text: &str) -> usize {
    (text.chars().count() * 11).div_ceil(10) + 3
}

/// The height in points of a row with these wrapped texts, each with the width of its column; none where each has one line.
pub fn row_height(texts: &[(&str, usize)]) -> Option<u32> {
    const LINE_POINTS: u32 = 15;
    const MOST_LINES: usize = 20;
    let lines = texts.iter().map(|(text, width)| match line_width(text) {
        line if line <= *width => 1,
        // words are not broken, so that lines are shorter than the column
        _ => (text.chars().count() * 6).div_ceil(width * 5).clamp(2, MOST_LINES),
    });
    let lines = u32::try_from(lines.max().unwrap_or(1)).unwrap_or(1);
    (lines > 1).then_some(lines * LINE_POINTS)
}
