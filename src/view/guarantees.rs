//! The map of the guarantees: which one implies which, lit by a run.
//!
//! After the map of jepsen.io/consistency, Viotti and Vukolić (2016), and Bouajjani et al.
//! (2017). An arrow leads from the stronger to the weaker: a history that keeps the first keeps
//! the second. Invariant: no arrow leads upwards, and what the arrows say holds for every history
//! (tests/verdicts.rs).

use crate::check::Property::{self, *};
use crate::time::SimTime;
use crate::view::words::verdicts as words;
use crate::view::{Show, verdicts};

/// The picture, and each guarantee's box in it, in px.
pub const VIEW_BOX: &str = "0 0 284 268";
pub const NODE_WIDTH: i32 = 134;
pub const NODE_HEIGHT: i32 = 22;

/// A guarantee on the map: the middle of its box, and how the run fares with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub x: i32,
    pub y: i32,
    pub term: &'static str,
    pub state: &'static str,
}

/// The middle of each guarantee's box. The last two are implied by nothing: they speak of the
/// copies in the end.
pub const PLACES: [(Property, i32, i32); 14] = [
    (Linearizable, 142, 12),
    (Sequential, 69, 50),
    (Fresh, 215, 50),
    (CausalConvergence, 69, 88),
    (BoundedStaleness, 215, 80),
    (CausalMemory, 69, 114),
    (ConsistentPrefix, 215, 110),
    (Causal, 69, 148),
    (ReadYourWrites, 69, 186),
    (MonotonicReads, 215, 186),
    (MonotonicWrites, 69, 214),
    (WritesFollowReads, 215, 214),
    (Converges, 69, 254),
    (NoLostWrites, 215, 254),
];

/// From the stronger to the weaker.
pub const IMPLIES: [(Property, Property); 9] = [
    (Linearizable, Sequential),
    (Linearizable, Fresh),
    (Fresh, BoundedStaleness),
    (Sequential, CausalConvergence),
    (CausalMemory, Causal),
    (Causal, ReadYourWrites),
    (Causal, MonotonicReads),
    (Causal, MonotonicWrites),
    (Causal, WritesFollowReads),
];

/// The ends of the arrows, from the lower edge of one box to the upper edge of the next.
pub fn arrows() -> Vec<((i32, i32), (i32, i32))> {
    let place = |property| PLACES.iter().find(|(one, ..)| *one == property);
    let ends = |(from, to): &(Property, Property)| {
        let ((_, x1, y1), (_, x2, y2)) = (place(*from)?, place(*to)?);
        Some(((*x1, y1 + NODE_HEIGHT / 2), (*x2, y2 - NODE_HEIGHT / 2)))
    };
    IMPLIES.iter().filter_map(ends).collect()
}

/// The map, lit by what is known at `now`.
pub fn map(show: &Show, now: SimTime) -> Vec<Node> {
    let mut nodes = Vec::new();
    for (property, x, y) in PLACES {
        nodes.push(Node {
            x,
            y,
            term: words::term(property),
            state: verdicts::state(show.run.verdict(property, now)),
        });
    }
    nodes
}

/// The map for those who do not see it.
pub fn sentence(nodes: &[Node]) -> String {
    let named = |node: &Node| [node.term, " ", node.state].concat();
    nodes.iter().map(named).collect::<Vec<_>>().join(", ")
}
