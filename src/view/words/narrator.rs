//! What has just happened, in a sentence.

use crate::time::SimTime;
use crate::view::Show;
use crate::view::words;

/// The moment, the sentence that matters, and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narration {
    pub time: String,
    pub headline: String,
    pub rest: String,
}

/// The last thing that meant something at `now`.
pub fn say(_show: &Show, now: SimTime) -> Narration {
    let headline = "Nothing has happened yet.".to_string();
    let rest = "Press Add book on Alice’s phone.".to_string();
    Narration { time: words::time(now), headline, rest }
}

/// What happened in (from, to] that is worth being spoken, if anything.
pub fn meaning(_show: &Show, _from: SimTime, _to: SimTime) -> Option<String> {
    None
}
