//! The words of a history that was opened from a file.

use crate::check::Property;
use crate::check::foreign::Judged;
use crate::history::foreign::Foreign;
use crate::history::{Answer, History, Operation, Outcome};
use crate::playground::opened::{BYTES, DRAWN, Refused};
use crate::view::words;
use crate::view::words::ledger::phrase;
use crate::view::words::verdicts;

pub const TITLE: &str = "A history from a file";
/// What opens the dialog.
pub const OPEN: &str = "Open a history file…";
pub const TEASER: &str =
    "Draw and judge what any system answered: a log of your own, or of a test.";
pub const INTRO: &str = "JSON lines: a header with the model, then an operation a line, as the \
    export of a run has them. The file is read here and goes nowhere.";
/// What a file looks like, for those who have none yet.
pub const LIKE: &str = "What such a file looks like";
pub const SAMPLE: &str = r#"{"kind": "header", "model": "register", "init": 0}
{"process": 0, "op": "write", "key": "x", "value": 1, "call": 5, "ret": 7, "status": "ok"}
{"process": 1, "op": "read", "key": "x", "value": 0, "call": 8, "ret": 9, "status": "ok"}"#;
pub const SAMPLE_NAME: &str = "sample.jsonl";
pub const TRY: &str = "Open this one";
/// What stands in it.
pub const FIELDS: &str = "The model is register, cas-register, kv-append, multi-key-register, lock \
    or cart. Call and ret are whole numbers, of which only the order counts. The status is ok, info \
    where nobody knows the outcome, or fail where it did not happen.";
pub const CHOOSE: &str = "Choose a file…";
pub const DROP: &str = "or drop it here";
pub const READING: &str = "Reading the file.";
pub const JUDGING: &str = "Judging the history.";
pub const STOP: &str = "Stop";
pub const CASE: &str = "History";
pub const KEY: &str = "Key";
pub const ALL_KEYS: &str = "all keys";
pub const SHOW: &str = "Show it";
pub const FROM: &str = "From operation";
pub const TABLE: &str = "The same as a table";
pub const COLUMNS: [&str; 6] = ["", "Who", "Operation", "Outcome", "Called", "Answered"];
pub const BREACH: &str = "What shows the breach";

/// Why a file is not read, as a sentence with its name.
pub fn refused(name: &str, refused: &Refused) -> String {
    match refused {
        Refused::TooLong => format!(
            "{name}: longer than {} MB, which is not read here. The command line reads up to \
             64 MB: lagoon check FILE.",
            BYTES >> 20
        ),
        Refused::Withheld => format!("{name}: the browser did not let Lagoon read it."),
        Refused::Bad(why) => format!("{name}: {why}"),
    }
}

/// `register, 82 operations by 5 processes on 1 key`.
pub fn summary(model: &str, operations: usize, processes: usize, keys: usize) -> String {
    let count = |number, one: &str, more: &str| match number {
        1 => format!("1 {one}"),
        number => format!("{number} {more}"),
    };
    let operations = count(operations, "operation", "operations");
    let processes = count(processes, "process", "processes");
    let keys = match keys {
        0 => String::new(),
        keys => format!(" on {}", count(keys, "key", "keys")),
    };
    format!("{model}: {operations} by {processes}{keys}")
}

/// What the judges found, in one line.
pub fn judged(broken: usize, held: usize, untested: usize, unknown: usize) -> String {
    let some = |count, what| match count {
        0 => String::new(),
        some => format!(", {some} {what}"),
    };
    let (untested, unknown) = (
        some(untested, "not tested"),
        some(unknown, "cannot be told"),
    );
    format!("Judged: {broken} broken, {held} hold{untested}{unknown}.")
}

/// The promise as a sentence, and its term, of things that are no carts.
pub fn title(property: Property) -> (&'static str, &'static str) {
    match property {
        Property::Linearizable => (
            "Each operation had its moment",
            "linearizable; often called strong consistency",
        ),
        Property::ReadYourWrites => ("Everybody sees their own writes", "read your writes"),
        Property::MonotonicWrites => ("Writes by one arrive in order", "monotonic writes"),
        Property::WritesFollowReads => (
            "No write shows without what led to it",
            "writes follow reads",
        ),
        other => verdicts::title(other),
    }
}

