//! The words of the settings.

use crate::chance::Delay;
use crate::scenario::Key;
use crate::time::SimDuration;

/// A setting with a few values to choose from, in the words of the language.
pub type Choice = (Key, &'static str, &'static [&'static str]);

const WAITS: &[&str] = &["never", "100ms", "300ms", "1s", "3s"];

/// The settings that have choices, under their titles; each begins with its default.
pub const CHOICES: [(&str, &[Choice]); 5] = [
    (
        "When no answer comes",
        &[
            (Key::Timeout, "A shopper gives up after", WAITS),
            (
                Key::Retries,
                "and tries again, at most so often",
                &["0", "1", "3", "5", "10"],
            ),
            (
                Key::Backoff,
                "waiting before, doubled each time",
                &["100ms", "20ms", "50ms-150ms", "300ms", "exp 100ms"],
            ),
            (Key::Keys, "with idempotency keys", &["off", "on"]),
        ],
    ),
    (
        "Synchronous: whom Service 1 waits for",
        &[
            (
                Key::Acks,
                "Receipts it waits for",
                &["all", "majority", "1"],
            ),
            (
                Key::Receipt,
                "A receipt says that it is",
                &["applied", "written", "received"],
            ),
            (Key::Patience, "It gives up waiting after", WAITS),
            (
                Key::Fallback,
                "and then answers",
                &["error", "undo", "done"],
            ),
        ],
    ),
    (
        "Background: how the job works",
        &[
            (
                Key::Outbox,
                "The list of updates is kept in",
                &["disk", "memory"],
            ),
            (Key::Batch, "It sends in bundles, every", WAITS),
            (
                Key::Resend,
                "Without a receipt it sends again after",
                &["1s", "100ms", "3s", "never"],
            ),
            (Key::Sending, "in this order", &["in order", "as it comes"]),
        ],
    ),
    (
        "The copies, and who shows the cart",
        &[
            (Key::Services, "Services", &["two", "one"]),
            (
                Key::Applying,
                "A copy applies updates",
                &["in order", "as it comes", "newest"],
            ),
            (Key::Repair, "It gets the whole cart every", WAITS),
            (
                Key::Views,
                "A view is answered by",
                &[
                    "s2",
                    "s1",
                    "any",
                    "sticky",
                    "nearest",
                    "token",
                    "token or s1",
                    "quorum 2",
                ],
            ),
            (
                Key::Checkout,
                "An order goes by the stock of",
                &["s2", "s1"],
            ),
        ],
    ),
    (
        "Load",
        &[(
            Key::Load,
            "Visitors",
            &[
                "none",
                "20/s, 1/10 writes",
                "100/s, 1/10 writes",
                "300/s, 1/10 writes",
                "1000/s, 1/10 writes",
            ],
        )],
    ),
];

/// As people read it: `12 ms`, `10 to 30 ms`, `40 ms on average`.
pub fn delay(delay: Delay) -> String {
    match delay {
        Delay::Constant(length) => length_of(length),
        Delay::Range(from, to) => format!("{} to {}", length_of(from), length_of(to)),
        Delay::Exponential(mean) => format!("{} on average", length_of(mean)),
    }
}

/// Exact, with a space before the unit.
fn length_of(length: SimDuration) -> String {
    let text = length.to_string();
    let unit = text
        .find(|letter: char| letter.is_ascii_alphabetic())
        .unwrap_or(text.len());
    format!("{} {}", &text[..unit], &text[unit..])
}
