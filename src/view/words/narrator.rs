//! What has just happened, in a sentence, and what is worth being spoken while time passes.
//!
//! Invariant: a sentence says what the trace holds up to the moment, and nothing of what is to
//! come: "does not have it yet" is true when it is said.

use crate::check::{Property, Verdict, sold};
use crate::history::{Answer, OpId, ServiceId, Version};
use crate::shop::{Cart, Name, Op};
use crate::sim::trace::{
    AnswerId, Message, MessageId, NodeId, Record, RecordId, Trace, TraceEvent,
};
use crate::sim::{Bound, CueId, ReplicationMode};
use crate::time::SimTime;
use crate::view::Show;
use crate::view::scene::moment::Moment;
use crate::view::words::verdicts::{list, service};
use crate::view::words::{self, person, timeline, trouble};

/// The moment, the sentence that matters, and what goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Narration {
    pub time: String,
    pub headline: String,
    pub rest: String,
}

/// The last thing that meant something at `now`.
pub fn say(show: &Show, now: SimTime) -> Narration {
    at(&Moment::at(show, now))
}

/// The same, where the moment is known.
pub fn at(moment: &Moment) -> Narration {
    let records = &moment.trace().records;
    let past = records.partition_point(|record| record.at <= moment.now);
    let (headline, rest) = if moment.is_over() {
        over(moment)
    } else {
        let mut backwards = (0..past).rev();
        let last = backwards.find_map(|place| sentence(moment, RecordId(place as u32)));
        last.unwrap_or_else(|| nothing(moment))
    };
    Narration {
        time: words::time(moment.now),
        headline,
        rest,
    }
}

fn nothing(moment: &Moment) -> (String, String) {
    let rest = match moment.trace().records.is_empty() {
        true => "Press Add book on Alice’s phone.",
        false => "Press Play.",
    };
    ("Nothing has happened yet.".to_string(), rest.to_string())
}

/// One record as headline and rest; `None` for what means nothing by itself.
fn sentence(moment: &Moment, id: RecordId) -> Option<(String, String)> {
    let trace = moment.trace();
    match trace.records[id.0 as usize].event {
        TraceEvent::Called(op) => Some(called(moment, op)),
        TraceEvent::Queued(cue) => queued(moment, cue),
        TraceEvent::Began(at, op) => began(moment, at, op),
        TraceEvent::Applied(at, version) if at == moment.leader => {
            Some(committed(moment, id, version))
        }
        TraceEvent::Applied(copy, version) => Some(applied(moment, copy, version)),
        TraceEvent::Read(at, op, answer) => Some(read(moment, at, op, answer)),
        TraceEvent::Sent(message) => sent(moment, message),
        TraceEvent::Early(message) => early(moment, message),
        TraceEvent::Ended(op, answer) => Some(ended(moment, op, answer)),
        TraceEvent::ModeChanged(mode) => Some(becomes(mode)),
        TraceEvent::Fired(_)
        | TraceEvent::Resting(_)
        | TraceEvent::Rested(_)
        | TraceEvent::Delivered(_)
        | TraceEvent::Duplicate(_)
        | TraceEvent::Held(_)
        | TraceEvent::LimitReached(_) => None,
        _ => trouble::sentence(trace, &trace.records[id.0 as usize]),
    }
}

fn called(moment: &Moment, op: OpId) -> (String, String) {
    let trace = moment.trace();
    let asked = trace.operation(op);
    let who = shopper(trace, op);
    let headline = match asked.op {
        Op::View => format!("{who} opens the cart."),
        op @ Op::Buy { .. } => format!("{who} wants to {}.", deed(&op)),
        op => format!("{who} asks to {}.", deed(&op)),
    };
    (
        headline,
        format!("The request is on its way to {}.", service(asked.to)),
    )
}

fn queued(moment: &Moment, cue: CueId) -> Option<(String, String)> {
    let script = &moment.show.scenario.script;
    let client = script.get(cue.0 as usize)?.action.client()?;
    let who = person(moment.trace().shopper(client));
    let rest = "What comes next waits until the shop has answered.".to_string();
    Some((format!("{who} is still busy."), rest))
}

