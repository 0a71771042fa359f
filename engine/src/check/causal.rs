//! Causal consistency of registers, in its three published variants (Bouajjani, Enea, Guerraoui
//! and Hamza, "On verifying causal consistency", POPL 2017), and the four session guarantees.
//!
//! Precondition: [`fits`](super::zones::fits), so that each read tells which write it read from
//! (RF). The causal order CO is the closure of each session's own order and RF. Then, by the bad
//! patterns of that paper (its table 2):
//! ```text
//!   causal             no cycle in CO; no read from nowhere; no read of the first value with a
//!                      write to that key CO-before it; no read of a write with another write to
//!                      that key CO-between:   w(x)1 -> w(x)2 -> r(x)1
//!   causal convergence besides: no cycle in CO and CF together, where w1 CF w2 if a read of w2
//!                      has w1, on the same key, CO-before it
//!   causal memory      besides: the same for HB of each session's last operation o, the least
//!                      order that holds CO of what is before o, and w1 HB w2 if a read by the
//!                      session up to o reads w2 and has w1, on the same key, HB-before it
//! ```
//! The session guarantees (Terry et al. 1994) ask of a read what its session knows: it must not
//! return a write that is CO-before one which the guarantee says must be there.
//!
//! Relations are square bit tables, and the work grows with the third power of the size: whoever
//! asks bounds it. Invariant: judged in turns or at once, the verdicts are the same.

use crate::history::foreign::{Asked, Foreign};
use crate::turns::Turn;

/// A witness: operations by their places.
pub type Bad = Option<(usize, usize)>;

/// What breaks each, if anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Causal {
    pub causal: Bad,
    pub convergence: Bad,
    pub memory: Bad,
    /// Read your writes, monotonic reads, monotonic writes, writes follow reads; and whether
    /// anything could have broken each.
    pub sessions: [Bad; 4],
    pub tested: [bool; 4],
}

/// Judges a history.
pub async fn judge(history: &Foreign, turn: &Turn) -> Causal {
    let known = Known::of(history, turn).await;
    let mut found = Causal::default();
    known.sessions(&mut found, turn).await;
    found.causal = known.pattern(&known.order, |_| true, turn).await;
    if found.causal.is_some() {
        (found.convergence, found.memory) = (found.causal, found.causal);
        return found;
    }
    found.convergence = known.convergence(turn).await;
    for session in &known.by_session {
        if let (None, Some(last)) = (found.memory, session.last()) {
            found.memory = known.memory(*last, turn).await;
        }
    }
    found
}

/// A relation: row a holds all b with a before b.
#[derive(Clone)]
struct Order {
    words: usize,
    bits: Vec<u64>,
}

impl Order {
    fn new(size: usize) -> Order {
        let words = size.div_ceil(64).max(1);
        Order {
            words,
            bits: vec![0; words * size],
        }
    }

    fn has(&self, a: usize, b: usize) -> bool {
        self.bits[a * self.words + b / 64] >> (b % 64) & 1 == 1
    }

    fn row(&self, a: usize) -> &[u64] {
        &self.bits[a * self.words..(a + 1) * self.words]
    }

    /// What it costs to look at all of it once, in steps.
    fn cost(&self) -> u64 {
        self.bits.len() as u64 / 32
    }

    /// Puts a before b and keeps the relation closed: whatever is before a is before all that is
    /// after b.
    fn put(&mut self, a: usize, b: usize) {
        if self.has(a, b) {
            return;
        }
        let mut after = self.row(b).to_vec();
        after[b / 64] |= 1 << (b % 64);
        for x in 0..self.bits.len() / self.words {
            if x == a || self.has(x, a) {
                let row = &mut self.bits[x * self.words..(x + 1) * self.words];
                for (word, more) in row.iter_mut().zip(&after) {
                    *word |= more;
                }
            }
        }
    }
}

/// What is known of a history: the write behind each read, and the causal order.
struct Known<'a> {
    history: &'a Foreign,
    /// By place: the write that a read read from; of reads of the first value, and of reads from
    /// nowhere, none.
    from: Vec<Option<usize>>,
    by_session: Vec<Vec<usize>>,
    /// By key: its writes.
    writes: Vec<Vec<usize>>,
    order: Order,
}

