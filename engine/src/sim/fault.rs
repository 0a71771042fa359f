//! What can be broken and mended: services, databases, links and single messages.
//!
//! These are the words of the script about trouble; what they do stands with what they trouble
//! (`service`, `store`, `network`, `world`). Invariant: plain data, that can be copied and
//! compared, so that a line of the text is one of these and nothing more.

use crate::chance::{Delay, Ratio};
use crate::history::{ClientId, ServiceId, Version};
use crate::shop::Kind;
use crate::sim::trace::NodeId;
use crate::time::SimDuration;

/// A line about trouble. A `length` mends it by itself after so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// Memory is gone, the database stays; messages that reach the service are lost.
    Crash(ServiceId, Option<SimDuration>),
    /// A crash at this point of this operation's life, once; armed from when the line fires.
    CrashAt(ServiceId, Point, Ask, Option<SimDuration>),
    Restart(ServiceId),
    /// A crash that takes the database with it: the service restarts with nothing.
    LoseDisk(ServiceId),
    /// The copy takes the writes from now on; who took them before is out for good.
    TakeOver(ServiceId),
    /// The service does nothing (as in a long garbage collection), then goes on where it was.
    Pause(ServiceId, Option<SimDuration>),
    Resume(ServiceId),
    Database(ServiceId, Trouble, Option<SimDuration>),
    /// The database works as usual again.
    Recover(ServiceId),
    Link(Link, LinkFault),
    /// Every link between one of the first and one of the second breaks.
    Partition(Nodes, Nodes),
    /// All links that are cut heal.
    Unite,
    /// Everything that the script broke works again.
    HealAll,
    /// Something happens to one message; armed from when the line fires.
    Message(Hand, Parcel),
}

impl Fault {
    /// Whether an untimed line stands from the start of the run, outside of the order of lines:
    /// it waits for a message or an operation, not for the line above.
    pub fn is_armed(&self) -> bool {
        matches!(self, Fault::CrashAt(..) | Fault::Message(..))
    }

    /// Whether what was confirmed can be gone after it.
    pub fn loses(&self) -> bool {
        matches!(self, Fault::LoseDisk(_) | Fault::TakeOver(_))
    }
}

/// How a service is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    #[default]
    Up,
    Paused,
    Down,
}

/// Where in a write's life a service crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    /// It has been told, and its database has nothing yet.
    Writing,
    /// Its database has it, and no copy has been told (Service 1 only).
    Replicating,
    /// Nobody has been told that it is done: at Service 1 its shopper, at a copy Service 1.
    Confirming,
}

/// What a database suffers from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// It begins nothing more.
    Stalls,
    /// Each write and each read takes this long.
    Slows(Delay),
}

/// A link between two nodes, one way or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Link {
    pub from: NodeId,
    pub to: NodeId,
    pub both: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LinkFault {
    /// What is under way on it is lost, and what is sent.
    Breaks(Option<SimDuration>),
    /// No trouble any more, of any kind.
    Heals,
    Slows(Delay),
    Loses(Ratio),
    /// A message arrives twice with this chance.
    Duplicates(Ratio),
    /// A message is held back for so long with this chance, so that later ones overtake it.
    Reorders(Ratio, SimDuration),
}

/// A set of nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Nodes(pub u32);

impl Nodes {
    /// Services stand above all shoppers of a text.
    fn bit(node: NodeId) -> u32 {
        match node {
            NodeId::Client(client) => 1 << client.0.min(15),
            NodeId::Service(service) => 1 << (16 + u32::from(service.0).min(15)),
        }
    }

    pub fn add(&mut self, node: NodeId) {
        self.0 |= Nodes::bit(node);
    }

    pub fn has(self, node: NodeId) -> bool {
        self.0 & Nodes::bit(node) != 0
    }

    /// Shoppers first, each in order.
    pub fn iter(self) -> impl Iterator<Item = NodeId> {
        let clients = (0..16).map(|client| NodeId::Client(ClientId(client)));
        let services = (0..16).map(|service| NodeId::Service(ServiceId(service)));
        clients.chain(services).filter(move |node| self.has(*node))
    }
}

/// The `nth` operation of this kind by a shopper, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    pub client: ClientId,
    pub kind: Kind,
    pub nth: u32,
}

/// What a hand does to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hand {
    Drop,
    /// It stays where it is until it is released.
    Hold,
    Release,
    Duplicate,
    /// It arrives so much later.
    Delay(SimDuration),
}

/// One message, by what it is about: of several that fit, the first under way or yet to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Parcel {
    /// `replicate 1 to s2`.
    Update(Version, ServiceId),
    /// `ack 1 from s2`.
    Receipt(Version, ServiceId),
    /// `request alice add 1`.
    Request(Ask),
    /// `answer alice add 1`.
    Answer(Ask),
}