/// A write at Service 1, where it all begins; the rest shows in what follows.
fn began(moment: &Moment, at: ServiceId, op: OpId) -> Option<(String, String)> {
    let asked = moment.trace().operation(op);
    if moment.trace().looks(op, moment.now) {
        return None;
    }
    let what = thing(&asked.op);
    Some((
        format!("{} is writing {what}.", service(at)),
        waits(moment, op),
    ))
}

/// Who waits for this operation, if it is not answered.
fn waits(moment: &Moment, op: OpId) -> String {
    let client = moment.trace().operation(op).client;
    if moment
        .shopper(client)
        .is_some_and(|shopper| shopper.open == Some(op))
    {
        return format!("{} is waiting.", shopper(moment.trace(), op));
    }
    let who = shopper(moment.trace(), op);
    format!("{who} was told done some time ago.")
}

fn committed(moment: &Moment, id: RecordId, version: Version) -> (String, String) {
    let trace = moment.trace();
    let op = trace.write(version);
    let who = shopper(trace, op);
    // The first thing that a commit causes is the answer, or else an update.
    let after = trace.records[id.0 as usize + 1..]
        .iter()
        .take_while(|next| next.at <= moment.now);
    let confirms = after.filter(|next| next.cause == id).any(|next| {
        matches!(next.event, TraceEvent::Sent(message)
            if matches!(trace.message(message).message, Message::Response(_)))
    });
    if confirms {
        let what = thing(&trace.operation(op).op);
        let rest = match hears(moment) {
            "" => format!("{who} will be told done."),
            hears => format!("{who} will be told done; {hears} later."),
        };
        return (format!("{} has {what} now.", service(moment.leader)), rest);
    }
    still_waiting(moment, &who)
}

fn still_waiting(moment: &Moment, who: &str) -> (String, String) {
    let rest = format!(
        "{} is telling {} first.",
        service(moment.leader),
        copies(moment)
    );
    (format!("{who} is still waiting."), rest)
}

/// `Service 2 hears`, `the copies hear`.
fn hears(moment: &Moment) -> &'static str {
    match moment.followers().count() {
        0 => "",
        1 if moment.leader == ServiceId::S1 => "Service 2 hears",
        _ => "the copies hear",
    }
}

/// All the copies: `Service 2`, `its 3 copies`.
fn copies(moment: &Moment) -> String {
    let mut copies = moment.followers();
    match (copies.next(), copies.count() + 1) {
        (Some(copy), 1) => service(copy),
        (_, count) => format!("its {count} copies"),
    }
}

fn applied(moment: &Moment, copy: ServiceId, version: Version) -> (String, String) {
    let trace = moment.trace();
    let what = thing(&trace.operation(trace.write(version)).op);
    (
        format!("{} has {what} now.", service(copy)),
        agreement(moment),
    )
}

/// Whether the copies agree now, and if not which differ.
fn agreement(moment: &Moment) -> String {
    let differing = moment.differing();
    let (all, leader) = (moment.followers().count(), service(moment.leader));
    match differing.len() {
        0 => "The copies agree.".to_string(),
        1 if all == 1 => "The copies still differ.".to_string(),
        1 | 2 => {
            let names: Vec<String> = differing.iter().map(|copy| service(*copy)).collect();
            let verb = if names.len() == 1 {
                "differs"
            } else {
                "differ"
            };
            format!("{} still {verb} from {leader}.", list(&names))
        }
        count if count == all => format!("All copies still differ from {leader}."),
        count => format!("{count} of {all} copies still differ from {leader}."),
    }
}

fn read(moment: &Moment, at: ServiceId, op: OpId, answer: AnswerId) -> (String, String) {
    let (trace, who) = (moment.trace(), shopper(moment.trace(), op));
    if let (Some(item), Answer::Shown(seen)) = (trace.operation(op).op.item(), trace.answer(answer))
    {
        let left = words::scene::left_of(&trace.stock, &seen.cart, item);
        let headline = format!("{} finds {left} for {who}.", service(at));
        return (
            headline,
            "Enough is ordered, else it is sold out.".to_string(),
        );
    }
    let found = shown(moment.trace(), answer);
    (
        format!("{} finds {found} for {who}.", service(at)),
        lacks(moment, op, answer, at),
    )
}

