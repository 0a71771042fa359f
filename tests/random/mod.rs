//! Random trouble, as a text can say it: every line about it, and every setting against it.
//!
//! Invariant: numbers alone are drawn; they become a fault where copies and shoppers are known.

use lagoon::chance::{Delay, Ratio};
use lagoon::history::{ClientId, ServiceId, Version};
use lagoon::shop::{Kind, Line, Name};
use lagoon::sim::fault::{Ask, Hand, Link, LinkFault, Nodes, Parcel, Point, Trouble};
use lagoon::sim::trace::NodeId;
use lagoon::sim::{Acks, Checkout, Config, Fallback, Fault, Load, Order, Receipt, Views};
use lagoon::time::SimDuration;
use proptest::array::{uniform6, uniform9};
use proptest::option;
use proptest::prelude::*;

/// A line of trouble before it is known whom it may name.
#[derive(Clone, Debug)]
pub struct Draft {
    what: u32,
    numbers: [u32; 6],
    delay: Delay,
    length: SimDuration,
    until: Option<SimDuration>,
}

pub fn drafts(
    delay: impl Strategy<Value = Delay> + Clone,
    length: impl Strategy<Value = SimDuration> + Clone,
) -> impl Strategy<Value = Draft> + Clone {
    let numbers = uniform6(0..1_000_000u32);
    let parts = (0..22u32, numbers, delay, length.clone(), option::of(length));
    parts.prop_map(|(what, numbers, delay, length, until)| Draft {
        what,
        numbers,
        delay,
        length,
        until,
    })
}

impl Draft {
    pub fn fault(&self, copies: u8, client: &mut impl FnMut(usize) -> ClientId) -> Fault {
        let [one, other, third, ..] = self.numbers;
        let service = ServiceId(1 + (one % (u32::from(copies) + 1)) as u8);
        let copy = ServiceId(2 + (one % u32::from(copies)) as u8);
        let until = self.until;
        match self.what {
            0 => Fault::Crash(service, until),
            1 => {
                let points = [Point::Writing, Point::Confirming, Point::Replicating];
                let known = if service == ServiceId::S1 { 3 } else { 2 };
                let ask = self.ask(4, client);
                Fault::CrashAt(service, points[other as usize % known], ask, until)
            }
            2 => Fault::Restart(service),
            3 => Fault::Pause(service, until),
            4 => Fault::Resume(service),
            5 => Fault::Database(service, Trouble::Stalls, until),
            6 => Fault::Database(service, Trouble::Slows(self.delay), until),
            7 => Fault::Recover(service),
            8 => Fault::Partition(self.side(0, copies, client), self.side(1, copies, client)),
            9 => Fault::Unite,
            10 => Fault::HealAll,
            20 => Fault::LoseDisk(service),
            21 => Fault::TakeOver(copy),
            11..=15 => {
                let hands = [
                    Hand::Drop,
                    Hand::Hold,
                    Hand::Release,
                    Hand::Duplicate,
                    Hand::Delay(self.length),
                ];
                let version = Version(1 + third % 999_999);
                let parcel = match other % 4 {
                    0 => Parcel::Update(version, copy),
                    1 => Parcel::Receipt(version, copy),
                    2 => Parcel::Request(self.ask(5, client)),
                    _ => Parcel::Answer(self.ask(5, client)),
                };
                Fault::Message(hands[self.what as usize - 11], parcel)
            }
            _ => Fault::Link(self.link(copies, client), self.link_fault()),
        }
    }

    /// An operation of the first so many kinds.
    fn ask(&self, kinds: usize, client: &mut impl FnMut(usize) -> ClientId) -> Ask {
        let [.., who, kind, nth] = self.numbers;
        Ask {
            client: client(who as usize % 4),
            kind: [Kind::Add, Kind::Set, Kind::Remove, Kind::Buy, Kind::View]
                [kind as usize % kinds],
            nth: 1 + nth % 999,
        }
    }

    /// A node is on the first side, on the second, or on none, but each side has a service.
    fn side(&self, side: u32, copies: u8, client: &mut impl FnMut(usize) -> ClientId) -> Nodes {
        let mut nodes = Nodes::default();
        for (who, number) in self.numbers.iter().take(4).enumerate() {
            if number % 3 == side {
                nodes.add(NodeId::Client(client(who)));
            }
        }
        for service in 1..=copies + 1 {
            let own = match service {
                1 | 2 => u32::from(service) - 1,
                _ => self.numbers[5] / u32::from(service) % 3,
            };
            if own == side {
                nodes.add(NodeId::Service(ServiceId(service)));
            }
        }
        nodes
    }

