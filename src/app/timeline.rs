//! The timeline: every instant of a run, or of two on one axis, and the playhead.
//!
//! The pictures are made once a run and drawn once a run; moving the playhead moves one line and
//! the veil over the future. Invariant: the scrubber's thumb stands on the axis of the picture.

pub mod diagram;

use crate::app::svg::{px, translate};
use crate::app::transport::scrubber;
use crate::playground::Msg;
use crate::shop::Name;
use crate::time::SimTime;
use crate::view::spacetime::{Frame, SpaceTime, Tick};
use crate::view::words::timeline as words;
use crate::view::{Shared, Show};
use crate::web::pointer;
use diagram::{Diagram, definitions, flag, line};
use yew::prelude::*;

/// The height of the scrubber, between two groups, and of the axis.
const SCRUB: f32 = 26.0;
const BETWEEN: f32 = 10.0;
const AXIS: f32 = 20.0;

/// A run on the timeline; of two, each has a title.
#[derive(Clone, PartialEq)]
pub struct Group {
    pub title: Option<AttrValue>,
    pub show: Shared<Show>,
}

#[derive(Properties, PartialEq)]
pub struct Props {
    pub groups: Vec<Group>,
    /// The shoppers of the stage, in its order.
    pub stage: Shared<Vec<Name>>,
    pub now: SimTime,
    /// The end of the axis.
    pub horizon: SimTime,
    /// Of the picture, in CSS pixels.
    pub width: u32,
    /// What the ids inside the picture begin with.
    pub id: AttrValue,
    pub dispatch: Callback<Msg>,
}

/// A group with its picture and its place.
#[derive(Clone, PartialEq)]
struct Placed {
    title: Option<AttrValue>,
    picture: Shared<SpaceTime>,
    top: f32,
}

#[component]
pub fn Timeline(props: &Props) -> Html {
    let frame = Frame {
        width: props.width,
        horizon: props.horizon,
    };
    let placed = use_memo(
        (props.groups.clone(), props.stage.clone(), frame),
        |(groups, stage, frame)| place(groups, stage, *frame),
    );
    let bottom = placed
        .last()
        .map_or(SCRUB, |group| group.top + group.picture.bottom);
    let height = bottom + AXIS;
    let sentences: Vec<String> = placed.iter().map(told).collect();
    let sampled = placed.iter().find_map(|group| group.picture.sampled);
    let empty = placed.iter().all(|group| group.picture.empty);
    let press = seek(frame, &props.dispatch, true);
    let drag = seek(frame, &props.dispatch, false);
    html! {
        <div class="timeline" data-narrow={frame.is_narrow().then_some("true")}>
            <div class="plot">
                <svg width={props.width.to_string()} height={px(height)} role="img"
                    viewBox={format!("0 0 {} {}", props.width, px(height))}
                    aria-label={sentences.join(" ")} onpointerdown={press} onpointermove={drag}>
                    { definitions(&props.id) }
                    { plot_clip(frame, &props.id, bottom) }
                    { scrub_track(&placed, frame, &props.id, props.now) }
                    <g>{ for placed.iter().enumerate().map(|(nth, group)| html! {
                        <g key={nth} transform={translate(0.0, group.top)}>
                            <text class="title" x="2" y="14">{ group.title.clone() }</text>
                            <Diagram picture={group.picture.clone()} id={props.id.clone()} />
                        </g>
                    }) }</g>
                    { axis(frame, bottom) }
                    { playhead(frame, &props.id, props.now, bottom) }
                    <g>{ for placed.iter().map(|group| html! {
                        <g transform={translate(0.0, group.top)}>
                            { for group.picture.flags_at(props.now).map(flag) }
                        </g>
                    }) }</g>
                </svg>
                { scrubber(props.now, props.horizon, heard(props), &props.dispatch) }
            </div>
            <p class="note">
                { if empty { words::empty().to_string() } else {
                    sampled.map_or(String::new(), |(shown, total)| words::sampled(shown, total))
                } }
            </p>
        </div>
    }
}

