//! The words beside the script.

use crate::time::SimDuration;
use crate::view::words;

pub fn took(length: SimDuration) -> String {
    words::span(length)
}

pub fn waiting() -> String {
    "waiting".to_string()
}

/// A line that waits for one that does not finish.
pub fn never() -> String {
    "never starts".to_string()
}

pub fn unmet() -> String {
    "not so".to_string()
}

pub fn not_yet() -> String {
    "no judge yet".to_string()
}
