//! Steps, and two lanes that run them beside each other.
//!
//! A lane takes the first step, in the order of the list, that may start: what it needs has ended
//! well, and no other step builds in its folder. (Cargo locks a folder while it builds there, so a
//! second cargo would only wait, and hold a lane.) A step fails alone: the others still run, except
//! those that need what it makes. What minds the time runs apart from all others.
//!
//! Invariant: the output of two steps never mixes. What runs alone writes straight to the terminal;
//! what runs beside another is printed whole when it ends.

use crate::sh::{self, Result};
use crate::times;
use std::fs;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A build keeps one core busy for much of its time, and two together keep two.
const LANES: usize = 2;

pub struct Step {
    pub name: &'static str,
    /// Steps without which this one cannot run.
    pub needs: &'static [&'static str],
    /// The folder below `target/` that cargo locks while the step builds; empty: none.
    pub folder: &'static str,
    /// Of use to the browsers: left out by `--native`, unless another step needs it.
    pub in_browsers: bool,
    /// Minds the time that it is given, and so runs beside nothing.
    pub apart: bool,
    /// How long it takes on two cores where no earlier time is known; zero: not worth a word.
    pub about_minutes: u32,
    /// What a step would prepare may be there already; then nothing is run and nothing is said.
    pub is_there: fn() -> bool,
    pub work: fn() -> Tally,
}

impl Step {
    pub const fn new(name: &'static str, folder: &'static str, work: fn() -> Tally) -> Self {
        Self {
            name,
            needs: &[],
            folder,
            in_browsers: false,
            apart: false,
            about_minutes: 0,
            is_there: || false,
            work,
        }
    }

    pub const fn needs(mut self, needs: &'static [&'static str]) -> Self {
        self.needs = needs;
        self
    }

    pub const fn in_browsers(mut self) -> Self {
        self.in_browsers = true;
        self
    }

    pub const fn apart(mut self) -> Self {
        self.apart = true;
        self
    }

    /// Prepares something for other steps, unless it is there.
    pub const fn prepares(mut self, is_there: fn() -> bool, about_minutes: u32) -> Self {
        self.is_there = is_there;
        self.about_minutes = about_minutes;
        self.in_browsers()
    }
}

/// What a step counted; a step without tests of its own counts as one, a preparation as none.
#[derive(Default)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
    pub error: Option<String>,
}

impl Tally {
    pub fn check(result: Result) -> Self {
        let passed = u32::from(result.is_ok());
        Self {
            passed,
            ..Self::default()
        }
        .closed(result)
    }

    pub fn prepared(result: Result) -> Self {
        Self::default().closed(result)
    }

    /// A run that failed without naming a failed test (it did not compile, it crashed) is one.
    pub fn closed(mut self, result: Result) -> Self {
        if let Err(error) = result {
            self.failed = self.failed.max(1);
            self.error = Some(error);
        }
        self
    }
}

/// What came of a step; no tally means that it was left out.
pub struct Outcome {
    pub name: &'static str,
    time: Duration,
    pub tally: Option<Tally>,
}

impl Outcome {
    pub fn is_bad(&self) -> bool {
        self.tally.as_ref().is_none_or(|tally| tally.failed > 0)
    }

    pub fn line(&self) -> String {
        let Some(tally) = &self.tally else {
            return format!("{:<34} left out", self.name);
        };
        let (name, time) = (self.name, sh::seconds(self.time));
        let count = match (tally.passed, tally.failed) {
            (0, 0) => "done".to_string(),
            (passed, failed) => format!("{passed} passed, {failed} failed"),
        };
        format!("{name:<34} {time:>8}   {count}")
    }
}

/// Runs the steps whose work is not done yet, and tells what came of each, in the order of the end.
pub fn run<'a>(steps: impl IntoIterator<Item = &'a Step>) -> Vec<Outcome> {
    run_keeping(steps, times::keep)
}

fn run_keeping<'a>(
    steps: impl IntoIterator<Item = &'a Step>,
    keep: fn(&str, Duration),
) -> Vec<Outcome> {
    let steps = steps.into_iter().filter(|step| !(step.is_there)());
    let plan = Mutex::new(Plan::new(steps.collect()));
    let ended = Condvar::new();
    thread::scope(|scope| {
        for _ in 0..LANES {
            scope.spawn(|| lane(&plan, &ended, keep));
        }
    });
    plan.into_inner().expect("no step runs under the lock").done
}

