//! The common workload on nexosim (asynchronics.com), written as its own examples are: a model
//! for each node, ports between them, and events that a model schedules for itself.
//!
//! One thread, which is its fastest for models that do so little at each instant.

use crate::luck::Luck;
use crate::workload::{GAP_MS, LINK_MS, WRITE_MS};
use nexosim::model::{Context, Model, schedulable};
use nexosim::ports::Output;
use nexosim::simulation::{Mailbox, SimInit};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A write on its way, with the moment of its call.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Write {
    called: MonotonicTime,
}

/// Luck, and what it is used for here.
#[derive(Clone, Debug)]
struct Dice(Luck);

impl Dice {
    fn after(&mut self, mean_ms: f64) -> Duration {
        let nanos = self.0.exponential() * mean_ms * 1e6;
        // An event has to lie in the future.
        Duration::from_nanos((nanos as u64).max(1))
    }
}

/// nexosim asks that models can be saved; the benches never save one.
impl Serialize for Dice {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl<'de> Deserialize<'de> for Dice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Dice, D::Error> {
        <()>::deserialize(deserializer).map(|()| Dice(Luck::new(1)))
    }
}

#[derive(Serialize, Deserialize)]
pub struct Shoppers {
    pub request: Output<Write>,
    dice: Dice,
    left: u32,
    done: u32,
    sum_ms: f64,
    #[serde(skip)]
    result: Arc<Mutex<(u32, f64)>>,
}

#[Model]
impl Shoppers {
    #[nexosim(init)]
    async fn init(&mut self, cx: &Context<Self>) {
        self.next(cx);
    }

    fn next(&mut self, cx: &Context<Self>) {
        let wait = self.dice.after(GAP_MS);
        cx.schedule_event(wait, schedulable!(Self::call), ())
            .expect("a later time");
    }

    #[nexosim(schedulable)]
    async fn call(&mut self, _: (), cx: &Context<Self>) {
        self.request.send(Write { called: cx.time() }).await;
        self.left -= 1;
        if self.left > 0 {
            self.next(cx);
        }
    }

    pub fn answer(&mut self, write: Write, cx: &Context<Self>) {
        let wait = self.dice.after(LINK_MS);
        cx.schedule_event(wait, schedulable!(Self::confirmed), write)
            .expect("a later time");
    }

    #[nexosim(schedulable)]
    fn confirmed(&mut self, write: Write, cx: &Context<Self>) {
        self.done += 1;
        self.sum_ms += cx.time().duration_since(write.called).as_secs_f64() * 1000.0;
        if self.left == 0 {
            *self.result.lock().expect("one thread") = (self.done, self.sum_ms);
        }
    }
}

/// Either service: a link in front of a database. Service 1 also takes the copy's receipts.
#[derive(Serialize, Deserialize)]
pub struct Service {
    pub written: Output<Write>,
    pub answer: Output<Write>,
    dice: Dice,
    line: VecDeque<Write>,
}

#[Model]
impl Service {
    fn new(seed: u32) -> Service {
        Service {
            written: Output::default(),
            answer: Output::default(),
            dice: Dice(Luck::new(seed)),
            line: VecDeque::new(),
        }
    }

    pub fn send(&mut self, write: Write, cx: &Context<Self>) {
        let wait = self.dice.after(LINK_MS);
        cx.schedule_event(wait, schedulable!(Self::arrived), write)
            .expect("a later time");
    }

    #[nexosim(schedulable)]
    fn arrived(&mut self, write: Write, cx: &Context<Self>) {
        self.line.push_back(write);
        if self.line.len() == 1 {
            self.work(cx);
        }
    }

    fn work(&mut self, cx: &Context<Self>) {
        let wait = self.dice.after(WRITE_MS);
        cx.schedule_event(wait, schedulable!(Self::finished), ())
            .expect("a later time");
    }

    #[nexosim(schedulable)]
    async fn finished(&mut self, _: (), cx: &Context<Self>) {
        let write = self.line.pop_front().expect("it was working");
        if !self.line.is_empty() {
            self.work(cx);
        }
        self.written.send(write).await;
    }

    pub fn receipt(&mut self, write: Write, cx: &Context<Self>) {
        let wait = self.dice.after(LINK_MS);
        cx.schedule_event(wait, schedulable!(Self::receipted), write)
            .expect("a later time");
    }

    #[nexosim(schedulable)]
    async fn receipted(&mut self, write: Write) {
        self.answer.send(write).await;
    }
}

/// Runs this many writes. Returns the sum of their latencies in ms; NaN if one was lost.
pub fn run(writes: u32, seed: u32) -> f64 {
    let result = Arc::new(Mutex::new((0, 0.0)));
    let mut shoppers = Shoppers {
        request: Output::default(),
        dice: Dice(Luck::new(seed)),
        left: writes,
        done: 0,
        sum_ms: 0.0,
        result: result.clone(),
    };
    let (mut s1, mut s2) = (Service::new(seed ^ 0x1000), Service::new(seed ^ 0x2000));
    let (shoppers_box, s1_box, s2_box) = (Mailbox::new(), Mailbox::new(), Mailbox::new());
    shoppers.request.connect(Service::send, &s1_box);
    s1.written.connect(Service::send, &s2_box);
    s2.written.connect(Service::receipt, &s1_box);
    s1.answer.connect(Shoppers::answer, &shoppers_box);
    let mut simulation = SimInit::with_num_threads(1)
        .add_model(shoppers, shoppers_box, "shoppers")
        .add_model(s1, s1_box, "s1")
        .add_model(s2, s2_box, "s2")
        .init(MonotonicTime::EPOCH)
        .expect("models that fit together");
    simulation.run().expect("a run without faults");
    let (done, sum_ms) = *result.lock().expect("one thread");
    if done == writes { sum_ms } else { f64::NAN }
}
