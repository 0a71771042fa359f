//! Pictures as plain data: from a run and a playhead to what the screen shows.
//!
//! `scene` is one instant, `spacetime` the whole run on one clock, `ledger` the list of events,
//! `price` what it cost; `words` holds all English of the screen. Invariant: no colour and no
//! browser here; states have names (`data-state`), and CSS owns how they look.

use crate::run::Run;
use crate::scenario::Scenario;
use std::ops::Deref;
use std::rc::Rc;

pub mod changed;
pub mod price;
pub mod verdicts;
pub mod words;

/// A scenario and its run: all that a picture needs besides the playhead.
#[derive(Debug)]
pub struct Show {
    pub scenario: Scenario,
    pub run: Run,
}

/// A value shared by many pictures, equal exactly when it is the same one: so that a component
/// is drawn again only when its run is another.
#[derive(Debug)]
pub struct Shared<T>(pub Rc<T>);

impl<T> Shared<T> {
    pub fn new(value: T) -> Shared<T> {
        Shared(Rc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
