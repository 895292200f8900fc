//! A progress bar on a terminal, for runs of more than a second.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::base::messages::{Language, Message};
use crate::base::progress::{Progress, Stage};
use crate::cli::screen::Screen;

/// A shorter run has no bar.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a bar moves while no step is done.
const TICK: Duration = Duration::from_millis(200);

/// A progress bar that appears after a second, even in a stage without steps.
pub struct Bar {
    state: Arc<State>,
}

/// The progress of the run, and its bar.
struct State {
    language: Language,
    /// Whether the run may draw a bar.
    is_shown: bool,
    since: Instant,
    patience: Duration,
    steps: AtomicU64,
    shown: Mutex<Shown>,
}

/// The stage with the number of its steps, if known, and its bar once the run has lasted long enough.
#[derive(Default)]
struct Shown {
    stage: Option<(Stage, Option<u64>)>,
    bar: Option<ProgressBar>,
}

impl Bar {
    /// A bar for a run that starts now.
    pub fn new(screen: &Screen) -> Self {
        Self::after(PATIENCE, screen.language, screen.shows_progress())
    }

    fn after(patience: Duration, language: Language, is_shown: bool) -> Self {
        let state = Arc::new(State {
            language,
            is_shown,
            since: Instant::now(),
            patience,
            steps: AtomicU64::new(0),
            shown: Mutex::default(),
        });
        if is_shown {
            // a stage without steps may begin before the bar appears, and last
            let waiting = Arc::downgrade(&state);
            let appear = move || {
                thread::sleep(patience);
                if let Some(state) = waiting.upgrade() {
                    state.show();
                }
            };
            // without the thread the bar appears with the next step
            let _ = thread::Builder::new().spawn(appear);
        }
        Self { state }
    }

    /// Prints something while the bar is hidden.
    pub fn suspend(&self, show: impl FnOnce()) {
        match self.state.shown.lock().ok().and_then(|shown| shown.bar.clone()) {
            Some(bar) => bar.suspend(show),
            None => show(),
        }
    }
}

impl Progress for Bar {
    fn begin_stage(&self, stage: Stage, steps: Option<u64>) {
        self.state.steps.store(0, Ordering::Relaxed);
        if let Ok(mut shown) = self.state.shown.lock() {
            shown.stage = Some((stage, steps));
            shown.clear();
        }
        // a stage without steps must be seen too
        self.state.show();
    }

    fn advance(&self, steps: u64) {
        self.state.steps.fetch_add(steps, Ordering::Relaxed);
        self.state.show();
    }
}

impl State {
    /// Draws the bar with the steps that are done, once the run has lasted long enough.
    fn show(&self) {
        if !self.is_shown || self.since.elapsed() < self.patience {
            return;
        }
        let Ok(mut shown) = self.shown.lock() else { return };
        if shown.bar.is_none() {
            shown.bar = shown.stage.and_then(|(stage, steps)| self.draw(stage, steps));
        }
        if let Some(bar) = &shown.bar {
            bar.set_position(self.steps.load(Ordering::Relaxed));
        }
    }

    fn draw(&self, stage: Stage, steps: Option<u64>) -> Option<ProgressBar> {
        let bar = steps.map_or_else(ProgressBar::no_length, ProgressBar::new);
        let template =
            if steps.is_some() { "{msg} {wide_bar} {human_pos}/{human_len}" } else { "{msg} {spinner} {elapsed}" };
        let bar = bar.with_style(ProgressStyle::with_template(template).ok()?);
        bar.set_message(self.language.render(&Message::new(match stage {
            Stage::Reading => "progress-reading",
            Stage::Comparing => "progress-comparing",
            Stage::Pricing => "progress-pricing",
            Stage::Writing => "progress-writing",
            Stage::Documents => "progress-documents",
            Stage::Committing => "progress-committing",
            Stage::Binding => "progress-binding",
            Stage::Repricing => "progress-repricing",
            Stage::Verifying => "progress-verifying",
        })));
        bar.enable_steady_tick(TICK);
        Some(bar)
    }
}

impl Shown {
    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Ok(mut shown) = self.state.shown.lock() {
            // a bar that would appear later has no stage to show
            shown.stage = None;
            shown.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of the bar; none while nothing is drawn.
    fn drawn(bar: &Bar) -> Option<(String, u64)> {
        bar.state.shown.lock().unwrap().bar.as_ref().map(|bar| (bar.message(), bar.position()))
    }

    #[test]
    fn a_stage_without_steps_is_shown_however_early_it_began() {
        let short = Bar::after(Duration::from_hours(1), Language::En, true);
        short.begin_stage(Stage::Comparing, None);
        assert_eq!(drawn(&short), None, "a short run has no bar");
        let bar = Bar::after(Duration::from_millis(30), Language::En, true);
        bar.begin_stage(Stage::Comparing, None);
        while drawn(&bar).is_none() {
            thread::sleep(Duration::from_millis(5));
        }
        let message = |name| Language::En.render(&Message::new(name));
        assert_eq!(drawn(&bar), Some((message("progress-comparing"), 0)));
        bar.begin_stage(Stage::Writing, Some(10));
        bar.advance(4);
        assert_eq!(drawn(&bar), Some((message("progress-writing"), 4)), "the next stage replaces it at once");
        bar.begin_stage(Stage::Documents, None);
        assert_eq!(drawn(&bar), Some((message("progress-documents"), 0)));
    }

    #[test]
    fn a_quiet_run_has_no_bar() {
        let bar = Bar::after(Duration::ZERO, Language::En, false);
        bar.begin_stage(Stage::Reading, None);
        bar.advance(1);
        assert_eq!(drawn(&bar), None);
    }
}
