//! The general search for one order that explains a history of one object or of several.
//!
//! **Linearizable** (Herlihy and Wing 1990): each operation takes effect at one instant between
//! its call and its return, and the object behaves as if those instants were all there is.
//! ```text
//!   A  |--write 1--|
//!   B                 |--read 0--|        0 was gone before B asked: no order explains it
//! ```
//! Found by the search of Wing and Gong (1993) with the memory of Lowe (2017): calls are tried in
//! order of time until one's return is met that has not been placed; what was tried before, the
//! same operations placed and the same state, is not tried again. The memory holds a 128-bit hash
//! of both, kept up to date by one exclusive or a step (Zobrist 1970). Objects are independent
//! (locality, Herlihy and Wing, section 3.2), so each key is searched by itself; keys take turns
//! with a budget that doubles, so that a hard key cannot hide an easy violation.
//!
//! **Sequential** (Lamport 1979): some single order of all operations explains all answers and
//! keeps each session's own order; time does not count. All keys are searched together.
//!
//! A growing text that was read says what was appended, and in which order: where only one write
//! can have begun it, no other append is placed before that read, and no other write (`Due`).
//!
//! An operation that changes nothing and fits is placed at once and never tried elsewhere: leaving
//! it out later could only make room.
//!
//! An operation without a return may be placed or not. Where there is an order, there is one with
//! as few of these as can be, so some need not be tried: one that would change nothing; one that
//! is overwritten before anybody could tell; and of two that ask for the same, the one that was
//! called later while the other is not placed.
//!
//! Invariants: the budget bounds time and memory; a verdict is never guessed; a search in turns
//! finds what it would find at once.

use crate::chance::mix;
use crate::history::foreign::{Asked, Entry, Foreign, Kind, Value};
use crate::turns::Turn;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a search has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Order,
    /// No order: of all that was tried, the longest could not place this entry in time.
    None(usize),
    /// The budget is spent.
    Spent,
}

/// How far a search may go.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Steps that one judgement may take in all.
    pub steps: u64,
    /// The same where all keys are searched together.
    pub sequential: u64,
    /// States that one judgement may remember in all: 16 bytes each, and as much again to grow.
    pub states: usize,
}

const FIRST_BUDGET: u64 = 4_096;
/// Steps between two looks at what is left of a turn and of the memory.
const PART: u64 = 1_024;
const NIL: u32 = u32::MAX;

/// Whether the history is linearizable, key by key.
pub async fn linearizable(history: &Foreign, limits: &Budget, turn: &Turn) -> Found {
    let mut places = vec![Vec::new(); history.keys.len()];
    for (place, entry) in history.entries.iter().enumerate() {
        places[entry.key as usize].push(place);
    }
    let mut searches = Vec::new();
    let machine = Machine::of(history);
    for places in places {
        turn.spend(places.len() as u64).await;
        searches.push(Search::of(history, places, machine.clone()));
    }
    let (mut budget, mut spent) = (FIRST_BUDGET, 0);
    while !searches.is_empty() {
        let mut open = Vec::new();
        let mut states = 0;
        for mut search in searches {
            let room = limits.states.saturating_sub(states);
            match search.advance_in_turns(budget, room, turn).await {
                Found::Order => {}
                Found::Spent => {
                    states += search.memory.len;
                    open.push(search);
                }
                none => return none,
            }
            spent += budget;
            if states > limits.states {
                return Found::Spent;
            }
        }
        if spent > limits.steps && !open.is_empty() {
            return Found::Spent;
        }
        searches = open;
        budget *= 2;
    }
    Found::Order
}

/// How an object behaves. A state is a value; of growing texts, a node of the tree of all texts.
#[derive(Clone)]
struct Machine<'a> {
    kind: Kind,
    texts: &'a [String],
    /// Of appended texts: what comes from a node by a value.
    grown: Grown,
    nodes: Vec<Node>,
    /// By value: its hash, and the base to the power of its length.
    hashes: Rc<[(u64, u64)]>,
}

#[derive(Clone, Copy)]
struct Node {
    before: u32,
    value: Value,
    /// The value that it grew from.
    root: Value,
    length: usize,
    hash: u64,
    /// The value that this text is, once it was compared with it.
    is: Value,
}

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

