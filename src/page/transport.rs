//! The transport: restart, step, play, the clock, the Key and the speed; and the scrubber.

use crate::page::element::{El, el};
use crate::page::icons;
use crate::page::key::key_button;
use crate::playground::Msg;
use crate::time::SimTime;
use crate::view::words;
use crate::view::words::timeline::transport as said;

/// Wall time for one of simulated time.
const SPEEDS: [u32; 7] = [100, 50, 20, 10, 5, 2, 1];

/// What the transport shows.
pub struct Transport {
    pub now: SimTime,
    /// The end of the axis.
    pub end: SimTime,
    pub playing: bool,
    pub speed: u32,
    /// A first visit: Play wears a halo.
    pub hint: bool,
    pub printed: bool,
}

/// The buttons, the clock, the Key and the speed; on a phone the scrubber too.
pub fn transport(props: &Transport) -> El {
    let button = |name: &'static str, msg: Msg, class: &'static str| {
        el("button[type=button]")
            .class(class)
            .attr("aria-label", name)
            .attr("title", name)
            .send(msg)
            .add(picture(name))
    };
    let (name, msg) = if props.playing {
        (said::PAUSE, Msg::Pause)
    } else {
        (said::PLAY, Msg::Play)
    };
    let go = if props.hint { "tp go halo" } else { "tp go" };
    let now = words::time(props.now);
    let clock = el("p.clock")
        .add(el("span[data-glide=clock]").text(&now))
        .add(el("small").text(said::of(props.end)));
    el("div.transport")
        .add(scrubber(props.now, props.end, now))
        .add(button(said::RESTART, Msg::Restart, "tp"))
        .add(button(said::BACK, Msg::StepBack, "tp"))
        .add(button(name, msg, go))
        .add(button(said::FORWARD, Msg::StepForward, "tp"))
        .add(clock)
        .add(key_button(props.printed))
        .add(speed(props))
}

fn speed(props: &Transport) -> El {
    let change = |value: &str| Msg::Speed(value.parse().unwrap_or(1));
    let choices = el("select")
        .on_change(change)
        .attr("aria-label", said::SPEED)
        .each(SPEEDS, |speed| {
            el("option")
                .attr("value", speed as i32)
                .is("selected", speed == props.speed)
                .text(said::speed(speed))
        });
    el("label.speed")
        .add(el("span").text(said::SPEED))
        .add(choices)
}

/// The shape of a button; filled parts first, then lines.
fn picture(name: &'static str) -> El {
    let (filled, lines) = match name {
        said::RESTART => ("", "M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5"),
        said::BACK => ("M17 6v12l-9-6Z", "M6 6v12"),
        said::FORWARD => ("M7 6v12l9-6Z", "M18 6v12"),
        said::PAUSE => ("M7 5.5h3.5v13H7ZM13.5 5.5H17v13h-3.5Z", ""),
        _ => ("M8 5.5v13l11-6.5Z", ""),
    };
    icons::picture("ico", "0 0 24 24", &[("fill", filled), ("", lines)])
}

/// The playhead as a slider: arrows step from event to event, the other keys by time.
/// `value` is what is said of the moment.
pub fn scrubber(now: SimTime, end: SimTime, value: String) -> El {
    let input = |micros: &str| Msg::Seek(SimTime(micros.parse().unwrap_or(0)));
    let key = |key: &str| match key {
        "ArrowLeft" | "ArrowDown" => Some(Msg::StepBack),
        "ArrowRight" | "ArrowUp" => Some(Msg::StepForward),
        _ => None,
    };
    el("input.scrub[type=range][data-glide=scrub][min=0][step=1]")
        .attr("max", end.0.to_string())
        .value(now.0.to_string())
        .attr("aria-label", said::SCRUBBER)
        .attr("aria-valuetext", value)
        .on_input(input)
        .on_key(key)
}
