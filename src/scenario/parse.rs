//! From a text to a [`Parsed`]: lines first, then what they mean together.
//!
//! Invariants: never fails, never panics, reads each byte a bounded number of times; a line that
//! is skipped leaves a diagnostic, and every other line means what it would mean without it.

use super::limits::{LIMITS, Limits, TextLimit};
use super::statement::{Reader, Statement};
use super::values::{fault, quote};
use super::{Expect, Key, Line, LineKind, Parsed, Scenario, words};
use crate::chance::name_hash;
use crate::check::Claim;
use crate::order;
use crate::shop::Name;
use crate::sim::{Action, Cue, CueId};
use std::ops::Range;

/// Reads a text. Never fails: see [`Parsed::diagnostics`].
pub fn parse(text: &str) -> Parsed {
    parse_within(text, &LIMITS)
}

/// With limits of one's own; tests lower them.
pub fn parse_within(text: &str, limits: &Limits) -> Parsed {
    let mut parser = Parser {
        text,
        reader: Reader {
            limits,
            line: 0,
            diagnostics: Vec::new(),
            scenario: Scenario::default(),
            title: None,
            one: false,
        },
        parsed: Parsed::default(),
        statements: Vec::new(),
        items: Vec::new(),
    };
    parser.read_lines();
    parser.settle();
    parser.build();
    let mut parsed = parser.parsed;
    let reader = parser.reader;
    parsed.scenario = reader.scenario;
    parsed.title = reader.title;
    parsed.diagnostics = reader.diagnostics;
    order::by_key(&mut parsed.diagnostics, |d| {
        u64::from(d.line) << 32 | u64::from(d.column)
    });
    parsed
}

struct Parser<'a> {
    text: &'a str,
    reader: Reader<'a>,
    parsed: Parsed,
    /// What each line says, by its place in `parsed.lines`.
    statements: Vec<Option<Statement>>,
    /// Where each item is named.
    items: Vec<(Name, (u32, u32))>,
}

