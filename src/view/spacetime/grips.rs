//! Grips: what can be taken hold of on the timeline while something is to be broken. A service
//! where its lane meets the playhead, a message under way at the tip of its arrow.
//!
//! Invariant: a grip stands on what it breaks, and names it; no two have one key.

use super::{SpaceTime, arrows};
use crate::history::ServiceId;
use crate::playground::Target;
use crate::sim::trace::NodeId;
use crate::time::SimTime;
use crate::view::scene::moment::Moment;
use crate::view::words::trouble as words;

/// The messages that have a grip at most, the first of those under way.
const MOST: usize = 12;
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
    let mut grips = Vec::new();
    for id in (1..=moment.stores.len() as u8).map(ServiceId) {
        let target = Target::Service(id);
        grips.push(Grip {
            key: format!("s{}", id.0),
            target,
            x: frame.x(moment.now),
            y: lanes.service(id).y,
            name: words::open(&words::target(moment, target)),
            arrives: None,
        });
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
