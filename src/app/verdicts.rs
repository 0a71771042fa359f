//! What the shoppers could notice, what it cost, and what the switch changed.

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
pub fn verdicts(show: &Show, now: SimTime, dispatch: &Callback<Msg>) -> Html {
    let rows = view::verdicts::rows(show, now);
    html! {
        <section class="card verdicts" aria-labelledby="verdicts-title">
            <header>
                <h2 id="verdicts-title">{ "What the shoppers could notice" }</h2>
                <small>{ "so far" }</small>
            </header>
            { for rows.into_iter().map(|row| html! {
                <div class="verdict" data-state={row.state} key={row.term}>
                    { sign(row.state) }
                    <div>
                        <h3>{ row.title }<em>{ row.word }</em></h3>
                        <p>{ row.sentence }<span class="muted">{ format!(" ({})", row.term) }</span></p>
                        <div>
                            if let Some(at) = row.broke_at {
                                <button class="link" onclick={dispatch.reform(move |_| Msg::Seek(at))}>
                                    { format!("Go to {}", words::time(at)) }
                                </button>
                            }
                        </div>
                    </div>
                </div>
            }) }
        </section>
    }
}

/// The two numbers, this mode's and the other's.
pub fn price(show: &Show, twin: &Show, now: SimTime) -> Html {
    let price = Price::of(show, twin, now);
    let first = price.waits.first().copied();
    let (own_wait, other_wait) = first.map_or((None, None), |wait| (wait.own, wait.other));
    let (own_behind, other_behind) = (price.behind.behind, price.other_behind.behind);
    html! {
        <section class="card" aria-label="What it cost">
            <div class="price">
                <div class="figure">
                    <p>{ price_words::waited(first.as_ref()) }</p>
                    { big(own_wait) }
                    <p>{ price_words::waited_for(first.as_ref()) }</p>
                    { bars(&price, own_wait, other_wait, false) }
                </div>
                <div class="figure">
                    <p>{ price_words::behind(&price.behind) }</p>
                    { big(Some(own_behind)) }
                    <p>{ price_words::so_far(&price) }</p>
                    { bars(&price, Some(own_behind), Some(other_behind), true) }
                </div>
                <div class="waits">
                    <p>{ price_words::apart(&price.behind) }</p>
                    if price.waits.len() > 1 { { waits(&price) } }
                </div>
            </div>
        </section>
    }
}

fn big(length: Option<SimDuration>) -> Html {
    let text = length.map_or("–".to_string(), words::span);
    let (number, unit) = text.rsplit_once(' ').unwrap_or((text.as_str(), ""));
    html! { <strong>{ number }<small>{ unit }</small></strong> }
}

/// A bar for each mode, the longer one full.
fn bars(price: &Price, own: Option<SimDuration>, other: Option<SimDuration>, late: bool) -> Html {
    let longest = own.max(other).unwrap_or_default().0.max(1);
    let row = |mode: ReplicationMode, own: bool, length: Option<SimDuration>| {
        let part = (length.unwrap_or_default().0 * 100 / longest).max(2);
        let late = late && length.is_some_and(|length| length.0 > 0);
        html! {
            <div data-own={own.to_string()} data-late={late.to_string()} class="bar">
                <span>{ price_words::mode(mode, price.mixed) }</span>
                <span>{ length.map_or("–".to_string(), words::span) }</span>
                <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                    <rect width={part.to_string()} height="6" rx="1" />
                </svg>
            </div>
        }
    };
    let both = [
        (price.mode, true, own),
        (price.mode.flipped(), false, other),
    ];
    html! { <div class="bars">{ for both.map(|(mode, is_own, length)| row(mode, is_own, length)) }</div> }
}

/// Every shopper's longest wait, both ways.
fn waits(price: &Price) -> Html {
    let cell = |length: Option<SimDuration>| length.map_or("–".to_string(), words::span);
    html! {
        <table>
            <thead><tr>
                <th scope="col">{ "Longest wait" }</th>
                <th scope="col" data-own="true">{ price_words::mode(price.mode, price.mixed) }</th>
                <th scope="col">{ price_words::mode(price.mode.flipped(), price.mixed) }</th>
            </tr></thead>
            <tbody>{ for price.waits.iter().map(|wait| html! {
                <tr key={wait.who.as_str().to_string()}>
                    <th scope="row">{ price_words::who(wait) }</th>
                    <td data-own="true">{ cell(wait.own) }</td>
                    <td>{ cell(wait.other) }</td>
                </tr>
            }) }</tbody>
        </table>
    }
}

/// The table of side by side, and its one sentence.
pub fn changed(show: &Show, twin: &Show) -> Html {
    let changed = Changed::of(show, twin);
    let mixed = view::price::mixed(show);
    let cell = |cell: &Cell| {
        html! {
            <td>{ for cell.state.map(sign) }{ &cell.text }</td>
        }
    };
    html! {
        <section class="card changed" aria-labelledby="changed-title">
            <h2 id="changed-title">{ "What the switch changed" }</h2>
            <p class="muted">{ "Same clicks at the same times. Same luck: each message is delayed alike." }</p>
            <table>
                <thead><tr>
                    <td></td>
                    <th scope="col">{ price_words::mode(ReplicationMode::Synchronous, mixed) }</th>
                    <th scope="col">{ price_words::mode(ReplicationMode::Background, mixed) }</th>
                </tr></thead>
                <tbody>{ for changed.rows.iter().map(|row| html! {
                    <tr key={row.title.clone()}>
                        <th scope="row">{ &row.title }</th>
                        { cell(&row.synchronous) }
                        { cell(&row.background) }
                    </tr>
                }) }</tbody>
            </table>
            <p class="muted" hidden={changed.more == 0}>{ format!("and {} more views", changed.more) }</p>
            <p class="sum">{ changed.sentence }</p>
        </section>
    }
}
