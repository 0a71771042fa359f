//! `lagoon check`: judges histories from anywhere.
//!
//! A file holds JSON lines: a header with the model, then an operation a line; or a whole history
//! a line, its operations in `ops`. Invariant: a file that cannot be read says where and why, and
//! the others are judged all the same.

use crate::{Outcome, UNUSABLE, answer, text_of};
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
    history: Foreign,
    verdicts: Vec<(Property, Judged)>,
    micros: u64,
}

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
    let mut rows: Vec<Row> = Vec::new();
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
            let all: Result<Vec<Row>, String> = ops.iter().map(|op| row(op, number)).collect();
            cases.push(case(&object, &all.map_err(at)?)?);
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
            rows.push(row(&Value::Object(object), number).map_err(at)?);
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

fn case(header: &Map<String, Value>, rows: &[Row]) -> Result<Case, String> {
    let kind = match header.get("model").and_then(Value::as_str) {
        None => Kind::MultiKey,
        Some(name) => Kind::of(name).ok_or_else(|| {
            let known: Vec<&str> = Kind::ALL.iter().map(|(name, _)| *name).collect();
            format!("the model `{name}` is none of {}", known.join(", "))
        })?,
    };
    let init = header.get("init").and_then(text);
    let history = Foreign::of(kind, init, rows)
        .map_err(|Fault { line, message }| format!("line {line}: {message}"))?;
    #[expect(
        clippy::disallowed_methods,
        reason = "it runs natively, and is asked how long it took"
    )]
    let start = Instant::now();
    let verdicts = judge(&history);
    Ok(Case {
        id: header.get("id").and_then(text).unwrap_or_default(),
        history,
        verdicts,
        micros: start.elapsed().as_micros() as u64,
    })
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
    fn words(&self, places: &[usize]) -> Vec<String> {
        let entries = places.iter().map(|place| &self.history.entries[*place]);
        entries.map(|entry| self.history.words(entry)).collect()
    }

    fn json(&self) -> Value {
        let mut verdicts = Map::new();
        let mut witness = Map::new();
        for (property, judged) in &self.verdicts {
            verdicts.insert(property.name().to_string(), judged.word().into());
            if let Judged::Violated(places) = judged {
                let lines = places.iter().map(|place| self.history.entries[*place].line);
                let shown = json!({
                    "lines": lines.collect::<Vec<_>>(),
                    "operations": self.words(places),
                });
                witness.insert(property.name().to_string(), shown);
            }
        }
        let witness = match witness.is_empty() {
            true => Value::Null,
            false => Value::Object(witness),
        };
        json!({
            "id": self.id,
            "model": self.history.kind.name(),
            "operations": self.history.entries.len(),
            "verdicts": verdicts,
            "witness": witness,
            "micros": self.micros,
        })
    }

    fn story(&self, file: &str) -> String {
        let name = if self.id.is_empty() { file } else { &self.id };
        let (model, count) = (self.history.kind.name(), self.history.entries.len());
        let mut out = format!("{name}: {model}, {count} operations, {} µs\n", self.micros);
        for (property, judged) in &self.verdicts {
            let word = match judged {
                Judged::Holds => "holds".to_string(),
                Judged::Untested => "not tested".to_string(),
                Judged::Unknown(why) => format!("cannot tell: {why}"),
                Judged::Violated(places) => {
                    format!("broken: {}", self.words(places).join("; "))
                }
            };
            let _ = writeln!(out, "  {:20} {word}", property.name());
        }
        out
    }
}
