//! The words of what a load did.

use crate::history::ServiceId;
use crate::time::SimDuration;
use crate::view::words;
use crate::view::words::verdicts::service;

pub const TITLE: &str = "What the load did";
pub const COLUMNS: [&str; 3] = ["Everybody’s requests", "so far", "in the last second"];
pub const VISITORS: &str = "Visitors who wait for an answer";
pub const ANSWERS: &str = "answers a second";
pub const HALF: &str = "half waited at most";
pub const P95: &str = "95 in 100 at most";
pub const P99: &str = "99 in 100 at most";
pub const LONGEST: &str = "the longest wait";
pub const REFUSED: &str = "refused";
pub const MAYBE: &str = "given up or failed: maybe done";

pub fn queue(id: ServiceId) -> String {
    format!("In line at {}", service(id))
}

pub fn behind(copy: ServiceId) -> String {
    format!("Changes that {} is behind", service(copy))
}

/// A chart's title, with the most there was.
pub fn chart(title: &str, most: u32) -> String {
    format!("{title}: at most {most}")
}

/// So many in so long, a second.
pub fn rate(count: u32, length: SimDuration) -> String {
    match length.0 {
        0 => "–".to_string(),
        micros => {
            let tenths = (u64::from(count) * 10_000_000 + micros / 2) / micros;
            format!("{}.{}", tenths / 10, tenths % 10)
        }
    }
}

/// A wait, if anybody was answered.
pub fn wait(answered: u32, wait: SimDuration) -> String {
    match answered {
        0 => "–".to_string(),
        _ => words::span(wait),
    }
}
