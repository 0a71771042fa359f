//! The stage: draws a [`Scene`] and sends what its buttons ask for.
//!
//! Invariant: whatever can be pressed is a real control: it has a name, it can be reached with
//! Tab, and Enter and Space press it.

use crate::app::glyphs;
use crate::playground::Msg;
use crate::shop::Name;
use crate::time::SimTime;
use crate::view::scene::{
    Choices, Control, Course, Flight, Mark, Menu, Panel, Part, Place, Press, Scene, Shape, Words,
};
use crate::view::{Shared, Show};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct Props {
    pub show: Shared<Show>,
    /// The shoppers on the stage.
    pub stage: Shared<Vec<Name>>,
    pub now: SimTime,
    pub shape: Shape,
    /// What the ids inside the picture begin with.
    pub id: AttrValue,
    /// Whether its buttons work.
    pub live: bool,
    /// A first visit: the obvious first control wears a halo while the run is empty.
    pub hint: bool,
    pub dispatch: Callback<Msg>,
}

#[component]
pub fn Stage(props: &Props) -> Html {
    let scene = Scene::at(&props.show, &props.stage, props.now, props.shape);
    let open = use_state(|| None::<(Name, Menu)>);
    let hinted = (props.hint && scene.is_empty).then(|| scene.panels[0].client);
    let pen = Pen {
        props,
        open,
        hinted,
    };
    let below = props.shape == Shape::Phone;
    let add = &scene.add_shopper;
    let view_box = format!("0 0 {} {}", scene.width, scene.height);
    html! {
        <div class="stage">
            <svg viewBox={view_box} width={scene.width.to_string()}
                height={scene.height.to_string()} role="group" aria-label="The stage">
                <g role="img" aria-label={scene.sentence.clone()}>
                    <defs><pattern id={pen.hatch()} width="7" height="7"
                        patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
                        <rect width="7" height="7" class="hatch-ground" />
                        <line y2="7" class="hatch-line" />
                    </pattern></defs>
                    <g>{ for scene.ground.iter().map(|part| pen.part(part)) }</g>
                    <g>{ for scene.flights.iter().map(|flight| pen.flight(flight)) }</g>
                    <g>{ for scene.parts.iter().map(|part| pen.part(part)) }</g>
                    <g>{ for scene.flights.iter().map(|flight| pen.label(flight)) }</g>
                </g>
                <g>{ for scene.panels.iter().filter(|_| !below).map(|panel| pen.panel(panel)) }</g>
                <g>{ for add.iter().filter(|_| !below).map(|add| pen.button(add)) }</g>
            </svg>
            <div class="stage-note">{ scene.note.clone() }</div>
            <div class="acts" hidden={!below}>
                { for scene.panels.iter().filter(|_| below).map(|panel| pen.acts(panel)) }
                { for add.iter().filter(|_| below).map(|add| pen.act(add, "wide")) }
            </div>
        </div>
    }
}

/// What drawing needs to know besides the scene.
struct Pen<'a> {
    props: &'a Props,
    open: UseStateHandle<Option<(Name, Menu)>>,
    /// The shopper whose Add wears the halo.
    hinted: Option<Name>,
}

