//! The left half: each shopper's device with the cart last shown, its buttons, and how it fares.
//!
//! Invariant: a device knows no service and no version; it shows the last cart that its shopper
//! was *shown*, and below it the shopper's own changes that were confirmed since.

use super::frame::{Buttons, FOOT, Frame, Row, Shape};
use super::moment::{Moment, Shopper};
use super::{Badge, Choices, Control, Count, Mark, Menu, Panel, Part, Place, Press, place};
use crate::history::{Answer, ServiceId};
use crate::shop::{Cart, Line, Name, Op};
use crate::view::spacetime::room;
use crate::view::words::person;
use crate::view::words::scene as words;

/// What Add offers.
const ITEMS: [&str; 3] = ["book", "pen", "mug"];
/// With at most this many copies the menu of services has room for their whole names.
const FULL: u8 = 3;
/// From the device's edge to what is on it.
const PAD: i32 = 11;

/// The device of a row and what can be pressed on it.
pub fn device(moment: &Moment, frame: &Frame, row: &Row) -> (Part, Panel) {
    let idle = Shopper::default();
    let shopper = row.client.map_or(&idle, |client| moment.shopper(client));
    let pad = if frame.buttons == Buttons::Below {
        9
    } else {
        PAD
    };
    let mut drawing = Drawing {
        frame,
        name: row.name,
        pad,
        inner: row.device.w - 2 * pad,
        pressed: shopper.open.map(|op| moment.trace().operation(op).op),
        marks: shell(row, shopper.open.is_some()),
        controls: Vec::new(),
        lines: Vec::new(),
    };
    let title = if frame.buttons == Buttons::Below {
        19
    } else {
        18
    };
    drawing
        .marks
        .push(Mark::text(pad, title, "b c2", words::OUR_CART));
    let below = drawing.screen(moment, shopper);
    drawing.notes(moment, shopper, below);
    drawing.buttons(below + 20);
    let at = (row.device.x, row.device.y);
    let copies = moment.show.scenario.config.replicas;
    let panel = Panel {
        client: row.name,
        person: person(row.name),
        at,
        controls: drawing.controls,
        lines: drawing.lines,
        room: place(5, below + 18, row.device.w - 10, 0),
        copies,
        full: frame.buttons == Buttons::Below || copies <= FULL,
    };
    let state = if shopper.open.is_some() {
        "waiting"
    } else {
        ""
    };
    let key = format!("device {}", row.name);
    (
        Part {
            key,
            class: "device",
            state,
            at,
            marks: drawing.marks,
        },
        panel,
    )
}

/// The outline, and the ring of one who waits.
fn shell(row: &Row, waits: bool) -> Vec<Mark> {
    let Place { w, h, .. } = row.device;
    let mut marks = Vec::new();
    let radius = if row.laptop { 9 } else { 17 };
    if waits {
        marks.push(Mark::rect(
            place(-6, -6, w + 12, h + 12),
            radius + 6,
            "ring",
        ));
    }
    marks.push(Mark::rect(place(0, 0, w, h), radius, "dev"));
    if row.laptop {
        let (left, right) = (-9, w + 9);
        let foot = format!(
            "M{left} {h}H{right}l-4 7.500a4 4 0 0 1-3.400 2H{}a4 4 0 0 1-3.400-2Z",
            left + 7
        );
        marks.push(Mark::path("dev base", foot));
    }
    marks
}

struct Drawing<'a> {
    frame: &'a Frame,
    name: Name,
    pad: i32,
    /// The width between the edges.
    inner: i32,
    /// What the shopper waits for.
    pressed: Option<Op>,
    marks: Vec<Mark>,
    controls: Vec<Control>,
    lines: Vec<(String, Vec<Control>)>,
}

