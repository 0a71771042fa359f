//! Print: from a scenario, or a whole text, to the one canonical form.
//!
//! The mode is always written, synonyms never, and a default setting is left out where it is the
//! only line for its key. Invariants: `parse(print(s)).scenario == s` for every scenario that a
//! text can say; `canonical` changes no run.

use super::parse::{cleaned, one_spaced};
use super::{Expect, Key, Line, LineKind, Parsed, Scenario, parse, words};
use crate::check::Claim;
use crate::history::ServiceId;
use crate::shop::{Cart, Name, Op};
use crate::sim::{Action, Config, Cue, When};
use crate::time::SimDuration;

impl Key {
    /// As it is typed before the colon; a mode has no key in the text.
    pub fn text(self) -> String {
        let name = match self {
            Key::Mode => "mode",
            Key::Title => "title",
            Key::Network => "network",
            Key::Write => "write",
            Key::Read => "read",
            Key::Lag => "lag",
            Key::Pause => "pause",
            Key::Replicas => "replicas",
            Key::Until => "until",
            Key::Seed => "seed",
            Key::CopyLag(copy) => return [&copy.to_string(), " lag"].concat(),
            Key::LinkNetwork(one, other) => {
                return [&one.to_string(), "-", &other.to_string(), " network"].concat();
            }
        };
        name.to_string()
    }

    /// The key that is typed so; `mode` for the mode.
    pub fn of(text: &str) -> Option<Key> {
        let words: Vec<&str> = text.split_whitespace().collect();
        Some(match words[..] {
            ["mode"] => Key::Mode,
            ["title"] => Key::Title,
            ["network"] => Key::Network,
            ["write"] => Key::Write,
            ["read"] => Key::Read,
            ["lag"] => Key::Lag,
            ["pause"] => Key::Pause,
            ["replicas"] => Key::Replicas,
            ["until"] => Key::Until,
            ["seed"] => Key::Seed,
            [copy, "lag"] => Key::CopyLag(ServiceId(words::service(copy)?)),
            [link, "network"] => {
                let (one, other, _) = words::link(link)?;
                Key::LinkNetwork(ServiceId(one.min(other)), ServiceId(one.max(other)))
            }
            _ => return None,
        })
    }
}

/// The scenario as a text: settings in a fixed order, then cues, then expectations.
pub fn print(scenario: &Scenario) -> String {
    let mut lines = Vec::new();
    let config = &scenario.config;
    let common = [
        Key::Mode,
        Key::Network,
        Key::Write,
        Key::Read,
        Key::Lag,
        Key::Pause,
        Key::Replicas,
        Key::Until,
        Key::Seed,
    ];
    let lags = config.lags.iter().map(|(copy, _)| Key::CopyLag(*copy));
    let links = config
        .links
        .iter()
        .map(|((one, other), _)| Key::LinkNetwork(*one, *other));
    for key in common.into_iter().chain(lags).chain(links) {
        if key == Key::Mode || !is_default(key, scenario) {
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
    if whole.len() > 6 || part.len() > 6 {
        return None;
    }
    let num: u64 = [whole, part].concat().parse().ok()?;
    let den = 100 * 10u64.pow(part.len() as u32);
    let (mut a, mut b) = (num, den);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    Some([&(num / a).to_string(), "/", &(den / a).to_string()].concat())
}

fn is_default(key: Key, scenario: &Scenario) -> bool {
    let (config, usual) = (&scenario.config, Config::default());
    match key {
        Key::Mode => config.mode == usual.mode,
        Key::Network => config.network == usual.network,
        Key::Write => config.write == usual.write,
        Key::Read => config.read == usual.read,
        Key::Lag => config.lag == usual.lag,
        Key::Pause => config.pause == usual.pause,
        Key::Replicas => config.replicas == usual.replicas,
        Key::Until => config.until == usual.until,
        Key::Seed => scenario.seed == Scenario::default().seed,
        Key::Title | Key::CopyLag(_) | Key::LinkNetwork(..) => false,
    }
}

/// A mode, or `key: value`, as the scenario has it.
fn setting_line(key: Key, scenario: &Scenario) -> String {
    let config = &scenario.config;
    let value = match key {
        Key::Mode => return config.mode.word().to_string(),
        Key::Title => String::new(),
        Key::Network => config.network.to_string(),
        Key::Write => config.write.to_string(),
        Key::Read => config.read.to_string(),
        Key::Lag => config.lag.to_string(),
        Key::Pause => config.pause.to_string(),
        Key::Replicas => config.replicas.to_string(),
        Key::Until => config.until.unwrap_or_default().to_string(),
        Key::Seed => scenario.seed.0.to_string(),
        Key::CopyLag(copy) => config.lag_of(copy).to_string(),
        Key::LinkNetwork(one, other) => {
            let own = config.links.iter().find(|(link, _)| *link == (one, other));
            own.map_or(config.network, |(_, delay)| *delay).to_string()
        }
    };
    [&key.text(), ": ", &value].concat()
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
        // The words of trouble are not printed yet: no text can say them.
        Action::Fault(_) => {}
        Action::Shop { client, op, to } => {
            line.extend([name(client).as_str(), " ", &deed(op, to)]);
        }
    }
    line
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
