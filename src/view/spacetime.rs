//! The whole run on one clock: a lane for each shopper and service, a bar for each operation, a
//! slanted line for each message, and how long the copies differed.
//!
//! ```text
//!                |<- differed for 325 ms --->|
//!   Alice      [add book]v confirmed         .
//!                \   /                       .
//!   Service 1  v0 [] v1 book ____________________
//!                  '.....job waits......\    . /
//!   Service 2  v0      /still v0/////////[]v1
//!                           /  \
//!   Bob                  [view] shown an empty cart
//! ```
//!
//! It is plain geometry, in px from the top left corner of the group, and does not depend on the
//! playhead: that is one line over it. Invariants: everything drawn lies inside the picture; no
//! two labels overlap; what is drawn is bounded, however long the run.

mod arrows;
mod brackets;
pub mod diagram;
mod frame;
pub mod grips;
mod lanes;
mod operations;
pub(crate) mod room;
mod stores;

pub use arrows::{Arrow, MOST, kind};
pub use brackets::{Bracket, Difference, ROW};
pub use frame::{Frame, Tick, horizon};
pub use lanes::{Head, Lane, Lanes};
pub use stores::{Waiting, ends_odd};

use crate::shop::Name;
use crate::sim::trace::TraceEvent;
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words::timeline as words;

/// The strip above the lanes: two rows of brackets.
const STRIP: f32 = 2.0 * ROW + 2.0;
/// The title of a group, where it cannot stand beside the strip.
const TITLE: f32 = 20.0;
/// The row of mode changes, where there are any.
const MARKS: f32 = 18.0;
/// Two marks of the scrubber are at least this far apart.
const TICK_GAP: f32 = 2.0;
/// Between the line of a mark and its words.
const BESIDE: f32 = 5.0;
/// With more arrows than this each is drawn faintly.
const CROWD: usize = 120;

/// A text of 12 px; `x` is its start, or its middle in a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub x: f32,
    pub y: f32,
    pub text: String,
}

/// A rectangle with a state, and a label inside where one fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
    pub state: &'static str,
    pub label: Option<Label>,
    pub title: String,
}

/// What an operation ended with: a mark, and words where they fit.
#[derive(Clone, Debug, PartialEq)]
pub struct Flag {
    pub x: f32,
    /// Its middle.
    pub y: f32,
    pub width: f32,
    /// From then on it is known.
    pub at: SimTime,
    pub state: &'static str,
    pub text: String,
    pub title: String,
}

/// The words of a flag, from the longest.
pub struct FlagText {
    pub long: String,
    pub short: String,
}

/// A moment at which the rules changed, or the run was stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    pub x: f32,
    /// `mode` or `stop`.
    pub state: &'static str,
    pub label: Option<Label>,
    pub title: String,
}

/// The picture of one run.
#[derive(Clone, Debug, PartialEq)]
pub struct SpaceTime {
    pub frame: Frame,
    pub lanes: Lanes,
    /// Where the lanes begin and end; below is only the axis.
    pub top: f32,
    pub bottom: f32,
    /// Where the rows of the strip begin.
    pub strip: f32,
    pub brackets: Vec<Bracket>,
    pub ribbons: Vec<Block>,
    pub work: Vec<Block>,
    /// Services that were down or paused, and databases that were stalled or slow.
    pub troubles: Vec<Block>,
    pub waiting: Vec<Waiting>,
    pub arrows: Vec<Arrow>,
    pub bars: Vec<Block>,
    pub stubs: Vec<Block>,
    pub flags: Vec<Flag>,
    pub marks: Vec<Mark>,
    /// Moments at which something happened, for the scrubber: none too close to another.
    pub ticks: Vec<SimTime>,
    /// How many messages are drawn, and of how many, where that is not all.
    pub sampled: Option<(usize, usize)>,
    /// So many messages that each is drawn faintly.
    pub crowded: bool,
    pub empty: bool,
    /// The picture in a few sentences.
    pub sentence: String,
}

impl SpaceTime {
    /// `titled`: one of two groups, drawn low, with a name of its own.
    pub fn of(show: &Show, stage: &[Name], frame: Frame, titled: bool) -> SpaceTime {
        let mut all = SpaceTime::plain(show, stage, frame, titled);
        let stop = frame::stop(show);
        let end = stop.unwrap_or(frame.horizon).min(frame.horizon);
        all.troubles = stores::troubles(show, &all.lanes, frame, end);
        stores::make_way(&mut all.ribbons, &all.troubles);
        all.marks = marks(show, frame, all.top, stop);
        all
    }

