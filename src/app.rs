//! The page: Yew components that draw view data, send [`Msg`] and perform effects.
//!
//! One struct component at the root owns the [`Playground`]; everything below takes plain data
//! and one `Callback<Msg>`. Invariants: no decision is taken here; only this module names Yew; no
//! component draws nothing (conditionals stand inside a stable element).

pub mod dialogs;
pub mod el;
pub mod events;
pub mod glyphs;
pub mod header;
pub mod icons;
pub mod key;
pub mod script;
pub mod settings;
pub mod stage;
pub mod svg;
pub mod switch;
pub mod timeline;
pub mod transport;
pub mod verdicts;

use crate::playground::{Dialog, Effect, Form, Msg, Playground, RailTab, Start, Tab, Theme};
use crate::scenario::gallery::{self, GALLERY};
use crate::shop::Name;
use crate::sim::ReplicationMode;
use crate::time::SimTime;
use crate::view::scene::Shape;
use crate::view::spacetime;
use crate::view::words::{narrator, page as words};
use crate::view::{Shared, Show};
use crate::web;
use crate::web::frames::Frames;
use crate::web::glide::Glide;
use crate::web::listen::{self, Key, Listener};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// The root component.
pub struct App {
    playground: Playground,
    stage: Shared<Vec<Name>>,
    glide: Glide,
    frames: Option<Frames>,
    /// The address is written a moment after the last change, and never during play.
    address: Option<Timeout>,
    /// What a person who does not see the page is told.
    status: String,
    told: SimTime,
    width: u32,
    /// The gallery, read once.
    cards: Vec<header::Card>,
    dispatch: Callback<Msg>,
    /// Kept, since a listener is removed when it is dropped.
    _listeners: Vec<Option<Listener>>,
}

/// What reaches the root.
pub enum Input {
    Said(Msg),
    Resized,
}

const ADDRESS_DELAY_MS: u32 = 300;
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
            glide: Glide::default(),
            frames: None,
            address: None,
            status: String::new(),
            told: SimTime::ZERO,
            width: web::page::width(),
            cards: GALLERY
                .iter()
                .map(|text| (gallery::title(text), gallery::teaser(text)))
                .collect(),
            _listeners: listeners(ctx, &dispatch),
            dispatch,
        };
        app.perform(effects);
        app
    }

    fn update(&mut self, _: &Context<Self>, input: Input) -> bool {
        let msg = match input {
            Input::Resized => {
                self.width = web::page::width();
                return true;
            }
            Input::Said(msg) => msg,
        };
        let (frame, before) = (matches!(msg, Msg::Frame(_)), self.playground.beat());
        let was_playing = self.playground.playing;
        let effects = self.playground.update(msg);
        self.perform(effects);
        self.tell();
        self.keep_playing();
        if frame && before == self.playground.beat() && was_playing == self.playground.playing {
            // Nothing but time has passed: what moves is moved, and nothing is drawn anew.
            self.glide();
            return false;
        }
        let stage = self.playground.stage();
        if stage != *self.stage.0 {
            self.stage = Shared::new(stage);
        }
        true
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let playground = &self.playground;
        let twin = playground.side_by_side;
        let tab = match playground.tab {
            Tab::Stage => "stage",
            Tab::Timeline => "timeline",
            Tab::Verdicts => "verdicts",
            Tab::Script => "script",
        };
        html! {
            <div class="page" data-tab={tab} data-playing={playground.playing.to_string()}
                data-trace-hash={playground.show.run.hash.to_string()}
                data-ready={playground.computing().is_none().to_string()}>
                { self.header() }
                <div class="band">
                    <p class="ask">{ words::QUESTION }</p>
                    { switch::switch(playground.show.scenario.config.mode, twin, &self.dispatch) }
                </div>
                { self.notices() }
                { self.story() }
                { self.tabs() }
                <main class="body" data-view={if twin { "twin" } else { "single" }} key="body">
                    { self.rail() }
                    <div class="two" hidden={!twin}>{ if twin { self.both_stages() } else { html! { <i></i> } } }</div>
                    <div class="centre">
                        <div class="stage-card" hidden={twin}>
                            { if twin { html! { <i></i> } } else { self.stage_card(&playground.show, "main", true) } }
                        </div>
                        { self.timeline_card() }
                    </div>
                    { self.side() }
                </main>
                <p class="sr" role="status" aria-live="polite" id="status">{ &self.status }</p>
                { self.dialogs() }
            </div>
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if let Some(root) = web::page::element("app") {
            self.glide.collect(&root);
            self.glide();
        }
        web::field::open_dialog("dialog", self.playground.dialog.is_some());
    }
}

