//! One statement: from the words of a line to what it says.
//!
//! Invariant: settings are read first, each onto the scenario, so that a later one of the same
//! key replaces it; cues are read when all settings are known, because they speak of copies.

mod expect;
mod load;
mod setting;
mod trouble;

pub use setting::QUEUE_MAX;
pub use trouble::HELD_BACK;

use super::diagnostic::{Diagnostic, Severity};
use super::limits::Limits;
use super::values::{self, Fault, quote};
use super::words::{self, Verb, Word};
use super::{Key, Scenario};
use crate::check::Claim;
use crate::history::{ClientId, ServiceId};
use crate::shop::{NAME_MAX, Name, Op};
use crate::sim::{Action, Cue, ReplicationMode, Views, When};
use crate::time::SimTime;

/// What a line says.
#[derive(Clone, Debug)]
pub enum Statement {
    Version(u32),
    /// What it sets stands in the scenario.
    Setting(Key),
    /// A line of the script, read later by [`Reader::cue`].
    Cue,
    /// `None`: understood, but nothing judges it yet.
    Expect(Option<Claim>),
    View,
}

pub const QTY_MAX: u32 = 999;

/// Reads the statements of a text, line by line, and notes what is wrong.
pub struct Reader<'a> {
    pub limits: &'a Limits,
    /// The number of the line that is read now.
    pub line: u32,
    pub diagnostics: Vec<Diagnostic>,
    /// What the lines up to here mean.
    pub scenario: Scenario,
    pub title: Option<String>,
    /// The text says `services: one`.
    pub one: bool,
}

/// Beyond this many diagnostics no more nearest words are looked for: it bounds the time.
const SEARCHES: usize = 100;

