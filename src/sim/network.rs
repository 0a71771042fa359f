//! The links: how long a message takes from one node to another.
//!
//! Invariant: a link is not first in, first out; each message draws its own delay.

use crate::chance::Delay;
use crate::sim::Config;
use crate::sim::trace::NodeId;

/// The highest number of a service, plus one.
const SERVICES: usize = 10;

#[derive(Debug)]
pub struct Network {
    usual: Delay,
    /// Links between services with a delay of their own, both ways.
    own: [[Option<Delay>; SERVICES]; SERVICES],
}

impl Network {
    pub fn new(config: &Config) -> Network {
        let mut own = [[None; SERVICES]; SERVICES];
        for ((one, other), delay) in &config.links {
            own[one.0 as usize][other.0 as usize] = Some(*delay);
            own[other.0 as usize][one.0 as usize] = Some(*delay);
        }
        Network {
            usual: config.network,
            own,
        }
    }

    pub fn delay(&self, from: NodeId, to: NodeId) -> Delay {
        match (from, to) {
            (NodeId::Service(from), NodeId::Service(to)) => {
                self.own[from.0 as usize][to.0 as usize].unwrap_or(self.usual)
            }
            _ => self.usual,
        }
    }
}
