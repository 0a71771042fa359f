//! The simulation against what queueing and replication theory say.
//!
//! Waiting lines are held to Lindley's recursion sample by sample, which needs no statistics; means
//! to their closed forms, within the confidence interval of the batch means that is printed
//! (Kleinrock, Queueing Systems, vol. 1; Rényi 1953 for the largest of exponentials).

use lagoon::chance::{Delay, Ratio, Seed};
use lagoon::history::{ClientId, ServiceId};
use lagoon::run::traffic::Traffic;
use lagoon::run::{Run, run};
use lagoon::scenario::{Scenario, parse};
use lagoon::shop::{Name, Op};
use lagoon::sim::trace::TraceEvent;
use lagoon::sim::{Action, Config, Cue, ReplicationMode, When};
use lagoon::time::{SimDuration, SimTime};

/// One unit of the formulas.
const UNIT: f64 = 100_000.0;

/// Luck of the test's own, for arrivals.
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn exponential(&mut self) -> f64 {
        -libm::log(1.0 - self.unit())
    }
}

fn units(length: f64) -> SimDuration {
    SimDuration((length * UNIT) as u64)
}

/// `count` operations, each by a shopper of its own, at the moments of a Poisson stream.
fn stream(rate: f64, count: u32, op: Op, config: Config) -> Scenario {
    let mut dice = Dice(u64::from(count) + (rate * 1000.0) as u64);
    let mut now = 0.0;
    let script = (0..count).map(|client| {
        now += dice.exponential() / rate;
        let action = Action::Shop {
            client: ClientId(client),
            op,
            to: None,
        };
        let when = When::At(SimTime::ZERO + units(now));
        Cue { when, action }
    });
    let script = script.collect();
    let shoppers = (0..count).map(|nth| Name::new(&format!("c{nth}")).expect("a name"));
    Scenario {
        config: Config {
            network: Delay::Constant(SimDuration(0)),
            shoppers: shoppers.collect(),
            ..config
        },
        seed: Seed(7),
        script,
        ..Scenario::default()
    }
}

fn exponential(mean: f64) -> Delay {
    Delay::Exponential(units(mean))
}

/// When each operation reached this service, began there, and was done, in order of beginning.
fn visits(run: &Run, service: ServiceId) -> Vec<(u64, u64, u64)> {
    let trace = &run.trace;
    let mut began = vec![None; trace.operations.len()];
    let mut visits = Vec::new();
    for record in &trace.records {
        match record.event {
            TraceEvent::Began(at, op) if at == service => {
                began[op.0 as usize] = Some(record.at.0);
            }
            TraceEvent::Applied(at, version) if at == service => {
                let op = trace.write(version);
                let call = trace.operation(op).call.0;
                let start = began[op.0 as usize].expect("it began");
                visits.push((call, start, record.at.0));
            }
            TraceEvent::Read(at, op, _) if at == service => {
                let call = trace.operation(op).call.0;
                let start = began[op.0 as usize].expect("it began");
                visits.push((call, start, record.at.0));
            }
            _ => {}
        }
    }
    visits.sort_by_key(|visit| (visit.1, visit.0));
    visits
}

/// The mean lies within four standard errors of its batch means from what theory says.
fn close(what: &str, samples: &[f64], theory: f64) {
    const BATCHES: usize = 25;
    let size = samples.len() / BATCHES;
    let means: Vec<f64> = samples
        .chunks_exact(size)
        .map(|batch| batch.iter().sum::<f64>() / size as f64)
        .collect();
    let mean = means.iter().sum::<f64>() / means.len() as f64;
    let spread = means.iter().map(|m| (m - mean) * (m - mean)).sum::<f64>();
    let error = (spread / (means.len() - 1) as f64 / means.len() as f64).sqrt();
    let count = samples.len();
    println!("{what}: {mean:.4} ± {error:.4}, theory {theory:.4}, {count} samples");
    assert!(
        (mean - theory).abs() <= 4.0 * error + 1e-9,
        "{what}: {mean} is not {theory} within 4 x {error}"
    );
}

fn waits(visits: &[(u64, u64, u64)]) -> Vec<f64> {
    // The first tenth is the way from an empty shop to the usual one.
    let settled = &visits[visits.len() / 10..];
    let wait = |visit: &(u64, u64, u64)| (visit.1 - visit.0) as f64 / UNIT;
    settled.iter().map(wait).collect()
}

