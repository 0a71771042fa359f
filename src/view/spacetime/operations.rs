//! The shoppers' lanes: a bar for each operation, what it ended with, and the waits between.
//!
//! Invariant: a flag stands beside its bar only where nothing else of the lane stands.

use super::lanes::Lanes;
use super::{Block, Flag, FlagText, Frame, room};
use crate::history::{ClientId, OpId, Operation, Outcome};
use crate::sim::CueId;
use crate::sim::trace::TraceEvent;
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words::timeline as words;

/// No bar is narrower, and between a bar and its flag there is this much.
const NARROWEST: f32 = 2.0;
const GAP: f32 = 5.0;
/// The room of a flag that is a mark alone, and of the mark and ends beside a text.
const MARK: f32 = 18.0;
const ENDS: f32 = 32.0;
/// From the edge of a bar to its label.
const INSET: f32 = 2.5;

/// The operations of the script's shoppers, in order of call.
fn drawn<'a>(show: &'a Show, lanes: &'a Lanes) -> impl Iterator<Item = (OpId, &'a Operation)> {
    let all = (0..).map(OpId).zip(&show.run.history.operations);
    all.filter(|(_, operation)| lanes.shopper(operation.client).is_some())
}

/// A bar for each operation, in order of call. `end` is where an unanswered one breaks off.
pub fn bars(show: &Show, lanes: &Lanes, frame: Frame, end: SimTime) -> Vec<Block> {
    let mut bars = Vec::new();
    for (op, operation) in drawn(show, lanes) {
        let Some(lane) = lanes.shopper(operation.client) else {
            continue;
        };
        let from = frame.x(operation.call);
        let to = frame.x(over(show, op).unwrap_or(end));
        let to = to.max(from + NARROWEST);
        let label = room::fitting(words::op(&operation.op), to - from - 2.0 * INSET);
        bars.push(Block {
            x: from,
            y: lane.y - lane.half,
            width: to - from,
            height: lane.half * 2.0,
            state: state(show, op, operation),
            label: label.map(|text| lane.label((from + to) / 2.0, text)),
            title: words::operation(show, op),
        });
    }
    bars
}

/// When its shopper had done with it: answered, or given up.
fn over(show: &Show, op: OpId) -> Option<SimTime> {
    show.run.trace.operation(op).ended.map(|(at, _)| at)
}

fn state(show: &Show, op: OpId, operation: &Operation) -> &'static str {
    match operation.outcome {
        Outcome::Failed { .. } => "failed",
        Outcome::Unknown => "unknown",
        Outcome::Ok { .. } if words::age(show, op).is_some_and(|age| age.is_stale()) => "stale",
        Outcome::Ok { .. } => "ok",
    }
}

/// What each operation ended with, beside its bar.
pub fn flags(show: &Show, lanes: &Lanes, frame: Frame, bars: &[Block]) -> Vec<Flag> {
    let operations: Vec<(OpId, &Operation)> = drawn(show, lanes).collect();
    let shoppers = show.scenario.config.shoppers.len();
    let next = next_bars(&operations, bars, frame, shoppers);
    let mut free = vec![frame.left(); shoppers];
    let mut flags = Vec::new();
    for (nth, (op, operation)) in operations.iter().enumerate() {
        let (bar, free) = (&bars[nth], &mut free[operation.client.0 as usize]);
        let right = bar.x + bar.width;
        let text = words::flag(show, *op);
        let placed = place(
            &text,
            next[nth] - right - 2.0 * GAP,
            bar.x - *free - 2.0 * GAP,
        );
        *free = right;
        let Some((width, text, on_right)) = placed else {
            continue;
        };
        if on_right {
            *free = right + GAP + width;
        }
        flags.push(Flag {
            x: if on_right {
                right + GAP
            } else {
                bar.x - GAP - width
            },
            y: bar.y + bar.height / 2.0,
            width,
            at: over(show, *op).unwrap_or(frame.horizon),
            state: bar.state,
            text,
            title: bar.title.clone(),
        });
    }
    flags
}

/// Where the next bar of the same shopper begins, for each operation; else the picture's edge.
fn next_bars(
    operations: &[(OpId, &Operation)],
    bars: &[Block],
    frame: Frame,
    shoppers: usize,
) -> Vec<f32> {
    let edge = frame.width as f32;
    let mut next = vec![edge; operations.len()];
    let mut begins = vec![edge; shoppers];
    for (nth, (_, operation)) in operations.iter().enumerate().rev() {
        let begins = &mut begins[operation.client.0 as usize];
        next[nth] = *begins;
        *begins = bars[nth].x;
    }
    next
}

/// The longest text that fits on the right, else on the left; else the mark alone: its width,
/// its text, and whether it stands on the right.
fn place(text: &FlagText, right: f32, left: f32) -> Option<(f32, String, bool)> {
    let places = [
        (&text.long, right, true),
        (&text.short, right, true),
        (&text.short, left, false),
    ];
    for (text, room, on_right) in places {
        let width = room::width(text) + ENDS;
        if width <= room {
            return Some((width, text.clone(), on_right));
        }
    }
    (right >= MARK).then(|| (MARK, String::new(), true))
}

/// The waits: lines of the script that found their shopper busy, and shoppers at rest.
pub fn stubs(show: &Show, lanes: &Lanes, frame: Frame, end: SimTime) -> Vec<Block> {
    let trace = &show.run.trace;
    let mut begun = vec![None; trace.fired.len()];
    for asked in &trace.operations {
        // A visitor's has no line.
        if let Some(begun) = begun.get_mut(asked.cue.0 as usize) {
            *begun = Some(asked.call);
        }
    }
    let mut rested = vec![None; trace.fired.len()];
    let mut stubs = Vec::new();
    for record in trace.records.iter().rev() {
        match record.event {
            TraceEvent::Rested(cue) => rested[cue.0 as usize] = Some(record.at),
            TraceEvent::Resting(cue) => {
                let to = rested[cue.0 as usize].unwrap_or(end);
                begun[cue.0 as usize] = Some(record.at);
                stubs.extend(stub(show, lanes, frame, cue, "rest", record.at, to));
            }
            TraceEvent::Queued(cue) => {
                let to = begun[cue.0 as usize].unwrap_or(end);
                stubs.extend(stub(show, lanes, frame, cue, "queued", record.at, to));
            }
            _ => {}
        }
    }
    stubs
}

fn stub(
    show: &Show,
    lanes: &Lanes,
    frame: Frame,
    cue: CueId,
    state: &'static str,
    from: SimTime,
    to: SimTime,
) -> Option<Block> {
    let client = actor(show, cue)?;
    let (lane, from_x) = (lanes.shopper(client)?, frame.x(from));
    // Outside of the bars, on the side where no arrow begins.
    let y = if lane.top <= lanes.top() {
        -lane.half - 5.0
    } else {
        lane.half + 1.0
    };
    Some(Block {
        x: from_x,
        y: lane.y + y,
        width: (frame.x(to) - from_x).max(1.0),
        height: 4.0,
        state,
        label: None,
        title: words::stub(show, client, state, from, to),
    })
}

/// The shopper who does what the line says.
fn actor(show: &Show, cue: CueId) -> Option<ClientId> {
    show.scenario.script.get(cue.0 as usize)?.action.client()
}
