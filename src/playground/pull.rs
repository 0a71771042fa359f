//! Pulling a message on the timeline: it arrives as much later as it is pulled, by a line of the
//! text at the playhead.
//!
//! Invariant: a pull is one undo step, and what comes of it depends on where it ends alone.

use super::{Effect, Playground, Session};
use crate::run::{Shared, Show};
use crate::scenario::edit::cut_and_append;
use crate::scenario::{Parsed, fault_line};
use crate::sim::Fault;
use crate::sim::fault::Hand;
use crate::sim::trace::MessageId;
use crate::time::{SimDuration, SimTime};
use std::rc::Rc;

/// How things stood before the pull that is under way.
pub struct Pulled {
    text: String,
    parsed: Rc<Parsed>,
    show: Shared<Show>,
}

impl Playground {
    /// The message arrives at this moment, to the millisecond; never earlier than by itself.
    pub(super) fn pull(&mut self, id: MessageId, to: SimTime, effects: &mut Vec<Effect>) {
        if self.session != Some(Session::Pull(id)) {
            self.settle(effects);
            self.playing = false;
            self.pulled = Some(Pulled {
                text: self.text.clone(),
                parsed: self.parsed.clone(),
                show: self.show.clone(),
            });
        }
        let Some(Pulled { text, parsed, show }) = &self.pulled else {
            return;
        };
        let trace = &show.run.trace;
        let Some(message) = trace.messages.get(id.0 as usize) else {
            return;
        };
        let Some(parcel) = trace.parcel(id) else {
            return;
        };
        let by = to.since(message.arrives_at.min(to)).0 / 1000;
        let pulled = match by {
            0 => text.clone(),
            by => {
                let hand = Hand::Delay(SimDuration::from_millis(by));
                let shoppers = &show.scenario.config.shoppers;
                let line = fault_line(&Fault::Message(hand, parcel), shoppers);
                cut_and_append(text, parsed, &trace.fired, self.now, &line).text
            }
        };
        let (at, guests) = (self.now, self.stage());
        self.change(pulled, self.session != Some(Session::Pull(id)), effects);
        (self.now, self.guests) = (at, guests);
        self.session = Some(Session::Pull(id));
    }
}