/// An update leaves Service 1.
fn sent(moment: &Moment, message: MessageId) -> Option<(String, String)> {
    let trace = moment.trace();
    let envelope = trace.message(message);
    let (Message::Replicate(version), NodeId::Service(copy)) = (envelope.message, envelope.to)
    else {
        return None;
    };
    let what = thing(&trace.operation(trace.write(version)).op);
    if envelope.attempt > 0 {
        let from = service(moment.leader);
        let headline = format!("{from} tells {} again of {what}.", service(copy));
        let waited = moment.show.scenario.config.resend;
        let waited = waited.map_or(String::new(), |resend| {
            format!(" for {}", words::span(resend))
        });
        return Some((headline, format!("No receipt has come{waited}.")));
    }
    let own = moment.shopper(trace.operation(envelope.op).client);
    if own.is_some_and(|own| own.open == Some(envelope.op))
        && !answered(trace, envelope.op, moment.now)
    {
        return Some(still_waiting(moment, &shopper(trace, envelope.op)));
    }
    let headline = format!("The background job sends {what} to {}.", service(copy));
    Some((
        headline,
        format!("It is on its way; {} does not have it yet.", service(copy)),
    ))
}

/// Whether the answer to this operation has been sent.
fn answered(trace: &Trace, op: OpId, now: SimTime) -> bool {
    let sent = trace
        .messages
        .partition_point(|envelope| envelope.sent_at <= now);
    let answers = |message| matches!(message, Message::Response(_));
    trace.messages[..sent]
        .iter()
        .any(|sent| sent.op == op && answers(sent.message))
}

fn early(moment: &Moment, message: MessageId) -> Option<(String, String)> {
    let envelope = moment.trace().message(message);
    let (Message::Replicate(version), NodeId::Service(copy)) = (envelope.message, envelope.to)
    else {
        return None;
    };
    let missing = moment.store(copy).version().0 + 1;
    let headline = format!("{} hears of v{} too early.", service(copy), version.0);
    Some((
        headline,
        format!("It waits in memory until v{missing} is there."),
    ))
}

fn ended(moment: &Moment, op: OpId, answer: AnswerId) -> (String, String) {
    let trace = moment.trace();
    let asked = trace.operation(op);
    let who = shopper(trace, op);
    match trace.answer(answer) {
        Answer::Done(version) => {
            let wait = asked
                .ended
                .map_or(moment.now, |(at, _)| at)
                .since(asked.call);
            let headline = format!("{who} is told done after {}.", words::span(wait));
            (headline, heard(moment, *version))
        }
        Answer::Shown(_) => {
            let headline = format!("{who} is shown {}.", shown(trace, answer));
            (headline, lacks(moment, op, answer, asked.to))
        }
    }
}

/// Which copies have this version, after its confirmation.
fn heard(moment: &Moment, version: Version) -> String {
    let lacking: Vec<ServiceId> = moment
        .followers()
        .filter(|copy| !moment.store(*copy).log.contains(version))
        .collect();
    let all = moment.followers().count();
    match lacking.as_slice() {
        [] if all == 0 => String::new(),
        [] if all == 1 && moment.leader == ServiceId::S1 => "Service 2 has it too.".to_string(),
        [] => "All copies have it too.".to_string(),
        [copy] if is_told(moment, *copy, version) => {
            format!("{} does not have it yet.", service(*copy))
        }
        [copy] => format!("{} has not heard of it yet.", service(*copy)),
        some if some.len() == all => "None of the copies has it yet.".to_string(),
        some => format!("{} of {all} copies do not have it yet.", some.len()),
    }
}

/// Whether the update of this version has arrived at the copy.
fn is_told(moment: &Moment, copy: ServiceId, version: Version) -> bool {
    let messages = &moment.trace().messages;
    let sent = messages.partition_point(|envelope| envelope.sent_at <= moment.now);
    messages[..sent].iter().any(|envelope| {
        envelope.message == Message::Replicate(version)
            && envelope.to == NodeId::Service(copy)
            && envelope.arrives_at <= moment.now
    })
}

