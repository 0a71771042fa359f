//! The story of a run, for reading in a terminal.
//!
//! Invariant: every figure is the run's own, exact to the microsecond; nothing is guessed from
//! the mode.

use crate::Claim;
use lagoon::history::{Answer, ClientId, Logs, OpId, ServiceId, ShiftKind, Version};
use lagoon::run::traffic::{self, Traffic};
use lagoon::run::{Run, durability};
use lagoon::scenario::link::{self, ViewState};
use lagoon::scenario::{Diagnostic, LineKind, Parsed, Scenario, print};
use lagoon::shop::{Cart, Model, Name, Op};
use lagoon::sim::trace::{Ending, Message, NodeId, Record, TraceEvent};
use lagoon::sim::{Action, Bound, Checkout, CueId};
use lagoon::time::{SimDuration, SimTime};
use lagoon::view::words::{scene::left_of, trouble};
use std::fmt::Write;

/// The whole story, a newline at its end.
pub fn tell(text: &str, parsed: &Parsed, run: &Run, claims: &[Claim]) -> String {
    let services = usize::from(parsed.scenario.config.replicas) + 1;
    let mut story = Story {
        parsed,
        run,
        carts: vec![Cart::default(); services],
        logs: Logs::new(services),
        out: String::new(),
    };
    story.heading();
    story.events();
    story.waits();
    story.windows();
    story.views();
    story.traffic();
    story.claims(claims);
    story.ending();
    story.line(&["trace  ", &run.hash.to_string()]);
    story.line(&["link   ", &link::write(text, &ViewState::default())]);
    story.out
}

/// `line 2, column 5: message (try: suggestion)`.
pub fn diagnostic(diagnostic: &Diagnostic) -> String {
    let place = format!("line {}, column {}: ", diagnostic.line, diagnostic.column);
    let hint = diagnostic
        .suggestion
        .as_ref()
        .map(|suggestion| format!(" Try: {suggestion}"));
    [&place, &diagnostic.message, hint.as_deref().unwrap_or("")].concat()
}

/// The lines whose turn never came, or whose shopper was busy to the end.
pub fn not_started(parsed: &Parsed, run: &Run) -> Vec<u32> {
    let mut started = vec![false; parsed.cues.len()];
    for record in &run.trace.records {
        let cue = match record.event {
            TraceEvent::Called(op) if !is_visit(run, op) => run.trace.operation(op).cue,
            TraceEvent::Resting(cue) => cue,
            TraceEvent::Fired(cue) if is_instant(parsed, cue) => cue,
            _ => continue,
        };
        started[cue.0 as usize] = true;
    }
    let waiting = |line: &&lagoon::scenario::Line| match line.kind {
        LineKind::Cue(cue) => !started[cue.0 as usize],
        _ => false,
    };
    parsed
        .lines
        .iter()
        .filter(waiting)
        .map(|line| line.number)
        .collect()
}

fn is_instant(parsed: &Parsed, cue: CueId) -> bool {
    matches!(
        parsed.scenario.script[cue.0 as usize].action,
        Action::Become(_) | Action::Load(_) | Action::Fault(_)
    )
}

/// Whether a visitor asks; of visitors only the sum is told.
fn is_visit(run: &Run, op: OpId) -> bool {
    run.trace.operation(op).cue == CueId::NONE
}

struct Story<'a> {
    parsed: &'a Parsed,
    run: &'a Run,
    /// What each service holds at the moment that is told.
    carts: Vec<Cart>,
    /// What each applied, and who takes the writes.
    logs: Logs,
    out: String,
}

