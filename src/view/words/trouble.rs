//! The words of trouble: what broke, what was lost, and what was mended.

use crate::history::{Log, ServiceId};
use crate::playground::Target;
use crate::shop::Op;
use crate::sim::fault::{LinkFault, Status};
use crate::sim::trace::{Envelope, LinkChange, Message, NodeId, Record, Trace, TraceEvent, Why};
use crate::time::SimTime;
use crate::view::scene::moment::Moment;
use crate::view::words::ledger::phrase;
use crate::view::words::verdicts::service;
use crate::view::words::{self, person};

/// Who takes the writes when this happens.
fn leader(trace: &Trace, record: &Record) -> ServiceId {
    let before = trace.records.iter().take_while(|other| *other != record);
    let leads = before.filter_map(|other| {
        let TraceEvent::Leads(id) = other.event else {
            return None;
        };
        Some(id)
    });
    leads.last().unwrap_or(ServiceId::S1)
}

/// Who, and what happened to them; `None` for what is no trouble.
pub fn line(trace: &Trace, record: &Record) -> Option<(String, String)> {
    let shopper = |op| person(trace.shopper(trace.operation(op).client));
    let after = |op| words::span(record.at.since(trace.operation(op).call));
    let unknown_of = |op| unknown(&trace.operation(op).op);
    Some(match record.event {
        TraceEvent::Dropped(message, why) => {
            let lost = trace.message(message);
            (a_message(trace, lost), dropped(lost, why))
        }
        TraceEvent::Stopped(message) => held(trace, trace.message(message), "is held"),
        TraceEvent::Released(message) => held(trace, trace.message(message), "goes on"),
        TraceEvent::Delayed(message) => held(trace, trace.message(message), "is delayed"),
        TraceEvent::Doubled(message) => held(trace, trace.message(message), "travels twice"),
        TraceEvent::Crashed(id) => (service(id), "crashes: its memory is gone".to_string()),
        TraceEvent::Restarted(id) => (service(id), "is up again".to_string()),
        TraceEvent::DiskLost(id) => (service(id), "loses its disk".to_string()),
        TraceEvent::Leads(id) => (service(id), "takes the writes from now on".to_string()),
        TraceEvent::Paused(id) => (service(id), "pauses".to_string()),
        TraceEvent::Resumed(id) => (service(id), "goes on where it was".to_string()),
        TraceEvent::DatabaseStalled(id) => database(service(id), "stalls"),
        TraceEvent::DatabaseSlowed(id) => database(service(id), "slows down"),
        TraceEvent::DatabaseRecovered(id) => database(service(id), "works as usual again"),
        TraceEvent::LinkChanged(change) => link(trace, trace.changes.get(change as usize)?),
        TraceEvent::Refused(op) => (shopper(op), format!("is refused after {}", after(op))),
        TraceEvent::SoldOut(op) => (
            shopper(op),
            format!("is told “sold out” after {}", after(op)),
        ),
        TraceEvent::Erred(op) => (
            shopper(op),
            format!(
                "is told after {} of an error: {}",
                after(op),
                unknown_of(op)
            ),
        ),
        TraceEvent::TimedOut(op) => (
            shopper(op),
            format!("gives up after {}: {}", after(op), unknown_of(op)),
        ),
        TraceEvent::Retried(op, attempt) => {
            let asked = phrase(&trace.operation(op).op);
            let nth = u32::from(attempt) + 1;
            (shopper(op), format!("asks again, attempt {nth}: {asked}"))
        }
        TraceEvent::Late(message) => {
            let op = trace.message(message).op;
            (shopper(op), "gets an answer too late".to_string())
        }
        TraceEvent::Known(id, op) => {
            let asked = phrase(&trace.operation(op).op);
            (
                service(id),
                format!("has done this before, by its key: {asked}"),
            )
        }
        TraceEvent::GaveUp(version) => (
            service(leader(trace, record)),
            format!("waits no longer for receipts of v{}", version.0),
        ),
        TraceEvent::Waits(id, op) => (
            service(id),
            format!("waits until it is as new as what {} saw", shopper(op)),
        ),
        TraceEvent::Repaired(id, version) => (
            service(id),
            format!("is given the whole cart, as of v{}", version.0),
        ),
        TraceEvent::LoadChanged(load) => match trace.loads.get(load as usize)?.rate {
            0 => ("Visitors".to_string(), "stop coming".to_string()),
            rate => ("Visitors".to_string(), format!("come at {rate} a second")),
        },
        _ => return None,
    })
}

