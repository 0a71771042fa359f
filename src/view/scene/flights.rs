//! The links, and the messages on their way along them.
//!
//! A message moves evenly from the moment it is sent to the moment it arrives. Invariants: at
//! most [`FLIGHTS`] are drawn, picked evenly; an update or a receipt is on its wire; a trail is
//! seen only where its message has been; a label is left out where it would cover another.

use super::frame::{Frame, Row, TRAY};
use super::moment::Moment;
use super::stored::has_tray;
use super::{Part, Place, Words, place};
use crate::history::{Answer, ClientId, ServiceId};
use crate::sim::ReplicationMode;
use crate::sim::trace::{Envelope, Message, MessageId, NodeId, Stop};
use crate::time::SimTime;
use crate::view::spacetime::room;
use crate::view::words::scene as words;
use crate::view::words::timeline;

/// How many messages are drawn at most.
pub const FLIGHTS: usize = 300;
/// From the edge of a box to the middle of a message that has just left it.
const DOCK: i32 = 15;
/// How far a message's trail reaches: a third of its way, and no further than this.
const TRAIL: i32 = 96;
/// Half of a trail's breadth, with its round end.
const TRAIL_HALF: i32 = 3;

/// A message on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Flight {
    pub key: u32,
    /// `request`, `response`, `replicate` or `ack`.
    pub kind: &'static str,
    /// The answer is out of date.
    pub stale: bool,
    pub course: Course,
    /// The trail's end, from the message.
    pub trail: (i32, i32),
    /// The trail is seen only within this: the whole way of the message.
    pub way: Place,
    /// The message points to the left.
    pub flip: bool,
    pub label: Option<Label>,
}

/// What a message carries. It has a course of its own, so that it stays between the boxes.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub course: Course,
    pub class: &'static str,
    pub words: Words,
}

/// From a point at a time to a point at a time, in a straight line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    pub from: (i32, i32),
    pub to: (i32, i32),
    pub leaves: u64,
    pub arrives: u64,
}

impl Course {
    /// Where it is at this moment.
    pub fn along(&self, now: SimTime) -> (f32, f32) {
        let long = self.arrives.saturating_sub(self.leaves).max(1) as f32;
        let part = (now.0.saturating_sub(self.leaves) as f32 / long).min(1.0);
        let between = |from: i32, to: i32| from as f32 + (to - from) as f32 * part;
        (
            between(self.from.0, self.to.0),
            between(self.from.1, self.to.1),
        )
    }

    /// As `data-path` has it.
    pub fn path(&self) -> String {
        let Course {
            from,
            to,
            leaves,
            arrives,
        } = self;
        format!("{} {} {} {} {leaves} {arrives}", from.0, from.1, to.0, to.1)
    }

    /// The room that a trail takes along the whole of it.
    fn way(&self) -> Place {
        let side =
            |one: i32, other: i32| (one.min(other) - TRAIL_HALF, one.max(other) + TRAIL_HALF);
        let (left, right) = side(self.from.0, self.to.0);
        let (top, end) = side(self.from.1, self.to.1);
        place(left, top, right - left, end - top)
    }

    /// Where it is at this moment.
    pub fn at(&self, now: u64) -> (f64, f64) {
        let (length, passed) = (self.arrives - self.leaves, now.saturating_sub(self.leaves));
        let part = if length == 0 {
            1.0
        } else {
            (passed as f64 / length as f64).min(1.0)
        };
        let between = |from: i32, to: i32| f64::from(from) + f64::from(to - from) * part;
        (
            between(self.from.0, self.to.0),
            between(self.from.1, self.to.1),
        )
    }
}

/// The messages that are drawn, and the words about those that are not.
pub fn flights(moment: &Moment, frame: &Frame) -> (Vec<Flight>, Option<String>) {
    let mut visible = Vec::new();
    for (id, envelope) in moment.under_way() {
        if let Some(course) = course(moment, frame, id, envelope) {
            visible.push((id, envelope, course));
        }
    }
    let total = visible.len();
    let limit = limit(visible.iter().map(|one| rank(one.0)));
    let mut covered = Vec::new();
    let mut flights = Vec::with_capacity(total.min(FLIGHTS));
    for (id, envelope, course) in visible {
        if rank(id) < limit {
            flights.push(flight(moment, frame, id, envelope, course, &mut covered));
        }
    }
    let note = (total > FLIGHTS).then(|| timeline::sampled(FLIGHTS, total));
    (flights, note)
}

