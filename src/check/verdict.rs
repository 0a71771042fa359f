//! What can be promised of a run, what a text may claim of it, and what a judge answers.
//!
//! Invariant: a witness exists only with a violation; a promise that nothing put to the test is
//! [`Verdict::Untested`], never `Holds`.

use crate::history::OpId;
use crate::time::{SimDuration, SimTime};

/// A guarantee, by the name that `expect`, JSON and the docs use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Property {
    Linearizable,
    Sequential,
    Causal,
    CausalConvergence,
    CausalMemory,
    ReadYourWrites,
    MonotonicReads,
    MonotonicWrites,
    WritesFollowReads,
    ConsistentPrefix,
    BoundedStaleness,
    Fresh,
    Converges,
    NoLostWrites,
}

impl Property {
    pub const ALL: [Property; 14] = [
        Property::Linearizable,
        Property::Sequential,
        Property::Causal,
        Property::CausalConvergence,
        Property::CausalMemory,
        Property::ReadYourWrites,
        Property::MonotonicReads,
        Property::MonotonicWrites,
        Property::WritesFollowReads,
        Property::ConsistentPrefix,
        Property::BoundedStaleness,
        Property::Fresh,
        Property::Converges,
        Property::NoLostWrites,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Property::Linearizable => "linearizable",
            Property::Sequential => "sequential",
            Property::Causal => "causal",
            Property::CausalConvergence => "causal-convergence",
            Property::CausalMemory => "causal-memory",
            Property::ReadYourWrites => "read-your-writes",
            Property::MonotonicReads => "monotonic-reads",
            Property::MonotonicWrites => "monotonic-writes",
            Property::WritesFollowReads => "writes-follow-reads",
            Property::ConsistentPrefix => "consistent-prefix",
            Property::BoundedStaleness => "bounded-staleness",
            Property::Fresh => "fresh",
            Property::Converges => "converges",
            Property::NoLostWrites => "no-lost-writes",
        }
    }
}

/// What a text expects of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    Holds,
    Violated,
    Untested,
}

impl Expected {
    pub fn word(self) -> &'static str {
        match self {
            Expected::Holds => "holds",
            Expected::Violated => "violated",
            Expected::Untested => "untested",
        }
    }
}

/// What an `expect` line claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    Property {
        property: Property,
        expected: Expected,
    },
    /// No view is out of date by more than this.
    StalenessUnder(SimDuration),
}

/// What a judge says of one property, up to a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It could have broken this many times, and did not.
    Holds { chances: u32 },
    /// Nothing could have broken it.
    Untested,
    /// It broke at this moment, with this view as witness.
    Violated { at: SimTime, witness: OpId },
    /// May still come (convergence only).
    NotYet,
    /// No judge for it here.
    Unsupported,
}

impl Verdict {
    /// Whether the verdict is what the text expects; `None` where nothing can judge it yet.
    pub fn meets(self, expected: Expected) -> Option<bool> {
        match (self, expected) {
            (Verdict::Unsupported, _) => None,
            (Verdict::Holds { .. }, Expected::Holds) => Some(true),
            (Verdict::Violated { .. }, Expected::Violated) => Some(true),
            (Verdict::Untested, Expected::Untested) => Some(true),
            _ => Some(false),
        }
    }
}
