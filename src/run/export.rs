//! A run as a file for other tools: its history as JSON lines or as EDN, and its trace.
//!
//! The page and the command line both write through here, so that they give the same bytes.
//! Invariants: one line a record; every text in it is a name or a word of this file, so nothing
//! needs escaping; `lagoon check` reads the JSON lines as the same history and replica log.

use super::Run;
use crate::history::{
    Answer, Entry, History, OpId, Operation, Outcome, Seen, ServiceId, ShiftKind,
};
use crate::shop::{Line, Name, Op};
use crate::sim::fault::LinkFault;
use crate::sim::trace::{DOUBLE, Message, MessageId, NodeId, RecordId, Trace, TraceEvent, Why};
use crate::sim::{Bound, ReplicationMode};
use crate::time::SimTime;
use std::fmt::{Display, Write};

/// What can be written of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// JSON lines, for `lagoon check`.
    History,
    /// EDN, for Jepsen's tools.
    Edn,
    /// Every record, as JSON lines.
    Trace,
    /// A `sequenceDiagram`, of the first messages.
    Mermaid,
}

impl Export {
    pub fn write(self, run: &Run) -> String {
        match self {
            Export::History => history(run),
            Export::Edn => edn(&run.history, &run.trace),
            Export::Trace => trace(run),
            Export::Mermaid => mermaid(&run.trace, run.replicas.copies),
        }
    }
}

/// A file of JSON objects, one a line.
#[derive(Default)]
struct Lines(String);

impl Lines {
    /// What stands as it is: a number, an object, a list.
    fn raw(&mut self, key: &str, value: impl Display) -> &mut Lines {
        let before = match self.0.ends_with('\n') || self.0.is_empty() {
            true => '{',
            false => ',',
        };
        // Writing to a text never fails.
        let _ = write!(self.0, "{before}\"{key}\":{value}");
        self
    }

    fn text(&mut self, key: &str, value: impl Display) -> &mut Lines {
        self.raw(key, format_args!("\"{value}\""))
    }

    fn maybe(&mut self, key: &str, value: Option<impl Display>) -> &mut Lines {
        match value {
            Some(value) => self.raw(key, value),
            None => self.raw(key, "null"),
        }
    }

    fn end(&mut self) {
        self.0.push_str("}\n");
    }

    fn op(&mut self, op: &Op) -> &mut Lines {
        self.text("op", word(op));
        if let Some(item) = op.item() {
            self.text("item", item);
        }
        if let Some(qty) = op.qty() {
            self.raw("qty", qty);
        }
        self
    }

    fn answer(&mut self, answer: &Answer) -> &mut Lines {
        match answer {
            Answer::Done(version) => self.raw("version", version.0),
            Answer::Shown(seen) => self.seen(seen),
        }
    }

    fn seen(&mut self, seen: &Seen) -> &mut Lines {
        let versions = seen.log.iter().map(|version| version.0.to_string());
        self.raw("cart", counts(seen.cart.lines(), ":"));
        if !seen.cart.bought().is_empty() {
            self.raw("bought", counts(seen.cart.bought(), ":"));
        }
        self.raw("seen", list(versions))
    }
}

fn word(op: &Op) -> &'static str {
    match op {
        Op::Add { .. } => "add",
        Op::Set { .. } => "set",
        Op::Remove { .. } => "remove",
        Op::View => "view",
        Op::Buy { .. } => "buy",
        Op::Return { .. } => "return",
    }
}

/// `{"book":2,"pen":1}`, or with what EDN has between a key and its value.
fn counts(lines: &[Line], between: &str) -> String {
    let lines = lines.iter();
    let lines = lines.map(|line| format!("\"{}\"{between}{}", line.item, line.qty));
    format!("{{{}}}", lines.collect::<Vec<_>>().join(","))
}

fn list(parts: impl Iterator<Item = String>) -> String {
    format!("[{}]", parts.collect::<Vec<_>>().join(","))
}

fn shoppers(names: &[Name]) -> String {
    list(names.iter().map(|name| format!("\"{name}\"")))
}

