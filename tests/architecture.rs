//! Rules about the source itself: which part may know which, and what no part may hold.
//!
//! The tables below are the rules; the rest reads the files and compares. A violation is reported
//! with its file and line. The map behind the floors is in src/lib.rs and ARCHITECTURE.md.

use std::fs;
use std::path::{Path, PathBuf};

/// Every module of the crate and its floor. An import goes down: never up, never sideways.
const FLOORS: &[(u8, &[&str])] = &[
    (10, &["main", "bin"]),
    (9, &["app"]),
    (8, &["page"]),
    (7, &["web", "view"]),
    (6, &["playground", "lesson"]),
    (5, &["run"]),
    (4, &["scenario"]),
    (3, &["sim", "check"]),
    (2, &["history", "chance"]),
    (1, &["shop", "time", "order", "turns"]),
];

/// Behind these modules stands a browser or a terminal; everything else is below the wall.
const ABOVE_THE_WALL: &[&str] = &["main", "bin", "app", "web"];

/// Words that code may not use, the modules that may all the same, and the reason.
const BANNED: &[(&[&str], &[&str], &str)] = &[
    (&["yew"], &["app", "main"], "only app draws with Yew"),
    (&["web_sys"], &["web"], "only web knows the browser"),
    (
        &["js_sys", "gloo", "gloo_timers", "wasm_bindgen"],
        ABOVE_THE_WALL,
        "this is below the wall",
    ),
    (
        &["std::time", "Instant", "SystemTime"],
        ABOVE_THE_WALL,
        "the only clock is SimTime",
    ),
    (
        &["HashMap", "HashSet"],
        ABOVE_THE_WALL,
        "iterated in random order; take a BTreeMap or a Vec",
    ),
    (
        &["f32", "f64"],
        &[
            "main",
            "bin",
            "app",
            "page",
            "web",
            "view",
            "playground",
            "lesson",
            "scenario",
            "chance",
        ],
        "a run knows integers only; floats live in chance",
    ),
    (
        &["dbg!", "todo!", "unimplemented!"],
        &[],
        "a half-done thing",
    ),
];

/// Words that comments may not hold.
const BANNED_IN_COMMENTS: &[&str] = &["TODO", "FIXME", "XXX"];

const COLUMNS: usize = 100;
const LINES: usize = 1_000;

/// The files that have a floor: the engine's and Lagoon's own.
fn modules() -> Vec<Source> {
    ["engine/src", "src"]
        .into_iter()
        .flat_map(sources)
        .collect()
}

#[test]
fn every_module_has_a_floor() {
    let known = |module: &str| module == "lib" || floor(module).is_some();
    let missing = modules().into_iter().filter(|file| !known(&file.module));
    report(missing.map(|file| format!("{}: `{}` has no floor", file.path, file.module)));
}

#[test]
fn every_import_goes_down() {
    report(modules().iter().flat_map(wrong_imports));
}

#[test]
fn no_module_uses_what_it_may_not_know() {
    report(modules().iter().flat_map(banned_words));
}

#[test]
fn every_module_file_opens_with_its_door() {
    // A file of a line or two explains itself.
    let closed = |file: &Source| file.text.lines().count() > 2 && !file.text.starts_with("//!");
    let closed = modules().into_iter().filter(closed);
    report(closed.map(|file| format!("{}:1: does not open with a `//!` comment", file.path)));
}

#[test]
fn lines_and_files_are_short() {
    let files = ["src", "engine/src", "tests", "xtask/src", "benches/src"]
        .into_iter()
        .flat_map(sources);
    report(files.flat_map(|file| too_long(&file)));
}

#[test]
fn nothing_is_left_half_done() {
    let files = ["src", "engine/src", "tests", "xtask/src", "benches/src"]
        .into_iter()
        .flat_map(sources);
    report(files.flat_map(|file| {
        let hits = BANNED_IN_COMMENTS.iter().flat_map(|word| {
            let lines = lines_with(&file.comments, word).into_iter();
            lines
                .map(|line| format!("{}:{line}: {word}", file.path))
                .collect::<Vec<_>>()
        });
        hits.collect::<Vec<_>>()
    }));
}