fn lane(plan: &Mutex<Plan>, ended: &Condvar, keep: fn(&str, Duration)) {
    let sound = "no step runs under the lock";
    let mut now = plan.lock().expect(sound);
    loop {
        match now.next() {
            Next::Start { step, alone } => {
                println!(
                    "==> {}{}",
                    step.name,
                    times::outlook(step.name, step.about_minutes)
                );
                drop(now);
                let (outcome, log) = step.run(alone);
                now = plan.lock().expect(sound);
                print_end(&outcome, log);
                if !outcome.is_bad() {
                    keep(outcome.name, outcome.time);
                }
                now.end(outcome);
                ended.notify_all();
            }
            Next::Wait => now = ended.wait(now).expect(sound),
            Next::Over => return,
        }
    }
}

fn print_end(outcome: &Outcome, log: Option<PathBuf>) {
    if let Some(log) = log {
        let written = fs::read(&log).unwrap_or_default();
        println!(
            "\n--- {}\n{}",
            outcome.name,
            String::from_utf8_lossy(&written).trim_end()
        );
    }
    if let Some(error) = outcome
        .tally
        .as_ref()
        .and_then(|tally| tally.error.as_ref())
    {
        println!("error: {error}");
    }
    println!("<== {}\n", outcome.line());
}

impl Step {
    /// Does the work; where it runs beside another, the log holds what it printed.
    fn run(&self, alone: bool) -> (Outcome, Option<PathBuf>) {
        let log = if alone {
            None
        } else {
            sh::log_of(self.name).ok()
        };
        let start = Instant::now();
        let tally = sh::collected(log.as_deref(), || {
            std::panic::catch_unwind(self.work).unwrap_or_else(|_| {
                Tally::default().closed(Err(format!("{} has panicked", self.name)))
            })
        });
        let time = start.elapsed();
        let outcome = Outcome {
            name: self.name,
            time,
            tally: Some(tally),
        };
        (outcome, log)
    }
}

/// Which steps wait, run and are done. It starts nothing itself.
struct Plan<'a> {
    waiting: Vec<&'a Step>,
    running: Vec<&'a Step>,
    done: Vec<Outcome>,
}

enum Next<'a> {
    /// Alone: nothing else runs, and nothing else could start before this step ends.
    Start {
        step: &'a Step,
        alone: bool,
    },
    Wait,
    Over,
}

impl<'a> Plan<'a> {
    fn new(steps: Vec<&'a Step>) -> Self {
        Self {
            waiting: steps,
            running: Vec::new(),
            done: Vec::new(),
        }
    }

