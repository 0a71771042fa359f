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
pub mod fault;
pub mod load;
mod network;
mod out;
mod outside;
mod queue;
mod replication;
mod script;
mod service;
mod store;
pub mod trace;
mod trouble;
mod world;

pub use fault::Fault;
pub use load::Load;
pub use trace::Trace;
pub use world::World;

use crate::chance::Delay;
use crate::history::{ClientId, ServiceId};
use crate::shop::{Line, Name, Op};
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

/// How many copies must send their receipt before a synchronous write is confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Acks {
    All,
    /// More than half of all services, Service 1 counted among them.
    Majority,
    Count(u8),
}

impl Acks {
    /// How many of so many copies.
    pub fn of(self, copies: usize) -> usize {
        match self {
            Acks::All => copies,
            Acks::Majority => copies.div_ceil(2),
            Acks::Count(count) => usize::from(count).min(copies),
        }
    }
}

/// When a copy sends its receipt: only the last keeps views fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Receipt {
    /// As soon as the update is in its memory.
    Received,
    /// When it stands in the log on its disk; a second write then applies it.
    Written,
    /// When views show it.
    Applied,
}

/// What Service 1 does when its patience with the copies is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fallback {
    /// It answers with an error, and the write stays: the copies may be apart.
    Error,
    /// It undoes the write by a new version, and answers with an error.
    Undo,
    /// It confirms all the same.
    Done,
}

/// The order in which the background job sends, or a copy applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// By version.
    InOrder,
    /// As each is due, or arrives.
    AsItComes,
    /// As it arrives, but nothing older than what is there (copies only).
    Newest,
}

/// Who answers a view that names no service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Views {
    From(ServiceId),
    /// A copy drawn for each view.
    Any,
    /// A copy drawn once for each shopper.
    Sticky,
    /// The copy with the quickest link to the shopper, as the text sets it; of equals the lowest.
    Nearest,
    /// Service 2, which waits until it has the version that the shopper saw last.
    Token,
    /// The same, but what is not there yet is asked of Service 1.
    TokenElseS1,
    /// So many copies are asked, and the newest answer wins.
    Quorum(u8),
}

