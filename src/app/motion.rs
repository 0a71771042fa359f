//! What moves outside of Yew: the messages under way, the playhead, the numbers that count.
//!
//! Invariant: between Yew's drawing and this module's moving the browser paints nothing. Yew may
//! let it paint before `rendered`, so what was drawn is settled in a task of its own.

use crate::page::stage;
use crate::time::SimTime;
use crate::view::scene::Flight;
use crate::view::words;
use crate::web::flights::Flights;
use crate::web::glide::Glide;
use crate::web::page;
use std::cell::RefCell;
use std::rc::Rc;

#[derive(Clone, Default)]
pub struct Motion(Rc<RefCell<Moving>>);

#[derive(Default)]
struct Moving {
    glide: Glide,
    stages: [Aloft; 2],
}

/// The messages of one stage: those that are to fly once it is drawn, and those that fly.
#[derive(Default)]
struct Aloft {
    wanted: Option<(&'static str, Vec<Flight>)>,
    flights: Flights<Flight>,
}

impl Motion {
    /// The stages are drawn with these messages under way.
    pub fn fly(&self, stages: Vec<(&'static str, Vec<Flight>)>) {
        let mut moving = self.0.borrow_mut();
        for (nth, (id, mut flights)) in stages.into_iter().enumerate() {
            // A label is drawn by itself: what flies is the same with and without it.
            for flight in &mut flights {
                flight.label = None;
            }
            moving.stages[nth].wanted = Some((id, flights));
        }
    }

    /// As soon as Yew has drawn: looks for what moves, and moves it.
    pub fn settle(&self, now: SimTime) {
        let motion = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            motion.0.borrow_mut().collect();
            motion.move_to(now);
        });
    }

    pub fn move_to(&self, now: SimTime) {
        let moving = self.0.borrow();
        moving.glide.move_to(now, &words::time(now));
        for stage in &moving.stages {
            stage.flights.move_to(now);
        }
    }
}

impl Moving {
    fn collect(&mut self) {
        if let Some(root) = page::element("app") {
            self.glide.collect(&root);
        }
        for stage in &mut self.stages {
            let (id, wanted) = stage.wanted.take().unwrap_or_default();
            let order = |flight: &Flight| flight.key;
            let id = stage::flights_id(id);
            stage.flights.show(&id, wanted, order, stage::flight);
        }
    }
}
