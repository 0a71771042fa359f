//! The words of the space-time diagram, of the transport and of the Key.

use crate::check::staleness::ViewAge;
use crate::history::{Answer, ClientId, OpId, Outcome, ServiceId, Version};
use crate::shop::{Cart, Op};
use crate::sim::ReplicationMode;
use crate::sim::trace::{Envelope, Message, NodeId, Record, TraceEvent};
use crate::time::{SimDuration, SimTime};
use crate::view::Show;
use crate::view::spacetime::{Difference, FlagText};
use crate::view::words::verdicts::service;
use crate::view::words::{self, ledger, person, trouble};

/// The moment and what has just happened, for those who hear the playhead: `214 ms, Bob is shown
/// an empty cart`.
pub fn at(show: &Show, now: SimTime) -> String {
    let records = &show.run.trace.records;
    let past = records.partition_point(|record| record.at <= now);
    let last = records[..past]
        .iter()
        .rev()
        .find_map(|record| ledger::line(show, record));
    match last {
        Some((who, what)) => format!("{}, {who} {what}", words::time(now)),
        None => words::time(now),
    }
}

/// Several runs at one playhead.
pub fn at_each(named: &[(Option<String>, String)]) -> String {
    let each = named.iter().map(|(name, text)| match name {
        Some(name) => format!("{name}: {text}"),
        None => text.clone(),
    });
    each.collect::<Vec<_>>().join(". ")
}

/// A moment on the axis; a long axis counts in seconds.
pub fn axis(at: SimTime, horizon: SimTime) -> String {
    let (unit, name) = if horizon.0 >= 10_000_000 {
        (1_000_000, "s")
    } else {
        (1000, "ms")
    };
    let (whole, part) = (at.0 / unit, at.0 % unit * 1000 / unit);
    match (whole, part) {
        (0, 0) => "0".to_string(),
        (_, 0) => format!("{whole} {name}"),
        _ => format!(
            "{} {name}",
            format!("{whole}.{part:03}").trim_end_matches('0')
        ),
    }
}

/// The label of an operation's bar, from the longest.
pub fn op(op: &Op) -> [String; 2] {
    let whole = match op {
        Op::Add { item, qty } => ledger::some("Add ", *qty, item),
        Op::Set { item, qty } => format!("Set {item} to {qty}"),
        Op::Remove { item } => format!("Remove {item}"),
        Op::View => "View cart".to_string(),
        Op::Buy { item, qty } | Op::Return { item, qty } => ledger::some("Buy ", *qty, item),
    };
    let verb = whole.split(' ').next().unwrap_or_default().to_string();
    [whole, verb]
}

/// How old an answered view was.
pub fn age(show: &Show, op: OpId) -> Option<&ViewAge> {
    let views = &show.run.report.views;
    let found = views.binary_search_by_key(&op, |view| view.op).ok()?;
    views.get(found)
}

/// `an empty cart`, `1 book, 2 pen`, `5 different items`.
pub fn shown(cart: &Cart) -> String {
    match cart.lines().len() {
        0 => "an empty cart".to_string(),
        1..=3 => cart.to_string(),
        lines => format!("{lines} different items"),
    }
}

/// What stands in a database: `empty`, `book`, `2 book, pen, bought 2 mug`.
pub fn cart(cart: &Cart) -> String {
    let bought = cart.bought();
    if cart.is_empty() && bought.is_empty() {
        return "empty".to_string();
    }
    let mut parts = Vec::new();
    for (lines, verb) in [(cart.lines(), ""), (bought, "bought ")] {
        for line in lines {
            parts.push(ledger::some(verb, line.qty, &line.item));
        }
    }
    parts.join(", ")
}

