//! One run's picture: everything that does not depend on the playhead, drawn once a run.

use crate::app::svg::{px, translate};
use crate::view::Shared;
use crate::view::spacetime::{Arrow, Block, Bracket, Flag, Head, Label, Lane, ROW, SpaceTime};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub picture: Shared<SpaceTime>,
    /// What the ids of patterns and arrow heads begin with.
    pub id: AttrValue,
}

#[component]
pub fn Diagram(props: &Props) -> Html {
    let (picture, id) = (&*props.picture, &props.id);
    let block = |class: &'static str| move |one: &Block| block(class, id, one);
    html! {
        <g data-crowd={picture.crowded.then_some("true")}>
            { for picture.lanes.all.iter().map(|lane| head(lane, picture)) }
            { for picture.frame.axis().iter().map(|tick| {
                line("grid", tick.x, picture.top, tick.x, picture.bottom)
            }) }
            { for picture.brackets.iter().flat_map(|one| shade(one, picture)) }
            { for picture.ribbons.iter().map(block("rib")) }
            { for picture.work.iter().map(block("work")) }
            { for picture.waiting.iter().map(|one| html! {
                <g class="job">
                    <title>{ one.title.clone() }</title>
                    <path d={format!("M{} {}V{}", px(one.from), px(one.top), px(one.y))} />
                    { line("line", one.from, one.y, one.to, one.y) }
                    { for one.label.iter().map(text) }
                </g>
            }) }
            { for picture.arrows.iter().map(|one| arrow(id, one)) }
            { for picture.bars.iter().map(block("op")) }
            { for picture.stubs.iter().map(block("stub")) }
            { for picture.brackets.iter().map(|one| bracket(one, picture.strip)) }
            { for picture.marks.iter().map(|one| html! {
                <g class="mark" data-state={one.state}>
                    <title>{ one.title.clone() }</title>
                    { line("edge", one.x, picture.top - 16.0, one.x, picture.bottom) }
                    { for one.label.iter().map(text) }
                </g>
            }) }
            { for picture.flags.iter().map(flag) }
        </g>
    }
}

/// Patterns and arrow heads, once a picture: the groups share them.
pub fn definitions(id: &str) -> Html {
    let pattern = |name: &str, turn: &'static str, class: &'static str| {
        html! {
            <pattern id={format!("{id}-{name}")} width="7" height="7"
                patternUnits="userSpaceOnUse" patternTransform={turn}>
                <rect width="7" height="7" {class} />
                <path d="M0 0V7" {class} />
            </pattern>
        }
    };
    let marker = |name: &str, shape: &'static str| {
        html! {
            <marker id={format!("{id}-{name}")} class={format!("head {name}")} viewBox="0 0 10 10"
                refX="8.6" refY="5" markerWidth="8" markerHeight="8" orient="auto"
                markerUnits="userSpaceOnUse">
                <path d={shape} />
            </marker>
        }
    };
    html! {
        <defs>
            { pattern("stale", "rotate(45)", "hatch-stale") }
            { pattern("down", "rotate(-45)", "hatch-down") }
            { marker("request", "M0 .8 9 5 0 9.2Z") }
            { marker("response", "M1.4 1.4 8.4 5 1.4 8.6") }
            { marker("replicate", "M0 .8 9 5 0 9.2Z") }
        </defs>
    }
}

/// What an operation ended with. It is drawn again above the veil while the playhead is in it.
pub fn flag(flag: &Flag) -> Html {
    let mark = match flag.state {
        "ok" => "M-3.6 .2-1 2.8 3.6-2.8",
        "stale" => "M-4-2.5H4M-4 2.5H1",
        "failed" => "M-3-3 3 3M3-3-3 3",
        _ => "M-2-2a2 2 0 1 1 2.600 2c-.4.200-.6.600-.6 1M0 4v.1",
    };
    html! {
        <g class="flag" data-state={flag.state}
            transform={translate(flag.x, flag.y)}>
            <title>{ flag.title.clone() }</title>
            <rect y="-9.5" width={px(flag.width)} height="19" rx="9.5" />
            <path d={mark} transform="translate(9 0)" />
            <text x="19" y="4.2">{ flag.text.clone() }</text>
        </g>
    }
}

pub fn line(class: &'static str, x1: f32, y1: f32, x2: f32, y2: f32) -> Html {
    html! { <line {class} x1={px(x1)} y1={px(y1)} x2={px(x2)} y2={px(y2)} /> }
}

fn text(label: &Label) -> Html {
    html! { <text x={px(label.x)} y={px(label.y)}>{ label.text.clone() }</text> }
}

