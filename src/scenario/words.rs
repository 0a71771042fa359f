//! The words of the language: what they mean, which of them can be no name, and what a misspelt
//! one was probably meant to be.
//!
//! Invariant: a word never leaves the reserved ones for another meaning; words that a later
//! version may need are reserved from the start.

use super::Key;
use crate::check::Property;
use crate::sim::ReplicationMode;
use std::ops::Range;

/// A word of a line, in lower case.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    pub text: &'a str,
    /// From 1, in characters of the line.
    pub column: u32,
}

/// What a shopper does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Adds,
    Sets,
    Removes,
    Views,
    Buys,
    Waits,
}

/// The verbs of shoppers as they are printed.
pub const VERBS: &[&str] = &["adds", "sets", "removes", "views", "buys", "waits"];

/// With and without -s, synonyms too.
pub fn verb(word: &str) -> Option<Verb> {
    Some(match word {
        "adds" | "add" => Verb::Adds,
        "sets" | "set" => Verb::Sets,
        "removes" | "remove" | "deletes" | "delete" => Verb::Removes,
        "views" | "view" | "reads" | "read" => Verb::Views,
        "buys" | "buy" => Verb::Buys,
        "waits" | "wait" => Verb::Waits,
        _ => return None,
    })
}

pub const MODES: &[&str] = &["synchronous", "background"];

/// The mode that a word names, and whether the word names a promise instead of the mechanism.
pub fn mode(word: &str) -> Option<(ReplicationMode, bool)> {
    Some(match word {
        "synchronous" | "sync" => (ReplicationMode::Synchronous, false),
        "background" | "async" | "asynchronous" => (ReplicationMode::Background, false),
        "strong" => (ReplicationMode::Synchronous, true),
        "eventual" => (ReplicationMode::Background, true),
        _ => return None,
    })
}

/// The keys of settings, as they are printed and in this order.
pub const KEYS: &[&str] = &[
    "title", "network", "write", "read", "lag", "pause", "services", "replicas", "timeout",
    "retries", "backoff", "keys", "acks", "receipt", "patience", "fallback", "outbox", "batch",
    "resend", "sending", "applying", "repair", "views", "stock", "checkout", "load", "until",
    "seed",
];

/// What each of [`KEYS`] sets.
pub const SETS: [Key; 28] = [
    Key::Title,
    Key::Network,
    Key::Write,
    Key::Read,
    Key::Lag,
    Key::Pause,
    Key::Services,
    Key::Replicas,
    Key::Timeout,
    Key::Retries,
    Key::Backoff,
    Key::Keys,
    Key::Acks,
    Key::Receipt,
    Key::Patience,
    Key::Fallback,
    Key::Outbox,
    Key::Batch,
    Key::Resend,
    Key::Sending,
    Key::Applying,
    Key::Repair,
    Key::Views,
    Key::Stock,
    Key::Checkout,
    Key::Load,
    Key::Until,
    Key::Seed,
];

pub fn key(word: &str) -> Option<Key> {
    let place = KEYS.iter().position(|key| *key == word)?;
    SETS.get(place).copied()
}

/// Keys that people write elsewhere, and what to write here: a key or a line.
pub const FOREIGN_KEYS: &[(&str, &str)] = &[
    ("copies", "replicas"),
    ("delay", "network"),
    ("latency", "network"),
    ("loss", "s1-s2 loses 1/10"),
    ("end", "until"),
    ("apply", "applying"),
    ("send", "sending"),
    ("order", "sending"),
    ("retry", "retries"),
    ("jitter", "backoff"),
    ("idempotency", "keys"),
    ("on-timeout", "fallback"),
    ("disk", "outbox"),
    ("job", "lag"),
    ("route", "views"),
    ("session", "views"),
    ("sessions", "views"),
    ("token", "views"),
    ("quorum", "views"),
    ("inventory", "stock"),
    ("check", "checkout"),
];

/// The words of values, in the order in which the values are declared.
pub const SWITCH: &[&str] = &["off", "on"];
pub const OUTBOX: &[&str] = &["memory", "disk"];
pub const RECEIPTS: &[&str] = &["received", "written", "applied"];
pub const FALLBACKS: &[&str] = &["error", "undo", "done"];
pub const SERVICES: &[&str] = &["one", "two"];
pub const CHECKOUTS: &[&str] = &["s2", "s1"];
/// The background job sends each update, so only copies know the last one.
pub const ORDERS: &[&str] = &["in order", "as it comes", "newest"];
/// `crashes before …`.
pub const POINTS: &[&str] = &["writing", "replicating", "confirming"];

