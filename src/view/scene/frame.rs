//! Where everything stands: rows of shoppers on the left, services with databases on the right.
//!
//! Two shoppers and one copy stand in two rows, as in the usual picture: each shopper's link runs
//! straight to a service. With more, each row's link ends at a gutter before the services, so that
//! no link crosses a name. Invariant: nothing here depends on the moment but the tallest cart of
//! the whole run, so that nothing jumps while time passes.

use super::moment::Moment;
use super::{Part, Place, place};
use crate::history::{ClientId, ServiceId};
use crate::shop::Name;
use crate::sim::{Action, Cue};
use crate::view::words::scene as words;

/// How much room the stage has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// 710 wide, one stage.
    Wide,
    /// 646 wide, side by side.
    Half,
    /// 372 wide; the buttons stand below.
    Phone,
}

/// How a device holds its buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Buttons {
    Stacked,
    InRow,
    Below,
}

/// The places of everything.
#[derive(Debug)]
pub struct Frame {
    pub shape: Shape,
    pub width: i32,
    pub height: i32,
    pub buttons: Buttons,
    /// Cart lines that have room on a device and in a database.
    pub lines: i32,
    /// The left edge of the ground on which the services stand.
    pub zone: i32,
    /// Where a link that is not straight turns towards its service.
    pub gutter: i32,
    pub rows: Vec<Row>,
    /// Where the visitors stand, if any ever come.
    pub crowd: Option<Place>,
    /// How many shoppers the script has: who comes after them is a visitor.
    named: u32,
    /// Service 1 first, then the copies.
    pub nodes: Vec<Node>,
    /// Updates run here, down from Service 1, and receipts up to it.
    pub updates: i32,
    bottom: i32,
}

/// A shopper's row.
#[derive(Debug)]
pub struct Row {
    pub name: Name,
    /// The shopper's place in the run, if the run knows one of this name.
    pub client: Option<ClientId>,
    pub device: Place,
    pub laptop: bool,
    /// The height of the link.
    pub y: i32,
    /// The service to which the link runs when it is idle.
    pub home: ServiceId,
}

/// A service and its database.
#[derive(Debug)]
pub struct Node {
    pub id: ServiceId,
    pub service: Place,
    pub database: Place,
    pub y: i32,
}

/// The lines of a cart that a picture makes room for.
const LINES: usize = 3;
/// And where more than two shoppers share the stage.
const CROWD_LINES: usize = 2;
/// The background job below Service 1.
pub const TRAY: i32 = 46;
/// The visitors' place.
const CROWD: i32 = 42;
/// The foot of a laptop, below and beside the screen.
pub const FOOT: i32 = 11;

/// What differs between the shapes.
struct Measures {
    width: i32,
    /// Above the first row: the titles of the halves.
    top: i32,
    zone: i32,
    device: (i32, i32),
    buttons: Buttons,
    service: (i32, i32, i32),
    database: (i32, i32, i32),
    /// From one row to the next, at least.
    pitch: i32,
}

impl Frame {
    pub fn new(moment: &Moment, stage: &[Name], shape: Shape) -> Frame {
        let lines = items(moment, if stage.len() > 2 { CROWD_LINES } else { LINES });
        let copies = moment.copies().count() as i32;
        let m = measures(shape, stage.len(), copies);
        let device = device_height(m.buttons, lines);
        let step = node_step(&m, copies, lines);
        // Two shoppers and two services stand in the same two rows.
        let straight = stage.len() <= 2 && copies == 1;
        let pitch = row_pitch(&m, device).max(if straight { step } else { 0 });
        let first = m.top
            + match m.buttons {
                Buttons::Below => 28 + device / 2,
                _ => (pitch - FOOT) / 2,
            };
        let mut rows: Vec<Row> = Vec::with_capacity(stage.len());
        for (nth, name) in stage.iter().enumerate() {
            let y = first + nth as i32 * pitch;
            rows.push(row(moment, &m, nth, *name, y, device));
        }
        let nodes = nodes(
            &m,
            moment,
            first,
            if straight { pitch } else { step },
            lines,
        );
        // The device with its foot; the badges below a link.
        let below = if m.buttons == Buttons::Below {
            device / 2 + FOOT + 54
        } else {
            66
        };
        let last_row = rows.last().map_or(0, |row| {
            (row.device.y + device + FOOT + 6).max(row.y + below)
        });
        let last_node = nodes
            .last()
            .map_or(0, |node| node.database.y + node.database.h + 12);
        let scenario = &moment.show.scenario;
        let load = |cue: &Cue| matches!(cue.action, Action::Load(_));
        let visited = scenario.config.load.is_some() || scenario.script.iter().any(load);
        let crowd = place(m.device.0, last_row + 4, m.device.1, CROWD);
        let crowd = visited.then_some(crowd);
        let last_row = last_row + if visited { CROWD + 12 } else { 0 };
        let bottom = last_row.max(last_node);
        let right = m.service.0 + m.service.1;
        let middle = m.service.0 + m.service.1 / 2;
        Frame {
            shape,
            width: m.width,
            height: bottom + 8,
            buttons: m.buttons,
            lines,
            zone: m.zone,
            gutter: m.zone + if shape == Shape::Phone { 6 } else { 14 },
            rows,
            crowd,
            named: scenario.config.shoppers.len() as u32,
            nodes,
            updates: if copies == 1 { middle } else { right + 14 },
            bottom,
        }
    }

    pub fn node(&self, id: ServiceId) -> &Node {
        &self.nodes[usize::from(id.0) - 1]
    }

    /// The row of this shopper, if the stage has one.
    pub fn row(&self, client: ClientId) -> Option<&Row> {
        self.rows.iter().find(|row| row.client == Some(client))
    }

