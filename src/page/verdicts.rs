//! What the shoppers could notice, what it cost, and what the switch changed.

use crate::check::Property;
use crate::page::element::{El, el};
use crate::page::icons::sign;
use crate::playground::{Msg, Step};
use crate::sim::ReplicationMode;
use crate::time::{SimDuration, SimTime};
use crate::view::changed::{self, Cell, Changed, Row as Compared};
use crate::view::price::{self, Price};
use crate::view::svg::Svg;
use crate::view::verdicts::Row;
use crate::view::why::Proof;
use crate::view::words::{self, guess, price as price_words};
use crate::view::{Show, guarantees, verdicts as judged};

/// Each promise: its sign, its word, one sentence, and why it is broken.
pub struct Verdicts<'a> {
    pub show: &'a Show,
    pub now: SimTime,
    /// The promise whose breach is explained, and the proof.
    pub why: Option<(Property, &'a Proof)>,
}

impl Verdicts<'_> {
    /// The promises that matter first.
    pub fn first(&self) -> El {
        let rows = judged::rows(self.show, self.now);
        let header = el("header")
            .add(el("h2#verdicts-title").text("What the shoppers could notice"))
            .add(el("small").text("so far"));
        el("section.card verdicts[aria-labelledby=verdicts-title]")
            .add(header)
            .each(&rows, |row| self.row(row))
            .add(
                el("button.link#guess-first")
                    .send(Msg::Guess(Step::Start))
                    .text(guess::START),
            )
    }

    /// All the others, and the map.
    pub fn more(&self) -> El {
        let mut header = el("header").add(el("h2#promises-title").text("Other promises"));
        if let Some(at) = judged::first_breach(self.show) {
            header = header.add(self.jump("First violation", at));
        }
        el("section.card verdicts more[aria-labelledby=promises-title]")
            .add(header)
            .each(judged::MORE, |property| {
                self.row(&judged::row(self.show, property, self.now))
            })
            .add(self.map())
    }

    fn jump(&self, words: &str, at: SimTime) -> El {
        el("button.link")
            .send(Msg::Seek(at))
            .text(words.to_string())
    }

    fn row(&self, row: &Row) -> El {
        let property = row.property;
        let (title, term) = (el("h3").text(row.title), format!(" ({})", row.term));
        let word = el("em").text(row.word);
        let said = el("p");
        // Long words stand before the sentence, so that titles keep to one line.
        let (title, said) = match row.word.len() {
            ..8 => (title.add(word), said),
            _ => (title, said.add(word).text(": ")),
        };
        let said = said.text(&row.sentence);
        let mut body = el("div")
            .add(title)
            .add(said.add(el("span.muted").text(term)));
        let proof = self.why.filter(|(open, _)| *open == property);
        if row.witness.is_some() || proof.is_some() {
            let why = el("button.link")
                .attr("aria-expanded", proof.is_some())
                .attr("aria-label", format!("Why? {}", row.title))
                .send(Msg::Why(property))
                .text("Why?");
            let mut ways = el("div.ways").add(why);
            if let Some(witness) = row.witness {
                let go = format!("Go to {}", words::time(witness.at));
                ways = ways.add(self.jump(&go, witness.at));
            }
            body = body.add(ways);
        }
        if let Some((_, proof)) = proof {
            body = body.add(self.proof(proof));
        }
        el("div.verdict")
            .attr("data-state", row.state)
            .key(property.name())
            .add(sign(row.state))
            .add(body)
    }

    /// The moments that prove a breach; the same numbers stand on the timeline.
    pub fn proof(&self, proof: &Proof) -> El {
        let mut list = el("ol.proof[aria-label=Why]");
        for (nth, pin) in proof.pins.iter().enumerate() {
            let time = words::time(pin.at);
            let go = self.jump(&time, pin.at);
            let cause = proof.cause == Some(nth);
            list = list.add(
                el("li")
                    .attr("data-cause", cause)
                    .add(el("i[aria-hidden=true]").text((nth + 1).to_string()))
                    .add(el("span").text(&pin.words))
                    .add(go.attr("aria-label", format!("Go to {time}"))),
            );
        }
        list
    }

    /// Which guarantee implies which, lit by this run.
    fn map(&self) -> El {
        let (nodes, said) = (
            guarantees::map(self.show, self.now),
            "A line leads down from a stronger promise to a weaker one.",
        );
        let mut svg = Svg::new();
        for ((x1, y1), (x2, y2)) in guarantees::arrows() {
            svg.line("edge", [x1, y1, x2, y2].map(|at| at as f32));
        }
        for node in &nodes {
            let (x, y) = (node.x as f32, node.y as f32);
            let (w, h) = (
                guarantees::NODE_WIDTH as f32,
                guarantees::NODE_HEIGHT as f32,
            );
            svg.group("node", node.state);
            svg.rect("", [x - w / 2.0, y - h / 2.0, w, h], h / 2.0, "");
            svg.label("", x + 7.0, y + 4.0, node.term);
            svg.at(x - w / 2.0 + 13.0, y);
            svg.path("", signs(node.state));
            svg.end();
            svg.end();
        }
        let picture = el("svg[role=img]")
            .attr("viewBox", guarantees::VIEW_BOX)
            .attr("aria-label", guarantees::sentence(&nodes))
            .add(svg);
        el("details.map")
            .add(el("summary").text("The map of the promises"))
            .add(el("p").text(said))
            .add(el("div[tabindex=0]").add(picture))
    }
}

/// The mark of a state on the map.
fn signs(state: &str) -> &'static str {
    match state {
        "holds" => "M-4 .3-1.2 3 4-3",
        "broken" => "M-3-3 3 3M3-3-3 3",
        "not-yet" => "M0-4V0L3 2",
        "number" => "",
        _ => "M-3 0H3",
    }
}