/// Settings that are to come.
const LATER_KEYS: &[&str] = &["buffer", "merge", "shed", "writes"];

pub fn is_later_key(word: &str) -> bool {
    LATER_KEYS.contains(&word)
}

/// What happens to services, and what their databases do.
pub const SERVICE_VERBS: &[&str] = &[
    "crashes", "restarts", "pauses", "resumes", "database", "loses", "takes",
];
pub const DATABASE_VERBS: &[&str] = &["stalls", "slows", "recovers"];
/// What happens to links.
pub const LINK_VERBS: &[&str] = &[
    "breaks",
    "heals",
    "slows",
    "loses",
    "duplicates",
    "reorders",
];
/// What is done to single messages.
pub const HANDS: &[&str] = &["drop", "hold", "release", "duplicate", "delay"];
/// What single messages are.
pub const PARCELS: &[&str] = &["replicate", "ack", "request", "answer"];

/// The verb of trouble that a word is, with and without -s.
pub fn trouble(list: &[&'static str], word: &str) -> Option<&'static str> {
    let is = |verb: &&&str| {
        let bare = if **verb == "crashes" {
            "crash"
        } else {
            verb.trim_end_matches('s')
        };
        word == **verb || word == bare
    };
    list.iter().find(is).copied()
}

/// What is done to a message, `drops` as well.
pub fn hand(word: &str) -> Option<&'static str> {
    let hand = word.strip_suffix('s').unwrap_or(word);
    let found = HANDS.iter().find(|known| **known == hand).copied();
    found.filter(|_| word != "releases")
}

/// Words that begin a line which is to come.
pub fn is_later_start(word: &str) -> bool {
    matches!(word, "everyone" | "nobody")
}

/// Laws of delay that are to come.
pub fn is_later_law(word: &str) -> bool {
    let laws = [
        "pareto",
        "mix",
        "mixture",
        "normal",
        "lognormal",
        "weibull",
        "uniform",
    ];
    laws.contains(&word)
}

/// Words that are skipped.
pub fn is_article(word: &str) -> bool {
    matches!(word, "a" | "an" | "the")
}

/// The service that a word names: `s1` to `s9`.
pub fn service(word: &str) -> Option<u8> {
    match word.as_bytes() {
        [b's', digit @ b'1'..=b'9'] => Some(digit - b'0'),
        _ => None,
    }
}

/// The two ends that a word names, one of them a service, and whether one way only: `s1-s3`,
/// `alice-s1`, `s1-to-alice`. Names may hold dashes, so a service is looked for at both sides.
pub fn ends(word: &str) -> Option<(&str, &str, bool)> {
    let first = word
        .split_once('-')
        .filter(|(one, _)| service(one).is_some());
    let last = word
        .rsplit_once('-')
        .filter(|(_, other)| service(other).is_some());
    if let Some((one, rest)) = first
        && let Some(other) = rest.strip_prefix("to-")
    {
        return Some((one, other, true));
    }
    match last {
        Some((rest, other)) => Some(match rest.strip_suffix("-to") {
            Some(one) => (one, other, true),
            None => (rest, other, false),
        }),
        None => first.map(|(one, other)| (one, other, false)),
    }
}

/// The link between services that a word names: `s1-s3`, and whether one way (`s1-to-s3`).
pub fn link(word: &str) -> Option<(u8, u8, bool)> {
    let (from, to, one_way) = ends(word)?;
    Some((service(from)?, service(to)?, one_way))
}

/// The version that a word names: `v1`, or `v1.qqe` with a link's sum.
pub fn version(word: &str) -> Option<u32> {
    let rest = word.strip_prefix('v')?;
    let number = rest.split_once('.').map_or(rest, |(number, _)| number);
    let digits = (1..=6).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    if digits { number.parse().ok() } else { None }
}

/// Never a shopper or an item.
pub fn is_reserved(word: &str) -> bool {
    const RESERVED: &[&str] = &[
        "expect",
        "meanwhile",
        "replication",
        "partition",
        "drop",
        "hold",
        "release",
        "duplicate",
        "delay",
        "repair",
        "everyone",
        "nobody",
        "nothing",
        "all",
        "at",
        "after",
        "before",
        "when",
        "and",
        "from",
        "to",
        "for",
        "show",
        "hide",
        "lock",
        "theme",
        "poster",
        "side",
        "end",
        "writes",
        "merge",
        "takes",
        "loses",
        "becomes",
        "become",
        "staleness",
    ];
    let numbered = |first: char| {
        word.strip_prefix(first)
            .is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']))
    };
    let version = word
        .strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    numbered('s')
        || numbered('c')
        || version
        || is_article(word)
        || RESERVED.contains(&word)
        || verb(word).is_some()
        || mode(word).is_some()
        || property(word).is_some()
        || FAULT_WORDS.contains(&word)
}

/// The verbs of trouble that can be no name.
const FAULT_WORDS: &[&str] = &[
    "crashes",
    "crash",
    "restarts",
    "restart",
    "breaks",
    "break",
    "heals",
    "heal",
    "slows",
    "slow",
    "lose",
    "take",
    "pauses",
    "resumes",
    "resume",
    "stalls",
    "stall",
    "duplicates",
    "reorders",
    "reorder",
    "drops",
    "holds",
    "delays",
];

pub fn property(word: &str) -> Option<Property> {
    Property::ALL
        .into_iter()
        .find(|property| property.name() == word)
}

/// The words of a text with their columns; `first` is the column of its first character.
pub fn split(text: &str, first: u32) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut begun: Option<(usize, u32)> = None;
    for (column, (place, letter)) in (first..).zip(text.char_indices()) {
        match (letter.is_whitespace(), begun) {
            (true, Some((from, at))) => {
                words.push(Word {
                    text: &text[from..place],
                    column: at,
                });
                begun = None;
            }
            (false, None) => begun = Some((place, column)),
            _ => {}
        }
    }
    if let Some((from, at)) = begun {
        words.push(Word {
            text: &text[from..],
            column: at,
        });
    }
    words
}

