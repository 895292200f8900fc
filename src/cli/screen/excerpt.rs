//! Excerpts: the lines of a source file around a fault, cut to what a screen can show.

use std::ops::Range;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, MietteError, MietteSpanContents, Report,
    SourceCode, SourceSpan, SpanContents,
};

use crate::base::source_file::Span;
use crate::cli::screen::terminal_text::{replace_controls, width};

/// The longest part of a line that is shown; `…` marks a cut.
const LINE_LETTERS: usize = 200;
/// The part of a longer line that is shown before the fault.
const LETTERS_BEFORE: usize = 60;
/// The number of lines that are shown of a fault over many lines.
const FAULT_LINES: usize = 8;

/// Some lines of a source file with a fault among them.
#[derive(Debug)]
struct Excerpt {
    /// The path of the file.
    path: String,
    text: String,
    /// The number of lines of the file before the excerpt.
    lines_before: usize,
    /// The place of the fault in `text`.
    fault: Span,
    /// The bytes before the fault in its first line of the file.
    column: usize,
}

/// Renders the message of a fault with an excerpt; `line` is the number of the first line of the fault. `None` if the fault is outside the
/// text.
pub fn render_fault(
    path: &str,
    text: &str,
    fault: &Span,
    line: usize,
    message: &str,
    has_colours: bool,
) -> Option<String> {
    let found = MietteDiagnostic::new(message);
    // the empty span at the start means a fault of the whole file
    let report = if *fault == (0..0) {
        Report::new(found)
    } else {
        let excerpt = Excerpt::new(path, text, fault, line)?;
        Report::new(found.with_label(LabeledSpan::underline(excerpt.fault.clone()))).with_source_code(excerpt)
    };
    let theme = if has_colours { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut rendered = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(usize::from(width())).with_links(false);
    handler.render_report(&mut rendered, report.as_ref()).ok()?;
    Some(rendered.trim_end().to_owned())
}

impl Excerpt {
    /// The lines of the fault with one line before and one after; `None` if the fault is outside the text.
    fn new(path: &str, source: &str, fault: &Span, number: usize) -> Option<Self> {
        let (before, rest) = source.split_at_checked(fault.start)?;
        rest.get(..fault.end.checked_sub(fault.start)?)?;
        let line_start = |before: &str| before.rfind('\n').map_or(0, |end| end + 1);
        let fault_line = line_start(before);
        let first = line_start(&before[..fault_line.saturating_sub(1)]);
        let mut excerpt = Self {
            path: path.to_owned(),
            text: String::new(),
            lines_before: number.saturating_sub(1 + usize::from(first < fault_line)),
            fault: 0..0,
            column: fault.start - fault_line,
        };
        let (mut start, mut end) = (None, None);
        let (mut at, mut lines) = (first, 0);
        for line in source[first..].split_inclusive('\n') {
            let is_after = end.is_some();
            let focus = if at == fault_line { excerpt.column } else { 0 };
            let place = excerpt.push(line.strip_suffix('\n').unwrap_or(line), focus);
            if at == fault_line {
                start = Some(place(fault.start - at));
            }
            lines += usize::from(start.is_some());
            if start.is_some() && !is_after && (fault.end <= at + line.len() || lines == FAULT_LINES) {
                end = Some(place(fault.end - at));
            }
            if line.ends_with('\n') {
                excerpt.text.push('\n');
            }
            if is_after {
                break;
            }
            at += line.len();
        }
        // a fault at the end of the file, such as a missing bracket, has no line of its own
        let start = start.unwrap_or(excerpt.text.len());
        excerpt.fault = start..end.unwrap_or(excerpt.text.len()).max(start);
        Some(excerpt)
    }

    /// Adds the shown part of a line; returns a function from a byte of the line to the nearest byte of `text`.
    fn push(&mut self, line: &str, focus: usize) -> impl Fn(usize) -> usize + use<> {
        // of the same length in bytes, so that places stay right
        let replacement = |letter: char| match letter {
            '\r' => ' ',
            letter if letter.len_utf8() == 1 => '?',
            _ => '¿',
        };
        let shown = window(line, focus);
        if shown.start > 0 {
            self.text.push('…');
        }
        let begins = self.text.len();
        self.text.push_str(&replace_controls(&line[shown.clone()], replacement));
        if shown.end < line.len() {
            self.text.push('…');
        }
        move |byte| begins + byte.clamp(shown.start, shown.end) - shown.start
    }
}

/// The shown part of a line: all of it, or the part around a place.
fn window(line: &str, focus: usize) -> Range<usize> {
    let end_of =
        |start: usize| line[start..].char_indices().nth(LINE_LETTERS).map_or(line.len(), |(end, _)| start + end);
    let back = || line[..focus].char_indices().rev().nth(LETTERS_BEFORE - 1).map_or(0, |(start, _)| start);
    let start = if end_of(0) < line.len() { back() } else { 0 };
    start..end_of(start)
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let found = self.text.read_span(span, lines_before, lines_after)?;
        let line = self.lines_before + found.line();
        // miette asks for the place of the fault itself by a span without lines before
        let column = if lines_before == 0 { self.column } else { found.column() };
        let (data, shown, lines) = (found.data(), *found.span(), found.line_count());
        Ok(Box::new(MietteSpanContents::new_named(self.path.clone(), data, shown, line, column, lines)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rendered excerpt around the first occurrence of a text.
    #[track_caller]
    fn render(document: &str, text: &str) -> String {
        let start = document.find(text).unwrap();
        let number = 1 + document[..start].matches('\n').count();
        render_fault("a.toml", document, &(start..start + text.len()), number, "wrong", false).unwrap()
    }

    #[test]
    fn short_lines_are_shown_whole_with_their_neighbours() {
        let document = "one = 1\r\ntwo = 2\nthree = 3\nfour = 4\nfive = 5\n";
        let drawn = render(document, "3");
        assert_eq!(
            drawn.lines().map(str::trim_end).collect::<Vec<_>>(),
            [
                "  × wrong",
                "   ╭─[a.toml:3:9]",
                " 2 │ two = 2",
                " 3 │ three = 3",
                "   ·         ─",
                " 4 │ four = 4",
                "   ╰────"
            ]
        );
        assert!(render(document, "one").contains("[a.toml:1:1]") && render(document, "one").contains(" 1 │ one = 1"));
        assert!(render(document, "5").contains("[a.toml:5:8]") && render(document, "5").contains(" 5 │ five = 5"));
        let at_the_end = document.len()..document.len();
        assert!(render_at(document, at_the_end, 6).contains("wrong"));
        assert!(render_at("", 0..0, 1).contains("wrong"));
    }

    fn render_at(document: &str, fault: Span, number: usize) -> String {
        render_fault("a.toml", document, &fault, number, "wrong", false).unwrap()
    }

    #[test]
    fn a_very_long_line_is_cut_around_its_fault() {
        let long = "ж".repeat(1_000_000);
        let document = format!("{long}\nkey = \"{long}\", fault, \"{long}\"\n{long}\n");
        let drawn = render(&document, "fault");
        assert!(drawn.len() < 2_000, "{} bytes", drawn.len());
        let lines: Vec<&str> = drawn.lines().collect();
        assert!(lines[1].contains("[a.toml:2:2000011]"), "{}", lines[1]);
        let before_fault = |line: &str| line.split("fault").next().unwrap().chars().count();
        let before_mark = |line: &str| line.split('─').next().unwrap().chars().count();
        assert_eq!((before_fault(lines[3]), before_mark(lines[4])), (66, 66), "{drawn}");
        assert_eq!(lines[4].matches('─').count(), "fault".len());
        assert!(lines[2].ends_with('…') && lines[3].ends_with('…') && lines[5].ends_with('…'));
        // the fault itself is too long
        let drawn = render(&document, &format!("\"{long}\""));
        assert!(drawn.len() < 3_000 && drawn.contains("key = \"жжж"), "{} bytes", drawn.len());
        let syntax = render_at(&document, long.len() + 7..long.len() + 7, 2);
        assert!(syntax.contains("[a.toml:2:7]"), "{syntax}");
    }

    #[test]
    fn a_fault_over_many_lines_shows_its_first_lines() {
        let list = "  1,\n".repeat(5_000);
        let document = format!("before = 1\nstart = [\n{list}]\nafter = 1\n");
        let drawn = render(&document, &format!("[\n{list}]"));
        assert!(drawn.contains("[a.toml:2:9]") && drawn.contains("before = 1"), "{drawn}");
        assert_eq!(drawn.matches("1,").count(), FAULT_LINES, "{drawn}");
    }

    #[test]
    fn control_characters_are_replaced() {
        let drawn = render("a = '\u{1b}[31m\u{9b}' # fault\n", "fault");
        assert!(drawn.contains("'?[31m¿' # fault"), "{drawn}");
    }
}