impl<'a> Known<'a> {
    async fn of(history: &'a Foreign, turn: &Turn) -> Known<'a> {
        let size = history.entries.len();
        let mut known = Known {
            history,
            from: vec![None; size],
            by_session: vec![Vec::new(); history.sessions.len()],
            writes: vec![Vec::new(); history.keys.len()],
            order: Order::new(size),
        };
        let mut written = Vec::new();
        for (place, entry) in history.entries.iter().enumerate() {
            known.by_session[entry.session as usize].push(place);
            if let Asked::Write(value) = entry.asked {
                known.writes[entry.key as usize].push(place);
                written.push((entry.key, value, place));
            }
        }
        written.sort_unstable();
        for (place, entry) in history.entries.iter().enumerate() {
            if let Asked::Read(value) = entry.asked {
                let same = written.binary_search_by_key(&(entry.key, value), |w| (w.0, w.1));
                known.from[place] = same.ok().map(|at| written[at].2);
            }
        }
        for session in &known.by_session {
            for pair in session.windows(2) {
                known.order.put(pair[0], pair[1]);
                turn.spend(known.order.cost()).await;
            }
        }
        for (place, from) in known.from.iter().enumerate() {
            if let Some(from) = from {
                known.order.put(*from, place);
                turn.spend(known.order.cost()).await;
            }
        }
        known
    }

    fn key(&self, place: usize) -> usize {
        self.history.entries[place].key as usize
    }

    fn is_read(&self, place: usize) -> bool {
        matches!(self.history.entries[place].asked, Asked::Read(_))
    }

    /// A read of a value that nobody wrote, and that was not there at first.
    fn is_thin_air(&self, place: usize) -> bool {
        let first = Asked::Read(self.history.init);
        self.is_read(place)
            && self.from[place].is_none()
            && self.history.entries[place].asked != first
    }

    /// A cycle, a read from nowhere, or a read of what an order says was overwritten, among the
    /// reads that count.
    async fn pattern(&self, order: &Order, counts: impl Fn(usize) -> bool, turn: &Turn) -> Bad {
        let size = self.history.entries.len();
        for place in 0..size {
            turn.spend(self.writes[self.key(place)].len() as u64 / 4)
                .await;
            if order.has(place, place) || self.is_thin_air(place) {
                return Some((place, place));
            }
            if !self.is_read(place) || !counts(place) {
                continue;
            }
            let read = self.from[place];
            let newer = |write: &&usize| {
                let write = **write;
                read != Some(write)
                    && order.has(write, place)
                    && read.is_none_or(|read| order.has(read, write))
            };
            if let Some(write) = self.writes[self.key(place)].iter().find(newer) {
                return Some((*write, place));
            }
        }
        None
    }

    /// A cycle of causal order and conflicts.
    async fn convergence(&self, turn: &Turn) -> Bad {
        let mut order = self.order.clone();
        for place in 0..self.history.entries.len() {
            let Some(read) = self.from[place] else {
                continue;
            };
            turn.spend(self.writes[self.key(place)].len() as u64 / 4)
                .await;
            for write in &self.writes[self.key(place)] {
                if *write != read && self.order.has(*write, place) {
                    turn.spend(order.cost()).await;
                    order.put(*write, read);
                    if order.has(read, *write) {
                        return Some((*write, place));
                    }
                }
            }
        }
        let cycle = (0..self.history.entries.len()).find(|place| order.has(*place, *place));
        cycle.map(|place| (place, place))
    }

    /// What one session, up to its last operation, cannot put into one order.
    async fn memory(&self, last: usize, turn: &Turn) -> Bad {
        let session = self.history.entries[last].session;
        let past = |place: usize| place == last || self.order.has(place, last);
        // Only what is causally before counts: everything else is cut off.
        let mut order = self.order.clone();
        for place in 0..self.history.entries.len() {
            turn.spend(2 * order.words as u64).await;
            let row = &mut order.bits[place * self.order.words..(place + 1) * self.order.words];
            if past(place) {
                for (nth, word) in row.iter_mut().enumerate() {
                    for bit in 0..64 {
                        let other = nth * 64 + bit;
                        if *word >> bit & 1 == 1 && !past(other) {
                            *word &= !(1 << bit);
                        }
                    }
                }
            } else {
                row.fill(0);
            }
        }
        let reads: Vec<usize> = self.by_session[session as usize]
            .iter()
            .copied()
            .filter(|place| self.is_read(*place))
            .collect();
        loop {
            let mut changed = false;
            for place in &reads {
                let Some(read) = self.from[*place] else {
                    continue;
                };
                turn.spend(self.writes[self.key(*place)].len() as u64 / 4)
                    .await;
                for write in &self.writes[self.key(*place)] {
                    let before = *write != read && order.has(*write, *place);
                    if before && !order.has(*write, read) {
                        turn.spend(order.cost()).await;
                        order.put(*write, read);
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        let own = |place: usize| self.history.entries[place].session == session;
        self.pattern(&order, own, turn).await
    }

    /// The session guarantees, read by read.
    async fn sessions(&self, found: &mut Causal, turn: &Turn) {
        for session in &self.by_session {
            for (nth, place) in session.iter().enumerate() {
                if !self.is_read(*place) || self.is_thin_air(*place) {
                    continue;
                }
                let required = self.required(&session[..nth], *place);
                turn.spend((nth + required.len()) as u64).await;
                for (which, write) in required {
                    found.tested[which] = true;
                    let read = self.from[*place];
                    let old = read.is_none_or(|read| read != write && self.order.has(read, write));
                    if old && read != Some(write) && found.sessions[which].is_none() {
                        found.sessions[which] = Some((write, *place));
                    }
                }
            }
        }
    }

    /// The writes to a read's key that each guarantee says must be there, or a newer one.
    fn required(&self, before: &[usize], read: usize) -> Vec<(usize, usize)> {
        let [own, seen, theirs, led_to] = [0, 1, 2, 3];
        let key = self.key(read);
        let mut required = Vec::new();
        for place in before {
            if !self.is_read(*place) {
                if self.key(*place) == key {
                    required.push((own, *place));
                }
                continue;
            }
            let Some(write) = self.from[*place] else {
                continue;
            };
            if self.key(write) == key {
                required.push((seen, write));
            }
            let writer = &self.by_session[self.history.entries[write].session as usize];
            for earlier in writer.iter().take_while(|place| **place != write) {
                match self.from[*earlier] {
                    _ if !self.is_read(*earlier) && self.key(*earlier) == key => {
                        required.push((theirs, *earlier));
                    }
                    Some(led) if self.key(led) == key => required.push((led_to, led)),
                    _ => {}
                }
            }
        }
        required
    }
}
