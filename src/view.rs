//! Pictures as plain data: from a run and a playhead to what the screen shows.
//!
//! `scene` is one instant, `spacetime` the whole run on one clock, `ledger` the list of events,
//! `price` what it cost, `traffic` what a load did, `opened` a history from a file; `svg` writes
//! pictures as text and `picture` a run as a file; `words` holds all English of the screen.
//! Invariant: no colour and no browser here; states have names (`data-state`), and CSS owns how
//! they look.

pub mod changed;
pub mod claims;
pub mod glyphs;
pub mod guarantees;
pub mod guess;
pub mod ledger;
pub mod opened;
pub mod picture;
pub mod price;
pub mod scene;
pub mod script;
pub mod spacetime;
pub mod strip;
pub mod svg;
pub mod traffic;
pub mod trouble;
pub mod verdicts;
pub mod why;
pub mod words;

pub use crate::run::{Shared, Show};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A text as part of a `data:` address, as `encodeURIComponent` writes it.
pub fn escape(text: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'_')
        .remove(b'.')
        .remove(b'!')
        .remove(b'~')
        .remove(b'*')
        .remove(b'\'')
        .remove(b'(')
        .remove(b')');
    utf8_percent_encode(text, KEPT).to_string()
}