/// What an operation ended with.
pub fn flag(show: &Show, op: OpId) -> FlagText {
    let same = |text: &str| FlagText {
        long: text.to_string(),
        short: text.to_string(),
    };
    match &show.run.history.operations[op.0 as usize].outcome {
        Outcome::Ok {
            answer: Answer::Done(_),
            ..
        } => same("confirmed"),
        Outcome::Ok {
            answer: Answer::Shown(seen),
            ..
        } => {
            let short = format!("shown {}", shown(&seen.cart));
            let long = match age(show, op).filter(|age| age.is_stale()) {
                Some(age) => format!("{short}, out of date for {}", words::span(age.stale())),
                None => short.clone(),
            };
            FlagText { long, short }
        }
        Outcome::Failed { .. } if is_sold_out(show, op) => same(trouble::SOLD_OUT),
        Outcome::Failed { .. } => same("refused"),
        Outcome::Unknown if show.run.trace.operation(op).ended.is_some() => {
            same(trouble::unknown(&show.run.trace.operation(op).op))
        }
        Outcome::Unknown => same("no answer yet"),
    }
}

/// Whether it was refused because there was not enough.
pub fn is_sold_out(show: &Show, op: OpId) -> bool {
    let told = |record: &Record| record.event == TraceEvent::SoldOut(op);
    show.run.trace.records.iter().any(told)
}

/// An operation from call to answer, in one sentence.
pub fn operation(show: &Show, op: OpId) -> String {
    let operation = &show.run.history.operations[op.0 as usize];
    let who = person(show.run.history.shoppers[operation.client.0 as usize]);
    let to = service(operation.to);
    let from = words::time(operation.call);
    let ended = operation
        .ended()
        .map_or(String::new(), |at| format!(" at {}", words::time(at)));
    let phrase = ledger::phrase(&operation.op);
    format!(
        "{who}: {phrase} ({to}), asked at {from}; {}{ended}",
        flag(show, op).long
    )
}

/// A wait on a shopper's lane.
pub fn stub(show: &Show, client: ClientId, state: &str, from: SimTime, to: SimTime) -> String {
    let who = person(show.run.trace.shopper(client));
    let length = words::span(to.since(from));
    match state {
        "rest" => format!("{who} waits for {length}"),
        _ => format!("{who} is busy: the next operation waits for {length}"),
    }
}

pub fn version(version: Version, cart: &str) -> [String; 2] {
    [
        format!("v{} {cart}", version.0).trim_end().to_string(),
        format!("v{}", version.0),
    ]
}

pub fn still(version: Version) -> [String; 2] {
    [format!("still v{}", version.0), format!("v{}", version.0)]
}

/// A stretch of a service's versions, in one sentence.
pub fn ribbon(
    replica: ServiceId,
    first: Version,
    last: Version,
    cart: &str,
    state: &str,
) -> String {
    let who = service(replica);
    let which = match first == last {
        true => format!("v{}", first.0),
        false => format!("v{} to v{}", first.0, last.0),
    };
    let cart = if cart.is_empty() {
        String::new()
    } else {
        format!(" ({cart})")
    };
    match state {
        "behind" => format!("{who} is still at {which}{cart}: a confirmed change is missing"),
        _ => format!("{who} is at {which}{cart}"),
    }
}

/// A stretch of work of a database.
pub fn work(show: &Show, at: ServiceId, op: OpId, from: SimTime, to: SimTime) -> String {
    let asked = show.run.trace.operation(op);
    let verb = if show.run.trace.looks(op, from) {
        "reads"
    } else {
        "writes"
    };
    let (from, to) = (words::time(from), words::time(to));
    let phrase = ledger::phrase(&asked.op);
    format!(
        "The database of {} {verb} from {from} to {to}: {phrase}",
        service(at)
    )
}

pub fn waiting(from: SimTime, to: SimTime) -> String {
    let (from, to) = (words::time(from), words::time(to));
    format!("The background job holds updates from {from} to {to}")
}

pub fn waiting_label() -> String {
    "background job waits".to_string()
}