    fn next(&mut self) -> Next<'a> {
        self.leave_out();
        let Some(at) = self.first_ready() else {
            return match (self.waiting.is_empty(), self.running.is_empty()) {
                (true, _) => Next::Over,
                (false, false) => Next::Wait,
                (false, true) => panic!("steps need each other in a circle"),
            };
        };
        let step = self.waiting.remove(at);
        let first = self.running.is_empty();
        self.running.push(step);
        let alone = first && self.first_ready().is_none();
        Next::Start { step, alone }
    }

    fn end(&mut self, outcome: Outcome) {
        self.running.retain(|step| step.name != outcome.name);
        self.done.push(outcome);
    }

    fn first_ready(&self) -> Option<usize> {
        self.waiting.iter().position(|step| self.is_ready(step))
    }

    /// A need that is not in the plan is there already.
    fn is_ready(&self, step: &Step) -> bool {
        let mut open = self.waiting.iter().chain(&self.running);
        let in_the_way = |other: &&Step| {
            other.apart || step.apart || (!step.folder.is_empty() && step.folder == other.folder)
        };
        !open.any(|other| step.needs.contains(&other.name)) && !self.running.iter().any(in_the_way)
    }

    /// What needs a step that failed, or that was left out itself, cannot run.
    fn leave_out(&mut self) {
        let failed = |done: &[Outcome], step: &Step| {
            let bad = |need: &&str| done.iter().any(|o| o.name == *need && o.is_bad());
            step.needs.iter().copied().find(bad)
        };
        let (mut at, waiting) = (0, &mut self.waiting);
        while let Some(step) = waiting.get(at).copied() {
            let Some(need) = failed(&self.done, step) else {
                at += 1;
                continue;
            };
            println!("<== {}: left out, because `{need}` failed\n", step.name);
            waiting.remove(at);
            self.done.push(Outcome {
                name: step.name,
                time: Duration::ZERO,
                tally: None,
            });
            // A step further up may have needed this one.
            at = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn step(
        name: &'static str,
        folder: &'static str,
        needs: &'static [&'static str],
    ) -> Step {
        Step::new(name, folder, Tally::default).needs(needs)
    }

    fn started(plan: &mut Plan) -> (&'static str, bool) {
        match plan.next() {
            Next::Start { step, alone } => (step.name, alone),
            Next::Wait => ("wait", false),
            Next::Over => ("over", false),
        }
    }

    fn ends(plan: &mut Plan, name: &'static str, failed: u32) {
        let tally = Tally {
            failed,
            ..Tally::default()
        };
        plan.end(Outcome {
            name,
            time: Duration::ZERO,
            tally: Some(tally),
        });
    }

    #[test]
    fn a_step_waits_for_what_it_needs_and_for_its_folder() {
        let steps = [
            step("page", "web", &["trunk"]),
            step("clippy", "debug", &[]),
            step("tests", "debug", &[]),
            step("trunk", "", &[]),
            step("docs", "", &["not in the plan"]),
        ];
        let mut plan = Plan::new(steps.iter().collect());
        assert_eq!(started(&mut plan), ("clippy", false));
        assert_eq!(started(&mut plan), ("trunk", false));
        ends(&mut plan, "trunk", 0);
        assert_eq!(started(&mut plan), ("page", false));
        ends(&mut plan, "page", 0);
        assert_eq!(started(&mut plan), ("docs", false));
        ends(&mut plan, "docs", 0);
        assert_eq!(started(&mut plan).0, "wait");
        ends(&mut plan, "clippy", 0);
        assert_eq!(started(&mut plan), ("tests", true));
        assert_eq!(started(&mut plan).0, "over");
    }

    #[test]
    fn a_step_apart_runs_beside_nothing() {
        let steps = [
            step("browsers", "", &["page"]).apart(),
            step("docs", "", &[]),
            step("page", "", &[]),
            step("tests", "", &["docs"]),
        ];
        let mut plan = Plan::new(steps.iter().collect());
        assert_eq!(started(&mut plan), ("docs", false));
        assert_eq!(started(&mut plan), ("page", false));
        ends(&mut plan, "page", 0);
        assert_eq!(started(&mut plan).0, "wait");
        ends(&mut plan, "docs", 0);
        assert_eq!(started(&mut plan), ("browsers", true));
        assert_eq!(started(&mut plan).0, "wait");
        ends(&mut plan, "browsers", 0);
        assert_eq!(started(&mut plan), ("tests", true));
    }

    #[test]
    fn what_needs_a_failed_step_is_left_out_with_all_that_follows() {
        let steps = [
            step("browsers", "", &["page"]),
            step("page", "", &["trunk"]),
            step("trunk", "", &[]),
            step("docs", "", &[]),
        ];
        let mut plan = Plan::new(steps.iter().collect());
        assert_eq!(started(&mut plan), ("trunk", false));
        ends(&mut plan, "trunk", 1);
        assert_eq!(started(&mut plan), ("docs", true));
        ends(&mut plan, "docs", 0);
        assert_eq!(started(&mut plan).0, "over");
        let left_out = plan.done.iter().filter(|outcome| outcome.tally.is_none());
        let names: Vec<_> = left_out.map(|outcome| outcome.name).collect();
        assert_eq!(names, ["page", "browsers"]);
    }

    #[test]
    fn two_lanes_run_every_step_once_and_a_panic_fails_alone() {
        let steps = [
            step("a", "", &[]),
            Step::new("b", "", || panic!("on purpose")),
            step("c", "", &["b"]),
            step("d", "", &["a"]),
        ];
        let done = run_keeping(&steps, |_, _| {});
        let mut names: Vec<_> = done.iter().map(|o| (o.name, o.is_bad())).collect();
        names.sort_unstable();
        assert_eq!(
            names,
            [("a", false), ("b", true), ("c", true), ("d", false)]
        );
    }
}
