//! The scenario: what a text means, and the text itself.
//!
//! ```text
//!   text --parse--> Parsed { scenario, title, lines, diagnostics }
//!   scenario --print--> text         text + view --link::write--> #v1.qqe;… --link::read--> both
//! ```
//!
//! `parse` reads a text and never fails: a line that cannot be used becomes a diagnostic and is
//! skipped. `print` writes the one canonical form; `link` carries a text in an address; `edit`
//! makes the texts that clicks and switches ask for. Only this module knows the language, whose
//! version 1 is frozen (docs/scenario-language.md).
//!
//! Invariants: `parse(print(s)) == s`; `read(write(lines)) == canonical(lines)`; nothing panics,
//! and every text is read in a time bounded by [`Limits`].

pub mod diagnostic;
pub mod edit;
pub mod gallery;
pub mod limits;
pub mod link;
mod parse;
mod print;
mod statement;
mod values;
pub mod words;

pub use diagnostic::{Diagnostic, Severity};
pub use limits::{LIMITS, Limits, TextLimit};
pub use parse::{parse, parse_within};
pub use print::{canonical, deed, fault_line, print, value};
pub use values::{delay_of, duration_of, seed_of};

use crate::chance::Seed;
use crate::check::Claim;
use crate::history::ServiceId;
use crate::shop::Name;
use crate::sim::{Config, Cue, CueId};
use std::ops::Range;

/// What a text means: all that `run` looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    pub config: Config,
    pub seed: Seed,
    pub script: Vec<Cue>,
    pub expectations: Vec<Claim>,
}

impl Default for Scenario {
    fn default() -> Scenario {
        Scenario {
            config: Config::default(),
            seed: Seed(1),
            script: Vec::new(),
            expectations: Vec::new(),
        }
    }
}

/// A text that was read: what it means, where each part stands, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    pub scenario: Scenario,
    /// Stands outside the scenario: it changes no run.
    pub title: Option<String>,
    /// Every line that was read, in order; blank ones too.
    pub lines: Vec<Line>,
    /// For each cue, by [`CueId`], the place of its line in `lines`.
    pub cues: Vec<u32>,
    /// Every `expect`, in order of text.
    pub expects: Vec<Expect>,
    /// In order of line and column.
    pub diagnostics: Vec<Diagnostic>,
    /// The text is longer than this allows; what is beyond was not read.
    pub limit_reached: Option<TextLimit>,
}

impl Parsed {
    /// The line of a cue.
    pub fn cue_line(&self, cue: CueId) -> &Line {
        &self.lines[self.cues[cue.0 as usize] as usize]
    }

    /// Whether any statement was understood.
    pub fn understood(&self) -> bool {
        let idle = |kind| {
            matches!(
                kind,
                LineKind::Blank | LineKind::Comment | LineKind::Skipped
            )
        };
        self.lines.iter().any(|line| !idle(line.kind))
    }

    /// Whether the text holds statements at all, understood or not.
    pub fn is_blank(&self) -> bool {
        let blank = |kind| matches!(kind, LineKind::Blank | LineKind::Comment);
        self.lines.iter().all(|line| blank(line.kind))
    }
}

/// One line of a text; `;` ends a line as a newline does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: u32,
    /// The whole line in bytes of the text, without what ends it.
    pub place: Range<usize>,
    /// The statement in it: without comment, and without spaces around.
    pub body: Range<usize>,
    pub kind: LineKind,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    Blank,
    Comment,
    /// `v1`, the language's version.
    Version(u32),
    /// A mode or a setting; of several with the same key the last counts.
    Setting(Key),
    Cue(CueId),
    /// The place in [`Parsed::expects`].
    Expect(u32),
    /// How it is shown: belongs to links.
    View,
    /// Not understood, or not possible here: a diagnostic says why, and the rest runs.
    Skipped,
}

/// An `expect` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// From 1.
    pub line: u32,
    /// As typed, without the comment.
    pub text: String,
    /// What it claims; `None` where Lagoon cannot judge such a claim yet: counts as not met.
    /// Those with a claim stand in the same order in [`Scenario::expectations`].
    pub claim: Option<Claim>,
}

/// What a mode or a setting sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Mode,
    Title,
    Network,
    Write,
    Read,
    Lag,
    Pause,
    /// `services: one`: there is no Service 2.
    Services,
    Replicas,
    Timeout,
    Retries,
    Backoff,
    Keys,
    Acks,
    Receipt,
    Patience,
    Fallback,
    Outbox,
    Batch,
    Resend,
    Sending,
    Applying,
    Repair,
    Views,
    Load,
    /// `s3 lag`: of one copy.
    CopyLag(ServiceId),
    /// `s2 workers`: how many reads its database does at once.
    Workers(ServiceId),
    /// `s2 queue`: how many may wait for its database; more are refused.
    Queue(ServiceId),
    /// `s1-s3 network`: of one link, the lower service first.
    LinkNetwork(ServiceId, ServiceId),
    /// `alice-s3 network`: of a shopper's link.
    ShopperNetwork(Name, ServiceId),
    /// `stock`: of the one item that its value names.
    Stock,
    StockOf(Name),
    /// Whose stock decides.
    Checkout,
    Until,
    Seed,
}
