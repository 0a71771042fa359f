//! The page inside of another one: what the page around may ask, what it is told, and the way out.
//!
//! Invariant: it is told of what changed, once; what it asks and cannot have is answered with an
//! error that says why.

use crate::check::{Claim, Property};
use crate::playground::{Msg, Playground};
use crate::scenario::{Key, Line, LineKind, edit, parse};
use crate::time::SimTime;
use crate::view::claims;
use crate::view::words::page as words;
use crate::web;
use crate::web::embedder::{self, Said};
use crate::web::listen::Listener;
use crate::web::page;
use wasm_bindgen::JsValue;
use yew::Callback;

/// The looks of a page that shows less than the whole, before it is drawn.
pub async fn before() {
    let address = web::address::current();
    if ["show", "hide"].iter().any(|word| address.contains(word)) {
        embedder::style("embed.css").await;
    }
}

/// While it plays the page around hears of the time about so often, in wall milliseconds.
const TIME_MS: f64 = 100.0;

/// What the page around was told last.
#[derive(Default)]
pub struct Told {
    link: String,
    text: String,
    time: Option<(SimTime, bool)>,
    /// When that was told, in wall milliseconds.
    told: f64,
    verdicts: Vec<&'static str>,
    height: u32,
    ready: bool,
    /// The slips of what is shown, and of how.
    slips: Vec<(Option<u32>, String)>,
    /// What is judged after each change, and the text that it was judged of.
    asked: Asked,
    judged: Option<String>,
}

/// What the page around asks for.
pub enum Ask {
    Do(Msg),
    /// Shows the script, and goes there.
    Open,
    /// A setting, which may be none.
    Set(Key, String),
    Judge(Asked),
}

/// Whether these claims are met, now and after each change, with so many seeds; and whether these
/// lines are still there.
#[derive(Default)]
pub struct Asked {
    claims: Vec<Claim>,
    seeds: u64,
    stays: Vec<String>,
    /// By which the page around knows its own question again.
    id: String,
}

/// Hears the page around; nothing where there is none.
pub fn listen(obey: Callback<Ask>) -> Option<Listener> {
    embedder::listen(move |said| match ask(&said) {
        Ok(ask) => obey.emit(ask),
        Err(why) => embedder::tell("error", &[("message", why.into())]),
    })
}

fn ask(said: &Said) -> Result<Ask, String> {
    match said.kind.as_str() {
        "judge" => judge(said),
        "open" => Ok(Ask::Open),
        "set" => {
            let key = text(said, "key")?;
            let known = Key::of(&key).ok_or(format!("{key} is no setting"))?;
            Ok(Ask::Set(known, text(said, "value")?))
        }
        _ => msg(said).map(Ask::Do),
    }
}

fn text(said: &Said, field: &str) -> Result<String, String> {
    said.text(field).ok_or(format!("{field} is missing"))
}

fn judge(said: &Said) -> Result<Ask, String> {
    let claims = text(said, "claims")?;
    let parsed = parse(&claims);
    if let Some(diagnostic) = parsed.diagnostics.first() {
        return Err(diagnostic.message.clone());
    }
    let says = |line: &&Line| !matches!(line.kind, LineKind::Blank | LineKind::Comment);
    if parsed.expects.len() != parsed.lines.iter().filter(says).count() {
        return Err("claims are lines that begin with expect: expect fresh holds".to_string());
    }
    let seeds = said.number("seeds").unwrap_or(1.0);
    let seeds = seeds.clamp(1.0, claims::SEEDS as f64) as u64;
    let stays = said.text("stays").unwrap_or_default();
    Ok(Ask::Judge(Asked {
        claims: parsed.scenario.expectations,
        seeds,
        stays: stays.lines().map(String::from).collect(),
        id: said.text("id").unwrap_or_default(),
    }))
}

