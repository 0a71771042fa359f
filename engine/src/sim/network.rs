//! The links: how long a message takes from one node to another, and what troubles it.
//!
//! Invariant: a link is not first in, first out; each message draws its own delay. A link that
//! nothing troubles costs one look at a flag.

use crate::chance::{Delay, Ratio};
use crate::history::{ClientId, ServiceId};
use crate::sim::Config;
use crate::sim::fault::LinkFault;
use crate::sim::trace::NodeId;
use crate::time::SimDuration;

/// The highest number of a service, plus one.
const SERVICES: usize = 10;

#[derive(Debug)]
pub struct Network {
    usual: Delay,
    /// Links between services with a delay of their own, both ways.
    own: [[Option<Delay>; SERVICES]; SERVICES],
    /// Links of shoppers with a delay of their own, both ways.
    shoppers: Vec<(ClientId, ServiceId, Delay)>,
    /// Links, one way, that something ever troubled.
    troubled: Vec<(NodeId, NodeId, Trouble)>,
    /// All links are alike, and nothing ever troubled one.
    plain: bool,
}

/// What ails a link, one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trouble {
    pub cut: bool,
    pub slow: Option<Delay>,
    pub loses: Option<Ratio>,
    pub duplicates: Option<Ratio>,
    pub reorders: Option<(Ratio, SimDuration)>,
}

impl Network {
    pub fn new(config: &Config) -> Network {
        let mut own = [[None; SERVICES]; SERVICES];
        for ((one, other), delay) in &config.links {
            own[one.0 as usize][other.0 as usize] = Some(*delay);
            own[other.0 as usize][one.0 as usize] = Some(*delay);
        }
        let number = |name| config.shoppers.iter().position(|known| *known == name);
        let shoppers = config
            .shopper_links
            .iter()
            .filter_map(|((name, id), delay)| Some((ClientId(number(*name)? as u32), *id, *delay)));
        Network {
            shoppers: shoppers.collect(),
            usual: config.network,
            own,
            troubled: Vec::new(),
            plain: config.links.is_empty() && config.shopper_links.is_empty(),
        }
    }

    #[inline(always)]
    pub fn delay(&self, from: NodeId, to: NodeId) -> Delay {
        match self.plain {
            true => self.usual,
            false => self.delay_of(from, to),
        }
    }

    fn delay_of(&self, from: NodeId, to: NodeId) -> Delay {
        if let Some(slow) = self.trouble(from, to).and_then(|trouble| trouble.slow) {
            return slow;
        }
        match (from, to) {
            (NodeId::Service(from), NodeId::Service(to)) => {
                self.own[from.0 as usize][to.0 as usize].unwrap_or(self.usual)
            }
            (NodeId::Client(who), NodeId::Service(id))
            | (NodeId::Service(id), NodeId::Client(who)) => {
                let same = |link: &&(ClientId, ServiceId, Delay)| (link.0, link.1) == (who, id);
                let own = self.shoppers.iter().find(same);
                own.map_or(self.usual, |(.., delay)| *delay)
            }
            _ => self.usual,
        }
    }

    /// What ails the link, this way.
    pub fn trouble(&self, from: NodeId, to: NodeId) -> Option<Trouble> {
        let same = |(one, other, _): &&(NodeId, NodeId, Trouble)| *one == from && *other == to;
        let (.., trouble) = self.troubled.iter().find(same)?;
        Some(*trouble).filter(|trouble| *trouble != Trouble::default())
    }

    /// Whether any link is troubled now.
    pub fn is_troubled(&self) -> bool {
        let ails = |(.., trouble): &(NodeId, NodeId, Trouble)| *trouble != Trouble::default();
        self.troubled.iter().any(ails)
    }

    /// The links that something ails, or that are cut.
    pub fn ailing(&self, cut: bool) -> Vec<(NodeId, NodeId)> {
        let ails = |trouble: &Trouble| trouble.cut || (!cut && *trouble != Trouble::default());
        let links = self.troubled.iter().filter(|(.., trouble)| ails(trouble));
        links.map(|(from, to, _)| (*from, *to)).collect()
    }

    /// Changes a link, one way.
    pub fn change(&mut self, from: NodeId, to: NodeId, fault: LinkFault) {
        let same = |(one, other, _): &(NodeId, NodeId, Trouble)| *one == from && *other == to;
        self.plain = false;
        let place = self.troubled.iter().position(same).unwrap_or_else(|| {
            self.troubled.push((from, to, Trouble::default()));
            self.troubled.len() - 1
        });
        let trouble = &mut self.troubled[place].2;
        match fault {
            LinkFault::Breaks(_) => trouble.cut = true,
            LinkFault::Heals => *trouble = Trouble::default(),
            LinkFault::Slows(delay) => trouble.slow = Some(delay),
            LinkFault::Loses(ratio) => trouble.loses = Some(ratio),
            LinkFault::Duplicates(ratio) => trouble.duplicates = Some(ratio),
            LinkFault::Reorders(ratio, by) => trouble.reorders = Some((ratio, by)),
        }
    }
}
