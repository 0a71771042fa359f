//! `lagoon check`: judges histories from anywhere.
//!
//! A file holds JSON lines: a header with the model, then an operation a line; or a whole history
//! a line, its operations in `ops`. Invariant: a file that cannot be read says where and why, and
//! the others are judged all the same.

use crate::{Outcome, UNUSABLE, answer, history, text_of};
use lagoon::check::Property;
use lagoon::check::foreign::{Judged, judge};
use lagoon::history::foreign::{Fault, Foreign, Kind, MOST, Row};
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
    /// Each with its word, why where nobody can tell, and the operations that show a breach.
    verdicts: Vec<(Property, &'static str, String, Vec<Shown>)>,
    micros: u64,
}

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
    let mut cases = Vec::new();
    let mut header: Option<Map<String, Value>> = None;
    let mut rows: Vec<(usize, Value)> = Vec::new();
    for (nth, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let number = nth + 1;
        let at = |message: String| format!("line {number}: {message}");
        let value: Value = serde_json::from_str(line).map_err(|error| at(error.to_string()))?;
        let Value::Object(mut object) = value else {
            return Err(at("not a JSON object".to_string()));
        };
        if let Some(Value::Array(ops)) = object.remove("ops") {
            let rows: Vec<(usize, Value)> = ops.into_iter().map(|op| (number, op)).collect();
            cases.push(case(&object, &rows)?);
        } else if object.get("kind").and_then(Value::as_str) == Some("header") {
            if let Some(header) = header.replace(object) {
                cases.push(case(&header, &rows)?);
                rows.clear();
            }
        } else if header.is_none() {
            return Err(at("a header with the model comes first".to_string()));
        } else if rows.len() >= MOST {
            return Err(at(format!("more than {MOST} operations")));
        } else {
            rows.push((number, Value::Object(object)));
        }
    }
    if let Some(header) = header {
        cases.push(case(&header, &rows)?);
    }
    match cases.is_empty() {
        true => Err("there is no history in it".to_string()),
        false => Ok(cases),
    }
}

fn case(header: &Map<String, Value>, rows: &[(usize, Value)]) -> Result<Case, String> {
    let id = header.get("id").and_then(text).unwrap_or_default();
    let model = header.get("model").and_then(Value::as_str);
    let start = now();
    if model == Some(history::MODEL) {
        let (operations, verdicts) = history::judge(header, rows)?;
        let plain = |(property, word)| (property, word, String::new(), Vec::new());
        return Ok(Case {
            id,
            model: history::MODEL,
            operations,
            verdicts: verdicts.into_iter().map(plain).collect(),
            micros: micros(start),
        });
    }
    let kind = match model {
        None => Kind::MultiKey,
        Some(name) => Kind::of(name).ok_or_else(|| {
            let known: Vec<&str> = Kind::ALL.iter().map(|(name, _)| *name).collect();
            format!(
                "the model `{name}` is none of {}, {}",
                known.join(", "),
                history::MODEL
            )
        })?,
    };
    let mut all = Vec::new();
    for (number, value) in rows {
        all.push(row(value, *number).map_err(|message| format!("line {number}: {message}"))?);
    }
    let history = Foreign::of(kind, header.get("init").and_then(text), &all)
        .map_err(|Fault { line, message }| format!("line {line}: {message}"))?;
    let start = now();
    let verdicts = judge(&history);
    let micros = micros(start);
    let shown = |place: &usize| {
        let entry = &history.entries[*place];
        (entry.line, history.words(entry))
    };
    let told = |(property, judged): (Property, Judged)| {
        let word = judged.word();
        match judged {
            Judged::Violated(places) => (
                property,
                word,
                String::new(),
                places.iter().map(shown).collect(),
            ),
            Judged::Unknown(why) => (property, word, why.to_string(), Vec::new()),
            _ => (property, word, String::new(), Vec::new()),
        }
    };
    Ok(Case {
        id,
        model: kind.name(),
        operations: history.entries.len(),
        verdicts: verdicts.into_iter().map(told).collect(),
        micros,
    })
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

/// A value as text; `None` for null.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn row(value: &Value, line: usize) -> Result<Row, String> {
    let field = |name: &str| value.get(name).and_then(text);
    let needed = |name: &str| field(name).ok_or_else(|| format!("`{name}` is missing"));
    let moment = |name: &str| match value.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(number) => (number.as_i64().map(Some))
            .ok_or_else(|| format!("`{name}` is {number}, not a whole number")),
    };
    Ok(Row {
        line,
        process: needed("process")?,
        op: needed("op")?,
        key: field("key").unwrap_or_default(),
        value: field("value"),
        from: field("from"),
        to: field("to"),
        ok: value.get("ok").and_then(Value::as_bool),
        call: moment("call")?.ok_or("`call` is missing")?,
        ret: moment("ret")?,
        status: field("status").unwrap_or_else(|| "ok".to_string()),
    })
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
            let _ = match (why.as_str(), shown.is_empty()) {
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