fn head(lane: &Lane, picture: &SpaceTime) -> Html {
    let (letter, role) = match &lane.head {
        Head::Shopper(letter) => (letter.as_str(), ""),
        Head::Writer => (
            "",
            "M-4.4 4.4l.6-2.700L2.600-4.800a1.400 1.400 0 0 1 2 2L-1.800 3.800ZM1.400-3.400l1.900 1.900",
        ),
        Head::Reader => (
            "",
            "M-6 0C-4-2.800-2-4 0-4S4-2.800 6 0C4 2.800 2 4 0 4S-4 2.800-6 0Z\
             M-1.800 0a1.800 1.800 0 1 0 3.600 0 1.800 1.800 0 1 0-3.600 0",
        ),
    };
    let round = if letter.is_empty() { "5" } else { "10" };
    html! {
        <g class="lane">
            <title>{ lane.name.clone() }</title>
            { line("rail-line", picture.frame.left(), lane.y, picture.frame.right(), lane.y) }
            <g transform={translate(12.0, lane.y)}>
                <rect x="-10" y="-10" width="20" height="20" rx={round} />
                <path d={role} />
                <text class="letter" y="4.2">{ letter.to_string() }</text>
                <text x="17" y="4.2">{ lane.label.clone().unwrap_or_default() }</text>
            </g>
        </g>
    }
}

/// A block of a lane, hatched where its state must not be told by colour alone.
pub fn block(class: &'static str, id: &str, block: &Block) -> Html {
    let hatched = match (class, block.state) {
        ("rib", "behind") => Some("stale"),
        ("op", "stale") if block.label.is_none() => Some("stale"),
        (_, "failed" | "queued") => Some("down"),
        _ => None,
    };
    let round = match block.width {
        _ if block.state == "unknown" => "0",
        width if width < 6.0 => "1",
        _ => "3",
    };
    // An operation without an answer has no right end.
    let open = (block.state == "unknown").then(|| {
        [block.width, block.height, block.width + block.height]
            .map(px)
            .join(" ")
    });
    html! {
        <g {class} data-state={block.state}>
            <title>{ block.title.clone() }</title>
            <rect x={px(block.x)} y={px(block.y)} width={px(block.width)} height={px(block.height)}
                rx={round} stroke-dasharray={open}
                fill={hatched.map(|name| format!("url(#{id}-{name})"))} />
            { for block.label.iter().map(text) }
        </g>
    }
}

fn arrow(id: &str, arrow: &Arrow) -> Html {
    let head = if arrow.kind == "ack" {
        "replicate"
    } else {
        arrow.kind
    };
    let end = arrow.arrives.then(|| format!("url(#{id}-{head})"));
    let [x1, y1, x2, y2] = [arrow.x1, arrow.y1, arrow.x2, arrow.y2].map(px);
    let d = format!("M{x1} {y1}L{x2} {y2}");
    html! {
        <path class="arrow" data-kind={arrow.kind} marker-end={end} {d}>
            <title>{ arrow.title.clone() }</title>
        </path>
    }
}

/// The windows of a bracket, over all lanes.
fn shade(bracket: &Bracket, picture: &SpaceTime) -> Vec<Html> {
    let top = picture.strip + ROW;
    let shade = |(from, to): &(f32, f32)| {
        let (x, width) = (px(*from), px((to - from).max(0.5)));
        html! {
            <g class="window">
                <rect {x} y={px(picture.top)} {width} height={px(picture.bottom - picture.top)} />
                { line("edge", *from, top, *from, picture.bottom) }
                { line("edge", *to, top, *to, picture.bottom) }
            </g>
        }
    };
    bracket.windows.iter().map(shade).collect()
}

fn bracket(bracket: &Bracket, top: f32) -> Html {
    let (y, below) = (top + 8.0, top + ROW + 8.0);
    let span = |from: f32, to: f32, y: f32| {
        let [from, to, y, above] = [from, to, y, y - 4.0].map(px);
        format!("M{from} {above}v8M{from} {y}H{to}M{to} {above}v8")
    };
    let windows: Vec<String> = bracket
        .windows
        .iter()
        .map(|w| span(w.0, w.1, below))
        .collect();
    html! {
        <g class="bracket">
            <title>{ bracket.title.clone() }</title>
            <path class="apart" d={span(bracket.from, bracket.to, y)} />
            <path class="after" d={windows.concat()} />
            <g class="apart">{ for bracket.labels[0].iter().map(text) }</g>
            <g class={if windows.is_empty() { "none" } else { "after" }}>
                { for bracket.labels[1].iter().map(text) }
            </g>
        </g>
    }
}
