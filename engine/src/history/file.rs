//! A file of histories, as JSON lines: a header with the model, then an operation a line; or a
//! whole history a line, its operations in `ops` (docs/checkers.md).
//!
//! The page and the command line both read through here. Invariants: a file that cannot be read
//! says where and why; a long one is read in turns.

use super::cart::{self, Recorded};
use super::foreign::{Foreign, Kind, MOST, Making, Row};
use super::json::Json;
use crate::turns::Turn;
use std::rc::Rc;

/// A history of a file.
#[derive(Clone, Debug)]
pub struct Case {
    /// What the file calls it; may be empty.
    pub id: String,
    pub body: Body,
}

#[derive(Clone, Debug)]
pub enum Body {
    Foreign(Rc<Foreign>),
    Cart(Rc<Recorded>),
}

impl Case {
    pub fn model(&self) -> &'static str {
        match &self.body {
            Body::Foreign(foreign) => foreign.kind.name(),
            Body::Cart(_) => cart::MODEL,
        }
    }

    /// How many operations there are.
    pub fn operations(&self) -> usize {
        match &self.body {
            Body::Foreign(foreign) => foreign.entries.len(),
            Body::Cart(recorded) => recorded.history.operations.len(),
        }
    }
}

/// Bytes that count as a step of work.
const BYTES_A_STEP: usize = 4;

/// The histories of a file, in its order; of each up to `most` operations.
pub async fn read(text: &str, most: usize, turn: &Turn) -> Result<Vec<Case>, String> {
    let (mut cases, mut open) = (Vec::new(), None);
    let lines = (1..).zip(text.lines());
    for (number, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let at = |message: String| format!("line {number}: {message}");
        turn.spend((line.len() / BYTES_A_STEP) as u64).await;
        let object = Json::read(line).map_err(|what| format!("line {number}, {what}"))?;
        if !matches!(object, Json::Object(_)) {
            return Err(at("not a JSON object".to_string()));
        }
        if let Some(Json::List(ops)) = object.get("ops") {
            let mut whole = Open::of(&object, most).map_err(at)?;
            for op in ops {
                turn.spend(1).await;
                whole.add(op, number).map_err(at)?;
            }
            cases.push(whole.done().map_err(at)?);
        } else if object.text("kind") == Some("header") {
            let header = Open::of(&object, most).map_err(at)?;
            if let Some(before) = open.replace(header) {
                cases.push(before.done().map_err(at)?);
            }
        } else if let Some(open) = &mut open {
            open.add(&object, number).map_err(at)?;
        } else {
            return Err(at("a header with the model comes first".to_string()));
        }
    }
    if let Some(last) = open {
        cases.push(last.done()?);
    }
    match cases.is_empty() {
        true => Err("there is no history in it".to_string()),
        false => Ok(cases),
    }
}

/// A history that is being read.
struct Open {
    id: String,
    left: usize,
    most: usize,
    body: Begun,
}

enum Begun {
    Foreign(Making),
    Cart(Recorded),
}

impl Open {
    fn of(header: &Json, most: usize) -> Result<Open, String> {
        let most = most.min(MOST);
        let body = match header.text("model") {
            Some(cart::MODEL) => Begun::Cart(Recorded::new(header)?),
            None => Begun::Foreign(Making::new(Kind::MultiKey, init(header))),
            Some(name) => match Kind::of(name) {
                Some(kind) => Begun::Foreign(Making::new(kind, init(header))),
                None => return Err(unknown(name)),
            },
        };
        Ok(Open {
            id: header.get("id").and_then(Json::plain).unwrap_or_default(),
            left: most,
            most,
            body,
        })
    }

    fn add(&mut self, line: &Json, number: usize) -> Result<(), String> {
        let left = self.left.checked_sub(1);
        self.left = left.ok_or_else(|| format!("more than {} lines", self.most))?;
        match &mut self.body {
            Begun::Foreign(making) => making.add(&row(line, number)?),
            Begun::Cart(recorded) => recorded.add(line),
        }
    }

    fn done(self) -> Result<Case, String> {
        let body = match self.body {
            Begun::Foreign(making) => Body::Foreign(Rc::new(making.done())),
            Begun::Cart(recorded) => Body::Cart(Rc::new(recorded.done()?)),
        };
        Ok(Case { id: self.id, body })
    }
}

fn init(header: &Json) -> Option<String> {
    header.get("init").and_then(Json::plain)
}

fn unknown(name: &str) -> String {
    let known: Vec<&str> = Kind::ALL.iter().map(|(name, _)| *name).collect();
    let known = known.join(", ");
    format!("the model `{name}` is none of {known}, {}", cart::MODEL)
}

fn row(value: &Json, line: usize) -> Result<Row, String> {
    let field = |name: &str| value.get(name).and_then(Json::plain);
    let needed = |name: &str| field(name).ok_or_else(|| format!("`{name}` is missing"));
    let moment = |name: &str| match value.get(name) {
        None | Some(Json::Null) => Ok(None),
        Some(number) => (number.whole().map(Some))
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
        ok: match value.get("ok") {
            Some(Json::Bool(ok)) => Some(*ok),
            _ => None,
        },
        call: moment("call")?.ok_or("`call` is missing")?,
        ret: moment("ret")?,
        status: field("status").unwrap_or_else(|| "ok".to_string()),
    })
}
