//! A history file that a person opened: it is read and judged in turns, then looked at.
//!
//! ```text
//!   file --read--> histories --judge one of them--> verdicts --look--> a key, a stretch, a breach
//! ```
//! It has nothing to do with the text and its run, which stay as they are. Invariants: no turn
//! takes more than some `TURN` steps; a file that cannot be read says why; a judge who is
//! stopped says so, and guesses nothing.

use super::{Dialog, Effect, Playground};
use crate::check::foreign::{self, Judged, Limits};
use crate::check::search::Budget;
use crate::check::{Property, Verdict};
use crate::history::file::{self, Body, Case};
use crate::history::foreign::Foreign;
use crate::run::Show;
use crate::time::SimTime;
use crate::turns::Work;
use std::cell::RefCell;
use std::rc::Rc;

/// A longer file is not read here.
pub const BYTES: usize = 4 << 20;
/// Lines of one history that are read here.
pub const LINES: usize = 20_000;
/// Operations that are drawn at a time.
pub const DRAWN: usize = 120;
/// Steps between two looks at the clock: well below a millisecond.
const TURN: u64 = 4_096;
/// A page has less time and memory than the command line.
const LIMITS: Limits = Limits {
    search: Budget {
        steps: 6_000_000,
        sequential: 1_000_000,
        states: 700_000,
    },
    causal: 1_000,
};
const STOPPED: &str = "the judge was stopped";

/// What a person does with a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Open(Rc<File>),
    /// Go on with reading or judging.
    Go,
    Stop,
    /// Look at another history of the file.
    Case(usize),
    /// Draw the operations of one key, or of all.
    Key(Option<u32>),
    /// Draw from this operation of the key on.
    From(usize),
    /// Show what breaks a promise.
    Why(Property),
}

/// A file as the browser gave it.
#[derive(Debug, PartialEq)]
pub struct File {
    pub name: String,
    pub text: Result<Rc<str>, Refused>,
}

/// Why a file is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    TooLong,
    /// The browser did not give it.
    Withheld,
    /// What is wrong with it, with its line.
    Bad(String),
}

pub struct Opened {
    pub name: String,
    pub state: State,
    /// Its next turn is asked for already.
    awaits: bool,
}

pub enum State {
    Reading(Work<Result<Vec<Case>, String>>),
    Refused(Refused),
    Read(Box<Sheet>),
}

/// A file that was read, and what is looked at of it.
pub struct Sheet {
    pub cases: Vec<Case>,
    /// The place of the history that is judged.
    pub case: usize,
    told: Told,
    work: Option<Work<()>>,
    /// A run's own history, judged as the page judges runs.
    pub show: Option<Show>,
    pub key: Option<u32>,
    /// The first operation of the key that is drawn.
    pub from: usize,
    pub why: Option<Property>,
}

/// What the judges have said so far.
type Told = Rc<RefCell<Vec<(Property, Judged)>>>;

impl Playground {
    pub(super) fn file(&mut self, deed: Deed, effects: &mut Vec<Effect>) {
        let awaits = self.opened.as_ref().is_some_and(|opened| opened.awaits);
        let awaits = awaits && deed != Deed::Go;
        match (deed, &mut self.opened) {
            (Deed::Open(file), _) => {
                self.opened = Some(Opened::of(&file));
                self.dialog = Some(Dialog::History);
            }
            (deed, Some(opened)) => opened.take(deed),
            _ => {}
        }
        if let Some(opened) = &mut self.opened {
            opened.awaits = awaits || opened.is_busy();
            if opened.awaits && !awaits {
                effects.push(Effect::Judge);
            }
        }
    }
}

impl Opened {
    fn of(file: &File) -> Opened {
        let state = match &file.text {
            Ok(text) if text.len() > BYTES => State::Refused(Refused::TooLong),
            Ok(text) => {
                let text = text.clone();
                let read = |turn| async move { file::read(&text, LINES, &turn).await };
                State::Reading(Work::new(read))
            }
            Err(refused) => State::Refused(refused.clone()),
        };
        Opened {
            name: file.name.clone(),
            state,
            awaits: false,
        }
    }

    /// Whether it is being read or judged.
    pub fn is_busy(&self) -> bool {
        match &self.state {
            State::Reading(_) => true,
            State::Refused(_) => false,
            State::Read(sheet) => sheet.is_busy(),
        }
    }

    /// How many verdicts there are; it changes when something new is to be seen.
    pub fn news(&self) -> Option<usize> {
        match &self.state {
            State::Read(sheet) => Some(sheet.told.borrow().len()),
            _ => None,
        }
    }

    fn take(&mut self, deed: Deed) {
        match (&mut self.state, deed) {
            (State::Reading(work), Deed::Go) => match work.advance(TURN) {
                Some(Ok(cases)) => self.state = State::Read(Box::new(Sheet::of(cases))),
                Some(Err(why)) => self.state = State::Refused(Refused::Bad(why)),
                None => {}
            },
            (State::Read(sheet), deed) => sheet.take(deed),
            _ => {}
        }
    }
}

