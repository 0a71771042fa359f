//! The right half: the services, the background job, the databases, and whether they agree.
//!
//! Invariant: the hatch stands exactly where a confirmed version is missing; copies that merely
//! differ are plain.

use super::devices::slot;
use super::frame::{Frame, Node, Shape, TRAY};
use super::moment::{Moment, Store};
use super::{Badge, Count, Mark, Part, place};
use crate::history::ServiceId;
use crate::sim::ReplicationMode;
use crate::view::spacetime::room;
use crate::view::words::scene as words;

pub fn parts(moment: &Moment, frame: &Frame) -> Vec<Part> {
    let mut parts = Vec::with_capacity(3 * frame.nodes.len() + 2);
    parts.extend(tray(moment, frame));
    for node in &frame.nodes {
        parts.push(service(moment, frame, node));
        parts.extend(database(moment, frame, node));
    }
    parts.push(agreement(moment, frame));
    parts
}

/// Whether the background job is part of the picture now.
pub fn has_tray(moment: &Moment) -> bool {
    moment.mode == ReplicationMode::Background || moment.tray().0 > 0
}

fn tray(moment: &Moment, frame: &Frame) -> Option<Part> {
    if !has_tray(moment) {
        return None;
    }
    let service = frame.node(ServiceId::S1).service;
    let (w, middle) = (service.w, service.w / 2);
    let outline = format!(
        "M0-4V{}a10 10 0 0 0 10 10H{}a10 10 0 0 0 10-10V-4",
        TRAY - 10,
        w - 10
    );
    let mut marks = vec![Mark::path("tray", outline)];
    let (held, next) = moment.tray();
    let narrow = frame.shape == Shape::Phone;
    let title = words::tray(held, w - 8);
    marks.push(Mark::text(middle, 15, "mid c2", title));
    match next {
        None => marks.push(Mark::text(middle, 35, "mid c3", words::NOTHING_TO_SEND)),
        Some(due) => {
            let millis = words::millis(due.since(moment.now));
            let count = Count {
                glide: "until",
                moment: due,
                millis,
            };
            let text = words::leaves(held, count, w < 130);
            let icon = if narrow { 0 } else { 20 };
            if !narrow {
                let left = middle - (text.width() + icon) / 2;
                marks.push(Mark::Icon {
                    x: (left + 8).max(13),
                    y: 31,
                    icon: "sheets",
                });
            }
            let x = middle + icon / 2;
            marks.push(Mark::Text {
                x,
                y: 35,
                class: "mid b cv",
                words: text,
            });
        }
    }
    let at = (service.x, service.y + service.h);
    Some(Part {
        key: "tray".to_string(),
        class: "outbox",
        state: "",
        at,
        marks,
    })
}

fn service(moment: &Moment, frame: &Frame, node: &Node) -> Part {
    let (w, h) = (node.service.w, node.service.h);
    let store = moment.store(node.id);
    let mut marks = vec![Mark::rect(place(0, 0, w, h), 12, "box")];
    let icon = if node.id == ServiceId::S1 {
        "pen"
    } else {
        "eye"
    };
    let narrow = frame.shape == Shape::Phone;
    let (state, does) = doing(moment, node.id, store);
    let does = if narrow {
        does[1].clone()
    } else {
        does[0].clone()
    };
    let does_class = if state.is_empty() { "c2" } else { "b c2" };
    let middle = h / 2;
    if narrow {
        marks.push(Mark::Icon {
            x: w / 2,
            y: middle - 20,
            icon,
        });
        marks.push(Mark::text(
            w / 2,
            middle + 4,
            "mid b c1 big",
            words::service(node.id),
        ));
        let does = room::cut(&does, w as f32 - 4.0);
        let class = if state.is_empty() {
            "mid c2"
        } else {
            "mid b c2"
        };
        marks.push(Mark::text(w / 2, middle + 20, class, does));
    } else {
        let left = match w {
            130.. => 40,
            115.. => 34,
            _ => 27,
        };
        marks.push(Mark::Icon {
            x: left / 2 + 1,
            y: middle - 7,
            icon,
        });
        marks.push(Mark::text(
            left,
            middle - 2,
            "b c1 large",
            words::service(node.id),
        ));
        // Plain type is narrower than the bold that the estimate is for.
        let does = room::cut(&does, (w - left) as f32 * 1.2);
        marks.push(Mark::text(left, middle + 16, does_class, does));
    }
    let at = (node.service.x, node.service.y);
    Part {
        key: format!("service {}", node.id.0),
        class: "service",
        state,
        at,
        marks,
    }
}

/// What a service is busy with, long and short; what it is there for when it is idle.
fn doing(moment: &Moment, id: ServiceId, store: &Store) -> (&'static str, [String; 2]) {
    let reads = |op| moment.trace().operation(op).op.is_view();
    match store.working {
        _ if !store.early.is_empty() => ("early", words::early(store.early[0], store.version)),
        Some(op) if reads(op) => ("reading", words::READING.map(String::from)),
        Some(_) => ("writing", words::WRITING.map(String::from)),
        None => ("", words::purpose(id).map(String::from)),
    }
}

