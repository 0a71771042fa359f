//! Edits: the texts that a click, the switch or a slider asks for, as pure functions.
//!
//! Invariants: nobody's line is reformatted. A control rewrites its own line and no other; a
//! click takes away the cues that have not fired yet, whole lines, and appends one.

use super::print::{canonical, leading_time};
use super::{Key, Line, LineKind, Parsed, Scenario, parse};
use crate::sim::{Action, Cue, ReplicationMode, When};
use crate::time::{SimDuration, SimTime};

/// What a click made of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub text: String,
    /// The lines that were cut.
    pub removed: Vec<String>,
}

/// A click at the playhead: every cue that fires later, or never fired, is cut; `line_body`, as
/// in `bob views`, is appended to fire at the first whole millisecond after the playhead, or at
/// the very start where nothing is left before it. `fired` is the run's, by cue.
pub fn cut_and_append(
    text: &str,
    parsed: &Parsed,
    fired: &[Option<SimTime>],
    playhead: SimTime,
    line_body: &str,
) -> Edit {
    let later = |line: &Line| match line.kind {
        LineKind::Cue(cue) => fired
            .get(cue.0 as usize)
            .copied()
            .flatten()
            .is_none_or(|at| at > playhead),
        _ => false,
    };
    let cues = parsed
        .lines
        .iter()
        .filter(|line| matches!(line.kind, LineKind::Cue(_)));
    let cut = parsed.lines.iter().filter(|line| later(line));
    let removed: Vec<String> = cut
        .map(|line| text[line.body.clone()].to_string())
        .collect();
    let count = cues.count();
    let mut kept = String::with_capacity(text.len() + 40);
    for (nth, line) in parsed.lines.iter().enumerate() {
        let next = parsed
            .lines
            .get(nth + 1)
            .map_or(text.len(), |next| next.place.start);
        if !later(line) {
            kept.push_str(&text[line.place.start..next]);
        } else if next == text.len() {
            // What lies beyond a limit was not read, and stays.
            kept.push_str(&text[(line.place.end + 1).min(next)..]);
        }
    }
    let now = playhead.micros();
    let time = match (count > removed.len(), now) {
        (false, 0) => String::new(),
        _ => leading_time(SimDuration::from_millis(now / 1000 + 1)),
    };
    let line = [&time, line_body].concat();
    Edit {
        text: appended(kept, &line, separator(text), text.ends_with('\n')),
        removed,
    }
}

/// Whether the text says this line, however either is spaced; it may go on, as `bob views` does in
/// `bob views from s1`, and whatever is remarked behind it.
pub fn has(text: &str, line: &str) -> bool {
    let (text, line) = (canonical(text), canonical(line));
    let bare = |line: &str| line.split(" #").next().unwrap_or_default().to_string();
    let line = line.lines().last().map(bare).unwrap_or_default();
    let goes_on = |rest: &str| rest.is_empty() || rest.starts_with(' ');
    let mut lines = text.lines().map(bare);
    lines.any(|own| own.strip_prefix(&line).is_some_and(goes_on))
}

/// The text with a line more at its end.
fn appended(mut text: String, line: &str, separator: &str, newline: bool) -> String {
    if !text.trim_end_matches(' ').is_empty() {
        if text.trim_end_matches(' ').ends_with(';') {
            let space = if text.ends_with(' ') { "" } else { " " };
            text.push_str(space);
        } else if !text.ends_with('\n') {
            text.push_str(separator);
        }
    }
    text.push_str(line);
    if newline {
        text.push('\n');
    }
    text
}

/// What ends a line in this text.
fn separator(text: &str) -> &'static str {
    if text.contains(';') && !text.contains('\n') {
        "; "
    } else {
        "\n"
    }
}

/// The switch: rewrites the line of the mode, or adds one at the top.
pub fn set_mode(text: &str, mode: ReplicationMode) -> String {
    set_setting(text, Key::Mode, mode.word())
}

/// A control: rewrites the last line of this key, or adds one at the top, after the other
/// settings there. An empty value takes the lines of this key away, so that the default is back.
pub fn set_setting(text: &str, key: Key, value: &str) -> String {
    let parsed = parse(text);
    let own = |line: &&Line| line.kind == LineKind::Setting(key);
    if value.trim().is_empty() {
        return without(text, &parsed, |line| own(&line));
    }
    let statement = match key {
        Key::Mode => value.to_string(),
        _ => [&key.text(), ": ", value].concat(),
    };
    match parsed.lines.iter().rfind(own) {
        Some(line) => [&text[..line.body.start], &statement, &text[line.body.end..]].concat(),
        None => inserted(text, &parsed, key, &statement),
    }
}

fn without(text: &str, parsed: &Parsed, gone: impl Fn(&Line) -> bool) -> String {
    let mut kept = String::with_capacity(text.len());
    for (nth, line) in parsed.lines.iter().enumerate() {
        let next = parsed
            .lines
            .get(nth + 1)
            .map_or(text.len(), |next| next.place.start);
        if !gone(line) {
            kept.push_str(&text[line.place.start..next]);
        }
    }
    kept
}

/// Adds a setting below those at the top; the mode stands below the title, above the others.
fn inserted(text: &str, parsed: &Parsed, key: Key, statement: &str) -> String {
    let head = parsed
        .lines
        .iter()
        .take_while(|line| !matches!(line.kind, LineKind::Cue(_)));
    let above = |line: &&Line| match line.kind {
        LineKind::Version(_) | LineKind::Setting(Key::Title) => true,
        LineKind::Setting(_) => key != Key::Mode,
        _ => false,
    };
    let separator = separator(text);
    match head.filter(above).last() {
        Some(line) => {
            let place = line.place.end - usize::from(text[line.place.clone()].ends_with('\r'));
            [&text[..place], separator, statement, &text[place..]].concat()
        }
        None if text.is_empty() => statement.to_string(),
        None => [statement, separator, text].concat(),
    }
}

/// The same clicks in the other mode: each cue pinned to the moment at which it fired, the mode
/// and every change of it flipped; cues that never fired are left out. What is armed from the
/// start stays so: it waits for its message, not for a moment.
pub fn twin(scenario: &Scenario, fired: &[Option<SimTime>]) -> Scenario {
    let mut twin = scenario.clone();
    twin.config.mode = scenario.config.mode.flipped();
    let pinned = scenario.script.iter().zip(fired).filter_map(|(cue, at)| {
        let action = match cue.action {
            Action::Become(mode) => Action::Become(mode.flipped()),
            other => other,
        };
        let (at, when) = match (cue.when, at) {
            (When::Start, _) => (SimTime::ZERO, When::Start),
            (_, at) => ((*at)?, When::At((*at)?)),
        };
        Some((at, Cue { when, action }))
    });
    let mut pinned: Vec<(SimTime, Cue)> = pinned.collect();
    crate::order::by_key(&mut pinned, |(at, _)| at.0);
    twin.script = pinned.into_iter().map(|(_, cue)| cue).collect();
    twin
}
