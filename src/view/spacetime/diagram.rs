//! One run's picture: everything that does not depend on the playhead, written once a run.

use super::{Arrow, Block, Bracket, Flag, Frame, Head, Label, Lane, ROW, SpaceTime, Waiting};
use crate::view::Show;
use crate::view::svg::Svg;
use crate::view::traffic::{self, Chart};

/// The picture; `id` is what the ids of patterns and arrow heads begin with.
pub fn diagram(svg: &mut Svg, id: &str, picture: &SpaceTime) {
    svg.raw(if picture.crowded {
        "<g data-crowd=\"true\">"
    } else {
        "<g>"
    });
    for lane in &picture.lanes.all {
        head(svg, lane, picture);
    }
    for tick in picture.frame.axis() {
        svg.line("grid", [tick.x, picture.top, tick.x, picture.bottom]);
    }
    for one in &picture.brackets {
        shade(svg, one, picture);
    }
    blocks(svg, "rib", id, &picture.ribbons);
    blocks(svg, "work", id, &picture.work);
    blocks(svg, "down", id, &picture.troubles);
    for one in &picture.waiting {
        waiting(svg, one);
    }
    for one in &picture.arrows {
        arrow(svg, id, one);
    }
    blocks(svg, "op", id, &picture.bars);
    blocks(svg, "stub", id, &picture.stubs);
    for one in &picture.brackets {
        bracket(svg, one, picture.strip);
    }
    for one in &picture.marks {
        svg.group("mark", one.state);
        svg.title(&one.title);
        let top = picture.top - 16.0;
        svg.line("edge", [one.x, top, one.x, picture.bottom]);
        text(svg, &one.label);
        svg.end();
    }
    for one in &picture.flags {
        flag(svg, one);
    }
    svg.end();
}

/// Patterns and arrow heads, once a picture: the groups share them.
pub fn definitions(svg: &mut Svg, id: &str) {
    svg.raw("<defs>");
    for (name, turn) in [("stale", "rotate(45)"), ("down", "rotate(-45)")] {
        svg.raw("<pattern width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\"");
        svg.attr("id", &[id, "-", name].concat());
        svg.attr("patternTransform", turn);
        svg.raw("><rect width=\"7\" height=\"7\"");
        let class = ["hatch-", name].concat();
        svg.attr("class", &class);
        svg.raw("/><path d=\"M0 0V7\"");
        svg.attr("class", &class);
        svg.raw("/></pattern>");
    }
    let closed = "M0 .8 9 5 0 9.2Z";
    for (name, shape) in [
        ("request", closed),
        ("response", "M1.4 1.4 8.4 5 1.4 8.6"),
        ("replicate", closed),
    ] {
        svg.raw(
            "<marker viewBox=\"0 0 10 10\" refX=\"8.6\" refY=\"5\" markerWidth=\"8\" \
             markerHeight=\"8\" orient=\"auto\" markerUnits=\"userSpaceOnUse\"",
        );
        svg.attr("id", &[id, "-", name].concat());
        svg.attr("class", &["head ", name].concat());
        svg.raw(">");
        svg.path("", shape);
        svg.raw("</marker>");
    }
    svg.raw("</defs>");
}

/// What an operation ended with. It is drawn again above the veil while the playhead is in it.
pub fn flag(svg: &mut Svg, flag: &Flag) {
    let mark = match flag.state {
        "ok" => "M-3.6 .2-1 2.8 3.6-2.8",
        "stale" => "M-4-2.5H4M-4 2.5H1",
        "failed" => "M-3-3 3 3M3-3-3 3",
        _ => "M-2-2a2 2 0 1 1 2.600 2c-.4.200-.6.600-.6 1M0 4v.1",
    };
    svg.group("flag", flag.state);
    svg.title(&flag.title);
    svg.at(flag.x, flag.y);
    svg.rect("", [0.0, -9.5, flag.width, 19.0], 9.5, "");
    svg.raw("<path transform=\"translate(9 0)\"");
    svg.attr("d", mark);
    svg.raw("/>");
    svg.label("", 19.0, 4.2, &flag.text);
    svg.raw("</g></g>");
}

fn text(svg: &mut Svg, label: &Option<Label>) {
    if let Some(label) = label {
        svg.label("", label.x, label.y, &label.text);
    }
}

fn head(svg: &mut Svg, lane: &Lane, picture: &SpaceTime) {
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
    svg.group("lane", "");
    svg.title(&lane.name);
    let (left, right) = (picture.frame.left(), picture.frame.right());
    svg.line("rail-line", [left, lane.y, right, lane.y]);
    svg.at(12.0, lane.y);
    let round = if letter.is_empty() { 5.0 } else { 10.0 };
    svg.rect("", [-10.0, -10.0, 20.0, 20.0], round, "");
    svg.path("", role);
    svg.label("letter", 0.0, 4.2, letter);
    svg.label("", 17.0, 4.2, lane.label.as_deref().unwrap_or_default());
    svg.raw("</g></g>");
}

fn blocks(svg: &mut Svg, class: &'static str, id: &str, blocks: &[Block]) {
    for one in blocks {
        block(svg, class, id, one);
    }
}

