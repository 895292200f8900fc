//! A progress bar on a terminal, for runs of more than a second.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::base::progress::{Progress, Stage};
use crate::cli::screen::Screen;

/// A shorter run has no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a bar moves while no step is done.
const TICK: Duration = Duration::from_millis(200);

/// A progress bar that appears after a second.
pub struct Bar<'s> {
    screen: &'s Screen,
    since: Instant,
    steps: AtomicU64,
    stage: Mutex<Option<(Stage, Option<u64>)>>,
    drawn: Mutex<Option<ProgressBar>>,
}

impl<'s> Bar<'s> {
    /// A bar for a run that starts now.
    pub fn new(screen: &'s Screen) -> Self {
        Self {
            screen,
            since: Instant::now(),
            steps: AtomicU64::new(0),
            stage: Mutex::new(None),
            drawn: Mutex::new(None),
        }
    }

    /// Prints something while the bar is hidden.
    pub fn suspend(&self, show: impl FnOnce()) {
        match self.drawn.lock().ok().as_deref() {
            Some(Some(bar)) => bar.suspend(show),
            _ => show(),
        }
    }

    fn draw(&self) -> Option<ProgressBar> {
        let (stage, steps) = (*self.stage.lock().ok()?)?;
        let bar = steps.map_or_else(ProgressBar::no_length, ProgressBar::new);
        let template =
            if steps.is_some() { "{msg} {wide_bar} {human_pos}/{human_len}" } else { "{msg} {spinner} {elapsed}" };
        let bar = bar.with_style(ProgressStyle::with_template(template).ok()?);
        bar.set_message(self.screen.text(match stage {
            Stage::Reading => "progress-reading",
            Stage::Comparing => "progress-comparing",
            Stage::Pricing => "progress-pricing",
            Stage::Writing => "progress-writing",
            Stage::Documents => "progress-documents",
            Stage::Committing => "progress-committing",
            Stage::Binding => "progress-binding",
            Stage::Repricing => "progress-repricing",
            Stage::Verifying => "progress-verifying",
        }));
        bar.enable_steady_tick(TICK);
        Some(bar)
    }
}

impl Progress for Bar<'_> {
    fn begin(&self, stage: Stage, steps: Option<u64>) {
        self.steps.store(0, Ordering::Relaxed);
        if let (Ok(mut current), Ok(mut bar)) = (self.stage.lock(), self.drawn.lock()) {
            *current = Some((stage, steps));
            if let Some(bar) = bar.take() {
                bar.finish_and_clear();
            }
        }
        // a stage without steps must be seen too
        self.show(0);
    }

    fn advance(&self, steps: u64) {
        self.show(self.steps.fetch_add(steps, Ordering::Relaxed) + steps);
    }
}

impl Bar<'_> {
    /// Draws the bar with `done` steps done, once the run has lasted long enough.
    fn show(&self, done: u64) {
        if !self.screen.shows_progress() || self.since.elapsed() < PATIENCE {
            return;
        }
        if let Ok(mut bar) = self.drawn.lock() {
            if bar.is_none() {
                *bar = self.draw();
            }
            if let Some(bar) = bar.as_ref() {
                bar.set_position(done);
            }
        }
    }
}

impl Drop for Bar<'_> {
    fn drop(&mut self) {
        if let Ok(Some(bar)) = self.drawn.get_mut() {
            bar.finish_and_clear();
        }
    }
}