    fn link(&self, copies: u8, client: &mut impl FnMut(usize) -> ClientId) -> Link {
        let [one, other, third, ..] = self.numbers;
        let services = u32::from(copies) + 1;
        let low = one % services;
        let service = |number: u32| NodeId::Service(ServiceId(1 + number as u8));
        let far = match other % 2 {
            0 => NodeId::Client(client(other as usize / 2 % 4)),
            _ => service((low + 1 + third % (services - 1)) % services),
        };
        let (from, to) = match (third / 7 % 3, far) {
            (0, _) => (service(low), far),
            (1, _) => (far, service(low)),
            (_, NodeId::Service(number)) if u32::from(number.0) > low + 1 => (service(low), far),
            _ => (far, service(low)),
        };
        let both = third / 7 % 3 == 2;
        Link { from, to, both }
    }

    fn link_fault(&self) -> LinkFault {
        let [.., kind, num, den] = self.numbers;
        let (num, den) = (num.min(den) + 1, den.max(num) + 1);
        let (mut divisor, mut rest) = (num, den);
        while rest > 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        let (num, den) = (num / divisor, den / divisor);
        let ratio = Ratio { num, den };
        match kind % 6 {
            0 => LinkFault::Breaks(self.until),
            1 => LinkFault::Heals,
            2 => LinkFault::Slows(self.delay),
            3 => LinkFault::Loses(ratio),
            4 => LinkFault::Duplicates(ratio),
            _ => LinkFault::Reorders(ratio, self.length),
        }
    }
}

/// A few visitors: up to 20 a second, for up to a second.
pub fn visitors(rate: u32, writes: u32, length: u32) -> Load {
    let parts = [(0, 1), (1, 4), (1, 2), (3, 4), (1, 1)];
    let (num, den) = parts[writes as usize % 5];
    Load {
        rate: rate % 20 + 1,
        writes: Ratio { num, den },
        length: SimDuration::from_millis((length % 1000).into()),
    }
}

/// The configuration with every setting against trouble.
pub fn against(
    config: impl Strategy<Value = Config>,
    delay: impl Strategy<Value = Delay>,
    length: impl Strategy<Value = SimDuration> + Clone,
) -> impl Strategy<Value = Config> {
    let shortest = SimDuration::from_millis(1);
    let length = option::of(length.prop_map(move |length| length.max(shortest)));
    let lengths = (
        length.clone(),
        length.clone(),
        length.clone(),
        length.clone(),
        length,
    );
    let parts = (config, delay, lengths, uniform9(0..1000u32));
    parts.prop_map(|(config, backoff, lengths, numbers)| {
        let [
            retries,
            keys,
            acks,
            receipt,
            fallback,
            outbox,
            sending,
            applying,
            views,
        ] = numbers;
        let workers = views / 9;
        let count = |number: u32| 1 + (number / 10 % u32::from(config.replicas)) as u8;
        let orders = [Order::InOrder, Order::AsItComes, Order::Newest];
        let (timeout, patience, batch, resend, repair) = lengths;
        Config {
            timeout,
            retries: (retries % 11) as u8,
            backoff,
            keys: keys % 2 == 0,
            acks: [Acks::All, Acks::Majority, Acks::Count(count(acks))][acks as usize % 3],
            receipt: [Receipt::Applied, Receipt::Written, Receipt::Received][receipt as usize % 3],
            patience,
            fallback: [Fallback::Error, Fallback::Undo, Fallback::Done][fallback as usize % 3],
            durable_outbox: outbox % 2 == 0,
            batch,
            resend,
            sending: orders[sending as usize % 2],
            applying: orders[applying as usize % 3],
            repair,
            views: [
                Views::From(ServiceId::S2),
                Views::From(ServiceId(count(views))),
                Views::From(ServiceId(count(views) + 1)),
                Views::Any,
                Views::Sticky,
                Views::Nearest,
                Views::Token,
                Views::TokenElseS1,
                Views::Quorum(count(views)),
            ][views as usize % 9],
            stock: [("book", retries), ("pen", keys)]
                .into_iter()
                .filter(|(_, number)| number % 3 > 0)
                .filter_map(|(item, number)| {
                    let item = Name::new(item)?;
                    Some(Line {
                        item,
                        qty: number / 3 % 4,
                    })
                })
                .collect(),
            checkout: [Checkout::Shown, Checkout::Commit][retries as usize % 2],
            load: (workers % 4 == 0).then(|| visitors(keys + 1, acks, retries)),
            workers: (workers % 3 > 0)
                .then(|| (ServiceId(1 + (workers % 2) as u8), 1 + (workers % 64) as u8))
                .into_iter()
                .collect(),
            queues: (workers % 5 == 0)
                .then_some((ServiceId(2), workers as u16))
                .into_iter()
                .collect(),
            ..config
        }
    })
}
