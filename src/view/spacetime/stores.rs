//! The services' lanes: which version each stood at, when its database worked, and how long the
//! background job held what had to be sent.
//!
//! Invariant: only what is *behind* (a confirmed version is missing) has that state; a copy that
//! merely differs is plain.

use super::arrows::Arrow;
use super::lanes::Lanes;
use super::{Block, Frame, Label, room};
use crate::check::staleness;
use crate::history::{Entry, OpId, ServiceId, ShiftKind, Version};
use crate::order;
use crate::shop::{Cart, Model};
use crate::sim::Order;
use crate::sim::fault::Status;
use crate::sim::trace::{Message, NodeId, RecordId, TraceEvent};
use crate::time::SimTime;
use crate::view::Show;
use crate::view::scene::moment::Moment;
use crate::view::words::timeline as words;
use crate::view::words::trouble;

/// Stretches narrower than this are drawn together, so that a long run stays cheap.
const NARROW: f32 = 3.0;
const INSET: f32 = 7.0;
/// The background job's line runs this far below Service 1's ribbon.
const BELOW: f32 = 9.0;
const BELOW_LOW: f32 = 5.0;

/// A stretch of time in which a service stood at one version.
struct Stretch {
    from: SimTime,
    to: SimTime,
    first: Version,
    last: Version,
    behind: bool,
    /// It has changes in another order than they were made.
    odd: bool,
}

/// When, the version that came, with whether it is a whole cart, and whether it is behind.
type Step = (SimTime, Option<(Version, bool)>, Option<bool>);

/// Every service's ribbon up to `end`: where it is behind, and which version it stands at.
pub fn ribbons(show: &Show, lanes: &Lanes, frame: Frame, end: SimTime) -> Vec<Block> {
    let services = show.scenario.config.replicas + 1;
    let mut stretches: Vec<(ServiceId, Stretch)> = Vec::new();
    for service in (1..=services).map(ServiceId) {
        for stretch in merged(stretches_of(show, service, end), frame) {
            stretches.push((service, stretch));
        }
    }
    let carts = carts(show, &stretches, frame);
    let moved = !show.run.replicas.shifts.is_empty();
    let mut blocks = Vec::with_capacity(stretches.len());
    for (service, stretch) in &stretches {
        let lane = lanes.service(*service);
        let (from, to) = (frame.x(stretch.from), frame.x(stretch.to));
        let (first, last) = (stretch.first, stretch.last);
        let cart = carts.iter().find(|(version, _)| *version == first);
        let mut cart = cart.map_or(String::new(), |(_, cart)| cart.clone());
        // A version is one cart only while one service leads.
        if moved && !cart.is_empty() {
            let moment = Moment::at(show, stretch.from);
            cart = words::cart(&moment.store(*service).cart);
        }
        let state = match (stretch.behind, last) {
            (true, _) => "behind",
            (false, Version(0)) => "empty",
            (false, _) => "at",
        };
        let texts = match state {
            _ if stretch.odd => words::odd(),
            "behind" => words::still(first),
            _ => words::version(first, &cart),
        };
        let label = room::fitting(texts, to - from - 2.0 * INSET).filter(|_| first == last);
        blocks.push(Block {
            x: from,
            y: lane.y - lane.half,
            width: (to - from).max(0.5),
            height: lane.half * 2.0,
            state,
            label: label.map(|text| lane.label(from + INSET, text)),
            title: words::ribbon(*service, first, last, &cart, state),
        });
    }
    blocks
}