#[test]
fn no_path_of_anybodys_machine_stands_in_the_tree() {
    // Written in two pieces, or this file would report itself.
    let homes = [
        ["/wo", "rk/"],
        ["/ro", "ot/"],
        ["/ho", "me/"],
        ["/Us", "ers/"],
    ]
    .map(|p| p.concat());
    let mut found = Vec::new();
    for path in tree() {
        // What is not text holds no path that a person would follow.
        let Ok(text) = fs::read_to_string(root().join(&path)) else {
            continue;
        };
        for (line, content) in (1..).zip(text.lines()) {
            if homes.iter().any(|home| names_path(content, home)) {
                found.push(format!("{}:{line}: {}", path.display(), content.trim()));
            }
        }
    }
    report(found);
}

#[test]
fn lock_files_name_public_registries_only() {
    let cargo = fs::read_to_string(root().join("Cargo.lock")).expect("Cargo.lock is committed");
    let crates_io = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    let foreign = cargo
        .lines()
        .filter(|line| line.starts_with("source") && *line != crates_io);
    report(foreign.map(|line| format!("Cargo.lock: {line}")));
    let npm =
        fs::read_to_string(root().join("package-lock.json")).expect("so is package-lock.json");
    let resolved = npm
        .lines()
        .filter(|line| line.trim_start().starts_with("\"resolved\""));
    report(resolved.map(|line| format!("package-lock.json: {}", line.trim())));
}

/// The rules are held to small samples, so that a rule which finds nothing is known to look.
mod the_rules_themselves {
    use super::*;

    fn check(path: &str, text: &str, find: fn(&Source) -> Vec<String>, expect: &[&str]) {
        assert_eq!(find(&Source::new(path, text)), expect, "{path}: {text}");
    }

    #[test]
    fn imports() {
        let check = |path, text, expect: &[&str]| check(path, text, wrong_imports, expect);
        check(
            "engine/src/sim/world.rs",
            "use crate::chance::Seed;\nuse crate::sim::Cue;",
            &[],
        );
        check(
            "src/run.rs",
            "use crate::{\n    sim::World, scenario::{Scenario, lesson}, time\n};",
            &[],
        );
        check("src/lib.rs", "pub mod sim;", &[]);
        let up = "engine/src/sim/world.rs:2: `sim` (floor 3) uses `scenario` (floor 4)";
        check(
            "engine/src/sim/world.rs",
            "//! x\nuse crate::scenario::Scenario;",
            &[up],
        );
        let sideways = "engine/src/check.rs:1: `check` (floor 3) uses `sim` (floor 3)";
        check(
            "engine/src/check.rs",
            "fn f(t: &crate::sim::Trace) {}",
            &[sideways],
        );
        let grouped = "src/view.rs:3: `view` (floor 7) uses `app` (floor 9)";
        check(
            "src/view.rs",
            "use crate::{\n    run::Run,\n    app,\n};",
            &[grouped],
        );
        let around = "engine/src/time.rs:1: `super::sim`: write `crate::sim`";
        check("engine/src/time.rs", "use super::sim::World;", &[around]);
    }

    #[test]
    fn words() {
        let check = |path, text, expect: &[&str]| check(path, text, banned_words, expect);
        check("src/app/stage.rs", "use yew::prelude::*;", &[]);
        check(
            "engine/src/sim.rs",
            "//! Unlike yew, no HashMap.\nlet a = \"f64\"; let 'f64: loop {}",
            &[],
        );
        check(
            "src/web.rs",
            "use yew::Html;",
            &["src/web.rs:1: `yew`: only app draws with Yew"],
        );
        let clock = "src/run.rs:2: `std::time`: the only clock is SimTime";
        check("src/run.rs", "//! x\nuse std::time::Duration;", &[clock]);
        let float =
            "engine/src/check.rs:1: `f64`: a run knows integers only; floats live in chance";
        check("engine/src/check.rs", "fn mean() -> f64 { 0.5 }", &[float]);
    }

    #[test]
    fn lengths() {
        let wide = "x".repeat(COLUMNS + 1);
        let check = |text: &str, expect: &[&str]| check("src/run.rs", text, too_long, expect);
        check(
            &format!("// {wide}"),
            &["src/run.rs:1: 104 columns, at most 100"],
        );
        check(&format!("let text = \"{wide}\";"), &[]);
        check(
            &"\n".repeat(LINES + 1),
            &["src/run.rs: 1001 lines, at most 1000"],
        );
    }

