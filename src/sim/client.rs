//! A shopper: one operation at a time, in the order in which the lines fired.

use crate::sim::CueId;
use std::collections::VecDeque;

#[derive(Debug, Default)]
pub struct Client {
    /// Operations called so far: the next one's `n`.
    pub called: u32,
    /// What the shopper is busy with.
    pub busy: Option<CueId>,
    /// Lines that fired while the shopper was busy, in order of firing.
    pub queued: VecDeque<CueId>,
}
