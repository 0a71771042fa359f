//! The words of the stage.
//!
//! Invariant: to the shoppers it is one shop, so nothing on a device names a service or a version.

use crate::history::{Answer, ServiceId, Version};
use crate::playground::Menu;
use crate::shop::{Cart, Line, Name, Op};
use crate::sim::trace::{DOUBLE, Envelope, Message};
use crate::sim::{Action, CueId};
use crate::time::SimDuration;
use crate::view::Show;
use crate::view::scene::moment::Moment;
use crate::view::scene::{Count, Words};
use crate::view::spacetime::room;
use crate::view::words::narrator::Narration;
use crate::view::words::verdicts::service as full_service;
use crate::view::words::{self, ledger, person, timeline, trouble};

pub const SEEN: &str = "What the shoppers see";
pub const STORED: &str = "What is really stored";
pub const OUR_CART: &str = "Our cart";
pub const NOT_OPENED: &str = "not opened yet";
pub const EMPTY: &str = "empty";
pub const RESTING: &str = "does nothing for now";
pub const FRESH: &str = "up to date";
pub const WAS_FRESH: &str = "was up to date";
/// The job has sent it, and would send it again.
pub const NO_RECEIPT: &str = "no receipt yet";
pub const NOTHING_TO_SEND: &str = "nothing to send";
pub const READING: [&str; 2] = ["is reading", "reading"];
pub const WRITING: [&str; 2] = ["is writing", "writing"];
pub const ADD_WHAT: &str = "Add";
pub const VIEW_FROM: &str = "View from";
pub const ADD_SHOPPER: &str = "+ shopper";
pub const ADD_SHOPPER_NAME: &str = "+ shopper: add another shopper";

/// Whole milliseconds, as the counting numbers have them.
pub fn millis(length: SimDuration) -> u64 {
    (length.0 + 500) / 1000
}

pub fn service(id: ServiceId) -> String {
    full_service(id)
}

/// What a service is there for, long and short.
pub fn purpose(leads: bool, services: usize) -> [&'static str; 2] {
    match (leads, services) {
        (true, 1) => ["keeps the cart", "all"],
        (true, _) => ["writes the cart", "writes"],
        _ => ["reads the cart", "reads"],
    }
}

/// An update that came before its turn.
pub fn early(first: Version, applied: Version) -> [String; 2] {
    let missing = applied.0 + 1;
    [
        format!("v{} waits for v{missing}", first.0),
        format!("waits for v{missing}"),
    ]
}

/// `Book`, `Book ×2`.
pub fn cart_line(line: &Line) -> String {
    match line.qty {
        1 => person(line.item),
        qty => format!("{} ×{qty}", person(line.item)),
    }
}

/// How many lines of a cart stand whole where there is room for this many.
pub fn whole_lines(lines: usize, room: usize) -> usize {
    if lines > room { room - 1 } else { lines }
}

pub fn more(lines: usize) -> String {
    format!("+{lines} more")
}

/// The shopper's own changes: `added: book, pen; removed: mug`.
pub fn since(ops: &[Op]) -> String {
    let (mut text, mut before) = (String::new(), "");
    // The newest stands first: it is what is left where there is little room.
    for op in ops.iter().rev() {
        let (verb, qty, item) = match op {
            Op::Add { item, qty } => ("added: ", Some(*qty).filter(|qty| *qty > 1), item),
            Op::Set { item, qty } => ("set: ", Some(*qty), item),
            Op::Remove { item } => ("removed: ", None, item),
            Op::Buy { item, qty } | Op::Return { item, qty } => {
                ("bought: ", Some(*qty).filter(|qty| *qty > 1), item)
            }
            Op::View => continue,
        };
        if verb == before {
            text.push_str(", ");
        } else {
            if !text.is_empty() {
                text.push_str("; ");
            }
            text.push_str(verb);
            before = verb;
        }
        if let Some(qty) = qty {
            text.push_str(&qty.to_string());
            text.push(' ');
        }
        text.push_str(item.as_str());
    }
    text
}

/// What a database has left of all that has a stock: `1 book, 3 pen left`, and short.
pub fn left(stock: &[Line], cart: &Cart) -> [String; 2] {
    let counts = stock.iter().map(|line| count(stock, cart, line.item));
    let short = counts.collect::<Vec<_>>().join(", ");
    [format!("{short} left"), short]
}

