//! Print: from a scenario, or a whole text, to the one canonical form.
//!
//! The mode is always written, synonyms never, and a default setting is left out where it is the
//! only line for its key. Invariants: `parse(print(s)).scenario == s` for every scenario that a
//! text can say; `canonical` changes no run.

use super::parse::{cleaned, one_spaced};
use super::statement::HELD_BACK;
use super::statement::QUEUE_MAX;
use super::{Expect, Key, Line, LineKind, Parsed, Scenario, parse, values, words};
use crate::chance::Ratio;
use crate::check::Claim;
use crate::history::ServiceId;
use crate::shop::{Cart, Name, Op, qty};
use crate::sim::fault::{Ask, Hand, Link, LinkFault, Nodes, Parcel, Trouble};
use crate::sim::trace::NodeId;
use crate::sim::{Acks, Action, Cue, Fault, Load, Views, When};
use crate::time::SimDuration;

impl Key {
    /// As it is typed before the colon; a mode has no key in the text.
    pub fn text(self) -> String {
        match self {
            Key::CopyLag(copy) => [&copy.to_string(), " lag"].concat(),
            Key::Workers(id) => [&id.to_string(), " workers"].concat(),
            Key::Queue(id) => [&id.to_string(), " queue"].concat(),
            Key::StockOf(_) => Key::Stock.text(),
            Key::LinkNetwork(one, other) => {
                [&one.to_string(), "-", &other.to_string(), " network"].concat()
            }
            Key::ShopperNetwork(who, id) => {
                [who.as_str(), "-", &id.to_string(), " network"].concat()
            }
            _ => {
                let place = words::SETS.iter().position(|key| *key == self);
                place.map_or("mode", |place| words::KEYS[place]).to_string()
            }
        }
    }

    /// The key that is typed so; `mode` for the mode.
    pub fn of(text: &str) -> Option<Key> {
        let words: Vec<&str> = text.split_whitespace().collect();
        Some(match words[..] {
            ["mode"] => Key::Mode,
            [key] => words::key(key)?,
            [copy, "lag"] => Key::CopyLag(ServiceId(words::service(copy)?)),
            [id, "workers"] => Key::Workers(ServiceId(words::service(id)?)),
            [id, "queue"] => Key::Queue(ServiceId(words::service(id)?)),
            [link, "network"] => Key::of_link(link)?,
            _ => return None,
        })
    }

    /// The delay of this link, both ways: `s1-s3`, `alice-s3`.
    pub fn of_link(link: &str) -> Option<Key> {
        let (one, other, one_way) = words::ends(link)?;
        let id = |word| words::service(word).map(ServiceId);
        let shopper = |word| Name::new(word).filter(|_| !words::is_reserved(word));
        match (id(one), id(other)) {
            _ if one_way || one == other => None,
            (Some(one), Some(other)) => Some(Key::LinkNetwork(one.min(other), one.max(other))),
            (Some(id), None) => Some(Key::ShopperNetwork(shopper(other)?, id)),
            (None, Some(id)) => Some(Key::ShopperNetwork(shopper(one)?, id)),
            (None, None) => None,
        }
    }
}

/// The scenario as a text: settings in a fixed order, then cues, then expectations.
pub fn print(scenario: &Scenario) -> String {
    let mut lines = Vec::new();
    let config = &scenario.config;
    let lags = config.lags.iter().map(|(copy, _)| Key::CopyLag(*copy));
    let links = config
        .links
        .iter()
        .map(|((one, other), _)| Key::LinkNetwork(*one, *other));
    let workers = config.workers.iter().map(|(id, _)| Key::Workers(*id));
    let queues = config.queues.iter().map(|(id, _)| Key::Queue(*id));
    let stock = config.stock.iter().map(|line| Key::StockOf(line.item));
    let shoppers = config.shopper_links.iter();
    let shoppers = shoppers.map(|((who, id), _)| Key::ShopperNetwork(*who, *id));
    let own = lags
        .chain(workers)
        .chain(queues)
        .chain(links)
        .chain(shoppers)
        .chain(stock);
    lines.push(setting_line(Key::Mode, scenario));
    for key in words::SETS.into_iter().chain(own) {
        if !is_default(key, scenario) {
            lines.push(setting_line(key, scenario));
        }
    }
    lines.extend(
        scenario
            .script
            .iter()
            .map(|cue| cue_line(cue, &config.shoppers)),
    );
    lines.extend(scenario.expectations.iter().map(claim_line));
    lines.join("\n")
}

