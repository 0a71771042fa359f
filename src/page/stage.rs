//! The stage: draws a [`Scene`] and sends what its buttons ask for.
//!
//! What only is seen is written as text (`svg.rs`), a piece for each part, message and button, so
//! that a redraw touches what has changed. Invariant: whatever can be pressed is a real control:
//! it has a name, it can be reached with Tab, and Enter and Space press it.

use crate::page::element::{El, On, el};
use crate::playground::{Breaking, Menu, Msg, Target};
use crate::shop::Name;
use crate::sim::trace::MessageId;
use crate::view::glyphs;
use crate::view::scene::drawn::{self, rect, text};
use crate::view::scene::{
    Choices, Control, Course, Flight, Label, Panel, Part, Place, Press, Scene,
};
use crate::view::svg::Svg;

/// What drawing needs to know besides the scene.
pub struct Stage {
    /// What the ids inside the picture begin with.
    pub id: &'static str,
    /// The buttons stand below the picture.
    pub below: bool,
    /// Whether its buttons work.
    pub live: bool,
    /// A first visit: the obvious first control wears a halo while the run is empty.
    pub hint: bool,
    /// The menu that is open, and whose.
    pub open: Option<(Name, Menu)>,
    /// Messages stand where they set off: nothing moves them.
    pub still: bool,
}

impl Stage {
    pub fn draw(&self, scene: &Scene) -> El {
        let hinted = (self.hint && scene.is_empty).then(|| scene.panels[0].client);
        let picture = el("g[role=img]")
            .attr("aria-label", &scene.sentence)
            .add(drawn::hatch(self.id))
            .add(el("g").each(scene.ground.iter(), |part| self.part(part)))
            .add(self.flights(scene))
            .add(el("g").each(scene.parts.iter(), |part| self.part(part)))
            .add(el("g").each(
                scene.flights.iter().filter(|one| one.label.is_some()),
                label,
            ));
        let (mut panels, mut acts) = (el("g"), el("div.acts").is("hidden", !self.below));
        for panel in scene.panels.iter() {
            if self.below {
                acts = acts.add(self.acts(panel));
            } else {
                panels = panels.add(self.panel(panel, hinted));
            }
        }
        if let Some(add) = &scene.add_shopper {
            if self.below {
                acts = acts.add(self.act(add, "wide"));
            } else {
                panels = panels.add(self.button(add, false));
            }
        }
        let svg = el("svg[role=group][aria-label=The stage]")
            .attr("viewBox", format!("0 0 {} {}", scene.width, scene.height))
            .attr("width", scene.width)
            .attr("height", scene.height)
            .add(picture)
            .add(el("g").each(scene.handles.iter(), |handle| self.button(handle, false)))
            .add(panels);
        let note = el("div.stage-note").text(scene.note.as_ref());
        el("div.stage").add(svg).add(note).add(acts)
    }

    /// The group that messages fly in: pressing one asks what to do with it.
    fn flights(&self, scene: &Scene) -> El {
        let mut group = el("g").attr("id", flights_id(self.id));
        if self.live {
            let press =
                |message| Msg::Break(Some(Breaking::One(Target::Message(MessageId(message)))));
            group = group.on(On::ClickNumber("data-message", press));
        }
        let still = scene.flights.iter().filter(|_| self.still);
        group.each(still, |one| el("g").markup(flight(one).0.into()))
    }

    fn part(&self, part: &Part) -> El {
        let mut svg = Svg::new();
        for mark in part.marks.iter() {
            drawn::mark(&mut svg, self.id, mark);
        }
        el("g")
            .key(&part.key)
            .class(part.class)
            .attr("data-state", part.state)
            .attr("transform", translate(part.at))
            .add(svg)
    }