/// A header, the operations in order of call, and when each service applied each version.
fn history(run: &Run) -> String {
    let mut lines = Lines::default();
    let settled = run.trace.quiet.then(|| run.end().0);
    lines.text("kind", "header").text("model", "cart");
    lines.raw("copies", run.replicas.copies);
    if !run.history.stock.is_empty() {
        lines.raw("stock", counts(&run.history.stock, ":"));
    }
    lines.raw("shoppers", shoppers(&run.history.shoppers));
    lines.maybe("settled", settled);
    lines.text("time", "microseconds").end();
    for one in &run.history.operations {
        operation(&mut lines, &run.history, one);
    }
    let replicas = &run.replicas;
    for entry in replicas.entries() {
        let apply = match entry {
            Entry::Apply(apply) => apply,
            Entry::Shift(shift) => {
                let kind = match shift.kind {
                    ShiftKind::DiskLost => "disk-lost",
                    ShiftKind::Leads => "leads",
                };
                lines.text("kind", kind).text("replica", shift.service);
                lines.raw("at", shift.at.0).end();
                continue;
            }
        };
        let nth = (apply.version.0 as usize).checked_sub(1);
        let write = nth.and_then(|nth| replicas.writes.get(nth));
        lines.text("kind", "applied").text("replica", apply.replica);
        lines.raw("version", apply.version.0);
        lines.maybe("operation", write.map(|op| op.0));
        lines.raw("at", apply.at.0);
        if apply.whole {
            lines.raw("whole", true);
        }
        let mut undos = replicas.undos.iter();
        match undos.find(|(undo, _)| *undo == apply.version) {
            Some((_, Op::Set { item, qty })) => {
                let undo = format_args!("{{\"item\":\"{item}\",\"qty\":{qty}}}");
                lines.raw("undo", undo);
            }
            Some((_, Op::Return { item, qty })) => {
                let undo = format_args!("{{\"item\":\"{item}\",\"returned\":{qty}}}");
                lines.raw("undo", undo);
            }
            _ => {}
        }
        lines.end();
    }
    lines.0
}

fn operation(lines: &mut Lines, history: &History, one: &Operation) {
    let (ret, status) = match &one.outcome {
        Outcome::Ok { at, .. } => (Some(at.0), "ok"),
        Outcome::Failed { at } => (Some(at.0), "fail"),
        Outcome::Unknown => (None, "info"),
    };
    lines.text("process", history.shoppers[one.client.0 as usize]);
    lines.op(&one.op).text("to", one.to).raw("call", one.call.0);
    lines.maybe("ret", ret).text("status", status);
    if let Outcome::Ok { answer, .. } = &one.outcome {
        lines.answer(answer);
    }
    lines.end();
}

/// One line a call and one an ending, as Jepsen keeps them. An operation whose outcome is unknown
/// keeps its process for ever, so its shopper goes on as a new one.
fn edn(history: &History, trace: &Trace) -> String {
    let count = history.shoppers.len();
    let mut process: Vec<usize> = (0..count).collect();
    let (mut next, mut text) = (count, String::new());
    for (index, (at, op, kind)) in moments(history, trace).into_iter().enumerate() {
        let one = &history.operations[op.0 as usize];
        let who = one.client.0 as usize;
        let value = match (&one.op, &one.outcome) {
            (
                Op::Add { item, qty }
                | Op::Set { item, qty }
                | Op::Buy { item, qty }
                | Op::Return { item, qty },
                _,
            ) => format!("[\"{item}\" {qty}]"),
            (Op::Remove { item }, _) => format!("\"{item}\""),
            (Op::View, _) => match one.seen().filter(|_| kind == "ok") {
                Some(seen) => counts(seen.cart.lines(), " "),
                None => "nil".to_string(),
            },
        };
        let _ = writeln!(
            text,
            "{{:index {index}, :type :{kind}, :process {}, :f :{}, :value {value}, :time {}, \
             :shopper \"{}\"}}",
            process[who],
            word(&one.op),
            u128::from(at.0) * 1_000,
            history.shoppers[who],
        );
        if kind == "info" {
            process[who] = next;
            next += 1;
        }
    }
    text
}

