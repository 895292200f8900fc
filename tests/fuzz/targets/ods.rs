//! The content of an `.ods`, packed each time: the own reader of such workbooks, once to the middle and once whole.
#![no_main]

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

libfuzzer_sys::fuzz_target!(|content: &[u8]| {
    let packed = packed(content);
    kollektiv_fuzz::read_twice(&packed);
    kollektiv_fuzz::read_and_judge(&packed);
});

fn packed(content: &[u8]) -> Vec<u8> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let parts: [(&str, &[u8]); 2] =
        [("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content)];
    for (name, part) in parts {
        zip.start_file(name, options).expect("a part more");
        zip.write_all(part).expect("memory for a part");
    }
    zip.finish().expect("memory for the directory").into_inner()
}
