//! Every check of the repository, in one run.
//!
//! The last line is always `N passed, N failed`, the sum over all tests; a check without tests of
//! its own, such as the format, counts as one. How the steps run is in `schedule.rs`.

use crate::schedule::{self, Outcome, Step, Tally};
use crate::sh::{self, Result, cargo};
use crate::{laws, page, tools};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

const RUST: &str = "install Rust components";
const CLI: &str = "command line";
const COURSE: &str = "page: what writes the course";
const WASM: &str = "page: the wasm";
const PAGE: &str = "page";
const NPM: &str = "install npm packages";
const APT: &str = "install browsers";
const TRUNK: &str = tools::TRUNK.step;
const WASM_BINDGEN: &str = tools::WASM_BINDGEN.step;
const MDBOOK: &str = tools::MDBOOK.step;

/// The folders below `target/` in which cargo builds, one for each profile.
const NONE: &str = "";
const DEBUG: &str = "debug";
const RELEASE: &str = "release";
const TOOL: &str = "tool";
const WEB: &str = "web";

/// All the steps, in the order in which they start as far as they can: what is quick and fails
/// often stands first, then what others wait for.
const STEPS: &[Step] = &[
    Step::new(RUST, NONE, || Tally::prepared(tools::rust_components()))
        .prepares(tools::has_rust_components, 1),
    Step::new("format", NONE, format).needs(&[RUST]),
    Step::new(TRUNK, NONE, || installed(&tools::TRUNK))
        .prepares(|| tools::TRUNK.found().is_some(), 3),
    Step::new(WASM_BINDGEN, NONE, || installed(&tools::WASM_BINDGEN))
        .prepares(|| tools::WASM_BINDGEN.found().is_some(), 1),
    Step::new(NPM, NONE, || Tally::prepared(tools::node_modules()))
        .prepares(tools::has_node_modules, 1),
    Step::new(WASM, WEB, || Tally::prepared(page::compile()))
        .needs(&[RUST])
        .in_browsers(),
    Step::new(COURSE, TOOL, || Tally::prepared(page::compile_course())).in_browsers(),
    Step::new(PAGE, WEB, || Tally::check(page::make()))
        .needs(&[TRUNK, WASM_BINDGEN, NPM, WASM, COURSE])
        .in_browsers(),
    Step::new("size budget", NONE, size_budget)
        .needs(&[PAGE])
        .in_browsers(),
    Step::new(
        "no other host",
        NONE,
        || Tally::check(page::no_other_host()),
    )
    .needs(&[PAGE])
    .in_browsers(),
    Step::new("clippy: lagoon", DEBUG, || {
        clippy("-p lagoon -p lagoon-engine --all-targets")
    })
    .needs(&[RUST]),
    Step::new("clippy: xtask", DEBUG, || clippy("-p xtask --all-targets")).needs(&[RUST]),
    Step::new("clippy: preview", DEBUG, || {
        clippy("-p preview --all-targets")
    })
    .needs(&[RUST]),
    Step::new("clippy: benches", DEBUG, || {
        clippy("-p lagoon-benches --all-targets --no-deps")
    })
    .needs(&[RUST]),
    Step::new("clippy: the page, in wasm", DEBUG, || {
        clippy_wasm("--bin lagoon-web --features ui")
    })
    .needs(&[RUST]),
    Step::new("clippy: below the wall, in wasm", DEBUG, || {
        clippy_wasm("--lib --no-default-features")
    })
    .needs(&[RUST]),
    Step::new("tests: lagoon", DEBUG, || {
        tests("-p lagoon -p lagoon-engine --no-default-features --lib --bins --tests")
    }),
    Step::new("tests: examples in the docs", DEBUG, || {
        tests("-p lagoon -p lagoon-engine --no-default-features --doc")
    }),
    Step::new("tests: xtask", DEBUG, || tests("-p xtask")),
    Step::new("tests: statistics of the benches", NONE, statistics).in_browsers(),
    Step::new("lessons: broken laws are noticed", NONE, broken_laws),
    Step::new("docs", DEBUG, docs),
    Step::new(CLI, RELEASE, command_line).in_browsers(),
    Step::new(MDBOOK, NONE, || installed(&tools::MDBOOK))
        .prepares(|| tools::MDBOOK.found().is_some(), 1),
    Step::new(APT, NONE, || Tally::prepared(tools::browsers().map(drop)))
        .prepares(tools::has_browsers, 2),
    Step::new("browsers", NONE, browsers)
        .needs(&[CLI, PAGE, NPM, MDBOOK, APT])
        .in_browsers()
        .apart(),
];

pub struct Options {
    native: bool,
    word: Option<String>,
}

