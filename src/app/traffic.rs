//! What a load did: charts below the timeline, on its clock, and a table of figures.

use crate::app::el::{El, el};
use crate::app::svg::Svg;
use crate::time::SimTime;
use crate::view::Show;
use crate::view::spacetime::Frame;
use crate::view::traffic::{self, Chart, ROW};
use crate::view::words::traffic as words;

/// Draws the charts of a run from this height down, and says how much room they take.
pub fn charts(svg: &mut Svg, show: &Show, frame: Frame, top: f32) -> f32 {
    let charts = traffic::charts(show, frame, top);
    for one in &charts {
        chart(svg, one, frame);
    }
    charts.len() as f32 * ROW
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
    svg.label("", frame.left(), chart.ground - ROW + 16.0, &chart.title);
    svg.end();
}

/// The figures up to the playhead; nothing where no visitor came.
pub fn card(show: &Show, now: SimTime) -> El {
    let card = el("section.card changed[aria-labelledby=traffic-title]");
    let Some(traffic) = &show.run.report.traffic else {
        return card.is("hidden", true);
    };
    let head = el("tr").each(words::COLUMNS, |name| el("th[scope=col]").text(name));
    let rows = traffic::figures(traffic, now);
    let body = el("tbody").each(rows, |row| {
        el("tr")
            .add(el("th[scope=row]").text(row.name))
            .add(el("td").text(row.so_far))
            .add(el("td").text(row.lately))
    });
    card.add(el("h2#traffic-title").text(words::TITLE))
        .add(el("table").add(el("thead").add(head)).add(body))
}
