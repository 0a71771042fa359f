//! The left half: each shopper's device with the cart last shown, its buttons, and how it fares.
//!
//! Invariant: a device knows no service and no version; it shows the last cart that its shopper
//! was *shown*, and below it the shopper's own changes that were confirmed since.

use super::frame::{Buttons, FOOT, Frame, Row, Shape};
use super::moment::{Moment, Shopper};
use super::{Badge, Choices, Control, Count, Menu, Panel, Part, Place, Press, place};
use crate::history::{Answer, ServiceId};
use crate::shop::{Cart, Line, Name, Op};
use crate::sim::trace::Ending;
use crate::view::spacetime::room;
use crate::view::words::scene as words;
use crate::view::words::{person, timeline, trouble};

/// What Add offers.
const ITEMS: [&str; 3] = ["book", "pen", "mug"];
/// With at most this many copies the menu of services has room for their whole names.
const FULL: u8 = 3;
/// From the device's edge to what is on it.
const PAD: i32 = 11;

/// The device of a row and what can be pressed on it.
pub fn device(moment: &Moment, frame: &Frame, row: &Row) -> (Part, Panel) {
    let idle = Shopper::default();
    let shopper = row.client.and_then(|client| moment.shopper(client));
    let shopper = shopper.unwrap_or(&idle);
    let below = frame.buttons == Buttons::Below;
    let (pad, title) = if below { (9, 19) } else { (PAD, 18) };
    let waits = shopper.open.is_some();
    let at = (row.device.x, row.device.y);
    let state = if waits { "waiting" } else { "" };
    let key = format!("device {}", row.name);
    let mut drawing = Drawing {
        frame,
        name: row.name,
        pad,
        inner: row.device.w - 2 * pad,
        pressed: shopper.open.map(|op| moment.trace().operation(op).op),
        part: Part::new(key, "device", state, at),
        controls: Vec::new(),
        lines: Vec::new(),
    };
    shell(&mut drawing.part, row, waits);
    drawing.part.word(pad, title, "b c2", words::OUR_CART);
    let end = drawing.screen(moment, shopper);
    drawing.notes(moment, shopper, end);
    let stock = &moment.show.scenario.config.stock;
    drawing.buttons(end + 20, stock.first().map(|line| line.item));
    let copies = moment.show.scenario.config.replicas;
    let panel = Panel {
        client: row.name,
        person: person(row.name),
        at,
        controls: drawing.controls,
        lines: drawing.lines,
        room: place(5, end + 18, row.device.w - 10, 0),
        copies,
        stock: stock.clone(),
        full: below || copies <= FULL,
    };
    (drawing.part, panel)
}

/// The outline, and the ring of one who waits.
fn shell(part: &mut Part, row: &Row, waits: bool) {
    let Place { w, h, .. } = row.device;
    let radius = if row.laptop { 9 } else { 17 };
    if waits {
        part.rect(place(-6, -6, w + 12, h + 12), radius + 6, "ring");
    }
    part.rect(place(0, 0, w, h), radius, "dev");
    if row.laptop {
        let right = w + 9;
        part.path(
            "dev base",
            format!("M-9 {h}H{right}l-4 7.500a4 4 0 0 1-3.400 2H-2a4 4 0 0 1-3.400-2Z"),
        );
    }
}