impl Story<'_> {
    fn line(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.out.push_str(part));
        self.out.push('\n');
    }

    fn section(&mut self, title: &str) {
        self.line(&["\n", title]);
    }

    fn heading(&mut self) {
        let parsed = self.parsed;
        if let Some(title) = &parsed.title {
            let rule = "─".repeat(title.chars().count());
            self.line(&[title, "\n", &rule]);
        }
        let settings = Scenario {
            script: Vec::new(),
            expectations: Vec::new(),
            ..parsed.scenario.clone()
        };
        self.line(&[&print(&settings).replace('\n', "; ")]);
    }

    fn events(&mut self) {
        if self.run.trace.records.is_empty() {
            return self.section("Nothing happens: no line says what anybody does.");
        }
        self.section("       ms");
        let run = self.run;
        for record in &run.trace.records {
            if let Some(sentence) = self.sentence(record) {
                let time = decimal(record.at);
                let _ = writeln!(self.out, "{time:>9}  {sentence}");
            }
        }
        for line in not_started(self.parsed, run) {
            let _ = writeln!(self.out, "           Line {line} never started.");
        }
    }

    /// Whether the record is about what a visitor asked.
    fn is_crowd(&self, event: TraceEvent) -> bool {
        let trace = &self.run.trace;
        let op = match event {
            TraceEvent::Called(op)
            | TraceEvent::Read(_, op, _)
            | TraceEvent::Ended(op, _)
            | TraceEvent::Refused(op)
            | TraceEvent::SoldOut(op)
            | TraceEvent::Erred(op)
            | TraceEvent::TimedOut(op)
            | TraceEvent::Retried(op, _)
            | TraceEvent::Known(_, op)
            | TraceEvent::Waits(_, op) => op,
            TraceEvent::Applied(_, version) | TraceEvent::GaveUp(version) => trace.write(version),
            TraceEvent::Held(hold) => trace.write(trace.holds[hold as usize].version),
            TraceEvent::Sent(id)
            | TraceEvent::Delivered(id)
            | TraceEvent::Early(id)
            | TraceEvent::Duplicate(id)
            | TraceEvent::Late(id)
            | TraceEvent::Dropped(id, _) => trace.message(id).op,
            _ => return false,
        };
        is_visit(self.run, op)
    }

    /// What one record means to somebody who watches; `None` for what would only be noise.
    fn sentence(&mut self, record: &Record) -> Option<String> {
        let trace = &self.run.trace;
        if self.is_crowd(record.event) {
            if let TraceEvent::Applied(service, version) = record.event {
                self.applied(service, version);
            }
            return None;
        }
        Some(match record.event {
            TraceEvent::Called(op) => self.called(op),
            TraceEvent::Queued(cue) => {
                format!("{} is busy: the next line waits", self.actor(cue)?)
            }
            TraceEvent::Resting(cue) => format!("{} waits a while", self.actor(cue)?),
            TraceEvent::Applied(service, version) => self.applied(service, version),
            TraceEvent::Held(hold) => {
                let hold = &trace.holds[hold as usize];
                let (copy, version, due) = (service(hold.copy), v(hold.version), ms(hold.due));
                format!("The background job keeps {version} for {copy} until {due}")
            }
            TraceEvent::Sent(message) => {
                let envelope = trace.message(message);
                let asked = trace.operation(envelope.op);
                let later = envelope.sent_at > asked.call || envelope.attempt > 0;
                if let (Op::Buy { .. }, Message::Request, true) =
                    (asked.op, envelope.message, later)
                {
                    let who = self.person(asked.client);
                    let to = service(self.logs.leader);
                    return Some(format!("{who} asks {to} to {}", deed(asked.op)));
                }
                let (Message::Replicate(version), NodeId::Service(copy)) =
                    (envelope.message, envelope.to)
                else {
                    return None;
                };
                let again = if envelope.attempt > 0 { " again" } else { "" };
                let from = service(self.logs.leader);
                format!("{from} sends {} to {}{again}", v(version), service(copy))
            }
            TraceEvent::Delivered(message) => {
                let envelope = trace.message(message);
                let (Message::Ack(version), NodeId::Service(copy)) =
                    (envelope.message, envelope.from)
                else {
                    return None;
                };
                let to = service(self.logs.leader);
                format!("{to} learns that {} has {}", service(copy), v(version))
            }
            TraceEvent::Early(message) => {
                let envelope = trace.message(message);
                let (Message::Replicate(version), NodeId::Service(copy)) =
                    (envelope.message, envelope.to)
                else {
                    return None;
                };
                format!(
                    "{} has {} early: it waits for its turn",
                    service(copy),
                    v(version)
                )
            }
            TraceEvent::Read(from, op, answer) => {
                let who = person(trace.shopper(trace.operation(op).client));
                let Answer::Shown(seen) = trace.answer(answer) else {
                    return None;
                };
                let version = trouble::log(&seen.log);
                let from = service(from);
                if let Op::Buy { item, .. } = trace.operation(op).op {
                    let left = left_of(&trace.stock, &seen.cart, item);
                    return Some(format!(
                        "{from} reads its stock for {who}: {left} ({version})"
                    ));
                }
                format!("{from} reads its cart for {who}: {} ({version})", seen.cart)
            }
            TraceEvent::Ended(op, answer) => self.ended(op, record.at, trace.answer(answer)),
            TraceEvent::ModeChanged(mode) => format!("Replication becomes {}", mode.word()),
            TraceEvent::LimitReached(Bound::Events) => {
                "The run stops here: it reached its limit of events".to_string()
            }
            TraceEvent::LimitReached(Bound::Time) => {
                "The run stops here: no run is longer than one hour".to_string()
            }
            TraceEvent::DiskLost(service) => {
                self.carts[usize::from(service.0) - 1] = Cart::default();
                self.logs.shift(service, ShiftKind::DiskLost);
                self.trouble(record)?
            }
            TraceEvent::Leads(service) => {
                self.logs.shift(service, ShiftKind::Leads);
                self.trouble(record)?
            }
            TraceEvent::Repaired(service, version) => {
                self.repaired(service, version);
                self.trouble(record)?
            }
            _ => self.trouble(record)?,
        })
    }

    fn trouble(&self, record: &Record) -> Option<String> {
        let (who, what) = trouble::line(&self.run.trace, record)?;
        Some(format!("{who} {what}"))
    }

    /// A copy has the whole cart of who takes the writes, as of this version.
    fn repaired(&mut self, service: ServiceId, newest: Version) {
        self.logs.become_like_leader(service, newest);
        let mut cart = Cart::default();
        for version in self.logs.of(service) {
            cart.apply(&self.run.trace.deed(*version));
        }
        self.carts[usize::from(service.0) - 1] = cart;
    }

    fn called(&self, op: OpId) -> String {
        let asked = self.run.trace.operation(op);
        let (who, to) = (self.person(asked.client), service(asked.to));
        match asked.op {
            Op::View => format!("{who} asks {to} for the cart"),
            buy @ Op::Buy { .. } if self.parsed.scenario.config.checkout == Checkout::Shown => {
                format!("{who} asks {to} whether there is enough to {}", deed(buy))
            }
            write => format!("{who} asks {to} to {}", deed(write)),
        }
    }

    fn applied(&mut self, at: ServiceId, version: Version) -> String {
        let op = self.run.trace.deed(version);
        self.logs.push(at, version);
        let cart = &mut self.carts[usize::from(at.0) - 1];
        let none = match op {
            Op::Remove { item } | Op::Set { item, qty: 0 } if cart.qty(item) == 0 => {
                ", there was none"
            }
            _ => "",
        };
        cart.apply(&op);
        let does = if at == self.logs.leader {
            "commits"
        } else {
            "applies"
        };
        format!(
            "{} {does} {} ({}{none}): {cart}",
            service(at),
            v(version),
            deed(op)
        )
    }

    fn ended(&self, op: OpId, at: SimTime, answer: &Answer) -> String {
        let asked = self.run.trace.operation(op);
        let (who, waited) = (self.person(asked.client), span(at.since(asked.call)));
        match answer {
            Answer::Done(version) => {
                format!("{who} is told: done, {} (after {waited})", v(*version))
            }
            Answer::Shown(seen) => {
                let age = self.run.report.views.iter().find(|age| age.op == op);
                let stale = age.filter(|age| age.is_stale());
                let stale = stale.map_or(String::new(), |age| {
                    format!(" ✗ out of date for {}", span(age.stale()))
                });
                format!("{who} is shown: {} (after {waited}){stale}", seen.cart)
            }
        }
    }

    fn waits(&mut self) {
        if self.run.history.operations.is_empty() {
            return;
        }
        self.section("How long they waited");
        let run = self.run;
        let all = run.history.operations.iter().zip(&run.trace.operations);
        for (operation, asked) in all.filter(|(_, asked)| asked.cue != CueId::NONE) {
            let who = self.person(operation.client);
            let after = |at: SimTime| span(at.since(operation.call));
            let waited = match asked.ended {
                Some((at, Ending::Answer(_))) => after(at),
                Some((at, Ending::Refused)) => format!("refused after {}", after(at)),
                Some((at, Ending::Unknown)) => format!("maybe done, after {}", after(at)),
                None => "still waiting at the end".to_string(),
            };
            let what = deed(operation.op);
            let _ = writeln!(self.out, "  {who:<8} {what:<20} {waited:>12}");
        }
    }

    fn windows(&mut self) {
        if self.run.report.windows.is_empty() {
            return;
        }
        self.section("How far the copies were behind");
        let run = self.run;
        let windows = run.report.windows.iter();
        for window in windows.filter(|window| !is_visit(run, window.op)) {
            let operation = &run.history.operations[window.op.0 as usize];
            let what = format!("{} {}", self.person(operation.client), deed(operation.op));
            let (version, copy) = (v(window.version), service(window.replica));
            let measured = match (window.apart(), window.window()) {
                (Some(apart), Some(after)) if after == SimDuration::ZERO => {
                    format!("differed for {}, never after the confirmation", span(apart))
                }
                (Some(apart), Some(after)) => {
                    format!(
                        "differed for {}, {} of it after the confirmation",
                        span(apart),
                        span(after)
                    )
                }
                _ => "never got it in this run".to_string(),
            };
            let _ = writeln!(self.out, "  {version:<4} {what:<24} {copy}: {measured}");
        }
        let receipt = self.parsed.scenario.config.receipt;
        let disks = durability::of(run, receipt);
        let worst = match durability::most(&disks.exposed) {
            0 => "No confirmed change was ever".to_string(),
            1 => "At worst 1 confirmed change was".to_string(),
            most => format!("At worst {most} confirmed changes were"),
        };
        let whose = match run.replicas.shifts.is_empty() {
            true => " on the disk of Service 1 alone",
            false => " on one disk alone",
        };
        self.line(&["  ", &worst, whose]);
        let lost = match disks.gone.len() {
            0 => return,
            1 => "1 confirmed change was".to_string(),
            lost => format!("{lost} confirmed changes were"),
        };
        self.line(&["  ", &lost, " lost with a disk"]);
    }

    fn views(&mut self) {
        if self.run.report.views.is_empty() {
            return;
        }
        self.section("How old the carts were that were shown");
        let run = self.run;
        for age in run.report.views.iter().filter(|age| !is_visit(run, age.op)) {
            let operation = &run.history.operations[age.op.0 as usize];
            let who = self.person(operation.client);
            let shown = operation
                .seen()
                .map_or(String::new(), |seen| seen.cart.to_string());
            let verdict = match (age.missed, age.out) {
                (0, 0) => "up to date (nothing was out yet)".to_string(),
                (0, _) => "up to date".to_string(),
                (missed, _) => {
                    let writes = if missed == 1 { "write" } else { "writes" };
                    format!(
                        "out of date for {}, misses {missed} {writes}",
                        span(age.stale())
                    )
                }
            };
            let at = ms(age.call);
            let _ = writeln!(self.out, "  {who:<8} at {at:<12} {shown}: {verdict}");
        }
    }

    /// What came of a load, in sum.
    fn traffic(&mut self) {
        let (run, end) = (self.run, self.run.end());
        let visitors = run.history.shoppers.iter();
        let visitors = visitors.filter(|name| name.is_visitor()).count();
        if visitors == 0 {
            return;
        }
        self.section("What the load did (all operations, visitors' too)");
        let traffic = Traffic::of(run);
        let all = traffic.up_to(end);
        let rate = f64::from(all.answered) * 1e6 / end.micros().max(1) as f64;
        let (refused, unknown) = (all.refused, all.unknown);
        let _ = writeln!(
            self.out,
            "  {visitors} visitors; {} answers, {rate:.1} a second; {refused} refused, {unknown} \
             maybe done",
            all.answered
        );
        let _ = writeln!(
            self.out,
            "  waited: half at most {}, 95 in 100 {}, 99 in 100 {}, longest {}",
            span(all.p50),
            span(all.p95),
            span(all.p99),
            span(all.longest)
        );
        let stale = run.report.views.iter().filter(|age| age.is_stale()).count();
        let _ = writeln!(
            self.out,
            "  {stale} of {} views out of date",
            run.report.views.len()
        );
        for (id, steps) in (1..).map(ServiceId).zip(&traffic.queues) {
            let (at, most) = traffic::most(steps, end);
            let line = format!("  {}: at most {most} waited for its database", service(id));
            let at = if most > 0 {
                format!(", at {}", ms(at))
            } else {
                String::new()
            };
            self.line(&[&line, &at]);
        }
        for (id, steps) in (2..).map(ServiceId).zip(&traffic.behind) {
            let (at, most) = traffic::most(steps, end);
            let now = traffic::at(steps, end);
            let (id, at) = (service(id), ms(at));
            let _ = writeln!(
                self.out,
                "  {id}: at most {most} behind, at {at}; {now} in the end"
            );
        }
    }

    fn claims(&mut self, claims: &[Claim]) {
        if claims.is_empty() {
            return;
        }
        self.section("What the text expects");
        for claim in claims {
            let mark = if claim.met == Some(true) {
                "✓"
            } else {
                "✗"
            };
            self.line(&["  ", mark, " ", &claim.text, ": ", &claim.reason]);
        }
    }

    fn ending(&mut self) {
        let leader = self.logs.leader;
        let own = &self.carts[usize::from(leader.0) - 1];
        let differs = |(place, cart): (u8, &Cart)| {
            let apart = *cart != *own && !self.logs.is_out(ServiceId(place));
            apart.then(|| format!("service {place} has {cart}"))
        };
        let others: Vec<String> = (1..).zip(&self.carts).filter_map(differs).collect();
        let cart = own.to_string();
        if self.carts.len() == 1 {
            self.line(&["\nIn the end the one server has: ", &cart, ".\n"]);
        } else if others.is_empty() {
            self.line(&["\nIn the end all copies agree: ", &cart, ".\n"]);
        } else {
            let others = others.join(", ");
            self.line(&[
                "\nIn the end the copies differ: service ",
                &leader.0.to_string(),
                " has ",
                &cart,
                ", ",
                &others,
                ".\n",
            ]);
        }
    }

    fn person(&self, client: ClientId) -> String {
        person(self.run.history.shoppers[client.0 as usize])
    }

    /// Whose line it is; nobody's for a change of the mode.
    fn actor(&self, cue: CueId) -> Option<String> {
        let action = self.parsed.scenario.script[cue.0 as usize].action;
        action.client().map(|client| self.person(client))
    }
}

