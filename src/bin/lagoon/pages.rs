//! The pages of a course: one for each lesson, an index, and a sheet of questions, readable and
//! printable without script; `lesson.js` makes them a course to play, `embed.js` brings the stage.
//!
//! Invariant: every address is relative, so a course stands wherever the playground does; what a
//! lesson's files say is HTML already, made by `lesson`, and all else is escaped here.

use crate::{claims, story};
use lagoon::check::Property;
use lagoon::lesson::{Course, Lesson, MAP, Page, Question, Task};
use lagoon::scenario::{gallery, parse};
use lagoon::view::words::verdicts as words;
use lagoon::view::{Show, guarantees, picture};
use std::fmt::Write as _;

/// From a lesson's page, and from the index, to the folder of the playground.
const HOME: &str = "../../../";
const INDEX_HOME: &str = "../../";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; frame-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'none'";

/// A page of the site, and the pictures beside it by their names.
pub struct Site {
    pub html: String,
    pub pictures: Vec<(String, String)>,
}

impl Site {
    /// A page, with the pictures beside it and one more for link cards, of this run.
    pub fn of(head: &Head, body: &str, mut pictures: Vec<(String, String)>, show: &Show) -> Site {
        pictures.push(preview(show, head.title, head.description));
        let html = document(head, body);
        Site { html, pictures }
    }

    /// A page that is about no run of its own.
    fn list(head: &Head, body: &str) -> Site {
        Site::of(head, body, Vec::new(), &show(gallery::GALLERY[0]).0)
    }
}

/// That of the playground itself.
pub fn front() -> (String, String) {
    let about =
        "A playground for replication lag: see what shoppers notice, and share the exact run.";
    preview(
        &show(gallery::GALLERY[0]).0,
        "Two services, one cart",
        about,
    )
}

/// The picture that stands for a page in a link card; it is drawn as pixels afterwards.
fn preview(show: &Show, title: &str, about: &str) -> (String, String) {
    let picture = picture::card(show, title, about);
    ("preview.svg".to_string(), picture)
}

/// The run of a text, and what the text calls itself.
pub fn show(text: &str) -> (Show, Option<String>) {
    let parsed = parse(text);
    (Show::of(parsed.scenario), parsed.title)
}

/// A run, drawn: the picture beside the page, and how the page shows it.
fn drawn(show: &Show, title: Option<&str>, name: &str) -> ((String, String), String) {
    let picture = picture::diagram(show, title);
    let file = format!("{name}.svg");
    let html = format!(
        "<div class=\"wide-picture\"><a class=\"drawn\" href=\"{file}\"><img class=\"drawn\" \
         src=\"{file}\" alt=\"{}\" loading=\"lazy\"></a></div>\n",
        escape(&picture.sentence)
    );
    ((file, picture.svg), html)
}

/// Where the site stands, with a slash at its end: who shows a link card needs the whole address
/// of its picture. A build that is not told gives it from the page on.
const SITE: &str = "LAGOON_SITE";

/// Where a page stands below the site, and what it is.
pub struct Head<'a> {
    pub at: &'a str,
    pub language: &'a str,
    pub title: &'a str,
    pub description: &'a str,
}

