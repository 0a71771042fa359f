//! Expectations: what a text claims of its run.
//!
//! ```text
//!   expect PROPERTY holds | violated | untested
//!   expect staleness under 100ms
//!   expect bob view 1 shows nothing          expect bob view 2 shows 2 book, pen
//!   expect alice waits under 80ms            expect alice add 1 waits under 80ms
//! ```
//! Invariant: a claim that is understood is judged; one that is to come stays in the text and
//! counts as not met; everything else is a slip, with what was probably meant.

use super::{Reader, join, rewritten};
use crate::check::{Claim, Expected, Property};
use crate::scenario::values::{self, quote};
use crate::scenario::words::{self, Verb, Word};
use crate::shop::{Cart, Kind, Model, Name, Op};

/// The how manieth operation of a kind a claim may speak of.
pub(super) const NTH_MAX: u64 = 999;

/// A line of a cart can be added to again and again.
const HELD_MAX: u64 = 999_999;

impl Reader<'_> {
    pub(super) fn expect(&mut self, all: &[Word]) -> Option<Option<Claim>> {
        let Some(subject) = all.get(1) else {
            let example = Some("expect fresh holds".to_string());
            return self.say(all[0].column, &["What is expected?"], example);
        };
        if subject.text == "staleness" {
            return self.staleness(all);
        }
        let Some(property) = words::property(subject.text) else {
            return self.other_claim(all);
        };
        let expected = match all.get(2).map(|word| word.text) {
            Some("holds" | "hold") => Expected::Holds,
            Some("violated" | "broken") => Expected::Violated,
            Some("untested") => Expected::Untested,
            other => {
                let column = all[all.len().min(3) - 1].column;
                let meant = other.and_then(|w| self.nearest(w, &["holds", "violated", "untested"]));
                let line = ["expect ", property.name(), " ", meant.unwrap_or("holds")].concat();
                let message = "A promise holds, is violated, or is untested.";
                return self.say(column, &[message], Some(line));
            }
        };
        self.nothing_more(&all[3..], all, 3)?;
        Some(Some(Claim::Property { property, expected }))
    }

    fn staleness(&mut self, all: &[Word]) -> Option<Option<Claim>> {
        let under = all.get(2).is_some_and(|word| word.text == "under");
        if !under || all.len() < 4 {
            let message = "Staleness is bounded as in this example.";
            let example = "expect staleness under 100ms".to_string();
            return self.say(all[1].column, &[message], Some(example));
        }
        let text: String = all[3..].iter().map(|word| word.text).collect();
        let bound = self.duration(&text, all[3].column)?;
        Some(Some(Claim::StalenessUnder(bound)))
    }

    /// Claims about one shopper, and claims that are to come; other words are a slip.
    fn other_claim(&mut self, all: &[Word]) -> Option<Option<Claim>> {
        let (subject, next) = (all[1], all.get(2).map_or("", |word| word.text));
        let name = Name::new(subject.text).filter(|_| !words::is_reserved(subject.text));
        let of_shopper =
            words::verb(next).is_some() || matches!(next, "waited" | "sees" | "shows" | "under");
        if let Some(who) = name.filter(|_| of_shopper) {
            return self.of_shopper(who, all).map(Some);
        }
        let names = Property::ALL.map(|property| property.name());
        let meant = match subject.text {
            "strong" => Some("linearizable"),
            "eventual" => Some("converges"),
            "oversold" => Some("never-oversold"),
            "lost-updates" => Some("no-lost-updates"),
            other => self.nearest(other, &names),
        };
        let meant = meant.map(|meant| rewritten(all, 1, meant));
        let message = [&quote(subject.text), " is no promise that Lagoon knows."];
        self.say(subject.column, &message, meant)
    }

    /// `alice waits under 80ms`, `alice add 1 waits under 80ms`, `bob view 1 shows nothing`.
    fn of_shopper(&mut self, who: Name, all: &[Word]) -> Option<Claim> {
        let (which, rest) = match words::verb(all[2].text).and_then(kind) {
            None => (None, 2),
            Some(kind) => {
                let number = all.get(3).map_or("", |word| word.text);
                let Some(nth) = values::whole(number, 1, NTH_MAX) else {
                    let rest = &all[3 + usize::from(values::is_number(number))..];
                    let line = [
                        "expect ",
                        who.as_str(),
                        " ",
                        kind.word(),
                        " 1 ",
                        &join(rest),
                    ];
                    let message = "Which one? The first is 1, as in bob view 1.";
                    return self.say(
                        all[2].column,
                        &[message],
                        Some(line.concat().trim_end().to_string()),
                    );
                };
                (Some((kind, nth as u32)), 4)
            }
        };
        match (all.get(rest).map_or("", |word| word.text), which) {
            ("waits" | "wait" | "waited", _) => {
                let under = all.get(rest + 1).is_some_and(|word| word.text == "under");
                let bound: String = all.iter().skip(rest + 2).map(|word| word.text).collect();
                if !under || bound.is_empty() {
                    let line = [&join(&all[..rest]), " waits under 80ms"].concat();
                    return self.say(all[rest].column, &["A wait is under a bound."], Some(line));
                }
                let bound = self.duration(&bound, all[rest + 2].column)?;
                Some(Claim::WaitsUnder { who, which, bound })
            }
            ("shows" | "show" | "showed", Some((Kind::View, nth))) => {
                let cart = self.cart(&all[rest + 1..], all)?;
                Some(Claim::Shows { who, nth, cart })
            }
            _ => {
                let line = match which {
                    Some((Kind::View, _)) => [&join(&all[..rest]), " shows nothing"].concat(),
                    Some(_) => [&join(&all[..rest]), " waits under 80ms"].concat(),
                    None => ["expect ", who.as_str(), " view 1 shows nothing"].concat(),
                };
                let last = all.get(rest).unwrap_or(&all[rest - 1]);
                let message = "A view shows a cart; an operation waits under a bound.";
                self.say(last.column, &[message], Some(line))
            }
        }
    }

    /// `nothing`, or lines of the cart with commas between them: `2 book, pen`.
    fn cart(&mut self, list: &[Word], all: &[Word]) -> Option<Cart> {
        let text = join(list);
        let last = all.last().map_or(1, |word| word.column);
        let column = list.first().map_or(last, |word| word.column);
        let mut cart = Cart::default();
        if text == "nothing" {
            return Some(cart);
        }
        for line in text.split(',') {
            let words = line
                .split_whitespace()
                .filter(|word| !words::is_article(word));
            let (qty, item) = match words.collect::<Vec<_>>()[..] {
                [item] => (Some(1), item),
                [qty, item] => (values::whole(qty, 1, HELD_MAX), item),
                _ => (None, ""),
            };
            let name = Name::new(item).filter(|_| !words::is_reserved(item));
            let (Some(qty), Some(item)) = (qty, name) else {
                let message = "A cart is nothing, or items with commas between them.";
                let before = all.len() - list.len();
                let line = [&join(&all[..before]), " 2 book, pen"].concat();
                return self.say(column, &[message], Some(line));
            };
            if cart.qty(item) > 0 {
                let message = [&quote(item.as_str()), " stands here twice."];
                return self.say(column, &message, None);
            }
            let qty = qty as u32;
            cart.apply(&Op::Set { item, qty });
        }
        Some(cart)
    }
}

pub(super) fn kind(verb: Verb) -> Option<Kind> {
    Some(match verb {
        Verb::Adds => Kind::Add,
        Verb::Sets => Kind::Set,
        Verb::Removes => Kind::Remove,
        Verb::Views => Kind::View,
        Verb::Buys => Kind::Buy,
        Verb::Waits => return None,
    })
}