/// A verdict's look, its word and its sentence; `None` while it is sought.
pub fn verdict(
    history: &Foreign,
    property: Property,
    judged: Option<&Judged>,
) -> (&'static str, &'static str, String) {
    let Some(judged) = judged else {
        return ("not-yet", "Not yet", "It is being judged.".to_string());
    };
    let deed = |place: &usize| {
        let entry = &history.entries[*place];
        let process = &history.processes[entry.process as usize];
        let what = history.deed(entry.asked, Some(entry.key));
        format!("process {process}: {}", short(&what, TOLD))
    };
    match judged {
        Judged::Holds => ("holds", "Holds", holds(property).to_string()),
        Judged::Untested => {
            let wanting = "No read in it could have broken this.";
            ("untested", "Not tested", wanting.to_string())
        }
        Judged::Unknown(why) => {
            let mut letters = why.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            let rest = letters.as_str();
            let why = first.map_or(String::new(), |first| format!("{first}{rest}."));
            ("unknown", "Cannot tell", why)
        }
        Judged::Violated(places) => {
            let told = match places.as_slice() {
                [one] => format!("No order explains it: {}.", deed(one)),
                places => {
                    let mut places = places.to_vec();
                    places.sort_unstable();
                    let all: Vec<String> = places.iter().map(deed).collect();
                    format!("No order explains both: {}.", all.join("; "))
                }
            };
            ("broken", "Broken", told)
        }
    }
}

fn holds(property: Property) -> &'static str {
    match property {
        Property::Linearizable => {
            "One order explains every answer, each operation between its call and its answer."
        }
        Property::Sequential => "One order explains every answer and keeps each process's own.",
        _ => "Nothing in this history breaks it.",
    }
}

/// Letters of an operation in a sentence, in a bar, and where the pointer rests.
const TOLD: usize = 60;
pub const LABEL: usize = 22;
pub const WHOLE: usize = 300;

/// At most so many letters; what is left out is marked.
pub fn short(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => [&text[..end], "…"].concat(),
        None => text.to_string(),
    }
}

/// What an operation of a cart did, and how it looks: `add book`, `view: 1 book`.
pub fn deed(operation: &Operation) -> String {
    match operation.seen() {
        Some(_) => format!("view: {}", verdicts::shown(operation)),
        None => phrase(&operation.op),
    }
}

/// How an operation of a cart ended.
pub fn outcome(operation: &Operation) -> (&'static str, String) {
    match &operation.outcome {
        Outcome::Ok { answer, .. } => match answer {
            Answer::Done(version) => ("ok", format!("done, v{}", version.0)),
            Answer::Shown(_) => ("ok", "shown".to_string()),
        },
        Outcome::Failed { .. } => ("failed", "refused".to_string()),
        Outcome::Unknown => ("unknown", UNKNOWN.to_string()),
    }
}

pub const OK: &str = "answered";
pub const REFUSED: &str = "refused";
pub const UNKNOWN: &str = "outcome unknown";
/// Where an operation has no end.
pub const OPEN_END: &str = "no answer";

pub fn shopper(history: &History, operation: &Operation) -> String {
    words::person(history.shoppers[operation.client.0 as usize])
}

pub fn process(name: &str) -> String {
    format!("process {}", short(name, LABEL))
}

/// What the picture shows, for those who do not see it.
pub fn picture(drawn: usize, lanes: usize, lit: usize) -> String {
    let lit = match lit {
        0 => String::new(),
        lit => format!(", {lit} of them marked: they show the breach"),
    };
    format!("{drawn} operations of {lanes} processes, from call to answer, in order of time{lit}")
}

/// Which operations are drawn, of how many.
pub fn stretch(from: usize, all: usize) -> String {
    let last = (from + DRAWN).min(all);
    format!("Operations {} to {last} of {all}", from + 1)
}

/// Above the picture.
pub const SCALE: &str = "The order of calls and answers is to scale, not the time between them.";