    #[test]
    fn the_reader_of_source() {
        let check = |text: &str, code: &str| {
            let source = Source::new("src/run.rs", text);
            assert_eq!(source.code, code);
            assert_eq!(source.code.lines().count(), text.lines().count());
        };
        check("a // b\nc", "a     \nc");
        check("a /* b /* c */ d */ e", "a                   e");
        check("f(\"b \\\" // c\", d)", "f(           , d)");
        check(r##"a(r#"b " c"#, r"\")"##, "a(          ,     )");
        check("'\"' + '\\'' + 'a: loop", "    +      + 'a: loop");
        check("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)");
    }

    #[test]
    fn paths() {
        assert!(names_path("see /abc/x", "/abc/") && names_path("\"/abc/x\"", "/abc/"));
        assert!(!names_path("https://example.org/abc/x", "/abc/"));
    }
}

/// A Rust file, taken apart. `code` and `comments` have the shape of `text`, with blanks where the
/// other stands; the contents of strings are in neither.
struct Source {
    path: String,
    /// The module right below the crate to which the file belongs.
    module: String,
    text: String,
    code: String,
    comments: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        let of_engine = path.strip_prefix("engine/").unwrap_or(path);
        let inside = of_engine.strip_prefix("src/").unwrap_or(path);
        let module = inside
            .split('/')
            .next()
            .unwrap_or(inside)
            .trim_end_matches(".rs");
        let (code, comments) = take_apart(text);
        Self {
            path: path.into(),
            module: module.into(),
            text: text.into(),
            code,
            comments,
        }
    }
}

fn floor(module: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(_, modules)| modules.contains(&module))
        .map(|(floor, _)| *floor)
}

fn wrong_imports(file: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    let Some(from) = floor(&file.module) else {
        return wrong;
    };
    for (at, to) in names_after(&file.code, "crate::") {
        let line = line_at(&file.code, at);
        let here = &file.module;
        if let Some(below) = floor(to).filter(|below| to != here && *below >= from) {
            let what = format!("`{here}` (floor {from}) uses `{to}` (floor {below})");
            wrong.push(format!("{}:{line}: {what}", file.path));
        }
    }
    // `super::` could climb out of the module unseen.
    for (at, to) in names_after(&file.code, "super::") {
        if floor(to).is_some() {
            let line = line_at(&file.code, at);
            wrong.push(format!(
                "{}:{line}: `super::{to}`: write `crate::{to}`",
                file.path
            ));
        }
    }
    wrong
}

fn banned_words(file: &Source) -> Vec<String> {
    let mut found = Vec::new();
    for (words, allowed, reason) in BANNED {
        if allowed.contains(&file.module.as_str()) {
            continue;
        }
        for word in *words {
            for line in lines_with(&file.code, word) {
                found.push(format!("{}:{line}: `{word}`: {reason}", file.path));
            }
        }
    }
    found
}

fn too_long(file: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let parts = file
        .text
        .lines()
        .zip(file.code.lines().zip(file.comments.lines()));
    for (line, (text, (code, comment))) in (1..).zip(parts) {
        let columns = text.chars().count();
        // A long text in quotes, or an address, is not made clearer by breaking it.
        let has_string = text.chars().zip(code.chars().zip(comment.chars()));
        let has_string = has_string
            .into_iter()
            .any(|(t, (c, d))| t != ' ' && c == ' ' && d == ' ');
        if columns > COLUMNS && !has_string && !comment.contains("https://") {
            found.push(format!(
                "{}:{line}: {columns} columns, at most {COLUMNS}",
                file.path
            ));
        }
    }
    let lines = file.text.lines().count();
    if lines > LINES {
        found.push(format!("{}: {lines} lines, at most {LINES}", file.path));
    }
    found
}

/// The first names behind each `prefix`, with their places: one, or those of a `{group}`.
fn names_after<'a>(code: &'a str, prefix: &str) -> Vec<(usize, &'a str)> {
    let mut names = Vec::new();
    for (at, _) in code
        .match_indices(prefix)
        .filter(|(at, _)| starts_word(code, *at))
    {
        let start = at + prefix.len();
        if !code[start..].starts_with('{') {
            names.push((at, name_at(code, start)));
            continue;
        }
        let mut depth = 0;
        let mut expects_name = true;
        for (offset, c) in code[start..].char_indices() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' => expects_name = depth == 1,
                c if expects_name && depth == 1 && is_word(c) => {
                    names.push((start + offset, name_at(code, start + offset)));
                    expects_name = false;
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    names
}

fn name_at(code: &str, start: usize) -> &str {
    let rest = &code[start..];
    &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())]
}

