//! The page, drawn as plain elements: what stands on it, and what each press asks for.
//!
//! ```text
//!   Playground --Page::draw--> El --app--> Yew, in the browser
//!                                 --html--> index.html, printed once by the command line
//! ```
//! What a visitor sees before the program is there is drawn by the same functions. Invariants: no
//! browser here; the same playground and room give the same elements; what is remembered between
//! two drawings ([`Memo`]) only saves work.

pub mod dialogs;
pub mod element;
pub mod events;
mod guess;
pub mod header;
mod icons;
mod key;
pub mod opened;
mod script;
mod settings;
pub mod stage;
mod switch;
mod timeline;
mod traffic;
mod transport;
mod trouble;
mod verdicts;

use crate::check::Verdict;
use crate::page::element::{El, el};
use crate::playground::{Dialog, Form, Msg, Notice, Playground, RailTab, Tab};
use crate::scenario::gallery;
use crate::shop::Name;
use crate::sim::ReplicationMode;
use crate::time::SimTime;
use crate::view::guess::Slider;
use crate::view::scene::moment::Reel;
use crate::view::scene::{Flight, Scene, Shape};
use crate::view::why::Proof;
use crate::view::words::page as words;
use crate::view::{self, Shared, Show, spacetime};
use std::cell::RefCell;

/// What the page is drawn from.
pub struct Page<'a> {
    pub playground: &'a Playground,
    pub room: Room,
    /// The shoppers of the stage, the same value while they are the same.
    pub stage: Shared<Vec<Name>>,
    /// What the gallery offers.
    pub cards: &'a [header::Card],
    /// What a person who does not see the page is told.
    pub status: &'a str,
    /// Where the page stands, up to its `#`: links are put behind it.
    pub address: &'a str,
    pub memo: &'a Memo,
}

/// Where the page is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// In a window of this width, in CSS pixels.
    Window { width: u32, dark: bool },
    /// For a window that is not known yet: what depends on its width is drawn for several, and a
    /// style sheet shows one.
    Printed,
}

/// What was drawn last, so that what is the same is not made again.
#[derive(Default)]
pub struct Memo {
    /// The moments that the run and its twin were drawn at.
    reels: [RefCell<Reel>; 2],
    timeline: timeline::Memo,
    pub events: events::Memo,
    files: dialogs::Memo,
    /// The messages that fly on each stage that was drawn, by the id of the stage.
    pub flights: RefCell<Vec<(&'static str, Vec<Flight>)>>,
}

/// From this width on the parts stand beside or below each other; in a narrower window there are
/// tabs (static/styles/layout.css).
const WIDE: u32 = 640;
/// The widths of the timeline that are printed, with what the ids inside of each begin with: the
/// room on a phone, a laptop and a projector. In less room a picture is drawn smaller.
const PRINTED: [(&str, u32); 3] = [("t340", 340), ("t678", 678), ("t1078", 1078)];

impl Page<'_> {
    /// The whole page.
    pub fn draw(&self) -> El {
        self.memo.flights.borrow_mut().clear();
        let playground = self.playground;
        let twin = playground.side_by_side;
        let guess = playground.guess.is_some();
        let layout = playground.layout();
        let tab = match playground.tab {
            Tab::Stage => "stage",
            Tab::Timeline => "timeline",
            Tab::Verdicts => "verdicts",
            Tab::Script => "script",
        };
        let status = el("p.sr#status[role=status][aria-live=polite]").text(self.status.to_string());
        el("div.page")
            .attr("data-hide", playground.hidden())
            .attr("data-lock", playground.locked())
            .attr(
                "data-show",
                Some(layout).filter(|layout| !layout.is_empty()),
            )
            .attr("data-tab", tab)
            .attr("data-playing", playground.playing)
            .attr("data-trace-hash", playground.show.run.hash.to_string())
            .attr("data-ready", self.is_ready())
            .add(self.header())
            .add(self.band())
            .add(self.notices())
            .add(self.story())
            .add(self.tabs().is("hidden", guess))
            .add(self.body(twin, guess))
            .add(status)
            .add(match layout.is_empty() {
                true => el("p"),
                false => self.way_out(),
            })
            .add(self.dialogs())
    }

    /// Nothing is being computed, and somebody hears what is pressed.
    fn is_ready(&self) -> bool {
        self.room != Room::Printed && self.playground.computing().is_none()
    }

    fn width(&self) -> Option<u32> {
        match self.room {
            Room::Window { width, .. } => Some(width),
            Room::Printed => None,
        }
    }

