//! The timeline: every instant of a run, or of two on one axis, and the playhead.
//!
//! The pictures are made and written once a run; moving the playhead moves one line and the veil
//! over the future. Invariant: the scrubber's thumb stands on the axis of the picture.

use crate::page::element::{El, Pointer, SharedStr, el};
use crate::page::guess;
use crate::page::transport::scrubber;
use crate::playground::{Breaking, Msg, Step, Target};
use crate::shop::Name;
use crate::time::SimTime;
use crate::view::guess::Slider;
use crate::view::scene::moment::Moment;
use crate::view::spacetime::grips::{self, Grip};
use crate::view::spacetime::{Frame, SpaceTime, diagram};
use crate::view::svg::{Svg, px};
use crate::view::why::Proof;
use crate::view::words::{guess as said, time, timeline as words};
use crate::view::{Shared, Show};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The height of the scrubber, between two groups, and of the axis.
const SCRUB: f32 = 26.0;
const BETWEEN: f32 = 10.0;
const AXIS: f32 = 20.0;
/// No grip of a slider is smaller.
const LEAST: f32 = 24.0;
thread_local! {
    /// The pull under way: where across the picture it began, when the message arrived then, and
    /// the frame, for the picture changes its scale while one pulls.
    static PULL: Cell<Option<(f64, SimTime, Frame)>> = const { Cell::new(None) };
}

/// A run on the timeline; of two, each has a title.
#[derive(Clone, PartialEq)]
pub struct Group {
    pub title: Option<&'static str>,
    pub show: Shared<Show>,
}

/// What the pictures are made of.
#[derive(Clone, PartialEq)]
pub struct Runs {
    /// What the ids inside the picture begin with.
    pub id: &'static str,
    pub groups: Vec<Group>,
    /// The shoppers of the stage, in its order.
    pub stage: Shared<Vec<Name>>,
    /// The end of the axis, and the width of the picture in CSS pixels.
    pub horizon: SimTime,
    /// Only what outsiders saw is drawn.
    pub hides: bool,
    pub width: u32,
}

/// The pictures of the runs that were drawn last.
#[derive(Default)]
pub struct Memo(RefCell<Option<Rc<Pictures>>>);

/// Everything that does not change while the playhead moves.
pub struct Pictures {
    runs: Runs,
    frame: Frame,
    placed: Vec<Placed>,
    bottom: f32,
    sentence: SharedStr,
    note: SharedStr,
    /// What is painted below the marks of the scrubber, above them, and above that.
    below: SharedStr,
    whole: SharedStr,
}

/// A picture and its place.
struct Placed {
    picture: SpaceTime,
    top: f32,
}

impl Memo {
    fn of(&self, runs: Runs) -> Rc<Pictures> {
        let mut known = self.0.borrow_mut();
        match &*known {
            Some(pictures) if pictures.runs == runs => pictures.clone(),
            _ => known.insert(Rc::new(Pictures::of(runs))).clone(),
        }
    }
}

/// What stands on the pictures: the playhead, the pins of a proof, the points of a guess.
pub struct Marks<'a> {
    pub now: SimTime,
    pub proof: Option<&'a Proof>,
    /// What can be broken is shown, and has grips where things stand now.
    pub breaking: Option<(Breaking, &'a Moment<'a>)>,
    pub sliders: Option<Vec<Slider>>,
}

/// The pictures and their marks.
pub fn timeline(memo: &Memo, runs: Runs, marks: &Marks) -> El {
    let (plot, note) = memo.of(runs).plot(marks);
    el("div.timeline").add(plot).add(note)
}

