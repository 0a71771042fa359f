//! What the first view shows of the first run at its start, kept as data: the page draws it before
//! what computes such things is here (`app/later.rs`).
//!
//! Invariant: equal to what is computed in every field. The test compares them, and with
//! `LAGOON_BLESS=1` it writes the data anew; a new field is put into the data by hand once.

use crate::time::SimTime;
use crate::view::price::Price;
use crate::view::scene::{Scene, Shape};
use crate::view::verdicts::Row;

/// The stage.
pub fn scene(shape: Shape) -> &'static Scene {
    match shape {
        Shape::Phone => &data::PHONE,
        Shape::Wide | Shape::Half => &data::WIDE,
    }
}

/// The promises that matter first.
pub fn promises() -> &'static [Row] {
    &data::PROMISES
}

/// What it cost, with the other mode's figures.
pub fn price() -> &'static Price {
    &data::PRICE
}

/// What the playhead says to those who hear it.
pub const SAID: &str = "0 ms, Alice asks Service 1 to add book";
/// The end of the axis of the run and its twin.
pub const HORIZON: SimTime = SimTime(400_000);

mod data {
    use crate::check::Property::{Converges, Fresh};
    use crate::history::{ClientId, ServiceId};
    use crate::playground::Target::{Database, Link, Service};
    use crate::shop::Name;
    use crate::shop::Op::{Add, View};
    use crate::sim::ReplicationMode::Background;
    use crate::sim::trace::NodeId::{self, Client};
    use crate::time::{SimDuration, SimTime};
    use crate::view::List;
    use crate::view::price::{Behind, Price, Wait};
    use crate::view::scene::Mark::{Icon, Path, Rect, Text};
    use crate::view::scene::Press::{AddShopper, Break, Open, Shop};
    use crate::view::scene::{
        Control, Count, Course, Flight, Label, Menu, Panel, Part, Place, Scene, Words,
    };
    use crate::view::verdicts::Row;
    use crate::view::words::narrator::Narration;
    use std::borrow::Cow::Borrowed;

    const ALICE: Name = Name::known(b"alice");
    const BOB: Name = Name::known(b"bob");
    const BOOK: Name = Name::known(b"book");

    pub static WIDE: Scene = include!("first/wide.in");
    pub static PHONE: Scene = include!("first/phone.in");
    pub static PROMISES: List<Row> = include!("first/promises.in");
    pub static PRICE: Price = include!("first/price.in");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{edit, gallery};
    use crate::shop::Name;
    use crate::view::words::timeline;
    use crate::view::{Show, spacetime, verdicts};
    use std::fmt::Debug;

    /// Fields whose words code has anyway, or whose items are counted.
    const PLAIN: [&str; 11] = [
        "class", "state", "kind", "icon", "glide", "title", "term", "word", "mode", "exposed",
        "gone",
    ];
    /// What begins a line.
    const LINES: [&str; 11] = [
        "Scene", "Part", "Panel", "Control", "Flight", "Text", "Rect", "Path", "Icon", "Row",
        "Wait",
    ];

    /// The value as a constant: as it is printed, but for words, lists and names.
    fn literal(value: &dyn Debug) -> String {
        let printed = format!("{value:?}");
        let (mut rest, mut made, mut field, mut plain) = (&*printed, String::new(), "", Vec::new());
        while let Some(first) = rest.chars().next() {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
            let (mut taken, mut wrote) = (first.len_utf8(), first.to_string());
            match (first, word.unwrap_or(rest.len())) {
                ('"', _) => {
                    let inner = rest[1..].find('"').expect("no word has a quote in it");
                    taken = inner + 2;
                    wrote = match PLAIN.contains(&field) {
                        true => rest[..taken].to_string(),
                        false => format!("Borrowed({})", &rest[..taken]),
                    };
                }
                ('[', _) => {
                    plain.push(PLAIN.contains(&field));
                    wrote = (if plain.last() == Some(&true) {
                        "["
                    } else {
                        "Borrowed(&["
                    })
                    .into();
                }
                (']', _) if plain.pop() == Some(false) => wrote = "])".into(),
                (_, 1..) => {
                    let (word, after) = rest.split_at(word.unwrap_or(rest.len()));
                    taken = word.len();
                    wrote = word.to_string();
                    if after.starts_with(": ") {
                        field = word;
                    } else if ["alice", "bob", "book"].contains(&word) {
                        wrote = word.to_uppercase();
                    } else if LINES.contains(&word) && after.starts_with(" {") && !made.is_empty() {
                        wrote = format!("\n    {word}");
                    }
                }
                _ => {}
            }
            made += &wrote;
            rest = &rest[taken..];
        }
        // A link is between nodes, what else can be broken is one of the shop's.
        made.replace("Link(Service(", "Link(NodeId::Service(")
            .replace("), Service(", "), NodeId::Service(")
            .replace("Open(ALICE, ", "Open(ALICE, Menu::")
            .replace("Open(BOB, ", "Open(BOB, Menu::")
            .replace(" \n", "\n")
            + "\n"
    }

    /// Compares what is kept with what is computed, or writes it anew.
    fn keep<T: Debug + PartialEq + ?Sized>(name: &str, computed: &T, kept: &T, literal: String) {
        if std::env::var_os("LAGOON_BLESS").is_some() {
            let path = format!("{}/src/view/first/{name}.in", env!("CARGO_MANIFEST_DIR"));
            std::fs::write(path, literal).expect("written");
            return;
        }
        assert_eq!(kept, computed, "{name}");
    }

    #[test]
    fn what_is_kept_is_what_is_computed() {
        let show = Show::of(gallery::first().scenario);
        let twin = Show::of(edit::twin(&show.scenario, &show.run.trace.fired));
        let stage: Vec<Name> = show.scenario.config.shoppers.clone();
        let start = SimTime::ZERO;
        for (name, shape) in [("wide", Shape::Wide), ("phone", Shape::Phone)] {
            let computed = Scene::at(&show, &stage, start, shape);
            keep(name, &computed, scene(shape), literal(&computed));
        }
        let rows = verdicts::rows(&show, start);
        keep("promises", rows.as_slice(), promises(), literal(&rows));
        let computed = Price::of(&show, &twin, start);
        keep("price", &computed, price(), literal(&computed));
        assert_eq!(SAID, timeline::at(&show, start));
        assert_eq!(HORIZON, spacetime::horizon(&[&show, &twin]));
    }
}
