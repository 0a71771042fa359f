//! Pinned luck: every delay is drawn from (seed, stream, what the message is about).
//!
//! Invariants: a draw is a pure function, with no hidden state, so the order of events never
//! changes anybody's luck; the functions here are frozen, because a seed in a link means the same
//! run for ever (golden vectors below). Floats live only in this module, and only `+ - * /` and
//! the pinned `libm` touch them: the standard `ln` and `exp` differ between native and wasm.

mod ziggurat;

use crate::shop::Name;
use crate::time::SimDuration;
use std::fmt;

/// The seed of a run, as written in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(pub u64);

/// A probability without floats: `num` in `den`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    pub num: u32,
    pub den: u32,
}

impl Ratio {
    /// Whether a draw falls into the part.
    pub fn hits(self, bits: u64) -> bool {
        ((u128::from(bits) * u128::from(self.den)) >> 64) < u128::from(self.num)
    }
}

/// As the language writes it: `1/10`.
impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

/// What a draw is for; draws of different streams never touch each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Delay = 1,
    /// Whether a message is lost, arrives twice, or is held back.
    Loss = 2,
    Twice = 3,
    Back = 4,
    /// Which copy answers a view.
    Route = 5,
    /// Whether a visitor writes.
    Visit = 6,
}

/// The part of an operation's life that takes a drawn time. The numbers are frozen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    Request = 0,
    Response = 1,
    Replicate = 2,
    Ack = 3,
    Write = 4,
    Read = 5,
    Hold = 6,
    /// Before a visitor comes.
    Arrive = 7,
    /// How many there are: the question before an order, and its answer.
    Look = 8,
    Told = 9,
}

/// The delays that a text can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delay {
    Constant(SimDuration),
    /// Every microsecond from the first to the second, both included, equally likely.
    Range(SimDuration, SimDuration),
    /// Exponential with this mean.
    Exponential(SimDuration),
}

impl Delay {
    pub const fn millis(millis: u64) -> Delay {
        Delay::Constant(SimDuration::from_millis(millis))
    }

    /// Two times what it is on average, in microseconds: a whole number.
    pub fn twice_mean(self) -> u64 {
        match self {
            Delay::Constant(length) | Delay::Exponential(length) => 2 * length.0,
            Delay::Range(from, to) => from.0 + to.0,
        }
    }
}

/// As the language writes it: `12ms`, `10ms-30ms`, `exp 40ms`.
impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Delay::Constant(length) => write!(f, "{length}"),
            Delay::Range(from, to) => write!(f, "{from}-{to}"),
            Delay::Exponential(mean) => write!(f, "exp {mean}"),
        }
    }
}

/// 64-bit finaliser (Stafford's variant 13, as in SplitMix64: Steele, Lea and Flood 2014).
#[inline(always)]
pub const fn mix(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The golden ratio's increment, which keeps a chain of zeros from staying zero.
pub const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// FNV-1a, 64 bits (Fowler, Noll, Vo): the hash of names in luck, trace hash and link sums.
pub const fn fnv(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

/// FNV-1a of a canonical name.
pub fn name_hash(name: Name) -> u64 {
    fnv(name.as_str().as_bytes())
}

/// What a delay is about. Not in it, so that a run and its twin share their luck: line, mode,
/// time, the destination of a request, and how many shoppers there are.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    /// [`name_hash`] of the shopper.
    pub shopper: u64,
    /// How many of the shopper's operations fired before, from 0.
    pub n: u32,
    pub leg: Leg,
    /// The number of the copy (2 for s2) for replicate, ack, hold and a copy's write; 1 for the
    /// write at Service 1; else 0.
    pub copy: u8,
    /// 0 for the first time the message is sent.
    pub attempt: u16,
}

impl Subject {
    #[inline(always)]
    pub fn key(&self) -> u64 {
        let packed = u64::from(self.n) << 32
            | (self.leg as u64) << 24
            | u64::from(self.copy) << 16
            | u64::from(self.attempt);
        mix(self.shopper ^ mix(packed.wrapping_add(GOLDEN)))
    }
}

/// One run's luck.
#[derive(Clone, Copy, Debug)]
pub struct Chance {
    seed: u64,
}

impl Chance {
    pub fn new(seed: Seed) -> Chance {
        Chance {
            seed: mix(seed.0.wrapping_add(GOLDEN)),
        }
    }

    /// 64 well-mixed bits for this stream and key; the same for ever.
    #[inline(always)]
    pub fn draw(&self, stream: Stream, key: u64) -> u64 {
        mix(self.seed ^ mix(key.wrapping_add((stream as u64).wrapping_mul(GOLDEN))))
    }

    /// The time that `delay` gives to `subject`, to the nearest microsecond.
    #[inline(always)]
    pub fn delay(&self, delay: Delay, subject: Subject) -> SimDuration {
        match delay {
            Delay::Constant(length) => length,
            Delay::Range(from, to) => {
                let choices = u128::from(to.0 - from.0 + 1);
                let bits = u128::from(self.draw(Stream::Delay, subject.key()));
                SimDuration(from.0 + ((bits * choices) >> 64) as u64)
            }
            Delay::Exponential(mean) => {
                let bits = self.draw(Stream::Delay, subject.key());
                // Signed, because that is one instruction: no mean comes near to its end.
                let length = ziggurat::exponential(bits) * mean.0 as i64 as f64;
                SimDuration((length + 0.5) as i64 as u64)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &[u8] = b"alice";

    fn subject(n: u32, leg: Leg) -> Subject {
        Subject {
            shopper: fnv(ALICE),
            n,
            leg,
            copy: 0,
            attempt: 0,
        }
    }

    /// The mean and the tail of the sampler, against the law: each within five standard errors.
    #[test]
    fn exponential_delays_follow_their_law() {
        let chance = Chance::new(Seed(7));
        let mean = SimDuration::from_millis(1000);
        let (mut sum, mut beyond_one, mut beyond_eight) = (0.0, 0.0, 0.0);
        let trials = 400_000;
        for n in 0..trials {
            let drawn = chance
                .delay(Delay::Exponential(mean), subject(n, Leg::Request))
                .0;
            let ratio = drawn as f64 / 1e6;
            sum += ratio;
            beyond_one += f64::from(u8::from(ratio > 1.0));
            beyond_eight += f64::from(u8::from(ratio > 8.0));
        }
        let trials = f64::from(trials);
        let near = |got: f64, want: f64, sd: f64| {
            let error = 5.0 * sd / trials.sqrt();
            assert!(
                (got - want).abs() < error,
                "{got} is not {want} within {error}"
            );
        };
        near(sum / trials, 1.0, 1.0);
        let (one, eight) = (libm::exp(-1.0), libm::exp(-8.0));
        near(beyond_one / trials, one, (one * (1.0 - one)).sqrt());
        near(beyond_eight / trials, eight, eight.sqrt());
    }

    #[test]
    fn ranges_reach_both_ends_and_nothing_else() {
        let chance = Chance::new(Seed(1));
        let range = Delay::Range(SimDuration(3), SimDuration(6));
        let mut seen = [0; 10];
        for n in 0..4000 {
            seen[chance.delay(range, subject(n, Leg::Ack)).0 as usize] += 1;
        }
        assert_eq!(seen.iter().sum::<i32>(), seen[3..=6].iter().sum::<i32>());
        assert!(
            seen[3..=6].iter().all(|count| (800..1200).contains(count)),
            "{seen:?}"
        );
    }
}
