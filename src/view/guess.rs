//! A guess as a picture: for each operation a slider along its bar.
//!
//! Invariant: a slider's value lies within its bar. That of a write without an answer reaches to
//! the end of the axis, and there it says that the write took no effect.

use crate::check::points::bar;
use crate::history::{ClientId, OpId};
use crate::playground::Guess;
use crate::time::{SimDuration, SimTime};
use crate::view::Show;
use crate::view::words::guess as words;

/// A slider: the point of one operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slider {
    pub op: OpId,
    pub client: ClientId,
    pub from: SimTime,
    pub to: SimTime,
    /// Where it stands; the end, where the operation took no effect.
    pub at: SimTime,
    pub effect: bool,
    /// No answer came, so it may have taken no effect.
    open: bool,
}

/// A slider for each operation that has a point, in order of call.
pub fn sliders(show: &Show, guess: &Guess, horizon: SimTime) -> Vec<Slider> {
    let mut sliders = Vec::new();
    for (operation, op) in show.run.history.operations.iter().zip((0..).map(OpId)) {
        let Some(bar) = bar(operation) else { continue };
        let (at, to) = (guess.points.at(op), bar.to.unwrap_or(horizon));
        sliders.push(Slider {
            op,
            client: operation.client,
            from: bar.from,
            to,
            at: at.unwrap_or(to).min(to),
            effect: at.is_some(),
            open: bar.to.is_none(),
        });
    }
    sliders
}

impl Slider {
    /// What the slider says.
    pub fn text(&self) -> String {
        words::point(self.effect.then_some(self.at))
    }

    /// What the slider says when it is put here.
    pub fn put(&self, at: SimTime) -> Option<SimTime> {
        (!self.open || at < self.to).then_some(at)
    }

    /// Where a key puts it; `None` for a key that it does not know.
    pub fn key(&self, key: &str) -> Option<Option<SimTime>> {
        let step = SimDuration((self.to.since(self.from).0 / 40).max(1));
        let less = SimTime(self.at.0.saturating_sub(step.0));
        let at = match key {
            "ArrowLeft" | "ArrowDown" => less,
            "ArrowRight" | "ArrowUp" => self.at + step,
            "Home" => self.from,
            "End" => self.to,
            _ => return None,
        };
        Some(self.put(at))
    }
}
