//! Grips: what can be taken hold of on the timeline while something is to be broken. A service
//! where its lane meets the playhead, its database before that, a link between its lanes, a message
//! under way at the tip of its arrow.
//!
//! Invariant: a grip stands on what it breaks, and names it; no two have one key.

use super::{SpaceTime, arrows};
use crate::history::{ClientId, ServiceId};
use crate::playground::Target;
use crate::sim::trace::NodeId;
use crate::time::SimTime;
use crate::view::scene::frame::home;
use crate::view::scene::moment::Moment;
use crate::view::words::trouble as words;

/// The messages that have a grip at most, the first of those under way.
const MOST: usize = 12;
/// From a service's grip to its database's, and on to those of links.
const APART: f32 = 28.0;
/// How far an arrow key pulls.
const STEP: u64 = 10_000;

#[derive(Clone, Debug, PartialEq)]
pub struct Grip {
    pub key: String,
    pub target: Target,
    pub x: f32,
    pub y: f32,
    pub name: String,
    /// When a message arrives, which can be pulled.
    pub arrives: Option<SimTime>,
}

impl Grip {
    /// Where this key pulls a message to.
    pub fn key(&self, key: &str) -> Option<SimTime> {
        let at = self.arrives?;
        match key {
            "ArrowRight" | "ArrowUp" => Some(SimTime(at.0 + STEP)),
            "ArrowLeft" | "ArrowDown" => Some(SimTime(at.0.saturating_sub(STEP))),
            "Home" => Some(SimTime::ZERO),
            _ => None,
        }
    }
}

/// The grips of this moment on a picture of its run.
pub fn grips(moment: &Moment, picture: &SpaceTime) -> Vec<Grip> {
    let (frame, lanes) = (picture.frame, &picture.lanes);
    let x = frame.x(moment.now);
    // Before the playhead, where there is room.
    let apart = match x - 2.0 * APART < frame.left() {
        true => APART,
        false => -APART,
    };
    let mut grips = Vec::new();
    let mut stand = |key: String, target: Target, x: f32, y: f32| {
        grips.push(Grip {
            key,
            target,
            x,
            y,
            name: words::open(&words::target(moment, target)),
            arrives: None,
        });
    };
    for id in (1..=moment.stores.len() as u8).map(ServiceId) {
        let y = lanes.service(id).y;
        stand(format!("s{}", id.0), Target::Service(id), x, y);
        stand(format!("d{}", id.0), Target::Database(id), x + apart, y);
    }
    for (nth, (end, target)) in links(moment).into_iter().enumerate() {
        let Target::Link(from, to) = target else {
            continue;
        };
        let other = if end == from { to } else { from };
        let (Some(lane), Some(other)) = (lanes.node(end), lanes.node(other)) else {
            continue;
        };
        // At the edge of its lane, on its way: no other link has its grip there.
        let y = lane.y + (other.y - lane.y).signum() * lane.height / 2.0;
        stand(format!("l{nth}"), target, x + 2.0 * apart, y);
    }
    for (id, envelope) in moment.under_way().take(MOST) {
        let end = frame.horizon.max(envelope.arrives_at);
        let arrow = arrows::arrow(moment.show, lanes, frame, end, envelope);
        let known = moment.trace().parcel(id).and(arrow);
        let service = |node| matches!(node, NodeId::Service(_));
        let Some(arrow) = known.filter(|_| service(envelope.from) || service(envelope.to)) else {
            continue;
        };
        grips.push(Grip {
            key: format!("m{}", id.0),
            target: Target::Message(id),
            x: arrow.x2.min(frame.right()),
            y: arrow.y2,
            name: words::pull(&words::target(moment, Target::Message(id))),
            arrives: Some(envelope.arrives_at),
        });
    }
    grips
}

/// The links that have a handle on the stage too, each after the end that has no other: a
/// shopper's to who answers it first, and a copy's to Service 1.
fn links(moment: &Moment) -> Vec<(NodeId, Target)> {
    let shoppers = 0..moment.show.scenario.config.shoppers.len();
    let own = shoppers.map(|nth| {
        let client = ClientId(nth as u32);
        let (from, to) = (
            NodeId::Client(client),
            NodeId::Service(home(moment, Some(client), nth)),
        );
        (from, Target::Link(from, to))
    });
    let copies = moment.copies().map(|copy| {
        let (from, to) = (NodeId::Service(ServiceId::S1), NodeId::Service(copy));
        (to, Target::Link(from, to))
    });
    own.chain(copies).collect()
}
