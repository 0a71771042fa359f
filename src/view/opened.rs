//! A history from a file as a picture: verdicts, and its operations in space and time.
//!
//! ```text
//!   process 0   |--write 1--|          |--read 1--|
//!   process 1        |--read 0--|  |--cas 1 to 2 ~~~~~ ?
//!               3    5      8   9      12
//! ```
//! What a judge looks at is the order of calls and answers, so that is what is drawn: each moment
//! takes as much room as the labels need. Invariants: one bar ends left of another exactly where
//! its answer came before the other's call; no more than some [`DRAWN`] operations are drawn.

use crate::check::Property;
use crate::history::file::Body;
use crate::playground::opened::{DRAWN, END, Sheet};
use crate::view::verdicts::{self, Row};
use crate::view::words;
use crate::view::words::opened as said;

/// Every verdict of the history that is looked at.
pub fn rows(sheet: &Sheet) -> Vec<Row> {
    match &sheet.cases[sheet.case].body {
        Body::Foreign(history) => {
            let row = |(property, judged): (Property, Option<_>)| {
                let (title, term) = said::title(property);
                let (state, word, sentence) = said::verdict(history, property, judged.as_ref());
                Row {
                    property,
                    state,
                    title,
                    term,
                    word,
                    sentence,
                    witness: None,
                }
            };
            sheet.judged(history).into_iter().map(row).collect()
        }
        Body::Cart(_) => sheet.show.as_ref().map_or(Vec::new(), |show| {
            // A file sets no bound.
            let all = verdicts::first(&[show]).into_iter().chain(verdicts::MORE);
            let all = all.filter(|property| *property != Property::BoundedStaleness);
            all.map(|property| verdicts::seen(show, property, END))
                .collect()
        }),
    }
}

/// `register: 82 operations by 5 processes on 1 key`.
pub fn summary(sheet: &Sheet) -> String {
    let case = &sheet.cases[sheet.case];
    let (processes, keys) = match &case.body {
        Body::Foreign(history) => (history.processes.len(), history.keys.len()),
        Body::Cart(recorded) => (recorded.history.shoppers.len(), 0),
    };
    said::summary(case.model(), case.operations(), processes, keys)
}

/// What was found, once all is judged.
pub fn judged(rows: &[Row]) -> String {
    let count = |state| rows.iter().filter(|row| row.state == state).count();
    let (broken, holds) = (count("broken"), count("holds"));
    said::judged(broken, holds, count("untested"), count("unknown"))
}

/// An operation as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Act {
    /// Its process, by number where its name is one, else by its place; and by name.
    lane: (u64, u32),
    pub who: String,
    pub what: String,
    /// `ok`, `failed`, `unknown`.
    pub state: &'static str,
    pub outcome: String,
    /// Moments as numbers of which only the order counts, and as they are written.
    call: u64,
    ret: Option<u64>,
    pub called: String,
    pub answered: String,
    /// Its number in the breach.
    pub pin: Option<usize>,
}

/// From when to when, as it is written.
pub fn times(act: &Act) -> String {
    [&act.called, " to ", &act.answered].concat()
}

/// A whole number as one without a sign, in the same order.
fn unsigned(at: i64) -> u64 {
    (at as u64) ^ (1 << 63)
}

fn act(sheet: &Sheet, place: usize) -> Act {
    let breach = sheet.why.map_or(Vec::new(), |why| sheet.breach(why));
    let pin = breach.iter().position(|one| *one == place);
    match &sheet.cases[sheet.case].body {
        Body::Foreign(history) => {
            let entry = &history.entries[place];
            let key = Some(entry.key).filter(|_| sheet.key.is_none() && history.keys.len() > 1);
            let what = history.deed(entry.asked, key);
            let (state, outcome) = match entry.ret {
                None => ("unknown", said::UNKNOWN),
                Some(_) if entry.is_refused() => ("failed", said::REFUSED),
                Some(_) => ("ok", said::OK),
            };
            let answered = entry.ret.map(|ret| ret.to_string());
            let process = &history.processes[entry.process as usize];
            Act {
                lane: (process.parse().unwrap_or(u64::MAX), entry.process),
                who: said::process(process),
                what: said::short(&what, said::WHOLE),
                state,
                outcome: outcome.to_string(),
                call: unsigned(entry.call),
                ret: entry.ret.map(unsigned),
                called: entry.call.to_string(),
                answered: answered.unwrap_or_else(|| said::OPEN_END.to_string()),
                pin,
            }
        }
        Body::Cart(recorded) => {
            let operation = &recorded.history.operations[place];
            let ended = operation.ended();
            let (state, outcome) = said::outcome(operation);
            Act {
                lane: (0, operation.client.0),
                who: said::shopper(&recorded.history, operation),
                what: said::deed(operation),
                state,
                outcome,
                call: operation.call.0,
                ret: ended.map(|at| at.0),
                called: words::time(operation.call),
                answered: ended.map_or(said::OPEN_END.to_string(), words::time),
                pin,
            }
        }
    }
}