fn place(groups: &[Group], stage: &[Name], frame: Frame) -> Vec<Placed> {
    let mut top = SCRUB;
    let titled = groups.len() > 1;
    let placed = groups.iter().map(|group| {
        let picture = SpaceTime::of(&group.show, stage, frame, titled);
        let own = top;
        top += picture.bottom + BETWEEN;
        Placed {
            title: group.title.clone(),
            picture: Shared::new(picture),
            top: own,
        }
    });
    placed.collect()
}

/// What the playhead says to those who hear it.
fn heard(props: &Props) -> String {
    let said = props.groups.iter().map(|group| {
        let title = group.title.as_ref().map(|title| title.to_string());
        (title, words::at(&group.show, props.now))
    });
    words::at_each(&said.collect::<Vec<_>>())
}

fn told(group: &Placed) -> String {
    match &group.title {
        Some(title) => format!("{title}: {}", group.picture.sentence),
        None => group.picture.sentence.clone(),
    }
}

/// A press or a drag on the picture moves the playhead to the moment below the pointer.
fn seek(frame: Frame, dispatch: &Callback<Msg>, press: bool) -> Callback<PointerEvent> {
    let dispatch = dispatch.clone();
    Callback::from(move |event: PointerEvent| {
        if let Some(part) = pointer::across(&event, press) {
            dispatch.emit(Msg::Seek(frame.moment(part * f64::from(frame.width))));
        }
    })
}

/// The line below the scrubber's thumb, with a mark wherever something happens.
fn scrub_track(placed: &[Placed], frame: Frame, id: &str, now: SimTime) -> Html {
    let mut past = String::new();
    let mut future = String::new();
    for tick in placed.iter().flat_map(|group| &group.picture.ticks) {
        let marks = if *tick <= now { &mut past } else { &mut future };
        marks.push_str(&format!(
            "M{} {}v6",
            px(frame.x(*tick)),
            px(SCRUB / 2.0 - 4.0)
        ));
    }
    let y = SCRUB / 2.0 - 1.0;
    let width = frame.right();
    html! {
        <g class="track" clip-path={format!("url(#{id}-plot)")}>
            { line("all", frame.left(), y, frame.right(), y) }
            { gliding(frame, now, html! {
                <rect x={px(-width)} y={px(y - 2.0)} width={px(width)} height="4" />
            }) }
            <path class="past" d={past} />
            <path class="future" d={future} />
        </g>
    }
}

/// One line and the veil over all that is still to come.
fn playhead(frame: Frame, id: &str, now: SimTime, bottom: f32) -> Html {
    let width = frame.width.to_string();
    html! {
        <g class="playhead" clip-path={format!("url(#{id}-plot)")}>
            { gliding(frame, now, html! {
                <>
                    <rect x="1" y={px(SCRUB)} {width} height={px(bottom - SCRUB)} />
                    { line("head", 0.0, SCRUB / 2.0, 0.0, bottom) }
                </>
            }) }
        </g>
    }
}

/// What stands at the playhead and moves with it.
fn gliding(frame: Frame, now: SimTime, inside: Html) -> Html {
    let (left, right, horizon) = (frame.left(), frame.right(), frame.horizon.0);
    html! {
        <g data-glide="head" data-path={format!("{} 0 {} 0 0 {horizon}", px(left), px(right))}
            transform={translate(frame.x(now), 0.0)}>{ inside }</g>
    }
}

/// Nothing that moves with the playhead is drawn outside of the plot.
fn plot_clip(frame: Frame, id: &str, bottom: f32) -> Html {
    let (left, width) = (frame.left() - 2.0, frame.width as f32 - frame.left() + 2.0);
    html! {
        <clipPath id={format!("{id}-plot")}>
            <rect x={px(left)} y="0" width={px(width)} height={px(bottom)} />
        </clipPath>
    }
}

fn axis(frame: Frame, bottom: f32) -> Html {
    let label = |tick: &Tick| {
        let text = tick.label.clone()?;
        // The last label would stand outside of the picture if it stood in its middle.
        let last = tick.x > frame.width as f32 - 24.0;
        let (x, anchor) = if last {
            (frame.width as f32, "end")
        } else {
            (tick.x, "middle")
        };
        Some(html! { <text x={px(x)} y={px(bottom + 15.0)} text-anchor={anchor}>{ text }</text> })
    };
    html! { <g class="axis">{ for frame.axis().iter().filter_map(label) }</g> }
}
