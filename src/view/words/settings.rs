//! The words of the settings.

use crate::chance::Delay;
use crate::time::SimDuration;

/// As people read it: `12 ms`, `10 to 30 ms`, `40 ms on average`.
pub fn delay(delay: Delay) -> String {
    match delay {
        Delay::Constant(length) => length_of(length),
        Delay::Range(from, to) => format!("{} to {}", length_of(from), length_of(to)),
        Delay::Exponential(mean) => format!("{} on average", length_of(mean)),
    }
}

/// Exact, with a space before the unit.
fn length_of(length: SimDuration) -> String {
    let text = length.to_string();
    let unit = text
        .find(|letter: char| letter.is_ascii_alphabetic())
        .unwrap_or(text.len());
    format!("{} {}", &text[..unit], &text[unit..])
}
