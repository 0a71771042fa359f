//! What opens above the page: sharing, help, and a history from a file.

use crate::page::element::{Attr, El, On, el};
use crate::page::header::button;
use crate::page::opened;
use crate::playground::opened::Opened;
use crate::playground::{Dialog, Form, Msg};
use crate::run::export::Export;
use crate::view::words::opened as file_words;
use crate::view::words::page as words;
use crate::view::{self, Shared, Show, ledger, strip};
use qrcodegen::{QrCode, QrCodeEcc};
use std::cell::RefCell;
use std::rc::Rc;

/// What the dialogs show.
pub struct Dialogs<'a> {
    pub dialog: Option<Dialog>,
    /// Whether the page has an address that a link can be put behind.
    pub has_address: bool,
    /// The whole link, or empty; what was asked for last; and the text.
    pub link: String,
    pub shared: String,
    pub text: String,
    pub copied: Option<(Form, Option<bool>)>,
    /// The run's files, while somebody asks.
    pub filed: Option<Rc<Filed>>,
    /// The browser made no pixels of a picture.
    pub no_pixels: bool,
    /// The history file that was opened.
    pub opened: Option<&'a Opened>,
}

/// Runs of more records than this are kept as files by the command line only.
const FILED: usize = 5_000;

/// What a file is, its name, and what stands in it.
pub type File = (&'static str, &'static str, String);

/// A run as pictures, in SVG, and as files for other tools.
pub struct Filed {
    /// The run that they were made of, and its title.
    show: Shared<Show>,
    title: Option<String>,
    pictures: Vec<File>,
    files: Vec<File>,
}

/// The files that were made last: the run may play on below the dialog, which is drawn with it.
#[derive(Default)]
pub struct Memo(RefCell<Option<Rc<Filed>>>);

impl Memo {
    /// Made once a run.
    pub fn of(&self, show: &Shared<Show>, title: Option<String>) -> Rc<Filed> {
        let mut last = self.0.borrow_mut();
        match &*last {
            Some(filed) if filed.show == *show && filed.title == title => filed.clone(),
            _ => last.insert(Rc::new(Filed::make(show, title))).clone(),
        }
    }
}

impl Filed {
    /// A long run has no files here.
    fn make(show: &Shared<Show>, title: Option<String>) -> Filed {
        let files = [
            (words::HISTORY_FILE, "history.jsonl", Export::History),
            (words::EDN_FILE, "history.edn", Export::Edn),
            (words::TRACE_FILE, "trace.jsonl", Export::Trace),
        ];
        let files = files
            .iter()
            .map(|(what, name, export)| (*what, *name, export.write(&show.run)));
        let story = || (words::STORY_FILE, "story.txt", ledger::story(show));
        let called = title.as_deref();
        Filed {
            pictures: vec![
                (
                    words::PICTURE,
                    "run",
                    view::picture::diagram(show, called).svg,
                ),
                (words::STRIP, "strip", strip::strip(show, called).svg),
            ],
            files: match show.run.trace.records.len() <= FILED {
                true => std::iter::once(story()).chain(files).collect(),
                false => Vec::new(),
            },
            title,
            show: show.clone(),
        }
    }
}

/// One native dialog, which keeps the focus inside and closes with Escape.
pub fn dialogs(props: &Dialogs) -> El {
    let title = match props.dialog {
        Some(Dialog::Help) => "What this is",
        Some(Dialog::History) => file_words::TITLE,
        _ => "Share this run",
    };
    let header = el("header")
        .add(el("h2#dialog-title").text(title))
        .add(button("close", "Close").send(Msg::Dialog(None)));
    el("dialog.dialog#dialog[aria-labelledby=dialog-title]")
        .attr("data-wide", props.dialog == Some(Dialog::History))
        .on(On::Close(Msg::Dialog(None)))
        .on(On::FileDropped)
        .add(header)
        .add(match props.dialog {
            Some(Dialog::Share) => share(props),
            Some(Dialog::Help) => help(),
            Some(Dialog::History) => opened::content(props.opened),
            None => el("div"),
        })
}

