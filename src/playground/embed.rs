//! How the page is shown inside of another one: which parts, and what cannot be changed there.
//!
//! A link says so with view statements: `show player`, `hide verdicts`, `lock switch`. Invariant:
//! what is locked stops the person, never the page around, which may still send a text.

use super::{Msg, Notice, Playground};
use crate::chance::Seed;
use crate::check::Claim;
use crate::run::Show;
use crate::scenario::Scenario;
use crate::scenario::link::{self, ViewState};
use crate::sim::ReplicationMode;

/// With how many seeds claims are judged at most.
const SEEDS: u64 = 50;

/// What `show` says besides the names of shoppers: how much of the page there is.
pub const LAYOUTS: [&str; 3] = ["player", "diagram", "all"];

/// What `hide` takes away.
pub const PARTS: [&str; 7] = [
    "switch", "stage", "timeline", "verdicts", "price", "script", "inside",
];

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

    /// The theme that the link asks for.
    pub fn linked_theme(&self) -> Option<&'static str> {
        let theme = self.view.theme.as_deref();
        ["light", "dark"]
            .into_iter()
            .find(|known| theme == Some(*known))
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
            self.notice = Some(Notice::Locked);
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
    pub(super) fn view_within(&mut self, hide: Vec<String>, lock: Vec<String>) {
        (self.view.hide, self.view.lock) = (hide, lock);
        self.notice = None;
    }

    /// Whether all of these claims are met: under the text's own seed, or under the seeds from 1
    /// on, so many.
    pub fn meets(&self, claims: &[Claim], seeds: u64) -> bool {
        let met = |show: &Show| {
            let all = claims.iter();
            let end = show.run.end();
            all.map(|claim| show.run.judge(claim, end).1)
                .all(|met| met == Some(true))
        };
        if seeds <= 1 {
            return met(&self.show);
        }
        (1..=seeds.min(SEEDS)).all(|seed| {
            met(&Show::of(Scenario {
                seed: Seed(seed),
                ..self.show.scenario.clone()
            }))
        })
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
