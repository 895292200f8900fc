//! The bytes of a workbook: containers, and the tables of Excel before 2007 in them.
#![no_main]

const MAGIC_ZIP: &[u8] = b"PK\x03\x04";
const MAGIC_COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // text has its own target
    if bytes.starts_with(MAGIC_ZIP) || bytes.starts_with(MAGIC_COMPOUND) {
        kollektiv_fuzz::read_and_judge(bytes);
    }
});
