//! Histories from elsewhere: registers, lists and locks, as Jepsen's tools and others record them.
//!
//! A reader of some format hands over [`Row`]s; [`Making`] makes one history of them, or says what
//! is wrong. Values are numbers into one table, so that a checker compares numbers.
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    /// Who asked, as the file says.
    pub process: u32,
    pub key: u32,
    pub asked: Asked,
    pub call: i64,
    /// `None`: it may take effect at any time after its call, or never.
    pub ret: Option<i64>,
    /// Its line in the file.
    pub line: usize,
}

impl Entry {
    /// The comparison failed, and nothing was set.
    pub fn is_refused(&self) -> bool {
        matches!(
            self.asked,
            Asked::Cas {
                done: Some(false),
                ..
            }
        )
    }
}

#[derive(Clone, Debug)]
pub struct Foreign {
    pub kind: Kind,
    /// What every key holds at first.
    pub init: Value,
    pub entries: Vec<Entry>,
    /// The names behind the numbers.
    pub sessions: Vec<String>,
    pub processes: Vec<String>,
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

/// A history in the making, row by row.
pub struct Making {
    kind: Kind,
    init: Value,
    entries: Vec<Entry>,
    rows: usize,
    sessions: Names,
    processes: Names,
    keys: Names,
    values: Names,
}

impl Making {
    /// Nothing yet; each key begins with `init`.
    pub fn new(kind: Kind, init: Option<String>) -> Making {
        let mut values = Names::default();
        Making {
            kind,
            init: values.of(init.as_deref().unwrap_or(NULL)),
            entries: Vec::new(),
            rows: 0,
            sessions: Names::default(),
            processes: Names::default(),
            keys: Names::default(),
            values,
        }
    }

    /// Takes a row, unless it says nothing.
    pub fn add(&mut self, row: &Row) -> Result<(), String> {
        self.rows += 1;
        if self.rows > MOST {
            return Err(format!("more than {MOST} operations"));
        }
        let open = match row.status.as_str() {
            "ok" => false,
            "info" | "unknown" => true,
            "fail" => return Ok(()),
            other => {
                let known = "ok, info, fail or unknown";
                return Err(format!("`status` is `{other}`, not {known}"));
            }
        };
        if open && row.op == "read" {
            return Ok(());
        }
        let asked = self.asked(row, open)?;
        let ret = match (open, row.ret) {
            (true, _) => None,
            (false, Some(ret)) if ret >= row.call => Some(ret),
            (false, Some(_)) => return Err("`ret` stands before `call`".to_string()),
            (false, None) => return Err("an ok operation needs `ret`".to_string()),
        };
        let session = match open {
            true => self
                .sessions
                .of(&format!("{} (line {})", row.process, row.line)),
            false => self.sessions.of(&row.process),
        };
        self.entries.push(Entry {
            session,
            process: self.processes.of(&row.process),
            key: self.keys.of(&row.key),
            asked,
            call: row.call,
            ret,
            line: row.line,
        });
        Ok(())
    }

    fn asked(&mut self, row: &Row, open: bool) -> Result<Asked, String> {
        let values = &mut self.values;
        let mut needed = |text: &Option<String>, name: &str| match text {
            Some(text) => Ok(values.of(text)),
            None => Err(format!("`{name}` is missing")),
        };
        Ok(match row.op.as_str() {
            "append" => Asked::Append(needed(&row.value, "value")?),
            "cas" => Asked::Cas {
                from: needed(&row.from, "from")?,
                to: needed(&row.to, "to")?,
                done: (!open).then_some(row.ok.unwrap_or(true)),
            },
            "read" => Asked::Read(values.of(row.value.as_deref().unwrap_or(NULL))),
            "write" => Asked::Write(values.of(row.value.as_deref().unwrap_or(NULL))),
            "acquire" => Asked::Acquire,
            "release" => Asked::Release,
            other => return Err(format!("`op` is `{other}`, which no model knows")),
        })
    }

    /// The history of all that was taken.
    pub fn done(mut self) -> Foreign {
        self.entries.sort_by_key(|entry| entry.call);
        Foreign {
            kind: self.kind,
            init: self.init,
            entries: self.entries,
            sessions: self.sessions.names,
            processes: self.processes.names,
            keys: self.keys.names,
            values: self.values.names,
        }
    }
}

impl Foreign {
    /// A history of these rows; each key begins with `init`.
    pub fn of(kind: Kind, init: Option<String>, rows: &[Row]) -> Result<Foreign, Fault> {
        let mut making = Making::new(kind, init);
        for row in rows {
            let line = row.line;
            making.add(row).map_err(|message| Fault { line, message })?;
        }
        Ok(making.done())
    }

    /// What an operation did, and where a key is given to which: `read 1 of x`,
    /// `cas 1 to 2 on x, refused`.
    pub fn deed(&self, asked: Asked, key: Option<u32>) -> String {
        let value = |value: Value| &self.values[value as usize];
        let place = |word: &str| match key {
            Some(key) => format!(" {word}{}", self.keys[key as usize]),
            None => String::new(),
        };
        match asked {
            Asked::Read(read) => format!("read {}{}", value(read), place("of ")),
            Asked::Write(written) => format!("write {}{}", value(written), place("to ")),
            Asked::Append(added) => format!("append {}{}", value(added), place("to ")),
            Asked::Cas { from, to, done } => {
                let ended = match done {
                    Some(true) => "",
                    Some(false) => ", refused",
                    None => ", unknown",
                };
                let (from, to) = (value(from), value(to));
                format!("cas {from} to {to}{}{ended}", place("on "))
            }
            Asked::Acquire => format!("acquire{}", place("")),
            Asked::Release => format!("release{}", place("")),
        }
    }

    /// An operation in words: `process 3: read 1 of r (12 to 18)`.
    pub fn words(&self, entry: &Entry) -> String {
        let what = self.deed(entry.asked, Some(entry.key));
        let ret = entry.ret.map_or("open".to_string(), |ret| ret.to_string());
        let session = &self.sessions[entry.session as usize];
        format!("process {session}: {what} ({} to {ret})", entry.call)
    }
}