/// `1 book left`, `no book left`; `enough book` where nothing limits it.
pub fn left_of(stock: &[Line], cart: &Cart, item: Name) -> String {
    match cart.left(stock, item) {
        Some(_) => count(stock, cart, item) + " left",
        None => format!("enough {item}"),
    }
}

/// Below nothing where more was sold than there was.
fn count(stock: &[Line], cart: &Cart, item: Name) -> String {
    match cart.left(stock, item).unwrap_or_default() {
        0 => format!("no {item}"),
        below @ ..0 => format!("−{} {item}", -below),
        left => format!("{left} {item}"),
    }
}

/// What stands on the button of this operation.
pub fn button(op: &Op) -> String {
    let [text, _] = timeline::op(op);
    text
}

pub fn view_button(short: bool) -> &'static str {
    if short { "View" } else { "View cart" }
}

/// The name of a control: `Alice: add book`.
pub fn press(client: Name, op: &Op, from: Option<ServiceId>) -> String {
    let from = from.map_or(String::new(), |id| format!(" from {}", service(id)));
    let what = match op {
        Op::View => "view cart".to_string(),
        op => ledger::phrase(op),
    };
    format!("{}: {what}{from}", person(client))
}

/// The names of the controls of a cart's line: less, more and away. The item's name stays as it
/// was given, so nothing here asks for its plural.
pub fn line(client: Name, item: Name) -> [String; 3] {
    let who = person(client);
    [
        format!("{who}: one {item} fewer"),
        format!("{who}: one {item} more"),
        format!("{who}: take every {item} out"),
    ]
}

/// A service on a button, in full or short.
pub fn choice(id: ServiceId, full: bool) -> String {
    if full {
        service(id)
    } else {
        format!("s{}", id.0)
    }
}

/// The key and the name of what opens a menu.
pub fn open_menu(client: Name, menu: Menu) -> (&'static str, String) {
    let who = person(client);
    match menu {
        Menu::Add => ("open add", format!("{who}: add something else")),
        Menu::View => (
            "open view",
            format!("{who}: view the cart from another service"),
        ),
    }
}

pub fn device(name: Name, laptop: bool) -> String {
    let whose = match name.as_str() {
        "alice" | "carol" | "erin" | "grace" | "heidi" => "her",
        "bob" | "dave" | "frank" => "his",
        _ => "a",
    };
    format!("on {whose} {}", if laptop { "laptop" } else { "phone" })
}

pub fn waiting(count: Count) -> Words {
    Words {
        before: "waiting, ".into(),
        count: Some(count),
        after: " ms".into(),
    }
}

pub fn confirmed(wait: SimDuration) -> String {
    format!("confirmed in {}", words::span(wait))
}

pub const VISITORS: &str = "Visitors";

/// How many visitors wait for an answer.
pub fn visitors(waiting: u32) -> String {
    match waiting {
        0 => "nobody waits".to_string(),
        1 => "1 waits".to_string(),
        _ => format!("{waiting} wait"),
    }
}

/// How many requests and updates wait for a service's database.
pub fn in_line(waiting: u32) -> [String; 2] {
    [format!("{waiting} wait in line"), format!("{waiting} wait")]
}

pub fn stale(age: SimDuration) -> String {
    format!("out of date for {}", words::span(age))
}

/// How many versions a shown cart misses.
pub fn missed(versions: u32) -> String {
    format!("{versions} versions behind")
}

/// What a busy shopper does next.
pub fn queued(show: &Show, first: CueId, count: usize) -> String {
    let first = match show
        .scenario
        .script
        .get(first.0 as usize)
        .map(|cue| cue.action)
    {
        Some(Action::Shop { op: Op::View, .. }) => "view cart".to_string(),
        Some(Action::Shop { op, .. }) => ledger::phrase(&op),
        Some(Action::Wait { .. }) => "wait".to_string(),
        Some(Action::Become(_) | Action::Load(_) | Action::Fault(_)) | None => {
            "the next line".to_string()
        }
    };
    match count {
        0 | 1 => format!("next: {first}"),
        _ => format!("next: {first}, +{}", count - 1),
    }
}

