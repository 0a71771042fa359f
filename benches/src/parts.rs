//! What a click costs, part by part, and the same parts for texts that reach a limit.
//!
//! A click on the page parses the text, runs it, runs its twin, and makes the pictures that are on
//! the screen. Invariant: the parts call what the page calls, with what the page hands to it.

use lagoon::history::ServiceId;
use lagoon::playground::{Msg, Playground, Start};
use lagoon::run::{Runner, Show};
use lagoon::scenario::{Parsed, edit, parse};
use lagoon::shop::{Name, Op};
use lagoon::view::changed::Changed;
use lagoon::view::ledger;
use lagoon::view::price::Price;
use lagoon::view::scene::{Scene, Shape};
use lagoon::view::spacetime::{self, Frame, SpaceTime};
use lagoon::view::words::narrator;
use lagoon::view::{script, verdicts};
use std::hint::black_box;

/// How many parts there are; `parts.mjs` names them.
pub const PARTS: usize = 9;

/// Events in one call, as on the page.
const SLICE: u32 = 4096;
/// Rows of the list of events that stand on the page at once.
const ROWS: usize = 300;
/// CSS pixels.
const WIDTH: u32 = 800;

/// A text whose parts are measured.
pub struct Text {
    text: String,
    parsed: Parsed,
    runner: Option<Runner>,
    show: Show,
    twin: Show,
    stage: Vec<Name>,
    playground: Option<Playground>,
    clicked: bool,
}

impl Text {
    /// The text of this number; `None` past the last one. Text 0 is the one of a click.
    pub fn new(number: usize) -> Option<Text> {
        let text = texts().into_iter().nth(number)?;
        let empty = || Show::of(parse("").scenario);
        Some(Text {
            text,
            parsed: parse(""),
            runner: None,
            show: empty(),
            twin: empty(),
            stage: Vec::new(),
            playground: None,
            clicked: false,
        })
    }

    /// Does this part once; each needs those before it.
    pub fn part(&mut self, part: usize) {
        let now = self.show.run.end();
        match part {
            0 => self.parsed = parse(&self.text),
            1 => {
                self.start();
                while self.advance() {}
                self.finish();
            }
            2 => {
                let fired = &self.show.run.trace.fired;
                self.twin = Show::of(edit::twin(&self.show.scenario, fired));
            }
            3 => drop(black_box(self.show.run.trace.hash())),
            4 => {
                black_box(Scene::at(&self.show, &self.stage, now, Shape::Wide));
                black_box(narrator::say(&self.show, now));
            }
            5 => drop(black_box(self.timeline())),
            6 => drop(black_box(self.list())),
            7 => {
                for property in verdicts::first(&[&self.show])
                    .into_iter()
                    .chain(verdicts::MORE)
                {
                    black_box(verdicts::row(&self.show, property, now));
                }
                black_box(Price::of(&self.show, &self.twin, now));
                black_box(Changed::of(&self.show, &self.twin));
                black_box(script::marks(&self.text, &self.parsed, &self.show, now));
            }
            _ => self.click(),
        }
    }

    pub fn start(&mut self) {
        self.runner = Some(Runner::start(&self.parsed.scenario));
    }

    /// True while there is more to do.
    pub fn advance(&mut self) -> bool {
        let runner = self.runner.as_mut();
        runner.is_some_and(|runner| runner.advance(SLICE))
    }

    pub fn finish(&mut self) {
        if let Some(runner) = self.runner.take() {
            let run = runner.finish();
            let scenario = self.parsed.scenario.clone();
            self.stage = scenario.config.shoppers.clone();
            self.show = Show { scenario, run };
        }
    }

    /// What was measured: records of the run, and its hash.
    pub fn records(&self) -> usize {
        self.show.run.trace.records.len()
    }

    pub fn hash(&self) -> u64 {
        self.show.run.trace.hash().0
    }

    fn timeline(&self) -> SpaceTime {
        let frame = Frame {
            width: WIDTH,
            horizon: spacetime::horizon(&[&self.show, &self.twin]),
        };
        SpaceTime::of(&self.show, &self.stage, frame, false)
    }

    fn list(&self) -> Vec<ledger::Entry> {
        let rows = ledger::rows(&self.show);
        let last = rows.iter().rev().take(ROWS);
        last.filter_map(|row| ledger::entry(&self.show, *row))
            .collect()
    }

    /// A shopper's button, and every second time the button that undoes it: both take a new text.
    fn click(&mut self) {
        let playground = self.playground.get_or_insert_with(|| {
            let (mut playground, _) = Playground::start(Start::default());
            playground.update(Msg::Edit(self.text.clone()));
            playground.update(Msg::EditEnd);
            playground.update(Msg::End);
            playground
        });
        let msg = match self.clicked {
            true => Msg::Undo,
            false => Msg::Shop {
                client: Name::new("alice").expect("a name"),
                op: Op::View,
                to: ServiceId::S2,
            },
        };
        self.clicked = !self.clicked;
        black_box(playground.update(msg));
    }
}

const EIGHT: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// The texts, in the order of their names in `parts.mjs`.
fn texts() -> Vec<String> {
    let lines = |head: &str, count: usize, line: fn(usize) -> String| {
        let lines: Vec<String> = (0..count).map(line).collect();
        format!("{head}\n{}", lines.join("\n"))
    };
    let usual = |n| match n % 3 {
        2 => format!("{} views", EIGHT[n % 4]),
        _ => format!("{} adds {}", EIGHT[n % 4], ["book", "pen", "cup"][n % 3]),
    };
    let at_once = |n| format!("0s {} adds b{n}", EIGHT[n % 8]);
    let staggered = |n| format!("{n}ms {} adds x", EIGHT[n % 8]);
    let mixed = |n| match n % 2 {
        0 => format!("{n}ms {} adds x{n}", EIGHT[n % 3]),
        _ => format!("{n}ms {} views from s{}", EIGHT[3 + n % 3], 2 + n % 8),
    };
    let cut_off = (2..=9).fold(String::new(), |head, n| {
        format!("{head}; s1-s{n} network: 3600s")
    });
    vec![
        lines("background", 170, usual),
        lines("synchronous; replicas: 8", 990, at_once),
        lines("synchronous; replicas: 8; network: exp 20s", 990, staggered),
        lines(
            &format!("background; lag: 0ms; replicas: 8; network: 1ms; write: 0ms{cut_off}"),
            980,
            at_once,
        ),
        lines("background; replicas: 8; read: 0ms; pause: 0ms", 990, mixed),
        "background; load: 1000/s, 1/10 writes; read: 500us; write: 4ms; lag: 50ms".to_string(),
        "background; load: 1000/s, 1/10 writes; replicas: 3; views: any; timeout: 500ms; \
         retries: 2; keys: on; s2 workers: 2; s1-s2 loses 1/100; s1-s3 duplicates 1/100; \
         2s s2 pauses for 500ms; 4s s1-s4 breaks for 1s"
            .to_string(),
    ]
}
