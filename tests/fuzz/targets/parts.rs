//! The parts of a workbook, packed again each time: no mutation fails on a checksum.
//!
//! Each part begins with a line `=====PART name`.
#![no_main]

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

const MARK: &[u8] = b"=====PART ";
const MOST_PARTS: usize = 40;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some(packed) = packed(bytes) {
        kollektiv_fuzz::read_and_judge(&packed);
    }
});

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut rest = bytes.strip_prefix(MARK)?;
    for _ in 0..MOST_PARTS {
        let end = rest.windows(MARK.len()).position(|window| window == MARK);
        let part = &rest[..end.unwrap_or(rest.len())];
        let line = part.iter().position(|byte| *byte == b'\n')?;
        let name = str::from_utf8(&part[..line]).ok()?;
        zip.start_file(name, options).ok()?;
        zip.write_all(&part[line + 1..]).ok()?;
        match end {
            Some(end) => rest = &rest[end + MARK.len()..],
            None => break,
        }
    }
    zip.finish().ok().map(Cursor::into_inner)
}
