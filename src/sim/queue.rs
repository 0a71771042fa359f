//! The queue of what will happen, ordered by time.
//!
//! Invariant: equal times are first in, first out; the script's own events come after all others
//! at their instant, in order of text. Time, class, sequence and the event itself are packed in
//! one `u128`, so that ordering is a single compare.

use crate::history::{ClientId, ServiceId};
use crate::sim::trace::MessageId;
use crate::time::SimTime;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message arrives.
    Deliver(MessageId),
    /// The database of this service has finished what it was doing.
    Database(ServiceId),
    /// A group of cues fires.
    Group(u32),
    /// A shopper's `waits` is over.
    Rested(ClientId),
    /// The background job's first entry for this copy is due.
    Due(ServiceId),
    /// Service 1 looks whether an update to this copy is still without its receipt.
    Resend(ServiceId),
}

const KIND_BITS: u32 = 29;
const PAYLOAD: u32 = (1 << KIND_BITS) - 1;

impl Event {
    fn pack(self) -> u32 {
        let (kind, payload) = match self {
            Event::Deliver(message) => (0, message.0),
            Event::Database(service) => (1, u32::from(service.0)),
            Event::Group(group) => (2, group),
            Event::Rested(client) => (3, client.0),
            Event::Due(copy) => (4, u32::from(copy.0)),
            Event::Resend(copy) => (5, u32::from(copy.0)),
        };
        debug_assert!(payload <= PAYLOAD);
        kind << KIND_BITS | payload
    }

    fn unpack(packed: u32) -> Event {
        let payload = packed & PAYLOAD;
        match packed >> KIND_BITS {
            0 => Event::Deliver(MessageId(payload)),
            1 => Event::Database(ServiceId(payload as u8)),
            2 => Event::Group(payload),
            3 => Event::Rested(ClientId(payload)),
            4 => Event::Due(ServiceId(payload as u8)),
            _ => Event::Resend(ServiceId(payload as u8)),
        }
    }
}

#[derive(Debug, Default)]
pub struct EventQueue {
    heap: BinaryHeap<Reverse<u128>>,
    sequence: u32,
}

const SCRIPT_CLASS: u32 = 1 << 31;

impl EventQueue {
    pub fn push(&mut self, at: SimTime, event: Event) {
        let order = match event {
            Event::Group(group) => SCRIPT_CLASS | group,
            _ => {
                self.sequence += 1;
                self.sequence
            }
        };
        let key = u128::from(at.0) << 64 | u128::from(order) << 32 | u128::from(event.pack());
        self.heap.push(Reverse(key));
    }

    pub fn pop(&mut self) -> Option<(SimTime, Event)> {
        let Reverse(key) = self.heap.pop()?;
        Some((SimTime((key >> 64) as u64), Event::unpack(key as u32)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_first_in_first_out_and_cues_come_last_in_order_of_text() {
        let mut queue = EventQueue::default();
        let pushed = [
            (5, Event::Group(2)),
            (5, Event::Deliver(MessageId(9))),
            (5, Event::Group(1)),
            (5, Event::Deliver(MessageId(3))),
            (4, Event::Rested(ClientId(7))),
            (5, Event::Database(ServiceId(2))),
        ];
        for (at, event) in pushed {
            queue.push(SimTime(at), event);
        }
        let order: Vec<Event> = std::iter::from_fn(|| queue.pop())
            .map(|(_, event)| event)
            .collect();
        let want = [4, 1, 3, 5, 2, 0].map(|nth: usize| pushed[nth].1);
        assert_eq!(order, want);
    }
}