/// Whose stock decides whether there is enough for an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Checkout {
    /// The shopper's device looks first, as at a cart, and orders if it is shown enough; Service 1
    /// takes every order.
    Shown,
    /// Service 1's own, at the commit.
    Commit,
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
    /// Copies of Service 2, 1 to 8; 0 where one server does all (`services: one`).
    pub replicas: u8,
    /// A shopper waits no longer for an answer.
    pub timeout: Option<SimDuration>,
    /// How often a shopper asks again after a timeout.
    pub retries: u8,
    /// Before the first retry; twice as long before each further one.
    pub backoff: Delay,
    /// Idempotency keys: Service 1 does nothing twice.
    pub keys: bool,
    pub acks: Acks,
    pub receipt: Receipt,
    /// How long Service 1 waits for the receipts of a synchronous write; `None` for ever.
    pub patience: Option<SimDuration>,
    pub fallback: Fallback,
    /// The outbox is on disk, so that a crash loses nothing of it.
    pub durable_outbox: bool,
    /// The background job sends only so often; `None` at once.
    pub batch: Option<SimDuration>,
    /// An update without its receipt is sent again after so long; `None` never.
    pub resend: Option<SimDuration>,
    pub sending: Order,
    pub applying: Order,
    /// Service 1 gives copies that differ the whole cart, so often; `None` never.
    pub repair: Option<SimDuration>,
    pub views: Views,
    /// What there is at the start, in name order; of all else there is no end.
    pub stock: Vec<Line>,
    pub checkout: Checkout,
    /// Visitors from the start.
    pub load: Option<Load>,
    /// `s3 lag:`, one entry a copy, in order of copy.
    pub lags: Vec<(ServiceId, Delay)>,
    /// `s2 workers:`, one entry a service, in order.
    pub workers: Vec<(ServiceId, u8)>,
    /// `s2 queue:`, one entry a service, in order.
    pub queues: Vec<(ServiceId, u16)>,
    /// `s1-s3 network:`, the lower service first, in order, one entry a link.
    pub links: Vec<((ServiceId, ServiceId), Delay)>,
    /// `alice-s3 network:`, in order, one entry a link; whoever is nobody's name has no link.
    pub shopper_links: Vec<((Name, ServiceId), Delay)>,
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
            timeout: None,
            retries: 0,
            backoff: Delay::millis(100),
            keys: false,
            acks: Acks::All,
            receipt: Receipt::Applied,
            patience: None,
            fallback: Fallback::Error,
            durable_outbox: true,
            batch: None,
            resend: Some(SimDuration::from_millis(1000)),
            sending: Order::InOrder,
            applying: Order::InOrder,
            repair: None,
            views: Views::From(ServiceId::S2),
            stock: Vec::new(),
            checkout: Checkout::Shown,
            load: None,
            lags: Vec::new(),
            workers: Vec::new(),
            queues: Vec::new(),
            links: Vec::new(),
            shopper_links: Vec::new(),
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

    /// How many reads the database of this service does at once.
    pub fn workers_of(&self, service: ServiceId) -> u8 {
        let own = self.workers.iter().find(|(id, _)| *id == service);
        own.map_or(1, |(_, count)| *count)
    }

    /// How many may wait for the database of this service; `None` for any number.
    pub fn queue_of(&self, service: ServiceId) -> Option<u16> {
        let own = self.queues.iter().find(|(id, _)| *id == service);
        own.map(|(_, count)| *count)
    }

    /// How long a message between this shopper and this service takes.
    pub fn network_of(&self, shopper: Name, service: ServiceId) -> Delay {
        let mut own = self.shopper_links.iter();
        let own = own.find(|(link, _)| *link == (shopper, service));
        own.map_or(self.network, |(_, delay)| *delay)
    }

    /// The copy that this shopper reaches first, by what the text sets: trouble on the way does
    /// not change where a view goes.
    pub fn nearest(&self, shopper: Name) -> ServiceId {
        let mean = |copy: &ServiceId| self.network_of(shopper, *copy).twice_mean();
        self.copies().min_by_key(mean).unwrap_or(ServiceId::S2)
    }

    /// Who answers views: a single server answers all.
    pub fn answering(&self) -> Views {
        match self.replicas {
            0 => Views::From(ServiceId::S1),
            _ => self.views,
        }
    }

    /// The copies of Service 2: s2 and up.
    pub fn copies(&self) -> impl DoubleEndedIterator<Item = ServiceId> + use<> {
        (2..2 + self.replicas).map(ServiceId)
    }
}

/// The place of a cue in the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CueId(pub u32);

impl CueId {
    /// Of what no line says: what a visitor does.
    pub const NONE: CueId = CueId(u32::MAX);
}

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
    /// From the start of the run, outside of the order of lines ([`Fault::is_armed`]).
    Start,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    Shop {
        client: ClientId,
        op: Op,
        /// `None` where the line names no service: Service 1 for writes, `views:` for views and
        /// for the look before an order.
        to: Option<ServiceId>,
    },
    /// The shopper does nothing for this long; no pause before or after it.
    Wait {
        client: ClientId,
        length: SimDuration,
    },
    /// `replication becomes MODE`.
    Become(ReplicationMode),
    /// `load becomes 800/s, 1/10 writes`.
    Load(Load),
    Fault(Fault),
}

impl Action {
    /// The shopper who does it.
    pub fn client(&self) -> Option<ClientId> {
        match self {
            Action::Shop { client, .. } | Action::Wait { client, .. } => Some(*client),
            Action::Become(_) | Action::Load(_) | Action::Fault(_) => None,
        }
    }
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