/// The lines (from 1) on which this word stands as a word of its own.
fn lines_with(text: &str, word: &str) -> Vec<usize> {
    let ends = |at: usize| !text[at + word.len()..].starts_with(is_word) || word.ends_with('!');
    let hits = text
        .match_indices(word)
        .filter(|(at, _)| starts_word(text, *at) && ends(*at));
    let hits = hits.filter(|(at, _)| !text[..*at].ends_with('\''));
    let mut lines: Vec<usize> = hits.map(|(at, _)| line_at(text, at)).collect();
    lines.dedup();
    lines
}

fn starts_word(text: &str, at: usize) -> bool {
    !text[..at].ends_with(is_word)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_at(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// A path, not the middle of a longer address.
fn names_path(line: &str, home: &str) -> bool {
    let outside = |c: char| !(is_word(c) || "./-*~}$".contains(c));
    line.match_indices(home)
        .any(|(at, _)| line[..at].chars().next_back().is_none_or(outside))
}

/// Splits source into code and comments. Knows as much of Rust as the rules above need.
fn take_apart(text: &str) -> (String, String) {
    let (mut code, mut comments) = (String::new(), String::new());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, kind) = next_piece(rest, first);
        for c in rest[..length].chars() {
            let blank = if c == '\n' { '\n' } else { ' ' };
            code.push(if kind == Piece::Code { c } else { blank });
            comments.push(if kind == Piece::Comment { c } else { blank });
        }
        rest = &rest[length..];
    }
    (code, comments)
}

#[derive(PartialEq)]
enum Piece {
    Code,
    Comment,
    Literal,
}

fn next_piece(rest: &str, first: char) -> (usize, Piece) {
    if rest.starts_with("//") {
        return (rest.find('\n').unwrap_or(rest.len()), Piece::Comment);
    }
    if rest.starts_with("/*") {
        return (block_comment(rest), Piece::Comment);
    }
    if let Some(end) = raw_string(rest) {
        return (end, Piece::Literal);
    }
    if first == '"' {
        return (quoted(rest, '"'), Piece::Literal);
    }
    // A letter in quotes, not a lifetime.
    if first == '\'' && (rest[1..].starts_with('\\') || rest.chars().nth(2) == Some('\'')) {
        return (quoted(rest, '\''), Piece::Literal);
    }
    (first.len_utf8(), Piece::Code)
}

/// `r"…"`, or with marks `r#"…"#`: nothing in it is escaped.
fn raw_string(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('r')?;
    let marks = inner.find(|c| c != '#')?;
    let body = inner[marks..].strip_prefix('"')?;
    let close = format!("\"{}", &inner[..marks]);
    let end = body
        .find(&close)
        .map_or(body.len(), |end| end + close.len());
    Some(rest.len() - body.len() + end)
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    for (at, _) in rest.char_indices() {
        if rest[at..].starts_with("/*") {
            depth += 1;
        } else if rest[at..].starts_with("*/") {
            depth -= 1;
            if depth == 0 {
                return at + 2;
            }
        }
    }
    rest.len()
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &str) -> Vec<Source> {
    let mut files = Vec::new();
    walk(Path::new(folder), &mut files);
    files.retain(|path| path.extension().is_some_and(|kind| kind == "rs"));
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(root().join(path)).expect("a source file is text");
        Source::new(&path.to_string_lossy(), &text)
    };
    files.iter().map(read).collect()
}

/// Every file of the repository, without what is built, installed or git's own.
fn tree() -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(Path::new(""), &mut files);
    files
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let leave_out = [".git", ".tools", "dist", "node_modules", "output", "target"];
    let Ok(entries) = fs::read_dir(root().join(folder)) else {
        return;
    };
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = folder.join(entry.file_name());
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !is_folder {
            files.push(path);
        } else if !leave_out.iter().any(|name| entry.file_name() == *name) {
            walk(&path, files);
        }
    }
}

fn report(found: impl IntoIterator<Item = String>) {
    let found: Vec<String> = found.into_iter().collect();
    assert!(
        found.is_empty(),
        "{} to mend:\n{}\n",
        found.len(),
        found.join("\n")
    );
}
