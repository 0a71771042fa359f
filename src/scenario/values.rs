//! Values: durations, delays and quantities.
//!
//! Invariant: a value is never guessed. `5` is no duration; the message suggests `5ms`.

use super::words::{self, Word};
use crate::chance::{Delay, Seed};
use crate::time::SimDuration;

/// Why a value cannot be read, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub message: String,
    pub suggestion: Option<String>,
}

/// `message` with the words in it joined.
pub fn fault(message: &[&str], suggestion: Option<String>) -> Fault {
    Fault {
        message: message.concat(),
        suggestion,
    }
}

/// A delay as the language writes it, for controls that hold one as text.
pub fn delay_of(text: &str) -> Option<Delay> {
    delay(&words::split(&text.to_ascii_lowercase(), 1))
        .ok()
        .map(|(delay, _)| delay)
}

/// A duration as the language writes it.
pub fn duration_of(text: &str) -> Option<SimDuration> {
    duration(&text.trim().to_ascii_lowercase()).ok()
}

/// The largest seed: what every reader of JSON can hold exactly.
pub const SEED_MAX: u64 = (1 << 53) - 1;

/// A seed as the language writes it.
pub fn seed_of(text: &str) -> Option<Seed> {
    whole(text.trim(), 0, SEED_MAX).map(Seed)
}

/// A word for a message: in quotes, and not longer than a line of the screen can hold.
pub fn quote(word: &str) -> String {
    match word.char_indices().nth(24) {
        Some((end, _)) => ["`", &word[..end], "…`"].concat(),
        None => ["`", word, "`"].concat(),
    }
}

/// Whether a duration begins here: `1s`, `1.5`, `.5s`.
pub fn is_number(word: &str) -> bool {
    let start = word.strip_prefix('-').unwrap_or(word);
    start
        .strip_prefix('.')
        .unwrap_or(start)
        .starts_with(|c: char| c.is_ascii_digit())
}

/// Splits `300ms` into `300` and `ms`.
fn split_unit(word: &str) -> (&str, &str) {
    let end = word
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(word.len());
    word.split_at(end)
}

/// Microseconds in a unit of the language.
fn unit(name: &str) -> Option<u64> {
    match name {
        "us" | "µs" | "μs" => Some(1),
        "ms" => Some(1_000),
        "s" => Some(1_000_000),
        _ => None,
    }
}

/// Microseconds in a unit that people write elsewhere: for suggestions only.
fn foreign_unit(name: &str) -> Option<u64> {
    match name {
        "msec" | "msecs" | "millis" | "millisecond" | "milliseconds" => Some(1_000),
        "sec" | "secs" | "second" | "seconds" => Some(1_000_000),
        "m" | "min" | "mins" | "minute" | "minutes" => Some(60_000_000),
        "h" | "hour" | "hours" => Some(3_600_000_000),
        _ => None,
    }
}

/// `number` units of this many microseconds, to the nearest microsecond; `None` for no number or
/// one far beyond every bound.
fn scaled(number: &str, unit: u64) -> Option<SimDuration> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !digits(whole) || !digits(part) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    // Digits beyond the ninth are below any rounding of a microsecond that one could see.
    let part = &part[..part.len().min(9)];
    let whole: u64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let scale = 10u64.pow(part.len() as u32);
    let part: u64 = if part.is_empty() {
        0
    } else {
        part.parse().ok()?
    };
    let part = (u128::from(part) * u128::from(unit) + u128::from(scale) / 2) / u128::from(scale);
    Some(SimDuration(
        whole.checked_mul(unit)?.checked_add(part as u64)?,
    ))
}

/// `300ms`, `1.5s`, `20us`: at most one hour.
pub fn duration(word: &str) -> Result<SimDuration, Fault> {
    let (number, name) = split_unit(word);
    let hour = |length: SimDuration| {
        if length > SimDuration::HOUR {
            return Err(fault(
                &[
                    &quote(word),
                    " is longer than one hour, the longest possible.",
                ],
                Some(SimDuration::HOUR.to_string()),
            ));
        }
        Ok(length)
    };
    if let Some(unit) = unit(name) {
        match scaled(number, unit) {
            Some(length) => return hour(length),
            None if number.len() > 15 => return hour(SimDuration(u64::MAX)),
            None => {}
        }
    }
    if name.is_empty() && scaled(number, 1).is_some() {
        let suggestion = [number, "ms"].concat();
        return Err(fault(
            &[&quote(word), " needs a unit: us, ms or s."],
            Some(suggestion),
        ));
    }
    let meant = foreign_unit(name).and_then(|unit| scaled(number, unit));
    let meant = meant.filter(|length| *length <= SimDuration::HOUR);
    let meant = meant
        .map(|length| length.to_string())
        .or_else(|| comma(word));
    Err(fault(
        &[
            &quote(word),
            " is no duration: a number and us, ms or s, as in 300ms.",
        ],
        meant,
    ))
}

