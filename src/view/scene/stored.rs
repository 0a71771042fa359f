//! The right half: the services, the background job, the databases, and whether they agree.
//!
//! Invariant: the hatch stands exactly where a confirmed version is missing; copies that merely
//! differ are plain.

use super::devices::slot;
use super::frame::{Frame, Node, Shape, TRAY};
use super::moment::{Moment, Store};
use super::{Badge, Count, Part, place};
use crate::history::ServiceId;
use crate::run::traffic;
use crate::sim::ReplicationMode;
use crate::view::spacetime::room;
use crate::view::words::scene as words;
use crate::view::words::trouble;

pub fn parts(moment: &Moment, frame: &Frame) -> Vec<Part> {
    let mut parts = Vec::with_capacity(3 * frame.nodes.len() + 2);
    parts.extend(tray(moment, frame));
    for node in &frame.nodes {
        parts.push(service(moment, frame, node));
        parts.extend(database(moment, frame, node));
    }
    parts.extend(agreement(moment, frame));
    parts
}

/// Whether the background job is part of the picture now.
pub fn has_tray(moment: &Moment) -> bool {
    moment.followers().next().is_some()
        && (moment.mode == ReplicationMode::Background || moment.tray().0 > 0)
}

fn tray(moment: &Moment, frame: &Frame) -> Option<Part> {
    if !has_tray(moment) {
        return None;
    }
    let service = frame.node(moment.leader).service;
    let (w, middle) = (service.w, service.w / 2);
    let at = (service.x, service.y + service.h);
    let mut part = Part::new("tray".to_string(), "outbox", "", at);
    let (foot, side) = (TRAY - 10, w - 10);
    part.path(
        "tray",
        format!("M0-4V{foot}a10 10 0 0 0 10 10H{side}a10 10 0 0 0 10-10V-4"),
    );
    let (held, next) = moment.tray();
    part.text(middle, 15, "mid c2", words::tray(held, w - 8));
    let Some(due) = next else {
        let told = match moment.is_answered() {
            true => words::NOTHING_TO_SEND,
            false => words::NO_RECEIPT,
        };
        part.word(middle, 35, "mid c3", told);
        return Some(part);
    };
    let count = Count {
        glide: "until",
        moment: due,
        millis: words::millis(due.since(moment.now)),
    };
    let text = words::leaves(held, count, w < 130);
    let icon = if frame.shape == Shape::Phone { 0 } else { 20 };
    if icon > 0 {
        let left = middle - (text.width() + icon) / 2;
        part.icon((left + 8).max(13), 31, "sheets");
    }
    part.words(middle + icon / 2, 35, "mid b cv", text);
    Some(part)
}

fn service(moment: &Moment, frame: &Frame, node: &Node) -> Part {
    let (w, h) = (node.service.w, node.service.h);
    let store = moment.store(node.id);
    let (mut state, [mut long, mut short]) = doing(moment, node.id, store);
    let traffic = moment.show.run.report.traffic.as_ref();
    let steps = traffic.and_then(|traffic| traffic.queues.get(usize::from(node.id.0) - 1));
    let waiting = steps.map_or(0, |steps| traffic::at(steps, moment.now));
    if waiting > 1 {
        [long, short] = words::in_line(waiting);
    }
    let out = store.out.then_some(trouble::OUT);
    if let Some(word) = out {
        state = trouble::CRASHED;
        (long, short) = (word.to_string(), word.to_string());
    } else if let Some(word) = trouble::status(store.status) {
        state = word;
        (long, short) = (word.to_string(), word.to_string());
    }
    let at = (node.service.x, node.service.y);
    let key = format!("service {}", node.id.0);
    let mut part = Part::new(key, "service", state, at);
    part.rect(place(0, 0, w, h), 12, "box");
    let icon = if node.id == moment.leader {
        "pen"
    } else {
        "eye"
    };
    let (idle, middle) = (state.is_empty(), h / 2);
    let name = words::service(node.id);
    if frame.shape == Shape::Phone {
        part.icon(w / 2, middle - 20, icon);
        part.text(w / 2, middle + 4, "mid b c1 big", name);
        let class = if idle { "mid c2" } else { "mid b c2" };
        part.text(w / 2, middle + 20, class, room::cut_to(&short, w - 4));
        return part;
    }
    let left = match w {
        130.. => 40,
        115.. => 34,
        _ => 27,
    };
    part.icon(left / 2 + 1, middle - 7, icon);
    part.text(left, middle - 2, "b c1 large", name);
    // Plain type is narrower than the bold that the estimate is for.
    let does = room::cut(&long, (w - left) as f32 * 1.2);
    part.text(left, middle + 16, if idle { "c2" } else { "b c2" }, does);
    part
}

/// What a service is busy with, long and short; what it is there for when it is idle.
fn doing(moment: &Moment, id: ServiceId, store: &Store) -> (&'static str, [String; 2]) {
    let reads = |op| moment.trace().looks(op, moment.now);
    match store.working {
        _ if !store.early.is_empty() => ("early", words::early(store.early[0], store.version())),
        Some(op) if reads(op) => ("reading", words::READING.map(String::from)),
        Some(_) => ("writing", words::WRITING.map(String::from)),
        None => (
            "",
            words::purpose(id == moment.leader, moment.stores.len()).map(String::from),
        ),
    }
}