/// The words for a kind of message.
pub fn kind(message: Message) -> &'static str {
    match message {
        Message::Request => "request",
        Message::Response(_) => "answer",
        Message::Refusal => "refusal",
        Message::Error => "error",
        Message::Redirect => "ask Service 1",
        Message::Repair(_) => "whole cart",
        Message::Look => "look at the stock",
        Message::Stock(_) => "stock",
        Message::SoldOut => trouble::SOLD_OUT,
        Message::Replicate(_) => "update",
        Message::Ack(_) => "applied",
    }
}

/// A message from sending to arrival.
pub fn message(show: &Show, envelope: &Envelope) -> String {
    let name = |node: NodeId| match node {
        NodeId::Client(client) => person(show.run.trace.shopper(client)),
        NodeId::Service(id) => service(id),
    };
    let version = match envelope.message {
        Message::Replicate(version) | Message::Ack(version) => format!(" v{}", version.0),
        _ => String::new(),
    };
    let again = if envelope.attempt > 0 {
        ", sent again"
    } else {
        ""
    };
    let (from, to) = (name(envelope.from), name(envelope.to));
    let (sent, arrives) = (
        words::time(envelope.sent_at),
        words::time(envelope.arrives_at),
    );
    let kind = kind(envelope.message);
    match envelope.lost_at {
        Some(lost) => {
            let lost = words::time(lost);
            format!("{kind}{version}{again}: from {from} at {sent} to {to}, lost at {lost}")
        }
        None => format!("{kind}{version}{again}: from {from} at {sent} to {to} at {arrives}"),
    }
}

/// What a copy is that has changes in another order than Service 1.
pub fn odd() -> [String; 2] {
    [trouble::OUT_OF_ORDER, "odd"].map(String::from)
}

/// The two labels of a bracket, each from the longest: how long the copies differed, and how
/// much of it came after somebody was told done.
pub fn difference(show: &Show, difference: &Difference) -> ([String; 2], [String; 2]) {
    let who = match show.scenario.config.replicas {
        1 => "The copies".to_string(),
        _ => service(difference.copy),
    };
    let apart = words::span(difference.apart());
    let open = if difference.open { ", to the end" } else { "" };
    let first = [
        format!("{who} differed for {apart}{open}"),
        format!("differed {apart}"),
    ];
    let window = difference.window();
    let told = told(show, difference);
    let second = match (told, window) {
        (None, _) => [String::new(), String::new()],
        (Some(told), SimDuration::ZERO) => [
            format!("all of it before {told} was told done"),
            "none after done".to_string(),
        ],
        (Some(told), window) => {
            let window = words::span(window);
            let text = format!("{window} of them after {told} was told done");
            [text, format!("{window} after done")]
        }
    };
    (first, second)
}

/// Both numbers in one sentence.
pub fn difference_whole(show: &Show, of: &Difference) -> String {
    let ([first, _], [second, _]) = difference(show, of);
    match second.is_empty() {
        true => format!("{first}."),
        false => format!("{first}, {second}."),
    }
}

/// Who was told done of the writes that the copy was missing, if anybody was.
fn told(show: &Show, difference: &Difference) -> Option<String> {
    let confirmed = difference
        .writes
        .iter()
        .filter(|window| window.confirmed.is_some());
    let mut clients = confirmed.map(|window| show.run.trace.operation(window.op).client);
    let first = clients.next()?;
    Some(match clients.all(|client| client == first) {
        true => person(show.run.trace.shopper(first)),
        false => "a shopper".to_string(),
    })
}

/// The words of a mark, from the longest.
pub fn becomes(mode: ReplicationMode) -> [String; 2] {
    [
        format!("{} from here", mode.word()),
        mode.word().to_string(),
    ]
}

pub fn stops() -> [String; 2] {
    ["the run stops here".to_string(), "stops".to_string()]
}

pub fn mark(text: &str, at: SimTime) -> String {
    format!("{}: {text}", words::time(at))
}

/// Operations that the sentence about the picture tells of.
const TOLD: usize = 4;