impl Drawing<'_> {
    fn line_height(&self) -> i32 {
        if self.frame.buttons == Buttons::Below {
            20
        } else {
            24
        }
    }

    /// The cart as it was shown; returns where it ends.
    fn screen(&mut self, moment: &Moment, shopper: &Shopper) -> i32 {
        let top = 26;
        let height = self.line_height();
        let end = top + height * self.frame.lines;
        let shown = shopper.shown.and_then(|view| moment.seen(view));
        let Some((seen, age)) = shown else {
            self.slot(top, words::NOT_OPENED, false);
            return end;
        };
        let stale = age.is_some_and(|age| age.is_stale());
        if seen.cart.is_empty() {
            self.slot(top, words::EMPTY, stale);
        } else {
            self.cart(top, &seen.cart, stale);
        }
        end
    }

    /// One word in place of lines.
    fn slot(&mut self, y: i32, word: &str, stale: bool) {
        let area = place(self.pad, y + 1, self.inner, self.line_height() - 2);
        self.marks.extend(slot(area, word, stale));
    }

    fn cart(&mut self, top: i32, cart: &Cart, stale: bool) {
        let room = self.frame.lines as usize;
        let lines = cart.lines();
        let whole = if lines.len() > room {
            room - 1
        } else {
            lines.len()
        };
        let height = self.line_height();
        if stale {
            let rows = lines.len().min(room) as i32;
            let area = place(self.pad - 4, top, self.inner + 8, height * rows);
            self.marks.push(Mark::Rect {
                place: area,
                radius: 5,
                class: "slot old",
                hatch: true,
            });
        }
        for (nth, line) in lines.iter().enumerate() {
            let y = top + height * nth as i32;
            if nth < whole {
                self.line(y, line, stale);
            } else if nth == whole {
                let text = words::more(lines.len() - whole);
                self.label(y, &text, stale, "c2", self.inner);
            }
        }
        if self.frame.buttons == Buttons::Below {
            for line in lines {
                let controls = self.line_controls(0, line);
                self.lines.push((words::cart_line(line), controls));
            }
        }
    }

    /// The item, and with room the controls of its line.
    fn line(&mut self, y: i32, line: &Line, stale: bool) {
        let with_controls = self.frame.buttons != Buttons::Below;
        let room = self.inner - if with_controls { 72 } else { 0 };
        self.label(y, &words::cart_line(line), stale, "b c1", room);
        if with_controls {
            let controls = self.line_controls(y, line);
            self.controls.extend(controls);
        }
    }

    fn label(&mut self, y: i32, text: &str, stale: bool, class: &'static str, room: i32) {
        let text = room::cut(text, room as f32);
        let baseline = y + self.line_height() / 2 + 4;
        if stale {
            let width = room::width(&text).ceil() as i32 + 4;
            let paper = place(self.pad - 2, baseline - 12, width.min(room + 2), 16);
            self.marks.push(Mark::rect(paper, 3, "paper"));
        }
        self.marks.push(Mark::text(
            self.pad,
            baseline,
            if stale { "b cs" } else { class },
            text,
        ));
    }

    /// Less, more and away, for one line of the cart.
    fn line_controls(&self, y: i32, line: &Line) -> Vec<Control> {
        let Line { item, qty } = *line;
        let less = match qty {
            0 | 1 => Op::Remove { item },
            _ => Op::Set { item, qty: qty - 1 },
        };
        let ops = [
            ("less", less),
            ("more", Op::Add { item, qty: 1 }),
            ("remove", Op::Remove { item }),
        ];
        let left = self.pad + self.inner - 70;
        let names = words::line(self.name, item);
        let control = |(nth, ((what, op), name)): (i32, ((&'static str, Op), String))| {
            let button = place(left + 24 * nth, y, 24, 24);
            let key = format!("{what} {item}");
            let control = self.control(key, button, String::new(), what, op, ServiceId::S1);
            Control { name, ..control }
        };
        (0..).zip(ops.into_iter().zip(names)).map(control).collect()
    }

    fn control(
        &self,
        key: String,
        place: Place,
        label: String,
        icon: &'static str,
        op: Op,
        to: ServiceId,
    ) -> Control {
        let press = Press::Shop {
            client: self.name,
            op,
            to,
        };
        let name = words::press(self.name, &op, None);
        let pressed = self.pressed == Some(op);
        Control {
            key,
            place,
            label,
            icon,
            name,
            pressed,
            press,
        }
    }

    /// The shopper's own changes that no view has shown yet.
    fn notes(&mut self, moment: &Moment, shopper: &Shopper, y: i32) {
        if shopper.since.is_empty() {
            return;
        }
        let ops = shopper
            .since
            .iter()
            .map(|op| moment.trace().operation(*op).op);
        let text = room::cut(&words::since(ops), self.inner as f32);
        self.marks.push(Mark::text(self.pad, y + 13, "note", text));
    }

    fn buttons(&mut self, y: i32) {
        let (half, wide) = (self.inner / 2, self.inner - 24);
        let places = match self.frame.buttons {
            // Add leaves room for a longer word than View.
            Buttons::InRow => {
                let add = half + 12 - 24;
                let view = self.pad + half + 14;
                [
                    place(self.pad, y, add, 24),
                    place(self.pad + add, y, 24, 24),
                    place(view, y, self.inner - half - 14 - 24, 24),
                    place(self.pad + wide, y, 24, 24),
                ]
            }
            _ => [
                place(self.pad, y, wide, 24),
                place(self.pad + wide, y, 24, 24),
                place(self.pad, y + 28, wide, 24),
                place(self.pad + wide, y + 28, 24, 24),
            ],
        };
        let adding = match self.pressed {
            Some(op @ Op::Add { .. }) => Some(op),
            _ => None,
        };
        let book = Name::new(ITEMS[0]).map(|item| Op::Add { item, qty: 1 });
        if let Some(op) = book {
            let label = words::button(&adding.unwrap_or(op));
            let label = room::cut(&label, places[0].w as f32 - 4.0);
            let mut add = self.control("add".into(), places[0], label, "", op, ServiceId::S1);
            add.pressed = adding.is_some();
            self.controls.push(add);
        }
        self.controls.push(self.open(places[1], Menu::Add));
        let short = self.frame.buttons == Buttons::InRow;
        let label = words::view_button(short).to_string();
        let view = self.control("view".into(), places[2], label, "", Op::View, ServiceId::S2);
        self.controls.push(view);
        self.controls.push(self.open(places[3], Menu::View));
    }

    fn open(&self, place: Place, menu: Menu) -> Control {
        let (key, name) = words::open_menu(self.name, menu);
        let press = Press::Open(self.name, menu);
        let (label, pressed) = (String::new(), false);
        Control {
            key: key.to_string(),
            place,
            label,
            icon: "down",
            name,
            pressed,
            press,
        }
    }
}

/// A frame with one word in it, hatched where the word is out of date.
pub fn slot(area: Place, word: &str, stale: bool) -> Vec<Mark> {
    let (middle, baseline) = (area.x + area.w / 2, area.y + area.h / 2 + 4);
    let word = room::cut(word, area.w as f32);
    if !stale {
        return vec![
            Mark::rect(area, 5, "slot"),
            Mark::text(middle, baseline, "mid c3", word),
        ];
    }
    let width = (room::width(&word).ceil() as i32 + 8).min(area.w - 2);
    let paper = place(middle - width / 2, area.y + 3, width, area.h - 6);
    vec![
        Mark::Rect {
            place: area,
            radius: 5,
            class: "slot old",
            hatch: true,
        },
        Mark::rect(paper, 3, "paper"),
        Mark::text(middle, baseline, "mid b cs", word),
    ]
}

/// The shopper's name, and below the link how the last operation went.
pub fn captions(moment: &Moment, frame: &Frame, row: &Row) -> Vec<Part> {
    let mut parts = vec![name(frame, row)];
    let phone = frame.buttons == Buttons::Below;
    let right = row.device.x + row.device.w;
    let foot = if row.laptop { FOOT } else { 0 };
    let (x, mut y) = match phone {
        true => (12, row.device.y + row.device.h + foot + 7),
        false => (right + 16, row.y + 18),
    };
    let room = frame.zone + if phone { -4 } else { 14 } - x;
    for (nth, mut badge) in badges(moment, row).into_iter().enumerate() {
        badge
            .words
            .fit(room - if badge.icon.is_empty() { 16 } else { 30 });
        parts.push(badge.part(format!("badge {} {nth}", row.name), x, y));
        y += 24;
    }
    parts
}

fn name(frame: &Frame, row: &Row) -> Part {
    let name = person(row.name);
    let initial = name.chars().take(1).collect::<String>();
    let right = row.device.x + row.device.w;
    let (x, y) = match frame.buttons {
        Buttons::Below => (25, row.device.y - 17),
        Buttons::Stacked => (right + 28, row.y - 50),
        Buttons::InRow => (right + 28, row.y - 37),
    };
    // The name is set larger than what the estimate is made for.
    let room = (frame.zone - x - 22) as f32 * 12.0 / 14.0;
    let mut marks = vec![
        Mark::rect(place(x - 11, y - 11, 22, 22), 11, "avatar"),
        Mark::text(x, y + 4, "mid b c1", initial),
    ];
    let name = room::cut(&name, room);
    if frame.buttons == Buttons::Stacked {
        marks.push(Mark::text(x + 18, y - 1, "b name", name));
        marks.push(Mark::text(
            x + 18,
            y + 14,
            "c3",
            words::device(row.name, row.laptop),
        ));
    } else {
        marks.push(Mark::text(x + 18, y + 5, "b name", name));
    }
    Part {
        key: format!("name {}", row.name),
        class: "caption",
        state: "",
        at: (0, 0),
        marks,
    }
}

/// How the shopper fares: what is waited for, or how the last operation went; then what is next.
fn badges(moment: &Moment, row: &Row) -> Vec<Badge> {
    let Some(client) = row.client else {
        return Vec::new();
    };
    let shopper = moment.shopper(client);
    let mut badges = Vec::new();
    if let Some(op) = shopper.open {
        let call = moment.trace().operation(op).call;
        let millis = words::millis(moment.now.since(call));
        let count = Count {
            glide: "since",
            moment: call,
            millis,
        };
        badges.push(Badge {
            kind: "wait",
            icon: "clock",
            words: words::waiting(count),
        });
    } else if shopper.resting.is_some() {
        badges.push(Badge::new("plain", "", words::RESTING));
    } else if let Some((op, answer)) = shopper.last {
        let call = moment.trace().operation(op).call;
        let ended = moment
            .trace()
            .operation(op)
            .ended
            .map_or(moment.now, |(at, _)| at);
        match moment.trace().answer(answer) {
            Answer::Done(_) => {
                badges.push(Badge::new(
                    "fresh",
                    "tick",
                    words::confirmed(ended.since(call)),
                ));
            }
            Answer::Shown(_) => badges.extend(age(moment, shopper)),
        }
    }
    if let Some(first) = shopper.queued.front() {
        let text = words::queued(moment.show, *first, shopper.queued.len());
        badges.push(Badge::new("plain", "", text));
    }
    badges
}

/// How old the cart was that the shopper was just shown.
fn age(moment: &Moment, shopper: &Shopper) -> Vec<Badge> {
    let Some((seen, age)) = shopper.shown.and_then(|view| moment.seen(view)) else {
        return Vec::new();
    };
    match age.filter(|age| age.is_stale()) {
        Some(age) => {
            let mut badges = vec![Badge::new("stale", "bars", words::stale(age.stale()))];
            if age.missed > 1 {
                badges.push(Badge::new("stale", "", words::missed(age.missed)));
            }
            badges
        }
        None if moment.outdated(seen) => vec![Badge::new("plain", "", words::WAS_FRESH)],
        None => vec![Badge::new("fresh", "tick", words::FRESH)],
    }
}

/// One more shopper; side by side there is no room for it.
pub fn add_shopper(frame: &Frame) -> Option<Control> {
    if frame.shape == Shape::Half {
        return None;
    }
    let label = words::ADD_SHOPPER.to_string();
    let width = room::width(&label).ceil() as i32 + 16;
    Some(Control {
        key: "shopper".to_string(),
        place: place(frame.zone - width - 18, 4, width, 24),
        label,
        icon: "",
        name: words::ADD_SHOPPER_NAME.to_string(),
        pressed: false,
        press: Press::AddShopper,
    })
}

impl Panel {
    /// What stands in a menu, above the buttons.
    pub fn choices(&self, menu: Menu) -> Choices {
        let (title, columns, choices) = match menu {
            Menu::Add => (words::ADD_WHAT, 3, self.items()),
            Menu::View => (
                words::VIEW_FROM,
                if self.full { 2 } else { 5 },
                self.services(),
            ),
        };
        let rows = (choices.len() as i32 + columns - 1) / columns;
        let top = (self.room.y - 24 - 28 * rows).min(5);
        let area = place(self.room.x, top, self.room.w, self.room.y - top);
        let cell = (area.w - 8) / columns;
        let controls = (0..).zip(choices).map(|(nth, (label, name, op, to))| {
            let (column, row) = (nth % columns, nth / columns);
            let (x, y) = (area.x + 5 + column * cell, area.y + 22 + row * 28);
            Control {
                key: format!("choice {label}"),
                place: place(x, y, cell - 2, 26),
                label,
                icon: "",
                name,
                pressed: false,
                press: Press::Shop {
                    client: self.client,
                    op,
                    to,
                },
            }
        });
        Choices {
            title,
            place: area,
            controls: controls.collect(),
        }
    }

    fn items(&self) -> Vec<(String, String, Op, ServiceId)> {
        let items = ITEMS.iter().filter_map(|item| Name::new(item));
        let choice = |item: Name| {
            let op = Op::Add { item, qty: 1 };
            (
                person(item),
                words::press(self.client, &op, None),
                op,
                ServiceId::S1,
            )
        };
        items.map(choice).collect()
    }

    /// Service 1 and the copies.
    fn services(&self) -> Vec<(String, String, Op, ServiceId)> {
        let services = (1..self.copies + 2).map(ServiceId);
        let choice = |to: ServiceId| {
            let name = words::press(self.client, &Op::View, Some(to));
            (words::choice(to, self.full), name, Op::View, to)
        };
        services.map(choice).collect()
    }
}
