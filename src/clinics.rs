//! The clinics: attached insured, guarantee letters, adjudicated registers, answers for the clinics' desks.
//!
//! ```text
//! clinics.toml ── network ──────────────────┐
//! portfolio ───── book ── insured_index ────┼─ verdict ──┬─ adjudicate   a clinic register, row by row
//! table of letters ────── letter ───────────┘            └─ routing      a question of a clinic's desk
//! ```
//!
//! [`verdict::judge`] is pure, and the only place that decides who pays. A clinic receives no more about an insured than it needs: no
//! risk group, no sum insured, no premium. The rules `I23`, `I24` and `I40` onwards are in `docs/clinics.md`.

pub mod act;
pub mod adjudicate;
pub mod balances;
pub mod book;
pub mod claim;
pub mod entitled;
pub mod export;
pub mod insured_index;
pub mod insured_view;
pub mod ledger;
pub mod letter;
pub mod lists;
pub mod loyalty;
pub mod network;
pub mod output;
mod precedents;
pub mod register;
pub mod routing;
pub mod sent_lists;
pub mod teeth;
pub mod verdict;
pub mod visit_reason;