    /// Where this client's messages leave, and their height: its row, or the visitors' place.
    pub fn door(&self, client: ClientId) -> Option<(i32, i32)> {
        let place = match self.row(client) {
            Some(row) => return Some((row.device.x + row.device.w, row.y)),
            None => self.crowd.filter(|_| client.0 >= self.named)?,
        };
        Some((place.x + place.w, place.y + place.h / 2))
    }

    /// Whether the row's link runs straight to the service.
    pub fn is_straight(&self, row: &Row, to: ServiceId) -> bool {
        self.node(to).y == row.y
    }

    /// The ground of the right half, and the titles of both.
    pub fn ground(&self) -> Part {
        let top = if self.shape == Shape::Wide { 30 } else { 8 };
        let edge = if self.shape == Shape::Phone { 4 } else { 12 };
        let ground = place(
            self.zone,
            top,
            self.width - edge - self.zone,
            self.bottom - top,
        );
        let mut part = Part::new("ground".to_string(), "ground", "", (0, 0));
        part.rect(ground, 16, "zone");
        if self.shape == Shape::Wide {
            part.word(18, 20, "b c3", words::SEEN);
            part.word(self.zone + 2, 20, "b c3", words::STORED);
        }
        part
    }
}

/// How many different items the run ever has in its cart, within the room there is.
fn items(moment: &Moment, most: usize) -> i32 {
    let mut items: Vec<Name> = Vec::new();
    for asked in &moment.trace().operations {
        if items.len() == most {
            break;
        }
        items.extend(asked.op.item().filter(|item| !items.contains(item)));
    }
    items.len().max(1) as i32
}

fn measures(shape: Shape, shoppers: usize, copies: i32) -> Measures {
    let many = copies > 1;
    let crowd = shoppers > 2;
    match shape {
        Shape::Wide => Measures {
            width: 710,
            top: 30,
            zone: 376,
            device: if crowd { (16, 186) } else { (22, 156) },
            buttons: if crowd {
                Buttons::InRow
            } else {
                Buttons::Stacked
            },
            service: if many { (404, 116, 56) } else { (404, 132, 72) },
            database: if many {
                (584, 106, 86)
            } else {
                (582, 104, 104)
            },
            pitch: if crowd { 0 } else { 156 },
        },
        Shape::Half => Measures {
            width: 646,
            top: 8,
            zone: 362,
            device: (14, 182),
            buttons: Buttons::InRow,
            service: if many { (386, 110, 56) } else { (386, 116, 60) },
            database: if many { (550, 82, 86) } else { (534, 96, 94) },
            pitch: 127,
        },
        Shape::Phone => Measures {
            width: 372,
            top: 8,
            zone: 188,
            device: (14, 112),
            buttons: Buttons::Below,
            service: if many { (202, 74, 62) } else { (200, 86, 72) },
            database: if many { (306, 60, 92) } else { (300, 66, 100) },
            pitch: 150,
        },
    }
}

/// The title, the lines, the note of changes, the buttons.
fn device_height(buttons: Buttons, lines: i32) -> i32 {
    match buttons {
        Buttons::Stacked => 106 + 24 * lines,
        Buttons::InRow => 78 + 24 * lines,
        Buttons::Below => 50 + 20 * lines,
    }
}

fn row_pitch(m: &Measures, device: i32) -> i32 {
    let needed = match m.buttons {
        Buttons::Below => device + 28 + FOOT + 52,
        _ => device + FOOT + 14,
    };
    needed.max(m.pitch)
}

fn row(moment: &Moment, m: &Measures, nth: usize, name: Name, y: i32, height: i32) -> Row {
    let shoppers = &moment.trace().shoppers;
    let client = shoppers.iter().position(|known| *known == name);
    let client = client.map(|place| ClientId(place as u32));
    let laptop = nth % 2 == 1;
    let (x, w) = m.device;
    let lifted = if laptop { FOOT / 2 } else { 0 };
    let device = place(x, y - height / 2 - lifted, w, height);
    Row {
        name,
        client,
        device,
        laptop,
        y,
        home: home(moment, client, nth),
    }
}

/// The service of the shopper's first operation; before any the first row writes, the rest look.
pub fn home(moment: &Moment, client: Option<ClientId>, nth: usize) -> ServiceId {
    let operations = moment.trace().operations.iter();
    let first = client.and_then(|client| operations.clone().find(|asked| asked.client == client));
    match (first, nth) {
        (Some(asked), _) => asked.to,
        (None, _) if moment.stores.len() == 1 => ServiceId::S1,
        (None, 0) => ServiceId::S1,
        (None, _) => ServiceId::S2,
    }
}

/// From one service to the next.
fn node_step(m: &Measures, copies: i32, lines: i32) -> i32 {
    let database = m.database.2 + 20 * (lines - 1);
    match copies {
        1 => (database + 34).max(m.service.2 + TRAY + 20),
        _ => database + 14,
    }
}

fn nodes(m: &Measures, moment: &Moment, first: i32, step: i32, lines: i32) -> Vec<Node> {
    let (sx, sw, sh) = m.service;
    let (dx, dw, dh) = m.database;
    let dh = dh + 20 * (lines - 1);
    // Between Service 1 and the copies stand the background job and whether they agree.
    let second = step.max(sh + TRAY + 20).max(dh + 34);
    let mut nodes = Vec::new();
    for id in (1..moment.stores.len() as u8 + 1).map(ServiceId) {
        let y = match i32::from(id.0) {
            1 => first,
            copy => first + second + (copy - 2) * step,
        };
        nodes.push(Node {
            id,
            service: place(sx, y - sh / 2, sw, sh),
            database: place(dx, y - dh / 2, dw, dh),
            y,
        });
    }
    nodes
}
