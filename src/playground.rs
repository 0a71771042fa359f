//! What the person is doing: the text, the playhead, and what a click or a key does to them.
//!
//! `update` is pure: a message goes in, a new state and a list of effects come out; the effects
//! are performed by `app` and `web`. Invariants: the text is the whole scenario; every change of
//! it can be undone; the run on the screen is the run of the text on the screen, or the page says
//! that it is still being computed ([`Playground::computing`]).

pub mod embed;
mod guess;
pub mod opened;
mod pull;

pub use guess::{Guess, Step, Told};
use pull::Pulled;

use embed::LAYOUTS;
use opened::{Deed, Opened};

use crate::check::Property;
use crate::check::points::{self, Refusal};
use crate::history::ServiceId;
use crate::run::export::Export;
use crate::run::{Runner, Shared, Show};
use crate::scenario::edit;
use crate::scenario::gallery::GALLERY;
use crate::scenario::link::{self, SumCheck, ViewState};
use crate::scenario::{Key, Parsed, Scenario, deed, fault_line, parse};
use crate::shop::{Name, Op};
use crate::sim::trace::{MessageId, NodeId, Trace};
use crate::sim::{Fault, ReplicationMode};
use crate::time::{SimDuration, SimTime};
use std::rc::Rc;

/// Everything that a person, a clock or the address bar can do to the playground.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    // The transport.
    Play,
    Pause,
    TogglePlay,
    Restart,
    StepBack,
    StepForward,
    Seek(SimTime),
    End,
    /// Wall time is this many times longer than simulated time.
    Speed(u32),
    /// This many milliseconds of wall time have passed while playing.
    Frame(f64),
    /// Go on computing a long run.
    Compute,
    // The stage: an operation by this shopper at the playhead.
    Shop {
        client: Name,
        op: Op,
        to: ServiceId,
    },
    AddShopper,
    /// Open a menu of a shopper, or close the one that is open.
    Menu(Option<(Name, Menu)>),
    /// Break or mend something at the playhead.
    Trouble(Fault),
    /// Pull a message on the timeline: it arrives at this moment.
    Pull(MessageId, SimTime),
    /// Show what can be broken: all, or one thing; or no more.
    Break(Option<Breaking>),
    // The switch and the settings.
    Mode(ReplicationMode),
    SideBySide,
    Set(Key, String),
    // The script: an edit session is one undo step.
    Edit(String),
    EditEnd,
    Undo,
    Redo,
    // What is open.
    OpenScenario(usize),
    /// The address bar has changed (Back, Forward, or typed).
    Address(String),
    Tab(Tab),
    Rail(RailTab),
    Dialog(Option<Dialog>),
    Theme(Theme),
    /// Put this on the clipboard.
    Copy(Form),
    /// Whether the clipboard took it.
    Copied(bool),
    /// A picture could not be kept as pixels.
    NoPixels,
    Dismiss,
    /// Show why a promise is broken, or no more.
    Why(Property),
    /// Guess first when each operation took effect.
    Guess(Step),
    /// A history file: open it, judge it, look at it.
    File(Deed),
    /// The page around this one gives another text.
    Load(String),
    /// Back to the text that was given last.
    Back,
    /// It hides and locks these.
    View {
        hide: Vec<String>,
        lock: Vec<String>,
        /// What a person is told who asks for what is locked.
        why: String,
    },
}

/// What a message asks of the browser.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Send [`Msg::Compute`] once the browser has had its turn.
    Compute,
    /// Send [`Deed::Go`] once the browser has had its turn.
    Judge,
    /// The address of the page, without a new entry in the history.
    Replace(String),
    /// Another scenario was opened: Back returns to the one left.
    Push(String),
    Copy(Form),
    Theme(Theme),
    /// The script and the settings have been opened: so they stay, on later visits too.
    RememberOpen,
    /// Keep this text for the screen of a panic.
    Keep(String),
}

/// The choices behind a chevron of a shopper's buttons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    /// What to add.
    Add,
    /// Which service to view the cart from.
    View,
}

/// What can be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Service(ServiceId),
    Database(ServiceId),
    Link(NodeId, NodeId),
    Message(MessageId),
}

/// What the panel of breaking shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaking {
    All,
    One(Target),
}