/// What a message asks for.
fn msg(said: &Said) -> Result<Msg, String> {
    Ok(match said.kind.as_str() {
        "load" => Msg::Load(text(said, "text")?),
        "play" => Msg::Play,
        "pause" => Msg::Pause,
        "step" if said.number("by").is_some_and(|by| by < 0.0) => Msg::StepBack,
        "step" => Msg::StepForward,
        "seek" => {
            let at = said.number("at").ok_or("at is missing: milliseconds")?;
            Msg::Seek(SimTime((at.clamp(0.0, 3_600_000.0) * 1000.0) as u64))
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
                why: said.text("why").unwrap_or_default(),
            }
        }
        kind => return Err(format!("{kind} is no message to Lagoon")),
    })
}

impl Told {
    pub fn judge(&mut self, asked: Asked) {
        (self.asked, self.judged) = (asked, None);
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
        let changed = playground.text != self.text;
        if changed || (!playground.playing && link != self.link) {
            let state = [
                ("link", link.as_str().into()),
                ("text", playground.text.as_str().into()),
                ("hash", run.hash.to_string().into()),
                ("mode", playground.mode().word().into()),
                ("sideBySide", playground.side_by_side.into()),
                ("end", millis(run.end())),
            ];
            embedder::tell("state", &state);
            self.link = link;
            self.text = playground.text.clone();
        }
        let known = self.judged.as_ref() == Some(&playground.text);
        if !self.asked.claims.is_empty() && !known {
            self.judged = Some(playground.text.clone());
            embedder::tell("judged", &self.asked.fields(playground));
        }
        self.tell_slips(playground);
        self.tell_time(playground);
        let verdicts = Property::ALL.map(|property| run.verdict(property, now).word());
        for (nth, verdict) in verdicts.into_iter().enumerate() {
            if self.verdicts.get(nth) != Some(&verdict) {
                let name = Property::ALL[nth].name();
                embedder::tell(
                    "verdict",
                    &[
                        ("name", name.into()),
                        ("verdict", verdict.into()),
                        ("at", millis(now)),
                    ],
                );
            }
        }
        self.verdicts = verdicts.to_vec();
    }

    fn tell_time(&mut self, playground: &Playground) {
        let (now, playing) = (playground.now, playground.playing);
        if self.time != Some((now, playing)) {
            embedder::tell("time", &[("at", millis(now)), ("playing", playing.into())]);
            self.time = Some((now, playing));
            self.told = page::now();
        }
    }

    /// Nothing but time has passed: that is told now and then.
    pub fn pass(&mut self, playground: &Playground) {
        if self.ready && page::now() - self.told >= TIME_MS {
            self.tell_time(playground);
        }
    }

    /// Tells whoever wrote the page around of what could not be used, once.
    fn tell_slips(&mut self, playground: &Playground) {
        let own = playground.slips();
        let own = own.map(|slip| (Some(slip.line), words::problem(slip)));
        let view = playground.view_slips().into_iter().map(|slip| (None, slip));
        let slips: Vec<_> = own.chain(view).collect();
        for (line, message) in slips.iter().filter(|slip| !self.slips.contains(slip)) {
            let mut fields = vec![("message", message.as_str().into())];
            fields.extend(line.map(|line| ("line", line.into())));
            embedder::tell("error", &fields);
        }
        self.slips = slips;
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

impl Asked {
    /// How the claims fare, as a message says it.
    fn fields(&self, playground: &Playground) -> [(&'static str, JsValue); 6] {
        let judged = claims::judge(&playground.show, &self.claims, self.seeds);
        let stays = self.stays.iter();
        let stays: Vec<bool> = stays
            .map(|line| edit::has(&playground.text, line))
            .collect();
        let slips = playground.slips().count() as u32;
        let fare = |fare: &claims::Fare| {
            embedder::object(&[
                ("met", (fare.met as f64).into()),
                ("why", fare.why.as_str().into()),
                ("seed", (fare.seed as f64).into()),
            ])
        };
        let all = judged.met && slips == 0 && stays.iter().all(|stays| *stays);
        [
            ("met", all.into()),
            ("runs", (judged.runs as f64).into()),
            ("claims", embedder::list(judged.fares.iter().map(fare))),
            (
                "stays",
                embedder::list(stays.into_iter().map(JsValue::from)),
            ),
            ("slips", slips.into()),
            ("id", self.id.as_str().into()),
        ]
    }
}

fn millis(at: SimTime) -> JsValue {
    (at.0 as f64 / 1000.0).into()
}
