//! How long the copies differed, and how much of it came after somebody was told done.
//!
//! With several copies it is the one that was behind the longest, by name. Invariant: the numbers
//! are those of the report; a label stands only where no other does.

use super::{Frame, Label, room, stores};
use crate::check::staleness::{self, Window};
use crate::history::ServiceId;
use crate::order;
use crate::time::{SimDuration, SimTime};
use crate::view::Show;
use crate::view::words::timeline as words;

/// The two rows of the strip above the lanes.
pub const ROW: f32 = 16.0;
const INSET: f32 = 14.0;
const GAP: f32 = 6.0;

/// A stretch in which the copy and Service 1 differed.
#[derive(Clone, Debug, PartialEq)]
pub struct Bracket {
    pub from: f32,
    pub to: f32,
    /// The parts of it in which a confirmed write was missing.
    pub windows: Vec<(f32, f32)>,
    pub apart: SimDuration,
    pub window: SimDuration,
    /// The words on the first row, and those on the second.
    pub labels: [Option<Label>; 2],
    pub title: String,
}

/// What a bracket tells of, before it has a place.
pub struct Difference<'a> {
    pub copy: ServiceId,
    pub from: SimTime,
    pub to: SimTime,
    pub windows: Vec<(SimTime, SimTime)>,
    /// The writes that the copy was missing in it.
    pub writes: Vec<&'a Window>,
    /// The copy still differed when the run stopped.
    pub open: bool,
}

impl Difference<'_> {
    pub fn apart(&self) -> SimDuration {
        self.to.since(self.from)
    }

    pub fn window(&self) -> SimDuration {
        total(&self.windows)
    }
}

fn total(spans: &[(SimTime, SimTime)]) -> SimDuration {
    spans
        .iter()
        .fold(SimDuration::ZERO, |sum, (from, to)| sum + to.since(*from))
}

/// The stretches in which the copy that was behind the longest differed from Service 1.
pub fn differences(show: &Show, end: SimTime) -> Vec<Difference<'_>> {
    let windows = &show.run.report.windows;
    let measures = |copy: &ServiceId| {
        let behind = total(&staleness::behind_spans(windows, *copy, end));
        let apart = total(&staleness::apart_spans(windows, *copy, end));
        (behind, apart, std::cmp::Reverse(*copy))
    };
    let Some(copy) = show.scenario.config.copies().max_by_key(measures) else {
        return Vec::new();
    };
    let mut own: Vec<&Window> = windows.iter().filter(|w| w.replica == copy).collect();
    order::by_key(&mut own, |window| window.committed.0);
    let mut own = own.into_iter().peekable();
    let mut behind = staleness::behind_spans(windows, copy, end)
        .into_iter()
        .peekable();
    let mut differences = Vec::new();
    for (from, to) in staleness::apart_spans(windows, copy, end) {
        let mut difference = Difference {
            copy,
            from,
            to,
            windows: Vec::new(),
            writes: Vec::new(),
            open: false,
        };
        while let Some(window) = own.next_if(|window| window.committed < to) {
            difference.open |= window.applied.is_none_or(|applied| applied > end);
            difference.writes.push(window);
        }
        while let Some(span) = behind.next_if(|span| span.0 < to) {
            difference.windows.push(span);
        }
        differences.push(difference);
    }
    // It has every change, and another cart: what was applied out of order does not mend itself.
    let last = differences.last_mut();
    if let Some(last) = last.filter(|_| stores::ends_odd(show, copy, end)) {
        (last.to, last.open) = (end, true);
    }
    differences
}

/// The brackets of these differences, in order of time.
pub fn brackets(show: &Show, frame: Frame, top: f32, found: &[Difference]) -> Vec<Bracket> {
    let mut free = [frame.left(); 2];
    let mut brackets: Vec<Bracket> = Vec::with_capacity(found.len());
    for (nth, difference) in found.iter().enumerate() {
        let (from, to) = (frame.x(difference.from), frame.x(difference.to));
        let next = found
            .get(nth + 1)
            .map_or(frame.width as f32, |next| frame.x(next.from));
        let (apart, after) = words::difference(show, difference);
        let title = words::difference_whole(show, difference);
        let mut windows = Vec::with_capacity(difference.windows.len());
        for span in &difference.windows {
            windows.push((frame.x(span.0), frame.x(span.1)));
        }
        let inner = match (windows.first(), windows.last()) {
            (Some(first), Some(last)) => (first.0, last.1),
            _ => (from, to),
        };
        let spans = [(from, to, apart), (inner.0, inner.1, after)];
        let mut labels = [None, None];
        for (row, (from, to, texts)) in spans.into_iter().enumerate() {
            let y = top + row as f32 * ROW + 12.2;
            if let Some((label, ends)) = place(texts, (from, to), free[row], next) {
                labels[row] = Some(Label {
                    x: label.0,
                    y,
                    text: label.1,
                });
                free[row] = ends;
            }
            free[row] = free[row].max(to);
        }
        let (apart, window) = (difference.apart(), difference.window());
        brackets.push(Bracket {
            from,
            to,
            windows,
            apart,
            window,
            labels,
            title,
        });
    }
    brackets
}

/// The longest text that fits on its bracket, else right of it, else left of it.
fn place(
    texts: [String; 2],
    (from, to): (f32, f32),
    free: f32,
    next: f32,
) -> Option<((f32, String), f32)> {
    for text in texts.into_iter().filter(|text| !text.is_empty()) {
        let width = room::width(&text);
        let on = (from + INSET).max(free + GAP);
        let right = (to + GAP).max(free + GAP);
        let left = from - GAP - width;
        if on + width + GAP <= to {
            return Some(((on, text), on + width));
        }
        if right + width + GAP <= next {
            return Some(((right, text), right + width));
        }
        if left >= free + GAP {
            return Some(((left, text), left + width));
        }
    }
    None
}
