//! All English of the screen, and how times and names are written for people.
//!
//! Invariant: a sentence is made only from what the run holds; nothing here decides anything.

pub mod changed;
pub mod claims;
pub mod guess;
pub mod ledger;
pub mod narrator;
pub mod opened;
pub mod page;
pub mod price;
pub mod scene;
pub mod script;
pub mod settings;
pub mod timeline;
pub mod traffic;
pub mod trouble;
pub mod verdicts;
pub mod why;

use crate::shop::Name;
use crate::time::{SimDuration, SimTime};

/// Whole milliseconds as people read them: `62 ms`, `1.25 s` from ten seconds on.
pub fn time(at: SimTime) -> String {
    span(SimDuration(at.0))
}

/// A length of time to the millisecond; above zero it never reads as 0.
pub fn span(length: SimDuration) -> String {
    let millis = (length.0 + 500) / 1000;
    match (length.0, millis) {
        (1..=499, _) => "under 1 ms".to_string(),
        (_, 10_000..) => format!("{}.{:02} s", millis / 1000, millis % 1000 / 10),
        _ => format!("{millis} ms"),
    }
}

/// A shopper's name with a capital: `alice` is typed, Alice is shown.
pub fn person(name: Name) -> String {
    let mut letters = name.as_str().chars();
    letters.next().map_or(String::new(), |first| {
        first.to_ascii_uppercase().to_string()
    }) + letters.as_str()
}

/// `once`, `twice`, `3 times`.
pub fn times(count: u32) -> String {
    match count {
        1 => "once".to_string(),
        2 => "twice".to_string(),
        count => format!("{count} times"),
    }
}
