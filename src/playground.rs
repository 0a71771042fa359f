//! What the person is doing: the text, the playhead, and what a click or a key does to them.
//!
//! `update` is pure: a message goes in, a new state and a list of effects come out; the effects
//! are performed by `app` and `web`. Invariant: the text is the whole scenario; every change of
//! it can be undone; the run on the screen is always the run of the text on the screen, or the
//! page says that it is still being computed.

use crate::history::ServiceId;
use crate::shop::{Name, Op};
use crate::sim::ReplicationMode;
use crate::time::SimTime;

/// Everything that a person, a clock or the address bar can do to the playground.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    // The transport.
    Play,
    Pause,
    Restart,
    StepBack,
    StepForward,
    Seek(SimTime),
    /// One of the speeds: wall time is this many times longer than simulated time.
    Speed(u32),
    // The stage: an operation by this shopper at the playhead.
    Shop {
        client: Name,
        op: Op,
        to: ServiceId,
    },
    AddShopper,
    // The switch and the settings.
    Mode(ReplicationMode),
    SideBySide,
}