/// When services were down or paused, or their databases stalled or slow, up to `end`.
pub fn troubles(show: &Show, lanes: &Lanes, frame: Frame, end: SimTime) -> Vec<Block> {
    let services = usize::from(show.scenario.config.replicas) + 2;
    let mut known: Vec<Ailing> = vec![Ailing::default(); services];
    let mut blocks = Vec::new();
    let mut close = |id: ServiceId, ailing: &Ailing, to: SimTime| {
        let Some(word) = ailing.word().filter(|_| to > ailing.since) else {
            return;
        };
        let lane = lanes.service(id);
        let (left, right) = (frame.x(ailing.since), frame.x(to));
        let named = if ailing.out { trouble::OUT } else { word };
        let label = room::fitting([named.to_string()], right - left - 2.0 * INSET);
        blocks.push(Block {
            x: left.min(right - 1.0).max(frame.left()),
            y: lane.y - lane.half,
            width: (right - left).max(1.0),
            height: lane.half * 2.0,
            state: word,
            label: label.map(|text| lane.label(left + INSET, text)),
            title: trouble::was(id, named, ailing.since, to),
        });
    };
    let mut leader = ServiceId::S1;
    for record in &show.run.trace.records {
        let mut change = change(record.event);
        if let TraceEvent::Leads(new) = record.event {
            let old = std::mem::replace(&mut leader, new);
            change = (old != new).then_some((old, Some(Status::Down), None));
        }
        let Some((id, status, database)) = change else {
            continue;
        };
        let ailing = &mut known[usize::from(id.0)];
        let (before, at) = ((ailing.word(), ailing.out), record.at);
        let mut now = *ailing;
        now.status = status.unwrap_or(now.status);
        now.database = database.unwrap_or(now.database);
        now.out |= matches!(record.event, TraceEvent::Leads(_));
        if (now.word(), now.out) != before {
            close(id, ailing, at);
            now.since = at;
        }
        *ailing = now;
    }
    for (service, ailing) in (0..).zip(&known) {
        close(ServiceId(service), ailing, end);
    }
    blocks
}

/// What a service suffers from, and since when.
#[derive(Clone, Copy, Default)]
struct Ailing {
    status: Status,
    database: Option<&'static str>,
    out: bool,
    since: SimTime,
}

impl Ailing {
    fn word(&self) -> Option<&'static str> {
        trouble::status(self.status).or(self.database)
    }
}

