//! The dialog of a history from a file: a way in, the verdicts, the picture and its table.

use crate::history::file::Body;
use crate::page::element::{El, On, el};
use crate::page::icons::sign;
use crate::playground::Msg;
use crate::playground::opened::{DRAWN, Deed, File, Opened, Sheet, State};
use crate::view::opened::{self as view, AXIS, Act, BAR, Bar, Picture};
use crate::view::spacetime::diagram;
use crate::view::svg::Svg;
use crate::view::verdicts::Row;
use crate::view::words::opened as words;
use std::rc::Rc;

/// What the ids of its patterns begin with.
const ID: &str = "opened";
/// The id of the picture.
pub const PLOT: &str = "opened-plot";
/// More choices than this are not listed.
const CHOICES: usize = 1_000;

/// The dialog's content.
pub fn content(opened: Option<&Opened>) -> El {
    let pick = el("input.sr#opened-file[type=file]")
        .attr("accept", ".jsonl,.ndjson,.json,.txt")
        .on(On::FileChosen);
    let label = el("label.solid").text(words::CHOOSE).add(pick);
    let ways = el("div.row pick")
        .add(label)
        .add(el("span.muted").text(words::DROP));
    let sample = Rc::new(File {
        name: words::SAMPLE_NAME.to_string(),
        text: Ok(Rc::from(words::SAMPLE)),
    });
    let like = el("details")
        .add(el("summary").text(words::LIKE))
        .add(el("pre[tabindex=0]").text(words::SAMPLE))
        .add(
            el("button.solid")
                .send(Msg::File(Deed::Open(sample)))
                .text(words::TRY),
        )
        .add(el("p").text(words::FIELDS));
    let sheet = el("div")
        .add(el("p").text(words::INTRO))
        .add(ways)
        .add(like.is("open", opened.is_none()));
    match opened {
        Some(opened) => sheet.add(told(opened)),
        None => sheet.add(el("div")),
    }
}

/// What is known of the file.
fn told(opened: &Opened) -> El {
    let head = |said: String| el("p#opened-told[role=status]").text(said);
    let all = el("div.opened").add(el("h3").text(&opened.name));
    match &opened.state {
        State::Reading(_) => all.add(head(words::READING.to_string())),
        State::Refused(refused) => {
            let said = words::refused(&opened.name, refused);
            all.add(head(said).attr("data-kind", "problem"))
        }
        State::Read(sheet) => {
            let rows = view::rows(sheet);
            let said = match sheet.is_busy() {
                true => words::JUDGING.to_string(),
                false => view::judged(&rows),
            };
            let stop = el("button.solid")
                .is("hidden", !sheet.is_busy())
                .send(Msg::File(Deed::Stop))
                .text(words::STOP);
            all.add(el("p").text(view::summary(sheet)))
                .add(el("div.row").add(head(said)).add(stop))
                .add(choices(sheet))
                .add(
                    el("div.opened-sheet")
                        .add(verdicts(sheet, &rows))
                        .add(drawing(sheet)),
                )
        }
    }
}

/// A menu; what is chosen is sent by its place.
fn menu(
    name: &'static str,
    own: usize,
    offered: Vec<String>,
    choose: impl Fn(usize) -> Msg + 'static,
) -> El {
    let change = move |value: &str| choose(value.parse().unwrap_or(0));
    let hidden = offered.len() < 2;
    let offered = offered.into_iter().take(CHOICES).enumerate();
    let menu = el("select").on_change(change).each(offered, |(nth, text)| {
        el("option")
            .attr("value", nth.to_string())
            .is("selected", nth == own)
            .text(text)
    });
    let label = el("label.setting").is("hidden", hidden);
    label.add(el("span").text(name)).add(menu)
}

/// Which history of the file, and which key of it.
fn choices(sheet: &Sheet) -> El {
    let cases = sheet.cases.iter().zip(1..);
    let cases = cases.map(|(case, nth)| match case.id.is_empty() {
        true => nth.to_string(),
        false => words::short(&case.id, words::WHOLE),
    });
    let keys = match &sheet.cases[sheet.case].body {
        Body::Foreign(history) => history.keys.as_slice(),
        Body::Cart(_) => &[],
    };
    let all = std::iter::once(words::ALL_KEYS.to_string());
    let all = all.chain(keys.iter().map(|key| words::short(key, words::LABEL)));
    let offered = if keys.len() > 1 {
        all.collect()
    } else {
        Vec::new()
    };
    let own = sheet.key.map_or(0, |key| key as usize + 1);
    let to_case = |nth| Msg::File(Deed::Case(nth));
    let to_key = |nth: usize| {
        let key = nth.checked_sub(1).map(|key| key as u32);
        Msg::File(Deed::Key(key))
    };
    el("div.row")
        .add(menu(words::CASE, sheet.case, cases.collect(), to_case))
        .add(menu(words::KEY, own, offered, to_key))
}

fn verdicts(sheet: &Sheet, rows: &[Row]) -> El {
    el("div.card verdicts").each(rows, |row| {
        let said = el("p").add(el("em").text(row.word)).text(": ");
        let mut body = el("div").add(el("h4").text(row.title)).add(
            said.text(&row.sentence)
                .add(el("span.muted").text(format!(" ({})", row.term))),
        );
        if row.state == "broken" {
            let show = el("button.link")
                .attr("aria-pressed", sheet.why == Some(row.property))
                .attr("aria-label", [words::SHOW, ": ", row.title].concat())
                .send(Msg::File(Deed::Why(row.property)))
                .text(words::SHOW);
            body = body.add(el("div.ways").add(show));
        }
        el("div.verdict")
            .attr("data-state", row.state)
            .key(row.property.name())
            .add(sign(row.state))
            .add(body)
    })
}

