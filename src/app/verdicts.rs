//! What the shoppers could notice, what it cost, and what the switch changed.

use crate::app::el::{El, el};
use crate::app::icons::sign;
use crate::playground::Msg;
use crate::sim::ReplicationMode;
use crate::time::{SimDuration, SimTime};
use crate::view::changed::{Cell, Changed};
use crate::view::price::Price;
use crate::view::words::{self, price as price_words};
use crate::view::{self, Show};
use yew::prelude::*;

/// Each promise: its sign, its word, one sentence, and a way to the moment at which it broke.
pub fn verdicts(show: &Show, now: SimTime, dispatch: &Callback<Msg>) -> El {
    let header = el("header")
        .add(el("h2#verdicts-title").text("What the shoppers could notice"))
        .add(el("small").text("so far"));
    el("section.card verdicts[aria-labelledby=verdicts-title]")
        .add(header)
        .each(view::verdicts::rows(show, now), |row| {
            let title = el("h3").text(row.title).add(el("em").text(row.word));
            let term = el("span.muted").text(format!(" ({})", row.term));
            let mut go = el("div");
            if let Some(at) = row.broke_at {
                let words = format!("Go to {}", words::time(at));
                let button = el("button.link").send(dispatch, Msg::Seek(at));
                go = go.add(button.text(words));
            }
            let said = el("p").text(row.sentence).add(term);
            el("div.verdict")
                .attr("data-state", row.state)
                .key(row.term)
                .add(sign(row.state))
                .add(el("div").add(title).add(said).add(go))
        })
}

/// The two numbers, this mode's and the other's.
pub fn price(show: &Show, twin: &Show, now: SimTime) -> El {
    let price = Price::of(show, twin, now);
    let first = price.waits.first().copied();
    let (own, other) = first.map_or((None, None), |wait| (wait.own, wait.other));
    let behind = (Some(price.behind.behind), Some(price.other_behind.behind));
    let figure = |title: String, note: String, (own, other), late| {
        el("div.figure")
            .add(el("p").text(title))
            .add(big(own))
            .add(el("p").text(note))
            .add(bars(&price, own, other, late))
    };
    let mut waited = el("div.waits").add(el("p").text(price_words::apart(&price.behind)));
    if price.waits.len() > 1 {
        waited = waited.add(waits(&price));
    }
    let (who, why) = (
        price_words::waited(first.as_ref()),
        price_words::waited_for(first.as_ref()).to_string(),
    );
    let (late, so_far) = (
        price_words::behind(&price.behind),
        price_words::so_far(&price),
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
    let rows = el("tbody").each(&price.waits, |wait| {
        el("tr")
            .add(el("th[scope=row]").text(price_words::who(wait)))
            .add(el("td[data-own=true]").text(span(wait.own)))
            .add(el("td").text(span(wait.other)))
    });
    el("table").add(head).add(rows)
}

/// The table of side by side, and its one sentence.
pub fn changed(show: &Show, twin: &Show) -> El {
    let changed = Changed::of(show, twin);
    let mixed = view::price::mixed(show);
    let mode = |mode| el("th").text(price_words::mode(mode, mixed));
    let head = columns(
        el("td"),
        mode(ReplicationMode::Synchronous),
        mode(ReplicationMode::Background),
    );
    let cell = |cell: Cell| el("td").each(cell.state, sign).text(cell.text);
    let rows = el("tbody").each(changed.rows, |row| {
        el("tr")
            .add(el("th[scope=row]").text(row.title))
            .add(cell(row.synchronous))
            .add(cell(row.background))
    });
    let title = el("h2#changed-title").text("What the switch changed");
    let same = "Same clicks at the same times. Same luck: each message is delayed alike.";
    let more = format!("and {} more views", changed.more);
    el("section.card changed[aria-labelledby=changed-title]")
        .add(title)
        .add(el("p.muted").text(same))
        .add(el("table").add(head).add(rows))
        .add(el("p.muted").is("hidden", changed.more == 0).text(more))
        .add(el("p.sum").text(changed.sentence))
}
