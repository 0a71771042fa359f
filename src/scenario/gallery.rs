//! The gallery: texts to begin with, in the order in which they teach.
//!
//! Invariant: each has a title, a first comment that says what to look for, and expectations that
//! hold (tests/golden.rs).

use super::{Parsed, Scenario, parse};
use crate::check::{Claim, Expected, Property};
use crate::history::ClientId;
use crate::shop::{Name, Op};
use crate::sim::{Action, Cue, When};
use crate::time::SimTime;

/// The texts, the first screen first.
pub const GALLERY: &[&str] = &[
    include_str!("../../scenarios/bob-looks-too-early.lagoon"),
    include_str!("../../scenarios/one-server.lagoon"),
    include_str!("../../scenarios/synchronous-waits.lagoon"),
    include_str!("../../scenarios/my-own-book-is-gone.lagoon"),
    include_str!("../../scenarios/three-at-one-cart.lagoon"),
    include_str!("../../scenarios/alice-phones-bob.lagoon"),
    include_str!("../../scenarios/one-slow-copy.lagoon"),
    include_str!("../../scenarios/far-away-copy.lagoon"),
    include_str!("../../scenarios/time-runs-backwards.lagoon"),
    include_str!("../../scenarios/synchronous-is-not-magic.lagoon"),
    include_str!("../../scenarios/synchronous-over-two-copies.lagoon"),
    include_str!("../../scenarios/switching-in-mid-run.lagoon"),
    include_str!("../../scenarios/a-job-with-moods.lagoon"),
    include_str!("../../scenarios/my-own-change-follows-me.lagoon"),
    include_str!("../../scenarios/one-slow-copy-in-eight.lagoon"),
    include_str!("../../scenarios/a-majority-is-enough.lagoon"),
    include_str!("../../scenarios/a-timeout-is-not-a-no.lagoon"),
    include_str!("../../scenarios/asked-twice-added-twice.lagoon"),
    include_str!("../../scenarios/a-key-makes-one.lagoon"),
    include_str!("../../scenarios/the-deleted-book-returns.lagoon"),
    include_str!("../../scenarios/cut-off.lagoon"),
    include_str!("../../scenarios/service-2-is-down.lagoon"),
    include_str!("../../scenarios/taken-back.lagoon"),
    include_str!("../../scenarios/crash-between-two-steps.lagoon"),
    include_str!("../../scenarios/the-outbox.lagoon"),
    include_str!("../../scenarios/fire-and-forget.lagoon"),
    include_str!("../../scenarios/lost-with-the-disk.lagoon"),
    include_str!("../../scenarios/kept-on-two-disks.lagoon"),
    include_str!("../../scenarios/an-empty-disk-spreads.lagoon"),
    include_str!("../../scenarios/the-ghost.lagoon"),
    include_str!("../../scenarios/lag-without-bound.lagoon"),
    include_str!("../../scenarios/the-retry-storm.lagoon"),
    include_str!("../../scenarios/turned-away-at-the-door.lagoon"),
    include_str!("../../scenarios/oversold-last-book.lagoon"),
    include_str!("../../scenarios/service-1-decides.lagoon"),
    include_str!("../../scenarios/sold-once-more.lagoon"),
    include_str!("../../scenarios/the-overwritten-number.lagoon"),
];

/// What the first text means, written down, so that the page's first view needs no parser: its
/// scenario and its title. The tests hold it equal to what the parser reads.
pub fn first() -> Parsed {
    let name = |text| Name::new(text).into_iter();
    let mut scenario = Scenario::default();
    scenario.config.shoppers = name("alice").chain(name("bob")).collect();
    let ops = name("book").map(|item| Op::Add { item, qty: 1 });
    let when = [When::After, When::At(SimTime(200_000))];
    let cues = ops.chain([Op::View]).zip(0..).zip(when);
    let cues = cues.map(|((op, client), when)| Cue {
        when,
        action: Action::Shop {
            client: ClientId(client),
            op,
            to: None,
        },
    });
    scenario.script = cues.collect();
    scenario.expectations = vec![Claim::Property {
        property: Property::Converges,
        expected: Expected::Holds,
    }];
    Parsed {
        scenario,
        title: Some("Bob looks too early".to_string()),
        ..Parsed::default()
    }
}

/// The title of a gallery text.
pub fn title(text: &str) -> String {
    parse(text).title.unwrap_or_default()
}

/// What to look for, in a line: the first comment.
pub fn teaser(text: &str) -> &str {
    let comment = text.lines().find_map(|line| line.strip_prefix('#'));
    comment.unwrap_or("").trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_text_means_what_is_written_down() {
        let (read, written) = (parse(GALLERY[0]), first());
        assert_eq!(written.scenario, read.scenario);
        assert_eq!(written.title, read.title);
    }
}