/// The pictures in several widths, of which a style sheet shows the widest that has room.
pub fn printed(widths: &[(&'static str, u32)], runs: &Runs, now: SimTime) -> El {
    let marks = Marks {
        now,
        proof: None,
        breaking: None,
        sliders: None,
    };
    el("div.timeline printed").each(widths, |(id, width)| {
        let (id, width) = (*id, *width);
        let runs = Runs {
            id,
            width,
            ..runs.clone()
        };
        let (plot, note) = Pictures::of(runs).plot(&marks);
        el("div")
            .attr("data-width", width as i32)
            .add(plot)
            .add(note)
    })
}

/// What the playhead says to those who hear it.
pub fn heard(runs: &Runs, now: SimTime) -> String {
    let mut said = Vec::new();
    for group in &runs.groups {
        let title = group.title.map(str::to_string);
        said.push((title, words::at(&group.show, now)));
    }
    words::at_each(&said)
}

/// A press or a drag on the picture sends what comes of the moment below the pointer.
fn moment(
    frame: Frame,
    msg: impl Fn(SimTime) -> Msg + 'static,
) -> impl Fn(Pointer) -> Option<Msg> + 'static {
    move |pointer| Some(msg(frame.moment(pointer.across * f64::from(frame.width))))
}

impl Pictures {
    /// The picture with its scrubber, and a note below it.
    fn plot(&self, marks: &Marks) -> (El, El) {
        let (now, sliders) = (marks.now, &marks.sliders);
        let (frame, runs) = (self.frame, &self.runs);
        let height = px(self.bottom + AXIS);
        let view_box = format!("0 0 {} {height}", frame.width);
        let role = match sliders.is_some() || marks.breaking.is_some() {
            true => "group",
            false => "img",
        };
        let mut picture = el("svg[preserveAspectRatio=xMinYMin meet]")
            .attr("role", role)
            .attr("width", frame.width as i32)
            .attr("height", height)
            .attr("viewBox", view_box)
            .attr("aria-label", self.sentence.clone())
            .markup(self.below.clone())
            .add(self.ticks(now))
            .markup(self.whole.clone())
            .add(self.flags(now))
            .add(self.marks(marks));
        if sliders.is_none() {
            picture = picture.on_pointer(moment(frame, Msg::Seek));
        }
        let said = heard(runs, now);
        let plot = el("div.plot")
            .attr("data-narrow", frame.is_narrow().then_some("true"))
            .add(picture)
            .add(scrubber(now, runs.horizon, said).is("hidden", runs.hides));
        (plot, el("p.note").text(self.note.clone()))
    }

    fn of(runs: Runs) -> Pictures {
        let frame = Frame {
            width: runs.width,
            horizon: runs.horizon,
        };
        let (mut placed, mut top) = (Vec::new(), SCRUB);
        let (mut sentences, mut note, mut empty) = (Vec::new(), String::new(), true);
        let mut whole = Svg::new();
        for group in &runs.groups {
            let titled = runs.groups.len() > 1;
            let mut picture = SpaceTime::of(&group.show, &runs.stage, frame, titled);
            if runs.hides {
                picture.hide_inside();
            }
            whole.at(0.0, top);
            whole.label("title", 2.0, 14.0, group.title.unwrap_or_default());
            diagram::diagram(&mut whole, runs.id, &picture);
            if runs.hides {
                curtain(&mut whole, runs.id, &picture);
            }
            whole.end();
            sentences.push(match group.title {
                Some(title) => format!("{title}: {}", picture.sentence),
                None => picture.sentence.clone(),
            });
            if let Some((shown, total)) = picture.sampled.filter(|_| note.is_empty()) {
                note = words::sampled(shown, total);
            }
            empty &= picture.empty;
            let mut bottom = top + picture.bottom;
            if !runs.hides {
                bottom += diagram::charts(&mut whole, &group.show, frame, bottom);
            }
            placed.push(Placed { picture, top });
            top = bottom + BETWEEN;
        }
        let bottom = top - BETWEEN;
        diagram::axis(&mut whole, frame, bottom);
        playhead(&mut whole, runs.id, frame, bottom);
        Pictures {
            below: below(runs.id, frame, bottom).string().into(),
            runs,
            frame,
            placed,
            bottom,
            sentence: sentences.join(" ").into(),
            note: match empty {
                true => words::empty().into(),
                false => note.into(),
            },
            whole: whole.string().into(),
        }
    }

    /// A mark on the scrubber wherever something happens.
    fn ticks(&self, now: SimTime) -> Svg {
        let mut svg = Svg::new();
        track(&mut svg, self.runs.id);
        for (class, past) in [("past", true), ("future", false)] {
            svg.raw("<path");
            svg.attr("class", class);
            svg.raw(" d=\"");
            for group in &self.placed {
                for tick in &group.picture.ticks {
                    if (*tick <= now) == past {
                        svg.list("M", &[self.frame.x(*tick), SCRUB / 2.0 - 4.0]);
                        svg.raw("v6");
                    }
                }
            }
            svg.raw("\"/>");
        }
        svg.end();
        svg
    }

    /// The flags that the playhead stands in, above the veil.
    fn flags(&self, now: SimTime) -> Svg {
        let mut svg = Svg::new();
        for group in &self.placed {
            svg.at(0.0, group.top);
            for flag in group.picture.flags_at(now) {
                diagram::flag(&mut svg, flag);
            }
            svg.end();
        }
        svg
    }
}

impl Pictures {
    /// The pins of a proof and the points of a guess.
    fn marks(&self, marks: &Marks) -> El {
        let sliders = marks.sliders.as_deref().unwrap_or_default();
        el("g")
            .add(self.pins(marks.proof))
            .add(self.points(sliders))
            .add(match marks.breaking {
                Some((breaking, moment)) => self.grips(moment, breaking),
                None => el("g"),
            })
    }

    /// What can be taken hold of where the playhead stands.
    fn grips(&self, moment: &Moment, breaking: Breaking) -> El {
        let Some(group) = self.placed.first() else {
            return el("g");
        };
        let all = grips::grips(moment, &group.picture);
        el("g").each(all, |grip| {
            let chosen = breaking == Breaking::One(grip.target);
            self.grip(grip, chosen, group.top)
        })
    }

    /// A press opens what can be done with it; a message is delayed by a pull.
    fn grip(&self, grip: Grip, chosen: bool, top: f32) -> El {
        let (x, y) = (grip.x, top + grip.y);
        let mut svg = Svg::new();
        let place = [x - LEAST / 2.0, y - LEAST / 2.0, LEAST, LEAST];
        svg.rect("grip", place, 3.0, "");
        let (width, height, round) = match grip.target {
            Target::Link(..) => (6.0, 16.0, 3.0),
            Target::Database(_) => (12.0, 12.0, 2.0),
            Target::Service(_) | Target::Message(_) => (12.0, 12.0, 6.0),
        };
        let knob = [x - width / 2.0, y - height / 2.0, width, height];
        svg.rect("knob", knob, round, "");
        // What is chosen already stays so.
        let opens = Msg::Break(Some(Breaking::One(grip.target)));
        let opens = (!chosen).then_some(opens);
        let key = pull_by_key(grip.clone(), opens.clone());
        let pull = pull(self.frame, &grip, opens);
        let element = match grip.arrives {
            None => el("g.point[role=button][tabindex=0]"),
            Some(at) => el("g.point[role=slider][tabindex=0]")
                .attr("aria-valuemin", "0")
                .attr("aria-valuemax", self.runs.horizon.0.max(at.0).to_string())
                .attr("aria-valuenow", at.0.to_string())
                .attr("aria-valuetext", time(at)),
        };
        element
            .key(&grip.key)
            .attr("data-chosen", chosen)
            .attr("aria-label", grip.name)
            .on_key(key)
            .on_grip(pull)
            .add(svg)
    }

    /// The operations of a proof light up, and its moments are numbered.
    fn pins(&self, proof: Option<&Proof>) -> Svg {
        let mut svg = Svg::new();
        let (Some(proof), Some(group), Some(run)) =
            (proof, self.placed.first(), self.runs.groups.first())
        else {
            return svg;
        };
        let lanes = &group.picture.lanes;
        svg.at(0.0, group.top);
        for op in &proof.operations {
            let asked = &run.show.run.trace.operations[op.0 as usize];
            let Some(lane) = lanes.shopper(asked.client) else {
                continue;
            };
            let to = asked.ended.map_or(self.runs.horizon, |(at, _)| at);
            let (x, end) = (self.frame.x(asked.call), self.frame.x(to));
            let (top, height) = (lane.y - lane.half - 3.0, lane.half * 2.0 + 6.0);
            svg.rect("lit", [x - 3.0, top, end - x + 6.0, height], 5.0, "");
        }
        for (nth, pin) in proof.pins.iter().enumerate() {
            let y = lanes
                .node(pin.lane)
                .map_or(group.picture.top, |lane| lane.y);
            svg.at(self.frame.x(pin.at), y);
            svg.group("pin", "");
            svg.rect("", [-8.0, -8.0, 16.0, 16.0], 8.0, "");
            svg.label("", 0.0, 4.0, &(nth + 1).to_string());
            svg.end();
            svg.end();
        }
        svg.end();
        svg
    }
}

impl Pictures {
    /// The points of a guess, each a slider along its bar.
    fn points(&self, sliders: &[Slider]) -> El {
        let mut all = el("g");
        let (Some(group), Some(run)) = (self.placed.first(), self.runs.groups.first()) else {
            return all;
        };
        for slider in sliders.iter().copied() {
            let Some(lane) = group.picture.lanes.shopper(slider.client) else {
                continue;
            };
            let (x, y) = (self.frame.x(slider.at), group.top + lane.y);
            let (from, to) = (self.frame.x(slider.from), self.frame.x(slider.to));
            let room = (LEAST - (to - from)).max(0.0) / 2.0;
            let mut svg = Svg::new();
            let place = [from - room, y - LEAST / 2.0, to - from + room * 2.0, LEAST];
            svg.rect("grip", place, 3.0, "");
            svg.line("", [x, y - lane.half - 4.0, x, y + lane.half + 4.0]);
            svg.rect("knob", [x - 5.0, y - lane.half - 9.0, 10.0, 10.0], 5.0, "");
            let place = move |at| Msg::Guess(Step::Place(slider.op, slider.put(at)));
            let point = guess::slider(slider, said::slider(&run.show, slider.op)).add(svg);
            all = all.add(point.on_grip(moment(self.frame, place)));
        }
        all
    }
}

/// The pointer takes hold of a grip, which opens what it stands on, and pulls a message.
fn pull(
    frame: Frame,
    grip: &Grip,
    opens: Option<Msg>,
) -> impl Fn(Pointer) -> Option<Msg> + 'static {
    let (target, arrives) = (grip.target, grip.arrives);
    move |pointer| {
        if pointer.press {
            PULL.set(arrives.map(|at| (pointer.across, at, frame)));
            return opens.clone();
        }
        let (Some((from, at, frame)), Target::Message(id)) = (PULL.get(), target) else {
            return None;
        };
        let width = (pointer.across - from) * f64::from(frame.width);
        Some(Msg::Pull(id, at + frame.length(width)))
    }
}