impl<'a> Machine<'a> {
    fn of(history: &'a Foreign) -> Machine<'a> {
        let mut machine = Machine {
            kind: history.kind,
            texts: &history.values,
            grown: Grown::default(),
            nodes: Vec::new(),
            hashes: Rc::default(),
        };
        if history.kind == Kind::Append {
            let hash = |text: &String| {
                text.bytes()
                    .fold((0, 1), |(hash, power): (u64, u64), byte| {
                        let hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(byte) + 1);
                        (hash, power.wrapping_mul(BASE))
                    })
            };
            machine.hashes = history.values.iter().map(hash).collect();
            machine.text(history.init);
        }
        machine
    }

    fn start(&self, init: Value) -> u32 {
        match self.kind {
            Kind::Append | Kind::Lock => 0,
            _ => init,
        }
    }

    /// The state after this, or `None` where it cannot happen.
    fn step(&mut self, state: u32, asked: Asked) -> Option<u32> {
        match asked {
            Asked::Read(value) if self.kind == Kind::Append => {
                self.is_text(state, value).then_some(state)
            }
            Asked::Read(value) => (state == value).then_some(state),
            Asked::Write(value) if self.kind == Kind::Append => Some(self.text(value)),
            Asked::Write(value) => Some(value),
            Asked::Append(value) => Some(self.grow(state, value)),
            Asked::Cas { from, to, done } => match (done, state == from) {
                (Some(true) | None, true) => Some(to),
                (Some(false), false) => Some(state),
                _ => None,
            },
            Asked::Acquire => (state == 0).then_some(1),
            Asked::Release => (state == 1).then_some(0),
        }
    }

    /// The node of a text that does not grow out of another.
    fn text(&mut self, value: Value) -> u32 {
        if let Some(node) = self.grown.get(NIL, value) {
            return node;
        }
        self.nodes.push(Node {
            before: NIL,
            value,
            root: value,
            length: self.texts[value as usize].len(),
            hash: self.hashes[value as usize].0,
            is: NIL,
        });
        let node = self.nodes.len() as u32 - 1;
        self.grown.put(NIL, value, node);
        node
    }

    fn grow(&mut self, state: u32, value: Value) -> u32 {
        if let Some(node) = self.grown.get(state, value) {
            return node;
        }
        // Appends to anything but a growing text are no operation of its model: they change
        // nothing that a read could show.
        let (Some(last), Some((hash, power))) = (
            self.nodes.get(state as usize).copied(),
            self.hashes.get(value as usize),
        ) else {
            return state;
        };
        let node = self.nodes.len() as u32;
        self.nodes.push(Node {
            before: state,
            value,
            root: last.root,
            length: last.length + self.texts[value as usize].len(),
            hash: last.hash.wrapping_mul(*power).wrapping_add(*hash),
            is: NIL,
        });
        self.grown.put(state, value, node);
        node
    }

    /// Whether the text of this node is this value: hashes first, then letter by letter.
    fn is_text(&mut self, state: u32, value: Value) -> bool {
        let mut rest = self.texts[value as usize].as_str();
        let Some(node) = self.nodes.get(state as usize) else {
            return false;
        };
        if node.is == value {
            return true;
        }
        if node.length != rest.len() || node.hash != self.hashes[value as usize].0 {
            return false;
        }
        let mut at = state;
        while at != NIL {
            let node = self.nodes[at as usize];
            match rest.strip_suffix(self.texts[node.value as usize].as_str()) {
                Some(before) => rest = before,
                None => return false,
            }
            at = node.before;
        }
        let same = rest.is_empty();
        if same {
            self.nodes[state as usize].is = value;
        }
        same
    }
}

/// From a node and a value to a node: open addressing, since this is asked at every step.
#[derive(Clone, Default)]
struct Grown {
    places: Vec<(u64, u32)>,
    len: usize,
}

impl Grown {
    fn key(from: u32, value: Value) -> u64 {
        u64::from(from) << 32 | u64::from(value)
    }

    /// Where the key stands, or the empty place where it would.
    fn place(&self, key: u64) -> usize {
        let mask = self.places.len() - 1;
        let mut place = mix(key) as usize & mask;
        while self.places[place].1 != NIL && self.places[place].0 != key {
            place = (place + 1) & mask;
        }
        place
    }

    fn get(&self, from: u32, value: Value) -> Option<u32> {
        if self.places.is_empty() {
            return None;
        }
        let (_, node) = self.places[self.place(Grown::key(from, value))];
        (node != NIL).then_some(node)
    }