impl Reader<'_> {
    /// The line is skipped, because of this.
    pub fn problem<T>(&mut self, column: u32, fault: Fault) -> Option<T> {
        self.remark(Severity::Problem, column, fault);
        None
    }

    pub fn note(&mut self, column: u32, fault: Fault) {
        self.remark(Severity::Note, column, fault);
    }

    fn remark(&mut self, severity: Severity, column: u32, fault: Fault) {
        let Fault {
            message,
            suggestion,
        } = fault;
        self.diagnostics.push(Diagnostic {
            severity,
            line: self.line,
            column,
            message,
            suggestion,
        });
    }

    fn say<T>(&mut self, column: u32, message: &[&str], suggestion: Option<String>) -> Option<T> {
        self.problem(column, values::fault(message, suggestion))
    }

    /// What is not built yet.
    fn later<T>(&mut self, word: Word) -> Option<T> {
        self.say(
            word.column,
            &[
                &quote(word.text),
                " is not built yet; this line is skipped.",
            ],
            None,
        )
    }

    pub fn nearest<'c>(&self, word: &str, list: &[&'c str]) -> Option<&'c str> {
        let search = self.diagnostics.len() < SEARCHES;
        if search {
            words::nearest(word, list.iter().copied())
        } else {
            None
        }
    }

    /// What a line says. `body` is in lower case, `typed` is not; both begin at `column`.
    pub fn read(&mut self, body: &str, typed: &str, column: u32) -> Option<Statement> {
        if let Some(colon) = body.find(':') {
            let after = column + body[..=colon].chars().count() as u32;
            let key = words::split(&body[..colon], column);
            let value = words::split(&body[colon + 1..], after);
            let key = self.setting(&key, &value, &typed[colon + 1..], after)?;
            return Some(Statement::Setting(key));
        }
        let all = words::split(body, column);
        let first = all[0].text;
        if all.len() == 1 {
            if let Some(version) = words::version(first) {
                return Some(self.version(version, all[0]));
            }
            if let Some((mode, promise)) = words::mode(first) {
                self.scenario.config.mode = self.mode(mode, promise, all[0]);
                return Some(Statement::Setting(Key::Mode));
            }
        }
        if first == "expect" {
            return self.expect(&all).map(Statement::Expect);
        }
        if is_view(&all) {
            let message = "How a run is shown belongs to its link; the text itself ignores this.";
            self.note(column, values::fault(&[message], None));
            return Some(Statement::View);
        }
        Some(Statement::Cue)
    }

    fn version(&mut self, version: u32, word: Word) -> Statement {
        if version != 1 {
            let message = "This was made by a newer Lagoon; what can be read is read.";
            self.note(word.column, values::fault(&[message], None));
        }
        Statement::Version(version)
    }

    /// The mode of a word; a promise is read as the mechanism, with a note.
    fn mode(&mut self, mode: ReplicationMode, promise: bool, word: Word) -> ReplicationMode {
        if promise {
            let name = quote(word.text);
            let means = " names a promise, not a mechanism; it is read as ";
            let message = [&name, means, mode.word(), "."];
            self.note(
                word.column,
                values::fault(&message, Some(mode.word().to_string())),
            );
        }
        mode
    }

    // Cues.

    /// A line of the script. Where it cannot be used, its shoppers are none.
    pub fn cue(&mut self, all: &[Word]) -> Option<Cue> {
        let known = self.scenario.config.shoppers.len();
        let cue = self.timed(all);
        if cue.is_none() {
            self.scenario.config.shoppers.truncate(known);
        }
        cue
    }

    fn timed(&mut self, all: &[Word]) -> Option<Cue> {
        let (mut when, rest) = self.when(all)?;
        let rest = &rest[..];
        let Some(subject) = rest.first().copied() else {
            let (column, line) = (all[0].column, join(all));
            let example = Some([&line, " bob views"].concat());
            return self.say(column, &["Who does what then?"], example);
        };
        let action = if subject.text == "replication" {
            self.becomes(all, rest)?
        } else if load::is_load(rest) {
            Action::Load(self.load_line(all, rest)?)
        } else if trouble::is_trouble(rest) {
            let fault = self.trouble(all, rest)?;
            if fault.is_armed() && when == When::After {
                when = When::Start;
            }
            Action::Fault(fault)
        } else {
            let who = self.subject(all, rest)?;
            self.deed(who, all, rest)?
        };
        Some(Cue { when, action })
    }

    /// Shoppers are numbered as they first appear.
    fn client(&mut self, who: Name, column: u32) -> Option<ClientId> {
        let shoppers = &mut self.scenario.config.shoppers;
        if let Some(known) = shoppers.iter().position(|name| *name == who) {
            return Some(ClientId(known as u32));
        }
        let most = self.limits.shoppers;
        if shoppers.len() >= most {
            let most = most.to_string();
            let message = [
                "There is room for ",
                &most,
                " shoppers; this line is skipped.",
            ];
            return self.say(column, &message, None);
        }
        shoppers.push(who);
        Some(ClientId(shoppers.len() as u32 - 1))
    }

    /// Service 1, or a copy that is there.
    pub fn service_exists(&mut self, service: ServiceId, column: u32) -> Option<()> {
        let config = &self.scenario.config;
        if service.0 <= config.replicas + 1 {
            return Some(());
        }
        if config.replicas == 0 {
            let message = [
                &quote(&service.to_string()),
                " is not there: services is one.",
            ];
            return self.say(column, &message, Some("services: two".to_string()));
        }
        let list: Vec<String> = config.copies().map(|copy| copy.to_string()).collect();
        let list = list.join(", ");
        let need = (service.0 - 1).to_string();
        let more = service.0 - 1 <= self.limits.copies;
        let suggestion = more.then(|| ["replicas: ", &need].concat());
        let message = [
            &quote(&service.to_string()),
            " is not there; copies: ",
            &list,
            ".",
        ];
        self.say(column, &message, suggestion)
    }

    /// A leading time, or `meanwhile`, and the words after it, without articles.
    fn when<'w>(&mut self, all: &[Word<'w>]) -> Option<(When, Vec<Word<'w>>)> {
        let mut rest: &[Word] = all;
        let (mut at, mut meanwhile) = (None, false);
        loop {
            match rest {
                [first, tail @ ..] if first.text == "meanwhile" && !meanwhile => {
                    meanwhile = true;
                    rest = tail;
                }
                [first, tail @ ..] if first.text == "at" && at.is_none() => {
                    let Some(next) = tail.first().filter(|next| values::is_number(next.text))
                    else {
                        let message = "After at comes a time, as in at 1s bob views.";
                        return self.say(first.column, &[message], None);
                    };
                    let used = unit_words(tail);
                    at = Some(self.duration(&glue(&tail[..used]), next.column)?);
                    rest = &tail[used..];
                }
                [first, ..] if at.is_none() && values::is_number(first.text) => {
                    let used = unit_words(rest);
                    at = Some(self.duration(&glue(&rest[..used]), first.column)?);
                    rest = &rest[used..];
                }
                _ => break,
            }
        }
        let when = match (at, meanwhile) {
            (Some(_), true) => {
                let message = "A time and meanwhile exclude each other: one of the two.";
                let line = join(all).replacen("meanwhile ", "", 1);
                return self.say(all[0].column, &[message], Some(line));
            }
            (Some(at), false) => When::At(SimTime::ZERO + at),
            (None, true) => When::With,
            (None, false) => When::After,
        };
        Some((
            when,
            rest.iter()
                .copied()
                .filter(|word| !words::is_article(word.text))
                .collect(),
        ))
    }

    fn becomes(&mut self, all: &[Word], rest: &[Word]) -> Option<Action> {
        let verb = rest.get(1).map_or("", |word| word.text);
        let mode = rest.get(2).and_then(|word| words::mode(word.text));
        match (verb, mode, rest.len()) {
            ("becomes" | "become", Some((mode, promise)), 3) => {
                Some(Action::Become(self.mode(mode, promise, rest[2])))
            }
            _ => {
                let word = rest.get(2).or(rest.get(1)).map_or("", |word| word.text);
                let meant = mode.map(|(mode, _)| mode.word());
                let meant = meant.or_else(|| self.nearest(word, words::MODES));
                let line = ["replication becomes ", meant.unwrap_or("synchronous")].concat();
                let message = "Replication becomes synchronous or background.";
                self.say(
                    rest.get(1).unwrap_or(&all[0]).column,
                    &[message],
                    Some(line),
                )
            }
        }
    }

    /// The shopper who begins the line.
    fn subject(&mut self, all: &[Word], rest: &[Word]) -> Option<Name> {
        let subject = rest[0];
        if words::is_later_start(subject.text) {
            return self.later(subject);
        }
        if words::service(subject.text).is_some() || words::link(subject.text).is_some() {
            let message = [&quote(subject.text), " is a service, not a shopper."];
            return self.say(subject.column, &message, None);
        }
        if words::verb(subject.text).is_some() {
            let line = ["alice ", &join(rest)].concat();
            return self.say(
                subject.column,
                &["Who does it? A line begins with a shopper."],
                Some(line),
            );
        }
        if words::is_reserved(subject.text) {
            return self.reserved(subject);
        }
        match Name::new(subject.text) {
            Some(_) if rest.len() == 1 => self.alone(subject),
            Some(name) => Some(name),
            None => self.no_name(all, subject),
        }
    }

    fn reserved<T>(&mut self, word: Word) -> Option<T> {
        let message = [
            &quote(word.text),
            " is a word of the language and can be no name.",
        ];
        let meant = (word.text == "repair").then(|| "repair: 2s".to_string());
        self.say(word.column, &message, meant)
    }

    /// A single word, which is no mode.
    fn alone<T>(&mut self, word: Word) -> Option<T> {
        let meant = self.nearest(word.text, words::MODES).map(str::to_string);
        if words::is_later_key(word.text) {
            return self.later(word);
        }
        if words::KEYS.contains(&word.text) {
            let line = [word.text, ":"].concat();
            return self.say(
                word.column,
                &["A setting has a colon and a value."],
                Some(line),
            );
        }
        let line = meant.or_else(|| Some([word.text, " views"].concat()));
        self.say(
            word.column,
            &["What does ", &quote(word.text), " do?"],
            line,
        )
    }

    fn no_name<T>(&mut self, all: &[Word], word: Word) -> Option<T> {
        let plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        let name: String = word.text.chars().filter(plain).take(NAME_MAX).collect();
        let at = all
            .iter()
            .position(|w| w.column == word.column)
            .unwrap_or(0);
        let fits = Name::new(&name).is_some() && !words::is_reserved(&name);
        let line = fits.then(|| rewritten(all, at, &name));
        let message = [
            &quote(word.text),
            " is no name: 1 to 16 letters, digits and dashes, beginning with a letter.",
        ];
        self.say(word.column, &message, line)
    }

    fn deed(&mut self, who: Name, all: &[Word], rest: &[Word]) -> Option<Action> {
        let Some(verb) = words::verb(rest[1].text) else {
            return self.unknown_verb(all, rest);
        };
        let object = &rest[2..];
        let mut to = None;
        let op = match verb {
            Verb::Adds => {
                let (qty, object) = self.quantity(all, rest, object)?;
                let item = self.item(all, rest, object)?;
                Op::Add { item, qty }
            }
            Verb::Sets => self.sets(all, rest)?,
            Verb::Removes => {
                if let [number, item, ..] = object
                    && values::is_number(number.text)
                {
                    let line = [who.as_str(), " sets ", item.text, " to N"].concat();
                    let message = "removes takes the whole line of the cart; \
                                   to keep some, set how many.";
                    return self.say(number.column, &[message], Some(line));
                }
                let item = self.item(all, rest, object)?;
                Op::Remove { item }
            }
            Verb::Buys => {
                let from = object.iter().position(|word| word.text == "from");
                let (goods, rest_from) = object.split_at(from.unwrap_or(object.len()));
                let (qty, goods) = self.quantity(all, rest, goods)?;
                let item = self.item(all, rest, goods)?;
                to = self.from(&[who.as_str(), " buys ", item.as_str()], all, rest_from)?;
                Op::Buy { item, qty }
            }
            Verb::Views => {
                to = self.views(who, all, rest)?;
                Op::View
            }
            Verb::Waits => {
                let used = unit_words(object);
                let column = rest.last().map_or(1, |word| word.column);
                let column = object.first().map_or(column, |word| word.column);
                let length = self.duration(&glue(&object[..used]), column)?;
                self.nothing_more(&object[used..], all, all.len() - (object.len() - used))?;
                let client = self.client(who, all[0].column)?;
                return Some(Action::Wait { client, length });
            }
        };
        let client = self.client(who, all[0].column)?;
        Some(Action::Shop { client, op, to })
    }

    fn unknown_verb<T>(&mut self, all: &[Word], rest: &[Word]) -> Option<T> {
        let (subject, verb) = (rest[0], rest[1]);
        if words::KEYS.contains(&subject.text) && values::is_number(verb.text) {
            let line = [subject.text, ": ", &join(&rest[1..])].concat();
            return self.say(
                subject.column,
                &["A setting has a colon after its name."],
                Some(line),
            );
        }
        let at = all
            .iter()
            .position(|w| w.column == verb.column)
            .unwrap_or(1);
        let meant = self
            .nearest(verb.text, words::VERBS)
            .map(|meant| rewritten(all, at, meant));
        let message =
            " is nothing that a shopper does. Shoppers add, set, remove, view, buy and wait.";
        self.say(verb.column, &[&quote(verb.text), message], meant)
    }

    /// The quantity before an item, 1 where there is none.
    fn quantity<'w, 'r>(
        &mut self,
        all: &[Word],
        rest: &[Word],
        object: &'r [Word<'w>],
    ) -> Option<(u32, &'r [Word<'w>])> {
        let Some((number, tail)) = object.split_first() else {
            return Some((1, object));
        };
        if !values::is_number(number.text) {
            return Some((1, object));
        }
        match values::whole(number.text, 1, QTY_MAX.into()) {
            Some(qty) => Some((qty as u32, tail)),
            None => {
                let near = if number.text.trim_matches('0').len() > 3 {
                    "999"
                } else {
                    "1"
                };
                let at = all
                    .iter()
                    .position(|w| w.column == number.column)
                    .unwrap_or(0);
                let line = (rest.len() > 3).then(|| rewritten(all, at, near));
                let message = "A quantity is at least 1 and at most 999.";
                self.say(number.column, &[message], line)
            }
        }
    }

    /// The one word that names an item.
    fn item(&mut self, all: &[Word], rest: &[Word], object: &[Word]) -> Option<Name> {
        let Some((item, more)) = object.split_first() else {
            let last = rest.last().map_or(1, |word| word.column);
            let line = [&join(all), " book"].concat();
            return self.say(last, &["Which item?"], Some(line));
        };
        if !more.is_empty() {
            let name = glue_with(object, "-");
            let before = all.iter().take_while(|word| word.column < item.column);
            let mut line = join(&before.copied().collect::<Vec<_>>());
            let fits = Name::new(&name).is_some();
            line = [&line, " ", &name].concat();
            return self.say(
                more[0].column,
                &["An item is one word."],
                fits.then_some(line),
            );
        }
        if words::is_reserved(item.text) {
            return self.reserved(*item);
        }
        match Name::new(item.text) {
            Some(name) => Some(name),
            None => self.no_name(all, *item),
        }
    }

    /// `sets ITEM to N`.
    fn sets(&mut self, all: &[Word], rest: &[Word]) -> Option<Op> {
        let to = rest.iter().position(|word| word.text == "to");
        let Some(to) = to.filter(|to| *to > 2 && rest.len() == to + 2) else {
            let item = rest.get(2).filter(|word| Name::new(word.text).is_some());
            let number = rest
                .last()
                .and_then(|word| values::whole(word.text, 0, QTY_MAX.into()));
            let number = number.unwrap_or(2).to_string();
            let item = item.map_or("book", |word| word.text);
            let line = [rest[0].text, " sets ", item, " to ", &number].concat();
            let message = "How many is set as in this example.";
            return self.say(rest[1].column, &[message], Some(line));
        };
        let item = self.item(all, rest, &rest[2..to])?;
        let number = rest[to + 1];
        match values::whole(number.text, 0, QTY_MAX.into()) {
            Some(qty) => Some(Op::Set {
                item,
                qty: qty as u32,
            }),
            None => self.say(number.column, &["A cart line holds 0 to 999."], None),
        }
    }

    /// `views [from sN]`: `None` where the line names none, or the one that is usual.
    fn views(&mut self, who: Name, all: &[Word], rest: &[Word]) -> Option<Option<ServiceId>> {
        let more = &rest[2..];
        if let Some(other) = more.first().filter(|word| word.text != "from") {
            let line = [who.as_str(), " views"].concat();
            let message = "A view is of the whole cart; it may say from which service.";
            return self.say(other.column, &[message], Some(line));
        }
        self.from(&[who.as_str(), " views"], all, more)
    }

    /// `[from sN]` at the end of a line that says so much before it.
    fn from(&mut self, said: &[&str], all: &[Word], more: &[Word]) -> Option<Option<ServiceId>> {
        let (to, column) = match more {
            [] => return Some(None),
            [_, service, more @ ..] => {
                let Some(number) = words::service(service.text) else {
                    let line = [&said.concat(), " from s2"].concat();
                    let message = "What there is is told by a service: s1, s2, …";
                    return self.say(service.column, &[message], Some(line));
                };
                self.nothing_more(more, all, all.len() - more.len())?;
                (ServiceId(number), service.column)
            }
            [from] => {
                let line = [&said.concat(), " from s2"].concat();
                return self.say(from.column, &["From which service?"], Some(line));
            }
        };
        self.service_exists(to, column)?;
        // A text from before there was `views:` says the same with and without the default.
        let usual = Views::From(ServiceId::S2);
        let implied = to == ServiceId::S2 && self.scenario.config.views == usual;
        Some(Some(to).filter(|_| !implied))
    }

    /// The line ends here; `kept` words of it are understood.
    fn nothing_more(&mut self, more: &[Word], all: &[Word], kept: usize) -> Option<()> {
        let Some(word) = more.first() else {
            return Some(());
        };
        let line = join(&all[..kept.min(all.len())]);
        self.say(
            word.column,
            &["The line is understood up to here."],
            Some(line),
        )
    }
}

