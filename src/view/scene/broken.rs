//! What is broken, as the stage shows it: marks on links and on lost messages, and the handles by
//! which things are broken and mended.
//!
//! Invariant: a handle stands over what it breaks, and a mark over what is broken; nothing here
//! is drawn where nothing is broken.

use super::flights::{lost_at, way};
use super::frame::Frame;
use super::moment::Moment;
use super::{Badge, Control, Part, Place, Press, place};
use crate::history::ServiceId;
use crate::playground::Target;
use crate::sim::trace::{LinkChange, NodeId};
use crate::time::SimDuration;
use crate::view::words::trouble as words;

/// How long a lost message leaves a mark, and how many do at most.
const MARKED: SimDuration = SimDuration::from_millis(150);
const MOST: usize = 6;
/// A handle on a link.
const GRIP: i32 = 28;

/// Troubled links, messages that are held, and those that were lost just now.
pub fn marks(moment: &Moment, frame: &Frame) -> Vec<Part> {
    let mut parts = Vec::new();
    for (nth, change) in moment.links.iter().enumerate() {
        let back = |other: &LinkChange| other.from == change.to && other.to == change.from;
        let other = moment.links.iter().position(back);
        let both = other.is_some_and(|place| moment.links[place].now == change.now);
        if both && other < Some(nth) {
            continue;
        }
        let mut text = words::mark(&change.now);
        if !both {
            text = words::one_way(&text, moment, change.to);
        }
        if let Some((x, y)) = middle(moment, frame, change.from, change.to) {
            // One way each: the marks stand above each other.
            let y = y + if both || other.is_none() {
                0
            } else {
                22 * (other < Some(nth)) as i32
            };
            parts.push(mark(format!("link {nth}"), (x, y), text));
        }
    }
    for id in moment.held_by_hand() {
        if let Some((x, y)) = super::flights::place_of(moment, frame, id) {
            let held = Badge::new("down", "remove", words::HELD.to_string());
            parts.push(held.part(format!("held {}", id.0), x + 14, y - 10));
        }
    }
    let recent = moment.lost.iter().rev().take(MOST).filter(|id| {
        let lost = moment.trace().message(**id).lost_at;
        lost.is_some_and(|at| moment.now.since(at) < MARKED)
    });
    for id in recent {
        if let Some(at) = lost_at(moment, frame, *id) {
            // It never covers what it was on its way to.
            let lost = Badge::new("down", "remove", words::LOST.to_string());
            let left = (at.0 - lost.width()).max(2);
            parts.push(lost.part(format!("lost {}", id.0), left, at.1 - 10));
        }
    }
    parts
}

fn mark(key: String, (x, y): (i32, i32), text: String) -> Part {
    let badge = Badge::new("down", "remove", text);
    let left = (x - badge.width() / 2).max(2);
    badge.part(key, left, y - 10)
}

fn middle(moment: &Moment, frame: &Frame, from: NodeId, to: NodeId) -> Option<(i32, i32)> {
    let ((x1, y1), (x2, y2)) = way(moment, frame, from, to)?;
    Some(((x1 + x2) / 2, (y1 + y2) / 2))
}

/// Services, their databases, and the links between them and to the shoppers; messages are pressed
/// where they fly.
pub fn handles(moment: &Moment, frame: &Frame) -> Vec<Control> {
    let mut handles: Vec<Control> = Vec::new();
    for node in &frame.nodes {
        handles.push(handle(moment, Target::Service(node.id), node.service));
        handles.push(handle(moment, Target::Database(node.id), node.database));
    }
    for row in &frame.rows {
        let Some(client) = row.client.map(NodeId::Client) else {
            continue;
        };
        let home = NodeId::Service(row.home);
        if let Some((x, y)) = middle(moment, frame, client, home) {
            let grip = place(x - GRIP / 2, y - GRIP / 2, GRIP, GRIP);
            handles.push(handle(moment, Target::Link(client, home), grip));
        }
    }
    let s1 = NodeId::Service(ServiceId::S1);
    for copy in moment.copies() {
        let to = NodeId::Service(copy);
        if let Some((x, y)) = middle(moment, frame, s1, to) {
            // Many links share one line: each is taken near its copy.
            let y = if frame.nodes.len() > 2 {
                frame.node(copy).y - 10
            } else {
                y
            };
            let grip = place(x - GRIP / 2, y - GRIP / 2, GRIP, GRIP);
            handles.push(handle(moment, Target::Link(s1, to), grip));
        }
    }
    handles
}

fn handle(moment: &Moment, target: Target, place: Place) -> Control {
    let name = words::open(&words::target(moment, target));
    Control {
        key: name.clone(),
        place,
        label: String::default(),
        icon: "handle",
        name,
        pressed: false,
        press: Press::Break(target),
    }
}