    fn put(&mut self, from: u32, value: Value, node: u32) {
        if (self.len + 1) * 2 > self.places.len() {
            let room = (self.places.len() * 2).max(64);
            let old = std::mem::replace(&mut self.places, vec![(0, NIL); room]);
            for (key, node) in old.into_iter().filter(|(_, node)| *node != NIL) {
                let place = self.place(key);
                self.places[place] = (key, node);
            }
        }
        let key = Grown::key(from, value);
        let place = self.place(key);
        self.len += usize::from(self.places[place].1 == NIL);
        self.places[place] = (key, node);
    }
}

/// The reads of growing texts that can only have come between one write and the next. Invariant:
/// only what could never lead to those reads is turned away.
#[derive(Default)]
struct Due {
    /// By entry: the group that it is a read of, or `NIL`.
    groups: Vec<u32>,
    /// The value that a group grows from, its reads from short to long, and how many are placed.
    reads: Vec<(Value, Vec<Value>, usize)>,
}

/// Pairs of a read and a change that are looked at; with more, reads guide nothing.
const PAIRS: usize = 1_000_000;

impl Due {
    fn of(machine: &Machine, init: Value, entries: &[Entry]) -> Due {
        let text = |value: Value| machine.texts[value as usize].as_str();
        let (mut begins, mut appends) = (vec![init], Vec::new());
        let mut reads = Vec::new();
        for (nth, entry) in entries.iter().enumerate() {
            match entry.asked {
                Asked::Write(value) => begins.push(value),
                Asked::Append(value) => appends.push(value),
                Asked::Read(value) if entry.ret.is_some() => reads.push((nth, value)),
                _ => {}
            }
        }
        let pairs = reads.len() * (begins.len() + appends.len());
        if machine.kind != Kind::Append || pairs > PAIRS {
            return Due::default();
        }
        let mut due = Due {
            groups: vec![NIL; entries.len()],
            reads: Vec::new(),
        };
        for (nth, value) in reads {
            let could = |begin: &&Value| {
                (text(value).strip_prefix(text(**begin))).is_some_and(|rest| {
                    rest.is_empty() || appends.iter().any(|piece| rest.starts_with(text(*piece)))
                })
            };
            let mut roots = begins.iter().filter(could);
            let (Some(root), None) = (roots.next(), roots.next()) else {
                continue;
            };
            let group = due.reads.iter().position(|(from, ..)| from == root);
            let group = group.unwrap_or_else(|| {
                due.reads.push((*root, Vec::new(), 0));
                due.reads.len() - 1
            });
            due.groups[nth] = group as u32;
            due.reads[group].1.push(value);
        }
        for (_, values, _) in &mut due.reads {
            values.sort_by_key(|value| text(*value).len());
        }
        due
    }

    /// Whether the reads that are due could still follow this change of a text.
    fn allows(&self, machine: &Machine, state: u32, asked: Asked) -> bool {
        let Some(node) = machine.nodes.get(state as usize) else {
            return true;
        };
        let next = (self.reads.iter())
            .find(|(root, ..)| *root == node.root)
            .and_then(|(_, values, placed)| values.get(*placed));
        match (next, asked) {
            (Some(_), Asked::Write(_)) => false,
            (Some(next), Asked::Append(value)) => {
                let rest = machine.texts[*next as usize].as_bytes().get(node.length..);
                rest.is_some_and(|rest| rest.starts_with(machine.texts[value as usize].as_bytes()))
            }
            _ => true,
        }
    }

    /// The group's count of placed reads, if this entry is one of them.
    fn placed(&mut self, nth: usize) -> Option<&mut usize> {
        let group = *self.groups.get(nth)?;
        Some(&mut self.reads.get_mut(group as usize)?.2)
    }
}

/// Whether an operation that fits leaves the state as it is, whatever the state.
fn is_pure(asked: Asked) -> bool {
    matches!(
        asked,
        Asked::Read(_)
            | Asked::Cas {
                done: Some(false),
                ..
            }
    )
}

/// Whether an operation leaves every state as it is.
fn is_idle(asked: Asked) -> bool {
    is_pure(asked) || matches!(asked, Asked::Cas { from, to, .. } if from == to)
}