/// Whoever has a lower rank is drawn first. Neighbours are far apart in it, so those that are
/// drawn are spread evenly, and the most of them are drawn again at the next moment.
fn rank(id: MessageId) -> u32 {
    id.0.reverse_bits()
}

/// The ranks below this are drawn.
fn limit(ranks: impl Iterator<Item = u32> + Clone) -> u32 {
    let mut limit = 0;
    for bit in (0..u32::BITS).rev() {
        let wider = limit | (1 << bit);
        if ranks.clone().filter(|rank| *rank < wider).count() <= FLIGHTS {
            limit = wider;
        }
    }
    limit
}

fn flight(
    moment: &Moment,
    frame: &Frame,
    id: MessageId,
    envelope: &Envelope,
    course: Course,
    covered: &mut Vec<(f64, f64, f64)>,
) -> Flight {
    let stale = is_stale(moment, envelope);
    let (dx, dy) = (course.to.0 - course.from.0, course.to.1 - course.from.1);
    let trail = (
        -dx.signum() * (dx.abs() / 3).min(TRAIL),
        -dy.signum() * (dy.abs() / 3).min(TRAIL / 4),
    );
    let kind = kind(envelope.message);
    let own = moment.shopper(moment.trace().operation(envelope.op).client);
    let label = own.and_then(|_| label(moment, frame, envelope, course, stale));
    let label = label.filter(|label| is_free(label, moment, covered));
    Flight {
        key: id.0,
        kind,
        stale,
        course,
        trail,
        way: course.way(),
        flip: dx < 0,
        label,
    }
}

fn kind(message: Message) -> &'static str {
    match message {
        Message::Request | Message::Look => "request",
        Message::Response(_) | Message::Refusal | Message::Error | Message::Redirect => "response",
        Message::Stock(_) | Message::SoldOut => "response",
        Message::Replicate(_) | Message::Repair(_) => "replicate",
        Message::Ack(_) => "ack",
    }
}

fn is_stale(moment: &Moment, envelope: &Envelope) -> bool {
    let view = matches!(envelope.message, Message::Response(answer)
        if matches!(moment.trace().answer(answer), Answer::Shown(_)));
    // The age is known of every view that is answered in the end.
    view && timeline::age(moment.show, envelope.op).is_some_and(|age| age.is_stale())
}

/// Where a message flies; nowhere if its shopper is not on the stage.
fn course(moment: &Moment, frame: &Frame, id: MessageId, envelope: &Envelope) -> Option<Course> {
    let ends = way(moment, frame, envelope.from, envelope.to)?;
    Some(stretch(moment, id, envelope, ends, moment.now))
}

/// Where a message is now.
pub fn place_of(moment: &Moment, frame: &Frame, id: MessageId) -> Option<(i32, i32)> {
    let course = course(moment, frame, id, moment.trace().message(id))?;
    let (x, y) = course.at(moment.now.0);
    Some((x as i32, y as i32))
}

/// Where a message was when it was lost.
pub fn lost_at(moment: &Moment, frame: &Frame, id: MessageId) -> Option<(i32, i32)> {
    let envelope = moment.trace().message(id);
    let ends = way(moment, frame, envelope.from, envelope.to)?;
    let at = envelope.lost_at?;
    let (x, y) = stretch(moment, id, envelope, ends, at).at(at.0);
    Some((x as i32, y as i32))
}

/// The two ends of the way between two nodes.
pub fn way(
    moment: &Moment,
    frame: &Frame,
    from: NodeId,
    to: NodeId,
) -> Option<((i32, i32), (i32, i32))> {
    Some(match (from, to) {
        (NodeId::Client(client), NodeId::Service(service)) => {
            let (left, right) = ends(frame, client, service)?;
            (left, right)
        }
        (NodeId::Service(service), NodeId::Client(client)) => {
            let (left, right) = ends(frame, client, service)?;
            (right, left)
        }
        (NodeId::Service(one), NodeId::Service(other)) => between(moment, frame, one, other),
        (NodeId::Client(_), NodeId::Client(_)) => return None,
    })
}

