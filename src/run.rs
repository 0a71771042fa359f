//! From a scenario to a run: the simulation in slices, then what outsiders saw and its measures.
//!
//! Invariant: a pure function. The same scenario gives the same run, to the last bit, however it
//! is sliced and wherever it runs.

pub mod durability;
pub mod export;
pub mod traffic;

use crate::check::staleness::{self, ViewAge, Window};
use crate::check::{Claim, Ground, Property, Verdict, Verdicts, claims};
use crate::history::cart;
use crate::history::{History, ReplicaLog};
use crate::run::traffic::Traffic;
use crate::scenario::{LIMITS, Scenario};
use crate::shop::Name;
use crate::sim::trace::{Trace, TraceHash};
use crate::sim::{Action, Bounds, Cue, Order, Receipt, World};
use crate::time::{SimDuration, SimTime};
use std::ops::Deref;
use std::rc::Rc;

/// How far any run goes: part of the language.
pub const BOUNDS: Bounds = LIMITS.run;

/// A run under way.
#[derive(Debug)]
pub struct Runner {
    world: World,
    copies: u8,
    bound: Option<SimDuration>,
}

impl Runner {
    pub fn start(scenario: &Scenario) -> Runner {
        Runner::start_within(scenario, BOUNDS)
    }

    /// With bounds of one's own; tests lower them.
    pub fn start_within(scenario: &Scenario, bounds: Bounds) -> Runner {
        let world = World::new(&scenario.config, scenario.seed, &scenario.script, bounds);
        Runner {
            world,
            copies: scenario.config.replicas,
            bound: strictest(&scenario.expectations),
        }
    }

    /// Handles up to about this many events. True while there is more to do.
    pub fn advance(&mut self, events: u32) -> bool {
        self.world.advance(events)
    }

    /// Events handled so far.
    pub fn events(&self) -> u32 {
        self.world.events()
    }

    /// What happened up to here, and what outsiders saw of it; nothing is measured or judged yet.
    pub fn record(self) -> Unjudged {
        let trace = self.world.into_trace();
        Unjudged {
            history: trace.history(),
            replicas: trace.replica_log(self.copies),
            trace,
            bound: self.bound,
        }
    }

    /// The run up to here: its measures are computed now.
    pub fn finish(self) -> Run {
        self.record().judge()
    }
}

/// Runs to the end at once.
pub fn run(scenario: &Scenario) -> Run {
    let mut runner = Runner::start(scenario);
    while runner.advance(4096) {}
    runner.finish()
}

/// Everything that is known of a run.
#[derive(Clone, Debug)]
pub struct Run {
    /// Computed once: the page shows it at every moment, and a trace can be long.
    pub hash: TraceHash,
    pub trace: Trace,
    pub history: History,
    pub replicas: ReplicaLog,
    pub report: Report,
}

/// The measures of docs/measures.md, whole; each can be asked up to a moment.
#[derive(Clone, Debug)]
pub struct Report {
    /// Every answered view, in order of call.
    pub views: Vec<ViewAge>,
    /// Every write and copy, in order of version and then of copy.
    pub windows: Vec<Window>,
    /// Every guarantee, at every moment.
    pub verdicts: Verdicts,
    /// The bound of bounded staleness: the strictest that the text sets.
    pub bound: Option<SimDuration>,
    /// Where visitors came.
    pub traffic: Option<Traffic>,
}

impl Report {
    fn of(
        history: &History,
        replicas: &ReplicaLog,
        settled: Option<SimTime>,
        bound: Option<SimDuration>,
    ) -> Report {
        let views = staleness::views(history, replicas);
        Report {
            verdicts: Verdicts::of(history, replicas, &views, settled),
            windows: staleness::windows(history, replicas),
            views,
            bound,
            traffic: None,
        }
    }
}

/// A run that nobody has judged yet.
#[derive(Clone, Debug)]
pub struct Unjudged {
    pub trace: Trace,
    pub history: History,
    pub replicas: ReplicaLog,
    bound: Option<SimDuration>,
}

impl Unjudged {
    pub fn judge(self) -> Run {
        let Unjudged {
            trace,
            history,
            replicas,
            bound,
        } = self;
        let settled = trace.quiet.then(|| trace.end());
        let mut run = Run {
            hash: trace.hash(),
            report: Report::of(&history, &replicas, settled, bound),
            trace,
            history,
            replicas,
        };
        if run.trace.shoppers.last().is_some_and(Name::is_visitor) {
            run.report.traffic = Some(Traffic::of(&run));
        }
        run
    }
}

impl Run {
    /// The last moment of the run.
    pub fn end(&self) -> SimTime {
        self.trace.end()
    }

