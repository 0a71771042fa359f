//! The simulated shop: a discrete-event simulation of shoppers, services, databases and links.
//!
//! ```text
//!   shopper --request--> Service 1 --[database]--> commit --update--> Service 2 --[database]
//!           <--answer---           <----------------- applied --------
//! ```
//!
//! `World::step` handles exactly one event; handlers live in `client`, `service`, `replication`
//! and `script`, and act on the outside only through `Out`. Everything that happens is noted in
//! the [`Trace`], with its cause; nothing else leaves this module.
//!
//! Invariants: no text, no screen, no wall clock, no float, no hash order; equal times are first
//! in, first out, and cues come after everything else at their instant, in order of text. What
//! the shop does is frozen: a link means the same run for ever.

mod client;
mod network;
mod out;
mod queue;
mod replication;
mod script;
mod service;
mod store;
pub mod trace;
mod world;

pub use trace::Trace;
pub use world::World;

use crate::chance::Delay;
use crate::history::{ClientId, ServiceId};
use crate::shop::{Name, Op};
use crate::time::{SimDuration, SimTime};

/// How Service 1 keeps the copies up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplicationMode {
    /// Confirm when every copy has applied the write.
    Synchronous,
    /// Confirm at the commit; a background job tells the copies later.
    Background,
}

impl ReplicationMode {
    pub fn flipped(self) -> ReplicationMode {
        match self {
            ReplicationMode::Synchronous => ReplicationMode::Background,
            ReplicationMode::Background => ReplicationMode::Synchronous,
        }
    }

    /// The word of the language: `synchronous` or `background`.
    pub fn word(self) -> &'static str {
        match self {
            ReplicationMode::Synchronous => "synchronous",
            ReplicationMode::Background => "background",
        }
    }
}

/// How the shop is built. The defaults are frozen: a setting that a link leaves out is this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The mode at time 0.
    pub mode: ReplicationMode,
    /// One way, on every link.
    pub network: Delay,
    /// A database write.
    pub write: Delay,
    /// A database read.
    pub read: Delay,
    /// How long the background job holds an entry, counted from Service 1's commit.
    pub lag: Delay,
    /// Between two lines of the script.
    pub pause: SimDuration,
    /// Copies of Service 2, 1 to 8.
    pub replicas: u8,
    /// `s3 lag:`, one entry a copy, in order of copy.
    pub lags: Vec<(ServiceId, Delay)>,
    /// `s1-s3 network:`, the lower service first, in order, one entry a link.
    pub links: Vec<((ServiceId, ServiceId), Delay)>,
    /// The run stops after this instant.
    pub until: Option<SimTime>,
    /// Every shopper of the script; [`ClientId`] counts them.
    pub shoppers: Vec<Name>,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            mode: ReplicationMode::Background,
            network: Delay::Range(SimDuration::from_millis(10), SimDuration::from_millis(30)),
            write: Delay::millis(12),
            read: Delay::millis(2),
            lag: Delay::millis(300),
            pause: SimDuration::from_millis(100),
            replicas: 1,
            lags: Vec::new(),
            links: Vec::new(),
            until: None,
            shoppers: Vec::new(),
        }
    }
}

impl Config {
    /// The hold of the background job for this copy.
    pub fn lag_of(&self, copy: ServiceId) -> Delay {
        let own = self.lags.iter().find(|(id, _)| *id == copy);
        own.map_or(self.lag, |(_, delay)| *delay)
    }

    /// The copies of Service 2: s2 and up.
    pub fn copies(&self) -> impl DoubleEndedIterator<Item = ServiceId> + use<> {
        (2..2 + self.replicas).map(ServiceId)
    }
}

/// The place of a cue in the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CueId(pub u32);

/// One thing that the script makes happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cue {
    pub when: When,
    pub action: Action,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum When {
    /// At this instant, whatever the cue above does.
    At(SimTime),
    /// Together with the cue above (`meanwhile`).
    With,
    /// One pause after the group above has finished; the first one at 0.
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Shop {
        client: ClientId,
        op: Op,
        to: ServiceId,
    },
    /// The shopper does nothing for this long; no pause before or after it.
    Wait {
        client: ClientId,
        length: SimDuration,
    },
    /// `replication becomes MODE`.
    Become(ReplicationMode),
}

/// How far a run may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Handled or under way: messages that never arrive fill the memory too.
    pub events: u32,
    pub time: SimTime,
}

/// The bound that ended a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    Events,
    Time,
}
