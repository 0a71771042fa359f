//! The transport: restart, step, play, the clock, the Key and the speed; and the scrubber.

use crate::app::key::KeyButton;
use crate::playground::Msg;
use crate::time::SimTime;
use crate::view::words;
use crate::view::words::timeline::{scrubber, transport};
use crate::web::field;
use yew::prelude::*;

/// Wall time for one of simulated time.
const SPEEDS: [u32; 7] = [100, 50, 20, 10, 5, 2, 1];

#[derive(Properties, PartialEq)]
pub struct Props {
    pub now: SimTime,
    /// The end of the axis.
    pub end: SimTime,
    pub playing: bool,
    pub speed: u32,
    /// A first visit: Play wears a halo.
    pub hint: bool,
    pub dispatch: Callback<Msg>,
}

#[component]
pub fn Transport(props: &Props) -> Html {
    let button = |name: &'static str, msg: Msg, class: &'static str| {
        let click = props.dispatch.reform(move |_: MouseEvent| msg.clone());
        html! {
            <button type="button" class={classes!("tp", class)} aria-label={name} title={name}
                onclick={click}>
                { picture(name) }
            </button>
        }
    };
    let (name, msg) = if props.playing {
        (transport::PAUSE, Msg::Pause)
    } else {
        (transport::PLAY, Msg::Play)
    };
    html! {
        <div class="transport">
            <Scrubber now={props.now} end={props.end} value={words::time(props.now)}
                dispatch={props.dispatch.clone()} />
            { button(transport::RESTART, Msg::Restart, "") }
            { button(transport::BACK, Msg::StepBack, "") }
            { button(name, msg, if props.hint { "go halo" } else { "go" }) }
            { button(transport::FORWARD, Msg::StepForward, "") }
            <p class="clock">
                <span data-glide="clock">{ words::time(props.now) }</span>
                <small>{ transport::of(props.end) }</small>
            </p>
            <KeyButton />
            { speed(props) }
        </div>
    }
}

fn speed(props: &Props) -> Html {
    let change = props.dispatch.reform(|event: Event| {
        let value = field::value(&event);
        Msg::Speed(value.parse().unwrap_or(1))
    });
    html! {
        <label class="speed">
            <span>{ transport::SPEED }</span>
            <select onchange={change}>
                { for SPEEDS.iter().map(|speed| html! {
                    <option value={speed.to_string()} selected={*speed == props.speed}>
                        { transport::speed(*speed) }
                    </option>
                }) }
            </select>
        </label>
    }
}

/// The shape of a button; filled parts first, then lines.
fn picture(name: &'static str) -> Html {
    let (filled, lines) = match name {
        transport::RESTART => ("", "M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5"),
        transport::BACK => ("M17 6v12l-9-6Z", "M6 6v12"),
        transport::FORWARD => ("M7 6v12l9-6Z", "M18 6v12"),
        transport::PAUSE => ("M7 5.5h3.500v13H7ZM13.500 5.500H17v13h-3.500Z", ""),
        _ => ("M8 5.5v13l11-6.5Z", ""),
    };
    html! {
        <svg class="ico" viewBox="0 0 24 24" aria-hidden="true">
            <path class="fill" d={filled} />
            <path d={lines} />
        </svg>
    }
}

#[derive(Properties, PartialEq)]
pub struct ScrubberProps {
    pub now: SimTime,
    pub end: SimTime,
    /// What is said of the moment.
    pub value: String,
    pub dispatch: Callback<Msg>,
}

/// The playhead as a slider: arrows step from event to event, the other keys by time.
#[component]
pub fn Scrubber(props: &ScrubberProps) -> Html {
    let input = props.dispatch.reform(|event: InputEvent| {
        let micros = field::value(&event);
        Msg::Seek(SimTime(micros.parse().unwrap_or(0)))
    });
    let dispatch = props.dispatch.clone();
    let key = Callback::from(move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => Msg::StepBack,
            "ArrowRight" | "ArrowUp" => Msg::StepForward,
            _ => return,
        };
        event.prevent_default();
        dispatch.emit(step);
    });
    html! {
        <input type="range" class="scrub" data-glide="scrub" min="0" step="1"
            max={props.end.0.to_string()} value={props.now.0.to_string()} aria-label={scrubber()}
            aria-valuetext={props.value.clone()} oninput={input} onkeydown={key} />
    }
}