/// The cylinder with what stands in it, and the badge of its version.
fn database(moment: &Moment, frame: &Frame, node: &Node) -> [Part; 2] {
    let (w, h) = (node.database.w, node.database.h);
    let (store, behind) = (moment.store(node.id), moment.behind(node.id));
    let ry = if frame.nodes.len() > 2 { 8 } else { 12 };
    let (rx, floor) = (w / 2, h - ry);
    let side = format!("M0 {ry}V{floor}A{rx} {ry} 0 0 0 {w} {floor}V{ry}");
    let top = format!("M0 {ry}a{rx} {ry} 0 1 0 {w} 0a{rx} {ry} 0 1 0-{w} 0Z");
    let mut marks = vec![Mark::path("cyl", side), Mark::path("cyl top", top)];
    // Where the badge has no room for it, how far behind stands in a row of its own.
    let (badge, below) = version(moment, node.id, behind, w - 6);
    let used = 20 * frame.lines + 24 + if below { 16 } else { 0 };
    let start = 2 * ry + (h - 3 * ry - used).max(0) / 2 + 2;
    contents(
        &mut marks,
        store,
        behind > 0,
        start,
        w,
        frame.lines as usize,
    );
    let y = start + 20 * frame.lines + 3;
    if below {
        marks.push(Mark::text(w / 2, y + 34, "mid b cs", words::behind(behind)));
    }
    let (x, y) = (
        node.database.x + (w - badge.width()) / 2,
        node.database.y + y,
    );
    let state = match store.working {
        Some(op) if moment.trace().operation(op).op.is_view() => "reading",
        Some(_) => "writing",
        None => "",
    };
    let at = (node.database.x, node.database.y);
    [
        Part {
            key: format!("database {}", node.id.0),
            class: "db",
            state,
            at,
            marks,
        },
        badge.part(format!("version {}", node.id.0), x, y),
    ]
}

/// The cart's lines, or one word; hatched where a confirmed version is missing.
fn contents(marks: &mut Vec<Mark>, store: &Store, behind: bool, y: i32, w: i32, room: usize) {
    let lines = store.cart.lines();
    // In the middle of the room that the tallest cart will need.
    let y = y + 10 * (room.saturating_sub(lines.len().max(1))) as i32;
    let area = |rows: usize| place(8, y, w - 16, 20 * rows as i32);
    if lines.is_empty() {
        let narrow = (w - 16).min(76);
        marks.extend(slot(
            place((w - narrow) / 2, y - 1, narrow, 21),
            words::EMPTY,
            behind,
        ));
        return;
    }
    if behind {
        let place = area(lines.len().min(room));
        marks.push(Mark::Rect {
            place,
            radius: 5,
            class: "slot old",
            hatch: true,
        });
    }
    let whole = if lines.len() > room {
        room - 1
    } else {
        lines.len()
    };
    let items: Vec<String> = lines[..whole].iter().map(words::cart_line).collect();
    let fits = items.iter().all(|text| room::width(text) + 40.0 < w as f32);
    let rest = (whole < lines.len()).then(|| words::more(lines.len() - whole));
    for (row, text) in items.into_iter().chain(rest).enumerate() {
        let baseline = y + 15 + 20 * row as i32;
        let icon = if fits && row < whole { 19 } else { 0 };
        let text = room::cut(&text, (w - 14 - icon) as f32);
        let width = room::width(&text).ceil() as i32;
        let x = (w - width - icon) / 2;
        if behind {
            let paper = place(x - 2, baseline - 13, width + icon + 4, 17);
            marks.push(Mark::rect(paper, 3, "paper"));
        }
        if icon > 0 {
            marks.push(Mark::Icon {
                x: x + 7,
                y: baseline - 4,
                icon: "item",
            });
        }
        let class = if behind { "b cs" } else { "b c1" };
        marks.push(Mark::text(x + icon, baseline, class, text));
    }
}

/// The badge of a version, and whether it leaves out how far behind that is.
fn version(moment: &Moment, id: ServiceId, behind: usize, room: i32) -> (Badge, bool) {
    let version = moment.store(id).version;
    let [long, short] = words::version(version, behind);
    let kind = match behind {
        0 if version.0 > 0 && moment.agrees(id) => "fresh",
        0 => "plain",
        _ => "stale",
    };
    let long = Badge::new(kind, "", long);
    if long.width() <= room || behind == 0 {
        return (long, false);
    }
    (Badge::new(kind, "", short), true)
}

/// Whether the copies hold what Service 1 holds, between its database and theirs.
fn agreement(moment: &Moment, frame: &Frame) -> Part {
    let (first, second) = (&frame.nodes[0].database, &frame.nodes[1].database);
    let middle = first.x + first.w / 2;
    let (top, end) = (first.y + first.h, second.y);
    let differing = moment.differing().len();
    let narrow = frame.shape == Shape::Phone;
    let text = words::agreement(differing, frame.nodes.len() - 1, narrow);
    let y = (top + end) / 2;
    let behind = moment.copies().any(|copy| moment.behind(copy) > 0);
    let state = match (differing, behind) {
        (0, _) => "same",
        (_, true) => "behind",
        (_, false) => "",
    };
    let ends = format!(
        "M{middle} {}V{}M{middle} {}V{}",
        top + 4,
        y - 11,
        y + 11,
        end - 4
    );
    let marks = vec![
        Mark::path("agree", ends),
        Mark::text(middle, y + 4, "mid b c2", text),
    ];
    Part {
        key: "agreement".to_string(),
        class: "agreement",
        state,
        at: (0, 0),
        marks,
    }
}