/// The picture with what moves it, what it marks, and its table.
fn drawing(sheet: &Sheet) -> El {
    let acts = view::acts(sheet);
    let picture = Picture::of(&acts);
    let all = sheet.places().len();
    let moves = |value: &str| Msg::File(Deed::From(value.parse().unwrap_or(0)));
    let slider = el("input[type=range][min=0]")
        .attr("max", all.saturating_sub(DRAWN).to_string())
        .attr("aria-valuetext", words::stretch(sheet.from, all))
        .value(sheet.from.to_string())
        .on_input(moves);
    let stretch = el("label.setting")
        .is("hidden", all <= DRAWN)
        .add(el("span").text(words::FROM))
        .add(el("b").text(words::stretch(sheet.from, all)))
        .add(slider);
    let mut marked: Vec<&Act> = acts.iter().filter(|act| act.pin.is_some()).collect();
    marked.sort_by_key(|act| act.pin);
    let breach = el("ol.proof")
        .is("hidden", marked.is_empty())
        .attr("aria-label", words::BREACH)
        .each(marked, |act| {
            let nth = act.pin.map_or(0, |pin| pin + 1);
            el("li")
                .add(el("i[aria-hidden=true]").text(nth.to_string()))
                .add(el("span").text([&act.who, ": ", &act.what].concat()))
                .add(el("span").text(view::times(act)))
        });
    el("div.drawing")
        .add(breach)
        .add(stretch)
        .add(plot(&picture))
        .add(el("p.muted").text(words::SCALE))
        .add(
            el("details")
                .add(el("summary").text(words::TABLE))
                .add(table(&acts)),
        )
}

/// The names stay in sight while the bars are scrolled.
fn plot(picture: &Picture) -> El {
    let names = {
        let mut svg = Svg::new();
        for lane in &picture.lanes {
            svg.line("edge", [0.0, lane.y - 4.0, NAMES, lane.y - 4.0]);
            svg.label("", 8.0, lane.y + 15.0, &lane.name);
        }
        sized("svg.names[aria-hidden=true]", NAMES, picture.height).add(svg)
    };
    let mut svg = Svg::new();
    diagram::definitions(&mut svg, ID);
    for lane in &picture.lanes {
        svg.line("edge", [0.0, lane.y - 4.0, picture.width, lane.y - 4.0]);
    }
    for tick in &picture.ticks {
        svg.line("grid", [tick.x, AXIS + 5.0, tick.x, picture.height]);
        svg.label("tick", tick.x, AXIS, &tick.label);
    }
    for one in &picture.bars {
        bar(&mut svg, one);
    }
    let bars = sized("svg[role=img]", picture.width, picture.height)
        .attr("aria-label", picture.sentence.clone())
        .add(svg);
    let at = picture.lit().map(|(from, to)| ((from + to) / 2.0) as i32);
    el("div.opened-plot[tabindex=0][role=group]")
        .attr("id", PLOT)
        .attr("aria-label", words::TITLE)
        .attr("data-at", at)
        .add(names)
        .add(bars)
}

/// The room for the names of processes.
const NAMES: f32 = 96.0;

fn sized(written: &'static str, width: f32, height: f32) -> El {
    el(written).attr("width", width).attr("height", height)
}

fn bar(svg: &mut Svg, bar: &Bar) {
    svg.group("op", bar.state);
    svg.title(&bar.title);
    let fill = match bar.state {
        "failed" => [ID, "-down"].concat(),
        _ => String::new(),
    };
    let (x, y, width) = (bar.x, bar.y, bar.width);
    if bar.state == "unknown" {
        // Without an answer there is no right end.
        svg.list("<g stroke-dasharray=\"", &[width, BAR, width + BAR]);
        svg.raw("\">");
        svg.rect("", [x, y, width, BAR], 0.0, &fill);
        svg.end();
        svg.label("open", x + width - 14.0, y + 15.0, "?");
    } else {
        svg.rect("", [x, y, width, BAR], 3.0, &fill);
    }
    svg.label("", x + 8.0, y + 15.0, &bar.label);
    if let Some(pin) = bar.pin {
        svg.rect("lit", [x - 2.0, y - 2.0, width + 4.0, BAR + 4.0], 5.0, "");
        svg.raw("<g class=\"pin\">");
        svg.rect("", [x - 9.0, y - 9.0, 18.0, 18.0], 9.0, "");
        svg.label("", x, y + 4.2, &(pin + 1).to_string());
        svg.end();
    }
    svg.end();
}

fn table(acts: &[Act]) -> El {
    let row = |act: &Act| {
        let pin = act.pin.map_or(String::new(), |pin| (pin + 1).to_string());
        el("tr")
            .attr("data-lit", act.pin.is_some())
            .add(el("td").text(pin))
            .add(el("td").text(&act.who))
            .add(el("td").text(&act.what))
            .add(el("td").text(&act.outcome))
            .add(el("td").text(&act.called))
            .add(el("td").text(&act.answered))
    };
    let head = el("tr").each(words::COLUMNS, |name| el("th[scope=col]").text(name));
    el("div.events-list[tabindex=0][role=group]")
        .attr("aria-label", words::TABLE)
        .add(
            el("table")
                .add(el("thead").add(head))
                .add(el("tbody").each(acts, row)),
        )
}