/// The whole text in canonical form, comments and lines that were not understood included, view
/// statements left out. Lines beyond a limit are left out too: nothing of them was read.
pub fn canonical(text: &str) -> String {
    let parsed = parse(text);
    let mut lines = Vec::new();
    let has_mode = parsed
        .lines
        .iter()
        .any(|line| line.kind == LineKind::Setting(Key::Mode));
    if !has_mode {
        lines.push(setting_line(Key::Mode, &parsed.scenario));
    }
    for (place, line) in parsed.lines.iter().enumerate() {
        let statement = canonical_statement(text, &parsed, place, line);
        let comment = comment(&text[line.place.clone()]);
        match (statement, comment) {
            (Some(statement), Some(comment)) => lines.push([&statement, " ", &comment].concat()),
            (Some(line), None) | (None, Some(line)) => lines.push(line),
            (None, None) => {}
        }
    }
    lines.join("\n")
}

fn canonical_statement(text: &str, parsed: &Parsed, place: usize, line: &Line) -> Option<String> {
    let scenario = &parsed.scenario;
    let verbatim = || Some(normal(&text[line.body.clone()]));
    match line.kind {
        LineKind::Blank | LineKind::Comment | LineKind::View | LineKind::Version(1) => None,
        LineKind::Version(_) | LineKind::Skipped => verbatim(),
        LineKind::Cue(cue) => {
            let cue = &scenario.script[cue.0 as usize];
            Some(cue_line(cue, &scenario.config.shoppers))
        }
        LineKind::Expect(nth) => match &parsed.expects[nth as usize] {
            Expect {
                claim: Some(claim), ..
            } => Some(claim_line(claim)),
            _ => verbatim(),
        },
        LineKind::Setting(key) => {
            let same = |line: &&Line| line.kind == LineKind::Setting(key);
            let overruled = parsed.lines[place + 1..].iter().any(|line| same(&line));
            let only = parsed.lines.iter().filter(same).count() == 1;
            match key {
                _ if overruled => None,
                Key::Title => parsed.title.as_ref().and_then(|_| verbatim()),
                Key::Mode => Some(setting_line(key, scenario)),
                _ if only && is_default(key, scenario) => None,
                _ => Some(setting_line(key, scenario)),
            }
        }
    }
}

/// A statement as it was typed, with single spaces, and one after a setting's colon.
pub fn normal(statement: &str) -> String {
    let spaced = one_spaced(&without_percent(&cleaned(statement)));
    match spaced
        .find([':', '#'])
        .filter(|place| spaced[*place..].starts_with(':'))
    {
        Some(colon) => {
            let (key, value) = (spaced[..colon].trim_end(), spaced[colon + 1..].trim_start());
            [key, if value.is_empty() { ":" } else { ": " }, value].concat()
        }
        None => spaced,
    }
}

/// The comment of a line, if it says anything.
fn comment(line: &str) -> Option<String> {
    let comment = one_spaced(&without_percent(&cleaned(&line[line.find('#')?..])));
    Some(comment).filter(|comment| comment.chars().any(|letter| letter != '#'))
}

/// `10%` as `1/10`: a lone percent sign breaks links.
pub fn without_percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('%').peekable();
    while let Some(piece) = pieces.next() {
        out.push_str(piece);
        if pieces.peek().is_some() {
            let digits = |c: char| c.is_ascii_digit() || c == '.';
            let start = out.rfind(|c| !digits(c)).map_or(0, |at| {
                at + out[at..].chars().next().map_or(1, char::len_utf8)
            });
            match ratio(&out[start..]) {
                Some(ratio) => out.replace_range(start.., &ratio),
                None => out.push(' '),
            }
        }
    }
    out
}

/// `2.5` per cent as `1/40`.
fn ratio(percent: &str) -> Option<String> {
    let (whole, part) = percent.split_once('.').unwrap_or((percent, ""));
    if whole.len() > 7 || part.len() > 6 {
        return None;
    }
    let num: u64 = [whole, part].concat().parse().ok()?;
    let den = 100 * 10u64.pow(part.len() as u32);
    let divisor = values::divisor(num, den);
    Some(
        [
            &(num / divisor).to_string(),
            "/",
            &(den / divisor).to_string(),
        ]
        .concat(),
    )
}

