//! What can be broken and mended at this moment: services, their databases, links, messages.
//!
//! Each choice is a line of the text to come, at the playhead. Invariant: only what makes sense
//! now is offered (nobody restarts what runs), and what is offered names what it does.

use crate::chance::{Delay, Ratio};
use crate::history::{ClientId, ServiceId};
use crate::playground::Target;
use crate::sim::Fault;
use crate::sim::fault::{Ask, Hand, Link, LinkFault, Nodes, Point, Status, Trouble};
use crate::sim::trace::{LinkChange, MessageId, NodeId};
use crate::time::SimDuration;
use crate::view::scene::moment::Moment;
use crate::view::words::trouble as words;

/// Messages under way that are offered, the first of them.
const MESSAGES: usize = 6;

/// One thing, and what can be done with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub target: Target,
    pub name: String,
    pub choices: Vec<Choice>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    pub label: &'static str,
    pub fault: Fault,
}

fn choice(label: &'static str, fault: Fault) -> Choice {
    Choice { label, fault }
}

/// All of it, or what concerns one thing.
pub fn groups(moment: &Moment, only: Option<Target>) -> Vec<Group> {
    let services = (1..=moment.stores.len() as u8).map(|id| Target::Service(ServiceId(id)));
    let s1 = NodeId::Service(ServiceId::S1);
    let links = moment
        .copies()
        .map(|copy| Target::Link(s1, NodeId::Service(copy)));
    let messages = moment
        .under_way()
        .take(MESSAGES)
        .map(|(id, _)| Target::Message(id));
    let all: Vec<Target> = match only {
        Some(target) => vec![target],
        None => services.chain(links).chain(messages).collect(),
    };
    all.into_iter()
        .map(|target| Group {
            target,
            name: words::target(moment, target),
            choices: choices(moment, target),
        })
        .filter(|group| !group.choices.is_empty())
        .collect()
}

fn choices(moment: &Moment, target: Target) -> Vec<Choice> {
    match target {
        Target::Service(id) => service(moment, id),
        Target::Database(id) => database(moment, id),
        Target::Link(from, to) => link(
            moment,
            Link {
                from,
                to,
                both: true,
            },
        ),
        Target::Message(id) => message(moment, id),
    }
}

fn service(moment: &Moment, id: ServiceId) -> Vec<Choice> {
    let store = moment.store(id);
    if store.out {
        return Vec::new();
    }
    let mut choices = match store.status {
        Status::Down => vec![choice("Restart", Fault::Restart(id))],
        Status::Up => vec![
            choice("Crash", Fault::Crash(id, None)),
            choice("Pause", Fault::Pause(id, None)),
        ],
        Status::Paused => vec![
            choice("Go on", Fault::Resume(id)),
            choice("Crash", Fault::Crash(id, None)),
        ],
    };
    choices.extend(cut_off(moment, id).map(|fault| choice("Cut it off", fault)));
    let cut = |change: &LinkChange| {
        let ends = [change.from, change.to];
        matches!(change.now, LinkFault::Breaks(_)) && ends.contains(&NodeId::Service(id))
    };
    if moment.links.iter().any(cut) {
        choices.push(choice("Join all again", Fault::Unite));
    }
    choices.extend(database(moment, id));
    if id != ServiceId::S1 && id != moment.leader {
        choices.push(choice("Take over", Fault::TakeOver(id)));
    }
    if let Some(ask) = open_write(moment).filter(|_| store.status == Status::Up) {
        let at = |label, point| choice(label, Fault::CrashAt(id, point, ask, None));
        choices.push(at("Crash before it writes", Point::Writing));
        if id == ServiceId::S1 {
            choices.push(at("Crash before it replicates", Point::Replicating));
        }
        choices.push(at("Crash before it confirms", Point::Confirming));
    }
    choices
}

/// A partition: this service on one side, everybody else on the other.
fn cut_off(moment: &Moment, id: ServiceId) -> Option<Fault> {
    let (mut own, mut others) = (Nodes::default(), Nodes::default());
    own.add(NodeId::Service(id));
    for other in (1..=moment.stores.len() as u8).map(ServiceId) {
        if other != id {
            others.add(NodeId::Service(other));
        }
    }
    for client in 0..moment.shoppers.len() as u32 {
        others.add(NodeId::Client(ClientId(client)));
    }
    (others != Nodes::default()).then_some(Fault::Partition(own, others))
}

fn database(moment: &Moment, id: ServiceId) -> Vec<Choice> {
    let store = moment.store(id);
    if store.out {
        return Vec::new();
    }
    let mut choices = Vec::new();
    if store.ails.is_some() {
        choices.push(choice("Mend its database", Fault::Recover(id)));
    } else {
        let slow = Trouble::Slows(Delay::millis(200));
        let stall = Fault::Database(id, Trouble::Stalls, None);
        choices.push(choice("Stall its database", stall));
        choices.push(choice("Slow its database", Fault::Database(id, slow, None)));
    }
    choices.push(choice("Lose its disk", Fault::LoseDisk(id)));
    choices
}

/// The first write that is under way.
fn open_write(moment: &Moment) -> Option<Ask> {
    let open = moment.shoppers.iter().filter_map(|shopper| shopper.open);
    let write = open
        .filter(|op| !moment.trace().operation(*op).op.is_view())
        .min_by_key(|op| op.0)?;
    Some(moment.trace().ask(write))
}

fn link(moment: &Moment, link: Link) -> Vec<Choice> {
    let make = |label, fault| choice(label, Fault::Link(link, fault));
    let same = |from, to| (from, to) == (link.from, link.to) || (to, from) == (link.from, link.to);
    let ails = moment
        .links
        .iter()
        .any(|change| same(change.from, change.to));
    let half = Ratio { num: 1, den: 2 };
    let mut choices = Vec::new();
    if ails {
        choices.push(make("Mend", LinkFault::Heals));
    }
    choices.push(make("Cut", LinkFault::Breaks(None)));
    choices.push(make("Slow down", LinkFault::Slows(Delay::millis(500))));
    choices.push(make("Lose half", LinkFault::Loses(half)));
    choices.push(make("Deliver half twice", LinkFault::Duplicates(half)));
    let back = LinkFault::Reorders(half, SimDuration::from_millis(100));
    choices.push(make("Hold half back", back));
    choices
}

fn message(moment: &Moment, id: MessageId) -> Vec<Choice> {
    let Some(parcel) = moment.trace().parcel(id) else {
        return Vec::new();
    };
    let make = |label, hand| choice(label, Fault::Message(hand, parcel));
    if moment.held_by_hand().any(|held| held == id) {
        // A hand finds a message that is held only to let it go.
        return vec![make("Let go", Hand::Release)];
    }
    vec![
        make("Drop", Hand::Drop),
        make("Hold", Hand::Hold),
        make("Delay", Hand::Delay(SimDuration::from_millis(300))),
        make("Send twice", Hand::Duplicate),
    ]
}
