//! Completion in real shells: the scripts of `kollektiv completions`, with what a person types.

use std::fs;
use std::path::Path;

use crate::program::{PROGRAM, run, small_contract, write_contract};
use crate::support::roster;
use crate::terminal::Terminal;

/// A book with one contract, and a contract file and a roster with names that shells find hard.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = write_contract(folder.path(), &small_contract(), &roster().crowd(3));
        let book = folder.path().join("book");
        run(["bind", path.to_str().unwrap(), "--portfolio", book.to_str().unwrap()]).exits_with(0);
        fs::write(folder.path().join("Список сотрудников.csv"), "").unwrap();
        // what the shell finds by this name is the program
        let programs = folder.path().join("bin");
        fs::create_dir(&programs).unwrap();
        std::os::unix::fs::symlink(PROGRAM, programs.join("kollektiv")).unwrap();
        Self { folder }
    }

    fn shell(&self, line: &str) -> Option<Terminal> {
        let programs = self.folder.path().join("bin");
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
        let home = self.folder.path().display().to_string();
        Terminal::start(line, 200, self.folder.path(), [("PATH", path), ("HOME", home)])
    }
}

/// Types lines with tabs into a shell that prints the words of each command instead of running it.
fn completes_in(shell: &str, setup: &str) {
    let desk = Desk::new();
    let Some(mut terminal) = desk.shell(shell) else { return };
    terminal.write(&format!("{setup}; echo RE''ADY\n"));
    terminal.wait_for("READY");
    let contract = Path::new("contract.toml");
    assert!(desk.folder.path().join(contract).exists());
    for (line, words) in [
        ("quot\t", "[quote]"),
        ("quote --prelim\t", "[quote][--preliminary]"),
        ("clinics rou\t", "[clinics][route]"),
        ("quote cont\t", "[quote][contract.toml]"),
        ("quote contract.toml Спис\t", "[quote][contract.toml][Список сотрудников.csv]"),
        ("portfolio show --portfolio book T\t", "[portfolio][show][--portfolio][book][T-1]"),
        ("renew --portfolio=bo\t T\t", "[renew][--portfolio=book/][T-1]"),
        ("explain contract.toml --plan \t", "[explain][contract.toml][--plan][A]"),
        ("tariff show ba\t", "[tariff][show][base-1]"),
        ("quote contract.toml --documents xl\t", "[quote][contract.toml][--documents][xlsx]"),
    ] {
        terminal.write(&format!("kollektiv {line}\n"));
        terminal.wait_for(&format!("WORDS{words}END"));
    }
    // several candidates are shown
    terminal.write("kollektiv explain contract.toml --programme 3\t\t");
    terminal.wait_for("3a");
}

#[test]
fn bash_completes_commands_options_contracts_plans_and_files() {
    let kollektiv = r#"kollektiv() { if [ -n "$KOLLEKTIV_COMPLETE" ]; then command kollektiv "$@"; else printf WORDS; printf '[%s]' "$@"; echo END; fi; }"#;
    completes_in("bash --norc -i", &format!("source <(kollektiv completions bash); {kollektiv}"));
}

#[test]
fn zsh_completes_commands_options_contracts_plans_and_files() {
    let kollektiv = r#"kollektiv() { if [ -n "$KOLLEKTIV_COMPLETE" ]; then command kollektiv "$@"; else printf WORDS; printf '[%s]' "$@"; echo END; fi; }"#;
    let setup = "autoload -Uz compinit; compinit -u -D; source <(kollektiv completions zsh)";
    completes_in("zsh -f -i", &format!("{setup}; {kollektiv}"));
}

#[test]
fn fish_completes_commands_options_contracts_plans_and_files() {
    let kollektiv = "function kollektiv; if set -q KOLLEKTIV_COMPLETE; command kollektiv $argv; else; printf WORDS; printf '[%s]' $argv; echo END; end; end";
    completes_in("fish --no-config -i", &format!("kollektiv completions fish | source; {kollektiv}"));
}
