//! Guessing first: the person places the moment at which each operation took effect.
//!
//! Invariant: until the answer is shown, only what outsiders saw of the run is.

use crate::check::points::{self, Clash, Points};
use crate::history::OpId;
use crate::run::{Shared, Show};
use crate::time::SimTime;

/// What the person does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Start,
    /// Moves a point; `None` says that the operation took no effect.
    Place(OpId, Option<SimTime>),
    Check,
    /// Show a possible order.
    Show,
    Done,
}

/// A guess under way.
pub struct Guess {
    pub points: Points,
    /// The run without what the judges measured in it.
    pub outside: Shared<Show>,
    pub told: Option<Told>,
    /// The answer was shown: nothing is hidden any more.
    pub shown: bool,
}

/// What the person was told last.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    Right,
    Wrong(Clash),
    NoOrder,
}

impl Guess {
    pub fn of(show: &Show) -> Guess {
        Guess {
            points: Points::of(&show.run.history),
            outside: Shared::new(show.outside()),
            told: None,
            shown: false,
        }
    }

    /// Takes a step that neither begins nor ends.
    pub fn take(&mut self, step: Step) {
        let history = &self.outside.run.history;
        self.told = match step {
            Step::Place(op, at) => {
                self.points.place(history, op, at);
                None
            }
            Step::Check => Some(match points::grade(history, &self.points) {
                Ok(()) => Told::Right,
                Err(clash) => Told::Wrong(clash),
            }),
            Step::Show => {
                self.shown = true;
                Some(match points::possible(history) {
                    Some(points) => {
                        self.points = points;
                        Told::Right
                    }
                    None => Told::NoOrder,
                })
            }
            Step::Start | Step::Done => return,
        };
    }
}
