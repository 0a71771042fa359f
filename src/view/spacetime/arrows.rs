//! The messages: slanted lines from the lane that sends to the lane that receives.
//!
//! Invariant: at most [`MOST`] are drawn; of more, those of evenly chosen operations.

use super::Frame;
use super::lanes::Lanes;
use super::stores;
use crate::sim::trace::{Envelope, Journey, Message, Stop, TraceEvent};
use crate::time::SimTime;
use crate::view::Show;
use crate::view::words::timeline as words;

/// The most arrows that a picture holds.
pub const MOST: usize = 600;

#[derive(Clone, Debug, PartialEq)]
pub struct Arrow {
    pub x1: f32,
    pub y1: f32,
    pub x2: f32,
    pub y2: f32,
    /// `request`, `response`, `replicate` or `ack`.
    pub kind: &'static str,
    /// Whether it arrives inside the picture.
    pub arrives: bool,
    /// Where a hand held it or let it go, or made it slower: it bends here.
    pub bends: Vec<(f32, f32)>,
    /// It ends where it was lost.
    pub lost: bool,
    /// Its shopper, or Service 1, sends it once more.
    pub again: bool,
    pub title: String,
}

impl Arrow {
    /// Where the arrow, or the line that it lies on, passes this height.
    pub fn x_at(&self, y: f32) -> f32 {
        let height = self.y2 - self.y1;
        if height.abs() < 0.1 {
            return self.x1;
        }
        self.x1 + (self.x2 - self.x1) * (y - self.y1) / height
    }
}

/// The word of a kind of message, as CSS and the glyphs know it.
pub fn kind(message: Message) -> &'static str {
    match message {
        Message::Request | Message::Look => "request",
        Message::Response(_) | Message::Refusal | Message::Error | Message::Redirect => "response",
        Message::Stock(_) | Message::SoldOut => "response",
        Message::Replicate(_) | Message::Repair(_) => "replicate",
        Message::Ack(_) => "ack",
    }
}

/// The arrows that are drawn, and how many messages there are. `end` is where unknown begins.
pub fn arrows(show: &Show, lanes: &Lanes, frame: Frame, end: SimTime) -> (Vec<Arrow>, usize) {
    let trace = &show.run.trace;
    let seen = |envelope: &&Envelope| lanes.shopper(trace.operation(envelope.op).client).is_some();
    let total = trace.messages.iter().filter(seen).count();
    // All messages of an operation, or none: half a story tells nothing.
    let stride = total.div_ceil(MOST).max(1) as u32;
    let mut drawn = Vec::with_capacity(total.min(MOST));
    for envelope in trace.messages.iter().filter(seen) {
        if envelope.op.0.is_multiple_of(stride) && drawn.len() < MOST {
            drawn.extend(arrow(show, lanes, frame, end, envelope));
        }
    }
    (drawn, total)
}

pub(super) fn arrow(
    show: &Show,
    lanes: &Lanes,
    frame: Frame,
    end: SimTime,
    envelope: &Envelope,
) -> Option<Arrow> {
    let (from, to) = (lanes.node(envelope.from)?, lanes.node(envelope.to)?);
    let down = if to.y > from.y { 1.0 } else { -1.0 };
    let y1 = match stores::leaves_job(show, envelope.sent, envelope.from, envelope.to) {
        true => stores::waiting_y(lanes),
        false => from.y + down * from.half,
    };
    let tip = to.y - down * (to.half + 1.0);
    let way = travel(show, envelope, end);
    let place = |(at, part): &(SimTime, f32)| (frame.x(*at), y1 + (tip - y1) * part);
    let mut bends: Vec<(f32, f32)> = way.iter().map(place).collect();
    let (x2, y2) = bends.pop().unwrap_or((frame.x(end), y1));
    let lost = envelope.lost_at.is_some();
    Some(Arrow {
        x1: frame.x(envelope.sent_at),
        y1,
        x2,
        y2,
        kind: kind(envelope.message),
        arrives: envelope.arrives_at <= end && !lost && envelope.journey != Journey::Stopped,
        bends,
        lost,
        again: envelope.attempt > 0 && envelope.message == Message::Request,
        title: words::message(show, envelope),
    })
}

/// How far it had come when a hand touched it, and in the end: it moves evenly, but for that.
fn travel(show: &Show, envelope: &Envelope, end: SimTime) -> Vec<(SimTime, f32)> {
    let stops = &show.run.trace.stops;
    let sent = show.run.trace.records.get(envelope.sent.0 as usize);
    let own = |stop: &&Stop| sent.is_some_and(|sent| sent.event == TraceEvent::Sent(stop.message));
    let length = |stop: &Stop| stop.to.map_or(0, |to| to.0 - stop.from.0);
    let over = envelope.lost_at.unwrap_or(end).min(end);
    let stopped: u64 = stops.iter().filter(own).map(length).sum();
    // As if nobody had touched it: from here its stops are taken one by one.
    let (mut at, mut part) = (envelope.sent_at, 0.0);
    let mut arrives = envelope.arrives_at.0.saturating_sub(stopped);
    let part_at = |now: SimTime, at: SimTime, part: f32, arrives: u64| {
        let whole = arrives.saturating_sub(at.0).max(1) as f32;
        part + (1.0 - part) * (now.since(at).0 as f32 / whole).min(1.0)
    };
    let mut bends = Vec::new();
    for stop in stops.iter().filter(own).filter(|stop| stop.from < over) {
        part = part_at(stop.from, at, part, arrives);
        bends.push((stop.from, part));
        at = stop.from;
        arrives += length(stop);
        if !stop.delay {
            at = stop.to.unwrap_or(over).min(over);
            bends.push((at, part));
        }
    }
    let ends = over.min(SimTime(arrives)).max(at);
    bends.push((ends, part_at(ends, at, part, arrives)));
    bends
}
