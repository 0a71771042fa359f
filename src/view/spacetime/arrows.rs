//! The messages: slanted lines from the lane that sends to the lane that receives.
//!
//! Invariant: at most [`MOST`] are drawn; of more, those of evenly chosen operations.

use super::Frame;
use super::lanes::Lanes;
use super::stores;
use crate::sim::trace::{Envelope, Journey, Message};
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
    /// It ends where it was lost.
    pub lost: bool,
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
        Message::Request => "request",
        Message::Response(_) | Message::Refusal | Message::Error | Message::Redirect => "response",
        Message::Replicate(_) | Message::Repair(_) => "replicate",
        Message::Ack(_) => "ack",
    }
}

/// The arrows that are drawn, and how many messages there are. `end` is where unknown begins.
pub fn arrows(show: &Show, lanes: &Lanes, frame: Frame, end: SimTime) -> (Vec<Arrow>, usize) {
    let messages = &show.run.trace.messages;
    // All messages of an operation, or none: half a story tells nothing.
    let stride = messages.len().div_ceil(MOST).max(1) as u32;
    let mut drawn = Vec::with_capacity(messages.len().min(MOST));
    for envelope in messages {
        if envelope.op.0.is_multiple_of(stride) && drawn.len() < MOST {
            drawn.push(arrow(show, lanes, frame, end, envelope));
        }
    }
    (drawn, messages.len())
}

fn arrow(show: &Show, lanes: &Lanes, frame: Frame, end: SimTime, envelope: &Envelope) -> Arrow {
    let (from, to) = (lanes.node(envelope.from), lanes.node(envelope.to));
    let down = if to.y > from.y { 1.0 } else { -1.0 };
    let held = envelope.journey == Journey::Stopped;
    let ends = match envelope.lost_at {
        Some(lost) => lost,
        None if held => end,
        None => envelope.arrives_at.min(end),
    };
    let (x1, x2) = (frame.x(envelope.sent_at), frame.x(ends));
    let y1 = match stores::leaves_job(show, envelope.sent, envelope.to) {
        true => stores::waiting_y(lanes),
        false => from.y + down * from.half,
    };
    let tip = to.y - down * (to.half + 1.0);
    let arrives = envelope.arrives_at <= end && envelope.lost_at.is_none() && !held;
    let way = envelope.arrives_at.since(envelope.sent_at).0.max(1) as f32;
    let part = if arrives {
        1.0
    } else {
        (ends.since(envelope.sent_at).0 as f32 / way).min(1.0)
    };
    Arrow {
        x1,
        y1,
        x2,
        y2: y1 + (tip - y1) * part,
        kind: kind(envelope.message),
        arrives,
        lost: envelope.lost_at.is_some(),
        title: words::message(show, envelope),
    }
}
