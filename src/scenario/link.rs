//! Links: a text in an address, `#v1.qqe;background;alice+adds+book`, and back.
//!
//! Written so that it survives chat and mail programs, and read tolerantly. The three characters
//! after the version are a sum of all that follows, so that a link which was cut short is noticed.
//! Invariants: `read(write(text, view))` is `canonical(text)` and `view`; a written link ends on a
//! letter or a digit; reading never fails.

use super::parse::{cleaned, one_spaced};
use super::print::{canonical, normal};
use super::statement::is_view;
use super::{LIMITS, parse, values, words};
use crate::chance::fnv;
use crate::time::SimTime;

/// How a run is shown: part of a link, never of the scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewState {
    /// Where the viewer stands.
    pub at: Option<SimTime>,
    pub side_by_side: bool,
    /// What each `show` names, in order.
    pub show: Vec<String>,
    pub hide: Vec<String>,
    pub lock: Vec<String>,
    pub theme: Option<String>,
    /// The moment that is shown until somebody plays the run.
    pub poster: Option<String>,
    /// View statements of a newer Lagoon, kept as they are.
    pub unknown: Vec<String>,
}

/// What an address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkRead {
    /// The text, a statement a line.
    pub text: String,
    pub view: ViewState,
    /// Of the language; 1 where none is named.
    pub version: u32,
    pub sum: SumCheck,
    /// Whether there was a text at all; an address without one says nothing.
    pub found: bool,
}

/// What the sum of a link says. A wrong one: the link looks cut off or changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SumCheck {
    #[default]
    None,
    Right,
    Wrong,
}

/// The link of a text, from its `#` on.
pub fn write(text: &str, view: &ViewState) -> String {
    let text = canonical(text);
    let mut statements: Vec<String> = text.lines().map(tight).collect();
    statements.extend(view_statements(view));
    let body = statements.join(";");
    let mut link = ["#v1.", &sum(&statements), ";"].concat();
    let last = body
        .char_indices()
        .next_back()
        .map_or(0, |(place, _)| place);
    for (place, letter) in body.char_indices() {
        let plain =
            letter.is_ascii_alphanumeric() || (place != last && "-._~:,/'()!?;".contains(letter));
        match letter {
            ' ' => link.push('+'),
            _ if plain => link.push(letter),
            _ => percent(letter, &mut link),
        }
    }
    link
}

/// Without the space after a setting's colon.
fn tight(line: &str) -> String {
    match line
        .find([':', '#'])
        .filter(|place| line[*place..].starts_with(": "))
    {
        Some(colon) => [&line[..=colon], &line[colon + 2..]].concat(),
        None => line.to_string(),
    }
}

fn percent(letter: char, link: &mut String) {
    for byte in letter.encode_utf8(&mut [0; 4]).bytes() {
        link.push('%');
        for digit in [byte >> 4, byte & 15] {
            link.push(b"0123456789ABCDEF"[usize::from(digit)] as char);
        }
    }
}

/// The three characters that guard a link: FNV-1a of its statements, folded to 15 bits.
fn sum<S: AsRef<str>>(statements: &[S]) -> String {
    let spaced = statements
        .iter()
        .map(|s| one_spaced(s.as_ref()))
        .filter(|s| !s.is_empty());
    let joined = spaced.collect::<Vec<_>>().join("\n").to_ascii_lowercase();
    let hash = fnv(joined.as_bytes());
    let folded = hash ^ hash >> 15 ^ hash >> 30 ^ hash >> 45 ^ hash >> 60;
    let letter =
        |shift: u32| b"0123456789abcdefghjkmnpqrstvwxyz"[(folded >> shift & 31) as usize] as char;
    [letter(10), letter(5), letter(0)].iter().collect()
}

/// What is read of an address, in bytes: a text as long as any, with all of it encoded thrice.
const LONGEST: usize = 10 * LIMITS.bytes;

/// Reads a link, an address with one in it, or a plain text. Never fails.
pub fn read(input: &str) -> LinkRead {
    let input = &input[..input.floor_char_boundary(LONGEST)];
    let input = input.trim_start_matches('\u{feff}').trim_start();
    let (body, plain) = match locate(input) {
        Place::Link(body) => (decoded(body), false),
        Place::Plain if input.trim_end().contains(char::is_whitespace) => (input.to_string(), true),
        Place::Plain => (decoded(input), false),
        Place::Nothing => {
            return LinkRead {
                version: 1,
                ..LinkRead::default()
            };
        }
    };
    if plain {
        return LinkRead {
            text: body,
            version: 1,
            found: true,
            ..LinkRead::default()
        };
    }
    read_statements(&body)
}

fn read_statements(body: &str) -> LinkRead {
    let statements: Vec<String> = body
        .split([';', '\n'])
        .map(one_spaced)
        .filter(|s| !s.is_empty())
        .collect();
    let mut link = LinkRead {
        version: 1,
        found: !statements.is_empty(),
        ..LinkRead::default()
    };
    let mut lines: Vec<String> = Vec::new();
    let mut rest = &statements[..];
    if let Some((first, after)) = statements.split_first()
        && let Some(version) = words::version(&first.to_ascii_lowercase())
    {
        link.version = version;
        rest = after;
        if version == 1 && rest.is_empty() {
            // Nobody writes a link without a statement.
            link.sum = SumCheck::Wrong;
        } else if version != 1 {
            lines.push(["v", &version.to_string()].concat());
        } else if let Some((_, given)) = first.split_once('.') {
            let right = given.eq_ignore_ascii_case(&sum(rest));
            link.sum = if right {
                SumCheck::Right
            } else {
                SumCheck::Wrong
            };
        }
    }
    for statement in rest {
        if !link.view.take(statement) {
            lines.push(normal(statement));
        }
    }
    link.text = lines.join("\n");
    link
}

