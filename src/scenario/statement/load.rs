//! Load: how many visitors come, what they want, and for how long.
//!
//! ```text
//!   load: 200/s, 1/10 writes       2s load becomes 800/s, 1/10 writes, for 3s       load stops
//! ```
//! Invariant: the number of visitors comes first; what a line leaves out is as the setting says, or
//! usual.

use super::{Reader, glue, unit_words};
use crate::chance::Ratio;
use crate::scenario::print::without_percent;
use crate::scenario::values::{self, quote};
use crate::scenario::words::Word;
use crate::sim::Load;

/// The largest number in a ratio.
const RATIO_MAX: u64 = 1_000_000;

/// Whether the words, without time, are about the load.
pub fn is_load(words: &[Word]) -> bool {
    let verb = words.get(1).map_or("", |word| word.text);
    words[0].text == "load" && matches!(verb, "becomes" | "become" | "stops" | "stop")
}

impl Reader<'_> {
    /// `load becomes 800/s`, `load stops`.
    pub(super) fn load_line(&mut self, all: &[Word], rest: &[Word]) -> Option<Load> {
        if rest[1].text.starts_with("stop") {
            self.nothing_more(&rest[2..], all, all.len() + 2 - rest.len())?;
            let writes = Load::WRITES;
            let length = Load::LENGTH;
            return Some(Load {
                rate: 0,
                writes,
                length,
            });
        }
        let column = rest.get(2).unwrap_or(&rest[1]).column;
        self.load(&rest[2..], column)
    }

    /// `200/s, 1/10 writes, for 30s`.
    pub(super) fn load(&mut self, value: &[Word], column: u32) -> Option<Load> {
        let usual = self
            .scenario
            .config
            .load
            .map_or(Load::WRITES, |load| load.writes);
        let mut load = Load {
            rate: 0,
            writes: usual,
            length: Load::LENGTH,
        };
        let mut words = value.to_vec();
        for word in &mut words {
            word.text = word.text.trim_end_matches(',');
        }
        let split = words.get(1).is_some_and(|word| word.text == "/s");
        let (rate, mut rest) = words.split_at(words.len().min(1 + usize::from(split)));
        load.rate = self.rate(&glue(rate), column)?;
        while let Some(first) = rest.first().copied() {
            let used = match rest {
                [_, writes, ..] if writes.text == "writes" => {
                    let Some(writes) = ratio(first.text) else {
                        return self.no_part(first);
                    };
                    load.writes = writes;
                    2
                }
                [_, length, ..] if first.text == "for" => {
                    let used = 1 + unit_words(&rest[1..]);
                    load.length = self.duration(&glue(&rest[1..used]), length.column)?;
                    used
                }
                _ => return self.no_part(first),
            };
            rest = &rest[used..];
        }
        Some(load)
    }

    fn no_part<T>(&mut self, word: Word) -> Option<T> {
        let message = [&quote(word.text), " is no part of a load."];
        let line = Some("200/s, 1/10 writes, for 10s".to_string());
        self.say(word.column, &message, line)
    }

    /// `200/s`.
    fn rate(&mut self, text: &str, column: u32) -> Option<u32> {
        let number = text.strip_suffix("/s").unwrap_or(text);
        let known = values::whole(number, 1, Load::MOST.into());
        if let Some(rate) = known.filter(|_| number != text) {
            return Some(rate as u32);
        }
        let most = Load::MOST.to_string();
        let message = ["So many visitors a second, 1 to ", &most, ", as in 200/s."];
        let meant = known.map_or("200".to_string(), |rate| rate.to_string());
        self.say(column, &message, Some([&meant, "/s"].concat()))
    }
}

/// `1/10`, or `10%`; at most all.
fn ratio(text: &str) -> Option<Ratio> {
    let text = without_percent(text);
    let (num, den) = text.split_once('/')?;
    let den = values::whole(den.trim(), 1, RATIO_MAX)?;
    let num = values::whole(num.trim(), 0, den)?;
    let divisor = values::divisor(num, den);
    Some(Ratio {
        num: (num / divisor) as u32,
        den: (den / divisor) as u32,
    })
}
