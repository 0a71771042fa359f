//! The page in a browser: one Yew component that draws the page, hears it and performs effects.
//!
//! Yew is used as a differ of elements: [`App`] owns the [`Playground`], `page` draws it as plain
//! elements, and `vdom` hands them to Yew. Invariants: no decision is taken here; only this module
//! names Yew.

pub mod embed;
mod motion;
mod vdom;

use crate::app::embed::Ask;
use crate::app::motion::Motion;
use crate::page::{Memo, Page, Room, header, opened};
use crate::playground::opened::Deed;
use crate::playground::{Breaking, Dialog, Effect, Form, Msg, Playground, Start, Tab, Theme};
use crate::shop::Name;
use crate::time::SimTime;
use crate::view::Shared;
use crate::view::words::narrator;
use crate::web;
use crate::web::frames::Frames;
use crate::web::listen::{self, Key, Listener};
use gloo_timers::callback::Timeout;
use std::cell::Cell;
use yew::prelude::*;

/// The root component.
pub struct App {
    playground: Playground,
    stage: Shared<Vec<Name>>,
    frames: Option<Frames>,
    /// The address is written a moment after the last change, and never during play.
    address: Option<Timeout>,
    /// What a person who does not see the page is told.
    status: String,
    told: SimTime,
    width: u32,
    /// The gallery, read once.
    cards: Vec<header::Card>,
    memo: Memo,
    motion: Motion,
    /// What had happened when the page was drawn last, and when that was, in wall milliseconds.
    drawn: Cell<((usize, usize), f64)>,
    /// Whether a guess was under way when the page was drawn last.
    guessed: bool,
    /// What could be broken when the page was drawn last.
    breaking: Option<Breaking>,
    dispatch: Callback<Msg>,
    /// What the page around this one was told.
    embedder: embed::Told,
    /// Kept, since a listener is removed when it is dropped.
    _listeners: Vec<Option<Listener>>,
}

/// What reaches the root.
pub enum Input {
    Said(Msg),
    /// The page around asks for it.
    Heard(Ask),
    Resized,
}

const ADDRESS_DELAY_MS: u32 = 300;
/// While it plays the page is drawn anew no sooner than this after the last time: what moves
/// moves in every frame, and nobody reads faster.
const DRAWING_MS: f64 = 60.0;
/// Milliseconds of one turn of a judge, after which the browser has its own.
const TURN_MS: f64 = 8.0;
const OPEN: &str = "lagoon.open";
const THEME: &str = "lagoon.theme";

impl Component for App {
    type Message = Input;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> App {
        let theme = web::storage::read(THEME).and_then(|name| match name.as_str() {
            "light" => Some(Theme::Light),
            "dark" => Some(Theme::Dark),
            _ => None,
        });
        let (playground, effects) = Playground::start(Start {
            address: web::address::current(),
            theme,
            open: web::storage::read(OPEN).is_some(),
            reduced_motion: web::page::prefers("(prefers-reduced-motion: reduce)"),
        });
        let dispatch = ctx.link().callback(Input::Said);
        let mut app = App {
            stage: Shared::new(playground.stage()),
            playground,
            frames: None,
            address: None,
            status: String::new(),
            told: SimTime::ZERO,
            width: web::page::width(),
            cards: header::cards(),
            memo: Memo::default(),
            motion: Motion::default(),
            drawn: Cell::default(),
            guessed: false,
            breaking: None,
            _listeners: listeners(ctx, &dispatch),
            dispatch,
            embedder: embed::Told::default(),
        };
        app.perform(effects);
        app
    }

    fn update(&mut self, _: &Context<Self>, input: Input) -> bool {
        match input {
            Input::Resized => {
                self.width = web::page::width();
                true
            }
            Input::Said(msg) => self.take(msg),
            Input::Heard(ask) => self.heard(ask),
        }
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let dark = match self.playground.theme {
            Some(theme) => theme == Theme::Dark,
            None => web::page::prefers("(prefers-color-scheme: dark)"),
        };
        let page = Page {
            playground: &self.playground,
            room: Room::Window {
                width: self.width,
                dark,
            },
            stage: self.stage.clone(),
            cards: &self.cards,
            status: &self.status,
            address: &web::address::page(),
            memo: &self.memo,
        };
        let drawn = vdom::html(page.draw(), &self.dispatch);
        self.drawn.set((self.playground.beat(), web::page::now()));
        self.motion.fly(self.memo.flights.take());
        self.motion.settle(self.playground.now);
        drawn
    }