/// The same by keyboard: arrows pull, Enter opens.
fn pull_by_key(grip: Grip, opens: Option<Msg>) -> impl Fn(&str) -> Option<Msg> + 'static {
    move |key| match (grip.key(key), grip.target) {
        (Some(at), Target::Message(id)) => Some(Msg::Pull(id, at)),
        _ if key == "Enter" || key == " " => opens.clone(),
        _ => None,
    }
}

/// What stands over the services' lanes while they are hidden.
fn curtain(svg: &mut Svg, id: &str, picture: &SpaceTime) {
    let (left, right) = (picture.frame.left(), picture.frame.right());
    let mut said = said::HIDDEN;
    svg.group("curtain", "");
    for lane in picture.lanes.all.iter().filter(|lane| lane.is_service()) {
        let place = [left, lane.top, right - left, lane.height];
        svg.rect("", place, 0.0, &[id, "-down"].concat());
        svg.label("", (left + right) / 2.0, lane.y + 4.0, said);
        said = "";
    }
    svg.end();
}

/// Patterns, the edges of the plot, and the line below the scrubber's thumb.
fn below(id: &str, frame: Frame, bottom: f32) -> Svg {
    let mut svg = Svg::new();
    diagram::definitions(&mut svg, id);
    // Nothing that moves with the playhead is drawn outside of the plot.
    let (left, width) = (frame.left() - 2.0, frame.width as f32 - frame.left() + 2.0);
    svg.raw("<clipPath");
    svg.attr("id", &plot_id(id));
    svg.raw(">");
    svg.rect("", [left, 0.0, width, bottom], 0.0, "");
    svg.raw("</clipPath>");
    let y = SCRUB / 2.0 - 1.0;
    track(&mut svg, id);
    svg.line("all", [frame.left(), y, frame.right(), y]);
    gliding(&mut svg, frame);
    svg.rect("", [-frame.right(), y - 2.0, frame.right(), 4.0], 0.0, "");
    svg.raw("</g></g>");
    svg
}