/// What the record changes: how the service is, or how its database is.
type Change = (ServiceId, Option<Status>, Option<Option<&'static str>>);

fn change(event: TraceEvent) -> Option<Change> {
    Some(match event {
        TraceEvent::Crashed(id) => (id, Some(Status::Down), None),
        TraceEvent::Paused(id) => (id, Some(Status::Paused), None),
        TraceEvent::Restarted(id) | TraceEvent::Resumed(id) => (id, Some(Status::Up), None),
        TraceEvent::DatabaseStalled(id) => (id, None, Some(Some(trouble::STALLED))),
        TraceEvent::DatabaseSlowed(id) => (id, None, Some(Some(trouble::SLOW))),
        TraceEvent::DatabaseRecovered(id) => (id, None, Some(None)),
        _ => return None,
    })
}

/// Where a lane says that it is broken, it does not say its version.
pub fn make_way(ribbons: &mut [Block], troubles: &[Block]) {
    for ribbon in ribbons {
        let covers = |label: &Label, over: &Block| {
            let right = label.x + room::width(&label.text);
            over.y == ribbon.y && over.x < right && label.x < over.x + over.width
        };
        let label = ribbon.label.take();
        ribbon.label = label.filter(|label| !troubles.iter().any(|over| covers(label, over)));
    }
}

/// The service's versions in order of time, cut where it falls behind or catches up.
fn stretches_of(show: &Show, service: ServiceId, end: SimTime) -> Vec<Stretch> {
    let mut steps: Vec<Step> = Vec::new();
    for entry in show.run.replicas.entries() {
        match entry {
            Entry::Apply(apply) if apply.replica == service => {
                steps.push((apply.at, Some((apply.version, apply.whole)), None));
            }
            Entry::Shift(shift)
                if shift.service == service && shift.kind == ShiftKind::DiskLost =>
            {
                steps.push((shift.at, Some((Version(0), true)), None));
            }
            _ => {}
        }
    }
    for (from, to) in staleness::behind_spans(&show.run.report.windows, service, end) {
        steps.push((from, None, Some(true)));
        steps.push((to, None, Some(false)));
    }
    order::by_key(&mut steps, |(at, ..)| at.0);
    steps.push((end, None, None));

    let mut stretches = Vec::with_capacity(steps.len());
    let (mut from, mut at_version, mut is_behind) = (SimTime::ZERO, Version(0), false);
    let mut odd = false;
    for (at, version, behind) in steps {
        if at > from {
            let (first, last, behind) = (at_version, at_version, is_behind);
            stretches.push(Stretch {
                from,
                to: at,
                first,
                last,
                behind,
                odd,
            });
            from = at;
        }
        if let Some((version, whole)) = version {
            odd = !whole && (odd || version < at_version);
            at_version = version;
        }
        is_behind = behind.unwrap_or(is_behind);
    }
    stretches
}

/// Whether the service has changes in another order than they were made, by then. Asked at every
/// drawing, so it costs nothing where copies apply in order.
pub fn ends_odd(show: &Show, service: ServiceId, end: SimTime) -> bool {
    if show.scenario.config.applying == Order::InOrder {
        return false;
    }
    let stretches = stretches_of(show, service, end);
    stretches.last().is_some_and(|last| last.odd)
}

/// Narrow stretches side by side become one; it is behind if any of them was.
fn merged(stretches: Vec<Stretch>, frame: Frame) -> Vec<Stretch> {
    let narrow = |s: &Stretch| frame.x(s.to) - frame.x(s.from) < NARROW;
    let mut merged: Vec<Stretch> = Vec::new();
    let mut crowd = false;
    for stretch in stretches {
        let narrow = narrow(&stretch);
        match merged.last_mut() {
            Some(last) if crowd && narrow => {
                last.to = stretch.to;
                last.last = stretch.last;
                last.behind |= stretch.behind;
            }
            _ => merged.push(stretch),
        }
        crowd = narrow;
    }
    merged
}

/// What stood in the cart at the versions whose stretch has room for it.
fn carts(show: &Show, stretches: &[(ServiceId, Stretch)], frame: Frame) -> Vec<(Version, String)> {
    let mut wanted = vec![false; show.run.trace.writes.len() + 1];
    for (_, s) in stretches {
        if frame.x(s.to) - frame.x(s.from) > 30.0 && s.first == s.last {
            wanted[s.first.0 as usize] = true;
        }
    }
    let mut cart = Cart::default();
    let mut named = Vec::new();
    for (version, wanted) in (0..).zip(wanted) {
        if version > 0 {
            cart.apply(&show.run.trace.deed(Version(version)));
        }
        if wanted {
            named.push((Version(version), words::cart(&cart)));
        }
    }
    named
}

/// Each stretch in which a database worked, in order of its end.
pub fn work(show: &Show, lanes: &Lanes, frame: Frame, end: SimTime) -> Vec<Block> {
    let mut busy: Vec<Option<(SimTime, OpId)>> =
        vec![None; usize::from(show.scenario.config.replicas) + 2];
    let mut last_x = vec![f32::MIN; busy.len()];
    let mut blocks = Vec::new();
    let mut done = |service: ServiceId, op: OpId, from: SimTime, to: SimTime| {
        let last_x = &mut last_x[usize::from(service.0)];
        let (lane, right) = (lanes.service(service), frame.x(to));
        // Blocks that would stand on one another are one; the first of them tells of itself.
        if right - *last_x < 1.0 {
            return;
        }
        let left = frame.x(from).max(*last_x);
        *last_x = right;
        let read = show.run.trace.looks(op, from);
        let height = if read { lane.half } else { lane.half * 2.0 };
        blocks.push(Block {
            x: left.min(right - 1.0),
            y: lane.y + lane.half - height,
            width: (right - left).max(1.0),
            height,
            state: if read { "read" } else { "write" },
            label: None,
            title: words::work(show, service, op, from, to),
        });
    };
    for record in &show.run.trace.records {
        match record.event {
            TraceEvent::Began(service, op) => {
                busy[usize::from(service.0)] = Some((record.at, op));
            }
            TraceEvent::Applied(service, _) | TraceEvent::Read(service, ..) => {
                if let Some((from, op)) = busy[usize::from(service.0)].take() {
                    done(service, op, from, record.at);
                }
            }
            _ => {}
        }
    }
    for (service, open) in (0u8..).zip(&busy) {
        if let Some((from, op)) = *open {
            done(ServiceId(service), op, from, end);
        }
    }
    blocks
}

/// The line of the background job below Service 1, from the first commit that it holds to the
/// last update that leaves; parted where it had nothing to send.
#[derive(Clone, Debug, PartialEq)]
pub struct Waiting {
    pub from: f32,
    pub to: f32,
    /// Service 1's ribbon ends here, and the line runs there.
    pub top: f32,
    pub y: f32,
    pub title: String,
    pub label: Option<Label>,
}

/// Where the job's line runs.
pub fn waiting_y(lanes: &Lanes) -> f32 {
    let lane = lanes.service(ServiceId::S1);
    lane.y + lane.half + if lanes.low { BELOW_LOW } else { BELOW }
}

pub fn waiting(
    show: &Show,
    lanes: &Lanes,
    frame: Frame,
    end: SimTime,
    arrows: &[Arrow],
) -> Vec<Waiting> {
    let lane = lanes.service(ServiceId::S1);
    let y = waiting_y(lanes);
    let mut all = Vec::new();
    for (since, until) in held(show, end) {
        let (from, to) = (frame.x(since), frame.x(until));
        if to - from < 1.0 {
            continue;
        }
        let label = match lanes.low {
            true => None,
            false => waiting_label(from, to, y, arrows),
        };
        all.push(Waiting {
            from,
            to,
            top: lane.y + lane.half,
            y,
            title: words::waiting(since, until),
            label,
        });
    }
    all
}

/// The stretches in which the job held something, for whichever copy.
fn held(show: &Show, end: SimTime) -> Vec<(SimTime, SimTime)> {
    let trace = &show.run.trace;
    let mut spans: Vec<(SimTime, SimTime)> = Vec::new();
    let (mut holding, mut since) = (0u32, SimTime::ZERO);
    for record in &trace.records {
        match record.event {
            TraceEvent::Held(_) => {
                if holding == 0 {
                    since = record.at;
                }
                holding += 1;
            }
            // Only the job's own updates end a hold: the first attempt, when something is held.
            TraceEvent::Sent(message) if holding > 0 => {
                let envelope = trace.message(message);
                let first = envelope.attempt == 0 && is_held(show, record.cause);
                if first && matches!(envelope.message, Message::Replicate(_)) {
                    holding -= 1;
                    if holding == 0 {
                        spans.push((since, record.at));
                    }
                }
            }
            // What was kept in memory is gone with it.
            TraceEvent::Crashed(ServiceId::S1) if !show.scenario.config.durable_outbox => {
                spans.extend((holding > 0).then_some((since, record.at)));
                holding = 0;
            }
            // The line is Service 1's; a copy that took over has no room for one.
            TraceEvent::Leads(leader) if leader != ServiceId::S1 => {
                spans.extend((holding > 0).then_some((since, record.at)));
                return spans;
            }
            TraceEvent::DiskLost(ServiceId::S1) => {
                spans.extend((holding > 0).then_some((since, record.at)));
                holding = 0;
            }
            _ => {}
        }
    }
    if holding > 0 {
        spans.push((since, end));
    }
    spans
}

/// An update that the job sent was caused by its hold, or by the end of background mode.
fn is_held(show: &Show, cause: RecordId) -> bool {
    let cause = show.run.trace.records.get(cause.0 as usize);
    cause.is_some_and(|cause| {
        matches!(
            cause.event,
            TraceEvent::Held(_) | TraceEvent::ModeChanged(_)
        )
    })
}

/// The label stands in the widest gap between the arrows that cross the line.
fn waiting_label(from: f32, to: f32, y: f32, arrows: &[Arrow]) -> Option<Label> {
    let text = words::waiting_label();
    let room = room::width(&text) + 10.0;
    // Where arrows cross the line, from left to right.
    let mut crossings = vec![from, to];
    for arrow in arrows {
        let x = arrow.x_at(y);
        let (top, end) = (arrow.y1.min(arrow.y2), arrow.y1.max(arrow.y2));
        if top < y + 7.0 && end > y - 7.0 && x >= from && x <= to {
            let place = crossings.partition_point(|known| *known < x);
            crossings.insert(place, x);
        }
    }
    let (mut left, mut widest) = (from, 0.0);
    for pair in crossings.windows(2) {
        if pair[1] - pair[0] >= widest {
            (left, widest) = (pair[0], pair[1] - pair[0]);
        }
    }
    let left = left + ((widest - room) / 2.0).min(46.0);
    let label = Label {
        x: left + 5.0,
        y: y + 4.2,
        text,
    };
    (widest >= room + 16.0).then_some(label)
}

/// Whether the message is an update that leaves from the job's line.
pub fn leaves_job(show: &Show, sent: RecordId, from: NodeId, to: NodeId) -> bool {
    let record = show.run.trace.records.get(sent.0 as usize);
    let told = from == NodeId::Service(ServiceId::S1) && matches!(to, NodeId::Service(_));
    told && record.is_some_and(|record| is_held(show, record.cause))
}