    fn panel(&self, panel: &Panel, hinted: Option<Name>) -> El {
        let hinted = hinted == Some(panel.client);
        let buttons = el("g").each(panel.controls.iter(), |control| {
            self.button(control, hinted && control.key == "add")
        });
        let menu = el("g").each(self.choices(panel), |choices| self.menu(&choices));
        el("g")
            .key(panel.client.as_str())
            .attr("transform", translate(panel.at))
            .on_key(escape)
            .add(buttons)
            .add(menu)
    }

    fn button(&self, control: &Control, hint: bool) -> El {
        let Place { x, y, w, h } = control.place;
        let mut face = Svg::new();
        rect(
            &mut face,
            Place {
                x: -4,
                y: -4,
                w: w + 8,
                h: h + 8,
            },
            9,
            "halo",
            "",
        );
        rect(&mut face, Place { x: 0, y: 0, w, h }, 6, "face", "");
        let kind = match (&*control.label, control.icon) {
            (_, "handle") => "handle",
            ("", icon) => {
                face.at((w / 2) as f32, (h / 2) as f32);
                glyphs::mark(&mut face, icon);
                face.end();
                if icon == "down" { "chevron" } else { "icon" }
            }
            (label, _) => {
                face.label("mid b", (w / 2) as f32, (h / 2 + 4) as f32, label);
                "text"
            }
        };
        let mut button = el("g.btn[role=button]");
        if self.live {
            let msg = self.msg(control.press);
            let key = msg.clone();
            let key = move |name: &str| matches!(name, "Enter" | " ").then(|| key.clone());
            button = button.send(msg).on_key(key);
        }
        button
            .key(&control.key)
            .attr("data-kind", kind)
            .attr("data-pressed", control.pressed)
            .attr("data-hint", hint)
            .attr("transform", translate((x, y)))
            .attr("aria-label", &control.name)
            .attr("aria-expanded", self.expanded(control))
            .attr("aria-disabled", !self.live)
            .attr("tabindex", if self.live { "0" } else { "-1" })
            .add(face)
    }

    /// What pressing it asks for.
    fn msg(&self, press: Press) -> Msg {
        match press {
            Press::Shop { client, op, to } => Msg::Shop { client, op, to },
            Press::AddShopper => Msg::AddShopper,
            Press::Break(target) => Msg::Break(Some(Breaking::One(target))),
            Press::Open(client, menu) => {
                let already = self.open == Some((client, menu));
                Msg::Menu((!already).then_some((client, menu)))
            }
        }
    }

    /// Whether the menu of a chevron is open.
    fn expanded(&self, control: &Control) -> Option<bool> {
        match control.press {
            Press::Open(client, menu) => Some(self.open == Some((client, menu))),
            _ => None,
        }
    }

    fn choices(&self, panel: &Panel) -> Option<Choices> {
        let (client, menu) = self.open?;
        (client == panel.client && self.live).then(|| panel.choices(menu))
    }

    fn menu(&self, choices: &Choices) -> El {
        let mut sheet = Svg::new();
        rect(&mut sheet, choices.place, 9, "sheet", "");
        let Place { x, y, .. } = choices.place;
        sheet.label("b c2", (x + 8) as f32, (y + 15) as f32, choices.title);
        el("g.menu[role=group]")
            .attr("aria-label", choices.title)
            .add(sheet)
            .each(&choices.controls, |control| self.button(control, false))
    }

    /// A shopper's buttons where they stand below the stage.
    fn acts(&self, panel: &Panel) -> El {
        let first = el("div.act-line").add(el("b").text(&panel.person)).each(
            panel.controls.iter(),
            |control| {
                let icon = control.label.is_empty();
                self.act(control, if icon { "icon" } else { "text" })
            },
        );
        let mut choices = el("div.act-choices");
        if let Some(open) = self.choices(panel) {
            choices = choices.each(&open.controls, |control| self.act(control, "text"));
        }
        el("div.act-row")
            .key(panel.client.as_str())
            .on_key(escape)
            .add(first)
            .add(choices)
            .each(panel.lines.iter(), |(line, controls)| {
                el("div.act-line")
                    .key(line)
                    .add(el("span").text(line))
                    .each(controls.iter(), |control| self.act(control, "icon"))
            })
    }

