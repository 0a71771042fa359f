//! The diagram of a run as a file of its own: SVG that carries its looks with it.
//!
//! The page and the command line both write through here, so that they give the same bytes. The
//! looks are those of the page, in the light: its style sheets, with each token as its value.
//! Invariant: nothing in it is fetched or run, and whatever a text says stands escaped.

use super::spacetime::diagram;
use super::spacetime::{Frame, SpaceTime, horizon};
use super::svg::Svg;
use super::{Show, words};
use crate::scenario::Parsed;

/// Of the picture, in CSS pixels; it scales.
const WIDTH: u32 = 960;
/// Around the diagram, and below it for the times.
const MARGIN: f32 = 16.0;
const TITLE: f32 = 28.0;
const AXIS: f32 = 20.0;
const ID: &str = "lagoon";

const TOKENS: &str = include_str!("../../static/styles/tokens.css");
const LOOKS: [&str; 2] = [
    include_str!("../../static/styles/timeline.css"),
    include_str!("../../static/later.css"),
];

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

/// A file, and what it shows in words, for those who do not see it.
pub struct Picture {
    pub svg: String,
    pub sentence: String,
}

/// The diagram of what a text says.
pub fn of(parsed: &Parsed) -> Picture {
    let show = Show::of(parsed.scenario.clone());
    diagram(&show, parsed.title.as_deref())
}

/// The whole run on one clock, as a file, with the title of its text.
pub fn diagram(show: &Show, title: Option<&str>) -> Picture {
    let title = title.unwrap_or(words::page::UNTITLED);
    let frame = Frame {
        width: WIDTH,
        horizon: horizon(&[show]),
    };
    let stage = &show.scenario.config.shoppers;
    let picture = SpaceTime::of(show, stage, frame, false);
    let mut drawn = Svg::new();
    diagram::definitions(&mut drawn, ID);
    drawn.at(MARGIN, MARGIN + TITLE);
    diagram::diagram(&mut drawn, ID, &picture);
    let bottom = picture.bottom + diagram::charts(&mut drawn, show, frame, picture.bottom);
    diagram::axis(&mut drawn, frame, bottom);
    drawn.end();

    let (width, height) = (
        WIDTH as f32 + 2.0 * MARGIN,
        bottom + 2.0 * MARGIN + TITLE + AXIS,
    );
    let mut svg = Svg::new();
    svg.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"timeline\" role=\"img\"");
    svg.lengths(&["width", "height"], &[width, height]);
    svg.list(" viewBox=\"", &[0.0, 0.0, width, height]);
    svg.raw("\">");
    svg.title(title);
    svg.raw("<desc>");
    svg.text(&picture.sentence);
    svg.raw("</desc><style>");
    svg.text(&style());
    svg.raw("</style><rect class=\"paper\" width=\"100%\" height=\"100%\"/>");
    svg.label("title", MARGIN + 2.0, MARGIN + 14.0, title);
    Picture {
        svg: [&svg.string(), &drawn.string(), "</svg>\n"].concat(),
        sentence: picture.sentence,
    }
}

/// The rules that concern the picture. A pattern stands above a rule's colour.
fn style() -> String {
    let mut out = [
        "text{font-family:",
        &value("sans"),
        "}.paper{fill:",
        &value("surface"),
        "}",
    ]
    .concat();
    for sheet in LOOKS {
        for rule in rules(sheet) {
            let Some((selectors, body)) = rule.split_once('{') else {
                continue;
            };
            let selectors = plain(selectors.trim());
            let ours = PARTS.iter().any(|part| selectors.starts_with(part));
            if ours && !FOREIGN.iter().any(|part| selectors.contains(part)) {
                out.push_str(&selectors);
                out.push('{');
                out.push_str(&valued(body.trim()));
                out.push('}');
            }
        }
    }
    for pattern in ["stale", "down"] {
        let fill = ["url(#", ID, "-", pattern, ")"].concat();
        let rule = ["rect[fill='", &fill, "']{fill:", &fill, "!important}"].concat();
        out.push_str(&rule);
    }
    out
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
