//! Every check of the repository, in one run.
//!
//! A step fails alone: the others still run, except those that need what it makes. The last line
//! is always `N passed, N failed`, the sum over all tests; a check without tests of its own, such
//! as the format, counts as one.

use crate::sh::{self, Result, cargo};
use crate::{laws, page, tools};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// All the steps, in the order in which they run: what is quick and fails often stands first.
const STEPS: &[Step] = &[
    Step::new("format", format),
    Step::new("clippy: lagoon", || {
        clippy("-p lagoon -p lagoon-engine --all-targets")
    }),
    Step::new("clippy: xtask", || clippy("-p xtask --all-targets")),
    Step::new("clippy: preview", || clippy("-p preview --all-targets")),
    Step::new("clippy: benches", || {
        clippy("-p lagoon-benches --all-targets --no-deps")
    }),
    Step::new("clippy: the page, in wasm", || {
        clippy_wasm("--bin lagoon-web --features ui")
    }),
    Step::new("clippy: below the wall, in wasm", || {
        clippy_wasm("--lib --no-default-features")
    }),
    Step::new("tests: lagoon", || {
        tests("-p lagoon -p lagoon-engine --no-default-features --lib --bins --tests")
    }),
    Step::new("tests: examples in the docs", || {
        tests("-p lagoon -p lagoon-engine --no-default-features --doc")
    }),
    Step::new("tests: xtask", || tests("-p xtask")),
    Step::new("tests: statistics of the benches", statistics).in_browsers(&[]),
    Step::new("lessons: broken laws are noticed", broken_laws),
    Step::new("docs", docs),
    Step::new(CLI, command_line).in_browsers(&[]),
    Step::new(PAGE, || check(page::make(page::Offline::Kept))).in_browsers(&[]),
    Step::new("size budget", size_budget).in_browsers(&[PAGE]),
    Step::new("no other host", || check(page::no_other_host())).in_browsers(&[PAGE]),
    Step::new("browsers", browsers).in_browsers(&[CLI, PAGE]),
];

const CLI: &str = "command line";
const PAGE: &str = "page";

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

    /// Asked for, or needed by a step that is.
    fn includes(&self, step: &Step) -> bool {
        self.asks_for(step)
            || STEPS
                .iter()
                .any(|other| self.asks_for(other) && other.needs.contains(&step.name))
    }
}

pub fn test(options: &Options) -> ExitCode {
    let start = Instant::now();
    let mut done: Vec<Outcome> = Vec::new();
    for step in STEPS.iter().filter(|step| options.includes(step)) {
        let outcome = step.run(&done);
        done.push(outcome);
    }
    summarise(&done, start.elapsed());
    if done.iter().any(Outcome::is_bad) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

struct Step {
    name: &'static str,
    /// Steps without which this one cannot run.
    needs: &'static [&'static str],
    /// Of use to the browsers only: left out by `--native`.
    in_browsers: bool,
    work: fn() -> Tally,
}

impl Step {
    const fn new(name: &'static str, work: fn() -> Tally) -> Self {
        Self {
            name,
            needs: &[],
            in_browsers: false,
            work,
        }
    }

    const fn in_browsers(mut self, needs: &'static [&'static str]) -> Self {
        self.needs = needs;
        self.in_browsers = true;
        self
    }

    fn run(&self, done: &[Outcome]) -> Outcome {
        let broken = |need: &&&str| done.iter().any(|o| o.name == **need && o.is_bad());
        println!("==> {}", self.name);
        if let Some(need) = self.needs.iter().find(broken) {
            println!("<== {}: left out, because `{need}` failed\n", self.name);
            return Outcome {
                name: self.name,
                time: Duration::ZERO,
                tally: None,
            };
        }
        let start = Instant::now();
        let tally = (self.work)();
        if let Some(error) = &tally.error {
            println!("error: {error}");
        }
        let outcome = Outcome {
            name: self.name,
            time: start.elapsed(),
            tally: Some(tally),
        };
        println!("<== {}\n", outcome.line());
        outcome
    }
}

/// What came of a step; no tally means that it was left out.
struct Outcome {
    name: &'static str,
    time: Duration,
    tally: Option<Tally>,
}

impl Outcome {
    fn is_bad(&self) -> bool {
        self.tally.as_ref().is_none_or(|tally| tally.failed > 0)
    }

    fn line(&self) -> String {
        let Some(tally) = &self.tally else {
            return format!("{:<34} left out", self.name);
        };
        let (name, time) = (self.name, sh::seconds(self.time));
        format!(
            "{name:<34} {time:>8}   {} passed, {} failed",
            tally.passed, tally.failed
        )
    }
}

#[derive(Default)]
struct Tally {
    passed: u32,
    failed: u32,
    error: Option<String>,
}

impl Tally {
    /// A run that failed without naming a failed test (it did not compile, it crashed) is one.
    fn closed(mut self, result: Result) -> Self {
        if let Err(error) = result {
            self.failed = self.failed.max(1);
            self.error = Some(error);
        }
        self
    }
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

fn check(result: Result) -> Tally {
    let passed = u32::from(result.is_ok());
    Tally {
        passed,
        ..Tally::default()
    }
    .closed(result)
}

fn format() -> Tally {
    let checked = tools::rust_components().and_then(|()| sh::run(&mut cargo("fmt --all --check")));
    check(checked.map_err(|error| format!("{error}; `cargo fmt --all` mends it")))
}

fn clippy(what: &str) -> Tally {
    check(sh::run(
        cargo("clippy")
            .args(what.split_whitespace())
            .args(["--", "-D", "warnings"]),
    ))
}

fn clippy_wasm(what: &str) -> Tally {
    let here = format!("-p lagoon --target wasm32-unknown-unknown {what}");
    tools::wasm_target().map_or_else(|error| check(Err(error)), |()| clippy(&here))
}

fn docs() -> Tally {
    let mut doc = cargo("doc -p lagoon -p lagoon-engine --lib --no-deps --no-default-features");
    check(sh::run(doc.env("RUSTDOCFLAGS", "-D warnings")))
}

/// The browser tests compare its runs with those of the page.
fn command_line() -> Tally {
    check(sh::run(&mut cargo(
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
        Err(error) => check(Err(error)),
    }
}

fn tests(what: &str) -> Tally {
    let mut cargo = cargo("test --no-fail-fast");
    counted(cargo.args(what.split_whitespace()), read_cargo_line)
}

fn size_budget() -> Tally {
    check(tools::node().and_then(|()| page::weigh()))
}

/// Quick, but it needs node, which the native loop does without.
fn statistics() -> Tally {
    if let Err(error) = tools::node() {
        return check(Err(error));
    }
    let mut node = sh::command("node");
    node.args(["--test", "--test-reporter=spec", "benches/stats.test.mjs"]);
    counted(&mut node, read_node_line)
}

fn browsers() -> Tally {
    let found = tools::node_modules().and_then(|()| Ok((tools::browsers()?, tools::mdbook()?)));
    let (browsers, mdbook) = match found {
        Ok(found) => found,
        Err(error) => return check(Err(error)),
    };
    let mut node = sh::command("node");
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=1"])
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
    fn a_word_brings_what_its_steps_need() {
        let options = Options::parse(&["browsers"]).unwrap();
        let names: Vec<_> = STEPS
            .iter()
            .filter(|s| options.includes(s))
            .map(|s| s.name)
            .collect();
        assert_eq!(names, [CLI, PAGE, "browsers"]);
        assert!(Options::parse(&["nonsense"]).is_err() && Options::parse(&["--fast"]).is_err());
    }
}
