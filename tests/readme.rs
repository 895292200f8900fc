//! The sessions of the README are real: each command is run again, and what it shows is what stands there.

use std::path::Path;
use std::process::Command;

/// A command of a session and what it showed.
struct Shown {
    command: String,
    output: String,
}

#[test]
fn every_session_of_the_readme_is_what_the_program_shows() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root.join("samples"), folder.path().join("samples")).unwrap();
    let shown = sessions(&std::fs::read_to_string(root.join("README.md")).unwrap());
    assert!(shown.len() >= 3, "the README shows how it is used");
    let program = Path::new(env!("CARGO_BIN_EXE_kollektiv"));
    for Shown { command, output } in shown {
        let path = format!("{}:{}", program.parent().unwrap().display(), std::env::var("PATH").unwrap());
        let ran = Command::new("sh")
            .args(["-c", &format!("{{ {command}\n}} 2>&1")])
            .current_dir(folder.path())
            .env("PATH", path)
            .output()
            .unwrap();
        let really = String::from_utf8(ran.stdout).unwrap();
        assert_eq!(really.trim_end(), output.trim_end(), "`$ {command}` shows something else now");
    }
}

/// The commands in the `console` blocks of a text.
fn sessions(text: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match (inside, line) {
            (false, "```console") => inside = true,
            (true, "```") => inside = false,
            (true, line) => match (line.strip_prefix("$ "), found.last_mut()) {
                (Some(command), _) => found.push(Shown { command: command.to_owned(), output: String::new() }),
                (None, Some(last)) => {
                    last.output.push_str(line);
                    last.output.push('\n');
                }
                (None, None) => panic!("`{line}` stands before any command"),
            },
            (false, _) => {}
        }
    }
    found
}
