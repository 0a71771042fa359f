//! The words of the list of events: one sentence for each thing that happened.

use crate::history::{Answer, OpId, Version};
use crate::shop::{Name, Op};
use crate::sim::trace::{AnswerId, Asked, Envelope, Message, NodeId, Record, TraceEvent};
use crate::sim::{Bound, CueId};
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words::verdicts::service;
use crate::view::words::{self, person};
use crate::view::words::{timeline, trouble};

/// Who did it, and what; `None` for what a reader needs no line about.
pub fn line(show: &Show, record: &Record) -> Option<(String, String)> {
    let trace = &show.run.trace;
    Some(match record.event {
        TraceEvent::Called(op) => (shopper(show, op), asks(trace.operation(op))),
        TraceEvent::Queued(cue) => (
            actor(show, cue)?,
            "is busy: the next line waits its turn".to_string(),
        ),
        TraceEvent::Resting(cue) => (actor(show, cue)?, "waits".to_string()),
        TraceEvent::Applied(replica, version) => {
            let verb = if replica.0 == 1 { "commits" } else { "applies" };
            let write = phrase(&trace.deed(version));
            (service(replica), format!("{verb} v{}: {write}", version.0))
        }
        TraceEvent::Read(replica, op, answer) => (
            service(replica),
            format!("reads {} for {}", cart(show, answer), shopper(show, op)),
        ),
        TraceEvent::Held(hold) => {
            let hold = trace.holds.get(hold as usize)?;
            let (version, copy) = (hold.version.0, service(hold.copy));
            let due = words::time(hold.due);
            (
                "Background job".to_string(),
                format!("keeps v{version} for {copy} until {due}"),
            )
        }
        TraceEvent::Sent(message) => sends(trace.message(message))?,
        TraceEvent::Delivered(message) => hears(trace.message(message))?,
        TraceEvent::Duplicate(message) => (
            receiver(trace.message(message))?,
            "has this update already: nothing to do".into(),
        ),
        TraceEvent::Early(message) => {
            let version = carried(trace.message(message))?;
            let text = format!(
                "keeps v{} in memory: an earlier version is missing",
                version.0
            );
            (receiver(trace.message(message))?, text)
        }
        TraceEvent::Ended(op, answer) => (shopper(show, op), told(show, op, answer, record.at)),
        TraceEvent::ModeChanged(mode) => (
            "Replication".to_string(),
            format!("becomes {}", mode.word()),
        ),
        TraceEvent::LimitReached(bound) => ("The run".to_string(), limit(bound)),
        TraceEvent::Fired(_) | TraceEvent::Rested(_) | TraceEvent::Began(..) => return None,
        _ => return trouble::line(trace, record),
    })
}

/// `add 2 book`, as one would say it.
pub fn phrase(op: &Op) -> String {
    match op {
        Op::Add { item, qty } => some("add ", *qty, item),
        Op::Set { item, qty } => format!("set {item} to {qty}"),
        Op::Remove { item } => format!("remove {item}"),
        Op::View => "view the cart".to_string(),
        Op::Buy { item, qty } => some("buy ", *qty, item),
        Op::Return { item, qty } => some("take back ", *qty, item),
    }
}

/// `add book`, `add 2 book`.
pub fn some(verb: &str, qty: u32, item: &Name) -> String {
    match qty {
        1 => [verb, item.as_str()].concat(),
        _ => [verb, &qty.to_string(), " ", item.as_str()].concat(),
    }
}

/// `because of` and the line of the cause.
pub fn because(at: SimTime, who: &str, text: &str) -> String {
    format!("because at {} {who} {text}", words::time(at))
}

/// What stands before a row that is still to come, for those who see no shading.
pub fn tense(past: bool) -> &'static str {
    if past { "" } else { "to come: " }
}

pub fn columns() -> [&'static str; 3] {
    ["Time", "Who", "What"]
}

pub fn caption() -> &'static str {
    "Every event of the run, in order. A time moves the playhead there."
}

/// What is shown of how many.
pub fn shows(shown: usize, total: usize) -> String {
    format!("Shows {shown} of {total} events, those around the playhead.")
}

pub fn nothing() -> &'static str {
    "Nothing has happened yet."
}

fn shopper(show: &Show, op: OpId) -> String {
    person(show.run.trace.shopper(show.run.trace.operation(op).client))
}

fn actor(show: &Show, cue: CueId) -> Option<String> {
    let client = show.scenario.script.get(cue.0 as usize)?.action.client()?;
    Some(person(show.run.trace.shopper(client)))
}

fn asks(asked: &Asked) -> String {
    if matches!(asked.op, Op::Buy { .. }) {
        return format!(
            "wants to {}, and asks {}",
            phrase(&asked.op),
            service(asked.to)
        );
    }
    format!("asks {} to {}", service(asked.to), phrase_for(asked))
}

fn phrase_for(asked: &Asked) -> String {
    match asked.op {
        Op::View => "show the cart".to_string(),
        op => phrase(&op),
    }
}

/// Only updates are told of when they leave: the others leave when something else happens.
fn sends(envelope: &Envelope) -> Option<(String, String)> {
    let (Message::Replicate(version), NodeId::Service(from), NodeId::Service(copy)) =
        (envelope.message, envelope.from, envelope.to)
    else {
        return None;
    };
    let again = if envelope.attempt > 0 {
        " again: no receipt came"
    } else {
        ""
    };
    Some((
        service(from),
        format!("sends update v{} to {}{again}", version.0, service(copy)),
    ))
}

/// Only receipts are told of when they arrive: the others cause something at once.
fn hears(envelope: &Envelope) -> Option<(String, String)> {
    let (Message::Ack(version), NodeId::Service(copy), NodeId::Service(to)) =
        (envelope.message, envelope.from, envelope.to)
    else {
        return None;
    };
    let text = format!("hears that {} has applied v{}", service(copy), version.0);
    Some((service(to), text))
}

fn receiver(envelope: &Envelope) -> Option<String> {
    match envelope.to {
        NodeId::Service(copy) => Some(service(copy)),
        NodeId::Client(_) => None,
    }
}

fn carried(envelope: &Envelope) -> Option<Version> {
    match envelope.message {
        Message::Replicate(version) | Message::Ack(version) => Some(version),
        _ => None,
    }
}

/// What an answer holds: `an empty cart, v0`.
fn cart(show: &Show, answer: AnswerId) -> String {
    match show.run.trace.answer(answer) {
        Answer::Done(version) => format!("v{}", version.0),
        Answer::Shown(seen) => {
            let version = trouble::log(&seen.log);
            format!("{}, {version}", timeline::shown(&seen.cart))
        }
    }
}

fn told(show: &Show, op: OpId, answer: AnswerId, at: SimTime) -> String {
    let wait = words::span(at.since(show.run.trace.operation(op).call));
    match show.run.trace.answer(answer) {
        Answer::Done(version) => format!("is told done, v{}, after {wait}", version.0),
        Answer::Shown(_) => match timeline::age(show, op).filter(|age| age.is_stale()) {
            Some(age) => {
                let old = words::span(age.stale());
                format!("is shown {}, out of date for {old}", cart(show, answer))
            }
            None => format!("is shown {}", cart(show, answer)),
        },
    }
}

fn limit(bound: Bound) -> String {
    match bound {
        Bound::Events => "stops here: it has as many events as a run may have".to_string(),
        Bound::Time => "stops here: no run is longer".to_string(),
    }
}
