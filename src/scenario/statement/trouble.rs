//! Trouble: what is broken, and mended again.
//!
//! ```text
//!   s2 crashes for 2s        s1 crashes before replicating alice add 1
//!   alice-s1 loses 1/10      partition s1 alice from s2 bob       all heals
//!   drop replicate 1 to s2   delay request alice add 1 by 300ms
//! ```
//! Invariant: what is read is a whole [`Fault`], whose services are there and whose shoppers have
//! a number; everything else is a slip, with a line as it could be.

use super::expect::{NTH_MAX, kind};
use super::{Reader, glue, join, rewritten, unit_words};
use crate::chance::{Delay, Ratio};
use crate::history::{ServiceId, Version};
use crate::scenario::print::without_percent;
use crate::scenario::values::{self, quote};
use crate::scenario::words::{self, Word};
use crate::shop::{Kind, Name};
use crate::sim::Fault;
use crate::sim::fault::{Ask, Hand, Link, LinkFault, Nodes, Parcel, Point, Trouble};
use crate::sim::trace::NodeId;
use crate::time::SimDuration;

/// The highest number of a version that a line may speak of.
const VERSION_MAX: u64 = 999_999;

/// The largest number in a ratio.
const RATIO_MAX: u64 = 1_000_000;

/// How long a message is held back where the line does not say.
pub const HELD_BACK: SimDuration = SimDuration::from_millis(100);

/// Whether the words, without time, are about trouble.
pub fn is_trouble(words: &[Word]) -> bool {
    let subject = words[0].text;
    let verb = words.get(1).map_or("", |word| word.text);
    let mends = words::trouble(&["heals"], verb).is_some();
    let done = words::trouble(words::SERVICE_VERBS, verb)
        .filter(|verb| !matches!(*verb, "database" | "takes"));
    let happens = done.or_else(|| words::trouble(words::LINK_VERBS, verb));
    let place = words::service(subject).is_some() || words::ends(subject).is_some();
    matches!(subject, "partition" | "all")
        || (subject == "everything" && mends)
        || words::hand(subject).is_some()
        || (place && words::verb(verb).is_none() && !verb.is_empty())
        || happens.is_some()
}

