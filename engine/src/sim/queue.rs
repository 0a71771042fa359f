//! The queue of what will happen, ordered by time.
//!
//! Invariant: equal times are first in, first out; the script's own events come after all others
//! at their instant, in order of text. Time, class and sequence are packed in one `u64`, so that
//! ordering is a single compare, in wasm too. What the script plans from the start stands apart in
//! order. What comes soonest stands sorted in a short list, all else in a heap: where little is
//! under way the heap has nothing to do, and where much is most of what is new is for later.

use crate::history::{ClientId, ServiceId};
use crate::order;
use crate::sim::trace::MessageId;
use crate::time::SimTime;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// A message arrives.
    Deliver(MessageId),
    /// A worker of this service's database has finished; of another life if the epoch is not the
    /// database's.
    Database(ServiceId, u8, u16),
    /// A group of cues fires.
    Group(u32),
    /// A shopper's `waits` is over.
    Rested(ClientId),
    /// The background job's first entry for this copy is due.
    Due(ServiceId),
    /// Service 1 looks whether an update to this copy is still without its receipt.
    Resend(ServiceId),
    /// The place of a timer of the world.
    Timer(u32),
    /// A visitor comes, as was expected under this load.
    Visit(u32),
}

/// The kind of an event has the bits above these, what it is about has these.
const KIND_BITS: u32 = 29;
const PAYLOAD: u32 = (1 << KIND_BITS) - 1;
const KINDS: u32 = 8;
const _: () = assert!(
    KINDS <= 1 << (u32::BITS - KIND_BITS),
    "the kinds need more bits"
);
const _: () = assert!(
    EventQueue::MOST <= PAYLOAD,
    "the messages of a run need more bits"
);

impl Event {
    fn pack(self) -> u32 {
        let (kind, payload) = match self {
            Event::Deliver(message) => (0, message.0),
            Event::Database(service, worker, epoch) => {
                let place = u32::from(service.0 & 0xf) | u32::from(worker & 0x7f) << 4;
                (1, place | u32::from(epoch) << 11)
            }
            Event::Group(group) => (2, group),
            Event::Rested(client) => (3, client.0),
            Event::Due(copy) => (4, u32::from(copy.0)),
            Event::Resend(copy) => (5, u32::from(copy.0)),
            Event::Timer(timer) => (6, timer),
            Event::Visit(epoch) => (7, epoch),
        };
        debug_assert!(kind < KINDS && payload <= PAYLOAD);
        kind << KIND_BITS | payload
    }

    fn unpack(packed: u32) -> Event {
        let payload = packed & PAYLOAD;
        match packed >> KIND_BITS {
            0 => Event::Deliver(MessageId(payload)),
            1 => {
                let service = ServiceId((payload & 0xf) as u8);
                Event::Database(service, (payload >> 4 & 0x7f) as u8, (payload >> 11) as u16)
            }
            2 => Event::Group(payload),
            3 => Event::Rested(ClientId(payload)),
            4 => Event::Due(ServiceId(payload as u8)),
            5 => Event::Resend(ServiceId(payload as u8)),
            6 => Event::Timer(payload),
            _ => Event::Visit(payload),
        }
    }
}

#[derive(Debug)]
pub struct EventQueue {
    /// The latest first: nothing in the heap comes before any of these.
    soon: Vec<u64>,
    later: BinaryHeap<Reverse<u64>>,
    /// Groups whose time was known from the start, in order.
    planned: VecDeque<u64>,
    /// All events that were ever pushed, by their order; but for groups, which are their own.
    events: Vec<u32>,
}

/// The short list is never longer; half of it moves at a time.
const SOON: usize = 64;
/// Below the time, which has 42 bits: some 1,200 hours, and a run ends after one.
const ORDER_BITS: u32 = 22;
const SCRIPT_CLASS: u32 = 1 << (ORDER_BITS - 1);

impl EventQueue {
    /// How many events a run may have, so that their order fits into its bits: one event never
    /// plans as many again.
    pub const MOST: u32 = SCRIPT_CLASS / 2;

    /// A queue in which these groups of cues already stand, given in order of text.
    pub fn new(planned: impl Iterator<Item = (SimTime, u32)>) -> EventQueue {
        let mut planned: Vec<(SimTime, u32)> = planned.collect();
        order::by_key(&mut planned, |(at, _)| at.0);
        let keys = planned
            .into_iter()
            .map(|(at, group)| key(at, SCRIPT_CLASS | group));
        EventQueue {
            soon: Vec::with_capacity(SOON),
            later: BinaryHeap::new(),
            planned: keys.collect(),
            events: Vec::new(),
        }
    }

    #[inline(always)]
    pub fn push(&mut self, at: SimTime, event: Event) {
        let order = match event {
            Event::Group(group) => SCRIPT_CLASS | group,
            _ => {
                self.events.push(event.pack());
                self.events.len() as u32 - 1
            }
        };
        debug_assert!(order >> ORDER_BITS == 0);
        let key = key(at, order);
        if self.soon.len() == SOON {
            self.later.extend(self.soon.drain(..SOON / 2).map(Reverse));
        }
        let is_soon = match self.soon.first() {
            Some(latest) => key < *latest || self.later.is_empty(),
            None => self.later.is_empty(),
        };
        match is_soon {
            true => self.insert(key),
            false => self.later.push(Reverse(key)),
        }
    }

    #[inline(always)]
    fn insert(&mut self, key: u64) {
        self.soon.push(key);
        let mut place = self.soon.len() - 1;
        while place > 0 {
            let sooner = self.soon[place - 1];
            if sooner > key {
                break;
            }
            self.soon[place] = sooner;
            place -= 1;
        }
        self.soon[place] = key;
    }

