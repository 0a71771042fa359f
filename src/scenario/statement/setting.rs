//! Settings: from a key and a value onto the scenario.
//!
//! Invariant: a value that cannot be read leaves the scenario as it is. Whether the copies that a
//! setting names are there is checked when all settings are known.

use super::{QTY_MAX, Reader, glue, join};
use crate::chance::{Delay, Seed};
use crate::history::ServiceId;
use crate::scenario::Key;
use crate::scenario::parse::one_spaced;
use crate::scenario::print::without_percent;
use crate::scenario::values::{self, SEED_MAX, fault, quote};
use crate::scenario::words::{self, Word};
use crate::shop::{Line, Name};
use crate::sim::{Acks, Checkout, Fallback, Order, Receipt, Views};
use crate::time::{SimDuration, SimTime};

/// How often a shopper may ask again.
const RETRIES_MAX: u8 = 10;

/// More workers than this make no difference to a shop of eight shoppers.
const WORKERS_MAX: u8 = 64;
/// The longest queue that can be set.
pub const QUEUE_MAX: u16 = 9999;

/// The shortest of the times that end a waiting, or come again and again.
const SHORTEST: SimDuration = SimDuration::from_millis(1);

impl Reader<'_> {
    pub(super) fn setting(
        &mut self,
        key: &[Word],
        value: &[Word],
        typed: &str,
        at: u32,
    ) -> Option<Key> {
        let column = value.first().map_or(at, |word| word.column);
        let key = match key {
            [word] => match words::key(word.text) {
                Some(key) => key,
                None => return self.unknown_key(*word, &glue(value)),
            },
            [place, key] => self.own_key(*place, *key)?,
            [] => return self.say(at - 1, &["A setting is a name, a colon and a value."], None),
            _ => return self.say(key[0].column, &["A colon stands only in a setting."], None),
        };
        if key == Key::Stock {
            return self.stock(value, column).map(Key::StockOf);
        }
        self.set(key, value, typed, column)?;
        Some(key)
    }

    /// `book 1`: so many there are of one item.
    fn stock(&mut self, value: &[Word], column: u32) -> Option<Name> {
        let known = match value {
            [item, number] => values::whole(number.text, 0, QTY_MAX.into())
                .zip(Name::new(item.text))
                .filter(|_| !words::is_reserved(item.text)),
            _ => None,
        };
        let Some((qty, item)) = known else {
            let message = "Stock is an item and how many there are, 0 to 999, as in stock: book 1.";
            return self.say(column, &[message], Some("book 1".to_string()));
        };
        let stock = &mut self.scenario.config.stock;
        let qty = qty as u32;
        match stock.binary_search_by(|line| line.item.cmp(&item)) {
            Ok(place) => stock[place].qty = qty,
            Err(_) if stock.len() >= self.limits.stock => {
                let most = self.limits.stock.to_string();
                let message = ["There is room for ", &most, " items with a stock."];
                return self.say(column, &message, None);
            }
            Err(place) => stock.insert(place, Line { item, qty }),
        }
        Some(item)
    }

    fn set(&mut self, key: Key, value: &[Word], typed: &str, column: u32) -> Option<()> {
        let (glued, text) = (glue(value), join(value));
        match key {
            Key::Mode => {}
            Key::Title => self.set_title(typed),
            Key::Pause => self.scenario.config.pause = self.duration(&glued, column)?,
            Key::Until => {
                let at = SimTime::ZERO + self.duration(&glued, column)?;
                self.scenario.config.until = Some(at);
            }
            Key::Services => self.one = self.choose(words::SERVICES, &text, column)? == 0,
            Key::Replicas => {
                let most = self.limits.copies;
                let message = "Service 2 has 1 to N copies.";
                self.scenario.config.replicas = self.count(&glued, column, 1..=most, message)?;
            }
            Key::Retries => {
                let message = "A shopper asks again 0 to N times.";
                self.scenario.config.retries =
                    self.count(&glued, column, 0..=RETRIES_MAX, message)?;
            }
            Key::Seed => self.scenario.seed = self.seed(&glued, column)?,
            Key::Keys => self.scenario.config.keys = self.choose(words::SWITCH, &text, column)? > 0,
            Key::Outbox => {
                self.scenario.config.durable_outbox =
                    self.choose(words::OUTBOX, &text, column)? > 0;
            }
            Key::Receipt => {
                let receipts = [Receipt::Received, Receipt::Written, Receipt::Applied];
                let nth = self.choose(words::RECEIPTS, &text, column)?;
                self.scenario.config.receipt = receipts[nth];
            }
            Key::Fallback => {
                let fallbacks = [Fallback::Error, Fallback::Undo, Fallback::Done];
                let nth = self.choose(words::FALLBACKS, &text, column)?;
                self.scenario.config.fallback = fallbacks[nth];
            }
            Key::Sending | Key::Applying => {
                let orders = [Order::InOrder, Order::AsItComes, Order::Newest];
                let known = words::ORDERS.len() - usize::from(key == Key::Sending);
                let order = orders[self.choose(&words::ORDERS[..known], &text, column)?];
                let config = &mut self.scenario.config;
                match key {
                    Key::Sending => config.sending = order,
                    _ => config.applying = order,
                }
            }
            Key::Workers(id) => {
                let message = "A database has 1 to N workers.";
                let count = self.count(&glued, column, 1..=WORKERS_MAX, message)?;
                let workers = &mut self.scenario.config.workers;
                workers.retain(|(known, _)| *known != id);
                workers.push((id, count));
            }
            Key::Queue(id) => {
                let Some(count) = values::whole(&glued, 0, QUEUE_MAX.into()) else {
                    let message = "0 to 9999 may wait.";
                    return self.say(column, &[message], Some("10".to_string()));
                };
                let queues = &mut self.scenario.config.queues;
                queues.retain(|(known, _)| *known != id);
                queues.push((id, count as u16));
            }
            Key::Checkout => {
                let checkouts = [Checkout::Shown, Checkout::Commit];
                self.scenario.config.checkout =
                    checkouts[self.choose(words::CHECKOUTS, &text, column)?];
            }
            Key::Acks => self.scenario.config.acks = self.acks(value, column)?,
            Key::Load if matches!(&text[..], "none" | "off") => self.scenario.config.load = None,
            Key::Load => self.scenario.config.load = Some(self.load(value, column)?),
            Key::Views => self.scenario.config.views = self.answered_by(value, column)?,
            Key::Timeout | Key::Patience | Key::Batch | Key::Resend | Key::Repair => {
                let length = self.maybe(&glued, column)?;
                let config = &mut self.scenario.config;
                *match key {
                    Key::Timeout => &mut config.timeout,
                    Key::Patience => &mut config.patience,
                    Key::Batch => &mut config.batch,
                    Key::Resend => &mut config.resend,
                    _ => &mut config.repair,
                } = length;
            }
            _ => self.set_delay(key, value, column)?,
        }
        Some(())
    }

    fn set_delay(&mut self, key: Key, value: &[Word], column: u32) -> Option<()> {
        let delay = self.delay(value, column)?;
        let config = &mut self.scenario.config;
        match key {
            Key::Network => config.network = delay,
            Key::Write => config.write = delay,
            Key::Read => config.read = delay,
            Key::Backoff => config.backoff = delay,
            Key::CopyLag(copy) => {
                config.lags.retain(|(known, _)| *known != copy);
                config.lags.push((copy, delay));
            }
            Key::LinkNetwork(one, other) => {
                config.links.retain(|(known, _)| *known != (one, other));
                config.links.push(((one, other), delay));
            }
            Key::ShopperNetwork(who, id) => {
                let links = &mut config.shopper_links;
                links.retain(|(known, _)| *known != (who, id));
                let place = links.partition_point(|(known, _)| *known < (who, id));
                links.insert(place, ((who, id), delay));
            }
            _ => config.lag = delay,
        }
        Some(())
    }

    /// The last setting of this key names copies that are not there: it is as if it were not.
    pub fn unset_where_impossible(&mut self, key: Key, column: u32) -> Option<()> {
        let copies = self.scenario.config.replicas;
        let config = &mut self.scenario.config;
        let (acks, views) = (config.acks, config.views);
        let possible = match (key, acks, views) {
            (Key::Replicas, ..) if copies == 0 => self.no_copies(&key.text(), column),
            (Key::Acks, Acks::Count(_), _) if copies == 0 => self.no_copies("acks", column),
            (Key::Views, _, views) if copies == 0 && views != Views::From(ServiceId::S1) => {
                self.no_copies("views", column)
            }
            (Key::CopyLag(id) | Key::Workers(id) | Key::Queue(id), ..) => {
                self.service_exists(id, 1)
            }
            (Key::LinkNetwork(_, id) | Key::ShopperNetwork(_, id), ..) => {
                self.service_exists(id, 1)
            }
            (Key::Views, _, Views::From(service)) => self.service_exists(service, column),
            (Key::Acks, Acks::Count(count), _) | (Key::Views, _, Views::Quorum(count))
                if count > copies =>
            {
                let line = ["replicas: ", &count.to_string()].concat();
                let message = [
                    "There are not so many copies: replicas is ",
                    &copies.to_string(),
                ];
                self.say(column, &[&message.concat(), "."], Some(line))
            }
            _ => Some(()),
        };
        if possible.is_none() {
            let config = &mut self.scenario.config;
            match key {
                Key::CopyLag(copy) => config.lags.retain(|(known, _)| *known != copy),
                Key::Workers(id) => config.workers.retain(|(known, _)| *known != id),
                Key::Queue(id) => config.queues.retain(|(known, _)| *known != id),
                Key::LinkNetwork(one, other) => {
                    config.links.retain(|(known, _)| *known != (one, other));
                }
                Key::ShopperNetwork(who, id) => {
                    config
                        .shopper_links
                        .retain(|(known, _)| *known != (who, id));
                }
                Key::Acks => config.acks = Acks::All,
                Key::Replicas => {}
                _ => config.views = Views::From(ServiceId::S2),
            }
        }
        possible
    }

    /// A setting about copies, where there are none.
    fn no_copies(&mut self, key: &str, column: u32) -> Option<()> {
        let message = [
            &quote(key),
            " speaks of copies, and services: one has none.",
        ];
        self.say(column, &message, Some("services: two".to_string()))
    }

    fn unknown_key(&mut self, key: Word, value: &str) -> Option<Key> {
        if words::is_later_key(key.text) {
            return self.later(key);
        }
        if matches!(key.text, "mode" | "replication")
            && let Some((mode, _)) = words::mode(value)
        {
            let message = "A mode stands alone on its line.";
            return self.say(key.column, &[message], Some(mode.word().to_string()));
        }
        let foreign = words::FOREIGN_KEYS.iter();
        let foreign = foreign.filter(|(word, _)| *word == key.text);
        let meant = foreign.map(|(_, meant)| *meant).next();
        let meant = meant.or_else(|| self.nearest(key.text, words::KEYS));
        let list = words::KEYS.join(", ");
        let message = [&quote(key.text), " is no setting. There are ", &list, "."];
        self.say(key.column, &message, meant.map(str::to_string))
    }

    /// `s3 lag`, `s1-s3 network` and `alice-s3 network`.
    fn own_key(&mut self, place: Word, key: Word) -> Option<Key> {
        if words::is_later_key(key.text) {
            return self.later(key);
        }
        match (
            words::service(place.text),
            words::link(place.text),
            key.text,
        ) {
            (Some(1), _, "lag") => {
                let message = "Service 1 is no copy: the copies that lag are s2 and up.";
                self.say(place.column, &[message], Some("s2 lag".to_string()))
            }
            (Some(copy), _, "lag") => Some(Key::CopyLag(ServiceId(copy))),
            (Some(id), _, "workers") => Some(Key::Workers(ServiceId(id))),
            (Some(id), _, "queue") => Some(Key::Queue(ServiceId(id))),
            (_, Some((_, _, true)), _) => self.later(place),
            _ => {
                let link = Key::of_link(place.text).filter(|_| key.text == "network");
                let message = "One service or one link is set as in s3 lag: 900ms, s2 workers: 4, \
                               s2 queue: 10, s1-s3 network: 200ms or alice-s3 network: 5ms.";
                link.or_else(|| self.say(place.column, &[message], None))
            }
        }
    }

    fn set_title(&mut self, typed: &str) {
        let title = one_spaced(&without_percent(typed));
        let most = self.limits.title;
        let end = title.char_indices().nth(most).map(|(end, _)| end);
        if end.is_some() {
            let message = ["A title is cut after ", &most.to_string(), " characters."];
            self.problem::<()>(1, fault(&message, None));
        }
        let title = title[..end.unwrap_or(title.len())].to_string();
        self.title = Some(title).filter(|title| !title.is_empty());
    }

    pub(super) fn delay(&mut self, value: &[Word], column: u32) -> Option<Delay> {
        match values::delay(value) {
            Ok((delay, swapped)) => {
                if swapped {
                    let read = delay.to_string();
                    let message = ["The smaller end comes first; read as ", &read, "."];
                    self.note(column, fault(&message, Some(read.clone())));
                }
                Some(delay)
            }
            Err(fault) => self.problem(column, fault),
        }
    }

    pub(super) fn duration(&mut self, word: &str, column: u32) -> Option<SimDuration> {
        if word.is_empty() {
            return self.say(
                column,
                &["A duration is expected, as in 300ms or 1.5s."],
                None,
            );
        }
        match values::duration(word) {
            Ok(length) => Some(length),
            Err(fault) => self.problem(column, fault),
        }
    }

    /// A duration that is none of nothing, or `never`.
    fn maybe(&mut self, word: &str, column: u32) -> Option<Option<SimDuration>> {
        if matches!(word, "never" | "none" | "off") {
            return Some(None);
        }
        let length = self.duration(word, column)?;
        if length < SHORTEST {
            let message = "It is at least 1ms, or never.";
            return self.say(column, &[message], Some("1ms".to_string()));
        }
        Some(Some(length))
    }

    /// A whole number between two bounds; the message has an N where the upper one stands.
    fn count(
        &mut self,
        word: &str,
        column: u32,
        bounds: std::ops::RangeInclusive<u8>,
        message: &str,
    ) -> Option<u8> {
        let (least, most) = (*bounds.start(), *bounds.end());
        if let Some(count) = values::whole(word, least.into(), most.into()) {
            return Some(count as u8);
        }
        let large = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
        let near = if large && word != "0" { most } else { least };
        let message = message.replacen('N', &most.to_string(), 1);
        self.say(column, &[&message], Some(near.to_string()))
    }

    /// The place of a value among its words.
    fn choose(&mut self, list: &[&'static str], text: &str, column: u32) -> Option<usize> {
        let found = list.iter().position(|word| *word == text);
        if found.is_some() {
            return found;
        }
        let meant = self.nearest(text, list).map(str::to_string);
        let message = ["Possible here: ", &list.join(", "), "."];
        self.say(column, &message, meant)
    }

    /// `all`, `majority`, `2`, or `2 of 3`.
    fn acks(&mut self, value: &[Word], column: u32) -> Option<Acks> {
        let most = u64::from(self.limits.copies);
        let number = |word: &Word| values::whole(word.text, 1, most);
        if let [count] | [count, Word { text: "of", .. }, _] = value
            && let Some(count) = number(count)
        {
            return Some(Acks::Count(count as u8));
        }
        match self.choose(&["all", "majority", "1"], &join(value), column)? {
            0 => Some(Acks::All),
            _ => Some(Acks::Majority),
        }
    }

    /// `s3`, `any`, `sticky`, `nearest`, `token`, `token or s1`, `quorum 2`.
    fn answered_by(&mut self, value: &[Word], column: u32) -> Option<Views> {
        let most = u64::from(self.limits.copies.max(2));
        match value {
            [one] if words::service(one.text).is_some() => {
                return words::service(one.text).map(|service| Views::From(ServiceId(service)));
            }
            [first, count] if first.text == "quorum" => {
                if let Some(count) = values::whole(count.text, 1, most) {
                    return Some(Views::Quorum(count as u8));
                }
            }
            _ => {}
        }
        let list = [
            "any",
            "sticky",
            "nearest",
            "token",
            "token or s1",
            "s1",
            "s2",
            "quorum 2",
        ];
        let views = [
            Views::Any,
            Views::Sticky,
            Views::Nearest,
            Views::Token,
            Views::TokenElseS1,
        ];
        let nth = self.choose(&list, &join(value), column)?;
        views.get(nth).copied()
    }

    fn seed(&mut self, word: &str, column: u32) -> Option<Seed> {
        if let Some(seed) = values::whole(word, 0, SEED_MAX) {
            return Some(Seed(seed));
        }
        let most = SEED_MAX.to_string();
        let positive = word
            .strip_prefix('-')
            .filter(|rest| values::whole(rest, 0, SEED_MAX).is_some());
        let message = ["A seed is a whole number from 0 to ", &most, "."];
        self.say(column, &message, positive.map(str::to_string))
    }
}