fn add() -> Op {
    Op::Add {
        item: Name::new("book").expect("a name"),
        qty: 1,
    }
}

#[test]
fn a_database_waits_as_lindley_says_sample_by_sample() {
    for write in [
        exponential(1.0),
        Delay::Constant(units(1.0)),
        Delay::Range(units(0.0), units(2.0)),
    ] {
        let config = Config {
            write,
            ..Config::default()
        };
        let run = run(&stream(0.8, 20_000, add(), config));
        let visits = visits(&run, ServiceId::S1);
        assert_eq!(visits.len(), 20_000);
        // W(n+1) = max(0, W(n) + S(n) - A(n)): nobody begins before the one before has ended.
        for pair in visits.windows(2) {
            let [(.., done), (call, start, _)] = [pair[0], pair[1]];
            assert_eq!(start, call.max(done));
        }
    }
}

#[test]
fn one_worker_waits_as_long_as_pollaczek_and_khinchine_say() {
    let cases = [
        ("M/M/1, 0.5", 0.5, exponential(1.0), 1.0),
        ("M/M/1, 0.8", 0.8, exponential(1.0), 4.0),
        ("M/D/1, 0.8", 0.8, Delay::Constant(units(1.0)), 2.0),
        (
            "M/U/1, 0.8",
            0.8,
            Delay::Range(units(0.0), units(2.0)),
            2.6667,
        ),
    ];
    for (what, rate, write, theory) in cases {
        let config = Config {
            write,
            ..Config::default()
        };
        let run = run(&stream(rate, 60_000, add(), config));
        close(what, &waits(&visits(&run, ServiceId::S1)), theory);
    }
}

#[test]
fn several_workers_wait_as_long_as_erlang_says() {
    let erlang_c = |servers: u32, load: f64| {
        let mut term = 1.0;
        let mut sum = 0.0;
        for k in 0..servers {
            sum += term;
            term *= load / f64::from(k + 1);
        }
        let last = term / (1.0 - load / f64::from(servers));
        last / (sum + last)
    };
    for (workers, rate) in [(2, 1.6), (4, 3.2), (10, 8.0)] {
        let config = Config {
            read: exponential(1.0),
            workers: vec![(ServiceId::S2, workers)],
            ..Config::default()
        };
        let run = run(&stream(rate, 60_000, Op::View, config));
        let waits = waits(&visits(&run, ServiceId::S2));
        let servers = f64::from(workers);
        let theory = erlang_c(u32::from(workers), rate) / (servers - rate);
        close(&format!("M/M/{workers}"), &waits, theory);
    }
}

#[test]
fn two_databases_in_a_row_are_two_queues() {
    let config = Config {
        mode: ReplicationMode::Synchronous,
        write: exponential(0.5),
        ..Config::default()
    };
    let run = run(&stream(0.8, 60_000, add(), config));
    let sojourn = run.trace.operations.iter().skip(6_000);
    let sojourn: Vec<f64> = sojourn
        .map(|asked| {
            let (ended, _) = asked.ended.expect("answered");
            (ended.0 - asked.call.0) as f64 / UNIT
        })
        .collect();
    // 1/(mu1 - lambda) + 1/(mu2 - lambda)
    close("tandem", &sojourn, 2.0 / (2.0 - 0.8));
}

/// How long one synchronous write waits, over many seeds of a text.
fn confirmations(text: &str, seeds: u64) -> Vec<f64> {
    let scenario = parse(text).scenario;
    let one = |seed| {
        let run = run(&Scenario {
            seed: Seed(seed),
            ..scenario.clone()
        });
        let (ended, _) = run.trace.operations[0].ended.expect("answered");
        ended.0 as f64 / UNIT
    };
    (0..seeds).map(one).collect()
}

