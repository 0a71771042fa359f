//! A run as a comic strip: three pictures of the stage, each with what the narrator says there.
//!
//! Done, looks, later: the first change is confirmed, somebody is shown a cart (one that is out of
//! date, if there is any), and the end. Invariant: pictures and captions are those of the page at
//! these moments; nothing is told here that the run did not do.

use super::picture::{self, Picture};
use super::scene::{Count, Flight, Mark, Part, Scene, Shape, Words, drawn};
use super::svg::Svg;
use super::words::{self, narrator};
use super::{Show, glyphs};
use crate::check::staleness::ViewAge;
use crate::history::{Answer, Outcome};
use crate::time::SimTime;

const ID: &str = "lagoon";
/// Around and between the pictures.
const GAP: f32 = 16.0;
/// Room for the title, and for a caption of so many lines of so many letters.
const TITLE: f32 = 56.0;
const LINE: f32 = 18.0;
const LINES: usize = 3;
const LETTERS: usize = 60;

/// The strip of a run, as a file, with the title of its text.
pub fn strip(show: &Show, title: Option<&str>) -> Picture {
    let title = title.unwrap_or(words::page::UNTITLED);
    let stage = &show.scenario.config.shoppers;
    let moments = moments(show);
    let scenes = moments
        .iter()
        .map(|now| (*now, Scene::at(show, stage, *now, Shape::Phone)));
    let scenes: Vec<(SimTime, Scene)> = scenes.collect();
    let tallest = scenes.iter().map(|(_, scene)| scene.height).max();
    let step = scenes.first().map_or(0, |(_, scene)| scene.width) as f32 + GAP;
    let top = TITLE + LINE * (LINES as f32 + 1.0);
    let width = GAP + step * scenes.len() as f32;
    let height = top + tallest.unwrap_or_default() as f32 + GAP;

    let mut sentences = Vec::new();
    let mut frames = Svg::new();
    for (nth, (now, scene)) in scenes.iter().enumerate() {
        let said = narrator::say(show, *now);
        frames.at(GAP + step * nth as f32, TITLE);
        frames.label("b moment", 2.0, 0.0, &said.time);
        let spoken = [&*said.headline, &*said.rest].join(" ");
        for (line, text) in picture::lines(&spoken, LETTERS, LINES).iter().enumerate() {
            frames.label("c2", 2.0, LINE * (line as f32 + 1.0), text);
        }
        frames.at(0.0, top - TITLE);
        let place = [
            0.0,
            0.0,
            scene.width as f32,
            tallest.unwrap_or_default() as f32,
        ];
        frames.rect("frame", place, 10.0, "");
        draw(&mut frames, scene, *now);
        frames.end();
        frames.end();
        sentences.push([&*said.time, &spoken].join(": "));
    }
    let sentence = sentences.join(" ");
    let mut svg = picture::paper(
        "stage",
        [width, height],
        title,
        &sentence,
        &picture::stage_style(),
    );
    svg.label("b large", GAP + 2.0, 26.0, title);
    let hatch = drawn::hatch(ID).string();
    Picture {
        svg: [&svg.string(), &hatch, &frames.string(), "</svg>\n"].concat(),
        sentence,
    }
}

/// The moments that are shown, in order, none twice.
fn moments(show: &Show) -> Vec<SimTime> {
    let run = &show.run;
    let ended = run
        .history
        .operations
        .iter()
        .filter_map(|one| match &one.outcome {
            Outcome::Ok { at, answer } => Some((*at, answer)),
            _ => None,
        });
    let done = ended.filter(|(_, answer)| matches!(answer, Answer::Done(_)));
    let done = done.map(|(at, _)| at).min();
    let after = |view: &&ViewAge| done.is_none_or(|done| view.ended > done);
    let views = run.report.views.iter().filter(after);
    let stale = views.clone().find(|view| view.is_stale());
    let looks = stale.or(views.clone().next()).map(|view| view.ended);
    let mut moments: Vec<SimTime> = done.into_iter().chain(looks).collect();
    moments.push(run.end());
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// A scene as it stands at this moment.
fn draw(svg: &mut Svg, scene: &Scene, now: SimTime) {
    for part in scene.ground.iter() {
        draw_part(svg, part);
    }
    for flight in scene.flights.iter() {
        draw_flight(svg, flight, now);
    }
    for part in scene.parts.iter() {
        draw_part(svg, part);
    }
    for label in scene.flights.iter().filter_map(|one| one.label.as_ref()) {
        let (x, y) = label.course.along(now);
        svg.at(x, y);
        drawn::text(svg, (0, 0), label.class, &still(&label.words));
        svg.end();
    }
}

fn draw_part(svg: &mut Svg, part: &Part) {
    svg.group(part.class, part.state);
    svg.at(part.at.0 as f32, part.at.1 as f32);
    for mark in part.marks.iter() {
        match mark {
            Mark::Text { x, y, class, words } => drawn::text(svg, (*x, *y), class, &still(words)),
            mark => drawn::mark(svg, ID, mark),
        }
    }
    svg.end();
    svg.end();
}

fn draw_flight(svg: &mut Svg, flight: &Flight, now: SimTime) {
    let (x, y) = flight.course.along(now);
    svg.raw("<g class=\"flight\"");
    svg.attr("data-kind", flight.kind);
    svg.attr("data-stale", if flight.stale { "true" } else { "false" });
    svg.raw("><g class=\"message\"");
    svg.attr("data-kind", flight.kind);
    svg.list(" transform=\"translate(", &[x, y]);
    svg.raw(if flight.flip {
        ") scale(-1 1)\">"
    } else {
        ")\">"
    });
    glyphs::message(svg, flight.kind);
    svg.raw("</g></g>");
}

/// Words whose number stands still.
fn still(words: &Words) -> Words {
    let millis = words.count.map(|Count { millis, .. }| millis.to_string());
    Words {
        before: [&*words.before, millis.as_deref().unwrap_or_default()].concat(),
        count: None,
        after: words.after.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{gallery, parse};

    #[test]
    fn a_strip_has_a_picture_a_caption_and_looks_for_each_moment() {
        for text in gallery::GALLERY {
            let show = Show::of(parse(text).scenario);
            let moments = moments(&show);
            assert!((1..=3).contains(&moments.len()) && moments.is_sorted());
            let Picture { svg, sentence } = strip(&show, Some("<script>"));
            assert_eq!(svg.matches("class=\"frame\"").count(), moments.len());
            for moment in moments {
                assert!(sentence.contains(&*narrator::say(&show, moment).headline));
            }
            for never in [
                "var(",
                ":is(",
                "@media",
                ":hover",
                "<script",
                "href",
                "NaN",
                "data-glide",
            ] {
                assert!(!svg.contains(never), "{never}");
            }
            for look in [
                ".stage .box{",
                ".stage .mini{",
                ".badge[data-state=&quot;down&quot;] .pill{",
            ] {
                assert!(svg.contains(look), "{look}");
            }
        }
    }
}