/// The part of a message's way that it is on at this moment: it moves evenly, but for the stops
/// that a hand made.
fn stretch(
    moment: &Moment,
    id: MessageId,
    envelope: &Envelope,
    (from, to): ((i32, i32), (i32, i32)),
    now: SimTime,
) -> Course {
    let (leaves, arrives) = (envelope.sent_at.0, envelope.arrives_at.0);
    let whole = Course {
        from,
        to,
        leaves,
        arrives,
    };
    let stops = moment
        .trace()
        .stops
        .iter()
        .filter(|stop| stop.message == id);
    let length = |stop: &Stop| stop.to.map_or(0, |to| to.0 - stop.from.0);
    // As if nobody had touched it: from here its stops are taken one by one.
    let lost: u64 = stops.clone().map(length).sum();
    let mut course = Course {
        arrives: arrives.saturating_sub(lost).max(leaves),
        ..whole
    };
    for stop in stops.filter(|stop| stop.from <= now) {
        let (x, y) = course.at(stop.from.0);
        let here = (x as i32, y as i32);
        if stop.to.is_none_or(|to| now < to) && !stop.delay {
            return Course {
                from: here,
                to: here,
                leaves: stop.from.0,
                arrives: stop.from.0,
            };
        }
        course = Course {
            from: here,
            to,
            leaves: if stop.delay {
                stop.from.0
            } else {
                stop.from.0 + length(stop)
            },
            arrives: course.arrives + length(stop),
        };
    }
    course
}

/// The two ends of a shopper's way to a service.
fn ends(frame: &Frame, client: ClientId, service: ServiceId) -> Option<((i32, i32), (i32, i32))> {
    let (door, y) = frame.door(client)?;
    let straight = frame
        .row(client)
        .is_some_and(|row| frame.is_straight(row, service));
    let right = match straight {
        true => frame.node(service).service.x - DOCK,
        false => frame.gutter - DOCK - 6,
    };
    Some(((door + DOCK, y), (right, y)))
}

/// The two ends of the way between two services.
fn between(
    moment: &Moment,
    frame: &Frame,
    one: ServiceId,
    other: ServiceId,
) -> ((i32, i32), (i32, i32)) {
    let down = one < other;
    let (upper, copy) = match down {
        true => (frame.node(one), frame.node(other)),
        false => (frame.node(other), frame.node(one)),
    };
    let service = upper.service;
    let x = frame.updates;
    let (top, end) = if frame.nodes.len() == 2 {
        let tray = if has_tray(moment) { TRAY } else { 0 };
        (service.y + service.h + tray + 8, copy.service.y - 12)
    } else {
        (upper.y + 10, copy.y - 10)
    };
    if down {
        ((x, top), (x, end))
    } else {
        ((x, end), (x, top))
    }
}

fn label(
    moment: &Moment,
    frame: &Frame,
    envelope: &Envelope,
    course: Course,
    stale: bool,
) -> Option<Label> {
    let many = frame.nodes.len() > 2;
    if many && matches!(envelope.message, Message::Ack(_)) {
        // Between the databases' column and the updates there is no room for words.
        return None;
    }
    let text = words::carries(moment.show, envelope, many);
    let class = match envelope.message {
        Message::Replicate(_) | Message::Ack(_) => "b cv over",
        _ if stale => "mid b cs over",
        _ => "mid b c2 over",
    };
    let label = |text: String, from: (i32, i32), to: (i32, i32)| Label {
        course: Course { from, to, ..course },
        class,
        words: Words::plain(text),
    };
    if course.from.0 == course.to.0 {
        let room = if many {
            28
        } else {
            frame.width - 16 - course.from.0
        };
        let text = room::cut_to(&text, room);
        let x = course.from.0 + if many { 9 } else { 17 };
        return Some(label(text, (x, course.from.1 + 4), (x, course.to.1 + 4)));
    }
    let (left, right) = (
        course.from.0.min(course.to.0),
        course.from.0.max(course.to.0),
    );
    // Clear of the ring round a device that waits.
    let (left, right) = (left - DOCK + 9, right + DOCK - 3);
    let text = room::cut_to(&text, right - left);
    let half = room::whole(&text) / 2;
    let within = |x: i32| x.clamp(left + half, (right - half).max(left + half));
    let y = course.from.1 - 15;
    Some(label(
        text,
        (within(course.from.0), y),
        (within(course.to.0), y),
    ))
}

