//! What a load did, on the clock of the timeline: how many waited and how far copies were behind,
//! as areas; and in figures up to a moment.
//!
//! Invariant: an area has one column a pixel, which shows the most that there was within it; what
//! is drawn is bounded, however long the run.

use crate::history::ServiceId;
use crate::run::traffic::{self, Step, Summary, Traffic};
use crate::time::{SimDuration, SimTime};
use crate::view::Show;
use crate::view::spacetime::Frame;
use crate::view::words::traffic as words;

/// The room of a chart: its title, and the area below it.
pub const ROW: f32 = 46.0;
/// The height of the largest number of an area.
const TALL: f32 = 26.0;

/// One area.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub title: String,
    /// `behind`, or nothing.
    pub state: &'static str,
    /// Where its ground stands.
    pub ground: f32,
    /// From left to right: from where on it is how high.
    pub columns: Vec<(f32, f32)>,
}

/// The charts of a run, from `top` down; none where no visitor came.
pub fn charts(show: &Show, frame: Frame, top: f32) -> Vec<Chart> {
    let Some(traffic) = &show.run.report.traffic else {
        return Vec::new();
    };
    let end = show.run.end();
    let mut charts: Vec<Chart> = Vec::new();
    for (state, steps, title) in rows(traffic) {
        let (_, most) = traffic::most(steps, end);
        let ground = top + ROW * (charts.len() as f32 + 1.0) - 4.0;
        charts.push(Chart {
            title: words::chart(&title, most),
            state,
            ground,
            columns: columns(steps, frame, end, most.max(1)),
        });
    }
    charts
}

/// What is drawn: the visitors, and each queue and each copy that ever had something to show.
fn rows(traffic: &Traffic) -> Vec<(&'static str, &Vec<Step>, String)> {
    let some = |steps: &&Vec<Step>| steps.iter().any(|step| step.1 > 0);
    let mut rows = vec![("", &traffic.visitors, words::VISITORS.to_string())];
    for (service, steps) in (1..).map(ServiceId).zip(&traffic.queues) {
        if some(&steps) {
            rows.push(("", steps, words::queue(service)));
        }
    }
    for (copy, steps) in (2..).map(ServiceId).zip(&traffic.behind) {
        if some(&steps) {
            rows.push(("behind", steps, words::behind(copy)));
        }
    }
    rows
}

/// The steps as columns of a pixel, each as high as the most within it.
fn columns(steps: &[Step], frame: Frame, end: SimTime, most: u32) -> Vec<(f32, f32)> {
    let height = |number: u32| TALL * number as f32 / most as f32;
    let mut columns: Vec<(f32, f32)> = vec![(frame.left(), 0.0)];
    let (mut pixel, mut last) = (frame.left(), 0);
    for (at, number) in steps.iter().take_while(|(at, _)| *at <= end) {
        let x = frame.x(*at);
        match columns.last_mut().filter(|_| x - pixel < 1.0) {
            Some(column) => column.1 = column.1.max(height(*number)),
            None => {
                // The pixel before is over, and with it its most.
                columns.push((pixel + 1.0, height(last)));
                columns.push((x, height(*number)));
                pixel = x;
            }
        }
        last = *number;
    }
    columns.push((pixel + 1.0, height(last)));
    columns.push((frame.x(end), height(last)));
    columns
}

/// What a figure is called, so far, and in the last second.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub name: &'static str,
    pub so_far: String,
    pub lately: String,
}

/// A figure's name, and what it is in a summary.
type Named<T> = (&'static str, fn(&Summary) -> T);

/// The figures up to `now`.
pub fn figures(traffic: &Traffic, now: SimTime) -> Vec<Figure> {
    const SECOND: SimDuration = SimDuration::from_millis(1000);
    let since = SimTime(now.0.saturating_sub(SECOND.0));
    let (all, late) = (traffic.up_to(now), traffic.between(since, now));
    let rate = |summary: &Summary, from: SimTime| words::rate(summary.answered, now.since(from));
    let mut figures = vec![Figure {
        name: words::ANSWERS,
        so_far: rate(&all, SimTime::ZERO),
        lately: rate(&late, since),
    }];
    let waits: [Named<SimDuration>; 4] = [
        (words::HALF, |summary| summary.p50),
        (words::P95, |summary| summary.p95),
        (words::P99, |summary| summary.p99),
        (words::LONGEST, |summary| summary.longest),
    ];
    for (name, wait) in waits {
        let told = |summary: &Summary| words::wait(summary.answered, wait(summary));
        figures.push(Figure {
            name,
            so_far: told(&all),
            lately: told(&late),
        });
    }
    let counts: [Named<u32>; 2] = [
        (words::REFUSED, |summary| summary.refused),
        (words::MAYBE, |summary| summary.unknown),
    ];
    for (name, count) in counts.into_iter().filter(|(_, count)| count(&all) > 0) {
        figures.push(Figure {
            name,
            so_far: count(&all).to_string(),
            lately: count(&late).to_string(),
        });
    }
    figures
}