    pub fn title(&self) -> String {
        title(self.playground)
    }

    fn header(&self) -> El {
        header::header(self)
    }

    /// The question and the switch.
    fn band(&self) -> El {
        let config = &self.playground.show.scenario.config;
        let twin = self.playground.side_by_side;
        let alone = config.replicas == 0;
        let question = match alone {
            true => words::NO_QUESTION,
            false => words::QUESTION,
        };
        el("div.band")
            .add(el("p.ask").text(question))
            .add(switch::switch(config.mode, twin).is("hidden", alone && !twin))
    }

    fn body(&self, twin: bool, guess: bool) -> El {
        let proof = self.proof();
        let proof = proof.as_ref();
        let (mut two, mut one) = (el("div.two"), el("div.stage-card"));
        match twin {
            true => two = self.both_stages(),
            false => one = self.stages(one),
        }
        let mut centre = el("div.centre")
            .add(one.is("hidden", twin))
            .add(self.timeline_card(proof));
        if twin || self.playground.open {
            centre = centre.add(self.promises(proof));
        }
        let view = match (twin, guess) {
            (true, _) => "twin",
            (_, true) => "guess",
            _ => "single",
        };
        el("main.body")
            .attr("data-view", view)
            .add(self.rail())
            .add(two.is("hidden", !twin))
            .add(centre)
            .add(self.side(proof))
    }