/// The same as a headline, and what it means for those who watch.
pub fn sentence(trace: &Trace, record: &Record) -> Option<(String, String)> {
    let (who, what) = line(trace, record)?;
    let rest = match record.event {
        TraceEvent::DiskLost(_) => "Its database is gone as well.",
        TraceEvent::Leads(_) => "What it does not have is lost.",
        TraceEvent::Crashed(_) => "What stands in its database stays.",
        TraceEvent::Dropped(..) => "Nobody is told.",
        TraceEvent::SoldOut(_) => "Nothing was ordered.",
        TraceEvent::TimedOut(_) | TraceEvent::Erred(_) => "Nobody knows whether it was done.",
        TraceEvent::Paused(_) => "What comes for it waits at the door.",
        _ => "",
    };
    Some((format!("{who} {what}."), rest.to_string()))
}

fn database(service: String, what: &str) -> (String, String) {
    (format!("The database of {service}"), what.to_string())
}

fn held(trace: &Trace, envelope: &Envelope, what: &str) -> (String, String) {
    (a_message(trace, envelope), what.to_string())
}

fn name(trace: &Trace, node: NodeId) -> String {
    match node {
        NodeId::Client(client) => person(trace.shopper(client)),
        NodeId::Service(id) => service(id),
    }
}

/// `The update v1 to Service 2`.
fn a_message(trace: &Trace, envelope: &Envelope) -> String {
    let (from, to) = (name(trace, envelope.from), name(trace, envelope.to));
    match envelope.message {
        Message::Replicate(version) => format!("The update v{} to {to}", version.0),
        Message::Ack(version) => format!("The receipt for v{} from {from}", version.0),
        Message::Repair(_) => format!("The whole cart for {to}"),
        Message::Request | Message::Look => format!("The request of {from}"),
        _ => format!("The answer to {to}"),
    }
}

fn dropped(envelope: &Envelope, why: Why) -> String {
    match (why, envelope.to) {
        (Why::Cut, _) => "is lost: the link is cut".to_string(),
        (Why::Lost, _) => "is lost on the way".to_string(),
        (Why::Down, NodeId::Service(id)) => format!("is lost: {} is down", service(id)),
        (Why::Down, _) => "is lost".to_string(),
        (Why::Hand, _) => "is dropped".to_string(),
        (Why::Fenced, _) => "is turned away: who sent it takes no writes any more".to_string(),
    }
}

fn link(trace: &Trace, change: &LinkChange) -> (String, String) {
    let (from, to) = link_ends(trace, change);
    let what = match change.now {
        LinkFault::Breaks(_) => "is cut".to_string(),
        LinkFault::Heals => "is whole again".to_string(),
        LinkFault::Slows(delay) => format!("takes {delay} now"),
        LinkFault::Loses(ratio) => format!("loses {ratio} of all messages"),
        LinkFault::Duplicates(ratio) => format!("delivers {ratio} of all messages twice"),
        LinkFault::Reorders(ratio, by) => {
            format!("holds {ratio} of all messages back for {by}")
        }
    };
    (format!("The link from {from} to {to}"), what)
}

/// What can be broken, by its name.
pub fn target(moment: &Moment, target: Target) -> String {
    let trace = moment.trace();
    match target {
        Target::Service(id) => service(id),
        Target::Database(id) => format!("The database of {}", service(id)),
        Target::Link(from, to) => {
            format!(
                "The link between {} and {}",
                name(trace, from),
                name(trace, to)
            )
        }
        Target::Message(id) => a_message(trace, trace.message(id)),
    }
}

/// The name of a control that opens what can be done with a thing.
pub fn open(name: &str) -> String {
    format!("{name}: break or mend")
}

