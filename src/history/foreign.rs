//! Histories from elsewhere: registers, lists and locks, as Jepsen's tools and others record them.
//!
//! A reader of some format hands over [`Row`]s; [`Foreign::of`] makes one history of them, or says
//! what is wrong and where. Values are numbers into one table, so that a checker compares numbers.
//! Invariants: operations stand in order of call; what certainly did not happen, and reads of
//! which nothing is known, are left out; an operation without an end is open for ever.

use std::collections::BTreeMap;

/// What the history is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One register, or several that are independent of each other.
    Register,
    /// With compare-and-set.
    CasRegister,
    /// Text that grows at its end, for each key.
    Append,
    /// Several registers that are judged as one whole too.
    MultiKey,
    /// Held by one at a time.
    Lock,
}

impl Kind {
    pub const ALL: [(&'static str, Kind); 5] = [
        ("register", Kind::Register),
        ("cas-register", Kind::CasRegister),
        ("kv-append", Kind::Append),
        ("multi-key-register", Kind::MultiKey),
        ("lock", Kind::Lock),
    ];

    pub fn of(name: &str) -> Option<Kind> {
        let same = Kind::ALL.iter().find(|(known, _)| *known == name);
        same.map(|(_, kind)| *kind)
    }

    pub fn name(self) -> &'static str {
        let same = Kind::ALL.iter().find(|(_, kind)| *kind == self);
        same.map_or("", |(name, _)| name)
    }
}

/// One line of a history as it stands there; values as text, `None` for null or absent.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// From 1.
    pub line: usize,
    pub process: String,
    pub op: String,
    pub key: String,
    pub value: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub ok: Option<bool>,
    pub call: i64,
    pub ret: Option<i64>,
    pub status: String,
}

/// A value by its place in [`Foreign::values`].
pub type Value = u32;

/// What was asked of a key, and what was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Read(Value),
    Write(Value),
    Append(Value),
    /// `done` is `None` where nobody knows whether the comparison held.
    Cas {
        from: Value,
        to: Value,
        done: Option<bool>,
    },
    Acquire,
    Release,
}

/// An operation. It took place between `call` and `ret`, ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The session; an operation of unknown outcome has one of its own.
    pub session: u32,
    pub key: u32,
    pub asked: Asked,
    pub call: i64,
    /// `None`: it may take effect at any time after its call, or never.
    pub ret: Option<i64>,
    /// Its line in the file.
    pub line: usize,
}

#[derive(Clone, Debug)]
pub struct Foreign {
    pub kind: Kind,
    /// What every key holds at first.
    pub init: Value,
    pub entries: Vec<Entry>,
    /// The names behind the numbers.
    pub sessions: Vec<String>,
    pub keys: Vec<String>,
    pub values: Vec<String>,
}

/// More operations than this are not read.
pub const MOST: usize = 200_000;

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub line: usize,
    pub message: String,
}

/// Names in order of their first use.
#[derive(Default)]
struct Names {
    names: Vec<String>,
    places: BTreeMap<String, u32>,
}

impl Names {
    fn of(&mut self, name: &str) -> u32 {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let new = self.names.len() as u32;
        self.names.push(name.to_string());
        self.places.insert(name.to_string(), new);
        new
    }
}

/// How null is written.
pub const NULL: &str = "null";

impl Foreign {
    /// A history of these rows; each key begins with `init`.
    pub fn of(kind: Kind, init: Option<String>, rows: &[Row]) -> Result<Foreign, Fault> {
        let (mut sessions, mut keys, mut values) =
            (Names::default(), Names::default(), Names::default());
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| NULL.to_string());
        let init = values.of(&text(&init));
        let mut entries = Vec::new();
        for row in rows {
            let fault = |message: String| Fault {
                line: row.line,
                message,
            };
            if rows.len() > MOST {
                return Err(fault(format!("more than {MOST} operations")));
            }
            let open = match row.status.as_str() {
                "ok" => false,
                "info" | "unknown" => true,
                "fail" => continue,
                other => {
                    let known = "ok, info, fail or unknown";
                    return Err(fault(format!("`status` is `{other}`, not {known}")));
                }
            };
            let mut value = |text: &Option<String>, name: &str| match text {
                Some(text) => Ok(values.of(text)),
                None => Err(fault(format!("`{name}` is missing"))),
            };
            let asked = match row.op.as_str() {
                "read" if open => continue,
                "read" => Asked::Read(values.of(&text(&row.value))),
                "write" => Asked::Write(values.of(&text(&row.value))),
                "append" => Asked::Append(value(&row.value, "value")?),
                "cas" => Asked::Cas {
                    from: value(&row.from, "from")?,
                    to: value(&row.to, "to")?,
                    done: (!open).then_some(row.ok.unwrap_or(true)),
                },
                "acquire" => Asked::Acquire,
                "release" => Asked::Release,
                other => return Err(fault(format!("`op` is `{other}`, which no model knows"))),
            };
            let ret = match (open, row.ret) {
                (true, _) => None,
                (false, Some(ret)) if ret >= row.call => Some(ret),
                (false, Some(_)) => return Err(fault("`ret` stands before `call`".to_string())),
                (false, None) => return Err(fault("an ok operation needs `ret`".to_string())),
            };
            let session = match open {
                true => sessions.of(&format!("{} (line {})", row.process, row.line)),
                false => sessions.of(&row.process),
            };
            entries.push(Entry {
                session,
                key: keys.of(&row.key),
                asked,
                call: row.call,
                ret,
                line: row.line,
            });
        }
        entries.sort_by_key(|entry| entry.call);
        Ok(Foreign {
            kind,
            init,
            entries,
            sessions: sessions.names,
            keys: keys.names,
            values: values.names,
        })
    }

    /// An operation in words: `process 3: read 1 of r (12 to 18)`.
    pub fn words(&self, entry: &Entry) -> String {
        let value = |value: Value| &self.values[value as usize];
        let key = &self.keys[entry.key as usize];
        let what = match entry.asked {
            Asked::Read(read) => format!("read {} of {key}", value(read)),
            Asked::Write(written) => format!("write {} to {key}", value(written)),
            Asked::Append(added) => format!("append {} to {key}", value(added)),
            Asked::Cas { from, to, done } => {
                let ended = match done {
                    Some(true) => "",
                    Some(false) => ", refused",
                    None => ", unknown",
                };
                format!("cas {} to {} on {key}{ended}", value(from), value(to))
            }
            Asked::Acquire => format!("acquire {key}"),
            Asked::Release => format!("release {key}"),
        };
        let ret = entry.ret.map_or("open".to_string(), |ret| ret.to_string());
        let session = &self.sessions[entry.session as usize];
        format!("process {session}: {what} ({} to {ret})", entry.call)
    }
}