struct Drawing<'a> {
    frame: &'a Frame,
    name: Name,
    pad: i32,
    /// The width between the edges.
    inner: i32,
    /// What the shopper waits for.
    pressed: Option<Op>,
    part: Part,
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
        slot(&mut self.part, area, word, stale);
    }

    fn cart(&mut self, top: i32, cart: &Cart, stale: bool) {
        let room = self.frame.lines as usize;
        let lines = cart.lines();
        let whole = words::whole_lines(lines.len(), room);
        let height = self.line_height();
        if stale {
            let rows = lines.len().min(room) as i32;
            let area = place(self.pad - 4, top, self.inner + 8, height * rows);
            self.part.hatch(area);
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
                let line = words::cart_line(line);
                self.lines.push((line, controls));
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
        let text = room::cut_to(text, room);
        let baseline = y + self.line_height() / 2 + 4;
        if stale {
            let width = room::whole(&text) + 4;
            let paper = place(self.pad - 2, baseline - 12, width.min(room + 2), 16);
            self.part.rect(paper, 3, "paper");
        }
        let class = if stale { "b cs" } else { class };
        self.part.text(self.pad, baseline, class, text);
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
        let mut controls = Vec::new();
        for ((what, op), name) in ops.into_iter().zip(words::line(self.name, item)) {
            let button = place(left + 24 * controls.len() as i32, y, 24, 24);
            let key = format!("{what} {item}");
            let mut control = self.control(key, button, String::new(), what, op, ServiceId::S1);
            control.name = name;
            controls.push(control);
        }
        controls
    }

    #[inline(never)]
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

    /// The shopper's own changes that no view has shown yet; or else what is bought.
    fn notes(&mut self, moment: &Moment, shopper: &Shopper, y: i32) {
        let mut ops = Vec::new();
        for op in &shopper.since {
            ops.push(moment.trace().operation(*op).op);
        }
        let shown = shopper.shown.and_then(|view| moment.seen(view));
        if let (true, Some((seen, _))) = (ops.is_empty(), shown) {
            for Line { item, qty } in seen.cart.bought().iter().copied() {
                ops.push(Op::Buy { item, qty });
            }
        }
        if ops.is_empty() {
            return;
        }
        let text = words::since(&ops);
        let text = room::cut_to(&text, self.inner);
        self.part.text(self.pad, y + 13, "note", text);
    }

    /// Where an item has a stock the first thing to do is to buy it.
    fn buttons(&mut self, y: i32, sold: Option<Name>) {
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
            Some(op @ (Op::Add { .. } | Op::Buy { .. })) => Some(op),
            _ => None,
        };
        let book = match sold {
            Some(item) => Some(Op::Buy { item, qty: 1 }),
            None => Name::new(ITEMS[0]).map(|item| Op::Add { item, qty: 1 }),
        };
        if let Some(op) = book {
            let label = words::button(&adding.unwrap_or(op));
            let label = room::cut_to(&label, places[0].w - 4);
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
        let (label, pressed) = (String::default(), false);
        Control {
            key: key.into(),
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
pub fn slot(part: &mut Part, area: Place, word: &str, stale: bool) {
    let (middle, baseline) = (area.x + area.w / 2, area.y + area.h / 2 + 4);
    let word = room::cut_to(word, area.w);
    if !stale {
        part.rect(area, 5, "slot");
        part.text(middle, baseline, "mid c3", word);
        return;
    }
    let width = (room::whole(&word) + 8).min(area.w - 2);
    part.hatch(area);
    let paper = place(middle - width / 2, area.y + 3, width, area.h - 6);
    part.rect(paper, 3, "paper");
    part.text(middle, baseline, "mid b cs", word);
}

/// The shopper's name, and below the link how the last operation went.
pub fn captions(parts: &mut Vec<Part>, moment: &Moment, frame: &Frame, row: &Row) {
    parts.push(name(frame, row));
    let right = row.device.x + row.device.w;
    let foot = if row.laptop { FOOT } else { 0 };
    let (x, mut y, gap) = match frame.buttons {
        Buttons::Below => (12, row.device.y + row.device.h + foot + 7, -4),
        _ => (right + 16, row.y + 18, 14),
    };
    let room = frame.zone + gap - x;
    for (nth, mut badge) in badges(moment, row).into_iter().enumerate() {
        badge.words.fit(room - badge.ends());
        parts.push(badge.part(format!("badge {} {nth}", row.name), x, y));
        y += 24;
    }
}

fn name(frame: &Frame, row: &Row) -> Part {
    let name = person(row.name);
    let right = row.device.x + row.device.w;
    let (x, y) = match frame.buttons {
        Buttons::Below => (25, row.device.y - 17),
        Buttons::Stacked => (right + 28, row.y - 50),
        Buttons::InRow => (right + 28, row.y - 37),
    };
    let mut part = Part::new(format!("name {}", row.name), "caption", "", (0, 0));
    part.rect(place(x - 11, y - 11, 22, 22), 11, "avatar");
    part.word(x, y + 4, "mid b c1", &name[..1]);
    // The name is set larger than what the estimate is made for.
    let room = (frame.zone - x - 22) as f32 * 12.0 / 14.0;
    let name = room::cut(&name, room);
    let two = frame.buttons == Buttons::Stacked;
    part.text(x + 18, if two { y - 1 } else { y + 5 }, "b name", name);
    if two {
        let device = words::device(row.name, row.laptop);
        part.text(x + 18, y + 14, "c3", device);
    }
    part
}

/// How the shopper fares: what is waited for, or how the last operation went; then what is next.
fn badges(moment: &Moment, row: &Row) -> Vec<Badge> {
    let Some(shopper) = row.client.and_then(|client| moment.shopper(client)) else {
        return Vec::new();
    };
    let mut badges = Vec::new();
    if let Some(op) = shopper.open {
        let call = moment.trace().operation(op).call;
        let count = Count {
            glide: "since",
            moment: call,
            millis: words::millis(moment.now.since(call)),
        };
        let mut badge = Badge::new("wait", "clock", String::new());
        badge.words = words::waiting(count);
        badges.push(badge);
        if shopper.attempt > 0 {
            badges.push(Badge::new("plain", "", trouble::attempt(shopper.attempt)));
        }
    } else if shopper.resting.is_some() {
        badges.push(Badge::new("plain", "", words::RESTING.to_string()));
    } else if let Some(op) = shopper.unsure {
        let text = match moment.trace().operation(op).ended {
            Some((_, Ending::Refused)) if timeline::is_sold_out(moment.show, op) => {
                trouble::SOLD_OUT
            }
            Some((_, Ending::Refused)) => trouble::REFUSED,
            _ => trouble::unknown(&moment.trace().operation(op).op),
        };
        badges.push(Badge::new("down", "remove", text.to_string()));
    } else if let Some((op, answer)) = shopper.last {
        let asked = moment.trace().operation(op);
        let ended = asked.ended.map_or(moment.now, |(at, _)| at);
        match moment.trace().answer(answer) {
            Answer::Done(_) => {
                let text = words::confirmed(ended.since(asked.call));
                badges.push(Badge::new("fresh", "tick", text));
            }
            Answer::Shown(_) => age(&mut badges, moment, shopper),
        }
    }
    if let Some(first) = shopper.queued.front() {
        let text = words::queued(moment.show, *first, shopper.queued.len());
        badges.push(Badge::new("plain", "", text));
    }
    badges
}

/// How old the cart was that the shopper was just shown.
fn age(badges: &mut Vec<Badge>, moment: &Moment, shopper: &Shopper) {
    let Some((seen, age)) = shopper.shown.and_then(|view| moment.seen(view)) else {
        return;
    };
    let Some(age) = age.filter(|age| age.is_stale()) else {
        if !seen.log.is_ascending() {
            return badges.push(Badge::new(
                "stale",
                "bars",
                trouble::OUT_OF_ORDER.to_string(),
            ));
        }
        let (kind, icon, text) = match moment.outdated(seen) {
            true => ("plain", "", words::WAS_FRESH),
            false => ("fresh", "tick", words::FRESH),
        };
        badges.push(Badge::new(kind, icon, text.to_string()));
        return;
    };
    badges.push(Badge::new("stale", "bars", words::stale(age.stale())));
    if age.missed > 1 {
        badges.push(Badge::new("stale", "", words::missed(age.missed)));
    }
}

/// The visitors, all in one, and how many of them wait.
pub fn crowd(moment: &Moment, frame: &Frame) -> Option<Part> {
    let area = frame.crowd?;
    let mut part = Part::new("crowd".to_string(), "device", "", (area.x, area.y));
    part.rect(place(0, 0, area.w, area.h), 12, "dev");
    part.word(PAD, 17, "b c1", words::VISITORS);
    part.text(PAD, 33, "c2", words::visitors(moment.visitors));
    Some(part)
}

/// One more shopper; side by side there is no room for it.
pub fn add_shopper(frame: &Frame) -> Option<Control> {
    if frame.shape == Shape::Half {
        return None;
    }
    let label = words::ADD_SHOPPER;
    let width = room::whole(label) + 16;
    Some(Control {
        key: "shopper".into(),
        place: place(frame.zone - width - 18, 4, width, 24),
        label: label.into(),
        icon: "",
        name: words::ADD_SHOPPER_NAME.into(),
        pressed: false,
        press: Press::AddShopper,
    })
}

impl Panel {
    /// What stands in a menu, above the buttons.
    pub fn choices(&self, menu: Menu) -> Choices {
        let (title, columns) = match menu {
            Menu::Add if self.stock.is_empty() => (words::ADD_WHAT, 3),
            Menu::Add => (words::ADD_WHAT, 2),
            Menu::View => (words::VIEW_FROM, if self.full { 2 } else { 5 }),
        };
        let mut choices = Vec::new();
        match menu {
            Menu::Add => {
                for item in ITEMS.iter().filter_map(|item| Name::new(item)) {
                    let op = Op::Add { item, qty: 1 };
                    choices.push((person(item), op, ServiceId::S1, None));
                }
                for item in self.stock.iter().map(|line| line.item) {
                    let op = Op::Buy { item, qty: 1 };
                    let label = room::cut_to(&words::button(&op), self.room.w / 2 - 12);
                    choices.push((label, op, ServiceId::S1, None));
                }
            }
            // Service 1 and the copies.
            Menu::View => {
                for to in (1..self.copies + 2).map(ServiceId) {
                    choices.push((words::choice(to, self.full), Op::View, to, Some(to)));
                }
            }
        }
        let rows = (choices.len() as i32 + columns - 1) / columns;
        let top = (self.room.y - 24 - 28 * rows).min(5);
        let area = place(self.room.x, top, self.room.w, self.room.y - top);
        let cell = (area.w - 8) / columns;
        let client = self.client;
        let mut controls = Vec::new();
        for (label, op, to, from) in choices {
            let nth = controls.len() as i32;
            let (x, y) = (
                area.x + 5 + nth % columns * cell,
                area.y + 22 + nth / columns * 28,
            );
            controls.push(Control {
                key: format!("choice {label}"),
                place: place(x, y, cell - 2, 26),
                label,
                icon: "",
                name: words::press(client, &op, from),
                pressed: false,
                press: Press::Shop { client, op, to },
            });
        }
        Choices {
            title,
            place: area,
            controls,
        }
    }
}
