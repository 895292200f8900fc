//! Killed and concurrent runs: a result is complete or absent.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{MANIFEST, Run, command, complete_manifest, names, quote, small_contract, write_contract};
use crate::support::{contract, roster};

const INSURED: usize = 20_000;
const SIGKILL: i32 = 9;

/// Reproducible pseudorandom numbers (`SplitMix64`).
pub struct Random(pub u64);

impl Random {
    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A moment of a run that lasts `whole`; half of them are in the last third, where files are moved into place.
    pub fn moment(&mut self, whole: Duration) -> Duration {
        let micros = u64::try_from(whole.as_micros()).unwrap();
        let first = if self.number().is_multiple_of(2) { 0 } else { micros * 2 / 3 };
        Duration::from_micros(first + self.number() % (micros - first).max(1))
    }
}

/// A contract whose quote takes long enough to be killed.
struct Large {
    folder: TempDir,
    contract: PathBuf,
    out: PathBuf,
}

impl Large {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let terms = contract().with("roster = \"roster.csv\"").cover("16", "exclude = ['dental']");
        let people = (0..INSURED).fold(roster(), |roster, at| roster.aged(u16::try_from(20 + at % 50).unwrap(), 1));
        let contract = write_contract(&folder.path().join("in"), &terms, &people);
        fs::create_dir(folder.path().join("results")).unwrap();
        let out = folder.path().join("results/out");
        Self { folder, contract, out }
    }

    /// Starts a run; the language distinguishes its result from an earlier one.
    fn start(&self, language: &str) -> Child {
        let arguments = ["quote".as_ref(), self.contract.as_os_str(), "--out".as_ref(), self.out.as_os_str()];
        let mut command = command(arguments);
        command.args(["--lang", language, "--quiet"]).stdout(Stdio::null());
        command.spawn().unwrap()
    }

    fn finish(&self, language: &str) {
        let run = Run::new(self.start(language).wait_with_output().unwrap()).exits_with(0);
        assert_eq!(run.err, "");
    }

    /// The files beside the result that are not its own.
    fn leftovers(&self) -> Vec<String> {
        names(&self.folder.path().join("results")).into_iter().filter(|name| name != "out").collect()
    }
}

/// The manifests of the results in both languages.
fn manifests(large: &Large) -> [Vec<u8>; 2] {
    ["ru", "en"].map(|language| {
        large.finish(language);
        complete_manifest(&large.out);
        fs::read(large.out.join(MANIFEST)).unwrap()
    })
}

/// Kills a run after a delay; returns whether it was still running.
pub fn kill_after(mut run: Child, delay: Duration) -> bool {
    sleep(delay);
    // killing fails if the run has ended
    let _ = run.kill();
    let status = run.wait().unwrap();
    assert!(status.success() || status.signal() == Some(SIGKILL), "{status}");
    status.signal() == Some(SIGKILL)
}

/// The length of a run: measured, then adjusted by every run that is found running or ended.
pub struct Length(pub Duration);

impl Length {
    /// The shortest of these runs: the first of a test waits for the disk.
    pub fn measure(runs: impl IntoIterator<Item = impl FnOnce()>) -> Self {
        let lengths = runs.into_iter().map(|run| {
            let since = Instant::now();
            run();
            since.elapsed()
        });
        Self(lengths.min().unwrap())
    }

    /// Adjusts the length by a run that was alive after a delay, or had ended.
    pub fn learn(&mut self, delay: Duration, alive: bool) {
        let step = delay / 20 + Duration::from_micros(1);
        self.0 = if alive { self.0.max(delay + step) } else { self.0.min(delay + step) };
    }
}

#[test]
fn a_killed_run_leaves_the_earlier_result_or_its_own_and_the_next_one_cleans_up() {
    const KILLS: usize = 200;
    let large = Large::new();
    let known = manifests(&large);
    let mut length = Length::measure([|| large.finish("en"); 2]);
    let mut random = Random(20_261_201);
    let (mut hits, mut replaced, mut littered) = (0, 0, 0);
    for round in 0..KILLS {
        let before = fs::read(large.out.join(MANIFEST)).unwrap();
        let language = if before == known[0] { "en" } else { "ru" };
        let delay = random.moment(length.0);
        let alive = kill_after(large.start(language), delay);
        length.learn(delay, alive);
        complete_manifest(&large.out);
        let after = fs::read(large.out.join(MANIFEST)).unwrap();
        assert!(known.contains(&after), "round {round}, killed after {delay:?}");
        assert!(alive || after != before, "a run that has ended has replaced the result");
        hits += usize::from(alive);
        replaced += usize::from(alive && after != before);
        let left = large.leftovers();
        assert!(left.len() <= 1 && left.iter().all(|name| name.starts_with(".out.partial-")), "{left:?}");
        littered += left.len();
    }
    println!(
        "{hits} of {KILLS} kills hit; {replaced} after the result was in place, {littered} left something beside it"
    );
    assert!(hits >= KILLS / 2, "{hits} of {KILLS} kills hit a living run");
    assert!(littered >= KILLS / 10, "{littered} of {KILLS} runs were killed while they were writing");
    large.finish("ru");
    complete_manifest(&large.out);
    assert_eq!(large.leftovers(), [""; 0]);
}

#[test]
fn a_killed_first_run_leaves_a_complete_result_or_none() {
    const KILLS: usize = 40;
    let large = Large::new();
    let mut length = Length::measure([|| large.finish("en"); 2]);
    let mut random = Random(77);
    let mut hits = 0;
    for _ in 0..KILLS {
        fs::remove_dir_all(&large.out).unwrap();
        let delay = random.moment(length.0);
        let alive = kill_after(large.start("ru"), delay);
        length.learn(delay, alive);
        hits += usize::from(alive);
        if large.out.exists() {
            complete_manifest(&large.out);
        } else {
            assert!(alive);
            fs::create_dir(&large.out).unwrap();
        }
    }
    assert!(hits >= KILLS / 2, "{hits} of {KILLS} kills hit a living run");
    large.finish("ru");
    complete_manifest(&large.out);
    assert_eq!(large.leftovers(), [""; 0]);
}

#[test]
fn concurrent_runs_into_one_folder_all_succeed() {
    const MEETINGS: usize = 8;
    let large = Large::new();
    for _ in 0..MEETINGS {
        // first without and then with an earlier result
        for languages in [&["ru", "en"][..], &["ru", "en", "en", "ru"]] {
            let runs: Vec<Child> = languages.iter().map(|language| large.start(language)).collect();
            for run in runs {
                Run::new(run.wait_with_output().unwrap()).exits_with(0);
            }
            complete_manifest(&large.out);
            assert_eq!(large.leftovers(), [""; 0]);
        }
        fs::remove_dir_all(&large.out).unwrap();
    }
}

#[test]
fn many_short_runs_with_different_files_into_one_folder_all_succeed() {
    const RUNS: usize = 40;
    let folder = tempfile::tempdir().unwrap();
    let contract = write_contract(&folder.path().join("in"), &small_contract(), &roster().crowd(3));
    let out = folder.path().join("results/out");
    let repeat = |more: &[&str]| {
        for _ in 0..RUNS {
            quote(&contract, &out, more).exits_with(0);
        }
    };
    std::thread::scope(|threads| {
        for more in [&["--preliminary"][..], &["--format", "csv"], &["--format", "parquet"]] {
            threads.spawn(move || repeat(more));
        }
    });
    complete_manifest(&out);
    assert_eq!(names(&folder.path().join("results")), ["out"]);
}
