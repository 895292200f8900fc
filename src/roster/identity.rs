//! Insured that may be one person: duplicates, shared ids, and names that are almost the same.
//!
//! Names are hashed; a two-pass Bloom filter drops hashes that occur once; the rest are sorted and compared in full, so that a hash collision
//! never reports a duplicate. A hash takes eight bytes with its row; what else is known of a name is found again for the few that repeat.

mod bloom;
mod duplicate;
mod fingerprint;
mod name_keys;
mod similar;

pub(super) use duplicate::find_duplicates;