impl Parser<'_> {
    fn read_lines(&mut self) {
        let limits = *self.reader.limits;
        for place in places(self.text) {
            self.reader.line = self.parsed.lines.len() as u32 + 1;
            let rest_is_blank = || self.text[place.start..].trim().is_empty();
            let over = if place.end > limits.bytes {
                Some((TextLimit::Bytes, limits.bytes, " bytes"))
            } else if self.parsed.lines.len() >= limits.lines && !rest_is_blank() {
                Some((TextLimit::Lines, limits.lines, " lines"))
            } else {
                None
            };
            if let Some((limit, most, unit)) = over {
                self.parsed.limit_reached = Some(limit);
                let most = most.to_string();
                let message = [
                    "A text is read up to ",
                    &most,
                    unit,
                    "; this and what follows is not.",
                ];
                self.reader.problem::<()>(1, fault(&message, None));
                break;
            }
            self.read_line(place);
        }
    }

    fn read_line(&mut self, place: Range<usize>) {
        let raw = &self.text[place.clone()];
        self.check_characters(raw);
        let code = raw.find('#').map_or(raw, |comment| &raw[..comment]);
        let clean = cleaned(code);
        let trimmed = clean.trim();
        let start = clean.len() - clean.trim_start().len();
        let body = place.start + start..place.start + start + trimmed.len();
        let column = clean[..start].chars().count() as u32 + 1;
        let mut kind = match (trimmed.is_empty(), code.len() == raw.len()) {
            (true, true) => LineKind::Blank,
            (true, false) => LineKind::Comment,
            _ => LineKind::Skipped,
        };
        let mut statement = None;
        if kind == LineKind::Skipped {
            statement = self
                .reader
                .read(&trimmed.to_ascii_lowercase(), trimmed, column);
            kind = match &statement {
                Some(Statement::Version(version)) => LineKind::Version(*version),
                Some(Statement::Setting(key)) => LineKind::Setting(*key),
                Some(Statement::View) => LineKind::View,
                _ => LineKind::Skipped,
            };
        }
        let number = self.reader.line;
        self.parsed.lines.push(Line {
            number,
            place,
            body,
            kind,
        });
        self.statements.push(statement);
    }

    /// A text may hold nothing that its link could not.
    fn check_characters(&mut self, raw: &str) {
        let mut before = ' ';
        for (column, letter) in raw.chars().enumerate() {
            if is_foreign(letter) && !(letter == '%' && before.is_ascii_digit()) {
                let name = if letter.is_control() {
                    "A control character".to_string()
                } else {
                    quote(&letter.to_string())
                };
                let message = [&name, " cannot stand in a text; it is read as a space."];
                self.reader.note(column as u32 + 1, fault(&message, None));
                return;
            }
            before = letter;
        }
    }

    /// The last line of each key counts; the earlier ones are told so.
    fn settle(&mut self) {
        let mut last: Vec<(Key, usize)> = Vec::new();
        for (place, line) in self.parsed.lines.iter().enumerate() {
            let LineKind::Setting(key) = line.kind else {
                continue;
            };
            match last.iter_mut().find(|(known, _)| *known == key) {
                Some((_, known)) => *known = place,
                None => last.push((key, place)),
            }
        }
        if self.reader.one {
            self.reader.scenario.config.replicas = 0;
        }
        for (key, place) in &last {
            self.reader.line = *place as u32 + 1;
            let column = self.column_of(*place);
            if self.reader.unset_where_impossible(*key, column).is_none() {
                self.parsed.lines[*place].kind = LineKind::Skipped;
            }
        }
        let config = &mut self.reader.scenario.config;
        order::by_key(&mut config.lags, |(copy, _)| copy.0.into());
        order::by_key(&mut config.workers, |(id, _)| id.0.into());
        order::by_key(&mut config.queues, |(id, _)| id.0.into());
        order::by_key(&mut config.links, |((one, other), _)| {
            u64::from(one.0) << 8 | u64::from(other.0)
        });
        for place in 0..self.parsed.lines.len() {
            if let LineKind::Setting(key) = self.parsed.lines[place].kind
                && let Some((_, last)) = last.iter().find(|(known, _)| *known == key)
                && *last != place
            {
                self.overruled(place, key, *last);
            }
        }
    }

    fn overruled(&mut self, place: usize, key: Key, last: usize) {
        self.reader.line = place as u32 + 1;
        let column = self.column_of(place);
        let number = (last + 1).to_string();
        if key == Key::Mode {
            let mode = self.reader.scenario.config.mode;
            let message = [
                "Line ",
                &number,
                " sets the mode of the whole run. To switch in mid-run, \
                            say so there.",
            ];
            let line = ["replication becomes ", mode.word()].concat();
            return self
                .reader
                .problem(column, fault(&message, Some(line)))
                .unwrap_or(());
        }
        let message = ["Line ", &number, " sets this again; the last one counts."];
        self.reader
            .problem(column, fault(&message, None))
            .unwrap_or(())
    }

    /// The column of the statement in this line.
    fn column_of(&self, place: usize) -> u32 {
        let line = &self.parsed.lines[place];
        self.text[line.place.start..line.body.start].chars().count() as u32 + 1
    }

    /// The script and the expectations, now that the settings are known.
    fn build(&mut self) {
        for place in 0..self.parsed.lines.len() {
            self.reader.line = place as u32 + 1;
            match self.statements[place].clone() {
                Some(Statement::Cue) => {
                    let body = cleaned(&self.text[self.parsed.lines[place].body.clone()]);
                    let body = body.to_ascii_lowercase();
                    let words = words::split(&body, self.column_of(place));
                    if let Some(cue) = self.reader.cue(&words) {
                        self.push_cue(place, cue);
                    }
                }
                Some(Statement::Expect(claim)) => {
                    self.reader.scenario.expectations.extend(claim.clone());
                    let line = &mut self.parsed.lines[place];
                    line.kind = LineKind::Expect(self.parsed.expects.len() as u32);
                    let text = one_spaced(&cleaned(&self.text[line.body.clone()]));
                    let number = line.number;
                    self.parsed.expects.push(Expect {
                        line: number,
                        text,
                        claim,
                    });
                }
                _ => {}
            }
        }
        self.hint_plurals();
        self.hint_shoppers();
    }

    fn push_cue(&mut self, place: usize, cue: Cue) {
        let id = CueId(self.parsed.cues.len() as u32);
        self.parsed.cues.push(place as u32);
        self.parsed.lines[place].kind = LineKind::Cue(id);
        self.reader.scenario.script.push(cue);
        if let Action::Shop { op, .. } = cue.action
            && let Some(item) = op.item()
        {
            let column = self.column_of(place);
            self.items.push((item, (place as u32 + 1, column)));
        }
    }

    /// A claim about somebody who does nothing here: probably a slip, where a name is near.
    fn hint_shoppers(&mut self) {
        let shoppers = self.reader.scenario.config.shoppers.clone();
        let names: Vec<&str> = shoppers.iter().map(Name::as_str).collect();
        for nth in 0..self.parsed.expects.len() {
            let expect = &self.parsed.expects[nth];
            let Some(Claim::Shows { who, .. } | Claim::WaitsUnder { who, .. }) = expect.claim
            else {
                continue;
            };
            self.reader.line = expect.line;
            let meant = self.reader.nearest(who.as_str(), &names);
            if let Some(meant) = meant.filter(|_| !shoppers.contains(&who)) {
                let text = expect.text.to_ascii_lowercase();
                let said = text.trim_start_matches("expect ");
                let meant = ["expect ", &said.replacen(who.as_str(), meant, 1)].concat();
                let column = self.column_of(self.reader.line as usize - 1);
                let message = [
                    "Nobody called ",
                    &quote(who.as_str()),
                    " does anything here.",
                ];
                self.reader.note(column, fault(&message, Some(meant)));
            }
        }
    }

    /// `book` and `books` are two items: worth a hint, where the second of them first occurs.
    fn hint_plurals(&mut self) {
        let mut items = std::mem::take(&mut self.items);
        order::by_key(&mut items, |(item, _)| name_hash(*item));
        items.dedup_by_key(|(item, _)| *item);
        let mut hints = Vec::new();
        for (one, at) in &items {
            let Some(many) = Name::new(&[one.as_str(), "s"].concat()) else {
                continue;
            };
            let place = items.partition_point(|(item, _)| name_hash(*item) < name_hash(many));
            if let Some((_, other)) = items.get(place).filter(|(item, _)| *item == many) {
                hints.push((*at.max(other), *one, many));
            }
        }
        for ((line, column), one, many) in hints {
            self.reader.line = line;
            let (one, many) = (quote(one.as_str()), quote(many.as_str()));
            let message = [&one, " and ", &many, " are two different items."];
            self.reader.note(column, fault(&message, None));
        }
    }
}

