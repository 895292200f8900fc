//! Insured that may be one person: duplicates, shared ids, and names that are almost the same.
//!
//! Names are hashed; a two-pass Bloom filter drops hashes that occur once; the rest are sorted and compared in full, so that a hash collision
//! never reports a duplicate.

mod bloom;
mod duplicate;
mod fingerprint;
mod name_keys;
mod similar;

pub(super) use duplicate::find_duplicates;
