//! The page: Yew components that draw view data, send [`Msg`] and perform effects.
//!
//! One struct component at the root owns the [`Playground`]; everything below takes plain data
//! and one `Callback<Msg>`. Invariants: no decision is taken here; only this module names Yew; no
//! component draws nothing (conditionals stand inside a stable element).

pub mod dialogs;
pub mod el;
pub mod embed;
pub mod events;
pub mod guess;
pub mod header;
pub mod icons;
pub mod key;
pub mod later;
pub mod motion;
mod opened;
pub mod script;
pub mod settings;
pub mod stage;
pub mod svg;
pub mod switch;
pub mod timeline;
mod traffic;
pub mod transport;
mod trouble;
pub mod verdicts;

use crate::app::el::{El, el};
use crate::app::embed::Ask;
use crate::app::motion::Motion;
use crate::check::Verdict;
use crate::playground::opened::Deed;
use crate::playground::{
    Breaking, Dialog, Effect, Form, Msg, Notice, Playground, RailTab, Start, Tab, Theme,
};
use crate::scenario::gallery::{self, GALLERY};
use crate::shop::Name;
use crate::sim::ReplicationMode;
use crate::time::SimTime;
use crate::view::guess::Slider;
use crate::view::scene::moment::Reel;
use crate::view::scene::{Scene, Shape};
use crate::view::why::Proof;
use crate::view::words::{narrator, opened as file_words, page as words};
use crate::view::{self, Shared, Show, first};
use crate::web;
use crate::web::frames::Frames;
use crate::web::listen::{self, Key, Listener};
use gloo_timers::callback::Timeout;
use std::cell::{Cell, RefCell};
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
    /// The menu that is open on the stage.
    menu: stage::Open,
    on_menu: Callback<stage::Open>,
    /// The moments that the run and its twin were drawn at.
    reels: [RefCell<Reel>; 2],
    motion: Motion,
    /// What had happened when the page was drawn last, and when that was, in wall milliseconds.
    drawn: Cell<((usize, usize), f64)>,
    timeline: timeline::Memo,
    /// Whether a guess was under way when the page was drawn last.
    guessed: bool,
    /// What could be broken when the page was drawn last.
    breaking: Option<Breaking>,
    events: events::Memo,
    dispatch: Callback<Msg>,
    /// What the page around this one was told.
    embedder: embed::Told,
    /// What was asked before the later module was here, in order.
    waiting: Vec<Input>,
    fetching: Fetching,
    /// Says how the fetching goes.
    later: Callback<Input>,
    /// Kept, since a listener is removed when it is dropped.
    _listeners: Vec<Option<Listener>>,
}

/// What reaches the root.
pub enum Input {
    Said(Msg),
    /// The page around asks for it.
    Heard(Ask),
    Menu(stage::Open),
    Resized,
    /// A person is here: what comes later may be fetched.
    Awake,
    /// Fetch it again.
    Retry,
    /// Whether the later module has come.
    Fetched(bool),
}

/// Whether the later module is on its way.
#[derive(Clone, Copy, PartialEq)]
enum Fetching {
    No,
    UnderWay,
    Failed,
}