/// The picture in a few sentences; the list of events has all of it.
pub fn sentence(show: &Show, differences: &[Difference]) -> String {
    let operations = &show.run.history.operations;
    if operations.is_empty() {
        return empty().to_string();
    }
    let mut text = "The run on one clock.".to_string();
    for nth in 0..operations.len().min(TOLD) {
        text += &format!(" {}.", operation(show, OpId(nth as u32)));
    }
    if operations.len() > TOLD {
        text += &format!(" And {} more operations.", operations.len() - TOLD);
    }
    if let Some(longest) = differences
        .iter()
        .max_by_key(|difference| difference.apart())
    {
        text += &format!(" {}", difference_whole(show, longest));
    }
    text
}

pub fn empty() -> &'static str {
    "Operations and messages will appear here, on one clock."
}

/// What is drawn of how many.
pub fn sampled(shown: usize, total: usize) -> String {
    format!("Shows {shown} of {total} messages.")
}

/// The words of the transport, in its order.
pub mod transport {
    use crate::time::SimTime;
    use crate::view::words;

    /// The name of the scrubber.
    pub const SCRUBBER: &str = "Time";
    pub const RESTART: &str = "Restart";
    pub const BACK: &str = "Step back";
    pub const PLAY: &str = "Play";
    pub const PAUSE: &str = "Pause";
    pub const FORWARD: &str = "Step forward";
    pub const SPEED: &str = "Speed";

    pub fn of(end: SimTime) -> String {
        format!("of {}", words::time(end))
    }

    /// `1/20×`: wall time is 20 times as long.
    pub fn speed(slower: u32) -> String {
        match slower {
            0 | 1 => "1×".to_string(),
            slower => format!("1/{slower}×"),
        }
    }
}

/// A row of the Key: what is drawn, its word, and what it means.
pub struct KeyRow {
    pub sample: Sample,
    pub word: &'static str,
    pub meaning: &'static str,
}

/// What stands beside a row of the Key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sample {
    /// A message: its glyph on the stage and its line on the timeline.
    Message(&'static str),
    /// A block with this class and state.
    Block(&'static str, &'static str),
    /// The line of the background job.
    Job,
}

/// Every glyph, line and pattern.
pub const KEY: [KeyRow; 13] = [
    row(
        Sample::Message("request"),
        "request",
        "a shopper asks a service",
    ),
    row(
        Sample::Message("response"),
        "answer",
        "the service answers the shopper",
    ),
    row(
        Sample::Message("replicate"),
        "update",
        "Service 1 tells a copy of a change",
    ),
    row(
        Sample::Message("ack"),
        "applied",
        "the copy reports that it has the change",
    ),
    row(
        Sample::Block("op", "ok"),
        "operation",
        "from the question to the answer",
    ),
    row(
        Sample::Block("op", "stale"),
        "old cart",
        "the answer lacked a change that was already out",
    ),
    row(
        Sample::Block("op", "unknown"),
        "no answer",
        "no end: it may have worked",
    ),
    row(
        Sample::Block("work", "write"),
        "database at work",
        "tall: it writes; low: it reads",
    ),
    row(
        Sample::Block("rib", "at"),
        "version",
        "what the service's database holds",
    ),
    row(
        Sample::Block("rib", "behind"),
        "behind",
        "a change was confirmed, and this copy lacks it",
    ),
    row(
        Sample::Block("window", "open"),
        "window",
        "somebody was told done, and a copy lacks it",
    ),
    row(
        Sample::Block("stub", "queued"),
        "waiting",
        "the shopper is busy, or waits before the next",
    ),
    row(
        Sample::Job,
        "background job",
        "holds the change before it tells the copy",
    ),
];

const fn row(sample: Sample, word: &'static str, meaning: &'static str) -> KeyRow {
    KeyRow {
        sample,
        word,
        meaning,
    }
}

pub const KEY_TITLE: &str = "Key";
pub const KEY_CLOSE: &str = "Close";