/// A set of hashes with open addressing; 0 stands for an empty place.
#[derive(Default)]
struct Memory {
    places: Vec<u128>,
    len: usize,
}

impl Memory {
    /// Whether this was not in the set.
    fn insert(&mut self, hash: u128) -> bool {
        if self.len * 4 >= self.places.len() * 3 {
            let old = std::mem::take(&mut self.places);
            self.places = vec![0; (old.len() * 2).max(64)];
            for hash in old.into_iter().filter(|hash| *hash != 0) {
                self.put(hash);
            }
        }
        let new = self.put(hash.max(1));
        self.len += usize::from(new);
        new
    }

    fn put(&mut self, hash: u128) -> bool {
        let mask = self.places.len() - 1;
        let mut place = hash as usize & mask;
        loop {
            match self.places[place] {
                0 => {
                    self.places[place] = hash;
                    return true;
                }
                known if known == hash => return false,
                _ => place = (place + 1) & mask,
            }
        }
    }
}

/// A number of its own for a thing.
fn zobrist(stream: u64, thing: u64) -> u128 {
    let half = |part: u64| u128::from(mix(mix(stream << 8 | part) ^ thing));
    half(1) << 64 | half(2)
}

/// An operation that was placed, and what was before.
struct Placed {
    event: u32,
    state: u32,
    /// It changes nothing: there is no use in placing it elsewhere.
    pure: bool,
}

/// The search for a linearization of one key.
struct Search<'a> {
    machine: Machine<'a>,
    due: Due,
    /// The entries of this key, and their places in the history.
    entries: Vec<Entry>,
    places: Vec<usize>,
    /// Calls and returns in order of time as a linked list: event 0 is its head; 2n + 1 is the call
    /// of entry n, 2n + 2 its return.
    next: Vec<u32>,
    previous: Vec<u32>,
    hashes: Vec<u128>,
    /// By state, as far as states were met.
    states: Vec<u128>,
    /// By entry without a return: the one before it that asks for the same, or `NIL`.
    same: Vec<u32>,
    is_placed: Vec<bool>,
    stack: Vec<Placed>,
    state: u32,
    set: u128,
    /// Answered operations that are not placed yet.
    left: usize,
    cursor: u32,
    memory: Memory,
    /// The longest order that was tried, and the entry that it could not place.
    deepest: usize,
    blocked: usize,
}

