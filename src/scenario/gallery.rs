//! The gallery: texts to begin with, in the order in which they teach.
//!
//! Invariant: each has a title, a first comment that says what to look for, and expectations that
//! hold (tests/golden.rs).

use super::parse;

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

/// The title of a gallery text.
pub fn title(text: &str) -> String {
    parse(text).title.unwrap_or_default()
}

/// What to look for, in a line: the first comment.
pub fn teaser(text: &str) -> &str {
    let comment = text.lines().find_map(|line| line.strip_prefix('#'));
    comment.unwrap_or("").trim()
}
