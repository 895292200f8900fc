//! What a child reads of a workbook on trial, and then the parent: the bytes come as they come over its standard input.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kollektiv_fuzz::read_twice(bytes));