impl<'a> Search<'a> {
    fn of(history: &Foreign, places: Vec<usize>, machine: Machine<'a>) -> Search<'a> {
        let entries: Vec<Entry> = places.iter().map(|place| history.entries[*place]).collect();
        let mut times = Vec::with_capacity(entries.len() * 2);
        for (nth, entry) in (0u32..).zip(&entries) {
            if entry.ret.is_none() && is_idle(entry.asked) {
                continue;
            }
            // At equal times a call stands before a return: they overlap.
            times.push((entry.call, false, nth * 2 + 1));
            if let Some(ret) = entry.ret {
                times.push((ret, true, nth * 2 + 2));
            }
        }
        times.sort_unstable();
        let mut next = vec![NIL; entries.len() * 2 + 1];
        let mut previous = next.clone();
        let (mut same, mut open) = (vec![NIL; entries.len()], BTreeMap::new());
        let mut last = 0;
        for (_, is_return, event) in times {
            let nth = (event as usize - 1) / 2;
            if !is_return && entries[nth].ret.is_none() {
                let before = open.insert(entries[nth].asked, nth as u32);
                same[nth] = before.unwrap_or(NIL);
            }
            next[last as usize] = event;
            previous[event as usize] = last;
            last = event;
        }
        Search {
            state: machine.start(history.init),
            due: Due::of(&machine, history.init, &entries),
            machine,
            places,
            hashes: (0..entries.len() as u64)
                .map(|nth| zobrist(1, nth))
                .collect(),
            states: Vec::new(),
            same,
            is_placed: vec![false; entries.len()],
            stack: Vec::new(),
            set: 0,
            left: entries.iter().filter(|entry| entry.ret.is_some()).count(),
            cursor: next[0],
            next,
            previous,
            entries,
            memory: Memory::default(),
            deepest: 0,
            blocked: 0,
        }
    }

    fn advance(&mut self, budget: u64) -> Found {
        for _ in 0..budget {
            if self.left == 0 {
                return Found::Order;
            }
            if self.cursor == NIL || self.cursor.is_multiple_of(2) {
                self.note_blocked();
                if !self.back() {
                    return Found::None(self.places[self.blocked]);
                }
            } else if !self.place() {
                self.cursor = self.next[self.cursor as usize];
            }
        }
        Found::Spent
    }

    /// The same in turns, remembering up to `room` states.
    async fn advance_in_turns(&mut self, budget: u64, room: usize, turn: &Turn) -> Found {
        for _ in 0..budget / PART {
            match self.advance(PART) {
                Found::Spent if self.memory.len <= room => turn.spend(PART).await,
                found => return found,
            }
        }
        Found::Spent
    }

    fn entry(&self, event: u32) -> usize {
        (event as usize - 1) / 2
    }

    fn note_blocked(&mut self) {
        if self.cursor != NIL && self.stack.len() >= self.deepest {
            self.deepest = self.stack.len();
            self.blocked = self.entry(self.cursor);
        }
    }

    /// Places the operation whose call the cursor stands at, if it fits and is new.
    fn place(&mut self) -> bool {
        let nth = self.entry(self.cursor);
        let asked = self.entries[nth].asked;
        if !self.due.allows(&self.machine, self.state, asked) {
            return false;
        }
        let same = self.same[nth];
        if same != NIL && !self.is_placed[same as usize] {
            return false;
        }
        if matches!(asked, Asked::Write(_)) && self.ends_open() {
            return false;
        }
        let Some(state) = self.machine.step(self.state, asked) else {
            return false;
        };
        let set = self.set ^ self.hashes[nth];
        let pure = is_pure(asked);
        if !pure && !self.remember(set, state) {
            return false;
        }
        self.stack.push(Placed {
            event: self.cursor,
            state: self.state,
            pure,
        });
        self.lift(nth);
        (self.state, self.set, self.cursor) = (state, set, self.next[0]);
        true
    }

    /// Whether what was placed last has no return.
    fn ends_open(&self) -> bool {
        let last = self.stack.last();
        last.is_some_and(|placed| self.entries[self.entry(placed.event)].ret.is_none())
    }

    /// Whether these operations were never placed before with this state after them.
    fn remember(&mut self, set: u128, state: u32) -> bool {
        let known = self.states.len() as u64;
        let missing = known..u64::from(state) + 1;
        self.states.extend(missing.map(|state| zobrist(2, state)));
        self.memory.insert(set ^ self.states[state as usize])
    }

    /// Takes back what was placed last, and what changes nothing with it. False at the beginning.
    fn back(&mut self) -> bool {
        while let Some(placed) = self.stack.pop() {
            let nth = self.entry(placed.event);
            self.unlift(nth);
            self.state = placed.state;
            self.set ^= self.hashes[nth];
            if !placed.pure {
                self.cursor = self.next[placed.event as usize];
                return true;
            }
        }
        false
    }

    fn lift(&mut self, nth: usize) {
        if let Some(placed) = self.due.placed(nth) {
            *placed += 1;
        }
        self.is_placed[nth] = true;
        self.unlink(nth * 2 + 1);
        if self.entries[nth].ret.is_some() {
            self.unlink(nth * 2 + 2);
            self.left -= 1;
        }
    }

    fn unlift(&mut self, nth: usize) {
        if let Some(placed) = self.due.placed(nth) {
            *placed -= 1;
        }
        if self.entries[nth].ret.is_some() {
            self.link(nth * 2 + 2);
            self.left += 1;
        }
        self.is_placed[nth] = false;
        self.link(nth * 2 + 1);
    }

    fn unlink(&mut self, event: usize) {
        let (before, after) = (self.previous[event], self.next[event]);
        self.next[before as usize] = after;
        if after != NIL {
            self.previous[after as usize] = before;
        }
    }

    fn link(&mut self, event: usize) {
        let (before, after) = (self.previous[event], self.next[event]);
        self.next[before as usize] = event as u32;
        if after != NIL {
            self.previous[after as usize] = event as u32;
        }
    }
}

/// Whether one order of all keys keeps each session's own order.
pub async fn sequential(history: &Foreign, limits: &Budget, turn: &Turn) -> Found {
    let mut order = Sequence::of(history);
    // A step looks at every session.
    let cost = 1 + order.sessions.len() as u64 / 16;
    let part = (PART / cost).max(1);
    for _ in 0..limits.sequential.div_ceil(part) {
        match order.advance(part) {
            Found::Spent if order.memory.len <= limits.states => turn.spend(part * cost).await,
            found => return found,
        }
    }
    Found::Spent
}

/// The search for one order of all sessions.
struct Sequence<'a> {
    history: &'a Foreign,
    machine: Machine<'a>,
    /// Entries by session, in its own order, and how many of each are placed.
    sessions: Vec<Vec<usize>>,
    heads: Vec<usize>,
    states: Vec<u32>,
    hash: u128,
    /// What was placed: the session, the state of its key before, and whether it changes nothing.
    stack: Vec<(usize, u32, bool)>,
    cursor: usize,
    left: usize,
    memory: Memory,
    deepest: usize,
    blocked: usize,
}

