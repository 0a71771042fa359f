//! Breaks laws of the engine on purpose, one after another, and sees that a lesson notices.
//!
//! A course that no broken engine could contradict would prove nothing. So each break is built into
//! a copy of the source, and `lagoon lessons` must then name the lesson that teaches this law.
//!
//! Invariant: the repository itself is not touched. A break that no longer fits the source is a
//! failure, too: it would break nothing.

use crate::sh::{self, Result, cargo, say};
use std::path::Path;

struct Break {
    /// What is so in a whole engine.
    law: &'static str,
    file: &'static str,
    whole: &'static str,
    broken: &'static str,
    /// The file of the lesson that has to notice.
    lesson: &'static str,
}

const BREAKS: &[Break] = &[
    Break {
        law: "a database has so many workers and no more: who comes later waits",
        file: "engine/src/sim/store.rs",
        whole: "busy: vec![None; usize::from(config.workers_of(owner))],",
        broken: "busy: vec![None; 255],",
        lesson: "01-one-server.md",
    },
    Break {
        law: "synchronous: done is said when the copies have it",
        file: "engine/src/sim/service.rs",
        whole: "match self.memory.mode {\n            ReplicationMode::Synchronous => {\n                self.memory\n",
        broken: "match ReplicationMode::Background {\n            ReplicationMode::Synchronous => {\n                self.memory\n",
        lesson: "02-two-services.md",
    },
    Break {
        law: "the job holds a change for as long as the text says",
        file: "engine/src/sim/replication.rs",
        whole: "let due = out.now + out.draw(self.lag, write.op, Leg::Hold, self.copy.0, 0);",
        broken: "let due = out.now;",
        lesson: "03-the-window.md",
    },
    Break {
        law: "a copy applies by number",
        file: "engine/src/sim/service.rs",
        whole: "} else if out.rules.applying != Order::InOrder {",
        broken: "} else if version.0 > 0 {",
        lesson: "07-the-ghost.md",
    },
    Break {
        law: "a copy that is older than a token waits",
        file: "engine/src/sim/service.rs",
        whole: "if token <= self.store.applied() || self.id == out.leader {",
        broken: "if token <= token {",
        lesson: "08-cheap-cures.md",
    },
    Break {
        law: "a request that has a key is done once",
        file: "engine/src/sim/service.rs",
        whole: "if !out.rules.keys {\n            return None;",
        broken: "if op.0 < u32::MAX {\n            return None;",
        lesson: "11-twice.md",
    },
    Break {
        law: "a crash leaves the outbox that is on disk",
        file: "engine/src/sim/replication.rs",
        whole: "if !durable {\n                lane.held.clear();",
        broken: "if durable || !durable {\n                lane.held.clear();",
        lesson: "14-the-outbox.md",
    },
    Break {
        law: "Service 1 decides by what it has at the commit",
        file: "engine/src/sim/service.rs",
        whole: "if out.rules.checkout == Checkout::Commit && !enough(",
        broken: "if out.rules.checkout != out.rules.checkout && !enough(",
        lesson: "16-the-last-book.md",
    },
];

/// What the command line is built of.
const PARTS: &[&str] = &[
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    "benches",
    "engine",
    "lessons",
    "preview",
    "scenarios",
    "src",
    "static",
    "xtask",
];

/// How many breaks were noticed, and what is wrong with the others.
pub fn noticed() -> Result<(u32, Vec<String>)> {
    let copy = sh::target_dir().join("broken");
    std::fs::create_dir_all(&copy).map_err(|error| error.to_string())?;
    for part in PARTS {
        let (from, to) = (sh::root().join(part), copy.join(part));
        put(&from, &to).map_err(|error| format!("{part}: {error}"))?;
    }
    let told = lessons(&copy)?;
    if !told.is_empty() {
        return Err(format!("the whole engine has slips already:\n{told}"));
    }
    let mut faults = Vec::new();
    for one in BREAKS {
        say!("    broken: {}", one.law);
        match one.told(&copy)? {
            told if told.contains(one.lesson) => say!("    noticed by {}", one.lesson),
            told => faults.push(format!(
                "{}: {} is silent, but:\n{told}",
                one.law, one.lesson
            )),
        }
    }
    Ok((BREAKS.len() as u32 - faults.len() as u32, faults))
}

impl Break {
    /// What the course says while this law is broken.
    fn told(&self, copy: &Path) -> Result<String> {
        let path = copy.join(self.file);
        let fault = |error: std::io::Error| format!("{}: {error}", self.file);
        let whole = std::fs::read_to_string(&path).map_err(fault)?;
        if whole.matches(self.whole).count() != 1 {
            let law = self.law;
            return Err(format!(
                "{law}: what is to be broken stands not once in {}",
                self.file
            ));
        }
        std::fs::write(&path, whole.replace(self.whole, self.broken)).map_err(fault)?;
        let told = lessons(copy);
        std::fs::write(&path, whole).map_err(fault)?;
        told
    }
}

/// The slips that the command line of this copy finds; none are an empty text.
fn lessons(copy: &Path) -> Result<String> {
    // Without debug assertions: a broken engine is to be told by a lesson, not by a panic.
    let mut build = cargo("build --quiet --profile tool -p lagoon --bin lagoon");
    build
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", copy.join("target"));
    build.env("RUSTFLAGS", "-Awarnings");
    sh::run(&mut build)?;
    let mut lagoon = sh::command(copy.join("target/tool/lagoon"));
    let output = lagoon
        .current_dir(copy)
        .arg("lessons")
        .output()
        .map_err(|error| format!("lagoon lessons: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Copies a file, or a folder with all that is in it; what stood there before is gone.
fn put(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        std::fs::copy(from, to)?;
        return Ok(());
    }
    if to.exists() {
        std::fs::remove_dir_all(to)?;
    }
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().expect("an entry has a name");
        put(&path, &to.join(name))?;
    }
    Ok(())
}
