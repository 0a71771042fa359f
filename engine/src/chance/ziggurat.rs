//! Exponential variates by Marsaglia and Tsang's ziggurat ("The Ziggurat Method for Generating
//! Random Variables", Journal of Statistical Software 5(8), 2000), 256 layers.
//!
//! Invariant: the same bits in give the same bits out on every machine: the tables are built
//! with the pinned `libm` from two published constants, and all else is `+ - * /`.

use crate::chance::{GOLDEN, mix};
use std::sync::OnceLock;

/// Where the tail begins, for 256 layers of equal area [`AREA`] (the paper, section 2).
const TAIL: f64 = 7.697_117_470_131_05;
const AREA: f64 = 3.949_659_822_581_557e-3;
const LAYERS: usize = 256;
/// 2^-53.
const UNIT: f64 = 1.0 / 9_007_199_254_740_992.0;

struct Tables {
    /// The right edge of each layer, widest (the base, with its tail) first.
    x: [f64; LAYERS + 1],
    /// exp(-x) at each edge.
    y: [f64; LAYERS + 1],
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut x = [0.0; LAYERS + 1];
        x[0] = AREA / libm::exp(-TAIL);
        x[1] = TAIL;
        for layer in 2..LAYERS {
            let above = AREA / x[layer - 1] + libm::exp(-x[layer - 1]);
            x[layer] = -libm::log(above);
        }
        x[LAYERS] = 0.0;
        Tables {
            x,
            y: x.map(|edge| libm::exp(-edge)),
        }
    })
}

/// From the top 53 bits of a draw to a number in [0, 1). Signed, because that is one instruction.
#[inline(always)]
fn unit(bits: u64) -> f64 {
    (bits >> 11) as i64 as f64 * UNIT
}

/// A variate of mean 1 from 64 random bits; further bits, where they are needed, follow from them.
#[inline(always)]
pub(super) fn exponential(bits: u64) -> f64 {
    let tables = tables();
    let layer = (bits & 0xff) as usize;
    let along = unit(bits) * tables.x[layer];
    // All but one or two in a hundred end here.
    match along < tables.x[layer + 1] {
        true => along,
        false => beyond(bits, tables),
    }
}

fn beyond(bits: u64, tables: &Tables) -> f64 {
    let mut bits = bits;
    let mut beyond = 0.0;
    loop {
        let layer = (bits & 0xff) as usize;
        let along = unit(bits) * tables.x[layer];
        if along < tables.x[layer + 1] {
            return beyond + along;
        }
        bits = mix(bits.wrapping_add(GOLDEN));
        if layer == 0 {
            // Past the base lies the same law again, so the tail is TAIL plus a new variate.
            beyond += TAIL;
            bits = mix(bits.wrapping_add(GOLDEN));
            continue;
        }
        let (low, high) = (tables.y[layer], tables.y[layer + 1]);
        let height = low + (high - low) * unit(bits);
        if height < libm::exp(-along) {
            return beyond + along;
        }
        bits = mix(bits.wrapping_add(GOLDEN));
    }
}