    fn notices(&self) -> El {
        let playground = self.playground;
        let link = |words, msg| el("button.link").send(msg).text(words);
        let said = |words: String, kind: Option<&'static str>| {
            el("div.notice")
                .attr("data-kind", kind)
                .add(el("span").text(words))
        };
        // Beside the script its problems stand in their places already; a small player has none.
        let small = ["player", "diagram"].contains(&playground.layout());
        let wide = self.width().is_none_or(|width| width >= WIDE);
        let beside = playground.open
            && !small
            && playground.rail == RailTab::Script
            && (wide || playground.tab == Tab::Script);
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
            .send(msg)
            .text(name)
    }

    fn rail(&self) -> El {
        if self.playground.open {
            return self.rail_open();
        }
        let open = el("button.solid")
            .send(Msg::Rail(RailTab::Script))
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
        let playground = self.playground;
        let tab = |which: RailTab, name: &'static str| {
            self.tab(name, playground.rail == which, Msg::Rail(which))
        };
        let tabs = el("div.rail-tabs[role=tablist][aria-label=Script or events]")
            .add(tab(RailTab::Script, "Script"))
            .add(tab(RailTab::Events, "Events"));
        let panel = match playground.rail {
            RailTab::Script => script::script(playground),
            RailTab::Events => events::events(&self.memo.events, &playground.show, playground.now),
        };
        el("aside.rail")
            .attr("aria-label", "Script and settings")
            .add(
                el("section")
                    .add(self.story())
                    .add(tabs)
                    .add(el("div").add(panel)),
            )
            .add(settings::settings(&playground.show.scenario))
    }

    /// The stage of the run; for a window that is not known, wide and for a phone.
    fn stages(&self, card: El) -> El {
        let show = &self.playground.show;
        match self.room {
            Room::Window { .. } => {
                card.add(self.stage_card(show, "main", self.shape("main"), true))
            }
            Room::Printed => [("main", Shape::Wide), ("phone", Shape::Phone)]
                .into_iter()
                .fold(card, |card, (id, shape)| {
                    let printed = self.stage_card(show, id, shape, true);
                    card.add(printed.attr("data-printed", id))
                }),
        }
    }

    fn shape(&self, id: &str) -> Shape {
        match (self.width(), id) {
            (Some(..WIDE), _) => Shape::Phone,
            (_, "main") => Shape::Wide,
            _ => Shape::Half,
        }
    }

    /// One stage at the playhead with its narrator, and the panel of what can be broken.
    fn stage_card(&self, show: &Shared<Show>, id: &'static str, shape: Shape, live: bool) -> El {
        let mut reel = self.memo.reels[usize::from(id == "twin")].borrow_mut();
        let moment = reel.at(show, self.playground.now);
        let scene = Scene::of(&moment, &self.stage.0, shape);
        let breaking = self.playground.breaking.filter(|_| live);
        let said = &scene.said;
        let sentence = el("span")
            .add(el("b").text(&said.headline))
            .text(" ")
            .add(el("span.rest").text(&said.rest));
        let mut narrator = el("p.narrator").add(self.heading(show, id)).add(sentence);
        if live {
            narrator = narrator.add(trouble::opener(self.playground.breaking));
        }
        let stage = stage::Stage {
            id,
            below: shape == Shape::Phone,
            live,
            hint: self.playground.fresh_visit,
            open: self.playground.menu,
            still: self.room == Room::Printed,
        };
        let card = el("section.card")
            .key(id)
            .attr("aria-label", "The stage: one moment")
            .add(narrator)
            .add(stage.draw(&scene))
            .each(breaking, |what| trouble::panel(&moment, what));
        self.memo.flights.borrow_mut().push((id, scene.flights));
        card
    }

    /// The clock; side by side the mode's name.
    fn heading(&self, show: &Show, id: &str) -> El {
        if ["main", "phone"].contains(&id) {
            let now = view::words::time(self.playground.now);
            return el("time[data-glide=clock]").text(now);
        }
        el("time").text(words::mode(show.scenario.config.mode))
    }

    /// Both runs, the synchronous one first.
    fn both_stages(&self) -> El {
        let (show, twin) = (&self.playground.show, &self.playground.twin);
        let own = self.stage_card(show, "own", self.shape("own"), true);
        let other = self.stage_card(twin, "twin", self.shape("twin"), false);
        let two = el("div.two");
        match show.scenario.config.mode {
            ReplicationMode::Synchronous => two.add(own).add(other),
            ReplicationMode::Background => two.add(other).add(own),
        }
    }

    /// All promises, or those of both sides.
    fn promises(&self, proof: Option<&Proof>) -> El {
        let playground = self.playground;
        match playground.side_by_side {
            true => verdicts::promises(&playground.show, &playground.twin),
            false => self.verdicts(proof).more(),
        }
    }

    /// The runs on the timeline, the synchronous one first.
    fn groups(&self) -> Vec<timeline::Group> {
        let playground = self.playground;
        let show = &playground.show;
        let group = |show: &Shared<Show>| timeline::Group {
            title: playground
                .side_by_side
                .then(|| words::mode(show.scenario.config.mode)),
            show: show.clone(),
        };
        let mut groups = vec![match &playground.guess {
            Some(guess) if playground.guesses() => group(&guess.outside),
            _ => group(show),
        }];
        if playground.side_by_side {
            groups.push(group(&playground.twin));
            if show.scenario.config.mode == ReplicationMode::Background {
                groups.reverse();
            }
        }
        groups
    }

    fn timeline_card(&self, proof: Option<&Proof>) -> El {
        let playground = self.playground;
        let (show, now) = (&playground.show, playground.now);
        let horizon = spacetime::horizon(&[show, &playground.twin]);
        let (hides, guesses) = (playground.hides_inside(), playground.guesses());
        let transport = transport::transport(&transport::Transport {
            now,
            end: horizon,
            playing: playground.playing,
            speed: playground.speed,
            hint: playground.fresh_visit,
            printed: self.room == Room::Printed,
        });
        let (panel, sliders) = match self.guess(horizon, proof) {
            Some((panel, sliders)) => (panel, Some(sliders)),
            None => (el("div.panel"), None),
        };
        let mut reel = self.memo.reels[0].borrow_mut();
        let breaking = playground.breaking.filter(|_| sliders.is_none());
        let moment = breaking.map(|_| reel.at(show, now));
        let marks = timeline::Marks {
            now,
            proof,
            breaking: breaking.zip(moment.as_ref()),
            sliders,
        };
        let runs = timeline::Runs {
            id: "timeline",
            groups: self.groups(),
            stage: self.stage.clone(),
            horizon,
            hides,
            width: self.timeline_width(),
        };
        let timeline = match self.room {
            Room::Window { .. } => timeline::timeline(&self.memo.timeline, runs, &marks),
            Room::Printed => timeline::printed(&PRINTED, &runs, now),
        };
        el("section.card timeline-card[aria-label=The timeline: the whole run]")
            .add(panel)
            .add(transport.is("hidden", guesses))
            .add(timeline)
            .add(match hides {
                true => el("div"),
                false => traffic::card(show, now),
            })
    }

    /// The room for the diagram in CSS pixels: what static/styles/layout.css leaves.
    fn timeline_width(&self) -> u32 {
        const CARD: u32 = 34;
        let page = self.width().unwrap_or_default().min(1760);
        let guess = self.playground.guess.is_some();
        let taken = match (page, self.playground.side_by_side) {
            (WIDE.., _) if guess => 48,
            (1280.., false) => 48 + 244 + 316 + 40,
            (960.., _) => 48 + 316 + 20,
            (WIDE.., _) => 48,
            _ => 16,
        };
        page.saturating_sub(taken + CARD).max(260)
    }

    /// The panel of a guess that is under way, and its points.
    fn guess(&self, horizon: SimTime, proof: Option<&Proof>) -> Option<(El, Vec<Slider>)> {
        let playground = self.playground;
        let guess = playground.guess.as_ref()?;
        let points = view::guess::sliders(&playground.show, guess, horizon);
        let asked = guess::panel(&playground.show, guess, &points);
        let mut panel = el("div.panel").add(asked);
        if let Some(proof) = proof {
            panel = panel.add(self.verdicts(Some(proof)).proof(proof));
        }
        Some((panel, points))
    }

    /// Why a promise is broken, where that is asked; also at its moments before the breach.
    fn proof(&self) -> Option<Proof> {
        let playground = self.playground;
        let property = playground.why.filter(|_| !playground.side_by_side)?;
        let run = &playground.show.run;
        match run.verdict(property, run.end()) {
            Verdict::Violated(witness) => Some(Proof::of(&playground.show, witness)),
            _ => None,
        }
    }

    fn side(&self, proof: Option<&Proof>) -> El {
        let playground = self.playground;
        let (show, twin) = (&playground.show, &playground.twin);
        let price = verdicts::cost(show, twin, playground.now);
        let judged = match playground.side_by_side {
            true => verdicts::changed(show, twin),
            false => self.verdicts(proof).first(),
        };
        el("div.side").add(judged).add(price)
    }

    fn verdicts<'a>(&'a self, proof: Option<&'a Proof>) -> verdicts::Verdicts<'a> {
        verdicts::Verdicts {
            show: &self.playground.show,
            now: self.playground.now,
            why: self.playground.why.zip(proof),
        }
    }

    /// Back to the run that was given, where it was changed, and the way to the whole page, with
    /// what is shown now.
    fn way_out(&self) -> El {
        let back = el("button.link")
            .is("hidden", self.playground.is_as_given())
            .send(Msg::Back)
            .text(words::BACK);
        let whole = [self.address, &self.playground.whole_link()].concat();
        let way = el("a[target=_blank][rel=noopener]")
            .is("hidden", self.address.is_empty())
            .attr("href", whole)
            .text(words::WAY_OUT);
        el("p.way-out").add(back).add(way)
    }

    fn dialogs(&self) -> El {
        let playground = self.playground;
        let open = playground.dialog == Some(Dialog::Share);
        let form = playground.copied.map_or(Form::Link, |(form, _)| form);
        // A closed dialog asks for no link: writing one costs a walk over the text.
        let made = |form| match open {
            true => shared(playground, self.address, form),
            false => String::new(),
        };
        let shown = dialogs::Dialogs {
            dialog: playground.dialog,
            has_address: !self.address.is_empty(),
            link: match self.address.is_empty() {
                true => String::new(),
                false => made(Form::Link),
            },
            shared: made(form),
            text: match open {
                true => playground.text.clone(),
                false => String::new(),
            },
            copied: playground.copied,
            no_pixels: playground.notice == Some(Notice::NoPixels),
            filed: open.then(|| self.memo.files.of(&playground.show, playground.title())),
            opened: playground.opened.as_ref(),
        };
        dialogs::dialogs(&shown)
    }
}

fn title(playground: &Playground) -> String {
    let own = playground.title();
    own.unwrap_or_else(|| words::UNTITLED.to_string())
}

/// Where the site's other files stand.
pub fn folder(address: &str) -> &str {
    address.trim_end_matches("index.html")
}

/// The run in a form to be handed on; a link is put behind the address of the page. Where the page
/// has none the text of the scenario takes the place of a link.
pub fn shared(playground: &Playground, address: &str, form: Form) -> String {
    let text = playground.handed_on(match address.is_empty() && form.is_link() {
        true => Form::Text,
        false => form,
    });
    if address.is_empty() {
        return text;
    }
    let whole = |link: &str| [address, link].concat();
    match form {
        Form::Text | Form::Fence | Form::Mermaid => text,
        Form::Frame => format!(
            "<iframe src=\"{}\" title=\"{}\" width=\"100%\" height=\"640\"></iframe>",
            whole(&text),
            title(playground).replace(['"', '<', '&'], " ")
        ),
        Form::Element => format!(
            "{text}\n<script src=\"{}embed.js\"></script>",
            folder(address)
        ),
        Form::Markdown => format!("[{}]({})", title(playground), whole(&text)),
        Form::Link | Form::Mail => whole(&text),
    }
}