/// Longer words are not compared: nobody meant a short one by them.
const COMPARED: Range<usize> = 2..20;

/// The candidate that the word was probably meant to be: at most two slips away, and fewer than
/// half of its letters.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if !COMPARED.contains(&word.len()) {
        return None;
    }
    let allowed = if word.len() < 4 { 1 } else { 2 };
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let near = candidate.len().abs_diff(word.len()) <= allowed && candidate.len() < 24;
        if !near {
            continue;
        }
        let slips = distance(word.as_bytes(), candidate.as_bytes());
        if slips <= allowed && best.is_none_or(|(fewest, _)| slips < fewest) {
            best = Some((slips, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Slips between two words: a letter more, less, other, or swapped with the next (optimal string
/// alignment). Both are shorter than 24 bytes.
fn distance(one: &[u8], other: &[u8]) -> usize {
    let (mut before, mut above, mut row) = ([0; 24], [0; 24], [0; 24]);
    for (at, cell) in above.iter_mut().enumerate() {
        *cell = at;
    }
    for i in 1..=one.len() {
        row[0] = i;
        for j in 1..=other.len() {
            let other_letter = usize::from(one[i - 1] != other[j - 1]);
            let mut fewest = (above[j - 1] + other_letter)
                .min(above[j] + 1)
                .min(row[j - 1] + 1);
            if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                fewest = fewest.min(before[j - 2] + 1);
            }
            row[j] = fewest;
        }
        (before, above, row) = (above, row, before);
    }
    above[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_understood_and_nonsense_is_not() {
        for (word, meant) in [
            ("sinchronous", Some("synchronous")),
            ("backgruond", Some("background")),
            ("banana", None),
            ("synchronously-yours-and-more", None),
        ] {
            assert_eq!(nearest(word, MODES.iter().copied()), meant, "{word}");
        }
        assert_eq!(nearest("ads", VERBS.iter().copied()), Some("adds"));
        assert_eq!(nearest("flies", VERBS.iter().copied()), None);
        assert_eq!(nearest("lga", KEYS.iter().copied()), Some("lag"));
    }

    #[test]
    fn words_know_their_columns_in_characters() {
        let words = split("  é  bob\u{a0}views", 1);
        let found: Vec<_> = words.iter().map(|word| (word.text, word.column)).collect();
        assert_eq!(found, [("é", 3), ("bob", 6), ("views", 10)]);
    }
}