    /// The short list is empty: what comes next in the heap moves there.
    fn refill(&mut self) {
        let next = std::iter::from_fn(|| self.later.pop());
        self.soon
            .extend(next.take(SOON / 2).map(|Reverse(key)| key));
        self.soon.reverse();
    }

    /// How many events wait, apart from what the script plans.
    pub fn under_way(&self) -> usize {
        self.soon.len() + self.later.len()
    }

    /// All that waits, apart from what the script plans, in no order; `None` while the script
    /// still plans something.
    pub fn waiting(&self) -> Option<impl Iterator<Item = (SimTime, Event)> + '_> {
        let later = self.later.iter().map(|Reverse(key)| key);
        let all = self.soon.iter().chain(later);
        self.planned
            .is_empty()
            .then(|| all.map(|key| self.open(*key)))
    }

    #[inline(always)]
    pub fn pop(&mut self) -> Option<(SimTime, Event)> {
        if self.soon.is_empty() {
            self.refill();
        }
        let key = match (self.soon.last(), self.planned.front()) {
            (Some(next), Some(planned)) if planned < next => self.planned.pop_front()?,
            (None, _) => self.planned.pop_front()?,
            _ => self.soon.pop()?,
        };
        Some(self.open(key))
    }

    #[inline(always)]
    fn open(&self, key: u64) -> (SimTime, Event) {
        let order = key as u32 & (2 * SCRIPT_CLASS - 1);
        let event = match order & SCRIPT_CLASS {
            0 => Event::unpack(self.events[order as usize]),
            _ => Event::Group(order - SCRIPT_CLASS),
        };
        (SimTime(key >> ORDER_BITS), event)
    }
}

/// Of what is later than a run can be nobody asks how much.
#[inline(always)]
fn key(at: SimTime, order: u32) -> u64 {
    at.0.min(u64::MAX >> ORDER_BITS) << ORDER_BITS | u64::from(order)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its place in the list of all kinds; a new kind does not compile before it has one.
    fn kind(event: Event) -> u32 {
        match event {
            Event::Deliver(_) => 0,
            Event::Database(..) => 1,
            Event::Group(_) => 2,
            Event::Rested(_) => 3,
            Event::Due(_) => 4,
            Event::Resend(_) => 5,
            Event::Timer(_) => 6,
            Event::Visit(_) => 7,
        }
    }

    #[test]
    fn every_kind_is_unpacked_as_it_was_packed() {
        let most = PAYLOAD;
        let events = [
            Event::Deliver(MessageId(0)),
            Event::Deliver(MessageId(most)),
            Event::Database(ServiceId(0), 0, 0),
            Event::Database(ServiceId(15), 127, u16::MAX),
            Event::Group(most),
            Event::Rested(ClientId(most)),
            Event::Due(ServiceId(15)),
            Event::Resend(ServiceId(15)),
            Event::Timer(most),
            Event::Visit(most),
        ];
        let mut seen = [false; KINDS as usize];
        for event in events {
            assert_eq!(Event::unpack(event.pack()), event);
            seen[kind(event) as usize] = true;
        }
        assert_eq!(seen, [true; KINDS as usize], "a kind is missing above");
    }

    #[test]
    fn ties_are_first_in_first_out_and_cues_come_last_in_order_of_text() {
        let planned = [(SimTime(6), 0), (SimTime(5), 3)];
        let mut queue = EventQueue::new(planned.into_iter());
        let pushed = [
            (5, Event::Group(2)),
            (5, Event::Deliver(MessageId(9))),
            (5, Event::Group(4)),
            (5, Event::Deliver(MessageId(3))),
            (4, Event::Rested(ClientId(7))),
            (5, Event::Database(ServiceId(2), 3, 9)),
        ];
        for (at, event) in pushed {
            queue.push(SimTime(at), event);
        }
        let order: Vec<Event> = std::iter::from_fn(|| queue.pop())
            .map(|(_, event)| event)
            .collect();
        let mut want = [4, 1, 3, 5, 0, 2].map(|nth: usize| pushed[nth].1).to_vec();
        want.insert(5, Event::Group(3));
        want.push(Event::Group(0));
        assert_eq!(order, want);
    }

    /// More and less than the short list holds, pushed and popped in turns: always the soonest, and
    /// of equals the first.
    #[test]
    fn what_comes_next_is_the_soonest_however_much_is_under_way() {
        let chance = crate::chance::Chance::new(crate::chance::Seed(7));
        let draw = |key| chance.draw(crate::chance::Stream::Delay, key);
        let mut queue = EventQueue::new(std::iter::empty());
        let mut waiting: Vec<(SimTime, u32)> = Vec::new();
        for nth in 0..20_000 {
            // Bursts of growing length, each followed by as long a time in which more goes.
            let burst = 64 + nth / 2_000 * 64;
            let fills = nth % (3 * burst) < burst;
            if fills || draw(u64::from(nth)) % 100 < 20 {
                let at = SimTime(u64::from(nth) + draw(u64::from(nth) << 32) % 3_000);
                queue.push(at, Event::Deliver(MessageId(nth)));
                waiting.push((at, nth));
            } else {
                let next = waiting.iter().min().copied();
                waiting.retain(|one| Some(*one) != next);
                let next = next.map(|(at, nth)| (at, Event::Deliver(MessageId(nth))));
                assert_eq!(queue.pop(), next);
            }
            assert_eq!(queue.under_way(), waiting.len());
        }
    }
}