/// On narrow screens one part is shown at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Stage,
    Timeline,
    Verdicts,
    Script,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RailTab {
    Script,
    Events,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    Share,
    Help,
    /// A history from a file.
    History,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    Light,
    Dark,
}

/// The forms in which a run can be handed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Link,
    Text,
    Markdown,
    /// With `?` for `#`, which some mail programs cut.
    Mail,
    /// A frame, an element, and a code block for a page of one's own.
    Frame,
    Element,
    Fence,
    /// The run as a sequence diagram, in Mermaid's language.
    Mermaid,
}

impl Form {
    /// Whether it leads to a page, so that it needs that page's address.
    pub fn is_link(self) -> bool {
        match self {
            Form::Link | Form::Markdown | Form::Mail | Form::Frame | Form::Element => true,
            Form::Text | Form::Fence | Form::Mermaid => false,
        }
    }
}

/// Something that the person should know, once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A click in the past removed these later lines.
    Removed(Vec<String>),
    /// The link's sum does not fit: it was cut short or changed on its way.
    CutLink,
    /// The link was made by a newer Lagoon.
    NewerLink,
    /// The text holds nothing that can be used.
    NothingUnderstood,
    /// Why there is nothing to guess about this run.
    NoGuess(Refusal),
    /// The link of this page keeps it as it is, or the page around it, for this reason.
    Locked(String),
    /// The browser made no pixels of a picture.
    NoPixels,
}

/// The state of the page.
pub struct Playground {
    pub text: String,
    pub parsed: Rc<Parsed>,
    pub show: Shared<Show>,
    /// The same clicks and the same luck in the other mode.
    pub twin: Shared<Show>,
    pub now: SimTime,
    pub playing: bool,
    pub speed: u32,
    /// A person chose it.
    chosen: bool,
    pub side_by_side: bool,
    /// Shoppers who stand on the stage, in order, whether or not they have a line.
    pub guests: Vec<Name>,
    pub notice: Option<Notice>,
    pub tab: Tab,
    pub rail: RailTab,
    /// The script and the settings are shown.
    pub open: bool,
    /// Nothing has been played or changed yet on a first visit.
    pub fresh_visit: bool,
    pub dialog: Option<Dialog>,
    pub copied: Option<(Form, Option<bool>)>,
    pub theme: Option<Theme>,
    /// The menu that is open on the stage.
    pub menu: Option<(Name, Menu)>,
    /// What can be broken is shown.
    pub breaking: Option<Breaking>,
    /// The promise whose breach is explained.
    pub why: Option<Property>,
    /// The guess that is under way.
    pub guess: Option<Guess>,
    /// The history file that was opened.
    pub opened: Option<Opened>,
    /// Play goes from event to event instead of gliding.
    pub reduced_motion: bool,
    view: ViewState,
    /// The text that an address, the gallery or the page around gave last.
    given: String,
    /// Why something is locked, in the words of the page around.
    reason: String,
    past: Vec<Moment>,
    future: Vec<Moment>,
    /// The edit or the drag that is under way, and is one undo step.
    session: Option<Session>,
    pulled: Option<Pulled>,
    work: Option<Work>,
    /// Wall milliseconds that have not moved the playhead yet.
    carry: f64,
}

/// What undo brings back.
#[derive(Clone, Debug, PartialEq)]
struct Moment {
    text: String,
    now: SimTime,
    guests: Vec<Name>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Session {
    Edit,
    Set(Key),
    Pull(MessageId),
}

/// A run that is being computed.
enum Work {
    Own(Scenario, Runner),
    Twin(Shared<Show>, Scenario, Runner),
}

/// Undo steps that are kept.
const UNDO: usize = 200;
/// Events handled before the browser gets its turn: a few milliseconds.
const SLICE: u32 = 16_384;
/// Reduced motion: how long each event stays on the screen, in wall milliseconds.
const STEP_MS: f64 = 900.0;
/// Who comes next with "+ shopper".
const GUESTS: [&str; 8] = [
    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi",
];
/// How many times slower than real time a run plays unless a person says: the first of these at
/// which it takes no longer than [`PATIENCE`], else the last.
const SPEEDS: [u32; 5] = [20, 10, 5, 2, 1];
/// Of wall time.
const PATIENCE: SimDuration = SimDuration::from_millis(30_000);

/// What the browser knows before the first message.
#[derive(Clone, Debug, Default)]
pub struct Start {
    pub address: String,
    pub theme: Option<Theme>,
    pub open: bool,
    pub reduced_motion: bool,
}

impl Playground {
    /// The page of this address: its link's text, or the first scenario of the gallery.
    pub fn start(start: Start) -> (Playground, Vec<Effect>) {
        let mut effects = Vec::new();
        let address = start.address.clone();
        let empty = Shared::new(Show::of(Scenario::default()));
        let mut playground = Playground::showing(start, empty.clone(), empty);
        if !playground.read_address(&address, &mut effects) {
            playground.load(GALLERY[0].to_string(), ViewState::default(), &mut effects);
        }
        (playground, effects)
    }