impl Pen<'_> {
    fn hatch(&self) -> String {
        format!("{}-hatch", self.props.id)
    }

    fn part(&self, part: &Part) -> Html {
        html! {
            <g key={part.key.clone()} class={part.class} data-state={part.state}
                transform={translate(part.at)}>
                { for part.marks.iter().map(|mark| self.mark(mark)) }
            </g>
        }
    }

    fn mark(&self, mark: &Mark) -> Html {
        match mark {
            Mark::Text { x, y, class, words } => text(*x, *y, class, words),
            Mark::Rect {
                place,
                radius,
                class,
                hatch,
            } => {
                let fill = hatch.then(|| format!("url(#{})", self.hatch()));
                rect(*place, *radius, class, fill)
            }
            Mark::Path { d, class } => html! { <path class={*class} d={d.clone()} /> },
            Mark::Icon { x, y, icon } => {
                html! { <g transform={translate((*x, *y))}>{ glyphs::mark(icon) }</g> }
            }
        }
    }

    fn flight(&self, flight: &Flight) -> Html {
        let flip = if flight.flip {
            "scale(-1 1)"
        } else {
            "scale(1 1)"
        };
        let stale = flight.stale.to_string();
        let Place { x, y, w, h } = flight.way;
        let trail = format!("M0 0l{} {}", flight.trail.0, flight.trail.1);
        // The inner svg cuts off what of the trail lies before the start.
        html! {
            <g key={flight.key} class="flight" data-kind={flight.kind} data-stale={stale}>
                <svg x={x.to_string()} y={y.to_string()} width={w.to_string()}
                    height={h.to_string()} viewBox={format!("{x} {y} {w} {h}")}>
                    { self.moving(&flight.course, html! { <path class="trail" d={trail} /> }) }
                </svg>
                { self.moving(&flight.course, html! {
                    <g transform={flip}>{ glyphs::message_glyph(flight.kind) }</g>
                }) }
            </g>
        }
    }

    fn label(&self, flight: &Flight) -> Html {
        // A message without a label keeps its empty place, so that keys never jump.
        let Some(label) = &flight.label else {
            return html! { <g key={flight.key}></g> };
        };
        let words = text(0, 0, label.class, &label.words);
        html! { <g key={flight.key}>{ self.moving(&label.course, words) }</g> }
    }

    /// What moves along a course with the playhead.
    fn moving(&self, course: &Course, content: Html) -> Html {
        let (x, y) = course.at(self.props.now.0);
        html! {
            <g data-glide="move" data-path={course.path()}
                transform={format!("translate({x:.1} {y:.1})")}>
                { content }
            </g>
        }
    }

    /// One shopper's buttons, and an open menu right behind them.
    fn panel(&self, panel: &Panel) -> Html {
        html! {
            <g key={panel.client.to_string()} transform={translate(panel.at)}
                onkeydown={self.escape()}>
                <g>{ for panel.controls.iter().map(|control| self.button(control)) }</g>
                <g>{ for self.choices(panel).iter().map(|choices| self.menu(choices)) }</g>
            </g>
        }
    }

    fn button(&self, control: &Control) -> Html {
        let Place { x, y, w, h } = control.place;
        let inner = match control.label.as_str() {
            "" => {
                let middle = translate((w / 2, h / 2));
                html! { <g transform={middle}>{ glyphs::mark(control.icon) }</g> }
            }
            label => text(w / 2, h / 2 + 4, "mid b", &Words::plain(label)),
        };
        let expanded = self.expanded(control);
        let halo = Place {
            x: -4,
            y: -4,
            w: w + 8,
            h: h + 8,
        };
        let hint = matches!(control.press, Press::Shop { client, .. }
            if self.hinted == Some(client) && control.key == "add");
        let key = control.key.clone();
        let kind = match (control.label.is_empty(), control.icon) {
            (false, _) => "text",
            (true, "down") => "chevron",
            (true, _) => "icon",
        };
        let (pressed, hint) = (control.pressed.to_string(), hint.to_string());
        let (onclick, onkeydown) = self.presses(control);
        let live = self.props.live;
        html! {
            <g {key} class="btn" data-kind={kind} data-pressed={pressed} data-hint={hint}
                transform={translate((x, y))} role="button" aria-label={control.name.clone()}
                aria-expanded={expanded} aria-disabled={(!live).to_string()}
                tabindex={if live { "0" } else { "-1" }} {onclick} {onkeydown}>
                { rect(halo, 9, "halo", None) }
                { rect(Place { x: 0, y: 0, w, h }, 6, "face", None) }
                { inner }
            </g>
        }
    }

    fn presses(&self, control: &Control) -> (Callback<MouseEvent>, Callback<KeyboardEvent>) {
        let press = self.press(control.press);
        let click = press.reform(|_: MouseEvent| ());
        let key = Callback::from(move |event: KeyboardEvent| {
            if matches!(event.key().as_str(), "Enter" | " ") {
                event.prevent_default();
                press.emit(());
            }
        });
        (click, key)
    }

    /// Opens or closes a menu, or sends what was asked for.
    fn press(&self, press: Press) -> Callback<()> {
        if !self.props.live {
            return Callback::noop();
        }
        let (open, dispatch) = (self.open.clone(), self.props.dispatch.clone());
        Callback::from(move |()| match press {
            Press::Shop { client, op, to } => {
                open.set(None);
                dispatch.emit(Msg::Shop { client, op, to });
            }
            Press::AddShopper => dispatch.emit(Msg::AddShopper),
            Press::Open(client, menu) => {
                let already = *open == Some((client, menu));
                open.set((!already).then_some((client, menu)));
            }
        })
    }

    /// Whether the menu of a chevron is open.
    fn expanded(&self, control: &Control) -> Option<String> {
        match control.press {
            Press::Open(client, menu) => Some((*self.open == Some((client, menu))).to_string()),
            _ => None,
        }
    }

    fn choices(&self, panel: &Panel) -> Option<Choices> {
        let (client, menu) = (*self.open)?;
        (client == panel.client && self.props.live).then(|| panel.choices(menu))
    }

    fn menu(&self, choices: &Choices) -> Html {
        let Place { x, y, .. } = choices.place;
        html! {
            <g class="menu" role="group" aria-label={choices.title}>
                { rect(choices.place, 9, "sheet", None) }
                { text(x + 8, y + 15, "b c2", &Words::plain(choices.title)) }
                { for choices.controls.iter().map(|control| self.button(control)) }
            </g>
        }
    }

    fn escape(&self) -> Callback<KeyboardEvent> {
        let open = self.open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                open.set(None);
            }
        })
    }

    /// A shopper's buttons where they stand below the stage.
    fn acts(&self, panel: &Panel) -> Html {
        html! {
            <div key={panel.client.to_string()} class="act-row" onkeydown={self.escape()}>
                <div class="act-line">
                    <b>{ &panel.person }</b>
                    { for panel.controls.iter().map(|control| {
                        let kind = if control.label.is_empty() { "icon" } else { "text" };
                        self.act(control, kind)
                    }) }
                </div>
                <div class="act-choices">
                    { for self.choices(panel).iter().flat_map(|choices| &choices.controls)
                        .map(|control| self.act(control, "text")) }
                </div>
                { for panel.lines.iter().map(|(line, controls)| html! {
                    <div key={line.clone()} class="act-line">
                        <span>{ line }</span>
                        { for controls.iter().map(|control| self.act(control, "icon")) }
                    </div>
                }) }
            </div>
        }
    }

    fn act(&self, control: &Control, kind: &'static str) -> Html {
        let onclick = self.press(control.press).reform(|_: MouseEvent| ());
        let expanded = self.expanded(control);
        html! {
            <button key={control.key.clone()} class="act" data-kind={kind} {onclick}
                data-pressed={control.pressed.to_string()} aria-label={control.name.clone()}
                aria-expanded={expanded} disabled={!self.props.live}>
                { &control.label }
                <svg viewBox="-8 -8 16 16" aria-hidden="true">{ glyphs::mark(control.icon) }</svg>
            </button>
        }
    }
}

fn translate((x, y): (i32, i32)) -> String {
    format!("translate({x} {y})")
}

fn rect(place: Place, radius: i32, class: &'static str, fill: Option<String>) -> Html {
    html! {
        <rect {class} x={place.x.to_string()} y={place.y.to_string()} width={place.w.to_string()}
            height={place.h.to_string()} rx={radius.to_string()} {fill} />
    }
}

fn text(x: i32, y: i32, class: &'static str, words: &Words) -> Html {
    html! {
        <text {class} x={x.to_string()} y={y.to_string()}>
            { &words.before }
            { for words.count.iter().map(|count| html! {
                <tspan data-glide={count.glide} data-t={count.moment.0.to_string()}>
                    { count.millis }
                </tspan>
            }) }
            { &words.after }
        </text>
    }
}