const ADDRESS_DELAY_MS: u32 = 300;
/// While it plays the page is drawn anew no sooner than this after the last time: what moves
/// moves in every frame, and nobody reads faster.
const DRAWING_MS: f64 = 60.0;
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
        let start = Start {
            address: web::address::current(),
            theme,
            open: web::storage::read(OPEN).is_some(),
            reduced_motion: web::page::prefers("(prefers-reduced-motion: reduce)"),
        };
        let later = later::here();
        let (playground, effects) = match later {
            Some(later) => (later.start)(start),
            None => Playground::first(start),
        };
        let dispatch = ctx.link().callback(Input::Said);
        let mut app = App {
            stage: Shared::new(playground.stage()),
            playground,
            frames: None,
            address: None,
            status: String::new(),
            told: SimTime::ZERO,
            width: web::page::width(),
            cards: later.map_or(Vec::new(), |later| (later.cards)()),
            menu: None,
            on_menu: ctx.link().callback(Input::Menu),
            reels: Default::default(),
            motion: Motion::default(),
            drawn: Cell::default(),
            timeline: timeline::Memo::default(),
            guessed: false,
            breaking: None,
            events: events::Memo::default(),
            _listeners: listeners(ctx, &dispatch),
            dispatch,
            embedder: embed::Told::default(),
            waiting: Vec::new(),
            fetching: Fetching::No,
            later: ctx.link().callback(|input| input),
        };
        app.perform(effects);
        if let Some(later) = later {
            let heard = (later.listen)(ctx.link().callback(Input::Heard));
            app._listeners.push(heard);
        }
        if later.is_none() && later_is_wanted() {
            let address = Msg::Address(web::address::current());
            app.waiting.push(Input::Said(address));
            app.fetching = Fetching::Failed;
        }
        app
    }

    fn update(&mut self, _: &Context<Self>, input: Input) -> bool {
        self.receive(input)
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let (playground, later) = (&self.playground, later::here());
        later.iter().for_each(|later| (later.settle)(self));
        let twin = playground.side_by_side;
        let guess = playground.guess.is_some();
        let layout = playground.layout();
        let tab = match playground.tab {
            Tab::Stage => "stage",
            Tab::Timeline => "timeline",
            Tab::Verdicts => "verdicts",
            Tab::Script => "script",
        };
        let mode = playground.show.scenario.config.mode;
        let alone = playground.show.scenario.config.replicas == 0;
        let question = match alone {
            true => words::NO_QUESTION,
            false => words::QUESTION,
        };
        let band = el("div.band")
            .add(el("p.ask").text(question))
            .add(switch::switch(mode, twin, &self.dispatch).is("hidden", alone && !twin));
        let proof = later.and_then(|later| (later.proof)(self));
        let (mut two, mut one) = (el("div.two"), el("div.stage-card"));
        if let (true, Some(later)) = (twin, later) {
            two = (later.two)(self);
        } else {
            one = one.add(self.stage_card(&playground.show, "main", true));
        }
        let mut centre = el("div.centre")
            .add(one.is("hidden", twin))
            .add(self.timeline_card(proof.as_ref()));
        if let (true, Some(later)) = (twin || playground.open, later) {
            centre = centre.add((later.promises)(self, proof.as_ref()));
        }
        let view = match (twin, guess) {
            (true, _) => "twin",
            (_, true) => "guess",
            _ => "single",
        };
        let body = el("main.body")
            .attr("data-view", view)
            .add(self.rail())
            .add(two.is("hidden", !twin))
            .add(centre)
            .add(self.side(proof.as_ref()));
        let status = el("p.sr#status[role=status][aria-live=polite]").text(&self.status);
        let root = el("div.page");
        let root = match later {
            Some(later) => (later.marked)(root, playground),
            None => root,
        };
        root.attr(
            "data-show",
            Some(layout).filter(|layout| !layout.is_empty()),
        )
        .attr("data-tab", tab)
        .attr("data-playing", playground.playing)
        .attr("data-trace-hash", playground.show.run.hash.to_string())
        .attr("data-ready", playground.computing().is_none())
        .add(self.header())
        .add(band)
        .add(match (later, self.fetching) {
            (_, Fetching::Failed) => self.cut_off(),
            (None, _) if !self.waiting.is_empty() => on_its_way(),
            (Some(later), _) => (later.notices)(self),
            _ => el("div.notices"),
        })
        .add(self.story())
        .add(self.tabs().is("hidden", guess))
        .add(body)
        .add(status)
        .add(match later.filter(|_| !layout.is_empty()) {
            Some(later) => (later.way_out)(playground, &self.dispatch),
            None => el("p"),
        })
        .add(later.map_or(el("div"), |later| (later.dialogs)(self)))
        .html()
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        if let Some(later) = later::here() {
            (later.rendered)(self);
        }
    }
}

/// Whether the address or an earlier visit asks for more than the first view.
pub fn later_is_wanted() -> bool {
    let address = web::address::current();
    address.contains(['#', '?']) || web::storage::read(OPEN).is_some()
}

/// What a person reads who asked for more than is here; a style sheet gives it a moment first.
fn on_its_way() -> El {
    let told = el("div.notice[data-kind=wait][role=status]").text(words::ON_ITS_WAY);
    el("div.notices").add(told)
}

