//! How much a text may ask for. Part of the language: no text, however hostile, can freeze a tab.
//!
//! Invariant: a limit that is reached is said, never silent. Limits may rise, never fall, because
//! an old link has to go on meaning what it meant.

use crate::sim::Bounds;
use crate::time::{SimDuration, SimTime};

/// The bounds of a text and of its run. Tests lower them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Length of the text; only whole lines within it are read.
    pub bytes: usize,
    pub lines: usize,
    pub shoppers: usize,
    /// Copies of Service 2.
    pub copies: u8,
    /// Items with a stock.
    pub stock: usize,
    /// Characters of the title.
    pub title: usize,
    /// Events and simulated time.
    pub run: Bounds,
}

/// The limits of version 1.
pub const LIMITS: Limits = Limits {
    bytes: 20_000,
    lines: 1_000,
    shoppers: 8,
    copies: 8,
    stock: 8,
    title: 80,
    run: Bounds {
        events: 1_000_000,
        time: SimTime(SimDuration::HOUR.0),
    },
};

/// The limit at which reading a text stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextLimit {
    Bytes,
    Lines,
}

impl TextLimit {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            TextLimit::Bytes => "bytes",
            TextLimit::Lines => "lines",
        }
    }
}