    fn act(&self, control: &Control, kind: &'static str) -> El {
        let mut icon = Svg::new();
        glyphs::mark(&mut icon, control.icon);
        let icon = el("svg[viewBox=-8 -8 16 16][aria-hidden=true]").add(icon);
        let mut button = el("button.act");
        if self.live {
            button = button.send(self.msg(control.press));
        }
        button
            .key(&control.key)
            .attr("data-kind", kind)
            .attr("data-pressed", control.pressed)
            .attr("aria-label", &control.name)
            .attr("aria-expanded", self.expanded(control))
            .is("disabled", !self.live)
            .text(&control.label)
            .add(icon)
    }
}

/// Escape closes the menu.
fn escape(key: &str) -> Option<Msg> {
    (key == "Escape").then_some(Msg::Menu(None))
}

/// The id of the group that the messages of a stage fly in.
pub fn flights_id(stage: &str) -> String {
    [stage, "-flights"].concat()
}

/// A message and its way. The inner svg cuts off what of the trail lies before the start.
pub fn flight(flight: &Flight) -> (String, [f64; 6]) {
    let Place { x, y, w, h } = flight.way;
    let way = [x, y, w, h].map(|length| length as f32);
    let mut svg = Svg::new();
    svg.raw("<g class=\"flight\"");
    svg.raw(" data-message=\"");
    svg.whole(u64::from(flight.key));
    svg.raw("\"");
    svg.attr("data-kind", flight.kind);
    svg.attr("data-stale", if flight.stale { "true" } else { "false" });
    svg.raw("><svg");
    svg.lengths(&["x", "y", "width", "height"], &way);
    svg.list(" viewBox=\"", &way);
    svg.raw("\"><path class=\"trail\"");
    svg.list(
        " d=\"M0 0l",
        &[flight.trail.0 as f32, flight.trail.1 as f32],
    );
    svg.raw("\"");
    moving(&mut svg, &flight.course);
    svg.raw("\"/></svg><g class=\"message\"");
    svg.attr("data-kind", flight.kind);
    moving(&mut svg, &flight.course);
    svg.raw(if flight.flip {
        " scale(-1 1)\">"
    } else {
        "\">"
    });
    glyphs::message(&mut svg, flight.kind);
    svg.raw("</g></g>");
    let Course {
        from,
        to,
        leaves,
        arrives,
    } = flight.course;
    let ends = [from.0, from.1, to.0, to.1].map(f64::from);
    let path = [
        ends[0],
        ends[1],
        ends[2],
        ends[3],
        leaves as f64,
        arrives as f64,
    ];
    (svg.string(), path)
}

/// The label of a message that has one.
fn label(flight: &Flight) -> El {
    let mut svg = Svg::new();
    if let Some(Label {
        course,
        class,
        words,
    }) = &flight.label
    {
        svg.raw("<g");
        moving(&mut svg, course);
        svg.raw("\">");
        text(&mut svg, (0, 0), class, words);
        svg.end();
    }
    el("g").number(flight.key as usize).add(svg)
}

/// What moves along a course with the playhead: from its start, until it is moved. The last
/// quote is open, for what else there is to transform.
fn moving(svg: &mut Svg, course: &Course) {
    let (x, y) = (course.from.0 as f32, course.from.1 as f32);
    svg.list(" data-glide=\"move\" data-path=\"", &[x, y]);
    svg.list(" ", &[course.to.0 as f32, course.to.1 as f32]);
    svg.raw(" ");
    svg.whole(course.leaves);
    svg.raw(" ");
    svg.whole(course.arrives);
    svg.list("\" transform=\"translate(", &[x, y]);
    svg.raw(")");
}

fn translate((x, y): (i32, i32)) -> String {
    crate::view::svg::translate(x as f32, y as f32)
}
