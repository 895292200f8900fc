//! A value of the tariff with the clause that it stands in.

/// A value of the tariff and its clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited<T> {
    /// The number of the clause: `2.6.7.1`.
    pub clause: String,
    /// What the clause gives.
    pub value: T,
}
