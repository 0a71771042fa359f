//! The lanes: one for each shopper and each service, in an order in which arrows cross little.
//!
//! The first shopper, Service 1, its copies, then the other shoppers. Invariant: lanes do not
//! overlap, and every node of the run has one, but for visitors.

use super::room;
use super::{Frame, Label};
use crate::history::{ClientId, ServiceId};
use crate::shop::Name;
use crate::sim::trace::NodeId;
use crate::view::Show;
use crate::view::words;

/// More lanes than this are drawn low.
const ROOMY: usize = 8;

/// What stands at the head of a lane, beside its name.
#[derive(Clone, Debug, PartialEq)]
pub enum Head {
    /// A shopper's first letter.
    Shopper(String),
    /// A service: the one that writes, or one that is read.
    Writer,
    Reader,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    pub head: Head,
    /// The whole name, and as much of it as there is room for.
    pub name: String,
    pub label: Option<String>,
    pub top: f32,
    pub height: f32,
    /// The middle of the lane, and how far its bars reach above and below it.
    pub y: f32,
    pub half: f32,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Lanes {
    pub all: Vec<Lane>,
    /// Drawn low, as two groups or many lanes need it.
    pub low: bool,
    /// The lane of each shopper of the script, and of each service from 1.
    shoppers: Vec<usize>,
    services: Vec<usize>,
}

impl Lanes {
    pub fn of(show: &Show, stage: &[Name], frame: Frame, dense: bool, top: f32) -> Lanes {
        let known = &show.scenario.config.shoppers;
        let mut names = stage.to_vec();
        for name in known {
            if !stage.contains(name) {
                names.push(*name);
            }
        }
        let services = usize::from(show.scenario.config.replicas) + 1;
        let low = dense || names.len() + services > ROOMY;
        let first = names.len().min(1);

        let mut lanes = Lanes {
            all: Vec::with_capacity(names.len() + services),
            low,
            shoppers: Vec::new(),
            services: (first..first + services).collect(),
        };
        let mut top = top;
        let mut add = |head: Head, name: String| {
            let lane = lane(head, name, frame, low, lanes.all.is_empty(), top);
            top += lane.height;
            lanes.all.push(lane);
        };
        for (nth, name) in names.iter().enumerate() {
            let name = words::person(*name);
            add(Head::Shopper(name[..1].to_string()), name);
            // The services stand behind the first shopper.
            for id in (1..=services as u8).take_while(|_| nth == 0).map(ServiceId) {
                add(head(id), words::verdicts::service(id));
            }
        }
        for id in (1..=services as u8)
            .take_while(|_| names.is_empty())
            .map(ServiceId)
        {
            add(head(id), words::verdicts::service(id));
        }
        for name in known {
            let nth = names.iter().position(|other| other == name).unwrap_or(0);
            lanes
                .shoppers
                .push(if nth > 0 { nth + services } else { 0 });
        }
        lanes
    }

    /// The lane of a shopper; visitors have none.
    pub fn shopper(&self, client: ClientId) -> Option<&Lane> {
        Some(&self.all[*self.shoppers.get(client.0 as usize)?])
    }

    pub fn service(&self, service: ServiceId) -> &Lane {
        &self.all[self.services[usize::from(service.0) - 1]]
    }

    pub fn node(&self, node: NodeId) -> Option<&Lane> {
        match node {
            NodeId::Client(client) => self.shopper(client),
            NodeId::Service(service) => Some(self.service(service)),
        }
    }

    pub fn top(&self) -> f32 {
        self.all.first().map_or(0.0, |lane| lane.top)
    }

    pub fn bottom(&self) -> f32 {
        self.all.last().map_or(0.0, |lane| lane.top + lane.height)
    }
}

fn head(id: ServiceId) -> Head {
    match id {
        ServiceId::S1 => Head::Writer,
        _ => Head::Reader,
    }
}

impl Lane {
    pub fn is_service(&self) -> bool {
        !matches!(self.head, Head::Shopper(_))
    }

    /// A label inside a bar of this lane stands on this line.
    pub fn baseline(&self) -> f32 {
        self.y + 4.2
    }

    pub fn label(&self, x: f32, text: String) -> Label {
        Label {
            x,
            y: self.baseline(),
            text,
        }
    }
}

/// Below Service 1 there is room for the background job's line.
fn lane(head: Head, name: String, frame: Frame, low: bool, first: bool, top: f32) -> Lane {
    let (shopper, writer) = (matches!(head, Head::Shopper(_)), head == Head::Writer);
    let height = match (low, writer) {
        (true, true) => 31.0,
        (true, false) => 28.0,
        (false, true) => 52.0,
        (false, false) if first => 40.0,
        (false, false) => 42.0,
    };
    let half = match (low, shopper) {
        (true, true) => 9.0,
        (true, false) => 7.0,
        (false, true) => 12.0,
        (false, false) => 9.0,
    };
    let label = (!frame.is_narrow()).then(|| room::cut(&name, frame.left() - 29.0));
    Lane {
        head,
        name,
        label,
        top,
        height,
        y: top + height / 2.0,
        half,
    }
}
