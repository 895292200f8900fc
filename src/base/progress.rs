//! How far a long run has come, for whoever watches it.

/// A part of a run that takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading rosters; the steps are rows.
    Reading,
    /// Writing lines; the steps are insured.
    Writing,
    /// Binding contracts; the steps are contracts.
    Binding,
    /// Repricing contracts; the steps are contracts.
    Repricing,
    /// Reading a book back; the steps are contracts.
    Verifying,
}

/// Somebody who is told how far a run has come; may be called from any thread.
pub trait Progress: Sync {
    /// A stage begins; how many steps it has, where that is known.
    fn begin(&self, stage: Stage, steps: Option<u64>);

    /// So many steps more are done.
    fn advance(&self, steps: u64);
}

/// Nobody watches.
impl Progress for () {
    fn begin(&self, _: Stage, _: Option<u64>) {}

    fn advance(&self, _: u64) {}
}