/// The keys, the address bar and the size of the window.
fn listeners(ctx: &Context<App>, dispatch: &Callback<Msg>) -> Vec<Option<Listener>> {
    let (keys, back, hash) = (dispatch.clone(), dispatch.clone(), dispatch.clone());
    let resized = ctx.link().callback(|()| Input::Resized);
    let awake = ctx.link().callback(|()| Input::Awake);
    let wakes = [
        "pointermove",
        "pointerdown",
        "keydown",
        "focusin",
        "touchstart",
    ];
    let wake = |kind| {
        let awake = awake.clone();
        Listener::on_window(kind, move |_| awake.emit(()))
    };
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
    .into_iter()
    .chain(wakes.map(wake))
    .collect()
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
    /// Takes what reaches the root; what the later module does waits for it.
    fn receive(&mut self, input: Input) -> bool {
        match input {
            Input::Resized => {
                self.width = web::page::width();
                true
            }
            Input::Awake => {
                if self.fetching == Fetching::No {
                    self.fetch();
                }
                false
            }
            Input::Retry => {
                self.fetch();
                true
            }
            Input::Fetched(true) => {
                self.fetching = Fetching::No;
                if let Some(later) = later::here() {
                    (later.read)(&mut self.playground);
                    self.cards = (later.cards)();
                }
                for input in std::mem::take(&mut self.waiting) {
                    self.receive(input);
                }
                true
            }
            Input::Fetched(false) => {
                self.fetching = Fetching::Failed;
                true
            }
            input => match (input, later::here()) {
                (Input::Said(msg), Some(later)) => (later.take)(self, msg),
                (Input::Heard(ask), Some(later)) => (later.obey)(self, ask),
                (Input::Menu(menu), Some(_)) => {
                    self.menu = menu;
                    true
                }
                (input, _) => {
                    self.waiting.push(input);
                    self.fetch();
                    true
                }
            },
        }
    }

    /// Fetches the later module, unless it is here or under way.
    fn fetch(&mut self) {
        if later::here().is_some() || self.fetching == Fetching::UnderWay {
            return;
        }
        self.fetching = Fetching::UnderWay;
        let later = self.later.clone();
        wasm_bindgen_futures::spawn_local(async move {
            later.emit(Input::Fetched(later::fetch().await));
        });
    }

    /// After a drawing: the page around is told what is new.
    fn rendered_later(&mut self) {
        self.events.drawn();
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
            // Whoever asked by keyboard goes on there.
            self.breaking = breaking;
            web::page::focus(if breaking.is_some() {
                "trouble"
            } else {
                "breaker"
            });
        }
        web::field::open_dialog("dialog", self.playground.dialog.is_some());
        self.embedder.tell(&self.playground);
        self.embedder.measure(self.playground.playing);
        self.opened_drawn();
    }

    /// The stage's shoppers, the same value while they are the same.
    fn stage(&mut self) {
        let stage = self.playground.stage();
        if stage != *self.stage.0 {
            self.stage = Shared::new(stage);
        }
    }

    fn cards() -> Vec<header::Card> {
        let scenario = |(nth, text): (usize, &&'static str)| {
            let open = Msg::OpenScenario(nth);
            (gallery::title(text), gallery::teaser(text), open)
        };
        let file = Msg::Dialog(Some(Dialog::History));
        let file = (file_words::OPEN.to_string(), file_words::TEASER, file);
        let all = GALLERY.iter().enumerate().map(scenario);
        all.chain([file]).collect()
    }

    /// Does what a person asks for, unless it is locked.
    fn take(&mut self, msg: Msg) -> bool {
        match msg {
            Msg::File(Deed::Go) => self.judge(),
            msg => self.playground.refuses(&msg) || self.obey(msg),
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
            match (effect, later::here()) {
                (Effect::Keep(text), _) => web::panic::keep(&text),
                (effect, Some(later)) => (later.perform)(self, effect),
                _ => {}
            }
        }
    }

    /// The effects of what a person does.
    fn perform_later(&mut self, effect: Effect) {
        match effect {
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
            Effect::Keep(_) => {}
        }
    }

    /// Links are handed on as whole addresses.
    fn shared(&self, form: Form) -> String {
        let text = self.playground.handed_on(form);
        let whole = |link: &str| format!("{}{link}", web::address::page());
        match form {
            Form::Text | Form::Fence | Form::Mermaid => text,
            Form::Frame => format!(
                "<iframe src=\"{}\" title=\"{}\" width=\"100%\" height=\"640\"></iframe>",
                whole(&text),
                self.title().replace(['"', '<', '&'], " ")
            ),
            Form::Element => format!(
                "{text}\n<script src=\"{}embed.js\"></script>",
                web::address::page().trim_end_matches("index.html")
            ),
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

    fn title(&self) -> String {
        self.playground
            .parsed
            .title
            .clone()
            .unwrap_or_else(|| words::UNTITLED.to_string())
    }

    fn header(&self) -> El {
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

    /// What a person reads where the later module cannot be fetched.
    fn cut_off(&self) -> El {
        let retry = self.later.reform(|_: MouseEvent| Input::Retry);
        let again = el("button.link").on_click(retry).text(words::AGAIN);
        let told = el("div.notice[data-kind=problem][role=status]");
        el("div.notices").add(told.add(el("span").text(words::CUT_OFF)).add(again))
    }

    fn notices(&self) -> El {
        let playground = &self.playground;
        let link = |words, msg| el("button.link").send(&self.dispatch, msg).text(words);
        let said = |words: String, kind: Option<&'static str>| {
            el("div.notice")
                .attr("data-kind", kind)
                .add(el("span").text(words))
        };
        // Beside the script its problems stand in their places already; a small player has none.
        let small = ["player", "diagram"].contains(&playground.layout());
        let beside = playground.open
            && !small
            && playground.rail == RailTab::Script
            && (self.width >= 640 || playground.tab == Tab::Script);
        let mut all = el("div.notices");
        if let Some(notice) = &playground.notice {
            let kind = words::notice_kind(notice);
            let mut told = said(words::notice(notice), Some(kind)).attr("role", "status");
            if words::can_undo(notice) {
                told = told.add(link("Undo", Msg::Undo));
            }
            all = all.add(told.add(link("Close", Msg::Dismiss)));
        }
        if let Some(limit) = words::limit(&playground.parsed, &playground.show.run) {
            all = all.add(said(limit, Some("problem")));
        }
        let problems = words::problems(&playground.parsed).filter(|_| !beside);
        match (problems, playground.slips().next()) {
            (Some(_), Some(slip)) if small => {
                all = all.add(said(words::problem(slip), Some("problem")));
            }
            (Some(problems), _) => {
                let show = link(words::SHOW_PROBLEMS, Msg::Tab(Tab::Script));
                all = all.add(said(problems, Some("problem")).add(show));
            }
            _ => {}
        }
        if let Some(events) = playground.computing() {
            all = all.add(said(words::computing(events), None).attr("role", "status"));
        }
        all
    }

    /// What this scenario is about: the first comment of its text.
    fn story(&self) -> El {
        let story = gallery::teaser(&self.playground.text).to_string();
        el("p.story").is("hidden", story.is_empty()).text(story)
    }

    fn tabs(&self) -> El {
        let tabs = [
            (Tab::Stage, "Stage"),
            (Tab::Timeline, "Timeline"),
            (Tab::Verdicts, "Verdicts"),
            (Tab::Script, "Script"),
        ];
        el("div.tabs[role=tablist][aria-label=Parts of the page]").each(tabs, |(tab, name)| {
            self.tab(name, self.playground.tab == tab, Msg::Tab(tab))
        })
    }

    fn tab(&self, name: &'static str, selected: bool, msg: Msg) -> El {
        el("button[role=tab]")
            .attr("aria-selected", selected)
            .send(&self.dispatch, msg)
            .text(name)
    }

    fn rail(&self) -> El {
        let playground = &self.playground;
        if let (true, Some(later)) = (playground.open, later::here()) {
            return (later.rail)(self);
        }
        let open = el("button.solid")
            .send(&self.dispatch, Msg::Rail(RailTab::Script))
            .text(words::OPEN_RAIL);
        let intro = el("section.intro")
            .add(self.story())
            .each(words::INTRO, |line| el("p").text(line))
            .add(open);
        el("aside.rail")
            .attr("aria-label", "Introduction")
            .add(intro)
    }

    /// The script or the events, and the settings.
    fn rail_open(&self) -> El {
        let playground = &self.playground;
        let rail = el("aside.rail");
        let tab = |which: RailTab, name: &'static str| {
            self.tab(name, playground.rail == which, Msg::Rail(which))
        };
        let tabs = el("div.rail-tabs[role=tablist][aria-label=Script or events]")
            .add(tab(RailTab::Script, "Script"))
            .add(tab(RailTab::Events, "Events"));
        let panel = match playground.rail {
            RailTab::Script => script::script(playground, &self.dispatch).html(),
            RailTab::Events => events::events(
                &self.events,
                &playground.show,
                playground.now,
                &self.dispatch,
            )
            .html(),
        };
        rail.attr("aria-label", "Script and settings")
            .add(
                el("section")
                    .add(self.story())
                    .add(tabs)
                    .add(el("div").add(panel)),
            )
            .add(settings::settings(
                &playground.show.scenario,
                &self.dispatch,
            ))
    }

    /// One stage with its narrator; its run at its start, until what computes it is here.
    fn stage_card(&self, show: &Shared<Show>, id: &'static str, live: bool) -> El {
        match later::here() {
            Some(later) => (later.stage)(self, show, id, live),
            None => self.draw(first::scene(self.shape(id)), show, id, live),
        }
    }

    fn shape(&self, id: &str) -> Shape {
        match (self.width, id) {
            (..640, _) => Shape::Phone,
            (_, "main") => Shape::Wide,
            _ => Shape::Half,
        }
    }

    /// The stage at the playhead, and the panel of what can be broken.
    fn staged(&self, show: &Shared<Show>, id: &'static str, live: bool) -> El {
        let nth = usize::from(id == "twin");
        let mut reel = self.reels[nth].borrow_mut();
        let moment = reel.at(show, self.playground.now);
        let scene = Scene::of(&moment, &self.stage, self.shape(id));
        let breaking = self.playground.breaking.filter(|_| live);
        let card = self.draw(&scene, show, id, live);
        self.motion.fly(nth, id, scene.flights.into_owned());
        card.each(breaking, |what| {
            trouble::panel(&moment, what, &self.dispatch)
        })
    }

    /// Moves what moves to the playhead, once the page is drawn.
    fn settle(&self) {
        self.drawn.set((self.playground.beat(), web::page::now()));
        self.motion.settle(self.playground.now);
    }

    fn draw(&self, scene: &Scene, show: &Show, id: &'static str, live: bool) -> El {
        let said = &scene.said;
        let sentence = el("span")
            .add(el("b").text(&said.headline))
            .text(" ")
            .add(el("span.rest").text(&said.rest));
        let breaking = self.playground.breaking;
        let mut narrator = el("p.narrator").add(self.heading(show, id)).add(sentence);
        if live {
            narrator = narrator.add(trouble::opener(breaking, &self.dispatch));
        }
        let stage = stage::Stage {
            id,
            below: self.shape(id) == Shape::Phone,
            live,
            hint: self.playground.fresh_visit,
            open: self.menu,
            on_open: &self.on_menu,
            dispatch: &self.dispatch,
        };
        el("section.card")
            .key(id)
            .attr("aria-label", "The stage: one moment")
            .add(narrator)
            .add(stage.draw(scene))
    }

    /// The clock; side by side the mode's name.
    fn heading(&self, show: &Show, id: &str) -> El {
        if id == "main" {
            let now = crate::view::words::time(self.playground.now);
            return el("time[data-glide=clock]").text(now);
        }
        el("time").text(words::mode(show.scenario.config.mode))
    }

    /// All promises, or those of both sides.
    fn promises(&self, proof: Option<&Proof>) -> El {
        let playground = &self.playground;
        match playground.side_by_side {
            true => verdicts::promises(&playground.show, &playground.twin),
            false => self.verdicts(proof).more(),
        }
    }

    /// Both runs, the synchronous one first.
    fn both_stages(&self) -> El {
        let (show, twin) = (&self.playground.show, &self.playground.twin);
        let own = self.stage_card(show, "own", true);
        let other = self.stage_card(twin, "twin", false);
        let two = el("div.two");
        match show.scenario.config.mode {
            ReplicationMode::Synchronous => two.add(own).add(other),
            ReplicationMode::Background => two.add(other).add(own),
        }
    }

    fn timeline_card(&self, proof: Option<&Proof>) -> El {
        let playground = &self.playground;
        let (show, twin) = (&playground.show, &playground.twin);
        let later = later::here();
        let horizon = later.map_or(first::HORIZON, |later| (later.horizon)(&[show, twin]));
        let group = |show: &Shared<Show>| timeline::Group {
            title: playground
                .side_by_side
                .then(|| words::mode(show.scenario.config.mode)),
            show: show.clone(),
        };
        let (hides, guesses) = (playground.hides_inside(), playground.guesses());
        let mut groups = vec![match &playground.guess {
            Some(guess) if guesses => group(&guess.outside),
            _ => group(show),
        }];
        if playground.side_by_side {
            groups.push(group(twin));
            if show.scenario.config.mode == ReplicationMode::Background {
                groups.reverse();
            }
        }
        let transport = transport::transport(&transport::Transport {
            now: playground.now,
            end: horizon,
            playing: playground.playing,
            speed: playground.speed,
            hint: playground.fresh_visit,
            dispatch: &self.dispatch,
        });
        let runs = timeline::Runs {
            groups,
            stage: self.stage.clone(),
            horizon,
            hides,
            width: self.timeline_width(),
        };
        let now = playground.now;
        let guess = later.and_then(|later| (later.guess)(self, horizon, proof));
        let (panel, sliders) = match guess {
            Some((panel, sliders)) => (panel, Some(sliders)),
            None => (el("div.panel"), None),
        };
        let mut reel = self.reels[0].borrow_mut();
        let breaking = playground.breaking.filter(|_| sliders.is_none());
        let moment = later
            .zip(breaking)
            .map(|(later, _)| (later.moment)(&mut reel, show, now));
        let marks = timeline::Marks {
            now,
            proof,
            breaking: breaking.zip(moment.as_ref()),
            sliders,
        };
        let timeline = timeline::timeline(&self.timeline, runs, &marks, &self.dispatch);
        el("section.card timeline-card[aria-label=The timeline: the whole run]")
            .add(panel)
            .add(transport.is("hidden", guesses))
            .add(timeline)
            .add(match later {
                Some(later) if !hides => (later.traffic)(show, now),
                _ => el("div"),
            })
    }

    /// The panel of a guess that is under way, and its points.
    fn guess(&self, horizon: SimTime, proof: Option<&Proof>) -> Option<(El, Vec<Slider>)> {
        let playground = &self.playground;
        let guess = playground.guess.as_ref()?;
        let points = view::guess::sliders(&playground.show, guess, horizon);
        let asked = guess::panel(&playground.show, guess, &points, &self.dispatch);
        let mut panel = el("div.panel").add(asked);
        if let Some(proof) = proof {
            panel = panel.add(self.verdicts(Some(proof)).proof(proof));
        }
        Some((panel, points))
    }

    /// The room for the diagram in CSS pixels: what static/styles/layout.css leaves.
    fn timeline_width(&self) -> u32 {
        const CARD: u32 = 34;
        let page = self.width.min(1760);
        let guess = self.playground.guess.is_some();
        let taken = match (page, self.playground.side_by_side) {
            (640.., _) if guess => 48,
            (1280.., false) => 48 + 244 + 316 + 40,
            (960.., _) => 48 + 316 + 20,
            (640.., _) => 48,
            _ => 16,
        };
        page.saturating_sub(taken + CARD).max(260)
    }

    /// Why a promise is broken, where that is asked; also at its moments before the breach.
    fn proof(&self) -> Option<Proof> {
        let playground = &self.playground;
        let property = playground.why.filter(|_| !playground.side_by_side)?;
        let run = &playground.show.run;
        match run.verdict(property, run.end()) {
            Verdict::Violated(witness) => Some(Proof::of(&playground.show, witness)),
            _ => None,
        }
    }

    fn side(&self, proof: Option<&Proof>) -> El {
        let playground = &self.playground;
        let (show, twin) = (&playground.show, &playground.twin);
        let price = verdicts::cost(show, twin, playground.now);
        let judged = match later::here().filter(|_| playground.side_by_side) {
            Some(later) => (later.changed)(show, twin),
            None => self.verdicts(proof).first(),
        };
        el("div.side").add(judged).add(price)
    }

    fn verdicts<'a>(&'a self, proof: Option<&'a Proof>) -> verdicts::Verdicts<'a> {
        verdicts::Verdicts {
            show: &self.playground.show,
            now: self.playground.now,
            why: self.playground.why.zip(proof),
            dispatch: &self.dispatch,
        }
    }

    fn dialogs(&self) -> El {
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
            no_pixels: playground.notice == Some(Notice::NoPixels),
            filed: open.then(|| dialogs::Filed::of(&playground.show, playground.title())),
            opened: playground.desk.opened(),
        };
        dialogs::dialogs(&shown, &self.dispatch)
    }
}