/// A whole document.
fn document(head: &Head, body: &str) -> String {
    let home = "../".repeat(head.at.matches('/').count());
    let language = head.language;
    let (title, description) = (escape(head.title) + ", Lagoon", escape(head.description));
    let site = std::env::var(SITE).map(|site| site + head.at);
    let preview = escape(&(site.unwrap_or_default() + "preview.png"));
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<meta name=\"description\" content=\"{description}\">\n\
         <meta property=\"og:title\" content=\"{title}\">\n\
         <meta property=\"og:description\" content=\"{description}\">\n\
         <meta property=\"og:type\" content=\"article\">\n\
         <meta property=\"og:image\" content=\"{preview}\">\n\
         <meta property=\"og:image:width\" content=\"1200\">\n\
         <meta property=\"og:image:height\" content=\"630\">\n\
         <meta name=\"twitter:card\" content=\"summary_large_image\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"{home}lesson.css\">\n\
         <script src=\"{home}embed.js\" defer></script>\n\
         <script src=\"{home}lesson.js\" defer></script>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

/// The list of all lessons, and the glossary.
pub fn index(course: &Course) -> Site {
    let mut body = format!(
        "<header class=\"top\"><a class=\"brand\" href=\"{INDEX_HOME}\">Lagoon</a></header>\n\
         <main class=\"index\">\n<h1>The course</h1>\n<p>From one server to choosing a guarantee, by \
         doing. Each lesson has one idea and takes three minutes; a run stands beside it, and \
         everything in it can be played.</p>\n<ol class=\"lessons\">\n"
    );
    for lesson in &course.lessons {
        let Lesson {
            id,
            title,
            minutes,
            idea,
            ..
        } = lesson;
        let title = escape(title);
        let _ = writeln!(
            body,
            "<li data-lesson=\"{id}\"><a href=\"{id}/\">{title}</a> <small>{minutes} min</small>\
             <div>{idea}</div></li>"
        );
    }
    body += "</ol>\n<h2>What can be promised</h2>\n<p>An arrow leads from the stronger promise to the \
             weaker. Each leads to its lesson, and lights up when that is done.</p>\n";
    body += &format!("<div class=\"wide-picture\">\n{}</div>\n", map(course, ""));
    body += "<p><a href=\"../../scenarios/\">All scenarios, to read and to play</a> · <a href=\"questions/\">Ten questions before the course, and after it</a></p>\n";
    body += &teachers(course);
    body += "<h2>The words</h2>\n<dl>\n";
    for term in &course.glossary {
        let _ = writeln!(
            body,
            "<dt>{}</dt><dd>{}</dd>",
            escape(&term.term),
            term.html
        );
    }
    body += "</dl>\n</main>\n";
    let description = "Lessons on replication lag, each with a run to play with.";
    let head = Head {
        at: &format!("lessons/{}/", course.language),
        language: &course.language,
        title: "The course",
        description,
    };
    Site::list(&head, &body)
}

/// Where a teacher finds what is made for a class.
fn teachers(course: &Course) -> String {
    let puzzles = course.lessons.iter().zip(1..);
    let puzzles = puzzles.filter(|(lesson, _)| lesson.teacher.puzzle.is_some());
    let links: Vec<String> = puzzles
        .map(|(lesson, nth)| format!("<a href=\"{}/puzzle/\">lesson {nth}</a>", lesson.id))
        .collect();
    let puzzles = match links.is_empty() {
        true => String::new(),
        false => format!(
            " Puzzles give each student a run of their own: {}.",
            links.join(", ")
        ),
    };
    format!(
        "<h2>For teachers</h2>\n<p>At the foot of each lesson stand its objective, the usual \
         misconception, three questions to ask, and the same idea outside the shop; from there it \
         can be presented to a class. Printed, a lesson is a worksheet with its answer key.{puzzles}</p>\n"
    )
}

/// The map of the guarantees: each leads to the first lesson that speaks of it, and lights up once
/// that is done. The lessons stand below `home`.
fn map(course: &Course, home: &str) -> String {
    let (w, h) = (guarantees::NODE_WIDTH, guarantees::NODE_HEIGHT);
    let mut out = format!(
        "<svg class=\"map\" viewBox=\"{}\" role=\"group\" aria-label=\"The map of the guarantees\">\n\
         <marker id=\"tip\" viewBox=\"0 0 6 6\" refX=\"6\" refY=\"3\" markerWidth=\"7\" markerHeight=\"7\" \
         orient=\"auto\"><path class=\"tip\" d=\"M0 0 6 3 0 6Z\"/></marker>\n",
        guarantees::VIEW_BOX
    );
    for ((x1, y1), (x2, y2)) in guarantees::arrows() {
        let _ = writeln!(
            out,
            "<path d=\"M{x1} {y1}L{x2} {y2}\" marker-end=\"url(#tip)\"/>"
        );
    }
    for (property, x, y) in guarantees::PLACES {
        let (left, top, base) = (x - w / 2, y - h / 2, y + 4);
        let node = format!(
            "<rect x=\"{left}\" y=\"{top}\" width=\"{w}\" height=\"{h}\" rx=\"6\"/>\
             <text x=\"{x}\" y=\"{base}\">{}</text>",
            words::term(property)
        );
        let mut lessons = course.lessons.iter();
        let explains = |lesson: &&Lesson| lesson.pages.iter().any(|page| explains(page, property));
        let speaks = |page: &Page| page.about.contains(&property.name());
        let first = lessons.clone().find(explains);
        let _ = match first.or(lessons.find(|lesson| lesson.pages.iter().any(speaks))) {
            Some(Lesson { id, title, .. }) => writeln!(
                out,
                "<a href=\"{home}{id}/\" data-lesson=\"{id}\"><title>{}</title>{node}</a>",
                escape(title)
            ),
            None => writeln!(out, "<g>{node}</g>"),
        };
    }
    out + "</svg>\n"
}

/// Whether the page explains the promise's term.
fn explains(page: &Page, property: Property) -> bool {
    let marked = format!("<dfn data-term=\"{}\">", words::term(property));
    let why = page.bet.iter().map(|bet| &bet.why);
    let task = page.task.iter().map(|task| &task.html);
    let mut all = why.chain(task).chain([&page.html]);
    all.any(|html| html.contains(&marked))
}

/// A scenario of the gallery: its text, a player where script runs, and what happens, in words.
pub fn scenario(text: &str) -> (String, Site) {
    let parsed = parse(text);
    let show = Show::of(parsed.scenario.clone());
    let title = gallery::title(text);
    let comments = text.lines().filter_map(|line| line.strip_prefix('#'));
    let about: Vec<&str> = comments.map(str::trim).collect();
    let told = story::tell(text, &parsed, &show.run, &claims(&parsed, &show.run));
    let told = told.split("\ntrace  ").next().unwrap_or_default();
    let (file, image) = drawn(&show, Some(&title), "run");
    let mut body = format!(
        "<header class=\"top\"><a class=\"brand\" href=\"{INDEX_HOME}\">Lagoon</a> <a href=\"../\">All \
         scenarios</a></header>\n<main class=\"index wide\">\n<h1>{}</h1>\n<p>{}</p>\n\
         <pre class=\"scenario language-lagoon\" data-keep>{}</pre>\n",
        escape(&title),
        escape(&about.join(" ")),
        escape(text.trim_end())
    );
    let _ = writeln!(
        body,
        "<h2>What happens</h2>\n{image}<pre class=\"scenario\">{}</pre>\n</main>",
        escape(told)
    );
    let slug = slug(&title);
    let head = Head {
        at: &format!("scenarios/{slug}/"),
        language: "en",
        title: &title,
        description: gallery::teaser(text),
    };
    let own = Site::of(&head, &body, vec![file], &show);
    (slug, own)
}

/// The list of the gallery's scenarios.
pub fn scenarios() -> Site {
    let mut body = "<header class=\"top\"><a class=\"brand\" href=\"../\">Lagoon</a></header>\n\
                    <main class=\"index\">\n<h1>Scenarios</h1>\n<ul class=\"lessons\">\n"
        .to_string();
    for text in gallery::GALLERY {
        let title = gallery::title(text);
        let (slug, title) = (slug(&title), escape(&title));
        let teaser = escape(gallery::teaser(text));
        let _ = writeln!(
            body,
            "<li><a href=\"{slug}/\">{title}</a><div><p>{teaser}</p></div></li>"
        );
    }
    body += "</ul>\n</main>\n";
    let description = "Runs to begin with, each with what to look for.";
    let head = Head {
        at: "scenarios/",
        language: "en",
        title: "Scenarios",
        description,
    };
    Site::list(&head, &body)
}

/// `Bob looks too early` is `bob-looks-too-early` in an address.
fn slug(title: &str) -> String {
    let words = title.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("-")
}

/// The questions before and after, to print.
pub fn questions(course: &Course) -> Site {
    let mut body = format!(
        "<header class=\"top\"><a class=\"brand\" href=\"{HOME}\">Lagoon</a> <a href=\"../\">The \
         course</a></header>\n<main class=\"index\">\n<h1>Ten questions</h1>\n<p>Before the course, \
         and after it.</p>\n<ol class=\"inventory\">\n"
    );
    for (nth, asked) in course.inventory.iter().enumerate() {
        let _ = writeln!(
            body,
            "<li>{}</li>",
            question(asked, &format!("i{nth}"), "Answer")
        );
    }
    let numbered = (1..).map(|nth: u32| format!("Question {nth}"));
    let rows = answers(numbered.zip(&course.inventory));
    body += "</ol>\n<p class=\"total\" role=\"status\"></p>\n";
    body += &sheet("Ten questions", &rows);
    body += "</main>\n";
    let description = "Questions on replication lag.";
    let head = Head {
        at: &format!("lessons/{}/questions/", course.language),
        language: &course.language,
        title: "Ten questions",
        description,
    };
    Site::list(&head, &body)
}

/// A lesson, by its place in the course.
pub fn lesson(course: &Course, nth: usize) -> Site {
    let lesson = &course.lessons[nth];
    let count = course.lessons.len();
    let beside = |place: Option<usize>| place.and_then(|place| course.lessons.get(place));
    let link = |lesson: &Lesson, words: &str, rel: &str| {
        format!(
            "<a href=\"../{}/\" rel=\"{rel}\">{words}: {}</a>",
            lesson.id,
            escape(&lesson.title)
        )
    };
    let before = beside(nth.checked_sub(1)).map(|other| link(other, "Before", "prev"));
    let next = beside(Some(nth + 1)).map(|other| link(other, "Next", "next"));
    let title = escape(&lesson.title);
    let mut body = format!(
        "<header class=\"top\"><a class=\"brand\" href=\"{HOME}\">Lagoon</a> <a href=\"../\">The \
         course</a> <span>Lesson {} of {count}, {} minutes</span></header>\n\
         <main class=\"lesson\" data-lesson=\"{}\">\n<div class=\"prose\">\n<h1>{title}</h1>\n",
        nth + 1,
        lesson.minutes,
        lesson.id
    );
    if let Some(asked) = &lesson.recall {
        body += &section(
            "Do you remember?",
            &question(asked, "recall", "Answer"),
            None,
            false,
        );
    }
    let mut pictures = Vec::new();
    for (place, page) in lesson.pages.iter().enumerate() {
        body += &of_page(page, place, &mut pictures);
    }
    body += &ending(lesson);
    let _ = writeln!(
        body,
        "<nav class=\"beside\">{} {}</nav>\n</div>\n<div class=\"stage\"></div>\n</main>",
        before.unwrap_or_default(),
        next.unwrap_or_default()
    );
    body += &key(lesson);
    body += &teacher(lesson);
    let idea = plain(&lesson.idea);
    let head = Head {
        at: &format!("lessons/{}/{}/", course.language, lesson.id),
        language: &course.language,
        title: &lesson.title,
        description: &idea,
    };
    let map = format!("<div class=\"map-here\">\n{}</div>\n", map(course, "../"));
    let body = body.replace(MAP.trim_end(), map.trim_end());
    let mut texts = lesson.pages.iter().filter_map(|page| page.text.as_deref());
    let shown = show(texts.next().unwrap_or(gallery::GALLERY[0])).0;
    Site::of(&head, &body, pictures, &shown)
}

fn section(title: &str, html: &str, text: Option<&str>, curtained: bool) -> String {
    let (title, curtained) = (
        escape(title),
        if curtained { " data-curtained" } else { "" },
    );
    let text = text.map_or(String::new(), |text| {
        format!("<pre class=\"scenario\">{}</pre>\n", escape(text))
    });
    format!("<section class=\"page\"{curtained}>\n<h2>{title}</h2>\n{text}{html}</section>\n")
}

fn of_page(page: &Page, place: usize, pictures: &mut Vec<(String, String)>) -> String {
    let mut html = page.html.clone();
    let image = page.text.as_deref().map(|text| {
        let (show, title) = show(text);
        let title = title.as_deref().unwrap_or(&page.title);
        let (file, image) = drawn(&show, Some(title), &format!("{}", place + 1));
        pictures.push(file);
        image
    });
    // A picture gives the answer away.
    let folded = page.curtained || page.bet.is_some();
    if let Some(image) = image.as_ref().filter(|_| !folded) {
        html += image;
    }
    if let Some(bet) = &page.bet {
        html += &question(bet, &format!("bet{place}"), "Place the bet");
    }
    if let Some(todo) = &page.task {
        html += &task(todo);
    }
    if let Some(image) = image.filter(|_| folded) {
        html += &format!(
            "<details class=\"key drawn\"><summary>The run, drawn</summary>\n{image}</details>\n"
        );
    }
    section(&page.title, &html, page.text.as_deref(), page.curtained)
}

/// A question with its answers; what is right is folded away until it is answered.
fn question(asked: &Question, name: &str, button: &str) -> String {
    let kind = if name.starts_with("bet") { "bet" } else { "" };
    let mut out = format!("<fieldset class=\"question {kind}\">\n{}", asked.html);
    if let Some(text) = asked.text.as_deref().filter(|_| kind.is_empty()) {
        let _ = writeln!(out, "<pre class=\"scenario\">{}</pre>", escape(text));
    }
    for (nth, one) in asked.answers.iter().enumerate() {
        let (right, html) = (one.right, &one.html);
        let text = one.text.as_ref().map_or(String::new(), |text| {
            format!(" data-text=\"{}\"", escape(text))
        });
        let seeds = one
            .seeds
            .map_or(String::new(), |seeds| format!(" data-seeds=\"{seeds}\""));
        let _ = writeln!(
            out,
            "<label class=\"answer\"><input type=\"radio\" name=\"{name}\" value=\"{nth}\" \
             data-right=\"{right}\"{seeds}{text}> <span>{html}</span></label>"
        );
    }
    if let Some(number) = &asked.number {
        let (unit, short) = match number.unit {
            "ms" => ("milliseconds", " ms"),
            _ => ("", ""),
        };
        let near = format!("right within {}{short}", number.within);
        let _ = writeln!(
            out,
            "<label class=\"answer\"><input type=\"number\" min=\"0\" max=\"1000000\" step=\"1\" \
             name=\"{name}\" data-right=\"{}\" data-within=\"{}\"> <span>{unit} <i>({near})</i></span>\
             <span class=\"unit\" hidden>{short}</span></label>",
            number.right, number.within
        );
    }
    let right = right(asked);
    let _ = writeln!(
        out,
        "<button type=\"button\" hidden>{button}</button>\n<p class=\"told\" role=\"status\"></p>\n\
         <details class=\"key\"><summary>The answer</summary>\n<p><b>{right}</b></p>\n{}</details>\n\
         </fieldset>",
        asked.why
    );
    out
}

/// The right answer, in words.
fn right(asked: &Question) -> String {
    if let Some(number) = &asked.number {
        let unit = if number.unit == "ms" { " ms" } else { "" };
        return format!("{}{unit}", number.right);
    }
    let right = asked.answers.iter().find(|answer| answer.right);
    right.map_or(String::new(), |answer| plain(&answer.html))
}

fn task(todo: &Task) -> String {
    let (claims, stays) = (
        escape(&todo.claims.join("\n")),
        escape(&todo.stays.join("\n")),
    );
    let mut out = format!(
        "<div class=\"task\" data-claims=\"{claims}\" data-stays=\"{stays}\" data-seeds=\"{}\">\n<h3>Your task</h3>\n{}\
         <p class=\"how\">Change what you like, on the stage, in the script or in the settings. <button type=\"button\" class=\"tools\" hidden>Script and settings</button></p>\n\
         <p class=\"how\">It is done when {}:</p>\n<ul class=\"claims\">\n",
        todo.seeds,
        todo.html,
        match todo.seeds {
            1 => "this is so".to_string(),
            seeds => format!("this is so in {seeds} runs, each with other luck (its seed)"),
        }
    );
    for claim in &todo.claims {
        let claim = escape(claim.strip_prefix("expect ").unwrap_or(claim));
        let _ = writeln!(
            out,
            "<li><code>{claim}</code> <span class=\"fare\"></span></li>"
        );
    }
    for line in &todo.stays {
        let line = escape(line);
        let _ = writeln!(
            out,
            "<li><code>{line}</code> stays in the script <span class=\"fare\"></span></li>"
        );
    }
    out += "</ul>\n<p class=\"told\" role=\"status\"></p>\n\
            <button type=\"button\" class=\"anew\" hidden>Start this task again</button>\n";
    for (nth, hint) in todo.hints.iter().enumerate() {
        let _ = writeln!(
            out,
            "<details class=\"hint\"><summary>Hint {}</summary>\n{hint}</details>",
            nth + 1
        );
    }
    for (nth, solution) in todo.solutions.iter().enumerate() {
        let name = if nth == 0 { "One" } else { "Another" };
        let _ = writeln!(
            out,
            "<details class=\"key\"><summary>{name} solution</summary>\n{}<pre>{}</pre>\
             <button type=\"button\" hidden>Put it on the stage</button></details>",
            solution.html,
            escape(&solution.text)
        );
    }
    out + "</div>\n"
}

/// For paper: what is right in a lesson, on a sheet of its own behind the worksheet.
fn key(lesson: &Lesson) -> String {
    let recall = lesson
        .recall
        .iter()
        .map(|asked| ("Do you remember?".to_string(), asked));
    let bets = lesson
        .pages
        .iter()
        .filter_map(|page| Some((page.title.clone(), page.bet.as_ref()?)));
    let mut rows = answers(recall.chain(bets));
    for page in &lesson.pages {
        for solution in page.task.iter().flat_map(|task| &task.solutions) {
            let (title, html, text) = (escape(&page.title), &solution.html, &solution.text);
            let _ = writeln!(
                rows,
                "<dt>{title}: a solution</dt><dd>{html}<pre class=\"scenario\">{}</pre></dd>",
                escape(text)
            );
        }
    }
    sheet(&lesson.title, &rows)
}

/// What is right, and why, question by question.
fn answers<'a>(asked: impl Iterator<Item = (String, &'a Question)>) -> String {
    let mut rows = String::new();
    for (title, asked) in asked {
        let (title, right, why) = (escape(&title), right(asked), &asked.why);
        let _ = writeln!(rows, "<dt>{title}</dt><dd><p><b>{right}</b></p>{why}</dd>");
    }
    rows
}

