//! The words of the page around the pictures.

use crate::playground::{Form, Notice};
use crate::run::Run;
use crate::scenario::{Diagnostic, Parsed, Severity};
use crate::sim::{Bound, ReplicationMode};
use crate::view::words::guess;

pub const QUESTION: &str = "When may Service 1 say “done”?";
/// In its place where there is one server.
pub const NO_QUESTION: &str = "One server: there is no copy to keep up to date.";

/// The three answers of the switch, and what each means.
pub const SWITCH: [(&str, &str); 3] = [
    ("Synchronous", "when Service 2 has it too"),
    (
        "Background",
        "as soon as its own database has it; Service 2 hears later",
    ),
    ("Side by side", "both ways, same clicks, same luck"),
];

/// What a first visit reads beside the stage.
pub const INTRO: [&str; 3] = [
    "A shop was one server. Under load it was split: Service 1 writes the cart, Service 2 shows it, \
     and each has a database of its own.",
    "So every change has to reach Service 2. The switch above decides whether the shopper waits \
     for that.",
    "Press Play, and watch what Bob is shown. Then flip the switch, or click on a phone.",
];

pub const OPEN_RAIL: &str = "Show the script and settings";
/// The later part of the page could not be fetched.
pub const QR: &str = "As a QR code, for a projector";
pub const WAY_OUT: &str = "Open in Lagoon";
pub const BACK: &str = "Back to the run as it was given";
pub const CUT_OFF: &str = "The rest of Lagoon could not be fetched. What you asked for is kept, and waits for it. Where \
     trying again does not help, reload the page: its address keeps your text.";
pub const ON_ITS_WAY: &str = "The rest of Lagoon is on its way. What you asked for comes with it.";
pub const AGAIN: &str = "Try again";
pub const SHOW_PROBLEMS: &str = "Show the script";
pub const HINT: &str = "Every click on the stage writes a line here.";

/// What a notice says.
pub fn notice(notice: &Notice) -> String {
    match notice {
        Notice::Removed(lines) => match lines.as_slice() {
            [line] => format!("1 later line removed: “{line}”."),
            lines => format!("{} later lines removed.", lines.len()),
        },
        Notice::CutLink => {
            "This link looks cut off or changed. What could be read is shown.".into()
        }
        Notice::NewerLink => {
            "This link was made by a newer Lagoon. What this one knows is shown.".to_string()
        }
        Notice::Locked(why) if !why.is_empty() => why.clone(),
        Notice::Locked(_) => "This is locked here. Open it in Lagoon to change it.".to_string(),
        Notice::NoGuess(refusal) => guess::refusal(*refusal),
        Notice::NoPixels => NO_PIXELS.to_string(),
        Notice::NothingUnderstood => {
            "Nothing in this link could be used. The script shows it, line by line.".to_string()
        }
    }
}

/// Whether a notice warns.
pub fn notice_kind(notice: &Notice) -> &'static str {
    if matches!(
        notice,
        Notice::Removed(_) | Notice::NoGuess(_) | Notice::Locked(_)
    ) {
        "note"
    } else {
        "problem"
    }
}

/// Whether undo brings back what the notice is about.
pub fn can_undo(notice: &Notice) -> bool {
    matches!(notice, Notice::Removed(_))
}

/// The name of a scenario without a title.
pub const UNTITLED: &str = "Untitled scenario";

pub fn mode(mode: ReplicationMode) -> &'static str {
    match mode {
        ReplicationMode::Synchronous => SWITCH[0].0,
        ReplicationMode::Background => SWITCH[1].0,
    }
}

/// The limit that the text or the run has reached, if one.
pub fn limit(parsed: &Parsed, run: &Run) -> Option<String> {
    if parsed.limit_reached.is_some() {
        return Some("The text is longer than Lagoon reads: the rest is left out.".to_string());
    }
    let limit = match run.trace.limit? {
        Bound::Events => "1,000,000 events",
        Bound::Time => "one hour of simulated time",
    };
    Some(format!("The run stopped at the limit of {limit}."))
}

/// How many lines of the text could not be used.
pub fn problems(parsed: &Parsed) -> Option<String> {
    let problem = |d: &&Diagnostic| d.severity == Severity::Problem;
    match parsed.diagnostics.iter().filter(problem).count() {
        0 => None,
        1 => Some("One line of the script could not be used.".to_string()),
        lines => Some(format!("{lines} lines of the script could not be used.")),
    }
}