#[test]
fn the_slowest_of_many_receipts_is_as_slow_as_the_harmonic_numbers() {
    let harmonic = |n: u32| (1..=n).map(|k| 1.0 / f64::from(k)).sum::<f64>();
    for copies in [1, 2, 3, 5, 8] {
        let mut text = format!("synchronous\nreplicas: {copies}\nnetwork: 0ms\nwrite: 0ms\n");
        for copy in 2..2 + copies {
            text += &format!("0ms s{copy}-to-s1 slows to exp 100ms\n");
        }
        text += "0ms alice adds book";
        let waits = confirmations(&text, 20_000);
        close(&format!("largest of {copies}"), &waits, harmonic(copies));
        if copies == 5 {
            for acks in [2, 3] {
                let waits = confirmations(&format!("acks: {acks}\n{text}"), 20_000);
                let theory = harmonic(5) - harmonic(5 - acks);
                close(&format!("{acks} of 5"), &waits, theory);
            }
        }
    }
}

#[test]
fn a_lossy_link_costs_as_many_tries_as_a_geometric_law() {
    // Each way loses one in five: a try succeeds with q = 0.8 x 0.8.
    let text = "background\nnetwork: 5ms\nwrite: 0ms\ntimeout: 100ms\nbackoff: 0ms\nkeys: on\n\
                0ms alice-s1 loses 1/5\n0ms alice adds book";
    let scenario = |retries: u8, seed| {
        let mut scenario = parse(text).scenario;
        scenario.config.retries = retries;
        Scenario {
            seed: Seed(seed),
            ..scenario
        }
    };
    let (q, p): (f64, f64) = (0.64, 0.2);
    let (mut tries, mut lengths) = (Vec::new(), Vec::new());
    let (mut gave_up, mut applied) = (Vec::new(), Vec::new());
    for seed in 0..20_000 {
        let patient = run(&scenario(10, seed));
        let asked = patient.trace.operations[0];
        if asked.answered().is_some() {
            tries.push(f64::from(asked.attempt) + 1.0);
            let (ended, _) = asked.ended.expect("answered");
            lengths.push(ended.0 as f64 / UNIT);
        }
        let hasty = run(&scenario(3, seed));
        let answered = hasty.trace.operations[0].answered().is_some();
        gave_up.push(f64::from(u8::from(!answered)));
        let unknown = !answered && !hasty.trace.writes.is_empty();
        applied.push(f64::from(u8::from(unknown)));
    }
    close("tries", &tries, 1.0 / q);
    close("length", &lengths, (1.0 - q) / q + 0.1);
    close("gives up after 4", &gave_up, libm::pow(1.0 - q, 4.0));
    let theory = libm::pow(1.0 - q, 4.0) - libm::pow(p, 4.0);
    close("gives up, though it was done", &applied, theory);
}

#[test]
fn an_exponential_lag_leaves_a_view_stale_with_an_exponential_chance() {
    for (at, chance) in [
        (50, libm::exp(-0.5)),
        (100, libm::exp(-1.0)),
        (200, libm::exp(-2.0)),
    ] {
        let text = format!(
            "background\nnetwork: 0ms\nwrite: 0ms\nread: 0ms\nlag: exp 100ms\n\
             alice adds book\n{at}ms bob views"
        );
        let scenario = parse(&text).scenario;
        let stale = |seed| {
            let run = run(&Scenario {
                seed: Seed(seed),
                ..scenario.clone()
            });
            f64::from(u8::from(run.report.views[0].is_stale()))
        };
        let stale: Vec<f64> = (0..20_000).map(stale).collect();
        close(&format!("stale at {at} ms"), &stale, chance);
    }
}

#[test]
fn a_ratio_is_as_likely_as_it_says() {
    let ratio = Ratio { num: 1, den: 5 };
    let mut dice = Dice(1);
    let hits = |_| {
        let bits = (dice.unit() * (1u64 << 53) as f64) as u64;
        f64::from(u8::from(ratio.hits(bits << 11)))
    };
    let hits: Vec<f64> = (0..100_000).map(hits).collect();
    close("one in five", &hits, 0.2);
}

/// The scenario of a text, under another seed.
fn seeded(text: &str, seed: u64) -> Scenario {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    Scenario {
        seed: Seed(seed),
        ..parsed.scenario
    }
}

