//! The page inside of another one: what the page around may ask, what it is told, and the way out.
//!
//! Invariant: it is told of what changed, once; what it asks and cannot have is answered with an
//! error that says why.

use crate::app::el::{El, el};
use crate::check::{Claim, Property};
use crate::playground::{Msg, Playground};
use crate::scenario::{Key, parse};
use crate::sim::trace::TraceHash;
use crate::time::SimTime;
use crate::view::words::page as words;
use crate::web;
use crate::web::embedder::{self, Said};
use crate::web::listen::Listener;
use crate::web::page;
use yew::Callback;

/// The looks of what comes later, and where the address may ask for less than the whole page,
/// those of that too.
pub async fn before() {
    embedder::style("later.css").await;
    let address = web::address::current();
    if ["show", "hide"].iter().any(|word| address.contains(word)) {
        embedder::style("embed.css").await;
    }
}

/// What the page around was told last.
#[derive(Default)]
pub struct Told {
    link: String,
    time: Option<(SimTime, bool)>,
    verdicts: Vec<&'static str>,
    height: u32,
    ready: bool,
    /// What is judged after each change, and the run that it was judged of.
    claims: Vec<Claim>,
    seeds: u64,
    judged: Option<TraceHash>,
}

/// What the page around asks for.
pub enum Ask {
    Do(Msg),
    /// Whether these claims are met, now and after each change, with so many seeds.
    Judge(Vec<Claim>, u64),
}

/// Hears the page around; nothing where there is none.
pub fn listen(obey: Callback<Ask>) -> Option<Listener> {
    embedder::listen(move |said| match ask(&said) {
        Ok(ask) => obey.emit(ask),
        Err(why) => embedder::tell("error", &[("message", why.into())]),
    })
}

fn ask(said: &Said) -> Result<Ask, String> {
    if said.kind != "judge" {
        return msg(said).map(Ask::Do);
    }
    let claims = said.text("claims").ok_or("claims is missing")?;
    let parsed = parse(&claims);
    if let Some(diagnostic) = parsed.diagnostics.first() {
        return Err(diagnostic.message.clone());
    }
    let seeds = said.number("seeds").unwrap_or(1.0).clamp(1.0, 50.0);
    Ok(Ask::Judge(parsed.scenario.expectations, seeds as u64))
}

/// What a message asks for.
fn msg(said: &Said) -> Result<Msg, String> {
    let text = |field: &str| said.text(field).ok_or(format!("{field} is missing"));
    Ok(match said.kind.as_str() {
        "load" => Msg::Load(text("text")?),
        "play" => Msg::Play,
        "pause" => Msg::Pause,
        "step" if said.number("by").is_some_and(|by| by < 0.0) => Msg::StepBack,
        "step" => Msg::StepForward,
        "seek" => {
            let at = said.number("at").ok_or("at is missing: milliseconds")?;
            Msg::Seek(SimTime((at.clamp(0.0, 3_600_000.0) * 1000.0) as u64))
        }
        "set" => {
            let key = text("key")?;
            let known = Key::of(&key).ok_or(format!("{key} is no setting"))?;
            Msg::Set(known, text("value")?)
        }
        "view" => {
            let list = |field: &str| {
                let words = said.text(field).unwrap_or_default();
                let words = words.split([',', ' ']).filter(|word| !word.is_empty());
                words.map(String::from).collect()
            };
            Msg::View {
                hide: list("hide"),
                lock: list("lock"),
            }
        }
        kind => return Err(format!("{kind} is no message to Lagoon")),
    })
}

impl Told {
    pub fn judge(&mut self, claims: Vec<Claim>, seeds: u64) {
        (self.claims, self.seeds, self.judged) = (claims, seeds, None);
    }

    /// Tells what changed since it was told last.
    pub fn tell(&mut self, playground: &Playground) {
        if !embedder::is_framed() || playground.computing().is_some() {
            return;
        }
        if !std::mem::replace(&mut self.ready, true) {
            if let Some(theme) = playground.linked_theme() {
                page::mark("data-theme", theme);
            }
            embedder::tell("ready", &[]);
        }
        let (run, now) = (&playground.show.run, playground.now);
        let link = playground.whole_link();
        if !playground.playing && link != self.link {
            let state = [
                ("link", link.as_str().into()),
                ("text", playground.text.as_str().into()),
                ("hash", run.hash.to_string().into()),
                ("mode", playground.mode().word().into()),
                ("end", millis(run.end())),
            ];
            embedder::tell("state", &state);
            self.link = link;
        }
        if !self.claims.is_empty() && self.judged != Some(run.hash) {
            self.judged = Some(run.hash);
            let met = playground.meets(&self.claims, self.seeds);
            embedder::tell("judged", &[("met", met.into())]);
        }
        let time = Some((now, playground.playing));
        if self.time != time {
            let fields = [("at", millis(now)), ("playing", playground.playing.into())];
            embedder::tell("time", &fields);
            self.time = time;
        }
        let verdicts = Property::ALL.map(|property| run.verdict(property, now).word());
        for (nth, verdict) in verdicts.into_iter().enumerate() {
            if self.verdicts.get(nth) != Some(&verdict) {
                let name = Property::ALL[nth].name();
                let fields = [("name", name.into()), ("verdict", verdict.into())];
                embedder::tell("verdict", &fields);
            }
        }
        self.verdicts = verdicts.to_vec();
    }

    /// Tells how high the page is. To ask costs a layout, so a page that plays is not asked, and
    /// one that is nobody's frame never.
    pub fn measure(&mut self, playing: bool) {
        if playing || !embedder::is_framed() {
            return;
        }
        let height = embedder::height();
        if height != self.height {
            embedder::tell("resize", &[("height", height.into())]);
            self.height = height;
        }
    }
}

fn millis(at: SimTime) -> wasm_bindgen::JsValue {
    (at.0 as f64 / 1000.0).into()
}

/// The way to the whole page, with what is shown now.
pub fn way_out(page: &str, playground: &Playground) -> El {
    el("p.way-out").add(
        el("a[target=_blank][rel=noopener]")
            .attr("href", [page, &playground.whole_link()].concat())
            .text(words::WAY_OUT),
    )
}
