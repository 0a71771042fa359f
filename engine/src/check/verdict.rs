//! What can be promised of a run, what a text may claim of it, and what a judge answers.
//!
//! Invariant: a witness exists only with a violation, and is data, never words; a promise that
//! nothing put to the test is [`Verdict::Untested`], never `Holds`.

use crate::history::{ClientId, OpId, ServiceId, Version};
use crate::shop::{Cart, Kind, Name};
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
    NeverOversold,
    NoLostUpdates,
}

impl Property {
    pub const ALL: [Property; 16] = [
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
        Property::NeverOversold,
        Property::NoLostUpdates,
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
            Property::NeverOversold => "never-oversold",
            Property::NoLostUpdates => "no-lost-updates",
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
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    Property {
        property: Property,
        expected: Expected,
    },
    /// No view is out of date by more than this.
    StalenessUnder(SimDuration),
    /// A view of this shopper is answered with exactly this cart.
    Shows { who: Name, nth: u32, cart: Cart },
    /// This operation, or every one of this shopper, is answered within the bound.
    WaitsUnder {
        who: Name,
        which: Option<(Kind, u32)>,
        bound: SimDuration,
    },
}

/// What a judge says of one property, up to a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It could have broken this many times, and did not.
    Holds {
        chances: u32,
    },
    /// Nothing could have broken it; what is wanting says [`Verdicts::wanting`].
    ///
    /// [`Verdicts::wanting`]: crate::check::Verdicts::wanting
    Untested,
    Violated(Witness),
    /// May still come (convergence only).
    NotYet,
    /// No judge can tell.
    Unknown(Why),
}

impl Verdict {
    /// Its word in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Holds { .. } => "holds",
            Verdict::Untested => "untested",
            Verdict::Violated(_) => "violated",
            Verdict::NotYet => "not-yet",
            Verdict::Unknown(_) => "unknown",
        }
    }

    /// Whether the verdict is what the text expects; `None` where no judge can tell.
    pub fn meets(self, expected: Expected) -> Option<bool> {
        match (self, expected) {
            (Verdict::Unknown(_), _) => None,
            (Verdict::Holds { .. }, Expected::Holds) => Some(true),
            (Verdict::Violated(_), Expected::Violated) => Some(true),
            (Verdict::Untested, Expected::Untested) => Some(true),
            _ => Some(false),
        }
    }
}

/// What shows that a property is broken: `op` should have held `version`, because of `because`.
///
/// | property | `op` | `version` | `because` |
/// |---|---|---|---|
/// | fresh, linearizable | the stale view | what it misses, the first out | what brought it out |
/// | read your writes | the view | the shopper's own missing write | that write |
/// | monotonic reads | the view | what it lacks | her earlier view, which showed it |
/// | monotonic writes | the view | the earlier write, missing or too late | the later write |
/// | writes follow reads | the view | what the writer had been shown | the write |
/// | consistent prefix | the view | what should stand in this place | the view |
/// | causal convergence | the view | the write that comes too late | the view |
/// | causal memory | the view | what should stand in this place | her earlier view |
/// | no lost writes | the write | its version | the write |
/// | never oversold | the order too many | that of the order before it | that order |
/// | no lost updates | the write that sets | the version that it overwrites | that write |
/// | converges | the last write | its version | the write |
///
/// Sequential, linearizable and causal are broken by what breaks one of their parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness {
    /// When it broke: the answer that completes the proof arrived.
    pub at: SimTime,
    pub op: OpId,
    pub version: Version,
    pub because: OpId,
    /// The service that answered the view, or that showed enough for the order; or the copy that
    /// lacks the write or differs.
    pub replica: ServiceId,
}

/// Why no judge can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Bounded staleness is judged against a bound that the text sets; it sets none.
    NoBound,
    /// Service 1's log does not explain every answer by its place in it, so that only a search
    /// through all orders could tell.
    NoPlace,
}

/// What would put an untested property to the test: the next thing to happen, and by whom;
/// anybody where it is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A write, and its confirmation.
    Write(Option<ClientId>),
    /// A view.
    View(Option<ClientId>),
    /// An order of more than is left.
    Order,
    /// That somebody who was shown the cart sets what another one changes.
    Set,
}
