//! The sex of an insured, where a programme is for one only.

/// Woman or man.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// A woman.
    Female,
    /// A man.
    Male,
}