impl Reader<'_> {
    pub(super) fn trouble(&mut self, all: &[Word], rest: &[Word]) -> Option<Fault> {
        let subject = rest[0];
        if subject.text == "partition" {
            return self.partition(all, rest);
        }
        if let "all" | "everything" = subject.text {
            let heals = rest
                .get(1)
                .and_then(|word| words::trouble(&["heals"], word.text));
            if heals.is_none() || rest.len() > 2 {
                let line = Some("all heals".to_string());
                return self.say(subject.column, &["Everything is mended so."], line);
            }
            return Some(Fault::HealAll);
        }
        if let Some(hand) = words::hand(subject.text) {
            return self.message(hand, all, rest);
        }
        match words::service(subject.text) {
            Some(service) => self.of_service(ServiceId(service), all, rest),
            None => self.of_link(all, rest),
        }
    }

    // Services.

    fn of_service(&mut self, service: ServiceId, all: &[Word], rest: &[Word]) -> Option<Fault> {
        self.service_exists(service, rest[0].column)?;
        let (verb, tail) = (rest[1], &rest[2..]);
        Some(match words::trouble(words::SERVICE_VERBS, verb.text) {
            Some("crashes") if tail.first().is_some_and(|word| word.text == "before") => {
                self.crash_at(service, all, rest)?
            }
            Some("crashes") => Fault::Crash(service, self.span(tail, all)?),
            Some("pauses") => Fault::Pause(service, self.span(tail, all)?),
            Some("database") => self.database(service, all, rest)?,
            Some("loses") => {
                self.words(&["its", "disk"], tail, all)?;
                Fault::LoseDisk(service)
            }
            Some("takes") => {
                self.words(&["over"], tail, all)?;
                self.can_lead(service, rest[0])?;
                Fault::TakeOver(service)
            }
            Some(verb) => {
                self.nothing_more(tail, all, all.len() - tail.len())?;
                match verb {
                    "restarts" => Fault::Restart(service),
                    _ => Fault::Resume(service),
                }
            }
            None => {
                let message = "A service crashes, restarts, pauses, resumes, loses its disk or \
                               takes over; its database stalls, slows or recovers.";
                return self.other_verb(words::SERVICE_VERBS, message, all, verb);
            }
        })
    }

    /// A word that is no verb here; the nearest one, or else the first, is meant.
    fn other_verb<T>(
        &mut self,
        list: &[&'static str],
        message: &str,
        all: &[Word],
        verb: Word,
    ) -> Option<T> {
        let at = place(all, verb);
        let line = match self.nearest(verb.text, list) {
            Some(meant) => rewritten(all, at, meant),
            None => [&join(&all[..at]), " ", list[0]].concat(),
        };
        self.say(verb.column, &[message], Some(line))
    }

    /// The line ends with these words.
    fn words(&mut self, end: &[&str], tail: &[Word], all: &[Word]) -> Option<()> {
        let same = tail.iter().map(|word| word.text).eq(end.iter().copied());
        if same {
            return Some(());
        }
        let head = join(&all[..all.len() - tail.len()]);
        let column = tail.first().or(all.last()).map_or(1, |word| word.column);
        let line = [&head, " ", &end.join(" ")].concat();
        self.say(column, &["It is said so."], Some(line))
    }

    /// Only a copy takes over.
    fn can_lead(&mut self, service: ServiceId, word: Word) -> Option<()> {
        if service != ServiceId::S1 {
            return Some(());
        }
        let message = "Service 1 takes the writes from the start; a copy takes over from it.";
        self.say(word.column, &[message], Some("s2 takes over".to_string()))
    }

    /// `for 2s`, or nothing.
    fn span(&mut self, tail: &[Word], all: &[Word]) -> Option<Option<SimDuration>> {
        self.length("for", tail, all)
    }

    /// A duration after this word, or nothing; the line ends with it.
    fn length(&mut self, before: &str, tail: &[Word], all: &[Word]) -> Option<Option<SimDuration>> {
        let Some(first) = tail.first().filter(|word| word.text == before) else {
            let kept = all.len() - tail.len();
            if let Some(number) = tail.first().filter(|word| values::is_number(word.text)) {
                let line = [&join(&all[..kept]), before, &join(tail)].join(" ");
                let message = ["How long is said with ", before, "."];
                return self.say(number.column, &message, Some(line));
            }
            self.nothing_more(tail, all, kept)?;
            return Some(None);
        };
        let used = unit_words(&tail[1..]) + 1;
        let column = tail.get(1).unwrap_or(first).column;
        let length = self.duration(&glue(&tail[1..used]), column)?;
        self.nothing_more(&tail[used..], all, all.len() - (tail.len() - used))?;
        Some(Some(length))
    }

    /// `s1 crashes before replicating alice add 1`.
    fn crash_at(&mut self, service: ServiceId, all: &[Word], rest: &[Word]) -> Option<Fault> {
        let word = *rest.get(3).unwrap_or(&rest[2]);
        let known = words::POINTS.iter().position(|known| *known == word.text);
        let Some(nth) = known else {
            let meant = self.nearest(word.text, words::POINTS).unwrap_or("writing");
            let ask = rest.get(4..).filter(|ask| !ask.is_empty());
            let ask = ask.map_or("alice add 1".to_string(), join);
            let head = join(&all[..=place(all, rest[2])]);
            let message = "A service crashes before writing, replicating or confirming.";
            let line = [&head, " ", meant, " ", &ask].concat();
            return self.say(word.column, &[message], Some(line));
        };
        let point = [Point::Writing, Point::Replicating, Point::Confirming][nth];
        if service != ServiceId::S1 && point == Point::Replicating {
            let message = "Only Service 1 replicates; a copy crashes before writing or confirming.";
            let line = rewritten(all, place(all, word), "writing");
            return self.say(word.column, &[message], Some(line));
        }
        let ask = self.ask(&rest[4..], all)?;
        if ask.kind == Kind::View {
            let line = rewritten(all, place(all, rest[5]), "add");
            return self.say(rest[5].column, &["A view changes nothing."], Some(line));
        }
        let length = self.span(&rest[7..], all)?;
        Some(Fault::CrashAt(service, point, ask, length))
    }

    fn database(&mut self, service: ServiceId, all: &[Word], rest: &[Word]) -> Option<Fault> {
        let Some(verb) = rest.get(2).copied() else {
            let line = Some([&join(all), " stalls"].concat());
            return self.say(rest[1].column, &["What does it do?"], line);
        };
        let tail = &rest[3..];
        Some(match words::trouble(words::DATABASE_VERBS, verb.text) {
            Some("stalls") => Fault::Database(service, Trouble::Stalls, self.span(tail, all)?),
            Some("slows") => {
                let (delay, tail) = self.slow(tail, all, verb)?;
                Fault::Database(service, Trouble::Slows(delay), self.span(tail, all)?)
            }
            Some(_) => {
                self.nothing_more(tail, all, all.len() - tail.len())?;
                Fault::Recover(service)
            }
            None => {
                let message = "A database stalls, slows to a delay, or recovers.";
                return self.other_verb(words::DATABASE_VERBS, message, all, verb);
            }
        })
    }

    /// `to 200ms`, and what comes after it: `for 2s`.
    fn slow<'t, 'w>(
        &mut self,
        tail: &'t [Word<'w>],
        all: &[Word],
        verb: Word,
    ) -> Option<(Delay, &'t [Word<'w>])> {
        let end = tail.iter().position(|word| word.text == "for");
        let (delay, more) = tail.split_at(end.unwrap_or(tail.len()));
        match delay {
            [to, delay @ ..] if to.text == "to" && !delay.is_empty() => {
                Some((self.delay(delay, delay[0].column)?, more))
            }
            _ => {
                let line = [&join(&all[..=place(all, verb)]), " to 200ms"].concat();
                self.say(verb.column, &["How slow is said so."], Some(line))
            }
        }
    }

    // Links.

    fn of_link(&mut self, all: &[Word], rest: &[Word]) -> Option<Fault> {
        let (subject, verb) = (rest[0], rest[1]);
        let Some((from, to, one_way)) = words::ends(subject.text) else {
            return self.no_link(all, rest);
        };
        let link_verb = words::trouble(words::LINK_VERBS, verb.text);
        if link_verb.is_none() {
            let message = "A link breaks, heals, slows, loses, duplicates or reorders.";
            return self.other_verb(words::LINK_VERBS, message, all, verb);
        }
        let from = self.node(from, subject.column)?;
        let to = self.node(to, subject.column)?;
        if from == to {
            return self.say(subject.column, &["A link has two ends."], None);
        }
        let both = !one_way;
        // Both ways: the shopper first, else the lower service.
        let swapped = both && rank(from) > rank(to);
        let (from, to) = if swapped { (to, from) } else { (from, to) };
        let link = Link { from, to, both };
        let tail = &rest[2..];
        let fault = match link_verb {
            Some("breaks") => LinkFault::Breaks(self.span(tail, all)?),
            Some("heals") => {
                self.nothing_more(tail, all, all.len() - tail.len())?;
                LinkFault::Heals
            }
            Some("slows") => {
                let (delay, more) = self.slow(tail, all, verb)?;
                self.nothing_more(more, all, all.len() - more.len())?;
                LinkFault::Slows(delay)
            }
            Some("reorders") => {
                let ratio = self.ratio(tail, all, verb)?;
                let length = self.length("by", &tail[1..], all)?;
                LinkFault::Reorders(ratio, length.unwrap_or(HELD_BACK))
            }
            other => {
                let ratio = self.ratio(tail, all, verb)?;
                self.nothing_more(&tail[1..], all, all.len() + 1 - tail.len())?;
                match other {
                    Some("loses") => LinkFault::Loses(ratio),
                    _ => LinkFault::Duplicates(ratio),
                }
            }
        };
        Some(Fault::Link(link, fault))
    }

    /// Something happens to what is neither a service nor a link.
    fn no_link<T>(&mut self, all: &[Word], rest: &[Word]) -> Option<T> {
        let subject = rest[0];
        let of_service = words::trouble(words::SERVICE_VERBS, rest[1].text);
        let meant = match subject.text.split_once('-') {
            _ if of_service.is_some() => "s1".to_string(),
            Some((one, _)) if !words::is_reserved(one) => [one, "-s1"].concat(),
            _ => "s1-s2".to_string(),
        };
        let line = rewritten(all, place(all, subject), &meant);
        let name = quote(subject.text);
        let message = " is neither a service nor a link; a link has a service at one of its ends.";
        self.say(subject.column, &[&name, message], Some(line))
    }

    /// A service that is there, or a shopper.
    fn node(&mut self, word: &str, column: u32) -> Option<NodeId> {
        if let Some(service) = words::service(word).map(ServiceId) {
            self.service_exists(service, column)?;
            return Some(NodeId::Service(service));
        }
        match Name::new(word).filter(|_| !words::is_reserved(word)) {
            Some(name) => Some(NodeId::Client(self.client(name, column)?)),
            None => {
                let message = [&quote(word), " is neither a service nor a name."];
                self.say(column, &message, None)
            }
        }
    }

    /// `1/10`, above 0 and at most 1; `10%` is understood.
    fn ratio(&mut self, tail: &[Word], all: &[Word], verb: Word) -> Option<Ratio> {
        let read = tail.first().and_then(|word| ratio(word.text));
        read.or_else(|| {
            let head = join(&all[..=place(all, verb)]);
            let column = tail.first().unwrap_or(&verb).column;
            let message = "A ratio is above 0 and at most 1, as in 1/10.";
            self.say(column, &[message], Some([&head, " 1/10"].concat()))
        })
    }

    /// `partition s1 alice from s2 bob`, `partition heals`.
    fn partition(&mut self, all: &[Word], rest: &[Word]) -> Option<Fault> {
        if let [_, verb] = rest
            && words::trouble(&["heals"], verb.text).is_some()
        {
            return Some(Fault::Unite);
        }
        let from = rest.iter().position(|word| word.text == "from");
        let (one, other) = match from {
            Some(from) => (&rest[1..from], &rest[from + 1..]),
            None => (&rest[1..], &rest[..0]),
        };
        if one.is_empty() || other.is_empty() {
            let rest_of_line = match (from, one) {
                (None, [first, ..]) if words::trouble(&["heals"], first.text).is_some() => {
                    "heals".to_string()
                }
                (None, [first, _, ..]) => [first.text, " from ", &join(&one[1..])].concat(),
                _ => "s1 alice from s2 bob".to_string(),
            };
            let line = [&join(&all[..=place(all, rest[0])]), " ", &rest_of_line].concat();
            let message = "A partition is between two sides, as in partition s1 alice from s2 bob.";
            return self.say(rest[0].column, &[message], Some(line));
        }
        let one = self.side(one, Nodes::default())?;
        let other = self.side(other, one)?;
        Some(Fault::Partition(one, other))
    }

    /// The nodes of a side; none of them is on the other side.
    fn side(&mut self, words: &[Word], other: Nodes) -> Option<Nodes> {
        let mut nodes = Nodes::default();
        for word in words.iter().filter(|word| word.text != "and") {
            let node = self.node(word.text.trim_matches(','), word.column)?;
            if other.has(node) {
                let message = [&quote(word.text), " cannot be on both sides."];
                return self.say(word.column, &message, None);
            }
            nodes.add(node);
        }
        if nodes == Nodes::default() {
            return self.say(words[0].column, &["Who is on this side?"], None);
        }
        Some(nodes)
    }

    // Messages.

    fn message(&mut self, hand: &str, all: &[Word], rest: &[Word]) -> Option<Fault> {
        let end = match hand {
            "delay" => rest.iter().position(|word| word.text == "by"),
            _ => None,
        };
        let end = end.unwrap_or(rest.len());
        let parcel = self.parcel(hand, all, &rest[..end])?;
        let hand = match hand {
            "drop" => Hand::Drop,
            "hold" => Hand::Hold,
            "release" => Hand::Release,
            "duplicate" => Hand::Duplicate,
            _ => match self.length("by", &rest[end..], all)? {
                Some(length) => Hand::Delay(length),
                None => {
                    let line = [&join(all), " by 300ms"].concat();
                    return self.say(rest[0].column, &["How much later?"], Some(line));
                }
            },
        };
        Some(Fault::Message(hand, parcel))
    }

    /// The message after the hand; nothing comes after it.
    fn parcel(&mut self, hand: &str, all: &[Word], rest: &[Word]) -> Option<Parcel> {
        let what = rest.get(1).map_or("", |word| word.text);
        let what = match what {
            "update" => "replicate",
            "receipt" => "ack",
            "response" => "answer",
            other => other,
        };
        if let "request" | "answer" = what {
            let ask = self.ask(&rest[2..], all)?;
            let kept = all.len().min(place(all, rest[4]) + 1);
            self.nothing_more(&rest[5..], all, kept)?;
            return Some(match what {
                "request" => Parcel::Request(ask),
                _ => Parcel::Answer(ask),
            });
        }
        let towards = if what == "ack" { "from" } else { "to" };
        let number = |word: &Word| values::whole(word.text, 1, VERSION_MAX);
        let copy = |word: &Word| words::service(word.text).filter(|service| *service > 1);
        if let ("replicate" | "ack", [_, _, version, by, service, more @ ..]) = (what, rest)
            && let (Some(version), Some(copy)) = (number(version), copy(service))
            && by.text == towards
        {
            self.service_exists(ServiceId(copy), service.column)?;
            self.nothing_more(more, all, place(all, *service) + 1)?;
            let (version, copy) = (Version(version as u32), ServiceId(copy));
            return Some(match what {
                "ack" => Parcel::Receipt(version, copy),
                _ => Parcel::Update(version, copy),
            });
        }
        let known = self.nearest(what, words::PARCELS).unwrap_or("replicate");
        let line = match known {
            "request" | "answer" => [known, " alice add 1"].concat(),
            _ => {
                let version = rest.iter().find_map(number).unwrap_or(1).to_string();
                let copy = rest.iter().find_map(copy).unwrap_or(2);
                let towards = if known == "ack" { " from " } else { " to " };
                let copy = ServiceId(copy).to_string();
                [known, " ", &version, towards, &copy].concat()
            }
        };
        let head = join(&all[..=place(all, rest[0])]);
        let tail = if hand == "delay" { " by 300ms" } else { "" };
        let message = "A message is replicate 1 to s2, ack 1 from s2, request alice add 1 or \
                       answer alice add 1.";
        let column = rest.get(1).unwrap_or(&rest[0]).column;
        self.say(column, &[message], Some([&head, " ", &line, tail].concat()))
    }

    /// `alice add 1`, at the front of these words.
    fn ask(&mut self, words: &[Word], all: &[Word]) -> Option<Ask> {
        let text = |nth: usize| words.get(nth).map_or("", |word| word.text);
        let name = Name::new(text(0)).filter(|_| !words::is_reserved(text(0)));
        let kind = words::verb(text(1)).and_then(kind);
        let nth = values::whole(text(2), 1, NTH_MAX);
        if let (Some(name), Some(kind), Some(nth)) = (name, kind, nth) {
            let client = self.client(name, words[0].column)?;
            let nth = nth as u32;
            return Some(Ask { client, kind, nth });
        }
        let head = words.first().map_or(all.len(), |word| place(all, *word));
        let name = name.as_ref().map_or("alice", Name::as_str);
        let ask = [name, " ", kind.unwrap_or(Kind::Add).word(), " 1"].concat();
        let line = [&join(&all[..head]), " ", &ask].concat();
        let column = words.first().unwrap_or(&all[all.len() - 1]).column;
        self.say(column, &["Which operation? As in alice add 1."], Some(line))
    }
}

/// The place of a word in its line.
fn place(all: &[Word], word: Word) -> usize {
    let found = all.iter().position(|other| other.column == word.column);
    found.unwrap_or(0)
}

fn rank(node: NodeId) -> u8 {
    match node {
        NodeId::Client(_) => 0,
        NodeId::Service(service) => service.0,
    }
}

/// In lowest terms.
fn ratio(word: &str) -> Option<Ratio> {
    let text = without_percent(word);
    let (num, den) = text.trim_end().split_once('/')?;
    // A per cent sign that was not understood leaves zeros in front, in the canonical text.
    let number = |part: &str| {
        let plain = !part.starts_with('0');
        values::whole(part, 1, RATIO_MAX).filter(|_| plain)
    };
    let (num, den) = (number(num)?, number(den)?);
    let divisor = values::divisor(num, den);
    let ratio = Ratio {
        num: (num / divisor) as u32,
        den: (den / divisor) as u32,
    };
    (num <= den).then_some(ratio)
}