    /// What a judge says of the property, up to `now`.
    pub fn verdict(&self, property: Property, now: SimTime) -> Verdict {
        match (property, self.report.bound) {
            (Property::BoundedStaleness, Some(bound)) => {
                staleness::bounded(&self.report.views, bound, now)
            }
            _ => self.report.verdicts.at(property, now),
        }
    }

    /// What decides a claim of the text up to `now`, and whether it is met; `None` where no judge
    /// can tell.
    pub fn judge(&self, claim: &Claim, now: SimTime) -> (Ground, Option<bool>) {
        let (ground, met) = match claim {
            Claim::Property { property, expected } => {
                let verdict = self.verdict(*property, now);
                return (Ground::Verdict(verdict), verdict.meets(*expected));
            }
            Claim::StalenessUnder(bound) => {
                let verdict = staleness::bounded(&self.report.views, *bound, now);
                let holds = matches!(verdict, Verdict::Holds { .. });
                (Ground::Verdict(verdict), holds)
            }
            Claim::Shows { who, nth, cart } => claims::shows(&self.history, *who, *nth, cart, now),
            Claim::WaitsUnder { who, which, bound } => {
                claims::waits_under(&self.history, *who, *which, *bound, now)
            }
        };
        (ground, Some(met))
    }
}

fn strictest(claims: &[Claim]) -> Option<SimDuration> {
    let bounds = claims.iter().filter_map(|claim| match claim {
        Claim::StalenessUnder(bound) => Some(*bound),
        _ => None,
    });
    bounds.min()
}

/// Why a configuration cannot break a property, whatever the luck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safe {
    /// One service takes all writes, and copies apply in order.
    OneOrder,
    /// No update is lost for good: each is sent until the copy has it.
    NothingLost,
    /// There are no copies.
    OneServer,
}

/// Why no run of a shop that is built so breaks this property; `None` where one can.
pub fn safe(property: Property, scenario: &Scenario) -> Option<Safe> {
    let lost = |cue: &Cue| matches!(cue.action, Action::Fault(fault) if fault.loses());
    if scenario.script.iter().any(lost) {
        return None;
    }
    let config = &scenario.config;
    if config.replicas == 0 {
        // A request that is asked twice, or comes late, can still break an order of all.
        let safe = [
            Property::ReadYourWrites,
            Property::MonotonicReads,
            Property::MonotonicWrites,
            Property::WritesFollowReads,
            Property::ConsistentPrefix,
            Property::Fresh,
            Property::Converges,
            Property::NoLostWrites,
        ];
        return safe.contains(&property).then_some(Safe::OneServer);
    }
    let in_order = config.applying == Order::InOrder;
    let kept = config.durable_outbox && config.resend.is_some();
    let lasting = in_order && kept && config.receipt != Receipt::Received;
    match property {
        Property::MonotonicWrites | Property::WritesFollowReads | Property::ConsistentPrefix => {
            in_order.then_some(Safe::OneOrder)
        }
        Property::Converges | Property::NoLostWrites => lasting.then_some(Safe::NothingLost),
        _ => None,
    }
}

/// A scenario and its run: all that a picture needs besides the playhead.
#[derive(Debug)]
pub struct Show {
    pub scenario: Scenario,
    pub run: Run,
}

/// A value shared by many pictures, equal exactly when it is the same one: so that a component
/// is drawn again only when its run is another.
#[derive(Debug)]
pub struct Shared<T>(pub Rc<T>);

impl Show {
    /// A scenario and its run, computed at once.
    pub fn of(scenario: Scenario) -> Show {
        let run = run(&scenario);
        Show { scenario, run }
    }

    /// What a file says of a run that happened elsewhere: its history, judged, without a trace.
    pub fn recorded(recorded: &cart::Recorded) -> Show {
        let (history, replicas) = (recorded.history.clone(), recorded.replicas.clone());
        let mut scenario = Scenario::default();
        scenario.config.replicas = replicas.copies;
        scenario.config.stock = history.stock.clone();
        let mut show = Show::of(scenario);
        show.run.report = Report::of(&history, &replicas, recorded.settled, None);
        (show.run.history, show.run.replicas) = (history, replicas);
        show
    }

    /// The same without what was measured: nothing in it calls an answer old.
    pub fn outside(&self) -> Show {
        let mut show = Show::of(self.scenario.clone());
        show.run.report.views = Vec::new();
        show.run.report.windows = Vec::new();
        show
    }
}

impl<T> Shared<T> {
    pub fn new(value: T) -> Shared<T> {
        Shared(Rc::new(value))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