#[test]
fn visitors_come_as_a_poisson_stream() {
    let mut gaps = Vec::new();
    let mut writes = Vec::new();
    for seed in 0..5 {
        let run = run(&seeded(
            "load: 200/s, 1/4 writes, for 60s\nwrite: 0ms",
            seed,
        ));
        let calls: Vec<u64> = run
            .trace
            .operations
            .iter()
            .map(|asked| asked.call.0)
            .collect();
        gaps.extend(
            calls
                .windows(2)
                .map(|pair| (pair[1] - pair[0]) as f64 / 5000.0),
        );
        let write = run.trace.operations.iter().map(|asked| !asked.op.is_view());
        writes.extend(write.map(|write| f64::from(u8::from(write))));
    }
    close("gap", &gaps, 1.0);
    let squares: Vec<f64> = gaps.iter().map(|gap| gap * gap).collect();
    close("gap squared", &squares, 2.0);
    let long: Vec<f64> = gaps
        .iter()
        .map(|gap| f64::from(u8::from(*gap > 3.0)))
        .collect();
    close("gap above 3", &long, libm::exp(-3.0));
    close("writes", &writes, 0.25);
}

#[test]
fn a_change_of_the_load_brings_the_same_visitors_sooner() {
    let slow = run(&seeded("load: 10/s, 1/2 writes", 3));
    let text = "load: 10/s, 1/2 writes\n1s load becomes 40/s, 1/2 writes, for 2s\n2s load stops";
    let fast = run(&seeded(text, 3));
    let calls = |run: &Run| -> Vec<(Name, Op, u64)> {
        let all = run.trace.operations.iter();
        all.map(|asked| (run.trace.shopper(asked.client), asked.op, asked.call.0))
            .collect()
    };
    let (slow, fast) = (calls(&slow), calls(&fast));
    assert!(fast.len() > 30 && fast.last().expect("visitors").2 <= 2_000_000);
    for (slow, fast) in slow.iter().zip(&fast) {
        assert_eq!((slow.0, slow.1), (fast.0, fast.1));
        let sooner = match slow.2 {
            at @ ..=1_000_000 => at,
            at => 1_000_000 + (at - 1_000_000) / 4,
        };
        // Each gap is rounded to a microsecond.
        assert!(fast.2.abs_diff(sooner) <= 100, "{slow:?} {fast:?}");
    }
}

#[test]
fn a_load_waits_as_lindley_says_sample_by_sample_and_as_theory_says_on_average() {
    let text = "load: 80/s, 0/1 writes, for 250s\nnetwork: 0ms\nread: exp 10ms";
    let run = run(&seeded(text, 7));
    let visits = visits(&run, ServiceId::S2);
    assert!(visits.len() > 19_000);
    for pair in visits.windows(2) {
        let [(.., done), (call, start, _)] = [pair[0], pair[1]];
        assert_eq!(start, call.max(done));
    }
    // rho / (mu - lambda) = 0.8 / 20 s, in units of 100 ms.
    close("M/M/1 under load", &waits(&visits), 0.4);
}

/// Writes under way to the copy are as many as the customers of M/G/infinity, and views see them
/// as an outsider does (PASTA): none is missing with the chance exp(-lambda x lag), whatever the
/// law of the lag.
#[test]
fn a_load_finds_the_copy_stale_with_an_exponential_chance() {
    for lag in ["exp 100ms", "100ms", "0ms-200ms"] {
        let text = format!(
            "load: 100/s, 1/10 writes, for 300s\nnetwork: 0ms\nwrite: 0ms\nread: 0ms\nlag: {lag}"
        );
        let run = run(&seeded(&text, 11));
        let stale = run
            .report
            .views
            .iter()
            .map(|age| f64::from(u8::from(age.is_stale())));
        let stale: Vec<f64> = stale.collect();
        close(
            &format!("stale under load, lag {lag}"),
            &stale,
            1.0 - libm::exp(-1.0),
        );
    }
}

#[test]
fn queues_are_as_long_as_little_says() {
    let text = "load: 80/s, 0/1 writes, for 250s\nnetwork: 0ms\nread: exp 10ms";
    let run = run(&seeded(text, 9));
    let traffic = Traffic::of(&run);
    let steps = &traffic.queues[1];
    let area: u64 = steps
        .windows(2)
        .map(|pair| u64::from(pair[0].1) * (pair[1].0.0 - pair[0].0.0))
        .sum();
    let visits = visits(&run, ServiceId::S2);
    let waited: u64 = visits.iter().map(|(call, start, _)| start - call).sum();
    // The area under the queue's length is what all have waited: exact.
    assert_eq!(area, waited);
    assert_eq!(steps.last().map(|step| step.1), Some(0));
}