impl Options {
    pub fn parse(args: &[&str]) -> Result<Self> {
        let mut options = Self {
            native: false,
            word: None,
        };
        for arg in args {
            match *arg {
                "--native" => options.native = true,
                flag if flag.starts_with('-') => return Err(format!("`{flag}` is no option here")),
                word => options.word = Some(word.to_owned()),
            }
        }
        if !STEPS.iter().any(|step| options.asks_for(step)) {
            let names: Vec<_> = STEPS.iter().map(|step| step.name).collect();
            return Err(format!(
                "no step fits; there are:\n  {}",
                names.join("\n  ")
            ));
        }
        Ok(options)
    }

    fn asks_for(&self, step: &Step) -> bool {
        let fits = self
            .word
            .as_ref()
            .is_none_or(|word| step.name.contains(word.as_str()));
        fits && !(self.native && step.in_browsers)
    }

    /// The steps that are asked for, and all that these need.
    fn steps(&self) -> Vec<&'static Step> {
        with_needs(|step| self.asks_for(step))
    }
}

/// Makes the page, after all that it needs.
pub fn make_page() -> Result {
    let done = schedule::run(with_needs(|step| step.name == PAGE));
    match done.iter().find(|outcome| outcome.is_bad()) {
        Some(bad) => Err(format!("`{}` failed", bad.name)),
        None => Ok(()),
    }
}

pub fn test(options: &Options) -> ExitCode {
    let start = Instant::now();
    let done = schedule::run(options.steps());
    summarise(&done, start.elapsed());
    if done.iter().any(Outcome::is_bad) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

/// These steps and all that they need, in the order of the table. A step stands behind what it
/// needs, so one look from the end to the beginning finds all.
fn with_needs(asked: impl Fn(&Step) -> bool) -> Vec<&'static Step> {
    let mut found: Vec<&Step> = Vec::new();
    for step in STEPS.iter().rev() {
        let needed = found.iter().any(|later| later.needs.contains(&step.name));
        if needed || asked(step) {
            found.push(step);
        }
    }
    found.reverse();
    found
}

fn summarise(done: &[Outcome], time: Duration) {
    println!("==> summary");
    for outcome in done {
        println!(
            "{} {}",
            if outcome.is_bad() { "  x" } else { "   " },
            outcome.line()
        );
    }
    println!("    {:<34} {:>8}\n", "all", sh::seconds(time));
    let sum = |count: fn(&Tally) -> u32| -> u32 {
        done.iter()
            .filter_map(|outcome| outcome.tally.as_ref())
            .map(count)
            .sum()
    };
    println!(
        "{} passed, {} failed",
        sum(|tally| tally.passed),
        sum(|tally| tally.failed)
    );
}

fn installed(tool: &tools::CargoTool) -> Tally {
    Tally::prepared(tool.path().map(drop))
}

fn format() -> Tally {
    let checked = sh::run(&mut cargo("fmt --all --check"));
    Tally::check(checked.map_err(|error| format!("{error}; `cargo fmt --all` mends it")))
}

fn clippy(what: &str) -> Tally {
    Tally::check(sh::run(
        cargo("clippy")
            .args(what.split_whitespace())
            .args(["--", "-D", "warnings"]),
    ))
}

fn clippy_wasm(what: &str) -> Tally {
    let here = format!("-p lagoon --target wasm32-unknown-unknown {what}");
    clippy(&here)
}

fn docs() -> Tally {
    let mut doc = cargo("doc -p lagoon -p lagoon-engine --lib --no-deps --no-default-features");
    Tally::check(sh::run(doc.env("RUSTDOCFLAGS", "-D warnings")))
}

/// The browser tests compare its runs with those of the page.
fn command_line() -> Tally {
    Tally::check(sh::run(&mut cargo(
        "build --release -p lagoon --bin lagoon",
    )))
}

fn broken_laws() -> Tally {
    match laws::noticed() {
        Ok((passed, faults)) => Tally {
            passed,
            failed: faults.len() as u32,
            error: (!faults.is_empty()).then(|| faults.join("\n")),
        },
        Err(error) => Tally::check(Err(error)),
    }
}

fn tests(what: &str) -> Tally {
    let mut cargo = cargo("test --no-fail-fast");
    counted(cargo.args(what.split_whitespace()), read_cargo_line)
}

fn size_budget() -> Tally {
    Tally::check(tools::node().and_then(|()| page::weigh()))
}

/// Quick, but it needs node, which the native loop does without.
fn statistics() -> Tally {
    if let Err(error) = tools::node() {
        return Tally::check(Err(error));
    }
    let mut node = sh::command("node");
    node.args(["--test", "--test-reporter=spec", "benches/stats.test.mjs"]);
    counted(&mut node, read_node_line)
}