fn track(svg: &mut Svg, id: &str) {
    clipped(svg, "track", id);
}

/// The start of a group of which nothing is seen outside of the plot.
fn clipped(svg: &mut Svg, class: &'static str, id: &str) {
    svg.raw("<g");
    svg.attr("class", class);
    svg.attr("clip-path", &["url(#", &plot_id(id), ")"].concat());
    svg.raw(">");
}

fn plot_id(id: &str) -> String {
    [id, "-plot"].concat()
}

/// One line and the veil over all that is still to come.
fn playhead(svg: &mut Svg, id: &str, frame: Frame, bottom: f32) {
    clipped(svg, "playhead", id);
    gliding(svg, frame);
    let place = [1.0, SCRUB, frame.width as f32, bottom - SCRUB];
    svg.rect("", place, 0.0, "");
    svg.line("head", [0.0, SCRUB / 2.0, 0.0, bottom]);
    svg.raw("</g></g>");
}

/// The start of what stands at the playhead and moves with it: at the beginning, until it is moved.
fn gliding(svg: &mut Svg, frame: Frame) {
    svg.list("<g data-glide=\"head\" data-path=\"", &[frame.left(), 0.0]);
    svg.list(" ", &[frame.right(), 0.0, 0.0]);
    svg.raw(" ");
    svg.whole(frame.horizon.0);
    svg.list("\" transform=\"translate(", &[frame.left(), 0.0]);
    svg.raw(")\">");
}
