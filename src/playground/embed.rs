//! How the page is shown inside of another one: which parts, and what cannot be changed there.
//!
//! A link says so with view statements: `show player`, `hide verdicts`, `lock switch`. Invariant:
//! what is locked stops the person, never the page around, which may still send a text.

use super::{Msg, Notice, Playground};
use crate::scenario::link::{self, ViewState};
use crate::scenario::{Diagnostic, Key, Parsed, Severity, edit, parse};
use crate::sim::ReplicationMode;

/// What `show` says besides the names of shoppers: how much of the page there is.
pub const LAYOUTS: [&str; 3] = ["player", "diagram", "all"];

/// What `hide` takes away.
pub const PARTS: [&str; 7] = [
    "switch", "stage", "timeline", "verdicts", "price", "script", "inside",
];

pub const THEMES: [&str; 2] = ["light", "dark"];

/// What `lock` keeps as it is.
pub const LOCKS: [&str; 6] = ["switch", "stage", "settings", "script", "transport", "all"];

/// What is said of a reader's text at most, to whoever wrote it.
const TOLD: usize = 5;

/// A reader of a small player is told no more than this of why something is locked, in bytes.
const REASON: usize = 200;

impl Playground {
    /// How much of the page is shown; empty for all of it, with its head.
    pub fn layout(&self) -> &'static str {
        let says = |layout: &&str| self.view.show.iter().any(|show| show == layout);
        LAYOUTS
            .into_iter()
            .find(|layout| says(layout))
            .unwrap_or_default()
    }

    /// The parts that are hidden, with a space between; `None` where the link names none.
    pub fn hidden(&self) -> Option<String> {
        let hides = |part: &&str| self.view.hide.iter().any(|hide| hide == part);
        let hidden: Vec<&str> = PARTS.into_iter().filter(hides).collect();
        (!hidden.is_empty()).then(|| hidden.join(" "))
    }

    /// What is locked, with a space between; `None` where nothing is.
    pub fn locked(&self) -> Option<String> {
        // `all` leaves the transport: what cannot be changed can be played.
        let own = |part: &&str| match *part {
            "transport" => self.view.lock.iter().any(|lock| lock == "transport"),
            part => self.locks(part),
        };
        let locked: Vec<&str> = LOCKS.into_iter().filter(own).collect();
        (!locked.is_empty()).then(|| locked.join(" "))
    }

    /// What of how it is shown means nothing, and what there is instead.
    pub fn view_slips(&self) -> Vec<String> {
        let list = |word: &str, said: &[String], known: &[&str]| {
            let strange = said.iter().filter(|said| !known.contains(&said.as_str()));
            let told =
                |strange: &String| format!("{word} {strange}: there is {}", known.join(", "));
            strange.map(told).collect::<Vec<_>>()
        };
        let view = &self.view;
        let theme: Vec<String> = view.theme.iter().cloned().collect();
        let mut slips = list("hide", &view.hide, &PARTS);
        slips.extend(list("lock", &view.lock, &LOCKS));
        slips.extend(list("theme", &theme, &THEMES));
        let strange = view.unknown.iter();
        slips.extend(strange.map(|said| format!("{said} is not understood")));
        slips
    }

    /// What of the text could not be used: the lines that are worth telling.
    pub fn slips(&self) -> impl Iterator<Item = &Diagnostic> {
        problems(&self.parsed).take(TOLD)
    }

    /// What the page around asks for with a setting; or why it cannot be had.
    pub fn setting(&self, key: Key, value: String) -> Result<Msg, String> {
        let mode = match (key, value.as_str()) {
            (Key::Mode, "side by side") => return Ok(Msg::SideBySide),
            (Key::Mode, mode) => Some(mode),
            _ => None,
        };
        let text = edit::set_setting(&self.text, key, &value);
        let parsed = parse(&text);
        let known = problems(&self.parsed).count();
        if let Some(slip) = problems(&parsed)
            .last()
            .filter(|_| problems(&parsed).count() > known)
        {
            return Err(slip.message.clone());
        }
        Ok(match mode {
            Some(_) if parsed.scenario.config.mode != self.mode() || self.side_by_side => {
                Msg::Mode(parsed.scenario.config.mode)
            }
            _ => Msg::Set(key, value),
        })
    }

    /// The theme that the link asks for.
    pub fn linked_theme(&self) -> Option<&'static str> {
        let theme = self.view.theme.as_deref();
        THEMES.into_iter().find(|known| theme == Some(*known))
    }

    fn locks(&self, part: &str) -> bool {
        self.view
            .lock
            .iter()
            .any(|lock| lock == part || lock == "all")
    }

    /// Whether what the person asks for is locked here; the page says so then.
    pub fn refuses(&mut self, msg: &Msg) -> bool {
        let locked = match msg {
            Msg::Mode(_) | Msg::SideBySide => self.locks("switch"),
            Msg::Shop { .. } | Msg::AddShopper | Msg::Trouble(_) | Msg::Break(Some(_)) => {
                self.locks("stage")
            }
            Msg::Set(..) => self.locks("settings"),
            Msg::Edit(_) => self.locks("script"),
            Msg::Undo | Msg::Redo | Msg::OpenScenario(_) => !self.view.lock.is_empty(),
            // What is to be guessed is not played before.
            Msg::Play | Msg::TogglePlay | Msg::StepForward | Msg::Seek(_) | Msg::End => {
                self.view.lock.iter().any(|lock| lock == "transport")
            }
            _ => false,
        };
        if locked {
            self.notice = Some(Notice::Locked(self.reason.clone()));
        }
        locked
    }

    /// Another text, from the page around: what is shown and locked stays.
    pub(super) fn load_within(&mut self, text: &str, effects: &mut Vec<super::Effect>) {
        let read = link::read(text);
        if !read.found {
            return;
        }
        self.remember();
        let view = ViewState {
            at: read.view.at,
            poster: read.view.poster,
            side_by_side: read.view.side_by_side,
            ..self.view.clone()
        };
        self.load(read.text, view, effects);
    }

    /// Whether only what outsiders saw is shown.
    pub fn hides_inside(&self) -> bool {
        self.guesses() || self.view.hide.iter().any(|hide| hide == "inside")
    }

    /// The page around hides and locks other parts.
    pub(super) fn view_within(&mut self, hide: Vec<String>, lock: Vec<String>, why: &str) {
        (self.view.hide, self.view.lock) = (hide, lock);
        self.reason = why[..why.floor_char_boundary(REASON)].to_string();
        self.notice = None;
    }

    /// Whether the text is the one that was given.
    pub fn is_as_given(&self) -> bool {
        self.text == self.given
    }

    /// The link of the whole page, as it is now: nothing hidden or locked.
    pub fn whole_link(&self) -> String {
        let own = self.view_state();
        let shoppers = own
            .show
            .iter()
            .filter(|show| !LAYOUTS.contains(&show.as_str()));
        let view = ViewState {
            at: own.at,
            side_by_side: own.side_by_side,
            show: shoppers.cloned().collect(),
            ..ViewState::default()
        };
        link::write(&self.text, &view)
    }

    /// The link of a player in a frame.
    pub fn framed_link(&self) -> String {
        let view = ViewState {
            show: vec![LAYOUTS[0].to_string()],
            ..ViewState::default()
        };
        link::write(&self.text, &view)
    }

    /// The mode that the run begins in.
    pub fn mode(&self) -> ReplicationMode {
        self.show.scenario.config.mode
    }
}

fn problems(parsed: &Parsed) -> impl Iterator<Item = &Diagnostic> {
    let problem = |diagnostic: &&Diagnostic| diagnostic.severity == Severity::Problem;
    parsed.diagnostics.iter().filter(problem)
}