/// The span of an operation: when it was called, and answered.
fn span(sheet: &Sheet, place: usize) -> (u64, Option<u64>) {
    match &sheet.cases[sheet.case].body {
        Body::Foreign(history) => {
            let entry = &history.entries[place];
            (unsigned(entry.call), entry.ret.map(unsigned))
        }
        Body::Cart(recorded) => {
            let operation = &recorded.history.operations[place];
            (operation.call.0, operation.ended().map(|at| at.0))
        }
    }
}

/// The operations that are drawn: a stretch of the key's, and the last of those before it that
/// still run when it begins.
pub fn acts(sheet: &Sheet) -> Vec<Act> {
    let places = sheet.places();
    let from = sheet.from.min(places.len());
    let to = (from + DRAWN).min(places.len());
    let Some(first) = places.get(from) else {
        return Vec::new();
    };
    let (begin, _) = span(sheet, *first);
    let runs = |place: &&usize| span(sheet, **place).1.is_none_or(|ret| ret >= begin);
    let before = places[..from].iter().rev().filter(runs).take(DRAWN / 4);
    let mut shown: Vec<usize> = before.chain(&places[from..to]).copied().collect();
    shown.sort_unstable();
    shown.into_iter().map(|place| act(sheet, place)).collect()
}

/// A bar from a call to its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub label: String,
    pub title: String,
    pub state: &'static str,
    pub pin: Option<usize>,
}

/// A process: its name, and where its bars begin.
#[derive(Clone, Debug, PartialEq)]
pub struct Lane {
    pub y: f32,
    pub height: f32,
    pub name: String,
}

/// A moment on the axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub x: f32,
    pub label: String,
}

/// The space-time picture, in px.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    pub width: f32,
    pub height: f32,
    pub lanes: Vec<Lane>,
    pub bars: Vec<Bar>,
    pub ticks: Vec<Tick>,
    pub sentence: String,
}

/// The height of a bar, and of its row.
pub const BAR: f32 = 22.0;
const ROW: f32 = 30.0;
/// Where the axis is, the first lane, and what is left below the last.
pub const AXIS: f32 = 16.0;
const TOP: f32 = 36.0;
const BELOW: f32 = 4.0;
/// Between two moments, and what runs on beyond the last one.
const GAP: f32 = 7.0;
const BEYOND: f32 = 20.0;
/// Before the first moment.
const LEFT: f32 = 14.0;
/// A letter, and the edges around a label.
const LETTER: f32 = 7.0;
const EDGES: f32 = 16.0;

impl Picture {
    pub fn of(acts: &[Act]) -> Picture {
        let moments = Moments::of(acts);
        let (lanes, rows) = lanes(acts);
        let mut picture = Picture {
            width: moments.end(acts) + BEYOND,
            height: lanes.last().map_or(TOP, |lane| lane.y + lane.height) + BELOW,
            ticks: moments.ticks(),
            ..Picture::default()
        };
        for (act, row) in acts.iter().zip(rows) {
            let x = moments.from(act.call);
            let end = act.ret.map_or(picture.width, |ret| moments.to(ret));
            picture.bars.push(Bar {
                x,
                y: row,
                width: end - x,
                label: said::short(&act.what, said::LABEL),
                title: format!(
                    "{}: {}, {} ({} to {})",
                    act.who, act.what, act.outcome, act.called, act.answered
                ),
                state: act.state,
                pin: act.pin,
            });
        }
        let lit = acts.iter().filter(|act| act.pin.is_some()).count();
        picture.sentence = said::picture(acts.len(), lanes.len(), lit);
        picture.lanes = lanes;
        picture
    }