/// What a shown cart misses, and whether the service that showed it has it by now.
fn lacks(moment: &Moment, op: OpId, answer: AnswerId, at: ServiceId) -> String {
    let trace = moment.trace();
    let Some(age) = timeline::age(moment.show, op).filter(|age| age.is_stale()) else {
        return match trace.answer(answer) {
            Answer::Shown(seen) if moment.outdated(seen) => {
                format!("That was up to date when {} asked.", shopper(trace, op))
            }
            Answer::Shown(seen) if !seen.log.is_ascending() => {
                "It holds the changes in an order in which they were never made.".to_string()
            }
            Answer::Shown(seen) if seen.log.newest().0 == 0 => {
                "Nothing has been confirmed yet.".to_string()
            }
            _ => "That is up to date.".to_string(),
        };
    };
    let who = service(at);
    let missed = match (age.missed, age.earliest) {
        (1, Some(missed)) => thing(&trace.operation(trace.write(missed.version)).op),
        (count, _) => format!("{count} changes"),
    };
    let newest = age.earliest.map_or(0, |missed| missed.version.0);
    if moment.store(at).log.contains(Version(newest)) {
        return format!("{who} had not heard of {missed} when it looked.");
    }
    let told = age.missed == 1 && is_told(moment, at, Version(newest));
    match told {
        true => format!("{who} does not have {missed} yet."),
        false => format!("{who} has not heard of {missed} yet."),
    }
}

fn becomes(mode: ReplicationMode) -> (String, String) {
    let rest = match mode {
        ReplicationMode::Synchronous => "From now on Service 1 says done when the copies have it.",
        ReplicationMode::Background => "From now on Service 1 says done at once.",
    };
    (
        format!("Replication becomes {}.", mode.word()),
        rest.to_string(),
    )
}

/// The end: what the run came to.
fn over(moment: &Moment) -> (String, String) {
    let show = moment.show;
    let stale = show
        .run
        .report
        .views
        .iter()
        .filter(|view| view.is_stale())
        .count();
    let looked = !show.run.report.views.is_empty();
    let operations = show.run.history.operations.iter();
    let odd = operations
        .filter_map(|view| view.seen())
        .filter(|seen| !seen.log.is_ascending())
        .count();
    let oversold = show.run.verdict(Property::NeverOversold, show.run.end());
    let rest = match (show.run.trace.limit, stale) {
        (Some(Bound::Events), _) => "It was stopped at 1,000,000 events.".to_string(),
        (Some(Bound::Time), _) => "It was stopped after an hour of simulated time.".to_string(),
        (None, _) if let Verdict::Violated(witness) = oversold => {
            let (item, sold, stock) = sold(&show.run.history, witness);
            format!("{sold} {item} sold, of {stock}.")
        }
        (None, 0) if odd > 0 => "A cart was shown that the shop never had.".to_string(),
        (None, 0) if looked => "Nobody was shown an old cart.".to_string(),
        (None, 0) => "Nobody has looked at the cart.".to_string(),
        (None, 1) => "One view showed an old cart.".to_string(),
        (None, count) => format!("{count} views showed an old cart."),
    };
    let written = moment.store(moment.leader).log.newest().0;
    let copies = match (moment.differing().is_empty(), written) {
        (true, _) if moment.stores.len() == 1 => "one server has it all".to_string(),
        (true, 0) => "nothing was written".to_string(),
        (true, _) => "the copies agree".to_string(),
        (false, _) => "the copies differ".to_string(),
    };
    (format!("The run is over: {copies}."), rest)
}

