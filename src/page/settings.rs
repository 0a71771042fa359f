//! The settings that have a slider. The text can say more; the sliders rewrite their own line.

use crate::chance::Delay;
use crate::page::element::{El, el};
use crate::playground::Msg;
use crate::scenario::{Key, Scenario, value};
use crate::sim::{Action, ReplicationMode};
use crate::time::SimDuration;
use crate::view::words::settings as words;

/// All the sliders, for what the text says now.
pub fn settings(scenario: &Scenario) -> El {
    let config = &scenario.config;
    let to_background = Action::Become(ReplicationMode::Background);
    let job = config.mode == ReplicationMode::Background
        || scenario
            .script
            .iter()
            .any(|cue| cue.action == to_background);
    let seed = scenario.seed.0;
    let luck = el("div.pair")
        .add(el("small").text("The same seed draws the same delays."))
        .add(
            el("button.solid")
                .send(Msg::Set(Key::Seed, (seed % 999 + 1).to_string()))
                .text("Another seed"),
        );
    let pause = Delay::Constant(config.pause);
    el("section[aria-labelledby=settings-title]")
        .add(el("h2#settings-title").text("Settings"))
        .add(delay("Database write", Key::Write, config.write, 100))
        .add(delay("Database read", Key::Read, config.read, 100))
        .add(range(
            "Network delay, one way",
            Key::Network,
            config.network,
            200,
        ))
        .add(
            delay("Background job delay", Key::Lag, config.lag, 2000)
                .attr("data-unused", !job)
                .add(
                    el("small")
                        .is("hidden", job)
                        .text("Synchronous replication has no background job."),
                ),
        )
        .each(
            (config.replicas > 0).then_some(config.replicas),
            |replicas| {
                let change = move |to| Msg::Set(Key::Replicas, to);
                let slider = slider((1, 8), u64::from(replicas), change);
                setting("Copies of Service 2", replicas.to_string()).add(slider)
            },
        )
        .add(delay("Pause between lines", Key::Pause, pause, 1000))
        .add(
            el("div.setting")
                .add(el("span").text("Luck (seed)"))
                .add(el("b").text(seed.to_string()))
                .add(luck),
        )
        .each(words::CHOICES, |(title, choices)| {
            let group = el("details").add(el("summary").text(title));
            group.each(choices, |choice| self::choice(choice, scenario))
        })
}

/// A menu of values; what the text says is among them.
fn choice((key, name, values): &words::Choice, scenario: &Scenario) -> El {
    let (key, own) = (*key, value(*key, scenario));
    let change = move |value: &str| Msg::Set(key, value.to_string());
    let mut offered: Vec<String> = values.iter().map(|value| value.to_string()).collect();
    if !offered.contains(&own) {
        offered.push(own.clone());
    }
    let menu = el("select").on_change(change).each(offered, |value| {
        el("option")
            .attr("value", value.clone())
            .is("selected", value == own)
            .text(value)
    });
    el("label.setting").add(el("span").text(*name)).add(menu)
}

/// A setting's name and value; what changes it comes after.
fn setting(name: &'static str, value: String) -> El {
    el("label.setting")
        .add(el("span").text(name))
        .add(el("b").text(value))
}

fn slider((least, most): (i32, i32), value: u64, moved: impl Fn(String) -> Msg + 'static) -> El {
    el("input[type=range]")
        .attr("min", least)
        .attr("max", most)
        .value(value.to_string())
        .on_input(move |value| moved(value.to_string()))
}

fn millis(length: SimDuration) -> u64 {
    length.0 / 1000
}

/// A slider for a constant delay, or for the mean of an exponential one.
fn delay(name: &'static str, key: Key, delay: Delay, most: i32) -> El {
    let (value, law) = match delay {
        Delay::Constant(length) => (length, ""),
        Delay::Exponential(mean) => (mean, "exp "),
        Delay::Range(_, to) => (to, ""),
    };
    let slider = slider((0, most), millis(value), move |to| {
        Msg::Set(key, format!("{law}{to}ms"))
    });
    let said = words::delay(delay);
    setting(name, said.clone()).add(slider.attr("aria-valuetext", said))
}

/// Two sliders: from and to.
fn range(name: &'static str, key: Key, delay: Delay, most: i32) -> El {
    let (from, to) = match delay {
        Delay::Constant(length) | Delay::Exponential(length) => (millis(length), millis(length)),
        Delay::Range(from, to) => (millis(from), millis(to)),
    };
    let end = |label: &'static str, first: bool, value: u64| {
        let slider = slider((0, most), value, move |moved| {
            let moved: u64 = moved.parse().unwrap_or(value);
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
        slider
            .attr("aria-label", format!("{name}: {label}"))
            .attr("aria-valuetext", format!("{value} ms"))
    };
    el("div.setting[role=group]")
        .attr("aria-label", name)
        .add(el("span").text(name))
        .add(el("b").text(words::delay(delay)))
        .add(
            el("div.pair")
                .add(end("least", true, from))
                .add(end("most", false, to)),
        )
}