    /// Where what shows the breach is, from its first operation to its last.
    pub fn lit(&self) -> Option<(f32, f32)> {
        let lit = || self.bars.iter().filter(|bar| bar.pin.is_some());
        let from = lit().map(|bar| bar.x).reduce(f32::min)?;
        let to = lit().map(|bar| bar.x + bar.width).reduce(f32::max)?;
        Some((from, to))
    }
}

/// The moments at which something was called or answered, and the room of each: calls stand at its
/// left end, answers at its right one, since what meets in one moment overlaps.
struct Moments(Vec<Moment>);

struct Moment {
    at: u64,
    label: String,
    from: f32,
    to: f32,
}

impl Moments {
    fn of(acts: &[Act]) -> Moments {
        let mut all: Vec<(u64, usize)> = Vec::new();
        for (nth, act) in acts.iter().enumerate() {
            all.push((act.call, nth * 2));
            all.extend(act.ret.map(|ret| (ret, nth * 2 + 1)));
        }
        crate::order::sort(&mut all);
        let mut moments = Moments(Vec::new());
        let mut x = LEFT;
        for same in all.chunk_by(|a, b| a.0 == b.0) {
            let (at, one) = same[0];
            let act = &acts[one / 2];
            let label = [&act.called, &act.answered][one % 2].clone();
            moments.0.push(Moment {
                at,
                label,
                from: x,
                to: x,
            });
            for (_, end) in same.iter().filter(|(_, one)| one % 2 == 1) {
                let act = &acts[end / 2];
                x = (moments.from(act.call) + room(act)).max(x);
            }
            if let Some(last) = moments.0.last_mut() {
                last.to = x;
            }
            x += GAP;
        }
        moments
    }

    fn of_time(&self, at: u64) -> Option<&Moment> {
        let place = self.0.binary_search_by_key(&at, |moment| moment.at).ok()?;
        self.0.get(place)
    }

    fn from(&self, call: u64) -> f32 {
        self.of_time(call).map_or(0.0, |moment| moment.from)
    }

    fn to(&self, ret: u64) -> f32 {
        self.of_time(ret).map_or(0.0, |moment| moment.to)
    }

    /// Beyond the last answer, and the labels of what has none.
    fn end(&self, acts: &[Act]) -> f32 {
        let open = acts.iter().filter(|act| act.ret.is_none());
        let open = open.map(|act| self.from(act.call) + room(act));
        open.fold(self.0.last().map_or(0.0, |last| last.to), f32::max)
    }

    /// Those whose labels do not meet.
    fn ticks(&self) -> Vec<Tick> {
        let (mut ticks, mut free) = (Vec::new(), 0.0);
        for moment in &self.0 {
            if moment.from >= free {
                let letters = moment.label.chars().count() as f32;
                free = moment.from + letters * LETTER + EDGES;
                ticks.push(Tick {
                    x: moment.from,
                    label: moment.label.clone(),
                });
            }
        }
        ticks
    }
}

/// The room that an operation's label takes.
fn room(act: &Act) -> f32 {
    let letters = act.what.chars().count().min(said::LABEL + 1);
    letters as f32 * LETTER + EDGES
}

/// The processes from above, and the row of each operation. What a process has under way at the
/// same time stands below each other, in rows of its own.
fn lanes(acts: &[Act]) -> (Vec<Lane>, Vec<f32>) {
    let mut processes: Vec<(u64, u32)> = acts.iter().map(|act| act.lane).collect();
    processes.sort_unstable();
    processes.dedup();
    let (mut lanes, mut rows) = (Vec::new(), vec![0.0; acts.len()]);
    let mut y = TOP;
    for process in processes {
        // By row: when it is free again.
        let mut free: Vec<Option<u64>> = Vec::new();
        let mut name = String::new();
        for (nth, act) in acts
            .iter()
            .enumerate()
            .filter(|(_, act)| act.lane == process)
        {
            let is_free = |ended: &Option<u64>| ended.is_some_and(|ended| ended < act.call);
            let row = free.iter().position(is_free).unwrap_or(free.len());
            match free.get_mut(row) {
                Some(free) => *free = act.ret,
                None => free.push(act.ret),
            }
            rows[nth] = y + row as f32 * ROW;
            name.clone_from(&act.who);
        }
        let height = free.len() as f32 * ROW;
        lanes.push(Lane { y, height, name });
        y += height;
    }
    (lanes, rows)
}