/// Whether the label covers none that stands already; if so it takes its place.
fn is_free(label: &Label, moment: &Moment, covered: &mut Vec<(f64, f64, f64)>) -> bool {
    let (x, y) = label.course.at(moment.now.0);
    let width = f64::from(room::width(&label.words.before)) + 6.0;
    let touches = |(ox, oy, ow): &(f64, f64, f64)| {
        (oy - y).abs() < 14.0 && (ox - x).abs() < (ow + width) / 2.0
    };
    let free = !covered.iter().any(touches);
    if free {
        covered.push((x, y, width));
    }
    free
}

/// The lines along which messages go. A shopper's link to another service than the usual one is
/// drawn only while it is used.
pub fn links(moment: &Moment, frame: &Frame) -> Part {
    let mut part = Part::new("links".to_string(), "links", "", (0, 0));
    for node in &frame.nodes {
        let end = node.service.x + node.service.w;
        part.path(
            "link inner",
            format!("M{end} {}H{}", node.y, node.database.x),
        );
    }
    replication(&mut part, moment, frame);
    if let Some(crowd) = frame.crowd {
        let (left, y) = (crowd.x + crowd.w, crowd.y + crowd.h / 2);
        for node in &frame.nodes {
            let (gutter, end) = (frame.gutter, node.service.x);
            part.path("link", format!("M{left} {y}H{gutter}V{}H{end}", node.y));
        }
    }
    for ports in [false, true] {
        for row in &frame.rows {
            // The usual service, and the one that an operation under way asks.
            let shopper = row.client.and_then(|client| moment.shopper(client));
            let open = shopper.and_then(|shopper| shopper.open);
            let used = open.map_or(row.home, |op| moment.trace().operation(op).to);
            draw(&mut part, frame, row, row.home, ports);
            if used != row.home {
                draw(&mut part, frame, row, used, ports);
            }
        }
    }
    part
}

/// The link of a row to a service, or the port that it runs through.
fn draw(part: &mut Part, frame: &Frame, row: &Row, service: ServiceId, port: bool) {
    let (y, gutter, to) = (row.y, frame.gutter, frame.node(service));
    let straight = frame.is_straight(row, service);
    if !port {
        let left = row.device.x + row.device.w;
        let end = to.service.x;
        part.path(
            "link",
            match straight {
                true => format!("M{left} {y}H{end}"),
                false => format!("M{left} {y}H{gutter}V{}H{end}", to.y),
            },
        );
    } else if !straight {
        // The number of the service where the way to it turns.
        part.rect(place(gutter - 9, y - 9, 18, 18), 9, "port");
        part.text(gutter, y + 4, "mid b c2", service.0.to_string());
    }
}

/// From Service 1 to the copies: violet, broken where the background job stands between.
fn replication(part: &mut Part, moment: &Moment, frame: &Frame) {
    let class = match moment.mode {
        ReplicationMode::Synchronous => "link sync",
        ReplicationMode::Background => "link job",
    };
    if frame.nodes.len() < 2 {
        return;
    }
    let service = frame.node(ServiceId::S1).service;
    let x = frame.updates;
    if let [_, copy] = frame.nodes.as_slice() {
        let tray = if has_tray(moment) { TRAY } else { 0 };
        let start = service.y + service.h + tray;
        part.path(class, format!("M{x} {start}V{}", copy.service.y));
        return;
    }
    let edge = service.x + service.w;
    if moment.leader != ServiceId::S1 {
        for copy in moment.followers() {
            let ((_, from), (_, to)) = between(moment, frame, moment.leader, copy);
            part.path(class, format!("M{edge} {from}H{x}V{to}H{edge}"));
        }
        return;
    }
    let start = frame.nodes[0].y + 10;
    let last = frame.nodes.last().map_or(start, |node| node.y - 10);
    let mut way = format!("M{edge} {start}H{x}V{last}");
    for node in &frame.nodes[1..] {
        way.push_str(&format!("M{x} {}H{edge}", node.y - 10));
    }
    part.path(class, way);
}