/// The keys, the address bar and the size of the window.
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
    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Compute => {
                    let dispatch = self.dispatch.clone();
                    Timeout::new(0, move || dispatch.emit(Msg::Compute)).forget();
                }
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
                Effect::Keep(text) => web::panic::keep(&text),
            }
        }
    }

    /// Links are handed on as whole addresses.
    fn shared(&self, form: Form) -> String {
        let text = self.playground.handed_on(form);
        let whole = |link: &str| format!("{}{link}", web::address::page());
        match form {
            Form::Text => text,
            Form::Markdown => format!("[{}]({})", self.title(), whole(&text)),
            Form::Link | Form::Mail => whole(&text),
        }
    }

    fn copy(&self, form: Form) {
        let (text, dispatch) = (self.shared(form), self.dispatch.clone());
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

    fn glide(&self) {
        let now = self.playground.now;
        self.glide.move_to(now, &crate::view::words::time(now));
    }

    fn title(&self) -> String {
        self.playground
            .parsed
            .title
            .clone()
            .unwrap_or_else(|| words::UNTITLED.to_string())
    }

    fn header(&self) -> Html {
        let dark = match self.playground.theme {
            Some(theme) => theme == Theme::Dark,
            None => web::page::prefers("(prefers-color-scheme: dark)"),
        };
        header::header(
            &self.cards,
            self.title(),
            &self.playground,
            dark,
            &self.dispatch,
        )
    }

    fn notices(&self) -> Html {
        let playground = &self.playground;
        let send = |msg: Msg| self.dispatch.reform(move |_: MouseEvent| msg.clone());
        // Beside the script its problems stand in their places already.
        let beside = playground.open
            && playground.rail == RailTab::Script
            && (self.width >= 640 || playground.tab == Tab::Script);
        let problems = words::problems(&playground.parsed).filter(|_| !beside);
        html! {
            <div class="notices">
                if let Some(notice) = &playground.notice {
                    <div class="notice" role="status" data-kind={words::notice_kind(notice)}>
                        <span>{ words::notice(notice) }</span>
                        if words::can_undo(notice) {
                            <button class="link" onclick={send(Msg::Undo)}>{ "Undo" }</button>
                        }
                        <button class="link" onclick={send(Msg::Dismiss)}>{ "Close" }</button>
                    </div>
                }
                if let Some(limit) = words::limit(&playground.parsed, &playground.show.run) {
                    <div class="notice" data-kind="problem"><span>{ limit }</span></div>
                }
                if let Some(problems) = problems {
                    <div class="notice" data-kind="problem">
                        <span>{ problems }</span>
                        <button class="link" onclick={send(Msg::Tab(Tab::Script))}>{ words::SHOW_PROBLEMS }</button>
                    </div>
                }
                if let Some(events) = playground.computing() {
                    <div class="notice" role="status"><span>{ words::computing(events) }</span></div>
                }
            </div>
        }
    }

    /// What this scenario is about: the first comment of its text.
    fn story(&self) -> Html {
        let story = gallery::teaser(&self.playground.text).to_string();
        html! { <p class="story" hidden={story.is_empty()}>{ story }</p> }
    }

    fn tabs(&self) -> Html {
        let tabs = [
            (Tab::Stage, "Stage"),
            (Tab::Timeline, "Timeline"),
            (Tab::Verdicts, "Verdicts"),
            (Tab::Script, "Script"),
        ];
        html! {
            <div class="tabs" role="tablist" aria-label="Parts of the page">
                { for tabs.map(|(tab, name)| {
                    let onclick = self.dispatch.reform(move |_: MouseEvent| Msg::Tab(tab));
                    let selected = self.playground.tab == tab;
                    html! { <button role="tab" aria-selected={selected.to_string()} {onclick}>{ name }</button> }
                }) }
            </div>
        }
    }

    fn rail(&self) -> Html {
        let playground = &self.playground;
        let rail = |rail: RailTab| self.dispatch.reform(move |_: MouseEvent| Msg::Rail(rail));
        if !playground.open {
            return html! {
                <aside class="rail" aria-label="Introduction" key="rail">
                    <section class="intro">
                        { self.story() }
                        { for words::INTRO.iter().map(|line| html! { <p>{ *line }</p> }) }
                        <button class="solid" onclick={rail(RailTab::Script)}>{ words::OPEN_RAIL }</button>
                    </section>
                </aside>
            };
        }
        let tab = |which: RailTab, name: &'static str| {
            let selected = (playground.rail == which).to_string();
            html! { <button role="tab" aria-selected={selected} onclick={rail(which)}>{ name }</button> }
        };
        html! {
            <aside class="rail" aria-label="Script and settings" key="rail">
                <section>
                    { self.story() }
                    <div class="rail-tabs" role="tablist" aria-label="Script or events">
                        { tab(RailTab::Script, "Script") }
                        { tab(RailTab::Events, "Events") }
                    </div>
                    <div key="panel">
                        { match playground.rail {
                            RailTab::Script => script::script(playground, &self.dispatch),
                            RailTab::Events => html! {
                                <events::Events show={playground.show.clone()} now={playground.now}
                                    dispatch={self.dispatch.clone()} />
                            },
                        } }
                    </div>
                </section>
                { settings::settings(&playground.show.scenario, &self.dispatch) }
            </aside>
        }
    }

    /// One stage with its narrator.
    fn stage_card(&self, show: &Shared<Show>, id: &'static str, live: bool) -> Html {
        let now = self.playground.now;
        let shape = match (self.width, id) {
            (..640, _) => Shape::Phone,
            (_, "main") => Shape::Wide,
            _ => Shape::Half,
        };
        let said = narrator::say(show, now);
        html! {
            <section class="card" aria-label="The stage: one moment">
                <p class="narrator">
                    { self.heading(show, id) }
                    <span>
                        <b>{ said.headline }</b>{ " " }<span class="rest">{ said.rest }</span>
                    </span>
                </p>
                <stage::Stage show={show.clone()} stage={self.stage.clone()} {now} {shape} {id}
                    {live} hint={self.playground.fresh_visit} dispatch={self.dispatch.clone()} />
            </section>
        }
    }

    /// The clock; side by side the mode's name.
    fn heading(&self, show: &Show, id: &str) -> Html {
        match (id, show.scenario.config.mode) {
            ("main", _) => html! {
                <time data-glide="clock">{ crate::view::words::time(self.playground.now) }</time>
            },
            (_, ReplicationMode::Synchronous) => html! { <time>{ words::SWITCH[0].0 }</time> },
            (_, ReplicationMode::Background) => html! { <time>{ words::SWITCH[1].0 }</time> },
        }
    }

    fn both_stages(&self) -> Html {
        let (show, twin) = (&self.playground.show, &self.playground.twin);
        let own = self.stage_card(show, "own", true);
        let other = self.stage_card(twin, "twin", false);
        match show.scenario.config.mode {
            ReplicationMode::Synchronous => html! { <>{ own }{ other }</> },
            ReplicationMode::Background => html! { <>{ other }{ own }</> },
        }
    }

    fn timeline_card(&self) -> Html {
        let playground = &self.playground;
        let (show, twin) = (&playground.show, &playground.twin);
        let horizon = spacetime::horizon(&[&**show, &**twin]);
        let named = |show: &Shared<Show>| timeline::Group {
            title: Some(words::mode(show.scenario.config.mode).into()),
            show: show.clone(),
        };
        let mut groups = if playground.side_by_side {
            vec![named(show), named(twin)]
        } else {
            vec![timeline::Group {
                title: None,
                show: show.clone(),
            }]
        };
        if playground.side_by_side && show.scenario.config.mode == ReplicationMode::Background {
            groups.reverse();
        }
        html! {
            <section class="card timeline-card" aria-label="The timeline: the whole run">
                { transport::transport(&transport::Transport {
                    now: playground.now,
                    end: horizon,
                    playing: playground.playing,
                    speed: playground.speed,
                    hint: playground.fresh_visit,
                    dispatch: &self.dispatch,
                }) }
                <timeline::Timeline {groups} stage={self.stage.clone()} now={playground.now}
                    {horizon} width={self.timeline_width()} id="timeline" dispatch={self.dispatch.clone()} />
            </section>
        }
    }

    /// The room for the diagram in CSS pixels: what static/styles/layout.css leaves.
    fn timeline_width(&self) -> u32 {
        const CARD: u32 = 34;
        let page = self.width.min(1760);
        let taken = match (page, self.playground.side_by_side) {
            (1280.., false) => 48 + 244 + 316 + 40,
            (960.., _) => 48 + 316 + 20,
            (640.., _) => 48,
            _ => 16,
        };
        page.saturating_sub(taken + CARD).max(260)
    }

    fn side(&self) -> Html {
        let playground = &self.playground;
        let (show, twin) = (&playground.show, &playground.twin);
        html! {
            <div class="side">
                { if playground.side_by_side {
                    verdicts::changed(show, twin)
                } else {
                    verdicts::verdicts(show, playground.now, &self.dispatch)
                } }
                { verdicts::price(show, twin, playground.now) }
            </div>
        }
    }

    fn dialogs(&self) -> Html {
        let playground = &self.playground;
        let open = playground.dialog == Some(Dialog::Share);
        let form = playground.copied.map_or(Form::Link, |(form, _)| form);
        // A closed dialog asks for no link: writing one costs a walk over the text.
        let made = |form| {
            if open {
                self.shared(form)
            } else {
                String::new()
            }
        };
        let shown = dialogs::Dialogs {
            dialog: playground.dialog,
            link: made(Form::Link),
            shared: made(form),
            text: if open {
                playground.text.clone()
            } else {
                String::new()
            },
            copied: playground.copied,
        };
        dialogs::dialogs(&shown, &self.dispatch)
    }
}
