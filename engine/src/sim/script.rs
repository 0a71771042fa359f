//! When the lines of the script fire.
//!
//! A group is a cue and the `meanwhile` cues right below it; it fires at its leading time, or
//! one pause after the group above has finished, the first one at 0. `waits` has no pause before
//! or after it. What stands from the start ([`When::Start`]) fires at 0 before all others, and is
//! nobody's line above. Invariant: a group fires at most once.

use crate::sim::{Action, Cue, CueId, When};
use crate::time::{SimDuration, SimTime};

#[derive(Debug)]
pub struct Script {
    cues: Vec<Cue>,
    /// The places of all cues, group after group.
    order: Vec<u32>,
    groups: Vec<Group>,
    /// How many of the groups stand from the start.
    armed: u32,
    /// The group of each cue.
    group_of: Vec<u32>,
    pause: SimDuration,
}

#[derive(Debug)]
struct Group {
    /// Where its cues begin in the order, and how many they are.
    first: u32,
    cues: u32,
    /// Cues that have not finished.
    open: u32,
    /// When the last of them finished, and when the next group may begin after a pause.
    finished: SimTime,
    ready: SimTime,
}

impl Script {
    pub fn new(cues: &[Cue], pause: SimDuration) -> Script {
        let mut groups: Vec<Group> = Vec::with_capacity(cues.len());
        let mut order = Vec::with_capacity(cues.len());
        let mut group_of = vec![0; cues.len()];
        let from_start = |cue: &Cue| cue.when == When::Start;
        let places = |wanted: bool| {
            let all = (0..).zip(cues);
            all.filter(move |(_, cue)| from_start(cue) == wanted)
        };
        let armed = places(true).count();
        for (place, cue) in places(true).chain(places(false)) {
            let together = cue.when == When::With && groups.len() > armed;
            match groups.last_mut().filter(|_| together) {
                Some(group) => {
                    group.cues += 1;
                    group.open += 1;
                }
                None => groups.push(Group {
                    first: order.len() as u32,
                    cues: 1,
                    open: 1,
                    finished: SimTime::ZERO,
                    ready: SimTime::ZERO,
                }),
            }
            order.push(place);
            group_of[place as usize] = groups.len() as u32 - 1;
        }
        Script {
            cues: cues.to_vec(),
            order,
            groups,
            armed: armed as u32,
            group_of,
            pause,
        }
    }

    pub fn cue(&self, cue: CueId) -> &Cue {
        &self.cues[cue.0 as usize]
    }

    /// The groups that know their instant before the run begins.
    pub fn timed(&self) -> impl Iterator<Item = (SimTime, u32)> + '_ {
        self.groups
            .iter()
            .enumerate()
            .filter_map(|(group, members)| {
                let at = match self.head(members).when {
                    When::At(at) => at,
                    _ if group <= self.armed as usize => SimTime::ZERO,
                    _ => return None,
                };
                Some((at, group as u32))
            })
    }

    /// The leading cue of a group.
    fn head(&self, group: &Group) -> &Cue {
        &self.cues[self.order[group.first as usize] as usize]
    }

    /// How many cues fire together as this group.
    pub fn size(&self, group: u32) -> u32 {
        self.groups[group as usize].cues
    }

    /// The cue at this place of its group.
    pub fn member(&self, group: u32, nth: u32) -> CueId {
        CueId(self.order[(self.groups[group as usize].first + nth) as usize])
    }

    /// A cue has finished. Returns the group that fires next because of it, and when.
    pub fn finished(&mut self, cue: CueId, now: SimTime) -> Option<(SimTime, u32)> {
        let nth = self.group_of[cue.0 as usize];
        let waits = matches!(self.cue(cue).action, Action::Wait { .. });
        let ready = if waits { now } else { now + self.pause };
        let group = &mut self.groups[nth as usize];
        group.open -= 1;
        group.finished = group.finished.max(now);
        group.ready = group.ready.max(ready);
        let (open, finished, ready) = (group.open, group.finished, group.ready);
        let next = self
            .groups
            .get(nth as usize + 1)
            .filter(|_| nth >= self.armed)?;
        let head = self.head(next);
        if open > 0 || head.when != When::After {
            return None;
        }
        let at = if matches!(head.action, Action::Wait { .. }) {
            finished
        } else {
            ready
        };
        Some((at, nth + 1))
    }
}