fn is_default(key: Key, scenario: &Scenario) -> bool {
    match key {
        Key::CopyLag(_) | Key::Workers(_) | Key::Queue(_) => false,
        Key::LinkNetwork(..) | Key::ShopperNetwork(..) | Key::StockOf(_) => false,
        _ => setting_line(key, scenario) == setting_line(key, &Scenario::default()),
    }
}

/// A mode, or `key: value`, as the scenario has it.
fn setting_line(key: Key, scenario: &Scenario) -> String {
    match key {
        Key::Mode => scenario.config.mode.word().to_string(),
        _ => [&key.text(), ": ", &value(key, scenario)].concat(),
    }
}

/// The value of a setting, as the language writes it.
pub fn value(key: Key, scenario: &Scenario) -> String {
    let config = &scenario.config;
    let maybe = |length: Option<SimDuration>| {
        length.map_or("never".to_string(), |length| length.to_string())
    };
    match key {
        Key::Mode => config.mode.word().to_string(),
        Key::Title => String::new(),
        Key::Network => config.network.to_string(),
        Key::Write => config.write.to_string(),
        Key::Read => config.read.to_string(),
        Key::Lag => config.lag.to_string(),
        Key::Backoff => config.backoff.to_string(),
        Key::CopyLag(copy) => config.lag_of(copy).to_string(),
        Key::Workers(id) => config.workers_of(id).to_string(),
        Key::Queue(id) => config.queue_of(id).unwrap_or(QUEUE_MAX).to_string(),
        Key::LinkNetwork(one, other) => {
            let own = config.links.iter().find(|(link, _)| *link == (one, other));
            own.map_or(config.network, |(_, delay)| *delay).to_string()
        }
        Key::ShopperNetwork(who, id) => config.network_of(who, id).to_string(),
        Key::Pause => config.pause.to_string(),
        Key::Services => words::SERVICES[usize::from(config.replicas > 0)].to_string(),
        // One server has no copies to count.
        Key::Replicas => config.replicas.max(1).to_string(),
        Key::Retries => config.retries.to_string(),
        Key::Timeout => maybe(config.timeout),
        Key::Patience => maybe(config.patience),
        Key::Batch => maybe(config.batch),
        Key::Resend => maybe(config.resend),
        Key::Repair => maybe(config.repair),
        Key::Load => config
            .load
            .map_or("none".to_string(), |load| load_text(&load)),
        Key::Until => config.until.map_or(String::new(), |at| at.to_string()),
        Key::Seed => scenario.seed.0.to_string(),
        Key::Acks => match config.acks {
            Acks::Count(count) => count.to_string(),
            Acks::All => "all".to_string(),
            Acks::Majority => "majority".to_string(),
        },
        Key::Views => match config.views {
            Views::From(service) => service.to_string(),
            Views::Quorum(count) => ["quorum ", &count.to_string()].concat(),
            Views::Any => "any".to_string(),
            Views::Sticky => "sticky".to_string(),
            Views::Nearest => "nearest".to_string(),
            Views::Token => "token".to_string(),
            Views::TokenElseS1 => "token or s1".to_string(),
        },
        // All items are one key until one of them is named.
        Key::Stock => String::new(),
        Key::StockOf(item) => [item.as_str(), " ", &qty(&config.stock, item).to_string()].concat(),
        Key::Checkout => words::CHECKOUTS[config.checkout as usize].to_string(),
        Key::Keys => words::SWITCH[usize::from(config.keys)].to_string(),
        Key::Outbox => words::OUTBOX[usize::from(config.durable_outbox)].to_string(),
        Key::Receipt => words::RECEIPTS[config.receipt as usize].to_string(),
        Key::Fallback => words::FALLBACKS[config.fallback as usize].to_string(),
        Key::Sending => words::ORDERS[config.sending as usize].to_string(),
        Key::Applying => words::ORDERS[config.applying as usize].to_string(),
    }
}