    fn rendered(&mut self, _: &Context<Self>, first: bool) {
        if first {
            web::page::announce("lagoon-here");
        }
        self.follow_focus();
        if self.memo.events.moved() {
            web::scroll::to_current(crate::page::events::LIST);
        }
        web::field::open_dialog("dialog", self.playground.dialog.is_some());
        self.embedder.tell(&self.playground);
        self.embedder.measure(self.playground.playing);
        if self.playground.dialog == Some(Dialog::History) {
            web::scroll::across_to_mark(opened::PLOT);
        }
    }
}

/// The keys, the address bar, the size of the window, and the page around.
fn listeners(ctx: &Context<App>, dispatch: &Callback<Msg>) -> Vec<Option<Listener>> {
    let (keys, back, hash) = (dispatch.clone(), dispatch.clone(), dispatch.clone());
    let resized = ctx.link().callback(|()| Input::Resized);
    vec![
        listen::on_key(move |key| key_msg(&key).map(|msg| keys.emit(msg)).is_some()),
        Listener::on_window("popstate", move |_| {
            back.emit(Msg::Address(web::address::current()))
        }),
        Listener::on_window("hashchange", move |_| {
            hash.emit(Msg::Address(web::address::current()))
        }),
        Listener::on_window("resize", move |_| resized.emit(())),
        embed::listen(ctx.link().callback(Input::Heard)),
    ]
}

/// What a key does where no control uses it itself.
fn key_msg(key: &Key) -> Option<Msg> {
    match (key.name.as_str(), key.command, key.shift) {
        ("z" | "Z", true, false) => Some(Msg::Undo),
        ("z" | "Z", true, true) | ("y", true, false) => Some(Msg::Redo),
        (_, true, _) => None,
        (" ", ..) => Some(Msg::TogglePlay),
        ("ArrowLeft", ..) => Some(Msg::StepBack),
        ("ArrowRight", ..) => Some(Msg::StepForward),
        ("Home", ..) => Some(Msg::Restart),
        ("End", ..) => Some(Msg::End),
        _ => None,
    }
}

impl App {
    /// Whoever asked by keyboard goes on where what was asked for stands.
    fn follow_focus(&mut self) {
        let guess = self.playground.guess.is_some();
        if guess != self.guessed {
            // What was pressed is gone: the focus goes on where the person does.
            self.guessed = guess;
            if guess {
                web::page::focus("guess-title");
            } else if web::page::has_no_focus() {
                web::page::focus("guess-first");
            }
        }
        let breaking = self.playground.breaking;
        if breaking != self.breaking {
            self.breaking = breaking;
            web::page::focus(if breaking.is_some() {
                "trouble"
            } else {
                "breaker"
            });
        }
    }

    /// The stage's shoppers, the same value while they are the same.
    fn stage(&mut self) {
        let stage = self.playground.stage();
        if stage != *self.stage.0 {
            self.stage = Shared::new(stage);
        }
    }

    /// Does what a person asks for, unless it is locked.
    fn take(&mut self, msg: Msg) -> bool {
        match msg {
            Msg::File(Deed::Go) => self.judge(),
            msg => {
                if matches!(msg, Msg::OpenScenario(_) | Msg::Dialog(_)) {
                    web::page::close("gallery");
                }
                self.playground.refuses(&msg) || self.obey(msg)
            }
        }
    }

