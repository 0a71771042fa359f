//! A puzzle for a class: one address for all, a number for each student, and for each number a run
//! with a seed of its own; beside it the teacher's key.
//!
//! Invariant: a number's run is its link's, which works without script as well; the students' page
//! leads nowhere to the key.

use crate::pages::{Head, Site, escape, show};
use lagoon::lesson::{Lesson, PUZZLE_SEEDS, Puzzle};
use lagoon::scenario::{Key, edit, link};
use std::fmt::Write as _;

/// What one student is given.
pub struct Share<'a> {
    /// From 1; the seed of the run.
    pub number: u64,
    /// From its `#` on.
    pub link: String,
    pub answer: &'a str,
}

/// One for each seed.
pub fn shares(puzzle: &Puzzle) -> impl Iterator<Item = Share<'_>> {
    (1..=PUZZLE_SEEDS)
        .zip(&puzzle.answers)
        .map(|(number, answer)| {
            let text = edit::set_setting(&puzzle.text, Key::Seed, &number.to_string());
            let link = link::write(&text, &link::ViewState::default());
            Share {
                number,
                link,
                answer,
            }
        })
}

/// The puzzle of a lesson.
pub struct About<'a> {
    pub language: &'a str,
    pub lesson: &'a Lesson,
    pub riddle: &'a Puzzle,
}

/// From the students' page, and from the key, to the folder of the playground.
const HOME: &str = "../../../../";
const KEY_HOME: &str = "../../../../../";

/// What a class is sent: the question, and a number to take.
pub fn page(about: &About) -> Site {
    let title = format!("A puzzle: {}", about.lesson.title);
    let mut body = format!(
        "<header class=\"top\"><a class=\"brand\" href=\"{HOME}\">Lagoon</a> <a href=\"../\">The \
         lesson</a></header>\n<main class=\"puzzle\">\n<div class=\"prose\">\n<h1>{}</h1>\n\
         <section class=\"page\">\n{}<pre class=\"scenario\">{}</pre>\n<h2>Which number are you?</h2>\n\
         <p>Each number is another run of the same scenario, with luck of its own. Take the one that you \
         were given.</p>\n<nav class=\"numbers\" aria-label=\"Numbers\">\n",
        escape(&title),
        about.riddle.html,
        escape(&about.riddle.text)
    );
    for Share { number, link, .. } in shares(about.riddle) {
        let _ = writeln!(body, "<a href=\"{HOME}{}\">{number}</a>", escape(&link));
    }
    body += "</nav>\n</section>\n</div>\n<div class=\"stage\"></div>\n</main>\n";
    site(about, "puzzle/", &title, &body)
}

/// What the teacher keeps: the answer to each number.
pub fn key(about: &About) -> Site {
    let title = format!("Answer key: {}", about.lesson.title);
    let mut body = format!(
        "<header class=\"top\"><a class=\"brand\" href=\"{KEY_HOME}\">Lagoon</a> <a href=\"../../\">The \
         lesson</a></header>\n<main class=\"index\">\n<h1>{}</h1>\n<p>For the teacher. Give the class \
         <a href=\"../\">the puzzle</a>, and each student a number; it can stand at the end of the \
         address, as in <code>puzzle/#7</code>.</p>\n{}<table>\n<thead><tr><th scope=\"col\">Number</th>\
         <th scope=\"col\">Answer</th></tr></thead>\n<tbody>\n",
        escape(&title),
        about.riddle.html
    );
    for Share {
        number,
        link,
        answer,
    } in shares(about.riddle)
    {
        let _ = writeln!(
            body,
            "<tr><th scope=\"row\"><a href=\"{KEY_HOME}{}\">{number}</a></th><td>{}</td></tr>",
            escape(&link),
            escape(answer)
        );
    }
    body += "</tbody>\n</table>\n</main>\n";
    site(about, "puzzle/key/", &title, &body)
}

fn site(about: &About, at: &str, title: &str, body: &str) -> Site {
    let head = Head {
        at: &format!("lessons/{}/{}/{at}", about.language, about.lesson.id),
        language: about.language,
        title,
        description: "One question, and for each student another run.",
    };
    Site::of(&head, body, Vec::new(), &show(&about.riddle.text).0)
}
