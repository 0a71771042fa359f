//! The settings that have a slider. The text can say more; the sliders rewrite their own line.

use crate::chance::Delay;
use crate::playground::Msg;
use crate::scenario::{Key, Scenario};
use crate::sim::ReplicationMode;
use crate::time::SimDuration;
use crate::view::words::settings as words;
use crate::web::field;
use yew::prelude::*;

/// All the sliders, for what the text says now.
pub fn settings(scenario: &Scenario, send: &Callback<Msg>) -> Html {
    let config = &scenario.config;
    let job = config.mode == ReplicationMode::Background
        || scenario
            .script
            .iter()
            .any(|cue| cue.action == crate::sim::Action::Become(ReplicationMode::Background));
    let seed = scenario.seed.0;
    let another =
        send.reform(move |_: MouseEvent| Msg::Set(Key::Seed, (seed % 999 + 1).to_string()));
    html! {
        <section aria-labelledby="settings-title">
            <h2 id="settings-title">{ "Settings" }</h2>
            { delay("Database write", Key::Write, config.write, 100, true, send) }
            { delay("Database read", Key::Read, config.read, 100, true, send) }
            { range("Network delay, one way", Key::Network, config.network, 200, send) }
            { delay("Background job delay", Key::Lag, config.lag, 2000, job, send) }
            { slider("Copies of Service 2", Key::Replicas, u64::from(config.replicas), (1, 8), send) }
            { delay("Pause between lines", Key::Pause, Delay::Constant(config.pause), 1000, true, send) }
            <div class="setting">
                <span>{ "Luck (seed)" }</span>
                <span><b>{ seed }</b></span>
                <div class="pair">
                    <small>{ "The same seed draws the same delays." }</small>
                    <button class="solid" onclick={another}>{ "Another seed" }</button>
                </div>
            </div>
        </section>
    }
}

fn millis(length: SimDuration) -> String {
    (length.0 / 1000).to_string()
}

/// A slider for a constant delay, or for the mean of an exponential one.
fn delay(
    name: &'static str,
    key: Key,
    delay: Delay,
    most: u64,
    used: bool,
    send: &Callback<Msg>,
) -> Html {
    let (value, law) = match delay {
        Delay::Constant(length) => (length, ""),
        Delay::Exponential(mean) => (mean, "exp "),
        Delay::Range(_, to) => (to, ""),
    };
    let oninput = send
        .reform(move |event: InputEvent| Msg::Set(key, format!("{law}{}ms", field::value(&event))));
    let note = if used {
        ""
    } else {
        "Synchronous replication has no background job."
    };
    html! {
        <label class="setting" data-unused={(!used).to_string()}>
            <span>{ name }</span>
            <b>{ if used { words::delay(delay) } else { "not used".to_string() } }</b>
            <input type="range" min="0" max={most.to_string()} value={millis(value)} {oninput}
                aria-valuetext={words::delay(delay)} />
            <small hidden={used}>{ note }</small>
        </label>
    }
}

/// Two sliders: from and to.
fn range(name: &'static str, key: Key, delay: Delay, most: u64, send: &Callback<Msg>) -> Html {
    let (from, to) = match delay {
        Delay::Constant(length) | Delay::Exponential(length) => (length.0 / 1000, length.0 / 1000),
        Delay::Range(from, to) => (from.0 / 1000, to.0 / 1000),
    };
    let end = |label: &'static str, first: bool, value: u64| {
        let oninput = send.reform(move |event: InputEvent| {
            let moved: u64 = field::value(&event).parse().unwrap_or(value);
            let (from, to) = if first {
                (moved, to.max(moved))
            } else {
                (from.min(moved), moved)
            };
            Msg::Set(
                key,
                if from == to {
                    format!("{to}ms")
                } else {
                    format!("{from}ms-{to}ms")
                },
            )
        });
        html! {
            <input type="range" min="0" max={most.to_string()} value={value.to_string()} {oninput}
                aria-label={format!("{name}: {label}")} aria-valuetext={format!("{value} ms")} />
        }
    };
    html! {
        <div class="setting" role="group" aria-label={name}>
            <span>{ name }</span><b>{ words::delay(delay) }</b>
            <div class="pair">{ end("least", true, from) }{ end("most", false, to) }</div>
        </div>
    }
}

fn slider(
    name: &'static str,
    key: Key,
    value: u64,
    (least, most): (u64, u64),
    send: &Callback<Msg>,
) -> Html {
    let oninput = send.reform(move |event: InputEvent| Msg::Set(key, field::value(&event)));
    html! {
        <label class="setting">
            <span>{ name }</span><b>{ value }</b>
            <input type="range" min={least.to_string()} max={most.to_string()}
                value={value.to_string()} {oninput} />
        </label>
    }
}
