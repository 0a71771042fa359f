//! Simulated time: whole microseconds, so that every machine agrees to the last bit.
//!
//! Invariant: no float and no wall clock. Additions saturate; the simulation stops at one hour,
//! far below the top of a `u64`.

use std::fmt;
use std::ops::{Add, Sub};

/// An instant of simulated time: microseconds since the run began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimTime(pub u64);

/// A length of simulated time in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimDuration(pub u64);

impl SimTime {
    pub const ZERO: SimTime = SimTime(0);

    /// Microseconds since the run began.
    pub fn micros(self) -> u64 {
        self.0
    }

    /// The time that passed since `earlier`; zero if `earlier` is later.
    pub fn since(self, earlier: SimTime) -> SimDuration {
        SimDuration(self.0.saturating_sub(earlier.0))
    }
}

impl SimDuration {
    pub const ZERO: SimDuration = SimDuration(0);
    /// The longest duration that the language knows, and the end of every run.
    pub const HOUR: SimDuration = SimDuration(3_600_000_000);

    pub const fn from_millis(millis: u64) -> SimDuration {
        SimDuration(millis * 1000)
    }

    pub fn micros(self) -> u64 {
        self.0
    }
}

impl Add<SimDuration> for SimTime {
    type Output = SimTime;
    fn add(self, length: SimDuration) -> SimTime {
        SimTime(self.0.saturating_add(length.0))
    }
}

impl Add for SimDuration {
    type Output = SimDuration;
    fn add(self, other: SimDuration) -> SimDuration {
        SimDuration(self.0.saturating_add(other.0))
    }
}

impl Sub<SimDuration> for SimTime {
    type Output = SimTime;
    fn sub(self, length: SimDuration) -> SimTime {
        SimTime(self.0.saturating_sub(length.0))
    }
}

/// Exact, as the language writes it: `300ms`, `62.304ms`, `1.5s`; ms below one second, else s.
impl fmt::Display for SimDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, name, digits) = if self.0 < 1_000_000 {
            (1000, "ms", 3)
        } else {
            (1_000_000, "s", 6)
        };
        let (whole, part) = (self.0 / unit, self.0 % unit);
        if part == 0 {
            return write!(f, "{whole}{name}");
        }
        let fraction = format!("{part:0digits$}");
        write!(f, "{whole}.{}{name}", fraction.trim_end_matches('0'))
    }
}

impl fmt::Display for SimTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        SimDuration(self.0).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_print_as_the_language_writes_them() {
        for (micros, text) in [
            (0, "0ms"),
            (1, "0.001ms"),
            (300_000, "300ms"),
            (62_304, "62.304ms"),
            (999_999, "999.999ms"),
            (1_000_000, "1s"),
            (1_500_000, "1.5s"),
            (1_000_001, "1.000001s"),
            (3_600_000_000, "3600s"),
        ] {
            assert_eq!(SimDuration(micros).to_string(), text);
        }
    }
}