impl<'a> Sequence<'a> {
    fn of(history: &'a Foreign) -> Sequence<'a> {
        let machine = Machine::of(history);
        let mut sessions = vec![Vec::new(); history.sessions.len()];
        for (place, entry) in history.entries.iter().enumerate() {
            sessions[entry.session as usize].push(place);
        }
        let states = vec![machine.start(history.init); history.keys.len()];
        Sequence {
            history,
            machine,
            heads: vec![0; sessions.len()],
            sessions,
            states,
            hash: 0,
            stack: Vec::new(),
            cursor: 0,
            left: (history.entries.iter())
                .filter(|entry| entry.ret.is_some())
                .count(),
            memory: Memory::default(),
            deepest: 0,
            blocked: 0,
        }
    }

    fn advance(&mut self, budget: u64) -> Found {
        for _ in 0..budget {
            if self.left == 0 {
                return Found::Order;
            }
            if !self.forward() && !self.back() {
                return Found::None(self.blocked);
            }
        }
        Found::Spent
    }

    fn head(&self, session: usize) -> Option<&'a Entry> {
        let place = self.sessions[session].get(self.heads[session])?;
        Some(&self.history.entries[*place])
    }

    /// Places one operation: what changes nothing first, else the next that fits and is new.
    fn forward(&mut self) -> bool {
        if self.cursor == 0 {
            for session in 0..self.sessions.len() {
                let pure = self.head(session).is_some_and(|entry| is_pure(entry.asked));
                if pure && self.place(session) {
                    return true;
                }
            }
        }
        for session in self.cursor..self.sessions.len() {
            if self.place(session) {
                return true;
            }
        }
        if self.stack.len() >= self.deepest {
            self.deepest = self.stack.len();
            let stuck = (0..self.sessions.len())
                .filter_map(|session| self.sessions[session].get(self.heads[session]).copied());
            self.blocked = stuck.min().unwrap_or_default();
        }
        false
    }

    fn place(&mut self, session: usize) -> bool {
        let Some(entry) = self.head(session) else {
            return false;
        };
        let key = entry.key as usize;
        let before = self.states[key];
        let Some(after) = self.machine.step(before, entry.asked) else {
            return false;
        };
        let hash = self.hash ^ self.mark(session) ^ content(key, before) ^ content(key, after);
        let pure = is_pure(entry.asked);
        if !pure && !self.memory.insert(hash) {
            return false;
        }
        self.stack.push((session, before, pure));
        self.heads[session] += 1;
        self.left -= usize::from(entry.ret.is_some());
        self.states[key] = after;
        (self.hash, self.cursor) = (hash, 0);
        true
    }

    fn back(&mut self) -> bool {
        while let Some((session, before, pure)) = self.stack.pop() {
            self.heads[session] -= 1;
            let place = self.sessions[session][self.heads[session]];
            let entry = &self.history.entries[place];
            let key = entry.key as usize;
            let after = self.states[key];
            self.hash ^= self.mark(session) ^ content(key, before) ^ content(key, after);
            self.states[key] = before;
            self.left += usize::from(entry.ret.is_some());
            if !pure {
                self.cursor = session + 1;
                return true;
            }
        }
        false
    }

    /// The hash of a session's next operation.
    fn mark(&self, session: usize) -> u128 {
        zobrist(3, (session as u64) << 32 | self.heads[session] as u64)
    }
}

fn content(key: usize, state: u32) -> u128 {
    zobrist(4, (key as u64) << 32 | u64::from(state))
}