/// A cue as a line, with its leading time or `meanwhile`.
pub(crate) fn cue_line(cue: &Cue, shoppers: &[Name]) -> String {
    let mut line = match cue.when {
        When::At(at) => [&at.to_string(), " "].concat(),
        When::With => "meanwhile ".to_string(),
        When::After | When::Start => String::new(),
    };
    let name = |client: crate::history::ClientId| shoppers[client.0 as usize];
    match cue.action {
        Action::Become(mode) => line.extend(["replication becomes ", mode.word()]),
        Action::Wait { client, length } => {
            line.extend([name(client).as_str(), " waits ", &length.to_string()]);
        }
        Action::Load(load) if load.rate == 0 => line.push_str("load stops"),
        Action::Load(load) => line.extend(["load becomes ", &load_text(&load)]),
        Action::Fault(fault) => line.push_str(&fault_line(&fault, shoppers)),
        Action::Shop { client, op, to } => {
            line.extend([name(client).as_str(), " ", &deed(op, to)]);
        }
    }
    line
}

/// `200/s, 1/10 writes`, and `for 3s` where they come for another time than usual.
pub fn load_text(load: &Load) -> String {
    let (rate, Ratio { num, den }) = (load.rate, load.writes);
    let mut text = format!("{rate}/s, {num}/{den} writes");
    if load.length != Load::LENGTH {
        text.extend([",", &span(&Some(load.length))]);
    }
    text
}

/// A line of trouble, without its time: `s1-s2 loses 1/10`.
pub fn fault_line(fault: &Fault, shoppers: &[Name]) -> String {
    let (service, what) = match fault {
        Fault::Crash(service, length) => (service, ["crashes", &span(length)].concat()),
        Fault::CrashAt(service, point, asked, length) => {
            let point = words::POINTS[*point as usize];
            let asked = ask(asked, shoppers);
            let what = ["crashes before ", point, &asked, &span(length)];
            (service, what.concat())
        }
        Fault::Restart(service) => (service, "restarts".to_string()),
        Fault::LoseDisk(service) => (service, "loses its disk".to_string()),
        Fault::TakeOver(service) => (service, "takes over".to_string()),
        Fault::Pause(service, length) => (service, ["pauses", &span(length)].concat()),
        Fault::Resume(service) => (service, "resumes".to_string()),
        Fault::Database(service, Trouble::Stalls, length) => {
            (service, ["database stalls", &span(length)].concat())
        }
        Fault::Database(service, Trouble::Slows(delay), length) => {
            let what = ["database slows to ", &delay.to_string(), &span(length)];
            (service, what.concat())
        }
        Fault::Recover(service) => (service, "database recovers".to_string()),
        Fault::Link(link, fault) => {
            return [&link_text(link, shoppers), " ", &link_fault(fault)].concat();
        }
        Fault::Partition(one, other) => {
            let (one, other) = (side(*one, shoppers), side(*other, shoppers));
            return ["partition", &one, " from", &other].concat();
        }
        Fault::Unite => return "partition heals".to_string(),
        Fault::HealAll => return "all heals".to_string(),
        Fault::Message(hand, parcel) => {
            let mut by = String::new();
            let hand = match hand {
                Hand::Drop => "drop ",
                Hand::Hold => "hold ",
                Hand::Release => "release ",
                Hand::Duplicate => "duplicate ",
                Hand::Delay(length) => {
                    by = [" by ", &length.to_string()].concat();
                    "delay "
                }
            };
            return [hand, &parcel_text(parcel, shoppers), &by].concat();
        }
    };
    [&service.to_string(), " ", &what].concat()
}

/// ` for 2s`, or nothing.
fn span(length: &Option<SimDuration>) -> String {
    length.map_or(String::new(), |length| {
        [" for ", &length.to_string()].concat()
    })
}

fn link_fault(fault: &LinkFault) -> String {
    let part = |verb: &str, ratio: &Ratio| {
        [verb, &ratio.num.to_string(), "/", &ratio.den.to_string()].concat()
    };
    match fault {
        LinkFault::Breaks(length) => ["breaks", &span(length)].concat(),
        LinkFault::Heals => "heals".to_string(),
        LinkFault::Slows(delay) => ["slows to ", &delay.to_string()].concat(),
        LinkFault::Loses(ratio) => part("loses ", ratio),
        LinkFault::Duplicates(ratio) => part("duplicates ", ratio),
        LinkFault::Reorders(ratio, HELD_BACK) => part("reorders ", ratio),
        LinkFault::Reorders(ratio, length) => {
            [&part("reorders ", ratio), " by ", &length.to_string()].concat()
        }
    }
}

