//! The clock of the picture: from simulated time to a place on the axis, and back.

use crate::run::Run;
use crate::time::{SimDuration, SimTime};
use crate::view::Show;
use crate::view::words::timeline as words;

/// The end of the axis when nothing has happened.
const IDLE: SimTime = SimTime(400_000);
/// No axis is shorter: below a millisecond there is nothing to read.
const SHORTEST: u64 = 10_000;
/// From the end of the plot to the edge of the picture.
const MARGIN: f32 = 14.0;
/// Narrower pictures have avatars for names.
const NARROW: u32 = 520;
/// Two labels of the axis stand at least this far apart.
const LABEL_GAP: f32 = 110.0;

/// Where time stands in a picture of this width. Two pictures with equal frames share one axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    pub width: u32,
    pub horizon: SimTime,
}

impl Frame {
    /// Whether there is no room for names beside the lanes.
    pub fn is_narrow(&self) -> bool {
        self.width < NARROW
    }

    /// Where time 0 stands.
    pub fn left(&self) -> f32 {
        if self.is_narrow() { 34.0 } else { 96.0 }
    }

    /// Where the horizon stands.
    pub fn right(&self) -> f32 {
        (self.width as f32 - MARGIN).max(self.left() + 1.0)
    }

    pub fn x(&self, at: SimTime) -> f32 {
        let part = at.0.min(self.horizon.0) as f64 / self.horizon.0.max(1) as f64;
        self.left() + (part * f64::from(self.right() - self.left())) as f32
    }

    /// The moment at this place; a place outside the plot gives its nearest end.
    pub fn moment(&self, x: f64) -> SimTime {
        let part = (x - f64::from(self.left())) / f64::from(self.right() - self.left());
        SimTime((part.clamp(0.0, 1.0) * self.horizon.0 as f64) as u64)
    }

    /// The time that so much of the width stands for.
    pub fn length(&self, width: f64) -> SimDuration {
        let plot = f64::from(self.right() - self.left()).max(1.0);
        SimDuration((width.max(0.0) / plot * self.horizon.0 as f64) as u64)
    }

    /// The marks of the axis, from 0 to the horizon; every other one may be without a label.
    pub fn axis(&self) -> Vec<Tick> {
        let room = self.right() - self.left();
        let most = ((room / LABEL_GAP) as u64).max(1);
        let step = step(self.horizon.0, most);
        let minor = if step.is_multiple_of(2) {
            step / 2
        } else {
            step
        };
        (0..=self.horizon.0 / minor)
            .map(|nth| nth * minor)
            .map(|at| Tick {
                x: self.x(SimTime(at)),
                label: at
                    .is_multiple_of(step)
                    .then(|| words::axis(SimTime(at), self.horizon)),
            })
            .collect()
    }
}

/// A mark of the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub x: f32,
    pub label: Option<String>,
}

/// The roundest, then smallest step that parts the axis evenly into at most this many.
fn step(horizon: u64, most: u64) -> u64 {
    for tenths in [[10, 20, 25, 50], [30, 40, 60, 75]] {
        let mut unit = 1000;
        while unit < horizon {
            let mut steps = tenths.into_iter().map(|tenths| unit * tenths / 10);
            let fits = |step: &u64| {
                *step < horizon && horizon.is_multiple_of(*step) && horizon / step <= most
            };
            if let Some(step) = steps.find(fits) {
                return step;
            }
            unit *= 10;
        }
    }
    horizon
}

/// The end of the axis for these runs together: a round number with a little room after the last
/// event, so that flipping the switch moves nothing.
pub fn horizon(shows: &[&Show]) -> SimTime {
    let latest = shows
        .iter()
        .map(|show| last(&show.run, show))
        .max()
        .unwrap_or_default();
    if latest == SimTime::ZERO {
        return IDLE;
    }
    let wanted = (latest.0 + latest.0 / 20).max(SHORTEST);
    let mut unit = 1000;
    loop {
        for tenths in [10, 12, 15, 20, 25, 30, 40, 50, 60, 80] {
            if unit * tenths / 10 >= wanted {
                return SimTime(unit * tenths / 10);
            }
        }
        unit *= 10;
    }
}

fn last(run: &Run, show: &Show) -> SimTime {
    stop(show).unwrap_or_default().max(run.end())
}

/// Where the run was stopped before it was quiet: what follows is not known.
pub fn stop(show: &Show) -> Option<SimTime> {
    let trace = &show.run.trace;
    if trace.quiet {
        return None;
    }
    let until = show.scenario.config.until.filter(|_| trace.limit.is_none());
    Some(
        until
            .unwrap_or_default()
            .max(trace.end())
            .min(SimTime(SimDuration::HOUR.0)),
    )
}