fn share(props: &Dialogs) -> El {
    let first = el("button.solid filled")
        .send(Msg::Copy(Form::Link))
        .text(words::copy(props.has_address));
    // Where there is no address the first hands the text on.
    let possible = |form: &&Form| props.has_address || !(form.is_link() || **form == Form::Text);
    let button = |form: &Form| {
        el("button.solid")
            .send(Msg::Copy(*form))
            .text(words::form(*form))
    };
    let forms = [Form::Text, Form::Markdown, Form::Mail];
    let forms = forms.iter().filter(possible);
    let others = [Form::Frame, Form::Element, Form::Fence, Form::Mermaid];
    let others = others.iter().filter(possible);
    let result = props.copied.map_or("", |(_, result)| words::copied(result));
    let field = el("textarea.field#shared")
        .is("readonly", true)
        .attr("rows", "4")
        .attr("aria-label", "What is shared")
        .value(props.shared.clone())
        .on(On::FocusSelects);
    let sheet = el("div")
        .add(el("p").text(words::same_run(props.has_address)))
        .add(field)
        .add(el("div.row").add(first).each(forms, button))
        .add(el("div.row").each(others, button))
        .add(qr(&props.link))
        .add(el("p#copied[role=status]").text(result))
        .add(files(props));
    let Some(warning) = words::long_link(props.link.chars().count()) else {
        return sheet;
    };
    let text = view::escape(&props.text);
    let save = el("a")
        .attr("href", format!("data:text/plain;charset=utf-8,{text}"))
        .attr("download", "scenario.lagoon")
        .text("Save the text as a file");
    sheet
        .add(el("p.warning").text(warning))
        .add(el("p").add(save))
}

/// The link for a camera, as large as the dialog; none where there is none, or it is too long.
fn qr(link: &str) -> El {
    let shown = el("details").add(el("summary").text(words::QR));
    let (false, Ok(code)) = (link.is_empty(), QrCode::encode_text(link, QrCodeEcc::Low)) else {
        return shown.is("hidden", true);
    };
    let (size, mut dark) = (code.size(), String::new());
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            dark.push_str(&format!("M{x} {y}h1v1h-1z"));
        }
    }
    let all = size + 8;
    shown.add(
        el("svg.qr[role=img]")
            .attr("aria-label", words::QR)
            .attr("viewBox", format!("-4 -4 {all} {all}"))
            .add(el("path").attr("d", dark)),
    )
}

/// What can be kept as a file, for the tools of others.
fn files(props: &Dialogs) -> El {
    let Some(filed) = &props.filed else {
        return el("div");
    };
    let note = match filed.files.is_empty() {
        true => words::NO_FILES,
        false => words::FILES,
    };
    let mut row = el("div.row files").add(el("p").text(words::PICTURES));
    for (what, name, svg) in &filed.pictures {
        let (name, svg) = (*name, view::escape(svg));
        let drawn = format!("data:image/svg+xml;charset=utf-8,{svg}");
        row = row.add(saved(
            drawn.clone(),
            format!("{name}.svg"),
            format!("{what}, SVG"),
        ));
        let pixels = On::ClickSaves {
            picture: drawn,
            name: format!("{name}.png"),
        };
        row = row.add(el("button.solid").on(pixels).text(format!("{what}, PNG")));
    }
    let missed = el("p.warning[role=alert]").is("hidden", !props.no_pixels);
    row.add(missed.text(words::NO_PIXELS))
        .add(el("p").text(note))
        .each(&filed.files, |(what, name, content)| {
            let content = view::escape(content);
            let content = format!("data:text/plain;charset=utf-8,{content}");
            saved(content, *name, *what)
        })
        .add(
            el("button.solid#open-history")
                .send(Msg::Dialog(Some(Dialog::History)))
                .text(file_words::OPEN),
        )
}

/// A link that keeps what it leads to as a file.
fn saved(address: String, name: impl Attr, what: impl Attr) -> El {
    el("a.solid")
        .attr("href", address)
        .attr("download", name)
        .text(what)
}

fn help() -> El {
    let mut keys = el("dl");
    for (key, what) in words::KEYS {
        keys = keys
            .add(el("dt").add(el("kbd").text(key)))
            .add(el("dd").text(what));
    }
    el("div")
        .each(words::HELP, |line| el("p").text(line))
        .add(keys)
}
