//! The transport: restart, step, play, the clock, the Key and the speed; and the scrubber.

use crate::app::key::key_button;
use crate::playground::Msg;
use crate::time::SimTime;
use crate::view::words;
use crate::view::words::timeline::transport as said;
use crate::web::field;
use yew::prelude::*;

/// Wall time for one of simulated time.
const SPEEDS: [u32; 7] = [100, 50, 20, 10, 5, 2, 1];

/// What the transport shows.
pub struct Transport<'a> {
    pub now: SimTime,
    /// The end of the axis.
    pub end: SimTime,
    pub playing: bool,
    pub speed: u32,
    /// A first visit: Play wears a halo.
    pub hint: bool,
    pub dispatch: &'a Callback<Msg>,
}

/// The buttons, the clock, the Key and the speed; on a phone the scrubber too.
pub fn transport(props: &Transport) -> Html {
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
        (said::PAUSE, Msg::Pause)
    } else {
        (said::PLAY, Msg::Play)
    };
    html! {
        <div class="transport">
            { scrubber(props.now, props.end, words::time(props.now), props.dispatch) }
            { button(said::RESTART, Msg::Restart, "") }
            { button(said::BACK, Msg::StepBack, "") }
            { button(name, msg, if props.hint { "go halo" } else { "go" }) }
            { button(said::FORWARD, Msg::StepForward, "") }
            <p class="clock">
                <span data-glide="clock">{ words::time(props.now) }</span>
                <small>{ said::of(props.end) }</small>
            </p>
            { key_button() }
            { speed(props) }
        </div>
    }
}

fn speed(props: &Transport) -> Html {
    let change = props.dispatch.reform(|event: Event| {
        let value = field::value(&event);
        Msg::Speed(value.parse().unwrap_or(1))
    });
    html! {
        <label class="speed">
            <span>{ said::SPEED }</span>
            <select onchange={change} aria-label={said::SPEED}>
                { for SPEEDS.iter().map(|speed| html! {
                    <option value={speed.to_string()} selected={*speed == props.speed}>
                        { said::speed(*speed) }
                    </option>
                }) }
            </select>
        </label>
    }
}

/// The shape of a button; filled parts first, then lines.
fn picture(name: &'static str) -> Html {
    let (filled, lines) = match name {
        said::RESTART => ("", "M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5"),
        said::BACK => ("M17 6v12l-9-6Z", "M6 6v12"),
        said::FORWARD => ("M7 6v12l9-6Z", "M18 6v12"),
        said::PAUSE => ("M7 5.5h3.500v13H7ZM13.500 5.500H17v13h-3.500Z", ""),
        _ => ("M8 5.5v13l11-6.5Z", ""),
    };
    html! {
        <svg class="ico" viewBox="0 0 24 24" aria-hidden="true">
            <path class="fill" d={filled} />
            <path d={lines} />
        </svg>
    }
}

/// The playhead as a slider: arrows step from event to event, the other keys by time.
/// `value` is what is said of the moment.
pub fn scrubber(now: SimTime, end: SimTime, value: String, dispatch: &Callback<Msg>) -> Html {
    let input = dispatch.reform(|event: InputEvent| {
        let micros = field::value(&event);
        Msg::Seek(SimTime(micros.parse().unwrap_or(0)))
    });
    let dispatch = dispatch.clone();
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
            max={end.0.to_string()} value={now.0.to_string()} aria-label={said::SCRUBBER}
            aria-valuetext={value} oninput={input} onkeydown={key} />
    }
}