/// A block of a lane, hatched where its state must not be told by colour alone.
pub fn block(svg: &mut Svg, class: &'static str, id: &str, block: &Block) {
    let hatched = match (class, block.state) {
        ("rib", "behind") => "-stale",
        ("op", "stale") if block.label.is_none() => "-stale",
        ("down", _) | (_, "failed" | "queued") => "-down",
        _ => "",
    };
    let round = match block.width {
        _ if block.state == "unknown" => 0.0,
        width if width < 6.0 => 1.0,
        _ => 3.0,
    };
    svg.group(class, block.state);
    svg.title(&block.title);
    if block.state == "unknown" {
        // An operation without an answer has no right end.
        let (width, height) = (block.width, block.height);
        svg.list("<g stroke-dasharray=\"", &[width, height, width + height]);
        svg.raw("\">");
    }
    let fill = match hatched {
        "" => String::new(),
        hatch => [id, hatch].concat(),
    };
    let place = [block.x, block.y, block.width, block.height];
    svg.rect("", place, round, &fill);
    if block.state == "unknown" {
        svg.end();
    }
    text(svg, &block.label);
    svg.end();
}

fn waiting(svg: &mut Svg, one: &Waiting) {
    svg.group("job", "");
    svg.title(&one.title);
    svg.list("<path d=\"M", &[one.from, one.top]);
    svg.list("V", &[one.y]);
    svg.raw("\"/>");
    svg.line("line", [one.from, one.y, one.to, one.y]);
    text(svg, &one.label);
    svg.end();
}

fn arrow(svg: &mut Svg, id: &str, arrow: &Arrow) {
    let head = if arrow.kind == "ack" {
        "replicate"
    } else {
        arrow.kind
    };
    svg.raw("<path class=\"arrow\"");
    svg.attr("data-kind", arrow.kind);
    if arrow.arrives {
        svg.attr("marker-end", &["url(#", id, "-", head, ")"].concat());
    }
    svg.list(" d=\"M", &[arrow.x1, arrow.y1]);
    for (x, y) in arrow.bends.iter().copied().chain([(arrow.x2, arrow.y2)]) {
        svg.list("L", &[x, y]);
    }
    svg.raw("\">");
    svg.title(&arrow.title);
    svg.raw("</path>");
    if arrow.again {
        svg.rect("again", [arrow.x1 - 3.0, arrow.y1 - 3.0, 6.0, 6.0], 3.0, "");
    }
    if arrow.lost {
        svg.at(arrow.x2, arrow.y2);
        svg.path("lost", "M-4-4 4 4M4-4-4 4");
        svg.end();
    }
}

/// The windows of a bracket, over all lanes.
fn shade(svg: &mut Svg, bracket: &Bracket, picture: &SpaceTime) {
    let (top, end) = (picture.top, picture.bottom);
    for (from, to) in &bracket.windows {
        svg.group("window", "");
        let width = (to - from).max(0.5);
        svg.rect("", [*from, top, width, end - top], 0.0, "");
        for edge in [*from, *to] {
            svg.line("edge", [edge, picture.strip + ROW, edge, end]);
        }
        svg.end();
    }
}

fn bracket(svg: &mut Svg, bracket: &Bracket, top: f32) {
    svg.group("bracket", "");
    svg.title(&bracket.title);
    spans(svg, "apart", &[(bracket.from, bracket.to)], top + 8.0);
    spans(svg, "after", &bracket.windows, top + ROW + 8.0);
    let after = if bracket.windows.is_empty() {
        "none"
    } else {
        "after"
    };
    for (class, label) in ["apart", after].into_iter().zip(&bracket.labels) {
        svg.group(class, "");
        text(svg, label);
        svg.end();
    }
    svg.end();
}

/// Lines with an end at each side, at this height.
fn spans(svg: &mut Svg, class: &'static str, spans: &[(f32, f32)], y: f32) {
    svg.raw("<path");
    svg.attr("class", class);
    svg.raw(" d=\"");
    for (from, to) in spans {
        svg.list("M", &[*from, y - 4.0]);
        svg.list("v8M", &[*from, y]);
        svg.list("H", &[*to]);
        svg.list("M", &[*to, y - 4.0]);
        svg.raw("v8");
    }
    svg.raw("\"/>");
}

/// The times below the picture.
pub fn axis(svg: &mut Svg, frame: Frame, bottom: f32) {
    svg.group("axis", "");
    let width = frame.width as f32;
    for tick in frame.axis() {
        let Some(text) = &tick.label else {
            continue;
        };
        // The last label would stand outside of the picture if it stood in its middle.
        let last = tick.x > width - 24.0;
        svg.raw(if last {
            "<g text-anchor=\"end\">"
        } else {
            "<g text-anchor=\"middle\">"
        });
        let x = if last { width } else { tick.x };
        svg.label("", x, bottom + 15.0, text);
        svg.end();
    }
    svg.end();
}

/// Draws the charts of a load from this height down, and says how much room they take.
pub fn charts(svg: &mut Svg, show: &Show, frame: Frame, top: f32) -> f32 {
    let charts = traffic::charts(show, frame, top);
    for one in &charts {
        chart(svg, one, frame);
    }
    charts.len() as f32 * traffic::ROW
}

fn chart(svg: &mut Svg, chart: &Chart, frame: Frame) {
    svg.group("area", chart.state);
    svg.title(&chart.title);
    svg.line(
        "grid",
        [frame.left(), chart.ground, frame.right(), chart.ground],
    );
    svg.list("<path d=\"M", &[frame.left(), chart.ground]);
    for (x, height) in &chart.columns {
        svg.list("H", &[*x]);
        svg.list("V", &[chart.ground - height]);
    }
    svg.list("V", &[chart.ground]);
    svg.raw("Z\"/>");
    svg.label(
        "",
        frame.left(),
        chart.ground - traffic::ROW + 16.0,
        &chart.title,
    );
    svg.end();
}