fn sheet(title: &str, rows: &str) -> String {
    let title = escape(title);
    format!(
        "<section class=\"sheet\">\n<h2>Answer key: {title}</h2>\n<dl>\n{rows}</dl>\n</section>\n"
    )
}

/// Why it matters, and the learner's own sentence.
fn ending(lesson: &Lesson) -> String {
    let mut why = lesson.why.html.clone();
    for source in &lesson.why.sources {
        let _ = writeln!(why, "<p class=\"source\">{source}</p>");
    }
    let own = format!(
        "{}<label class=\"own\"><span class=\"sr\">Your sentence</span><textarea rows=\"3\" \
         maxlength=\"500\"></textarea></label>\n<button type=\"button\" class=\"copy\" hidden>Copy \
         it, with a link to this run</button>\n<p class=\"told\" role=\"status\"></p>\n\
         <details class=\"hint\"><summary>One way to say it</summary>\n<p>{}</p></details>\n",
        lesson.sentence, lesson.idea
    );
    section("Why it matters", &why, None, false) + &section("In your own words", &own, None, false)
}

fn teacher(lesson: &Lesson) -> String {
    let notes = &lesson.teacher;
    let mut out = format!(
        "<details class=\"teacher\"><summary>For the teacher</summary>\n<dl><dt>Objective</dt><dd>{}\
         </dd><dt>Misconception</dt><dd>{}</dd><dt>Minutes</dt><dd>{}</dd></dl>\n\
         <h3>Questions to ask</h3>\n",
        notes.objective, notes.misconception, lesson.minutes
    );
    for asked in &notes.questions {
        let _ = writeln!(out, "<div class=\"ask\">{}<ul>", asked.html);
        for answer in &asked.answers {
            let mark = if answer.right { " class=\"right\"" } else { "" };
            let _ = writeln!(out, "<li{mark}>{}</li>", answer.html);
        }
        let _ = writeln!(out, "</ul>{}</div>", asked.why);
    }
    let _ = writeln!(out, "<h3>Elsewhere</h3>\n{}", notes.elsewhere);
    if notes.puzzle.is_some() {
        out += "<p class=\"elsewhere\"><a href=\"puzzle/\">A puzzle for a class</a>: one address for all, and for each \
                student another run. <a href=\"puzzle/key/\">Its answer key</a>.</p>\n";
    }
    out + "</details>\n"
}

pub fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('>', "&gt;").replace('"', "&quot;")
}

/// The text of a piece of HTML.
fn plain(html: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => inside = false,
            _ if !inside => out.push(letter),
            _ => {}
        }
    }
    out.trim().to_string()
}
