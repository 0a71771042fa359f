//! The native place: runs a contestant for each line it is asked on standard input.
//!
//! ```text
//!   lagoon 100000     ->   {"ms":51.2,"check":"9a0ea0a385ab4cd4","faults":[]}
//! ```
//!
//! `benches/engine.mjs` asks; a person may too: `echo lagoon 100000 | lagoon-benches`.

#![allow(
    clippy::disallowed_methods,
    reason = "a bench runs natively and measures real time"
)]

use lagoon::check::foreign::{WHOLE, judge, linearizable};
use lagoon::history::file::{self, Body};
use lagoon::history::foreign::{Foreign, MOST};
use lagoon::turns::{Turn, at_once};
use lagoon_benches::parts::{PARTS, Text};
use lagoon_benches::{lean, nexo, workload};
use std::io::{BufRead, Write, stdin, stdout};
use std::time::Instant;

const SEED: u32 = 1;

fn main() {
    for line in stdin().lock().lines().map_while(Result::ok) {
        let (name, size) = line.split_once(' ').unwrap_or((&line, "0"));
        let answer = answer(name, size);
        println!("{answer}");
        stdout().flush().expect("somebody listens");
    }
}

fn answer(name: &str, size: &str) -> String {
    let writes = size.parse().unwrap_or(0);
    match name {
        "lagoon" => engine(writes, false),
        "judged" => engine(writes, true),
        "lean" => mean(writes, || lean::run(writes, SEED)),
        "nexosim" => mean(writes, || nexo::run(writes, SEED)),
        "text" => text(writes as usize),
        "check" => check(size),
        _ => format!("{{\"faults\":[\"no contestant {name}\"]}}"),
    }
}

/// With its measures and judges, or without.
fn engine(writes: u32, judged: bool) -> String {
    let start = Instant::now();
    let recorded = workload::record(writes, SEED);
    let mut ms = start.elapsed().as_secs_f64() * 1000.0;
    let run = recorded.judge();
    if judged {
        ms = start.elapsed().as_secs_f64() * 1000.0;
    }
    let check = run.trace.hash().to_string();
    answered(ms, &check, &workload::faults(&run, writes))
}

/// A contestant that answers with the sum of its latencies: their mean is known.
fn mean(writes: u32, work: impl FnOnce() -> f64) -> String {
    let start = Instant::now();
    let sum = work();
    let ms = start.elapsed().as_secs_f64() * 1000.0;
    answered(ms, &format!("{:.6}", sum / f64::from(writes)), &[])
}

/// For how long a quick history is judged again and again, in ms.
const ROUNDS_MS: f64 = 5.0;

/// Whether the histories in a file are linearizable, and all verdicts on them; reading it is not
/// part of the times. What is quick is judged again and again for some milliseconds, as Go's
/// benchmarks do it, and the mean is told.
fn check(path: &str) -> String {
    let Ok(text) = std::fs::read_to_string(path) else {
        return format!("{{\"faults\":[\"{path} cannot be read\"]}}");
    };
    let read = at_once(async |turn: Turn| file::read(&text, MOST, &turn).await);
    let Ok(cases) = read else {
        return format!("{{\"faults\":[\"{path} is no history\"]}}");
    };
    let histories: Vec<&Foreign> = cases
        .iter()
        .filter_map(|case| match &case.body {
            Body::Foreign(history) => Some(&**history),
            _ => None,
        })
        .collect();
    let operations: usize = cases.iter().map(|case| case.operations()).sum();
    let mut words = Vec::new();
    let first = repeated(|| {
        words.clear();
        for history in &histories {
            let judged = at_once(async |turn: Turn| linearizable(history, &WHOLE, &turn).await);
            words.push(judged.word());
        }
    });
    let words = words.join(" ");
    let all = repeated(|| histories.iter().for_each(|history| drop(judge(history))));
    format!(
        "{{\"ms\":{all:.4},\"first\":{first:.4},\"operations\":{operations},\"check\":\"{words}\"}}"
    )
}

/// How long this takes, in ms: the mean of as many times as fit.
fn repeated(mut work: impl FnMut()) -> f64 {
    let (start, mut rounds) = (Instant::now(), 0.0);
    loop {
        work();
        rounds += 1.0;
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        if ms >= ROUNDS_MS {
            return ms / rounds;
        }
    }
}

/// Every part of the text of this number, once.
fn text(number: usize) -> String {
    let Some(mut text) = Text::new(number) else {
        return "{\"faults\":[\"no such text\"]}".to_owned();
    };
    let measured = (0..PARTS).map(|part| {
        let start = Instant::now();
        text.part(part);
        format!("{:.4}", start.elapsed().as_secs_f64() * 1000.0)
    });
    let ms: Vec<String> = measured.collect();
    let (records, hash) = (text.records(), text.hash());
    let ms = ms.join(",");
    format!("{{\"ms\":[{ms}],\"records\":{records},\"check\":\"{hash:016x}\"}}")
}

fn answered(ms: f64, check: &str, faults: &[String]) -> String {
    format!(
        "{{\"ms\":{ms:.4},\"check\":\"{check}\",\"faults\":{}}}",
        list(faults)
    )
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("{text:?}")).collect();
    format!("[{}]", quoted.join(","))
}
