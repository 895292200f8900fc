//! The head of a table: rows on lines, cells between tabs.
#![no_main]

use kollektiv::table::cell::Row;
use kollektiv::table::delimited::Text;
use kollektiv::roster::field::{Field, ROSTER};
use kollektiv::table::head::Head;
use kollektiv::table::layout::Layout;
use kollektiv_fuzz::SPEC;

libfuzzer_sys::fuzz_target!(|written: &str| {
    let text = Text::new(written.to_owned());
    if text.open_quote(b'\t').is_some() {
        return;
    }
    let mut head = Head::default();
    let mut numbers = Vec::new();
    let read = text.whole(b'\t').rows(|row| {
        numbers.push(row.number());
        head.push(row)
    });
    if read.is_err() {
        return;
    }
    assert!(numbers.is_sorted_by(|before, after| before < after), "rows are counted upwards");
    if let Some(layout) = Layout::find(&head, &SPEC.table()) {
        assert!(numbers.contains(&layout.header_row), "the headings are in one row");
        assert!(layout.fields() >= 2, "a table has columns");
        for (field, column) in layout.columns() {
            let heading = &layout.headings[column];
            assert!(!heading.is_empty(), "a column of {} has a heading", field.name);
        }
        for found in layout.diagnostics(0, &SPEC.table()) {
            assert!(found.place.row == layout.header_row, "diagnostics of columns are at their headings");
        }
    }
    let line = written.lines().next().unwrap_or_default();
    for field in Field::ALL {
        assert!((0.0..=1.0).contains(&ROSTER.likeness(line, field.spec())), "likeness is between 0 and 1");
    }
    let _ = ROSTER.meaning(line);
});
