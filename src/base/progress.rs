//! The progress of a long run.

/// A stage of a run that takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading rosters; the steps are rows.
    Reading,
    /// Comparing the insured of a roster with each other.
    Comparing,
    /// Judging rows and working out rates and premiums.
    Pricing,
    /// Writing lines; the steps are insured.
    Writing,
    /// Making documents from a quote.
    Documents,
    /// Binding contracts; the steps are contracts.
    Binding,
    /// Repricing contracts; the steps are contracts.
    Repricing,
    /// Writing what is prepared into the book.
    Committing,
    /// Reading a book back; the steps are contracts.
    Verifying,
}

/// An observer of a run's progress; its functions may be called from any thread.
pub trait Progress: Sync {
    /// A stage begins; `steps` is its number of steps, if known.
    fn begin_stage(&self, stage: Stage, steps: Option<u64>);

    /// Adds to the number of steps that are done.
    fn advance(&self, steps: u64);
}

/// No observer.
impl Progress for () {
    fn begin_stage(&self, _: Stage, _: Option<u64>) {}

    fn advance(&self, _: u64) {}
}