impl Sheet {
    fn of(cases: Vec<Case>) -> Sheet {
        let mut sheet = Sheet {
            cases,
            case: 0,
            told: Told::default(),
            work: None,
            show: None,
            key: None,
            from: 0,
            why: None,
        };
        sheet.look_at(0);
        sheet
    }

    fn take(&mut self, deed: Deed) {
        match deed {
            Deed::Go => {
                let done = self.work.as_mut().and_then(|work| work.advance(TURN));
                if done.is_some() {
                    self.work = None;
                    self.explain(self.first_broken());
                }
            }
            Deed::Stop => {
                self.work = None;
                self.explain(self.first_broken());
            }
            Deed::Case(case) if case < self.cases.len() => self.look_at(case),
            Deed::Key(key) => (self.key, self.from) = (key, 0),
            Deed::From(from) => self.from = from.min(self.places().len().saturating_sub(DRAWN)),
            Deed::Why(property) => self.explain(Some(property)),
            Deed::Open(_) | Deed::Case(_) => {}
        }
    }

    pub fn is_busy(&self) -> bool {
        self.work.is_some()
    }

    /// Judges this history of the file.
    fn look_at(&mut self, case: usize) {
        self.case = case;
        self.told = Told::default();
        (self.work, self.show, self.why) = (None, None, None);
        (self.key, self.from) = (None, 0);
        let told = self.told.clone();
        match &self.cases[case].body {
            Body::Cart(recorded) => {
                self.show = Some(Show::recorded(recorded));
                self.explain(self.first_broken());
            }
            Body::Foreign(history) => {
                let history = history.clone();
                self.key = (history.entries.len() > DRAWN).then_some(0);
                self.work = Some(Work::new(|turn| async move {
                    let mut tell = |property, judged| told.borrow_mut().push((property, judged));
                    foreign::judge_in_turns(&history, &LIMITS, &turn, &mut tell).await;
                }));
            }
        }
    }

    /// The verdicts on a history from elsewhere, in a fixed order; `None` while one is sought.
    pub fn judged(&self, history: &Foreign) -> Vec<(Property, Option<Judged>)> {
        let told = self.told.borrow();
        let of = |property| {
            let known = told.iter().find(|(known, _)| *known == property);
            match (known, &self.work) {
                (Some((_, judged)), _) => Some(judged.clone()),
                (None, Some(_)) => None,
                (None, None) => Some(Judged::Unknown(STOPPED)),
            }
        };
        let all = foreign::properties(history.kind).into_iter();
        all.map(|property| (property, of(property))).collect()
    }

    /// The places of the operations that show the breach of a promise, in order of call; none
    /// where it is not broken.
    pub fn breach(&self, property: Property) -> Vec<usize> {
        let mut places = match &self.show {
            Some(show) => {
                let Verdict::Violated(witness) = show.run.verdict(property, END) else {
                    return Vec::new();
                };
                let version = (witness.version.0 as usize).checked_sub(1);
                let write = version.and_then(|place| show.run.replicas.writes.get(place));
                let shown = [Some(&witness.op), Some(&witness.because), write];
                shown
                    .into_iter()
                    .flatten()
                    .map(|op| op.0 as usize)
                    .collect()
            }
            None => {
                let told = self.told.borrow();
                match told.iter().find(|(known, _)| *known == property) {
                    Some((_, Judged::Violated(places))) => places.clone(),
                    _ => Vec::new(),
                }
            }
        };
        places.sort_unstable();
        places.dedup();
        places
    }

    fn first_broken(&self) -> Option<Property> {
        let mut all = Property::ALL.into_iter();
        all.find(|property| !self.breach(*property).is_empty())
    }

    /// Shows what breaks a promise: its key, and the operations around it.
    fn explain(&mut self, property: Option<Property>) {
        let Some(property) = property else { return };
        let breach = self.breach(property);
        let (Some(first), Some(last)) = (breach.first(), breach.last()) else {
            return;
        };
        self.why = Some(property);
        if let (Body::Foreign(history), true) = (&self.cases[self.case].body, self.key.is_some()) {
            self.key = Some(history.entries[*last].key);
        }
        let places = self.places();
        let (first, last) = (
            places.partition_point(|place| place < first),
            places.partition_point(|place| place < last),
        );
        // Both where there is room for both, else the one that shows it.
        let middle = if last - first < DRAWN {
            (first + last) / 2
        } else {
            last
        };
        self.take(Deed::From(middle.saturating_sub(DRAWN / 2)));
    }

    /// The places of the key's operations, in order of call.
    pub fn places(&self) -> Vec<usize> {
        match (&self.cases[self.case].body, self.key) {
            (Body::Foreign(history), Some(key)) => (0..history.entries.len())
                .filter(|place| history.entries[*place].key == key)
                .collect(),
            _ => (0..self.cases[self.case].operations()).collect(),
        }
    }
}

/// After all that a file can tell of.
pub const END: SimTime = SimTime(u64::MAX);