/// The name of the grip of a message.
pub fn pull(name: &str) -> String {
    format!("{name}: arrives; pull to delay it, Enter for more")
}

/// What a troubled link is marked with.
pub fn mark(fault: &LinkFault) -> String {
    match fault {
        LinkFault::Breaks(_) => "cut".to_string(),
        LinkFault::Heals => String::new(),
        LinkFault::Slows(delay) => format!("takes {delay}"),
        LinkFault::Loses(ratio) => format!("loses {ratio}"),
        LinkFault::Duplicates(ratio) => format!("{ratio} twice"),
        LinkFault::Reorders(ratio, _) => format!("{ratio} held back"),
    }
}

/// A service that others took the place of.
pub const OUT: &str = "out";
pub const DISK_LOST: &str = "disk lost";
pub const CRASHED: &str = "crashed";

/// How a service is that does not work: long and short.
pub fn status(status: Status) -> Option<&'static str> {
    match status {
        Status::Up => None,
        Status::Paused => Some("paused"),
        Status::Down => Some(CRASHED),
    }
}

/// What is broken, for those who do not see it: ` Service 2 is crashed. s1-s2: cut.`
pub fn broken(moment: &Moment) -> String {
    let mut text = String::new();
    for (id, store) in (1..).map(ServiceId).zip(&moment.stores) {
        if let Some(word) = status(store.status) {
            text.push_str(&format!(" {} is {word}.", service(id)));
        }
        if let Some(word) = store.ails {
            text.push_str(&format!(" The database of {} is {word}.", service(id)));
        }
    }
    for change in &moment.links {
        let (from, to) = link_ends(moment.trace(), change);
        text.push_str(&format!(
            " The link from {from} to {to}: {}.",
            mark(&change.now)
        ));
    }
    for held in moment.held_by_hand() {
        let held = a_message(moment.trace(), moment.trace().message(held));
        text.push_str(&format!(" {held} is held."));
    }
    text
}

fn link_ends(trace: &Trace, change: &LinkChange) -> (String, String) {
    (name(trace, change.from), name(trace, change.to))
}

pub const OUT_OF_ORDER: &str = "out of order";

/// What a copy has: `v4`, `only v2` or `v1 to 3, 6` where some are missing, or that it is out of
/// order.
pub fn log(log: &Log) -> String {
    let text = log.to_string();
    match log.version() {
        Some(version) => format!("v{}", version.0),
        None if text.parse::<u32>().is_ok() => format!("only v{text}"),
        None if log.is_ascending() => format!("v{text}"),
        None => OUT_OF_ORDER.to_string(),
    }
}
pub const STALLED: &str = "stalled";
pub const SLOW: &str = "slow";
pub const DOUBLE: &str = "double";
pub const HELD: &str = "held";
/// What is known of an operation without an answer: a view changes nothing, whatever became of it.
pub fn unknown(op: &Op) -> &'static str {
    match op.is_view() {
        true => "no answer",
        false => "maybe done",
    }
}
pub const REFUSED: &str = "refused";
pub const SOLD_OUT: &str = "sold out";
pub const LOST: &str = "lost";
pub const BREAK: &str = "Break or mend";
pub const BREAK_WHAT: &str = "What shall break?";
pub const ALL: &str = "Show everything";
pub const MEND_ALL: &str = "Mend all";

/// That a shopper asks for the second time, or more.
pub fn attempt(again: u16) -> String {
    format!("attempt {}", again + 1)
}

/// Trouble on a link in one direction only.
pub fn one_way(mark: &str, moment: &Moment, to: NodeId) -> String {
    match to {
        NodeId::Client(client) => format!("{mark} to {}", person(moment.trace().shopper(client))),
        NodeId::Service(id) => format!("{mark} to {id}"),
    }
}

/// `Service 2 is crashed from 20 ms to 90 ms`.
pub fn was(id: ServiceId, word: &str, from: SimTime, to: SimTime) -> String {
    let (from, to) = (words::time(from), words::time(to));
    format!("{} is {word} from {from} to {to}", service(id))
}