/// The place of every line, without what ends it.
pub fn places(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut next = Some(0);
    std::iter::from_fn(move || {
        let start = next?;
        let length = text[start..].bytes().position(|b| b == b'\n' || b == b';');
        next = length.map(|length| start + length + 1);
        Some(start..length.map_or(text.len(), |length| start + length))
    })
}

/// What a text cannot hold, because its link could not.
fn is_foreign(letter: char) -> bool {
    matches!(letter, '+' | '%' | '&' | '<' | '>' | '"')
        || (letter.is_control() && !matches!(letter, '\t' | '\r'))
}

/// With a space for each character that a text cannot hold, and for the byte order mark: one of
/// as many bytes, so that places and columns stay right. `%` stays after a digit.
pub fn cleaned(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for letter in text.chars() {
        let percent = letter == '%' && clean.ends_with(|c: char| c.is_ascii_digit());
        let foreign = (is_foreign(letter) && !percent) || letter == '\u{feff}';
        clean.push(match (foreign, letter.len_utf8()) {
            (false, _) => letter,
            (true, 1) => ' ',
            (true, 2) => '\u{a0}',
            (true, _) => '\u{2003}',
        });
    }
    clean
}

/// Runs of spaces as one, none at the ends.
pub fn one_spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    spaced
}