fn browsers() -> Tally {
    let found =
        tools::node_modules().and_then(|()| Ok((tools::browsers()?, tools::MDBOOK.path()?)));
    let (browsers, mdbook) = match found {
        Ok(found) => found,
        Err(error) => return Tally::check(Err(error)),
    };
    let mut node = sh::command("node");
    // Two files at a time: each has browsers and servers of its own, and waits for them for long.
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=2"])
        .args(browser_tests());
    node.env("DIST", sh::dist_dir())
        .env("LAGOON_BIN", sh::target_dir().join("release/lagoon"));
    node.env("CHROMIUM", browsers.chromium)
        .env("FIREFOX", browsers.firefox)
        .env("MDBOOK", mdbook);
    match tools::webkit_driver() {
        Ok(driver) => _ = node.env("WEBKIT_DRIVER", driver),
        Err(why) => println!("    WebKit is left out: {why}"),
    }
    counted(&mut node, read_node_line)
}

fn browser_tests() -> Vec<String> {
    let entries = std::fs::read_dir(sh::root().join("e2e"))
        .into_iter()
        .flatten();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut tests: Vec<String> = names
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("e2e/{name}"))
        .collect();
    tests.sort();
    tests
}

/// Runs a test runner and adds up what its lines say.
fn counted(command: &mut Command, read: fn(&str) -> (u32, u32)) -> Tally {
    let mut tally = Tally::default();
    let result = sh::run_reading(command, |line| {
        let (passed, failed) = read(line);
        tally.passed += passed;
        tally.failed += failed;
    });
    tally.closed(result)
}

/// `test result: ok. 12 passed; 0 failed; …`
fn read_cargo_line(line: &str) -> (u32, u32) {
    match line.strip_prefix("test result:") {
        Some(rest) => (
            number_before(rest, " passed"),
            number_before(rest, " failed"),
        ),
        None => (0, 0),
    }
}

/// `ℹ pass 12` and `ℹ fail 0`, perhaps with colours around them.
fn read_node_line(line: &str) -> (u32, u32) {
    (number_after(line, "ℹ pass "), number_after(line, "ℹ fail "))
}

fn number_before(text: &str, word: &str) -> u32 {
    let before = text.split_once(word).map_or("", |(before, _)| before);
    before
        .rsplit(' ')
        .next()
        .unwrap_or_default()
        .parse()
        .unwrap_or(0)
}

fn number_after(text: &str, word: &str) -> u32 {
    let after = text.split_once(word).map_or("", |(_, after)| after);
    let digits = after
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(after.len());
    after[..digits].parse().unwrap_or(0)
}

/// A long run of the swarm: how many scenarios, and the first seed. A failure prints its link.
pub fn swarm(words: &[&str]) -> sh::Result {
    let count = words.first().copied().unwrap_or("100000");
    let from = words.get(1).copied().unwrap_or("0");
    if [count, from]
        .iter()
        .any(|word| word.parse::<u64>().is_err())
    {
        return Err("how many, and the first seed, are whole numbers".to_string());
    }
    sh::step("the swarm", || {
        let mut swarm = cargo("test --release -p lagoon --no-default-features --test swarm");
        sh::run(
            swarm
                .env("LAGOON_SWARM", count)
                .env("LAGOON_SWARM_FROM", from),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_read_from_the_runners() {
        let cargo =
            "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(read_cargo_line(cargo), (12, 3));
        assert_eq!(read_cargo_line("running 12 tests"), (0, 0));
        assert_eq!(read_node_line("ℹ pass 7"), (7, 0));
        assert_eq!(read_node_line("\u{1b}[34mℹ fail 2\u{1b}[39m"), (0, 2));
        assert_eq!(read_node_line("ℹ tests 9"), (0, 0));
    }

    #[test]
    fn a_runner_that_breaks_counts_as_one_failure() {
        let broken = Tally::default().closed(Err("does not compile".into()));
        assert_eq!((broken.passed, broken.failed), (0, 1));
        let named = Tally {
            passed: 4,
            failed: 2,
            error: None,
        }
        .closed(Err("exit 101".into()));
        assert_eq!((named.passed, named.failed), (4, 2));
    }

    #[test]
    fn a_step_comes_after_what_it_needs() {
        for (at, step) in STEPS.iter().enumerate() {
            let before = |need: &&str| STEPS[..at].iter().any(|other| other.name == *need);
            assert!(
                step.needs.iter().all(before),
                "{} stands too early",
                step.name
            );
        }
    }

    #[test]
    fn a_word_brings_what_its_steps_need_and_what_these_need() {
        let names = |words: &[&str]| -> Vec<_> {
            let options = Options::parse(words).unwrap();
            options.steps().iter().map(|step| step.name).collect()
        };
        let page = [RUST, TRUNK, WASM_BINDGEN, NPM, WASM, COURSE, PAGE];
        assert_eq!(names(&["size"]), [&page[..], &["size budget"]].concat());
        assert_eq!(names(&["docs"]), ["tests: examples in the docs", "docs"]);
        let native = names(&["--native"]);
        assert!(
            !page[1..].iter().any(|step| native.contains(step)),
            "{native:?}"
        );
        assert!(Options::parse(&["nonsense"]).is_err() && Options::parse(&["--fast"]).is_err());
    }
}