/// `1,5s` is meant as `1.5s`.
fn comma(word: &str) -> Option<String> {
    let point = word.replacen(',', ".", 1);
    (point != word && duration(&point).is_ok()).then_some(point)
}

/// A delay, and whether its two ends had to be swapped: `12ms`, `10ms-30ms`, `exp 40ms`.
pub fn delay(value: &[Word]) -> Result<(Delay, bool), Fault> {
    let first = value.first().map_or("", |word| word.text);
    if words::is_later_law(first) {
        return Err(fault(&[&quote(first), " delays are not built yet."], None));
    }
    let joined = |value: &[Word]| -> String {
        let text: String = value.iter().map(|word| word.text).collect();
        text.replace(['–', '—', '−'], "-")
    };
    if matches!(first, "exp" | "exponential") {
        let mean = joined(&value[1..]);
        if mean.is_empty() {
            let message = "exp needs its mean, as in exp 40ms.";
            return Err(fault(&[message], Some("exp 40ms".to_string())));
        }
        return Ok((Delay::Exponential(duration(&mean)?), false));
    }
    let text = joined(value);
    if text.is_empty() {
        let message = "A delay is expected: 300ms, 10ms-30ms or exp 40ms.";
        return Err(fault(&[message], None));
    }
    match text.split_once('-') {
        Some((from, to)) if !from.is_empty() => range(from, to),
        _ => match text.split_once("..").or_else(|| text.split_once("to")) {
            Some((from, to)) if duration(to).is_ok() => Err(fault(
                &["A range is written with a dash."],
                Some([from, "-", to].concat()),
            )),
            _ => Ok((Delay::Constant(duration(&text)?), false)),
        },
    }
}

/// `10ms-30ms`; `10-30ms` borrows the unit; swapped ends are put right.
fn range(from: &str, to: &str) -> Result<(Delay, bool), Fault> {
    let to_length = duration(to)?;
    let unit = split_unit(to).1;
    let from_length = match split_unit(from) {
        (number, "") => duration(&[number, unit].concat())?,
        _ => duration(from)?,
    };
    let swapped = from_length > to_length;
    let (low, high) = (from_length.min(to_length), from_length.max(to_length));
    Ok((Delay::Range(low, high), swapped))
}

/// The greatest common divisor.
pub fn divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// A whole number between two bounds; `None` for anything else.
pub fn whole(word: &str, from: u64, to: u64) -> Option<u64> {
    let digits = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    if !digits {
        return None;
    }
    let number = word.trim_start_matches('0');
    let number = if number.is_empty() {
        0
    } else {
        number.parse().ok()?
    };
    (from..=to).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_to_the_microsecond() {
        for (text, micros) in [
            ("300ms", 300_000),
            ("1.5s", 1_500_000),
            (".5s", 500_000),
            ("20us", 20),
            ("20µs", 20),
            ("0.5us", 1),
            ("0.4us", 0),
            ("62.3046ms", 62_305),
            ("0.0000004s", 0),
            ("0.0000005s", 1),
            ("3600s", 3_600_000_000),
            ("000000000000000000001s", 1_000_000),
        ] {
            assert_eq!(duration(text), Ok(SimDuration(micros)), "{text}");
        }
        for (text, meant) in [
            ("5", Some("5ms")),
            ("2min", Some("120s")),
            ("3sec", Some("3s")),
            ("1,5s", Some("1.5s")),
            ("3601s", Some("3600s")),
            ("99999999999999999999999s", Some("3600s")),
            ("", None),
            ("s", None),
            ("1.2.3s", None),
            ("fast", None),
        ] {
            let error = duration(text).unwrap_err();
            assert_eq!(
                error.suggestion.as_deref(),
                meant,
                "{text}: {}",
                error.message
            );
        }
    }

    #[test]
    fn delays_are_read_as_people_write_them() {
        for (text, printed) in [
            ("12ms", "12ms"),
            ("12 ms", "12ms"),
            ("10ms-30ms", "10ms-30ms"),
            ("10-30ms", "10ms-30ms"),
            ("30ms - 10ms", "10ms-30ms"),
            ("10ms–30ms", "10ms-30ms"),
            ("exp 40ms", "exp 40ms"),
            ("EXPONENTIAL 1s", "exp 1s"),
        ] {
            assert_eq!(
                delay_of(text).map(|d| d.to_string()).as_deref(),
                Some(printed),
                "{text}"
            );
        }
        for text in [
            "",
            "exp",
            "-5ms",
            "5",
            "10ms-",
            "pareto 1ms 2",
            "10msto30ms",
            "1ms-2ms-3ms",
        ] {
            assert_eq!(delay_of(text), None, "{text}");
        }
    }
}
