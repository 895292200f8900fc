//! The clinics: who is served where and on what terms, what the insurer agrees to, and what of a clinic's register is owed.
//!
//! ```text
//! clinics.toml ── network ─┐
//! the book ────── people ──┼─ verdict ──┬─ settle   the clinic's register, row by row
//! letters ─────── letter ──┘            └─ route    what the clinic's desk asks
//! ```
//!
//! [`verdict::judge`] is the only place that decides who pays. The rules `I23`, `I24` and `I40` onwards are in
//! `docs/clinics.md`.

pub mod adjudicate;
pub mod book;
pub mod finder;
pub mod insured_view;
pub mod letter;
pub mod lists;
pub mod loyalty;
pub mod network;
pub mod output;
pub mod register;
pub mod routing;
pub mod verdict;
