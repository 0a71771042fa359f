//! The diagram of a run as a file of its own, and as a card: SVG that carries its looks with it.
//!
//! The page and the command line both write through here, so that they give the same bytes. The
//! looks are those of the page, in the light: its style sheets, with each token as its value.
//! Invariant: nothing in it is fetched or run, and whatever a text says stands escaped.

use super::spacetime::diagram;
use super::spacetime::{Frame, SpaceTime, horizon};
use super::svg::Svg;
use super::{Show, words};

/// Of the picture, in CSS pixels; it scales.
const WIDTH: u32 = 960;
/// Around the diagram, and below it for the times.
const MARGIN: f32 = 16.0;
const TITLE: f32 = 28.0;
const AXIS: f32 = 20.0;
const ID: &str = "lagoon";

const TOKENS: &str = include_str!("../../static/styles/tokens.css");
const TIMELINE: &str = include_str!("../../static/styles/timeline.css");
const STAGE: &str = include_str!("../../static/styles/stage.css");
const PANELS: &str = include_str!("../../static/styles/panels.css");

/// What the picture consists of: rules for anything else are left out.
const PARTS: [&str; 23] = [
    "text",
    ".axis",
    ".grid",
    ".lane",
    ".hatch-",
    "path.hatch-",
    ".op",
    ".rib",
    ".work",
    ".stub",
    ".job",
    ".bracket",
    ".arrow",
    ".lost",
    ".again",
    ".down",
    "[data-crowd]",
    ".head",
    ".window",
    ".mark",
    ".flag",
    ".area",
    ".title",
];
/// Of those that begin alike, what concerns other pictures.
const FOREIGN: [&str; 4] = [".opened", ".pin", ".lit", "#"];

/// What only a card has.
const CARD: &str = ".edge{fill:var(--lagoon)}text.brand{font-size:26px;fill:var(--lagoon)}\
    text.large{font-size:52px}text.about{font-size:26px;font-weight:400;fill:var(--ink-2)}";

/// A file, and what it shows in words, for those who do not see it.
pub struct Picture {
    pub svg: String,
    pub sentence: String,
}

/// The whole run on one clock, as a file, with the title of its text.
pub fn diagram(show: &Show, title: Option<&str>) -> Picture {
    let title = title.unwrap_or(words::page::UNTITLED);
    let (drawn, height, sentence) = drawn(show);
    let (width, height) = (WIDTH as f32 + 2.0 * MARGIN, height + TITLE);
    let mut svg = paper("timeline", [width, height], title, &sentence, &style());
    svg.label("title", MARGIN + 2.0, MARGIN + 14.0, title);
    svg.at(0.0, TITLE);
    Picture {
        svg: [&svg.string(), &drawn, "</g></svg>\n"].concat(),
        sentence,
    }
}

/// A picture for a link card, 1200 x 630: what it is, in large letters, above a diagram.
pub fn card(show: &Show, title: &str, about: &str) -> String {
    let (drawn, height, sentence) = drawn(show);
    let style = style() + &valued(CARD);
    let mut svg = paper("timeline", [1200.0, 630.0], title, &sentence, &style);
    svg.raw("<rect class=\"edge\" width=\"1200\" height=\"12\"/>");
    svg.label("brand", 48.0, 66.0, "Lagoon");
    let mut y = 126.0;
    for line in lines(title, 34, 2) {
        svg.label("large", 48.0, y, &line);
        y += 60.0;
    }
    for line in lines(about, 76, 2) {
        svg.label("about", 48.0, y - 8.0, &line);
        y += 36.0;
    }
    svg.raw("<svg preserveAspectRatio=\"xMidYMid meet\"");
    svg.lengths(
        &["x", "y", "width", "height"],
        &[48.0, y, 1104.0, 610.0 - y],
    );
    svg.list(
        " viewBox=\"",
        &[0.0, 0.0, WIDTH as f32 + 2.0 * MARGIN, height],
    );
    svg.raw("\">");
    [&svg.string(), &drawn, "</svg></svg>\n"].concat()
}

/// The diagram, how high it is with its margins, and what it shows in words.
fn drawn(show: &Show) -> (String, f32, String) {
    let frame = Frame {
        width: WIDTH,
        horizon: horizon(&[show]),
    };
    let stage = &show.scenario.config.shoppers;
    let picture = SpaceTime::of(show, stage, frame, false);
    let mut svg = Svg::new();
    diagram::definitions(&mut svg, ID);
    svg.at(MARGIN, MARGIN);
    diagram::diagram(&mut svg, ID, &picture);
    let bottom = picture.bottom + diagram::charts(&mut svg, show, frame, picture.bottom);
    diagram::axis(&mut svg, frame, bottom);
    svg.end();
    let height = bottom + 2.0 * MARGIN + AXIS;
    (svg.string(), height, picture.sentence)
}

/// The beginning of a file: its size, its names, its looks, and the paper.
pub(super) fn paper(
    class: &'static str,
    [width, height]: [f32; 2],
    title: &str,
    sentence: &str,
    style: &str,
) -> Svg {
    let mut svg = Svg::new();
    svg.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
    svg.attr("class", class);
    svg.lengths(&["width", "height"], &[width, height]);
    svg.list(" viewBox=\"", &[0.0, 0.0, width, height]);
    svg.raw("\">");
    svg.title(title);
    svg.raw("<desc>");
    svg.text(sentence);
    svg.raw("</desc><style>");
    svg.text(style);
    svg.raw("</style><rect class=\"paper\" width=\"100%\" height=\"100%\"/>");
    svg
}

