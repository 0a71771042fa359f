//! What a first visit neither draws nor runs: a second module of wasm, fetched with the first sign
//! of a person, or at once where the address or an earlier visit asks for more than the first view.
//!
//! The table is the list of ways into it: whatever only they reach is split off the page when it
//! is built (`xtask/src/page.rs`). Invariant: code of the first view names no function of the
//! table, or all of it would be in the first module.

use crate::app::el::El;
use crate::app::embed::Ask;
use crate::app::svg::Svg;
use crate::app::timeline::{Marks, Pictures, Runs};
use crate::app::verdicts::{self, Verdicts};
use crate::app::{App, embed, header, timeline, traffic};
use crate::playground::{Effect, Msg, Playground, Start};
use crate::shop::Name;
use crate::time::SimTime;
use crate::view::guess::Slider;
use crate::view::price::Price;
use crate::view::scene::moment::Moment;
use crate::view::scene::moment::Reel;
use crate::view::scene::{Choices, Menu, Panel};
use crate::view::spacetime::{Frame, SpaceTime};
use crate::view::verdicts::{self as judged, Row};
use crate::view::why::Proof;
use crate::view::{Shared, Show, spacetime};
use crate::web;
use crate::web::listen::Listener;
use std::cell::Cell;
use std::pin::Pin;

use wasm_split_helpers::{SplitLoaderError, wasm_split};
use yew::Callback;

type Guessed = fn(&App, SimTime, Option<&Proof>) -> Option<(El, Vec<Slider>)>;

pub type SpaceTimeOf = fn(&Show, &[Name], Frame, bool) -> SpaceTime;

/// The ways into the later module.
pub struct Later {
    /// One stage with its narrator, and the messages that fly on it.
    pub stage: for<'a> fn(&'a App, &'a Shared<Show>, &'static str, bool) -> El,
    /// Moves what moves to the playhead, once the page is drawn.
    pub settle: fn(&App),
    /// The choices behind a chevron.
    pub choices: fn(&Panel, Menu) -> Choices,
    /// The promises that matter first, and what it cost.
    pub judged: fn(&Show, SimTime) -> Vec<Row>,
    pub price: fn(&Show, &Show, SimTime) -> Price,
    /// What the playhead says to those who hear it, and where it can be at most.
    pub heard: fn(&Runs, SimTime) -> String,
    pub horizon: fn(&[&Show]) -> SimTime,
    /// What has to be here before anything of it is drawn.
    pub before: fn() -> Pin<Box<dyn Future<Output = ()>>>,
    pub start: fn(Start) -> (Playground, Vec<Effect>),
    pub read: fn(&mut Playground),
    pub cards: fn() -> Vec<header::Card>,
    /// Does what a message asks for; false where nothing is to be drawn.
    pub take: fn(&mut App, Msg) -> bool,
    /// The same for the page around this one, which nothing stops.
    pub obey: fn(&mut App, Ask) -> bool,
    pub perform: fn(&mut App, Effect),
    /// Hears the page around, and tells it what is new.
    pub listen: fn(Callback<Ask>) -> Option<Listener>,
    pub rendered: fn(&mut App),
    /// The page, marked with what is hidden and locked.
    pub marked: fn(El, &Playground) -> El,
    pub way_out: fn(&Playground, &Callback<Msg>) -> El,
    pub rail: fn(&App) -> El,
    pub dialogs: fn(&App) -> El,
    pub notices: fn(&App) -> El,
    /// Why a promise is broken, where that is asked; and its moments as a list.
    pub proof: fn(&App) -> Option<Proof>,
    pub moments: for<'a> fn(&Verdicts<'a>, &Proof) -> El,
    /// Side by side: the stages, the promises, and what the switch changed.
    pub two: fn(&App) -> El,
    pub promises: fn(&App, Option<&Proof>) -> El,
    pub changed: fn(&Show, &Show) -> El,
    /// The panel of a guess, and its points.
    pub guess: Guessed,
    /// What holds at the playhead.
    pub moment: for<'a> fn(&'a mut Reel, &'a Shared<Show>, SimTime) -> Moment<'a>,
    /// The whole run, with all that can happen in it.
    pub spacetime: SpaceTimeOf,
    /// What a load did: charts below a run, and figures.
    pub charts: fn(&mut Svg, &Show, Frame, f32) -> f32,
    pub traffic: fn(&Show, SimTime) -> El,
    /// What a proof or a guess puts on the timeline.
    pub marks: for<'a> fn(&Pictures, &Marks<'a>, &Callback<Msg>) -> El,
}

static LATER: Later = Later {
    stage: App::staged,
    settle: App::settle,
    choices: Panel::choices,
    judged: judged::rows,
    price: Price::of,
    heard: timeline::heard,
    horizon: spacetime::horizon,
    before: || Box::pin(embed::before()),
    start: Playground::start,
    read: Playground::read,
    cards: App::cards,
    take: App::take,
    obey: App::heard,
    listen: embed::listen,
    rendered: App::rendered_later,
    marked: embed::marked,
    way_out: |playground, send| embed::way_out(&web::address::page(), playground, send),
    perform: App::perform_later,
    rail: App::rail_open,
    dialogs: App::dialogs,
    notices: App::notices,
    proof: App::proof,
    moments: |verdicts, proof| verdicts.proof(proof),
    two: App::both_stages,
    promises: App::promises,
    changed: verdicts::changed,
    guess: App::guess,
    moment: Reel::at,
    spacetime: SpaceTime::of,
    charts: crate::view::spacetime::diagram::charts,
    traffic: traffic::card,
    marks: Pictures::marks,
};

thread_local! {
    static HERE: Cell<Option<&'static Later>> = const { Cell::new(None) };
}

#[wasm_split(later, fallible)]
fn all() -> Result<&'static Later, SplitLoaderError> {
    Ok(&LATER)
}

/// The later module, once it is here.
pub fn here() -> Option<&'static Later> {
    HERE.get()
}

/// Fetches the later module; false where it cannot be had.
pub async fn fetch() -> bool {
    let later = all().await.ok();
    if let Some(later) = later {
        (later.before)().await;
    }
    HERE.set(later);
    later.is_some()
}
