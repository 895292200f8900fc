//! A full disk: the book is unchanged, and with free space again the same run succeeds.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Book, Office, can, ran};
use crate::program::{PROGRAM, Run, files};

/// The script on a small disk: the run, `verify`, and both again with free space. The disk is gone when the script ends.
const SCRIPT: &str = r#"
mount -t tmpfs -o size=$SIZE none disk || exit 90
if [ -e "$BOOK" ]; then cp -r "$BOOK" disk/book || exit 91; fi
"$@" >run.out 2>run.err
echo $? >run.code
if [ -e disk/book/register.sqlite ]; then
    "$PROGRAM" portfolio verify --portfolio disk/book --lang en --quiet >full.out 2>full.err
    echo $? >full.code
fi
cp -r disk full
mount -o remount,size=64m disk || exit 92
"$@" >again.out 2>again.err
echo $? >again.code
"$PROGRAM" portfolio verify --portfolio disk/book --quiet || exit 93
cp -r disk again
"#;

fn in_a_namespace(script: &str) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"]);
    command
}

/// The outcome of a run on a small disk.
struct Small {
    run: Run,
    verify: Option<Run>,
}

fn saved_run(office: &Office, name: &str) -> Option<Run> {
    let text = |end: &str| fs::read_to_string(office.path(&format!("{name}.{end}"))).unwrap_or_default();
    let code = text("code").trim().parse().ok()?;
    Some(Run { code: Some(code), out: text("out"), err: text("err") })
}

/// Runs on a disk of this size in KiB; `before` is the existing book, `after` the one of an undisturbed run.
fn on_a_disk(office: &Office, kib: usize, arguments: &[&str], before: Option<&Book>, after: &Book) -> Small {
    for name in ["full", "again", "disk"] {
        let _ = fs::remove_dir_all(office.path(name));
    }
    for name in ["run.code", "full.code", "again.code"] {
        let _ = fs::remove_file(office.path(name));
    }
    fs::create_dir(office.path("disk")).unwrap();
    let mut command = in_a_namespace(SCRIPT);
    command.arg(PROGRAM).args(arguments).args(["--portfolio", "disk/book", "--lang", "en", "--quiet"]);
    command.env("SIZE", format!("{kib}k")).env("PROGRAM", PROGRAM).env("NO_COLOR", "1");
    command.env("BOOK", if before.is_some() { "bound" } else { "" }).current_dir(office.path(""));
    ran(command).exits_with(0);
    let small = Small { run: saved_run(office, "run").unwrap(), verify: saved_run(office, "full") };
    let when = format!("{kib} KiB: {}", small.run.err);
    assert!(!small.run.err.contains("panicked"), "{when}");
    if small.run.code != Some(0) {
        assert_eq!(small.run.code, Some(1), "{when}");
        assert!(small.run.err.contains("disk"), "{when}");
        if office.path("full/book/register.sqlite").exists() {
            let full = office.book("full/book");
            match before {
                Some(before) => full.assert_same(before, &when),
                None => assert_eq!((full.runs(), full.data.len()), (0, 0), "{when}"),
            }
        } else {
            assert!(before.is_none(), "{when}");
        }
        assert!(!office.path("full/out").exists(), "{when}");
    }
    saved_run(office, "again").unwrap().exits_with(0);
    office.book("again/book").assert_same(after, &when);
    small
}

/// The path in the message about the full disk.
fn place(run: &Run) -> &'static str {
    let names = [("register.sqlite", "register"), ("disk/out", "result"), ("disk/.out", "result"), ("data", "data")];
    let found = names.into_iter().find(|(name, _)| run.err.contains(name));
    found.map_or("folder", |(_, place)| place)
}

/// Finds the smallest sufficient disk and tries smaller ones; returns the paths in their messages. Each book stays readable.
fn growing(
    office: &Office,
    from: usize,
    arguments: &[&str],
    before: Option<&Book>,
    after: &Book,
) -> BTreeSet<&'static str> {
    let enough = |kib| on_a_disk(office, kib, arguments, before, after);
    let mut places = BTreeSet::new();
    let (mut low, mut high) = (from, 4096);
    assert_eq!(enough(high).run.code, Some(0));
    let mut sizes = Vec::new();
    // the smallest sufficient disk
    while high - low > 4 {
        let middle = (low + high) / 8 * 4;
        let small = enough(middle);
        if small.run.code == Some(0) {
            high = middle;
        } else {
            low = middle;
            places.insert(place(&small.run));
            sizes.push(middle);
        }
    }
    // page by page, or in as many steps as there are runs
    let parts = ((low - from) / 4).clamp(1, 48);
    let steps = (1..parts).map(|part| (from + (low - from) * part / parts) / 4 * 4);
    for size in steps.filter(|size| *size > from && !sizes.contains(size)) {
        let small = enough(size);
        assert_eq!(small.run.code, Some(1), "{size} KiB are less than {low}");
        places.insert(place(&small.run));
        if let Some(verify) = small.verify {
            verify.exits_with(0);
        }
    }
    places
}

/// The space that the files of a folder take on a disk with pages of 4 KiB.
fn pages_kib(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { pages_kib(&path) } else { fs::read(path).unwrap().len().div_ceil(4096) * 4 })
        .sum()
}

#[test]
fn a_full_disk_leaves_the_book_unchanged() {
    if !can("a mount namespace of one's own", in_a_namespace("mkdir -p /tmp && mount -t tmpfs none /mnt")) {
        return;
    }
    // rows that need more space than the register
    let office = Office::new(&[4000, 4000, 4000]);
    ran(office.bind("whole")).exits_with(0);
    let bind = ["bind", "contract-1/contract.toml", "contract-2/contract.toml", "contract-3/contract.toml"];
    let places = growing(&office, 4, &bind, None, &office.book("whole"));
    assert!(["data", "register"].iter().all(|place| places.contains(place)), "{places:?}");

    // the result is written before the book changes
    office.bound("bound");
    office.copy("bound", "whole");
    ran(office.reprice("whole", "whole-out")).exits_with(0);
    let from = pages_kib(&office.path("bound"));
    let reprice = ["reprice", "change.toml", "--out", "disk/out"];
    let places = growing(&office, from, &reprice, Some(&office.book("bound")), &office.book("whole"));
    // the rows of the book are links of those of the result
    assert!(["register", "result"].iter().all(|place| places.contains(place)), "{places:?}");
    assert!(files(&office.path("again/out")) == files(&office.path("whole-out")));
}
