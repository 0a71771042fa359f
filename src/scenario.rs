//! The scenario: what a text means, and the text itself.
//!
//! `parse` reads a text and never fails: a line that cannot be used becomes a diagnostic and is
//! skipped. `print` writes the one canonical form; `link` carries a text in an address; `edit`
//! makes the texts that clicks and switches ask for. Only this module knows the language, whose
//! version 1 is frozen (docs/scenario-language.md).
//!
//! Invariants: `parse(print(s)) == s`; `read(write(lines)) == canonical(lines)`; neither panics.

use crate::chance::Seed;
use crate::check::Claim;
use crate::sim::{Config, Cue};

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