pub fn deed(op: Op) -> String {
    match op {
        Op::Add { item, qty: 1 } => format!("add {item}"),
        Op::Add { item, qty } => format!("add {qty} {item}"),
        Op::Set { item, qty } => format!("set {item} to {qty}"),
        Op::Remove { item } => format!("remove {item}"),
        Op::View => "view".to_string(),
        Op::Buy { item, qty: 1 } => format!("buy {item}"),
        Op::Buy { item, qty } => format!("buy {qty} {item}"),
        Op::Return { item, qty } => format!("take back {qty} {item}"),
    }
}

/// `alice` is typed, Alice is shown.
pub fn person(name: Name) -> String {
    let (first, rest) = name.as_str().split_at(1);
    first.to_ascii_uppercase() + rest
}

pub fn service(id: ServiceId) -> String {
    format!("Service {}", id.0)
}

pub fn v(version: Version) -> String {
    format!("v{}", version.0)
}

pub fn ms(at: SimTime) -> String {
    span(SimDuration(at.0))
}

/// In exact milliseconds, no trailing zeros: `62.304 ms`.
pub fn span(length: SimDuration) -> String {
    let text = decimal(SimTime(length.0));
    format!("{} ms", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Milliseconds with three decimals.
fn decimal(at: SimTime) -> String {
    format!("{}.{:03}", at.0 / 1000, at.0 % 1000)
}