    fn showing(start: Start, show: Shared<Show>, twin: Shared<Show>) -> Playground {
        Playground {
            text: String::new(),
            parsed: Rc::default(),
            show,
            twin,
            now: SimTime::ZERO,
            playing: false,
            speed: SPEEDS[0],
            chosen: false,
            side_by_side: false,
            guests: Vec::new(),
            notice: None,
            tab: Tab::Stage,
            rail: RailTab::Script,
            open: start.open,
            fresh_visit: !start.open,
            dialog: None,
            copied: None,
            theme: start.theme,
            menu: None,
            breaking: None,
            why: None,
            guess: None,
            opened: None,
            reduced_motion: start.reduced_motion,
            view: ViewState::default(),
            given: String::new(),
            reason: String::new(),
            past: Vec::new(),
            future: Vec::new(),
            session: None,
            pulled: None,
            work: None,
            carry: 0.0,
        }
    }

    /// Takes one message. The effects are to be performed in order.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.end_session(&msg);
        if self.guesses() && moves_playhead(&msg) {
            return effects;
        }
        match msg {
            Msg::Play => self.play(),
            Msg::Pause => self.pause(&mut effects),
            Msg::TogglePlay if self.playing => self.pause(&mut effects),
            Msg::TogglePlay => self.play(),
            Msg::Restart => self.seek(SimTime::ZERO, &mut effects),
            Msg::StepBack => self.step(-1, &mut effects),
            Msg::StepForward => self.step(1, &mut effects),
            Msg::Seek(at) => self.seek(at, &mut effects),
            Msg::End => self.seek(self.end(), &mut effects),
            Msg::Speed(speed) => (self.speed, self.chosen) = (speed.max(1), true),
            Msg::Frame(millis) => self.frame(millis, &mut effects),
            Msg::Compute => self.compute(&mut effects),
            Msg::Shop { client, op, to } => {
                self.menu = None;
                self.shop(client, op, to, &mut effects);
            }
            Msg::Menu(menu) => self.menu = menu,
            Msg::Trouble(fault) => {
                let line = fault_line(&fault, &self.show.scenario.config.shoppers);
                self.append(&line, &mut effects);
            }
            Msg::Pull(id, to) => self.pull(id, to, &mut effects),
            Msg::Break(what) => {
                self.pause(&mut effects);
                self.breaking = what.filter(|what| self.breaking != Some(*what));
            }
            Msg::AddShopper => self.add_shopper(&mut effects),
            Msg::Mode(mode) => self.set_mode(mode, &mut effects),
            Msg::SideBySide => {
                self.side_by_side = true;
                self.guess = None;
                effects.push(Effect::Replace(self.link()));
            }
            Msg::Set(key, value) => {
                let text = edit::set_setting(&self.text, key, &value);
                let going_on = self.session == Some(Session::Set(key));
                self.change(text, !going_on, &mut effects);
                self.session = Some(Session::Set(key));
            }
            Msg::Edit(text) => {
                let going_on = self.session == Some(Session::Edit);
                self.change(text, !going_on, &mut effects);
                self.session = Some(Session::Edit);
            }
            Msg::EditEnd | Msg::Dismiss => {}
            Msg::Why(property) => self.why = (self.why != Some(property)).then_some(property),
            Msg::Guess(step) => self.guess(step, &mut effects),
            Msg::File(deed) => self.file(deed, &mut effects),
            Msg::Load(text) => self.load_within(&text, &mut effects),
            Msg::Back => {
                self.remember();
                self.load(self.given.clone(), self.view.clone(), &mut effects);
            }
            Msg::View { hide, lock, why } => self.view_within(hide, lock, &why),
            Msg::Undo => self.undo(&mut effects),
            Msg::Redo => self.redo(&mut effects),
            Msg::OpenScenario(nth) => self.open_scenario(nth, &mut effects),
            Msg::Address(address) => {
                if !self.is_here(&address) {
                    self.read_address(&address, &mut effects);
                }
            }
            Msg::Tab(tab) => {
                self.tab = tab;
                if tab == Tab::Script {
                    self.rail = RailTab::Script;
                    self.open_rail(&mut effects);
                }
            }
            Msg::Rail(rail) => {
                self.rail = rail;
                self.open_rail(&mut effects);
            }
            Msg::Dialog(dialog) => {
                // What is handed on stays what it was when it was asked for.
                if self.playing {
                    self.pause(&mut effects);
                }
                self.dialog = dialog;
                self.copied = None;
            }
            Msg::Theme(theme) => {
                self.theme = Some(theme);
                effects.push(Effect::Theme(theme));
            }
            Msg::Copy(form) => {
                self.dialog = Some(Dialog::Share);
                self.copied = Some((form, None));
                effects.push(Effect::Copy(form));
            }
            Msg::NoPixels => self.notice = Some(Notice::NoPixels),
            Msg::Copied(taken) => {
                if let Some((_, result)) = &mut self.copied {
                    *result = Some(taken);
                }
            }
        }
        effects
    }