    /// Of a run in which nothing breaks and no mode changes, as in the first one.
    pub fn plain(show: &Show, stage: &[Name], frame: Frame, titled: bool) -> SpaceTime {
        let mut records = show.run.trace.records.iter();
        let stop = frame::stop(show);
        let has_marks = stop.is_some()
            || records.any(|record| matches!(record.event, TraceEvent::ModeChanged(_)));
        let strip = if titled && frame.is_narrow() {
            TITLE
        } else {
            0.0
        };
        let top = strip + STRIP + if has_marks { MARKS } else { 0.0 };
        let end = stop.unwrap_or(frame.horizon).min(frame.horizon);

        let lanes = Lanes::of(show, stage, frame, titled, top);
        let differences = brackets::differences(show, end);
        let (arrows, messages) = arrows::arrows(show, &lanes, frame, end);
        let bars = operations::bars(show, &lanes, frame, end);
        SpaceTime {
            frame,
            top,
            bottom: lanes.bottom(),
            strip,
            brackets: brackets::brackets(show, frame, strip, &differences),
            ribbons: stores::ribbons(show, &lanes, frame, end),
            troubles: Vec::new(),
            work: stores::work(show, &lanes, frame, end),
            waiting: stores::waiting(show, &lanes, frame, end, &arrows),
            flags: operations::flags(show, &lanes, frame, &bars),
            stubs: operations::stubs(show, &lanes, frame, end),
            bars,
            sampled: (arrows.len() < messages).then_some((arrows.len(), messages)),
            crowded: arrows.len() > CROWD,
            arrows,
            marks: Vec::new(),
            ticks: ticks(show, frame),
            empty: show.run.trace.records.is_empty(),
            sentence: words::sentence(show, &differences),
            lanes,
        }
    }

    /// Leaves only what outsiders saw.
    pub fn hide_inside(&mut self) {
        self.ribbons.clear();
        self.work.clear();
        self.troubles.clear();
        self.waiting.clear();
        self.arrows.clear();
        self.ticks.clear();
    }

    /// The flags that the playhead stands in: known by now, and under the veil over the future.
    pub fn flags_at(&self, now: SimTime) -> impl Iterator<Item = &Flag> {
        let x = self.frame.x(now);
        self.flags
            .iter()
            .filter(move |flag| flag.at <= now && flag.x + flag.width > x)
    }
}

fn marks(show: &Show, frame: Frame, top: f32, stop: Option<SimTime>) -> Vec<Mark> {
    let mut all = Vec::new();
    for record in &show.run.trace.records {
        if let TraceEvent::ModeChanged(mode) = record.event {
            all.push((record.at, "mode", words::becomes(mode)));
        }
    }
    if let Some(at) = stop {
        all.push((at, "stop", words::stops()));
    }
    let mut free = frame.left();
    let mut marks = Vec::with_capacity(all.len());
    for (nth, (at, state, texts)) in all.iter().enumerate() {
        let x = frame.x(*at);
        let next = all
            .get(nth + 1)
            .map_or(frame.width as f32, |next| frame.x(next.0));
        // Right of its line up to the next mark, else left of it.
        let (right, left) = (next - x - 2.0 * BESIDE, x - free - 2.0 * BESIDE);
        let label = texts.iter().find_map(|text| match room::width(text) {
            width if width <= right => Some((x + BESIDE, text)),
            width if width <= left => Some((x - BESIDE - width, text)),
            _ => None,
        });
        free = x;
        if let Some((left, text)) = label {
            free = free.max(left + room::width(text));
        }
        let label = label.map(|(x, text)| Label {
            x,
            y: top - 5.8,
            text: text.clone(),
        });
        marks.push(Mark {
            x,
            state,
            label,
            title: words::mark(&texts[0], *at),
        });
    }
    marks
}

/// The moments of the run, as far apart as the scrubber can show.
fn ticks(show: &Show, frame: Frame) -> Vec<SimTime> {
    let mut last = f32::MIN;
    let mut ticks = Vec::new();
    for record in &show.run.trace.records {
        let x = frame.x(record.at);
        if x - last >= TICK_GAP {
            last = x;
            ticks.push(record.at);
        }
    }
    ticks
}