/// The first of them, where there is no script to look at.
pub fn problem(diagnostic: &Diagnostic) -> String {
    let (line, message) = (diagnostic.line, &diagnostic.message);
    let suggestion = diagnostic.suggestion.as_ref();
    let suggestion = suggestion.map_or(String::new(), |other| format!(" Try: {other}"));
    format!("Line {line}: {message}{suggestion}")
}

/// A long run that is still being computed.
pub fn computing(events: u32) -> String {
    format!("Computing the run: {events} events so far.")
}

/// What the button says that hands a run on, on a page with an address and on one without.
pub fn copy(has_address: bool) -> &'static str {
    match has_address {
        true => form(Form::Link),
        false => "Copy text",
    }
}

/// What whoever gets the run is promised.
pub fn same_run(has_address: bool) -> &'static str {
    match has_address {
        true => "Whoever opens this link sees the very same run, to the microsecond.",
        false => {
            "This page is a file, without an address for a link. Whoever takes this text as the \
             script sees the very same run, to the microsecond."
        }
    }
}

/// What the share dialog's other buttons say.
pub fn form(form: Form) -> &'static str {
    match form {
        Form::Link => "Copy link",
        Form::Text => "as text",
        Form::Markdown => "as Markdown",
        Form::Mail => "for mail, without #",
        Form::Frame => "as a frame",
        Form::Element => "as an element",
        Form::Fence => "as a code block, for embed.js",
        Form::Mermaid => "as a Mermaid diagram",
    }
}

/// What became of a copy; `None` while the browser has not answered.
pub fn copied(result: Option<bool>) -> &'static str {
    match result {
        None => "",
        Some(true) => "Copied.",
        Some(false) => {
            "The browser did not allow it: the field below is selected, copy it by hand."
        }
    }
}

/// Above this many characters a link is warned about: some programs cut it.
pub const LONG_LINK: usize = 1_500;
/// Above this many characters the text is offered as a file instead.
pub const TOO_LONG_LINK: usize = 1_900;

/// A warning for links that some programs would cut.
pub fn long_link(length: usize) -> Option<String> {
    if length > TOO_LONG_LINK {
        return Some(format!(
            "This link has {length} characters, more than some programs carry. \
             Save the text as a file instead: it can be opened again by pasting it into the script."
        ));
    }
    (length > LONG_LINK)
        .then(|| format!("This link has {length} characters: some programs may cut it off."))
}

/// The keys of the page, for the help dialog.
pub const KEYS: [(&str, &str); 5] = [
    ("Space", "play or pause"),
    ("← →", "one event back or forward"),
    ("Home, End", "the beginning, the end"),
    ("Ctrl Z", "undo"),
    ("Ctrl Shift Z", "redo"),
];

/// What Lagoon is, for the help dialog.
pub const HELP: [&str; 3] = [
    "Two services keep one cart. Service 1 takes every change; Service 2 shows the cart. Lagoon \
     simulates them, message by message, and shows what each shopper sees.",
    "Synchronous: a change is confirmed when Service 2 has it too. That is strong, and slower. \
     Background: it is confirmed at once, and Service 2 hears of it later. That is fast, and for a \
     while a view can be stale. In the end all copies agree.",
    "The script on the page is the whole run. Click on a phone and a line is added; change a line \
     and the run changes. A link carries the script and replays the very same run anywhere.",
];

/// Above the files of a run; and where there are none.
pub const FILES: &str = "Keep what happened as a file, for other tools:";
pub const NO_FILES: &str =
    "This run is too long to be kept as a file here. The command line writes it.";
/// Pictures of the run, each as SVG and as PNG.
pub const NO_PIXELS: &str = "This browser made no PNG of the picture. The same picture as SVG can be kept, and opened anywhere.";
pub const PICTURES: &str = "Keep the run as a picture:";
pub const PICTURE: &str = "Diagram";
pub const STRIP: &str = "Comic strip";
pub const STORY_FILE: &str = "Story, text";
pub const HISTORY_FILE: &str = "History, JSON lines";
pub const EDN_FILE: &str = "History, EDN";
pub const TRACE_FILE: &str = "Trace, JSON lines";