/// The cylinder with what stands in it, and the badge of its version.
fn database(moment: &Moment, frame: &Frame, node: &Node) -> [Part; 2] {
    let (w, h) = (node.database.w, node.database.h);
    let (store, behind) = (moment.store(node.id), moment.behind(node.id));
    let ry = if frame.nodes.len() > 2 { 8 } else { 12 };
    let (rx, floor) = (w / 2, h - ry);
    let state = match store.working {
        Some(op) if moment.trace().looks(op, moment.now) => "reading",
        Some(_) => "writing",
        None => "",
    };
    let at = (node.database.x, node.database.y);
    let state = store.ails.unwrap_or(state);
    let mut part = Part::new(format!("database {}", node.id.0), "db", state, at);
    let side = format!("M0 {ry}V{floor}A{rx} {ry} 0 0 0 {w} {floor}V{ry}");
    let top = format!("M0 {ry}a{rx} {ry} 0 1 0 {w} 0a{rx} {ry} 0 1 0-{w} 0Z");
    part.path("cyl", side);
    part.path("cyl top", top);
    let stock = &moment.show.scenario.config.stock;
    if let Some(ails) = store.blank.then_some(trouble::DISK_LOST).or(store.ails) {
        part.word(w / 2, ry + 4, "mid b", ails);
    } else if !stock.is_empty() {
        let [long, short] = words::left(stock, &store.cart);
        let left = if room::whole(&long) > w - 12 {
            short
        } else {
            long
        };
        part.text(w / 2, ry + 4, "mid b", room::cut_to(&left, w - 12));
    }
    // Where the badge has no room for it, how far behind stands in a row of its own.
    let (badge, below) = version(moment, node.id, behind, w - 6);
    let used = 20 * frame.lines + 24 + if below { 16 } else { 0 };
    let start = 2 * ry + (h - 3 * ry - used).max(0) / 2 + 2;
    contents(&mut part, store, behind > 0, start, w, frame.lines as usize);
    let y = start + 20 * frame.lines + 3;
    if below {
        part.text(w / 2, y + 34, "mid b cs", words::behind(behind));
    }
    let (x, y) = (at.0 + (w - badge.width()) / 2, at.1 + y);
    [part, badge.part(format!("version {}", node.id.0), x, y)]
}

/// The cart's lines, or one word; hatched where a confirmed version is missing.
fn contents(part: &mut Part, store: &Store, behind: bool, y: i32, w: i32, room: usize) {
    let lines = store.cart.lines();
    // In the middle of the room that the tallest cart will need.
    let y = y + 10 * (room.saturating_sub(lines.len().max(1))) as i32;
    if lines.is_empty() {
        let narrow = (w - 16).min(76);
        let area = place((w - narrow) / 2, y - 1, narrow, 21);
        slot(part, area, words::EMPTY, behind);
        return;
    }
    let rows = lines.len().min(room);
    if behind {
        part.hatch(place(8, y, w - 16, 20 * rows as i32));
    }
    let whole = words::whole_lines(lines.len(), room);
    let mut items = Vec::new();
    let mut fits = true;
    for line in &lines[..whole] {
        let text = words::cart_line(line);
        fits &= room::width(&text) + 40.0 < w as f32;
        items.push(text);
    }
    if whole < lines.len() {
        items.push(words::more(lines.len() - whole));
    }
    for (row, text) in items.iter().enumerate() {
        let baseline = y + 15 + 20 * row as i32;
        let icon = if fits && row < whole { 19 } else { 0 };
        let text = room::cut_to(text, w - 14 - icon);
        let width = room::whole(&text);
        let x = (w - width - icon) / 2;
        if behind {
            let paper = place(x - 2, baseline - 13, width + icon + 4, 17);
            part.rect(paper, 3, "paper");
        }
        if icon > 0 {
            part.icon(x + 7, baseline - 4, "item");
        }
        let class = if behind { "b cs" } else { "b c1" };
        part.text(x + icon, baseline, class, text);
    }
}

/// The badge of a version, and whether it leaves out how far behind that is.
fn version(moment: &Moment, id: ServiceId, behind: usize, room: i32) -> (Badge, bool) {
    let store = moment.store(id);
    let version = store.version();
    let [long, short] = match store.log.version() {
        Some(_) => words::version(version, behind),
        None => [trouble::log(&store.log), store.log.to_string()],
    };
    let kind = match behind {
        _ if !store.log.is_ascending() => "stale",
        0 if store.log.newest().0 > 0 && moment.agrees(id) => "fresh",
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
fn agreement(moment: &Moment, frame: &Frame) -> Option<Part> {
    let (first, second) = match frame.nodes.as_slice() {
        [first, second, ..] if !moment.store(first.id).out => (&first.database, &second.database),
        _ => return None,
    };
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
    let mut part = Part::new("agreement".to_string(), "agreement", state, (0, 0));
    let (from, above, below, to) = (top + 4, y - 11, y + 11, end - 4);
    part.path(
        "agree",
        format!("M{middle} {from}V{above}M{middle} {below}V{to}"),
    );
    part.text(middle, y + 4, "mid b c2", text);
    Some(part)
}