/// A text in at most so many lines of so many letters; what is left out is dots.
pub(super) fn lines(text: &str, letters: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let full = lines.len() == most;
        let line = lines.last_mut().expect("one at least");
        let long = line.chars().count() + word.chars().count() >= letters;
        match (long && !line.is_empty(), full) {
            (true, true) => {
                line.push('…');
                break;
            }
            (true, false) => lines.push(word.to_string()),
            (false, _) => {
                let space = if line.is_empty() { "" } else { " " };
                line.push_str(&[space, word].concat());
            }
        }
    }
    lines
}

/// The rules that concern the diagram. A pattern stands above a rule's colour.
fn style() -> String {
    let ours = |selectors: &str| {
        PARTS.iter().any(|part| selectors.starts_with(part))
            && !FOREIGN.iter().any(|part| selectors.contains(part))
    };
    let mut out = base();
    for sheet in [TIMELINE, PANELS] {
        take(&mut out, sheet, ours);
    }
    for pattern in ["stale", "down"] {
        let fill = ["url(#", ID, "-", pattern, ")"].concat();
        let rule = ["rect[fill='", &fill, "']{fill:", &fill, "!important}"].concat();
        out.push_str(&rule);
    }
    out
}

/// The rules that concern the stage.
pub(super) fn stage_style() -> String {
    let seen = |selectors: &str| {
        let other = [
            ".act",
            ".btn",
            ".stage >",
            ".stage-note",
            ".breaker",
            ":hover",
        ];
        selectors != ".stage" && !other.iter().any(|part| selectors.contains(part))
    };
    let broken = |selectors: &str| {
        let ours = [".service", ".db", ".badge[data-state=\"down\"]"];
        ours.iter().any(|part| selectors.starts_with(part))
    };
    let mut out = base();
    take(&mut out, STAGE, seen);
    take(&mut out, PANELS, broken);
    out.push_str(&valued(
        ".stage .frame{fill:none;stroke:var(--line);stroke-width:1.5}",
    ));
    out
}

fn base() -> String {
    valued("text{font-family:var(--sans)}.paper{fill:var(--surface)}")
}

/// Adds the rules of a sheet that are wanted, in the words that every program knows.
fn take(out: &mut String, sheet: &str, wanted: impl Fn(&str) -> bool) {
    for rule in rules(sheet) {
        let Some((selectors, body)) = rule.split_once('{') else {
            continue;
        };
        let all = plain(selectors.trim());
        let ours = all.split(',').map(str::trim).filter(|one| wanted(one));
        let selectors: Vec<&str> = ours.collect();
        if !selectors.is_empty() {
            out.push_str(&selectors.join(","));
            out.push('{');
            out.push_str(&valued(body.trim()));
            out.push('}');
        }
    }
}

/// The rules of a sheet at its top level, each up to its closing brace.
fn rules(sheet: &str) -> Vec<String> {
    let (mut out, mut rule, mut depth) = (Vec::new(), String::new(), 0);
    let mut spoken = String::new();
    for part in sheet.split("/*") {
        spoken.push_str(part.split_once("*/").map_or(part, |(_, after)| after));
    }
    for letter in spoken.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if letter == '}' && depth == 0 {
            let whole = std::mem::take(&mut rule).trim().to_string();
            out.extend(Some(whole).filter(|rule| !rule.starts_with('@')));
        } else {
            rule.push(letter);
        }
    }
    out
}

/// A selector in the words that every program for pictures knows.
fn plain(selectors: &str) -> String {
    let own = selectors
        .replace(".timeline ", "")
        .replace(":not([fill])", "");
    let Some((before, (choices, after))) = own
        .split_once(":is(")
        .and_then(|(before, rest)| Some((before, rest.split_once(')')?)))
    else {
        return own;
    };
    let one = |choice: &str| [before, choice.trim(), after].concat();
    let all: Vec<String> = choices.split(',').map(one).collect();
    all.join(",")
}

/// The rules of a body with each token as its value.
fn valued(body: &str) -> String {
    let mut parts = body.split("var(--");
    let mut out = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let (name, rest) = part.split_once(')').unwrap_or((part, ""));
        out.push_str(&value(name));
        out.push_str(rest);
    }
    out
}

/// What a token is in the light.
fn value(token: &str) -> String {
    let start = ["--", token, ":"].concat();
    let value = TOKENS.split_once(&start).map_or("", |(_, after)| after);
    let value = value.split(';').next().unwrap_or_default().trim();
    let light = value.strip_prefix("light-dark(");
    let value = light
        .and_then(|pair| pair.split(',').next())
        .unwrap_or(value);
    value.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{gallery, parse};

    #[test]
    fn a_picture_carries_its_looks_and_no_text_of_a_stranger() {
        for text in gallery::GALLERY {
            let show = Show::of(parse(text).scenario);
            let picture = diagram(&show, Some("</text><script>")).svg;
            assert!(picture.starts_with("<svg xmlns=") && picture.ends_with("</svg>\n"));
            for never in ["var(", ":is(", ":not(", "@media", "<script", "href", "NaN"] {
                assert!(!picture.contains(never), "{never}");
            }
            let style = picture.split("<style>").nth(1).unwrap();
            assert!(style.contains(".rib rect{stroke: #75868B;}"), "{style}");
        }
    }
}
