//! The marks beside the script: what each line has done by now, and what is wrong with it.
//!
//! Invariant: a row of the editor is a line between newlines, whatever stands in it; several
//! statements in one (`;`) share its mark, the worst first.

use crate::scenario::{LineKind, Parsed, Severity};
use crate::sim::CueId;
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words::script as words;

/// The mark of one row of the editor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    pub state: State,
    /// At the end of the row: how long it took, or why it has not.
    pub note: String,
}

/// In order of weight: the last one wins where a row has several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    #[default]
    Plain,
    /// Its moment has not come.
    Ahead,
    Done,
    Met,
    /// Under way at the playhead.
    Now,
    Unmet,
    Problem,
}

impl State {
    /// The name that CSS knows.
    pub fn name(self) -> &'static str {
        match self {
            State::Plain | State::Ahead => "",
            State::Done | State::Met => "done",
            State::Now => "now",
            State::Unmet => "unmet",
            State::Problem => "problem",
        }
    }

    /// The sign before the line.
    pub fn sign(self) -> &'static str {
        match self {
            State::Plain | State::Ahead => "",
            State::Done | State::Met => "✓",
            State::Now => "▸",
            State::Unmet => "✗",
            State::Problem => "!",
        }
    }
}

/// A mark for each row of the text.
pub fn marks(text: &str, parsed: &Parsed, show: &Show, now: SimTime) -> Vec<Mark> {
    let mut marks = vec![Mark::default(); text.split('\n').count()];
    let bytes = text.as_bytes();
    let (mut row, mut read) = (0, 0);
    let mut row_of = Vec::with_capacity(parsed.lines.len());
    for line in &parsed.lines {
        row += bytes[read..line.place.start]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
        read = line.place.start;
        row_of.push(row);
        let mark = match line.kind {
            LineKind::Cue(cue) => cue_mark(show, cue, now),
            LineKind::Expect(nth) => expect_mark(parsed, show, nth as usize, now),
            _ => continue,
        };
        put(&mut marks[row], mark);
    }
    for diagnostic in parsed
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Problem)
    {
        if let Some(row) = row_of.get(diagnostic.line as usize - 1) {
            put(
                &mut marks[*row],
                Mark {
                    state: State::Problem,
                    note: String::new(),
                },
            );
        }
    }
    marks
}

fn put(mark: &mut Mark, new: Mark) {
    if new.state >= mark.state {
        *mark = new;
    }
}

fn cue_mark(show: &Show, cue: CueId, now: SimTime) -> Mark {
    let trace = &show.run.trace;
    let fired = trace.fired.get(cue.0 as usize).copied().flatten();
    let operation = trace
        .operations
        .iter()
        .find(|operation| operation.cue == cue);
    let (state, note) = match (fired, operation) {
        (None, _) => (State::Ahead, words::never()),
        (Some(at), _) if at > now => (State::Ahead, String::new()),
        (Some(_), Some(operation)) => match operation.ended {
            Some((ended, _)) if ended <= now => {
                (State::Done, words::took(ended.since(operation.call)))
            }
            _ => (State::Now, words::waiting()),
        },
        (Some(_), None) => (State::Done, String::new()),
    };
    Mark { state, note }
}

fn expect_mark(parsed: &Parsed, show: &Show, nth: usize, now: SimTime) -> Mark {
    let claim = parsed
        .expects
        .get(nth)
        .and_then(|expect| expect.claim.as_ref());
    let met = claim.and_then(|claim| show.run.judge(claim, now).1);
    match met {
        Some(true) => Mark {
            state: State::Met,
            note: String::new(),
        },
        // A claim is about the whole run: before its end it is open, not crossed.
        _ if now < show.run.end() => Mark {
            state: State::Ahead,
            note: String::new(),
        },
        Some(false) => Mark {
            state: State::Unmet,
            note: words::unmet(),
        },
        None => Mark {
            state: State::Unmet,
            note: words::not_yet(),
        },
    }
}