/// Calls and endings in order of time. At one moment calls come first, since they overlap there;
/// but a shopper's own call comes after the ending that it waited for.
fn moments(history: &History, trace: &Trace) -> Vec<(SimTime, OpId, &'static str)> {
    let mut moments = Vec::new();
    let mut ended = vec![None; history.shoppers.len()];
    // Where the calls of the moment end.
    let (mut now, mut place) = (SimTime::ZERO, 0);
    for record in &trace.records {
        let (op, kind) = match record.event {
            TraceEvent::Called(op) => (op, "invoke"),
            TraceEvent::Ended(op, _) => (op, "ok"),
            TraceEvent::Refused(op) | TraceEvent::SoldOut(op) => (op, "fail"),
            TraceEvent::Erred(op) | TraceEvent::TimedOut(op) => (op, "info"),
            _ => continue,
        };
        if record.at > now {
            (now, place) = (record.at, moments.len());
        }
        let who = history.operations[op.0 as usize].client.0 as usize;
        let moment = (record.at, op, kind);
        if kind == "invoke" && ended[who] != Some(record.at) {
            moments.insert(place, moment);
            place += 1;
            continue;
        }
        if kind != "invoke" {
            ended[who] = Some(record.at);
        }
        moments.push(moment);
    }
    moments
}

/// Messages that a sequence diagram holds: beyond these nobody reads one.
const DRAWN: usize = 200;

/// Who says what to whom, in the order in which it arrives or is lost.
fn mermaid(trace: &Trace, copies: u8) -> String {
    let mut out = String::from("sequenceDiagram\n");
    let named = trace.shoppers.iter().filter(|name| !name.is_visitor());
    for name in named {
        let _ = writeln!(out, "  actor {name}");
    }
    for service in (1..2 + copies).map(ServiceId) {
        let _ = writeln!(out, "  participant {service} as Service {}", service.0);
    }
    let who = |node: NodeId| match node {
        NodeId::Client(client) => trace.shopper(client).to_string(),
        NodeId::Service(service) => service.to_string(),
    };
    let mut drawn = 0;
    for record in &trace.records {
        let (id, arrow) = match record.event {
            TraceEvent::Delivered(id) => (id, "->>"),
            TraceEvent::Dropped(id, _) => (id, "-x"),
            TraceEvent::Applied(service, version) => {
                let _ = writeln!(
                    out,
                    "  Note over {service}: v{} at {}",
                    version.0,
                    millis(record.at)
                );
                continue;
            }
            _ => continue,
        };
        let envelope = trace.message(id);
        let asked = trace.operation(envelope.op);
        if trace.shopper(asked.client).is_visitor() {
            continue;
        }
        drawn += 1;
        if drawn > DRAWN {
            let _ = writeln!(out, "  Note over s1: and so on");
            break;
        }
        let (from, to) = (who(envelope.from), who(envelope.to));
        let says = match envelope.message {
            Message::Request => said(&asked.op),
            Message::Response(answer) => match trace.answer(answer) {
                Answer::Done(version) => format!("done, v{}", version.0),
                Answer::Shown(seen) => format!("shows {}", seen.cart),
            },
            Message::Replicate(version) => format!("update v{}", version.0),
            Message::Ack(version) => format!("applied v{}", version.0),
            Message::Refusal => "refused".to_string(),
            Message::Error => "error, maybe done".to_string(),
            Message::Redirect => "ask Service 1".to_string(),
            Message::Repair(_) => "the whole cart".to_string(),
            Message::Look => format!("enough to {}?", said(&asked.op)),
            Message::Stock(_) => "the stock".to_string(),
            Message::SoldOut => "sold out".to_string(),
        };
        let _ = writeln!(out, "  {from}{arrow}{to}: {says} ({})", millis(record.at));
    }
    out
}

fn said(op: &Op) -> String {
    match op {
        Op::View => "view".to_string(),
        Op::Add { item, qty } => format!("add {qty} {item}"),
        Op::Set { item, qty } => format!("set {item} to {qty}"),
        Op::Remove { item } => format!("remove {item}"),
        Op::Buy { item, qty } | Op::Return { item, qty } => format!("buy {qty} {item}"),
    }
}

fn millis(at: SimTime) -> String {
    format!("{} ms", (at.0 + 500) / 1000)
}

/// A header, and every record with what it points at.
fn trace(run: &Run) -> String {
    let mut lines = Lines::default();
    lines.text("kind", "header").text("hash", run.hash);
    lines.raw("seed", run.trace.seed.0);
    lines.raw("shoppers", shoppers(&run.trace.shoppers));
    lines.raw("quiet", run.trace.quiet);
    lines.text("time", "microseconds").end();
    for (id, record) in run.trace.records.iter().enumerate() {
        let cause = (record.cause != RecordId::NONE).then_some(record.cause.0);
        lines.raw("id", id).raw("at", record.at.0);
        lines.maybe("cause", cause);
        fields(&mut lines, &run.trace, record.event);
        lines.end();
    }
    lines.0
}