/// What happened in (from, to] that is worth being spoken: who was told done, who was shown an
/// old cart, and whether the copies have come to agree. Much of it at once is counted.
pub fn meaning(show: &Show, from: SimTime, to: SimTime) -> Option<String> {
    let trace = &show.run.trace;
    let start = trace.records.partition_point(|record| record.at <= from);
    let end = trace.records.partition_point(|record| record.at <= to);
    let (mut told, mut old, mut applied) = (Vec::new(), Vec::new(), false);
    for record in trace.records.get(start..end)? {
        match record.event {
            TraceEvent::Ended(op, answer) => match trace.answer(answer) {
                Answer::Done(_) => told.push(op),
                Answer::Shown(_) if is_stale(show, op) => old.push(op),
                Answer::Shown(_) => {}
            },
            TraceEvent::Applied(..) => applied = true,
            _ => {}
        }
    }
    let mut said = Vec::new();
    match told.as_slice() {
        [] => {}
        [op] => said.push(format!("{} is told done.", shopper(trace, *op))),
        ops => said.push(format!("{} changes are confirmed.", ops.len())),
    }
    match old.as_slice() {
        [] => {}
        [op] => said.push(old_cart(show, *op)),
        ops => said.push(format!("{} old carts are shown.", ops.len())),
    }
    let services = u32::from(show.scenario.config.replicas) + 1;
    if applied && agree(&trace.records[..end], services) {
        said.push("The copies agree.".to_string());
    }
    (!said.is_empty()).then(|| said.join(" "))
}

/// Whether all services stand at the same version after these records. The end of the run tells:
/// this is asked at every step of one that is played.
fn agree(records: &[Record], services: u32) -> bool {
    let (mut newest, mut seen) = (None, 0u32);
    for record in records.iter().rev() {
        let TraceEvent::Applied(service, version) = record.event else {
            continue;
        };
        if seen & (1 << service.0) != 0 {
            continue;
        }
        if newest.is_some_and(|newest| newest != version) {
            return false;
        }
        newest = Some(version);
        seen |= 1 << service.0;
        if seen.count_ones() == services {
            return true;
        }
    }
    // One that never applied anything is at version 0.
    newest.is_none()
}

fn old_cart(show: &Show, op: OpId) -> String {
    let age = timeline::age(show, op).map_or(String::new(), |age| words::span(age.stale()));
    format!(
        "{} is shown a cart that is out of date for {age}.",
        shopper(&show.run.trace, op)
    )
}

fn is_stale(show: &Show, op: OpId) -> bool {
    timeline::age(show, op).is_some_and(|age| age.is_stale())
}

fn shopper(trace: &Trace, op: OpId) -> String {
    person(trace.shopper(trace.operation(op).client))
}

/// `add the book`, as somebody is asked to do it.
fn deed(op: &Op) -> String {
    match op {
        Op::Add { item, qty } => format!("add {}", counted(*item, *qty)),
        Op::Set { item, qty } => format!("set {item} to {qty}"),
        Op::Remove { item } => format!("remove the {item}"),
        Op::View => "view the cart".to_string(),
        Op::Buy { item, qty } | Op::Return { item, qty } => {
            format!("buy {}", counted(*item, *qty))
        }
    }
}

/// A write as a thing that one can have or have heard of: `the book`.
fn thing(op: &Op) -> String {
    match op {
        Op::Add { item, qty } => counted(*item, *qty),
        Op::Set { item, qty } => format!("the change of {item} to {qty}"),
        Op::Remove { item } => format!("the removal of the {item}"),
        Op::View => "the view".to_string(),
        Op::Buy { item, qty } | Op::Return { item, qty } => {
            format!("the order of {}", counted(*item, *qty))
        }
    }
}

/// `the book`, `pen ×2`.
fn counted(item: Name, qty: u32) -> String {
    match qty {
        1 => format!("the {item}"),
        _ => format!("{item} ×{qty}"),
    }
}

/// `an empty cart`, `the book`, `the book and pen ×2`, `7 different items`.
fn shown(trace: &Trace, answer: AnswerId) -> String {
    match trace.answer(answer) {
        Answer::Shown(seen) => cart(&seen.cart),
        Answer::Done(_) => "nothing".to_string(),
    }
}

fn cart(cart: &Cart) -> String {
    let line = |line: &crate::shop::Line| counted(line.item, line.qty);
    match cart.lines() {
        [] => "an empty cart".to_string(),
        lines @ ([_] | [_, _] | [_, _, _]) => list(&lines.iter().map(line).collect::<Vec<_>>()),
        lines => format!("{} different items", lines.len()),
    }
}
