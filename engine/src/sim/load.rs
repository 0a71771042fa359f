//! Load: a stream of visitors beside the shoppers of the script. Each asks the shop once, as any
//! shopper does, and is gone.
//!
//! They come as a Poisson process: the time to the next one is exponential, drawn for that visitor
//! at one a second and run through faster where more come, so a change of the load keeps
//! everybody's luck. Invariant: a visitor is a shopper like any other, named `visitor N`; nothing
//! else in the shop knows the difference.

use crate::chance::{Chance, Delay, Leg, Ratio, Stream, Subject, mix, name_hash};
use crate::shop::{Name, Op};
use crate::time::{SimDuration, SimTime};

/// How many visitors come, and what they want.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Load {
    /// Visitors a second on average, at most [`Load::MOST`]; 0 for none.
    pub rate: u32,
    /// The part of them who add one to the cart; the others look at it.
    pub writes: Ratio,
    /// For so long they come, from when this load begins.
    pub length: SimDuration,
}

impl Load {
    pub const MOST: u32 = 10_000;
    /// What visitors add.
    pub const WANTED: &str = "mug";
    /// The part that writes, and how long they come, where the text does not say.
    pub const WRITES: Ratio = Ratio { num: 1, den: 10 };
    pub const LENGTH: SimDuration = SimDuration::from_millis(10_000);
}

/// Who comes next, and when.
#[derive(Debug)]
pub struct Visitors {
    load: Load,
    /// Nobody comes after this.
    until: SimTime,
    come: u32,
    /// What is left to the next one, in microseconds at one visitor a second, as of `since`.
    left: u64,
    since: SimTime,
    /// Counts the changes of the load: who was expected before one does not come.
    epoch: u32,
}

impl Visitors {
    pub fn new(chance: &Chance) -> Visitors {
        Visitors {
            load: Load {
                rate: 0,
                writes: Load::WRITES,
                length: SimDuration(0),
            },
            until: SimTime::ZERO,
            come: 0,
            left: before(1, chance),
            since: SimTime::ZERO,
            epoch: 0,
        }
    }

    /// From now on this is the load.
    pub fn become_load(&mut self, load: Load, now: SimTime) {
        let gone = now.min(self.until).since(self.since).0 * u64::from(self.load.rate);
        self.left = self.left.saturating_sub(gone);
        self.since = now;
        self.load = load;
        self.until = now + load.length;
        self.epoch += 1;
    }

    /// When the next one comes, if anybody does, and under which load.
    pub fn next(&self) -> Option<(SimTime, u32)> {
        let rate = u64::from(self.load.rate);
        let wait = (self.left + rate / 2).checked_div(rate)?;
        let at = self.since + SimDuration(wait);
        (at <= self.until).then_some((at, self.epoch))
    }

    /// Whether somebody who is expected under this load still comes.
    pub fn is_live(&self, epoch: u32) -> bool {
        self.epoch == epoch
    }

    /// One comes: who it is, and what it wants.
    pub fn come(&mut self, chance: &Chance, now: SimTime) -> (Name, Op) {
        self.come += 1;
        self.since = now;
        self.left = before(self.come + 1, chance);
        let name = Name::visitor(self.come);
        let luck = chance.draw(Stream::Visit, mix(name_hash(name)));
        let item = Name::new(Load::WANTED).filter(|_| self.load.writes.hits(luck));
        (name, item.map_or(Op::View, |item| Op::Add { item, qty: 1 }))
    }
}

/// The time before this visitor, at one a second.
fn before(nth: u32, chance: &Chance) -> u64 {
    let subject = Subject {
        shopper: name_hash(Name::visitor(nth)),
        n: 0,
        leg: Leg::Arrive,
        copy: 0,
        attempt: 0,
    };
    let second = Delay::Exponential(SimDuration::from_millis(1000));
    chance.delay(second, subject).0
}