/// Services first: ` s1 alice`.
fn side(nodes: Nodes, shoppers: &[Name]) -> String {
    let mut text = String::new();
    for services in [true, false] {
        for node in nodes.iter() {
            if matches!(node, NodeId::Service(_)) == services {
                text.extend([" ", &node_text(node, shoppers)]);
            }
        }
    }
    text
}

fn node_text(node: NodeId, shoppers: &[Name]) -> String {
    match node {
        NodeId::Client(client) => shoppers[client.0 as usize].to_string(),
        NodeId::Service(service) => service.to_string(),
    }
}

/// Names may hold dashes: where `alice-s1` would be read as another link, it is `s1-alice`.
fn link_text(link: &Link, shoppers: &[Name]) -> String {
    let (from, to) = (node_text(link.from, shoppers), node_text(link.to, shoppers));
    if !link.both {
        return [&from, "-to-", &to].concat();
    }
    let text = [&from, "-", &to].concat();
    if words::ends(&text) == Some((&from, &to, false)) {
        return text;
    }
    [&to, "-", &from].concat()
}

fn parcel_text(parcel: &Parcel, shoppers: &[Name]) -> String {
    match parcel {
        Parcel::Update(version, copy) => [
            "replicate ",
            &version.0.to_string(),
            " to ",
            &copy.to_string(),
        ]
        .concat(),
        Parcel::Receipt(version, copy) => {
            ["ack ", &version.0.to_string(), " from ", &copy.to_string()].concat()
        }
        Parcel::Request(asked) => ["request", &ask(asked, shoppers)].concat(),
        Parcel::Answer(asked) => ["answer", &ask(asked, shoppers)].concat(),
    }
}

/// ` alice add 1`.
fn ask(ask: &Ask, shoppers: &[Name]) -> String {
    let who = node_text(NodeId::Client(ask.client), shoppers);
    [" ", &who, " ", ask.kind.word(), " ", &ask.nth.to_string()].concat()
}

/// What a shopper does, without who: `adds 2 book`, `views from s3`.
pub fn deed(op: Op, to: Option<ServiceId>) -> String {
    match op {
        Op::Add { item, qty: 1 } => ["adds ", item.as_str()].concat(),
        Op::Add { item, qty } => ["adds ", &qty.to_string(), " ", item.as_str()].concat(),
        Op::Set { item, qty } => ["sets ", item.as_str(), " to ", &qty.to_string()].concat(),
        Op::Remove { item } => ["removes ", item.as_str()].concat(),
        Op::View => match to {
            None => "views".to_string(),
            Some(to) => ["views from ", &to.to_string()].concat(),
        },
        Op::Buy { item, qty } | Op::Return { item, qty } => {
            let qty = if qty == 1 {
                String::new()
            } else {
                [&qty.to_string(), " "].concat()
            };
            let from = to.map_or(String::new(), |to| [" from ", &to.to_string()].concat());
            ["buys ", &qty, item.as_str(), &from].concat()
        }
    }
}

fn claim_line(claim: &Claim) -> String {
    match claim {
        Claim::Property { property, expected } => {
            ["expect ", property.name(), " ", expected.word()].concat()
        }
        Claim::StalenessUnder(bound) => ["expect staleness under ", &bound.to_string()].concat(),
        Claim::Shows { who, nth, cart } => {
            let (nth, cart) = (nth.to_string(), cart_text(cart));
            ["expect ", who.as_str(), " view ", &nth, " shows ", &cart].concat()
        }
        Claim::WaitsUnder { who, which, bound } => {
            let which = which.map(|(kind, nth)| [" ", kind.word(), " ", &nth.to_string()].concat());
            let (which, bound) = (which.unwrap_or_default(), bound.to_string());
            ["expect ", who.as_str(), &which, " waits under ", &bound].concat()
        }
    }
}

/// `nothing`, or `2 book, pen`.
fn cart_text(cart: &Cart) -> String {
    if cart.is_empty() {
        return "nothing".to_string();
    }
    let line = |line: &crate::shop::Line| match line.qty {
        1 => line.item.to_string(),
        qty => [&qty.to_string(), " ", line.item.as_str()].concat(),
    };
    cart.lines().iter().map(line).collect::<Vec<_>>().join(", ")
}

/// A moment as a leading time.
pub(crate) fn leading_time(at: SimDuration) -> String {
    [&at.to_string(), " "].concat()
}
