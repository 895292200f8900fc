//! A roster as text: any encoding, any delimiter, any quotes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| kollektiv_fuzz::read_and_judge(bytes));