/// The two numbers, this mode's and the other's.
pub fn cost(show: &Show, twin: &Show, now: SimTime) -> El {
    let price = &Price::of(show, twin, now);
    let first = price.waits.first().copied();
    let (own, other) = first.map_or((None, None), |wait| (wait.own, wait.other));
    let behind = (Some(price.behind.behind), Some(price.other_behind.behind));
    let figure = |title: String, note: String, (own, other), late| {
        el("div.figure")
            .add(el("p").text(title))
            .add(big(own))
            .add(el("p").text(note))
            .add(bars(price, own, other, late))
    };
    let mut waited = el("div.waits")
        .add(el("p").text(price_words::apart(&price.behind)))
        .add(
            el("p.lost")
                .attr("data-late", price.exposed[0] + price.gone[0] > 0)
                .text(price_words::lost(price)),
        );
    if price.waits.len() > 1 {
        waited = waited.add(waits(price));
    }
    let (who, why) = (
        price_words::waited(first.as_ref()),
        price_words::waited_for(first.as_ref()).to_string(),
    );
    let (late, so_far) = (
        price_words::behind(&price.behind),
        price_words::so_far(price),
    );
    el("section.card[aria-label=What it cost]").add(
        el("div.price")
            .add(figure(who, why, (own, other), false))
            .add(figure(late, so_far, behind, true))
            .add(waited),
    )
}

fn span(length: Option<SimDuration>) -> String {
    length.map_or("–".to_string(), words::span)
}

fn big(length: Option<SimDuration>) -> El {
    let text = span(length);
    let (number, unit) = text.rsplit_once(' ').unwrap_or((text.as_str(), ""));
    el("strong")
        .text(number.to_string())
        .add(el("small").text(unit.to_string()))
}

/// A bar for each mode, the longer one full.
fn bars(price: &Price, own: Option<SimDuration>, other: Option<SimDuration>, late: bool) -> El {
    let longest = own.max(other).unwrap_or_default().0.max(1);
    let both = [
        (price.mode, true, own),
        (price.mode.flipped(), false, other),
    ];
    el("div.bars").each(both, |(mode, own, length)| {
        let micros = length.unwrap_or_default().0;
        let part = (micros * 100 / longest).max(2) as i32;
        let bar = el("rect")
            .attr("width", part)
            .attr("height", "6")
            .attr("rx", "1");
        let picture = el("svg[viewBox=0 0 100 6][preserveAspectRatio=none][aria-hidden=true]");
        el("div.bar")
            .attr("data-own", own)
            .attr("data-late", late && micros > 0)
            .add(el("span").text(price_words::mode(mode, price.mixed)))
            .add(el("span").text(span(length)))
            .add(picture.add(bar))
    })
}

/// The head of a table: a corner, and a column for each mode.
fn columns(corner: El, left: El, right: El) -> El {
    let row = el("tr")
        .add(corner)
        .add(left.attr("scope", "col"))
        .add(right.attr("scope", "col"));
    el("thead").add(row)
}

/// Each shopper's longest wait, beside the other mode's.
fn waits(price: &Price) -> El {
    let mode = |mode| el("th").text(price_words::mode(mode, price.mixed));
    let head = columns(
        el("th[scope=col]").text("Longest wait"),
        mode(price.mode).attr("data-own", true),
        mode(price.mode.flipped()),
    );
    let rows = el("tbody").each(price.waits.iter(), |wait| {
        el("tr")
            .add(el("th[scope=row]").text(price_words::who(wait)))
            .add(el("td[data-own=true]").text(span(wait.own)))
            .add(el("td").text(span(wait.other)))
    });
    el("table").add(head).add(rows)
}

/// The columns of side by side.
fn both(show: &Show) -> El {
    let mixed = price::mixed(show);
    let mode = |mode| el("th").text(price_words::mode(mode, mixed));
    columns(
        el("td"),
        mode(ReplicationMode::Synchronous),
        mode(ReplicationMode::Background),
    )
}

fn compared(row: Compared, term: &'static str) -> El {
    let cell = |cell: Cell| el("td").each(cell.state, sign).text(cell.text);
    let title = el("th[scope=row]").text(row.title);
    el("tr")
        .add(title.add(el("span.muted").text(term)))
        .add(cell(row.synchronous))
        .add(cell(row.background))
}

/// The table of side by side, and its one sentence.
pub fn changed(show: &Show, twin: &Show) -> El {
    let changed = Changed::of(show, twin);
    let rows = el("tbody").each(changed.rows, |row| compared(row, ""));
    let title = el("h2#changed-title").text("What the switch changed");
    let same = "Same clicks at the same times. Same luck: each message is delayed alike.";
    let more = format!("and {} more views", changed.more);
    el("section.card changed[aria-labelledby=changed-title]")
        .add(title)
        .add(el("p.muted").text(same))
        .add(el("table").add(both(show)).add(rows))
        .add(el("p.muted").is("hidden", changed.more == 0).text(more))
        .add(el("p.sum").text(changed.sentence))
}

/// The promises of both sides beside each other; what differs stands out.
pub fn promises(show: &Show, twin: &Show) -> El {
    let rows = el("tbody").each(changed::promises(show, twin), |judged| {
        compared(judged.row, judged.term).attr("data-differs", judged.differs)
    });
    el("section.card changed promises[aria-labelledby=promises-title]")
        .add(el("h2#promises-title").text("What the shoppers could notice"))
        .add(el("table").add(both(show)).add(rows))
}
