//! How a list of claims fares, as a task of a lesson asks: with how many seeds each is met, and in
//! the first run in which it is not, why.
//!
//! Invariant: no text can hold the page with it, so a long run is tried with fewer seeds, and how
//! many is said.

use crate::chance::Seed;
use crate::check::Claim;
use crate::scenario::Scenario;
use crate::view::Show;
use crate::view::words::claims as words;

/// With how many seeds claims are judged at most.
pub const SEEDS: u64 = 50;

/// About how many records may be made for it: some tenths of a second.
const RECORDS: u64 = 600_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// All claims, in all runs.
    pub met: bool,
    /// How many runs were made: with the text's own seed alone, or with the seeds from 1 on.
    pub runs: u64,
    pub fares: Vec<Fare>,
}

/// How one claim fared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fare {
    /// In so many runs it is met.
    pub met: u64,
    /// Why it is not in the first run in which it is not; empty where there is none.
    pub why: String,
    /// The seed of that run.
    pub seed: u64,
}

/// Judges these claims of a run: under its own seed, or under so many from 1 on.
pub fn judge(show: &Show, claims: &[Claim], seeds: u64) -> Judged {
    let mut fares = vec![Fare::default(); claims.len()];
    if seeds <= 1 {
        add(&mut fares, claims, show);
    }
    let length = show.run.trace.records.len() as u64;
    let most = (RECORDS / length.max(1)).clamp(1, SEEDS);
    let runs = seeds.clamp(1, most);
    for seed in (1..=runs).filter(|_| seeds > 1) {
        let scenario = Scenario {
            seed: Seed(seed),
            ..show.scenario.clone()
        };
        add(&mut fares, claims, &Show::of(scenario));
    }
    Judged {
        met: fares.iter().all(|fare| fare.met == runs),
        runs,
        fares,
    }
}

fn add(fares: &mut [Fare], claims: &[Claim], show: &Show) {
    for (fare, claim) in fares.iter_mut().zip(claims) {
        let (ground, met) = show.run.judge(claim, show.run.end());
        if met == Some(true) {
            fare.met += 1;
        } else if fare.why.is_empty() {
            fare.why = words::why(show, claim, ground);
            fare.seed = show.scenario.seed.0;
        }
    }
}