fn fields(lines: &mut Lines, trace: &Trace, event: TraceEvent) {
    lines.text("kind", kind_of(&event));
    match event {
        TraceEvent::Fired(cue)
        | TraceEvent::Queued(cue)
        | TraceEvent::Resting(cue)
        | TraceEvent::Rested(cue) => {
            lines.raw("cue", cue.0);
        }
        TraceEvent::Called(op) => {
            let asked = trace.operation(op);
            lines.raw("operation", op.0);
            lines.text("shopper", trace.shopper(asked.client));
            lines
                .raw("n", asked.n + 1)
                .op(&asked.op)
                .text("to", asked.to);
        }
        TraceEvent::Sent(message) => envelope(lines, trace, message),
        TraceEvent::Dropped(message, why) => {
            lines.raw("message", message.0).text("why", reason(why));
        }
        TraceEvent::Delivered(message)
        | TraceEvent::Duplicate(message)
        | TraceEvent::Early(message)
        | TraceEvent::Stopped(message)
        | TraceEvent::Released(message)
        | TraceEvent::Delayed(message)
        | TraceEvent::Late(message) => {
            lines.raw("message", message.0);
        }
        // A double has no sending of its own.
        TraceEvent::Doubled(message) => envelope(lines, trace, message),
        TraceEvent::Began(service, op)
        | TraceEvent::Known(service, op)
        | TraceEvent::Waits(service, op) => {
            lines.text("service", service).raw("operation", op.0);
        }
        TraceEvent::Read(service, op, answer) => {
            lines.text("service", service).raw("operation", op.0);
            lines.answer(trace.answer(answer));
        }
        TraceEvent::Ended(op, answer) => {
            lines.raw("operation", op.0).answer(trace.answer(answer));
        }
        TraceEvent::Refused(op)
        | TraceEvent::SoldOut(op)
        | TraceEvent::Erred(op)
        | TraceEvent::TimedOut(op) => {
            lines.raw("operation", op.0);
        }
        TraceEvent::Retried(op, attempt) => {
            lines.raw("operation", op.0).raw("attempt", attempt);
        }
        TraceEvent::Applied(service, version) | TraceEvent::Repaired(service, version) => {
            lines.text("service", service).raw("version", version.0);
        }
        TraceEvent::Held(hold) => {
            let hold = &trace.holds[hold as usize];
            lines.raw("version", hold.version.0).text("copy", hold.copy);
            lines.raw("due", hold.due.0);
        }
        TraceEvent::GaveUp(version) => {
            lines.raw("version", version.0);
        }
        TraceEvent::LinkChanged(change) => {
            let change = &trace.changes[change as usize];
            node(lines, trace, "from", change.from);
            node(lines, trace, "to", change.to);
            lines.text("now", link(&change.now));
        }
        TraceEvent::Crashed(service)
        | TraceEvent::Restarted(service)
        | TraceEvent::DiskLost(service)
        | TraceEvent::Leads(service)
        | TraceEvent::Paused(service)
        | TraceEvent::Resumed(service)
        | TraceEvent::DatabaseStalled(service)
        | TraceEvent::DatabaseSlowed(service)
        | TraceEvent::DatabaseRecovered(service) => {
            lines.text("service", service);
        }
        TraceEvent::ModeChanged(mode) => {
            let synchronous = mode == ReplicationMode::Synchronous;
            lines.text(
                "mode",
                if synchronous {
                    "synchronous"
                } else {
                    "background"
                },
            );
        }
        TraceEvent::LoadChanged(load) => {
            let load = &trace.loads[load as usize];
            lines.raw("rate", load.rate).text("writes", load.writes);
            lines.raw("length", load.length.0);
        }
        TraceEvent::LimitReached(bound) => {
            let events = bound == Bound::Events;
            lines.text("limit", if events { "events" } else { "time" });
        }
    }
}