    /// Does what the page around asks for.
    fn heard(&mut self, ask: Ask) -> bool {
        match ask {
            Ask::Do(Msg::Seek(at)) => self.obey(Msg::Seek(at.min(self.playground.end()))),
            Ask::Do(msg) => self.obey(msg),
            Ask::Open => {
                // Once it is drawn.
                Timeout::new(0, || web::page::focus("script")).forget();
                self.obey(Msg::Tab(Tab::Script))
            }
            Ask::Set(key, value) => match self.playground.setting(key, value) {
                Ok(msg) => self.obey(msg),
                Err(why) => {
                    web::embedder::tell("error", &[("message", why.into())]);
                    false
                }
            },
            Ask::Judge(asked) => {
                self.embedder.judge(asked);
                self.embedder.tell(&self.playground);
                false
            }
        }
    }

    /// Does what a message asks for; false where nothing is to be drawn.
    fn obey(&mut self, msg: Msg) -> bool {
        let frame = matches!(msg, Msg::Frame(_));
        let was_playing = self.playground.playing;
        let effects = self.playground.update(msg);
        self.perform(effects);
        self.tell();
        self.keep_playing();
        let (beat, at) = self.drawn.get();
        let recent = web::page::now() - at < DRAWING_MS;
        let same = recent || beat == self.playground.beat();
        if frame && same && was_playing == self.playground.playing {
            // As good as nothing but time has passed: what moves is moved, and nothing is drawn.
            self.motion.move_to(self.playground.now);
            self.embedder.pass(&self.playground);
            return false;
        }
        self.stage();
        self.embedder.tell(&self.playground);
        true
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            self.perform_one(effect);
        }
    }

    fn perform_one(&mut self, effect: Effect) {
        match effect {
            Effect::Keep(text) => web::panic::keep(&text),
            Effect::Replace(link) => {
                self.address = Some(Timeout::new(ADDRESS_DELAY_MS, move || {
                    web::address::replace(&link);
                }));
            }
            Effect::Push(link) => {
                self.address = None;
                web::address::push(&link);
            }
            Effect::Copy(form) => self.copy(form),
            Effect::Theme(theme) => {
                let name = if theme == Theme::Dark {
                    "dark"
                } else {
                    "light"
                };
                web::page::mark("data-theme", name);
                web::storage::write(THEME, name);
            }
            Effect::RememberOpen => web::storage::write(OPEN, "1"),
            Effect::Judge => {
                let dispatch = self.dispatch.clone();
                Timeout::new(0, move || dispatch.emit(Msg::File(Deed::Go))).forget();
            }
            Effect::Compute => {
                let dispatch = self.dispatch.clone();
                Timeout::new(0, move || dispatch.emit(Msg::Compute)).forget();
            }
        }
    }

    fn copy(&self, form: Form) {
        let address = web::address::page();
        let text = crate::page::shared(&self.playground, &address, form);
        let dispatch = self.dispatch.clone();
        wasm_bindgen_futures::spawn_local(async move {
            dispatch.emit(Msg::Copied(web::clipboard::copy(&text).await));
        });
    }

    /// Frames are asked for only while something plays.
    fn keep_playing(&mut self) {
        if self.playground.playing == self.frames.is_some() {
            return;
        }
        let dispatch = self.dispatch.clone();
        self.frames = self
            .playground
            .playing
            .then(|| Frames::start(move |millis| dispatch.emit(Msg::Frame(millis))));
    }

    /// Says what happened since it was last said, while playing; only what means something.
    fn tell(&mut self) {
        let now = self.playground.now;
        if self.playground.playing
            && now > self.told
            && let Some(meaning) = narrator::meaning(&self.playground.show, self.told, now)
        {
            self.status = meaning;
        }
        self.told = now;
    }

    /// Reads or judges for some milliseconds; false where nothing new is to be seen.
    fn judge(&mut self) -> bool {
        let start = web::page::now();
        let news = |app: &App| {
            let opened = app.playground.opened.as_ref();
            opened.map(|opened| (opened.news(), opened.is_busy()))
        };
        let before = news(self);
        loop {
            let effects = self.playground.update(Msg::File(Deed::Go));
            if effects.is_empty() || web::page::now() - start > TURN_MS {
                self.perform(effects);
                return news(self) != before;
            }
        }
    }
}