enum Place<'a> {
    Link(&'a str),
    /// No address: the text itself.
    Plain,
    /// An address without a text.
    Nothing,
}

fn locate(input: &str) -> Place<'_> {
    let whole = |text: &str| !text.contains([' ', ';', '\n']);
    let mut input = input;
    if let Some((before, after)) = input.split_once('#')
        && whole(before)
        && !after.starts_with(' ')
    {
        if !after.trim().is_empty() {
            return Place::Link(without_tracking(after));
        }
        // Some programs leave the bare sign behind.
        input = before;
    }
    if let Some((before, after)) = input.split_once('?')
        && whole(before)
    {
        let body = without_tracking(after);
        if is_version(body) || understood(body) {
            return Place::Link(body);
        }
        if before.is_empty() {
            return Place::Nothing;
        }
    }
    if is_version(input) {
        return Place::Link(input);
    }
    let address = input
        .split([' ', ';', '\n'])
        .next()
        .is_some_and(|first| first.contains("://"));
    if address || input.trim().is_empty() {
        Place::Nothing
    } else {
        Place::Plain
    }
}

/// `v1`, `v1.qqe` or `v1;…` at the front.
fn is_version(body: &str) -> bool {
    let first = body.split([';', '\n', '%', '&']).next().unwrap_or("");
    words::version(&first.trim().to_ascii_lowercase()).is_some()
}

/// Whether the first statement means something.
fn understood(body: &str) -> bool {
    let body = decoded(body);
    let first = body
        .split([';', '\n'])
        .find(|statement| !statement.trim().is_empty());
    first.is_some_and(|first| parse(first).understood())
}

/// Up to what others append to an address: `&utm_source=…`.
fn without_tracking(body: &str) -> &str {
    let key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut from = 0;
    while let Some(place) = body[from..].find('&').map(|place| from + place) {
        let name = &body[place + 1..];
        let name = name.strip_prefix("amp;").unwrap_or(name);
        let rest = name.trim_start_matches(key);
        if rest.starts_with('=') && rest.len() < name.len() {
            return &body[..place];
        }
        from = place + 1;
    }
    body
}

fn decoded(body: &str) -> String {
    let edge = |c: char| matches!(c, ' ' | '\r' | '\n');
    let tail = |c: char| edge(c) || matches!(c, '.' | ',' | ')' | '>' | '"' | '\'');
    let body = body.trim_start_matches(edge).trim_end_matches(tail);
    let mut text = body.replace("&amp;", "&");
    for _ in 0..3 {
        match percent_decoded(&text) {
            Some(less) => text = less,
            None => break,
        }
    }
    text.replace('+', " ")
}

/// `None` where there is nothing to decode.
fn percent_decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: usize| (*bytes.get(at)? as char).to_digit(16);
    let (mut out, mut at, mut found) = (Vec::with_capacity(bytes.len()), 0, false);
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                (at, found) = (at + 3, true);
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    found.then(|| String::from_utf8_lossy(&out).into_owned())
}

fn view_statements(view: &ViewState) -> Vec<String> {
    let mut statements = Vec::new();
    if let Some(at) = view.at {
        statements.push(["at ", &at.to_string()].concat());
    }
    if view.side_by_side {
        statements.push("side by side".to_string());
    }
    for (word, values) in [
        ("show ", &view.show),
        ("hide ", &view.hide),
        ("lock ", &view.lock),
    ] {
        statements.extend(values.iter().map(|value| [word, &safe(value)].concat()));
    }
    for (word, value) in [("theme ", &view.theme), ("poster ", &view.poster)] {
        statements.extend(value.iter().map(|value| [word, &safe(value)].concat()));
    }
    statements.extend(view.unknown.iter().map(|statement| safe(statement)));
    statements
}

/// The value of a view statement can end neither its statement nor the link.
fn safe(value: &str) -> String {
    one_spaced(&cleaned(value).replace([';', ':', '#', '%'], " "))
}

impl ViewState {
    /// Where the playhead stands at first.
    pub fn opens_at(&self) -> SimTime {
        let poster = self.poster.as_deref().and_then(moment);
        poster.or(self.at).unwrap_or_default()
    }

    /// Takes the statement if it says how the run is shown.
    fn take(&mut self, statement: &str) -> bool {
        let body = statement
            .split('#')
            .next()
            .unwrap_or("")
            .to_ascii_lowercase();
        let parts = words::split(&body, 1);
        if body.contains(':') || !is_view(&parts) {
            return false;
        }
        let value = one_spaced(&body[parts[0].text.len() + body.len() - body.trim_start().len()..]);
        let kept = match parts[0].text {
            "at" => {
                self.at = moment(&value);
                self.at.is_some()
            }
            "side" => {
                let whole = value == "by side";
                self.side_by_side |= whole;
                whole
            }
            _ if value.is_empty() => false,
            "show" => push(&mut self.show, value),
            "hide" => push(&mut self.hide, value),
            "lock" => push(&mut self.lock, value),
            "theme" => keep(&mut self.theme, value),
            _ => keep(&mut self.poster, value),
        };
        if !kept {
            self.unknown.push(one_spaced(&body));
        }
        true
    }
}

/// `214ms`, or `214 ms`.
fn moment(value: &str) -> Option<SimTime> {
    let time: String = value.split(' ').collect();
    let at = values::duration(&time).ok()?;
    Some(SimTime::ZERO + at)
}

/// The last one counts.
fn keep(place: &mut Option<String>, value: String) -> bool {
    *place = Some(value);
    true
}

fn push(list: &mut Vec<String>, value: String) -> bool {
    if !list.contains(&value) {
        list.push(value);
    }
    true
}
