//! The peers' luck: a small generator and exponential variates, the same ones as in `typed.mjs`.
//!
//! The generator is sfc32 (Doty-Humphrey, PractRand), because it costs JavaScript nothing; the
//! variates come from Marsaglia and Tsang's ziggurat, 256 layers. Invariant: the same seed gives
//! the same draws as in JavaScript, so that both loops must end with the same sum.

/// Where the tail of the ziggurat begins, and the area of each layer.
const TAIL: f64 = 7.697_117_470_131_05;
const AREA: f64 = 3.949_659_822_581_557e-3;
const UNIT: f64 = 1.0 / 16_777_216.0;

/// Serialised as its state alone, because nexosim asks it of its models.
#[derive(Clone, Debug)]
pub struct Luck {
    state: [u32; 4],
    x: Box<[f64; 257]>,
    y: Box<[f64; 257]>,
}

impl Luck {
    pub fn new(seed: u32) -> Luck {
        let (x, y) = tables();
        let mut luck = Luck {
            state: [0, 0, seed, 1],
            x,
            y,
        };
        for _ in 0..12 {
            luck.bits();
        }
        luck
    }

    fn bits(&mut self) -> u32 {
        let [a, b, c, counter] = self.state;
        let out = a.wrapping_add(b).wrapping_add(counter);
        self.state = [
            b ^ (b >> 9),
            c.wrapping_add(c << 3),
            c.rotate_left(21).wrapping_add(out),
            counter.wrapping_add(1),
        ];
        out
    }

    /// An exponential variate of mean 1.
    pub fn exponential(&mut self) -> f64 {
        let mut beyond = 0.0;
        loop {
            let bits = self.bits();
            let layer = (bits & 255) as usize;
            let along = f64::from(bits >> 8) * UNIT * self.x[layer];
            if along < self.x[layer + 1] {
                return beyond + along;
            }
            if layer == 0 {
                beyond += TAIL;
                continue;
            }
            let (low, high) = (self.y[layer], self.y[layer + 1]);
            let height = low + (high - low) * (f64::from(self.bits() >> 8) * UNIT);
            if height < exp(-along) {
                return beyond + along;
            }
        }
    }
}

type Edges = Box<[f64; 257]>;

fn tables() -> (Edges, Edges) {
    let mut x = Box::new([0.0; 257]);
    x[0] = AREA / exp(-TAIL);
    x[1] = TAIL;
    for layer in 2..256 {
        x[layer] = -ln(AREA / x[layer - 1] + exp(-x[layer - 1]));
    }
    let y = Box::new(x.map(|edge| exp(-edge)));
    (x, y)
}

#[allow(clippy::disallowed_methods, reason = "no link depends on a bench")]
fn exp(x: f64) -> f64 {
    x.exp()
}

#[allow(clippy::disallowed_methods, reason = "no link depends on a bench")]
fn ln(x: f64) -> f64 {
    x.ln()
}
