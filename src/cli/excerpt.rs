//! The lines of a document where a fault stands, as they are shown: no more of them, and no more of each, than a screen holds.

use std::ops::Range;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, MietteError, MietteSpanContents, Report,
    SourceCode, SourceSpan, SpanContents,
};

use crate::base::source_file::Span;
use crate::cli::screen::{WIDTH, without_controls};

/// So many letters of a line are shown; where it has more, `…` says so.
const LINE_LETTERS: usize = 200;
/// Of a longer line so many letters are shown before the fault.
const LETTERS_BEFORE: usize = 60;
/// Of a fault over more lines the first are shown.
const FAULT_LINES: usize = 8;

/// A few lines of a document, with the fault among them.
#[derive(Debug)]
struct Excerpt {
    /// The name of the document.
    path: String,
    text: String,
    /// How many lines of the document stand before.
    lines_before: usize,
    /// Where the fault is in the text.
    fault: Span,
    /// How many bytes of the fault's first line stand before it in the document.
    column: usize,
}

/// What is said of a fault with the lines of the document where it stands, of which the first has this number; none where they cannot
/// be drawn.
pub fn drawn(path: &str, document: &str, fault: &Span, number: usize, says: &str, has_colours: bool) -> Option<String> {
    let found = MietteDiagnostic::new(says);
    // a fault of no place
    let report = if *fault == (0..0) {
        Report::new(found)
    } else {
        let excerpt = Excerpt::of(path, document, fault, number)?;
        Report::new(found.with_label(LabeledSpan::underline(excerpt.fault.clone()))).with_source_code(excerpt)
    };
    let theme = if has_colours { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(usize::from(WIDTH)).with_links(false);
    handler.render_report(&mut text, report.as_ref()).ok()?;
    Some(text.trim_end().to_owned())
}

impl Excerpt {
    /// The lines of the fault, one before and one after; none where the place is not in the document.
    fn of(path: &str, document: &str, fault: &Span, number: usize) -> Option<Self> {
        let (before, rest) = document.split_at_checked(fault.start)?;
        rest.get(..fault.end.checked_sub(fault.start)?)?;
        let begins = |upto: &str| upto.rfind('\n').map_or(0, |end| end + 1);
        let fault_line = begins(before);
        let first = begins(&before[..fault_line.saturating_sub(1)]);
        let mut excerpt = Self {
            path: path.to_owned(),
            text: String::new(),
            lines_before: number.saturating_sub(1 + usize::from(first < fault_line)),
            fault: 0..0,
            column: fault.start - fault_line,
        };
        let (mut start, mut end) = (None, None);
        let (mut at, mut lines) = (first, 0);
        for line in document[first..].split_inclusive('\n') {
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
        // what is missing at the end stands after everything
        let start = start.unwrap_or(excerpt.text.len());
        excerpt.fault = start..end.unwrap_or(excerpt.text.len()).max(start);
        Some(excerpt)
    }

    /// Adds as much of a line as is shown; returns where in the text a byte of the line is then, or the nearest that is shown.
    fn push(&mut self, line: &str, focus: usize) -> impl Fn(usize) -> usize + use<> {
        // letters of as many bytes, because the places count them
        let instead = |letter: char| match letter {
            '\r' => ' ',
            letter if letter.len_utf8() == 1 => '?',
            _ => '¿',
        };
        let shown = window(line, focus);
        if shown.start > 0 {
            self.text.push('…');
        }
        let begins = self.text.len();
        self.text.push_str(&without_controls(&line[shown.clone()], instead));
        if shown.end < line.len() {
            self.text.push('…');
        }
        move |byte| begins + byte.clamp(shown.start, shown.end) - shown.start
    }
}

/// Which part of a line is shown: all of it, or what stands around a place.
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
        // without lines before it the place of the fault is asked for
        let column = if lines_before == 0 { self.column } else { found.column() };
        let (data, shown, lines) = (found.data(), *found.span(), found.line_count());
        Ok(Box::new(MietteSpanContents::new_named(self.path.clone(), data, shown, line, column, lines)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The excerpt of the first place of a text in a document, drawn.
    #[track_caller]
    fn shown(document: &str, text: &str) -> String {
        let start = document.find(text).unwrap();
        let number = 1 + document[..start].matches('\n').count();
        drawn("a.toml", document, &(start..start + text.len()), number, "wrong", false).unwrap()
    }

    #[test]
    fn short_lines_are_shown_whole_with_their_neighbours() {
        let document = "one = 1\r\ntwo = 2\nthree = 3\nfour = 4\nfive = 5\n";
        let drawn = shown(document, "3");
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
        assert!(shown(document, "one").contains("[a.toml:1:1]") && shown(document, "one").contains(" 1 │ one = 1"));
        assert!(shown(document, "5").contains("[a.toml:5:8]") && shown(document, "5").contains(" 5 │ five = 5"));
        let at_the_end = document.len()..document.len();
        assert!(drawn_at(document, at_the_end, 6).contains("wrong"));
        assert!(drawn_at("", 0..0, 1).contains("wrong"));
    }

    fn drawn_at(document: &str, fault: Span, number: usize) -> String {
        drawn("a.toml", document, &fault, number, "wrong", false).unwrap()
    }

    #[test]
    fn a_line_without_end_is_shown_around_its_fault() {
        let long = "ж".repeat(1_000_000);
        let document = format!("{long}\nkey = \"{long}\", fault, \"{long}\"\n{long}\n");
        let drawn = shown(&document, "fault");
        assert!(drawn.len() < 2_000, "{} bytes", drawn.len());
        let lines: Vec<&str> = drawn.lines().collect();
        assert!(lines[1].contains("[a.toml:2:2000011]"), "{}", lines[1]);
        let before_fault = |line: &str| line.split("fault").next().unwrap().chars().count();
        let before_mark = |line: &str| line.split('─').next().unwrap().chars().count();
        assert_eq!((before_fault(lines[3]), before_mark(lines[4])), (66, 66), "{drawn}");
        assert_eq!(lines[4].matches('─').count(), "fault".len());
        assert!(lines[2].ends_with('…') && lines[3].ends_with('…') && lines[5].ends_with('…'));
        // a fault that is too long itself
        let drawn = shown(&document, &format!("\"{long}\""));
        assert!(drawn.len() < 3_000 && drawn.contains("key = \"жжж"), "{} bytes", drawn.len());
        let syntax = drawn_at(&document, long.len() + 7..long.len() + 7, 2);
        assert!(syntax.contains("[a.toml:2:7]"), "{syntax}");
    }

    #[test]
    fn a_fault_over_many_lines_is_shown_by_the_first() {
        let list = "  1,\n".repeat(5_000);
        let document = format!("before = 1\nstart = [\n{list}]\nafter = 1\n");
        let drawn = shown(&document, &format!("[\n{list}]"));
        assert!(drawn.contains("[a.toml:2:9]") && drawn.contains("before = 1"), "{drawn}");
        assert_eq!(drawn.matches("1,").count(), FAULT_LINES, "{drawn}");
    }

    #[test]
    fn what_a_terminal_obeys_is_not_shown() {
        let drawn = shown("a = '\u{1b}[31m\u{9b}' # fault\n", "fault");
        assert!(drawn.contains("'?[31m¿' # fault"), "{drawn}");
    }
}