fn kind_of(event: &TraceEvent) -> &'static str {
    match event {
        TraceEvent::Fired(_) => "fired",
        TraceEvent::Queued(_) => "queued",
        TraceEvent::Resting(_) => "resting",
        TraceEvent::Rested(_) => "rested",
        TraceEvent::Called(_) => "called",
        TraceEvent::Sent(_) => "sent",
        TraceEvent::Delivered(_) => "delivered",
        TraceEvent::Duplicate(_) => "duplicate",
        TraceEvent::Early(_) => "early",
        TraceEvent::Began(..) => "began",
        TraceEvent::Applied(..) => "applied",
        TraceEvent::Read(..) => "read",
        TraceEvent::Held(_) => "held",
        TraceEvent::Ended(..) => "ended",
        TraceEvent::ModeChanged(_) => "mode-changed",
        TraceEvent::LimitReached(_) => "limit-reached",
        TraceEvent::Dropped(..) => "dropped",
        TraceEvent::Stopped(_) => "stopped",
        TraceEvent::Released(_) => "released",
        TraceEvent::Delayed(_) => "delayed",
        TraceEvent::Doubled(_) => "doubled",
        TraceEvent::Crashed(_) => "crashed",
        TraceEvent::Restarted(_) => "restarted",
        TraceEvent::DiskLost(_) => "disk-lost",
        TraceEvent::Leads(_) => "leads",
        TraceEvent::Paused(_) => "paused",
        TraceEvent::Resumed(_) => "resumed",
        TraceEvent::DatabaseStalled(_) => "database-stalled",
        TraceEvent::DatabaseSlowed(_) => "database-slowed",
        TraceEvent::DatabaseRecovered(_) => "database-recovered",
        TraceEvent::LinkChanged(_) => "link-changed",
        TraceEvent::Refused(_) => "refused",
        TraceEvent::Erred(_) => "erred",
        TraceEvent::TimedOut(_) => "timed-out",
        TraceEvent::Retried(..) => "retried",
        TraceEvent::Late(_) => "late",
        TraceEvent::Known(..) => "known",
        TraceEvent::GaveUp(_) => "gave-up",
        TraceEvent::Waits(..) => "waits",
        TraceEvent::Repaired(..) => "repaired",
        TraceEvent::LoadChanged(_) => "load-changed",
        TraceEvent::SoldOut(_) => "sold-out",
    }
}

fn envelope(lines: &mut Lines, trace: &Trace, message: MessageId) {
    let envelope = trace.message(message);
    let (says, version) = match envelope.message {
        Message::Request => ("request", None),
        Message::Response(_) => ("response", None),
        Message::Replicate(version) => ("replicate", Some(version)),
        Message::Ack(version) => ("ack", Some(version)),
        Message::Refusal => ("refusal", None),
        Message::Error => ("error", None),
        Message::Redirect => ("redirect", None),
        Message::Repair(_) => ("repair", None),
        Message::Look => ("look", None),
        Message::Stock(_) => ("stock", None),
        Message::SoldOut => ("sold-out", None),
    };
    lines.raw("message", message.0).text("says", says);
    node(lines, trace, "from", envelope.from);
    node(lines, trace, "to", envelope.to);
    lines.raw("operation", envelope.op.0);
    if let Some(version) = version {
        lines.raw("version", version.0);
    }
    if let Message::Response(answer) | Message::Repair(answer) | Message::Stock(answer) =
        envelope.message
    {
        lines.answer(trace.answer(answer));
    }
    lines.raw("attempt", envelope.attempt);
    lines.raw("copy", envelope.copy & !DOUBLE);
    lines.raw("arrives", envelope.arrives_at.0);
}

fn node(lines: &mut Lines, trace: &Trace, key: &str, node: NodeId) {
    match node {
        NodeId::Client(client) => lines.text(key, trace.shopper(client)),
        NodeId::Service(service) => lines.text(key, service),
    };
}

fn reason(why: Why) -> &'static str {
    match why {
        Why::Cut => "cut",
        Why::Lost => "lost",
        Why::Down => "down",
        Why::Fenced => "fenced",
        Why::Hand => "hand",
    }
}

/// In the words of the script.
fn link(fault: &LinkFault) -> String {
    match fault {
        LinkFault::Breaks(_) => "breaks".to_string(),
        LinkFault::Heals => "heals".to_string(),
        LinkFault::Slows(delay) => format!("slows to {delay}"),
        LinkFault::Loses(ratio) => format!("loses {ratio}"),
        LinkFault::Duplicates(ratio) => format!("duplicates {ratio}"),
        LinkFault::Reorders(ratio, by) => format!("reorders {ratio} by {by}"),
    }
}
