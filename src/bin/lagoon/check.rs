//! `lagoon check`: judges histories from anywhere.
//!
//! A file holds JSON lines: a header with the model, then an operation a line; or a whole history
//! a line, its operations in `ops`. Invariant: a file that cannot be read says where and why, and
//! the others are judged all the same.

use crate::{Outcome, UNUSABLE, answer, text_of};
use lagoon::check::foreign::{Judged, judge};
use lagoon::check::{Property, Verdicts, staleness};
use lagoon::history::cart::Recorded;
use lagoon::history::file::{self, Body};
use lagoon::history::foreign::MOST;
use lagoon::time::SimTime;
use lagoon::turns::{Turn, at_once};
use lexopt::{Arg, Parser};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::Instant;

/// A longer file is not read.
const BYTES: u64 = 64 << 20;

/// A history and its verdicts.
struct Case {
    id: String,
    model: &'static str,
    operations: usize,
    verdicts: Vec<Told>,
    micros: u64,
}

/// A verdict: its word, why where nobody can tell, and the operations that show a breach.
type Told = (Property, &'static str, &'static str, Vec<Shown>);

/// An operation of a witness: its line, and what it was.
type Shown = (usize, String);

pub fn command(mut args: Parser) -> Outcome {
    let (mut files, mut as_json) = (Vec::new(), false);
    while let Some(arg) = args.next().map_err(text_of)? {
        match arg {
            Arg::Long("json") => as_json = true,
            Arg::Value(file) => files.push(file.to_string_lossy().into_owned()),
            other => return Err(text_of(other.unexpected())),
        }
    }
    if files.is_empty() {
        return Err("which file? lagoon check FILE…".to_string());
    }
    let (mut out, mut unusable) = (String::new(), false);
    for file in &files {
        match cases(file) {
            Ok(cases) => {
                for case in cases {
                    out += &match as_json {
                        true => case.json().to_string(),
                        false => case.story(file),
                    };
                    out.push('\n');
                }
            }
            Err(message) => {
                eprintln!("lagoon: {file}: {message}");
                unusable = true;
            }
        }
    }
    answer(&out)?;
    Ok(match unusable {
        true => ExitCode::from(UNUSABLE),
        false => ExitCode::SUCCESS,
    })
}

/// The histories of a file, judged.
fn cases(file: &str) -> Result<Vec<Case>, String> {
    let length = std::fs::metadata(file).map_err(|error| error.to_string())?;
    if length.len() > BYTES {
        return Err("longer than 64 MB, which is not read".to_string());
    }
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let read = at_once(async |turn: Turn| file::read(&text, MOST, &turn).await)?;
    Ok(read.into_iter().map(case).collect())
}

fn case(read: file::Case) -> Case {
    let (model, operations) = (read.model(), read.operations());
    let start = now();
    let verdicts = match &read.body {
        Body::Cart(recorded) => own(recorded),
        Body::Foreign(history) => {
            let shown = |place: &usize| {
                let entry = &history.entries[*place];
                (entry.line, history.words(entry))
            };
            let told = |(property, judged): (Property, Judged)| {
                let word = judged.word();
                let (why, shown) = match judged {
                    Judged::Violated(places) => ("", places.iter().map(shown).collect()),
                    Judged::Unknown(why) => (why, Vec::new()),
                    _ => ("", Vec::new()),
                };
                (property, word, why, shown)
            };
            judge(history).into_iter().map(told).collect()
        }
    };
    Case {
        id: read.id,
        model,
        operations,
        verdicts,
        micros: micros(start),
    }
}

/// The verdicts on a run's own history.
fn own(recorded: &Recorded) -> Vec<Told> {
    let (history, replicas) = (&recorded.history, &recorded.replicas);
    let views = staleness::views(history, replicas);
    let verdicts = Verdicts::of(history, replicas, &views, recorded.settled);
    let judged = Property::ALL.into_iter();
    let judged = judged.filter(|property| *property != Property::BoundedStaleness);
    let told = |property| {
        let verdict = verdicts.at(property, SimTime(u64::MAX));
        (property, verdict.word(), "", Vec::new())
    };
    judged.map(told).collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "it runs natively, and says how long it took"
)]
fn now() -> Instant {
    Instant::now()
}

fn micros(start: Instant) -> u64 {
    start.elapsed().as_micros() as u64
}

impl Case {
    fn json(&self) -> Value {
        let (mut verdicts, mut witness) = (Map::new(), Map::new());
        for (property, word, _, shown) in &self.verdicts {
            verdicts.insert(property.name().to_string(), (*word).into());
            if !shown.is_empty() {
                let (lines, operations): (Vec<_>, Vec<_>) = shown.iter().cloned().unzip();
                let shown = json!({"lines": lines, "operations": operations});
                witness.insert(property.name().to_string(), shown);
            }
        }
        let witness = match witness.is_empty() {
            true => Value::Null,
            false => Value::Object(witness),
        };
        json!({
            "id": self.id,
            "model": self.model,
            "operations": self.operations,
            "verdicts": verdicts,
            "witness": witness,
            "micros": self.micros,
        })
    }

    fn story(&self, file: &str) -> String {
        let name = if self.id.is_empty() { file } else { &self.id };
        let mut out = format!(
            "{name}: {}, {} operations, {} µs\n",
            self.model, self.operations, self.micros
        );
        for (property, word, why, shown) in &self.verdicts {
            let shown: Vec<&str> = shown.iter().map(|(_, words)| words.as_str()).collect();
            let _ = match (*why, shown.is_empty()) {
                ("", true) => writeln!(out, "  {:20} {word}", property.name()),
                ("", false) => {
                    writeln!(out, "  {:20} {word}: {}", property.name(), shown.join("; "))
                }
                (why, _) => writeln!(out, "  {:20} {word}: {why}", property.name()),
            };
        }
        out
    }
}