/// How many words the duration at the front takes: `500 ms` takes two.
fn unit_words(words: &[Word]) -> usize {
    let bare = |word: &Word| word.text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match words {
        [number, unit, ..] if bare(number) && matches!(unit.text, "us" | "µs" | "ms" | "s") => 2,
        [] => 0,
        _ => 1,
    }
}

fn glue(words: &[Word]) -> String {
    words.iter().map(|word| word.text).collect()
}

fn glue_with(words: &[Word], between: &str) -> String {
    words
        .iter()
        .map(|word| word.text)
        .collect::<Vec<_>>()
        .join(between)
}

fn join(words: &[Word]) -> String {
    glue_with(words, " ")
}

/// The line with one word replaced.
fn rewritten(words: &[Word], at: usize, with: &str) -> String {
    let mut words: Vec<&str> = words.iter().map(|word| word.text).collect();
    words[at] = with;
    words.join(" ")
}

/// `at D`, `side by side`, `show …`, `hide …`, `lock …`, `theme …`, `poster …`.
pub fn is_view(words: &[Word]) -> bool {
    match words {
        [at, time @ ..] if at.text == "at" => {
            !time.is_empty() && values::is_number(time[0].text) && unit_words(time) == time.len()
        }
        [first, ..] => {
            matches!(
                first.text,
                "show" | "hide" | "lock" | "theme" | "poster" | "side"
            )
        }
        [] => false,
    }
}