    /// Whether a long run is still being computed, and how many events it has handled.
    pub fn computing(&self) -> Option<u32> {
        match self.work.as_ref()? {
            Work::Own(_, runner) | Work::Twin(_, _, runner) => Some(runner.events()),
        }
    }

    /// Whether a guess is under way, so that what would give it away is hidden.
    pub fn guesses(&self) -> bool {
        self.guess.as_ref().is_some_and(|guess| !guess.shown)
    }

    /// The shoppers on the stage: never fewer than two.
    pub fn stage(&self) -> Vec<Name> {
        let mut stage = self.guests.clone();
        let fill = GUESTS.iter().take(2).filter_map(|name| Name::new(name));
        for name in self
            .show
            .scenario
            .config
            .shoppers
            .iter()
            .copied()
            .chain(fill)
        {
            let room = stage.len() < 2 || self.show.scenario.config.shoppers.contains(&name);
            if !stage.contains(&name) && room && stage.len() < GUESTS.len() {
                stage.push(name);
            }
        }
        stage
    }

    /// The last moment of what is shown.
    pub fn end(&self) -> SimTime {
        self.shown()
            .map(|show| show.run.end())
            .max()
            .unwrap_or_default()
    }

    /// How many records of each shown run have happened: pictures change only when this does.
    pub fn beat(&self) -> (usize, usize) {
        let past = |trace: &Trace| {
            trace
                .records
                .partition_point(|record| record.at <= self.now)
        };
        (past(&self.show.run.trace), past(&self.twin.run.trace))
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// The link of what is on the screen, from its `#` on.
    pub fn link(&self) -> String {
        link::write(&self.text, &self.view_state())
    }

    /// The run in a form to be handed on; links begin at their `#` (or `?`).
    pub fn handed_on(&self, form: Form) -> String {
        match form {
            Form::Link | Form::Markdown => self.link(),
            Form::Frame => self.framed_link(),
            Form::Element => format!(
                "<lagoon-playground>\n{}\n</lagoon-playground>",
                self.text.trim_end()
            ),
            Form::Fence => format!("```lagoon\n{}\n```", self.text.trim_end()),
            Form::Mermaid => Export::Mermaid.write(&self.show.run),
            Form::Mail => self.link().replacen('#', "?", 1),
            Form::Text => self.text.clone(),
        }
    }

    /// What the text calls itself.
    pub fn title(&self) -> Option<String> {
        self.parsed.title.clone()
    }

    fn shown(&self) -> impl Iterator<Item = &Shared<Show>> {
        std::iter::once(&self.show).chain(self.side_by_side.then_some(&self.twin))
    }

    fn view_state(&self) -> ViewState {
        let written = &self.show.scenario.config.shoppers;
        let silent = self.guests.iter().filter(|name| !written.contains(name));
        let layout = Some(self.layout()).filter(|layout| !layout.is_empty());
        let silent = silent.map(|name| name.as_str());
        ViewState {
            at: (self.now > SimTime::ZERO).then_some(self.now),
            side_by_side: self.side_by_side,
            show: layout.into_iter().chain(silent).map(String::from).collect(),
            ..self.view.clone()
        }
    }

    // The transport.

    fn play(&mut self) {
        // What was only a picture begins where the link says; who went elsewhere goes on there.
        if self.now == self.view.opens_at() && self.view.poster.take().is_some() {
            self.now = self.view.at.unwrap_or_default();
        }
        if self.now >= self.end() {
            self.now = SimTime::ZERO;
        }
        self.playing = true;
        self.carry = if self.reduced_motion { STEP_MS } else { 0.0 };
        self.fresh_visit = false;
    }

    fn pause(&mut self, effects: &mut Vec<Effect>) {
        self.playing = false;
        self.open_rail(effects);
        effects.push(Effect::Replace(self.link()));
    }

    fn open_rail(&mut self, effects: &mut Vec<Effect>) {
        if !self.open {
            self.open = true;
            effects.push(Effect::RememberOpen);
        }
    }

    fn seek(&mut self, at: SimTime, effects: &mut Vec<Effect>) {
        self.playing = false;
        self.fresh_visit = false;
        self.now = at;
        effects.push(Effect::Replace(self.link()));
    }

    /// To the next moment at which something happened, or the one before.
    fn step(&mut self, direction: i32, effects: &mut Vec<Effect>) {
        let now = self.now;
        let moments = self
            .shown()
            .filter_map(|show| beside(&show.run.trace, now, direction));
        let next = if direction > 0 {
            moments.min()
        } else {
            moments.max()
        };
        let bound = if direction > 0 {
            now.max(self.end())
        } else {
            SimTime::ZERO
        };
        self.seek(next.unwrap_or(bound), effects);
    }

    /// Chooses a speed for a run that has just been computed.
    fn pace(&mut self) {
        if !self.chosen && !self.playing {
            let length = self.show.run.end().0;
            let brief = |speed: &u32| length * u64::from(*speed) <= PATIENCE.0;
            let speed = SPEEDS.into_iter().find(brief);
            self.speed = speed.unwrap_or(SPEEDS[SPEEDS.len() - 1]);
        }
    }

    fn frame(&mut self, millis: f64, effects: &mut Vec<Effect>) {
        if !self.playing {
            return;
        }
        self.carry += millis;
        if self.reduced_motion {
            if self.carry >= STEP_MS {
                self.carry = 0.0;
                self.step(1, effects);
                self.playing = true;
            }
        } else {
            let micros = (self.carry * 1000.0 / f64::from(self.speed)) as u64;
            self.carry -= micros as f64 * f64::from(self.speed) / 1000.0;
            self.now = self.now + SimDuration(micros);
        }
        if self.now >= self.end() {
            self.now = self.end();
            self.pause(effects);
        }
    }

    // Guessing first.

    fn guess(&mut self, step: Step, effects: &mut Vec<Effect>) {
        match step {
            Step::Start => self.start_guess(effects),
            Step::Done => {
                self.guess = None;
                self.tab = Tab::Verdicts;
            }
            step => {
                if let Some(guess) = &mut self.guess {
                    guess.take(step);
                    let none = matches!(guess.told, Some(Told::NoOrder));
                    self.why = none.then_some(Property::Linearizable);
                }
            }
        }
    }

    fn start_guess(&mut self, effects: &mut Vec<Effect>) {
        self.settle(effects);
        let run = &self.show.run;
        let unplaced = !run.report.verdicts.explained;
        self.notice = points::refusal(&run.history)
            .or(unplaced.then_some(Refusal::NoPlace))
            .map(Notice::NoGuess);
        if self.notice.is_none() && !self.side_by_side {
            self.seek(run.end(), effects);
            self.guess = Some(Guess::of(&self.show));
            (self.why, self.tab) = (None, Tab::Timeline);
        }
    }

    // Changes of the text.

    fn shop(&mut self, client: Name, op: Op, to: ServiceId, effects: &mut Vec<Effect>) {
        let to = Some(to).filter(|to| op.is_view() && *to != ServiceId::S2);
        self.append(&format!("{client} {}", deed(op, to)), effects);
    }

    /// A line at the playhead: what would come later goes, and it plays on from there.
    fn append(&mut self, line: &str, effects: &mut Vec<Effect>) {
        self.settle(effects);
        let fired = &self.show.run.trace.fired;
        let edit = edit::cut_and_append(&self.text, &self.parsed, fired, self.now, line);
        let at = self.now;
        let guests = self.stage();
        self.change(edit.text, true, effects);
        self.guests = guests;
        self.now = at;
        self.notice = (!edit.removed.is_empty()).then_some(Notice::Removed(edit.removed));
        self.playing = true;
        self.fresh_visit = false;
        self.carry = if self.reduced_motion { STEP_MS } else { 0.0 };
    }

    fn add_shopper(&mut self, effects: &mut Vec<Effect>) {
        let mut stage = self.stage();
        let next = GUESTS
            .iter()
            .filter_map(|name| Name::new(name))
            .find(|n| !stage.contains(n));
        if let Some(name) = next.filter(|_| stage.len() < GUESTS.len()) {
            self.remember();
            stage.push(name);
            self.guests = stage;
            effects.push(Effect::Replace(self.link()));
        }
    }

    fn set_mode(&mut self, mode: ReplicationMode, effects: &mut Vec<Effect>) {
        self.side_by_side = false;
        if self.show.scenario.config.mode == mode {
            effects.push(Effect::Replace(self.link()));
            return;
        }
        let text = edit::set_mode(&self.text, mode);
        self.change(text, true, effects);
    }

    /// Takes a new text; `step` makes it an undo step of its own.
    fn change(&mut self, text: String, step: bool, effects: &mut Vec<Effect>) {
        if text == self.text {
            return;
        }
        if step {
            self.remember();
        }
        self.notice = None;
        self.fresh_visit = false;
        self.take(text, effects);
        effects.push(Effect::Replace(self.link()));
    }

    fn remember(&mut self) {
        self.past.push(self.moment());
        if self.past.len() > UNDO {
            self.past.remove(0);
        }
        self.future.clear();
    }

    fn moment(&self) -> Moment {
        Moment {
            text: self.text.clone(),
            now: self.now,
            guests: self.guests.clone(),
        }
    }

    fn undo(&mut self, effects: &mut Vec<Effect>) {
        if let Some(moment) = self.past.pop() {
            self.future.push(self.moment());
            self.go_to(moment, effects);
        }
    }

    fn redo(&mut self, effects: &mut Vec<Effect>) {
        if let Some(moment) = self.future.pop() {
            self.past.push(self.moment());
            self.go_to(moment, effects);
        }
    }

    fn go_to(&mut self, moment: Moment, effects: &mut Vec<Effect>) {
        self.playing = false;
        self.notice = None;
        self.now = moment.now;
        self.guests = moment.guests;
        self.take(moment.text, effects);
        effects.push(Effect::Replace(self.link()));
    }

    /// A message that is not part of the edit or drag under way ends it.
    fn end_session(&mut self, msg: &Msg) {
        let going_on = match (msg, self.session) {
            (Msg::Edit(_), Some(Session::Edit)) => true,
            (Msg::Set(key, _), Some(Session::Set(under_way))) => *key == under_way,
            (Msg::Pull(id, _), Some(Session::Pull(under_way))) => *id == under_way,
            (Msg::Frame(_) | Msg::Compute, _) => true,
            _ => false,
        };
        if !going_on {
            self.session = None;
        }
        if matches!(msg, Msg::Dismiss) {
            self.notice = None;
        }
    }

    // Other scenarios.

    fn open_scenario(&mut self, nth: usize, effects: &mut Vec<Effect>) {
        let Some(text) = GALLERY.get(nth) else { return };
        self.remember();
        self.load(text.to_string(), ViewState::default(), effects);
        effects.push(Effect::Push(self.link()));
    }

    /// Shows what an address holds. False where it holds no scenario.
    fn read_address(&mut self, address: &str, effects: &mut Vec<Effect>) -> bool {
        let read = link::read(address);
        if !read.found {
            return false;
        }
        if !self.text.is_empty() {
            self.remember();
        }
        self.load(read.text, read.view, effects);
        self.fresh_visit = false;
        self.notice = match read.sum {
            SumCheck::Wrong => Some(Notice::CutLink),
            _ if read.version > 1 => Some(Notice::NewerLink),
            _ if !self.parsed.understood() && !self.parsed.is_blank() => {
                Some(Notice::NothingUnderstood)
            }
            _ => None,
        };
        true
    }

    fn load(&mut self, text: String, view: ViewState, effects: &mut Vec<Effect>) {
        self.playing = false;
        self.notice = None;
        self.now = view.opens_at();
        self.side_by_side = view.side_by_side;
        self.guests = Vec::new();
        let silent: Vec<Name> = view
            .show
            .iter()
            .filter(|name| !LAYOUTS.contains(&name.as_str()))
            .filter_map(|name| Name::new(name))
            .collect();
        self.view = view;
        // A diagram alone has no tabs to choose it by.
        if self.layout() == "diagram" {
            self.tab = Tab::Timeline;
        }
        self.given = text.clone();
        self.take(text, effects);
        if !silent.is_empty() {
            self.guests = self.parsed.scenario.config.shoppers.clone();
            self.guests.extend(silent);
            self.guests.truncate(GUESTS.len());
        }
    }

    fn is_here(&self, address: &str) -> bool {
        let own = self.link();
        address.find('#').is_some_and(|at| address[at..] == own)
    }

    // Computing.

    /// The text becomes the one on the screen, and its run is computed.
    fn take(&mut self, text: String, effects: &mut Vec<Effect>) {
        effects.push(Effect::Keep(text.clone()));
        self.guess = None;
        self.parsed = Rc::new(parse(&text));
        self.text = text;
        let scenario = self.parsed.scenario.clone();
        let runner = Runner::start(&scenario);
        self.work = Some(Work::Own(scenario, runner));
        self.compute(effects);
    }

    /// Computes to the end: a click has to know when each line fired.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        while self.work.is_some() {
            self.compute(effects);
        }
    }

    fn compute(&mut self, effects: &mut Vec<Effect>) {
        let Some(work) = self.work.take() else { return };
        self.work = match work {
            Work::Own(scenario, mut runner) => {
                if runner.advance(SLICE) {
                    Some(Work::Own(scenario, runner))
                } else {
                    let show = Shared::new(Show {
                        run: runner.finish(),
                        scenario,
                    });
                    let twin = edit::twin(&show.scenario, &show.run.trace.fired);
                    let runner = Runner::start(&twin);
                    Some(Work::Twin(show, twin, runner))
                }
            }
            Work::Twin(show, scenario, mut runner) => {
                if runner.advance(SLICE) {
                    Some(Work::Twin(show, scenario, runner))
                } else {
                    self.show = show;
                    self.twin = Shared::new(Show {
                        run: runner.finish(),
                        scenario,
                    });
                    self.now = self.now.min(self.show.run.end().max(self.twin.run.end()));
                    self.pace();
                    None
                }
            }
        };
        match &self.work {
            // The run itself was short: its twin goes with it, in the same turn.
            Some(Work::Twin(_, _, runner)) if runner.events() == 0 => self.compute(effects),
            Some(_) => effects.push(Effect::Compute),
            None => {}
        }
    }
}

/// What shows another moment, or the proof of a breach.
fn moves_playhead(msg: &Msg) -> bool {
    use Msg::{End, Play, Restart, Seek, StepBack, StepForward, TogglePlay, Why};
    matches!(
        msg,
        Play | TogglePlay | Restart | StepBack | StepForward | Seek(_) | End | Why(_)
    )
}

/// The nearest moment with a record after `now`, or before it.
fn beside(trace: &Trace, now: SimTime, direction: i32) -> Option<SimTime> {
    let records = &trace.records;
    let place = match direction > 0 {
        true => Some(records.partition_point(|record| record.at <= now)),
        false => records
            .partition_point(|record| record.at < now)
            .checked_sub(1),
    };
    Some(records.get(place?)?.at)
}
