//! The arrows between the rooms of `src`, against the table in `ARCHITECTURE.md`, and no circle of files inside a room.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::program::project;
use crate::source_code::{Source, Token, sources_in};

/// A module, as the names on the way from the root of the crate to it.
type ModulePath = Vec<String>;

#[test]
fn no_room_uses_a_room_that_the_table_does_not_allow() {
    let table = allowed_rooms();
    let files = Files::read();
    let rooms: BTreeSet<&str> = files.modules.iter().filter_map(|module| module.room()).collect();
    assert_eq!(table.keys().map(String::as_str).collect::<BTreeSet<_>>(), rooms, "one line in ARCHITECTURE.md a room");
    let mut wrong = Vec::new();
    for module in &files.modules {
        let Some(room) = module.room() else { continue };
        for path in &module.paths {
            let Some(used) = path.target.first().filter(|used| rooms.contains(used.as_str())) else { continue };
            if used != room && !table[room].contains(used) {
                let target = path.target.join("::");
                wrong.push(format!("{}:{}: {room} → {used} ({target})", module.file.display(), path.line));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that ARCHITECTURE.md does not allow:\n{}", wrong.join("\n"));
}

#[test]
fn no_files_of_a_room_use_each_other_in_a_circle() {
    let files = Files::read();
    let uses = files.uses();
    let reached: Vec<BTreeSet<usize>> = (0..uses.len()).map(|from| reachable(&uses, from)).collect();
    let mut circles: BTreeMap<BTreeSet<usize>, Vec<String>> = BTreeMap::new();
    for (from, targets) in uses.iter().enumerate() {
        let circle: BTreeSet<usize> =
            reached[from].iter().copied().filter(|&other| reached[other].contains(&from)).collect();
        for (to, line) in targets.iter().filter(|(to, _)| circle.contains(to)) {
            let [from, to] = [from, *to].map(|at| files.modules[at].file.display());
            circles.entry(circle.clone()).or_default().push(format!("  {from}:{line} → {to}"));
        }
    }
    let circles: Vec<String> = circles.into_values().map(|arrows| arrows.join("\n")).collect();
    assert!(circles.is_empty(), "{} circles of files:\n{}", circles.len(), circles.join("\n\n"));
}

/// The rooms that each room may use: the lines `room: allowed, allowed` of the first block under the heading "Rooms".
fn allowed_rooms() -> BTreeMap<String, BTreeSet<String>> {
    let text = std::fs::read_to_string(project().join("ARCHITECTURE.md")).unwrap();
    let section = text.split_once("\n## Rooms\n").expect("a section `## Rooms`").1;
    let block = section.split("```").nth(1).expect("a fenced block under `## Rooms`");
    let lines = block.lines().skip(1).filter(|line| !line.trim().is_empty());
    let room = |line: &str| {
        let (room, allowed) = line.split_once(':').unwrap_or_else(|| panic!("`{line}` names no room"));
        let allowed = allowed.split(',').map(str::trim).filter(|room| !room.is_empty());
        (room.trim().to_owned(), allowed.map(str::to_owned).collect())
    };
    lines.map(room).collect()
}

/// The modules that are files of `src`.
struct Files {
    modules: Vec<Module>,
}

/// A module that is a file, with the paths in its code.
struct Module {
    file: PathBuf,
    path: ModulePath,
    paths: Vec<UsedPath>,
    /// The names that it exports again, and what they name.
    reexports: BTreeMap<String, ModulePath>,
}

/// A path in the code of a module, resolved from the root of the crate.
struct UsedPath {
    line: usize,
    target: ModulePath,
    /// Whether it stands in unit tests, which are compiled without them in the program.
    is_test: bool,
}

impl Module {
    /// The first module on the way; none for the root and the program.
    fn room(&self) -> Option<&str> {
        self.path.first().map(String::as_str)
    }

    fn parse(source: &Source) -> Self {
        let mut reader = PathReader::new(source);
        reader.read();
        Self { file: source.path.clone(), path: reader.module, paths: reader.paths, reexports: reader.reexports }
    }
}

impl Files {
    fn read() -> Self {
        let sources = sources_in("src");
        let modules = sources.iter().filter(|source| source.path != Path::new("src/main.rs"));
        Self { modules: modules.map(Module::parse).collect() }
    }

    /// For each file the files of its room that it uses, with the first line that does.
    fn uses(&self) -> Vec<BTreeMap<usize, usize>> {
        let of_module = |module: &Module| {
            let mut uses = BTreeMap::new();
            for path in module.paths.iter().filter(|path| !path.is_test) {
                let target = self.file_of(&path.target);
                if self.modules[target].room() == module.room() && self.modules[target].path != module.path {
                    uses.entry(target).or_insert(path.line);
                }
            }
            uses
        };
        self.modules.iter().map(of_module).collect()
    }

    /// The file that a path leads to; a name that a module exports again leads to where it is declared.
    fn file_of(&self, target: &[String]) -> usize {
        let is_prefix = |module: &&(usize, &Module)| target.starts_with(&module.1.path);
        let modules: Vec<(usize, &Module)> = self.modules.iter().enumerate().collect();
        let (at, module) = *modules.iter().filter(is_prefix).max_by_key(|(_, module)| module.path.len()).unwrap();
        let rest = &target[module.path.len()..];
        match rest.first().and_then(|name| module.reexports.get(name)) {
            Some(declared) if *declared != target => self.file_of(&[declared, &rest[1..]].concat()),
            _ => at,
        }
    }
}

/// All files that can be reached from one by at least one arrow.
fn reachable(uses: &[BTreeMap<usize, usize>], from: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<usize> = uses[from].keys().copied().collect();
    while let Some(next) = open.pop() {
        if reached.insert(next) {
            open.extend(uses[next].keys());
        }
    }
    reached
}

/// Reads the paths in the tokens of a file.
struct PathReader<'s> {
    tokens: &'s [Token],
    at: usize,
    /// The module that the file is.
    module: ModulePath,
    /// The modules with a body that the reader is in, each with the number of braces open outside of it.
    inline: Vec<(String, usize)>,
    braces: usize,
    /// The modules that the file declares.
    children: BTreeSet<String>,
    paths: Vec<UsedPath>,
    reexports: BTreeMap<String, ModulePath>,
}

impl<'s> PathReader<'s> {
    fn new(source: &'s Source) -> Self {
        let inside = source.path.strip_prefix("src").unwrap().with_extension("");
        let module: ModulePath = inside.iter().map(|name| name.to_str().unwrap().to_owned()).collect();
        let module = if module == ["lib"] { Vec::new() } else { module };
        let tokens = &source.tokens[..];
        let declares = |run: &[Token]| (run[0].is("mod") && run[2].is(";")).then(|| run[1].text.clone());
        let children = tokens.windows(3).filter_map(declares).collect();
        Self {
            tokens,
            at: 0,
            module,
            inline: Vec::new(),
            braces: 0,
            children,
            paths: Vec::new(),
            reexports: BTreeMap::new(),
        }
    }

    fn read(&mut self) {
        while self.at < self.tokens.len() {
            match self.tokens[self.at].text.as_str() {
                _ if self.tokens[self.at].is_literal => self.at += 1,
                "{" => self.open_brace(),
                "}" => self.close_brace(),
                "mod" if self.is(self.at + 2, "{") => {
                    self.inline.push((self.tokens[self.at + 1].text.clone(), self.braces));
                    self.at += 2;
                }
                "use" if !self.is(self.at + 1, "<") => self.read_use(),
                name if self.begins_path(name) => self.read_path(),
                _ => self.at += 1,
            }
        }
    }

    fn open_brace(&mut self) {
        self.braces += 1;
        self.at += 1;
    }

    fn close_brace(&mut self) {
        self.braces -= 1;
        if self.inline.last().is_some_and(|(_, braces)| *braces == self.braces) {
            self.inline.pop();
        }
        self.at += 1;
    }

    fn is(&self, at: usize, text: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(text))
    }

    fn is_path_separator(&self, at: usize) -> bool {
        self.is(at, ":") && self.is(at + 1, ":")
    }

    /// Whether a name is the first of a path into this crate.
    fn begins_path(&self, name: &str) -> bool {
        let follows = |marks: &[&str]| {
            let begin = self.at.checked_sub(marks.len());
            begin.is_some_and(|begin| (begin..).zip(marks).all(|(at, mark)| self.is(at, mark)))
        };
        // the middle of a path, a path that a macro leaves to its user, and the scope of a visibility are no uses
        let is_no_use = follows(&[":", ":"]) || follows(&["$"]) || follows(&["pub", "(", "in"]);
        self.is_path_separator(self.at + 1) && !is_no_use && self.is_of_this_crate(name)
    }

    fn is_of_this_crate(&self, first: &str) -> bool {
        matches!(first, "crate" | "super" | "self") || self.inline.is_empty() && self.children.contains(first)
    }

    /// Reads a path inside of code: `crate::base::money::Kopecks`.
    fn read_path(&mut self) {
        let line = self.tokens[self.at].line;
        let mut names = vec![self.tokens[self.at].text.clone()];
        self.at += 1;
        while self.is_path_separator(self.at) {
            let Some(name) = self.tokens.get(self.at + 2).and_then(Token::identifier) else { break };
            names.push(name.to_owned());
            self.at += 3;
        }
        self.add(line, &names);
    }

    /// Reads a declaration `use …;` with all its branches.
    fn read_use(&mut self) {
        let is_public = self.at > 0 && (self.is(self.at - 1, "pub") || self.is(self.at - 1, ")"));
        let line = self.tokens[self.at].line;
        self.at += 1;
        let mut paths = Vec::new();
        self.read_branch(&mut Vec::new(), &mut paths);
        for (names, alias) in paths {
            if names.first().is_none_or(|first| !self.is_of_this_crate(first)) {
                continue;
            }
            if is_public {
                let target = self.resolve(&names);
                self.reexports.insert(alias, target);
            } else {
                self.add(line, &names);
            }
        }
    }

    /// Reads one branch of a `use` declaration, and adds its paths with the names that they are used by.
    fn read_branch(&mut self, before: &mut Vec<String>, paths: &mut Vec<(Vec<String>, String)>) {
        let length = before.len();
        while let Some(token) = self.tokens.get(self.at) {
            match token.text.as_str() {
                ":" => self.at += 1,
                "{" => {
                    self.at += 1;
                    while !self.is(self.at, "}") {
                        self.read_branch(before, paths);
                        self.at += usize::from(self.is(self.at, ","));
                    }
                    self.at += 1;
                    before.truncate(length);
                    return;
                }
                "," | "}" | ";" => break,
                name => {
                    before.push(name.to_owned());
                    self.at += 1;
                }
            }
        }
        let mut names = before.clone();
        before.truncate(length);
        let mut alias = names.last().cloned().unwrap_or_default();
        if names.len() > 2 && names[names.len() - 2] == "as" {
            names.truncate(names.len() - 2);
        }
        if names.last().is_some_and(|last| last == "self" && names.len() > 1) {
            names.pop();
            alias = names.last().cloned().unwrap_or_default();
        }
        paths.push((names, alias));
    }

    fn add(&mut self, line: usize, names: &[String]) {
        let target = self.resolve(names);
        let is_test = self.inline.iter().any(|(name, _)| name == "tests");
        self.paths.push(UsedPath { line, target, is_test });
    }

    /// The path from the root of the crate.
    fn resolve(&self, names: &[String]) -> ModulePath {
        let inline = self.inline.iter().map(|(name, _)| name.clone());
        let mut path: ModulePath = self.module.iter().cloned().chain(inline).collect();
        for name in names {
            match name.as_str() {
                "crate" => path.clear(),
                "self" => {}
                "super" => {
                    path.pop();
                }
                "*" => break,
                name => path.push(name.to_owned()),
            }
        }
        path
    }
}

#[test]
fn paths_are_resolved_from_the_root_of_the_crate() {
    let text = "
        mod b;
        pub use b::Exported;
        use crate::x::{self, y::Y, z::{Z1, Z2 as Other}};
        use std::path::Path;
        pub(in crate::v) fn f() { super::g(b::h(), crate::i::J::<u8>::new(), $crate::m(), \"crate::k\") }
        mod tests { use super::*; fn f() { super::super::l() } }
    ";
    let module = Module::parse(&Source::parse(Path::new("src/r/a.rs"), text));
    let targets: Vec<String> = module.paths.iter().map(|path| path.target.join("::")).collect();
    let expected =
        ["x", "x::y::Y", "x::z::Z1", "x::z::Z2", "r::g", "r::a::b::h", "i::J", "r::a", "r::l"].map(str::to_owned);
    assert_eq!(targets, expected);
    assert_eq!(module.paths.iter().filter(|path| path.is_test).count(), 2);
    assert_eq!(module.reexports["Exported"], ["r", "a", "b", "Exported"]);
}
