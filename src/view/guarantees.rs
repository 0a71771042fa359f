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
pub const VIEW_BOX: &str = "0 0 560 238";
pub const NODE_WIDTH: i32 = 136;
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
    (Linearizable, 280, 12),
    (Sequential, 140, 54),
    (Fresh, 490, 54),
    (CausalConvergence, 70, 96),
    (CausalMemory, 210, 96),
    (ConsistentPrefix, 350, 96),
    (BoundedStaleness, 490, 96),
    (Causal, 140, 138),
    (ReadYourWrites, 70, 180),
    (MonotonicReads, 210, 180),
    (MonotonicWrites, 350, 180),
    (WritesFollowReads, 490, 180),
    (Converges, 210, 224),
    (NoLostWrites, 350, 224),
];

/// From the stronger to the weaker.
pub const IMPLIES: [(Property, Property); 12] = [
    (Linearizable, Sequential),
    (Linearizable, Fresh),
    (Fresh, BoundedStaleness),
    (Sequential, CausalConvergence),
    (Sequential, CausalMemory),
    (Sequential, ConsistentPrefix),
    (CausalConvergence, Causal),
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