/// The title of the background job, with how much it holds where that is worth telling.
pub fn tray(held: usize, room: i32) -> String {
    let fits = |text: &str| room::width(text) <= room as f32 * 1.1;
    let title = if fits("Background job") {
        "Background job"
    } else {
        "Background"
    };
    let counted = format!("{title}: {held}");
    if held > 1 && fits(&counted) {
        counted
    } else {
        title.to_string()
    }
}

/// When the next of the held updates leaves.
pub fn leaves(held: usize, count: Count, short: bool) -> Words {
    let before = match (held, short) {
        (_, true) => "in ",
        (1, false) => "leaves in ",
        (_, false) => "next in ",
    };
    Words {
        before: before.into(),
        count: Some(count),
        after: " ms".into(),
    }
}

/// `v0, 1 behind`, and short `v0`.
pub fn version(version: Version, behind: usize) -> [String; 2] {
    let short = format!("v{}", version.0);
    match behind {
        0 => [short.clone(), short],
        _ => [format!("{short}, {behind} behind"), short],
    }
}

pub fn behind(versions: usize) -> String {
    format!("{versions} behind")
}

pub fn agreement(differing: usize, copies: usize, short: bool) -> String {
    match (differing, copies, short) {
        (0, _, true) => "= agree".to_string(),
        (0, _, false) => "= copies agree".to_string(),
        (_, 1, true) => "≠ differ".to_string(),
        (_, 1, false) => "≠ copies differ".to_string(),
        (differing, copies, true) => format!("≠ {differing}/{copies}"),
        (differing, copies, false) => format!("≠ {differing} of {copies} differ"),
    }
}

/// What a message carries; `brief` where only the version has room.
pub fn carries(show: &Show, envelope: &Envelope, brief: bool) -> String {
    let text = content(show, envelope, brief);
    match envelope.copy & DOUBLE {
        0 => text,
        _ => format!("{text}, {}", trouble::DOUBLE),
    }
}

fn content(show: &Show, envelope: &Envelope, brief: bool) -> String {
    let trace = &show.run.trace;
    let op = &trace.operation(envelope.op).op;
    match envelope.message {
        Message::Request if op.is_view() => "view".to_string(),
        Message::Look => op
            .item()
            .map_or(String::new(), |item| format!("{item} left?")),
        Message::Stock(answer) => match (trace.answer(answer), op.item()) {
            (Answer::Shown(seen), Some(item)) => left_of(&trace.stock, &seen.cart, item),
            _ => String::new(),
        },
        Message::Request => ledger::phrase(op),
        Message::Response(answer) => match trace.answer(answer) {
            Answer::Done(version) => format!("done, v{}", version.0),
            Answer::Shown(seen) => {
                format!("{}, v{}", timeline::cart(&seen.cart), seen.log.prefix().0)
            }
        },
        Message::Replicate(version) if brief => format!("v{}", version.0),
        Message::Replicate(version) => {
            format!("v{}: {}", version.0, ledger::phrase(&trace.deed(version)))
        }
        Message::Ack(version) => format!("applied v{}", version.0),
        other => timeline::kind(other).to_string(),
    }
}

/// The whole picture in sentences, for those who do not see it.
pub fn picture(moment: &Moment, stage: &[Name], said: &Narration) -> String {
    let mut text = format!("{}: {} {}", said.time, said.headline, said.rest);
    for name in stage {
        let shoppers = &moment.trace().shoppers;
        let shopper = shoppers.iter().position(|known| known == name);
        let shown = shopper.and_then(|place| moment.seen(moment.shoppers[place].shown?));
        let cart = shown.map_or(NOT_OPENED.to_string(), |(seen, _)| {
            timeline::cart(&seen.cart)
        });
        text.push_str(&format!(" On {}’s device: {cart}.", person(*name)));
    }
    for (place, store) in moment.stores.iter().enumerate() {
        let id = ServiceId(place as u8 + 1);
        let cart = timeline::cart(&store.cart);
        let version = match store.log.version() {
            Some(at) => version(at, moment.behind(id))[0].clone(),
            None => format!("{}: {}", trouble::log(&store.log), store.log),
        };
        text.push_str(&format!(" {} stores: {cart}, {version}.", service(id)));
        let stock = &moment.show.scenario.config.stock;
        if !stock.is_empty() {
            text.push_str(&format!(" It has {}.", left(stock, &store.cart)[0]));
        }
    }
    text + &trouble::broken(moment)
}
